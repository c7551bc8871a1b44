"""A DuckDB database of one state of the dataset (DuckDB 导出): tables, views, comments, and words to search by."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from pipeline.export.relations import described_columns, relations
from pipeline.export.target import replaced
from pipeline.export.views import views
from pipeline.export.words import GOALS, index
from schemas.tables import TABLES

SEARCH = Path(__file__).with_name("search.sql")
"""`from search('农村 公路')`: the sections and goals in which these words stand, the most telling first."""


def write_duckdb(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write everything `connection` shows into a new database file at `target`, replacing one that is there."""
    with replaced(target) as temporary:
        connection.execute(f"attach '{_quoted(str(temporary))}' as out")
        for table in TABLES:
            connection.execute(f"create table out.{table} as select * from {table}")
        _write_words(connection)
        connection.execute("detach out")
        with duckdb.connect(str(temporary)) as written:
            for view in views():
                written.execute(f"create view {view.name} as {view.sql}")
            written.execute(SEARCH.read_text(encoding="utf-8"))
            _comment(written)


def _write_words(connection: duckdb.DuckDBPyConnection) -> None:
    texts = connection.execute(
        f"""select document_id, evaluation_id, ordinal, concat_ws(' ', heading, text) from sections
        union all
        select document_id, evaluation_id, {GOALS}, concat_ws(' ', goal_expected, goal_actual) from evaluations
        where goal_expected is not null or goal_actual is not null"""
    ).fetchall()
    columns = list(zip(*index(texts), strict=True)) or [(), (), (), (), ()]
    names = ("word", "document_id", "evaluation_id", "ordinal", "count")
    types = (pa.string(), pa.string(), pa.string(), pa.int32(), pa.int32())
    words = pa.table([pa.array(c, t) for c, t in zip(columns, types, strict=True)], names=names)
    connection.register("words_found", words)
    connection.execute("create table out.text_words as select * from words_found order by word")
    connection.unregister("words_found")


def _comment(database: duckdb.DuckDBPyConnection) -> None:
    for relation in relations():
        kind = "view" if relation.is_view else "table"
        database.execute(f"comment on {kind} {relation.name} is '{_quoted(f'{relation.zh}。{relation.en}')}'")
        for column in described_columns(relation.name):
            unit = f"（{column.unit}）" if column.unit else ""
            text = _quoted(f"{column.zh}{unit}。{column.en}")
            database.execute(f"comment on column {relation.name}.{column.column} is '{text}'")


def _quoted(text: str) -> str:
    return text.replace("'", "''")

"""A SQLite database of one state of the dataset, with what Datasette shows of it (SQLite 导出)."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.export.plain import column_names, rows
from pipeline.export.relations import described_columns, relations
from pipeline.export.target import replaced
from pipeline.export.views import views
from schemas.tables import TABLES, arrow_schema

SEARCHED = {"sections": ("heading", "text"), "evaluations": ("goal_expected", "goal_actual")}
"""Tables with a full-text index over these columns, `<table>_fts`; Datasette finds it by its name."""

_INDEXED = ("document_id", "evaluation_id", "fiscal_year", "unit_key", "rule")


def write_sqlite(connection: duckdb.DuckDBPyConnection, target: Path) -> Path:
    """Write everything `connection` shows into a new database at `target`; the path of the metadata for Datasette.

    Numbers are floating point there; the printed text of each stands beside it.
    """
    with replaced(target) as temporary, closing(sqlite3.connect(temporary)) as database:
        database.execute("pragma journal_mode = off")
        for table in TABLES:
            _write_table(connection, database, table)
        for table, columns in SEARCHED.items():
            _index_text(database, table, columns)
        for view in views():
            database.execute(f"create view {view.name} as {view.sql}")
        database.commit()
    metadata = target.with_name(f"{target.stem}.metadata.json")
    with replaced(metadata) as temporary:
        temporary.write_text(json.dumps(_metadata(target.stem), ensure_ascii=False, indent=2), encoding="utf-8")
    return metadata


def _write_table(connection: duckdb.DuckDBPyConnection, database: sqlite3.Connection, table: str) -> None:
    schema = arrow_schema(table)
    names = column_names(connection, table)
    columns = ", ".join(f'"{name}" {_affinity(schema.field(name).type)}' for name in names)
    database.execute(f"create table {table} ({columns})")
    places = ", ".join("?" * len(names))
    database.executemany(f"insert into {table} values ({places})", rows(connection, table))
    for name in _INDEXED:
        if name in names:
            database.execute(f"create index {table}_{name} on {table} ({name})")


def _affinity(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "integer"
    return "real" if pa.types.is_decimal(kind) or pa.types.is_floating(kind) else "text"


def _index_text(database: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    listed = ", ".join(columns)
    database.execute(f"create virtual table {table}_fts using fts5({listed}, content='{table}', tokenize='trigram')")
    database.execute(f"insert into {table}_fts(rowid, {listed}) select rowid, {listed} from {table}")


def _metadata(name: str) -> dict[str, Any]:
    """What each table, view and column means, as Datasette reads it (`datasette FILE -m METADATA`)."""
    tables: dict[str, Any] = {}
    for relation in relations():
        columns = {each.column: f"{each.zh} {each.en}" for each in described_columns(relation.name)}
        tables[relation.name] = {"description": f"{relation.zh}。{relation.en}", "columns": columns}
    return {"title": "预算绩效自评数据集", "databases": {name: {"tables": tables}}}

"""One state of the dataset in DuckDB: its tables, filtered, and the views over them (查询连接)."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipeline.dataset.store import Dataset
from pipeline.export.views import views
from schemas.tables import TABLES, arrow_schema


@dataclass(frozen=True, slots=True)
class Selection:
    """Which evaluations are wanted (范围): all that meet every condition given.

    `region` is the beginning of a code of GB/T 2260, or a part of a place's name; `unit` a part of an office's name.
    """

    years: tuple[int, ...] = ()
    unit: str | None = None
    region: str | None = None

    @property
    def is_everything(self) -> bool:
        return self == Selection()


EVERYTHING = Selection()


def connect(dataset: Dataset, selection: Selection = EVERYTHING) -> duckdb.DuckDBPyConnection:
    """An in-memory connection: each table of the dataset by its name, and the views.

    With a selection the tables hold the evaluations it names, their documents, and everything of those documents that
    belongs to these evaluations or to none.
    """
    connection = duckdb.connect()
    for table in TABLES:
        files = str(dataset.folder(table) / "*.parquet").replace("'", "''")
        connection.execute(f"create view all_{table} as select * from read_parquet('{files}')")
    _select(connection, selection)
    for view in views():
        connection.execute(f"create view {view.name} as {view.sql}")
    return connection


def _select(connection: duckdb.DuckDBPyConnection, selection: Selection) -> None:
    if selection.is_everything:
        for table in TABLES:
            connection.execute(f"create view {table} as select * from all_{table}")
        return
    conditions, values = _conditions(selection)
    connection.execute(
        f"create table chosen as select evaluation_id, document_id from all_evaluations where {conditions}", values
    )
    for table in TABLES:
        connection.execute(f"create view {table} as select * from all_{table} where {_of_chosen(table)}")


def _of_chosen(table: str) -> str:
    """The condition by which the rows of `table` belong to the evaluations chosen."""
    columns = set(arrow_schema(table).names)
    of_evaluation = "evaluation_id in (select evaluation_id from chosen)"
    of_document = "document_id in (select document_id from chosen)"
    if "evaluation_id" not in columns:
        return of_document
    if "document_id" not in columns or table == "evaluations":
        return of_evaluation
    return f"({of_evaluation} or (evaluation_id is null and {of_document}))"


def _conditions(selection: Selection) -> tuple[str, list[object]]:
    conditions: list[str] = []
    values: list[object] = []
    if selection.years:
        conditions.append(f"fiscal_year in ({', '.join('?' * len(selection.years))})")
        values.extend(selection.years)
    if selection.unit:
        conditions.append("(contains(unit, ?) or contains(department, ?))")
        values.extend([selection.unit] * 2)
    if selection.region:
        conditions.append(
            "(starts_with(region_code, ?) or contains(region, ?) or contains(province, ?) or contains(city, ?)"
            " or contains(region_name, ?))"
        )
        values.extend([selection.region] * 5)
    return " and ".join(conditions), values

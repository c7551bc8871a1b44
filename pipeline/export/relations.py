"""What an export holds (导出内容): tables and views, each with its columns described."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.export.views import views
from schemas.tables import RECORD_OF_TABLE, TABLES, ColumnDescription, data_dictionary


@dataclass(frozen=True, slots=True)
class NamedTable:
    """A table or a view by its name, with what it means."""

    name: str
    zh: str
    en: str
    is_view: bool


def relations() -> tuple[NamedTable, ...]:
    """The tables of the dataset, then the views."""
    tables = tuple(NamedTable(name, meaning_zh(name), meaning_en(name), is_view=False) for name in TABLES)
    return tables + tuple(NamedTable(view.name, view.zh, view.en, is_view=True) for view in views())


def meaning_en(table: str) -> str:
    """The first sentence of a record's docstring, without the table's name and the Chinese in brackets."""
    first = (RECORD_OF_TABLE[table].__doc__ or "").strip().splitlines()[0]
    return first.removeprefix(f"{table}: ").rpartition(" (")[0]


def meaning_zh(table: str) -> str:
    """The Chinese term in brackets at the end of that sentence."""
    first = (RECORD_OF_TABLE[table].__doc__ or "").strip().splitlines()[0]
    return first.rpartition("(")[2].rstrip(").")


def described_columns(table: str) -> list[ColumnDescription]:
    """The columns of a table, with unit and meaning."""
    return [column for column in data_dictionary() if column.table == table]

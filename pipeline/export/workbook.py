"""An Excel workbook: one sheet a table, the data dictionary first (Excel 导出)."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import Any

import duckdb
import xlsxwriter

from pipeline.export.plain import column_names, rows
from pipeline.export.relations import described_columns, relations
from pipeline.export.target import replaced

ROWS_OF_A_SHEET = 1_048_576
LONGEST_TEXT = 32_767
"""What Excel takes in a sheet and in a cell."""

DICTIONARY = "说明"
_COLUMNS = ("表", "列", "类型", "单位", "含义", "Meaning")


def write_xlsx(connection: duckdb.DuckDBPyConnection, target: Path) -> None:
    """Write the dictionary, every table and every view; a table too long for a sheet goes on in a further one."""
    with replaced(target) as temporary:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        with xlsxwriter.Workbook(str(temporary), options) as book:
            head = book.add_format({"bold": True})
            _write_dictionary(book.add_worksheet(DICTIONARY), head)
            for relation in relations():
                _write_relation(connection, relation.name, book, head)


def _write_dictionary(sheet: Any, head: Any) -> None:
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, _COLUMNS, head)
    line = count(1)
    for relation in relations():
        sheet.write_row(next(line), 0, (relation.name, "", "", "", relation.zh, relation.en))
        for column in described_columns(relation.name):
            cells = (column.table, column.column, column.type, column.unit, column.zh, column.en)
            sheet.write_row(next(line), 0, cells)


def _write_relation(connection: duckdb.DuckDBPyConnection, name: str, book: Any, head: Any) -> None:
    names = column_names(connection, name)
    sheets = count(2)
    sheet = _sheet(book, name, names, head)
    line = 1
    for row in rows(connection, name):
        if line == ROWS_OF_A_SHEET:
            sheet, line = _sheet(book, f"{name} ({next(sheets)})", names, head), 1
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(line, column, value[:LONGEST_TEXT] if isinstance(value, str) else value)
        line += 1


def _sheet(book: Any, title: str, names: list[str], head: Any) -> Any:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, names, head)
    return sheet

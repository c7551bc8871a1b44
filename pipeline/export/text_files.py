"""One text file a table: CSV that Excel opens, JSON lines (文本导出)."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb

from pipeline.export.plain import column_names, rows
from pipeline.export.relations import relations
from pipeline.export.target import replaced

BYTE_ORDER_MARK = "utf-8-sig"
"""Excel takes a CSV file without the mark for one in the code page of the machine."""


def write_csv(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """One CSV file for each table and view; lists stand in their cells as JSON."""
    written = []
    for relation in relations():
        target = folder / f"{relation.name}.csv"
        with replaced(target) as temporary, temporary.open("w", encoding=BYTE_ORDER_MARK, newline="") as file:
            lines = csv.writer(file)
            lines.writerow(column_names(connection, relation.name))
            lines.writerows(rows(connection, relation.name))
        written.append(target)
    return written


def write_jsonl(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[Path]:
    """One file of JSON lines for each table and view."""
    written = []
    for relation in relations():
        target = folder / f"{relation.name}.jsonl"
        names = column_names(connection, relation.name)
        with replaced(target) as temporary, temporary.open("w", encoding="utf-8") as file:
            for row in rows(connection, relation.name):
                file.write(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) + "\n")
        written.append(target)
    return written

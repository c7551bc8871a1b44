"""Rows as other programs take them (普通数据类型): numbers as floats, lists as JSON text, times as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

BLOCK = 10_000


def column_names(connection: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [each[0] for each in connection.execute(f"select * from {relation} limit 0").description or ()]


def rows(connection: duckdb.DuckDBPyConnection, relation: str) -> Iterator[list[Any]]:
    """Every row of a table or view, its values plain."""
    cursor = connection.cursor().execute(f"select * from {relation}")
    while block := cursor.fetchmany(BLOCK):
        yield from ([plain(value) for value in row] for row in block)


def plain(value: Any) -> Any:
    """A value of the dataset as text, number, truth or nothing."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain) if value else None
    return value

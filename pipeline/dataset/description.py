"""The dataset described for programs (数据包说明): tables, columns, units and codes as a Data Package."""

from __future__ import annotations

from typing import Any

from schemas.codes import codes_of
from schemas.tables import RECORD_OF_TABLE, TABLES, ColumnDescription, data_dictionary


def datapackage() -> dict[str, Any]:
    """The descriptor: a resource a table; columns with type, unit, Chinese and English meaning, and their codes."""
    return {
        "name": "ziping",
        "title": "预算绩效自评数据集",
        "description": "Self-evaluations of budget performance, read from published reports",
        "resources": [_resource(table) for table in TABLES],
    }


def _resource(table: str) -> dict[str, Any]:
    return {
        "name": table,
        "path": f"{table}/*.parquet",
        "format": "parquet",
        "description": (RECORD_OF_TABLE[table].__doc__ or "").strip().splitlines()[0],
        "schema": {"fields": [_field(column) for column in data_dictionary() if column.table == table]},
    }


def _field(column: ColumnDescription) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": column.column,
        "type": column.type,
        "title": column.zh,
        "description": column.en,
    }
    if column.unit:
        described["unit"] = column.unit
    codes = codes_of(f"{column.table}.{column.column}")
    if codes:
        described["categories"] = [{"value": code.code, "label": code.zh, "label_en": code.en} for code in codes]
    return described

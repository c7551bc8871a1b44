"""The tables of the dataset, derived from the records: Arrow schemas and the data dictionary (数据字典)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import Field, dataclass, fields
from decimal import Decimal
from functools import cache
from typing import Any

import pyarrow as pa

from schemas import records as r
from schemas.codes import codes_of

_STEP = pa.decimal128(28, 12)
ARROW_TYPES: dict[str, pa.DataType] = {
    "text": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "money": pa.decimal128(20, 6),
    "percent": pa.decimal128(12, 4),
    "points": pa.decimal128(9, 4),
    "value": pa.decimal128(24, 6),
    "step": _STEP,
    "bbox": pa.list_(pa.float32()),
    "words": pa.list_(pa.string()),
    "cells": pa.list_(
        pa.struct(
            [
                ("column", pa.string()),
                ("page", pa.int32()),
                ("bbox", pa.list_(pa.float32())),
                ("locator", pa.string()),
                ("raw", pa.string()),
                ("unit_raw", pa.string()),
                ("step", _STEP),
                ("confidence", pa.float32()),
                ("confirmed", pa.bool_()),
            ]
        )
    ),
    "flag": pa.bool_(),
    "suggestions": pa.list_(
        pa.struct(
            [
                ("table", pa.string()),
                ("ordinal", pa.int32()),
                ("column", pa.string()),
                ("value", pa.decimal128(24, 6)),
            ]
        )
    ),
    "subjects": pa.list_(pa.struct([("table", pa.string()), ("ordinal", pa.int32()), ("column", pa.string())])),
}

RECORD_OF_TABLE: dict[str, type] = {
    "documents": r.DocumentRow,
    "evaluations": r.Evaluation,
    "funding": r.FundingRow,
    "indicators": r.Indicator,
    "amounts": r.Amount,
    "sections": r.Section,
    "checks": r.Check,
    "problems": r.ProblemRow,
}
TABLES: tuple[str, ...] = tuple(RECORD_OF_TABLE)


_FINEST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class ColumnDescription:
    """One line of the data dictionary (数据字典的一行)."""

    table: str
    column: str
    type: str
    unit: str
    zh: str
    en: str


def data_dictionary() -> list[ColumnDescription]:
    """Every column of every table, in order."""
    return [
        ColumnDescription(
            table, f.name, str(ARROW_TYPES[f.metadata["kind"]]), f.metadata["unit"], f.metadata["zh"], f.metadata["en"]
        )
        for table, record in RECORD_OF_TABLE.items()
        for f in fields(record)
    ]


@cache
def arrow_schema(table: str) -> pa.Schema:
    """The Arrow schema of `table`, with each column's meaning and unit in its field metadata."""
    record = RECORD_OF_TABLE[table]
    columns = [
        pa.field(f.name, ARROW_TYPES[f.metadata["kind"]], metadata=_column_metadata(table, f)) for f in fields(record)
    ]
    return pa.schema(columns, metadata={"table": table, "description": (record.__doc__ or "").strip()})


def _column_metadata(table: str, column: Field[Any]) -> dict[str, str]:
    """Meaning and unit of a column and, where it holds codes, what each means, as JSON."""
    described = {key: column.metadata[key] for key in ("zh", "en", "unit") if column.metadata[key]}
    codes = codes_of(f"{table}.{column.name}")
    if codes:
        meanings = {each.code: {"zh": each.zh, "en": each.en} for each in codes}
        described["codes"] = json.dumps(meanings, ensure_ascii=False)
    return described


def to_arrow(table: str, rows: Iterable[Any]) -> pa.Table:
    """`rows` (records of that table) as an Arrow table of exactly its schema."""
    schema = arrow_schema(table)
    materialised = list(rows)
    names = schema.names
    types = [(name, schema.field(name).type, _step(schema.field(name).type)) for name in names]
    return pa.table(
        [pa.array([_plain(getattr(row, name), step) for row in materialised], kind) for name, kind, step in types],
        schema=schema,
    )


def _step(kind: pa.DataType) -> Decimal | None:
    """The smallest difference a decimal column can hold."""
    return Decimal(1).scaleb(-kind.scale) if pa.types.is_decimal(kind) else None


def _plain(value: Any, step: Decimal | None) -> Any:
    """A value as Arrow takes it: tuples of records as lists of dicts, decimals rounded to the column's last digit.

    What was printed with more digits than the column holds (12345.678元 in 万元) is whole in its `_raw` column.
    """
    if isinstance(value, Decimal):
        return value.quantize(step) if step is not None else value
    if isinstance(value, tuple):
        return [_plain_item(item) for item in value]
    return value


_CELL_FIELDS = tuple(f.name for f in fields(r.CellPlace))
_SMALLEST_STEP = Decimal(1).scaleb(-_STEP.scale)


def _in_steps(step: Decimal | None) -> Decimal | None:
    return None if step is None else step.quantize(_SMALLEST_STEP)


def _plain_item(item: Any) -> Any:
    if isinstance(item, r.CellPlace):
        return {name: getattr(item, name) for name in _CELL_FIELDS} | {"step": _in_steps(item.step)}
    if isinstance(item, r.Subject):
        return {"table": item.table, "ordinal": item.ordinal, "column": item.column}
    if isinstance(item, r.Suggestion):
        value = None if item.value is None else item.value.quantize(_FINEST)
        return {"table": item.table, "ordinal": item.ordinal, "column": item.column, "value": value}
    return item

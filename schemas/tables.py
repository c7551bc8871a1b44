"""The tables of the dataset, derived from the records: Arrow schemas and the data dictionary (数据字典)."""

from __future__ import annotations

import json
from dataclasses import Field, dataclass, fields
from functools import cache
from typing import Any

import pyarrow as pa

from schemas import records as r
from schemas.codes import codes_of
from schemas.rounding import DECIMALS

_STEP = pa.decimal128(*DECIMALS["step"])
ARROW_TYPES: dict[str, pa.DataType] = {
    **{kind: pa.decimal128(*digits) for kind, digits in DECIMALS.items()},
    "text": pa.string(),
    "int16": pa.int16(),
    "int32": pa.int32(),
    "int64": pa.int64(),
    "float32": pa.float32(),
    "date": pa.date32(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "bbox": pa.list_(pa.float32()),
    "words": pa.list_(pa.string()),
    "pages": pa.list_(pa.int32()),
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
                ("value", pa.decimal128(*DECIMALS["value"])),
            ]
        )
    ),
    "places": pa.list_(
        pa.struct([("document_id", pa.string()), ("evaluation_id", pa.string()), ("whose", pa.string())])
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

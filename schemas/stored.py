"""Records as rows of the dataset and back (记录与数据行的互换)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, fields
from decimal import Decimal
from typing import Any

import pyarrow as pa

from schemas import records as r
from schemas.tables import ARROW_TYPES, RECORD_OF_TABLE, arrow_schema

_FINEST = Decimal("0.000001")


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
_SMALLEST_STEP = Decimal(1).scaleb(-ARROW_TYPES["step"].scale)


def _in_steps(step: Decimal | None) -> Decimal | None:
    return None if step is None else step.quantize(_SMALLEST_STEP)


def _plain_item(item: Any) -> Any:
    if isinstance(item, r.CellPlace):
        return {name: getattr(item, name) for name in _CELL_FIELDS} | {"step": _in_steps(item.step)}
    if isinstance(item, r.Subject):
        return {"table": item.table, "ordinal": item.ordinal, "column": item.column}
    if isinstance(item, r.CheckPlace):
        return {"document_id": item.document_id, "evaluation_id": item.evaluation_id, "whose": item.whose}
    if isinstance(item, r.Suggestion):
        value = None if item.value is None else item.value.quantize(_FINEST)
        return {"table": item.table, "ordinal": item.ordinal, "column": item.column, "value": value}
    return item


def from_arrow(table: str, rows: pa.Table) -> list[Any]:
    """The records that `rows` of `table` were made of; a column an older dataset lacks is unknown."""
    there = [f for f in fields(RECORD_OF_TABLE[table]) if f.name in rows.column_names]
    columns = [_restored(f, rows[f.name]) for f in there]
    record, names = RECORD_OF_TABLE[table], [f.name for f in there]
    return [record(**dict(zip(names, values, strict=True))) for values in zip(*columns, strict=True)]


def _restored(column: Field[Any], stored: pa.ChunkedArray) -> list[Any]:
    """The values of a column as the record has them."""
    restore = _RESTORED.get(column.metadata["kind"], _as_it_is)
    unknown = None if column.default is MISSING else column.default
    return [unknown if value is None else restore(value) for value in stored.to_pylist()]


def _as_it_is(value: Any) -> Any:
    return value


def _plain_decimal(value: Decimal) -> Decimal:
    """A number without the zeros that its column adds."""
    return value.normalize() + 0


def _plain_float(value: float) -> float:
    """A share as it was before the column rounded it to the nearest number it can hold."""
    return round(value, 6)


def _cell(told: Mapping[str, Any]) -> r.CellPlace:
    bbox, step, confidence = told["bbox"], told["step"], told["confidence"]
    return r.CellPlace(
        **{
            **told,
            "bbox": None if bbox is None else tuple(bbox),
            "step": None if step is None else _plain_decimal(step),
            "confidence": None if confidence is None else _plain_float(confidence),
        }
    )


def _suggestion(told: Mapping[str, Any]) -> r.Suggestion:
    value = told["value"]
    return r.Suggestion(**{**told, "value": None if value is None else _plain_decimal(value)})


_RESTORED: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("money", "percent", "points", "value", "step"), _plain_decimal),
    "float32": _plain_float,
    **dict.fromkeys(("bbox", "words", "pages"), tuple),
    "cells": lambda cells: tuple(map(_cell, cells)),
    "subjects": lambda subjects: tuple(r.Subject(**each) for each in subjects),
    "places": lambda places: tuple(r.CheckPlace(**each) for each in places),
    "suggestions": lambda suggestions: tuple(map(_suggestion, suggestions)),
}
"""How a value of a column becomes the record's again, for the kinds that Arrow gives back in another form."""

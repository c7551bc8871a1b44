"""Numbers as the columns of the dataset hold them (列的精度).

Workers know this without pyarrow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import TypeVar

from schemas.records import Amount, DocumentRecords, Evaluation, FundingRow, Indicator

DECIMALS: Mapping[str, tuple[int, int]] = {
    "money": (20, 6),
    "percent": (12, 4),
    "points": (9, 4),
    "value": (24, 6),
    "step": (28, 12),
}
"""Digits of a decimal column, and how many of them stand behind the point, by kind."""

Row = TypeVar("Row", Evaluation, FundingRow, Indicator, Amount)
_WORKED_OUT = ("_suggested", "_derived")


def rounded(records: DocumentRecords) -> DocumentRecords:
    """`records` with their numbers as the columns hold them: what is checked is what the dataset will say."""
    parts = (
        replace(
            part,
            evaluation=_rounded(part.evaluation),
            funding=tuple(map(_rounded, part.funding)),
            indicators=tuple(map(_rounded, part.indicators)),
            amounts=tuple(map(_rounded, part.amounts)),
        )
        for part in records.evaluations
    )
    return replace(records, evaluations=tuple(parts), amounts=tuple(map(_rounded, records.amounts)))


def _rounded(record: Row) -> Row:
    finer = {
        name: short
        for name, step in _STEPS[type(record)]
        if (value := getattr(record, name)) is not None and (short := value.quantize(step)) != value
    }
    return replace(record, **finer) if finer else record


_STEPS: Mapping[type, tuple[tuple[str, Decimal], ...]] = {
    record: tuple(
        (f.name, Decimal(1).scaleb(-DECIMALS[kind][1]))
        for f in fields(record)
        if (kind := f.metadata["kind"]) in DECIMALS and not f.name.endswith(_WORKED_OUT)
    )
    for record in (Evaluation, FundingRow, Indicator, Amount)
}
"""The decimal columns of each record that come from the reading, with the smallest difference each can hold."""

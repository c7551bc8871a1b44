"""Misread values put right by people (读数更正): an overlay over the dataset, never in place of what was read.

    <output>/corrections.jsonl

A correction is of one cell of the same bytes: it names the document by its content, the row, the column and what is
printed there. It holds however often those bytes are read again, as long as the row is found with the same print; for
other bytes it is only offered. The last line about a cell counts; `corrected` null takes the correction back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TypeVar

from pipeline.audit import journal
from schemas.errors import ConfigError
from schemas.quantities import parse_money, parse_number, parse_percent
from schemas.records import Evaluation, EvaluationRecords, FundingRow, Indicator

FILE = "corrections.jsonl"
_WHAT = "读数更正"

Row = TypeVar("Row", Evaluation, FundingRow, Indicator)


@dataclass(frozen=True, slots=True)
class Correction:
    """One cell put right (一处更正): what is printed, what was read, what it should read, in the column's unit."""

    document_id: str
    evaluation_id: str
    table: str
    ordinal: int
    column: str
    raw: str | None
    read: str | None
    corrected: str | None
    who: str
    at: datetime
    why: str

    @property
    def cell(self) -> tuple[str, str, int, str]:
        return self.evaluation_id, self.table, self.ordinal, self.column


def read_corrections(output: Path) -> dict[tuple[str, str, int, str], Correction]:
    """The corrections in force, by cell. Raises StoreError naming the line that nobody could have written."""
    path = output / FILE
    found: dict[tuple[str, str, int, str], Correction] = {}
    for number, entry in journal.entries(path, _WHAT):
        try:
            one = Correction(**{**entry, "at": datetime.fromisoformat(entry["at"])})
        except (ValueError, KeyError, TypeError) as error:
            raise journal.unreadable(path, _WHAT, number) from error
        found[one.cell] = one
    return {cell: one for cell, one in found.items() if one.corrected is not None}


def record_correction(output: Path, one: Correction) -> None:
    """Append a correction. Raises StoreError."""
    journal.append(output / FILE, [{**asdict(one), "at": one.at.isoformat()}])


def correction_of(row: Evaluation | FundingRow | Indicator, document_id: str, table: str, column: str) -> Correction:
    """An empty correction of a cell, with what is printed and what was read there; raises ConfigError for no column."""
    if column not in {each.name for each in fields(row)}:
        raise ConfigError(f"{table} 表没有“{column}”这一列。")
    value = getattr(row, column)
    return Correction(
        document_id,
        row.evaluation_id,
        table,
        row.ordinal,
        column,
        _raw_of(row, column),
        None if value is None else str(value),
        None,
        journal.user(),
        datetime.now(UTC).replace(microsecond=0),
        "",
    )


def _raw_of(row: Evaluation | FundingRow | Indicator, column: str) -> str | None:
    base = column.removesuffix("_wanyuan").removesuffix("_pct").removesuffix("_value")
    raw: str | None = getattr(row, f"{base}_raw", None)
    return raw


def understood(text: str, column: str, unit: str | None) -> str:
    """What a person typed for a column, as its value: money in the unit printed there unless another stands with it.

    Raises ConfigError for what is no such value.
    """
    if column.endswith("_wanyuan"):
        found = parse_money(text, unit or "万元")
    elif column.endswith("_pct"):
        found = parse_percent(text)
    elif column in _NUMBERS:
        found = parse_number(text)
    else:
        return text.strip()
    if found is None:
        raise ConfigError(f"“{text}”不是可以填入此处的数；请只写一个数，如 62.00。")
    return str(found.value)


_NUMBERS = frozenset({"points", "score", "total_points", "total_score", "target_value", "target_high", "actual_value"})


def corrected(part: EvaluationRecords, corrections: Iterable[Correction]) -> EvaluationRecords:
    """The records with the corrections that still fit their cells in place."""
    by_row: dict[tuple[str, int], list[Correction]] = {}
    for one in corrections:
        by_row.setdefault((one.table, one.ordinal), []).append(one)
    return replace(
        part,
        evaluation=_corrected(part.evaluation, by_row.get(("evaluations", part.evaluation.ordinal), ())),
        funding=tuple(_corrected(row, by_row.get(("funding", row.ordinal), ())) for row in part.funding),
        indicators=tuple(_corrected(row, by_row.get(("indicators", row.ordinal), ())) for row in part.indicators),
    )


def _corrected(row: Row, corrections: Iterable[Correction]) -> Row:
    changes = {one.column: one.corrected for one in corrections if one.raw == _raw_of(row, one.column)}
    return replace(row, **{name: _typed(row, name, value) for name, value in changes.items()}) if changes else row


def _typed(row: Any, column: str, value: str | None) -> Any:
    kinds: Mapping[str, str] = {each.name: each.metadata["kind"] for each in fields(row)}
    if kinds[column] not in ("money", "percent", "points", "value") or value is None:
        return value
    try:
        return Decimal(value)
    except InvalidOperation as error:
        raise ConfigError(f"更正值“{value}”不是数。") from error

"""What the checks say of a row, on the row itself (行上的标记), so that a sum can leave out what is in doubt.

A contradiction makes suspect the rows that its likely cause points at; where no cause is known, every row whose number
it compares. Printed values stay as they are: what would fit stands in `…_suggested`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from typing import Any, TypeVar

from schemas.records import (
    Amount,
    Check,
    DocumentRecords,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    Severity,
)

GRAVEST_FIRST: tuple[Severity, ...] = ("error", "warning", "info")

Row = TypeVar("Row", Evaluation, FundingRow, Indicator, Amount)
RowKey = tuple[str | None, str, int]
"""Evaluation, table, ordinal: a row as the subjects of checks name it."""


@dataclass(slots=True)
class _RowMark:
    """What is found out about one row."""

    check_ids: set[str] = field(default_factory=set)
    severities: set[Severity] = field(default_factory=set)
    suspect: bool = False
    suggested: dict[str, Decimal] = field(default_factory=dict)


def marked(records: DocumentRecords, checks: Sequence[Check]) -> DocumentRecords:
    """`records` with the marks that `checks` (all of the document's) put on their rows."""
    marks: Mapping[RowKey, _RowMark] = _marks(check for check in checks if check.outcome == "inconsistent")
    if not marks:
        return records
    return replace(
        records,
        evaluations=tuple(_marked_evaluation(part, marks) for part in records.evaluations),
        amounts=tuple(_with_mark(row, marks.get((None, "amounts", row.ordinal))) for row in records.amounts),
    )


def _marks(contradictions: Iterable[Check]) -> dict[RowKey, _RowMark]:
    marks: dict[RowKey, _RowMark] = defaultdict(_RowMark)
    for check in contradictions:
        for subject in check.subjects:
            mark = marks[check.evaluation_id, subject.table, subject.ordinal]
            mark.check_ids.add(check.check_id)
            mark.severities.add(check.severity)
            mark.suspect |= _accuses_all(check)
        for suggestion in check.suggestions:
            mark = marks[check.evaluation_id, suggestion.table, suggestion.ordinal]
            mark.suspect = True
            if suggestion.value is not None:
                mark.suggested.setdefault(suggestion.column, suggestion.value)
    return marks


def _accuses_all(check: Check) -> bool:
    """Whether any number that the check compares may be the wrong one."""
    compares_numbers = check.severity == "error" or check.difference_value is not None
    return compares_numbers and check.severity != "info" and not check.suggestions


def _marked_evaluation(part: EvaluationRecords, marks: Mapping[RowKey, _RowMark]) -> EvaluationRecords:
    key = part.evaluation.evaluation_id
    return replace(
        part,
        evaluation=_with_mark(part.evaluation, marks.get((key, "evaluations", part.evaluation.ordinal))),
        funding=tuple(_with_mark(row, marks.get((key, "funding", row.ordinal))) for row in part.funding),
        indicators=tuple(_with_mark(row, marks.get((key, "indicators", row.ordinal))) for row in part.indicators),
        amounts=tuple(_with_mark(row, marks.get((key, "amounts", row.ordinal))) for row in part.amounts),
    )


def _with_mark(row: Row, mark: _RowMark | None) -> Row:
    if mark is None:
        return row
    columns = {each.name for each in fields(row)}
    suggested = {f"{name}_suggested": value for name, value in mark.suggested.items()}
    fitting: dict[str, Any] = {name: value for name, value in suggested.items() if name in columns}
    return replace(
        row,
        suspect=mark.suspect,
        finding_count=len(mark.check_ids),
        max_severity=next((level for level in GRAVEST_FIRST if level in mark.severities), None),
        **fitting,
    )

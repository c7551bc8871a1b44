"""What is found about a document whose records are in the dataset, by other rules than before (按库中记录重新核对).

The outcome is that of reading the file again with these rules, for the records are all that checks see. Only a figure
that nobody looked up before needs the file; where that is gone, the contradiction is put as a question.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, TypeVar

from parsers.second_reading import Spot, has_second_engine
from pipeline.checks.config import Rules
from pipeline.findings.run import find, with_findings
from pipeline.findings.second_look import Key, accuses, answers_of, look_in_file
from schemas.records import Amount, Check, DocumentRecords, Evaluation, EvaluationRecords, FundingRow, Indicator

Row = TypeVar("Row", Evaluation, FundingRow, Indicator, Amount)

_FOUND = frozenset({"suspect", "finding_count", "max_severity", "confirmed"})
_FOUND_ENDS = ("_suggested", "_derived")


def found_again(
    stored: DocumentRecords, checks: Collection[Check], rules: Rules | None, source: Callable[[], Path | None]
) -> tuple[DocumentRecords, tuple[Check, ...]]:
    """The records and checks of a document of the dataset by `rules`; `checks` are those it has.

    `source` finds a file of the same bytes, None where there is none any more; it is asked only where it is needed.
    """
    before = answers_of(stored)
    unseen: set[Key] = set()

    def look(spots: Mapping[Key, Spot]) -> Mapping[Key, bool]:
        remembered = {key: before[key] for key in spots if key in before}
        if len(remembered) == len(spots) or not has_second_engine(stored.document.format):
            return remembered
        path = source()
        if path is None:
            unseen.update(spots.keys() - before.keys())
            return remembered
        return look_in_file(path, stored.document)(spots)

    records, made = find(without_findings(stored), rules, look)
    accused = {check.check_id for check in checks if accuses(check)}
    told = tuple(
        _as_question(check) if _is_unseen(check, unseen) and check.check_id not in accused else check for check in made
    )
    return with_findings(records, told), told


def _is_unseen(check: Check, unseen: Collection[Key]) -> bool:
    """Whether a report would be accused for figures that nobody could look up again."""
    return accuses(check) and any((check.evaluation_id, subject) in unseen for subject in check.subjects)


def _as_question(check: Check) -> Check:
    message = check.message.removesuffix("。") + "；原件不在，未能复读，请核对原文。"
    return replace(check, severity="warning", message=message)


def without_findings(records: DocumentRecords) -> DocumentRecords:
    """`records` as they were read: without marks, suggested and derived values, and what a second look said."""
    return replace(
        records,
        evaluations=tuple(_read_part(part) for part in records.evaluations),
        amounts=tuple(_read(row) for row in records.amounts),
    )


def _read_part(part: EvaluationRecords) -> EvaluationRecords:
    return replace(
        part,
        evaluation=_read(part.evaluation),
        funding=tuple(_read(row) for row in part.funding),
        indicators=tuple(_read(row) for row in part.indicators),
        amounts=tuple(_read(row) for row in part.amounts),
    )


def _read(row: Row) -> Row:
    changes = {name: value for name, value in _UNFOUND[type(row)].items() if getattr(row, name) != value}
    if not isinstance(row, Amount) and any(cell.confirmed is not None for cell in row.cells):
        changes["cells"] = tuple(replace(cell, confirmed=None) for cell in row.cells)
    return replace(row, **changes) if changes else row


_UNFOUND: Mapping[type, Mapping[str, Any]] = {
    record: {f.name: f.default for f in fields(record) if f.name in _FOUND or f.name.endswith(_FOUND_ENDS)}
    for record in (Evaluation, FundingRow, Indicator, Amount)
}
"""The columns that findings fill, as they are before."""

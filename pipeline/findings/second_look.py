"""A second look at the digits before a report is accused of a contradiction (复读).

Only the figures of contradictions are looked up, so that a form without any costs nothing. What the second engine saw
is kept on the cells: whoever checks the stored records again comes to the same findings without the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TypeVar

from parsers.second_reading import Spot, read_again
from schemas.locators import read_locator
from schemas.records import (
    Amount,
    CellPlace,
    Check,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    Subject,
)

MOST_SPOTS = 200
"""Figures looked up in one file; a form has a hundred."""
CellRow = TypeVar("CellRow", Evaluation, FundingRow, Indicator)
Row = Evaluation | FundingRow | Indicator | Amount
Key = tuple[str | None, Subject]
"""A figure: its evaluation and its cell."""

Look = Callable[[Mapping[Key, Spot]], Mapping[Key, bool]]
"""Says of figures whether another engine reads the same digits there; nothing of those it could not look up."""

_STEM = re.compile(r"_(?:wanyuan|pct|value)$")


def looked_at_twice(records: DocumentRecords, checks: Iterable[Check], look: Look) -> DocumentRecords:
    """`records` with what `look` says of the figures of their contradictions."""
    spots = spots_of(records, checks)
    answers = look(spots) if spots else {}
    if not answers:
        return records
    return replace(records, evaluations=tuple(_told(part, answers) for part in records.evaluations))


def look_in_file(path: Path, document: DocumentRow) -> Look:
    """Look figures up in the file at `path`, whose records are those of `document`."""

    def look(spots: Mapping[Key, Spot]) -> Mapping[Key, bool]:
        seen = read_again(path, document.format, document.encoding, list(spots.values()))
        return {key: answer for key, answer in zip(spots, seen, strict=True) if answer is not None}

    return look


def spots_of(records: DocumentRecords, checks: Iterable[Check]) -> dict[Key, Spot]:
    """The figures that contradict each other, in the order they are looked up."""
    rows = {
        (part.evaluation.evaluation_id, table, row.ordinal): row
        for part in records.evaluations
        for table, some in _tables(part).items()
        for row in some
    }
    wanted = dict.fromkeys(
        (check.evaluation_id, subject) for check in checks if accuses(check) for subject in check.subjects
    )
    found: dict[Key, Spot] = {}
    for key, subject in wanted:
        row = rows.get((key or "", subject.table, subject.ordinal))
        spot = _spot(row, subject.column) if row is not None else None
        if spot is not None:
            found[key, subject] = spot
    return dict(islice(found.items(), MOST_SPOTS))


def accuses(check: Check) -> bool:
    """Whether a check says that printed numbers contradict each other."""
    return check.outcome == "inconsistent" and check.severity == "error"


def answers_of(records: DocumentRecords) -> dict[Key, bool]:
    """What a second engine said of the figures of `records` before."""
    found: dict[Key, bool] = {}
    for part in records.evaluations:
        key = part.evaluation.evaluation_id
        for table, rows in _tables(part).items():
            for row in rows:
                told = (
                    [("value", row.confirmed)]
                    if isinstance(row, Amount)
                    else [(cell.column, cell.confirmed) for cell in row.cells]
                )
                found |= {
                    (key, Subject(table, row.ordinal, column)): answer for column, answer in told if answer is not None
                }
    return found


def _tables(part: EvaluationRecords) -> Mapping[str, Sequence[Row]]:
    return {
        "evaluations": (part.evaluation,),
        "funding": part.funding,
        "indicators": part.indicators,
        "amounts": part.amounts,
    }


def _spot(row: Row, column: str) -> Spot | None:
    if isinstance(row, Amount):
        return _made(row.value_raw, (_own_words(row),), CellPlace(column, row.page, row.bbox, row.locator))
    place = next((cell for cell in row.cells if cell.column == column), None)
    if place is None:
        return None
    raw = place.raw or getattr(row, f"{_STEM.sub('', column)}_raw", None)
    return _made(raw, (_name(row),), place)


def _made(raw: str | None, row: tuple[str, ...], place: CellPlace) -> Spot | None:
    if not raw:
        return None
    lines = read_locator(place.locator).lines
    return Spot(raw, tuple(filter(None, row)), place.page, place.bbox, lines[0] if lines else None)


def _own_words(amount: Amount) -> str:
    """What a table's row, or the paragraph of a sentence, is known again by."""
    return (amount.context or "") if amount.origin == "prose" else amount.label.rpartition("/")[2]


def _name(row: Evaluation | FundingRow | Indicator) -> str:
    if isinstance(row, FundingRow):
        return row.label
    return "" if isinstance(row, Evaluation) else row.level3 or row.level2 or ""


def _told(part: EvaluationRecords, confirmed: Mapping[Key, bool]) -> EvaluationRecords:
    mine = {subject: answer for (key, subject), answer in confirmed.items() if key == part.evaluation.evaluation_id}
    if not mine:
        return part
    return replace(
        part,
        evaluation=_marked("evaluations", part.evaluation, mine),
        funding=tuple(_marked("funding", row, mine) for row in part.funding),
        indicators=tuple(_marked("indicators", row, mine) for row in part.indicators),
        amounts=tuple(
            replace(row, confirmed=mine.get(Subject("amounts", row.ordinal, "value"))) for row in part.amounts
        ),
    )


def _marked(table: str, row: CellRow, confirmed: Mapping[Subject, bool]) -> CellRow:
    cells = tuple(
        replace(cell, confirmed=answer)
        if (answer := confirmed.get(Subject(table, row.ordinal, cell.column))) is not None
        else cell
        for cell in row.cells
    )
    return row if cells == row.cells else replace(row, cells=cells)

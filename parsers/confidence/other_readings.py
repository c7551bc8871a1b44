"""Other readings of a recognised figure, tried against the arithmetic of its form (另一种读法).

Recognition often knows what else a figure may be. Where that would satisfy a sum, a rate or a score and what was read
does not, it is said; what was read stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parsers.confidence.witness import MONEY, Ref, Row, WitnessRelation, relations, rows_of
from parsers.document import BBox, Document, Grid, Problem
from parsers.said import place_of, with_problems
from schemas.quantities import Quantity, parse_money, parse_percent, parse_points
from schemas.records import CellPlace, DocumentRecords, Evaluation, EvaluationRecords, FundingRow

OTHER_READING = "other_reading"
"""Code of the problem that offers another reading."""
_RATE = "execution_rate_pct"
_POINTS = frozenset({"points", "score", "total_points", "total_score"})
_Spot = tuple[int | None, BBox | None, str]
Texts = Mapping[_Spot, tuple[str, ...]]
"""What else the figures of a document may be, by page, box and what was read."""


@dataclass(frozen=True, slots=True)
class OtherReading:
    """A figure of a form that agrees with the others as `text`, and with which: names of what then agrees."""

    ref: Ref
    place: CellPlace
    text: str
    agrees: tuple[str, ...]


def other_texts(document: Document) -> Texts:
    """What else the figures in the tables of a document may be."""
    return {
        (cell.page, cell.bbox, "".join(cell.text.split())): cell.others
        for block in document.blocks
        if isinstance(block, Grid)
        for cell in block.cells
        if cell.others
    }


def other_readings(part: EvaluationRecords, texts: Texts) -> Iterator[OtherReading]:
    """The figures of a form that another reading would make agree with the rest, which they do not as read."""
    if not texts:
        return
    as_read = tuple(relations(part))
    for table, row in rows_of(part):
        for cell in row.cells:
            others = texts.get((cell.page, cell.bbox, "".join((cell.raw or "").split())), ())
            tried = (_tried(part, as_read, table, row, cell, text) for text in others)
            found = next((reading for reading in tried if reading is not None), None)
            if found is not None:
                yield found


def with_other_readings(document: Document, records: DocumentRecords) -> DocumentRecords:
    """`records` with a problem for every figure that agrees with the others only if it is read otherwise."""
    texts = other_texts(document)
    found = [reading for part in records.evaluations for reading in other_readings(part, texts)]
    return with_problems(records, list(map(_problem, found)))


def _problem(reading: OtherReading) -> Problem:
    cell = reading.place
    message = (
        f"{cell.locator}：“{cell.raw}”识别不清，若为“{reading.text}”则{'、'.join(reading.agrees)}相符；"
        "未作改动，请核对原文。"
    )
    return Problem(OTHER_READING, message, place_of(cell))


def _tried(
    part: EvaluationRecords, as_read: Sequence[WitnessRelation], table: str, row: Row, cell: CellPlace, text: str
) -> OtherReading | None:
    """The figure read as `text`, if more agrees then than before and nothing disagrees."""
    quantity = _read_as(cell, text)
    if quantity is None:
        return None
    ref = (table, row.ordinal, cell.column)
    changed = _with_value(part, row, cell, quantity)
    now = [relation for relation in relations(changed) if ref in relation.values]
    if not all(relation.holds for relation in now):
        return None
    before = {relation.name for relation in as_read if ref in relation.values and relation.holds}
    gained = tuple(dict.fromkeys(relation.name for relation in now if relation.name not in before))
    return OtherReading(ref, cell, text, gained) if gained else None


def _read_as(cell: CellPlace, text: str) -> Quantity | None:
    """The value of a cell if `text` were printed in it; None for what no arithmetic is known of."""
    if cell.column in MONEY:
        return parse_money(text, cell.unit_raw or "万元")
    if cell.column == _RATE:
        return parse_percent(text)
    return parse_points(text) if cell.column in _POINTS else None


def _with_value(part: EvaluationRecords, row: Row, cell: CellPlace, quantity: Quantity) -> EvaluationRecords:
    """The form with another value in one cell."""
    cells = tuple(replace(one, step=quantity.width) if one is cell else one for one in row.cells)
    values: dict[str, Any] = {cell.column: quantity.value}
    if isinstance(row, Evaluation):
        return replace(part, evaluation=replace(row, cells=cells, **values))
    if isinstance(row, FundingRow):
        line = replace(row, cells=cells, **values)
        return replace(part, funding=tuple(line if one is row else one for one in part.funding))
    indicator = replace(row, cells=cells, **values)
    return replace(part, indicators=tuple(indicator if one is row else one for one in part.indicators))

"""Rows that head the indicators below them with the sum of their points: 一、15 above 1、5, 2、5, 3、5 (组头行)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from parsers.interpret.align import Assigned
from parsers.interpret.rows import row_amount
from schemas.quantities import is_blank, parse_points
from schemas.records import Amount
from schemas.vocabulary import pattern

_OWN = ("target", "actual")
_SECTION_NUMBER = pattern("section_number")
_FEWEST = 2
"""Groups of which a table consists at least; a single row without a name may have lost it."""


def group_heads(rows: Sequence[Assigned]) -> frozenset[int]:
    """The rows without a name whose points are those of the named rows up to the next such row; none where one's are
    not."""
    starts = [index for index, row in enumerate(rows) if _heads_a_group(row)]
    groups = list(zip(starts, [*starts[1:], len(rows)], strict=False))
    if len(groups) < _FEWEST or starts[0] != 0:
        return frozenset()
    return frozenset(starts) if all(_adds_up(rows[first:end]) for first, end in groups) else frozenset()


def points_of_group(head: Assigned, name: str) -> Iterator[Amount]:
    """Points and score that the rows below a head make together, kept as amounts."""
    for column, slots in zip(head.columns, head.cells, strict=True):
        quantity = parse_points("".join(slot.text for slot in slots if slot.own))
        if column.concept in ("points", "score") and quantity is not None:
            amount = row_amount(head.row, slots, quantity, known=head.known)
            yield replace(amount, label=name, measure=column.header, context="绩效指标表")


def section_in_names(row: Assigned) -> str:
    """The name of a group that stands with its number in the column of names: 一、项目管理."""
    name = row.text("level3") or ""
    return _SECTION_NUMBER.sub("", name) if _SECTION_NUMBER.match(name) and not row.text("level1") else ""


def _heads_a_group(row: Assigned) -> bool:
    if not all(is_blank(row.text(concept)) for concept in _OWN) or _points(row) is None:
        return False
    named_alone = is_blank(row.text("level3")) and bool(row.text("level1"))
    return named_alone or bool(section_in_names(row))


def _adds_up(group: Sequence[Assigned]) -> bool:
    head, *below = (_points(row) for row in group)
    printed = [points for points in below if points is not None]
    return bool(printed) and len(printed) == len(below) and sum(printed) == head


def _points(row: Assigned) -> Decimal | None:
    """The points of a row; in a table without any, its score."""
    has_points = any(column.concept == "points" for column in row.columns)
    read = parse_points(row.text("points" if has_points else "score"))
    return None if read is None else read.value

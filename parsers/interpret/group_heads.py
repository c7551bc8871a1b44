"""Rows that head the indicators below them with the sum of their points: 一、15 above 1、5, 2、5, 3、5 (组头行)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from parsers.interpret.align import Assigned
from parsers.interpret.rows import row_amount
from schemas.quantities import is_blank, parse_points
from schemas.records import Amount

_OWN = ("level3", "target", "actual")
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


def _heads_a_group(row: Assigned) -> bool:
    bare = all(is_blank(row.text(concept)) for concept in _OWN)
    return bare and bool(row.text("level1")) and _points(row) is not None


def _adds_up(group: Sequence[Assigned]) -> bool:
    head, *below = (_points(row) for row in group)
    printed = [points for points in below if points is not None]
    return bool(printed) and len(printed) == len(below) and sum(printed) == head


def _points(row: Assigned) -> Decimal | None:
    read = parse_points(row.text("points") or "")
    return None if read is None else read.value

"""Which of two columns of scores holds those of the indicators (两列得分)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from parsers.interpret.align import Assigned
from schemas.quantities import parse_points


def within_points(rows: list[Assigned]) -> list[Assigned]:
    """Of two columns of scores (单项指标得分 100 | 折算得分 15) the one within the points of its row is the score."""
    scored = [(_number(row.text("points")), _two_scores(row)) for row in rows]
    pairs = [(points, *scores) for points, scores in scored if points and scores]
    if not pairs or any(second > points for points, _, second in pairs):
        return rows
    above = sum(first > points for points, first, _ in pairs)
    return [_second_score_first(row) for row in rows] if above * 2 > len(pairs) else rows


def _two_scores(row: Assigned) -> tuple[Decimal, Decimal] | None:
    """The figures of the row's two columns of scores, where it has two that hold one."""
    cells = [cell for column, cell in zip(row.columns, row.cells, strict=True) if column.concept == "score"]
    found = [number for cell in cells if (number := _number("".join(slot.text for slot in cell))) is not None]
    return (found[0], found[1]) if len(cells) == len(found) == 2 else None


def _number(text: str) -> Decimal | None:
    quantity = parse_points(text)
    return quantity.value if quantity else None


def _second_score_first(row: Assigned) -> Assigned:
    first = next((index for index, column in enumerate(row.columns) if column.concept == "score"), None)
    columns = [
        replace(column, concept="other_score") if index == first else column for index, column in enumerate(row.columns)
    ]
    return replace(row, columns=tuple(columns))

"""Prose set in two or more columns, column by column (分栏正文)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.lines import group_lines
from parsers.pdf.shapes import Char, Line

GUTTER = 1.2
"""Em of white between two columns at least."""
LEAST_LINES = 3
"""Lines on which both columns must have text."""
LEAST_CHARS = 9
"""Characters of a line on either side, on average: prose is set in lines, a list of fields in words."""
RAGGED = 0.3
"""Share of a column's width by which its lines may end short and still run on: lines broken by count are ragged."""
_SENTENCE = frozenset("，。；、")


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Lines that are read from top to bottom before the next column's; `ragged` is how short of `right` they may end,
    None where lines are full."""

    lines: tuple[Line, ...]
    left: float
    right: float
    ragged: float | None = None


def in_columns(lines: Sequence[Line], left: float, right: float) -> list[TextColumn]:
    """The lines of a stretch of text in reading order: whole lines as they come, lines side by side by columns."""
    columns: list[TextColumn] = []
    whole: list[Line] = []
    at = 0
    while at < len(lines):
        found = _side_by_side(lines, at)
        if found is None:
            whole.append(lines[at])
            at += 1
            continue
        end, gutter = found
        if whole:
            columns.append(TextColumn(tuple(whole), left, right))
            whole = []
        columns += _parted(lines[at:end], gutter)
        at = end
    if whole:
        columns.append(TextColumn(tuple(whole), left, right))
    return columns


def _side_by_side(lines: Sequence[Line], start: int) -> tuple[int, float] | None:
    """Where the lines from `start` on that no text links over one gutter end, and the gutter; None where none do."""
    best: tuple[int, float] | None = None
    for gutter in [*_gutters(lines[start]), *_gutter_between(lines[start : start + 2])]:
        end = start
        while end < len(lines) and not _crosses(lines[end], gutter):
            end += 1
        if _is_prose(lines[start:end], gutter) and (best is None or end > best[0]):
            best = end, gutter
    return best


def _gutters(line: Line) -> list[float]:
    """The middles of the white gaps in a line."""
    return [
        (a.x1 + b.x0) / 2
        for a, b in pairwise(line.chars)
        if b.x0 - a.x1 >= GUTTER * a.size and b.x0 - a.x1 >= GUTTER * b.size
    ]


def _gutter_between(lines: Sequence[Line]) -> list[float]:
    """The middle of the white between two lines side by side whose baselines differ."""
    if len(lines) < 2 or not _are_level(*lines):
        return []
    left, right = sorted(lines, key=lambda line: line.x0)
    return [(left.x1 + right.x0) / 2] if right.x0 - left.x1 >= GUTTER * left.chars[0].size else []


def _are_level(upper: Line, lower: Line) -> bool:
    """Whether the heights of two lines overlap."""
    return lower.top < upper.bottom and upper.top < lower.bottom


def _crosses(line: Line, x: float) -> bool:
    """Whether a line has text at `x`, or too little white around it for a gutter."""
    before = max((char.x1 for char in line.chars if char.x0 < x), default=None)
    after = min((char.x0 for char in line.chars if char.x0 >= x), default=None)
    if before is not None and before > x:
        return True
    if before is None or after is None:
        return False
    return after - before < GUTTER * line.chars[0].size


def _is_prose(lines: Sequence[Line], gutter: float) -> bool:
    sides = _sides(lines, gutter)
    both = [(left, right) for left, right in sides if left and right]
    if len(both) < LEAST_LINES:
        return False
    for texts in zip(*both, strict=True):
        joined = "".join(texts)
        if len(joined) < LEAST_CHARS * len(texts) or not _SENTENCE & set(joined):
            return False
    return True


def _sides(lines: Sequence[Line], gutter: float) -> list[tuple[str, str]]:
    """The text of each line left and right of a gutter; halves whose baselines differ are one line."""
    sides: list[tuple[str, str]] = []
    for index, line in enumerate(lines):
        left, right = _side(line, gutter)
        above_left, above_right = sides[-1] if sides and _are_level(lines[index - 1], line) else ("", "")
        if left and above_right and not (right or above_left):
            sides[-1] = left, above_right
        elif right and above_left and not (left or above_right):
            sides[-1] = above_left, right
        else:
            sides.append((left, right))
    return sides


def _side(line: Line, gutter: float) -> tuple[str, str]:
    left = "".join(char.text for char in line.chars if char.x0 < gutter)
    return left, "".join(char.text for char in line.chars if char.x0 >= gutter)


def _parted(lines: Sequence[Line], gutter: float) -> list[TextColumn]:
    """The columns on both sides of a gutter; the right one may fall apart once more."""
    chars = [char for line in lines for char in line.chars]
    left, right = [char for char in chars if char.x0 < gutter], [char for char in chars if char.x0 >= gutter]
    return [_column(left), *(_as_ragged(column) for column in in_columns(group_lines(right), *_edges(right)))]


def _column(chars: Sequence[Char]) -> TextColumn:
    left, right = _edges(chars)
    return TextColumn(tuple(group_lines(chars)), left, right, RAGGED * (right - left))


def _as_ragged(column: TextColumn) -> TextColumn:
    return TextColumn(column.lines, column.left, column.right, RAGGED * (column.right - column.left))


def _edges(chars: Sequence[Char]) -> tuple[float, float]:
    return min(char.x0 for char in chars), max(char.x1 for char in chars)

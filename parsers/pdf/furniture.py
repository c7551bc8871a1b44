"""Running headers, footers and page numbers (页眉、页脚、页码): found by place, repetition and form.

A line in the margin that its neighbour pages repeat at the same height is running text; a lone page number in the
margin is one whatever the neighbours say. Larger type is spared, and so is a line in the upper margin that heads a
table: files of one form a page repeat their title on every page, and a title lost is worse than a header kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.document import BBox
from parsers.pdf.shapes import Line
from schemas.vocabulary import pattern

MARGIN = 0.085
"""Share of the page's height that counts as its upper or lower margin."""
NUMBER_MARGIN = 0.11
"""The same for page numbers, which are known by their form as well."""
LEAST_MARGIN = 57.0
"""Points (2 cm) from an edge that are margin on pages however low: footers keep their distance, not their share."""
SAME_HEIGHT = 4.0
"""Running text stands at the same height on every page, within this many points."""
TITLE_SIZE = 1.12
"""Type this much larger than the page's usual is a title, not a running header."""

TITLE_LINES = 3
"""Lines that may stand between a title and its table: the year, the unit, who filled it in."""
TABLE_LINES = 8
"""Lines under a title in which columns show that a table without rules begins."""
COLUMN_GAP = 2.0
"""Gap in em that parts columns."""
HEADERS = 2
"""Pages on which a line stands over prose, so that it is a running header over the tables between them as well."""

_PAGE_NUMBER = pattern("page_number")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class MarginLine:
    """A line that may be furniture: its text with digits blotted out, its height, whether it heads a table.

    `running` tells what it was found to be.
    """

    line: Line
    text: str
    upper: bool
    heads_table: bool
    running: bool = False


def margins(lines: Sequence[Line], tables: Iterable[BBox], height: float) -> tuple[MarginLine, ...]:
    """What a page has in its margins; `lines` are those outside its ruled `tables`."""
    tops = [table[1] for table in tables]
    return tuple(
        MarginLine(
            line, _blot(line.text), upper := line.bottom <= _margin(height, MARGIN), upper and _heads(line, lines, tops)
        )
        for line in lines
        if _in_margin(line, height, MARGIN)
    )


def settled(
    own: Sequence[MarginLine], neighbours: Sequence[Sequence[MarginLine]], lines: Sequence[Line]
) -> tuple[MarginLine, ...]:
    """The margins of a page with its running lines marked, from what the pages around it have."""
    usual = _usual_size(lines)
    return tuple(replace(margin, running=_is_running(margin, neighbours, usual)) for margin in own)


def furniture(lines: Sequence[Line], height: float, own: Sequence[MarginLine]) -> list[tuple[str, Line]]:
    """The page numbers and running lines of a page, each with its reason code."""
    running = {id(margin.line) for margin in own if margin.running}
    found = []
    for line in lines:
        if _is_page_number(line, height):
            found.append(("page_number", line))
        elif id(line) in running:
            found.append(("running_line", line))
    return found


def without_furniture(lines: Sequence[Line], around: Iterable[tuple[str, Line]]) -> list[Line]:
    """The lines of a page without its furniture."""
    left = {id(line) for _, line in around}
    return [line for line in lines if id(line) not in left]


def _is_page_number(line: Line, height: float) -> bool:
    return _in_margin(line, height, NUMBER_MARGIN) and bool(_PAGE_NUMBER.match(line.text))


def _is_running(margin: MarginLine, neighbours: Sequence[Sequence[MarginLine]], usual: float) -> bool:
    if max(char.size for char in margin.line.chars) > TITLE_SIZE * usual:
        return False
    twins = [
        other
        for page in neighbours
        for other in page
        if other.text == margin.text and abs(other.line.top - margin.line.top) <= SAME_HEIGHT
    ]
    if margin.heads_table:
        return any(twin.running for twin in twins) or sum(not twin.heads_table for twin in twins) >= HEADERS
    return bool(twins)


def _heads(line: Line, lines: Sequence[Line], tables: Sequence[float]) -> bool:
    """Whether a table begins shortly under a line."""
    below = sorted((other for other in lines if other.top >= line.bottom), key=lambda other: other.top)
    table = min((top for top in tables if top >= line.top), default=None)
    if table is not None and sum(other.top < table for other in below) <= TITLE_LINES:
        return True
    near = below[:TABLE_LINES]
    return 2 * sum(map(_has_columns, near)) >= max(len(near), 4)


def _has_columns(line: Line) -> bool:
    return any(right.x0 - left.x1 > COLUMN_GAP * left.size for left, right in pairwise(line.chars))


def _in_margin(line: Line, height: float, share: float) -> bool:
    margin = _margin(height, share)
    return line.bottom <= margin or line.top >= height - margin


def _margin(height: float, share: float) -> float:
    return max(share * height, LEAST_MARGIN)


def _blot(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _usual_size(lines: Sequence[Line]) -> float:
    sizes = sorted(char.size for line in lines for char in line.chars)
    return sizes[len(sizes) // 2] if sizes else 0.0

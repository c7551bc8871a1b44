"""Text outside tables as paragraphs in reading order (正文段落)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import attrgetter

from parsers.document import BBox
from parsers.pdf.columns import TextColumn, in_columns
from parsers.pdf.shapes import Line
from parsers.printed import cut_in_number, joined_text
from schemas.vocabulary import pattern

LINE_PITCH = 2.2
"""Lines of one paragraph follow within this many em, top to top: double spacing at most."""
SIZE_CHANGE = 0.15
"""A line whose type differs by more than this share starts a paragraph: a heading, a note."""
SHORT_LINE = 2.5
"""A line that ends this many em before the column's right edge ends its paragraph."""
FIRST_INDENT = 4.5
"""A line that starts this many em left of the line above starts a paragraph: what stands above it is a title."""
INDENT = 1.2
"""A line that starts this many em right of the line above starts a paragraph."""

_STOPS = ("。", "！", "？", "：", ":")
_DATE_AT_END = pattern("date_at_end")
_DATED = pattern("dated_at_end")
"""A line of a form's head or foot: 填报单位：某局 填报日期：2019-01-22."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph of one page before it is numbered.

    `runs_out`: its last line is full and ends no sentence. `runs_in`: its first line is not indented. Where one meets
    the other over a page break, the paragraph goes on.
    """

    text: str
    bbox: BBox
    runs_out: bool
    runs_in: bool


def paragraphs(lines: Sequence[Line], left: float, right: float) -> list[TextBlock]:
    """Lines joined as far as they run on between `left` and `right`, column by column; Chinese wraps with no blank."""
    return [block for column in in_columns(lines, left, right) for block in _paragraphs(column)]


def _paragraphs(column: TextColumn) -> list[TextBlock]:
    left, right = column.left, column.right
    blocks: list[list[Line]] = []
    for line in column.lines:
        if blocks and _runs_on(blocks[-1], line, right, column.ragged):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [_block(block, left, right) for block in blocks]


def _runs_on(block: Sequence[Line], line: Line, right: float, ragged: float | None) -> bool:
    last = block[-1]
    size, before = _size(line), _size(last)
    if abs(size - before) > SIZE_CHANGE * before or line.top - last.top > LINE_PITCH * size or line.top <= last.top:
        return False
    full = _is_full(last, right) if ragged is None else right - last.x1 <= ragged
    goes_on = (full and not _DATED.search(last.text)) or cut_in_number(last.text, line.text)
    return goes_on and -FIRST_INDENT * size <= line.x0 - last.x0 <= INDENT * size


def _is_full(line: Line, right: float) -> bool:
    return right - line.x1 <= SHORT_LINE * _size(line)


_char_size = attrgetter("size")


def _size(line: Line) -> float:
    size: float = max(map(_char_size, line.chars))
    return size


def _block(lines: Sequence[Line], left: float, right: float) -> TextBlock:
    first, last = lines[0], lines[-1]
    return TextBlock(
        reduce(joined_text, (line.text for line in lines)),
        (
            min(line.x0 for line in lines),
            min(line.top for line in lines),
            max(line.x1 for line in lines),
            max(line.bottom for line in lines),
        ),
        # A line that ends in a date is a form's foot, not half a sentence.
        runs_out=_is_full(last, right) and not last.text.endswith(_STOPS) and not _DATE_AT_END.search(last.text),
        runs_in=first.x0 - left <= INDENT * _size(first),
    )

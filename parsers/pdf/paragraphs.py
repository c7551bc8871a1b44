"""Text outside tables as paragraphs in reading order (正文段落)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import BBox
from parsers.pdf.shapes import Line

LINE_PITCH = 2.2
"""Lines of one paragraph follow within this many em, top to top: double spacing at most."""
SIZE_CHANGE = 0.15
"""A line whose type differs by more than this share starts a paragraph: a heading, a note."""
SHORT_LINE = 2.5
"""A line that ends this many em before the column's right edge ends its paragraph."""
INDENT = 1.2
"""A line that starts this many em right of the line above starts a paragraph."""

_LATIN = re.compile(r"[A-Za-z]$")
_LATIN_START = re.compile(r"^[A-Za-z]")


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A paragraph of one page before it is numbered."""

    text: str
    bbox: BBox


def paragraphs(lines: Sequence[Line]) -> list[TextBlock]:
    """Lines joined as far as they run on; a Chinese line wraps without a blank."""
    blocks: list[list[Line]] = []
    right = max((line.x1 for line in lines), default=0.0)
    for line in lines:
        if blocks and _runs_on(blocks[-1], line, right):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return [_block(block) for block in blocks]


def _runs_on(block: Sequence[Line], line: Line, right: float) -> bool:
    last = block[-1]
    size, before = _size(line), _size(last)
    if abs(size - before) > SIZE_CHANGE * before or line.top - last.top > LINE_PITCH * size or line.top <= last.top:
        return False
    if right - last.x1 > SHORT_LINE * size:
        return False
    return line.x0 - last.x0 <= INDENT * size


def _size(line: Line) -> float:
    return max(char.size for char in line.chars)


def _block(lines: Sequence[Line]) -> TextBlock:
    text = lines[0].text
    for line in lines[1:]:
        text += (" " if _LATIN.search(text) and _LATIN_START.search(line.text) else "") + line.text
    return TextBlock(
        text,
        (
            min(line.x0 for line in lines),
            min(line.top for line in lines),
            max(line.x1 for line in lines),
            max(line.bottom for line in lines),
        ),
    )

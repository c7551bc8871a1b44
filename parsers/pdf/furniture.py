"""Running headers, footers and page numbers (页眉、页脚、页码): found by place, repetition and form.

A line in the margin that its neighbour pages repeat at the same height is running text; a lone page number in the
margin is one whatever the neighbours say. Larger type is spared: many forms repeat their title on every page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from parsers.pdf.shapes import Line

MARGIN = 0.085
"""Share of the page's height that counts as its upper or lower margin."""
NUMBER_MARGIN = 0.11
"""The same for page numbers, which are known by their form as well."""
SAME_HEIGHT = 4.0
"""Running text stands at the same height on every page, within this many points."""
TITLE_SIZE = 1.12
"""Type this much larger than the page's usual is a title, not a running header."""

_NUMBER = r"(?:\d{1,4}|[ivxlcIVXLC]{1,6}|[一二三四五六七八九十百零〇]{1,5})"
_PAGE_NUMBER = re.compile(
    rf"^[\s\-—–―－~～·•.|(（【\[]*(?:第\s*)?(?:[Pp]age\s*|[Pp]\.?\s*)?{_NUMBER}\s*页?"
    rf"(?:\s*(?:[/／,，|]|of|共|\(共|（共)\s*(?:共\s*)?{_NUMBER}\s*页?)?[\s\-—–―－~～·•.|)）】\]]*$"
)
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Margins:
    """The lines of one page that may be furniture: text with digits blotted out, and height from the nearer edge."""

    lines: tuple[tuple[str, float], ...]


def margins(lines: Iterable[Line], height: float) -> Margins:
    """What a page has in its margins."""
    return Margins(tuple((_blot(line.text), line.top) for line in lines if _in_margin(line, height, MARGIN)))


def without_furniture(lines: Sequence[Line], height: float, neighbours: Sequence[Margins]) -> list[Line]:
    """The lines of a page without page numbers and running headers and footers."""
    usual = _usual_size(lines)
    return [line for line in lines if not _is_furniture(line, height, neighbours, usual)]


def _is_furniture(line: Line, height: float, neighbours: Sequence[Margins], usual: float) -> bool:
    if _in_margin(line, height, NUMBER_MARGIN) and _PAGE_NUMBER.match(line.text):
        return True
    if not _in_margin(line, height, MARGIN) or max(char.size for char in line.chars) > TITLE_SIZE * usual:
        return False
    text = _blot(line.text)
    return any(
        text == other and abs(line.top - top) <= SAME_HEIGHT for margin in neighbours for other, top in margin.lines
    )


def _in_margin(line: Line, height: float, share: float) -> bool:
    return line.bottom <= share * height or line.top >= (1 - share) * height


def _blot(text: str) -> str:
    return _DIGITS.sub("#", "".join(text.split()))


def _usual_size(lines: Sequence[Line]) -> float:
    sizes = sorted(char.size for line in lines for char in line.chars)
    return sizes[len(sizes) // 2] if sizes else 0.0

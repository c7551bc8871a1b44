"""What is printed in the cells of a lattice (单元格文字)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import BBox
from parsers.pdf.lattice import Lattice
from parsers.pdf.lines import group_lines
from parsers.pdf.settings import TableSettings
from parsers.pdf.shapes import UNREADABLE, Char, Line

CROSSED = 0.5
"""Confidence in a cell whose text crosses a rule: where it belongs is a guess."""
REPAIRED = 0.7
"""Confidence in a cell whose rectangle had to be repaired."""
PADDING = 12.0
"""Points that word processors leave free beside the text of a cell, both sides together."""

OVERFLOW = 1.5
"""Em by which text may overflow a cell that no rule closes."""


@dataclass(frozen=True, slots=True)
class CellText:
    """The text of a cell, its lines, how sure they belong there, and the em left free beside the last of them."""

    text: str
    lines: tuple[Line, ...]
    confidence: float
    room: float


def fill_cells(
    lattice: Lattice, chars: Sequence[Char], settings: TableSettings
) -> tuple[tuple[CellText, ...], list[Char]]:
    """The text of every cell in the order of the lattice's boxes, and the characters in none of them."""
    members: list[list[Char]] = [[] for _ in lattice.boxes]
    rest: list[Char] = []
    left, top, right, bottom = lattice.bbox
    reach = OVERFLOW * max((char.size for char in chars), default=0.0)
    for char in chars:
        x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
        near = left <= x <= right and top - reach <= y <= bottom + reach
        index = _cell_at(lattice, x, y, char.size) if near else -1
        (members[index] if index >= 0 else rest).append(char)
    doubtful = _settle_crossings(lattice, members, settings)
    cells = []
    for index, (box, inside) in enumerate(zip(lattice.boxes, members, strict=True)):
        confidence = CROSSED if index in doubtful else 1.0 if box.sure else REPAIRED
        cells.append(_cell_text(inside, lattice.bounds(box), confidence))
    return tuple(cells), rest


def _cell_at(lattice: Lattice, x: float, y: float, size: float) -> int:
    """The cell at a point; text of a cell that is not closed may overflow it by a line."""
    index = lattice.at(x, y)
    if index >= 0:
        return index
    _, top, _, bottom = lattice.bbox
    if bottom <= y < bottom + OVERFLOW * size:
        index = lattice.at(x, bottom - 0.1)
        return index if index >= 0 and lattice.boxes[index].open_bottom else -1
    if top - OVERFLOW * size < y < top:
        index = lattice.at(x, top)
        return index if index >= 0 and lattice.boxes[index].open_top else -1
    return -1


def _settle_crossings(lattice: Lattice, members: list[list[Char]], settings: TableSettings) -> set[int]:
    """Give a word that crosses an upright rule to the cell with most of it; the cells it touches become doubtful."""
    doubtful: set[int] = set()
    for index, box in enumerate(lattice.boxes):
        x0, _, x1, _ = lattice.bounds(box)
        for char in [char for char in members[index] if char.x0 < x0 or char.x1 > x1]:
            slack = settings.straddle * (char.x1 - char.x0)
            if not char.upright or (char.x0 >= x0 - slack and char.x1 <= x1 + slack) or _hangs(char.text):
                continue
            beyond = char.x1 + slack if char.x1 > x1 + slack else char.x0 - slack
            other = lattice.at(beyond, (char.top + char.bottom) / 2)
            doubtful.add(index)
            if other >= 0 and other != index:
                doubtful.add(other)
                _move_word(char, members[index], members[other])
    return doubtful


def _move_word(char: Char, first: list[Char], second: list[Char]) -> None:
    """Reunite the word around `char` that two cells share, in the cell that has more of it."""
    word = _word_around(char, [*first, *second])
    here, there = sum(c in first for c in word), sum(c in second for c in word)
    source, target = (second, first) if here >= there else (first, second)
    for member in word:
        if member in source:
            source.remove(member)
            target.append(member)


def _word_around(char: Char, chars: Sequence[Char]) -> list[Char]:
    """Characters of one line that stand without a gap around `char`."""
    line = sorted((c for c in chars if abs(c.top - char.top) < char.size / 4), key=lambda c: c.x0)
    at = line.index(char)
    start = end = at
    while start and line[start].x0 - line[start - 1].x1 < char.size / 5:
        start -= 1
    while end < len(line) - 1 and line[end + 1].x0 - line[end].x1 < char.size / 5:
        end += 1
    return line[start : end + 1]


def _hangs(text: str) -> bool:
    """Punctuation and blanks may hang over: their box is wider than their ink."""
    return text.isspace() or unicodedata.category(text[0]).startswith("P")


def _cell_text(chars: Sequence[Char], bounds: BBox, confidence: float) -> CellText:
    lines = group_lines(chars)
    if any(UNREADABLE in line.text for line in lines):
        confidence = 0.0
    if not lines:
        return CellText("", (), confidence, 0.0)
    if _is_stacked(lines, bounds):
        return CellText("".join(line.text for line in lines), tuple(lines), confidence, 0.0)
    last = lines[-1]
    room = (bounds[2] - bounds[0] - (last.x1 - last.x0) - PADDING) / last.chars[-1].size
    return CellText("\n".join(line.text for line in lines), tuple(lines), confidence, room)


def _is_stacked(lines: Sequence[Line], bounds: BBox) -> bool:
    """Text set vertically, one character under the other, in a cell that is taller than wide."""
    return (
        len(lines) > 1
        and all(len(line.text) == 1 for line in lines)
        and bounds[3] - bounds[1] > bounds[2] - bounds[0]
        and not any(line.text.isdigit() for line in lines)
    )

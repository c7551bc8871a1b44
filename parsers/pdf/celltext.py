"""What is printed in the cells of a lattice (单元格文字)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from parsers.document import BBox
from parsers.pdf.chars import Chars
from parsers.pdf.lattice import Lattice
from parsers.pdf.lines import drawn_words, is_plain, line_of_word, lines_of_words
from parsers.pdf.paint import Floats, Indices
from parsers.pdf.settings import TableSettings
from parsers.pdf.shapes import UNREADABLE, Char, Line
from schemas.confidence import step

CROSSED = step("crossed")
"""Confidence in a cell whose text crosses a rule: where it belongs is a guess."""
REPAIRED = step("repaired")
"""Confidence in a cell whose rectangle had to be repaired."""
PADDING = 12.0
"""Points that word processors leave free beside the text of a cell, both sides together."""

ROOM_FOR_A_DIGIT, ROOM_FOR_WIDE_DIGITS = 0.6, 1.0
"""Of a line's size: with less room left a digit goes on to the next line, at least, and at most."""
_CUT_DECIMALS, _WHOLE_NUMBER = re.compile(r"\d\.\d*$"), re.compile(r"\d+(?![\d.,])")

_CHINESE_RUN = re.compile("[^\0-\u2e7f].*[^\0-\u2e7f]", re.DOTALL)
"""Two Chinese characters of one word: they stand beside each other, not one under the other."""
_text_of = attrgetter("text")
WORD_GAP = 0.15
"""Gap in em that parts two words drawn on one line."""
UPON = 0.2
"""Em by which a character of another text reaches over the next to lie upon it."""
OVERFLOW = 1.5
"""Em by which text may overflow a cell that no rule closes."""


class CellText(NamedTuple):
    """The text of a cell, its lines, how sure they belong there, and the em left free beside the last of them."""

    text: str
    lines: tuple[Line, ...]
    confidence: float
    room: float


def fill_cells(lattice: Lattice, chars: Chars, settings: TableSettings) -> tuple[tuple[CellText, ...], Chars]:
    """The text of every cell in the order of the lattice's boxes, and the characters in none of them."""
    cells = _cells_of(lattice, chars)
    by_cell = np.argsort(cells, kind="stable")
    rest, inside = np.split(by_cell, [int((cells < 0).sum())])
    members, cells = chars.take(inside), cells[inside]
    bounds = list(map(lattice.bounds, lattice.boxes))
    doubtful: set[int] = set()
    sides = np.fromiter(chain.from_iterable(bounds), dtype=float, count=4 * len(bounds)).reshape(-1, 4)
    if _may_cross(members, sides[cells], settings):
        members, cells, doubtful = _settled(lattice, members, cells, settings)
    words, starts = drawn_words(members, cells)
    every = np.arange(len(bounds) + 1)
    firsts, first_words = np.searchsorted(cells, every).tolist(), np.searchsorted(cells[starts], every).tolist()
    found = []
    for index, box in enumerate(lattice.boxes):
        confidence = CROSSED if index in doubtful else 1.0 if box.sure else REPAIRED
        own = words[first_words[index] : first_words[index + 1]]
        characters = partial(members.part, firsts[index], firsts[index + 1])
        found.append(_cell_text(own, characters, bounds[index], confidence))
    return tuple(found), chars.take(rest)


def _cells_of(lattice: Lattice, chars: Chars) -> Indices:
    """The cell that the middle of each character stands in, -1 for none."""
    x, y = chars.x, chars.y
    cells = lattice.at_all(x, y)
    if lattice.is_open:
        reach = OVERFLOW * chars.size
        near = (cells < 0) & (lattice.ys[0] - reach < y) & (y < lattice.ys[-1] + reach)
        for at in np.flatnonzero(near).tolist():
            cells[at] = _overflowing(lattice, float(x[at]), float(y[at]), float(reach[at]))
    return cells


def _overflowing(lattice: Lattice, x: float, y: float, reach: float) -> int:
    """The cell that is not closed and that text at a point overflows by no more than `reach`, -1 if there is none."""
    _, top, _, bottom = lattice.bbox
    if bottom <= y < bottom + reach:
        index = lattice.at(x, bottom - 0.1)
        return index if index >= 0 and lattice.boxes[index].open_bottom else -1
    if top - reach < y < top:
        index = lattice.at(x, top)
        return index if index >= 0 and lattice.boxes[index].open_top else -1
    return -1


def _may_cross(chars: Chars, bounds: Floats, settings: TableSettings) -> bool:
    """Whether any character touches an upright side of its cell; `bounds` are those of each character's cell."""
    touching = (chars.x0 < bounds[:, 0]) | (chars.x1 > bounds[:, 2] - settings.touch)
    return bool((touching & chars.upright & chars.ink).any())


def _settled(
    lattice: Lattice, chars: Chars, cells: Indices, settings: TableSettings
) -> tuple[Chars, Indices, set[int]]:
    """The characters by cell once words that cross upright rules are in one cell, and the cells that are doubtful."""
    members: list[list[Char]] = [[] for _ in lattice.boxes]
    for char, index in zip(chars, cells.tolist(), strict=True):
        members[index].append(char)
    doubtful = _settle_crossings(lattice, members, settings)
    settled = Chars.of([char for inside in members for char in inside])
    return settled, np.repeat(np.arange(len(members)), list(map(len, members))), doubtful


def _settle_crossings(lattice: Lattice, members: list[list[Char]], settings: TableSettings) -> set[int]:
    """Give a word that crosses an upright rule to the cell with most of it; the cells it touches become doubtful."""
    doubtful: set[int] = set()
    for index, box in enumerate(lattice.boxes):
        x0, _, x1, _ = lattice.bounds(box)
        for char in [c for c in members[index] if c.x0 < x0 or c.x1 > x1 - settings.touch]:
            if not char.upright or char.text.isspace() or char not in members[index]:
                continue  # the last: a word over two borders may have gone to its cell already
            rightwards = char.x1 > x1 - settings.touch
            y = (char.top + char.bottom) / 2
            other = lattice.at(x1 + settings.touch if rightwards else x0 - settings.touch, y)
            straddles = char.x1 - x1 if rightwards else x0 - char.x0
            crosses = straddles > settings.straddle * (char.x1 - char.x0) and not _hangs(char.text)
            if other < 0 or other == index:
                doubtful |= {index} if crosses else set()
                continue
            follower = _next_to(char, members[other]) if rightwards else None
            neighbour = follower if rightwards else _next_before(char, members[other])
            together = neighbour is not None and neighbour.run == char.run
            if crosses or together or (follower is not None and follower.x0 < x1 + settings.touch):
                doubtful |= {index, other}
            if crosses or together:
                _reunite(char, members, doubtful)
    return doubtful


def _next_to(char: Char, others: Sequence[Char]) -> Char | None:
    """The character that follows `char` on its line without a gap."""
    near = (c for c in others if abs(c.top - char.top) < char.size / 4 and abs(c.x0 - char.x1) < WORD_GAP * char.size)
    return min(near, key=lambda c: c.x0, default=None)


def _next_before(char: Char, others: Sequence[Char]) -> Char | None:
    """The character that `char` follows on its line without a gap."""
    near = (c for c in others if abs(c.top - char.top) < char.size / 4 and abs(char.x0 - c.x1) < WORD_GAP * char.size)
    return max(near, key=lambda c: c.x0, default=None)


def _reunite(char: Char, members: list[list[Char]], doubtful: set[int]) -> None:
    """Put the word around `char` that several cells share into the one that has most of it."""
    word = _word_around(char, [one for cell in members for one in cell])
    shares = {index: sum(one in cell for one in word) for index, cell in enumerate(members)}
    target = max(shares, key=lambda index: shares[index])
    for index, share in shares.items():
        if not share:
            continue
        doubtful.add(index)
        if index != target:
            moved = [one for one in members[index] if one in word]
            members[index] = [one for one in members[index] if one not in word]
            members[target].extend(moved)


def _word_around(char: Char, chars: Sequence[Char]) -> list[Char]:
    """Characters of one line that stand without a gap around `char`."""
    line = sorted((c for c in chars if abs(c.top - char.top) < char.size / 4), key=lambda c: c.x0)
    start = end = line.index(char)
    while start and line[start].x0 - line[start - 1].x1 < WORD_GAP * char.size:
        start -= 1
    while end < len(line) - 1 and line[end + 1].x0 - line[end].x1 < WORD_GAP * char.size:
        end += 1
    return line[start : end + 1]


def _hangs(text: str) -> bool:
    """Chinese punctuation may hang over: half of its box is without ink."""
    return text > "\u2e7f" and unicodedata.category(text[0]).startswith("P")


def _cell_text(
    words: Sequence[Char], characters: Callable[[], Sequence[Char]], bounds: BBox, confidence: float
) -> CellText:
    """The text of a cell from its `drawn_words`; `characters` are those they are made of."""
    if len(words) == 1 and is_plain(words[0]):  # as most are
        line = line_of_word(words[0])
        room = _room(line, bounds[2] - bounds[0])
        return CellText(line.text, (line,), 0.0 if UNREADABLE in line.text else confidence, room)
    lines = lines_of_words(words, characters) if words else []
    if not lines:
        return CellText("", (), confidence, 0.0)
    width = bounds[2] - bounds[0]
    room = _room(lines[-1], width)
    if _is_stacked(lines, bounds):
        text, room = "".join(line.text for line in lines), 0.0
    elif downwards := _text_downwards(words, characters):
        text, room = downwards, 0.0
    else:
        text = _running(lines, width)
    return CellText(text, tuple(lines), 0.0 if UNREADABLE in text else confidence, room)


def is_overprinted(line: Line) -> bool:
    """Whether a character lies upon the next one of a text that goes on behind it: two texts in one place, a stamp's or
    a neighbour's and the cell's."""
    return any(
        one.run == other.run != upon.run and other.x0 < upon.x1 - UPON * upon.size
        for one, upon, other in zip(line.chars, line.chars[1:], line.chars[2:], strict=False)
    )


def _text_downwards(words: Sequence[Char], characters: Callable[[], Sequence[Char]]) -> str:
    """The text of a cell that is set downwards, "" of any other."""
    if len(words) < 2 or any(map(_CHINESE_RUN.search, map(_text_of, words))):
        return ""
    drawn = characters()
    if not _is_set_downwards(drawn):
        return ""
    return "".join(char.text for char in drawn if not char.text.isspace())


def _running(lines: Sequence[Line], width: float) -> str:
    """The lines of a cell as its text; a number that a line breaks is one."""
    text = lines[0].text
    for above, below in pairwise(lines):
        text += ("" if _wraps_a_number(above, below, width) else "\n") + below.text
    return text


def _room(line: Line, width: float) -> float:
    """How much of a cell's width a line leaves free, in sizes of its characters."""
    return (width - (line.x1 - line.x0) - PADDING) / line.chars[-1].size


def _wraps_a_number(above: Line, below: Line, width: float) -> bool:
    """Whether a number goes on below because its line is full; two numbers stand one above the other else.

    Below decimals the rest of them is likelier than another whole number.
    """
    if not below.text[:1].isdecimal():
        return False
    room = _room(above, width)
    if _CUT_DECIMALS.search(above.text) and _WHOLE_NUMBER.match(below.text):
        return room < ROOM_FOR_WIDE_DIGITS
    return above.text[-1:].isdecimal() and room < ROOM_FOR_A_DIGIT


def _is_set_downwards(chars: Sequence[Char]) -> bool:
    """Text set vertically whose places do not tell its order, so that the producer's must.

    Its Chinese characters are drawn one under the other, none beside the one before; and it has several columns,
    figures on their side, or characters upon each other, as fonts without measures for vertical setting leave them.
    """
    words = [char for char in chars if char.upright and char.text > "\u2e7f"]
    downwards, close = 0, False
    for char, after in pairwise(words):
        across, down = abs(after.x0 - char.x0) / char.size, (after.top - char.top) / char.size
        if across > 0.5 and abs(down) < 0.5:
            return False
        if across < 0.5 and down > -0.5:
            downwards += 1
            close = close or down < 0.6
    columns = bool(words) and max(c.x0 for c in words) - min(c.x0 for c in words) > 0.8 * words[0].size
    return 2 * downwards >= max(len(words) - 1, 2) and (close or columns or not all(char.upright for char in chars))


def _is_stacked(lines: Sequence[Line], bounds: BBox) -> bool:
    """Text set vertically, one character under the other, in a cell that is taller than wide."""
    if len(lines) < 2 or bounds[3] - bounds[1] <= bounds[2] - bounds[0]:
        return False
    return all(len(line.text) == 1 and not line.text.isdigit() for line in lines)

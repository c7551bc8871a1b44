"""What the ink of a line says against its reading: lost points and digits, ≥ read as a digit (读数与墨迹核对).

Recognition is sure of its mistakes. Counting pieces of ink is a witness that does not share them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.arrays import PAPER, Grey, Ink
from parsers.scan.lines import INK
from parsers.scan.reading import ReadLine
from parsers.scan.recognise import Read
from parsers.scan.strokes import DASH, EQUALS

POINT_SIZE = 0.3
"""Share of a line's height up to which a piece of ink is a point or a comma."""
POINT_TOP = 0.6
"""Share of a line's height below which a point or a comma begins."""
TALL = 0.6
"""Share of a line's height from which a piece of ink is a digit."""
LEAST_HEIGHT = 9
"""Pixels of a line from which its pieces can be counted."""
LOST = 0.4
"""What is left of the confidence in a figure some of whose ink no character explains."""
RELATION = 0.3
"""The same for a digit that may be a relation sign: its ink lies in two pieces above each other."""
BAR, NO_BAR = 1.4, 1.2
"""How much more ink the lower arm of a relation sign has than the upper if it holds a bar too, and if surely not."""
GUESSED = 0.85
"""What is left of the confidence in a sign told by its arms."""
_BARRED = {">": "≥", "<": "≤", "＞": "≥", "＜": "≤"}
_ALONE = {
    **dict.fromkeys("\u4e00\u2014\u2013\u30fc_", DASH),
    **dict.fromkeys("\u4e8c\u30cb", EQUALS),
    "O": "0",
    "o": "0",
    "S": "5",
    "s": "5",
    "l": "1",
    "I": "1",
    "|": "1",
}
"""Characters that are the only one in their line, and what was printed: a dash looks like the numeral one, an equals
sign like the numeral two, digits like letters."""
_EQUALS = "=＝"
_POINTS = ".,"
_DIGITS = "0123456789"
_LIKE_RELATIONS = "27Z乙"
"""What ≥ and ≦ are read as."""


@dataclass(frozen=True, slots=True)
class _Pieces:
    """The pieces of ink of a line: how many are points, how many as tall as digits."""

    points: int
    tall: int


def checked(line: ReadLine, ink: Ink, print_: Grey) -> ReadLine:
    """The line with less confidence in the characters that its ink speaks against."""
    if len(line.reads) == 1 and line.reads[0].text in _ALONE:
        return replace(line, reads=(_meant(line.reads[0]),))
    x0, top, x1, bottom = line.line.box
    part = ink[top:bottom, x0:x1]
    reads = line.reads
    if reads and bottom - top >= LEAST_HEIGHT:
        if all(read.text in _POINTS + _DIGITS for read in reads):
            reads = _counted(reads, _pieces(part))
        if reads[0].text in _LIKE_RELATIONS and len(reads) > 1 and _is_split(part, reads, x0):
            reads = (replace(reads[0], sure=reads[0].sure * RELATION), *reads[1:])
    if reads and reads[0].text in _BARRED and (len(reads) == 1 or reads[1].text not in _EQUALS):
        end = round((reads[0].middle + reads[1].middle) / 2) if len(reads) > 1 else x1
        reads = (_barred(reads[0], print_[top:bottom, x0:end]), *reads[1:])
    return replace(line, reads=reads)


def _meant(read: Read) -> Read:
    """What a character that no cell consists of stands for; a letter read for a digit is only a guess."""
    text = _ALONE[read.text]
    return replace(read, text=text, sure=read.sure * (LOST if text.isdigit() else GUESSED))


def _barred(read: Read, glyph: Grey) -> Read:
    """A < or > whose lower arm is doubled is the ⩽ or ⩾ of Chinese fonts, whose bar slants with it."""
    dark = np.where(glyph < INK, PAPER - glyph.astype(np.int64), 0)
    columns, rows = np.flatnonzero(dark.any(axis=0)), np.flatnonzero(dark.any(axis=1))
    if len(rows) < 5:
        return read
    tip = columns[-1] if read.text in ">＞" else columns[0]
    near = dark[:, max(tip - 1, 0) : tip + 2].sum(axis=1)
    apex = round(float((near * np.arange(len(near))).sum() / max(near.sum(), 1)))
    upper, lower = int(dark[:apex].sum()), int(dark[apex + 1 :].sum())
    if lower >= BAR * upper:
        return replace(read, text=_BARRED[read.text], sure=read.sure * GUESSED)
    return read if lower < NO_BAR * upper else replace(read, sure=read.sure * LOST)


def _counted(reads: Sequence[Read], pieces: _Pieces) -> tuple[Read, ...]:
    """A figure whose points or digits are not as many as its ink has pieces is not sure."""
    points = sum(read.text in _POINTS for read in reads)
    digits = len(reads) - points
    explained = points >= pieces.points and digits >= pieces.tall
    return tuple(reads) if explained else tuple(replace(read, sure=read.sure * LOST) for read in reads)


def _pieces(part: Ink) -> _Pieces:
    height = part.shape[0]
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
    tops, heights, widths = stats[1:, cv2.CC_STAT_TOP], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_WIDTH]
    low = (heights <= POINT_SIZE * height + 1) & (widths <= POINT_SIZE * height + 1) & (tops >= POINT_TOP * height)
    return _Pieces(int(low.sum()), int((heights >= TALL * height).sum()))


def _is_split(part: Ink, reads: Sequence[Read], left: int) -> bool:
    """Whether the first character's ink has a gap from side to side: a sign over a bar."""
    end = round((reads[0].middle + reads[1].middle) / 2) - left
    rows = np.flatnonzero(part[:, : max(end, 1)].any(axis=1))
    return bool(len(rows)) and bool((np.diff(rows) > 1).any())

"""What the ink of a line says against its reading: lost points and digits, ≥ read as a digit (读数与墨迹核对).

Recognition is sure of its mistakes. Counting pieces of ink is a witness that does not share them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.agreement import BAR_SEEN_ONCE
from parsers.scan.arrays import PAPER, Grey, Ink
from parsers.scan.lines import INK
from parsers.scan.place import WIDE_FROM
from parsers.scan.reading import ReadLine
from parsers.scan.recognise import Read
from parsers.scan.strokes import DASH, EQUALS, EQUALS_HEIGHT, STOP, is_equals

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
HALF_WIDTHS = {False: 0.28, True: 0.5}
"""Em from the middle of a character to its side, for figures and for Chinese characters."""
UNSEEN = 0.42
"""Em of ink beyond that, at an end of a line or between two characters, in which another character stands."""
_BARRED = {">": "≥", "<": "≤", "＞": "≥", "＜": "≤"}
LEAST_ROWS = 5
"""Pixels that a sign is high at least if its arms can be compared."""
_BARE = {"≥": ">", "≧": ">", "≤": "<", "≦": "<"}
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
    **dict.fromkeys("\u2022\u00b7", STOP),
}
"""Characters that are the only one in their line, and what was printed: a dash looks like the numeral one, an equals
sign like the numeral two, a full stop like a bullet, digits like letters."""
_EQUALS = "=＝"
FIGURE = frozenset("0123456789.,\uff0c%")
DOT_SIZE = 0.06
"""Share of a line's height that a point measures at least; smaller specks are dirt."""
HANGING = 0.35
"""Share of a line's height below which a point lies: points of wide type lie in the middle."""
_BROKEN_PERCENT = '"\u2033\u00ba\u00b0\u201c\u201d'
"""Marks that the upper ring of a percent sign is read as: quotation marks and signs of degree."""
_PIECES_OF_PERCENT = frozenset(_BROKEN_PERCENT + "oaouv0.,\u3002")
MOST_BROKEN = 3
"""Characters that one sign is read as at most."""
MIDDLE_DOT = "·"
_POINTS = ".,"
_DIGITS = "0123456789"
_LIKE_RELATIONS = "27Z乙"
"""What ≥ and ≦ are read as."""
_NUMERALS = "一二三\u2014\u2013\u30cb\u30fc"
"""What the bars of = are read as."""
LINE_HEIGHT = 0.8
"""Em that a line of figures and words is high."""


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
    reads = tuple(read for at, read in enumerate(line.reads) if not (at and _is_repeated(line.reads[at - 1], read)))
    if reads and bottom - top >= LEAST_HEIGHT:
        reads = _percent(_with_points(reads, part, x0))
        if all(read.text in _POINTS + _DIGITS for read in reads):
            reads = _counted(reads, _pieces(part))
        reads = (_relation(reads, part, x0), *reads[1:])
        reads = _spaced(reads, part, x0)
    if reads and reads[0].text in _BARRED | _BARE and (len(reads) == 1 or reads[1].text not in _EQUALS):
        end = round((reads[0].middle + reads[1].middle) / 2) if len(reads) > 1 else x1
        reads = (_by_its_arms(reads[0], print_[top:bottom, x0:end]), *reads[1:])
    return replace(line, reads=reads)


def _with_points(reads: Sequence[Read], part: Ink, left: int) -> tuple[Read, ...]:
    """The line with a point or comma between two digits where a small piece of ink lies that recognition dropped, as it
    does in wide type, or took for a middle dot."""
    found = [
        replace(read, text=".", sure=read.sure * GUESSED)
        if read.text == MIDDLE_DOT and _is_between_digits(reads, at)
        else read
        for at, read in enumerate(reads)
    ]
    if not FIGURE.issuperset(read.text for read in found):
        return tuple(reads)
    for middle, is_comma in _dots(part):
        at = sum(read.middle < middle + left for read in found)
        if 0 < at < len(found) and (found[at - 1].text + found[at].text).isdecimal():
            sure = min(found[at - 1].sure, found[at].sure) * LOST
            found.insert(at, Read("," if is_comma else ".", sure, middle + left, "", sure))
    return tuple(found)


def _is_between_digits(reads: Sequence[Read], at: int) -> bool:
    return 0 < at < len(reads) - 1 and (reads[at - 1].text + reads[at + 1].text).isdecimal()


def _dots(part: Ink) -> list[tuple[float, bool]]:
    """Where small pieces of ink lie with nothing above or below them, and whether they hang down as commas do."""
    height = part.shape[0]
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(part), connectivity=8)
    pieces = stats[1:].tolist()
    bottoms = [y + h for _, y, _, h, _ in pieces if h >= TALL * height]
    base = float(np.median(bottoms)) if bottoms else float(height)
    found = []
    for x, y, width, tall, _ in pieces:
        is_small = max(width, tall) <= POINT_SIZE * height + 1 and min(width, tall) >= DOT_SIZE * height
        others = int(part[:, x : x + width].any(axis=1).sum()) - tall
        if is_small and y > HANGING * height and not others:
            found.append((x + width / 2, y + tall > base + DOT_SIZE * height))
    return found


def _percent(reads: Sequence[Read]) -> tuple[Read, ...]:
    """The line with a percent sign for what is read of one whose thin strokes are lost: no figure ends in marks of
    quotation or degree and letters."""
    marks = [at for at, read in enumerate(reads) if read.text in _BROKEN_PERCENT]
    if not marks or not _is_figure_before(reads, marks[0]):
        return tuple(reads)
    rest = reads[marks[0] :]
    if len(rest) > MOST_BROKEN or not _PIECES_OF_PERCENT.issuperset(read.text for read in rest):
        return tuple(reads)
    middle = (rest[0].middle + rest[-1].middle) / 2
    return (*reads[: marks[0]], Read("%", min(read.sure for read in rest) * LOST, middle, "", 0.0))


def _is_figure_before(reads: Sequence[Read], end: int) -> bool:
    return end > 0 and reads[end - 1].text in _DIGITS


def _is_repeated(before: Read, read: Read) -> bool:
    """Whether a middle dot is the one before it, seen twice: nobody prints two."""
    return before.text == read.text == MIDDLE_DOT


def _relation(reads: Sequence[Read], part: Ink, left: int) -> Read:
    """The first character of a line, as what it may be in front of a figure: a relation sign."""
    first = reads[0]
    if len(reads) < 2:
        return first
    if first.text in _LIKE_RELATIONS:
        return replace(first, sure=first.sure * RELATION) if _is_split(part, reads, left) else first
    if reads[1].text not in _DIGITS:
        return first
    if first.text == DASH or first.text in _NUMERALS:
        return _bars(first, _first_glyph(part, reads, left), len(part) / LINE_HEIGHT)
    # No value begins with a single letter: nothing else is known to be read as one.
    return replace(first, sure=first.sure * RELATION) if first.text.isascii() and first.text.isalpha() else first


def _spaced(reads: Sequence[Read], part: Ink, left: int) -> tuple[Read, ...]:
    """The line with less confidence in figures beside which ink stands that no character explains."""
    em = len(part) / LINE_HEIGHT
    sides = [HALF_WIDTHS[read.text > WIDE_FROM] * em for read in reads]
    begins = [0.0, *(read.middle - left + side for read, side in zip(reads, sides, strict=True))]
    ends = [*(read.middle - left - side for read, side in zip(reads, sides, strict=True)), float(part.shape[1])]
    inked = np.asarray(part.any(axis=0))
    lost = [
        int(inked[max(round(a), 0) : max(round(b), 0)].sum()) > UNSEEN * em for a, b in zip(begins, ends, strict=True)
    ]
    return tuple(
        replace(read, sure=read.sure * LOST) if read.text in _DIGITS and (before or after) else read
        for read, before, after in zip(reads, lost, lost[1:], strict=False)
    )


def _bars(first: Read, glyph: Ink, em: float) -> Read:
    """A level stroke in front of a figure: an equals sign, whose bars are higher than one even where they run together,
    or a minus; a numeral stands before no figure."""
    is_minus = first.text == DASH
    as_high = EQUALS_HEIGHT[0] * em <= len(glyph) <= EQUALS_HEIGHT[1] * em
    if is_equals(glyph, em) or (as_high and not is_minus):
        return replace(first, text=EQUALS, sure=first.sure * GUESSED)
    return first if is_minus else replace(first, sure=first.sure * RELATION)


def _first_glyph(part: Ink, reads: Sequence[Read], left: int) -> Ink:
    """The ink of the first character, cropped."""
    end = round((reads[0].middle + reads[1].middle) / 2) - left
    glyph = part[:, : max(end, 1)]
    rows, columns = np.flatnonzero(glyph.any(axis=1)), np.flatnonzero(glyph.any(axis=0))
    return glyph[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if len(rows) else glyph


def _meant(read: Read) -> Read:
    """What a character that no cell consists of stands for; a letter read for a digit is only a guess."""
    text = _ALONE[read.text]
    return replace(read, text=text, sure=read.sure * (LOST if text.isdigit() else GUESSED))


def _by_its_arms(read: Read, glyph: Grey) -> Read:
    """A < or > whose lower arm is doubled is the ⩽ or ⩾ of Chinese fonts, whose bar slants with it; a ≤ or ≥ whose bar
    was guessed, and whose arms are alike, is doubted."""
    if read.text in _BARE and read.sure > BAR_SEEN_ONCE:
        return read
    more = _lower_arm(glyph, read.text in ">＞≥≧")
    if more is None:
        return read
    bare = _BARE.get(read.text, read.text)
    if more >= BAR:
        return replace(read, text=_BARRED[bare], sure=read.sure * (GUESSED if read.text == bare else 1.0))
    return read if read.text == bare and more < NO_BAR else replace(read, sure=read.sure * LOST)


def _lower_arm(glyph: Grey, tip_is_right: bool) -> float | None:
    """How much more ink the lower arm of a relation sign has than the upper; None where it is too small to tell."""
    dark = _first_piece(np.where(glyph < INK, PAPER - glyph.astype(np.int64), 0))
    rows = np.flatnonzero(dark.any(axis=1))
    if len(rows) < LEAST_ROWS:
        return None
    tip = dark.shape[1] - 1 if tip_is_right else 0
    near = np.flatnonzero(dark[:, max(tip - 1, 0) : tip + 2].any(axis=1))
    # Below the tip there may be the end of a level bar.
    parted = np.flatnonzero(np.diff(near) > 1)
    apex = round(float(near[: int(parted[0]) + 1 if len(parted) else len(near)].mean()))
    upper, lower = int(dark[:apex].sum()), int(dark[apex + 1 :].sum())
    return lower / max(upper, 1)


def _first_piece(dark: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """The columns up to the first one without ink: a sign without what stands beside it."""
    columns = np.flatnonzero(dark.any(axis=0))
    if not len(columns):
        return dark
    parted = np.flatnonzero(np.diff(columns) > 1)
    last = int(columns[parted[0]] if len(parted) else columns[-1])
    return dark[:, int(columns[0]) : last + 1]


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

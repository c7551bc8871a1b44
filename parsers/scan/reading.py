"""The lines of a flat page read, again where one reading is not sure (识别文本行)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.agreement import agreed, least, voted
from parsers.scan.arrays import PAPER, Grey, Ink, as_bytes
from parsers.scan.lines import FAINT, TextLine
from parsers.scan.recognise import LineReader, Read, Reading
from parsers.scan.strokes import sign_of
from schemas.numerals import CHINESE_CHARS

AROUND = 0.14
"""Paper above and below the ink of a line, as a share of its height."""
SIDE = 0.25
"""Em of paper on both sides of a line."""
LEAST = 0.95
"""Em that the picture of a line is high at least, so that a dash does not fill it."""
WIDTH, AGAIN, WIDE = 0.75, 1.0, 1.25
"""Share of its width at which a line is read first, a second and a last time. Narrow pictures are cheap and read no
worse, as long as two equal digits side by side have more than two steps each: narrower ones lose digits, and surely."""
PROSE = 8.0
"""Line heights from which a line is long."""
SURE = 0.8
"""Confidence below which two readings are not enough."""
FEW = 3
"""Characters below which a line is read twice."""
SURE_WORD, SURE_AT_ONCE = 0.95, 0.98
"""Confidence in a Chinese character, and in any other, from which one reading is enough."""
BARRED = "<>\u2264\u2265\u2266\u2267\uff1c\uff1e"
"""Signs of which one reading may see the bar and another not."""
SOFT = 0.8
"""Pixels by which words are softened for another reading."""
SPECKS = frozenset("·•˙'`")
"""What a speck before or behind a text is read as."""
POINTS = frozenset(".．")
"""What a speck behind a character is read as; behind a numeral such a point is printed (一.)."""
PERCENT = frozenset("%％")
NUMERALS = frozenset(CHINESE_CHARS)
LATIN = "\u2e7f"
"""Characters beyond this one are Chinese."""
SHORT = 1.25
"""Em of ink up to which a line is read between figures: one character, or two digits."""
DIGITS = "0123456789"
MOST_DIGITS, SURE_FIGURE = 4, 0.97
"""Digits of a figure that short lines are shown beside, and how sure its reading is."""
DRAWN, DRAWN_SCALE = ("95", "37"), 3.0
"""Figures for pages without any of their own."""
SIGN_SURE = 0.98
"""Confidence in a sign told by its shape."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with the characters read, their places in pixels of the page."""

    line: TextLine
    reads: Reading


def read_lines(print_: Grey, ink: Ink, lines: Sequence[TextLine], em: float, reader: LineReader) -> list[ReadLine]:
    """Every line read: signs of one stroke by their shape, short lines between figures of the page; those of which one
    reading is not sure twice, and again where that leaves doubt."""
    cuts = [crop_of(print_, line, em) for line in lines]
    reads = [_read(ink, line, cut, em, reader) for line, cut in zip(lines, cuts, strict=True)]
    short = [index for index, found in enumerate(reads) if found is None]
    beside = _neighbours(reads, [crop for crop, _ in cuts])
    for index, found in zip(short, _read_short([cuts[index][0] for index in short], beside, reader), strict=True):
        reads[index] = _moved(found, cuts[index][1])
    return [ReadLine(line, without_specks(found or ())) for line, found in zip(lines, reads, strict=True)]


def without_specks(reads: Reading) -> Reading:
    """The reading without the dots that noise leaves around Chinese characters and behind a percent sign, where nothing
    prints them."""
    texts = ["", *(read.text for read in reads), ""]
    places = enumerate(zip(texts, texts[1:], texts[2:], strict=False))
    return tuple(reads[at] for at, (before, dot, after) in places if not _is_speck(before, dot, after))


def _is_speck(before: str, dot: str, after: str) -> bool:
    if before and after:
        return dot in POINTS and min(before, after) > LATIN and before not in NUMERALS
    beside_words = (before or after) > LATIN and before not in NUMERALS
    return dot in SPECKS | POINTS and (beside_words or before in PERCENT)


def _read(ink: Ink, line: TextLine, cut: tuple[Grey, int], em: float, reader: LineReader) -> Reading | None:
    """What stands in a line, None where it is too short to be read alone."""
    sign = sign_of(ink, line, em)
    if sign is not None:
        return (Read(sign, SIGN_SURE, (line.box[0] + line.box[2]) / 2, "", 0.0),)
    if line.width < SHORT * em:
        return None
    crop, left = cut
    return _moved(_read_long(crop, reader), left)


def first_reading(crop: Grey, reader: LineReader) -> Reading:
    """A line as it is read first."""
    return reader.read(crop, WIDTH)


def _is_prose(crop: Grey) -> bool:
    return bool(crop.shape[1] >= PROSE * crop.shape[0])


def _read_long(crop: Grey, reader: LineReader) -> Reading:
    first = first_reading(crop, reader)
    if not _needs_second(first):
        return first
    second = reader.read(crop, AGAIN)
    both = agreed(first, second)
    if _is_prose(crop) or least(both) >= SURE:
        return both
    return voted((first, second, reader.read(_treated(crop, both), WIDTH), reader.read(crop, WIDE)))


def _read_short(crops: Sequence[Grey], beside: Sequence[Grey], reader: LineReader) -> list[Reading]:
    """Short lines, each shown between others, again with these changed over where it is not sure, and twice more where
    that leaves doubt."""
    found = reader.read_between(crops, beside)
    unsure = [index for index, reads in enumerate(found) if not reads or any(_is_unsure(read) for read in reads)]
    seconds = reader.read_between([crops[index] for index in unsure], beside[::-1])
    both = {index: agreed(found[index], second) for index, second in zip(unsure, seconds, strict=True)}
    doubted = [(index, second) for index, second in zip(unsure, seconds, strict=True) if least(both[index]) < SURE]
    treated = [_treated(crops[index], both[index]) for index, _ in doubted]
    others = (reader.read_between(treated, way) for way in (beside, beside[::-1]))
    for (index, second), *more in zip(doubted, *others, strict=True):
        both[index] = voted((found[index], second, *more))
    return [both.get(index, reads) for index, reads in enumerate(found)]


def _treated(crop: Grey, reads: Reading) -> Grey:
    """The line as another eye sees it: figures in plain black and white, words a little softer."""
    if any(read.text > LATIN for read in reads):
        return as_bytes(cv2.GaussianBlur(crop, (0, 0), SOFT))
    larger = cv2.resize(crop, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    plain = cv2.threshold(larger, 0, PAPER, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1]
    return as_bytes(cv2.resize(plain, crop.shape[::-1], interpolation=cv2.INTER_AREA))


def _neighbours(reads: Sequence[Reading | None], crops: Sequence[Grey]) -> list[Grey]:
    """Two figures that short lines are shown between: the surest of the page's own, in its own type."""
    figures = [
        (least(found), index)
        for index, found in enumerate(reads)
        if found is not None and 2 <= len(found) <= MOST_DIGITS and all(read.text in DIGITS for read in found)
    ]
    own = [crops[index] for sure, index in sorted(figures, reverse=True)[:2] if sure >= SURE_FIGURE]
    return [*own, *map(_drawn, DRAWN)][:2]


def _drawn(figure: str) -> Grey:
    """A figure in plain type, for pages without any of their own."""
    font, thick = cv2.FONT_HERSHEY_COMPLEX, 4
    (width, height), _ = cv2.getTextSize(figure, font, DRAWN_SCALE, thick)
    picture = np.full((round(height * 1.6), width + height), PAPER, np.uint8)
    cv2.putText(picture, figure, (height // 2, round(height * 1.3)), font, DRAWN_SCALE, 0, thick, cv2.LINE_AA)
    return picture


def _moved(reads: Reading, left: int) -> Reading:
    return tuple(replace(read, middle=read.middle + left) for read in reads)


def crop_of(print_: Grey, line: TextLine, em: float) -> tuple[Grey, int]:
    """The picture of a line with some paper around its ink, and where on the page it begins."""
    _, top, _, bottom = line.box
    _, room_top, _, room_bottom = line.room
    middle, half = (top + bottom) / 2, max((bottom - top) * (0.5 + AROUND), LEAST * em / 2)
    upper, lower = round(middle - half), round(middle + half)
    first, last = max(room_top, upper), min(room_bottom, lower)
    x0, x1 = _sides(print_, line, slice(first, last), round(SIDE * em))
    crop = np.full((lower - upper, x1 - x0), PAPER, np.uint8)
    crop[first - upper : last - upper] = print_[first:last, x0:x1]
    return crop, x0


def _sides(print_: Grey, line: TextLine, rows: slice, around: int) -> tuple[int, int]:
    """From where to where a line reaches with what is faint in its room, and some paper on both sides."""
    left, _, right, _ = line.room
    faint = np.flatnonzero((print_[rows, left:right] < FAINT).any(axis=0)).tolist()
    begin, end = (left + faint[0], left + faint[-1] + 1) if faint else (line.box[0], line.box[2])
    return max(left, min(begin, line.box[0]) - around), min(right, max(end, line.box[2]) + around)


def _needs_second(reads: Sequence[Read]) -> bool:
    """Whether a line has to be read twice: it is short, or holds a sign whose bar may be lost, or is not sure."""
    return len(reads) < FEW or any(_is_unsure(read) for read in reads)


def _is_unsure(read: Read) -> bool:
    return read.text in BARRED or read.sure < (SURE_WORD if read.text > LATIN else SURE_AT_ONCE)

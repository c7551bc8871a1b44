"""The lines of a flat page read, twice where they hold figures (识别文本行)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from parsers.scan.agreement import Reading, agreed, least, voted
from parsers.scan.arrays import PAPER, Grey, Ink, as_bytes
from parsers.scan.lines import TextLine
from parsers.scan.models import Models
from parsers.scan.recognise import Read, read_between, read_line
from parsers.scan.strokes import sign_of

AROUND = 0.14
"""Paper above and below the ink of a line, as a share of its height."""
LEAST = 0.95
"""Em that the picture of a line is high at least, so that a dash does not fill it."""
WIDTH, PROSE_WIDTH, AGAIN, WIDE = 0.75, 0.62, 1.0, 1.25
"""Share of its width at which a line is read first, a long line first, and either a second and a last time. Narrow
pictures are cheap and read no worse, as long as two equal digits side by side have more than two steps each."""
PROSE = 8.0
"""Line heights from which a line is long."""
SURE = 0.8
"""Confidence below which two readings are not enough."""
SOFT = 0.8
"""Pixels by which words are softened for another reading."""
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


def read_lines(print_: Grey, ink: Ink, lines: Sequence[TextLine], em: float, models: Models) -> list[ReadLine]:
    """Every line read: signs of one stroke by their shape, short lines between figures of the page; those with figures
    twice, and again where that leaves doubt."""
    cuts = [crop_of(print_, line, em) for line in lines]
    reads = [_read(ink, line, cut, em, models) for line, cut in zip(lines, cuts, strict=True)]
    beside = _neighbours(reads, [crop for crop, _ in cuts])
    for index, (crop, left) in enumerate(cuts):
        if reads[index] is None:
            reads[index] = _moved(_read_short(crop, beside, models), left)
    return [ReadLine(line, found or ()) for line, found in zip(lines, reads, strict=True)]


def _read(ink: Ink, line: TextLine, cut: tuple[Grey, int], em: float, models: Models) -> Reading | None:
    """What stands in a line, None where it is too short to be read alone."""
    sign = sign_of(ink, line, em)
    if sign is not None:
        return (Read(sign, SIGN_SURE, (line.box[0] + line.box[2]) / 2, "", 0.0),)
    if line.width < SHORT * em:
        return None
    crop, left = cut
    return _moved(_read_long(crop, models), left)


def _read_long(crop: Grey, models: Models) -> Reading:
    is_prose = crop.shape[1] >= PROSE * crop.shape[0]
    first = read_line(crop, models, PROSE_WIDTH if is_prose else WIDTH)
    if not _needs_second(first):
        return first
    second = read_line(crop, models, AGAIN)
    both = agreed(first, second)
    if is_prose or least(both) >= SURE:
        return both
    return voted((first, second, read_line(_treated(crop, both), models, WIDTH), read_line(crop, models, WIDE)))


def _read_short(crop: Grey, beside: Sequence[Grey], models: Models) -> Reading:
    first, second = (read_between(crop, neighbour, models) for neighbour in beside)
    both = agreed(first, second)
    if least(both) >= SURE:
        return both
    others = (read_between(_treated(crop, both), neighbour, models) for neighbour in beside)
    return voted((first, second, *others))


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
    x0, room_top, x1, room_bottom = line.room
    middle, half = (top + bottom) / 2, max((bottom - top) * (0.5 + AROUND), LEAST * em / 2)
    upper, lower = round(middle - half), round(middle + half)
    crop = np.full((lower - upper, x1 - x0), PAPER, np.uint8)
    first, last = max(room_top, upper), min(room_bottom, lower)
    crop[first - upper : last - upper] = print_[first:last, x0:x1]
    return crop, x0


def _needs_second(reads: Sequence[Read]) -> bool:
    """Whether a line has to be read twice: it holds a figure or a sign, or is short, or is not sure."""
    return len(reads) < 3 or any(read.sure < 0.9 or not read.text > LATIN for read in reads)

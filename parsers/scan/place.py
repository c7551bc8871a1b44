"""Read lines as the characters of a page, as if a text layer had drawn them (字符定位)."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence
from itertools import pairwise

from parsers.pdf.shapes import UNREADABLE, Char
from parsers.scan.lines import TextLine
from parsers.scan.reading import ReadLine
from parsers.scan.recognise import Read

WIDE_FROM = "\u2e7f"
"""Characters beyond this one are as wide as high."""
NARROW = 0.56
"""Em of a digit or a Latin letter."""
OPENING, CLOSING = "(（[【《〈“‘", ")）]】》〉”’、，。；：！？"
"""Characters whose ink stands in the right and in the left half of their box."""
BLANK_HALF = 0.36
"""Em of paper in the other half."""
GAP, COLUMN_GAP = 0.6, 0.35
"""Em between two characters, beyond their own widths, from which paper lies between them, in a cell and outside all
cells, where it may part two columns."""
FIGURE = frozenset("0123456789.,")
FEWEST_STEPS, EVEN = 3, 1.35
"""Steps from digit to digit that tell how wide the digits of a line are, and how much longer one of them may be."""
INK_SHARE = 0.92
"""Share of the em box that Chinese characters fill."""
DIGIT_SHARE = 0.72
"""Share of the em box that digits are high."""
TALL = frozenset("()（）[]【】/|")
"""Signs as high as Chinese characters."""
NEAR = 1.3
"""A line's type is the page's usual one where its height says so within this factor."""


def characters(line: ReadLine, em: float, points: float, run: int) -> Iterator[tuple[Char, Read]]:
    """The characters of a line in points, each with how it was read.

    `em` is the page's usual type in pixels, `points` the measure of a pixel, `run` the line's number.
    """
    _, top, _, bottom = line.line.box
    size = _size(line, em)
    middle = (top + bottom) / 2
    gap = (GAP if line.line.cell >= 0 else COLUMN_GAP) * size
    for read, (left, right) in zip(line.reads, _extents(line.reads, size, gap), strict=True):
        if read.text.isspace():
            continue
        char = Char(
            read.text,
            left * points,
            (middle - size / 2) * points,
            right * points,
            (middle + size / 2) * points,
            size * points,
            run=run,
        )
        yield char, read


def unreadable(line: TextLine, em: float, points: float) -> Char:
    """What stands for ink that nobody can read, so that its cell does not look empty."""
    x0, top, x1, bottom = line.box
    middle = (top + bottom) / 2
    x1 = x1 if line.cell >= 0 else min(x1, x0 + round(em))
    return Char(
        UNREADABLE, x0 * points, (middle - em / 2) * points, x1 * points, (middle + em / 2) * points, em * points
    )


def _size(line: ReadLine, em: float) -> float:
    """The type of a line in pixels, from the height of its ink."""
    tall = any(read.text > WIDE_FROM or read.text in TALL for read in line.reads)
    height = line.line.height / (INK_SHARE if tall else DIGIT_SHARE)
    return em if em / NEAR <= height <= em * NEAR or height < em else height


def _reach(read: Read, size: float) -> tuple[float, float]:
    """How far a character reaches to the left and right of its ink's middle: of brackets and stops of Chinese type the
    half of the box without ink belongs to them too."""
    half = (size if read.text > WIDE_FROM and read.text not in OPENING + CLOSING else NARROW * size) / 2
    left = half + BLANK_HALF * size if read.text in OPENING else half
    right = half + BLANK_HALF * size if read.text in CLOSING else half
    return left, right


def _pitch(reads: Sequence[Read]) -> float:
    """From digit to digit of a line; 0 where there are too few to tell."""
    steps = [after.middle - read.middle for read, after in pairwise(reads) if (read.text + after.text).isdecimal()]
    return statistics.median(steps) if len(steps) >= FEWEST_STEPS else 0.0


def _extents(reads: Sequence[Read], size: float, paper: float) -> list[tuple[float, float]]:
    """From where to where each character reaches: to halfway to its neighbour unless `paper` pixels lie between them.

    Digits as wide as Chinese characters stand as far apart as these.
    """
    pitch = _pitch(reads)
    reaches = [_reach(read, size) for read in reads]
    lefts = [read.middle - left for read, (left, _) in zip(reads, reaches, strict=True)]
    rights = [read.middle + right for read, (_, right) in zip(reads, reaches, strict=True)]
    for index in range(len(reads) - 1):
        gap = lefts[index + 1] - rights[index]
        step = reads[index + 1].middle - reads[index].middle
        is_figure = FIGURE.issuperset(reads[index].text + reads[index + 1].text)
        if gap < paper or (is_figure and step < EVEN * pitch):
            lefts[index + 1] = rights[index] = (reads[index].middle + reads[index + 1].middle) / 2
    return list(zip(lefts, rights, strict=True))

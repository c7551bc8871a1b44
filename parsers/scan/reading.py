"""The lines of a flat page read, twice where they hold figures (识别文本行)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

import numpy as np

from parsers.scan.arrays import PAPER, Grey, Ink
from parsers.scan.lines import TextLine
from parsers.scan.models import Models
from parsers.scan.recognise import Read, read_line, read_repeated
from parsers.scan.strokes import sign_of

AROUND = 0.14
"""Paper above and below the ink of a line, as a share of its height."""
LEAST = 0.95
"""Em that the picture of a line is high at least, so that a dash does not fill it."""
WIDTH, PROSE_WIDTH, AGAIN = 0.75, 0.62, 1.0
"""Share of its width at which a line is read first, a long line first, and either a second time. Narrow pictures are
cheap and read no worse, as long as two equal digits side by side have more than two steps of the model each."""
PROSE = 8.0
"""Line heights from which a line is long."""
DISAGREED = 0.5
"""What is left of the confidence in a character that two readings disagree about."""
BAR_SEEN_ONCE = 0.85
"""What is left of the confidence in a sign whose bar one of two readings saw."""
_BARRED = {(">", "≥"), ("<", "≤"), (">", "≧"), ("<", "≦"), ("＞", "≥"), ("＜", "≤")}
NARROW = 1.05
"""Lines narrower than this many of their heights are read from a picture that repeats them."""
SIGN_SURE = 0.98
"""Confidence in a sign told by its shape."""


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line with the characters read, their places in pixels of the page."""

    line: TextLine
    reads: tuple[Read, ...]


def read_lines(print_: Grey, ink: Ink, lines: Sequence[TextLine], em: float, models: Models) -> list[ReadLine]:
    """Every line read; short ones and those with figures twice, signs of one stroke by their shape."""
    return [_read(print_, ink, line, em, models) for line in lines]


def _read(print_: Grey, ink: Ink, line: TextLine, em: float, models: Models) -> ReadLine:
    sign = sign_of(ink, line, em)
    if sign is not None:
        return ReadLine(line, (Read(sign, SIGN_SURE, (line.box[0] + line.box[2]) / 2, "", 0.0),))
    crop, left = crop_of(print_, line, em)
    if crop.shape[1] < NARROW * crop.shape[0]:
        first, second = read_repeated(crop, models, 2), read_repeated(crop, models, 3)
        return ReadLine(line, _moved(_agreed(first, second), left))
    first = read_line(crop, models, WIDTH if crop.shape[1] < PROSE * crop.shape[0] else PROSE_WIDTH)
    if _needs_second(first):
        first = _agreed(first, read_line(crop, models, AGAIN))
    return ReadLine(line, _moved(first, left))


def _moved(reads: Sequence[Read], left: int) -> tuple[Read, ...]:
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
    return len(reads) < 3 or any(read.sure < 0.9 or not read.text > "\u2e7f" for read in reads)


def _agreed(first: Sequence[Read], second: Sequence[Read]) -> tuple[Read, ...]:
    """The better reading, each character as sure as both readings make it."""
    if _plain(first) == _plain(second):
        return tuple(replace(a, sure=a.sure * b.sure) for a, b in zip(first, second, strict=True))
    first, second = _with_bars(first, second), _with_bars(second, first)
    if _plain(first) == _plain(second):
        return tuple(replace(a, sure=a.sure * b.sure) for a, b in zip(first, second, strict=True))
    better, other = (first, second) if _least(first) >= _least(second) else (second, first)
    matched = _in_common(_plain(better), _plain(other))
    return tuple(
        read if index in matched else replace(read, sure=read.sure * DISAGREED) for index, read in enumerate(better)
    )


def _with_bars(reads: Sequence[Read], others: Sequence[Read]) -> tuple[Read, ...]:
    """The reading with ≥ and ≤ where only the other one saw the bar: a bar is lost more easily than made up."""
    if len(reads) != len(others):
        return tuple(reads)
    return tuple(
        replace(read, text=other.text, sure=read.sure * BAR_SEEN_ONCE) if (read.text, other.text) in _BARRED else read
        for read, other in zip(reads, others, strict=True)
    )


def _plain(reads: Sequence[Read]) -> list[str]:
    """The texts with full-width and half-width forms taken for one."""
    return [unicodedata.normalize("NFKC", read.text) for read in reads]


def _least(reads: Sequence[Read]) -> float:
    return min((read.sure for read in reads), default=0.0)


def _in_common(first: Sequence[str], second: Sequence[str]) -> set[int]:
    """Indices in `first` of the characters both readings have, in order."""
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {block.a + step for block in blocks for step in range(block.size)}

"""What several readings of one line say together (多次识读的合并)."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from parsers.scan.recognise import Read

Reading = tuple[Read, ...]
"""The characters of one line, from left to right."""

DISAGREED = 0.5
"""What is left of the confidence in a character that two readings disagree about."""
BAR_SEEN_ONCE = 0.85
"""What is left of the confidence in a sign whose bar only some readings saw."""
_BARRED = {">": "≥", "<": "≤", "＞": "≥", "＜": "≤"}


def least(reads: Reading) -> float:
    """The confidence in the least sure character, 0 where there is none."""
    return min((read.sure for read in reads), default=0.0)


def agreed(first: Reading, second: Reading) -> Reading:
    """The better of two readings, each character as sure as both make it."""
    first, second = _with_bars(first, second), _with_bars(second, first)
    if _plain(first) == _plain(second):
        return tuple(replace(a, sure=a.sure * b.sure) for a, b in zip(first, second, strict=True))
    better, other = (first, second) if least(first) >= least(second) else (second, first)
    matched = _in_common(_plain(better), _plain(other))
    return tuple(
        read if index in matched else replace(read, sure=read.sure * DISAGREED) for index, read in enumerate(better)
    )


def voted(readings: Sequence[Reading]) -> Reading:
    """What most of three or more readings say, character by character.

    A character is as sure as the readings that have it, out of all: one dissenting reading of four costs a quarter.
    """
    lengths = Counter(len(reads) for reads in readings)
    usual = max(lengths, key=lambda length: (lengths[length], max(least(r) for r in readings if len(r) == length)))
    alike = [reads for reads in readings if len(reads) == usual]
    return tuple(_elected(place, len(readings)) for place in zip(*alike, strict=True))


def _elected(reads: Sequence[Read], voters: int) -> Read:
    """The character most readings see at one place."""
    weights: dict[str, float] = defaultdict(float)
    for read in reads:
        weights[_plain((read,))[0]] += read.sure
    text = max(weights, key=lambda text: weights[text])
    sure = weights[text] / voters
    barred = _BARRED.get(text, "")
    if barred in weights:
        text, sure = barred, (weights[text] + weights[barred]) / voters * BAR_SEEN_ONCE
    chosen = max((read for read in reads if _plain((read,)) == [text]), key=lambda read: read.sure)
    return replace(chosen, sure=sure)


def _with_bars(reads: Reading, others: Reading) -> Reading:
    """The reading with ≥ and ≤ where only the other one saw the bar: a bar is lost more easily than made up."""
    if len(reads) != len(others):
        return reads
    return tuple(
        replace(read, text=_BARRED[read.text], sure=read.sure * BAR_SEEN_ONCE)
        if _plain((other,)) == [_BARRED.get(read.text)]
        else read
        for read, other in zip(reads, others, strict=True)
    )


def _plain(reads: Reading) -> list[str]:
    """The texts with full-width and half-width forms, and the two ways to print ≥ and ≤, taken for one."""
    return [unicodedata.normalize("NFKC", read.text).translate(_ONE_BAR) for read in reads]


_ONE_BAR = str.maketrans("≧≦", "≥≤")


def _in_common(first: Sequence[str], second: Sequence[str]) -> set[int]:
    """Indices in `first` of the characters both readings have, in order."""
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_matching_blocks()
    return {block.a + step for block in blocks for step in range(block.size)}

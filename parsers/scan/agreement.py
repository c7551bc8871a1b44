"""What several readings of one line say together (多次识读的合并)."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from parsers.scan.recognise import Read, Reading

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
        return tuple(replace(_likelier_other(a, b), sure=a.sure * b.sure) for a, b in zip(first, second, strict=True))
    better, other = (first, second) if least(first) >= least(second) else (second, first)
    blocks = _compared(better, other)
    matched = {index for kind, here, _ in blocks if kind == "equal" for index in here}
    return tuple(
        read if index in matched else replace(read, sure=read.sure * DISAGREED)
        for index, read in enumerate(_with_others(better, other, blocks))
    )


def voted(readings: Sequence[Reading]) -> Reading:
    """What most of three or more readings say, character by character.

    A character is as sure as the readings that have it, out of all: one dissenting reading of four costs a quarter.
    """
    lengths = Counter(len(reads) for reads in readings)
    usual = max(lengths, key=lambda length: (lengths[length], max(least(r) for r in readings if len(r) == length)))
    alike = [reads for reads in readings if len(reads) == usual]
    elected = tuple(_elected(place, len(readings)) for place in zip(*alike, strict=True))
    for reads in readings:
        if len(reads) != usual:
            elected = _with_others(elected, reads, _compared(elected, reads))
    return elected


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
    other = max((one for one in weights if one != text), key=lambda one: weights[one], default=None)
    if other is None:
        return replace(chosen, sure=sure)
    return replace(chosen, sure=sure, other=other, other_sure=weights[other] / voters)


def _likelier_other(first: Read, second: Read) -> Read:
    """The first of two readings of a character, with what either says it may be otherwise."""
    if second.other_sure <= first.other_sure:
        return first
    return replace(first, other=second.other, other_sure=second.other_sure)


Block = tuple[str, range, range]
"""How a stretch of one reading differs from the other's: equal, replace, delete, insert; indices in both."""


def _compared(reads: Reading, others: Reading) -> list[Block]:
    matcher = SequenceMatcher(None, _plain(reads), _plain(others), autojunk=False)
    return [(kind, range(a, b), range(c, d)) for kind, a, b, c, d in matcher.get_opcodes()]


def _with_others(reads: Reading, others: Reading, blocks: Sequence[Block]) -> Reading:
    """The reading, each character with what another reading has in its place: nothing, where that one lacks it, and
    what it has more beside the character before."""
    found = list(reads)
    for kind, here, there in blocks:
        more = "".join(others[index].text for index in there)
        if kind == "replace" and len(here) == len(there):
            for index, other in zip(here, there, strict=True):
                found[index] = _or_else(found[index], others[other].text, others[other].sure)
        elif kind == "delete":
            for index in here:
                found[index] = _or_else(found[index], "", found[index].sure)
        elif kind == "insert" and reads:
            at = max(here.start - 1, 0)
            text = found[at].text + more if here.start else more + found[at].text
            found[at] = _or_else(found[at], text, min(others[index].sure for index in there))
    return tuple(found)


def _or_else(read: Read, other: str, sure: float) -> Read:
    """The character with what another reading has for it, unless something likelier is known."""
    return replace(read, other=other, other_sure=sure) if sure > read.other_sure else read


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

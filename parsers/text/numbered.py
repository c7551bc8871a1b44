"""Rows whole by themselves in a form whose order is lost: 指标7：建证人数 221人 221人 2 2 (有编号的整行).

Taken only where nothing else fits: two values with their units, then points and a score that is not more, no further
figure behind them, and before the name that of a level, or the whole row of another numbered name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import regex

from parsers.text.placing import is_level
from schemas.lexicon import lexicon
from schemas.quantities import parse_number
from schemas.vocabulary import pattern

_NAME = pattern("numbered_name")
_BEGINS_VALUE = regex.compile(r"[\d≥≤<>=≧≦＝]")
_PLAIN = regex.compile(r"\d{1,3}(?:\.\d{1,2})?")
_FIGURES = 4
_MOST_PIECES = 3
"""Pieces in which a name may be printed."""
_CONCEPTS = ("level3", "target", "actual", "points", "score")
_FULL = Decimal(100)


@dataclass(frozen=True, slots=True)
class NumberedRow:
    """The cells of a row, and the cells [first, stop) of the text they were."""

    cells: tuple[str, ...]
    first: int
    stop: int


def heads() -> list[str]:
    """A head of the tables for each cell of such a row."""
    named = {concept.name: concept.words for concept in lexicon().columns}
    return [min(named[concept], key=lambda word: (len(word), word)) for concept in _CONCEPTS]


def numbered_rows(texts: Sequence[str]) -> list[NumberedRow]:
    """The rows that are whole by themselves among cells of which the order is lost."""
    starts = [at for at, text in enumerate(texts) if _NAME.match(text)]
    found = [_row(texts, at) for at in starts]
    before = [True, *(row is not None for row in found)]
    opened = [follows or is_level(texts[at - 1]) for at, follows in zip(starts, before, strict=False)]
    return [row for row, opens in zip(found, opened, strict=True) if row is not None and opens]


def _row(texts: Sequence[str], first: int) -> NumberedRow | None:
    figures = first + 1
    while figures < len(texts) and not _is_figure(texts[figures]):
        figures += 1
    stop = figures + _FIGURES
    if figures - first > _MOST_PIECES or stop > len(texts) or _goes_on(texts, stop):
        return None
    target, actual, points, score = texts[figures:stop]
    if _PLAIN.fullmatch(target) or _PLAIN.fullmatch(actual) or not (_is_figure(target) and _is_figure(actual)):
        return None
    whole = _points(points)
    reached = _points(score)
    if whole is None or reached is None or not reached <= whole <= _FULL:
        return None
    return NumberedRow(("".join(texts[first:figures]), target, actual, points, score), first, stop)


def _goes_on(texts: Sequence[str], stop: int) -> bool:
    """Whether a figure follows at once, so that those before it may be of other rows."""
    return stop < len(texts) and _is_figure(texts[stop])


def _is_figure(text: str) -> bool:
    return _BEGINS_VALUE.match(text) is not None


def _points(text: str) -> Decimal | None:
    number = parse_number(text) if _PLAIN.fullmatch(text) else None
    return None if number is None else number.value

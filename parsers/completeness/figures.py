"""Figures as a reader of the page sees them (印出的数字): runs of digits with their point and thousands commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.numerals import fold

_FIGURE = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?", re.ASCII)
_WITH_LETTERS = re.compile(r"[\dOoIl]{1,9}(?:,[\dOoIl]{3})*(?:\.[\dOoIl]+)?%?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure: `text` as printed, its place in the text around it, its worth without unit or sign."""

    text: str
    start: int
    end: int
    worth: Decimal


@lru_cache(maxsize=4096)
def figures_in(text: str) -> tuple[Figure, ...]:
    """The figures of `text` from left to right. Both sides of the account ask for the same texts."""
    return tuple(
        Figure(text[match.start() : match.end()], match.start(), match.end(), Decimal(match[0].replace(",", "")))
        for match in _FIGURE.finditer(fold(text))
    )


@lru_cache(maxsize=4096)
def holds_look_alikes(text: str) -> bool:
    """Whether a cell is a figure in which a letter stands for a digit (4O0, l5.5): a figure, and no code."""
    plain = "".join(fold(text).split())
    return _WITH_LETTERS.fullmatch(plain) is not None and any(map(str.isdigit, plain)) and any(map(str.isalpha, plain))

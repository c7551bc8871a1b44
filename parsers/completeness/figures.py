"""Figures as a reader of the page sees them (印出的数字): runs of digits with their point and thousands commas."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.numerals import fold

_FIGURE = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?", re.ASCII)


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

"""Comparing figures by their digits alone (数字的比对)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_FIGURE = re.compile(r"\d+(?:\.\d+)?")
_SEPARATOR = re.compile(r"(?<=\d),(?=\d)")


def figures(text: str) -> Counter[str]:
    """The figures of a text as digits and points, separators of thousands left out."""
    return Counter(_FIGURE.findall(_plain(text)))


def holds(text: str, raw: str) -> bool:
    """Whether a text has every figure of `raw`, also where it sets blanks or line breaks between the digits."""
    wanted = figures(raw)
    if wanted <= figures(text):
        return True
    squeezed = "".join(_plain(text).split())
    return all(re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", squeezed) for figure in wanted)


def squeezed(text: str) -> str:
    """A text without blanks, half-width, as cells are compared."""
    return "".join(_plain(text).split())


def _plain(text: str) -> str:
    return _SEPARATOR.sub("", unicodedata.normalize("NFKC", text))

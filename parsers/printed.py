"""Text as it is printed, whatever format it comes from (印出的文字)."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Soft hyphens, zero-width blanks, direction marks: nothing is printed for them inside a line."""

_SUPERSCRIPT = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_NOT_RAISED = re.compile(r"[^0-9+\-−]")


def clean_lines(text: str) -> str:
    """Lines without outer white space, without invisible characters; empty lines fall away."""
    if "\n" not in text:
        return _INVISIBLE.sub("", text).strip()
    lines = (line.strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


def superscript(text: str) -> str:
    """`text` set raised: digits and signs as raised ones (m²), anything else as it is."""
    return text if _NOT_RAISED.search(text) else text.translate(_SUPERSCRIPT)


def subscript(text: str) -> str:
    """`text` set lowered: digits and signs as lowered ones, anything else as it is."""
    return text if _NOT_RAISED.search(text) else text.translate(_SUBSCRIPT)

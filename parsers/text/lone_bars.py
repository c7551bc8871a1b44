"""Bars that stand on lines of their own, below the cells they end (竖线单独成行)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.text.framed import are_framed
from parsers.text.lines import SOFT_BREAK, is_blank

_LONE_BAR = re.compile(r"\s*[|｜]\s*")
_BAR = re.compile(r"[|｜]")
_BARS = ("|", "｜")
_ENDED = "{} |"
_FEWEST = 6
"""Lone bars from which on they are how the text ends its cells."""
_TALLEST = 8
"""Most lines with text of a cell."""


def with_bars(lines: list[str]) -> list[str]:
    """The lines with each lone bar moved to the end of the cell above it; blank lines are left where text was moved.

    The lines between two bars are one cell, that above the first bar is one line. A bar below a bar ends a blank cell.
    """
    lone = [index for index, line in enumerate(lines) if _LONE_BAR.fullmatch(line)]
    if len(lone) < _FEWEST or are_framed(lines, lone):
        return lines
    moved = list(lines)
    for bar, cell in _cells(lines, lone):
        for index in (*cell, bar):
            moved[index] = ""
        moved[cell[0]] = _ENDED.format(SOFT_BREAK.join(lines[index].strip() for index in cell))
    return moved


def _cells(lines: list[str], lone: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Each lone bar with the lines of the cell it ends, if there is one."""
    for bar in lone:
        text: list[int] = []
        at = bar - 1
        while at >= 0 and not _BAR.search(lines[at]):
            text += [] if is_blank(lines[at]) else [at]
            at -= 1
        if at >= 0 and not lines[at].rstrip().endswith(_BARS):
            text.append(at)  # what stands behind a bar begins the cell
        whole = at >= 0 and len(text) <= _TALLEST
        if text:
            yield bar, text[::-1] if whole else text[:1]

"""Figures of text files looked up in the raw lines (文本复读)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from parsers.second_reading.digits import figures, holds
from parsers.second_reading.spots import Seen, Spot

LONGEST_ROW = 30
"""Lines a row may take: some dumps set each cell on a line of its own, with blank lines between."""


def look_in_text(path: Path, encoding: str, spots: Sequence[Spot]) -> list[Seen]:
    """Whether each figure stands in the lines it was read from."""
    lines = path.read_bytes().decode(encoding).splitlines()
    return [_agrees(lines, spot) for spot in spots]


def _agrees(lines: Sequence[str], spot: Spot) -> Seen:
    if spot.line is None or not figures(spot.raw):
        return None
    return holds("\n".join(lines[spot.line - 1 : spot.line + LONGEST_ROW]), spot.raw)

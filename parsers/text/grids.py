"""Rows of cell texts to a Grid (组成表格)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Cell, Geometry, Grid, Place
from schemas.confidence import step

_LOST_BYTES_CONFIDENCE = step("lost_bytes")
"""Confidence of a cell in which bytes could not be decoded."""


def grid_of(
    rows: Sequence[Sequence[str]], places: Sequence[Place], geometry: Geometry, sureness: Sequence[float] | None = None
) -> Grid:
    """A grid of rows of cell texts; the dialect's driver numbers it.

    `sureness` is the confidence of each row's cells where a row is doubtful.
    """
    cells = [
        Cell(at, col, text, 1, 1, None, None, _LOST_BYTES_CONFIDENCE)
        if "\ufffd" in text
        else Cell(at, col, text)
        if sureness is None
        else Cell(at, col, text, 1, 1, None, None, sureness[at])
        for at, row in enumerate(rows)
        for col, text in enumerate(row)
    ]
    return Grid(tuple(cells), tuple(places), max(map(len, rows)), geometry, 1)

"""Which figures are to be found where (复读的对象)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.records import BBox

Seen = bool | None
"""Whether the second engine found the figure at its place; None where it could not look there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure as it was read, and where it stands (待复读的数).

    `raw` is its text; `row` other texts of its row, by which a table's row is known again; `bbox` in points from the
    page's top left; `line`, the first of its row, counts from 1.
    """

    raw: str
    row: tuple[str, ...] = ()
    page: int | None = None
    bbox: BBox | None = None
    line: int | None = None

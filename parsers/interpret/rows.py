"""A grid seen row by row (逐行看表)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import NamedTuple

from parsers.document import BBox, Cell, Grid, Place
from schemas.numerals import without_blanks
from schemas.quantities import Quantity
from schemas.records import Amount, CellPlace
from schemas.units import MoneyUnit
from schemas.vocabulary import words


class Slot(NamedTuple):
    """One cell as one row sees it: the columns [start, stop) it covers; `own` when it begins in this row.

    `text` is the cell's text without white space (原文去空白); a blank between two numbers stays, for it parts them.
    """

    start: int
    stop: int
    cell: Cell
    own: bool
    text: str


@dataclass(frozen=True)
class Row:
    """One row of a grid. `cut` tells that it is the first on a new page, perhaps the rest of the row above."""

    grid: Grid
    index: int
    slots: tuple[Slot, ...]
    cut: bool = False

    @property
    def place(self) -> Place:
        return self.grid.rows[self.index]

    @property
    def exact(self) -> bool:
        """Whether columns are positions (as opposed to the order of cells only)."""
        return self.grid.geometry != "sequence"

    @cached_property
    def filled(self) -> tuple[Slot, ...]:
        """The cells that begin in this row and hold something."""
        return tuple(slot for slot in self.slots if slot.own and slot.text)

    @cached_property
    def confidence(self) -> float:
        return min((slot.cell.confidence for slot in self.filled), default=1.0) * self.grid.confidence


def rows_of(grid: Grid) -> list[Row]:
    """The rows of `grid`, each with every cell that covers it, from left to right."""
    per_row: list[list[Slot]] = [[] for _ in grid.rows]
    for cell in grid.cells:
        text = without_blanks(_unescaped(cell.text))
        for index in range(cell.row, min(cell.row + cell.row_span, len(per_row))):
            per_row[index].append(Slot(cell.col, cell.col + cell.col_span, cell, index == cell.row, text))
    breaks = set(grid.breaks)
    ordered = (tuple(sorted(slots, key=lambda slot: slot.start)) for slots in per_row)
    return [Row(grid, index, _without_ditto(slots), index in breaks) for index, slots in enumerate(ordered)]


def _without_ditto(slots: tuple[Slot, ...]) -> tuple[Slot, ...]:
    """A row whose first cells say that they are as above (同上) with these empty, as they are under a joined cell."""
    ditto = words("ditto")
    leading = list(takewhile(lambda slot: not slot.text or slot.text in ditto, slots))
    if not any(slot.text for slot in leading):
        return slots
    return (*(slot._replace(text="") for slot in leading), *slots[len(leading) :])


def _unescaped(text: str) -> str:
    """A text with the signs that a converter left as their names in markup (&ge;95%)."""
    return html.unescape(text) if "&" in text else text


def _emptiness(slot: Slot) -> int:
    """Order in which the cells of one value stand for its place: the one with the figure (18 of ≥18个), any, none."""
    return 0 if any(map(str.isdigit, slot.text)) else 1 if slot.text else 2


def cell_place(
    column: str, slots: Sequence[Slot], row: Row, quantity: Quantity | None = None, unit_raw: str | None = None
) -> CellPlace:
    """Where the value of `column` stands: the box around `slots`, or their name; with `quantity`, what was read there.

    `unit_raw` is the unit stated outside the cell; the cell's own wins.
    """
    page = next((slot.cell.page for slot in slots if slot.cell.page is not None), row.place.page)
    box = _around([slot.cell.bbox for slot in slots if slot.cell.bbox is not None])
    named = min((slot for slot in slots if slot.cell.locator is not None), key=_emptiness, default=None)
    own = next((row.grid.rows[slot.cell.row].locator for slot in slots if slot.text), row.place.locator)
    locator = named.cell.locator if named is not None else own
    if quantity is None:
        return CellPlace(column, page, box, locator)
    sureness = round(min((slot.cell.confidence for slot in slots), default=1.0) * row.grid.confidence, 3)
    unit = quantity.unit_raw or unit_raw
    return CellPlace(column, page, box, locator, quantity.raw, unit, quantity.width, sureness)


def row_amount(
    row: Row, slots: Sequence[Slot], quantity: Quantity, unit: MoneyUnit | None = None, known: float = 1.0
) -> Amount:
    """A figure of a row that has no column of its own in the dataset: `quantity` as read in `slots`.

    `unit` is the unit of money stated outside the cell, `known` how sure it is what the row's columns mean.
    """
    printed = [slot for slot in slots if slot.own and slot.text]
    place = cell_place("value", printed, row)
    return Amount(
        value=quantity.value,
        unit=quantity.unit,
        value_raw="".join(slot.text for slot in printed),
        unit_raw=quantity.unit_raw or (unit.raw if unit else None),
        step=quantity.width,
        page=place.page,
        bbox=place.bbox or row.place.bbox,
        locator=row.place.locator,
        confidence=round(known * row.confidence, 3),
    )


def _around(boxes: Sequence[BBox]) -> BBox | None:
    if len(boxes) < 2:
        return boxes[0] if boxes else None
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)

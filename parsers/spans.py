"""Rows of cells with spans → a grid (由跨行跨列的单元格得到表格).

Web pages, OpenDocument and Word's older formats state a table as rows of cells, each with the rows and columns it
spans. Where spans contradict each other the cell that comes first has the slot, as in a browser.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Cell, Grid, Place
from schemas.errors import LimitExceeded

MAX_COLUMNS = 2_000
MAX_CELLS = 500_000


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell as its row states it (原表单元格). `row_span` 0 reaches to the last row."""

    text: str
    row_span: int = 1
    col_span: int = 1


@dataclass(frozen=True, slots=True)
class PlacedCell:
    """A cell on the lines of its table (定位单元格); `bottom` and `stop` are the row and column behind it."""

    row: int
    start: int
    stop: int
    bottom: int
    text: str


def grid_of(rows: Sequence[Sequence[SourceCell]], number: int, where: str = "") -> Grid | None:
    """The grid of table `number`, None when it has no cells; columns in which no cell begins do not count.

    `where` stands before its name in places (the sheet or file it is in). Raises LimitExceeded.
    """
    return grid_of_placed(_place(rows), len(rows), number, where)


def grid_of_placed(placed: Sequence[PlacedCell], n_rows: int, number: int, where: str = "") -> Grid | None:
    """The grid of cells that know their places, given row by row; none may lie on another."""
    if not placed:
        return None
    starts = sorted({cell.start for cell in placed})
    cells = tuple(
        Cell(
            cell.row,
            bisect_left(starts, cell.start),
            cell.text,
            cell.bottom - cell.row,
            bisect_left(starts, cell.stop) - bisect_left(starts, cell.start),
        )
        for cell in placed
    )
    places = tuple(Place(f"{where}table {number} row {row}") for row in range(1, n_rows + 1))
    return Grid(cells, places, len(starts), "spans", number)


def _place(rows: Sequence[Sequence[SourceCell]]) -> list[PlacedCell]:
    placed: list[PlacedCell] = []
    reach: dict[int, int] = {}
    """By column, the row below the last one that a cell from above covers."""
    for index, row in enumerate(rows):
        column = 0
        for cell in row:
            while reach.get(column, 0) > index:
                column += 1
            stop = column + 1
            while stop < column + max(1, cell.col_span) and reach.get(stop, 0) <= index:
                stop += 1
            bottom = min(len(rows), index + cell.row_span) if cell.row_span > 0 else len(rows)
            if stop > MAX_COLUMNS or len(placed) >= MAX_CELLS:
                raise LimitExceeded(
                    f"有一个表格从第 {index + 1} 行起过大（{stop} 列、{len(placed)} 格），超出读取上限；"
                    "请只保留自评表后重试。",
                    code="too_large",
                )
            placed.append(PlacedCell(index, column, stop, bottom, cell.text))
            reach.update(dict.fromkeys(range(column, stop), bottom))
            column = stop
    return placed

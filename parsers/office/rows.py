"""Table rows by the edges of their cells → a grid (按单元格边线还原表格).

Word's older formats give every row edges of its own, in twips, and mark what is merged. Rows of one column may differ
by a few twips, so edges that nearly meet are one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Grid
from parsers.spans import MAX_CELLS, MAX_COLUMNS, PlacedCell, grid_of_placed
from schemas.errors import LimitExceeded

_NEAR = 90
"""Twips (1.6 mm) within which edges of different rows are one line; columns of text are wider."""


@dataclass(frozen=True, slots=True)
class EdgedCell:
    """A cell as its row states it (按边线给出的单元格). `right` is its right edge in twips.

    `joins_left` and `joins_above` mark the rest of a merge.
    """

    text: str
    right: int
    joins_left: bool = False
    joins_above: bool = False


@dataclass(frozen=True, slots=True)
class EdgedRow:
    """A row of a table: its left edge in twips, and its cells (表格行)."""

    left: int
    cells: tuple[EdgedCell, ...]


def grid_of_edges(rows: Sequence[EdgedRow], number: int) -> Grid | None:
    """The grid of table `number`, None when it has no cells. Raises LimitExceeded."""
    if sum(len(row.cells) for row in rows) > MAX_CELLS or max(len(row.cells) for row in rows) > MAX_COLUMNS:
        raise LimitExceeded(f"第 {number} 个表格过大，超出读取上限；请只保留自评表后重试。", code="too_large")
    lines = _lines(rows)
    placed: list[PlacedCell] = []
    above: dict[int, int] = {}
    """By the line a cell of the row above begins at, its index in `placed`."""
    for index, row in enumerate(rows):
        current: dict[int, int] = {}
        for start, stop, cell in _joined(row, lines):
            at = above.get(start)
            upper = placed[at] if at is not None else None
            if at is not None and upper is not None and cell.joins_above and upper.stop == stop:
                placed[at] = PlacedCell(upper.row, start, stop, index + 1, upper.text)
                current[start] = at
            else:
                current[start] = len(placed)
                placed.append(PlacedCell(index, start, stop, index + 1, cell.text))
        above = current
    return grid_of_placed(placed, len(rows), number)


def _joined(row: EdgedRow, lines: dict[int, int]) -> Iterator[tuple[int, int, EdgedCell]]:
    """First and last line of each cell; cells merged to their left neighbour are part of it."""
    open_cell: tuple[int, int, EdgedCell] | None = None
    left = lines[row.left]
    for cell in row.cells:
        right = max(lines[cell.right], left + 1) if cell.right in lines else left + 1
        if open_cell is not None and cell.joins_left:
            start, _, first = open_cell
            text = "\n".join(text for text in (first.text, cell.text) if text)
            open_cell = (start, right, EdgedCell(text, cell.right, joins_above=first.joins_above))
        else:
            if open_cell is not None:
                yield open_cell
            open_cell = (left, right, cell)
        left = right
    if open_cell is not None:
        yield open_cell


def _lines(rows: Sequence[EdgedRow]) -> dict[int, int]:
    """The number of the line each edge belongs to."""
    edges = sorted({edge for row in rows for edge in (row.left, *(cell.right for cell in row.cells))})
    near = _NEAR if all(_is_apart(row, edges) for row in rows) else 0
    lines: dict[int, int] = {}
    number, begun = 0, edges[0]
    for edge in edges:
        if edge - begun > near:
            number, begun = number + 1, edge
        lines[edge] = number
    return lines


def _is_apart(row: EdgedRow, edges: Sequence[int]) -> bool:
    """Whether no two edges of a row would become one line."""
    own = sorted({row.left, *(cell.right for cell in row.cells)})
    return all(right - left > _NEAR for left, right in pairwise(own))

"""Labels whose value has lost its cell (缺格的标签): the row of a form ends right behind them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from parsers.completeness.recorded import Recorded
from parsers.document import Cell, Document, Grid, Place
from schemas.lexicon import lexicon, squeeze


def without_cell(document: Document, found: Recorded) -> Iterator[tuple[Place, str]]:
    """Rows of recognised forms that hold a source of funds alone and no cell for its amount, with that label.

    Only where spans are exact, and the row ends before the others do: an empty cell is an amount that was left blank.
    """
    for block in document.blocks:
        if isinstance(block, Grid) and block.geometry == "spans" and _is_form(block, found):
            for row, cells in _rows(block).items():
                own = [cell for cell in cells if cell.row == row and cell.text.strip()]
                end = max(cell.col + cell.col_span for cell in cells)
                if len(own) == 1 and end < block.usual_end and lexicon().knows_source(squeeze(own[0].text)):
                    yield block.rows[row], squeeze(own[0].text)


def _is_form(grid: Grid, found: Recorded) -> bool:
    return any(place.locator in found.forms for place in grid.rows)


def _rows(grid: Grid) -> dict[int, list[Cell]]:
    """The cells that cover each row."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row].append(cell)
    return rows

"""Tables: the exact grid slots of every cell (表格的网格位置).

Word keeps a table as rows of cells, each with the number of grid columns it spans, and marks vertical merges on every
cell they cover. Here that becomes cells with a top left slot and spans, no two over one slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from parsers.docx.names import VAL, Element, W, flat, on
from parsers.docx.styles import number_of

MAX_COLUMNS = 1024
"""Word itself stops at 63 columns; a span beyond this is damage or an attack."""

RESTART, CONTINUE = "restart", "continue"

_CELL, _CELL_PROPERTIES = W + "tc", W + "tcPr"
_WIDTH, _SPAN, _VERTICAL = W + "tcW", W + "gridSpan", W + "vMerge"

_SNAP = 0.3
"""How far, in parts of the narrower neighbour column, a cell's edge may lie from a grid line it belongs to."""


class TooManyColumns(Exception):
    """A row wider than MAX_COLUMNS; carries the row's number, from 1."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


@dataclass(slots=True)
class WordCell:
    """A w:tc as the file states it: `width` in twips, `vertical` and `horizontal` its part in a merge."""

    content: Element
    span: int
    vertical: str | None
    horizontal: str | None
    width: int | None


@dataclass(slots=True)
class WordRow:
    before: int
    cells: list[WordCell]
    after: int

    @property
    def slots(self) -> int:
        return self.before + sum(cell.span for cell in self.cells) + self.after


@dataclass(slots=True)
class PrintedCell:
    """A printed cell: its top left slot, its spans, and the w:tc that holds its content."""

    row: int
    col: int
    row_span: int
    col_span: int
    content: Element
    merging: str | None


@dataclass(frozen=True, slots=True)
class TableLayout:
    """The printed cells in row-major order and the size of the grid."""

    cells: list[PrintedCell]
    n_rows: int
    n_cols: int


def read_layout(table: Element) -> TableLayout | None:
    """The layout of a w:tbl; None when nothing of it is printed. Raises TooManyColumns."""
    rows = [row for row in map(_read_row, _printed_rows(table)) if row.cells]
    if not rows:
        return None
    for number, row in enumerate(rows, 1):
        if row.slots > MAX_COLUMNS:
            raise TooManyColumns(number)
    if len({row.slots for row in rows}) > 1:
        _fit_short_rows(rows, _grid_widths(table))
    cells = _place(rows)
    return TableLayout(cells, len(rows), max(row.slots for row in rows))


def _printed_rows(table: Element) -> list[Element]:
    return [
        row
        for row in flat(table)
        if row.tag == W + "tr" and row.find(f"{W}trPr/{W}del") is None and not on(row.find(W + "trPr"), W + "hidden")
    ]


def _read_row(row: Element) -> WordRow:
    properties = row.find(W + "trPr")
    cells = [cell for element in flat(row) if element.tag == _CELL and (cell := _read_cell(element)) is not None]
    return WordRow(
        before=max(0, number_of(properties, "gridBefore") or 0),
        cells=cells,
        after=max(0, number_of(properties, "gridAfter") or 0),
    )


def _read_cell(element: Element) -> WordCell | None:
    """A w:tc; None when change tracking has it deleted."""
    cell = WordCell(element, 1, None, None, None)
    properties = element.find(_CELL_PROPERTIES)
    for item in () if properties is None else properties:
        tag = item.tag
        if tag == _WIDTH:
            cell.width = _whole(item.get(W + "w")) if item.get(W + "type") == "dxa" else None
        elif tag == _SPAN:
            cell.span = max(1, _whole(item.get(VAL)) or 1)
        elif tag == _VERTICAL:
            cell.vertical = _merge(item)
        elif tag == W + "hMerge":
            cell.horizontal = _merge(item)
        elif tag == W + "cellMerge":  # a vertical merge made under change tracking, accepted
            cell.vertical = cell.vertical or {"rest": RESTART, "cont": CONTINUE}.get(item.get(W + "vMerge"))
        elif tag == W + "cellDel":
            return None
    return cell


def _merge(item: Element) -> str:
    """A merge element without a value continues."""
    return RESTART if item.get(VAL) == RESTART else CONTINUE


def _whole(value: str | None) -> int | None:
    """A whole number; producers write decimals, too."""
    try:
        return None if value is None else round(float(value))
    except (ValueError, OverflowError):
        return None


def _grid_widths(table: Element) -> list[int]:
    grid = table.find(W + "tblGrid")
    columns = () if grid is None else grid.iterchildren(W + "gridCol")
    return [_whole(column.get(W + "w")) or 0 for column in columns]


def _fit_short_rows(rows: Sequence[WordRow], widths: list[int]) -> None:
    """Gives rows that miss slots the spans their cell widths call for.

    Some producers leave w:gridSpan out and state widths only. A row is changed only when every edge of its cells meets
    a grid line; otherwise its cells keep the slots the file states.
    """
    n_cols = max(row.slots for row in rows)
    if len(widths) != n_cols:
        widths = next((found for row in rows if (found := _single_widths(row, n_cols))), [])
    if not widths or min(widths) <= 0:
        return
    lines = list(accumulate(widths, initial=0))
    for row in rows:
        spans = _spans_by_width(row, lines) if row.slots < n_cols else None
        if spans is not None:
            for cell, span in zip(row.cells, spans, strict=True):
                cell.span = span


def _single_widths(row: WordRow, n_cols: int) -> list[int]:
    widths = [cell.width or 0 for cell in row.cells]
    return widths if len(widths) == n_cols else []


def _spans_by_width(row: WordRow, lines: list[int]) -> list[int] | None:
    column, edge, spans = row.before, float(lines[min(row.before, len(lines) - 1)]), []
    for cell in row.cells:
        if not cell.width:
            return None
        edge += cell.width
        later = range(column + 1, len(lines))
        nearest = min(later, key=lambda i: abs(lines[i] - edge), default=None)
        if nearest is None:
            return None
        neighbours = [lines[i + 1] - lines[i] for i in (nearest - 1, nearest) if 0 <= i < len(lines) - 1]
        if abs(lines[nearest] - edge) > _SNAP * min(neighbours):
            return None
        spans.append(nearest - column)
        column = nearest
    return spans


def _place(rows: Sequence[WordRow]) -> list[PrintedCell]:
    placed: list[PrintedCell] = []
    above: dict[int, PrintedCell] = {}
    for index, row in enumerate(rows):
        current: dict[int, PrintedCell] = {}
        for column, span, cell in _joined(row):
            upper = above.get(column)
            if upper is not None and upper.col_span == span and _continues(cell, upper):
                upper.row_span += 1
                current[column] = upper
                continue
            new = PrintedCell(index, column, 1, span, cell.content, cell.vertical)
            placed.append(new)
            current[column] = new
        above = current
    return placed


def _continues(cell: WordCell, upper: PrintedCell) -> bool:
    """Whether a cell belongs to the merge above it.

    Under a proper start Word prints nothing of it. Where the start is missing, it still asks to be merged: that is
    granted while it is blank, and its own text is never lost.
    """
    return cell.vertical == CONTINUE and (upper.merging == RESTART or is_blank(cell.content))


def _joined(row: WordRow) -> list[tuple[int, int, WordCell]]:
    """Column, span and cell, with legacy horizontal merges (w:hMerge) joined."""
    found: list[tuple[int, int, WordCell]] = []
    column = row.before
    for cell in row.cells:
        left = found[-1][2] if found else None
        if left is not None and cell.horizontal == CONTINUE and (left.horizontal == RESTART or is_blank(cell.content)):
            start, span, first = found[-1]
            found[-1] = (start, span + cell.span, first)
        else:
            found.append((column, cell.span, cell))
        column += cell.span
    return found


def is_blank(cell: Element) -> bool:
    """Whether a w:tc holds no text at all."""
    texts = (element.text for element in cell.iter(W + "t"))
    return not any(text and text.strip() for text in texts) and next(cell.iter(W + "sym"), None) is None

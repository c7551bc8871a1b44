"""Sheets → paragraphs and grids (工作表的分块).

A sheet holds one form or several below each other, with titles above and notes below. Empty rows part them; where
cells have borders, rows without any stand outside the tables.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from parsers.document import Block, Cell, Grid, LeftOut, Paragraph, Place, Problem
from parsers.sheets.model import Merge, Sheet, Slot, cell_name
from schemas.errors import LimitExceeded

MAX_GRID_CELLS = 500_000
_GAP = "    "
"""Between the cells of a line outside tables."""
_NAMED = 5
"""How many cells a message names."""


def blocks_of(sheets: Sequence[Sheet], file_name: str) -> tuple[list[Block], list[Problem]]:
    """The blocks of a workbook, grids numbered from 1, and what of it is not shown or could not be read.

    Raises LimitExceeded.
    """
    blocks: list[Block] = []
    problems: list[Problem] = []
    number = 1
    for sheet in sheets:
        if sheet.is_hidden:
            problems += _hidden_sheet(sheet, file_name)
            continue
        for block in _Layout(sheet, file_name).blocks():
            if isinstance(block, Grid):
                block = _numbered(block, number)
                number += 1
            blocks.append(block)
        problems += _not_shown(sheet, file_name)
        problems += _not_calculated(sheet, file_name)
        problems += _without_formats(sheet, file_name)
    return blocks, problems


def place_of_row(sheet: Sheet, row: int) -> Place:
    """Where a row stands, counted from 0."""
    return Place(f"{_of(sheet)} 第{row + 1}行")


def left_out_of(sheets: Sequence[Sheet]) -> tuple[LeftOut, ...]:
    """Text of cells that is struck out, and marks of notes."""
    return tuple(
        LeftOut(code, text, Place(f"{_of(sheet)} {cell_name(slot)}"))
        for sheet in sheets
        if not sheet.is_hidden
        for slot, code, text in sheet.left_out
    )


def _numbered(grid: Grid, number: int) -> Grid:
    return Grid(grid.cells, grid.rows, grid.n_cols, grid.geometry, number)


def _of(sheet: Sheet) -> str:
    return f'表"{sheet.name}"'


def _hidden_sheet(sheet: Sheet, file_name: str) -> Iterator[Problem]:
    if sheet.texts:
        message = f"《{file_name}》的工作表“{sheet.name}”是隐藏的，未作为报告读取。"
        yield Problem("hidden_content", message, Place(_of(sheet)))


def _not_shown(sheet: Sheet, file_name: str) -> Iterator[Problem]:
    hidden = [s for s in sheet.texts if s[0] in sheet.hidden_rows or s[1] in sheet.hidden_columns]
    if hidden:
        rows = len({row for row, _ in hidden if row in sheet.hidden_rows})
        columns = len({column for _, column in hidden if column in sheet.hidden_columns})
        parts = [f"{count} {what}" for count, what in ((rows, "行"), (columns, "列")) if count]
        message = f"《{file_name}》的工作表“{sheet.name}”有隐藏的 {'、'.join(parts)}，未作为报告读取。"
        yield Problem("hidden_content", message, Place(f"{_of(sheet)} {cell_name(min(hidden))}"))
    if sheet.unseen:
        message = (
            f"《{file_name}》的工作表“{sheet.name}”有 {len(sheet.unseen)} 格的文字与底色相同，表上看不见，没有读取。"
        )
        yield Problem("hidden_text", message, Place(f"{_of(sheet)} {cell_name(sheet.unseen[0])}"))


def _not_calculated(sheet: Sheet, file_name: str) -> Iterator[Problem]:
    if sheet.uncalculated:
        named = "、".join(cell_name(slot) for slot in sheet.uncalculated[:_NAMED])
        more = f"等 {len(sheet.uncalculated)} 格" if len(sheet.uncalculated) > _NAMED else ""
        message = (
            f"《{file_name}》的工作表“{sheet.name}” {named}{more}是公式，文件里没有保存计算结果，这些数没有读到；"
            "请用 Excel 或 WPS 打开、保存后重试。"
        )
        yield Problem("formula_without_value", message, Place(f"{_of(sheet)} {cell_name(sheet.uncalculated[0])}"))


def _without_formats(sheet: Sheet, file_name: str) -> Iterator[Problem]:
    if sheet.lacks_formats:
        message = (
            f"《{file_name}》的工作表“{sheet.name}”所用的单元格格式不在文件里，百分比、日期和小数位数可能与原来所见不同，"
            "请重新获取该文件。"
        )
        yield Problem("formats_missing", message, Place(_of(sheet)))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A cell that is shown, by the places of its row and column among those that are in use (显示的单元格)."""

    row: int
    column: int
    row_span: int
    column_span: int
    slot: Slot
    text: str


@dataclass(slots=True)
class _SheetRow:
    """One row in use: what begins in it, and whether it lies in a table's borders."""

    filled: list[_Shown]
    is_boxed: bool = False
    follows: bool = True
    """Whether no empty row stands above it."""


class _Layout:
    """One sheet while it is parted.

    Only rows and columns in use count; their places in `_rows` and `_columns` are the grid's coordinates.
    """

    def __init__(self, sheet: Sheet, file_name: str) -> None:
        self._sheet = sheet
        self._file_name = file_name
        used = (*sheet.texts, *sheet.boxed)
        self._rows = sorted({row for row, _ in used} - sheet.hidden_rows)
        self._columns = sorted({column for _, column in used} - sheet.hidden_columns)
        self._cells: dict[Slot, _Shown] = {}
        """By row and column in use; merged cells under their first slot that is shown."""
        self._merged: dict[Slot, _Shown] = {}
        """The other slots of merged cells."""
        for merge in sheet.merges:
            self._add_merge(merge)
        self._add_single_cells()
        self._spanned = self._spanned_rows()
        self._lines = self._all_lines()

    def blocks(self) -> Iterator[Block]:
        start = 0
        for end in range(1, len(self._lines) + 1):
            if end == len(self._lines) or not self._lines[end].follows:
                yield from self._region(start, end)
                start = end
        for text in self._sheet.loose:
            yield Paragraph(text, Place(_of(self._sheet)))

    # -- cells ---------------------------------------------------------------------------------------------------

    def _add_merge(self, merge: Merge) -> None:
        top, bottom = bisect_left(self._rows, merge.top), bisect_right(self._rows, merge.bottom)
        left, right = bisect_left(self._columns, merge.left), bisect_right(self._columns, merge.right)
        slots = [(row, column) for row in range(top, bottom) for column in range(left, right)]
        if not slots or any(slot in self._merged or slot in self._cells for slot in slots):
            return
        first = (merge.top, merge.left)
        shown = _Shown(top, left, bottom - top, right - left, first, self._sheet.texts.get(first, ""))
        self._cells[slots[0]] = shown
        self._merged.update(dict.fromkeys(slots[1:], shown))

    def _add_single_cells(self) -> None:
        row_at = {row: index for index, row in enumerate(self._rows)}
        column_at = {column: index for index, column in enumerate(self._columns)}
        for slot, text in self._sheet.texts.items():
            place = (row_at.get(slot[0], -1), column_at.get(slot[1], -1))
            if min(place) >= 0 and place not in self._cells and place not in self._merged:
                self._cells[place] = _Shown(*place, 1, 1, slot, text)

    def _all_lines(self) -> list[_SheetRow]:
        lines = [_SheetRow([]) for _ in self._rows]
        for place in sorted(self._cells):
            if self._cells[place].text:
                lines[place[0]].filled.append(self._cells[place])
        row_at = {row: index for index, row in enumerate(self._rows)}
        for row, column in self._sheet.boxed:
            if row in row_at and column not in self._sheet.hidden_columns:
                lines[row_at[row]].is_boxed = True
        joined = {row for row, column in self._merged if self._merged[row, column].row < row}
        for index, line in enumerate(lines):
            line.follows = index in joined or not self._is_gap_above(index)
        return lines

    def _is_gap_above(self, index: int) -> bool:
        between = range(self._rows[index - 1] + 1, self._rows[index]) if index else ()
        return any(row not in self._sheet.hidden_rows and row not in self._spanned for row in between)

    def _spanned_rows(self) -> set[int]:
        """The rows that filled cells reach over, also where nothing else stands in them."""
        filled = (merge for merge in self._sheet.merges if self._sheet.texts.get((merge.top, merge.left)))
        return {row for merge in filled for row in range(merge.top, merge.bottom + 1)}

    # -- regions -------------------------------------------------------------------------------------------------

    def _region(self, start: int, end: int) -> Iterator[Block]:
        """Rows without an empty row between them."""
        if not any(self._lines[row].is_boxed for row in range(start, end)):
            yield from self._open_rows(start, end)
            return
        for boxed, run in groupby(range(start, end), key=lambda row: self._lines[row].is_boxed):
            rows = list(run)
            if boxed:
                yield from self._boxed_rows(rows[0], rows[-1] + 1)
            else:
                yield from self._open_rows(rows[0], rows[-1] + 1)

    def _boxed_rows(self, start: int, end: int) -> Iterator[Block]:
        """A table with borders; titles over its whole width stand above it."""
        width = self._width(start, end)
        while start < end and self._is_title(start, width):
            yield from self._paragraphs(start, start + 1)
            start += 1
        if start < end:
            yield from self._table(start, end)

    def _is_title(self, row: int, width: tuple[int, int]) -> bool:
        filled = self._lines[row].filled
        if len(filled) != 1:
            return False
        only = filled[0]
        return only.row_span == 1 and only.column <= width[0] and only.column + only.column_span >= width[1]

    def _open_rows(self, start: int, end: int) -> Iterator[Block]:
        """Rows without borders: single cells above and below are lines of text, what is between them is a table."""
        first, last = start, end
        while first < last and len(self._lines[first].filled) <= 1:
            first += 1
        while last > first and len(self._lines[last - 1].filled) <= 1:
            last -= 1
        if last - first < 2 or max(len(self._lines[row].filled) for row in range(first, last)) < 3:
            first = last = end
        yield from self._paragraphs(start, first)
        if first < last:
            yield from self._table(first, last)
        yield from self._paragraphs(last, end)

    def _paragraphs(self, start: int, end: int) -> Iterator[Block]:
        for row in range(start, end):
            filled = self._lines[row].filled
            if filled:
                place = Place(f"{_of(self._sheet)} {cell_name(filled[0].slot)}")
                yield Paragraph(_GAP.join(cell.text for cell in filled), place)

    # -- tables --------------------------------------------------------------------------------------------------

    def _width(self, start: int, end: int) -> tuple[int, int]:
        """The first column of what is filled in these rows, and the one behind its last."""
        filled = [cell for row in range(start, end) for cell in self._lines[row].filled]
        lefts = [cell.column for cell in filled]
        rights = [cell.column + cell.column_span for cell in filled]
        return min(lefts, default=0), max(rights, default=0)

    def _table(self, start: int, end: int) -> Iterator[Block]:
        left, right = self._width(start, end)
        if left >= right:
            return
        if (end - start) * (right - left) > MAX_GRID_CELLS:
            raise LimitExceeded(
                f"《{self._file_name}》的工作表“{self._sheet.name}”有 {end - start} 行 {right - left} 列，"
                f"超过 {MAX_GRID_CELLS} 格的上限；请只保留自评表后重试。",
                code="too_large",
            )
        cells = tuple(self._grid_cells(start, end, left, right))
        rows = tuple(place_of_row(self._sheet, self._rows[row]) for row in range(start, end))
        has_merges = any(cell.row_span > 1 or cell.col_span > 1 for cell in cells)
        yield Grid(cells, rows, right - left, "spans" if has_merges else "slots", 0)

    def _grid_cells(self, start: int, end: int, left: int, right: int) -> Iterator[Cell]:
        for row in range(start, end):
            for column in range(left, right):
                merged = self._merged.get((row, column))
                if merged is not None and merged.row >= start and merged.column >= left:
                    continue
                found = self._cells.get((row, column))
                slot = found.slot if found else (self._rows[row], self._columns[column])
                yield Cell(
                    row - start,
                    column - left,
                    found.text if found else "",
                    min(found.row_span, end - row) if found else 1,
                    min(found.column_span, right - column) if found else 1,
                    locator=f"{_of(self._sheet)} {cell_name(slot)}",
                )

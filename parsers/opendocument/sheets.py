"""Sheets of an OpenDocument spreadsheet (OpenDocument 表格)."""

from __future__ import annotations

from collections.abc import Iterator

from parsers.opendocument.names import OFFICE, TABLE, TEXT
from parsers.opendocument.styles import OdfLook, OdfStyles
from parsers.opendocument.text import read_inline
from parsers.sheets.model import MAX_CELLS, Merge, Sheet
from parsers.zipped import Element
from schemas.errors import LimitExceeded

_HIDDEN = ("collapse", "filter")
_GROUPS = frozenset(
    TABLE + name
    for name in (
        "table-columns", "table-header-columns", "table-column-group",
        "table-rows", "table-header-rows", "table-row-group",
    )
)  # fmt: skip
_LAST = 1_048_576


def read_sheets(body: Element, styles: OdfStyles, name: str) -> list[Sheet]:
    """What the sheets of an office:spreadsheet show. Raises LimitExceeded."""
    sheets = []
    cells = 0
    for table in body.iterchildren(TABLE + "table"):
        sheet = _Reading(table, styles, name).sheet
        cells += len(sheet.texts)
        if cells > MAX_CELLS:
            raise _too_large(name)
        sheets.append(sheet)
    return sheets


def _too_large(name: str) -> LimitExceeded:
    return LimitExceeded(f"《{name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。", code="too_large")


class _Reading:
    """One sheet while its rows are read; repeated rows and cells are counted, empty ones not made."""

    def __init__(self, table: Element, styles: OdfStyles, name: str) -> None:
        self._styles = styles
        self._name = name
        self._row = 0
        self._column = 0
        hidden = table.get(TABLE + "style-name") in styles.hidden_tables or table.get(TABLE + "display") == "false"
        self.sheet = Sheet(table.get(TABLE + "name", ""), is_hidden=hidden)
        for element in _flat(table):
            if element.tag == TABLE + "table-column":
                self._take_column(element)
            elif element.tag == TABLE + "table-row":
                self._take_row(element)
            elif element.tag == TABLE + "shapes":
                texts = ("".join(line.itertext()).strip() for line in element.iter(TEXT + "p"))
                self.sheet.loose += [text for text in texts if text]

    def _take_column(self, element: Element) -> None:
        count = _repeated(element, "number-columns-repeated")
        if element.get(TABLE + "visibility") in _HIDDEN:
            self.sheet.hidden_columns.update(range(self._column, self._column + min(count, 16_384)))
        self._column += count

    def _take_row(self, element: Element) -> None:
        count = _repeated(element, "number-rows-repeated")
        cells = list(self._cells(element))
        if cells:
            if len(cells) * count + len(self.sheet.texts) + len(self.sheet.boxed) > 4 * MAX_CELLS:
                count = 1  # a table's empty end, drawn with borders down to the last row
            for row in range(self._row, self._row + count):
                self._put(row, cells)
        if element.get(TABLE + "visibility") in _HIDDEN:
            self.sheet.hidden_rows.update(range(self._row, self._row + min(count, _LAST)))
        self._row += _repeated(element, "number-rows-repeated")

    def _put(self, row: int, cells: list[tuple[int, str, bool, int, int]]) -> None:
        for column, text, is_boxed, rows, columns in cells:
            if text:
                self.sheet.texts[row, column] = text
            if is_boxed:
                self.sheet.boxed.add((row, column))
            if rows > 1 or columns > 1:
                self.sheet.merges.append(Merge(row, column, row + rows - 1, column + columns - 1))

    def _cells(self, row: Element) -> Iterator[tuple[int, str, bool, int, int]]:
        """Column, text, whether it has borders, rows and columns it spans: cells that show something."""
        column = 0
        for cell in row:
            count = _repeated(cell, "number-columns-repeated")
            is_covered = cell.tag != TABLE + "table-cell"
            text = "" if is_covered else self._text(cell, row, column)
            is_boxed = cell.get(TABLE + "style-name") in self._styles.boxed
            rows, columns = _repeated(cell, "number-rows-spanned"), _repeated(cell, "number-columns-spanned")
            if text or is_boxed or rows > 1 or columns > 1:
                for at in range(column, column + min(count, 16_384 if text else 64)):
                    yield at, text, is_boxed, rows, columns
            column += count

    def _text(self, cell: Element, row: Element, column: int) -> str:
        look = self._styles.look(cell.get(TABLE + "style-name")) & OdfLook.STRUCK
        lines = [read_inline(line, self._styles, look) for line in cell.iterchildren(TEXT + "p")]
        text = "\n".join(line.text for line in lines).strip()
        self.sheet.left_out += (
            ((self._row, column), code, one) for line in lines for code, one in line.seen.left_out if one.strip()
        )
        has_formula = cell.get(TABLE + "formula") is not None
        if not text and has_formula and cell.get(OFFICE + "value-type") is None:
            self.sheet.uncalculated.append((self._row, column))
        return text


def _flat(table: Element) -> Iterator[Element]:
    for element in table:
        if element.tag in _GROUPS:
            yield from _flat(element)
        else:
            yield element


def _repeated(element: Element, name: str) -> int:
    value = element.get(TABLE + name, "1")
    return min(max(1, int(value)), _LAST) if value.isdigit() else 1

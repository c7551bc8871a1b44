"""Tables of data and tables that only lay a page out (数据表格与排版表格)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.etree
import lxml.html.defs

from parsers.cellcontent import is_value
from parsers.html.lines import text_of
from parsers.html.tree import squeezed
from parsers.spans import SourceCell
from parsers.zipped import Element

_CELLS = ("td", "th")
_SECTIONS = ("thead", "tbody", "tfoot")
_MAX_SPAN = 1_000
_LINE_CELL = 40
"""Longest cell of a table of one row that is a line of text (单位：某局 | 单位：万元)."""
_PAGE_TEXT = 400
_PAGE_SHARE = 0.8
_PAGE_ROWS = 3
_MADE_UP = re.compile(r"[-:]")
_NO_BORDER = re.compile(r"border\s*:\s*none", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceTable:
    """A table of data: its rows, the tables nested in its cells, its caption (数据表格)."""

    rows: list[list[SourceCell]]
    nested: list[Element]
    caption: str


def rows_of(table: Element) -> list[list[Element]]:
    """The cells of each row of a table, not those of tables in it; the foot last, cells without a row in one."""
    return [*_rows(table, ("thead",)), *_rows(table, ("", "tbody")), *_rows(table, ("tfoot",))]


def _rows(table: Element, sections: tuple[str, ...]) -> Iterator[list[Element]]:
    loose: list[Element] = []
    for element in table:
        if element.tag in _CELLS and "" in sections:
            loose.append(element)
            continue
        if loose:
            yield loose
            loose = []
        if element.tag == "tr" and "" in sections:
            yield _cells(element)
        elif element.tag in sections:
            yield from _rows(element, ("",))
        elif element.tag in ("form", "tr") and element.tag != "tr" and "" in sections:
            yield from _rows(element, ("", *_SECTIONS))
    if loose:
        yield loose


def _cells(row: Element) -> list[Element]:
    return [
        cell for element in row for cell in (element if element.tag == "form" else (element,)) if cell.tag in _CELLS
    ]


def misspelt_in_tables(body: Element) -> str | None:
    """The first element of a table whose name is none of HTML, nor one that a page may make up (o:p, my-cell): a row
    or a cell whose tag is spoiled, which no reader knows for what it is."""
    inner = (element.tag for table in body.iter("table") for element in table.iterdescendants())
    return next((tag for tag in inner if isinstance(tag, str) and _is_misspelt(tag)), None)


def _is_misspelt(tag: str) -> bool:
    return tag not in lxml.html.defs.tags and not _MADE_UP.search(tag)


def is_layout(table: Element) -> bool:
    """Whether a table only puts parts of a page in their places."""
    rows = [row for row in rows_of(table) if row]
    if max(map(len, rows), default=0) <= 1:
        return True
    nested = next(table.iterdescendants("table"), None) is not None
    if nested:
        return not _is_grid_around_tables(rows)
    if len(rows) <= _PAGE_ROWS:
        sizes = [len(squeezed(cell)) for row in rows for cell in row]
        return max(sizes) > _PAGE_TEXT and max(sizes) >= sum(sizes) * _PAGE_SHARE
    return False


def _is_grid_around_tables(rows: list[list[Element]]) -> bool:
    """Whether a table with tables in its cells has rows of data of its own."""
    plain = [row for row in rows if not any(next(cell.iter("table"), None) is not None for cell in row)]
    return sum(len(row) >= 3 and any(squeezed(cell) for cell in row) for row in plain) >= 3


def is_line(table: Element) -> bool:
    """Whether a table is one row of short texts: a line with its parts set apart."""
    rows = [row for row in rows_of(table) if any(squeezed(cell) for cell in row)]
    return len(rows) == 1 and all(len(squeezed(cell)) <= _LINE_CELL for cell in rows[0])


def read_table(table: Element) -> SourceTable:
    """The rows of a table of data. Rows without anything at its ends, as Word leaves them, are no part of it."""
    nested: list[Element] = []
    rows = []
    for row in rows_of(table):
        cells = []
        for cell in row:
            inner = [one for one in cell.iterdescendants("table") if _table_around(one) is table]
            inner = [one for one in inner if not _is_value_of(one, cell)]
            nested += inner
            for one in inner:
                _replace_by_line_end(one)
            cells.append(SourceCell(text_of(cell), _span(cell, "rowspan"), _span(cell, "colspan")))
        rows.append((cells, _is_ruler(row)))
    while rows and rows[-1][1]:
        rows.pop()
    caption = table.find("caption")
    return SourceTable([cells for cells, _ in rows], nested, "" if caption is None else text_of(caption))


def _is_value_of(table: Element, cell: Element) -> bool:
    """Whether a table sets out the value of the cell around it, and nothing more."""
    texts = [squeezed(inner) for row in rows_of(table) for inner in row]
    return is_value(texts, figures_only=squeezed(cell) != "".join(texts))


def _replace_by_line_end(element: Element) -> None:
    line_end = lxml.etree.Element("br")
    line_end.tail, element.tail = element.tail, None
    element.getparent().replace(element, line_end)


def _table_around(table: Element) -> Element | None:
    return next(table.iterancestors("table"), None)


def _is_ruler(row: list[Element]) -> bool:
    """Whether a row is the empty one that Word and Excel append to set the widths of columns."""
    if any(squeezed(cell) for cell in row):
        return False
    parent = row[0].getparent() if row else None
    has_no_height = parent is not None and (parent.get("height") or "").strip() in ("0", "0px")
    return has_no_height or not row or all(_NO_BORDER.search(cell.get("style") or "") for cell in row)


def _span(cell: Element, name: str) -> int:
    digits = re.match(r"\s*(\d{1,6})", cell.get(name) or "")
    if digits is None:
        return 1
    value = int(digits[1])
    return min(value, _MAX_SPAN) if value or name == "rowspan" else 1

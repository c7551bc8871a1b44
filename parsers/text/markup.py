"""Tables in HTML inside a text (文本中的 HTML 表格): Markdown files and converters write merged cells this way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lxml import etree, html

from parsers.document import Block, Cell, Grid, Paragraph, Place
from parsers.text.lines import cell_text, line_place
from parsers.text.regions import TextRegion

_OPEN = re.compile(r"<table[\s>]", re.IGNORECASE)
_CLOSE = re.compile(r"</table\s*>", re.IGNORECASE)
_MAX_LINES = 20_000
"""How far the end of a table is looked for."""
_MAX_SPAN = 200
_SPAN = re.compile(r"\s*(\d{1,4})")


def regions(lines: Sequence[str]) -> list[TextRegion]:
    """The lines from `<table>` to `</table>`, with the text around the tags."""
    found: list[TextRegion] = []
    at = 0
    while at < len(lines):
        end = _table_end(lines, at) if _OPEN.search(lines[at]) else at
        blocks = list(_blocks("\n".join(lines[at:end]), line_place(at, end - 1))) if end > at else []
        found += [TextRegion(at, end, tuple(blocks))] if any(isinstance(block, Grid) for block in blocks) else []
        at = max(end, at + 1)
    return found


def _table_end(lines: Sequence[str], start: int) -> int:
    """The line after the one that closes every table opened since `start`; the next line where none does."""
    depth = 0
    for index in range(start, min(len(lines), start + _MAX_LINES)):
        depth += len(_OPEN.findall(lines[index])) - len(_CLOSE.findall(lines[index]))
        if depth <= 0:
            return index + 1
    return start + 1


def _blocks(source: str, place: Place) -> Iterator[Block]:
    try:
        root = html.fragment_fromstring(source, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return
    yield from _texts(root.text, place)
    for element in root:
        if element.tag == "table":
            grid = _grid(element, place)
            yield from [grid] if grid else []
        else:
            yield from _texts(element.text_content(), place)
        yield from _texts(element.tail, place)


def _texts(text: str | None, place: Place) -> Iterator[Paragraph]:
    for line in (text or "").splitlines():
        if line.strip():
            yield Paragraph(line.strip(), place)


def _grid(table: html.HtmlElement, place: Place) -> Grid | None:
    """The table's cells with their spans; an inner table's text belongs to the cell it stands in."""
    rows = [row for row in table.iter("tr") if next(row.iterancestors("table")) is table]
    taken: set[tuple[int, int]] = set()
    cells: list[Cell] = []
    for at, row in enumerate(rows):
        col = 0
        for element in row.iterchildren("td", "th"):
            while (at, col) in taken:
                col += 1
            height = min(_span(element, "rowspan"), len(rows) - at)
            width = _span(element, "colspan")
            taken |= {(r, c) for r in range(at, at + height) for c in range(col, col + width)}
            cells.append(Cell(at, col, _text(element), height, width))
            col += width
    if not cells:
        return None
    places = tuple(Place(f"{place.locator} row {number}") for number in range(1, len(rows) + 1))
    return Grid(tuple(cells), places, 1 + max(col for _, col in taken), "spans", 1)


def _span(element: html.HtmlElement, name: str) -> int:
    match = _SPAN.match(element.get(name) or "")
    return min(max(int(match[1]), 1), _MAX_SPAN) if match else 1


def _text(element: html.HtmlElement) -> str:
    for line_break in element.iter("br"):
        line_break.tail = "\n" + (line_break.tail or "")
    return cell_text("\n".join(line.strip() for line in element.text_content().splitlines()))

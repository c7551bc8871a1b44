"""Tables drawn with blocks instead of table elements (用 div 画的表格)."""

from __future__ import annotations

import re

from parsers.html.lines import text_of
from parsers.html.tree import BLOCKS, squeezed
from parsers.zipped import Element

_ROW = re.compile(r"display\s*:\s*(?:table-row|flex|grid)", re.IGNORECASE)
_CELL = re.compile(r"display\s*:\s*table-cell|float\s*:\s*left|flex\s*:|flex-basis|inline-block", re.IGNORECASE)
_ROW_NAME = re.compile(r"(?:^|[\s_-])(?:tr|row|line|hang)\d*(?:$|[\s_-])", re.IGNORECASE)
_CELL_NAME = re.compile(r"(?:^|[\s_-])(?:td|th|cell|col|item)[\w-]*(?:$|\s)", re.IGNORECASE)
_MIN_ROWS = 3
_MIN_CELLS = 3
_MAX_CELL = 600


def read_block_table(element: Element) -> list[list[str]] | None:
    """The texts of the rows of a table drawn with blocks, None when `element` is none.

    Its rows are most of its children, its cells all of theirs; either names or styles say so, or every row has the
    same number of short cells.
    """
    rows = [child for child in element if isinstance(child.tag, str) and squeezed(child)]
    if len(rows) < _MIN_ROWS or any(next(row.iter("table"), None) is not None for row in rows):
        return None
    cells = [_cells(row) for row in rows]
    wide = [row for row in cells if len(row) >= _MIN_CELLS]
    if len(wide) < _MIN_ROWS or len(wide) * 2 < len(rows) or not all(cells):
        return None
    if any(len(squeezed(cell)) > _MAX_CELL for row in wide for cell in row):
        return None
    if not (_is_marked(rows, wide) or len({len(row) for row in cells}) == 1):
        return None
    return [[text_of(cell) for cell in row] for row in cells]


def _cells(row: Element) -> list[Element]:
    """The cells of a row; empty where text stands between them, or blocks are mixed with text."""
    if row.tag not in BLOCKS or _has_own_text(row):
        return [row] if not any(child.tag in BLOCKS for child in row.iterdescendants()) else []
    return [child for child in row if isinstance(child.tag, str) and child.tag != "br"]


def _has_own_text(element: Element) -> bool:
    """Whether text stands in an element itself, outside its children."""
    return any((text or "").strip() for text in (element.text, *(child.tail for child in element)))


def _is_marked(rows: list[Element], cells: list[list[Element]]) -> bool:
    marked_rows = sum(
        bool(_ROW.search(row.get("style") or "") or _ROW_NAME.search(row.get("class") or "")) for row in rows
    )
    flat = [cell for row in cells for cell in row]
    marked_cells = sum(
        bool(_CELL.search(cell.get("style") or "") or _CELL_NAME.search(cell.get("class") or "")) for cell in flat
    )
    return marked_rows * 2 >= len(rows) or marked_cells * 2 >= len(flat)

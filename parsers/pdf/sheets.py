"""Sheets wider than their paper: the left and right part of one table on two pages (横向分页).

A spreadsheet prints what does not fit its page on the next one, row beside row: the same heights, other columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.pdf.cells import PageRow
from parsers.pdf.joining import columns_agree
from parsers.pdf.paragraphs import TextBlock
from parsers.pdf.parts import Part

_AT_THE_EDGE = 20.0
"""Points from the edge of a table within which a line that the paper cuts ends, and goes on on the next page."""
SAME_HEIGHT = 1.5
"""Points by which the rows of both parts may differ."""
FEWEST_ROWS = 4
CENTRED = 0.02
"""By how much of the table's width the middle of a title lies beside that of the table."""
SAME_LABELS = 0.3
"""Share of rows that may begin alike: forms of one make on page after page begin alike throughout."""


def side_by_side(left: Part, right: Part) -> Part | None:
    """Both parts as one table, None where they are not the halves of a sheet."""
    if not (left.geometry == right.geometry == "spans" and len(left.rows) == len(right.rows) >= FEWEST_ROWS):
        return None
    level = all(
        abs(one.bbox[1] - other.bbox[1]) <= SAME_HEIGHT and abs(one.bbox[3] - other.bbox[3]) <= SAME_HEIGHT
        for one, other in zip(left.rows, right.rows, strict=True)
    )
    if not level or columns_agree(left, right) or not _go_on_from(left, right):
        return None
    shift = left.xs[-1] - right.xs[0]
    cells = [*left.cells, *(cell._replace(col=cell.col + left.n_cols) for cell in right.cells)]
    rows = tuple(
        PageRow((*one.pages, *other.pages), one.bbox) for one, other in zip(left.rows, right.rows, strict=True)
    )
    return replace(
        left,
        rows=rows,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        xs=(*left.xs, *(x + shift for x in right.xs[1:])),
    )


def is_headed(table: Part, blocks: Sequence[TextBlock]) -> bool:
    """Whether a title stands over the middle of the table: of a sheet on two pages, no half has one of its own."""
    left, top, right, _ = table.bbox
    width = right - left
    above = (block.bbox for block in blocks if block.bbox[3] <= top)
    return any(
        left + _AT_THE_EDGE < x0 and x1 < right - _AT_THE_EDGE and abs(x0 + x1 - left - right) <= 2 * CENTRED * width
        for x0, _, x1, _ in above
    )


def whole_line(left: TextBlock, candidates: Sequence[TextBlock], tables: tuple[Part, Part]) -> TextBlock | None:
    """The rest of a line that the edge of the paper cuts, on the next page at the same height; `tables` are those of
    both pages, at whose edges it is cut. A character cut through stands on both pages and is counted once."""
    edge, start = tables[0].bbox[2], tables[1].bbox[0]
    if edge - left.bbox[2] > _AT_THE_EDGE:
        return None
    at_start = (one for one in candidates if one.bbox[0] - start <= _AT_THE_EDGE)
    near = next((one for one in at_start if abs(one.bbox[1] - left.bbox[1]) <= SAME_HEIGHT), None)
    twice = near is not None and left.bbox[2] > edge and near.bbox[0] < start and left.text[-1:] == near.text[:1]
    return replace(near, text=near.text[1:]) if near is not None and twice else near


def _go_on_from(left: Part, right: Part) -> bool:
    """Whether the rows of the right part have text of their own, and do not begin as those of the left one do."""
    both = [pair for pair in zip(_first_texts(left), _first_texts(right), strict=True) if all(pair)]
    alike = sum(1 for one, other in both if one == other)
    return len(both) >= FEWEST_ROWS and alike <= SAME_LABELS * len(both)


def _first_texts(part: Part) -> list[str]:
    texts = [""] * len(part.rows)
    for cell in sorted(part.cells, key=lambda cell: -cell.col):
        if cell.text:
            texts[cell.row] = cell.text
    return texts

"""Sheets wider than their paper: the left and right part of one table on two pages (横向分页).

A spreadsheet prints what does not fit its page on the next one, row beside row: the same heights, other columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.pdf.paragraphs import TextBlock
from parsers.pdf.parts import Part, PartRow

SAME_HEIGHT = 1.5
"""Points by which the rows of both parts may differ."""
FEWEST_ROWS = 4
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
    if not level or _alike(left, right) > SAME_LABELS:
        return None
    shift = left.xs[-1] - right.xs[0]
    cells = [*left.cells, *(replace(cell, col=cell.col + left.n_cols) for cell in right.cells)]
    rows = tuple(
        PartRow((*one.pages, *other.pages), one.bbox) for one, other in zip(left.rows, right.rows, strict=True)
    )
    return replace(
        left,
        rows=rows,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        xs=(*left.xs, *(x + shift for x in right.xs[1:])),
    )


def whole_line(left: TextBlock, candidates: Sequence[TextBlock]) -> TextBlock | None:
    """The rest of a line that the edge of the paper cuts, on the next page at the same height."""
    near = (one for one in candidates if abs(one.bbox[1] - left.bbox[1]) <= SAME_HEIGHT)
    return next(near, None)


def _alike(left: Part, right: Part) -> float:
    """The share of rows that begin with the same text in both parts."""
    firsts = [_first_texts(part) for part in (left, right)]
    same = sum(1 for one, other in zip(*firsts, strict=True) if one and one == other)
    return same / len(left.rows)


def _first_texts(part: Part) -> list[str]:
    texts = [""] * len(part.rows)
    for cell in sorted(part.cells, key=lambda cell: -cell.col):
        if cell.text:
            texts[cell.row] = cell.text
    return texts

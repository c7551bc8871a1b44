"""The tables of single pages, in the shape in which they are joined over pages (单页表格)."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.document import BBox, Geometry
from parsers.pdf.ruled import RuledTable
from parsers.pdf.shapes import PageContent


@dataclass(frozen=True, slots=True)
class PartCell:
    """A cell on one page. `room` is the width in em left beside its last line, `open_top` and `open_bottom`: not
    closed by a rule on that side."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    pages: tuple[int, ...]
    bbox: BBox
    confidence: float
    room: float
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True)
class PartRow:
    """A row with the pages it stands on (two where a page break cut it) and its box on the first of them."""

    pages: tuple[int, ...]
    bbox: BBox


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or the part of one that stands on one page; joined parts have the same shape.

    `xs` are the column edges. `bbox` is that of the last page, in reading orientation; `room` the height left
    under it on its page.
    """

    xs: tuple[float, ...]
    rows: tuple[PartRow, ...]
    cells: tuple[PartCell, ...]
    geometry: Geometry
    bbox: BBox
    room: float
    breaks: tuple[int, ...] = ()


def from_ruled(table: RuledTable, page: PageContent, content_bottom: float, sure: float) -> Part:
    """A ruled table of a page as a part; `sure` is the confidence in the page's text layer."""
    lattice = table.lattice
    x0, _, x1, bottom = lattice.bbox
    rows = tuple(
        PartRow((page.number,), page.as_seen((x0, lattice.ys[row], x1, lattice.ys[row + 1])))
        for row in range(len(lattice.ys) - 1)
    )
    cells = tuple(
        PartCell(
            box.row,
            box.col,
            box.row_span,
            box.col_span,
            cell.text,
            (page.number,),
            page.as_seen(lattice.bounds(box)),
            cell.confidence * sure,
            cell.room,
            box.open_top,
            box.open_bottom,
        )
        for box, cell in zip(lattice.boxes, table.texts, strict=True)
    )
    return Part(
        lattice.xs,
        rows,
        cells,
        "spans",
        lattice.bbox,
        content_bottom - bottom,
    )

"""The tables of single pages, in the shape in which they are joined over pages (单页表格)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.document import BBox, Geometry
from parsers.pdf.cells import PageCell, PageRow
from parsers.pdf.ruled import RuledTable
from parsers.pdf.shapes import PageContent, maker_of
from parsers.pdf.unruled import UnruledTable
from parsers.pdf.unruled_bands import Strip
from parsers.pdf.unruled_join import on_one_lattice


@dataclass(frozen=True, slots=True)
class Part:
    """A table, or the part of one that stands on one page; joined parts have the same shape.

    `xs` are the column edges of a table with rules, `strips` the white strips between the columns of one without.
    `bbox` is that of the last page, in reading orientation; `room` the share of that page's height under it. `laid`
    is True for a page that was laid on glass by hand, so that its columns stand elsewhere than on the page before.
    `dropped` are texts that only repeat others of the table (the header on its next page).
    """

    rows: tuple[PageRow, ...]
    cells: tuple[PageCell, ...]
    geometry: Geometry
    bbox: BBox
    room: float
    xs: tuple[float, ...] = ()
    strips: tuple[Strip, ...] = ()
    breaks: tuple[int, ...] = ()
    laid: bool = False
    dropped: tuple[str, ...] = ()

    @property
    def n_cols(self) -> int:
        return len(self.xs) - 1 if self.geometry == "spans" else len(self.strips) + 1


_as_cell = maker_of(PageCell)


def from_ruled(table: RuledTable, page: PageContent, sure: float) -> Part:
    """A ruled table of a page as a part; `sure` is the confidence in the page's text layer."""
    lattice = table.lattice
    x0, _, x1, bottom = lattice.bbox
    pages = (page.number,)
    rows = tuple(PageRow(pages, (x0, above, x1, below)) for above, below in pairwise(lattice.ys))
    bounds = map(lattice.bounds, lattice.boxes)
    cells = tuple(
        _as_cell((row, col, row_span, col_span, text, pages, box, confidence, room, open_top, open_bottom, ()))
        for (row, col, row_span, col_span, _, open_top, open_bottom), (text, _, confidence, room), box in zip(
            lattice.boxes, table.texts, bounds, strict=True
        )
    )
    part = Part(rows, cells, "spans", lattice.bbox, 1 - bottom / page.height, xs=lattice.xs, laid=page.scan is not None)
    return _as_seen(part, page, sure)


def from_unruled(table: UnruledTable, page: PageContent, sure: float) -> Part:
    """A table without rules as a part."""
    room = 1 - table.bbox[3] / page.height
    part = Part(table.rows, table.cells, "slots", table.bbox, room, strips=table.lattice)
    return _as_seen(part, page, sure)


def _as_seen(part: Part, page: PageContent, sure: float) -> Part:
    """A part in reading orientation with its rows and cells where they are seen, as sure as the text of the page is."""
    if page.lies_as_seen and sure == 1.0:
        return part
    rows = tuple(row._replace(bbox=page.as_seen(row.bbox)) for row in part.rows)
    cells = tuple(
        cell._replace(
            bbox=page.as_seen(cell.bbox),
            confidence=cell.confidence * sure * _recognised(page, cell.bbox),
            others=_others(page, cell.bbox, cell.text),
        )
        for cell in part.cells
    )
    return replace(part, rows=rows, cells=cells)


def _recognised(page: PageContent, box: BBox) -> float:
    """How sure recognition is of what stands in a box."""
    return page.scan.confidence(box) if page.scan is not None else 1.0


def _others(page: PageContent, box: BBox, text: str) -> tuple[str, ...]:
    """What is printed in a box may be instead of what was read there."""
    return page.scan.other_texts(box, text) if page.scan is not None and text else ()


def on_common_strips(first: Part, second: Part) -> tuple[Part, Part]:
    """Two parts without rules on the columns of both."""
    laid = on_one_lattice(_as_table(first), _as_table(second))
    return _relaid(first, laid[0]), _relaid(second, laid[1])


def _as_table(part: Part) -> UnruledTable:
    return UnruledTable(part.bbox, part.cells, part.rows, part.n_cols, part.strips)


def _relaid(part: Part, table: UnruledTable) -> Part:
    return replace(part, cells=table.cells, strips=table.lattice)

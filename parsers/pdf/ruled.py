"""Tables drawn with rules (有线表格): edges -> crossings -> lattices -> cells with their text.

Every step's result is kept in `PageTables`, so that a picture can show why a table was read as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import BBox
from parsers.pdf.celltext import CellText, fill_cells
from parsers.pdf.chars import Chars
from parsers.pdf.edges import whole_edges
from parsers.pdf.lattice import Lattice, build_lattice, connected, crossings, with_lone_sides
from parsers.pdf.settings import DEFAULT, TableSettings
from parsers.pdf.shapes import Edge, Line, PageContent

STRONG = ("line", "rect")


@dataclass(frozen=True, slots=True)
class RuledTable:
    """A table of one page: its lattice and what is printed in each of the lattice's boxes."""

    lattice: Lattice
    texts: tuple[CellText, ...]

    @property
    def bbox(self) -> BBox:
        return self.lattice.bbox


@dataclass(frozen=True, slots=True)
class PageTables:
    """The ruled tables of one page with every step that led to them (逐步结果).

    `edges` are the rules made whole, `crossings` index pairs into them, `tables` in reading order, an inner table
    after the one around it; `rest` the characters outside all tables.
    """

    edges: tuple[Edge, ...]
    crossings: tuple[tuple[int, int], ...]
    tables: tuple[RuledTable, ...]
    rest: Chars

    def loose_edges(self) -> list[Edge]:
        """The rules outside all tables."""
        return [edge for edge in self.edges if not any(_touches(table.bbox, edge) for table in self.tables)]


def find_ruled(page: PageContent, settings: TableSettings = DEFAULT) -> PageTables:
    """The ruled tables of a page; borders between backgrounds count only where no drawn rule makes a table."""
    edges = whole_edges((edge for edge in page.edges if edge.kind in STRONG), settings)[: settings.max_edges]
    meetings = crossings(edges, settings)
    lattices = _lattices(edges, meetings, settings)
    if any(edge.kind not in STRONG for edge in page.edges):
        boxes = [lattice.bbox for lattice in lattices]
        shades = [edge for edge in page.edges if not any(_touches(box, edge) for box in boxes)]
        weak = whole_edges(shades, settings)[: settings.max_edges]
        lattices += [found for found in _lattices(weak, crossings(weak, settings), settings) if _is_tiled(found)]
    tables, rest = _filled(lattices, Chars.of(page.chars), settings)
    return PageTables(tuple(edges), tuple(meetings), tuple(tables), rest)


def _lattices(edges: Sequence[Edge], meetings: Sequence[tuple[int, int]], settings: TableSettings) -> list[Lattice]:
    groups = with_lone_sides(connected(edges, meetings), settings)
    found = (build_lattice(group, settings) for group in groups if len(group) >= 3)
    return [lattice for lattice in found if lattice is not None]


def _is_tiled(lattice: Lattice) -> bool:
    """Whether cells fill the whole rectangle of a table: backgrounds of cells do, those of words do not."""
    whole = bool((lattice.owner >= 0).all())
    return whole and len(lattice.boxes) >= 4 and all(box.sure for box in lattice.boxes)


def _filled(lattices: Sequence[Lattice], chars: Chars, settings: TableSettings) -> tuple[list[RuledTable], Chars]:
    """Tables with their text, inner ones first served; a frame round a table, a cell's line or prose is none."""
    tables: list[RuledTable] = []
    rest = chars
    for lattice in sorted(lattices, key=_area):
        inside = [other for other in lattices if other is not lattice and _holds(lattice.bbox, other.bbox)]
        around = [other for other in lattices if other is not lattice and _holds(other.bbox, lattice.bbox)]
        if len(lattice.boxes) == 1 and (inside or around or not lattice.is_open):
            continue
        filled, left = fill_cells(lattice, rest, settings)
        if not any(cell.text for cell in filled) or not _is_real(lattice, filled, settings):
            continue
        tables.append(RuledTable(lattice, filled))
        rest = left
    return sorted(tables, key=lambda table: (table.bbox[1], table.bbox[0])), rest


def _is_real(lattice: Lattice, cells: Sequence[CellText], settings: TableSettings) -> bool:
    """Whether the rules part the columns: text that stands in columns inside the cells says they do not."""
    texts = [cell for cell in cells if cell.text]
    inner = sum(_has_columns(cell.lines, settings) for cell in texts if len(cell.text) > 2)
    widths = len({box.col for box in lattice.boxes})
    if widths == 1 and len(lattice.boxes) > 1:
        return inner == 0
    return inner <= len(texts) / (2 if widths > 1 else 1.5) if len(lattice.boxes) > 1 else not inner


def _has_columns(lines: Sequence[Line], settings: TableSettings) -> bool:
    """Whether at least two lines of a cell, or its only one, fall apart into three or more columns."""
    parted = [line for line in lines if len(line.chars) > 2]
    if not parted:
        return False
    wide = sum(
        sum(right.x0 - left.x1 > settings.column_gap * left.size for left, right in pairwise(line.chars)) >= 2
        for line in parted
    )
    return wide >= min(2, len(lines))


def _area(lattice: Lattice) -> float:
    x0, top, x1, bottom = lattice.bbox
    return (x1 - x0) * (bottom - top)


def _holds(outer: BBox, inner: BBox) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]


def _touches(box: BBox, edge: Edge) -> bool:
    x0, top, x1, bottom = box
    if edge.orientation == "h":
        return top - 2 <= edge.pos <= bottom + 2 and edge.start < x1 and edge.end > x0
    return x0 - 2 <= edge.pos <= x1 + 2 and edge.start < bottom and edge.end > top

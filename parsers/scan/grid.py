"""The cells that rules bound, found before anything is read (格子)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import BBox
from parsers.pdf.edges import whole_edges
from parsers.pdf.lattice import Lattice, build_lattice, connected, crossings
from parsers.pdf.settings import DEFAULT
from parsers.pdf.shapes import Edge


def lattices(edges: Sequence[Edge]) -> list[Lattice]:
    """The grids on a page as the table finder will build them, from the same rules."""
    whole = whole_edges(edges, DEFAULT)[: DEFAULT.max_edges]
    groups = connected(whole, crossings(whole, DEFAULT))
    found = (build_lattice(group, DEFAULT) for group in groups if len(group) >= 3)
    return [lattice for lattice in found if lattice is not None]


def cells(edges: Sequence[Edge]) -> list[BBox]:
    """The cells of all grids, in points."""
    return [lattice.bounds(box) for lattice in lattices(edges) for box in lattice.boxes]

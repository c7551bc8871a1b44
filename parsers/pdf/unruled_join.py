"""Tables of one form on several pages, laid on one lattice of columns (跨页对列)."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.pdf.cells import PageCell
from parsers.pdf.unruled import UnruledTable, reached
from parsers.pdf.unruled_bands import Strip


def on_one_lattice(upper: UnruledTable, lower: UnruledTable) -> tuple[UnruledTable, UnruledTable]:
    """Both tables with the columns of both: slots of one number then mean one place across the page.

    `lower` continues `upper`, so a strip of `lower` that could be several of `upper` is the one most of its cells end
    at. A cell that gains slots without reaching into them keeps those its text stands in.
    """
    used = Counter(edge for cell in upper.cells for edge in (cell.col, cell.col + cell.col_span))
    merged: list[Strip] = list(upper.lattice)
    matched: dict[Strip, Strip] = {}
    for strip in lower.lattice:
        near = [i for i, (low, high) in enumerate(upper.lattice) if strip[0] <= high and low <= strip[1]]
        if near:
            best = max(near, key=lambda i: used[i + 1])
            matched[strip] = upper.lattice[best]
        else:
            matched[strip] = strip
            merged.append(strip)
    merged.sort(key=sum)
    return _laid(upper, merged, {s: s for s in upper.lattice}), _laid(lower, merged, matched)


def _laid(table: UnruledTable, lattice: Sequence[Strip], matched: dict[Strip, Strip]) -> UnruledTable:
    middles = [sum(strip) for strip in lattice]
    bounds = [0, *(bisect_left(middles, sum(matched[strip])) + 1 for strip in table.lattice), len(lattice) + 1]
    cells: list[PageCell] = []
    for cell in table.cells:
        first, after = bounds[cell.col], bounds[cell.col + cell.col_span]
        if after - first > cell.col_span:
            first, after = reached(cell.bbox, lattice, first, after)
        cells.append(cell._replace(col=first, col_span=max(after - first, 1)))
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return replace(table, cells=tuple(cells), n_cols=len(lattice) + 1, lattice=tuple(lattice))

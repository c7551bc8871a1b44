"""From rules to cells: which rules belong together, and which rectangles they bound (线框成格).

pdfplumber looks for the smallest cell at every crossing, so a merged cell is found only where all four corners cross.
Here the rules of one table span a lattice of slots; slots that no rule parts are one cell. Merged cells come out as
exact spans, and a missing corner does no harm.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from parsers.document import BBox
from parsers.pdf.paint import Flags, Floats, Indices
from parsers.pdf.settings import TableSettings
from parsers.pdf.shapes import Edge, maker_of


class SlotBox(NamedTuple):
    """A cell by its slots: rows `row` to `row + row_span`, columns likewise.

    `sure` is False where rules were missing and the rectangle is a repair. `open_top`, `open_bottom`: no rule closes
    the cell on that side of the table, as some producers draw a cell that a page break cuts.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    sure: bool = True
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The slots between the rules of one table, and the cells they form.

    `xs`, `ys` are the positions of the rules; `boxes` the cells in row-major order; `owner[row, col]` the index of the
    cell that covers a slot, -1 for a slot outside the table.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    boxes: tuple[SlotBox, ...]
    owner: Indices

    @property
    def bbox(self) -> BBox:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    @property
    def is_open(self) -> bool:
        """Whether some cell is not closed at the top or bottom, where a page break may have cut the table."""
        return any(box.open_top or box.open_bottom for box in self.boxes)

    def bounds(self, box: SlotBox) -> BBox:
        """The rectangle of a cell on the page."""
        return self.xs[box.col], self.ys[box.row], self.xs[box.col + box.col_span], self.ys[box.row + box.row_span]

    def at(self, x: float, y: float) -> int:
        """The index of the cell at a point, -1 if there is none."""
        xs, ys = self.xs, self.ys
        if not (xs[0] <= x < xs[-1] and ys[0] <= y < ys[-1]):
            return -1
        return int(self.owner[bisect_right(ys, y) - 1, bisect_right(xs, x) - 1])

    def at_all(self, x: Floats, y: Floats) -> Indices:
        """The same for many points."""
        rows, cols = np.searchsorted(self.ys, y, side="right") - 1, np.searchsorted(self.xs, x, side="right") - 1
        outside = (rows < 0) | (cols < 0) | (y >= self.ys[-1]) | (x >= self.xs[-1])
        rows[outside] = cols[outside] = 0
        cells: Indices = np.where(outside, -1, self.owner[rows, cols])
        return cells


def crossings(edges: Sequence[Edge], settings: TableSettings) -> list[tuple[int, int]]:
    """Index pairs of a horizontal and a vertical edge that meet."""
    level, upright = _indices(edges, "h"), _indices(edges, "v")
    if not level or not upright:
        return []
    slack = settings.meet
    height, left, right = (side[:, None] for side in _places([edges[index] for index in level]))
    x, top, bottom = _places([edges[index] for index in upright])
    reached = (left - slack < x) & (x <= right + slack)
    first, second = np.nonzero(reached & (top - slack <= height) & (height <= bottom + slack))
    return [(level[one], upright[other]) for one, other in zip(first.tolist(), second.tolist(), strict=True)]


def _indices(edges: Sequence[Edge], orientation: str) -> list[int]:
    return [at for at, edge in enumerate(edges) if edge.orientation == orientation]


def _places(edges: Sequence[Edge]) -> Floats:
    """Position, start and end of edges, as three rows."""
    return np.array([edge[1:4] for edge in edges], dtype=float).reshape(-1, 3).T


def connected(edges: Sequence[Edge], meetings: Sequence[tuple[int, int]]) -> list[list[Edge]]:
    """Edges by table: those that meet, directly or over others."""
    groups = [[index] for index in range(len(edges))]
    for first, second in meetings:
        fewer, more = sorted((groups[first], groups[second]), key=len)
        if fewer is not more:
            more += fewer
            for index in fewer:
                groups[index] = more
    tables = {id(group): group for group in groups}.values()
    return [[edges[index] for index in sorted(group)] for group in tables]


def with_lone_sides(tables: Sequence[list[Edge]], settings: TableSettings) -> list[list[Edge]]:
    """The tables, with the side that no level rule meets of one that a page break leaves open.

    An outer column whose only cell goes on over the whole page has but its upright there, as long as the others are.
    """
    lone = [edge for edges in tables if not _has_level(edges) for edge in edges]
    return [[*edges, *_sides_of(edges, lone, settings)] if _has_level(edges) else edges for edges in tables]


def _has_level(edges: Sequence[Edge]) -> bool:
    return any(edge.orientation == "h" for edge in edges)


def _sides_of(edges: Sequence[Edge], lone: Sequence[Edge], settings: TableSettings) -> list[Edge]:
    upright = [edge for edge in edges if edge.orientation == "v"]
    heights = [edge.pos for edge in edges if edge.orientation == "h"]
    if not (lone and upright):
        return []
    left, right = min(edge.pos for edge in upright), max(edge.pos for edge in upright)
    top, bottom = min(edge.start for edge in upright), max(edge.end for edge in upright)
    if min(heights) - top < settings.min_slot and bottom - max(heights) < settings.min_slot:
        return []
    reach = settings.outer_column * (right - left)
    return [
        edge
        for edge in lone
        if max(abs(edge.start - top), abs(edge.end - bottom)) <= settings.snap
        and (left - reach <= edge.pos < left or right < edge.pos <= right + reach)
    ]


def build_lattice(edges: Sequence[Edge], settings: TableSettings) -> Lattice | None:
    """The lattice of connected edges, None where they bound no cell."""
    level = [edge for edge in edges if edge.orientation == "h"]
    upright = [edge for edge in edges if edge.orientation == "v"]
    if not level or not upright:
        return None
    sides = _missing_sides(level, upright, 2, settings)
    caps = _missing_sides(upright, level, 2 - bool(sides), settings)
    sides, caps = _stretched(sides, caps), _stretched(caps, sides)
    xs, ys = _positions([*upright, *sides], settings), _positions([*level, *caps], settings)
    rows, cols = len(ys) - 1, len(xs) - 1
    if rows < 1 or cols < 1 or rows * cols > settings.max_slots:
        return None
    over = _covered([*level, *caps], ys, xs, settings)
    beside = _covered([*upright, *sides], xs, ys, settings)
    boxes = _boxes(over, beside)
    boxes, ys, xs = _without_idle(boxes, ys, xs)
    rows, cols = len(ys) - 1, len(xs) - 1
    if any(cap.pos < ys[0] + settings.min_slot for cap in caps):
        boxes = [box if box.row else box._replace(open_top=True) for box in boxes]
    if any(cap.pos > ys[-1] - settings.min_slot for cap in caps):
        boxes = [box._replace(open_bottom=True) if box.row + box.row_span == rows else box for box in boxes]
    return Lattice(tuple(xs), tuple(ys), tuple(boxes), _owners(boxes, rows, cols)) if boxes else None


def _missing_sides(along: Sequence[Edge], across: Sequence[Edge], least: int, settings: TableSettings) -> list[Edge]:
    """Outer rules nobody drew: where at least `least` rules stick out over the outermost crossing rule to one line.

    One is enough where the sides are missing too: a row of two cells has but one rule in it.
    """
    orientation = across[0].orientation
    first, last = min(edge.pos for edge in across), max(edge.pos for edge in across)
    missing: list[Edge] = []
    for outer, loose in (
        (min(edge.start for edge in along), [e for e in along if first - e.start > settings.min_slot]),
        (max(edge.end for edge in along), [e for e in along if e.end - last > settings.min_slot]),
    ):
        reaching = [e for e in loose if min(abs(e.start - outer), abs(e.end - outer)) <= settings.snap]
        if len(reaching) >= least:
            ends = [edge.pos for edge in reaching]
            missing.append(Edge(orientation, outer, min(ends), max(ends), "line"))
    return missing


def _stretched(missing: Sequence[Edge], others: Sequence[Edge]) -> list[Edge]:
    """Outer rules nobody drew, as long as it takes to meet those across."""
    ends = [edge.pos for edge in others]
    return [edge._replace(start=min(edge.start, *ends), end=max(edge.end, *ends)) if ends else edge for edge in missing]


def _positions(edges: Sequence[Edge], settings: TableSettings) -> list[float]:
    """Where rows or columns part: positions too close for a slot between them are one."""
    groups: list[list[float]] = []
    for pos in sorted({edge.pos for edge in edges}):
        if groups and pos - groups[-1][0] < settings.min_slot:
            groups[-1].append(pos)
        else:
            groups.append([pos])
    return [sum(group) / len(group) for group in groups]


def _covered(
    edges: Sequence[Edge], positions: Sequence[float], cuts: Sequence[float], settings: TableSettings
) -> Flags:
    """For each position and each slot between cuts, whether rules cover enough of that side of the slot."""
    pos, start, end = _places(edges)
    low, high = np.array(cuts[:-1]), np.array(cuts[1:])
    shared = np.minimum(end[:, None], high) - np.maximum(start[:, None], low)
    lengths = np.zeros((len(positions), len(low)))
    np.add.at(lengths, _nearest(np.array(positions), pos), np.maximum(shared, 0))
    widths = high - low
    flags: Flags = lengths >= np.maximum(settings.covered * widths, widths - settings.min_slot)
    return flags


def _nearest(positions: Floats, pos: Floats) -> Indices:
    """The place of the nearest position to each of `pos`, of two as near the lower."""
    after = np.searchsorted(positions, pos, side="right")
    lower, upper = np.maximum(after - 1, 0), np.minimum(after, len(positions) - 1)
    nearest: Indices = np.where(pos - positions[lower] <= positions[upper] - pos, lower, upper)
    return nearest


def _boxes(over_slots: Flags, beside_slots: Flags) -> list[SlotBox]:
    """Slots that no rule parts, as rectangles in row-major order.

    What is open to the outside on one side only is a cell that was not closed there; on more, it is outside.
    """
    closed = over_slots[:-1] & over_slots[1:] & (beside_slots[:-1] & beside_slots[1:]).T
    boxes = [_as_box((row, col, 1, 1, True, False, False)) for row, col in np.argwhere(closed).tolist()]
    over, beside = over_slots.tolist(), beside_slots.tolist()
    seen: list[list[bool]] = closed.tolist()
    for row, col in np.argwhere(~closed).tolist():
        members, leaks = _region((row, col), seen, over, beside)
        found = _rectangles(members) if members else []
        if not leaks:
            boxes.extend(found)
        elif len(leaks) == 1 and len(found) == 1:
            boxes.append(found[0]._replace(open_top="top" in leaks, open_bottom="bottom" in leaks))
    return sorted(boxes)


_as_box = maker_of(SlotBox)


def _region(
    first: tuple[int, int], seen: list[list[bool]], over: list[list[bool]], beside: list[list[bool]]
) -> tuple[list[tuple[int, int]], set[str]]:
    """The slots around one that no rule parts from it, and the sides of the table on which they are open; nothing where
    it was `seen`."""
    rows, cols = len(seen), len(seen[0])
    members: list[tuple[int, int]] = []
    leaks: set[str] = set()
    todo = [first]
    while todo:
        row, col = todo.pop()
        if not (0 <= row < rows and 0 <= col < cols):
            leaks.add("top" if row < 0 else "bottom" if row == rows else "left" if col < 0 else "right")
            continue
        if seen[row][col]:
            continue
        seen[row][col] = True
        members.append((row, col))
        if not over[row][col]:
            todo.append((row - 1, col))
        if not over[row + 1][col]:
            todo.append((row + 1, col))
        if not beside[col][row]:
            todo.append((row, col - 1))
        if not beside[col + 1][row]:
            todo.append((row, col + 1))
    return members, leaks


def _without_idle(
    boxes: list[SlotBox], ys: list[float], xs: list[float]
) -> tuple[list[SlotBox], list[float], list[float]]:
    """The cells without the positions at which none of them begins or ends: underlines, loose ends."""
    if len({box.row for box in boxes}) == len(ys) - 1 and len({box.col for box in boxes}) == len(xs) - 1:
        return boxes, ys, xs  # a cell begins at each of them
    rows = sorted({edge for box in boxes for edge in (box.row, box.row + box.row_span)})
    cols = sorted({edge for box in boxes for edge in (box.col, box.col + box.col_span)})
    row_at = {old: new for new, old in enumerate(rows)}
    col_at = {old: new for new, old in enumerate(cols)}
    kept = [
        box._replace(
            row=row_at[box.row],
            col=col_at[box.col],
            row_span=row_at[box.row + box.row_span] - row_at[box.row],
            col_span=col_at[box.col + box.col_span] - col_at[box.col],
        )
        for box in boxes
    ]
    return kept, [ys[row] for row in rows], [xs[col] for col in cols]


def _rectangles(members: list[tuple[int, int]]) -> list[SlotBox]:
    """A region as one rectangle, or where a rule is missing inside it, as the fewest that cover it."""
    if len(members) == 1:
        return [SlotBox(*members[0], 1, 1)]
    top, left = min(row for row, _ in members), min(col for _, col in members)
    bottom, right = max(row for row, _ in members), max(col for _, col in members)
    if len(members) == (bottom - top + 1) * (right - left + 1):
        return [SlotBox(top, left, bottom - top + 1, right - left + 1)]
    rest = set(members)
    boxes: list[SlotBox] = []
    for row, col in sorted(members):
        if (row, col) not in rest:
            continue
        width = height = 1
        while (row, col + width) in rest:
            width += 1
        while all((row + height, col + step) in rest for step in range(width)):
            height += 1
        rest -= {(row + down, col + step) for down in range(height) for step in range(width)}
        boxes.append(SlotBox(row, col, height, width, sure=False))
    return boxes


def _owners(boxes: Sequence[SlotBox], rows: int, cols: int) -> Indices:
    owner = [[-1] * cols for _ in range(rows)]
    for index, (row, col, row_span, col_span, _, _, _) in enumerate(boxes):
        for at in range(row, row + row_span):
            if col_span == 1:
                owner[at][col] = index
            else:
                owner[at][col : col + col_span] = [index] * col_span
    return np.array(owner)

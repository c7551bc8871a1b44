"""Tables of indicators in other layouts, laid as usual: on their side, in halves side by side (另排的指标表).

Cells keep their text and their place; only the slots they stand in change, so that everything after this reads one
layout.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from parsers.document import Cell, Grid, Paragraph, Place
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.header_rows import is_indicator_header
from parsers.interpret.rows import Row, Slot, rows_of
from schemas.lexicon import Lexicon, normalise
from schemas.quantities import parse_number

_RESULTS = frozenset({"target", "actual", "points", "score"})
_HEADS = _RESULTS | {*LEVEL_COLUMNS, "relation", "target_unit", "deviation", "completion_rate"}
_CELLS = regex.compile(r"[\s|｜]+")
_TOTAL_CELLS = 3
"""Label, points and score."""
_FEWEST_RESULTS = 2
_FEWEST_IN_HALF = 3


def laid_out(grid: Grid, lexicon: Lexicon) -> Grid:
    """The grid with its indicators one a row under one row of heads; itself where they stand so, as nearly always."""
    if grid.geometry == "sequence":
        return grid
    rows = rows_of(grid)
    turned = _on_its_side(rows, lexicon)
    if turned is not None:
        return _turned(grid, turned)
    halves = _halves(rows, lexicon)
    return _stacked(grid, halves) if halves is not None else grid


def total_row(line: Paragraph, lexicon: Lexicon) -> Grid | None:
    """The row of the total that stands below its table as a line of its own (总分 100 98); None for other lines."""
    parts = _CELLS.split(line.text.strip(" \t\u3000|｜"))
    lead = next((at for at, part in enumerate(parts) if parse_number(part) is not None), len(parts))
    texts = ["".join(parts[:lead]), *parts[lead:]]
    if len(texts) != _TOTAL_CELLS or not all(map(parse_number, texts[1:])) or lexicon.key(texts[0]) != "total":
        return None
    place = line.place
    cells = (Cell(0, at, text, page=place.page, bbox=place.bbox) for at, text in enumerate(texts))
    return Grid(tuple(cells), (place,), len(texts), "sequence", 0)


# -- on its side: 三级指标 | 甲 | 乙 over 年度指标值 | 10 | 20 ---------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _OnSide:
    """Rows from `top` on, each with the cell that heads it and the cells of its values."""

    top: int
    heads: tuple[Slot, ...]
    values: tuple[tuple[Slot, ...], ...]


def _on_its_side(rows: Sequence[Row], lexicon: Lexicon) -> _OnSide | None:
    """The first run of rows that each begin with another head of indicators and hold nothing but values behind it."""
    run: list[tuple[int, Slot, tuple[Slot, ...]]] = []
    for row in (*rows, None):
        found = _headed(row, lexicon) if row is not None else None
        if row is not None and found is not None:
            run.append((row.index, *found))
            continue
        if _is_table(run, lexicon):
            return _OnSide(run[0][0], tuple(head for _, head, _ in run), tuple(values for _, _, values in run))
        run = []
    return None


def _headed(row: Row, lexicon: Lexicon) -> tuple[Slot, tuple[Slot, ...]] | None:
    """The head that a row begins with, behind the name of a block that reaches over rows, and the cells behind it."""
    own = [slot for slot in row.slots if slot.own]
    own = own[1:] if own and own[0].cell.row_span > 1 and lexicon.column(own[0].text) not in _HEADS else own
    if len(own) <= _FEWEST_RESULTS or lexicon.column(own[0].text) not in _HEADS:
        return None
    heads_more = any(lexicon.column(slot.text) and not lexicon.guesses_column(slot.text) for slot in own[1:])
    return None if heads_more or any(slot.cell.row_span > 1 for slot in own) else (own[0], tuple(own[1:]))


def _is_table(run: Sequence[tuple[int, Slot, tuple[Slot, ...]]], lexicon: Lexicon) -> bool:
    concepts = [lexicon.column(head.text) or "" for _, head, _ in run]
    apart = len(set(concepts)) == len(concepts)
    return apart and "level3" in concepts and len(_RESULTS & set(concepts)) >= _FEWEST_RESULTS


def _turned(grid: Grid, block: _OnSide) -> Grid:
    """The grid with the rows of `block` as columns: their heads in one row, and a row for each place of values."""
    top, height = block.top, len(block.heads)
    starts = sorted({slot.start for values in block.values for slot in values})
    added = 1 + len(starts) - height
    cells = [_kept(cell, top, height, added) for cell in grid.cells if not top <= cell.row < top + height]
    names: dict[int, Slot] = {}
    for column, (head, values) in enumerate(zip(block.heads, block.values, strict=True)):
        cells.append(_moved(grid, head.cell, top, column, 1))
        for slot in values:
            first = bisect_left(starts, slot.start)
            span = bisect_left(starts, slot.stop) - first
            cells.append(_moved(grid, slot.cell, top + 1 + first, column, span))
            names.update(dict.fromkeys(range(first, first + span), slot) if span == 1 else {})
    places = [_place_of(grid, names.get(index), top) for index in range(len(starts))]
    rows = (*grid.rows[: top + 1], *places, *grid.rows[top + height :])
    breaks = tuple(index if index <= top else index + added for index in grid.breaks if not top < index < top + height)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return replace(grid, cells=tuple(cells), rows=rows, n_cols=max(grid.n_cols, height), breaks=breaks)


def _kept(cell: Cell, top: int, height: int, added: int) -> Cell:
    return cell._replace(row=cell.row + added) if cell.row >= top + height else cell


def _moved(grid: Grid, cell: Cell, row: int, column: int, span: int) -> Cell:
    """The cell in another slot; it still says where it is printed."""
    locator = cell.locator or grid.rows[cell.row].locator
    return cell._replace(row=row, col=column, row_span=span, col_span=1, locator=locator)


def _place_of(grid: Grid, slot: Slot | None, top: int) -> Place:
    """Where the values of one indicator stand: at the last cell that is its alone."""
    if slot is None:
        return grid.rows[top]
    locator = slot.cell.locator or grid.rows[slot.cell.row].locator
    return Place(locator, slot.cell.page, slot.cell.bbox)


# -- in halves: 指标名称 | 目标值 | 得分 | 指标名称 | 目标值 | 得分 ------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Halves:
    """Rows [top, stop) of which what stands from column `middle` on continues what stands from column `start` on."""

    top: int
    stop: int
    start: int
    middle: int


def _halves(rows: Sequence[Row], lexicon: Lexicon) -> _Halves | None:
    for row in rows:
        texts = [normalise(slot.text) for slot in row.filled]
        half = len(texts) // 2
        twice = half >= _FEWEST_IN_HALF and texts[:half] == texts[half:]
        if not twice or len(set(texts)) != half or not is_indicator_header(row, lexicon):
            continue
        start, middle = row.filled[0].start, row.filled[half].start
        below = rows[row.index + 1 :]
        stop = next((one.index for one in below if _ends_halves(one, middle, lexicon)), len(rows))
        return _Halves(row.index, stop, start, middle) if stop > row.index + 1 else None
    return None


def _ends_halves(row: Row, middle: int, lexicon: Lexicon) -> bool:
    """Whether a row is none of two halves: a cell stands in both, the right half is blank, or heads follow."""
    crosses = any(slot.start < middle < slot.stop for slot in row.slots)
    right = [slot for slot in row.slots if slot.start >= middle and slot.text]
    return crosses or not right or is_indicator_header(row, lexicon)


def _stacked(grid: Grid, halves: _Halves) -> Grid:
    """The grid with the right half below the left one, under its own heads."""
    top, stop, shift = halves.top, halves.stop, halves.middle - halves.start
    height = stop - top
    cells = []
    for cell in grid.cells:
        if cell.row >= stop:
            cells.append(cell._replace(row=cell.row + height))
        elif cell.row >= top and cell.col >= halves.middle:
            cells.append(cell._replace(row=cell.row + height, col=cell.col - shift))
        else:
            cells.append(cell)
    rows = (*grid.rows[:stop], *grid.rows[top:stop], *grid.rows[stop:])
    breaks = {index for index in grid.breaks if index < stop} | {index + height for index in grid.breaks if index > top}
    cells.sort(key=lambda cell: (cell.row, cell.col))
    return replace(grid, cells=tuple(cells), rows=rows, breaks=tuple(sorted(breaks)))

"""Joined cells that were printed once in every slot they covered, joined again (合并格被逐格复写的表).

Other programs fill every slot of a joined cell with its text: `项目名称 | 项目名称 | 某某 | 某某`. No form prints
the label of a value twice in a row; by that such a table is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.document import Cell, Grid
from schemas.lexicon import lexicon, squeeze

_FEWEST_DOUBLED = 2
"""Known words that stand twice in a row, one of them the label of a value, from which a table is taken for such."""
_FEWEST_HEADS = 3
_LONG = 12
"""Characters of a text that two neighbours do not share by chance."""


@dataclass(frozen=True, slots=True)
class _Heads:
    """Of the last row of heads, the columns whose cell is one with that right of it, and those where each has a head of
    its own: figures alike under these are two (年初预算数 320 | 全年预算数 320)."""

    together: frozenset[int] = frozenset()
    apart: frozenset[int] = frozenset()


def with_copies_joined(grid: Grid) -> Grid:
    """The grid with the copies of each joined cell made one; itself where nothing was copied, as nearly always."""
    spanning = any(cell.row_span > 1 or cell.col_span > 1 for cell in grid.cells)
    if spanning or grid.geometry == "sequence" or not _is_copied(grid):
        return grid
    rows = _by_row(grid)
    joined: list[list[Cell]] = []
    heads = _Heads()
    for row in rows:
        together = frozenset(_together(row, heads))
        joined.append(_in_runs(row, together))
        if _is_heads(row):
            apart = {left.col for left, right in pairwise(row) if _head_apart(left, right)}
            heads = _Heads(together, frozenset(apart))
    cells = [cell for row in _down_the_side(joined) for cell in row]
    return replace(grid, cells=tuple(cells), geometry="spans")


def _is_copied(grid: Grid) -> bool:
    doubled = {
        squeeze(left.text)
        for row in _by_row(grid)
        for left, right in pairwise(row)
        if _are_alike(left, right) and _is_word(left.text)
    }
    return len(doubled) >= _FEWEST_DOUBLED and any(map(_labels_value, doubled))


def _are_alike(one: Cell, other: Cell) -> bool:
    """Whether two cells print the same, however it is broken into lines."""
    return one.text == other.text or squeeze(one.text) == squeeze(other.text)


def _by_row(grid: Grid) -> list[list[Cell]]:
    rows: list[list[Cell]] = [[] for _ in grid.rows]
    for cell in grid.cells:
        rows[cell.row].append(cell)
    return [sorted(row, key=lambda cell: cell.col) for row in rows if row]


def _labels_value(text: str) -> bool:
    """Whether a text is the label of a value beside it, and heads no column."""
    return lexicon().key(text) is not None and lexicon().column(text) is None


def _is_word(text: str) -> bool:
    plain = squeeze(text)
    known = lexicon()
    return bool(plain) and (
        known.key(plain) is not None or known.column(plain) is not None or known.knows_source(plain)
    )


def _is_heads(row: Sequence[Cell]) -> bool:
    return len({concept for cell in row if (concept := lexicon().column(squeeze(cell.text)))}) >= _FEWEST_HEADS


def _head_apart(left: Cell, right: Cell) -> bool:
    """Whether two neighbours are the heads of two columns of their own."""
    one, other = (lexicon().column(squeeze(cell.text)) for cell in (left, right))
    return one is not None and other is not None and not _are_alike(left, right)


def _together(row: Sequence[Cell], heads: _Heads) -> Iterator[int]:
    """The columns whose cell is one with that right of it: the same words, or the same figure under one head."""
    labelled = any(_labels_value(squeeze(cell.text)) for cell in row)
    for left, right in pairwise(row):
        if not left.text.strip() or not _are_alike(left, right) or right.col != left.col + 1:
            continue
        if left.col in heads.apart and not any(map(str.isalpha, left.text)):
            continue
        if labelled or left.col in heads.together or len(left.text) >= _LONG or _is_word(left.text):
            yield left.col


def _in_runs(row: Sequence[Cell], together: frozenset[int]) -> list[Cell]:
    """The cells of a row, those that are one made one."""
    found: list[Cell] = []
    for cell in row:
        if found and cell.col - 1 in together:
            found[-1] = found[-1]._replace(col_span=found[-1].col_span + 1)
        else:
            found.append(cell)
    return found


def _down_the_side(rows: Sequence[list[Cell]]) -> list[list[Cell]]:
    """The rows with the name of a block, which stands first in each of its rows, in the first of them only."""
    found: list[list[Cell]] = []
    top = -1
    for index, row in enumerate(rows):
        if index and top >= 0 and _is_same(found[top][0], row[0], rows[index - 1][0]):
            found[top][0] = found[top][0]._replace(row_span=found[top][0].row_span + 1)
            found.append(row[1:])
        else:
            top = index
            found.append(list(row))
    return found


def _is_same(side: Cell, cell: Cell, above: Cell) -> bool:
    """Whether a cell at the side goes on with the one above, which is a copy of the name of its block, `side`."""
    is_below = cell.col == 0 and (cell.row, cell.col_span) == (above.row + 1, side.col_span)
    return is_below and all(_are_alike(cell, one) for one in (side, above)) and any(map(str.isalpha, cell.text))

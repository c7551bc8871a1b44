"""The best way to lay the cells of a row under its columns in order, and what is open about it (按值配列)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from parsers.interpret.column import Column
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.fit import fit
from parsers.interpret.rows import Slot
from schemas.lexicon import Lexicon
from schemas.quantities import is_blank

_SKIP_COLUMN = {
    "deviation": 0.3,
    "side": 0.1,
    "blank": 0.1,
    "unknown": 0.4,
    "criteria": 0.5,
    "label": 1.5,
    # Labels of level 1 and 2 stand in the first of their rows only.
    "level1": 0.2,
    "level2": 0.3,
    # A short row of a funding table prints its money; what it leaves out is to the right.
    **dict.fromkeys(MONEY_COLUMNS, 1.8),
    "execution_rate": 0.6,
}
"""What a column without a cell costs."""
_OTHER_COLUMN = 0.8
_LOST_TEXT, _LOST_TWICE, _LOST_BLANK = 3.0, 1.5, 0.05
"""What a cell without a column costs: one with words, one that repeats the cell before it, one without."""
_NEAR = 0.9
"""Lead of the best reading over one that gives a column another text, below which that column is open."""
_NEVER = float("-inf")

Fit = Callable[[int, int], float]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A column (or None) for each cell, and the total of their fits.

    `margin` is the least lead over a reading that gives some column another text; `open` are the columns for which
    such a reading is near.
    """

    choice: tuple[int | None, ...]
    total: float
    margin: float
    open: frozenset[int]


def best_fitting(
    slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon, pinned: Mapping[int, int] | None = None
) -> Fitting:
    """The best order-preserving assignment. O(cells × columns). `pinned` cells have their column already."""
    fits = _fits(slots, columns, lexicon, pinned or {})
    before, behind = _before(slots, columns, fits), _behind(slots, columns, fits)
    choice = _choice(slots, columns, fits, behind)
    total = behind[0][0]
    texts = ["" if is_blank(slot.text) else slot.text for slot in slots]
    leads: dict[int, float] = {}
    for index, column in enumerate(columns):
        chosen = next((texts[i] for i, taken in enumerate(choice) if taken == index), "")
        rivals = [(text, before[i][index] + fits(i, index) + behind[i + 1][index + 1]) for i, text in enumerate(texts)]
        skipped = max(before[i][index] - _skip(column) + behind[i][index + 1] for i in range(len(slots) + 1))
        others = [value for text, value in (*rivals, ("", skipped)) if text != chosen]
        leads[index] = total - max(others, default=_NEVER)
    return Fitting(
        choice, total, min(leads.values(), default=0.0), frozenset(i for i, lead in leads.items() if lead < _NEAR)
    )


def fitted_value(slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon) -> float:
    """The total of the best assignment."""
    return _behind(slots, columns, _fits(slots, columns, lexicon, {}))[0][0]


def _fits(slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon, pinned: Mapping[int, int]) -> Fit:
    def value(index: int, column: int) -> float:
        if pinned.get(index, column) != column:
            return _NEVER
        return fit(slots[index].text, columns[column].concept, lexicon)

    return value


def _skip(column: Column) -> float:
    return _SKIP_COLUMN.get(column.concept, _OTHER_COLUMN)


def _lost(slots: Sequence[Slot], index: int) -> float:
    text = slots[index].text
    twice = index > 0 and slots[index - 1].text == text
    return (_LOST_TWICE if twice else _LOST_TEXT) if text else _LOST_BLANK


def _behind(slots: Sequence[Slot], columns: Sequence[Column], fits: Fit) -> list[list[float]]:
    """`[i][j]`: the best total of the cells from i on in the columns from j on."""
    n, m = len(slots), len(columns)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    for j in range(m - 1, -1, -1):
        table[n][j] = table[n][j + 1] - _skip(columns[j])
    for i in range(n - 1, -1, -1):
        lost = _lost(slots, i)
        table[i][m] = table[i + 1][m] - lost
        for j in range(m - 1, -1, -1):
            take = table[i + 1][j + 1] + fits(i, j)
            table[i][j] = max(take, table[i][j + 1] - _skip(columns[j]), table[i + 1][j] - lost)
    return table


def _before(slots: Sequence[Slot], columns: Sequence[Column], fits: Fit) -> list[list[float]]:
    """`[i][j]`: the best total of the cells before i in the columns before j."""
    n, m = len(slots), len(columns)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    for j in range(1, m + 1):
        table[0][j] = table[0][j - 1] - _skip(columns[j - 1])
    for i in range(1, n + 1):
        lost = _lost(slots, i - 1)
        table[i][0] = table[i - 1][0] - lost
        for j in range(1, m + 1):
            take = table[i - 1][j - 1] + fits(i - 1, j - 1)
            table[i][j] = max(take, table[i][j - 1] - _skip(columns[j - 1]), table[i - 1][j] - lost)
    return table


def _choice(
    slots: Sequence[Slot], columns: Sequence[Column], fits: Fit, behind: list[list[float]]
) -> tuple[int | None, ...]:
    choice: list[int | None] = []
    i = j = 0
    while i < len(slots):
        if j < len(columns) and behind[i][j] == behind[i + 1][j + 1] + fits(i, j):
            choice.append(j)
            i, j = i + 1, j + 1
        elif j < len(columns) and behind[i][j] == behind[i][j + 1] - _skip(columns[j]):
            j += 1
        else:
            choice.append(None)
            i += 1
    return tuple(choice)

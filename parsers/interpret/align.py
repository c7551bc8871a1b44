"""Which cell of a row belongs to which column (单元格与列的对应).

With exact positions a cell belongs to the column it stands in. Where only the order is known (sequences) or a row has
more or fewer cells than the header, the best order-preserving assignment is found by dynamic programming over how well
each text fits each column's kind; a close second best lowers the confidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import regex

from parsers.document import Cell, Grid
from parsers.interpret.columns import LEVEL_COLUMNS, LEVEL_POINTS, MONEY_COLUMNS, PART, Column
from parsers.interpret.rows import Row, Slot
from schemas.lexicon import Lexicon
from schemas.quantities import is_blank, parse_money, parse_number, parse_percent, parse_points
from schemas.units import is_unit

NUMBER_COLUMNS = frozenset({"points", "score", "other_score", "execution_rate", *MONEY_COLUMNS})
_MONEY = frozenset({*MONEY_COLUMNS, PART, "other_money"})
_RATES = frozenset({"execution_rate", "other_rate"})
_FIGURES = NUMBER_COLUMNS | _MONEY | _RATES | set(LEVEL_POINTS)
"""Columns whose cells are read as numbers; of them NUMBER_COLUMNS tell one indicator from the next."""
_RELATION = regex.compile(
    r"^(?:[≥≤><=≧≦═＞＜＝﹥﹤]+=?|不低于|不少于|至少|大于等于|小于等于|大于|小于|等于|不超过|不高于|定性)$"
)
_RELATION_START = regex.compile(r"^(?:[≥≤><=≧≦═＞＜＝﹥﹤]|不低于|不少于|至少|大于|小于|不超过|不高于|达到)")
_MASKED = regex.compile(r"[\d,.，%％]*[*＊×xX□■●]+[\d,.，%％*＊×xX□■●]*")
"""A figure with digits blacked out stands where a figure stands."""
_HAS_DIGIT = regex.compile(r"\d")
_SKIP_COLUMN = {
    "deviation": 0.3,
    "side": 0.1,
    "blank": 0.1,
    "unknown": 0.4,
    "criteria": 0.5,
    "label": 1.5,
    # A short row of a funding table prints its money; what it leaves out is to the right.
    **dict.fromkeys(MONEY_COLUMNS, 1.2),
    "execution_rate": 0.6,
}
_CLEAR_MARGIN = 1.0
_CONTRADICTS = -2
DOUBTFUL = 0.5
"""`Assigned.certain` from which down a row's columns are reported as uncertain."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """A row whose cells have columns: `cells[i]` are the slots of column i; `certain` is 0 to 1.

    `strays` are filled cells no column could take.
    """

    row: Row
    columns: tuple[Column, ...]
    cells: tuple[tuple[Slot, ...], ...]
    strays: tuple[Slot, ...] = ()
    certain: float = 1.0

    def slots(self, concept: str) -> tuple[Slot, ...]:
        """The slots of the first column of that concept that holds something (or its empty slots).

        A figure printed once over several rows belongs to the first of them.
        """
        fallback: tuple[Slot, ...] = ()
        for column, slots in zip(self.columns, self.cells, strict=True):
            if column.concept == concept:
                if concept in _FIGURES and concept not in LEVEL_POINTS:
                    slots = tuple(slot for slot in slots if slot.own)
                if any(slot.text for slot in slots):
                    return slots
                fallback = fallback or slots
        return fallback

    def column(self, concept: str) -> Column | None:
        """The column that `slots` are taken from."""
        slots = set(self.slots(concept))
        pairs = zip(self.columns, self.cells, strict=True)
        return next((column for column, cells in pairs if column.concept == concept and slots <= set(cells)), None)

    def text(self, concept: str) -> str:
        """The text of a column, white space removed, parts of one column joined.

        Two cells of one row under a head of figures stay apart: two numbers never make one.
        """
        filled = [slot for slot in self.slots(concept) if slot.text]
        apart = concept in _FIGURES and len({slot.cell.col for slot in filled}) > 1
        return (" " if apart else "").join(slot.text for slot in filled)


def assign(row: Row, columns: tuple[Column, ...], lexicon: Lexicon, width: int) -> list[Assigned]:
    """The row's cells by column. Usually one result; two or more where a damaged dump glued rows together.

    `width` is the number of columns of the grid the header stands in: in a grid of another width (a later page cut
    differently) positions mean nothing, and the cells are fitted by their kind, with doubt.
    """
    if row.exact and row.grid.n_cols == width:
        placed = _by_position(row, columns)
        short = row.grid.geometry == "slots" and len(row.slots) < width
        if not (short and _contradicts(placed, lexicon)):
            return [placed]
    if row.exact:
        fitted = _by_fit(row, row.slots, columns, lexicon)
        return [replace(fitted, certain=min(fitted.certain, DOUBTFUL))]
    slots = row.slots
    if len(slots) == len(columns):
        direct = _score_direct(slots, columns, lexicon)
        if direct >= 0:
            cells = tuple((slot,) for slot in slots)
            return [Assigned(row, columns, cells, certain=1.0)]
    if len(slots) > len(columns):
        return _split(row, columns, lexicon)
    return [_by_fit(row, slots, columns, lexicon)]


def _contradicts(placed: Assigned, lexicon: Lexicon) -> bool:
    """Whether some cell cannot be what its column's head says."""
    return any(
        slot.own and fit(slot.text, column.concept, lexicon) <= _CONTRADICTS
        for column, slots in zip(placed.columns, placed.cells, strict=True)
        for slot in slots
    )


def doubt_short_rows(rows: Sequence[Assigned], header_cells: int = 0) -> list[Assigned]:
    """The rows of one table; one shorter than it should be has lost a cell or fused two, and is doubtful.

    That can be told where blanks are kept: of a sequence by the columns that most rows fill, of slots by the cells of
    its header, or of most rows.
    """
    if not rows or not any(_keeps_blanks(one) for one in rows):
        return list(rows)
    usual, count = Counter(len(one.row.slots) for one in rows).most_common(1)[0]
    expected = header_cells or (usual if count * 2 > len(rows) else 0)
    whole = sum(1 for one in rows if len(one.row.slots) == len(one.columns)) * 2 > len(rows)
    doubted = []
    for one in rows:
        if one.row.exact:
            short = one.row.grid.geometry == "slots" and len(one.row.slots) < expected
        else:
            short = whole and one.certain < 1 and len(one.row.slots) < len(one.columns)
        doubted.append(replace(one, certain=min(one.certain, DOUBTFUL)) if short else one)
    return doubted


def _keeps_blanks(assigned: Assigned) -> bool:
    """Whether a blank stands at the end of some row of slots, or anywhere in a row of a sequence."""
    row = assigned.row
    return ends_in_blank(row.grid) if row.exact else any(not slot.text for slot in row.slots)


@lru_cache(maxsize=64)
def ends_in_blank(grid: Grid) -> bool:
    last: dict[int, Cell] = {}
    for cell in grid.cells:
        if cell.row not in last or last[cell.row].col < cell.col:
            last[cell.row] = cell
    return any(not cell.text.strip() for cell in last.values())


def _by_position(row: Row, columns: tuple[Column, ...]) -> Assigned:
    cells: list[list[Slot]] = [[] for _ in columns]
    strays: list[Slot] = []
    for slot in row.slots:
        index = _column_of(slot, columns)
        if index is not None:
            cells[index].append(slot)
        elif slot.text and slot.own:
            strays.append(slot)
    return Assigned(row, columns, tuple(tuple(slots) for slots in cells), tuple(strays))


def _column_of(slot: Slot, columns: tuple[Column, ...]) -> int | None:
    """The column a cell stands in: the first it covers that is more than a side label. A header stands over it rather
    than one that only reaches there over blanks."""
    covered = [i for i, column in enumerate(columns) if column.start < slot.stop and slot.start < column.stop]
    named = [i for i in covered if columns[i].concept not in ("side", "blank")]
    under = [i for i in named if (core := columns[i].core) and core[0] < slot.stop and slot.start < core[1]]
    return next(iter(under or named or covered), None)


def _score_direct(slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon) -> float:
    """How well cells fit columns one to one: below zero when some cell contradicts its column's kind."""
    fits = [fit(slot.text, column.concept, lexicon) for slot, column in zip(slots, columns, strict=True)]
    return -1.0 if any(value <= _CONTRADICTS for value in fits) else sum(fits)


def _by_fit(row: Row, slots: Sequence[Slot], columns: tuple[Column, ...], lexicon: Lexicon) -> Assigned:
    total, choice, margin = _best_assignment(slots, columns, lexicon)
    cells: list[tuple[Slot, ...]] = [() for _ in columns]
    strays: list[Slot] = []
    for slot, column in zip(slots, choice, strict=True):
        if column is not None:
            cells[column] = (slot,)
        elif slot.text:
            strays.append(slot)
    certain = 0.75 if margin >= _CLEAR_MARGIN and total > 0 else DOUBTFUL
    return Assigned(row, columns, tuple(cells), tuple(strays), certain)


def _split(row: Row, columns: tuple[Column, ...], lexicon: Lexicon) -> list[Assigned]:
    """More cells than columns: either an extra cell, or several rows glued together; the better reading wins."""
    slots = row.slots
    whole = _best_assignment(slots, columns, lexicon)
    best, best_cut = whole[0], 0
    for cut in range(2, min(len(slots) - 1, len(columns) + 1)):
        head = _best_assignment(slots[:cut], columns, lexicon)[0]
        tail_slots = slots[cut:]
        if len(tail_slots) > len(columns):
            # The rest is cut again below; it cannot score better than its best first row here.
            tail_slots = tail_slots[: len(columns)]
        tail = _best_assignment(tail_slots, columns, lexicon)[0]
        if head + tail > best + _CLEAR_MARGIN:
            best, best_cut = head + tail, cut
    if not best_cut:
        return [_by_fit(row, slots, columns, lexicon)]
    rest = Row(row.grid, row.index, slots[best_cut:], row.cut)
    tail_parts = (
        _split(rest, columns, lexicon)
        if len(rest.slots) > len(columns)
        else [_by_fit(rest, rest.slots, columns, lexicon)]
    )
    return [_by_fit(row, slots[:best_cut], columns, lexicon), *tail_parts]


def _best_assignment(
    slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon
) -> tuple[float, list[int | None], float]:
    """Best order-preserving assignment: total fit, a column (or None) per slot, and the lead over the runner-up.

    O(cells × columns). The runner-up differs from the winner in the column of at least one filled cell.
    """
    best, choice = _viterbi(slots, columns, lexicon, banned=None)
    runner_up = float("-inf")
    for index, column in enumerate(choice):
        if column is not None and slots[index].text:
            total, _ = _viterbi(slots, columns, lexicon, banned=(index, column))
            runner_up = max(runner_up, total)
    return best, choice, best - runner_up


def _viterbi(
    slots: Sequence[Slot], columns: Sequence[Column], lexicon: Lexicon, banned: tuple[int, int] | None
) -> tuple[float, list[int | None]]:
    n, m = len(slots), len(columns)
    table = [[0.0] * (m + 1) for _ in range(n + 1)]
    move = [["" for _ in range(m + 1)] for _ in range(n + 1)]
    for j in range(m - 1, -1, -1):
        table[n][j] = table[n][j + 1] - _SKIP_COLUMN.get(columns[j].concept, 0.8)
        move[n][j] = "column"
    for i in range(n - 1, -1, -1):
        lost = 3.0 if slots[i].text else 0.05
        table[i][m] = table[i + 1][m] - lost
        move[i][m] = "slot"
        for j in range(m - 1, -1, -1):
            take = float("-inf")
            if banned != (i, j):
                take = table[i + 1][j + 1] + fit(slots[i].text, columns[j].concept, lexicon)
            skip_column = table[i][j + 1] - _SKIP_COLUMN.get(columns[j].concept, 0.8)
            skip_slot = table[i + 1][j] - lost
            best = max(take, skip_column, skip_slot)
            table[i][j] = best
            move[i][j] = "take" if best == take else "column" if best == skip_column else "slot"
    choice: list[int | None] = []
    i = j = 0
    while i < n:
        step = move[i][j]
        if step == "take":
            choice.append(j)
            i, j = i + 1, j + 1
        elif step == "column":
            j += 1
        else:
            choice.append(None)
            i += 1
    return table[0][0], choice


def fit(text: str, concept: str, lexicon: Lexicon) -> float:
    """How well a cell's text fits a column of that concept: about −4 (contradicts) to 3 (surely)."""
    return _fit(text, concept, lexicon) if len(text) <= 200 else (0.5 if concept == "deviation" else -0.5)


@lru_cache(maxsize=32768)
def _fit(text: str, concept: str, lexicon: Lexicon) -> float:
    if not text:
        return _FIT_EMPTY.get(concept, 0.1)
    if concept in _FIGURES:
        return _fit_number(text, concept)
    number = parse_number(text) is not None
    if concept in LEVEL_COLUMNS:
        return _fit_level(text, concept, number, lexicon)
    if concept == "relation":
        return 3.0 if _RELATION.match(text) else -3.0
    if concept == "target_unit":
        return 1.2 if is_unit(text) else -2.0 if number or len(text) > 8 else -0.4
    if concept in {"target", "adjusted_target", "actual"}:
        return _fit_value(text, concept, number, lexicon)
    if concept == "deviation":
        return -3.0 if number else 1.0 if is_blank(text) else 0.5
    if concept in {"side", "label"}:
        return -3.0 if number else 0.8 if lexicon.key(text) or lexicon.knows_source(text) else 0.2
    return 0.0


_FIT_EMPTY = {
    "side": 0.6,
    "level1": 0.5,
    "level2": 0.5,
    "level3": -0.5,
    "target": -0.5,
    "actual": -0.3,
    "deviation": 0.4,
    "label": 0.2,
}


def _fit_number(text: str, concept: str) -> float:
    if is_blank(text) or _MASKED.fullmatch(text):
        return 0.4
    if concept in _MONEY:
        return 2.0 if parse_money(text) is not None and "%" not in text else -4.0
    if concept in _RATES:
        return 2.5 if "%" in text else 1.2 if parse_percent(text) is not None else -4.0
    quantity = parse_points(text)
    if quantity is None:
        # Points may be printed as percent: 50% of the whole.
        return -1.0 if concept == "points" and parse_percent(text) is not None else -4.0
    return 2.0 if abs(quantity.value) <= 200 else -1.0


def _fit_level(text: str, concept: str, number: bool, lexicon: Lexicon) -> float:
    if number:
        return -3.0
    first, second = lexicon.is_level1(text), lexicon.is_level2(text)
    if concept == "level1":
        return 2.0 if first and second else 3.0 if first else -1.5 if second else -0.5
    if concept == "level2":
        return 3.0 if second else -0.5 if first else 0.0
    if first or second:
        return -1.0
    return -2.0 if _RELATION_START.match(text) or is_blank(text) else 1.0


def _fit_value(text: str, concept: str, number: bool, lexicon: Lexicon) -> float:
    if lexicon.is_level2(text) or lexicon.is_level1(text):
        return -2.0
    if _RELATION_START.match(text):
        return 1.6 if concept == "target" else 0.8
    if _HAS_DIGIT.search(text):
        return 0.6 if number else 1.0
    return 0.3

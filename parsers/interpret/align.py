"""Which cell of a row belongs to which column, and how certain that is (单元格归列).

Where positions are exact, columns are positions; but a row whose cells do not fill the width its heads have (a cell
lost or doubled), or some of whose cells are of another kind than their column, is fitted from both ends by the kind of
its values. Where only the order of cells is known it is always fitted so. What could as well stand in another column
is left out and said, never guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from parsers.interpret.column import Column
from parsers.interpret.concepts import LEVEL_POINTS, MONEY_COLUMNS
from parsers.interpret.fit import FIGURES, wrong_kind
from parsers.interpret.fitting import best_fitting, fitted_value
from parsers.interpret.rows import Row, Slot
from schemas.confidence import step
from schemas.lexicon import Lexicon
from schemas.quantities import is_blank, parse_number, parse_points
from schemas.vocabulary import pattern

_CLEAR_MARGIN = 1.0
_CONTRADICTS = -2
_VALUES = frozenset({"target", "actual"})
_SIGNS = pattern("symbol_only")
GUESSED = step("guessed_head")
"""What a figure is under a head of which only a part is listed."""
FITTED = step("fitted")
"""`Assigned.certain` of a row fitted by kind with no second reading near."""
MISFIT = step("misfit")
"""Of a row at its exact place with a cell of another kind than its column."""
DOUBTFUL = step("doubtful")
"""From here down a row's columns are reported as uncertain."""
_USUAL_POINTS = frozenset({5, 10, 15, 20})
"""Points of the execution of the budget in the forms of all provinces."""
_PRINTED_ONCE = FIGURES - frozenset(LEVEL_POINTS)
"""Concepts whose figure belongs to the first of the rows it is printed over."""


@dataclass(frozen=True)
class Assigned:
    """A row whose cells have columns: `cells[i]` are the slots of column i; `certain` is 0 to 1.

    `strays` are filled cells no column could take.
    """

    row: Row
    columns: tuple[Column, ...]
    cells: tuple[tuple[Slot, ...], ...]
    strays: tuple[Slot, ...] = ()
    certain: float = 1.0

    @property
    def filled(self) -> list[Slot]:
        """The filled cells that begin in the row, those that no column could take last."""
        return [*(slot for slots in self.cells for slot in slots if slot.own and slot.text), *self.strays]

    @cached_property
    def _by_concept(self) -> dict[str, tuple[Column, tuple[Slot, ...]]]:
        """By concept its first column that holds something, with its slots; else the first with any slots."""
        found: dict[str, tuple[Column, tuple[Slot, ...]]] = {}
        for column, slots in zip(self.columns, self.cells, strict=True):
            if column.concept in _PRINTED_ONCE:
                slots = tuple(slot for slot in slots if slot.own)
            _, known = found.get(column.concept, (None, None))
            if known is None or (not _holds_text(known) and (_holds_text(slots) or not known)):
                found[column.concept] = (column, slots)
        return found

    def slots(self, concept: str) -> tuple[Slot, ...]:
        """The slots of the first column of that concept that holds something (or its empty slots).

        A figure printed once over several rows belongs to the first of them.
        """
        return self._by_concept[concept][1] if concept in self._by_concept else ()

    def reaching(self, concept: str) -> tuple[Slot, ...]:
        """The filled cells under heads of that concept that begin in a row above and reach down to this one."""
        columns = zip(self.columns, self.cells, strict=True)
        under = (slot for column, slots in columns if column.concept == concept for slot in slots)
        return tuple(slot for slot in under if not slot.own and slot.text)

    @property
    def known(self) -> float:
        """How sure it is what the row's figures are: `certain`, less where the head of some of them was guessed."""
        guessed = any(
            column.guessed and any(slot.own and slot.text for slot in slots)
            for column, slots in zip(self.columns, self.cells, strict=True)
        )
        return self.certain * (GUESSED if guessed else 1.0)

    def column(self, concept: str) -> Column | None:
        """The column that `slots` are taken from."""
        return self._by_concept[concept][0] if concept in self._by_concept else None

    def text(self, concept: str) -> str:
        """The text of a column, white space removed, parts of one column joined.

        Two cells of one row under a head of figures stay apart: two numbers never make one.
        """
        filled = [slot for slot in self.slots(concept) if slot.text]
        if len(filled) < 2:
            return filled[0].text if filled else ""
        apart = concept in FIGURES and len({slot.cell.col for slot in filled}) > 1
        return (" " if apart else "").join(slot.text for slot in filled)

    def remarks(self) -> str:
        """What all columns of remarks say, from left to right: reasons, and measures beside them (原因、整改措施)."""
        columns = zip(self.columns, self.cells, strict=True)
        found = ("".join(slot.text for slot in slots) for column, slots in columns if column.concept == "deviation")
        return "；".join(dict.fromkeys(text for text in found if not is_blank(text)))


def _holds_text(slots: Sequence[Slot]) -> bool:
    return any(slot.text for slot in slots)


def assign(row: Row, columns: tuple[Column, ...], lexicon: Lexicon, width: int) -> list[Assigned]:
    """The row's cells by column. Usually one result; two or more where a damaged dump glued rows together.

    `width` is the number of columns of the grid the header stands in: in a grid of another width (a later page cut
    differently) positions mean nothing, and the cells are fitted by their kind, with doubt.
    """
    if row.exact:
        return [_assign_exact(row, columns, lexicon, width)]
    slots = row.slots
    whole = _in_order(row, columns) if len(slots) == len(columns) else None
    if whole is not None and not _contradicts(whole, lexicon):
        return [whole]
    if len(slots) > len(columns):
        return _split(row, columns, lexicon)
    return [_by_fit(row, slots, columns, lexicon)]


def _in_order(row: Row, columns: tuple[Column, ...]) -> Assigned:
    return Assigned(row, columns, tuple((slot,) for slot in row.slots))


def _assign_exact(row: Row, columns: tuple[Column, ...], lexicon: Lexicon, width: int) -> Assigned:
    if row.grid.n_cols != width:
        return _doubted(_by_fit(row, row.slots, columns, lexicon), DOUBTFUL)
    placed = _by_position(row, columns)
    if is_ragged(row, columns):
        return _doubted(_by_fit(row, row.slots, columns, lexicon), DOUBTFUL)
    if not _contradicts(placed, lexicon):
        return placed
    moved = _shifted(placed, lexicon) if row.grid.geometry == "slots" else None
    return moved or _doubted(placed, DOUBTFUL if _odd_name(placed, lexicon) else MISFIT)


def _odd_name(placed: Assigned, lexicon: Lexicon) -> bool:
    """Whether a relation or a number stands where the name of the indicator should: the row is shifted."""
    return any(slot.own and wrong_kind(slot.text, "level3", lexicon) for slot in placed.slots("level3"))


def is_ragged(row: Row, columns: tuple[Column, ...]) -> bool:
    """Whether the cells of a row of exact spans end elsewhere than its heads and most rows do, or leave a hole."""
    if row.grid.geometry != "spans":
        return False
    covered = sum(slot.stop - slot.start for slot in row.slots)
    end = row.slots[-1].stop
    return (end not in (columns[-1].stop, row.grid.usual_end)) or covered != end - row.slots[0].start


def _shifted(placed: Assigned, lexicon: Lexicon) -> Assigned | None:
    """A row that fits its columns only when moved: cells that reach over several columns or rows were left out.

    None where it does not fit so either.
    """
    slots = list(placed.row.slots)
    while slots and not slots[-1].text:
        slots.pop()  # bars to spare at the end of the row
    fitted = _by_fit(placed.row, slots, placed.columns, lexicon)
    return None if fitted.strays or _contradicts(fitted, lexicon) else _doubted(fitted, FITTED)


def _doubted(assigned: Assigned, certain: float) -> Assigned:
    return replace(assigned, certain=min(assigned.certain, certain))


def _contradicts(placed: Assigned, lexicon: Lexicon) -> bool:
    """Whether some cell cannot be what its column's head says."""
    return any(
        slot.own and wrong_kind(slot.text, column.concept, lexicon)
        for column, slots in zip(placed.columns, placed.cells, strict=True)
        for slot in (slots[1:] if counts_row(column.concept, slots) else slots)
    )


def counts_row(concept: str, slots: Sequence[Slot]) -> bool:
    """Whether the first of two cells under the head of the names only counts the row: 1 | 资金到位."""
    if concept != "level3" or len(slots) != 2:
        return False
    return slots[0].text.isdecimal() and bool(slots[1].text) and parse_number(slots[1].text) is None


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
            short = short and not _is_alone(one.row.slots)
        doubted.append(replace(one, certain=min(one.certain, DOUBTFUL)) if short else one)
    return doubted


def _keeps_blanks(assigned: Assigned) -> bool:
    """Whether a blank stands at the end of some row of slots, or anywhere in a row of a sequence."""
    row = assigned.row
    return row.grid.ends_in_blank if row.exact else any(not slot.text for slot in row.slots)


def _by_position(row: Row, columns: tuple[Column, ...]) -> Assigned:
    cells: list[list[Slot]] = [[] for _ in columns]
    strays: list[Slot] = []
    for slot in row.slots:
        index = _column_of(slot, columns)
        if index is not None and not _is_beside(slot, columns[index], cells[index]):
            cells[index].append(slot)
        elif slot.text and slot.own:
            strays.append(slot)
    return Assigned(row, columns, tuple(tuple(slots) for slots in cells), tuple(strays))


def _is_beside(slot: Slot, column: Column, before: Sequence[Slot]) -> bool:
    """Whether a number stands in a column of its own that no head names, beside the value under the head: 100% | 4."""
    if column.concept not in _VALUES or not column.core or slot.start < column.core[1]:
        return False
    return parse_number(slot.text) is not None and any(one.text and not _SIGNS.match(one.text) for one in before)


def _column_of(slot: Slot, columns: tuple[Column, ...]) -> int | None:
    """The column a cell stands in: the first it covers that is more than a side label. A header stands over it rather
    than one that only reaches there over blanks."""
    covered = [i for i, column in enumerate(columns) if column.start < slot.stop and slot.start < column.stop]
    named = [i for i in covered if columns[i].concept not in ("side", "blank")]
    under = [i for i in named if (core := columns[i].core) and core[0] < slot.stop and slot.start < core[1]]
    return next(iter(under or named or covered), None)


def _by_fit(row: Row, slots: Sequence[Slot], columns: tuple[Column, ...], lexicon: Lexicon) -> Assigned:
    """The row fitted by kind; what could as well stand in another column is no column's, and the row is doubtful."""
    fitting = best_fitting(slots, columns, lexicon, pinned=_pinned(row, slots, columns))
    cells: list[tuple[Slot, ...]] = [() for _ in columns]
    strays: list[Slot] = []
    shared = fitting.open | _money_with_points(slots, fitting.choice, columns)
    for slot, column in zip(slots, fitting.choice, strict=True):
        if column is None or column in shared:
            strays.extend([slot] if slot.own and not is_blank(slot.text) else [])
        else:
            cells[column] = (slot,)
    alone = _is_alone(slots)
    clear = alone or (not shared and fitting.margin >= _CLEAR_MARGIN and fitting.total > 0)
    return Assigned(row, columns, tuple(cells), tuple(strays), FITTED if clear else DOUBTFUL)


def _money_with_points(
    slots: Sequence[Slot], choice: Sequence[int | None], columns: tuple[Column, ...]
) -> frozenset[int]:
    """The columns of money of a row with a score, yet without points: the last sum may be the points (1,273,000 | 10).

    Then any of the sums may be the one that is lost.
    """
    texts = {columns[at].concept: slot.text for slot, at in zip(slots, choice, strict=True) if at is not None}
    money = [at for at in choice if at is not None and columns[at].concept in MONEY_COLUMNS]
    lacks_points = any(column.concept == "points" for column in columns) and is_blank(texts.get("points", ""))
    if not money or not lacks_points or is_blank(texts.get("score", "")):
        return frozenset()
    last = parse_points(texts[columns[money[-1]].concept])
    return frozenset(money) if last is not None and last.value in _USUAL_POINTS else frozenset()


def _is_alone(slots: Sequence[Slot]) -> bool:
    """Whether no more than a label is filled: without values there is nothing to doubt."""
    return sum(not is_blank(slot.text) for slot in slots) < 2


def _pinned(row: Row, slots: Sequence[Slot], columns: tuple[Column, ...]) -> dict[int, int]:
    """Cells from rows above, in their columns: what is lost in this row does not move them."""
    if row.grid.geometry != "spans":
        return {}
    places = {index: _column_of(slot, columns) for index, slot in enumerate(slots) if not slot.own}
    return {index: column for index, column in places.items() if column is not None}


def _split(row: Row, columns: tuple[Column, ...], lexicon: Lexicon) -> list[Assigned]:
    """More cells than columns: either an extra cell, or several rows glued together; the better reading wins."""
    slots = row.slots
    best, best_cut = fitted_value(slots, columns, lexicon), 0
    for cut in range(2, min(len(slots) - 1, len(columns) + 1)):
        head = fitted_value(slots[:cut], columns, lexicon)
        # The rest is cut again below; it cannot score better than its best first row here.
        tail = fitted_value(slots[cut : cut + len(columns)], columns, lexicon)
        if head + tail > best + _CLEAR_MARGIN:
            best, best_cut = head + tail, cut
    if not best_cut:
        return [_by_fit(row, slots, columns, lexicon)]
    rest = Row(row.grid, row.index, slots[best_cut:], row.cut)
    split = len(rest.slots) > len(columns)
    tail_parts = _split(rest, columns, lexicon) if split else [_by_fit(rest, rest.slots, columns, lexicon)]
    return [_by_fit(row, slots[:best_cut], columns, lexicon), *tail_parts]

"""Rows of indicators that a page break cuts: the rest of a row is put back to it (被分页切开的指标行)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from parsers.interpret.align import Assigned
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.fit import NUMBER_COLUMNS
from parsers.interpret.rows import Slot
from schemas.confidence import step
from schemas.lexicon import Lexicon
from schemas.vocabulary import pattern

_JOINED = step("joined")
_UPPER_LEVELS = LEVEL_COLUMNS[:2]
_VALUES = ("target", "actual", *NUMBER_COLUMNS)
_BEGINS_ITEM = pattern("begins_item")

Profile = frozenset[str]
"""The columns that a row fills with cells of its own."""


def join_cut_rows(rows: list[Assigned], lexicon: Lexicon) -> list[Assigned]:
    """The rows with what of them stands on the next page put back; a label cut with them is whole for all its rows."""
    usual = Counter(map(_profile, rows))
    joined: list[Assigned] = []
    whole: dict[int, tuple[Slot, ...]] = {}
    for row in rows:
        assigned = _with_whole_labels(row, whole)
        cut = assigned.row.cut and bool(joined) and _is_rest(joined[-1], assigned, usual, lexicon)
        if joined and (cut or _is_covered(assigned)):
            whole |= _whole_labels(joined[-1], assigned)
            joined[-1] = _join(joined[-1], assigned)
        else:
            joined.append(assigned)
    return joined


def _is_rest(above: Assigned, below: Assigned, usual: Mapping[Profile, int], lexicon: Lexicon) -> bool:
    """Whether `below`, first on its page, is the rest of `above`: their values complete each other, their words agree.

    What begins an item (指标2：…, ★…) is no rest, and a blank item (指标1：) has none; rows that both look as others of
    the table do are two.
    """
    if _begins_item(below, lexicon) or _is_sample(above, lexicon) or _has_labels_of_its_own(above, below, lexicon):
        return False
    both_usual = usual[_profile(above)] > 1 and usual[_profile(below)] > 1
    return _completes(above, below) and not both_usual


def _profile(assigned: Assigned) -> Profile:
    return frozenset(name for name in ("level3", *_VALUES) if _own_text(assigned, name))


def _begins_item(assigned: Assigned, lexicon: Lexicon) -> bool:
    name = assigned.text("level3")
    return bool(name) and (lexicon.is_placeholder(name) or _BEGINS_ITEM.match(name) is not None)


def _is_sample(assigned: Assigned, lexicon: Lexicon) -> bool:
    """Whether a row is a blank item of the form; 指标1 over its name on the next page has values beside it."""
    return _profile(assigned) == {"level3"} and lexicon.is_placeholder(assigned.text("level3"))


def _has_labels_of_its_own(above: Assigned, below: Assigned, lexicon: Lexicon) -> bool:
    """Whether a label below the break is another than that above it."""
    for name, known in zip(_UPPER_LEVELS, (lexicon.is_level1, lexicon.is_level2), strict=True):
        upper, lower = above.text(name), _own_text(below, name)
        if upper != lower and known(upper) and known(lower):
            return True
    return False


def _completes(above: Assigned, below: Assigned) -> bool:
    """Whether no number stands in both rows, and one of them has none."""
    numeric = [c.concept for c in above.columns if c.concept in NUMBER_COLUMNS]
    has_above = {c for c in numeric if above.text(c)}
    has_below = {c for c in numeric if below.text(c)}
    if numeric:
        return bool(has_above) != bool(has_below)
    return not _own_text(below, "level3") or not _own_text(below, "actual")


def _is_covered(assigned: Assigned) -> bool:
    """Whether the cells of the row above reach over this row: name and numbers are theirs, only a rest is its own."""
    concepts = [c.concept for c in assigned.columns if c.concept == "level3" or c.concept in NUMBER_COLUMNS]
    name = assigned.slots("level3")
    return bool(name) and not any(s.own for s in name) and not any(_own_text(assigned, c) for c in concepts)


def _own_text(assigned: Assigned, concept: str) -> str:
    return "".join(slot.text for slot in assigned.slots(concept) if slot.own)


def _join(above: Assigned, below: Assigned) -> Assigned:
    cells = tuple(_joined_slots(above, below, index) for index in range(len(above.columns)))
    return replace(above, cells=cells, certain=min(above.certain, below.certain, _JOINED))


def _joined_slots(above: Assigned, below: Assigned, index: int) -> tuple[Slot, ...]:
    """A cell with its rest; a label that is only printed again has none."""
    upper = above.cells[index]
    rest = tuple(slot for slot in below.cells[index] if slot.own) if index < len(below.cells) else ()
    printed_again = [slot.text for slot in rest] == [slot.text for slot in upper]
    return upper if above.columns[index].concept in _UPPER_LEVELS and printed_again else upper + rest


def _whole_labels(above: Assigned, below: Assigned) -> dict[int, tuple[Slot, ...]]:
    """The labels that the break cuts, by the cell below it, which may reach over more rows."""
    found: dict[int, tuple[Slot, ...]] = {}
    for index, column in enumerate(above.columns[: len(below.cells)]):
        if column.concept not in _UPPER_LEVELS:
            continue
        label = tuple(slot._replace(own=False) for slot in _joined_slots(above, below, index))
        found |= {id(slot.cell): label for slot in below.cells[index] if slot.own and slot.text}
    return found


def _with_whole_labels(assigned: Assigned, whole: Mapping[int, tuple[Slot, ...]]) -> Assigned:
    cells = tuple(whole.get(id(slots[0].cell), slots) if slots else slots for slots in assigned.cells)
    return replace(assigned, cells=cells) if cells != assigned.cells else assigned

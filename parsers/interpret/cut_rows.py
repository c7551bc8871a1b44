"""Rows of indicators that a page break cuts: the rest of a row is put back to it (被分页切开的指标行)."""

from __future__ import annotations

from dataclasses import replace

from parsers.interpret.align import Assigned
from parsers.interpret.fit import NUMBER_COLUMNS
from schemas.confidence import step
from schemas.lexicon import Lexicon

_JOINED = step("joined")


def join_cut_rows(rows: list[Assigned], lexicon: Lexicon) -> list[Assigned]:
    joined: list[Assigned] = []
    for assigned in rows:
        name = assigned.text("level3")
        sample = bool(name) and lexicon.is_placeholder(name)
        cut = assigned.row.cut and not sample and bool(joined) and _continues(joined[-1], assigned)
        if joined and (cut or _is_covered(assigned)):
            joined[-1] = _join(joined[-1], assigned)
        else:
            joined.append(assigned)
    return joined


def _is_covered(assigned: Assigned) -> bool:
    """Whether the cells of the row above reach over this row: name and numbers are theirs, only a rest is its own."""
    concepts = [c.concept for c in assigned.columns if c.concept == "level3" or c.concept in NUMBER_COLUMNS]
    name = assigned.slots("level3")
    return bool(name) and not any(s.own for s in name) and not any(_own_text(assigned, c) for c in concepts)


def _continues(above: Assigned, below: Assigned) -> bool:
    """Whether `below`, first on its page, is the rest of `above`: no number stands in both, and one has none."""
    numeric = [c.concept for c in above.columns if c.concept in NUMBER_COLUMNS]
    has_above = {c for c in numeric if above.text(c)}
    has_below = {c for c in numeric if below.text(c)}
    if numeric:
        return bool(has_above) != bool(has_below)
    return not _own_text(below, "level3") or not _own_text(below, "actual")


def _own_text(assigned: Assigned, concept: str) -> str:
    return "".join(slot.text for slot in assigned.slots(concept) if slot.own)


def _join(above: Assigned, below: Assigned) -> Assigned:
    cells = []
    for index, column in enumerate(above.columns):
        rest = tuple(s for s in below.cells[index] if s.own) if index < len(below.cells) else ()
        if column.concept in ("level1", "level2") and [s.text for s in rest] == [s.text for s in above.cells[index]]:
            rest = ()
        cells.append(above.cells[index] + rest)
    return replace(above, cells=tuple(cells), certain=min(above.certain, below.certain, _JOINED))

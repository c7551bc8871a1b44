"""Lines of the funding block that a page break cuts: the rest of a line is put back to it (被分页切开的资金行)."""

from __future__ import annotations

from dataclasses import replace

from parsers.interpret.drafting import Drafting
from parsers.interpret.rows import Row, Slot
from schemas.confidence import step
from schemas.lexicon import Lexicon
from schemas.vocabulary import pattern

_JOINED = step("joined")
_ENDS_AS_SOURCE = pattern("source_end")
_MAY_BE_REST = frozenset({None, "funding"})
"""What the words of a rest may be taken for: nothing, or the name of a block (中央财政 | 资金)."""
_LONGEST_REST = 6
"""Characters of the longest rest of a label: 金总额：."""


def whole_line(drafting: Drafting, above: Row, below: Row) -> Row | None:
    """The line of which `below`, the first row on its page, is the rest; None where it is a line of its own."""
    form = drafting.form
    if not below.cut or form is None or drafting.state != "funding" or above.index != below.index - 1:
        return None
    if not form.funding_columns or not _goes_on(above, below, drafting.lexicon):
        return None
    upper, lower = (drafting.facts(row).funding_label for row in (above, below))
    return _joined(above, below) if _is_rest(upper, lower, drafting.lexicon) else None


def _goes_on(above: Row, below: Row, lexicon: Lexicon) -> bool:
    """Whether every filled cell stands below a filled one, and none is a label or a head of another block."""
    over = {slot.start for slot in above.filled}
    named = {lexicon.key(slot.text) or lexicon.column(slot.text) for slot in below.filled} - _MAY_BE_REST
    return bool(below.filled) and all(slot.start in over for slot in below.filled) and not named


def _is_rest(upper: str, lower: str, lexicon: Lexicon) -> bool:
    """Whether two labels are one that was cut (年度资 | 金总额): the lower is none, or the upper is none without it."""
    if not lower:
        return True
    if lexicon.knows_source(lower):
        whole = lexicon.knows_source(upper) or _ENDS_AS_SOURCE.search(upper) is not None
        return not whole and lexicon.knows_source(upper + lower)
    return len(lower) <= _LONGEST_REST and lexicon.knows_source(upper + lower)


def _joined(above: Row, below: Row) -> Row:
    rest = {slot.start: slot for slot in below.filled}
    return replace(above, slots=tuple(_with_rest(slot, rest.get(slot.start)) for slot in above.slots))


def _with_rest(slot: Slot, rest: Slot | None) -> Slot:
    """A cell with what of it stands on the next page; its place is that of the first part."""
    if rest is None:
        return slot
    sure = min(slot.cell.confidence, rest.cell.confidence) * _JOINED
    cell = slot.cell._replace(text=f"{slot.cell.text}{rest.cell.text}", confidence=sure)
    return slot._replace(cell=cell, text=slot.text + rest.text)

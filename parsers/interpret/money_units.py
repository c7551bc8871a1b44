"""Which unit of money a figure is printed in: the nearest one that is stated (金额单位：就近为准).

Nearest first: the cell itself (which `parse_money` sees to), the label of its row, the head of its column, the head of
its block, the lines above its table, the unit that all other heads or labels of the block agree on, and what the
document said before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from parsers.document import Place, Problem
from parsers.interpret.align import Assigned
from parsers.interpret.column import Column
from parsers.interpret.drafts import LONG, Context, FormDraft
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon
from schemas.quantities import Quantity, parse_money
from schemas.units import MoneyUnit, stated_money_unit
from schemas.vocabulary import pattern

ASSUMED_UNIT = "万元"
"""What money is taken to be in where nothing states a unit, as most forms are (with a problem that says so)."""
UNIT_UNKNOWN = "unit_unknown"
_HEADS_NOTHING = frozenset({"side", "label", "blank", "name", "funding_label", "sequence"})
_UNIT_ALONE = pattern("unit_alone")
_LINES_BELOW = 3
"""Of the paragraphs of a context, the last ones may stand right above the table."""


def first_stated(texts: Iterable[str]) -> MoneyUnit | None:
    """The unit that the first of `texts` with one states."""
    return next((unit for text in texts if (unit := stated_money_unit(text)) is not None), None)


def unit_of_cell(label: str, column: Column, block: MoneyUnit | None) -> MoneyUnit | None:
    """The unit of a figure in the row of that `label`, under that `column`, in a block in unit `block`."""
    return first_stated((label, *reversed(column.path))) or block


def read_money(text: str, unit: MoneyUnit | None) -> Quantity | None:
    """The amount in a cell, in 万元; a bare number in `unit`, and of a unit that cannot be converted, none at all."""
    return parse_money(text, unit.raw if unit else ASSUMED_UNIT)


def unknown_unit(place: Place, column: str, unit: MoneyUnit) -> Problem:
    """Money in a unit that cannot be converted (万美元): said so, and left out."""
    text = f"{place.locator}：“{column}”的单位“{unit.raw}”不能折算为万元，数值已留空；确需折算的，请在单位表中登记。"
    return Problem(UNIT_UNKNOWN, text, place, unit.raw)


def unit_of_block(form: FormDraft, context: Context, lexicon: Lexicon, before: MoneyUnit | None) -> MoneyUnit | None:
    """The unit of a funding block for cells whose row and column state none; `before` is what the document said."""
    return next((unit for unit in _stated_units(form, context, lexicon) if unit), before)


def _stated_units(form: FormDraft, context: Context, lexicon: Lexicon) -> Iterator[MoneyUnit | None]:
    """What each place that can state a block's unit says, the nearest first."""
    yield first_stated(_heads_of_block(form, lexicon))
    yield first_stated(reversed(form.lines))
    yield unit_of_lines(context)
    yield first_stated(paragraph.text for paragraph in context.paragraphs[-_LINES_BELOW:])
    yield agreed_unit(head for column in form.funding_columns for head in column.path)
    yield agreed_unit(line.label for line in form.funding)


def _heads_of_block(form: FormDraft, lexicon: Lexicon) -> Iterator[str]:
    """The cells that speak for all of a funding block: its name beside it, a unit alone (（元）), and whatever heads no
    column of its own."""
    first = form.funding[0].assigned if form.funding else None
    own = {column.path[-1] for column in form.funding_columns if column.path and column.concept not in _HEADS_NOTHING}
    for row in form.funding_block:
        in_head = first is not None and _stands_above(row, first)
        for slot in row.slots:
            names_block = lexicon.key(slot.text) == "funding" and not lexicon.is_funding_total(slot.text)
            if names_block or _UNIT_ALONE.fullmatch(slot.text) or (in_head and slot.text not in own):
                yield slot.cell.text


def _stands_above(row: Row, line: Assigned) -> bool:
    return row.grid is line.row.grid and row.index < line.row.index


def agreed_unit(texts: Iterable[str]) -> MoneyUnit | None:
    """The unit that those of `texts` with one agree on; one that cannot be converted rules its own column only."""
    stated = {unit for text in texts if (unit := stated_money_unit(text)) is not None and unit.factor is not None}
    return stated.pop() if len(stated) == 1 else None


def unit_of_lines(context: Context) -> MoneyUnit | None:
    """The unit stated in the lines of a context's head or in its title, the nearest to its tables first."""
    return first_stated(line.text for line in (*context.head_lines[::-1], *context.titles[::-1]))


def unit_of_funds(context: Context) -> MoneyUnit | None:
    """The unit that the funding blocks of a context's forms agree on."""
    return agreed_unit(slot.text for form in context.forms for row in form.funding_block for slot in row.filled)


def largest_fund(context: Context) -> Decimal | None:
    """The largest amount that the funding blocks of a context's forms print, in 万元; None where they print none."""
    unit = unit_of_funds(context)
    texts = (slot.text for form in context.forms for row in form.funding_block for slot in row.filled)
    amounts = (read_money(text, unit) for text in texts if unit is not None)
    return max((amount.value for amount in amounts if amount is not None), default=None)


def unit_said_in(context: Context) -> MoneyUnit | None:
    """The unit that some line of a context states, the last one first: it holds for what follows."""
    lines = (paragraph.text for paragraph in reversed(context.paragraphs))
    return first_stated(line for line in lines if len(line) <= LONG) or unit_of_lines(context)

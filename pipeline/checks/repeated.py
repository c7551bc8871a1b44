"""Rows of indicators that stand there twice: a row copied, a page bound in twice (重复行)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from pipeline.checks.model import Form
from pipeline.checks.relation import Relation, Term
from schemas.decimals import ZERO
from schemas.records import Indicator, Subject


def repeated_rows(form: Form, relation: Relation) -> str:
    """A remark where indicators stand twice, the same in every column, and too much is their second time or less."""
    again = _counted_again(form, relation)
    worth = _worth(form, again)
    surplus = {_surplus(form, relation, option) for option in relation.options}
    if not any(ZERO < too_much <= worth for too_much in surplus):
        return ""
    names = list(again.values())
    which = f"“{names[0]}”一行" if len(names) == 1 else f"“{names[0]}”等{len(names)}行"
    return f"，{which}填列了两次{'，去掉一次即相符' if worth in surplus else ''}"


def counted_twice(form: Form, relation: Relation) -> tuple[Term, ...] | None:
    """The way to add up in which all that is too much are rows that stand twice; None where there is none."""
    worth = _worth(form, _counted_again(form, relation))
    return next((one for one in relation.options if worth and _surplus(form, relation, one) == worth), None)


def _counted_again(form: Form, relation: Relation) -> dict[Subject, str]:
    """The cells of rows that stood there before, with the names of the rows."""
    added = {term.cell for option in relation.options for term in option}
    column = relation.options[0][-1].cell.column
    cells = {Subject("indicators", row.ordinal, column): name for name, row in _repeated(form)}
    return {cell: name for cell, name in cells.items() if cell in added}


def _worth(form: Form, cells: Iterable[Subject]) -> Decimal:
    return sum((form.cells[cell].value for cell in cells), ZERO)


def _surplus(form: Form, relation: Relation, option: tuple[Term, ...]) -> Decimal:
    return _worth(form, (term.cell for term in option)) - form.cells[relation.total].value


def _repeated(form: Form) -> Iterator[tuple[str, Indicator]]:
    """Indicators that stood there before, the same in every column, with their names."""
    seen = set()
    for row in form.indicators:
        name = row.level3 or row.level2 or row.level1 or ""
        key = (name, row.target_raw, row.actual_raw, row.points, row.score)
        if key in seen:
            yield name, row
        seen.add(key)

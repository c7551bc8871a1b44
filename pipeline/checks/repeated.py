"""Rows of indicators that stand there twice: a row copied, a page bound in twice (重复行)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.model import Form
from pipeline.checks.relation import ZERO, Relation
from schemas.records import Indicator, Subject


def repeated_rows(form: Form, relation: Relation) -> str:
    """A remark where indicators stand twice, the same in every column, and too much is their second time or less."""
    total = form.cells[relation.total].value
    surplus = {sum((form.cells[term.cell].value for term in option), ZERO) - total for option in relation.options}
    added = {term.cell for option in relation.options for term in option}
    column = relation.options[0][-1].cell.column
    again = {
        cell: name for name, row in _repeated(form) if (cell := Subject("indicators", row.ordinal, column)) in added
    }
    worth = sum((form.cells[cell].value for cell in again), ZERO)
    if not any(ZERO < too_much <= worth for too_much in surplus):
        return ""
    names = list(again.values())
    which = f"“{names[0]}”一行" if len(names) == 1 else f"“{names[0]}”等{len(names)}行"
    return f"，{which}填列了两次{'，去掉一次即相符' if worth in surplus else ''}"


def _repeated(form: Form) -> Iterator[tuple[str, Indicator]]:
    """Indicators that stood there before, the same in every column, with their names."""
    seen = set()
    for row in form.indicators:
        name = row.level3 or row.level2 or row.level1 or ""
        key = (name, row.target_raw, row.actual_raw, row.points, row.score)
        if key in seen:
            yield name, row
        seen.add(key)

"""Checks of what is left of the funds, where a funding table has a column for it (资金结余的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.checks.amounts import money_amounts, plain_words
from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed
from pipeline.checks.sums import sum_finding
from schemas.records import FundingRow


@check(
    "funding_balance",
    "资金结余",
    "同一行中：到位数（或预算数）－执行数＝结余数",
    "warning",
    agrees="结余",
)
def funding_balance(form: Form, rules: Rules) -> Iterator[Finding]:
    """Of several amounts that were available the one that fits is meant."""
    rows = {row.locator: row for row in form.funding}
    for amount, cell in money_amounts(form):
        row = rows.get(amount.locator)
        if row is not None and plain_words(amount.measure or "", rules) in rules.amounts.balance:
            yield from _left_of(form, row, cell)


def _left_of(form: Form, row: FundingRow, left: Printed) -> Iterator[Finding]:
    spent = form.cell("funding", row.ordinal, "executed_wanyuan")
    columns = ("arrived", "annual_budget", "initial_budget")
    bases = [cell for one in columns if (cell := form.cell("funding", row.ordinal, f"{one}_wanyuan")) is not None]
    if spent is None or not bases:
        return
    found = [sum_finding(left, _in_columns(base, spent), None, "", {spent.ref}) for base in bases]
    yield next((one for one in found if one.outcome == "consistent"), found[0])


def _in_columns(*cells: Printed) -> list[Printed]:
    """The cells of one row, called by their columns."""
    return [replace(cell, row=cell.column_title) for cell in cells]

"""Checks of further columns of a funding table: what is left, what was changed, what arrived (资金表其他栏)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.checks.amounts import money_amounts, plain_words
from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed, amount_cell
from pipeline.checks.prose_rates import rate_finding
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


@check(
    "funding_adjusted",
    "预算调整",
    "同一行中：年初预算数＋调整数（追加为加，调减为减）＝全年预算数",
    "warning",
)
def funding_adjusted(form: Form, rules: Rules) -> Iterator[Finding]:
    """Columns of what was added and what was cut count together; of a 调整数 nobody tells the sign but the sum."""
    rows = {row.locator: row for row in form.funding}
    changes: dict[str | None, list[tuple[str, Printed]]] = {}
    for amount, cell in money_amounts(form):
        measure = plain_words(amount.measure or "", rules)
        if amount.locator in rows and measure in rules.amounts.changes:
            changes.setdefault(amount.locator, []).append((measure, replace(cell, row=measure)))
    for locator, found in changes.items():
        yield from _changed(form, rows[locator], found, rules)


def _changed(form: Form, row: FundingRow, changes: list[tuple[str, Printed]], rules: Rules) -> Iterator[Finding]:
    first, last = form.money(row, "initial_budget"), form.money(row, "annual_budget")
    if first is None or last is None:
        return
    cells = [cell for _, cell in changes]
    cut = {cell.ref for measure, cell in changes if measure in rules.amounts.cuts}
    either = {cells[0].ref} if len(cells) == 1 else cut
    found = [sum_finding(last, [*_in_columns(first), *cells], None, "", minus) for minus in (cut, either)]
    yield next((one for one in found if one.outcome == "consistent"), found[0])


@check(
    "funding_arrival_rate",
    "资金到位率",
    "同一行中：资金到位率＝到位数÷预算数",
    "warning",
    agrees="到位率",
)
def funding_arrival_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    rows = {row.locator: row for row in form.funding}
    for amount in form.amounts:
        row = rows.get(amount.locator) if amount.origin == "table" else None
        told = row is not None and plain_words(amount.measure or "", rules) in rules.amounts.arrival_rates
        cell = amount_cell(amount) if told else None
        if row is None or cell is None or cell.kind != "percent":
            continue
        arrived = form.money(row, "arrived")
        bases = [base for one in ("annual_budget", "initial_budget") if (base := form.money(row, one)) and base.value]
        if arrived is not None and bases:
            yield rate_finding(cell, _in_columns(arrived)[0], _in_columns(*bases), "填列")


def _in_columns(*cells: Printed) -> list[Printed]:
    """The cells of one row, called by their columns."""
    return [replace(cell, row=cell.column_title) for cell in cells]

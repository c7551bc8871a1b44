"""Checks of other columns beside the funds of a table: 改造户数 of every county, and their total (资金表旁的其他栏)."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged, total_row
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import MONEY_COLUMNS, Printed, amount_cell
from pipeline.checks.sums import interval_sum, sum_finding
from schemas.records import FundingRow

_FEWEST = 2


@check(
    "column_total",
    "资金表旁的其他栏",
    "资金各栏的合计等于各行之和的表中，件数、户数等栏的合计也等于各行之和",
    "warning",
    cause="never",
)
def column_total(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where the money of the same rows adds up, and every row has the figure once."""
    total = total_row(form)
    parts = [row for row in form.funding if row.role == "component"]
    columns = _columns(form, total, parts) if total and _money_adds_up(form, total, parts) else []
    found = [sum_finding(whole, cells, None) for whole, cells in columns]
    odd = (finding for finding in found if finding.outcome == "inconsistent")
    yield from judged(odd, len(columns), "其他各栏的合计与各行之和相符", "资金表旁没有可以核对合计的其他栏")


def _money_adds_up(form: Form, total: FundingRow, parts: list[FundingRow]) -> bool:
    """Whether the rows are all of the total, in a column of money at least."""
    for column in MONEY_COLUMNS:
        whole = form.money(total, column)
        cells = [cell for row in parts if (cell := form.money(row, column)) is not None]
        if whole is not None and len(cells) == len(parts) >= _FEWEST and whole.interval.meets(interval_sum(cells)):
            return True
    return False


def _columns(form: Form, total: FundingRow, parts: list[FundingRow]) -> list[tuple[Printed, list[Printed]]]:
    """Each column of counts beside the money: its total and the figures of the rows."""
    told: dict[tuple[str | None, str | None], list[Printed]] = {}
    for one in form.amounts:
        cell = amount_cell(one) if one.origin == "table" else None
        if cell is not None and cell.kind == "count":
            told.setdefault((one.label, one.measure), []).append(cell)
    found = []
    for label, measure in told:
        cells = [cell for row in parts for cell in told.get((row.label, measure), ())]
        if label == total.label and len(told[label, measure]) == 1 and len(cells) == len(parts):
            found.append((told[label, measure][0], cells))
    return found

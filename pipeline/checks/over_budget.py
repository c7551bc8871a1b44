"""Checks of spending beyond what was budgeted or arrived (超过预算、到位的执行)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent
from pipeline.checks.printed import Printed, plain
from pipeline.checks.relation import Relation, Term
from pipeline.checks.sums import rounding, share_of
from schemas.records import Severity, Subject

_TWICE = 2
_WHAT = {"annual_budget_wanyuan": "超预算", "initial_budget_wanyuan": "超预算", "arrived_wanyuan": "超到位资金"}


@check(
    "executed_over_budget",
    "执行数超过预算",
    "预算法：支出以批准的预算为依据；超过预算的执行需要说明",
    "warning",
    cause="never",
)
def executed_over_budget(form: Form, rules: Rules) -> Iterator[Finding]:
    """Legal after an adjustment nobody printed, but odd. Of one source among several it is only worth a remark."""
    for row in form.funding:
        executed = form.money(row, "executed")
        cells = (form.money(row, column) for column in ("annual_budget", "arrived", "initial_budget"))
        budgets = [cell for cell in cells if cell is not None]
        if executed is None or not budgets:
            continue
        if row.role != "total":
            yield from _source_over_budget(executed, budgets)
            continue
        yield from _over_arrived(form, executed, budgets)
        subjects: tuple[Subject, ...] = (executed.ref, *(cell.ref for cell in budgets))
        largest = max(budgets, key=lambda cell: cell.value)
        relation = Relation("at_most", executed.ref, (tuple(Term(cell.ref) for cell in budgets),))
        if executed.interval.low > largest.interval.high:
            yield replace(_beyond(executed, largest, None), subjects=subjects, relations=(relation,))
        else:
            message = f"{executed.name}{executed.shown}未超过预算{largest.shown}。"
            yield consistent(message, subjects, executed.shown, (relation,))


def _source_over_budget(executed: Printed, budgets: list[Printed]) -> Iterator[Finding]:
    """其他资金 180 budgeted, 198 spent: the other sources may have had less to bear."""
    largest = max(budgets, key=lambda cell: cell.value)
    if largest.interval.high < executed.interval.low <= largest.value * _TWICE:  # beyond, an amount is wrong
        yield _beyond(executed, largest, "info")


def _over_arrived(form: Form, executed: Printed, budgets: list[Printed]) -> Iterator[Finding]:
    """More spent than arrived, though not than was budgeted: what was carried over may not be counted as arrived."""
    arrived = next((cell for cell in budgets if cell.ref.column == "arrived_wanyuan" and cell.value), None)
    if arrived is None or executed.interval.low <= arrived.interval.high:
        return
    if any(executed.interval.low <= cell.interval.high for cell in budgets):
        carried = any(row.source == "carryover" and row.executed_wanyuan for row in form.funding)
        yield _beyond(executed, arrived, "info" if carried else None)


def _beyond(executed: Printed, limit: Printed, severity: Severity | None) -> Finding:
    gap = executed.value - limit.value
    return Finding(
        "inconsistent",
        f"{executed.name}{executed.shown}超过{limit.column_title}{limit.shown}，"
        f"多{plain(gap)}万元{share_of(gap, limit)}，请核对是否{_WHAT[limit.ref.column]}支出。",
        (executed.ref, limit.ref),
        reported=executed.shown,
        expected=f"不超过{limit.shown}",
        difference=gap,
        tolerance=rounding(executed.interval, limit.interval),
        unit="万元",
        severity=severity,
    )

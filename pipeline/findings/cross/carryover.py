"""What is carried over into a year against what was left unspent in the year before (上年结转与上年结余)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.checks.model import Finding, Form
from pipeline.checks.printed import Printed, plain
from pipeline.checks.sums import rounding
from pipeline.findings.cross.frame import Across, AllEvaluations, Filed, Related, about_office
from pipeline.findings.cross.stored_forms import FormKey
from schemas.decimals import ZERO
from schemas.intervals import Interval
from schemas.records import Severity

RULE = "carryover_across_years"
_COLUMNS = ("annual_budget_wanyuan", "initial_budget_wanyuan")
"""Where a line of money carried over prints its amount."""


@dataclass(frozen=True, slots=True)
class TwoYears:
    """A form with money carried over, and the forms of the same project of the year before (前后两年)."""

    now: Filed
    before: tuple[tuple[Filed, float], ...]


def years(frame: AllEvaluations) -> list[TwoYears]:
    """Forms with a carry-over line, each with its forms of the year before."""
    found = []
    for evaluation_id in sorted(frame.carried & frame.filed.keys()):
        now = frame.filed[evaluation_id]
        before = [
            each for each in frame.neighbours(now, years_ago=1) if each[0].evaluation.evaluation_id in frame.funded
        ]
        if now.project is not None and now.year is not None:
            found.append(TwoYears(now, tuple([each for each in before if each[1] >= 1] or before)))
    return found


def findings(frame: AllEvaluations, pair: TwoYears, forms: Mapping[FormKey, Form]) -> Iterator[Across]:
    """Equal amounts agree; a printed 0 beside unspent money is a hint only, as it may have been returned."""
    carried = _carried(forms[pair.now.key])
    if not carried or (not any(cell.value for cell in carried) and not pair.before):
        return
    place = Related(pair.now.key, carried[0].ref, f"{pair.now.year}年")
    if not pair.before:
        message = f"{carried[0].name}为{carried[0].shown}，数据集中没有同一单位同一项目上一年度的自评，无法核对。"
        yield Across(RULE, pair.now.key, Finding("not_checkable", message), (place,))
        return
    judged = [
        _judged(pair.now, other, alike, carried, left)
        for other, alike in pair.before
        if (left := _unspent(forms[other.key])) is not None
    ]
    if judged:
        yield next((one for one in judged if one.finding.outcome == "consistent"), judged[0])


def _carried(form: Form) -> list[Printed]:
    rows = [row.ordinal for row in form.funding if row.source == "carryover"]
    cells = [form.cell("funding", ordinal, column) for column in _COLUMNS for ordinal in rows]
    return [cell for cell in cells if cell is not None]


def _unspent(form: Form) -> tuple[Printed, Printed] | None:
    """Budget and spending of the one total line."""
    totals = [row.ordinal for row in form.funding if row.role == "total"]
    if len(totals) != 1:
        return None
    budget = form.cell("funding", totals[0], "annual_budget_wanyuan")
    executed = form.cell("funding", totals[0], "executed_wanyuan")
    return (budget, executed) if budget is not None and executed is not None else None


def _sums(carried: Sequence[Printed]) -> Iterator[Interval]:
    """What may be the amount carried over: any line, or all lines of a column together."""
    for cell in carried:
        yield cell.interval
    for column in _COLUMNS:
        lines = [cell.interval for cell in carried if cell.ref.column == column]
        if len(lines) > 1:
            yield sum(lines[1:], lines[0])


def _judged(
    now: Filed, before: Filed, alike: float, carried: Sequence[Printed], left: tuple[Printed, Printed]
) -> Across:
    budget, executed = left
    cell = carried[0]
    unspent = max(budget.value - executed.value, ZERO)
    wanted = budget.interval - executed.interval
    wanted = Interval(max(wanted.low, ZERO), max(wanted.high, ZERO))
    places = (
        Related(before.key, budget.ref, f"{before.year}年"),
        Related(before.key, executed.ref, f"{before.year}年"),
        Related(now.key, cell.ref, f"{now.year}年"),
    )
    about = (
        f"“{now.name}”（{now.owner}）{now.year}年{cell.name}为{cell.shown}，而{before.year}年全年预算数{budget.shown}"
        f"－全年执行数{executed.shown}＝{plain(unspent)}万元"
    )
    doubt = about_office(now, before, alike)
    if any(wanted.meets(interval) for interval in _sums(carried)):
        return Across(RULE, now.key, Finding("consistent", f"{about}，相符{doubt}。", reported=cell.shown), places)
    less = cell.value < unspent
    severity: Severity | None = "info" if not cell.value else None
    reason = "；差额可能已收回或另行安排，请核实" if less else "；结转数大于上年未执行数，请核实"
    return Across(
        RULE,
        now.key,
        Finding(
            "inconsistent",
            f"{about}，差异{plain(abs(cell.value - unspent))}万元{reason}{doubt}。",
            reported=cell.shown,
            expected=f"{plain(unspent)}万元",
            difference=cell.value - unspent,
            tolerance=rounding(cell.interval, wanted),
            unit="万元",
            severity=severity,
        ),
        places,
        ("plus", "minus", "result"),
    )

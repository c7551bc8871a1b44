"""Checks of what a form says twice: in goal cells, in rows of indicators, in the funding table (同一数字的两处)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.checks.config import Rules
from pipeline.checks.goals import goal_amounts
from pipeline.checks.judged import indicator_cells, judged, total_row
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import POINTS_OF_PERCENT, Printed, amount_cell, indicator_name, plain
from pipeline.checks.prose_figures import is_bound, sentences
from pipeline.checks.prose_moves import moves
from pipeline.checks.sums import rounding
from schemas.decimals import CENT, HUNDRED
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.quantities import interval_of
from schemas.records import Amount, Evaluation, Indicator, Severity, Subject

_GOAL = "goal_actual"
_SAID_OF_GOAL = "目标实际完成情况"


@check(
    "goal_indicator",
    "目标栏与指标",
    "总体目标实际完成情况中的数，与同名指标的实际完成值一致",
    "warning",
    cause="never",
)
def goal_indicator(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only under one name, and in one unit; where the goal cell repeats the target it is only worth a remark."""
    evaluation = form.evaluation
    said = _said_of_this_year(form)
    pairs = [
        (one, rows)
        for one in said
        if one.role not in ("part", "share") and one.measure != "change" and not is_bound(one)
        if (rows := [row for row in form.indicators if _names_the_same(one, row) and _value_of(row, row.actual_raw)])
    ]
    found = [finding for one, rows in pairs if evaluation for finding in _apart(evaluation, one, rows)]
    found += _beyond_targets(form, pairs) if evaluation else ()
    yield from judged(found, len(pairs), "目标栏中的数与同名指标一致", "目标栏中没有与指标同名的数")


def _beyond_targets(form: Form, pairs: Sequence[tuple[Amount, Sequence[Indicator]]]) -> Iterator[Finding]:
    """增收3180元，超目标6%, right behind the figure: of the target of the one indicator of its name."""
    place = (Subject("evaluations", form.evaluation.ordinal, _GOAL),) if form.evaluation else ()
    said = {one.ordinal: one for one in _said_of_this_year(form)}
    for done, rows in pairs:
        rate, cell = _behind_its_own(done, said), amount_cell(done)
        target = _value_of(rows[0], rows[0].target_raw) if len(rows) == 1 else None
        if rate is None or cell is None or target is None or (target.kind, target.unit) != (cell.kind, cell.unit):
            continue
        is_beyond, stated = rate.label.endswith(judgement().beyond_plan), amount_cell(rate)
        is_rate = is_beyond or rate.label.endswith(judgement().plan_rates)
        if stated is None or stated.kind != "percent" or not is_rate or target.value <= 0:
            continue
        exact = replace(target, interval=Interval(target.value, target.value))
        share = cell.interval.ratio(exact.interval)
        wanted = share.scale(HUNDRED) if share else None
        if wanted is not None and is_beyond:
            wanted = Interval(wanted.low - HUNDRED, wanted.high - HUNDRED)
        if wanted is None or stated.interval.meets(wanted):
            continue
        right = cell.value * HUNDRED / target.value - (HUNDRED if is_beyond else 0)
        computed = f"{plain(right.quantize(CENT))}%"
        yield Finding(
            "inconsistent",
            f"{_SAID_OF_GOAL}中{cell.name}{cell.shown}，指标“{indicator_name(rows[0])}”指标值填列{rows[0].target_raw}，"
            f"“{rate.label}”经复算为{computed}，写为{stated.shown}，差异"
            f"{plain(abs(stated.value - right).quantize(CENT))}{POINTS_OF_PERCENT}。",
            (*place, *indicator_cells(rows[0], "target_value")),
            reported=stated.shown,
            expected=computed,
            difference=stated.value - right,
            unit=POINTS_OF_PERCENT,
        )


def _behind_its_own(done: Amount, said: Mapping[int, Amount]) -> Amount | None:
    """The figure behind one with its parts and means: 接待37.62万人次，日均1100人次，完成目标的104.5%."""
    means = (*judgement().year_means, *judgement().means_of)
    at = done.ordinal + 1
    while (one := said.get(at)) is not None:
        is_part = one.part_of is not None and one.part_of == done.total_of
        if not is_part and not one.label.rpartition("/")[2].startswith(means):
            return one
        at += 1
    return None


def _said_of_this_year(form: Form) -> tuple[Amount, ...]:
    """The figures of the goal cell, without those that something is compared with (由81.2%提高到83.1%)."""
    evaluation = form.evaluation
    if evaluation is None or not evaluation.goal_actual:
        return ()
    said = goal_amounts(evaluation, _GOAL, evaluation.goal_actual)
    moved = [move for group in sentences(replace(form, amounts=said)) for move in moves(group)]
    earlier = {move.before.amount.ordinal for move in moved}
    return tuple(one for one in said if one.ordinal not in earlier)


def _names_the_same(one: Amount, row: Indicator) -> bool:
    """Whether a figure and an indicator have one name, but for words that say nothing: 完成监测企业 and 企业监测数."""
    mine, other = (judgement().telling_letters(name) for name in (one.label, indicator_name(row)))
    return bool(mine) and mine == other


def _value_of(row: Indicator, raw: str | None) -> Printed | None:
    """The value of an indicator in the unit that sentences have it in; None for words, ranges, several values."""
    place = Evaluation(ordinal=row.ordinal)
    read = goal_amounts(place, "actual_value", f"{indicator_name(row)}{raw}") if raw else ()
    return amount_cell(read[0]) if len(read) == 1 else None


def _apart(evaluation: Evaluation, one: Amount, rows: Sequence[Indicator]) -> Iterator[Finding]:
    """A figure of the goal cell that is no value of the indicators of its name."""
    cell = amount_cell(one)
    values = [(row, value) for row in rows if (value := _value_of(row, row.actual_raw))]
    alike = [(row, value) for row, value in values if cell and (value.kind, value.unit) == (cell.kind, cell.unit)]
    if cell is None or not alike or any(cell.interval.meets(value.interval) for _, value in alike):
        return
    row, value = alike[0]
    target = _value_of(row, row.target_raw)
    repeats_target = target is not None and target.unit == cell.unit and cell.interval.meets(target.interval)
    severity: Severity | None = "info" if repeats_target else None
    unit = cell.unit_apart
    gap = f"{plain(abs(cell.value - value.value))}{unit}"
    yield Finding(
        "inconsistent",
        f"{_SAID_OF_GOAL}中{cell.name}写为{cell.shown}，指标“{indicator_name(row)}”实际完成值填列{row.actual_raw}，"
        f"差异{gap}{'，目标栏所写与指标值相同' if repeats_target else ''}。",
        (Subject("evaluations", evaluation.ordinal, _GOAL), *indicator_cells(row, "actual_value")),
        reported=cell.shown,
        expected=row.actual_raw,
        difference=cell.value - value.value,
        unit=unit,
        severity=severity,
    )


@check(
    "rate_twice",
    "执行率的几处填列",
    "指标中、目标栏中的预算执行率，与项目资金表的执行率（或执行数÷预算数）一致",
    "warning",
    cause="never",
)
def rate_twice(form: Form, rules: Rules) -> Iterator[Finding]:
    """Any base fits, and what the table prints; a rate of 100% for more than that is capped."""
    total = total_row(form)
    rates = _rates_of_total(form) if total else []
    said = [*_of_indicators(form), *_of_goal(form)] if len(rates) > 1 else []  # a rate alone may be misread
    found = (finding for title, cell, place in said for finding in _other_rate(title, cell, place, rates))
    yield from judged(found, len(said), "执行率各处一致", "没有同时填列资金与预算执行率的指标、目标")


def _rates_of_total(form: Form) -> list[Printed]:
    """The rate of the total line as printed, and as its amounts make it."""
    row = total_row(form)
    assert row is not None
    printed = form.cell("funding", row.ordinal, "execution_rate_pct")
    executed = form.money(row, "executed")
    found = [printed] if printed else []
    for column in ("annual_budget", "arrived", "initial_budget") if executed else ():
        base = form.money(row, column)
        share = executed.interval.ratio(base.interval) if executed and base and base.value else None
        if executed and base and share:
            value = (executed.value / base.value * HUNDRED).quantize(CENT)
            title = f"资金表中执行数{executed.shown}÷{base.column_title}{base.shown}"
            found.append(Printed(base.ref, "", value, None, share.scale(HUNDRED), "percent", "%", title))
    return found


def _of_indicators(form: Form) -> Iterator[tuple[str, Printed, Subject]]:
    for row in form.indicators:
        unit = (row.actual_unit or row.target_unit or "").strip("()（）")
        if row.actual_value is None or unit != "%" or not judgement().is_execution_rate(indicator_name(row)):
            continue
        ref = Subject("indicators", row.ordinal, "actual_value")
        interval = interval_of(row.actual_value, row.actual_raw, "percent", "%")
        cell = Printed(ref, "", row.actual_value, row.actual_raw, interval, "percent", "%")
        yield f"指标“{indicator_name(row)}”的实际完成值填列", cell, ref


def _of_goal(form: Form) -> Iterator[tuple[str, Printed, Subject]]:
    evaluation = form.evaluation
    if evaluation is None or not evaluation.goal_actual:
        return
    for one in goal_amounts(evaluation, _GOAL, evaluation.goal_actual):
        cell = amount_cell(one)
        if cell is not None and cell.kind == "percent" and judgement().is_execution_rate(one.label):
            yield f"{_SAID_OF_GOAL}中{cell.name}写为", cell, Subject("evaluations", evaluation.ordinal, _GOAL)


def _other_rate(title: str, cell: Printed, place: Subject, rates: Sequence[Printed]) -> Iterator[Finding]:
    capped = cell.value == HUNDRED and any(rate.value > HUNDRED for rate in rates)
    if capped or any(cell.interval.meets(rate.interval) for rate in rates):
        return
    printed = rates[0]
    gap = plain(abs(cell.value - printed.value).quantize(CENT))
    yield Finding(
        "inconsistent",
        f"{title}{cell.shown}，{printed.name}{'填列' if printed.raw else '为'}{printed.shown}，差异{gap}个百分点。",
        (place, printed.ref),
        reported=cell.shown,
        expected=printed.shown,
        difference=cell.value - printed.value,
        tolerance=rounding(cell.interval, printed.interval),
        unit=POINTS_OF_PERCENT,
    )

"""Drafts → evaluations: which forms are filled, what they say, and which prose belongs to which (成表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from parsers.document import Problem
from parsers.interpret import head
from parsers.interpret.concepts import RATES
from parsers.interpret.doubts_of_funds import funds_outside, lone_labels
from parsers.interpret.doubts_of_tables import scores_lost
from parsers.interpret.drafts import Context, FormDraft, HeadItem
from parsers.interpret.endings import Ending, missing_end
from parsers.interpret.funding import funding_rows, part_amounts
from parsers.interpret.indicators import IndicatorResult, indicator_rows
from parsers.interpret.localities import locality_of
from parsers.interpret.money_units import (
    UNIT_UNKNOWN,
    largest_fund,
    read_money,
    unit_of_block,
    unit_of_funds,
    unit_of_lines,
)
from parsers.interpret.rows import cell_place, row_amount
from parsers.interpret.tables import Beside, amount_rows
from parsers.interpret.titles import title_parts
from parsers.interpret.told_amounts import told_amounts
from parsers.interpret.totals import Totals, read_totals, sum_amounts, sums_out_of_place, value_of, with_sum_of_all
from schemas.decimals import ZERO
from schemas.lexicon import Lexicon
from schemas.privacy import redact
from schemas.quantities import is_blank, parse_number, parse_percent
from schemas.records import Amount, CellPlace, Evaluation, EvaluationRecords, FundingRow, Indicator, Section
from schemas.units import MoneyUnit


@dataclass(frozen=True, slots=True)
class FormReading:
    """One form read: its records, whether it holds results, and what could not be read."""

    records: EvaluationRecords
    problems: tuple[Problem, ...]
    filled: bool
    has_results: bool


def _points_of(funding: Sequence[FundingRow], indicators: Sequence[Indicator]) -> Decimal:
    """The points of all rows of a form together."""
    points = [*(row.points for row in funding), *(row.points for row in indicators)]
    return sum(filter(None, points), ZERO)


def read_form(
    form: FormDraft,
    context: Context,
    lexicon: Lexicon,
    unit_before: MoneyUnit | None,
    ending: Ending,
) -> FormReading:
    """Read one form draft in its context; `parsers.interpret.identity` gives its records their ids.

    `unit_before` is the unit of money that the document stated before the context, `ending` how the form ends there.
    """
    items = [*form.head, *context.head]
    unit = unit_of_block(form, context, lexicon, unit_before)
    funding, problems = funding_rows(form, unit, lexicon)
    problems = [*problems, *lone_labels(form, context.loose), *funds_outside(form, context.loose, lexicon)]
    result = indicator_rows(form.indicators, lexicon)
    problems += scores_lost(funding, form.indicators, result.indicators)
    form = with_sum_of_all(form, _points_of(funding, result.indicators), lexicon)
    totals = read_totals(form, items, context.head_lines, lexicon)
    problems += sums_out_of_place(form, totals, lexicon)
    evaluation = _evaluation(form, context, items, totals, lexicon)
    amounts = [
        *_side_amounts(form, unit),
        *part_amounts(form, unit),
        *_goal_figures(form, lexicon),
        *told_amounts(form, evaluation.fiscal_year),
        *result.extras,
        *sum_amounts(form, totals, lexicon),
    ]
    records = EvaluationRecords(
        evaluation, tuple(funding), tuple(result.indicators), tuple(amounts), _adjusted_goals(form)
    )
    has_results = any(map(_has_result, result.indicators)) or any(row.executed_wanyuan for row in funding)
    has_funds = any(map(_has_money, funding)) or any(problem.code == UNIT_UNKNOWN for problem in problems)
    has_rows = bool(result.indicators) and not _is_blank_sheet(form, result)
    filled = has_rows or (has_funds and _tells_whose(records, lexicon))
    cut = missing_end(form, context, records, ending) if has_results else None
    return FormReading(records, (*problems, *result.problems, *([cut] if cut else [])), filled, has_results)


def _evaluation(
    form: FormDraft, context: Context, items: Sequence[HeadItem], totals: Totals, lexicon: Lexicon
) -> Evaluation:
    """What the head, the goals and the totals of a form say; `items` are the labels and values of its head."""
    title, title_place = head.title_of(context, lexicon)
    place = title_place or form.place
    kind = head.kind_of(title, form, items, lexicon)
    project, code = head.project_and_code(items)
    department = head.office_of(items, "department", "local_department")
    office = head.office_of(items, "unit")
    named = title_parts(title) if title and head.is_self_evaluation(title, lexicon) else None
    if named is not None and office is None and project is None:
        office, project = named.office, named.project if kind != "unit" else None
        kind = "project" if project and kind == "other" else kind
    period_start, period_end = head.period_of(items)
    nearest = [line for line in reversed(form.lines) if head.states_year(line)]
    year_texts = [*nearest, title, *(t.text for t in [*context.titles, *context.head_lines]), project]
    return Evaluation(
        kind=kind,
        title=title,
        fiscal_year=head.fiscal_year_of(year_texts, items),
        region=locality_of(office, department, project),
        department=department,
        unit=office,
        project_name=project,
        budget_code=code,
        report_date=head.date_of(head.value_of(items, "report_date")),
        period_start=period_start,
        period_end=period_end,
        grade=head.grade_of(totals.grade or head.text_of(head.value_of(items, "grade")), lexicon),
        goal_expected=_goal(form, "goal_expected"),
        goal_actual=_goal(form, "goal_actual"),
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        total_points=value_of(totals.points),
        total_points_raw=totals.points,
        total_score=value_of(totals.score),
        total_score_raw=totals.score,
        cells=(*totals.cells, *_head_places(items)),
    )


def _tells_whose(records: EvaluationRecords, lexicon: Lexicon) -> bool:
    """Whether funds alone make a form: with indicators beside them, a title of its own, or a name over their total."""
    evaluation = records.evaluation
    if records.indicators or (evaluation.title and head.is_self_evaluation(evaluation.title, lexicon)):
        return True
    named = bool(evaluation.project_name or evaluation.unit)
    return named and any(row.role == "total" for row in records.funding)


def _is_blank_sheet(form: FormDraft, result: IndicatorResult) -> bool:
    """Whether a form's indicators have points only, with its columns of targets and results all left open."""
    asked = {column.concept for column in form.indicator_columns}
    is_open = not any(_has_result(row) or not is_blank(row.target_raw or "") for row in result.indicators)
    has_others = bool(result.extras) or any(one.strays for one in form.indicators)
    return is_open and {"actual", "score"} <= asked and not has_others


def _has_result(row: Indicator) -> bool:
    """Whether an indicator prints what was reached, or a score."""
    return row.score is not None or not is_blank(row.actual_raw)


def _has_money(row: FundingRow) -> bool:
    return any((row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan))


def _goal(form: FormDraft, side: str) -> str | None:
    text = "\n".join(cell.text.strip() for cell in form.goals if cell.side == side)
    return None if is_blank(text) else redact(text)


def _adjusted_goals(form: FormDraft) -> tuple[Section, ...]:
    """The goals as they were adjusted within the year, where they stand beside the first ones."""
    cells = [cell for cell in form.goals if cell.side == "goal_adjusted" and not is_blank(cell.text)]
    return tuple(
        Section(
            heading=cell.head,
            kind="goals",
            text=redact(cell.text.strip()),
            page=cell.place.page,
            locator=cell.place.locator,
        )
        for cell in cells
    )


def _head_places(items: Sequence[HeadItem]) -> list[CellPlace]:
    names = {"project_name", "department", "unit", "report_date", "grade", "budget_code"}
    places = []
    for item in items:
        if item.pair.concept in names and item.pair.value:
            if item.row is not None and item.pair.slots:
                places.append(cell_place(item.pair.concept, item.pair.slots, item.row))
            else:
                places.append(CellPlace(item.pair.concept, item.place.page, item.place.bbox, item.place.locator))
            names.discard(item.pair.concept)
    return places


def _side_amounts(form: FormDraft, unit: MoneyUnit | None) -> list[Amount]:
    amounts = []
    for item in form.side_amounts:
        quantity = read_money(item.value, unit) if item.value else None
        if quantity is None:
            continue
        label = f"{item.side}/{item.label}" if item.side else item.label
        amount = row_amount(item.row, [item.slot], quantity, unit)
        amounts.append(replace(amount, label=label, unit="wanyuan", value_raw=item.value, context="资金构成"))
    return amounts


def _goal_figures(form: FormDraft, lexicon: Lexicon) -> list[Amount]:
    """Figures beside the goals: 总体完成率(%) | 100.00."""
    amounts = []
    for item in form.goal_figures:
        rate = lexicon.column(item.head) in RATES
        quantity = parse_percent(item.slot.text) if rate else parse_number(item.slot.text)
        if quantity is not None:
            amount = row_amount(item.row, [item.slot], quantity)
            amounts.append(replace(amount, label=item.head, context="总体目标"))
    return amounts


def context_amounts(context: Context, lexicon: Lexicon) -> list[Amount]:
    """The figures of a context's other tables."""
    if not context.loose:
        return []
    funds = Beside(unit_of_funds(context), largest_fund(context))
    return amount_rows(context.loose, lexicon, unit_of_lines(context), funds)


def with_fields(records: EvaluationRecords, **changes: Any) -> EvaluationRecords:
    """`records` with fields of the evaluation replaced."""
    return replace(records, evaluation=replace(records.evaluation, **changes))

"""Checks of scores beside their points: the score of the execution, none above its points (得分的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.checks.config import Rules
from pipeline.checks.judged import total_row
from pipeline.checks.missing import EXECUTION_POINTS
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, plain, row_name
from pipeline.checks.relation import Relation, expected
from pipeline.checks.relations import (
    bound_relations,
    execution_score_relations,
    intervals_of,
    points_left_out,
)
from pipeline.checks.written import points_text
from schemas.decimals import CENT, HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.records import FundingRow, Severity

_HALF, _HALF_TENTH = Decimal("0.5"), Decimal("0.05")


@check(
    "execution_score",
    "执行率得分",
    "财预〔2020〕10号附件：预算执行得分＝分值×执行率，最高不超过分值",
    "error",
    cause="unless_explained",
    support=2.0,
    agrees="执行得分",
)
def execution_score(form: Form, rules: Rules) -> Iterator[Finding]:
    """Rounding to whole points, bands and full marks from a certain rate exist: they are odd, not contradictory."""
    made = False
    for row in form.funding:
        for relation in execution_score_relations(form, row):
            made = True
            yield _execution_finding(form, row, relation, rules)
    implied = () if made else _by_implied_points(form)
    yield from implied
    if not made and not implied:
        yield not_checkable("没有同时读到分值、执行率与得分的行，执行率得分无法核对。")


def _by_implied_points(form: Form) -> tuple[Finding, ...]:
    """No points are told for the execution, but just what it usually has is left of the total: then a question."""
    row = total_row(form)
    points = _left_for_execution(form)
    score, rate = (form.cell("funding", row.ordinal, c) if row else None for c in ("score", "execution_rate_pct"))
    if points is None or score is None or rate is None:
        return ()
    right = min(points, points * rate.value / HUNDRED)
    subjects = (score.ref, rate.ref)
    way = f"总分值减去各指标分值所余{points_text(points)}×执行率{rate.shown}"
    if score.interval.meets(rate.interval.scale(points / HUNDRED)) or score.value in (points, round(right)):
        return (consistent(f"{score.name}填列{score.shown}，与{way}不矛盾。", subjects, score.shown),)
    return (
        Finding(
            "inconsistent",
            f"{score.name}经复算为{points_text(right)}（{way}），填列{score.shown}，"
            f"差异{points_text(abs(score.value - right))}，请核对预算执行的分值。",
            subjects,
            reported=score.shown,
            expected=points_text(right),
            difference=score.value - right,
            unit="分",
            severity="warning",
        ),
    )


def _left_for_execution(form: Form) -> Decimal | None:
    """What the stated total leaves beside the points of the indicators, where forms usually give that to execution."""
    total = form.cell("evaluations", form.evaluation.ordinal, "total_points") if form.evaluation else None
    rows = [cell.value for ref, cell in form.cells.items() if (ref.table, ref.column) == ("indicators", "points")]
    left = total.value - sum(rows, ZERO) if total and rows else ZERO
    return left if left in EXECUTION_POINTS and len(rows) == len(form.indicators) else None


def _execution_finding(form: Form, row: FundingRow, relation: Relation, rules: Rules) -> Finding:
    score = form.cells[relation.total]
    points, rate = (form.cells[term.cell] for term in relation.options[0])
    wanted = expected(relation, relation.options[0], intervals_of(form.cells))
    assert wanted is not None
    right = min(points.value, points.value * rate.value / HUNDRED)
    name = f"“{row_name(row.label)}”的得分"
    way = f"分值{points.shown}×执行率{rate.shown}"
    if score.interval.meets(wanted) and not _full_by_rounding(score, points, right):
        return consistent(f"{name}填列{score.shown}，与{way}相符。", relation.cells, score.shown, (relation,))
    computed = _computed_rate(form, row)
    if computed is not None:
        by_amounts = min(points.value, points.value * computed / HUNDRED)
        if abs(score.value - by_amounts) <= (score.interval.high - score.interval.low) / 2 + Decimal("0.001"):
            return consistent(
                f"{name}填列{score.shown}，与按金额复算的执行率{plain(computed.quantize(CENT))}%相符"
                f"（填列的执行率{rate.shown}与金额不符，见执行率核对）。",
                relation.cells,
                score.shown,
                (relation,),
            )
    severity, remark = _scoring_rule(score, points, rate, right, rules)
    difference = score.value - right
    return Finding(
        "inconsistent",
        f"{name}经复算为{points_text(right)}（{way}），填列{score.shown}，差异{points_text(abs(difference))}{remark}。",
        relation.cells,
        reported=score.shown,
        expected=points_text(right),
        difference=difference,
        tolerance=(score.interval.high - score.interval.low) / 2 + (wanted.high - wanted.low) / 2,
        unit="分",
        severity=severity,
        relations=(relation,),
    )


def _full_by_rounding(score: Printed, points: Printed, right: Decimal) -> bool:
    """Whether full points are printed for less than was spent, by more than rounding to a tenth explains: 10 of 9.7."""
    return score.value == points.value and right < points.value - _HALF_TENTH


def _computed_rate(form: Form, row: FundingRow) -> Decimal | None:
    executed = form.cell("funding", row.ordinal, "executed_wanyuan")
    budget = form.cell("funding", row.ordinal, "annual_budget_wanyuan")
    if executed is None or budget is None or budget.value <= 0:
        return None
    return executed.value / budget.value * HUNDRED


def _scoring_rule(
    score: Printed, points: Printed, rate: Printed, right: Decimal, rules: Rules
) -> tuple[Severity | None, str]:
    """The other scoring rule that would explain the score, if any, as a severity and a remark."""
    whole = {right.to_integral_value(mode) for mode in (ROUND_FLOOR, ROUND_CEILING)}
    if score.value in whole and rate.value < HUNDRED:
        return "warning", "，疑似取整到整数分"
    if score.value == points.value and rate.value >= rules.full_score_from_rate:
        return "warning", "，疑似执行率达到一定比例即得满分"
    if ZERO <= score.value < right and score.value % _HALF == 0 and not rate.interval.meets(Interval(HUNDRED, HUNDRED)):
        return "warning", "，疑似按分档计分，请核对评分办法"
    return None, ""


@check(
    "score_over_points",
    "得分不超过分值",
    "财预〔2020〕10号：各项得分最高不超过该项分值（加分项除外）",
    "error",
    agrees="得分与分值",
)
def score_over_points(form: Form, rules: Rules) -> Iterator[Finding]:
    fine = []
    for relation in bound_relations(form):
        points, score = form.cells[relation.total], form.cells[relation.options[0][0].cell]
        if score.interval.low <= points.interval.high:
            fine.append(relation)
            continue
        bonus = any(word in points.row for word in rules.bonus_words)
        yield Finding(
            "inconsistent",
            f"“{points.row}”得分{score.shown}超过分值{points.shown}，多{points_text(score.value - points.value)}"
            f"{'（加分项）' if bonus else ''}。",
            (score.ref, points.ref),
            reported=score.shown,
            expected=f"不超过{points.shown}",
            difference=score.value - points.value,
            unit="分",
            severity="info" if bonus else None,
            relations=(relation,),
        )
    if fine:
        subjects = tuple(cell for relation in fine for cell in relation.cells)
        yield consistent(f"{len(fine)}项得分均未超过分值。", subjects, relations=tuple(fine))
    elif not any(True for _ in bound_relations(form)):
        yield not_checkable("没有同时读到分值与得分的行，得分是否超过分值无法核对。")
    yield from _total_over_points(form)


def _total_over_points(form: Form) -> Iterator[Finding]:
    """A total score above the total points happens with a bonus; it is worth a look.

    Points of the execution that were left out of the total are a finding of their own.
    """
    if form.evaluation is None:
        return
    points = form.cell("evaluations", form.evaluation.ordinal, "total_points")
    score = form.cell("evaluations", form.evaluation.ordinal, "total_score")
    if points and score and score.interval.low > points.interval.high + points_left_out(form):
        yield Finding(
            "inconsistent",
            f"总得分{score.shown}超过总分值{points.shown}，请核对是否有加分项。",
            (score.ref, points.ref),
            reported=score.shown,
            expected=f"不超过{points.shown}",
            difference=score.value - points.value,
            unit="分",
            severity="warning",
        )

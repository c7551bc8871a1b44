"""Checks of single indicators: target, actual, score and reason (指标的核对).

These are judgements about figures that need not contradict each other, so none of them is an error.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from pipeline.checks.config import Rules
from pipeline.checks.judged import lost_points
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, indicator_name, plain
from schemas.decimals import CENT, HUNDRED, ONE, ZERO
from schemas.judgement import judgement
from schemas.quantities import is_blank, money_factor
from schemas.records import Indicator, Subject
from schemas.units import units

_SIGNS = "=＝═等"
_PERCENT = ("%", "％", "百分比", "百分点")


class Met(Enum):
    """How an actual stands to its target (完成情况)."""

    YES = "达到"
    NO = "未达到"
    UNKNOWN = "无法比较"


@dataclass(frozen=True, slots=True)
class Compared:
    """Target and actual of one indicator in the same unit (指标值与实际完成值)."""

    row: Indicator
    met: Met
    target: Decimal
    actual: Decimal

    @property
    def shown(self) -> str:
        return f"“{indicator_name(self.row)}”指标值{self.row.target_raw}，实际完成{self.row.actual_raw}"


def subject(row: Indicator, column: str) -> Subject:
    return Subject("indicators", row.ordinal, column)


def compare(row: Indicator, rules: Rules) -> Compared | None:
    """Target against actual; None when one is not a number or their units cannot be compared."""
    if row.target_op is None or row.target_value is None or row.actual_value is None:
        return None
    factor = _factor(row)
    if factor is None:
        return None
    actual = row.actual_value * factor
    return Compared(row, _met(row, actual, rules), row.target_value, actual)


def _factor(row: Indicator) -> Decimal | None:
    """What turns the actual into the target's unit; None when the units differ in kind."""
    target, actual = (row.target_unit or "").strip("()（）"), (row.actual_unit or "").strip("()（）")
    if target in _PERCENT and not actual:
        # A bare actual up to 1 may be a ratio or a percentage: nobody can tell.
        ambiguous = row.actual_value is not None and ZERO < row.actual_value <= ONE < (row.target_value or ZERO)
        return None if ambiguous else ONE
    if not actual or target == actual or {target, actual} <= set(_PERCENT):
        return ONE
    if not target:
        return None if actual in _PERCENT else ONE
    if target in actual or actual in target:
        plain_money = money_factor(target) is not None and money_factor(actual) is not None
        if not plain_money:
            return ONE
    from_unit, to_unit = money_factor(actual), money_factor(target)
    return from_unit / to_unit if from_unit and to_unit else None


def _met(row: Indicator, actual: Decimal, rules: Rules) -> Met:
    target, op = row.target_value, row.target_op
    assert target is not None
    if op == "range":
        high = row.target_high if row.target_high is not None else target
        return Met.YES if target <= actual <= high else Met.NO
    if op == "=":
        return _met_equal(row, actual, target, rules)
    reached = {">=": actual >= target, "<=": actual <= target, ">": actual > target, "<": actual < target}
    return Met.YES if reached[str(op)] else Met.NO


def _met_equal(row: Indicator, actual: Decimal, target: Decimal, rules: Rules) -> Met:
    """An equality is usually a plan to be reached; without a printed sign the name of the indicator says which way."""
    if actual == target:
        return Met.YES
    if not any(sign in (row.target_raw or "") for sign in _SIGNS):
        return _met_unsigned(row, actual, target)
    less = (row.category or "").startswith(rules.less_is_better) or target == 0
    return Met.YES if (actual < target) == less else Met.NO


def _met_unsigned(row: Indicator, actual: Decimal, target: Decimal) -> Met:
    unit = units().count.get((row.target_unit or "").strip("()（）"), "")
    if unit in judgement().open_units:
        return Met.UNKNOWN
    less = judgement().lower_is_better(indicator_name(row), row.category or "", unit)
    if less is None:
        return Met.UNKNOWN
    return Met.YES if (actual < target) == less else Met.NO


def comparable(row: Indicator, rules: Rules) -> bool:
    """Whether target and actual can be compared, and in which direction is known."""
    found = compare(row, rules)
    return found is not None and found.met is not Met.UNKNOWN


def _compared(form: Form, rules: Rules) -> list[Compared]:
    found = (compare(row, rules) for row in form.indicators)
    return [one for one in found if one is not None and one.met is not Met.UNKNOWN]


def _scored(form: Form, row: Indicator) -> tuple[Printed, Printed] | None:
    points, score = (form.cell("indicators", row.ordinal, column) for column in ("points", "score"))
    return (points, score) if points and score else None


def _looked_at(form: Form, rules: Rules, met: Met, what: str) -> Iterator[Finding]:
    """How many indicators a judgement was made on; the odd ones follow."""
    rows = [one.row for one in _compared(form, rules) if one.met is met and _scored(form, one.row)]
    if rows:
        yield consistent(f"已核对{len(rows)}项指标{what}。", tuple(subject(row, "score") for row in rows))
    elif not _compared(form, rules):
        yield from _nothing_to_compare(form)


def _nothing_to_compare(form: Form) -> Iterator[Finding]:
    if form.indicators:
        yield not_checkable("没有指标值与实际完成值都是数字、单位又可比的指标，完成情况无法核对。")


@check(
    "target_missed_full_score",
    "未达指标值而得满分",
    "财预〔2020〕10号：未完成指标值的，按完成比例计分并说明原因",
    "warning",
)
def target_missed_full_score(form: Form, rules: Rules) -> Iterator[Finding]:
    fine: list[Subject] = []
    for one in _compared(form, rules):
        cells = _scored(form, one.row)
        if cells is None:
            continue
        points, score = cells
        subjects = tuple(subject(one.row, column) for column in ("target_value", "actual_value", "points", "score"))
        if one.met is Met.NO and not lost_points(form, one.row) and points.value > 0:
            yield Finding(
                "inconsistent",
                f"{one.shown}，未达到指标值，却得满分{score.shown}。",
                subjects,
                reported=score.shown,
                expected=f"低于{points.shown}",
            )
        else:
            fine.extend(subjects)
    if fine:
        yield consistent(f"已比较{len(fine) // 4}项指标的完成值与得分，没有未达指标值而得满分的其他情况。", tuple(fine))
    else:
        yield from _nothing_to_compare(form)


@check(
    "target_met_points_lost",
    "达到指标值而失分",
    "财预〔2020〕10号：完成指标值的记该指标所赋全部分值",
    "warning",
)
def target_met_points_lost(form: Form, rules: Rules) -> Iterator[Finding]:
    """With a reason given it is only worth a remark: other grounds for losing points exist."""
    yield from _looked_at(form, rules, Met.YES, "达到指标值的得分")
    for one in _compared(form, rules):
        cells = _scored(form, one.row)
        if cells is None or one.met is not Met.YES or not lost_points(form, one.row):
            continue
        points, score = cells
        explained = not is_blank(one.row.deviation)
        yield Finding(
            "inconsistent",
            f"{one.shown}，已达到指标值，得分{score.shown}却低于分值{points.shown}"
            f"{'（已说明原因）' if explained else '，也没有说明原因'}。",
            tuple(subject(one.row, column) for column in ("target_value", "actual_value", "points", "score")),
            reported=score.shown,
            expected=points.shown,
            difference=score.value - points.value,
            unit="分",
            severity="info" if explained else None,
        )


def _falls_short(one: Compared) -> bool:
    """Whether less was done than a target that is to be reached."""
    rising = one.row.target_op in (">=", ">", "=") and one.target > 0
    return one.met is Met.NO and rising and one.actual < one.target


@check(
    "score_beyond_completion",
    "得分与完成程度不相称",
    "财预〔2020〕10号：未完成指标值的，按完成值与指标值的比例计分",
    "warning",
)
def score_beyond_completion(form: Form, rules: Rules) -> Iterator[Finding]:
    """A target of 6000 of which nothing is done, with half the points."""
    yield from _looked_at(form, rules, Met.NO, "未达指标值的得分")
    for one in _compared(form, rules):
        cells = _scored(form, one.row)
        if cells is None or not _falls_short(one):
            continue
        points, score = cells
        if points.value <= 0 or not lost_points(form, one.row):
            continue
        done, given = max(one.actual, ZERO) / one.target, score.value / points.value
        if given - done < rules.share_gap:
            continue
        yield Finding(
            "inconsistent",
            f"{one.shown}，只完成{_percent(done)}，却得{score.shown}（分值{points.shown}的{_percent(given)}）。",
            tuple(subject(one.row, column) for column in ("target_value", "actual_value", "points", "score")),
            reported=score.shown,
            expected=f"{plain((points.value * done).quantize(CENT))}分左右",
            difference=score.value - points.value * done,
            unit="分",
        )


def _percent(share: Decimal) -> str:
    return f"{plain((share * HUNDRED).quantize(CENT))}%"


@check(
    "score_lost_no_reason",
    "失分而未说明原因",
    "财预〔2020〕10号附件：未完成的须填写偏差原因分析及改进措施",
    "warning",
)
def score_lost_no_reason(form: Form, rules: Rules) -> Iterator[Finding]:
    """Where the form explains nothing at all, it may have no such column: then it is only a remark."""
    explains = any(not is_blank(row.deviation) for row in form.indicators)
    fine: list[Subject] = []
    for row in form.indicators:
        cells = _scored(form, row)
        if cells is None:
            continue
        points, score = cells
        follows_rate = (row.category or "").startswith("execution")  # its points are lost by rule
        if follows_rate or not lost_points(form, row) or not is_blank(row.deviation):
            fine += [points.ref, score.ref]
            continue
        yield Finding(
            "inconsistent",
            f"“{indicator_name(row)}”分值{points.shown}，得分{score.shown}，"
            f"失{plain(points.value - score.value)}分而没有说明原因。",
            (points.ref, score.ref, subject(row, "deviation")),
            reported=score.shown,
            expected="填写偏差原因分析及改进措施",
            difference=score.value - points.value,
            unit="分",
            severity=None if explains else "info",
        )
    if fine:
        yield consistent(f"{len(fine) // 2}项指标得满分，或失分而已说明原因。", tuple(fine))
    elif form.indicators and not any(_scored(form, row) for row in form.indicators):
        yield not_checkable("没有读到指标的分值与得分，失分原因无法核对。")


@check(
    "target_missed_no_reason",
    "未达指标值而未说明原因",
    "财预〔2020〕10号附件：未完成的须填写偏差原因分析及改进措施",
    "info",
)
def target_missed_no_reason(form: Form, rules: Rules) -> Iterator[Finding]:
    """For forms without scores (transfer payments), where only the reason can show that the miss was seen."""
    for one in _compared(form, rules):
        if one.met is Met.NO and _scored(form, one.row) is None and is_blank(one.row.deviation):
            yield Finding(
                "inconsistent",
                f"{one.shown}，未达到指标值而没有说明原因。",
                tuple(subject(one.row, column) for column in ("target_value", "actual_value", "deviation")),
                reported=one.row.actual_raw,
                expected=one.row.target_raw,
            )
    for row in form.indicators:
        unfinished = row.actual_value is None and judgement().says_unfinished(row.actual_raw or "")
        if unfinished and _scored(form, row) is None and is_blank(row.deviation):
            yield Finding(
                "inconsistent",
                f"“{indicator_name(row)}”指标值{row.target_raw}，实际完成写明“{row.actual_raw}”，没有说明原因。",
                tuple(subject(row, column) for column in ("target_value", "actual_value", "deviation")),
                reported=row.actual_raw,
                expected=row.target_raw,
            )

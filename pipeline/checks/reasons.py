"""Checks of the reasons given for deviations (偏差原因的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.indicators import Met, compare
from pipeline.checks.judged import has_full_marks, in_points, indicator_cells, judged, lost_points, remark
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import indicator_name, plain
from schemas.decimals import ZERO
from schemas.judgement import judgement
from schemas.lexicon import normalise
from schemas.quantities import is_blank
from schemas.records import Indicator

_SHORTEST_COPIED = 6
"""Characters from which the same words on several rows are no stock phrase."""


_LONGEST_QUOTED = 40


def _beginning(text: str) -> str:
    """So much of a text as a sentence can quote."""
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}……"


def _explained(form: Form) -> list[Indicator]:
    return [row for row in form.indicators if not is_blank(row.deviation)]


@check(
    "empty_reason",
    "原因只有套话",
    "财预〔2020〕10号附件：未完成的须分析偏差原因并提出改进措施",
    "warning",
)
def empty_reason(form: Form, rules: Rules) -> Iterator[Finding]:
    """客观原因 and nothing else beside points that were lost."""
    lost = [row for row in _explained(form) if row.points and row.score is not None and row.score < row.points]
    yield from judged(
        (
            remark(
                f"“{indicator_name(row)}”得分{in_points(row.score_raw)}低于分值{in_points(row.points_raw)}，原因只写“{row.deviation}”。",
                indicator_cells(row, "points", "score", "deviation"),
                row.deviation,
                "具体的偏差原因及改进措施",
            )
            for row in lost
            if judgement().is_empty_reason(row.deviation or "")
        ),
        len(lost),
        "失分的原因不是套话",
        "没有失分而说明原因的指标",
    )


@check(
    "reason_without_shortfall",
    "说明未完成而并无不足",
    "偏差原因应与完成情况一致",
    "warning",
)
def reason_without_shortfall(form: Form, rules: Rules) -> Iterator[Finding]:
    """The reason says 未完成, the actual value reaches the target and no points are lost, or none are given."""
    met = [row for row in _explained(form) if (one := compare(row, rules)) is not None and one.met is Met.YES]
    yield from judged(
        (
            _needless(form, row)
            for row in met
            if not lost_points(form, row) and any(word in (row.deviation or "") for word in judgement().shortfalls)
        ),
        len(met),
        "所写原因与完成情况不矛盾",
        "没有达到指标值而写有原因的指标",
    )


def _needless(form: Form, row: Indicator) -> Finding:
    reached = "已达到并得满分" if has_full_marks(form, row) else "已达到指标值"
    return remark(
        f"“{indicator_name(row)}”指标值{row.target_raw}，实际完成{row.actual_raw}，{reached}，"
        f"原因栏却写“{_beginning(row.deviation or '')}”。",
        indicator_cells(row, "target_value", "actual_value", "deviation"),
        row.deviation,
    )


@check(
    "deduction_stated",
    "所写扣分与得分",
    "偏差原因中写明的扣分等于分值减得分",
    "warning",
)
def deduction_stated(form: Form, rules: Rules) -> Iterator[Finding]:
    """扣0.4分 in the reason beside 10 points and a score of 9.6; several deductions count together."""
    told = [(row, points, lost) for row in _explained(form) for points, lost in _deductions(form, row)]
    yield from judged(
        (
            remark(
                f"“{indicator_name(row)}”分值{in_points(row.points_raw)}，得分{in_points(row.score_raw)}，"
                f"相差{plain(lost)}分，原因栏写明扣{plain(points)}分。",
                indicator_cells(row, "points", "score", "deviation"),
                row.score_raw,
                f"{plain(row.points - points)}分" if row.points is not None else None,
            )
            for row, points, lost in told
            if points != lost
        ),
        len(told),
        "所写扣分与分值、得分相符",
        "没有写明扣分的原因",
    )


def _deductions(form: Form, row: Indicator) -> Iterator[tuple[Decimal, Decimal]]:
    """What a reason says was taken off in all, and what was; nothing where one of several is the sum of the others."""
    said = [Decimal(match["points"]) for match in judgement().deducted.finditer(row.deviation or "")]
    if not said or row.points is None or row.score is None:
        return
    lost = row.points - row.score
    if len(said) == 1 or lost not in said:
        yield sum(said, ZERO), lost


@check(
    "same_reason",
    "原因雷同",
    "各指标的偏差原因应分别分析",
    "info",
)
def same_reason(form: Form, rules: Rules) -> Iterator[Finding]:
    rows: dict[str, list[Indicator]] = {}
    for row in _explained(form):
        rows.setdefault(normalise(row.deviation or ""), []).append(row)
    yield from judged(
        (
            remark(
                f"{len(group)}项指标的偏差原因一字不差：“{_beginning(group[0].deviation or '')}”。",
                tuple(cell for row in group for cell in indicator_cells(row, "deviation")),
                group[0].deviation,
            )
            for text, group in rows.items()
            if len(group) >= rules.same_reason_rows and len(text) >= _SHORTEST_COPIED
        ),
        len(_explained(form)),
        "没有雷同的偏差原因",
        "没有填写偏差原因",
    )

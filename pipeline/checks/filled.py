"""Checks of what a form leaves out, and of the whole against its parts (填报完整性的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.judged import has_full_marks, indicator_cells, judged, remark, total_row
from pipeline.checks.missing import shortfall
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, indicator_name, plain
from pipeline.checks.prose_and_form import speaks_of_whole
from pipeline.checks.prose_figures import figures
from pipeline.checks.relations import execution_is_indicator, scored_funding
from schemas.decimals import CENT, HUNDRED, ZERO
from schemas.judgement import judgement
from schemas.records import Indicator, Subject
from schemas.units import is_yuan

_FEWEST_ROWS = 3
"""A form with fewer indicators is a short one: which dimensions it should have nobody can tell."""
_MANY_ROWS = 6
_SMALL_YUAN = Decimal("0.1")
"""万元 below which the budget of a whole project printed in 元 has probably lost its 万."""


@check(
    "missing_dimension",
    "指标的三个方面",
    "财预〔2020〕10号附件：绩效指标包括产出、效益、满意度三个方面",
    "info",
)
def missing_dimension(form: Form, rules: Rules) -> Iterator[Finding]:
    """By the level-1 names; forms with names of their own (决策、过程) are not judged."""
    names = {row.level1 + (row.level2 or "") for row in form.indicators if row.level1}
    held = {
        dimension
        for dimension, words in judgement().dimensions.items()
        if any(word in name for word in words for name in names)
    }
    known = len(held) > 1 or (len(held) == 1 and len(form.indicators) >= _MANY_ROWS)
    missing = [dimension for dimension in judgement().dimensions if dimension not in held]
    if len(form.indicators) < _FEWEST_ROWS or not known or form.half_read or shortfall(form, rules).rows_missing:
        yield not_checkable("指标太少、有缺行，或一级指标不按产出、效益、满意度分列，无法核对。")
    elif missing:
        subjects = tuple(cell for row in form.indicators[:1] for cell in indicator_cells(row, "level1"))
        yield remark(f"指标表中没有{'、'.join(missing)}方面的指标。", subjects, "、".join(sorted(held)))
    else:
        yield consistent("产出、效益、满意度三个方面都有指标。")


@check(
    "placeholder_left",
    "样例与省略号未改",
    "指标名称、指标值、完成值应如实填写，样例文字与遮盖符应改掉",
    "warning",
)
def placeholder_left(form: Form, rules: Rules) -> Iterator[Finding]:
    cells = [
        (row, column, text)
        for row in form.indicators
        for column, text in (_finest_name(row), ("target_value", row.target_raw), ("actual_value", row.actual_raw))
        if text
    ]
    left = [
        remark(_left_in(row, column, text), indicator_cells(row, column), text)
        for row, column, text in cells
        if judgement().is_placeholder(text)
    ]
    yield from judged([*_masked_texts(form), *left], len(cells), "没有留下的样例或省略号", "没有读到指标")


def _finest_name(row: Indicator) -> tuple[str, str | None]:
    return ("level3", row.level3) if row.level3 else ("level2", row.level2)


_MASKED = {"project_name": "项目名称", "goal_expected": "年度预期目标", "goal_actual": "目标实际完成情况"}


def _masked_texts(form: Form) -> Iterator[Finding]:
    """What the sample of a form says in the project's name and in its goals (完成××公里)."""
    if form.evaluation is None:
        return
    for column, title in _MASKED.items():
        mark = judgement().masked_in(getattr(form.evaluation, column) or "")
        if mark:
            subject = Subject("evaluations", form.evaluation.ordinal, column)
            yield remark(f"{title}中留有“{mark}”，疑似样例未改。", (subject,), mark)


def _left_in(row: Indicator, column: str, text: str) -> str:
    if column in ("level2", "level3"):
        return f"指标名称“{text}”中留有样例或遮盖的字样，疑似未改。"
    return (
        f"“{indicator_name(row)}”的{'指标值' if column == 'target_value' else '实际完成值'}为“{text}”，疑似样例未改。"
    )


@check(
    "points_beside_execution",
    "分值合计漏计预算执行",
    "财预〔2020〕10号附件：预算执行分值与各指标分值合计为100分",
    "warning",
)
def points_beside_execution(form: Form, rules: Rules) -> Iterator[Finding]:
    """20 for the execution and 100 for the indicators, with 100 printed as their total."""
    execution = [form.cells[ref] for ref in scored_funding(form, "points")]
    rows = [cell for ref, cell in form.cells.items() if ref.table == "indicators" and ref.column == "points"]
    total = form.cell("evaluations", form.evaluation.ordinal, "total_points") if form.evaluation else None
    stated = total.value if total else rules.usual_total
    added = sum((cell.value for cell in rows), ZERO)
    given = sum((cell.value for cell in execution), ZERO)
    if execution_is_indicator(form):
        yield consistent("预算执行列为一项指标，分值只计一次。")
    elif not given or not rows:
        yield not_checkable("没有同时读到预算执行与指标的分值，无法核对。")
    elif added == stated:
        printed = f"总分值{plain(stated)}分" if total else f"通常的{plain(stated)}分"
        yield Finding(
            "inconsistent",
            f"预算执行分值{plain(given)}分，各指标合计{plain(added)}分，共{plain(added + given)}分，超过{printed}。",
            tuple(cell.ref for cell in (*([total] if total else []), *execution, *rows)),
            reported=f"{plain(stated)}分",
            expected=f"{plain(added + given)}分",
            difference=stated - added - given,
            unit="分",
        )
    else:
        yield consistent("预算执行分值已计入总分值。")


@check(
    "outputs_without_money",
    "支出很少而产出全部完成",
    "资金执行与产出完成应相称",
    "warning",
)
def outputs_without_money(form: Form, rules: Rules) -> Iterator[Finding]:
    """Every output with full marks, and a small part of the money spent: saved, unpaid or badly planned."""
    total = total_row(form)
    executed, budget = (form.money(total, column) if total else None for column in ("executed", "annual_budget"))
    outputs = [row for row in form.indicators if (row.category or "").startswith("output") and row.points]
    if executed is None or budget is None or budget.value <= 0 or not outputs:
        yield not_checkable("没有同时读到预算、执行数与产出指标的得分，无法核对。")
        return
    share = executed.value / budget.value * HUNDRED
    if share >= rules.little_money or not all(has_full_marks(form, row) for row in outputs):
        yield consistent(f"执行率{plain(share.quantize(CENT))}%，与产出的完成情况不矛盾。")
        return
    yield Finding(
        "inconsistent",
        f"执行数{executed.shown}只占预算{budget.shown}的{plain(share.quantize(CENT))}%，"
        f"{len(outputs)}项产出指标却全部得满分，请核实资金结余的原因。",
        (executed.ref, budget.ref, *(Subject("indicators", row.ordinal, "score") for row in outputs)),
        reported=executed.shown,
    )


@check(
    "lost_ten_thousand",
    "金额过小，疑似漏写“万”",
    "项目的预算一般不会只有几百元；单位“元”疑为“万元”",
    "warning",
)
def lost_ten_thousand(form: Form, rules: Rules) -> Iterator[Finding]:
    """预算100元, 执行33.78元: of the whole project, in the table or in sentences about it."""
    table = [
        cell for ref, cell in form.cells.items() if ref.table == "funding" and cell.kind == "money" and cell.value > 0
    ]
    rows = {row.ordinal for row in form.funding if row.role == "total"}
    totals = [cell for cell in table if cell.ref.ordinal in rows]
    small = [cell for cell in totals if _in_few_yuan(cell)]
    found = []
    if small and len(small) == len(totals):
        shown = "、".join(f"{cell.column_title}{cell.shown}" for cell in small)
        message = f"{shown}，作为项目资金过小，疑似单位应为万元。"
        found.append(remark(message, tuple(cell.ref for cell in small), shown, "以万元计"))
    spoken = [
        one.cell for one in figures(form) if one.cell.kind == "money" and speaks_of_whole(form, one.amount, rules)
    ]
    tiny = [cell for cell in spoken if _in_few_yuan(cell)]
    if len(tiny) > 1 and len(tiny) == len([cell for cell in spoken if cell.value > 0]):
        shown = "、".join(f"{cell.name}{cell.shown}" for cell in tiny)
        found.append(
            remark(
                f"正文{shown}，作为项目资金过小，疑似漏写“万”。", tuple(cell.ref for cell in tiny), shown, "以万元计"
            )
        )
    yield from judged(found, len(totals) + len(spoken), "金额没有过小的", "没有读到项目资金总额")


def _in_few_yuan(cell: Printed) -> bool:
    return is_yuan(cell.unit_raw) and 0 < cell.value < _SMALL_YUAN

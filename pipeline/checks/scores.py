"""Checks of points, scores and grades (分值、得分与等次的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from pipeline.checks.config import Rules
from pipeline.checks.missing import Shortfall, shortfall
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, plain, row_name
from pipeline.checks.relation import HUNDRED, ZERO, Relation, Term, expected
from pipeline.checks.relations import (
    bound_relations,
    execution_score_relations,
    intervals_of,
    level_relations,
    points_left_out,
    points_relations,
    score_relations,
    scored_funding,
)
from schemas.intervals import Interval
from schemas.lexicon import normalise
from schemas.records import FundingRow, Severity, Subject

_HALF, _CENT = Decimal("0.5"), Decimal("0.01")
_ROUNDED = Decimal("0.06")
"""How far a printed execution score may be from rate × points: rounding of rate and score together."""
_USUAL = (Decimal(10), Decimal(20))
"""Points that forms give to the execution of the budget."""


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
    if not made:
        yield not_checkable("没有同时读到分值、执行率与得分的行，执行率得分无法核对。")


def _execution_finding(form: Form, row: FundingRow, relation: Relation, rules: Rules) -> Finding:
    score = form.cells[relation.total]
    points, rate = (form.cells[term.cell] for term in relation.options[0])
    wanted = expected(relation, relation.options[0], intervals_of(form.cells))
    assert wanted is not None
    right = min(points.value, points.value * rate.value / HUNDRED)
    name = f"“{row_name(row.label)}”的得分"
    way = f"分值{points.shown}×执行率{rate.shown}"
    if score.interval.meets(wanted):
        return consistent(f"{name}填列{score.shown}，与{way}相符。", relation.cells, score.shown, (relation,))
    computed = _computed_rate(form, row)
    if computed is not None:
        by_amounts = min(points.value, points.value * computed / HUNDRED)
        if abs(score.value - by_amounts) <= (score.interval.high - score.interval.low) / 2 + Decimal("0.001"):
            return consistent(
                f"{name}填列{score.shown}，与按金额复算的执行率{plain(computed.quantize(_CENT))}%相符"
                f"（填列的执行率{rate.shown}与金额不符，见执行率核对）。",
                relation.cells,
                score.shown,
                (relation,),
            )
    severity, remark = _scoring_rule(score, points, rate, right, rules)
    difference = score.value - right
    return Finding(
        "inconsistent",
        f"{name}经复算为{_points(right)}（{way}），填列{score.shown}，差异{_points(abs(difference))}{remark}。",
        relation.cells,
        reported=score.shown,
        expected=_points(right),
        difference=difference,
        tolerance=(score.interval.high - score.interval.low) / 2 + (wanted.high - wanted.low) / 2,
        unit="分",
        severity=severity,
        relations=(relation,),
    )


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


def _points(value: Decimal) -> str:
    return f"{plain(value.quantize(Decimal('0.01')))}分"


@check(
    "points_total",
    "分值合计",
    "财预〔2020〕10号附件：预算执行与各指标分值合计为总分值（通常100分）",
    "error",
    agrees="分值合计",
)
def points_total(form: Form, rules: Rules) -> Iterator[Finding]:
    made = False
    for relation in points_relations(form):
        made = True
        yield _total_finding(form, relation, "points", shortfall(form, rules))
    if not made:
        yield from _points_without_total(form, rules)


def _points_without_total(form: Form, rules: Rules) -> Iterator[Finding]:
    """No stated total: only more than the usual total is odd."""
    cells = [cell for cell in form.cells.values() if cell.ref.column == "points"]
    added = sum((cell.value for cell in cells if cell.ref.table == "indicators"), ZERO)
    if not added:
        yield not_checkable("没有读到指标分值，分值合计无法核对。")
    elif added > rules.usual_total:
        yield Finding(
            "inconsistent",
            f"各指标分值合计{_points(added)}，超过通常的{_points(rules.usual_total)}，没有读到总分值可供核对。",
            tuple(cell.ref for cell in cells),
            reported=_points(added),
            expected=_points(rules.usual_total),
            difference=added - rules.usual_total,
            unit="分",
            severity="warning",
        )
    else:
        yield not_checkable(f"没有读到总分值，分值合计（各指标{_points(added)}）无法核对。")


@check(
    "score_total",
    "得分合计",
    "财预〔2020〕10号附件：自评总分＝预算执行得分＋各指标得分",
    "error",
    agrees="得分合计",
)
def score_total(form: Form, rules: Rules) -> Iterator[Finding]:
    made = False
    for relation in score_relations(form):
        made = True
        yield _total_finding(form, relation, "score", shortfall(form, rules))
    if not made:
        yield not_checkable("没有同时读到总得分与各指标得分，得分合计无法核对。")


_TITLE = {"points": "分值", "score": "得分"}


def _total_finding(form: Form, relation: Relation, column: str, lost: Shortfall) -> Finding:
    word = _TITLE[column]
    total, values = form.cells[relation.total], intervals_of(form.cells)
    option = min(relation.options, key=lambda terms: _distance(relation, terms, form))
    wanted = expected(relation, option, values)
    assert wanted is not None
    parts = [form.cells[term.cell] for term in option]
    execution = [part for part in parts if part.ref.table == "funding"]
    rows = [part for part in parts if part.ref.table == "indicators"]
    added = sum((part.value for part in parts), ZERO)
    detail = f"{len(rows)}项指标{_points(sum((part.value for part in rows), ZERO))}"
    if execution:
        detail = f"预算执行{'＋'.join(part.shown for part in execution)}＋{detail}"
    subjects = (relation.total, *(term.cell for term in option))
    head = f"总{word}经复算为{_points(added)}（{detail}），填列{total.shown}"
    if total.interval.meets(wanted):
        return consistent(f"{head}，相符。", subjects, total.shown, (relation,))
    difference = total.value - added
    if difference > 0 and lost.rows_missing:
        return not_checkable(
            f"{head}，少{_points(difference)}；{lost.reason}，{word}合计无法核对。", subjects, (relation,)
        )
    if difference > 0 and column == "points" and not execution and scored_funding(form, "score"):
        return not_checkable(f"{head}，预算执行的分值没有读到，{word}合计无法核对。", subjects, (relation,))
    if column == "score" and not execution and _is_unprinted_execution(form, difference):
        message = f"{head}，差异{_points(difference)}，与没有读到的预算执行得分相当。"
        return not_checkable(message, subjects, (relation,))
    twice = _listed_twice(form, relation)
    return Finding(
        "inconsistent",
        f"{head}，差异{_points(abs(difference))}{f'，“{twice}”一行填列了两次，去掉一次即相符' if twice else ''}。",
        subjects,
        reported=total.shown,
        expected=_points(added),
        difference=difference,
        tolerance=(wanted.high - wanted.low + total.interval.high - total.interval.low) / 2,
        unit="分",
        severity="warning" if twice else None,
        relations=(replace(relation, options=(option,)),),
    )


def _listed_twice(form: Form, relation: Relation) -> str:
    """The indicator that stands twice, the same in every column, where one of the two is just what is too much."""
    total = form.cells[relation.total].value
    surplus = {sum((form.cells[term.cell].value for term in option), ZERO) - total for option in relation.options}
    column = relation.options[0][-1].cell.column
    seen = set()
    for row in form.indicators:
        name = row.level3 or row.level2 or row.level1 or ""
        key = (name, row.target_raw, row.actual_raw, row.points, row.score)
        cell = form.cell("indicators", row.ordinal, column)
        if key in seen and cell is not None and cell.value in surplus:
            return name
        seen.add(key)
    return ""


def _is_unprinted_execution(form: Form, difference: Decimal) -> bool:
    """Whether the rest is what a form that prints no score for its execution rate gives it: 97.32% of 10 points."""
    rates = [row.execution_rate_pct for row in form.funding if row.role == "total" and row.execution_rate_pct]
    if difference <= 0 or any(row.score_raw for row in form.funding):
        return False
    return any(
        abs(points * min(rate, HUNDRED) / HUNDRED - difference) <= _ROUNDED for rate in rates for points in _USUAL
    )


def _distance(relation: Relation, option: tuple[Term, ...], form: Form) -> Decimal:
    wanted = expected(relation, option, intervals_of(form.cells))
    return form.cells[relation.total].interval.gap(wanted) if wanted else Decimal("Infinity")


@check(
    "level_points",
    "一级指标分值",
    "财预〔2020〕10号附件：一级指标所注分值为其下各指标分值之和",
    "error",
    cause="unless_explained",
    agrees="一级指标分值",
)
def level_points(form: Form, rules: Rules) -> Iterator[Finding]:
    """Where the differences cancel out, rows may only have been put under the wrong name: then it is a question."""
    found = list(level_relations(form))
    lost = shortfall(form, rules)
    differences = {relation.total: _level_difference(form, relation) for relation in found}
    cancel = sum(differences.values(), ZERO) == 0
    for relation in found:
        stated, difference = form.cells[relation.total], differences[relation.total]
        wanted = expected(relation, relation.options[0], intervals_of(form.cells))
        assert wanted is not None
        added = stated.value - difference
        count = len(relation.options[0])
        head = f"“{stated.row}”的分值经复算为{_points(added)}（其下{count}项指标合计），标注{_points(stated.value)}"
        if stated.interval.meets(wanted):
            yield consistent(f"{head}，相符。", relation.cells, _points(stated.value), (relation,))
        elif difference > 0 and lost.rows_missing:
            yield not_checkable(f"{head}；{lost.reason}，无法核对。", relation.cells, (relation,))
        else:
            cut = difference > 0 and _may_be_cut(form, relation)
            note = "，各一级指标合计相符，请核对指标的归属" if cancel else _CUT if cut else ""
            yield Finding(
                "inconsistent",
                f"{head}，差异{_points(abs(difference))}{note}。",
                relation.cells,
                reported=_points(stated.value),
                expected=_points(added),
                difference=difference,
                tolerance=(wanted.high - wanted.low) / 2,
                unit="分",
                severity="warning" if cancel or cut else None,
                relations=(relation,),
            )
    if not found:
        yield not_checkable("一级指标名称里没有标注分值，一级指标分值无法核对。")


_CUT = "，表中没有总分一行，其后可能缺行，请核对原文"


def _may_be_cut(form: Form, relation: Relation) -> bool:
    """Whether the rows under the last level-1 name may go on where the text ends: no total closes the table."""
    evaluation = form.evaluation
    closed = evaluation is not None and (evaluation.total_points is not None or evaluation.total_score is not None)
    return not closed and form.indicators[-1].ordinal in {cell.ordinal for cell in relation.cells}


def _level_difference(form: Form, relation: Relation) -> Decimal:
    parts = (form.cells[term.cell].value for term in relation.options[0])
    return form.cells[relation.total].value - sum(parts, ZERO)


@check(
    "incomplete_table",
    "指标表缺行",
    "各指标分值加预算执行分值应达到总分值；达不到而行有残缺，是原表缺行或未读全",
    "warning",
)
def incomplete_table(form: Form, rules: Rules) -> Iterator[Finding]:
    lost = shortfall(form, rules)
    if lost.stated is None:
        if form.indicators:
            yield not_checkable(f"{lost.reason or '没有读到总分值'}，指标表是否缺行无法核对。")
    elif lost.rows_missing:
        execution = "连同预算执行" if scored_funding(form, "points") else ""
        whole = "总分值填列" if lost.printed else "总分值没有读到，通常为"
        yield Finding(
            "inconsistent",
            f"{whole}{_points(lost.stated)}，读到的{len(form.indicators)}行指标{execution}分值合计"
            f"{_points(lost.found)}，少{_points(lost.stated - lost.found)}，疑似缺行（{lost.reason}），请核对原文。",
            lost.subjects,
            reported=_points(lost.stated),
            expected=_points(lost.found),
            difference=lost.stated - lost.found,
            unit="分",
        )
    else:
        yield consistent(f"指标分值合计{_points(lost.found)}，没有缺行的迹象。", lost.subjects)


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
            f"“{points.row}”得分{score.shown}超过分值{points.shown}，多{_points(score.value - points.value)}"
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


@check(
    "grade",
    "评价等次与得分",
    "财预〔2020〕10号：优90—100、良80—90、中60—80、差60分以下（各地另有规定的见 rules.toml）",
    "error",
    agrees="等次与得分",
)
def grade(form: Form, rules: Rules) -> Iterator[Finding]:
    """Outside every known band of the grade: error. Inside, but not the region's band: warning, cut-offs differ."""
    evaluation = form.evaluation
    if evaluation is None:
        return
    score = form.cell("evaluations", evaluation.ordinal, "total_score")
    if not evaluation.grade or score is None:
        missing = "评价等次" if not evaluation.grade else "总得分"
        yield not_checkable(f"没有读到{missing}，等次与得分无法核对。")
        return
    index = grade_index(evaluation.grade, rules)
    if index is None:
        yield not_checkable(f"评价等次“{evaluation.grade}”不在词表里，等次与得分无法核对。", (score.ref,))
        return
    points = form.cell("evaluations", evaluation.ordinal, "total_points")
    full = points.value if points and points.value > 0 else rules.usual_total
    share = score.interval.scale(HUNDRED / full)
    starts = rules.grade_starts(evaluation.region)
    relations = (_grade_relation(evaluation.ordinal, score, points, starts),)
    upper = starts[index - 1] if index else None
    if share.high >= starts[index] and (upper is None or share.low <= upper):
        message = f"总得分{score.shown}，评价等次“{evaluation.grade}”，相符。"
        yield consistent(message, (score.ref,), evaluation.grade, relations)
        return
    percent = score.value * HUNDRED / full
    right = next(i for i, start in enumerate(starts) if percent >= start or i == len(starts) - 1)
    band = rules.grades[index]
    possible = share.high >= band.low and share.low <= band.high
    yield Finding(
        "inconsistent",
        f"总得分{score.shown}，评价等次填列“{evaluation.grade}”，按{_band(starts, right)}为“{rules.grades[right].zh}”的"
        f"标准应为“{rules.grades[right].zh}”，{'请核对当地等次标准' if possible else '已知的各地标准均不至于此'}。",
        (Subject("evaluations", evaluation.ordinal, "grade"), score.ref),
        reported=f"{evaluation.grade}（{score.shown}）",
        expected=rules.grades[right].zh,
        severity="warning" if possible else None,
        relations=relations,
    )


def _band(starts: tuple[Decimal, ...], index: int) -> str:
    """The scores of a grade in words: 80分（含）至90分."""
    if index == 0:
        return f"{plain(starts[0])}分（含）以上"
    upper = f"{plain(starts[index - 1])}分"
    return f"不足{upper}" if starts[index] == ZERO else f"{plain(starts[index])}分（含）至{upper}"


def _grade_relation(ordinal: int, score: Printed, points: Printed | None, starts: tuple[Decimal, ...]) -> Relation:
    option = (Term(score.ref), *((Term(points.ref),) if points else ()))
    return Relation("grade", Subject("evaluations", ordinal, "grade"), (option,), bounds=starts)


def grade_index(printed: str, rules: Rules) -> int | None:
    """Which grade a printed word is; the longest word found in it decides (不合格 before 合格)."""
    text = normalise(printed)
    found = [(len(word), i) for i, entry in enumerate(rules.grades) for word in entry.words if word in text]
    return max(found)[1] if found else None

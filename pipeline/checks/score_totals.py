"""Checks of the totals of points and scores, of the whole and of a level-1 name (分值与得分合计的核对)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.missing import EXECUTION_POINTS, Shortfall, shortfall
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed
from pipeline.checks.relation import Relation, Term, expected
from pipeline.checks.relations import (
    intervals_of,
    level_relations,
    points_relations,
    score_relations,
    scored_funding,
)
from pipeline.checks.repeated import counted_twice, repeated_rows
from pipeline.checks.sums import interval_sum
from pipeline.checks.written import points_text
from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.records import Indicator

_ROUNDED = Decimal("0.06")
"""How far a printed execution score may be from rate × points: rounding of rate and score together."""


@check(
    "points_total",
    "分值合计",
    "财预〔2020〕10号附件：预算执行与各指标分值合计为总分值（通常100分）",
    "error",
    agrees="分值合计",
)
def points_total(form: Form, rules: Rules) -> Iterator[Finding]:
    found = _total_findings(form, points_relations(form), "points", rules)
    yield from found or _points_without_total(form, rules)


def _points_without_total(form: Form, rules: Rules) -> Iterator[Finding]:
    """No stated total: only more than the usual total is odd."""
    cells = [cell for cell in form.cells.values() if cell.ref.column == "points"]
    added = sum((cell.value for cell in cells if cell.ref.table == "indicators"), ZERO)
    if not added:
        yield not_checkable("没有读到指标分值，分值合计无法核对。")
    elif added > rules.usual_total:
        yield Finding(
            "inconsistent",
            f"各指标分值合计{points_text(added)}，超过通常的{points_text(rules.usual_total)}，没有读到总分值可供核对。",
            tuple(cell.ref for cell in cells),
            reported=points_text(added),
            expected=points_text(rules.usual_total),
            difference=added - rules.usual_total,
            unit="分",
            severity="warning",
        )
    else:
        yield not_checkable(f"没有读到总分值，分值合计（各指标{points_text(added)}）无法核对。")


@check(
    "score_total",
    "得分合计",
    "财预〔2020〕10号附件：自评总分＝预算执行得分＋各指标得分",
    "error",
    cause="unless_explained",
    agrees="得分合计",
)
def score_total(form: Form, rules: Rules) -> Iterator[Finding]:
    found = _total_findings(form, score_relations(form), "score", rules)
    yield from found or [not_checkable("没有同时读到总得分与各指标得分，得分合计无法核对。")]


_TITLE = {"points": "分值", "score": "得分"}


def _total_findings(form: Form, relations: Iterable[Relation], column: str, rules: Rules) -> list[Finding]:
    lost = shortfall(form, rules)
    return [_total_finding(form, relation, column, lost) for relation in relations]


def _total_finding(form: Form, relation: Relation, column: str, lost: Shortfall) -> Finding:
    word = _TITLE[column]
    total, values = form.cells[relation.total], intervals_of(form.cells)
    nearest = min(relation.options, key=lambda terms: _distance(relation, terms, form))
    fits = not _distance(relation, nearest, form)
    option = nearest if fits else counted_twice(form, relation) or nearest
    wanted = expected(relation, option, values)
    assert wanted is not None
    parts = [form.cells[term.cell] for term in option]
    execution = [part for part in parts if part.ref.table == "funding"]
    rows = [part for part in parts if part.ref.table == "indicators"]
    added = sum((part.value for part in parts), ZERO)
    detail = f"{len(rows)}项指标{points_text(sum((part.value for part in rows), ZERO))}"
    if execution:
        detail = f"预算执行{'＋'.join(part.shown for part in execution)}＋{detail}"
    subjects = (relation.total, *(term.cell for term in option))
    head = f"总{word}经复算为{points_text(added)}（{detail}），填列{total.shown}"
    difference = total.value - added
    only = replace(relation, options=(option,))
    as_printed = total.interval.meets(_as_printed(parts))
    if as_printed or (total.interval.meets(wanted) and not execution):
        agrees = "取整后相符" if difference and total.value == total.value.to_integral_value() else "相符"
        return consistent(f"{head}，{agrees}。", subjects, total.shown, (relation,))
    if total.interval.meets(wanted):
        return _contradicts(only, head, total, wanted, difference, "，预算执行得分按取整前的数才相符")
    if difference > 0 and lost.rows_missing:
        return not_checkable(
            f"{head}，少{points_text(difference)}；{lost.reason}，{word}合计无法核对。", subjects, (relation,)
        )
    if difference > 0 and column == "points" and not execution and scored_funding(form, "score"):
        return not_checkable(f"{head}，预算执行的分值没有读到，{word}合计无法核对。", subjects, (relation,))
    if column == "score" and not execution and _is_unprinted_execution(form, difference):
        message = f"{head}，差异{points_text(difference)}，与没有读到的预算执行得分相当。"
        return not_checkable(message, subjects, (relation,))
    doubt = repeated_rows(form, relation) or (_not_scored(form, difference) if column == "score" else "")
    return _contradicts(only, head, total, wanted, difference, doubt)


def _contradicts(
    relation: Relation, head: str, total: Printed, wanted: Interval, difference: Decimal, doubt: str
) -> Finding:
    """A total beside the only way to add up that `relation` has; less than an error where there is a doubt to tell."""
    return Finding(
        "inconsistent",
        f"{head}，差异{points_text(abs(difference))}{doubt}。",
        (relation.total, *(term.cell for term in relation.options[0])),
        reported=total.shown,
        expected=points_text(total.value - difference),
        difference=difference,
        tolerance=(wanted.high - wanted.low + total.interval.high - total.interval.low) / 2,
        unit="分",
        severity="warning" if doubt else None,
        relations=(relation,),
    )


def _as_printed(parts: Sequence[Printed]) -> Interval:
    """What scores add up to where one printed as a whole number is just that: 9 is no 8.6."""
    whole = [cell for cell in parts if cell.value == cell.value.to_integral_value()]
    exact = [replace(cell, interval=Interval(cell.value, cell.value)) for cell in whole]
    return interval_sum([*exact, *(cell for cell in parts if cell not in whole)])


def _not_scored(form: Form, difference: Decimal) -> str:
    """A remark where indicators without a score may have what is short: of their points, or of points not printed."""
    rows = [row for row in form.indicators if row.score is None and (row.points is not None or row.actual_raw)]
    worth = sum((row.points for row in rows if row.points is not None), ZERO)
    unprinted = all(row.points is None for row in form.indicators)
    may_have_it = difference > 0 and (difference <= worth or unprinted)
    return f"，有{len(rows)}行没有得分" if rows and may_have_it else ""


def _is_unprinted_execution(form: Form, difference: Decimal) -> bool:
    """Whether the rest is what a form that prints no score for its execution rate gives it: 97.32% of 10 points."""
    whole = [row for row in form.funding if row.role == "total"] or form.funding
    rates = [row.execution_rate_pct for row in whole if row.execution_rate_pct]
    if difference <= 0 or any(row.score is not None for row in form.funding):
        return False
    return any(
        abs(points * min(rate, HUNDRED) / HUNDRED - difference) <= _ROUNDED
        for rate in rates
        for points in EXECUTION_POINTS
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
    strayed = sum((row.points for row in form.indicators if row.level1_points is None and row.points), ZERO)
    for relation in found:
        stated, difference = form.cells[relation.total], differences[relation.total]
        wanted = expected(relation, relation.options[0], intervals_of(form.cells))
        assert wanted is not None
        added = stated.value - difference
        count = len(relation.options[0])
        head = (
            f"“{stated.row}”的分值经复算为{points_text(added)}（其下{count}项指标合计），"
            f"标注{points_text(stated.value)}"
        )
        if stated.interval.meets(wanted):
            yield consistent(f"{head}，相符。", relation.cells, points_text(stated.value), (relation,))
        elif difference > 0 and lost.rows_missing:
            yield not_checkable(f"{head}；{lost.reason}，无法核对。", relation.cells, (relation,))
        else:
            cut = difference > 0 and _may_be_cut(form, relation)
            torn = f"；{lost.reason}，请核对指标的归属" if lost.rows_missing else repeated_rows(form, relation)
            nameless = _NAMELESS if _next_name_lost(form, relation) else torn
            elsewhere = cancel or ZERO < difference == strayed
            note = _ELSEWHERE if elsewhere else _CUT if cut else nameless
            yield Finding(
                "inconsistent",
                f"{head}，差异{points_text(abs(difference))}{note}。",
                relation.cells,
                reported=points_text(stated.value),
                expected=points_text(added),
                difference=difference,
                tolerance=(wanted.high - wanted.low) / 2,
                unit="分",
                severity="warning" if note else None,
                relations=(relation,),
            )
    if not found:
        yield not_checkable("一级指标名称里没有标注分值，一级指标分值无法核对。")


_CUT = "，表中没有总分一行，其后可能缺行，请核对原文"
_ELSEWHERE = "，与其他一级指标下的差额相抵，请核对指标的归属"
_NAMELESS = "，后几项属于另一方面，疑似另有一级指标而名称缺失，请核对原文"


_OF_OUTPUT = ("output", "cost")
"""Categories that stand under one level-1 name; costs may stand under one of their own."""


def _next_name_lost(form: Form, relation: Relation) -> bool:
    """Whether the first rows under a name make its points, and the others are of another dimension: theirs is lost."""
    points = {term.cell.ordinal: form.cells[term.cell].value for term in relation.options[0]}
    left = form.cells[relation.total].value
    before: set[str] = set()
    after: set[str] = set()
    for row in form.indicators:
        if row.ordinal in points:
            (before if left > 0 else after).add(_dimension(row))
            left -= points[row.ordinal] if left > 0 else ZERO
    return left == 0 and bool(after) and not before & after


def _dimension(row: Indicator) -> str:
    family = (row.category or "").partition(".")[0]
    return _OF_OUTPUT[0] if family in _OF_OUTPUT else family


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
    elif lost.rows_missing and lost.execution_unread:
        yield not_checkable(
            f"指标分值合计{points_text(lost.found)}，所差{lost.reason}，是否缺行无法核对。", lost.subjects
        )
    elif lost.rows_missing:
        execution = "连同预算执行" if scored_funding(form, "points") else ""
        whole = "总分值填列" if lost.printed else "总分值没有读到，通常为"
        yield Finding(
            "inconsistent",
            f"{whole}{points_text(lost.stated)}，读到的{len(form.indicators)}行指标{execution}分值合计"
            f"{points_text(lost.found)}，少{points_text(lost.stated - lost.found)}，"
            f"疑似缺行（{lost.reason}），请核对原文。",
            lost.subjects,
            reported=points_text(lost.stated),
            expected=points_text(lost.found),
            difference=lost.stated - lost.found,
            unit="分",
        )
    else:
        yield consistent(f"指标分值合计{points_text(lost.found)}，没有缺行的迹象。", lost.subjects)

"""Checks of sentences on last year, on a plan, and on points that make a score (正文中的增减、计划与得分)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import POINTS_OF_PERCENT, Printed, plain
from pipeline.checks.prose_figures import (
    BASES,
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    are_alike,
    own_label,
    sentence_before,
    sentences,
    text_before,
    told_in_paragraph,
)
from pipeline.checks.prose_moves import in_brackets, is_difference, moves, way_of, widened
from pipeline.checks.prose_rates import less_sure, named, rate_finding
from pipeline.checks.sums import rounding
from pipeline.checks.written import points_text
from schemas.decimals import CENT, HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.judgement import judgement

FEWEST_PARTS = 3
SENTENCES_BACK = 2
"""How many sentences before a change of its own sentence may tell the amount that changed."""


@check(
    "prose_change",
    "正文中的增减幅度",
    "同一句中：比上年增加（减少）的数额÷上年数额＝增长（下降）的幅度；由甲增加（下降）到乙，方向、相差的数与幅度",
    "warning",
)
def prose_change(form: Form, rules: Rules) -> Iterator[Finding]:
    """租赁费62.7万元，比上年减少5.8万元，下降8.47%: of last year's 68.5, told one after another in a sentence.

    Where the rate is that of an amount told before, that one is meant: 支出720万元，其中基本支出600万元，比上年增加….
    """
    changes = list(_changes(form))
    moved = [move for group in sentences(form) for move in moves(group)]
    moved += [move for group in sentences(form) for move in in_brackets(group)]
    odd = [_change(before[-1], moved, rate) for before, moved, rate in changes if not _fits(before, moved, rate)]
    yield from judged(
        (*odd, *(finding for move in moved for finding in move.findings())),
        len(changes) + len(moved),
        "增减的数额与幅度相符",
        "没有同时说到数额、比上年增减的数额与幅度的句子",
    )


def _changes(form: Form) -> Iterator[tuple[list[ProseFigure], ProseFigure, ProseFigure]]:
    """What moved against last year with its rate, and the amounts it may be about, nearest last."""
    told = sentences(form)
    for place, group in enumerate(told):
        told_twice = {one for move in moves(group) for one in (move.moved, move.before)}
        for at, (now, moved, rate) in enumerate(zip(group, group[1:], group[2:], strict=False)):
            alike = _may_have_moved(group[: at + 1], moved)
            if now in alike and moved not in told_twice and _is_change(moved, rate):
                yield alike, moved, rate
        if len(group) > 1 and _is_named_change(*group[:2]):
            named_before = _of_the_name(told[:place], group[0])
            if len({one.cell.value for one in named_before}) == 1:
                yield named_before, group[0], group[1]
        if len(group) > 1 and _is_change(*group[:2]):
            before = told[max(0, place - SENTENCES_BACK) : place]
            alike = [one for one in _may_have_moved(told_in_paragraph(before, group), group[0]) if not _is_planned(one)]
            totals = [one for one in alike if _is_total_of_year(one)]
            if len({one.cell.value for one in totals}) == 1:
                yield [*alike, totals[0]], group[0], group[1]


def _is_named_change(moved: ProseFigure, rate: ProseFigure) -> bool:
    """与上年相比，培训补贴支出增加164万元，增长10.5%: what moved is named with the change."""
    against = any(word in (moved.amount.context or "") for word in judgement().last_year)
    return against and bool(_name_of_moved(moved)) and _is_rate_of_change(rate)


def _name_of_moved(moved: ProseFigure) -> str:
    """The name in front of the verb, 培训补贴 of 培训补贴支出增加; "" where none stands there."""
    name = own_label(moved)
    verb = next((word for word in (*judgement().rises, *judgement().falls) if name.endswith(word)), "")
    if not verb or judgement().is_against_last_year(name):
        return ""
    return judgement().bare_name(name.removesuffix(verb))


def _of_the_name(before: list[list[ProseFigure]], moved: ProseFigure) -> list[ProseFigure]:
    """The amounts of that name in the sentences before."""
    said = [one for group in before[-SENTENCES_BEFORE:] for one in group]
    return [one for one in _may_have_moved(said, moved) if own_label(one).endswith(_name_of_moved(moved))]


def _may_have_moved(said: Said, moved: ProseFigure) -> list[ProseFigure]:
    return [one for one in said if are_alike(one, moved) and _last_year(one, moved) > 0]


def _is_planned(one: ProseFigure) -> bool:
    return one.amount.measure in BASES and one.amount.measure != "income"


def _is_total_of_year(one: ProseFigure) -> bool:
    """Whether an amount is all that came in or was spent, of what the paragraph speaks of."""
    return one.amount.measure in ("income", "executed") and one.amount.role in (None, "total")


def _is_change(moved: ProseFigure, rate: ProseFigure) -> bool:
    against = _direction(moved) != 0 and judgement().is_against_last_year(own_label(moved))
    return against and moved.cell.kind != "percent" and _is_rate_of_change(rate)


def _is_rate_of_change(rate: ProseFigure) -> bool:
    return rate.amount.measure == "change" and rate.cell.kind == "percent"


def _last_year(now: ProseFigure, moved: ProseFigure) -> Decimal:
    return now.cell.value - _direction(moved) * moved.cell.value


def _direction(moved: ProseFigure) -> int:
    """Whether something is said to have risen (1) or fallen (-1); 0 where it is not said to have moved."""
    rose = moved.amount.measure == "increased" or own_label(moved).endswith(judgement().rises)
    fell = moved.amount.measure == "reduced" or own_label(moved).endswith(judgement().falls)
    return int(rose) - int(fell)


def _rate_of(now: ProseFigure, moved: ProseFigure) -> Interval | None:
    """The rates that this year's amount and the change allow."""
    fell = _direction(moved) < 0
    before = now.cell.interval + moved.cell.interval if fell else now.cell.interval - moved.cell.interval
    share = moved.cell.interval.ratio(before)
    return None if share is None else share.scale(HUNDRED)


def _fits(before: list[ProseFigure], moved: ProseFigure, rate: ProseFigure) -> bool:
    """Whether the rate is that of one of the amounts, its last digit cut off or taken from finer amounts."""
    wanted = [_rate_of(now, moved) for now in before]
    return any(one is None or widened(rate).meets(one) for one in wanted)


def _change(now: ProseFigure, moved: ProseFigure, rate: ProseFigure) -> Finding:
    last_year = _last_year(now, moved)
    wanted = _rate_of(now, moved)
    right = moved.cell.value * HUNDRED / last_year
    computed = f"{plain(right.quantize(CENT))}%"
    return Finding(
        "inconsistent",
        f"{named(now).name}{now.cell.shown}，{own_label(moved)}{moved.cell.shown}，{own_label(rate) or '变动'}的幅度"
        f"经复算为{computed}（{moved.cell.shown}÷上年{plain(last_year)}{now.cell.unit}），写为{rate.cell.shown}，"
        f"差异{plain(abs(rate.cell.value - right).quantize(CENT))}个百分点。",
        (rate.cell.ref, now.cell.ref, moved.cell.ref),
        reported=rate.cell.shown,
        expected=computed,
        difference=rate.cell.value - right,
        tolerance=rounding(rate.cell.interval, wanted) if wanted else None,
        unit=POINTS_OF_PERCENT,
    )


@check(
    "plan_rate",
    "正文中完成计划的比率",
    "同一句中：实际完成数÷计划数＝完成计划的比率",
    "warning",
    agrees="比率",
)
def plan_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    """计划修补3.2万平方米，实际修补3.36万平方米，完成计划的105%: what was planned and what was done stand before.

    The plan may follow at once, in brackets; what was done may be the only count of the sentence before. 超额5% is of
    what was done beyond the plan.
    """
    groups = sentences(form)
    rates = [found for at, group in enumerate(groups) for found in _rates_of_plans(group, groups[:at])]
    yield from judged(
        (finding for finding in rates if finding.outcome == "inconsistent"),
        len(rates),
        "完成计划的比率与计划数、完成数相符",
        "没有同时说到计划数、完成数与完成比率的句子",
    )


def _rates_of_plans(group: Said, before: Sequence[Said]) -> Iterator[Finding]:
    for at, rate in enumerate(group):
        if not _is_plan_rate(rate):
            continue
        planned = _planned(group, at)
        done = _done(group[:at], planned, before) if planned is not None else None
        if planned is None or done is None:
            yield from _of_implied_plan(rate, group[:at])
            continue
        planned = _as_set(planned)
        cell = replace(rate.cell, title=_rate_title(rate))
        if own_label(rate).endswith(judgement().beyond_plan):
            finding = rate_finding(cell, _beyond(done, planned), [_plan(planned)])
            yield replace(less_sure(finding), relations=())  # of a difference, which is no cell
        else:
            yield less_sure(rate_finding(cell, named(done), [_plan(planned)]))


def _of_implied_plan(rate: ProseFigure, before: Said) -> Iterator[Finding]:
    """新增参数273项，比计划多13项，完成率105%: of the 260 that were planned."""
    if len(before) < FEWEST_PARTS - 1 or own_label(rate).endswith(judgement().beyond_plan):
        return
    done, apart = before[-2:]
    way = way_of(apart)
    told = any(word in own_label(apart) for word in judgement().plans)
    if not way or not told or not are_alike(done, apart) or done.amount.part_of is not None:
        return
    value = done.cell.value - way * apart.cell.value
    if value > 0:
        plan = replace(done.cell, value=value, interval=Interval(value, value), raw=None, title="计划数")
        finding = rate_finding(replace(rate.cell, title=_rate_title(rate)), named(done), [plan])
        yield replace(less_sure(finding), relations=())  # of a plan that is no cell


def _as_set(planned: ProseFigure) -> ProseFigure:
    """A plan as somebody set it: 4万吨 is that, and nothing rounded."""
    value = planned.cell.value
    return replace(planned, cell=replace(planned.cell, interval=Interval(value, value)))


def _plan(planned: ProseFigure) -> Printed:
    """The plan by its name, without the word that compares with it: 计划 of 比计划1200公里."""
    against = judgement().compared_with(own_label(planned))
    return replace(planned.cell, title=f"“{against}”") if against else named(planned)


def _rate_title(rate: ProseFigure) -> str:
    name = own_label(rate)
    return f"“{name}”" if name.endswith(judgement().rate_endings) else f"“{name}”的比率"


def _beyond(done: ProseFigure, planned: ProseFigure) -> Printed:
    """What was done beyond the plan."""
    value = done.cell.value - planned.cell.value
    interval = done.cell.interval - planned.cell.interval
    return replace(done.cell, value=value, interval=interval, raw=None, title="超出计划的数")


def _is_plan_rate(rate: ProseFigure) -> bool:
    told = own_label(rate).endswith((*judgement().plan_rates, *judgement().beyond_plan))
    return rate.cell.kind == "percent" and told


def _is_called_plan(one: ProseFigure) -> bool:
    words = judgement()
    is_apart = text_before(one.amount).endswith((*words.more, *words.less))  # 比计划多13项
    told = not is_apart and not own_label(one).startswith(words.not_plans)
    return one.cell.kind != "percent" and told and any(word in own_label(one) for word in words.plans)


def _planned(group: Said, at: int) -> ProseFigure | None:
    """The plan nearest before a rate, else the one at once behind it; other rates part what belongs to which."""
    for one in reversed(group[:at]):
        if _is_called_plan(one):
            return one
        if _is_plan_rate(one):
            break
    return next((one for one in group[at + 1 : at + 2] if _is_called_plan(one)), None)


def _done(said: Said, planned: ProseFigure, before: Sequence[Said]) -> ProseFigure | None:
    """What was done of a plan: the nearest figure of its unit before the rate, no plan, part or change itself."""
    own = [one for one in said if one is not planned and _may_be_done(one, planned)]
    if own:
        return own[-1]
    earlier = sentence_before(before, said or [planned])
    told = [one for one in earlier if _may_be_done(one, planned)]
    return told[0] if len(told) == 1 else None


def _may_be_done(one: ProseFigure, planned: ProseFigure) -> bool:
    is_part = one.amount.role == "part" and planned.amount.part_of != one.amount.part_of
    loose = one.amount.unit in judgement().loose_units and one.amount.unit_raw != planned.amount.unit_raw
    return are_alike(one, planned) and not (loose or is_part or _is_called_plan(one) or is_difference(one))


@check(
    "prose_score",
    "正文中的总分与各项得分",
    "同一句中：各项得分之和＝总分",
    "warning",
)
def prose_score(form: Form, rules: Rules) -> Iterator[Finding]:
    """决策18分，过程21.5分，产出29分，效益26.5分，总分95分; a list that may lack a part is not judged.

    The list may be the sentence before, each score behind its full points: 项目决策15分，自评得分15分；….
    """
    told = sentences(form)
    lists = [found for at, group in enumerate(told) if (found := _scores(group) or _scores_beside(told[:at], group))]
    yield from judged(
        (finding for total, parts in lists for finding in _short(total, parts, rules)),
        len(lists),
        "各项得分之和与总分相符",
        "没有同时说到总分与各项得分的句子",
    )


def _scores(group: Said) -> tuple[ProseFigure, list[ProseFigure]] | None:
    """The one total of a sentence and what it is made of: the scores, or, where none are called so, all points."""
    points = [one for one in group if one.amount.unit == "point"]
    totals = [one for one in points if own_label(one).endswith(judgement().total_scores)]
    others = [one for one in points if one not in totals]
    parts = [one for one in others if one.amount.measure == "score"] or others
    return (totals[0], parts) if len(totals) == 1 and len(parts) >= FEWEST_PARTS else None


def _scores_beside(before: list[list[ProseFigure]], group: Said) -> tuple[ProseFigure, list[ProseFigure]] | None:
    """A total alone in its sentence with the scores listed in the sentence before it, or the one behind it."""
    beside = sentence_before(before, group)
    if not beside:
        return None
    for total, listed in ((group, beside), (beside, group)):
        points = [one for one in total if one.amount.unit == "point"]
        scores = _listed_scores(listed)
        if len(points) == 1 and own_label(points[0]).endswith(judgement().total_scores) and len(scores) >= FEWEST_PARTS:
            return points[0], scores
    return None


def _listed_scores(listed: Said) -> list[ProseFigure]:
    """Scores, each behind the full points of what it is a score of: 项目决策15分，自评得分15分；…."""
    return [
        replace(score, amount=replace(score.amount, label=own_label(full)))
        for full, score in pairwise(listed)
        if (full.amount.measure, score.amount.measure) == ("points", "score") and score.cell.value <= full.cell.value
    ]


def _short(total: ProseFigure, parts: list[ProseFigure], rules: Rules) -> Iterator[Finding]:
    """A difference smaller than half of any part is no part that was left out."""
    added = sum((one.cell.value for one in parts), ZERO)
    difference = total.cell.value - added
    smallest = min(one.cell.value for one in parts)
    decided = rules.exact_multiple  # points that somebody decided are exact
    rough = [one.cell.interval for one in (total, *parts) if one.cell.value % decided]
    slack = sum(((one.high - one.low) / 2 for one in rough), ZERO)
    if abs(difference) <= slack or 2 * abs(difference) >= smallest:
        return
    detail = "＋".join(f"{own_label(one)}{one.cell.shown}" for one in parts)
    yield Finding(
        "inconsistent",
        f"正文中{named(total).name}经复算为{points_text(added)}（{detail}），写为{total.cell.shown}，"
        f"差异{points_text(abs(difference))}。",
        (total.cell.ref, *(one.cell.ref for one in parts)),
        reported=total.cell.shown,
        expected=points_text(added),
        difference=difference,
        unit="分",
    )

"""Checks of what sentences say was there, spent and left (正文中的收支与结余)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TypeVar

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, not_checkable
from pipeline.checks.printed import Printed, plain
from pipeline.checks.prose_figures import (
    BASES,
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    as_adjusted,
    available_before,
    called_total,
    figures,
    is_all_there_is,
    of_other_years,
    own_label,
    same_paragraph,
    sentences,
    spent,
    whole_money,
)
from pipeline.checks.sums import share_of, sum_finding, swapped
from schemas.decimals import HUNDRED
from schemas.judgement import judgement

Way = TypeVar("Way")
_TELLING_DIGITS = 3
_PLANNED = frozenset(("initial_budget", "annual_budget", "allocated"))


@check(
    "prose_balance",
    "正文中的收支与结余",
    "同一句中：预算（安排、到位、收入）＝支出＋结余；年初预算＋追加－调减＝全年预算；支出不超过到位；资产＝负债＋净资产",
    "warning",
    agrees="收支结余",
)
def prose_balance(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where a sentence has one amount of each kind; several bases: one that fits is meant.

    What was available may stand in a sentence before.
    """
    made = False
    told = sentences(form)
    for at, group in enumerate(told):
        before = told[:at]
        found = (
            _left_over(group, before),
            _handed_on(group, before),
            _adjusted(group),
            _paid_beyond(group),
            _saved(group),
            _owned(group),
            _all_there_is(group, before),
        )
        for finding in chain.from_iterable(found):
            made = True
            yield finding
    if not made and figures(form):
        yield not_checkable("正文没有同一句的预算、支出与结余，或年初预算与调整，无法核对。")


def _left_over(group: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """What was available = spent + left; with one amount brought in from before, that + income − spent = left."""
    whole = whole_money(group)
    rest = [one for one in whole if _is_rest(one)] or _handed_on_of_spent(whole)
    if len(rest) != 1 or _is_of_all_years(rest[0], group, before):
        return
    owed = any(word in rest[0].amount.label for word in judgement().owed)  # of a contract
    parts = [one.cell for one in spent(group if owed else whole) or _spent_in_sentence_before(group, before)]
    if len(parts) != 1:
        return
    taken = {parts[0].ref}
    measures = ("contract",) if owed else BASES
    bases = [one.cell for one in whole if one.amount.measure in measures and one.cell.ref not in taken]
    brought = [one for one in whole if _is_brought(one) and one.cell.ref not in taken]
    if brought:
        yield from _with_what_was_brought(brought, bases, parts[0], rest[0].cell)
    elif candidates := bases or _bases_told_before(group, parts[0], () if owed else before):
        candidates = [*candidates, *(one.cell for one in whole if one.amount.measure == "contract")]
        yield _nearest(
            candidates, lambda base: sum_finding(base, [parts[0], rest[0].cell], None, "支出与结余：", (), "写为")
        )
    elif not owed:
        yield from _but_for_a_slip(parts[0], rest[0].cell, before)


def _handed_on_of_spent(whole: Said) -> list[ProseFigure]:
    """全年实际支出2395.4万元，结转84.6万元: a bare 结转 right behind what was spent."""
    pairs = [(one, other) for one, other in pairwise(whole) if own_label(other) in judgement().bare_carryover]
    return [other for one, other in pairs if one in spent(whole)]


def _but_for_a_slip(paid: Printed, rest: Printed, before: Sequence[Said]) -> Iterator[Finding]:
    """Of several amounts told before, the one that two digits changed places would make agree."""
    bases = [one.cell for one in available_before(before, {paid.ref, rest.ref}) if one.cell.value > paid.value]
    if any(base.interval.meets(paid.interval + rest.interval) for base in bases):
        return
    slipped = [base for base in bases if swapped(base, [paid, rest], _TELLING_DIGITS)]
    if slipped:
        yield sum_finding(slipped[0], [paid, rest], None, "支出与结余：", (), "写为")


def _is_of_all_years(rest: ProseFigure, group: Said, before: Sequence[Said]) -> bool:
    """Whether what is left at the end of the year holds what other sentences say that the year began with."""
    told = [one for earlier in before[-SENTENCES_BEFORE:] for one in whole_money(earlier)]
    if any(is_all_there_is(one) for one in told):
        return False
    return any(map(_is_brought_in, told)) and _is_handed_on(rest) and not any(map(_is_brought_in, group))


def _spent_in_sentence_before(group: Said, before: Sequence[Said]) -> list[ProseFigure]:
    """What the nearest sentence before that tells spending, in the same paragraph, says was spent."""
    near = [one for one in reversed(before[-SENTENCES_BEFORE:]) if same_paragraph(one, group)]
    told = (called_total(one, spent(whole_money(one))) for one in near)
    return next(filter(None, told), [])


def _is_rest(one: ProseFigure) -> bool:
    """Whether an amount is what is left of the year's: its balance, or what it hands on (年末结转)."""
    handed_on = one.amount.measure == "carryover" and _is_handed_on(one)
    return handed_on or (one.amount.measure == "balance" and not of_other_years(one))


def _is_handed_on(one: ProseFigure) -> bool:
    return any(word in one.amount.label for word in judgement().handed_on)


def _is_brought_in(one: ProseFigure) -> bool:
    is_rest = one.amount.measure in ("carryover", "balance")
    return is_rest and any(word in one.amount.label for word in judgement().brought_in)


def _is_brought(one: ProseFigure) -> bool:
    """Whether an amount is one of another year that this one began with, or was to begin with."""
    return (one.amount.measure == "carryover" or of_other_years(one)) and not _is_rest(one)


def _with_what_was_brought(brought: Said, bases: Sequence[Printed], paid: Printed, rest: Printed) -> Iterator[Finding]:
    """年初结转32万元，收入468万元，支出471万元，年末结转29万元: only where each stands there once."""
    told = len(brought) == len(bases) == 1
    if told and _is_brought_in(brought[0]):
        yield sum_finding(rest, [brought[0].cell, bases[0], paid], None, "", {paid.ref}, "写为")


def _handed_on(group: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """年初结转和结余186万元，年末结转和结余453万元: with the one income and the one spending told in sentences before.

    What the year began with may stand in a sentence before, too. A total of income may hold what was brought in
    already; both ways are tried.
    """
    whole = whole_money(group)
    told = [one for earlier in before[-SENTENCES_BEFORE:] for one in whole_money(earlier)]
    left = [one.cell for one in whole if _is_handed_on(one)]
    begun = [one.cell for one in whole if _is_brought_in(one)]
    brought = begun or [one.cell for one in told if _is_brought_in(one)]
    if len(whole) != len(begun) + len(left) or len(brought) != 1 or len(left) != 1:
        return
    income = [one.cell for one in told if judgement().is_all_income(one.amount.label)]
    paid = [one.cell for one in told if judgement().is_all_spending(one.amount.label)]
    if len(income) == len(paid) == 1:
        ways = ([brought[0], income[0], paid[0]], [income[0], paid[0]])
        yield _nearest(ways, lambda parts: sum_finding(left[0], parts, None, "", {paid[0].ref}, "写为"))


def _bases_told_before(group: Said, paid: Printed, before: Sequence[Said]) -> list[Printed]:
    """What the sentences before say was available: all that fits a rate of this one, else the only one there is.

    An initial budget is that no more once the sentence tells the budget it became.
    """
    bases = [one.cell for one in as_adjusted(available_before(before, {paid.ref}))]
    rates = [one.cell for one in group if one.amount.measure == "execution_rate" and one.cell.kind == "percent"]
    if len(rates) == 1:
        shares = [(base, paid.interval.ratio(base.interval)) for base in bases]
        bases = [base for base, share in shares if share and rates[0].interval.meets(share.scale(HUNDRED))] or bases
    return bases if len({base.value for base in bases}) == 1 else []


def _paid_beyond(group: Said) -> Iterator[Finding]:
    """实际到位170万元，实际支出179.6万元: more than arrived, where nothing else of money is told with a source."""
    whole = whole_money(group)
    arrived = [one.cell for one in whole if one.amount.measure == "arrived"]
    paid = [one.cell for one in whole if one.amount.measure == "executed"]
    planned = {one.amount.measure for one in whole} - {"arrived", "executed"}
    if len(arrived) != 1 or len(paid) != 1 or not planned <= _PLANNED or any(of_other_years(one) for one in whole):
        return
    if paid[0].interval.low > arrived[0].interval.high:
        gap = paid[0].value - arrived[0].value
        head = f"{paid[0].name}{paid[0].shown}超过{arrived[0].name}{arrived[0].shown}"
        yield Finding(
            "inconsistent",
            f"{head}，差异{plain(gap)}{paid[0].unit}{share_of(gap, arrived[0])}。",
            (paid[0].ref, arrived[0].ref),
            reported=paid[0].shown,
            expected=f"不超过{arrived[0].shown}",
            difference=gap,
            unit=paid[0].unit,
        )


def _adjusted(group: Said) -> Iterator[Finding]:
    by_measure = {
        code: [one.cell for one in whole_money(group) if one.amount.measure == code]
        for code in ("initial_budget", "annual_budget", "increased", "reduced")
    }
    first, last = by_measure["initial_budget"], by_measure["annual_budget"]
    changes = [*by_measure["increased"], *by_measure["reduced"]]
    if len(first) == len(last) == 1 and changes:
        minus = {cell.ref for cell in by_measure["reduced"]}
        yield sum_finding(last[0], [*first, *changes], None, "", minus, "写为")


def _saved(group: Said) -> Iterator[Finding]:
    """采购预算120万元，采购金额114万元，节约资金6万元: where a sentence tells just these three."""
    whole = whole_money(group)
    saved = [one.cell for one in whole if one.amount.measure == "saved"]
    others = [one.cell for one in whole if one.amount.measure != "saved"]
    if len(saved) == 1 and len(others) == 2 and others[0].value > others[1].value:
        yield sum_finding(saved[0], others, None, "", {others[1].ref}, "写为")


def _all_there_is(group: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """下达2650万元。上年结转186万元，当年可用资金2836万元."""
    whole = whole_money(group)
    all_of_it = [one.cell for one in whole if is_all_there_is(one)]
    brought = [one.cell for one in whole if _is_brought_in(one)]
    near = [one for one in before[-1:] if same_paragraph(one, group)]
    given = [one for some in (*near, group) for one in whole_money(some) if one.amount.measure in BASES]
    given = [one for one in given if not is_all_there_is(one)]
    if len(all_of_it) == len(brought) == len(given) == 1:
        yield sum_finding(all_of_it[0], [given[0].cell, brought[0]], None, "", (), "写为")


def _owned(group: Said) -> Iterator[Finding]:
    """资产总额86.42亿元，负债总额12.36亿元，净资产74.06亿元: where a sentence tells each once."""
    words = judgement()
    money = [one for one in group if one.cell.kind == "money" and not of_other_years(one)]
    net = [one.cell for one in money if own_label(one).endswith(words.net_assets)]
    assets = [one.cell for one in money if own_label(one).endswith(words.assets) and one.cell not in net]
    debts = [one.cell for one in money if own_label(one).endswith(words.debts)]
    if len(assets) == len(debts) == len(net) == 1:
        yield sum_finding(assets[0], [debts[0], net[0]], None, "", (), "写为")


def _nearest(bases: Sequence[Way], judge: Callable[[Way], Finding]) -> Finding:
    found = [judge(base) for base in bases]
    return next((one for one in found if one.outcome == "consistent"), found[0])

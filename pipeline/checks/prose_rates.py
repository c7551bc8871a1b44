"""Checks of percentages in sentences: rates and shares against the figures they come from (正文中的比率)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import POINTS_OF_PERCENT, Printed, plain
from pipeline.checks.prose_and_form import speaks_of_whole
from pipeline.checks.prose_figures import (
    BASES,
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    are_alike,
    as_adjusted,
    available_before,
    bases_before,
    called_total,
    own_label,
    sentence_before,
    sentences,
    spent,
    whole_money,
    without_additions,
    words_before,
)
from pipeline.checks.prose_lists import rates_in_order
from pipeline.checks.relation import quotient_of
from pipeline.checks.sums import interval_sum, negative, rounding
from schemas.decimals import CENT, HUNDRED
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.records import Severity

_CHANGES = ("increased", "reduced")
_BUDGETS = ("initial_budget", "annual_budget")


def named(one: ProseFigure) -> Printed:
    """The figure under its own name, without that of the whole and without the word that makes it one."""
    name = own_label(one)
    for word in judgement().share_of:
        name = name.removeprefix(word)
    if name in judgement().total_words:
        return replace(one.cell, title="所写合计")
    return replace(one.cell, title=f"“{name}”" if name else "该项")


def rate_finding(rate: Printed, part: Printed, bases: list[Printed], verb: str = "写为") -> Finding:
    """A stated percentage beside the figures it comes from; with several possible bases a misfit is only odd.

    `verb` says how it stands there.
    """
    shares = [(base, share.scale(HUNDRED)) for base in bases if (share := part.interval.ratio(base.interval))]
    subjects = (rate.ref, part.ref, *(base.ref for base in bases))
    relations = (quotient_of(rate.ref, part.ref, [base.ref for base in bases]),)
    for base, wanted in shares:
        if rate.interval.meets(wanted):
            ways = f"{part.name}{part.shown}÷{base.name}{base.shown}"
            return consistent(f"{rate.name}{verb}{rate.shown}，与{ways}相符。", subjects, rate.shown, relations)
    if not shares:
        return not_checkable(f"{rate.name}{verb}{rate.shown}，基数为0，无法核对。", subjects)
    base, wanted = shares[0]
    right = part.value / base.value * HUNDRED
    computed = f"{plain(right.quantize(CENT))}%"
    difference = rate.value - right
    step = rate.interval.high - rate.interval.low
    truncated = any(wanted.meets(Interval(rate.value, rate.value + step)) for _, wanted in shares)
    severity: Severity | None = "warning" if truncated or len(shares) > 1 else None
    others = "".join(
        f"；以{other.name}{other.shown}为基数则为{plain((part.value / other.value * HUNDRED).quantize(CENT))}%"
        for other in {one.value: one for one, _ in shares[1:] if one.value != base.value}.values()
    )
    return Finding(
        "inconsistent",
        f"{rate.name}经复算为{computed}（{part.name}{part.shown}÷{base.name}{base.shown}{others}），{verb}{rate.shown}，"
        f"差异{plain(abs(difference).quantize(CENT))}个百分点{'，疑似直接舍去尾数' if truncated else ''}。",
        subjects,
        reported=rate.shown,
        expected=computed,
        difference=difference,
        tolerance=rounding(rate.interval, wanted),
        unit=POINTS_OF_PERCENT,
        severity=severity,
        relations=relations,
    )


_RATES = (("execution_rate", "executed"), ("arrival_rate", "arrived"), ("rate", "balance"), ("rate", "allocated"))
"""What each kind of rate is a share of its base; of other rates only those of what is left, or was handed down."""


@check(
    "prose_rate",
    "正文中的执行率",
    "同一句中的执行率、到位率等于执行数、到位数÷预算数",
    "error",
    agrees="执行率",
)
def prose_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where one sentence has one rate and one amount it can be the rate of.

    Base or amount may stand in a sentence before; then a misfit is only odd.
    """
    told = sentences(form)
    for at, group in enumerate(told):
        for rate_code, amount_code in _RATES:
            rates = [one for one in group if _is_rate(one, rate_code, amount_code)]
            if len(rates) != 1:
                yield from _one_after_another(group, told[:at], rate_code, amount_code)
                continue
            parts = _parts(group, amount_code)
            own = _bases(group, parts, amount_code)
            if len(parts) == 1 and own:
                yield _or_adjusted(rate_finding(rates[0].cell, parts[0].cell, own), rates[0], parts[0], group)
            elif not _is_counted_by_name(rates[0]):
                yield from _across_sentences(rates[0].cell, (rate_code, amount_code), group, told[:at], (form, rules))
    yield from _of_lists(form)


def _or_adjusted(finding: Finding, rate: ProseFigure, part: ProseFigure, group: Said) -> Finding:
    """A misfit of an initial budget that its sentence also tells the changes of is one of what it became.

    年初预算3200万元，年中追加660万元，实际支出3782.8万元，执行率98%.
    """
    told = {code: [one for one in group if one.amount.measure == code] for code in (*_CHANGES, *_BUDGETS)}
    changes = [one for code in _CHANGES for one in told[code] if one.cell.kind == "money" and one is not part]
    if finding.outcome != "inconsistent" or not changes or len(told["initial_budget"]) != 1 or told["annual_budget"]:
        return finding
    first = told["initial_budget"][0].cell
    cells = [negative(one.cell) if one.amount.measure == "reduced" else one.cell for one in changes]
    value = sum((cell.value for cell in cells), first.value)
    words = "".join(
        f"{'－' if cell.value < 0 else '＋'}{one.cell.shown}" for one, cell in zip(changes, cells, strict=True)
    )
    title = f"调整后预算（{first.shown}{words}）"
    base = replace(first, value=value, interval=interval_sum([first, *cells]), raw=None, title=title)
    return replace(less_sure(rate_finding(rate.cell, part.cell, [base])), relations=()) if value > 0 else finding


def _of_lists(form: Form) -> Iterator[Finding]:
    """Rates told one after another behind 分别为, each of its place in two lists before."""
    for rate, part, base in rates_in_order(form):
        cell = replace(rate.cell, title=f"{named(part).name}的执行率")
        yield less_sure(rate_finding(cell, part.cell, [base.cell]))


def _is_counted_by_name(rate: ProseFigure) -> bool:
    """Whether a rate has a part and a base of names of its own (采购执行率): sentences around speak of other money."""
    wanted = judgement().counted_rate(own_label(rate))
    return wanted is not None and bool(wanted.base)


def _across_sentences(
    rate: Printed, codes: tuple[str, str], group: Said, before: list[list[ProseFigure]], seen: tuple[Form, Rules]
) -> Iterator[Finding]:
    """A rate whose base, or whose amount, stands in the sentences before; `codes` are the measures of both."""
    rate_code, amount_code = codes
    parts = _parts(group, amount_code)
    own = _bases(group, parts, amount_code)
    if len(parts) == 1:
        yield from _base_before(rate, parts[0].cell, group, before, amount_code)
    elif own and not parts and amount_code == "executed" and not _of_its_own(rate, group):
        yield from _spent_before(rate, own, before, *seen)
    elif not parts and sentence_before(before, group):
        yield from _of_the_sentence_before(rate, before, rate_code, amount_code)


def _one_after_another(group: Said, before: Sequence[Said], rate_code: str, amount_code: str) -> Iterator[Finding]:
    """甲预算120万元，支出114万元，执行率95%；乙预算80万元，支出60万元，执行率75%: each rate of what is told before it.

    Only where every rate has one amount and one base: of its own, or of its name in a sentence before (城北区支出… of
    what 城北区 was allocated).
    """
    told: list[tuple[Printed, Printed, Printed]] = []
    run: list[ProseFigure] = []
    for one in group:
        if not _is_rate(one, rate_code, amount_code):
            run.append(one)
            continue
        parts = _parts(run, amount_code) or spent(run)
        bases = _bases(run, parts, amount_code) or _bases_of_the_name(parts, before)
        if len(parts) != 1 or len(bases) != 1:
            return
        told.append((one.cell, parts[0].cell, bases[0]))
        run = []
    yield from (less_sure(rate_finding(rate, part, [base])) for rate, part, base in told)


def _bases_of_the_name(parts: Said, before: Sequence[Said]) -> list[Printed]:
    """The one amount of just the part's name in the sentences before, which it is a part of: 城北区 of 城北区支出."""
    if len(parts) != 1:
        return []
    names = {judgement().bare_name(own_label(parts[0]))}
    said = [one for group in before[-SENTENCES_BEFORE:] for one in group if one.cell.kind == "money"]
    found = [one.cell for one in said if one.amount.part_of is not None and own_label(one) in names]
    return found[:1] if len({cell.value for cell in found}) == 1 else []


def _parts(group: Said, amount_code: str) -> list[ProseFigure]:
    """The amounts of a sentence that a rate of it may be the rate of; of a list with its total, only the total."""
    if amount_code == "executed":
        return called_total(group, _not_within(spent(group), spent(group)))
    found = [one for one in group if one.amount.measure == amount_code and one.cell.kind == "money"]
    return called_total(group, [one for one in _not_within(found, found) if not _opens_list(one, group)])


def _opens_list(one: ProseFigure, group: Said) -> bool:
    """Whether an amount is the first behind a colon of several: 分解下达各县：甲县1240万元、乙县986万元."""
    at = group.index(one)
    following = group[at + 1 : at + 2]
    several = any(are_alike(one, other) and other.amount.measure is None for other in following)
    return several and any(mark in words_before(group)[at] for mark in "：:")


def _not_within(some: Said, totals: Said) -> list[ProseFigure]:
    """Those that are no parts of the totals' lists: what arrived from one source is no base of all that arrived."""
    lists = {total.amount.total_of for total in totals} - {None}
    return [one for one in some if one.amount.part_of not in lists]


def _base_before(
    rate: Printed, part: Printed, group: Said, before: list[list[ProseFigure]], amount_code: str
) -> Iterator[Finding]:
    """A rate whose base stands in sentences before: one that fits is meant.

    Where none fits, the last sentence of the same paragraph is; from other paragraphs, only what is said but once.
    """
    but = "" if amount_code == "allocated" else amount_code  # handed down of what was planned
    told = as_adjusted(available_before(before, {part.ref}))
    bases = [one.cell for one in told if one.amount.measure not in (but, "income")]  # what came in is no budget
    if not bases:
        return
    finding = less_sure(rate_finding(rate, part, bases))
    near = bases_before(before[-1:], {part.ref}, but) if sentence_before(before, group) else []
    told_once = len({base.value for base in bases}) == 1 or _are_one_of_each(told, bases)
    if finding.outcome == "consistent" or near or told_once:
        yield finding


def _are_one_of_each(told: Said, bases: Sequence[Printed]) -> bool:
    """Whether the bases are what was planned and what arrived of it, each said once."""
    measures = [one.amount.measure for one in told if one.cell in bases]
    return len(measures) == 2 and "arrived" in measures and len(set(measures)) == 2


def _spent_before(
    rate: Printed, bases: list[Printed], before: list[list[ProseFigure]], form: Form, rules: Rules
) -> Iterator[Finding]:
    """全年预算482万元，预算执行率97.9%: what was spent of the whole stands in sentences before."""
    spoken = [
        one.cell
        for group in reversed(before[-SENTENCES_BEFORE:])
        for one in whole_money(group)
        if one.amount.measure == "executed" and speaks_of_whole(form, one.amount, rules)
    ]
    findings = [less_sure(rate_finding(rate, part, bases)) for part in spoken]
    agrees = [finding for finding in findings if finding.outcome == "consistent"]
    if agrees or len({part.value for part in spoken}) == 1:
        yield (agrees or findings)[0]


def _of_its_own(rate: Printed, group: Said) -> bool:
    """Whether a sentence tells money of another kind than what was spent of the whole: 采购金额 of 采购预算."""
    return any(one.amount.measure == "contract" for one in group if one.cell.ref != rate.ref)


def _of_the_sentence_before(
    rate: Printed, before: list[list[ProseFigure]], rate_code: str, amount_code: str
) -> Iterator[Finding]:
    """已支付384万元。支付率为80%: the rate of the only amount of the sentence before, which tells no rate itself."""
    group = before[-1]
    parts = _parts(group, amount_code)
    if len(parts) != 1 or any(_is_rate(one, rate_code, amount_code) for one in group):
        return
    own = _bases(group, parts, amount_code)
    if own:
        yield less_sure(rate_finding(rate, parts[0].cell, own))
    else:
        yield from _base_before(rate, parts[0].cell, group, before[:-1], amount_code)


def _is_rate(one: ProseFigure, code: str, amount_code: str) -> bool:
    means = judgement().means  # of rates or of amounts: only those of a digest can be judged
    if one.amount.measure != code or one.cell.kind != "percent" or any(word in one.amount.label for word in means):
        return False
    named = judgement().other_rates.get(amount_code, ())
    return code != "rate" or any(word in one.amount.label for word in named)


def _bases(group: Said, parts: Said, amount_code: str) -> list[Printed]:
    """The amounts of a sentence that a rate may be against, the budget of the year first."""
    taken = {part.cell.ref for part in parts}
    found = [
        one
        for one in _not_within(group, parts)
        if one.amount.measure in BASES
        and one.amount.measure != amount_code
        and one.cell.kind == "money"
        and one.cell.ref not in taken
    ]
    whole = without_additions(found)
    if len(parts) == 1 and len(told := spent(group)) > 1 and called_total(group, told) == list(parts):
        whole = [one for one in whole if one not in told]  # what makes up the total is no base of it
    return [one.cell for one in sorted(whole, key=lambda one: BASES.index(one.amount.measure or ""))]


def less_sure(finding: Finding) -> Finding:
    """A contradiction across sentences is only odd: they may speak of different things."""
    return replace(finding, severity="warning") if finding.outcome == "inconsistent" else finding

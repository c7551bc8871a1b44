"""Checks of percentages in sentences: rates and shares against the figures they come from (正文中的比率)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import POINTS_OF_PERCENT, Printed, plain
from pipeline.checks.prose import BASES, ProseFigure, Said, figures, sentences, spent
from pipeline.checks.relation import quotient_of
from pipeline.checks.sums import rounding
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.records import Severity

_HUNDRED, _CENT = Decimal(100), Decimal("0.01")


@check(
    "prose_share",
    "正文中的占比",
    "正文“占……的%”等于该项÷总额",
    "error",
    agrees="占比",
)
def prose_share(form: Form, rules: Rules) -> Iterator[Finding]:
    found = figures(form)
    for share in found:
        if share.amount.role != "share":
            continue
        total = next((one for one in found if one.amount.total_of == share.amount.part_of), None)
        parts = [
            one
            for one in found
            if one.amount.part_of == share.amount.part_of
            and one.amount.role != "share"
            and one.amount.label == share.amount.label
            and one.amount.ordinal < share.amount.ordinal
        ]
        if total is None or not parts or parts[-1].cell.kind != total.cell.kind or not total.cell.value:
            continue
        yield _rate_finding(_share(share, parts[-1], total), _named(parts[-1]), [_named(total)])
    for part, base, share in _spoken_shares(form):
        yield _rate_finding(_share(share, part, base), _named(part), [_named(base)])


def _spoken_shares(form: Form) -> Iterator[tuple[ProseFigure, ProseFigure, ProseFigure]]:
    """Part, whole and percentage of what says so in a row: 支出640万元，占全年预算800万元的90%."""
    for group in sentences(form):
        for part, base, share in zip(group, group[1:], group[2:], strict=False):
            percentage = share.cell.kind == "percent" and not share.amount.label
            if percentage and base.amount.label.startswith(judgement().share_of) and part.cell.kind == base.cell.kind:
                yield part, base, share


def _share(share: ProseFigure, part: ProseFigure, whole: ProseFigure) -> Printed:
    """The percentage under a name that says of what it is the share."""
    return replace(share.cell, title=f"{_named(part).name}占{_named(whole).name}的比例")


def _named(one: ProseFigure) -> Printed:
    """The figure under its own name, without that of the whole and without the word that makes it one."""
    name = one.amount.label.strip("/").rpartition("/")[2]
    for word in judgement().share_of:
        name = name.removeprefix(word)
    return replace(one.cell, title=f"“{name}”" if name else "该项")


def _rate_finding(rate: Printed, part: Printed, bases: list[Printed]) -> Finding:
    """A stated percentage beside the figures it comes from; with several possible bases a misfit is only odd."""
    shares = [(base, share.scale(_HUNDRED)) for base in bases if (share := part.interval.ratio(base.interval))]
    subjects = (rate.ref, part.ref, *(base.ref for base in bases))
    relations = (quotient_of(rate.ref, part.ref, [base.ref for base in bases]),)
    for base, wanted in shares:
        if rate.interval.meets(wanted):
            ways = f"{part.name}{part.shown}÷{base.name}{base.shown}"
            return consistent(f"{rate.name}写为{rate.shown}，与{ways}相符。", subjects, rate.shown, relations)
    if not shares:
        return not_checkable(f"{rate.name}写为{rate.shown}，基数为0，无法核对。", subjects)
    base, wanted = shares[0]
    right = part.value / base.value * _HUNDRED
    computed = f"{plain(right.quantize(_CENT))}%"
    difference = rate.value - right
    step = rate.interval.high - rate.interval.low
    truncated = any(wanted.meets(Interval(rate.value, rate.value + step)) for _, wanted in shares)
    severity: Severity | None = "warning" if truncated or len(shares) > 1 else None
    return Finding(
        "inconsistent",
        f"{rate.name}经复算为{computed}（{part.name}{part.shown}÷{base.name}{base.shown}），写为{rate.shown}，"
        f"差异{plain(abs(difference).quantize(_CENT))}个百分点{'，疑似直接舍去尾数' if truncated else ''}。",
        subjects,
        reported=rate.shown,
        expected=computed,
        difference=difference,
        tolerance=rounding(rate.interval, wanted),
        unit=POINTS_OF_PERCENT,
        severity=severity,
        relations=relations,
    )


_RATES = {"execution_rate": "executed", "arrival_rate": "arrived", "rate": "balance"}
"""What each kind of rate is a share of its base; of other rates only the one of what is left (结余率)."""


@check(
    "prose_rate",
    "正文中的执行率",
    "同一句中的执行率、到位率等于执行数、到位数÷预算数",
    "error",
    agrees="执行率",
)
def prose_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where one sentence has one rate and one amount it can be the rate of.

    The base may stand in the sentence before, of the same paragraph; then a misfit is only odd.
    """
    before: list[ProseFigure] = []
    for group in sentences(form):
        for rate_code, amount_code in _RATES.items():
            rates = [one.cell for one in group if _is_rate(one, rate_code)]
            stated = [one for one in group if one.amount.measure == amount_code and one.cell.kind == "money"]
            parts = spent(group) if amount_code == "executed" else stated
            if len(rates) != 1 or len(parts) != 1:
                continue
            if own := _bases(group, parts, amount_code):
                yield _rate_finding(rates[0], parts[0].cell, own)
            elif _same_paragraph(before, group) and (earlier := _bases(before, parts, amount_code)):
                yield _less_sure(_rate_finding(rates[0], parts[0].cell, earlier))
        before = group


def _is_rate(one: ProseFigure, code: str) -> bool:
    if one.amount.measure != code or one.cell.kind != "percent":
        return False
    return code != "rate" or any(word in one.amount.label for word in judgement().rest_rates)


def _bases(group: Said, parts: Said, amount_code: str) -> list[Printed]:
    """The amounts of a sentence that a rate may be against."""
    taken = {part.cell.ref for part in parts}
    return [
        one.cell
        for one in group
        if one.amount.measure in BASES
        and one.amount.measure != amount_code
        and one.cell.kind == "money"
        and one.cell.ref not in taken
    ]


def _same_paragraph(before: Said, group: Said) -> bool:
    return bool(before) and before[0].amount.locator == group[0].amount.locator


def _less_sure(finding: Finding) -> Finding:
    """A contradiction across sentences is only odd: they may speak of different things."""
    return replace(finding, severity="warning") if finding.outcome == "inconsistent" else finding

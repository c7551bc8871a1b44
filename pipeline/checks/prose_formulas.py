"""Products that a sentence writes out: 12个×5万元＝60万元 (句中的算式)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from math import prod

from pipeline.checks.model import Finding
from pipeline.checks.printed import LARGE_UNITS, Printed, plain
from pipeline.checks.prose_figures import ProseFigure, Said
from pipeline.checks.sums import share_of
from pipeline.checks.written import written
from schemas.decimals import HUNDRED, ONE
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.units import money_factor, units


def formulas(group: Said) -> Iterator[Finding | None]:
    """Each product that a sentence writes out: None where both sides agree, what is found where they do not."""
    context = group[0].amount.context or ""
    for match in judgement().formula.finditer(context):
        stated = next((one for one in group if match.end("total") and _is_result(one, match["total"])), None)
        factors = [_factor(text) for text in judgement().times.split(match["factors"])]
        if stated is None or any(factor is None for factor in factors) or stated.cell.kind not in ("money", "count"):
            continue
        values = [factor for factor in factors if factor is not None]
        money = [is_money for _, is_money in values if is_money]
        if len(money) != (stated.cell.kind == "money"):
            continue
        value = prod((number for number, _ in values), start=ONE)
        yield None if stated.cell.interval.meets(Interval(value, value)) else _unequal(match[0], value, stated.cell)


def _is_result(one: ProseFigure, raw: str) -> bool:
    return raw.startswith(one.amount.value_raw or " ")


def _factor(text: str) -> tuple[Decimal, bool] | None:
    """The number of one factor, money in 万元, and whether it is money; None where it cannot be told."""
    match = judgement().factor.fullmatch(text.strip())
    if match is None:
        return None
    try:
        number = Decimal(match["number"].replace(",", ""))
    except InvalidOperation:
        return None
    unit = match["unit"].partition("/")[0]
    money = money_factor(unit) if unit else None
    if money is not None:
        return number * money, True
    if unit in units().percent:
        return number * units().percent[unit] / HUNDRED, False
    return (number, False) if unit[:1] not in LARGE_UNITS or not unit else None


def _unequal(formula: str, value: Decimal, stated: Printed) -> Finding:
    computed = written(value, stated)
    gap = stated.value - value
    return Finding(
        "inconsistent",
        f"算式“{formula}”经复算为{computed}，写为{stated.shown}，"
        f"差异{plain(abs(gap))}{stated.unit}{share_of(gap, stated)}。",
        (stated.ref,),
        reported=stated.shown,
        expected=computed,
        difference=gap,
        unit=stated.unit,
    )

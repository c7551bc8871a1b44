"""The money of a project beside its cost targets: the same figure at another scale (金额与成本指标的单位)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, not_checkable
from pipeline.checks.printed import MONEY_COLUMNS, Printed, amount_cell, is_telling, plain
from schemas.base_units import YUAN_PER_WANYUAN
from schemas.records import Indicator, Subject
from schemas.units import money_factor


@check(
    "cost_scale",
    "项目金额与成本指标的单位",
    "项目金额与成本指标中的同一金额应当一致；数字相同而恰差一万倍，是元与万元混写的痕迹",
    "warning",
    cause="never",
)
def cost_scale(form: Form, rules: Rules) -> Iterator[Finding]:
    """A form whose money is in 元 under 万元, where no sum can show it: a cost target has the same digits."""
    costs = [(row, worth) for row in form.indicators if (worth := _cost(row)) is not None and is_telling(worth)]
    if not costs:
        yield not_checkable("没有带金额的成本指标，无法与项目金额对照单位。")
        return
    for total in _project_money(form):
        for row, worth in costs:
            if total.value == worth * YUAN_PER_WANYUAN:
                yield _slip(total, row, worth)


def _cost(row: Indicator) -> Decimal | None:
    """The target of a cost indicator in 万元; None for others."""
    factor = money_factor(row.target_unit or "")
    if factor is None or not (row.category or "").startswith("cost"):
        return None
    return row.target_value * factor if row.target_value else None


def _project_money(form: Form) -> Iterator[Printed]:
    """The totals of the funding table and the amounts beside labels of the form."""
    totals = [row.ordinal for row in form.funding if row.role == "total"]
    funds = (form.cell("funding", at, f"{column}_wanyuan") for at in totals for column in MONEY_COLUMNS)
    beside = (amount_cell(one) for one in form.amounts if one.origin == "table" and one.unit == "wanyuan")
    return filter(None, chain(funds, beside))


def _slip(total: Printed, row: Indicator, worth: Decimal) -> Finding:
    target = Subject("indicators", row.ordinal, "target_value")
    return Finding(
        "inconsistent",
        f"{total.name}{total.shown}恰为“{row.level3}”指标值“{row.target_raw}”的{YUAN_PER_WANYUAN}倍，"
        "疑似金额以元填写而单位写作万元。",
        (total.ref, target),
        reported=total.shown,
        expected=f"{plain(worth)}万元",
        difference=total.value - worth,
        unit="万元",
    )

"""Causes in words (可能原因的写法)."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.printed import plain
from pipeline.localise.cells import SURE, Cell, shown
from pipeline.localise.constraints import Constraint
from pipeline.localise.model import SLIPS, Change
from pipeline.localise.search import Option, Repair
from pipeline.localise.system import System

_AGREES = {
    "execution_rate": "执行率",
    "execution_score": "执行得分",
    "points_total": "分值合计",
    "score_total": "得分合计",
    "level_points": "一级指标分值",
    "score_over_points": "得分与分值",
    "grade": "等次与得分",
    "income_spending_balance": "收支结余",
    "prose_share": "占比",
    "prose_rate": "执行率",
    "form_prose": "表与正文",
}
"""What agrees once a rule's contradiction is mended; for sums, 合计."""
ALSO = "；也可能："


def sentence(system: System, option: Option, remaining: int) -> str:
    """One sentence without its full stop: 若…为…（现印…，疑似…），则合计相符."""
    body = "，且".join(_repair(system, repair) for repair in option.repairs[:1])
    if len(option.repairs) > 1:
        body += "".join(f"，{_and(system, repair)}" for repair in option.repairs[1:])
    ask = "请先核对原文：" if _unsure(system, option) else ""
    left = f"（另有{remaining}项核对仍不符）" if remaining else ""
    return f"{ask}若{body}，则{agreeing(system, option)}相符{left}"


def agreeing(system: System, option: Option) -> str:
    """What agrees with the change: 合计、执行率."""
    rules = [system.constraints[k] for k in sorted(option.mended) if system.constraints[k].failing]
    return "、".join(dict.fromkeys(_agrees(constraint) for constraint in rules))


def _agrees(constraint: Constraint) -> str:
    return _AGREES.get(constraint.rule, "合计" if constraint.kind == "sum" else "金额")


def _repair(system: System, repair: Repair) -> str:
    cell = system.cells[repair.ref]
    why = repair.zh or SLIPS.get(repair.kind, "")
    return f"{cell.printed.name}{_is(system, repair)}（现印{cell.printed.shown}{'，' + why if why else ''}）"


def _and(system: System, repair: Repair) -> str:
    """What goes with the first change: recomputed from it, or wrong for its own reason."""
    return _repair(system, repair)


def _is(system: System, repair: Repair) -> str:
    text = proposal(system, repair)
    return f"在{text}之间" if repair.value is None else f"为{text}"


def proposal(system: System, repair: Repair) -> str:
    """The value, or the limits of the values, with their unit."""
    cell = system.cells[repair.ref]
    if repair.ref.column == "grade":
        return f"“{system.rules.grades[int(repair.interval.low)].zh}”"
    if repair.value is not None:
        return shown(repair.value, cell.printed, repair.step)
    low, high = (_to_step(bound, cell.step, up) for bound, up in ((repair.interval.low, True), (repair.interval.high, False)))
    return f"{shown(low, cell.printed, cell.step)}至{shown(high, cell.printed, cell.step)}"


def _to_step(value: Decimal, step: Decimal, up: bool) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_CEILING" if up else "ROUND_FLOOR") * step


def change(system: System, repair: Repair) -> Change:
    """The repair as data."""
    cell: Cell = system.cells[repair.ref]
    interval = repair.interval
    if repair.value is not None:
        interval = type(interval)(repair.value, repair.value)
    return Change(repair.ref, cell.value, interval, proposal(system, repair))


def _unsure(system: System, option: Option) -> bool:
    limit = min(system.rules.doubt_confidence, SURE)
    return system.form.half_read or any(
        system.cells[repair.ref].confidence < limit for repair in option.repairs if repair.ref in system.cells
    )


__all__ = ["ALSO", "agreeing", "change", "plain", "proposal", "sentence"]

"""Causes in words (可能原因的写法)."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.printed import row_name
from pipeline.checks.written import written
from pipeline.localise.cells import SURE, PrintedNumber
from pipeline.localise.constraints import Constraint
from pipeline.localise.model import SLIPS, Change
from pipeline.localise.option import Option, Repair
from pipeline.localise.system import System
from schemas.intervals import Interval
from schemas.units import money_factor

ASK = "请先核对原文："
"""How a cause begins whose cells were not read for sure."""
_BETWEEN = "至"
_FINER = 4
"""How many decimals beyond those of the cell its limits may be told with."""


def sentence(system: System, option: Option, remaining: int) -> str:
    """One sentence without its full stop: 若…为…（现为…，疑似…），则合计相符."""
    line = [repair for repair in option.repairs if repair.kind == "unit_line"]
    lacking = [repair for repair in option.repairs if repair.kind == "missing_row"]
    zeros = [repair for repair in option.repairs if repair.kind == "zero_line"]
    single = [_repair(system, repair) for repair in option.repairs if repair not in (*line, *lacking, *zeros)]
    kinds = ((_line, line), (_missing, lacking), (_unfilled, zeros))
    whole = [words(system, some) for words, some in kinds if some]
    body = "，".join((*single, *whole))
    ask = ASK if _unsure(system, option) else ""
    left = f"（另有{remaining}项核对仍不符）" if remaining else ""
    return f"{ask}若{body}，则{agreeing(system, option)}相符{left}"


def restates(system: System, option: Option) -> bool:
    """Whether the cause says no more than the contradiction itself: that a computed figure should be as computed."""
    first = option.repairs[0]
    failing = {system.constraints[k].failing for k in option.mended} - {""}
    told = first.zh or SLIPS.get(first.kind)
    if len(option.repairs) > 1 or len(failing) > 1 or told or first.value is None:
        return False
    return any(system.relation(k).total == first.ref for k in option.mended)


def agreeing(system: System, option: Option) -> str:
    """What agrees with the change: 合计、执行率."""
    rules = [system.constraints[k] for k in sorted(option.mended) if system.constraints[k].failing]
    return "、".join(dict.fromkeys(_agrees(constraint) for constraint in rules))


def _agrees(constraint: Constraint) -> str:
    return constraint.rule.agrees or ("合计" if constraint.relation.kind == "sum" else "金额")


def _repair(system: System, repair: Repair) -> str:
    cell = system.cells[repair.ref]
    why = repair.zh or SLIPS.get(repair.kind, "")
    return f"{cell.printed.name}{_is(system, repair)}（现为{cell.printed.shown}{'，' + why if why else ''}）"


def _line(system: System, line: list[Repair]) -> str:
    """A row or column that stands in another unit, with what its amounts should be."""
    rows = {repair.ref.ordinal for repair in line}
    amounts = (
        f"{cell.column_title if len(rows) == 1 else cell.name}{proposal(system, repair)}"
        for repair in line
        for cell in [system.cells[repair.ref].printed]
    )
    return f"{line[0].zh}（折合{'、'.join(amounts)}）"


def _unfilled(system: System, zeros: list[Repair]) -> str:
    """A line of totals that prints only zeros, with what its figures should be."""
    figures = (f"{system.cells[repair.ref].printed.column_title}{proposal(system, repair)}" for repair in zeros)
    return f"{zeros[0].zh}为{'、'.join(figures)}（现均为0，疑似合计未填）"


def _missing(system: System, lacking: list[Repair]) -> str:
    """A row that was left out, or the blank cells of one that is there."""
    first = lacking[0]
    amounts = "、".join(
        f"{_total(system, repair).printed.column_title}{proposal(system, repair)}" for repair in lacking
    )
    if first.ref in system.values:
        return f"漏列一行（{amounts}）"
    row = next(row for row in system.form.funding if row.ordinal == first.ref.ordinal)
    return f"空白的“{row_name(row.label)}”应填{amounts}"


def _total(system: System, repair: Repair) -> PrintedNumber:
    """The cell whose unit and column a repair shares: its own, or for a blank one the total of its column."""
    if repair.ref in system.values:
        return system.cells[repair.ref]
    return system.cells[next(ref for ref in system.values if ref.column == repair.ref.column)]


def _is(system: System, repair: Repair) -> str:
    text = proposal(system, repair)
    return f"在{text}之间" if _BETWEEN in text else f"为{text}"


def proposal(system: System, repair: Repair) -> str:
    """The value, or the limits of the values, with their unit."""
    cell = _total(system, repair)
    if repair.ref.column == "grade":
        return f"“{system.rules.grades[int(repair.interval.low)].zh}”"
    if repair.value is not None:
        return _written(system, cell, repair.value)
    low, high = (_written(system, cell, limit) for limit in limits(repair.interval, cell.step))
    return f"{low}{_BETWEEN}{high}" if low != high else f"{low}左右"


def _written(system: System, cell: PrintedNumber, value: Decimal) -> str:
    """With the decimals of the cell; a fraction, or what stands in place of a bare 0, with those of its like."""
    in_cell = value / (money_factor(cell.printed.unit_raw) or 1) if cell.kind == "money" else value
    whole = in_cell == in_cell.to_integral_value()
    decimals = cell.decimals
    if not cell.value:
        column = [system.cells[ref] for ref in system.values if ref.column == cell.ref.column]
        decimals = max(decimals, min((other.decimals for other in column if other.value), default=0))
    elif cell.kind == "money" and not whole:
        decimals = max(decimals, system.decimals)
    return written(value, cell.printed, decimals)


def limits(interval: Interval, step: Decimal) -> tuple[Decimal, Decimal]:
    """The first and the last value that fit, as finely as it takes for one to fit between them."""
    for finer in range(_FINER):
        small = step.scaleb(-finer)
        low, high = _to_step(interval.low, small, up=True), _to_step(interval.high, small, up=False)
        if low <= high:
            return low, high
    return interval.low, interval.high


def _to_step(value: Decimal, step: Decimal, up: bool) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_CEILING" if up else "ROUND_FLOOR") * step


def change(system: System, repair: Repair) -> Change:
    """The repair as data."""
    missing = repair.kind == "missing_row"
    printed = None if missing else system.cells[repair.ref].value
    interval = repair.interval
    if repair.value is not None:
        interval = type(interval)(repair.value, repair.value)
    return Change(repair.ref, printed, interval, proposal(system, repair))


def _unsure(system: System, option: Option) -> bool:
    limit = min(system.rules.doubt_confidence, SURE)
    return system.form.half_read or any(
        system.cells[repair.ref].confidence < limit for repair in option.repairs if repair.ref in system.values
    )


__all__ = ["ASK", "agreeing", "change", "limits", "proposal", "restates", "sentence"]

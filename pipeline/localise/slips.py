"""Slips of the pen: what a printed number may have been meant to be, and how likely that is (笔误).

Costs are negative decimal logarithms of rough frequencies: a slip that could have gone many ways (one of seven digits,
each of nine other values) is that much less likely to have gone this way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from math import log10

from pipeline.localise.cells import PrintedNumber
from pipeline.localise.constraints import middle_of
from pipeline.localise.model import Kind
from schemas.intervals import Interval
from schemas.units import is_yuan

FEWEST_DIGITS = 3
"""A wrong, doubled or lost digit is only a likely slip in a number of this many digits."""

UNIT, THOUSAND, POINT, SLID, SIGN = 0.5, 1.3, 0.7, 1.5, 0.7
UNIT_BACKWARDS = 1.8
"""Money is written in 元 where 万元 is asked for, or in 万元 where 元 is; hardly in 亿元."""
POINT_PUT_IN = 2.3
"""A decimal point where none should be is rarer than one that was lost or slid."""
LEADING_ZERO = 0.0
"""Nobody writes a number that begins with 0 and goes on without a point: 038 was 0.38."""
TRANSPOSED, DOUBLED, EXTRA, DROPPED, ONE_DIGIT = 0.8, 0.9, 1.8, 1.0, 1.3


@dataclass(frozen=True, slots=True)
class Slip:
    """What the cell may have been meant to be: value, worth of its last digit, kind, words, cost."""

    value: Decimal
    step: Decimal
    kind: Kind
    cost: float
    zh: str = ""


def slips(cell: PrintedNumber, region: Interval, decimals: int) -> Iterator[Slip]:
    """The values in `region` (as rounded numbers) one slip away from what is printed.

    `decimals` is how many decimals the form's amounts usually have.
    """
    for slip in _scaled(cell, decimals):
        if Interval.around(slip.value, slip.step).meets(region):
            yield slip
    if not cell.digits:
        return
    low, high = _reach(region, cell.step)
    for digits, kind, cost in _digit_slips(cell.digits):
        if low <= digits <= high:
            yield Slip(digits * cell.step, cell.step, kind, cost)


_WAYS: dict[Kind, int] = {"one_digit": 9, "dropped_digit": 10, "doubled_digit": 1, "transposed": 1}


def by_chance(cell: PrintedNumber, kind: Kind, region: Interval) -> float:
    """How many values a slip of the digits away from what is printed lie in a region by mere chance."""
    middle = middle_of(region)
    if kind not in _WAYS or not middle:
        return 0.0
    return _WAYS[kind] * len(str(abs(cell.digits))) * float((region.high - region.low) / abs(middle))


def _reach(region: Interval, step: Decimal) -> tuple[float, float]:
    """The whole numbers of steps that round into a region."""
    half = Decimal("0.5")
    low = float("-inf") if region.low.is_infinite() else (region.low / step - half).__ceil__()
    high = float("inf") if region.high.is_infinite() else (region.high / step + half).__floor__()
    return low, high


def _scaled(cell: PrintedNumber, decimals: int) -> Iterator[Slip]:
    """Units, decimal points and signs."""

    def by(factor: Decimal, kind: Kind, cost: float, zh: str) -> Slip:
        return Slip(cell.value * factor, cell.step * factor, kind, cost, zh)

    if not cell.value:
        return
    if cell.value < 0:
        yield by(Decimal(-1), "sign", SIGN, "")
    if cell.kind == "money":
        in_yuan = is_yuan(cell.printed.unit_raw)
        larger, smaller = (UNIT_BACKWARDS, UNIT) if in_yuan else (UNIT, UNIT_BACKWARDS)
        yield by(Decimal("0.0001"), "unit_slip", larger, "疑似单位错位，多写一万倍" if in_yuan else "疑似以元填写")
        yield by(Decimal(10000), "unit_slip", smaller, "疑似以万元填写" if in_yuan else "疑似单位错位，少写一万倍")
        yield by(Decimal("0.001"), "unit_slip", THOUSAND, "疑似单位错位，多写一千倍")
        yield by(Decimal(1000), "unit_slip", THOUSAND, "疑似单位错位，少写一千倍")
    elif cell.kind == "percent":
        yield by(Decimal(100), "unit_slip", UNIT, "疑似以比率（小数）填写")
        yield by(Decimal("0.01"), "unit_slip", THOUSAND, "疑似多写一百倍")
    if cell.kind in ("points", "count"):
        return
    usual = decimals if cell.kind == "money" else 2
    lost = not cell.decimals and usual > 0
    if lost:
        point = LEADING_ZERO if _begins_with_nothing(cell) else POINT
        yield by(Decimal(1).scaleb(-usual), "dropped_point", point, "疑似漏写小数点")
    for places, words in ((1, "十"), (2, "百")):
        if not (lost and places == usual):
            yield by(Decimal(1).scaleb(-places), "dropped_point", SLID, f"疑似小数点错位，多写{words}倍")
        slid = POINT_PUT_IN if 0 < cell.decimals <= places else SLID
        yield by(Decimal(1).scaleb(places), "dropped_point", slid, f"疑似小数点错位，少写{words}倍")


def _begins_with_nothing(cell: PrintedNumber) -> bool:
    return len(cell.printed.raw or "") > 1 and (cell.printed.raw or "").startswith("0")


def _digit_slips(number: int) -> Iterator[tuple[int, Kind, float]]:
    """Transposed neighbours, a digit too many, one too few, one wrong; cheap, so that all can be tried."""
    sign, text = (-1 if number < 0 else 1), str(abs(number))
    length = len(text)
    spread = log10(length)
    for i in range(length - 1):
        if text[i] != text[i + 1]:
            swapped = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
            if swapped[0] == "0":
                continue
            yield sign * int(swapped), "transposed", TRANSPOSED + spread
    if length < FEWEST_DIGITS:
        return
    for i in range(length):
        if i == 0 or text[i] != text[i - 1]:
            doubled = i + 1 < length and text[i] == text[i + 1]
            rest = text[:i] + text[i + 1 :]
            if rest[0] == "0":
                continue
            yield sign * int(rest), "doubled_digit", (DOUBLED if doubled else EXTRA) + spread
    place = 1
    for _ in range(length + 1):  # a digit lost before the last ones
        high, low = divmod(abs(number), place)
        for digit in range(10):
            if high or digit:
                yield sign * ((high * 10 + digit) * place + low), "dropped_digit", DROPPED + log10(length + 1)
        place *= 10
    place = 1
    for i in range(length):
        printed = int(text[length - 1 - i])
        for digit in range(10):
            if digit != printed:
                yield sign * (abs(number) + (digit - printed) * place), "one_digit", ONE_DIGIT + log10(9) + spread
        place *= 10

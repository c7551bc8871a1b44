"""Natural slips of the pen: what a printed number may have been meant to be (常见笔误).

A cause is only named when it is the only one: a single slip in a single cell makes the numbers fit, or the same slip in
one of two cells, and then both are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.printed import Printed, plain
from schemas.intervals import Interval

FEWEST_DIGITS = 3
"""A wrong digit is only a likely slip in a number of this many digits: in a shorter one it is another number."""


LARGEST_VAGUENESS = 100
"""Where what is wanted of a cell is this many times vaguer than its last digit, some digit fits by chance."""


@dataclass(frozen=True, slots=True)
class Slip:
    """A value that the printed one may stand for, and how the slip is called (笔误); `natural` ranks first (0)."""

    value: Decimal
    zh: str
    natural: int


@dataclass(frozen=True, slots=True)
class Repair:
    """A slip in one cell that makes a relation hold (可能的更正)."""

    cell: Printed
    slip: Slip


_SLID = (
    (Decimal("0.1"), "疑似小数点错位（多写十倍）"),
    (Decimal(10), "疑似小数点错位（少写十倍）"),
    (Decimal("0.01"), "疑似小数点错位（多写一百倍）"),
    (Decimal(100), "疑似小数点错位（少写一百倍）"),
)
_YUAN = (Decimal("0.0001"), "疑似以元填写（单位错位，多写一万倍）")
_WANYUAN = (Decimal(10000), "疑似以万元填写（单位错位，少写一万倍）")


def slips(cell: Printed) -> Iterator[Slip]:
    """Every value one natural slip away from the printed one."""
    scales: tuple[tuple[Decimal, str], ...] = _SLID
    if cell.kind == "money":
        scales = (_WANYUAN if cell.unit_raw == "元" else _YUAN, *_SLID)
    elif cell.kind == "percent":
        scales = ((Decimal(100), "疑似以比率（小数）填写"), *_SLID[:2])
    for factor, zh in scales:
        yield Slip(cell.value * factor, zh, 0)
    if cell.value < 0 and cell.kind == "money":
        yield Slip(-cell.value, "疑似正负号有误", 0)
    yield from _digit_slips(cell.value)


def _digit_slips(value: Decimal) -> Iterator[Slip]:
    """Transposed neighbours, one wrong digit, one digit twice; worked on the digits of the canonical value."""
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return

    def rebuilt(changed: tuple[int, ...]) -> Decimal:
        return Decimal((sign, changed, exponent))

    for i in range(len(digits) - 1):
        a, b = digits[i : i + 2]
        if a != b:
            yield Slip(rebuilt((*digits[:i], b, a, *digits[i + 2 :])), "疑似相邻数字颠倒", 0)
        else:
            yield Slip(rebuilt((*digits[:i], *digits[i + 1 :])), "疑似多写了一位重复的数字", 1)
    if len(digits) < FEWEST_DIGITS:
        return
    for i, printed in enumerate(digits):
        for other in range(10):
            if other != printed:
                yield Slip(rebuilt((*digits[:i], other, *digits[i + 1 :])), "疑似一位数字有误", 1)


def repairs(wanted: Iterable[tuple[Printed, Interval]]) -> tuple[Repair, ...]:
    """Slips that bring a cell into the interval wanted of it, the most natural kind only, one per cell."""
    found: list[Repair] = []
    for cell, interval in wanted:
        vague = interval.high - interval.low > LARGEST_VAGUENESS * (cell.interval.high - cell.interval.low)
        fitting = [
            slip for slip in slips(cell) if interval.low <= slip.value <= interval.high and not (vague and slip.natural)
        ]
        if fitting:
            found.append(Repair(cell, min(fitting, key=lambda slip: slip.natural)))
    best = min((repair.slip.natural for repair in found), default=0)
    return tuple(repair for repair in found if repair.slip.natural == best)


def likely_cause(wanted: Iterable[tuple[Printed, Interval]], natural_only: bool = False) -> str | None:
    """The cause in one sentence when one slip (or the same slip in one of two cells) explains; else None.

    `natural_only` leaves out a single wrong digit, for cells among many that could be wrong just as well.
    """
    found = repairs(wanted)
    if not 1 <= len(found) <= 2 or len({repair.slip.zh for repair in found}) != 1:
        return None
    if natural_only and found[0].slip.natural:
        return None
    cells = "，或".join(
        f"{repair.cell.name}为{plain(repair.slip.value)}{repair.cell.unit}（现印{repair.cell.shown}）"
        for repair in found
    )
    return f"若{cells}，则相符：{found[0].slip.zh}"

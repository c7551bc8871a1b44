"""Interval arithmetic for rounded numbers (区间运算).

A printed number stands for every value that rounds to it. Sums, products and ratios of printed numbers are therefore
intervals, and two figures contradict each other only when their intervals do not meet. Bounds are rounded outward, so
a result always contains every value its operands allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal

from schemas.decimals import ZERO

_DOWN = Context(prec=60, rounding=ROUND_FLOOR)
_UP = Context(prec=60, rounding=ROUND_CEILING)
_TWO = Decimal(2)


@dataclass(frozen=True, slots=True)
class Interval:
    """All values from `low` to `high` (区间). Raises ValueError when `low` is above `high`.

    Both ends are values of it; but two intervals that only touch share a value that rounds to one of them alone (93.5
    is printed as 94, never as 93), so they meet only where one of them is a single value.
    """

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"interval bounds out of order: {self.low} > {self.high}")

    @staticmethod
    def around(value: Decimal, step: Decimal) -> Interval:
        """`value` ± half a `step`: all values that round to `value` at that step."""
        half = abs(step)
        return Interval(
            _DOWN.subtract(value, _UP.divide(half, _TWO)),
            _UP.add(value, _UP.divide(half, _TWO)),
        )

    def __add__(self, other: Interval) -> Interval:
        return Interval(_DOWN.add(self.low, other.low), _UP.add(self.high, other.high))

    def __sub__(self, other: Interval) -> Interval:
        return Interval(_DOWN.subtract(self.low, other.high), _UP.subtract(self.high, other.low))

    def __mul__(self, other: Interval) -> Interval:
        return _hull(self, other, Context.multiply)

    def scale(self, factor: Decimal) -> Interval:
        """Every value times `factor`, an exact number."""
        return self * Interval(factor, factor)

    def ratio(self, other: Interval) -> Interval | None:
        """Every quotient of a value here by a value of `other`; None when `other` may be zero."""
        if other.low <= ZERO <= other.high:
            return None
        return _hull(self, other, Context.divide)

    def gap(self, other: Interval) -> Decimal:
        """Distance between the nearest values of the two; 0 when they meet."""
        return max(_UP.subtract(self.low, other.high), _UP.subtract(other.low, self.high), ZERO)

    def meets(self, other: Interval, slack: Decimal = ZERO) -> bool:
        """Whether some value, up to `slack`, belongs to both; ends that only touch do not (see the class)."""
        if slack == ZERO and self.low < self.high and other.low < other.high:
            return self.low < other.high and other.low < self.high
        return self.gap(other) <= slack


def _hull(a: Interval, b: Interval, operation: Callable[[Context, Decimal, Decimal], Decimal]) -> Interval:
    """The smallest interval around the operation's results at the corners, where its extremes lie."""
    corners = [(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    return Interval(
        min(operation(_DOWN, x, y) for x, y in corners),
        max(operation(_UP, x, y) for x, y in corners),
    )

"""Interval arithmetic is sound: what is true of the values stays true of the intervals."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.intervals import Interval

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
steps = st.sampled_from([Decimal(s) for s in ("0", "0.0001", "0.01", "0.5", "1", "1000")])
shares = st.fractions(min_value=0, max_value=1, max_denominator=50)


@st.composite
def points(draw: st.DrawFn) -> tuple[Interval, Fraction]:
    """An interval and a value in it."""
    interval = Interval.around(draw(numbers), draw(steps))
    low, high = Fraction(interval.low), Fraction(interval.high)
    return interval, low + (high - low) * draw(shares)


def holds(interval: Interval, value: Fraction) -> bool:
    return Fraction(interval.low) <= value <= Fraction(interval.high)


@settings(deadline=None)
@given(points(), points())
def test_results_contain_every_result_of_their_values(
    a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]
) -> None:
    (first, x), (second, y) = a, b
    assert holds(first + second, x + y)
    assert holds(first - second, x - y)
    assert holds(first * second, x * y)
    ratio = first.ratio(second)
    if ratio is not None:
        assert holds(ratio, x / y)
    else:
        assert second.low <= 0 <= second.high


@settings(deadline=None)
@given(points(), numbers)
def test_scaling_is_exact(a: tuple[Interval, Fraction], factor: Decimal) -> None:
    interval, value = a
    assert holds(interval.scale(factor), value * Fraction(factor))


@settings(deadline=None)
@given(numbers, steps)
def test_around_contains_the_value_and_is_a_step_wide(value: Decimal, step: Decimal) -> None:
    interval = Interval.around(value, step)
    assert holds(interval, Fraction(value))
    assert interval.high - interval.low == step


@settings(deadline=None)
@given(points(), points())
def test_meeting_and_gap_agree(a: tuple[Interval, Fraction], b: tuple[Interval, Fraction]) -> None:
    (first, x), (second, y) = a, b
    gap = first.gap(second)
    assert gap == second.gap(first) >= 0
    assert first.meets(second) == (gap == 0)
    assert first.meets(second, gap)
    assert Fraction(gap) <= abs(x - y)


def test_rounded_parts_meet_their_rounded_total() -> None:
    cent = Decimal("0.01")
    parts = [Interval.around(Decimal(v), cent) for v in ("33.33", "33.33", "33.33")]
    total = parts[0] + parts[1] + parts[2]
    assert total.meets(Interval.around(Decimal("100.00"), cent))
    assert not total.meets(Interval.around(Decimal("100.04"), cent))
    assert total.gap(Interval.around(Decimal("100.04"), cent)) == Decimal("0.03")


def test_a_rate_is_compared_as_an_interval() -> None:
    rate = Interval.around(Decimal("533.87"), Decimal("0.01")).ratio(
        Interval.around(Decimal("578.71"), Decimal("0.01"))
    )
    assert rate is not None
    assert rate.scale(Decimal(100)).meets(Interval.around(Decimal("92.25"), Decimal("0.01")))


def test_no_ratio_to_what_may_be_zero() -> None:
    one = Interval.around(Decimal(1), Decimal("0.01"))
    assert one.ratio(Interval.around(Decimal("0.00"), Decimal("0.01"))) is None


def test_bounds_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="out of order"):
        Interval(Decimal(2), Decimal(1))

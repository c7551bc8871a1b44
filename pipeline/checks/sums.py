"""Sums of printed numbers and how they are written in a sentence (合计的算法与写法)."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.model import Finding, consistent
from pipeline.checks.printed import Printed, is_telling, plain, significant_digits, swaps
from pipeline.checks.relation import sum_of
from pipeline.checks.written import written
from schemas.decimals import CENT, ZERO
from schemas.intervals import Interval
from schemas.records import Severity, Subject

_TELLING = Decimal(50)


def interval_sum(cells: Iterable[Printed]) -> Interval:
    """Everything the sum of the printed numbers may be."""
    result = Interval(ZERO, ZERO)
    for cell in cells:
        result = result + cell.interval
    return result


def rounding(*intervals: Interval) -> Decimal:
    """What rounding can explain: half the widths together."""
    return sum(((interval.high - interval.low) / 2 for interval in intervals), ZERO)


def share_of(difference: Decimal, total: Printed) -> str:
    """How large a difference of money is beside its total, for a sentence; "" where that says nothing."""
    if total.kind != "money" or not difference or not total.value:
        return ""
    share = abs(difference / total.value) * 100
    return f"（占{plain(share.quantize(CENT))}%）" if CENT <= share <= 100 else ""


def negative(cell: Printed) -> Printed:
    """The same cell counted negative (调减)."""
    return replace(cell, value=-cell.value, interval=Interval(-cell.interval.high, -cell.interval.low))


def sum_finding(
    total: Printed,
    parts: Sequence[Printed],
    short: Severity | None,
    whole: str = "",
    minus: Container[Subject] = (),
    verb: str = "填列",
) -> Finding:
    """A total beside the numbers it is made of.

    `short` is the severity of a sum below the total (None: the rule's own, the list is complete); a sum above it always
    contradicts the total. `whole` says what the parts are, `minus` the parts that count negative; `verb` says
    how the total stands there.
    """
    listed = "".join(f"{'－' if part.ref in minus else '＋'}{part.row}{part.shown}" for part in parts)
    parts = [negative(part) if part.ref in minus else part for part in parts]
    wanted = interval_sum(parts)
    added = sum((part.value for part in parts), ZERO)
    difference = total.value - added
    computed = written(added, total)
    head = f"{total.name}经复算为{computed}（{whole}{listed.removeprefix('＋')}），{verb}{total.shown}"
    subjects = (total.ref, *(part.ref for part in parts))
    added_up = [part.ref for part in parts if part.ref not in minus]
    relation = sum_of(total.ref, added_up, [part.ref for part in parts if part.ref in minus])
    gap = f"差异{plain(abs(difference))}{total.unit}{share_of(difference, total)}"
    if total.interval.meets(wanted):
        note = "相符" if difference == 0 else f"{gap}，在四舍五入范围内"
        return consistent(f"{head}，{note}。", subjects, total.shown, (relation,))
    lacking = total.interval.low >= wanted.high
    partial = lacking and short is not None
    twice = listed_twice(total, parts)
    note = f"，“{twice}”一行填列了两次，去掉一次即相符" if twice else "，所列各项可能不全" if partial else ""
    return Finding(
        "inconsistent",
        f"{head}，{gap}{note}。",
        subjects,
        reported=total.shown,
        expected=computed,
        difference=difference,
        tolerance=rounding(total.interval, wanted),
        unit=total.unit,
        severity="warning" if twice else short if lacking else None,
        relations=(relation,),
    )


def listed_twice(total: Printed, parts: Sequence[Printed]) -> str:
    """The part that stands there twice, the same in name and amount, where all that is too much is its second time."""
    seen: set[tuple[str, str | None, Decimal]] = set()
    once: list[Printed] = []
    again: list[Printed] = []
    for part in parts:
        key = (part.row, part.raw, part.value)
        (again if key in seen else once).append(part)
        seen.add(key)
    return again[0].row if again and total.interval.meets(interval_sum(once)) else ""


def swapped(total: Printed, parts: Sequence[Printed], digits: int = 2) -> Printed | None:
    """The figure with two digits changed places that makes up for all that is lacking; None for none.

    Only figures of so many digits count, beside a total of three.
    """
    lacking = total.value - sum((one.value for one in parts), ZERO)
    if total.value < _TELLING and not is_telling(total.value):
        return None
    wanted = ((total, -lacking), *((one, lacking) for one in parts))
    told = ((one, gap) for one, gap in wanted if significant_digits(one.value) >= digits)
    return next((one for one, gap in told if one.value + gap in swaps(one.value, one.raw)), None)

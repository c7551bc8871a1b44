"""Sums of printed numbers and how they are written in a sentence (合计的算法与写法)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipeline.checks.model import Finding
from pipeline.checks.printed import Printed, plain
from pipeline.checks.slips import likely_cause
from schemas.intervals import Interval
from schemas.records import Severity

_ZERO = Decimal(0)


def interval_sum(cells: Iterable[Printed]) -> Interval:
    """Everything the sum of the printed numbers may be."""
    result = Interval(_ZERO, _ZERO)
    for cell in cells:
        result = result + cell.interval
    return result


def rounding(*intervals: Interval) -> Decimal:
    """What rounding can explain: half the widths together."""
    return sum(((interval.high - interval.low) / 2 for interval in intervals), _ZERO)


def money_like(value: Decimal, like: Printed) -> str:
    """An amount in 万元, and in 元 before it where the table is in 元."""
    canonical = f"{plain(value)}万元"
    return f"{plain(value * 10000)}元（{canonical}）" if like.unit_raw == "元" else canonical


def sum_cause(total: Printed, parts: Sequence[Printed]) -> str | None:
    """The one slip, in the total or in a part, that would make the sum hold."""
    others = [(part, total.interval - interval_sum(other for other in parts if other is not part)) for part in parts]
    return likely_cause([(total, interval_sum(parts)), *others])


def sum_finding(total: Printed, parts: Sequence[Printed], short: Severity | None, whole: str = "各项") -> Finding:
    """A total beside the numbers it is made of.

    `short` is the severity of a sum below the total (None: the rule's own, the list is complete); a sum above it always
    contradicts the total. `whole` names the parts in the sentence.
    """
    wanted = interval_sum(parts)
    added = sum((part.value for part in parts), _ZERO)
    difference = total.value - added
    listed = "＋".join(f"{part.row}{part.shown}" for part in parts)
    head = f"{total.name}印为{total.shown}，{whole}{listed}，合计{money_like(added, total)}"
    subjects = (total.ref, *(part.ref for part in parts))
    if total.interval.meets(wanted):
        note = "相符" if difference == 0 else f"相差{plain(abs(difference))}万元，在四舍五入范围内"
        return Finding("consistent", f"{head}，{note}。", subjects, total.shown)
    lacking = total.interval.low > wanted.high
    partial = lacking and short is not None
    return Finding(
        "inconsistent",
        f"{head}，相差{plain(abs(difference))}万元{'，所列各项可能不全' if partial else ''}。",
        subjects,
        reported=total.shown,
        expected=money_like(added, total),
        difference=difference,
        tolerance=rounding(total.interval, wanted),
        unit="万元",
        likely_cause=None if partial else sum_cause(total, parts),
        severity=short if lacking else None,
    )

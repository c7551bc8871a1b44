"""Means of a day or a month beside what a year makes: 全年清运1.314万吨，日均清运36吨 (日均、月均)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.model import Finding
from pipeline.checks.printed import plain, swaps
from pipeline.checks.prose_figures import ProseFigure, Said, are_alike, own_label
from pipeline.checks.prose_rates import named
from pipeline.checks.written import written
from schemas.decimals import ONE
from schemas.intervals import Interval
from schemas.judgement import judgement

_DAY, _MONTHS = "day", 12
_MOST = Decimal("1.02")
"""How many times more than the whole year a total may be of its mean before that is impossible."""


def means_of_a_year(group: Said) -> Iterator[Finding | None]:
    """Each mean of a day or a month in a sentence: None where it is that of the year's total, or of fewer days.

    Where the days are told (开放342天), it is of these. Otherwise only one that needs more days than a year has is odd,
    or one that has two digits changed places.
    """
    for mean in group:
        periods = next((told for word, told in judgement().year_means.items() if word in own_label(mean)), ())
        total = _total_of(mean, group) if periods and mean.cell.value > 0 else None
        if total is not None:
            days = [one.cell.value for one in group if one.amount.unit == _DAY and max(periods) > _MONTHS]
            yield _apart(mean, total, [*days, *map(Decimal, periods)], told=bool(days))


def _total_of(mean: ProseFigure, group: Said) -> ProseFigure | None:
    """The nearest figure before a mean that is in its unit and no mean; only where the sentence tells of the year."""
    if not any(word in (mean.amount.context or "") for word in judgement().year_words):
        return None
    before = group[: group.index(mean)]
    told = [one for one in before[-1:] if are_alike(one, mean) and one.cell.value > mean.cell.value]
    return told[0] if told else None


def _apart(mean: ProseFigure, total: ProseFigure, periods: Sequence[Decimal], *, told: bool) -> Finding | None:
    ways = [(total.cell.value / count, total.cell.interval.scale(1 / count)) for count in periods]
    width = mean.cell.interval.high - mean.cell.interval.low or ONE
    if any(Interval.around(mean.cell.value, width).meets(interval) for _, interval in ways):
        return None
    beyond = total.cell.value > _MOST * max(periods) * mean.cell.value
    turned = any(
        Interval.around(other, width).meets(interval)
        for other in swaps(mean.cell.value, mean.cell.raw)
        for _, interval in ways
    )
    if not (told or beyond or turned):
        return None
    right = ways[0][0].quantize(width / 10)
    computed = written(right, replace(mean.cell, raw=None))
    word = "天" if max(periods) > _MONTHS else "个月"
    return Finding(
        "inconsistent",
        f"{named(mean).name}经复算为{computed}（{named(total).name}{total.cell.shown}÷{plain(periods[0])}{word}），"
        f"写为{mean.cell.shown}，差异{written(abs(mean.cell.value - right), replace(mean.cell, raw=None))}。",
        (mean.cell.ref, total.cell.ref),
        reported=mean.cell.shown,
        expected=computed,
        difference=mean.cell.value - right,
        unit=mean.cell.unit,
    )

"""What sentences say of one figure in two years: 由甲增加到乙, 比上年的甲增加 (前后两数的变动)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from pipeline.checks.model import Finding
from pipeline.checks.printed import POINTS_OF_PERCENT, plain
from pipeline.checks.prose_figures import BASES, ProseFigure, Said, are_alike, own_label, words_before
from pipeline.checks.written import written
from schemas.decimals import CENT, HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.traditional import simplified


def _name(one: ProseFigure) -> str:
    return simplified(own_label(one))


@dataclass(frozen=True, slots=True)
class Move:
    """One figure before and after (变动): which way it is said to have moved, by how much, at which rate."""

    before: ProseFigure
    after: ProseFigure
    direction: int
    moved: ProseFigure | None
    rate: ProseFigure | None
    against: str = ""
    """What the figure before is, where it is one that something is compared with: 上年, 计划."""

    @property
    def apart(self) -> Decimal:
        return self.after.cell.value - self.before.cell.value

    @property
    def is_backwards(self) -> bool:
        """Whether it is said to have risen and fell, or the other way round."""
        return self.direction * self.apart < 0

    @property
    def shown(self) -> str:
        """The two figures for a sentence: “投诉量”由320起变为285起; “养护里程”1260公里与计划的1200公里."""
        name = judgement().what_moved(_name(self.after))
        subject = f"“{name}”" if name else "同一数"
        if self.against:
            return f"{subject}{self.after.cell.shown}与{self.against}的{self.before.cell.shown}"
        return f"{subject}由{self.before.cell.shown}变为{self.after.cell.shown}"

    @property
    def fits(self) -> bool:
        return not any(self.findings())

    def findings(self) -> Iterator[Finding]:
        """What does not go together; the rate only where the difference does."""
        if self.is_backwards:
            yield self._backwards()
            return
        if self.moved is not None and abs(abs(self.apart) - self.moved.cell.value) > self._slack(self.moved):
            yield self._other_gap(self.moved)
            return
        if self.apart == 0:
            return
        wanted = self._rate()
        if self.rate is not None and wanted is not None and not widened(self.rate).meets(wanted):
            yield self._other_rate(self.rate)

    def _slack(self, moved: ProseFigure) -> Decimal:
        widths = (one.cell.interval.high - one.cell.interval.low for one in (self.before, self.after, moved))
        return sum(widths, ZERO) / 2

    def _rate(self) -> Interval | None:
        apart = self.after.cell.interval - self.before.cell.interval
        if self.apart < 0:
            apart = Interval(-apart.high, -apart.low)
        share = apart.ratio(self.before.cell.interval)
        return None if share is None else share.scale(HUNDRED)

    def _backwards(self) -> Finding:
        said, shown = ("上升", "下降") if self.direction > 0 else ("下降", "上升")
        return Finding(
            "inconsistent",
            f"{self.shown}，写明{said}而数值{shown}，请核对前后两数。",
            (self.after.cell.ref, self.before.cell.ref),
            reported=self.after.cell.shown,
            difference=self.apart,
            unit=self.after.cell.unit_apart,
        )

    def _other_gap(self, moved: ProseFigure) -> Finding:
        apart = abs(self.apart)
        is_share = moved.cell.kind == "percent"
        computed = f"{plain(apart)}{POINTS_OF_PERCENT}" if is_share else written(apart, moved.cell)
        return Finding(
            "inconsistent",
            f"{self.shown}，经复算相差{computed}，写为{moved.amount.value_raw}。",
            (moved.cell.ref, self.before.cell.ref, self.after.cell.ref),
            reported=moved.amount.value_raw,
            expected=computed,
            difference=moved.cell.value - apart,
            unit=moved.cell.unit_apart,
        )

    def _other_rate(self, rate: ProseFigure) -> Finding:
        right = abs(self.apart) * HUNDRED / self.before.cell.value
        computed = f"{plain(right.quantize(CENT))}%"
        difference = rate.cell.value - right
        return Finding(
            "inconsistent",
            f"{self.shown}，变动的幅度经复算为{computed}，写为{rate.cell.shown}，"
            f"差异{plain(abs(difference).quantize(CENT))}个百分点。",
            (rate.cell.ref, self.before.cell.ref, self.after.cell.ref),
            reported=rate.cell.shown,
            expected=computed,
            difference=difference,
            unit=POINTS_OF_PERCENT,
        )


def widened(rate: ProseFigure) -> Interval:
    """What a rate may be, its last digit cut off or taken from finer figures."""
    interval = rate.cell.interval
    step = interval.high - interval.low
    return Interval(interval.low - step, interval.high + step)


def moves(group: Said) -> Iterator[Move]:
    """Every figure of a sentence that is told for two years."""
    before = [simplified(words) for words in words_before(group)]
    for at, (first, second) in enumerate(pairwise(group)):
        direction = judgement().moved_to(before[at + 1]) if are_alike(first, second) else 0
        against = judgement().compared_with(before[at + 1])
        if direction and judgement().moved_from.search(before[at]):
            yield _with_change(first, [second], direction, group[at + 2 :])
        elif against and (told := [one for one in group[: at + 1] if are_alike(one, second)]):
            yield replace(_with_change(second, told[::-1], 0, group[at + 2 :]), against=against)


def in_brackets(group: Said) -> Iterator[Move]:
    """4.68万人次，同比增长17%（上年4万人次）: what it was stands in brackets behind the rate."""
    words = words_before(group)
    for at, (now, rate, before) in enumerate(zip(group, group[1:], group[2:], strict=False)):
        told = judgement().bracketed_before.fullmatch(simplified(words[at + 2]))
        if not told or not _is_rate(rate, now):
            continue
        alike = [one for one in group[: at + 1] if are_alike(one, before)]
        wholes = [one for one in alike if one.amount.part_of is None]
        ways = [Move(before, one, way_of(rate), None, rate) for one in reversed(alike)]
        fits = any(way.fits for way in ways)
        if len(wholes) == 1 and not fits:
            yield Move(before, wholes[0], way_of(rate), None, rate)


def _with_change(before: ProseFigure, told: Said, direction: int, following: Said) -> Move:
    """With the change and the rate that follow at once; of the figures that may have moved the one that fits is meant.

    Otherwise the nearest that is no plan.
    """
    first = next(iter(following[:1]), None)
    moved = first if first is not None and _is_difference(first, before) else None
    behind = following[1:2] if moved is not None else following[:1]
    rate = next((one for one in behind if _is_rate(one, before)), None)
    way = direction or way_of(moved or rate)
    ways = [Move(before, after, way, moved, rate) for after in told]
    done = [move for move in ways if move.after.amount.measure not in BASES]
    return next((move for move in ways if move.fits), min(done or ways, key=_times_apart))


def _times_apart(move: Move) -> Decimal:
    """How many times the larger of the two figures is the smaller."""
    smaller, larger = sorted((move.before.cell.value, move.after.cell.value))
    return larger / smaller if smaller > 0 else Decimal("Infinity")


def way_of(one: ProseFigure | None) -> int:
    """Whether a figure is by how much something is more (1) or less (-1); 0 where its name does not say it."""
    name = _name(one) if one is not None else ""
    return int(name.endswith(judgement().more)) - int(name.endswith(judgement().less))


def is_difference(one: ProseFigure) -> bool:
    """Whether a figure is by how much two others differ: 增加60人, 多60吨."""
    return way_of(one) != 0


def _is_difference(one: ProseFigure, after: ProseFigure) -> bool:
    in_points = any(word in (one.amount.value_raw or "") for word in judgement().percentage_points)
    return way_of(one) != 0 and are_alike(one, after) and in_points == (after.cell.kind == "percent")


def _is_rate(one: ProseFigure, after: ProseFigure) -> bool:
    return one.amount.measure == "change" and one.cell.kind == "percent" and after.cell.kind != "percent"

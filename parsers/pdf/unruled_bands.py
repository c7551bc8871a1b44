"""Bands: stretches of a page whose text keeps the same columns (栏带).

A form without cell borders has several: its head, the funding block, the goals, the indicators. Inside one band a
white strip runs between any two columns, as text stays inside its cell; a title or a wide cell closes strips, and so
marks a new band. Horizontal extents are bit masks of half points, so that a strip is a run of ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.pdf.unruled_settings import Settings
from parsers.pdf.unruled_text import Fragment, TextRow

PER_POINT = 2
Strip = tuple[float, float]
"""A white strip from x0 to x1 in points."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows `rows` of the page whose columns are parted by `gutters` (from left to right)."""

    rows: tuple[TextRow, ...]
    gutters: tuple[Strip, ...]

    @property
    def n_cols(self) -> int:
        return len(self.gutters) + 1

    def column_of(self, x: float) -> int:
        return sum(1 for low, high in self.gutters if x > (low + high) / 2)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a row of text covers, and the gaps in it with their weight as evidence for two cells."""

    covered: int
    gaps: tuple[tuple[int, float], ...]


def find_bands(rows: Sequence[TextRow], settings: Settings) -> list[Band]:
    """The cheapest division into bands: each costs `band_cost`, and each gap it cannot keep open its weight."""
    reaches = [_reach(rows, index, settings) for index in range(len(rows))]
    cuts = [_cut_cost(rows, index, settings) for index in range(len(rows))]
    best = [0.0] + [float("inf")] * len(rows)
    start = [0] * (len(rows) + 1)
    for first in range(len(rows)):
        base = best[first] + settings.band_cost + cuts[first]
        for after, lost in _losses(reaches, first, settings):
            if base + lost < best[after]:
                best[after], start[after] = base + lost, first
    spans: list[tuple[int, int]] = []
    after = len(rows)
    while after:
        spans.append((start[after], after))
        after = start[after]
    bands: list[Band] = []
    for first, after in reversed(spans):
        band = _band(rows[first:after], reaches[first:after], settings)
        if bands and bands[-1].n_cols > band.n_cols > 1:
            conforming = _conforming(bands[-1], band.rows)
            if conforming:
                bands[-1] = Band(bands[-1].rows + band.rows[:conforming], bands[-1].gutters)
                first += conforming
                if first == after:
                    continue
                band = _band(rows[first:after], reaches[first:after], settings)
        bands.append(band)
    return bands


def _conforming(above: Band, rows: Sequence[TextRow]) -> int:
    """How many of `rows` leave the gutters of the band above open: which of two bands they fell to was a toss-up."""
    closed = 0
    for low, high in above.gutters:
        middle = (low + high) / 2
        closed |= _mask(middle - 0.75, middle + 0.75)
    for index, row in enumerate(rows):
        if any(_mask(f.x0, f.x1) & closed for f in row.fragments):
            return index
    return len(rows)


def _losses(reaches: Sequence[_Reach], first: int, settings: Settings) -> list[tuple[int, float]]:
    """For every end of a band that starts at `first`: the weight of the gaps that stay closed."""
    losses: list[tuple[int, float]] = []
    covered = 0
    lost = 0.0
    strips: list[tuple[int, float]] = []
    for index in range(first, min(len(reaches), first + settings.band_rows)):
        reach = reaches[index]
        covered |= reach.covered
        kept: list[tuple[int, float]] = []
        for mask, weight in strips:
            mask &= ~reach.covered
            if _is_open(mask):
                kept.append((mask, weight))
            else:
                lost += weight
        strips = kept
        for gap, weight in reach.gaps:
            free = gap & ~covered
            if not _is_open(free):
                lost += weight
                continue
            for position, (mask, sum_) in enumerate(strips):
                if _is_open(mask & free):
                    strips[position] = mask & free, sum_ + weight
                    break
            else:
                strips.append((free, weight))
        if lost > settings.band_loss:
            break
        losses.append((index + 1, lost))
    return losses


def _is_open(mask: int) -> int:
    """Non-zero if `mask` has a run of at least a point and a half."""
    return mask & mask >> 1 & mask >> 2


def _mask(x0: float, x1: float) -> int:
    low, high = max(round(x0 * PER_POINT), 0), max(round(x1 * PER_POINT), 0)
    return (1 << high) - (1 << low) if high > low else 0


def _reach(rows: Sequence[TextRow], index: int, settings: Settings) -> _Reach:
    row = rows[index]
    covered = 0
    for fragment in row.fragments:
        covered |= _mask(fragment.x0, fragment.x1)
    gaps = [
        (_mask(left.x1, right.x0), _weight(left, right, settings))
        for left, right in zip(row.fragments, row.fragments[1:], strict=False)
    ]
    for left, right in _neighbours_above(rows, index, settings):
        gaps.append((_mask(left.x1, right.x0), _weight(left, right, settings)))
    return _Reach(covered, tuple(gaps))


def _weight(left: Fragment, right: Fragment, settings: Settings) -> float:
    gap = (right.x0 - left.x1) / max(left.size, right.size)
    share = (gap - settings.fragment_gap) / (settings.full_gap - settings.fragment_gap)
    wide = (gap - settings.full_gap) / (settings.wide_gap - settings.full_gap)
    return min(max(share, 0.05), 1.0) + settings.wide_bonus * min(max(wide, 0.0), 1.0)


def _neighbours_above(rows: Sequence[TextRow], index: int, settings: Settings) -> list[tuple[Fragment, Fragment]]:
    """Pairs that stand side by side although their baselines differ: one of row `index`, one of a row just above."""
    row = rows[index]
    pairs: list[tuple[Fragment, Fragment]] = []
    above: list[Fragment] = []
    for other in rows[max(0, index - 4) : index]:
        if row.y - other.y < settings.side_by_side * row.size:
            above.extend(other.fragments)
    if not above:
        return pairs
    both = sorted([(f.x0, 0, f) for f in above] + [(f.x0, 1, f) for f in row.fragments], key=lambda item: item[:2])
    for (_, mine, left), (_, also, right) in zip(both, both[1:], strict=False):
        if mine != also and right.x0 - left.x1 > settings.fragment_gap * right.size:
            pairs.append((left, right))
    return pairs


def _cut_cost(rows: Sequence[TextRow], index: int, settings: Settings) -> float:
    """What it costs to begin a band at row `index`: fragments side by side, or a text that runs on, would be parted."""
    if not index:
        return 0.0
    row = rows[index]
    running = 0
    for other in rows[max(0, index - 4) : index]:
        if row.y - other.y > settings.run_on_pitch * row.size:
            continue
        for up in other.fragments:
            for low in row.fragments:
                follows = up.last < low.first <= up.last + settings.order_jump
                running += follows and low.x0 < up.x1 and up.x0 < low.x1
    beside = len(_neighbours_above(rows, index, settings))
    return settings.cut_cost * beside + settings.run_on_cost * running


def _band(rows: Sequence[TextRow], reaches: Sequence[_Reach], settings: Settings) -> Band:
    covered = 0
    for reach in reaches:
        covered |= reach.covered
    gaps = [gap for reach in reaches for gap in reach.gaps]
    gutters: list[Strip] = []
    runs = _free_runs(covered)
    for low, high in runs:
        run = (1 << high) - (1 << low)
        if sum(weight for gap, weight in gaps if _is_open(gap & run)) >= settings.support:
            gutters.append((low / PER_POINT, high / PER_POINT))
    side = _side_strip(rows, [(low / PER_POINT, high / PER_POINT) for low, high in runs], gutters, settings)
    return Band(tuple(rows), (*side, *gutters))


def _side_strip(
    rows: Sequence[TextRow], runs: Sequence[Strip], gutters: Sequence[Strip], settings: Settings
) -> tuple[Strip, ...]:
    """The strip right of a side label (侧栏标题) that stands beside no line of the next column, but between two."""
    if not gutters or not runs or runs[0] == gutters[0]:
        return ()
    low, high = runs[0]
    first = [f for row in rows for f in row.fragments if f.x1 <= gutters[0][0] + 1]
    label = [f for f in first if f.x1 <= low + 1]
    beyond = [f for f in first if f.x0 >= high - 1]
    if not label or len(beyond) < 2 or high - low < settings.full_gap * label[0].size:
        return ()
    inside = beyond[0].y < label[0].y and label[-1].y < beyond[-1].y
    return ((low, high),) if inside and len(label) <= len(beyond) else ()


def _free_runs(covered: int) -> list[tuple[int, int]]:
    """Runs of at least a point and a half between covered places."""
    runs: list[tuple[int, int]] = []
    if not covered:
        return runs
    position = (covered & -covered).bit_length() - 1
    end = covered.bit_length()
    while position < end:
        rest = ~(covered >> position)
        position += (rest & -rest).bit_length() - 1
        if position >= end:
            break
        ahead = covered >> position
        after = position + (ahead & -ahead).bit_length() - 1
        if after - position >= 3:
            runs.append((position, after))
        position = after
    return runs

"""Bands: stretches of a page whose text keeps the same columns (栏带).

A form without cell borders has several: its head, the funding block, the goals, the indicators. Inside one band a
white strip runs between any two columns, as text stays inside its cell; a title or a wide cell closes strips, and so
marks a new band. Horizontal extents are bit masks of half points, so that a strip is a run of ones.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.primitives import Edge
from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_text import Fragment, TextRow
from parsers.pdf.unruled_words import is_cell, is_header, is_word, looks_like_value

PER_POINT = 2
RULE_ROOM = 0.8
"""Points beside a drawn rule that no text covers, even where it touches the rule."""
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

    def middles(self) -> list[float]:
        """The middles of the gutters: `bisect_left` in them is the column of an x."""
        return [(low + high) / 2 for low, high in self.gutters]

    def column_of(self, x: float) -> int:
        return bisect_left(self.middles(), x)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a row of text covers, and the gaps in it with their weight as evidence for two cells."""

    covered: int
    gaps: tuple[tuple[int, float], ...]


def find_bands(
    rows: Sequence[TextRow], vertical: Sequence[Edge], horizontal: Sequence[Edge], settings: UnruledSettings
) -> list[Band]:
    """The cheapest division into bands: each costs `band_cost`, and each gap it cannot keep open its weight."""
    reaches = [_reach(rows, index, vertical, settings) for index in range(len(rows))]
    cuts = [_cut_cost(rows, index, settings) for index in range(len(rows))]
    opening = _strip_starts(rows, horizontal, settings)
    for index in {opening[index] for index in _header_starts(rows, settings)}:
        cuts[index] -= settings.band_cost + settings.header_gain
    for index, first in enumerate(opening):
        cuts[index] += settings.cut_strip if first < index else 0.0
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
        for begin, end in _without_closing_rows(rows, reaches, first, after, vertical, settings):
            band = _band(rows[begin:end], reaches[begin:end], vertical, settings)
            conforming = _whole_lines(_conforming(bands[-1], band, settings), band, settings) if bands else 0
            if conforming and begin + conforming < end:
                conforming = max(opening[begin + conforming] - begin, 0)
            if conforming:
                bands[-1] = _drawn_out(bands[-1], band.rows[:conforming])
                begin += conforming
                if begin == end:
                    continue
                band = _band(rows[begin:end], reaches[begin:end], vertical, settings)
            bands.append(band)
    return bands


def _without_closing_rows(
    rows: Sequence[TextRow],
    reaches: Sequence[_Reach],
    first: int,
    after: int,
    vertical: Sequence[Edge],
    settings: UnruledSettings,
) -> list[tuple[int, int]]:
    """The band in two, if without its last few rows it has more columns."""
    covered = 0
    open_before: list[int] = []
    for reach in reaches[first:after]:
        open_before.append(len(_free_runs(covered)) if after - first - len(open_before) <= settings.closing_rows else 0)
        covered |= reach.covered
    if max(open_before) <= len(_free_runs(covered)):
        return [(first, after)]
    whole = _band(rows[first:after], reaches[first:after], vertical, settings).n_cols
    for end in range(after - 1, max(after - 1 - settings.closing_rows, first + 3), -1):
        if whole > 2 and _band(rows[first:end], reaches[first:end], vertical, settings).n_cols > whole:
            return [(first, end), (end, after)]
    return [(first, after)]


def _conforming(above: Band, below: Band, settings: UnruledSettings) -> int:
    """How many rows of the band below leave the gutters of the band above open: their band was a toss-up.

    Lines that stand alone must go on a cell of the band: near, and not in its first column, where prose begins. Where
    both bands have as many columns they may be labels, if rows with several cells follow; a header begins a band.
    """
    if above.n_cols < 3 or above.n_cols < below.n_cols:
        return 0
    free = [_mask(low, high) for low, high in above.gutters]
    same = above.n_cols == below.n_cols
    last = above.rows[-1].y
    sure = 0
    for index, row in enumerate(below.rows):
        alone = len(row.fragments) == 1
        far = row.y - last > settings.solid_pitch * row.size
        label = above.column_of(row.fragments[0].x0) == 0
        loose = alone and not same and (far or label)
        begins = same and sum(map(_is_header, row.fragments)) >= 2
        if loose or begins:
            return sure
        free = [gutter & ~_covered(row) for gutter in free]
        if not all(map(_is_open, free)):
            return sure
        sure = sure if alone and same else index + 1
        last = row.y
    return sure


def _whole_lines(count: int, band: Band, settings: UnruledSettings) -> int:
    """As many of the first `count` rows as stand beside none of the rows after them: a header's wrapped cells begin
    above its others."""
    rows = band.rows
    while 0 < count < len(rows) and rows[count].y - rows[count - 1].y < settings.side_by_side * rows[count].size:
        count -= 1
    return count


def _drawn_out(band: Band, rows: Sequence[TextRow]) -> Band:
    """The band with rows that leave its gutters open, which are as narrow as those rows make them."""
    gutters: list[Strip] = []
    for low, high in band.gutters:
        free = _mask(low, high)
        for row in rows:
            free &= ~_covered(row)
        first, after = max(_runs(free), key=lambda run: run[1] - run[0])
        gutters.append((first / PER_POINT, after / PER_POINT))
    return Band(band.rows + tuple(rows), tuple(gutters))


def _covered(row: TextRow) -> int:
    covered = 0
    for fragment in row.fragments:
        covered |= _mask(fragment.x0, fragment.x1)
    return covered


def _losses(reaches: Sequence[_Reach], first: int, settings: UnruledSettings) -> list[tuple[int, float]]:
    """For every end of a band that starts at `first`: the weight of the gaps that stay closed."""
    losses: list[tuple[int, float]] = []
    covered = 0
    lost = 0.0
    strips: list[tuple[int, float]] = []
    for index in range(first, min(len(reaches), first + settings.band_rows)):
        reach = reaches[index]
        covered |= reach.covered
        kept: list[tuple[int, float]] = []
        for strip in strips:
            if not strip[0] & reach.covered:  # as most do, which is quickly told
                kept.append(strip)
            elif _is_open(mask := strip[0] & ~reach.covered):
                kept.append((mask, strip[1]))
            else:
                lost += strip[1]
        strips = kept
        for gap, weight in reach.gaps:
            free = gap & ~covered
            if _is_open(free):
                _widen(strips, free, weight)
            else:
                lost += weight
        if lost > settings.band_loss:
            break
        losses.append((index + 1, lost))
    return losses


def _widen(strips: list[tuple[int, float]], free: int, weight: float) -> None:
    """Count a gap for the strip that it has most in common with, or as a new strip."""
    shared = [mask & free for mask, _ in strips]
    meeting = [common for common in shared if common]
    common = meeting[0] if len(meeting) == 1 else max(meeting, key=int.bit_count, default=0)
    if _is_open(common):
        best = shared.index(common)
        strips[best] = common, strips[best][1] + weight
    else:
        strips.append((free, weight))


def _is_open(mask: int) -> int:
    """Non-zero if `mask` has a run of at least a point and a half."""
    return mask & mask >> 1 & mask >> 2


def _mask(x0: float, x1: float) -> int:
    low, high = max(round(x0 * PER_POINT), 0), max(round(x1 * PER_POINT), 0)
    return (1 << high) - (1 << low) if high > low else 0


def _reach(rows: Sequence[TextRow], index: int, vertical: Sequence[Edge], settings: UnruledSettings) -> _Reach:
    row = rows[index]
    covered = 0
    for fragment in row.fragments:
        covered |= _mask(fragment.x0, fragment.x1)
    rules = [e.pos for e in vertical if e.start <= row.y <= e.end]
    for pos in rules:
        covered &= ~_mask(pos - RULE_ROOM, pos + RULE_ROOM)
    gaps: list[tuple[int, float]] = []
    for left, right in pairwise(row.fragments):
        ruled = [pos for pos in rules if left.x1 - 1 <= pos <= right.x0 + 1]
        if ruled:
            gaps.append((_mask(min(left.x1, ruled[0] - RULE_ROOM), max(right.x0, ruled[-1] + RULE_ROOM)), 1.0))
        elif right.x0 - left.x1 >= settings.fragment_gap * right.size:
            gaps.append((_mask(left.x1, right.x0), _weight(left, right, settings)))
    for left, right in _neighbours_above(rows, index, settings):
        gaps.append((_mask(left.x1, right.x0), _weight(left, right, settings)))
    return _Reach(covered, tuple(gaps))


def _weight(left: Fragment, right: Fragment, settings: UnruledSettings) -> float:
    gap = (right.x0 - left.x1) / max(left.size, right.size)
    share = (gap - settings.fragment_gap) / (settings.full_gap - settings.fragment_gap)
    wide = (gap - settings.full_gap) / (settings.wide_gap - settings.full_gap)
    least = settings.word_weight if is_cell(left.text) or is_cell(right.text) else 0.05
    return min(max(share, least), 1.0) + settings.wide_bonus * min(max(wide, 0.0), 1.0)


def _neighbours_above(
    rows: Sequence[TextRow], index: int, settings: UnruledSettings
) -> list[tuple[Fragment, Fragment]]:
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
    for (_, mine, left), (_, also, right) in pairwise(both):
        if mine != also and right.x0 - left.x1 > settings.fragment_gap * right.size:
            pairs.append((left, right))
    return pairs


def _cut_cost(rows: Sequence[TextRow], index: int, settings: UnruledSettings) -> float:
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
                if low.x0 < up.x1 and up.x0 < low.x1:
                    follows = up.last < low.first <= up.last + settings.order_jump
                    running += follows or (up.x1 - up.x0 > settings.long_line * up.size and abs(up.x0 - low.x0) < 1.0)
    beside = len(_neighbours_above(rows, index, settings))
    return settings.cut_cost * beside + settings.run_on_cost * running


def _strip_starts(rows: Sequence[TextRow], horizontal: Sequence[Edge], settings: UnruledSettings) -> list[int]:
    """The first row of text of the strip between two rules that each row stands in; itself where there is none."""
    drawn = sorted({edge.pos for edge in horizontal})
    strips = [(bisect_right(drawn, row.y - row.size / 2), row.size) for row in rows]
    starts = list(range(len(rows)))
    for index in range(1, len(rows)):
        strip, size = strips[index]
        is_between = strip == strips[index - 1][0] and 0 < strip < len(drawn)
        if is_between and drawn[strip] - drawn[strip - 1] <= settings.strip_lines * size:
            starts[index] = starts[index - 1]
    return starts


def _header_starts(rows: Sequence[TextRow], settings: UnruledSettings) -> set[int]:
    """Rows at which the header of a table begins: a band had better begin there."""
    starts: set[int] = set()
    for index, row in enumerate(rows):
        if sum(is_word(f.text) for f in row.fragments) >= settings.header_words:
            starts.add(index)
            while index and rows[index].y - rows[index - 1].y < settings.side_by_side * row.size:
                index -= 1
                starts.add(index)
    return starts


def _band(
    rows: Sequence[TextRow], reaches: Sequence[_Reach], vertical: Sequence[Edge], settings: UnruledSettings
) -> Band:
    covered = 0
    for reach in reaches:
        covered |= reach.covered
    gaps = [gap for reach in reaches for gap in reach.gaps]
    near = [
        _mask(left.x1, right.x0)
        for row in rows
        for left, right in pairwise(row.fragments)
        if right.x0 - left.x1 < settings.fragment_gap * right.size
    ]
    gutters: list[Strip] = []
    runs = _free_runs(covered)
    for low, high in runs:
        run = (1 << high) - (1 << low)
        support = sum(weight for gap, weight in gaps if _is_open(gap & run))
        support += settings.near_weight * sum(1 for gap in near if _is_open(gap & run))
        if support >= settings.support or _ruled_off(rows, low / PER_POINT, high / PER_POINT, vertical):
            gutters.append((low / PER_POINT, high / PER_POINT))
    strips = [(low / PER_POINT, high / PER_POINT) for low, high in runs]
    gutters.extend(_label_strips(rows, strips, gutters, settings))
    return _headed(Band(tuple(rows), tuple(sorted(gutters))))


def _ruled_off(rows: Sequence[TextRow], low: float, high: float, vertical: Sequence[Edge]) -> bool:
    """Whether a rule runs down the strip beside most of the rows."""
    first, last = rows[0].y, rows[-1].y
    drawn = sum(
        min(e.end, last) - max(e.start, first)
        for e in vertical
        if low - 1 <= e.pos <= high + 1 and e.start <= last and first <= e.end
    )
    return drawn > 0.6 * (last - first)


def _headed(band: Band) -> Band:
    """The band without strips between a header and its values (a header in the middle, figures at the side), or
    between values of one header that stand at different sides.

    The two never stand side by side. In the first case one column holds words only, the other values.
    """
    columns: list[list[Fragment]] = [[] for _ in range(band.n_cols)]
    middles = band.middles()
    for row in band.rows:
        for fragment in row.fragments:
            columns[bisect_left(middles, (fragment.x0 + fragment.x1) / 2)].append(fragment)
    kept: list[Strip] = []
    left = columns[0]
    for strip, right in zip(band.gutters, columns[1:], strict=True):
        apart = _heads(left, right) or _heads(right, left) or _under_one_header(left, right)
        if apart and not _beside(left, right):
            left = sorted(left + right, key=lambda f: f.y)
            continue
        kept.append(strip)
        left = right
    return Band(band.rows, tuple(kept))


def _heads(header: Sequence[Fragment], values: Sequence[Fragment]) -> bool:
    """Whether one column holds only words, and the other mostly values."""
    like = sum(looks_like_value(f.text) for f in values)
    if not 0 < len(header) <= len(values) or any(map(_is_figure, header)):
        return False
    if like > 0.5 * len(values):
        return True
    return header[0].y < values[0].y and all(map(_is_header, header)) and not any(is_word(f.text) for f in values)


def _under_one_header(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    """Whether both columns hold values, and one header stands over one of them."""
    headed = [bool(column) and _is_header(column[0]) for column in (left, right)]
    bodies = [column[head:] for column, head in zip((left, right), headed, strict=True)]
    figures = all(2 * sum(map(_is_figure, body)) > len(body) for body in bodies)
    return headed[0] != headed[1] and figures


def _is_header(fragment: Fragment) -> bool:
    return is_header(fragment.text) or is_word(fragment.text)


def _is_figure(fragment: Fragment) -> bool:
    return looks_like_value(fragment.text)


def _beside(left: Sequence[Fragment], right: Sequence[Fragment]) -> bool:
    return any(abs(a.y - b.y) < 0.8 * a.size for a in left for b in right)


def _label_strips(
    rows: Sequence[TextRow], runs: Sequence[Strip], gutters: Sequence[Strip], settings: UnruledSettings
) -> list[Strip]:
    """Strips right of labels that stand beside no line of the next column, but between two of its lines.

    Such labels (侧栏标题, or the only label of a page) show no gap that would speak for the strip.
    """
    values = [f.x0 for row in rows for f in row.fragments if looks_like_value(f.text)]
    found: list[Strip] = []
    bounds = [float("-inf"), *((low + high) / 2 for low, high in gutters)]
    for left, right in pairwise([*bounds, float("inf")]):
        inside = [f for row in rows for f in row.fragments if left < f.x0 and f.x1 < right]
        for low, high in runs:
            if not left < low < high < right or (low, high) in gutters:
                continue
            label = [f for f in inside if f.x1 <= low + 1]
            beyond = [f for f in inside if f.x0 >= high - 1]
            few = len(beyond) < max(2, len(label))
            if not label or few or min(values, default=low) < low:
                continue
            wide = high - low >= settings.label_gap * label[0].size
            if wide and beyond[0].y < label[0].y and label[-1].y < beyond[-1].y:
                found.append((low, high))
                break
    return found


def _runs(free: int) -> list[tuple[int, int]]:
    """Runs of ones that are a point and a half at least, right of the page's edge."""
    end = free.bit_length()
    return _free_runs(~free & (1 << end) - 1 | 1 << end)


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

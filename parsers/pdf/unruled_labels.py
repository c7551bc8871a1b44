"""Labels of several rows: which rows does a label span? (合并标签的行跨度)

A label printed once for several rows stands either at the top of its first row or in the middle of all of them. In the
second case its middle is the middle of its span, the spans of one column follow each other, and a file written cell by
cell names the label before the first row it belongs to. The cheapest tiling of the rows is found by dynamic
programming. Where rules are drawn between rows, they say it outright.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from statistics import median

from parsers.pdf.primitives import Edge
from parsers.pdf.unruled_pieces import Piece
from parsers.pdf.unruled_rows import Rows
from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_words import are_several_labels, is_closing, is_foreign, is_header
from schemas.confidence import step

LOOSE_LABEL = step("loose_label")
"""Confidence in a label whose rows are a guess of the layout."""


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of one label, and the rows `start` to `end` (included) of the band it belongs to."""

    pieces: tuple[Piece, ...]
    column: int
    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class _Frame:
    """The band's rows as the labels see them: their edges, first lines, and first places in the producer's order.

    `nameless` counts the rows before each that have nothing in the column of names, `headed` are the rows right under a
    header; `opens` and `closes` say whether the band begins at the top of the page, or ends at its bottom.
    """

    edges: list[float]
    firsts: list[float]
    written: list[int] | None
    unit: float
    nameless: list[int]
    headed: frozenset[int]
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class _Aside:
    """What the columns right of a label say: rows at which finer labels begin or end (none: no such labels), the text
    of the next column in each row, and the rows right under a header."""

    bounds: frozenset[int] = frozenset()
    texts: Sequence[str] = ()
    headed: frozenset[int] = frozenset()

    def cost(self, label: str, start: int, end: int, settings: UnruledSettings, centred: bool) -> float:
        """What speaks against a label over the rows from `start` up to `end`."""
        foreign = settings.foreign * sum(is_foreign(text, label) for text in self.texts[start:end])
        if is_header(label):
            foreign += settings.headless * sum(start < r < end for r in self.headed)
        if not self.bounds:
            return foreign
        return foreign + settings.unnested * ((start not in self.bounds) + (centred and end not in self.bounds))


def find_labels(rows: Rows, horizontal: Sequence[Edge], height: float, settings: UnruledSettings) -> list[Label]:
    """The labels of all columns that have no cell of their own in each row."""
    labels: list[Label] = []
    frames = _frames(rows, height, settings)
    columns: list[int] = []
    for column, pieces in enumerate(rows.columns):
        if column in rows.leaves or not pieces:
            continue
        ruled = _ruled_spans(rows, column, horizontal, settings)
        if ruled:
            labels.extend(_by_rules(pieces, column, ruled))
        else:
            columns.append(column)
    for frame, centred in _modes(columns, rows, frames, settings):
        column = columns.pop()
        finer = [label for label in labels if label.column > column]
        aside = _Aside(_bounds(finer, len(rows.tops)), _finer_texts(column, rows, finer), frame.headed)
        labels.extend(_tile(column, rows, frame, aside, settings, centred)[1])
    return labels


def _finer_texts(column: int, rows: Rows, finer: Sequence[Label]) -> list[str]:
    """For each row what stands in the next column, a label's text in each row it spans."""
    lines: list[list[str]] = [[] for _ in rows.tops]
    for label in finer:
        if label.column == column + 1:
            for r in range(label.start, label.end + 1):
                lines[r] += [piece.text for piece in label.pieces]
    if column + 1 in rows.leaves:
        for piece in rows.columns[column + 1]:
            lines[rows.row_of[id(piece)]].append(piece.text)
    return ["".join(texts) for texts in lines]


def _modes(
    columns: Sequence[int], rows: Rows, frames: Sequence[_Frame], settings: UnruledSettings
) -> list[tuple[_Frame, bool]]:
    """For each column from the last to the first: do its labels stand in the middle of their rows or at the top?

    Labels of one band stand alike, unless one column says otherwise by more than a margin.
    """
    found: list[tuple[float, _Frame, float]] = []
    for column in columns:
        top = _tile(column, rows, frames[0], _Aside(), settings, centred=False)[0]
        middle, index = min(
            (_tile(column, rows, frame, _Aside(), settings, centred=True)[0], index)
            for index, frame in enumerate(frames)
        )
        found.append((middle, frames[index], top))
    margin = settings.mode_margin
    lean = sum(
        min(max(middle - top, -margin), margin)
        for column, (middle, _, top) in zip(columns, found, strict=True)
        if len(rows.columns[column]) > 1
    )
    modes: list[tuple[_Frame, bool]] = []
    for middle, frame, top in reversed(found):
        own = middle - top
        modes.append((frame, (own if abs(own) > margin or not lean else lean) < 0))
    return modes


def _bounds(finer: Sequence[Label], n_rows: int) -> frozenset[int]:
    """Rows at which a label may begin or end by the labels of the columns right of it; empty if there are none."""
    if not finer:
        return frozenset()
    nearest = min(label.column for label in finer)
    inside = {r for label in finer if label.column == nearest for r in range(label.start + 1, label.end + 1)}
    return frozenset(range(n_rows + 1)) - inside


def _frames(rows: Rows, height: float, settings: UnruledSettings) -> list[_Frame]:
    """The rows with their edges half way between their texts, and, where the spaces between rows differ, also with
    the edges just above each row's text: a label of many lines makes its row higher, at the bottom if cells begin at
    the top."""
    gaps = [top - bottom for bottom, top in zip(rows.bottoms, rows.tops[1:], strict=False)]
    frames = [_frame(rows, [gap / 2 for gap in gaps], height, settings)]
    if gaps:
        least = sorted(gaps)[len(gaps) // 10]
        if max(gaps) > settings.uneven * least + 1.0:
            frames.append(_frame(rows, [least / 2] * len(gaps), height, settings))
    return frames


def _frame(rows: Rows, spaces: Sequence[float], height: float, settings: UnruledSettings) -> _Frame:
    """The rows with their edges `spaces` above each row's text from the second on."""
    tops, bottoms = rows.tops, rows.bottoms
    half = median(spaces or [2.0])
    edges = [tops[0] - half, *(top - space for top, space in zip(tops[1:], spaces, strict=True)), bottoms[-1] + half]
    n = len(tops)
    firsts = [float("inf")] * n
    written = [10**9] * n
    for column in rows.leaves:
        for piece in rows.columns[column]:
            r = rows.row_of[id(piece)]
            firsts[r] = min(firsts[r], piece.y)
            written[r] = min(written[r], piece.first)
    in_order = sum(a < b for a, b in pairwise(written))
    believed = rows.by_order and n > 1 and in_order >= 0.9 * (n - 1)
    heights = [b - a for a, b in pairwise(edges)]
    nameless = [*accumulate((not name for name in _names(rows)), initial=0)]
    opens, closes = edges[0] < settings.page_edge * height, edges[-1] > (1 - settings.page_edge) * height
    headed = frozenset(r + 1 for r in _header_rows(rows))
    return _Frame(edges, firsts, written if believed else None, median(heights), nameless, headed, opens, closes)


def _names(rows: Rows) -> list[str]:
    """What stands in the column of names in each row, nothing in the rows of totals and remarks at the end."""
    names = [""] * len(rows.tops)
    for piece in rows.columns[rows.leaves[0]]:
        names[rows.row_of[id(piece)]] += piece.text
    last = len(names)
    while last and (not names[last - 1] or is_closing(names[last - 1])):
        last -= 1
    return [*names[:last], *("" for _ in names[last:])]


def _header_rows(rows: Rows) -> list[int]:
    """Rows that name columns."""
    named = Counter(
        rows.row_of[id(piece)] for column in rows.leaves for piece in rows.columns[column] if is_header(piece.text)
    )
    return [r for r, count in named.items() if count >= 2]


def _ruled_spans(
    rows: Rows, column: int, horizontal: Sequence[Edge], settings: UnruledSettings
) -> list[tuple[int, float]]:
    """The rules drawn across this column, if rules are drawn between most rows further right: the row below each and
    its height, first the top of the band, last its end."""
    n = len(rows.tops)
    if n < 2 or not horizontal:
        return []
    gutters = rows.band.gutters
    left = gutters[column - 1][1] if column else min(p.x0 for p in rows.columns[column])
    right = gutters[column][0] if column < len(gutters) else max(p.x1 for p in rows.columns[column])
    beyond = gutters[rows.leaves[0]][1] if rows.leaves[0] < len(gutters) else right
    here: list[tuple[int, float]] = []
    there = 0
    for r in range(1, n):
        near = [e for e in horizontal if rows.bottoms[r - 1] - 3 <= e.pos <= rows.tops[r] + 3 and e.kind != "fill"]
        there += any(e.start <= beyond + 5 <= e.end for e in near)
        crossing = [e for e in near if e.start < right and left < e.end]
        if sum(min(e.end, right) - max(e.start, left) for e in crossing) >= 0.6 * (right - left):
            here.append((r, crossing[0].pos))
    if there < settings.ruled_share * (n - 1):
        return []
    return [(0, float("-inf")), *here, (n, float("inf"))]


def _by_rules(pieces: Sequence[Piece], column: int, rules: Sequence[tuple[int, float]]) -> list[Label]:
    labels: list[Label] = []
    for (start, high), (after, low) in pairwise(rules):
        inside = tuple(p for p in pieces if high <= p.y < low)
        if inside:
            labels.append(Label(inside, column, start, after - 1, 1.0))
    return labels


def _tile(
    column: int, rows: Rows, frame: _Frame, aside: _Aside, settings: UnruledSettings, centred: bool
) -> tuple[float, list[Label]]:
    """The cheapest way to cut the lines into labels and lay them on the rows in order."""
    pieces = rows.columns[column]
    n_lines, n_rows = len(pieces), len(rows.tops)
    gap = settings.bare_row if centred else 0.0
    infinite = float("inf")
    best = [[infinite] * (n_rows + 1) for _ in range(n_lines + 1)]
    back: list[list[tuple[int, int, float] | None]] = [[None] * (n_rows + 1) for _ in range(n_lines + 1)]
    best[0][0] = 0.0
    for i in range(n_lines + 1):
        for r in range(n_rows + 1):
            here = best[i][r]
            if here == infinite:
                continue
            if r < n_rows and (i == n_lines or frame.edges[r + 1] <= pieces[i].y + frame.unit * n_rows):
                named = frame.nameless[r + 1] == frame.nameless[r]
                bare = here + (0.0 if not named else gap if i else settings.bare_lead)
                bare += settings.headless if named and not centred and r in frame.headed else 0.0
                if bare < best[i][r + 1]:
                    best[i][r + 1], back[i][r + 1] = bare, (i, r, 0.0)
            if i < n_lines and r < n_rows and (r == 0 or rows.bottoms[r - 1] <= pieces[i].y):
                for k, end, cost in _labels_from(pieces, i, r, rows, frame, settings, centred):
                    lines = [piece.text for piece in pieces[i:k]]
                    cost += aside.cost("".join(lines), r, end, settings, centred)
                    cost += settings.several_labels if are_several_labels(lines) else 0.0
                    if here + cost < best[k][end]:
                        best[k][end], back[k][end] = here + cost, (i, r, cost)
    if best[n_lines][n_rows] == infinite:
        return infinite, _row_by_row(column, pieces, frame)
    return best[n_lines][n_rows], _laid_out(column, pieces, frame, back, settings, centred)


def _laid_out(
    column: int,
    pieces: Sequence[Piece],
    frame: _Frame,
    back: Sequence[Sequence[tuple[int, int, float] | None]],
    settings: UnruledSettings,
    centred: bool,
) -> list[Label]:
    """The labels of the cheapest tiling. Those beside a row that none of them covers are doubtful, if they stand in the
    middle of their rows; rows before the first label may belong to one of the page before."""
    labels: list[Label] = []
    i, r = len(pieces), len(frame.firsts)
    gap = False
    while i or r:
        step = back[i][r]
        assert step is not None
        previous, start, cost = step
        if previous < i:
            closing = is_closing("".join(piece.text for piece in pieces[previous:i]))
            sure = 1.0 if closing or (cost < settings.label_doubt and not gap) else LOOSE_LABEL
            labels.append(Label(tuple(pieces[previous:i]), column, start, r - 1, sure))
            gap = False
        elif centred and i and frame.nameless[r] == frame.nameless[r - 1]:
            gap = True
            if labels:
                labels[-1] = replace(labels[-1], confidence=LOOSE_LABEL)
        i, r = previous, start
    return labels[::-1]


def _row_by_row(column: int, pieces: Sequence[Piece], frame: _Frame) -> list[Label]:
    """Each line in the row it stands in: what is left where no tiling is possible."""
    groups: dict[int, list[Piece]] = {}
    for piece in pieces:
        row = min(max(bisect_left(frame.edges, piece.y) - 1, 0), len(frame.edges) - 2)
        groups.setdefault(row, []).append(piece)
    return [Label(tuple(lines), column, row, row, 0.5) for row, lines in groups.items()]


def _labels_from(
    pieces: Sequence[Piece], i: int, r: int, rows: Rows, frame: _Frame, settings: UnruledSettings, centred: bool
) -> list[tuple[int, int, float]]:
    """(next line, next row, cost) for every label that begins with line `i` and whose rows begin with `r`."""
    found: list[tuple[int, int, float]] = []
    edges = frame.edges
    n_rows = len(edges) - 1
    joined = 0.0
    for k in range(i, min(len(pieces), i + settings.label_lines)):
        if k > i:
            score = rows.links[id(pieces[k])].score
            joined += max(0.0, -score)
            if joined > settings.max_join:
                break
        cost = joined
        if k + 1 < len(pieces):
            cost += max(0.0, rows.links[id(pieces[k + 1])].score)
        if frame.written is not None:
            named = bisect_left(frame.written, pieces[i].first)
            cost += settings.label_order * min(abs(named - r), 2)
        first, last = pieces[i].y, pieces[k].y
        least = min(max(bisect_left(rows.tops, last), r + 1), n_rows)
        if centred:
            opens, closes = frame.opens and i == 0 and r == 0, frame.closes and k + 1 == len(pieces)
            ends = _middle_ends(edges, r, least, first + last, opens, closes)
            if closes and abs(first - frame.firsts[r]) < settings.baseline_play * rows.pitch:
                ends.append((n_rows, True))  # set at the top of what the page shows of its cell
            offs = [(after, _off_middle(edges, r, after, (first + last) / 2, settings), cut) for after, cut in ends]
            options = [(after, settings.cut_label if cut else off) for after, off, cut in offs]
        else:
            off = max(0.0, abs(first - frame.firsts[r]) - settings.baseline_play * rows.pitch)
            options = [(least, min(settings.label_off, 2 * off / (0.5 * rows.pitch)))]
        for after, off in options:
            found.append((k + 1, after, cost + off + settings.nameless * (frame.nameless[after] - frame.nameless[r])))
    return found


def _middle_ends(
    edges: Sequence[float], start: int, least: int, twice_middle: float, opens: bool, closes: bool
) -> list[tuple[int, bool]]:
    """Rows before which a label from row `start` can end if it stands in the middle, and whether it is then cut by the
    edge of the page: the first label may have begun on the page before, the last may go on on the next."""
    n_rows = len(edges) - 1
    aim = twice_middle - edges[start]
    after = min(max(bisect_left(edges, aim), start + 1), n_rows)
    if after - 1 > start and aim - edges[after - 1] < edges[after] - aim:
        after -= 1
    ends = [(max(after, least), False)]
    if opens:
        ends.extend((end, True) for end in range(max(after, least) + 1, n_rows + 1))
    if closes and aim > edges[n_rows]:
        ends.append((n_rows, True))
    return ends


def _off_middle(edges: Sequence[float], start: int, after: int, middle: float, settings: UnruledSettings) -> float:
    """The cost of a label at `middle` for the rows from `start` up to `after`."""
    off = abs((edges[start] + edges[after]) / 2 - middle)
    shorter = min(edges[start + 1] - edges[start], edges[after] - edges[after - 1])
    return min(settings.label_off, 2 * off / (0.5 * shorter))

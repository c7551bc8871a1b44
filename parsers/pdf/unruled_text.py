"""Characters of a page without cell borders as runs of text, and what can be told of one run (无框线表格的文字片段)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from operator import attrgetter, itemgetter
from statistics import median
from typing import NamedTuple

import numpy as np

from parsers.pdf.chars import Chars
from parsers.pdf.lines import drawn_words, visible
from parsers.pdf.primitives import Char, Edge, group_lines
from parsers.pdf.unruled_settings import UnruledSettings
from schemas.vocabulary import words


class Fragment(NamedTuple):
    """A run of text on one baseline without a gap in it (文字片段); blanks drawn inside are kept in `chars`.

    `first` and `last` are the places of its first and last visible character in the producer's order.
    """

    text: str
    chars: tuple[Char, ...]
    x0: float
    x1: float
    y: float
    size: float
    first: int
    last: int

    @property
    def top(self) -> float:
        return self.y - self.size / 2

    @property
    def bottom(self) -> float:
        return self.y + self.size / 2


class TextRow(NamedTuple):
    """The fragments on one baseline, from left to right (同一基线上的片段)."""

    y: float
    size: float
    fragments: tuple[Fragment, ...]


def may_have_columns(chars: Chars, settings: UnruledSettings) -> bool:
    """Whether as many lines as a table has may fall apart into three texts: titles and prose around tables do not."""
    chinese = chars.codes > 0x2E7F
    gaps = np.where(chinese[:-1] & chinese[1:], settings.apart_gap, settings.fragment_gap)
    words, _ = drawn_words(chars, np.zeros(len(chars), dtype=np.int64), gaps)
    if 2 * len(words) < 3 * settings.least_rows:
        return False
    texts: Counter[float] = Counter()
    base = -math.inf
    for word in sorted(words, key=attrgetter("bottom")):
        if word.upright and not word.text.isspace():
            base = word.bottom if word.bottom - base > settings.baseline_share * word.size else base
            texts[base] += 2 if _in_figure(word.text[0]) else 1  # a figure may be cut from what follows it
    return sum(count >= 3 for count in texts.values()) >= settings.least_rows


def text_rows(chars: Chars, vertical: Sequence[Edge], settings: UnruledSettings) -> list[TextRow]:
    """Baselines of the page from top to bottom. Lines of two cells a fraction of a line apart stay two rows here."""
    rows: list[list[tuple[float, int, Char]]] = []
    row: list[tuple[float, int, Char]] = []
    base = 0.0
    for index in np.argsort(chars.bottom, kind="stable").tolist():
        text, x0, _, _, bottom, size, upright, _ = char = chars.each[index]
        if not upright:
            continue
        if not row or bottom - base > settings.baseline_share * size:
            if text.isspace():
                continue
            row, base = [], bottom
            rows.append(row)
        row.append((x0, index, char))
    by_order = _order_is_local(rows, settings)
    found = [_text_row(row, vertical, by_order, settings) for row in rows]
    found.extend(_sideways(chars))
    found.sort(key=lambda row: row.y)
    return found


def _sideways(chars: Chars) -> list[TextRow]:
    """Text set sideways, each line a row of its own at the height of its middle: the label of the rows beside it."""
    first = next((index for index, char in enumerate(chars) if not char.upright), None)
    if first is None:
        return []
    rows: list[TextRow] = []
    for line in group_lines(char for char in chars if not char.upright):
        size = line.chars[0].size
        fragment = Fragment(line.text, line.chars, line.x0, line.x1, (line.top + line.bottom) / 2, size, first, first)
        rows.append(TextRow(fragment.y, size, (fragment,)))
    return rows


def _order_is_local(rows: Iterable[list[tuple[float, int, Char]]], settings: UnruledSettings) -> bool:
    """Whether touching characters mostly follow each other in the file, so that a jump between two means two cells."""
    touching = following = 0
    for row in rows:
        row.sort(key=itemgetter(0))
        for (_, i, left), (x0, j, right) in pairwise(row):
            if x0 - left.x1 < settings.touching * right.size:
                touching += 1
                following += j == i + 1
    return following >= settings.order_share * max(touching, 1)


def _text_row(
    row: list[tuple[float, int, Char]], vertical: Sequence[Edge], by_order: bool, settings: UnruledSettings
) -> TextRow:
    runs: list[list[tuple[float, int, Char]]] = []
    end = 0.0
    last = -1
    beside = _beside(row, vertical) if vertical else []
    spaced = _spaced_out(row, settings)
    run: list[tuple[float, int, Char]] = []
    for position, item in enumerate(row):
        x0, index, char = item
        text, size, x1 = char.text, char.size, char.x1
        if text.isspace():
            if run:
                run.append(item)
            continue
        gap = 0.0 if position in spaced else x0 - end
        if run and text in _LEADERS and run[-1][2].text in _LEADERS:
            gap = 0.0
        jump = by_order and not last < index <= last + settings.order_jump and gap > settings.jump_gap * size
        if not run or gap >= settings.fragment_gap * size or jump or (beside and _ruled_off(beside, end, char)):
            run = [item]
            runs.append(run)
            end = x1
        else:
            run.append(item)
            end = x1 if x1 > end else end
        last = index
    fragments = tuple(_fragment(part) for run in runs for part in _parts(run, settings))
    return TextRow(fragments[0].y, max(f.size for f in fragments), fragments)


def _beside(row: Sequence[tuple[float, int, Char]], vertical: Sequence[Edge]) -> list[Edge]:
    """The upright rules that stand beside a row."""
    upper, lower = min(char.top for _, _, char in row), max(char.bottom for _, _, char in row)
    return [edge for edge in vertical if edge.start <= lower and upper <= edge.end]


def _spaced_out(row: Sequence[tuple[float, int, Char]], settings: UnruledSettings) -> set[int]:
    """Positions in the row of characters that go on a word set with blanks between its characters (分  值, 合 计).

    There single Chinese characters stand apart, and blanks drawn with them fill the room exactly: between cells they
    do not.
    """
    ink = [position for position, (_, _, char) in enumerate(row) if not char.text.isspace()]
    filled = [b - a > 1 and _blanks_fill([char for _, _, char in row[a : b + 1]], settings) for a, b in pairwise(ink)]
    if not any(filled):
        return set()
    joined = [not fills and _touch(row, *pair, settings) for fills, pair in zip(filled, pairwise(ink), strict=True)]
    lone = [not (before or behind) for before, behind in pairwise([False, *joined, False])]
    return {ink[index + 1] for index, fills in enumerate(filled) if fills and lone[index] and lone[index + 1]}


def _blanks_fill(chars: Sequence[Char], settings: UnruledSettings) -> bool:
    """Whether blanks drawn between the first and the last character fill the room between them; PDFium gives one blank
    for several."""
    left, right = chars[0], chars[-1]
    if len(chars) < 3 or not left.text > "\u2e7f" < right.text:
        return False
    slack = settings.touching * left.size
    width = chars[1].x1 - chars[1].x0
    blanks = round((right.x0 - left.x1) / width) if width > 0 else 0
    exact = abs(right.x0 - left.x1 - blanks * width) < slack
    return abs(chars[1].x0 - left.x1) < slack and exact and 0 < blanks <= settings.spaced_blanks


def _touch(row: Sequence[tuple[float, int, Char]], before: int, after: int, settings: UnruledSettings) -> bool:
    return row[after][0] - row[before][2].x1 < settings.fragment_gap * row[after][2].size


def _parts(run: list[tuple[float, int, Char]], settings: UnruledSettings) -> list[list[tuple[float, int, Char]]]:
    """The run cut where two full cells may meet with hardly any room between them.

    That is where a figure ends and something longer than a unit begins, and where two Chinese characters stand apart
    that otherwise touch. Parts that no column's edge divides come together again.
    """
    ink = [(position, char) for position, (_, _, char) in enumerate(run) if not char.text.isspace()]
    apart = [right.x0 - left.x1 for (_, left), (_, right) in pairwise(ink)]
    size = ink[0][1].size
    if not apart or max(apart) < settings.figure_gap * size:
        return [run]
    set_solid = sorted(apart)[len(apart) // 2] < settings.solid_gap * size
    figure = True
    cuts = [0]
    for index, ((_, left), (position, right)) in enumerate(pairwise(ink)):
        figure = figure and _in_figure(left.text)
        rest = len(ink) - 1 - index
        if figure and not _in_figure(right.text):
            follows = rest >= settings.figure_words or (rest == 1 and right.text in words("lone_none"))
            if follows and apart[index] >= settings.figure_gap * size:
                cuts.append(position)
        elif set_solid and left.text > "\u2e7f" < right.text and apart[index] >= settings.apart_gap * size:
            cuts.extend([position] if min(index + 1, rest) >= settings.apart_words else [])
    return [run[first:after] for first, after in pairwise([*cuts, len(run)])]


def _in_figure(text: str) -> bool:
    return text.isdigit() or text in ".,%％"


_LEADERS = frozenset(".·…．・")
_LEADER_RUN = re.compile(r"[.·．・]{5}|…{3}")
"""Two … alone (省略号) are the placeholder of an unfilled row."""


def has_leaders(row: TextRow) -> bool:
    """Whether dots lead from a title to its page, as in a table of contents (目录)."""
    return any(_LEADER_RUN.search(f.text) for f in row.fragments)


def _ruled_off(vertical: Sequence[Edge], end: float, char: Char) -> bool:
    middle = (char.top + char.bottom) / 2
    return any(end - 1 <= e.pos <= char.x0 + 1 and e.start <= middle <= e.end for e in vertical)


def _fragment(run: Sequence[tuple[float, int, Char]]) -> Fragment:
    chars = tuple([char for _, _, char in run])
    ink = visible(chars)
    places = [index for _, index, char in run if not char.text.isspace()] if len(ink) < len(run) else None
    first, last = (places[0], places[-1]) if places else (run[0][1], run[-1][1])
    size = max([char.size for char in ink])
    text, x1 = "".join([char.text for char in ink]), max([char.x1 for char in ink])
    return Fragment(text, chars, ink[0].x0, x1, ink[0].bottom - size / 2, size, first, last)


def typical_size(rows: Sequence[TextRow]) -> float:
    """The em of the page's text in points."""
    return median(f.size for row in rows for f in row.fragments) if rows else 10.0

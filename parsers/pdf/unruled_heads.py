"""Heads that stand beside their figures (表头与数字左右错开).

A head is set in the middle of its column and the figures at its side: in a wide column the two do not overlap, and the
white strip between a head and its own figures looks like the strip between two columns. Between the columns whose heads
stand over them, a head without figures and the figures without a head beside it belong together, if all can be told
apart in one way only. Such heads are drawn out over their figures before columns are looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_text import Fragment, TextRow
from parsers.pdf.unruled_words import is_header, looks_like_value

NEAR_ROWS = 4
"""Rows of text among which the lines right above another are, where cells of a row begin at different heights."""
LONE_FIGURES, LONE_HEAD = 10.0, 1.0
"""What speaks against figures that no head is for, and against a head with nothing under it."""
AGAINST_SIDE = 6.0
"""What speaks against a head right of figures that are lined up at their right, or left of such at their left."""


@dataclass(slots=True)
class _Stack:
    """Fragments over each other: a head with all its lines, or a column of the body."""

    x0: float
    x1: float
    fragments: list[Fragment]

    def overlaps(self, other: _Stack | Fragment) -> bool:
        return self.x0 < other.x1 and other.x0 < self.x1

    @property
    def side(self) -> str:
        """The side at which the texts are lined up, where only one can be it."""
        lefts = max(f.x0 for f in self.fragments) - self.x0
        rights = self.x1 - min(f.x1 for f in self.fragments)
        return "right" if rights < 1.0 < lefts else "left" if lefts < 1.0 < rights else ""

    @property
    def figures(self) -> bool:
        return 2 * sum(looks_like_value(f.text) for f in self.fragments) > len(self.fragments)


@dataclass(frozen=True, slots=True)
class _Pairing:
    """Heads with their figures, what speaks against them together, and whether others would be as good."""

    cost: float
    doubtful: bool
    pairs: tuple[tuple[_Stack, _Stack], ...]


def over_figures(rows: Sequence[TextRow], settings: UnruledSettings) -> list[TextRow]:
    """The rows, with heads that stand beside their figures as wide as both."""
    moved: dict[int, Fragment] = {}
    end = 0
    for index, row in enumerate(rows):
        if index < end or not _names_columns(row) or _goes_on(rows, index, settings):
            continue
        start, end = _head(rows, index, settings)
        body = _body(rows[end:], settings)
        for head, column in _pairs(_stacks(rows[start:end]), _stacks(body)):
            for fragment in head.fragments:
                x0, x1 = min(fragment.x0, column.x0), max(fragment.x1, column.x1)
                moved[id(fragment)] = fragment._replace(x0=x0, x1=x1)
    if not moved:
        return list(rows)
    return [row._replace(fragments=tuple(moved.get(id(f), f) for f in row.fragments)) for row in rows]


def _names_columns(row: TextRow) -> bool:
    """Whether a line names two columns at least, and has no figures."""
    texts = [fragment.text for fragment in row.fragments]
    return sum(map(is_header, texts)) >= 2 and not any(map(looks_like_value, texts))


def _goes_on(rows: Sequence[TextRow], index: int, settings: UnruledSettings) -> bool:
    """Whether a line is the rest of labels broken above it that head nothing (满意度 over 指标), and no head itself."""
    row = rows[index]
    near = [
        fragment
        for above in rows[max(0, index - NEAR_ROWS) : index]
        if settings.side_by_side * row.size <= row.y - above.y <= settings.run_on_pitch * row.size
        for fragment in above.fragments
        if not is_header(fragment.text)
    ]
    return all(any(f.x0 < up.x1 and up.x0 < f.x1 for up in near) for f in row.fragments)


def _head(rows: Sequence[TextRow], index: int, settings: UnruledSettings) -> tuple[int, int]:
    """The first row of the head that row `index` belongs to, and the row after its last: lines beside it, and lines of
    the same cells above and below."""
    start = end = index
    while start and _same_cells(rows[start - 1], rows[start], rows[index], settings):
        start -= 1
    while end + 1 < len(rows) and _same_cells(rows[end], rows[end + 1], rows[index], settings, below=True):
        end += 1
    return start, end + 1


def _same_cells(upper: TextRow, lower: TextRow, core: TextRow, settings: UnruledSettings, below: bool = False) -> bool:
    other = lower if below else upper
    if any(looks_like_value(fragment.text) for fragment in other.fragments):
        return False
    if abs(other.y - core.y) < settings.side_by_side * core.size:
        return True
    over = all(any(f.x0 < c.x1 and c.x0 < f.x1 for c in core.fragments) for f in other.fragments)
    return lower.y - upper.y <= settings.run_on_pitch * core.size and (over or _names_columns(other))


def _body(rows: Sequence[TextRow], settings: UnruledSettings) -> list[TextRow]:
    """The rows with figures under a head: lines between them that have one or two texts are labels beside them, and
    lines above the first that name nothing are what is left of the head."""
    body: list[TextRow] = []
    for above, row in pairwise((None, *rows)):
        if row is None or (above is not None and row.y - above.y > 2 * settings.solid_pitch * row.size):
            break
        if sum(looks_like_value(f.text) for f in row.fragments) >= 2:
            body.append(row)
        elif len(row.fragments) > 2 and (body or any(is_header(f.text) for f in row.fragments)):
            break
    return body


def _stacks(rows: Sequence[TextRow]) -> list[_Stack]:
    """The fragments of the rows by what stands over each other, from left to right."""
    stacks: list[_Stack] = []
    for fragment in sorted((f for row in rows for f in row.fragments), key=lambda f: f.x0):
        if stacks and stacks[-1].overlaps(fragment):
            stacks[-1].fragments.append(fragment)
            stacks[-1].x1 = max(stacks[-1].x1, fragment.x1)
        else:
            stacks.append(_Stack(fragment.x0, fragment.x1, [fragment]))
    return stacks


def _pairs(heads: Sequence[_Stack], columns: Sequence[_Stack]) -> list[tuple[_Stack, _Stack]]:
    """Heads and columns of figures that stand side by side and belong together."""
    lone: list[tuple[_Stack, bool]] = []
    pairs: list[tuple[_Stack, _Stack]] = []
    ordered = sorted([(s, True) for s in heads] + [(s, False) for s in columns], key=lambda item: item[0].x0)
    for stack, is_head in ordered:
        anchored = any(stack.overlaps(other) for other in (columns if is_head else heads))
        if anchored:
            pairs.extend(_side_by_side(lone))
            lone = []
        elif is_head or stack.figures:
            lone.append((stack, is_head))
    return pairs + _side_by_side(lone)


def _side_by_side(lone: Sequence[tuple[_Stack, bool]]) -> list[tuple[_Stack, _Stack]]:
    """Neighbours of which one is a head and the other its figures: the one best way, nothing where two are as good."""
    best: list[_Pairing] = [_Pairing(0.0, False, ())]
    for index, (stack, is_head) in enumerate(lone):
        alone = best[-1].cost + (LONE_HEAD if is_head else LONE_FIGURES)
        found = _Pairing(alone, best[-1].doubtful, best[-1].pairs)
        if index and lone[index - 1][1] != is_head:
            before = lone[index - 1][0]
            head, column = (stack, before) if is_head else (before, stack)
            cost = best[-2].cost + (AGAINST_SIDE if column.side == ("right" if is_head else "left") else 0.0)
            if cost == found.cost:
                found = _Pairing(cost, True, found.pairs)
            elif cost < found.cost:
                found = _Pairing(cost, best[-2].doubtful, (*best[-2].pairs, (head, column)))
        best.append(found)
    return [] if best[-1].doubtful else list(best[-1].pairs)

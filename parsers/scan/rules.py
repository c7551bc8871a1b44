"""The drawn rules of a flat page, told from the strokes of its characters, and taken out of it (表格线)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import cv2
import numpy as np

from parsers.pdf.shapes import Edge
from parsers.scan.arrays import PAPER, Grey, Ink, as_bytes, at_percent
from parsers.scan.pieces import pieces

INK = 185
"""Grey below this is ink where rules are looked for: thin rules of photographs are no darker."""
FAINT = 215
"""The same where a rule is known to go on."""
LEVEL_OPENING = 0.30
UPRIGHT_OPENING = 0.19
"""Inches of straight ink that can be a rule: no stroke of usual type is as long."""
FAINT_OPENING = 0.4
"""The same for rules paler than print: no strokes of one row of characters are as long."""
TIGHT_OPENING = 0.09
"""The same for uprights between two rules of a row as low as its type."""
THICK = 0.09
"""Inches from which straight ink is a bar, a photograph or a shadow."""
SURE = 1.6
"""Inches from which straight ink is a rule whatever it touches: strokes of a row of characters do not join that far."""
TOUCH = 0.03
"""Inches within which the end of a rule touches another."""
SOLID = 0.86
"""Share of ink along the middle of a rule, below which it is a row of strokes."""
ATTACHED = 0.35
"""Share of a short rule's length along which strokes may stand on it or hang from it."""
CLEAN = 0.12
"""The same for a piece as short as a character is high."""
PALE_PERCENT, PALER, TIGHT_PALER = 85, 0.23, 0.12
"""This percentage of a short rule is as dark as the palest of the long ones, or this much nearer to paper;
strokes that line up are paler."""
ALIKE = 1.6
"""Such a piece is no thicker than the page's other rules by this factor."""
STROKE = 0.16
"""Inches by which a stroke in line with a short rule makes it look longer at most."""
CLEARANCE = 0.035
"""Inches beside such a piece in which there is paper, unless other uprights of the table stand above or below it."""
WORN_LENGTH, WORN = 2.0, 0.8
"""Inches by which a rule is made longer where this share of the way to the next rule across is ink."""
CROWDED = 0.75
"""Not where ink goes on above or below along more than this share of the way: a line of text, cut in halves by it."""
FEWEST_OPEN = 4
"""Uprights that end together without a rule across them."""
ROUNDS = 3
PIECE = 0.4
"""Inches of a rule that are taken out at once: along them it neither drifts nor fades."""
RIM = 2.0
"""Pixels beside a rule that it may darken."""
CLEAR_PERCENT = 65
"""Of the pixels along a rule, this many are darker where no stroke touches it."""
CORE = 110
"""Grey up to which a rule leaves nothing to be seen of what crosses it."""
CROSSING = 150
"""Grey below which strokes on both sides of a rule go through it."""

Orientation = Literal["h", "v"]


@dataclass(frozen=True, slots=True)
class InkRule:
    """A straight piece of ink, in pixels: `pos` the middle of its thickness, from `start` to `end`.

    `attached` is the share of its length along which other ink touches it, `pale` the grey that all but its faintest
    places are darker than.
    """

    orientation: Orientation
    pos: float
    start: int
    end: int
    thick: float
    attached: float
    pale: float

    @property
    def length(self) -> int:
        return self.end - self.start

    def edge(self, points: float) -> Edge:
        """The rule in points, of which a pixel measures `points`."""
        return Edge(self.orientation, self.pos * points, self.start * points, self.end * points, "line")


@dataclass(frozen=True, slots=True)
class PageRules:
    """The rules of a page."""

    rules: tuple[InkRule, ...]

    def edges(self, points: float) -> tuple[Edge, ...]:
        """The rules as what a table is built from."""
        return tuple(rule.edge(points) for rule in self.rules)


def rules_in(page: Grey, dpi: float) -> PageRules:
    """The rules of a flat page: long straight ink, and short pieces that run from rule to rule."""
    ink, faint = (page < INK).astype(np.uint8), (page < FAINT).astype(np.uint8)
    found = [*_candidates(page, ink, "h", LEVEL_OPENING, dpi), *_candidates(page, ink, "v", UPRIGHT_OPENING, dpi)]
    taken = [rule for rule in found if rule.length >= SURE * dpi]
    dark = max((rule.pale for rule in taken), default=0.0)
    open_ = [rule for rule in found if rule not in taken and rule.pale <= _paler(dark, PALER)]
    for _ in range(ROUNDS):
        drawn = {rule: _reaching(rule, taken, faint, dpi) for rule in open_}
        more = {rule: whole for rule, whole in drawn.items() if _is_rule(whole, taken, TOUCH * dpi)}
        more = more or {rule: rule for rule in _open_ended(open_, taken, ink, dpi)}
        if not more:
            break
        taken += more.values()
        open_ = [rule for rule in open_ if rule not in more]
    short = (rule for rule in _candidates(page, ink, "v", TIGHT_OPENING, dpi) if rule.length < UPRIGHT_OPENING * dpi)
    tight = [rule for rule in short if rule.pale <= _paler(dark, TIGHT_PALER)]
    usual = float(np.median([rule.thick for rule in taken])) if taken else 0.0
    uprights = [rule.pos for rule in taken if rule.orientation == "v"]
    taken += [
        rule
        for rule in tight
        if _closes_row(rule, taken, TOUCH * dpi, usual)
        and (_is_near(rule.pos, uprights, dpi) or _is_clear(ink, rule, dpi))
    ]
    taken += _faint_rules(page, faint, taken, usual, dpi)
    return PageRules(tuple(_reaching(rule, taken, faint, dpi) for rule in taken))


def _faint_rules(page: Grey, faint: Ink, taken: Sequence[InkRule], usual: float, dpi: float) -> list[InkRule]:
    """Thin rules whose pixel fell between two of the scan's: paler than any print, but whole, alone on paper, and from
    rule to rule."""
    if not taken:
        return []
    found = [
        *_candidates(page, faint, "h", FAINT_OPENING, dpi),
        *_candidates(page, faint, "v", FAINT_OPENING, dpi),
    ]
    new = (rule for rule in found if not any(_is_along(rule, other, dpi) for other in taken))
    return [rule for rule in new if _closes_row(rule, taken, TOUCH * dpi, usual) and _is_clear(faint, rule, dpi)]


def _is_along(rule: InkRule, other: InkRule, dpi: float) -> bool:
    """Whether both are pieces of one rule, or strokes of one thick one."""
    level = rule.orientation == other.orientation and abs(rule.pos - other.pos) <= TOUCH * dpi
    return level and min(rule.end, other.end) > max(rule.start, other.start)


def _paler(grey: float, share: float) -> float:
    """A grey by a share of the way nearer to paper."""
    return grey + share * (PAPER - grey)


def _reaching(rule: InkRule, others: Sequence[InkRule], ink: Ink, dpi: float) -> InkRule:
    """The rule as far as the rules across it, where worn ink leads there: type that touches a rule hides its end."""
    across = [other for other in others if other.orientation != rule.orientation]
    stops = sorted(other.pos for other in across if other.start - TOUCH * dpi <= rule.pos <= other.end + TOUCH * dpi)
    before = max((stop for stop in stops if stop < rule.start), default=None)
    after = min((stop for stop in stops if stop > rule.end), default=None)
    page = ink if rule.orientation == "h" else ink.T
    start, end = _within(rule, stops, dpi)
    if before is not None and _is_worn(page, rule.pos, round(before), rule.start, dpi):
        start = round(before)
    if after is not None and _is_worn(page, rule.pos, rule.end, round(after), dpi):
        end = round(after)
    return replace(rule, start=start, end=end)


def _within(rule: InkRule, stops: Sequence[float], dpi: float) -> tuple[int, int]:
    """The ends of a short rule without the strokes that lengthen it beyond the rules it runs between."""
    if rule.length >= SURE * dpi:
        return rule.start, rule.end
    inside = [stop for stop in stops if rule.start < stop < rule.end]
    start, end = _met(rule.start, stops, inside, dpi), _met(rule.end, stops, inside, dpi)
    return (start, end) if end - start >= LEVEL_OPENING * dpi else (rule.start, rule.end)


def _met(end: int, stops: Sequence[float], inside: Sequence[float], dpi: float) -> int:
    """The end of a rule, or the rule across it a stroke's length before, where the end itself meets none."""
    if any(abs(stop - end) <= TOUCH * dpi for stop in stops):
        return end
    return next((round(stop) for stop in inside if abs(stop - end) < STROKE * dpi), end)


def _is_worn(page: Ink, pos: float, start: int, end: int, dpi: float) -> bool:
    """Whether enough ink lies along a line for it to be a rule's worn end."""
    if not TOUCH * dpi < end - start <= WORN_LENGTH * dpi:
        return False
    middle = round(pos)
    above, below = page[max(middle - 6, 0) : max(middle - 3, 0), start:end], page[middle + 4 : middle + 7, start:end]
    if float((above.any(axis=0) | below.any(axis=0)).mean()) > CROWDED:
        return False
    return float(page[max(middle - 2, 0) : middle + 3, start:end].any(axis=0).mean()) >= WORN


def _open_ended(found: Sequence[InkRule], taken: Sequence[InkRule], ink: Ink, dpi: float) -> list[InkRule]:
    """Uprights that hang from a level rule or stand on one and all end at one height: of a row that a page break cuts,
    the rule on the side of the break is not drawn. Where some with paper beside them say so, type may crowd others."""
    reach = TOUCH * dpi
    level = [rule for rule in taken if rule.orientation == "h"]
    alone = [rule for rule in found if rule.orientation == "v" and rule.attached <= CLEAN]
    clear = {rule for rule in alone if _is_clear(ink, rule, dpi)}
    open_: list[InkRule] = []
    for at, other in (("start", "end"), ("end", "start")):
        held = [rule for rule in alone if _meets(getattr(rule, at), rule.pos, level, reach)]
        for rule in held:
            like = [one for one in held if abs(getattr(one, other) - getattr(rule, other)) <= reach]
            if len(clear.intersection(like)) >= FEWEST_OPEN and rule not in open_:
                open_.append(rule)
    return open_


def _closes_row(rule: InkRule, others: Sequence[InkRule], reach: float, usual: float) -> bool:
    """Whether a piece as short as a stroke parts two cells of a low row."""
    alone = rule.attached <= CLEAN and rule.thick <= ALIKE * usual + 1
    return alone and _is_rule(rule, others, reach)


def _is_near(pos: float, others: Sequence[float], dpi: float) -> bool:
    return any(abs(pos - other) <= TOUCH * dpi for other in others)


def _is_clear(ink: Ink, rule: InkRule, dpi: float) -> bool:
    """Whether paper lies on both sides of a rule: the strokes of a character have others beside them."""
    page = ink.T if rule.orientation == "h" else ink
    inner, outer = round(rule.thick / 2 + RIM), round(rule.thick / 2 + CLEARANCE * dpi)
    middle, rows = round(rule.pos), slice(rule.start + 2, rule.end - 2)
    sides = (page[rows, max(middle - outer, 0) : middle - inner], page[rows, middle + inner + 1 : middle + outer + 1])
    return all(float(side.any(axis=1).mean()) <= CLEAN for side in sides if side.size)


def erased(print_: Grey, rules: Sequence[InkRule], dpi: float) -> Grey:
    """The print without the rules: piece by piece what a rule darkens is given back, so that what stands on its rim
    stays; strokes that cross it are drawn through again."""
    left = print_.copy()
    piece = max(round(PIECE * dpi), 8)
    for rule in rules:
        page = left if rule.orientation == "h" else left.T
        half = rule.thick / 2 + RIM
        low, high = max(int(np.floor(rule.pos - half)), 0), int(np.ceil(rule.pos + half)) + 1
        first, last = max(rule.start - 2, 0), min(rule.end + 2, page.shape[1])
        for start in range(first, last, piece):
            _erase(page[low:high, start : min(start + piece, last)])
    return left


def ruled_area(rules: Sequence[InkRule], shape: tuple[int, ...]) -> Ink:
    """Where rules and their rims lie."""
    area = np.zeros(shape, np.uint8)
    for rule in rules:
        page = area if rule.orientation == "h" else area.T
        half = rule.thick / 2 + RIM
        low, high = max(int(np.floor(rule.pos - half)), 0), int(np.ceil(rule.pos + half)) + 1
        page[low:high, max(rule.start - 3, 0) : rule.end + 3] = 1
    return area


def _erase(band: Grey) -> None:
    """Take a piece of a rule out of a band of pixels across it, in place."""
    darkness = PAPER - at_percent(band, CLEAR_PERCENT).astype(np.int64)
    core = np.flatnonzero(darkness > PAPER - CORE)
    cleared = np.minimum(band + darkness[:, None], PAPER)
    if len(core):
        first, last = int(core[0]), int(core[-1])
        cleared[first : last + 1] = PAPER
        if first > 0 and last + 1 < len(band):
            above, below = cleared[first - 1], cleared[last + 1]
            crossed = (above < CROSSING) & (below < CROSSING)
            cleared[first : last + 1, crossed] = np.maximum(above, below)[crossed]
    band[:] = cleared.astype(np.uint8)


def _is_rule(rule: InkRule, others: Sequence[InkRule], reach: float) -> bool:
    """Whether a short piece runs from one rule to another and little stands on it."""
    if rule.attached > ATTACHED:
        return False
    across = [other for other in others if other.orientation != rule.orientation]
    return _meets(rule.start, rule.pos, across, reach) and _meets(rule.end, rule.pos, across, reach)


def _meets(at: float, pos: float, others: Sequence[InkRule], reach: float) -> bool:
    return any(
        abs(other.pos - at) <= reach + other.thick and other.start - reach <= pos <= other.end + reach
        for other in others
    )


def _candidates(page: Grey, ink: Ink, orientation: Orientation, opening: float, dpi: float) -> Iterator[InkRule]:
    """Straight pieces of ink; uprights are looked for on the page turned over."""
    if orientation == "v":
        page, ink = page.T, as_bytes(cv2.transpose(ink))
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, 5), np.uint8))
    straight = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((1, max(round(opening * dpi), 3)), np.uint8))
    whole = cv2.morphologyEx(straight, cv2.MORPH_CLOSE, np.ones((3, max(round(TOUCH * dpi), 3)), np.uint8))
    for x, y, width, height, inside in pieces(as_bytes(whole)):
        part = inside & (straight[y : y + height, x : x + width] > 0)
        thick = float(part.sum() / max(int(part.any(axis=0).sum()), 1))
        if thick > THICK * dpi:
            continue
        rows = part.sum(axis=1)
        pos = y + float((rows * np.arange(height)).sum() / rows.sum())
        attached = _attached(ink, y, height, x, width)
        if _is_solid(ink, pos, x, width) and (attached <= ATTACHED or width >= SURE * dpi):
            yield InkRule(orientation, pos, x, x + width, thick, attached, _pale(page, pos, x, width))


def _pale(page: Grey, pos: float, x: int, width: int) -> float:
    """The grey that most of the rule's middle is darker than."""
    middle = round(pos)
    darkest = page[max(middle - 1, 0) : middle + 2, x : x + width].min(axis=0)
    return float(at_percent(darkest, PALE_PERCENT))


def _is_solid(ink: Ink, pos: float, x: int, width: int) -> bool:
    """Whether ink goes on along the middle of a piece."""
    middle = round(pos)
    return float(ink[max(middle - 1, 0) : middle + 2, x : x + width].any(axis=0).mean()) >= SOLID


def _attached(ink: Ink, y: int, height: int, x: int, width: int) -> float:
    """Share of the columns in which ink goes on beyond the rule's thickness, above or below."""
    above = ink[max(y - 3, 0) : max(y - 1, 0), x : x + width]
    below = ink[y + height + 1 : y + height + 3, x : x + width]
    nothing = np.zeros(width, dtype=bool)
    over = above.all(axis=0) if len(above) else nothing
    under = below.all(axis=0) if len(below) else nothing
    return float((over | under).mean())

"""Where on a page without rules the ink makes lines of text (文本行定位)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import PAPER, Grey, Ink, Mask, as_bytes
from parsers.scan.pieces import sizes

PixelBox = tuple[int, int, int, int]
"""x0, top, x1, bottom in pixels."""

FAINT = 210
"""Grey below this is print where it hangs together with something darker than `INK`."""
INK = 180
"""Grey below this is print."""
ROOM = 0.4
"""Em around a line in which more of it may be seen."""
RIM = 0.1
"""Em along the sides of a cell that a rule may have darkened."""
SPECK = 0.1
"""Em: ink smaller than this both ways is dirt; a full stop is larger."""
LEAST_POINT, MOST_POINTS = 3, 2000
"""Pixels of a speck that may be a point, and how many specks are looked at: a page with more is dirty all over."""
POINT_ROOM, POINT_BELOW, POINT_FOOT = 0.4, 0.45, 0.1
"""Em to the digits beside a point, of their height above it, and that they reach below it at most."""
WIDE_ROOM = 0.9
"""Em to the digits beside the point of wide type."""
STRAY = 0.22
"""Em: ink smaller than the shortest dash is dirt too where no larger ink is near: points stand beside digits."""
STRAY_IN_TEXT, TALL = 0.3, 0.6
"""The same in a cell that holds a line of text, and how high such a line is: a dash stands alone in its cell."""
BESIDE, ABOVE = 0.6, 0.2
"""Em from larger ink to the points of its line: a colon stands in the middle of its room."""
REMNANT_SHARE = 0.9
"""Share of a piece of ink that lay on a rule and its rim if it is what is left of it."""
USUAL_EM = 0.145
"""Inches of type of 10.5 points, where a page does not tell."""
JOIN = 0.35
"""Em between characters of one run of a line."""
STACK = 0.22
"""Em between the parts of one character or line that lie above each other, as in `二` and `≥`."""
FLAT = 0.55
"""Em below which a run is no whole line: a bar, a dash, the dot of an i."""
BAR = (0.16, 0.5)
"""Em that a level stroke is high at most and wide at least."""
WHOLE = 1.3
"""Em that a line of one size is not taller than."""
SAME_LINE = 0.6
"""Share of the lower of two runs by which they overlap up and down if they are on one line."""
SPLIT = 2.2
"""Em between two runs on one line of a cell that are read apart."""
COLUMN_SPLIT = 0.6
"""The same outside cells, where the runs may stand in two columns."""
BLANK_HALF = 0.5
"""Em by which they may be farther apart beside a bracket or stop, half of whose box is paper."""
STOP_SIDE = 0.45
"""Em that a stop or comma measures both ways at most."""
BRACKET = (0.36, 0.7)
"""Em that a bracket is wide at most and high at least."""
CURVE = 0.06
"""Em by which the middle of a bracket stands farther out than its ends."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A run of ink on one line: its box, the cell it stands in (-1 outside all cells), and `room`, the box around it in
    which no other line is: what is too faint to be ink may still be seen there."""

    box: PixelBox
    cell: int
    room: PixelBox

    @property
    def width(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def height(self) -> int:
        return self.box[3] - self.box[1]


def ink_of(print_: Grey) -> Ink:
    """The ink of a page: what is dark, with what is faint beside it."""
    faint = (print_ < FAINT).astype(np.uint8)
    count, labels = cv2.connectedComponents(faint, connectivity=8)
    dark = np.zeros(count, dtype=np.uint8)
    dark[labels[print_ < INK]] = 1
    return as_bytes(dark[labels])


def without_dirt(print_: Grey, ink: Ink, ruled: Ink, em: float) -> tuple[Grey, Ink]:
    """The page and its ink without specks, and without what is left of the rules, which were where `ruled` is 1."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    on_rules = np.bincount(labels[ruled > 0], minlength=count)
    dirt = (size < SPECK * em) | (on_rules >= REMNANT_SHARE * stats[:, cv2.CC_STAT_AREA])
    dirt[0] = False
    small = size < STRAY * em
    type_ = ~(small | dirt)
    type_[0] = False
    reach = np.ones((2 * round(ABOVE * em) + 1, 2 * round(BESIDE * em) + 1), np.uint8)
    near = cv2.dilate(type_[labels].astype(np.uint8), reach)
    beside_type = np.bincount(labels[near > 0], minlength=count) > 0
    dirt[1:] |= (small & ~beside_type)[1:]
    pieces = np.asarray(labels, dtype=np.int32)
    for index in np.flatnonzero(dirt & small & (on_rules == 0)).tolist()[:MOST_POINTS]:
        x, top, width, height, area = stats[index].tolist()
        is_point = _is_wide_point if size[index] >= SPECK * em else _is_point
        if area >= LEAST_POINT and is_point(type_, pieces, (x, top, x + width, top + height), em):
            dirt[index] = False
    specks = dirt[labels]
    return np.where(specks, PAPER, print_).astype(np.uint8), np.where(specks, 0, ink).astype(np.uint8)


def _is_point(type_: Mask, labels: npt.NDArray[np.int32], speck: PixelBox, em: float) -> bool:
    """Whether a speck is the decimal point of small type: print stands free of it on both sides, reaches no lower, and
    none stands above."""
    x0, top, x1, bottom = speck
    reach, high, low = round(POINT_ROOM * em), round(POINT_BELOW * em), round(POINT_FOOT * em)
    rows, beyond = slice(max(top - high, 0), bottom + low), slice(bottom + low, bottom + high)
    left, right = slice(max(x0 - reach, 0), x0), slice(x1, x1 + reach)
    if type_[labels[rows, x0:x1]].any():
        return False
    return all(type_[labels[rows, side]].any() and not type_[labels[beyond, side]].any() for side in (left, right))


def _is_wide_point(type_: Mask, labels: npt.NDArray[np.int32], speck: PixelBox, em: float) -> bool:
    """Whether a speck is the point of digits as wide as Chinese characters, far from both and halfway up them."""
    x0, top, x1, bottom = speck
    reach, high = round(WIDE_ROOM * em), round(POINT_BELOW * em)
    rows = slice(max(top - high, 0), bottom + high)
    if type_[labels[rows, x0:x1]].any():
        return False
    return all(type_[labels[rows, side]].any() for side in (slice(max(x0 - reach, 0), x0), slice(x1, x1 + reach)))


def em_of(ink: Ink, dpi: float) -> float:
    """Pixels of the usual type of a page: Chinese characters are as wide as high, and most characters are Chinese."""
    width, height = np.array([(0, 0), *sizes(ink)]).T
    square = (np.minimum(width, height) > 0.06 * dpi) & (np.maximum(width, height) < 0.3 * dpi)
    square &= (width > 0.7 * height) & (height > 0.7 * width)
    if int(square.sum()) < 20:
        return USUAL_EM * dpi
    return float(np.percentile(np.maximum(width, height)[square], 60)) / 0.92


def text_lines(ink: Ink, cells: Sequence[PixelBox], em: float) -> list[TextLine]:
    """The lines of text in every cell, and those outside all cells."""
    found: list[TextLine] = []
    outside = ink.copy()
    for index, (x0, top, x1, bottom) in enumerate(cells):
        outside[top:bottom, x0:x1] = 0
        part = ink[top:bottom, x0:x1]
        if part.any():
            boxes = [_moved(box, x0, top) for box in _lines(part, em, SPLIT)]
            found += [TextLine(box, index, _room(box, boxes, (x0, top, x1, bottom), em)) for box in boxes]
    boxes = _lines(outside, em, COLUMN_SPLIT)
    page = (0, 0, ink.shape[1], ink.shape[0])
    found += [TextLine(box, -1, _room(box, boxes, page, em)) for box in boxes]
    return found


def without_strays(lines: Sequence[TextLine], em: float) -> tuple[TextLine, ...]:
    """The lines without what is too small for the shortest dash, or for a line beside another one of its cell."""
    texts = {line.cell for line in lines if line.cell >= 0 and line.height >= TALL * em}
    least = {True: STRAY_IN_TEXT * em, False: STRAY * em}
    return tuple(line for line in lines if max(line.width, line.height) >= least[line.cell in texts])


def _room(box: PixelBox, others: Sequence[PixelBox], cell: PixelBox, em: float) -> PixelBox:
    """The surroundings of a line, up to halfway to its neighbours and to the sides of its cell."""
    around, rim = ROOM * em, round(RIM * em)
    x0, top = max(box[0] - around, cell[0] + rim), max(box[1] - around, cell[1] + rim)
    x1, bottom = min(box[2] + around, cell[2] - rim), min(box[3] + around, cell[3] - rim)
    for other in others:
        if other is not box and _overlap(other, (x0, top, x1, bottom)):
            if other[1] >= box[3] or other[3] <= box[1]:
                top = max(top, (other[3] + box[1]) / 2) if other[3] <= box[1] else top
                bottom = min(bottom, (box[3] + other[1]) / 2) if other[1] >= box[3] else bottom
            elif other[0] >= box[2]:
                x1 = min(x1, (box[2] + other[0]) / 2)
            elif other[2] <= box[0]:
                x0 = max(x0, (other[2] + box[0]) / 2)
    return min(round(x0), box[0]), min(round(top), box[1]), max(round(x1), box[2]), max(round(bottom), box[3])


def _overlap(box: PixelBox, other: tuple[float, float, float, float]) -> bool:
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def _moved(box: PixelBox, x: int, y: int) -> PixelBox:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def _lines(ink: Ink, em: float, split: float) -> list[PixelBox]:
    """Runs of ink joined sideways; their parts above each other put together, then the runs of one line."""
    reach = max(round(JOIN * em) | 1, 3)
    padded = cv2.copyMakeBorder(ink, 0, 0, reach, reach, cv2.BORDER_CONSTANT, value=0)
    joined = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))[:, reach:-reach]
    _, _, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(joined), connectivity=8)
    boxes = [(x, y, x + width, y + height) for x, y, width, height, _ in stats[1:].tolist()]
    boxes = _stacked(boxes, em)
    runs = [_Run(box, *_ends(ink, box, em)) for box in boxes]
    return sorted(_along(runs, em, split), key=lambda box: (box[1], box[0]))


def _stacked(boxes: list[PixelBox], em: float) -> list[PixelBox]:
    """Runs with what belongs to them above and below: bars and dots near them that leave one line's height."""
    done: list[PixelBox] = []
    waiting = sorted(boxes, key=lambda box: (box[3] - box[1], box[0]))
    while waiting:
        box = waiting.pop(0)
        partner = min(
            (other for other in waiting if _belongs(box, other, em)),
            key=lambda other: _distance(box, other),
            default=None,
        )
        if partner is None:
            done.append(box)
        else:
            waiting[waiting.index(partner)] = _union(box, partner)
            waiting.sort(key=lambda other: (other[3] - other[1], other[0]))
    return done


def _belongs(box: PixelBox, other: PixelBox, em: float) -> bool:
    """Whether a run is a part of another run: inside it, or flat and close enough to be of its line."""
    apart = max(box[1], other[1]) - min(box[3], other[3])
    beside = max(box[0], other[0]) - min(box[2], other[2])
    tall = max(box[3], other[3]) - min(box[1], other[1])
    if beside > 0 or (tall > WHOLE * em and tall > 1.1 * (other[3] - other[1])):
        return False
    if apart < 0 or _are_bars(box, other, em):
        return True
    return apart <= STACK * em and min(box[3] - box[1], other[3] - other[1]) < FLAT * em


def _are_bars(box: PixelBox, other: PixelBox, em: float) -> bool:
    """Whether two runs are strokes of 二 or 三: level bars one above the other within the height of a character."""
    low, wide = BAR
    lower, higher = sorted((box[3] - box[1], other[3] - other[1]))
    flat = lower <= low * em and higher < FLAT * em
    tall = max(box[3], other[3]) - min(box[1], other[1])
    return flat and tall <= em and min(box[2] - box[0], other[2] - other[0]) >= wide * em


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of ink, and whether it begins or ends with a bracket or stop."""

    box: PixelBox
    begins_half: bool
    ends_half: bool


def _ends(ink: Ink, box: PixelBox, em: float) -> tuple[bool, bool]:
    """Whether a run begins with a bracket, and whether it ends with one or with a stop."""
    x0, top, x1, bottom = box
    reach = round(BRACKET[0] * em) + 2
    first, last = ink[top:bottom, x0 : x0 + reach], ink[top:bottom, max(x1 - reach, x0) : x1][:, ::-1]
    return _is_bracket(first, em), _is_bracket(last, em) or _is_stop(last, em)


def _first_piece(part: Ink) -> Ink:
    """The piece of ink that a strip begins with."""
    columns = part.any(axis=0)
    return part if columns.all() else part[:, : int(np.argmin(columns))]


def _is_bracket(part: Ink, em: float) -> bool:
    """Whether a strip begins with a curved stroke, its ends to the right."""
    piece = _first_piece(part)
    rows = np.flatnonzero(piece.any(axis=1))
    if not len(rows) or piece.shape[1] > BRACKET[0] * em or rows[-1] - rows[0] < BRACKET[1] * em:
        return False
    upper, middle, lower = (_middle(third) for third in np.array_split(piece[rows[0] : rows[-1] + 1], 3))
    return min(upper, lower) - middle >= CURVE * em


def _middle(piece: Ink) -> float:
    weight = piece.sum(axis=0)
    return float((weight * np.arange(len(weight))).sum() / max(int(weight.sum()), 1))


def _is_stop(part: Ink, em: float) -> bool:
    piece = _first_piece(part)
    rows = np.flatnonzero(piece.any(axis=1))
    if not len(rows) or piece.shape[1] > STOP_SIDE * em or rows[-1] - rows[0] > STOP_SIDE * em:
        return False
    return bool(rows[0] >= len(part) / 2 - 1)


def _along(runs: list[_Run], em: float, split: float) -> Iterator[PixelBox]:
    """Runs side by side on one line put together where they are not far apart."""
    waiting = sorted(runs, key=lambda run: run.box[0])
    while waiting:
        run = waiting.pop(0)
        while True:
            follower = next((other for other in waiting if _follows(run, other, em, split)), None)
            if follower is None:
                break
            waiting.remove(follower)
            run = _Run(_union(run.box, follower.box), run.begins_half, follower.ends_half)
        yield run.box


def _follows(run: _Run, follower: _Run, em: float, split: float) -> bool:
    box, other = run.box, follower.box
    blank = BLANK_HALF if run.ends_half or follower.begins_half else 0.0
    if other[0] - box[2] > (split + blank) * em:
        return False
    shared = min(box[3], other[3]) - max(box[1], other[1])
    heights = (box[3] - box[1], other[3] - other[1])
    tall = max(box[3], other[3]) - min(box[1], other[1])
    if _is_small(other, em) and other[1] >= box[1]:
        return tall <= em
    return shared >= SAME_LINE * min(heights) and tall <= max(WHOLE * em, 1.15 * max(heights))


def _is_small(box: PixelBox, em: float) -> bool:
    """Whether a run is no larger than a stop, which stands below the middle of its line."""
    return max(box[2] - box[0], box[3] - box[1]) <= STOP_SIDE * em


def _distance(box: PixelBox, other: PixelBox) -> int:
    return max(max(box[1], other[1]) - min(box[3], other[3]), 0)


def _union(box: PixelBox, other: PixelBox) -> PixelBox:
    return min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3])

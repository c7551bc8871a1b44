"""Which part of a page one picture shows (截图的范围)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

from pipeline.originals.model import MarkedBox, PagePlace
from schemas.records import BBox

DPI = 120
"""Type of 7 points stays readable on the screen and on paper."""
NEAR = 90.0
"""Points between rows that still share a picture; rows further apart get pictures of their own."""
CONTEXT = (16.0, 56.0)
"""Points of context above and below, at least and at most; between them a row and a third."""
BESIDE = 10.0
"""Points of context left and right of a row."""
FULL_SHARE = 0.6
"""A place narrower than this share of the page (a figure in a sentence) is shown with its whole lines."""
PAGE_MARGIN = 0.05

MAIN, PART = (200, 30, 30), (20, 90, 190)
"""Red and blue of the boxes."""
LINE = 2
"""Pixels of a box's line."""
_PAD = 1.5


def places(page: int, rows: Iterable[BBox], boxes: Sequence[MarkedBox]) -> Iterator[PagePlace]:
    """The rows of one page in as few pictures as show them: what stands near is shown together, from the top down."""
    found = sorted({*rows, *(box.bbox for box in boxes)}, key=lambda row: (row[1], row[0]))
    groups: list[list[BBox]] = []
    for row in found:
        if groups and row[1] - max(other[3] for other in groups[-1]) <= NEAR:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        inside = set(group)
        yield PagePlace(page, tuple(group), tuple(box for box in boxes if box.bbox in inside))


def outside(bbox: BBox) -> BBox:
    """The line to draw around `bbox`, a little outside, so that it does not cover the digits."""
    x0, y0, x1, y1 = bbox
    return min(x0, x1) - _PAD, min(y0, y1) - _PAD, max(x0, x1) + _PAD, max(y0, y1) + _PAD


def frame_of(rows: Sequence[BBox], width: float, height: float) -> BBox:
    """The part of the page to show: the rows, a row of context above and below, whole lines of a sentence."""
    about = min(max(1.3 * median(abs(row[3] - row[1]) for row in rows), CONTEXT[0]), CONTEXT[1])
    left, right = min(row[0] for row in rows) - BESIDE, max(row[2] for row in rows) + BESIDE
    if right - left < FULL_SHARE * width:
        left, right = min(left, PAGE_MARGIN * width), max(right, (1 - PAGE_MARGIN) * width)
    top, bottom = min(row[1] for row in rows) - about, max(row[3] for row in rows) + about
    left, top = min(max(left, 0.0), width), min(max(top, 0.0), height)
    return left, top, max(min(right, width), left), max(min(bottom, height), top)

"""Bent pages made flat by their own rules: skew, perspective and bow in one (曲面展平)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import Bytes, Grey, Reals, as_bytes
from parsers.scan.pieces import pieces
from parsers.scan.warp import Bend, Points, terms

INK = 190
"""Grey below this is ink where thin rules are looked for."""
OPENING = 0.25
"""Inches of straight ink that make a rule here; shorter than for the table, as rules still slant."""
LONG = 1.0
"""Inches from which a piece of rule says which way the page bends."""
THICK = 0.06
"""Inches from which ink is a bar or a shadow."""
EVERY = 0.1
"""Inches between the places at which a rule is measured."""
SPREAD = 0.25
"""The rules must lie this share of the page apart for what lies between them to be told from them."""
SMALL = 1.5
"""Pixels of drift that are left as they are."""
FEW = 4
"""With fewer rules only slant and bow are taken from them."""


@dataclass(frozen=True, slots=True)
class _Trace:
    """Places along one rule: `along` it and `beside` it."""

    along: Reals
    beside: Reals


def bend_of(rules: Grey, dpi: float) -> Bend | None:
    """What makes the long rules of a page level and upright; None where they are or where there are none."""
    height, width = rules.shape
    centre, reach = (width / 2, height / 2), max(width, height) / 2
    ink = (rules < INK).astype(np.uint8)
    down = _drift(_traces(ink, dpi), centre, reach)
    across = _drift(_traces(np.ascontiguousarray(ink.T), dpi), centre[::-1], reach)
    if down is None and across is None:
        return None
    nothing = np.zeros(terms(np.zeros(1), np.zeros(1)).shape[1])
    if down is None:
        down = nothing
    if across is None:  # no uprights: the page is turned, not sheared
        across = nothing.copy()
        across[0] = -down[0]
    return Bend(down, across, centre, reach)


def _traces(ink: Bytes, dpi: float) -> list[_Trace]:
    """The long level rules of a page, each by the middle of its ink."""
    kernel = np.ones((1, max(round(OPENING * dpi), 3)), np.uint8)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    level = cv2.morphologyEx(closed, cv2.MORPH_OPEN, kernel)
    level = cv2.dilate(level, np.ones((3, round(0.05 * dpi) | 1), np.uint8))
    traces = []
    for x, y, width, height, outlined in pieces(as_bytes(level)):
        box = slice(y, y + height), slice(x, x + width)
        if width < LONG * dpi or float((outlined & (level[box] > 0)).sum()) / width > THICK * dpi + 2:
            continue
        inside = outlined & (closed[box] > 0)
        weight = inside.sum(axis=0)
        middle = (inside * np.arange(height)[:, None]).sum(axis=0) / np.maximum(weight, 1)
        columns = np.flatnonzero(weight)[:: max(round(EVERY * dpi), 1)]
        if len(columns) > 2:
            traces.append(_Trace((x + columns).astype(np.float64), y + middle[columns]))
    return traces


def _drift(traces: list[_Trace], centre: tuple[float, float], reach: float) -> Reals | None:
    """The weights of `terms` by which the traced rules drift, found with the level each rule would have."""
    if not traces:
        return None
    heights = [float(trace.beside.mean()) for trace in traces]
    apart = (max(heights) - min(heights)) / (2 * reach)
    kept = [0, 1] if len(traces) < FEW or apart < SPREAD else list(range(6))
    along = np.concatenate([(trace.along - centre[0]) / reach for trace in traces])
    beside = np.concatenate([(trace.beside - centre[1]) / reach for trace in traces])
    owner = np.repeat(np.arange(len(traces)), [len(trace.along) for trace in traces])
    at: Reals = beside
    weights = np.ones(len(along))
    found = np.zeros(6)
    for _ in range(3):
        known = terms(along, at)[:, kept]
        # Each rule has a level of its own: what is left of it and of the terms about their means tells the weights.
        own = _about_means(np.column_stack([known, beside]), owner, weights)
        answer, *_ = np.linalg.lstsq(own[:, :-1] * weights[:, None], own[:, -1] * weights, rcond=1e-6)
        found = np.zeros(6)
        found[kept] = answer
        rest = beside - known @ answer
        at = rest - _about_means(rest[:, None], owner, weights)[:, 0]
        missed = np.abs(beside - at - terms(along, at) @ found) * reach
        weights = 1 / np.maximum(missed, 1.0)
    return found


def _about_means(columns: Reals, owner: npt.NDArray[np.int64], weights: Reals) -> Reals:
    """The columns without the weighted mean that each has along every rule."""
    square = weights * weights
    whole = np.bincount(owner, square)
    means = np.column_stack([np.bincount(owner, square * column) / whole for column in columns.T])
    rest: Reals = columns - means[owner]
    return rest


def drift_pixels(bend: Bend, width: int, height: int) -> float:
    """The most that any corner of the page is moved by."""
    corners: Points = np.array([(0, 0), (width, 0), (0, height), (width, height)], dtype=np.float64)
    return float(np.abs(bend.back(corners) - corners).max())

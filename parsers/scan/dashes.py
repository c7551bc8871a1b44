"""Rules drawn as dashes or dots, drawn through, so that everything after meets whole rules only (虚线、点线)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import Grey, Ink, Mask, as_bytes
from parsers.scan.pieces import pieces

INK = 185
"""Grey below this is ink."""
THIN = 0.035
"""Inches that a dash is thick at most; what is as high as a character is no dash."""
GAP = 0.075
"""Inches of paper between two dashes at most."""
LONG = 0.8
"""Inches from which a row of dashes is a rule: no row of strokes of characters is as even for as long."""
FEWEST = 8
"""Dashes of a rule."""
UNEVEN, REST = 0.3, 1.6
"""Share by which a dash or a gap differs from the usual, and the pixels that a scan adds to that."""
EVEN = 0.8
"""Share of dashes, and of gaps, that do not differ more."""
CROWDED = 0.2
"""Share of a rule's length along which ink may stand close to it: other rules that cross it, what touches it."""
CLEARANCE = 0.03
"""Inches above and below in which there is paper else."""


class _Row(NamedTuple):
    """A row of dashes: where it lies, and the columns that its gaps take."""

    top: int
    bottom: int
    gaps: Mask
    left: int


def drawn_through(rules: Grey, print_: Grey, dpi: float) -> tuple[Grey, Grey]:
    """Both pictures of a page with the gaps of its dashed rules as dark as the dashes."""
    level = list(_dashed(rules, dpi))
    upright = list(_dashed(np.ascontiguousarray(rules.T), dpi))
    if not level and not upright:
        return rules, print_
    return _filled(rules, level, upright), _filled(print_, level, upright)


def _filled(page: Grey, level: list[_Row], upright: list[_Row]) -> Grey:
    filled = page.copy()
    for rows, view in ((level, filled), (upright, filled.T)):
        for row in rows:
            band = view[row.top : row.bottom, row.left : row.left + len(row.gaps)]
            dashes = band[:, ~row.gaps]
            shade = np.median(dashes, axis=1).astype(np.uint8)
            band[:, row.gaps] = np.minimum(band[:, row.gaps], shade[:, None])
    return filled


def _dashed(page: Grey, dpi: float) -> Iterator[_Row]:
    """The level rows of dashes on a page."""
    ink = (page < INK).astype(np.uint8)
    high = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((max(round(THIN * dpi), 3), 1), np.uint8))
    thin = as_bytes(cv2.subtract(ink, high))
    joined = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((1, round(GAP * dpi)), np.uint8))
    long = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((1, round(LONG * dpi)), np.uint8))
    near = cv2.dilate(long, np.ones((3, 1), np.uint8))
    for left, top, width, height, _ in pieces(as_bytes(near)):
        if height > THIN * dpi + 2:
            continue
        dashes: Mask = np.asarray(thin[top : top + height, left : left + width].any(axis=0), dtype=np.bool_)
        if _is_even(dashes) and not _is_crowded(ink, top, height, left, width, round(CLEARANCE * dpi)):
            yield _Row(top, top + height, ~dashes, left)


def _is_even(dashes: Mask) -> bool:
    """Whether dashes and gaps follow each other evenly."""
    turns = np.flatnonzero(np.diff(dashes.astype(np.int8)))
    lengths = np.diff(turns)
    if len(lengths) < 2 * FEWEST - 1:
        return False
    return all(_is_alike(lengths[first::2]) for first in (0, 1))


def _is_alike(lengths: npt.NDArray[np.int64]) -> bool:
    usual = float(np.median(lengths))
    return float((np.abs(lengths - usual) <= UNEVEN * usual + REST).mean()) >= EVEN


def _is_crowded(ink: Ink, top: int, height: int, left: int, width: int, clearance: int) -> bool:
    """Whether ink stands close above or below: strokes of characters have others there."""
    above = ink[max(top - 1 - clearance, 0) : max(top - 1, 0), left : left + width]
    below = ink[top + height + 1 : top + height + 1 + clearance, left : left + width]
    return any(float(side.any(axis=0).mean()) > CROWDED for side in (above, below) if len(side))

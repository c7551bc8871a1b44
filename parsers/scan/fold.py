"""Two pages side by side in one picture, as a copied book or an unfolded sheet shows them (双页对开)."""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter

import cv2
import numpy as np

from parsers.scan.arrays import Grey, Mask

FOLD_DPI = 50.0
"""Resolution at which the fold is looked for."""
INK = 170
"""Grey below this is ink there."""
WIDE = 1.2
"""Two upright pages side by side are this much wider than high at least."""
MIDDLE = (0.46, 0.54)
"""Shares of the width between which the fold lies."""
GUTTER = 0.6
"""Inches of paper along the fold: the inner margins of both pages."""
SPECKS = 0.003
"""Share of a column that may be ink without being print."""
SHADOW = 0.5
"""Share of a column from which its ink is the shadow of the fold or the edge of a sheet."""
CROSSING = 0.5
"""Share of the way across the gutter along which ink makes a rule that goes on from side to side."""
FAINT = 215
"""Grey below this is ink of such a rule."""
HALF = 0.03
"""Share of the ink that stands on either page at least: beside an empty page, the other one is all there is."""


def fold_in(print_: Grey, dpi: float) -> int | None:
    """Where the fold between two pages lies in a level picture, in pixels from the left; None for a single page.

    Nothing printed crosses a fold: a table or title of one wide page does.
    """
    height, width = print_.shape
    if width < WIDE * height:
        return None
    scale = min(FOLD_DPI / dpi, 1.0)
    small = cv2.resize(print_, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    share = np.asarray(small < INK).mean(axis=0)
    printed = (share > SPECKS) & (share < SHADOW)
    gutter = _gutter(~printed, GUTTER * dpi * scale)
    if gutter is None or _is_crossed(print_, round(gutter / scale), round(GUTTER * dpi / 2)):
        return None
    weight = np.where(printed, share, 0.0)
    left = float(weight[:gutter].sum()) / max(float(weight.sum()), 1e-9)
    return round(gutter / scale) if HALF <= left <= 1 - HALF else None


def _is_crossed(print_: Grey, fold: int, reach: int) -> bool:
    """Whether a rule runs through the gutter: the sheet is one wide page, or one table over both."""
    gutter = (print_[:, max(fold - reach, 0) : fold + reach] < FAINT).astype(np.uint8)
    thick = cv2.dilate(gutter, np.ones((5, 1), np.uint8))
    upright = thick.mean(axis=0) >= SHADOW
    return bool((thick[:, ~upright].mean(axis=1) >= CROSSING).any()) if not upright.all() else False


def _gutter(clear: Mask, least: float) -> int | None:
    """The place nearest to the middle of the picture in a run of clear columns wide enough for two margins."""
    low, high = (round(share * len(clear)) for share in MIDDLE)
    runs = [list(run) for is_clear, run in groupby(enumerate(clear.tolist()), key=itemgetter(1)) if is_clear]
    ends = [(run[0][0], run[-1][0]) for run in runs if len(run) >= least]
    inside = (min(max(len(clear) // 2, first + round(least / 3)), last - round(least / 3)) for first, last in ends)
    return next((place for place in inside if low <= place <= high), None)

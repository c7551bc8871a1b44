"""Which way the lines of a page run, and how far they slant (方向与倾斜)."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.arrays import Grey, Ink, Reals, as_bytes

LINE_DPI = 75.0
"""Resolution at which lines of text are told from columns of characters."""
SKEW_DPI = 60.0
"""Resolution at which slant is measured."""
MAX_SKEW = 6.0
"""Degrees a page may slant; photographs are laid straight by the sheet's corners before."""
SKEW_STEPS = (1.0, 0.25, 0.05)
"""Degrees between the slants tried, from coarse to fine."""
INK = 140
"""Grey below this is print in a small picture in even light."""
RULE = 0.35
"""Inches from which a straight stroke is a rule and no part of a character."""
LONG = 2.0
"""A run of characters is this much longer than thick."""
SIDEWAYS = 1.5
"""The page lies on its side where tall runs outweigh wide ones by this much."""


def lies_sideways(print_: Grey, dpi: float) -> bool:
    """Whether the lines of text run up or down the page."""
    ink = _without_rules(_small_ink(print_, dpi, LINE_DPI), LINE_DPI)
    blobs = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(blobs)
    width, height, area = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT], stats[1:, cv2.CC_STAT_AREA]
    wide, tall = float(area[width > LONG * height].sum()), float(area[height > LONG * width].sum())
    return tall > SIDEWAYS * wide


def skew(rules: Grey, dpi: float) -> float:
    """Degrees by which the page must be turned clockwise for its lines to be level: the sharpest profile of rows."""
    ink = _small_ink(rules, dpi, SKEW_DPI)
    best = 0.0
    reach = MAX_SKEW
    for step in SKEW_STEPS:
        angles = np.arange(best - reach, best + reach + step / 2, step)
        best = float(max(angles, key=lambda angle: (_sharpness(ink, float(angle)), -abs(angle))))
        reach = step
    return best


def turned(width: int, height: int, degrees: float) -> Reals:
    """The matrix from a page turned clockwise about its middle by `degrees` to the page before."""
    return np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0), (0, 0, 1)])


def quarter_turn(quarters: int, width: int, height: int) -> Reals:
    """The matrix from a page turned clockwise by `quarters` quarters to the page before of `width` × `height`."""
    matrices = (
        ((1, 0, 0), (0, 1, 0)),
        ((0, 1, 0), (-1, 0, height)),
        ((-1, 0, width), (0, -1, height)),
        ((0, -1, width), (1, 0, 0)),
    )
    return np.array((*matrices[quarters % 4], (0, 0, 1)), dtype=np.float64)


def _sharpness(ink: Ink, angle: float) -> float:
    """How far the rows of a turned page differ from those above them."""
    height, width = ink.shape
    shear = np.array([[1, 0, 0], [np.tan(np.radians(angle)), 1, -np.tan(np.radians(angle)) * width / 2]])
    rows = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_NEAREST).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def _small_ink(grey: Grey, dpi: float, small_dpi: float) -> Ink:
    scale = min(small_dpi / dpi, 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return (small < INK + 40).astype(np.uint8)


def _without_rules(ink: Ink, dpi: float) -> Ink:
    length = max(round(RULE * dpi), 3)
    level = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, length), np.uint8))
    upright = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((length, 1), np.uint8))
    return as_bytes(cv2.subtract(ink, cv2.max(level, upright)))

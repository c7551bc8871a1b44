"""The sheet of paper in a photograph (照片中的纸张)."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.arrays import Bytes, Pixels, Reals, as_bytes
from parsers.scan.warp import Projection

WORKING_SIDE = 480
"""Pixels of the longer side of the picture in which the sheet is looked for."""
DARK = 0.6
"""What lies round a sheet is darker than this share of its brightness."""
BORDER_SHARE = 0.5
"""Share of the picture's edge that must be dark for there to be something round the sheet."""
SHEET_SHARE = 0.25
"""Share of the picture that a sheet fills at least."""
CORNER = 0.02
"""Share of the outline's length within which it may be straightened."""


def sheet_in(pixels: Pixels) -> tuple[Projection, tuple[int, int]] | None:
    """How a sheet that lies on something dark is laid straight, and its size then in pixels; None for a whole page."""
    corners = _corners(pixels)
    if corners is None:
        return None
    top, right, bottom, left = (float(np.linalg.norm(corners[i] - corners[(i + 1) % 4])) for i in range(4))
    width, height = round(max(top, bottom)), round(max(left, right))
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(flat, corners.astype(np.float32))
    return Projection(matrix.astype(np.float64)), (width, height)


def _corners(pixels: Pixels) -> Reals | None:
    """The sheet's corners from the top left one clockwise."""
    longer = max(pixels.shape[:2])
    scale = min(WORKING_SIDE / longer, 1.0)
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    closed = cv2.morphologyEx(small.min(axis=2), cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    bright = as_bytes(cv2.GaussianBlur(closed, (5, 5), 0))
    mask = as_bytes(cv2.threshold(bright, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)[1])
    edge = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if (edge == 0).mean() < BORDER_SHARE or not _stands_out(bright, mask):
        return None
    outlines, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    outline = cv2.convexHull(max(outlines, key=cv2.contourArea))
    if cv2.contourArea(outline) < SHEET_SHARE * mask.size:
        return None
    corners = cv2.approxPolyDP(outline, CORNER * cv2.arcLength(outline, True), True).reshape(-1, 2)
    if len(corners) != 4:
        return None
    around: Reals = corners.astype(np.float64)
    angles = np.arctan2(*(around - around.mean(axis=0)).T[::-1])
    around = around[np.argsort(angles)]
    first = int(np.argmin(around.sum(axis=1)))
    rolled: Reals = np.roll(around, -first, axis=0) / scale
    return rolled


def _stands_out(bright: Bytes, mask: Bytes) -> bool:
    inside, outside = bright[mask > 0], bright[mask == 0]
    return bool(len(inside) and len(outside) and np.median(outside) < DARK * np.median(inside))

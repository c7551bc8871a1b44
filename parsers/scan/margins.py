"""The dark margins that a copier leaves along the edges of a page, and holes punched near them (复印黑边、装订孔)."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.arrays import Bytes, Ink, Pixels, as_bytes

COARSE = 2
"""Margins are looked for in pixels this much larger."""
SAMPLE = 8
"""Of every so many pixels one tells how bright the paper is."""
EDGE = 0.01
"""Share of the picture's edges that is dark where there is a margin."""
DARK, PAPER_PERCENT = 0.45, 80
"""Share of the paper's brightness below which a margin is dark, and the percentage of a page that is no lighter."""
LEAST = 0.03
"""Inches that a margin is wide at least: rules are thinner."""
PRINT = 0.15
"""Inches up to which what is light in a dark area is print: a head of a table that reaches the edge is no margin."""
HOLE, NEAR_EDGE = (0.12, 0.4), 0.8
"""Inches that a hole measures, and that it is from an edge at most."""
ROUND, FULL = 0.8, 0.7
"""Its shorter side by its longer one, and the share of the box around it that is dark: a character has paper in it."""
RIM = 6
"""Pixels around a hole that it darkens."""
MOST_PRINT = 0.03
"""Share of a margin that is light at most."""


def without_margins(pixels: Pixels, dpi: float) -> Pixels:
    """The picture with its dark margins as bright as its paper."""
    paper = float(np.percentile(pixels[::SAMPLE, ::SAMPLE].max(axis=2), PAPER_PERCENT))
    edges = np.concatenate([pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]])
    if (edges.max(axis=1) < DARK * paper).mean() < EDGE:
        return pixels
    small = cv2.resize(pixels, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA).max(axis=2)
    least, print_ = (_square(side * dpi / COARSE) for side in (LEAST, PRINT))
    dark = cv2.morphologyEx((small < DARK * paper).astype(np.uint8), cv2.MORPH_OPEN, least, borderValue=1)
    margin = _along_edges(as_bytes(dark))
    light = cv2.morphologyEx(margin, cv2.MORPH_CLOSE, print_) - margin
    if not margin.any() or light.sum() > MOST_PRINT * margin.sum():
        return pixels
    area = cv2.resize(cv2.dilate(margin, least), pixels.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    return np.where(area[:, :, np.newaxis] > 0, np.uint8(round(paper)), pixels)


def without_punch_holes(pixels: Pixels, dpi: float) -> Pixels:
    """The picture with round dark spots near its edges as bright as its paper."""
    small = cv2.resize(pixels, None, fx=1 / COARSE, fy=1 / COARSE, interpolation=cv2.INTER_AREA).max(axis=2)
    paper = float(np.percentile(small[::SAMPLE, ::SAMPLE], PAPER_PERCENT))
    dark = (small < DARK * paper).astype(np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    holes = [(x, y, width, height) for x, y, width, height, area in stats[1:].tolist() if _is_disc(width, height, area)]
    freed = pixels
    for x, y, width, height in (tuple(COARSE * side for side in hole) for hole in holes):
        as_large = HOLE[0] * dpi <= max(width, height) <= HOLE[1] * dpi
        beside = min(x, pixels.shape[1] - x - width, y, pixels.shape[0] - y - height) <= NEAR_EDGE * dpi
        if as_large and beside:
            freed = pixels.copy() if freed is pixels else freed
            freed[max(y - RIM, 0) : y + height + RIM, max(x - RIM, 0) : x + width + RIM] = round(paper)
    return freed


def _is_disc(width: int, height: int, area: int) -> bool:
    return ROUND <= width / height <= 1 / ROUND and area >= FULL * width * height


def _along_edges(dark: Ink) -> Ink:
    """Of what is dark, what hangs together with an edge of the picture."""
    _, labels = cv2.connectedComponents(dark, connectivity=4)
    edges = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    return np.isin(labels, edges[edges > 0]).astype(np.uint8)


def _square(side: float) -> Bytes:
    return np.ones((max(round(side), 1), max(round(side), 1)), np.uint8)

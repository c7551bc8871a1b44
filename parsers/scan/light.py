"""Evened light: paper white, print black, stamps apart (光照与印章)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import PAPER, Grey, Mask, Pixels, as_bytes
from parsers.scan.fills import turned_over
from parsers.scan.picture import Picture
from parsers.scan.pieces import sizes

BACKGROUND = 0.16
"""Inches over which the paper's brightness is looked for: wider than any stroke or rule."""
SMOOTHING = 0.35
"""Inches over which the light changes."""
COARSE = 4
"""The light is measured in pixels this much larger."""
RED = 40
"""By how much red must outshine green and blue to be a stamp's or a signature's ink."""
PALE = 0.75
"""Share of the paper's brightness that red ink has in the red channel where nothing is printed under it."""

FADED, STROKES = 210, 20
"""Of what is darker than this grey, the darkest share in percent is the middle of strokes."""
PRINT = 125
"""Grey that the middle of strokes has at least on pages that recognition reads well."""

SEAL = 0.25
"""Inches both ways from which a piece of ink is a seal's ring or a picture: no usual character is as large."""
SEAL_INK = 200
"""Grey below this is ink of a seal in a grey scan."""
PALER = 45
"""By how much such a piece is paler than the print, if it can be told from what is printed under it."""

MOSTLY = 0.72
"""Share of a piece near a seal that is pale, if it belongs to the seal."""


@dataclass(frozen=True, slots=True)
class Light:
    """A page in even light. `rules` shows all that is dark in the red channel, which red ink hardly is; in `print` red
    ink is lifted to paper as well."""

    rules: Grey
    print: Grey


def evened(picture: Picture) -> Light:
    """The page with its light evened."""
    pixels = picture.pixels
    red = np.ascontiguousarray(pixels[:, :, 0])
    even = _over_background(turned_over(red, picture.dpi), picture.dpi)
    stamped = _stamped(pixels)
    if stamped is None:
        return Light(even, even)
    lifted = even.copy()
    bright = stamped & (even > 255 * PALE * 0.6)
    lifted[bright] = np.maximum(lifted[bright], np.minimum(255, lifted[bright].astype(np.float32) / PALE)).astype(
        np.uint8
    )
    return Light(even, lifted)


def darkened(print_: Grey) -> Grey:
    """Faint print, as coarse scans leave it, as dark as print usually is."""
    inked = print_[print_ < FADED]
    if not len(inked):
        return print_
    strokes = float(np.percentile(inked, STROKES))
    if strokes <= PRINT:
        return print_
    darkness = cv2.convertScaleAbs(cv2.bitwise_not(print_), alpha=(255 - PRINT) / (255 - strokes))
    return as_bytes(cv2.bitwise_not(darkness))


def without_seals(print_: Grey, dpi: float) -> Grey:
    """The print without large pieces of paler ink and all such ink near them: seals in scans that know no colour."""
    inked = print_[print_ < FADED]
    if not len(inked):
        return print_
    dark = (print_ < SEAL_INK).astype(np.uint8)
    if not any(min(sides) >= SEAL * dpi for sides in sizes(dark)):
        return print_
    strokes = float(np.percentile(inked, STROKES))
    _, found, measures, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    labels, stats = np.asarray(found, np.int32), np.asarray(measures, np.int32)
    sides = np.minimum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    large = [index for index in np.flatnonzero(sides >= SEAL * dpi).tolist() if index]
    greys = {index: float(np.median(_piece(print_, labels, stats, index))) for index in large}
    seals = {index: grey for index, grey in greys.items() if grey - strokes >= PALER}
    if not seals:
        return print_
    limit = min(seals.values()) - (min(seals.values()) - strokes) / 3
    pieces = stats[list(seals)]
    room = round(dpi)
    left, top = (max(int(pieces[:, axis].min()) - room, 0) for axis in (cv2.CC_STAT_LEFT, cv2.CC_STAT_TOP))
    right = int((pieces[:, cv2.CC_STAT_LEFT] + pieces[:, cv2.CC_STAT_WIDTH]).max()) + room
    bottom = int((pieces[:, cv2.CC_STAT_TOP] + pieces[:, cv2.CC_STAT_HEIGHT]).max()) + room
    near, part = labels[top:bottom, left:right], print_[top:bottom, left:right]
    pale = np.bincount(near.ravel(), weights=(part > limit).ravel(), minlength=len(stats))
    mostly = pale >= MOSTLY * np.maximum(np.bincount(near.ravel(), minlength=len(stats)), 1)
    mostly[list(seals)], mostly[0] = True, False
    lifted = print_.copy()
    lifted[top:bottom, left:right][mostly[near] & (part > limit)] = PAPER
    return lifted


def _piece(print_: Grey, labels: npt.NDArray[np.int32], stats: npt.NDArray[np.int32], index: int) -> Grey:
    """The brightness of the pixels of one piece of ink."""
    x, y, width, height, _ = stats[index].tolist()
    box = slice(y, y + height), slice(x, x + width)
    pixels: Grey = print_[box][labels[box] == index]
    return pixels


def _over_background(grey: Grey, dpi: float) -> Grey:
    """The picture divided by the brightness of the paper around each pixel."""
    height, width = grey.shape
    small = cv2.resize(grey, (max(width // COARSE, 1), max(height // COARSE, 1)), interpolation=cv2.INTER_AREA)
    reach = max(round(BACKGROUND * dpi / COARSE) | 1, 3)
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (reach, reach)))
    smooth = max(round(SMOOTHING * dpi / COARSE) | 1, 3)
    paper = cv2.GaussianBlur(cv2.medianBlur(paper, 5), (smooth, smooth), 0)
    paper = cv2.resize(paper, (width, height), interpolation=cv2.INTER_LINEAR)
    return as_bytes(cv2.divide(grey, np.maximum(paper, 1), scale=255))


def _stamped(pixels: Pixels) -> Mask | None:
    """Where red ink lies; None on a page without any."""
    low = cv2.max(pixels[:, :, 1], pixels[:, :, 2])
    reddish = cv2.subtract(pixels[:, :, 0], low) > RED
    return reddish if int(reddish.sum()) > reddish.size * 2e-4 else None

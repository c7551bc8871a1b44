"""Writes a scan and a photograph of a drawn sample:  python samples/make_scans.py

The page is drawn with the fonts of this machine, so that the files differ from machine to machine; those that are
committed show the page of pdf/national_ruled.pdf.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2 as pdfium
from PIL import Image

HERE = Path(__file__).parent
DPI = 150
SKEW = -0.7
"""Degrees by which the scan lies askew."""
DESK = (75, 80, 70)
Pixels = npt.NDArray[np.uint8]


def scanned(page: Pixels) -> Pixels:
    """The page askew on the glass, a little soft and grainy."""
    height, width = page.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), SKEW, 1)
    askew = cv2.warpAffine(page, turn, (width, height), borderValue=(255,) * 3, flags=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(askew, (0, 0), 0.6).astype(np.float32)
    return _grey(soft + np.random.default_rng(7).normal(0, 6, soft.shape[:2])[..., None] - 8)


def photographed(page: Pixels) -> Pixels:
    """The page on a desk, seen from an angle, one corner in shadow."""
    height, width = page.shape[:2]
    wide, high = int(width * 1.15), int(height * 1.12)
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    seen = np.array([(70, 60), (wide - 110, 85), (wide - 60, high - 70), (40, high - 95)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, seen)
    view = cv2.warpPerspective(page, matrix, (wide, high), borderValue=DESK, flags=cv2.INTER_CUBIC).astype(np.float32)
    down, across = np.mgrid[0:high, 0:wide]
    view *= (0.95 - 0.3 * (across / wide) * (down / high))[..., None]
    view += np.random.default_rng(7).normal(0, 3, (high, wide))[..., None]
    return np.clip(view, 0, 255).astype(np.uint8)


def _grey(pixels: npt.NDArray[np.float32]) -> Pixels:
    grey: Pixels = np.asarray(cv2.cvtColor(np.clip(pixels, 0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY))
    return grey


if __name__ == "__main__":
    document = pdfium.PdfDocument(HERE / "pdf/national_ruled.pdf")
    drawn = document[0].render(scale=DPI / 72, rev_byteorder=True).to_numpy()[:, :, :3].copy()
    (HERE / "scan").mkdir(exist_ok=True)
    Image.fromarray(scanned(drawn)).save(HERE / "scan/national_scanned.pdf", resolution=DPI, quality=60)
    Image.fromarray(photographed(drawn)).save(HERE / "scan/national_photo.jpg", quality=62)

"""Pictures of pages: taken from a PDF page or from an image file, at a resolution that reading needs (页面图片)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.scan.arrays import Pixels

DPI = 200.0
"""Finer pictures are made this coarse: type of 5 points still has 14 pixels."""
COARSE_DPI = 140.0
"""Coarser pictures are made as fine as `DPI`: drawn only a little finer, they lose strokes of one pixel."""
MAX_PIXELS = 16_000_000
"""An A3 page at `DPI` has 7.7 million; what claims more is made smaller."""
MAX_IMAGES = 500
"""Images of one page that are asked for their resolution."""
POINTS = 72.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as it is seen: `pixels` are rows of red, green, blue; `dpi` of them are an inch of the page."""

    pixels: Pixels
    dpi: float

    @property
    def points(self) -> float:
        """Points a pixel measures."""
        return POINTS / self.dpi


def picture_of_page(page: pdfium.PdfPage) -> Picture:
    """A PDF page as it is seen, drawn as fine as its largest image within bounds."""
    width, height = page.get_size()
    dpi = _image_dpi(page)
    dpi = min(dpi, DPI) if dpi >= COARSE_DPI else DPI
    dpi = min(dpi, POINTS * (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=dpi / POINTS, rev_byteorder=True, may_draw_forms=False)
    pixels = np.array(bitmap.to_numpy()[:, :, :3])
    bitmap.close()
    return Picture(pixels, dpi)


def has_broken_image(page: pdfium.PdfPage) -> bool:
    """Whether a picture on a page cannot be decoded, so that the page looks empty where it is not."""
    images = islice(page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=5), MAX_IMAGES)
    return any(not _is_decoded(image) for image in images)


def _is_decoded(image: pdfium.PdfObject) -> bool:
    bitmap = pdfium_c.FPDFImageObj_GetBitmap(image)
    if not bitmap:
        return False
    pdfium_c.FPDFBitmap_Destroy(bitmap)
    return True


def _image_dpi(page: pdfium.PdfPage) -> float:
    """Pixels per inch of the image that covers most of the page; `DPI` where there is none."""
    largest, dpi = 0.0, DPI
    for image in islice(page.get_objects([pdfium_c.FPDF_PAGEOBJ_IMAGE], max_depth=5), MAX_IMAGES):
        left, bottom, right, top = image.get_bounds()
        area = (right - left) * (top - bottom)
        wide, high = image.get_px_size()
        if area > largest and wide * high:
            largest, dpi = area, POINTS * (wide * high / area) ** 0.5
    return dpi

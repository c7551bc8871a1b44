"""Image files as documents: each picture of a file becomes a page, so that everything else meets only PDFs (图片文件).

Whatever the file claims to hold is bounded before it is decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BytesIO
from itertools import islice
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from parsers.scan.picture import DPI, MAX_PIXELS, POINTS
from schemas.errors import DamagedFile, LimitExceeded

MAX_DECODED = 80_000_000
"""Pixels that are decoded: an A2 page at 300 dpi has 35 million; several copies of as many are in memory at once."""
MAX_FRAMES = 1000
"""Pictures of one file that become pages."""
LEAST_SIDE = 8
"""Pixels below which a picture shows nothing to read."""
PAGE_SIDES = (400.0, 1300.0)
"""Points of the longer side that a page may have for the file's own resolution to be believed: A5 to A2."""
USUAL_SIDE = 842.0
"""Points of the longer side of a page whose resolution nobody states: A4."""
ELONGATED = 3.0
"""A picture this much longer than wide is a strip of pages, a screen scrolled through: its shorter side is a page's."""
USUAL_WIDTH, LONGEST_SIDE = 595.0, 14000.0
"""Points across A4, and what PDF readers agree that a page may measure."""
QUALITY = 95
LEAST_PAGE = 300
"""Pixels of the shorter side from which a picture inside a document may be a page: emblems and icons are smaller."""
UNREADABLE = (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError)
"""What Pillow raises for pictures that are damaged."""


def image_as_pdf(path: Path) -> pdfium.PdfDocument:
    """The pictures of a file as the pages of a PDF, upright as their EXIF says. Raises DamagedFile, LimitExceeded."""
    try:
        with Image.open(path) as image:
            return _as_pdf(image, path.name)
    except Image.DecompressionBombError as error:
        raise LimitExceeded(f"{path.name}：图片的像素数超过上限，未读取，请以 300 dpi 以内重新扫描。") from error
    except UNREADABLE as error:
        raise DamagedFile(f"{path.name}：图片已损坏或不完整（{error}），无法读取，请重新取得该文件。") from error


def pictures_as_pdf(pictures: Iterable[bytes], name: str) -> pdfium.PdfDocument:
    """Those of many pictures that can be read, each with its pages, as one PDF. Raises DamagedFile where none can."""
    whole = pdfium.PdfDocument.new()
    for picture in pictures:
        unreadable = suppress(*UNREADABLE, Image.DecompressionBombError, LimitExceeded, DamagedFile)
        with unreadable, Image.open(BytesIO(picture)) as image:
            if min(image.size) >= LEAST_PAGE:
                whole.import_pages(_as_pdf(image, name))
    if not len(whole):
        raise DamagedFile(f"{name}：文件中没有可读取的图片。")
    return whole


def _as_pdf(image: Image.Image, name: str) -> pdfium.PdfDocument:
    whole: pdfium.PdfDocument | None = None
    for frame in _frames(image, name):
        out = BytesIO()
        lossy = {} if frame.mode == "1" else {"quality": QUALITY}
        frame.save(out, "PDF", resolution=_dpi(image, frame), **lossy)
        page = pdfium.PdfDocument(out.getvalue())
        if whole is None:
            whole = page
        else:
            whole.import_pages(page)
            page.close()
    if whole is None:
        raise DamagedFile(f"{name}：图片文件中没有图片，请重新取得该文件。")
    return whole


def _frames(image: Image.Image, name: str) -> Iterator[Image.Image]:
    width, height = image.size
    if min(width, height) < LEAST_SIDE:
        raise DamagedFile(
            f"{name}：图片只有 {width}×{height} 像素，其中没有可读的内容，请核对文件。", code="empty_image"
        )
    image.draft("RGB", _fitting(width, height))
    width, height = image.size
    if width * height > MAX_DECODED:
        raise LimitExceeded(f"{name}：图片有 {width}×{height} 像素，超过上限，未读取，请以 300 dpi 以内重新扫描。")
    for frame in islice(ImageSequence.Iterator(image), MAX_FRAMES):
        yield _plain(frame)


def _plain(frame: Image.Image) -> Image.Image:
    """The picture upright, opaque, in 8 bits, no larger than a page needs."""
    upright = ImageOps.exif_transpose(frame)
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = _eight_bits(upright)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    if upright.mode not in ("1", "L"):
        upright = upright.convert("RGB")
    size = _fitting(*upright.size)
    if size != upright.size:
        upright = (upright.convert("L") if upright.mode == "1" else upright).resize(size, Image.Resampling.BOX)
    return upright


def _eight_bits(image: Image.Image) -> Image.Image:
    """A picture of more than 8 bits a pixel, its own darkest and lightest made black and white."""
    values = np.asarray(image, dtype=np.float32)
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1.0))).astype(np.uint8))


def _fitting(width: int, height: int) -> tuple[int, int]:
    """The size within `MAX_PIXELS`."""
    scale = min((MAX_PIXELS / (width * height)) ** 0.5, 1.0)
    return max(round(width * scale), 1), max(round(height * scale), 1)


def _dpi(image: Image.Image, frame: Image.Image) -> float:
    """Pixels per inch of a page: what the file says if that makes a page of paper, else what makes it an A4, or a strip
    as wide as one."""
    longer, shorter = max(frame.size), min(frame.size)
    if longer > ELONGATED * shorter:
        return max(shorter * POINTS / USUAL_WIDTH, longer * POINTS / LONGEST_SIDE)
    stated = image.info.get("dpi", (DPI, DPI))[0] * longer / max(image.size)
    if stated > 0 and PAGE_SIDES[0] <= longer * POINTS / float(stated) <= PAGE_SIDES[1]:
        return float(stated)
    return longer * POINTS / USUAL_SIDE

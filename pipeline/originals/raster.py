"""Pages of PDF files and pictures as pixels (页面位图)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from parsers.pdf.pdfium import open_document
from parsers.pdf.rawtext import read_raw
from parsers.pdf.textlayer import sideways
from pipeline.originals.crops import DPI, LINE, MAIN, PART, frame_of, outside
from pipeline.originals.model import PageImage, PagePlace
from schemas.errors import ReadError

MAX_PAGE_PIXELS = 20_000_000
"""Pages too large for this many pixels are drawn smaller: memory stays bounded whatever a page claims to measure."""
MAX_WIDTH, MAX_HEIGHT = 1400, 2000
"""Pixels of one picture."""
COLOURS = 32
"""Printed tables are grey; this many leave stamps and boxes their colour."""


def page_picture(path: Path, number: int) -> PageImage:
    """Page `number` (from 1) in reading orientation. Raises ReadError."""
    document = open_document(path)
    try:
        image, _ = _render(document, path, number)
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise _not_drawn(path, error) from error
    finally:
        document.close()
    out = BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=4)
    return PageImage(out.getvalue(), image.width, image.height)


def page_sizes(path: Path, numbers: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages in points, in reading orientation; pages that are not there left out."""
    document = open_document(path)
    try:
        found = {}
        for number in numbers:
            if 1 <= number <= len(document):
                page = document[number - 1]
                width, height = page.get_size()
                turned = sideways(read_raw(page.get_textpage().raw), page.get_rotation()) in (90, 270)
                found[number] = (height, width) if turned else (width, height)
        return found
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise _not_drawn(path, error) from error
    finally:
        document.close()


def pictures(path: Path, asked: Sequence[PagePlace]) -> list[PageImage]:
    """The places asked for, in order. Raises ReadError."""
    document = open_document(path)
    try:
        pages: dict[int, tuple[Image.Image, float]] = {}
        found = []
        for place in asked:
            if place.page not in pages:
                pages = {place.page: _render(document, path, place.page)}
            found.append(_picture(*pages[place.page], place))
        return found
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise _not_drawn(path, error) from error
    finally:
        document.close()


def _not_drawn(path: Path, error: Exception) -> ReadError:
    return ReadError(f"文件“{path.name}”无法画出（{error}）；请用原软件打开核对。", code="not_drawn")


def _render(document: pdfium.PdfDocument, path: Path, number: int) -> tuple[Image.Image, float]:
    """A page in reading orientation, and its pixels per point."""
    if not 1 <= number <= len(document):
        raise ReadError(f"文件“{path.name}”没有第 {number} 页；请重新运行 ziping ingest。", code="no_such_page")
    page = document[number - 1]
    words = page.get_textpage()  # closed when nothing holds it any more
    turn = sideways(read_raw(words.raw), page.get_rotation())
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PAGE_PIXELS / max(width * height, 1.0)) ** 0.5)
    image: Image.Image = page.render(scale=scale, rotation=turn).to_pil().convert("RGB")
    return image, scale


def _picture(page: Image.Image, scale: float, place: PagePlace) -> PageImage:
    frame = frame_of(place.rows, page.width / scale, page.height / scale)
    left, top, right, bottom = (round(value * scale) for value in frame)
    image = page.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    shrink = min(1.0, MAX_WIDTH / image.width, MAX_HEIGHT / image.height)
    if shrink < 1:
        size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(image, "RGBA")
    for box in sorted(place.boxes, key=lambda box: box.main):
        x0, y0, x1, y1 = (
            (value - origin) * scale * shrink for value, origin in zip(outside(box.bbox), frame[:2] * 2, strict=True)
        )
        colour = MAIN if box.main else PART
        pen.rectangle((x0, y0, x1, y1), (*colour, 26), colour, LINE)
    out = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
    return PageImage(out.getvalue(), image.width, image.height)

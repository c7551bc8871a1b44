"""Pictures of places in PDF files: the rows a finding speaks of, its values boxed (原文截图).

PDFs are hostile: `draw_crops` runs in a worker process with a deadline and a memory limit, as reading does. A file is
drawn only while its bytes are those that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from statistics import median

import pypdfium2 as pdfium
from PIL import Image, ImageDraw

from parsers.pdf.pdfium import open_document
from parsers.pdf.rawtext import read_raw
from parsers.pdf.textlayer import sideways
from pipeline.reading.one_file import identify
from pipeline.reading.workers import Workers
from schemas.errors import FileUnavailable, ReadError
from schemas.records import BBox

DPI = 120
"""Type of 7 points stays readable on the screen and on paper."""
MAX_PAGE_PIXELS = 20_000_000
"""Pages too large for this many pixels are drawn smaller: memory stays bounded whatever a page claims to measure."""
MAX_WIDTH, MAX_HEIGHT = 1400, 2000
"""Pixels of one picture."""
COLOURS = 32
"""Printed tables are grey; this many leave stamps and boxes their colour."""
PAGES_PER_CALL = 20
"""Pages drawn in one call of a worker, within one deadline."""

NEAR = 90.0
"""Points between rows that still share a picture; rows further apart get pictures of their own."""
CONTEXT = (16.0, 56.0)
"""Points of context above and below, at least and at most; between them a row and a third."""
BESIDE = 10.0
"""Points of context left and right of a row."""
FULL_SHARE = 0.6
"""A place narrower than this share of the page (a figure in a sentence) is shown with its whole lines."""
PAGE_MARGIN = 0.05

_MAIN, _PART = (200, 30, 30), (20, 90, 190)
_LINE = 2
_PAD = 1.5


@dataclass(frozen=True, slots=True)
class Box:
    """A value to box: red where it is the one reported (`main`), blue where it belongs to the reckoning (框)."""

    bbox: BBox
    main: bool


@dataclass(frozen=True, slots=True)
class Place:
    """What one picture shows: rows of one page and the boxes on them; coordinates in points from the top left (处)."""

    page: int
    rows: tuple[BBox, ...]
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as PNG, with its size in pixels (截图)."""

    png: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its path and the hash its bytes had when it was read (来源)."""

    path: str
    document_id: str


CHANGED = "changed"
"""Code of the error for a file whose bytes are no longer those that were read."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of the pictures asked for (截图结果).

    `pictures` by file and place; `failed` has the code of the error where there is none, by file and place, and by file
    alone (None) where the file is gone or another one by now.
    """

    pictures: Mapping[tuple[Source, Place], Picture]
    failed: Mapping[tuple[Source, Place | None], str]


def crop(path: Path, page: int, boxes: Sequence[BBox]) -> bytes:
    """The rows at `boxes` on page `page` (from 1) of a PDF as a PNG, boxed, the first in red.

    Raises ReadError. Only for files that may be trusted; `draw` does the same in a worker process.
    """
    place = Place(page, tuple(boxes), tuple(Box(bbox, at == 0) for at, bbox in enumerate(boxes)))
    return _drawn(path, [place])[0].png


def page_image(path: Path, number: int) -> tuple[Image.Image, float]:
    """Page `number` (from 1) of a PDF in reading orientation, and its pixels per point. Raises ReadError."""
    document = open_document(path)
    try:
        return _render(document, path, number)
    except (pdfium.PdfiumError, ValueError, OSError) as error:
        raise _not_drawn(path, error) from error
    finally:
        document.close()


def page_sizes(path: Path, numbers: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages of a PDF in points, in reading orientation; pages that are not there left out."""
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


def _not_drawn(path: Path, error: Exception) -> ReadError:
    return ReadError(f"文件“{path.name}”无法画出（{error}）；请用原软件打开核对。", code="not_drawn")


def places(page: int, rows: Iterable[BBox], boxes: Sequence[Box]) -> Iterator[Place]:
    """The rows of one page in as few pictures as show them: what stands near is shown together, from the top down."""
    found = sorted({*rows, *(box.bbox for box in boxes)}, key=lambda row: (row[1], row[0]))
    groups: list[list[BBox]] = []
    for row in found:
        if groups and row[1] - max(other[3] for other in groups[-1]) <= NEAR:
            groups[-1].append(row)
        else:
            groups.append([row])
    for group in groups:
        inside = set(group)
        yield Place(page, tuple(group), tuple(box for box in boxes if box.bbox in inside))


def draw(wanted: Mapping[Source, Iterable[Place]], workers: Workers, threads: int) -> Drawn:
    """Every picture wanted, each drawn once, `threads` at a time; a file of which none is wanted is only identified."""
    jobs = [(source, chunk) for source, asked in wanted.items() for chunk in _chunks(asked) or [[]]]
    pictures: dict[tuple[Source, Place], Picture] = {}
    failed: dict[tuple[Source, Place | None], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        for job, found in zip(jobs, pool.map(lambda job: _job(workers, *job), jobs), strict=True):
            for place, result in found.items():
                if isinstance(result, Picture) and place is not None:
                    pictures[job[0], place] = result
                elif isinstance(result, str):
                    failed[job[0], place] = result
    return Drawn(pictures, failed)


def _chunks(asked: Iterable[Place]) -> list[list[Place]]:
    by_page = _pages(dict.fromkeys(asked))
    pages = sorted(by_page)
    return [
        [place for page in pages[at : at + PAGES_PER_CALL] for place in by_page[page]]
        for at in range(0, len(pages), PAGES_PER_CALL)
    ]


def _job(workers: Workers, source: Source, asked: list[Place]) -> dict[Place | None, Picture | str]:
    """The pictures of one call; where it fails, page by page, so that one bad page costs only itself."""
    try:
        return dict(zip(asked, workers.call(draw_crops, source.path, source.document_id, asked), strict=True))
    except ReadError as error:
        if error.code in (CHANGED, FileUnavailable.code):
            return {None: error.code}
        by_page = _pages(asked)
        if len(by_page) <= 1:
            return dict.fromkeys(asked, error.code) if asked else {None: error.code}
    found: dict[Place | None, Picture | str] = {}
    for same_page in by_page.values():
        found |= _job(workers, source, same_page)
    return found


def _pages(asked: Iterable[Place]) -> dict[int, list[Place]]:
    found: dict[int, list[Place]] = {}
    for place in asked:
        found.setdefault(place.page, []).append(place)
    return found


def draw_crops(path: str, document_id: str, asked: Sequence[Place]) -> list[Picture]:
    """The pictures of `asked`, in order; runs in a worker.

    Raises ReadError for a file that is gone, is another one by now (`code` "changed"), or cannot be drawn.
    """
    if identify(path).document_id != document_id:
        raise ReadError(f"文件“{Path(path).name}”的内容已不是入库时的内容；请重新运行 ziping ingest。", code=CHANGED)
    return _drawn(Path(path), asked) if asked else []


def _drawn(path: Path, asked: Sequence[Place]) -> list[Picture]:
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


def _picture(page: Image.Image, scale: float, place: Place) -> Picture:
    frame = _frame(place.rows, page.width / scale, page.height / scale)
    left, top, right, bottom = (round(value * scale) for value in frame)
    image = page.crop((left, top, max(right, left + 1), max(bottom, top + 1)))
    shrink = min(1.0, MAX_WIDTH / image.width, MAX_HEIGHT / image.height)
    if shrink < 1:
        size = (max(1, round(image.width * shrink)), max(1, round(image.height * shrink)))
        image = image.resize(size, Image.Resampling.LANCZOS)
    pen = ImageDraw.Draw(image, "RGBA")
    for box in sorted(place.boxes, key=lambda box: box.main):
        x0, y0, x1, y1 = (
            (value - origin) * scale * shrink for value, origin in zip(_outside(box.bbox), frame[:2] * 2, strict=True)
        )
        colour = _MAIN if box.main else _PART
        pen.rectangle((x0, y0, x1, y1), (*colour, 26), colour, _LINE)
    out = BytesIO()
    image.quantize(COLOURS, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(out, "PNG")
    return Picture(out.getvalue(), image.width, image.height)


def _outside(bbox: BBox) -> BBox:
    """The line to draw around `bbox`, a little outside, so that it does not cover the digits."""
    x0, y0, x1, y1 = bbox
    return min(x0, x1) - _PAD, min(y0, y1) - _PAD, max(x0, x1) + _PAD, max(y0, y1) + _PAD


def _frame(rows: Sequence[BBox], width: float, height: float) -> BBox:
    """The part of the page to show: the rows, a row of context above and below, whole lines of a sentence."""
    about = min(max(1.3 * median(abs(row[3] - row[1]) for row in rows), CONTEXT[0]), CONTEXT[1])
    left, right = min(row[0] for row in rows) - BESIDE, max(row[2] for row in rows) + BESIDE
    if right - left < FULL_SHARE * width:
        left, right = min(left, PAGE_MARGIN * width), max(right, (1 - PAGE_MARGIN) * width)
    top, bottom = min(row[1] for row in rows) - about, max(row[3] for row in rows) + about
    left, top = min(max(left, 0.0), width), min(max(top, 0.0), height)
    return left, top, max(min(right, width), left), max(min(bottom, height), top)

"""Pages drawn, whatever format they are of (页面图)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from parsers.detect import detect_format
from pipeline.originals import raster, vector
from pipeline.originals.model import VECTOR, MarkedBox, PageImage, PagePlace
from schemas.records import BBox


def page_picture(path: Path, number: int) -> PageImage:
    """Page `number` (from 1) in reading orientation. Raises ReadError."""
    return vector.page_picture(path, number) if _is_vector(path) else raster.page_picture(path, number)


def page_sizes(path: Path, numbers: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages in points, as they are read; pages that are not there left out. Raises ReadError."""
    return vector.page_sizes(path, numbers) if _is_vector(path) else raster.page_sizes(path, numbers)


def pictures(path: Path, asked: Sequence[PagePlace]) -> list[PageImage]:
    """The places asked for, in order. Raises ReadError."""
    return vector.pictures(path, asked) if _is_vector(path) else raster.pictures(path, asked)


def crop(path: Path, page: int, boxes: Sequence[BBox]) -> bytes:
    """The rows at `boxes` on page `page` (from 1), boxed, the first in red: a PNG, of OFD an SVG.

    Raises ReadError. Only for files that may be trusted; `drawing.draw` does the same in a worker process.
    """
    place = PagePlace(page, tuple(boxes), tuple(MarkedBox(bbox, at == 0) for at, bbox in enumerate(boxes)))
    return pictures(path, [place])[0].content


def _is_vector(path: Path) -> bool:
    return detect_format(path) in VECTOR

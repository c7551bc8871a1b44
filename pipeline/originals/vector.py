"""Pages of OFD as SVG (页面矢量图): a browser draws them with its own fonts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from parsers.ofd.drawing import Drawing, page_drawing
from pipeline.originals.crops import DPI, LINE, MAIN, PART, frame_of, outside
from pipeline.originals.model import Box, PagePlace, Picture
from schemas.errors import ReadError
from schemas.records import BBox

_SCALE = DPI / 72
"""Pixels of a point."""


def page_picture(path: Path, number: int, boxes: Sequence[Box] = ()) -> Picture:
    """Page `number` (from 1) in reading orientation, boxed. Raises ReadError."""
    drawing = page_drawing(path, number)
    return _picture(drawing, (0.0, 0.0, drawing.width, drawing.height), boxes)


def page_sizes(path: Path, numbers: Iterable[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages in points, in reading orientation; pages that are not there left out."""
    found = {}
    for number in numbers:
        try:
            drawing = page_drawing(path, number)
        except ReadError as error:
            if error.code != "no_such_page":
                raise
            continue
        found[number] = (drawing.width, drawing.height)
    return found


def pictures(path: Path, asked: Sequence[PagePlace]) -> list[Picture]:
    """The places asked for, in order. Raises ReadError."""
    drawings = {number: page_drawing(path, number) for number in dict.fromkeys(place.page for place in asked)}
    return [_crop(drawings[place.page], place) for place in asked]


def _crop(drawing: Drawing, place: PagePlace) -> Picture:
    return _picture(drawing, frame_of(place.rows, drawing.width, drawing.height), place.boxes)


def _picture(drawing: Drawing, frame: BBox, boxes: Sequence[Box]) -> Picture:
    left, top, right, bottom = frame
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    pixels = max(1, round(width * _SCALE)), max(1, round(height * _SCALE))
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}"'
        f' width="{pixels[0]}" height="{pixels[1]}">'
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}" fill="#fff"/>'
        f"{drawing.svg(frame)}{''.join(map(_box, sorted(boxes, key=lambda box: box.main)))}</svg>"
    )
    return Picture(content.encode(), *pixels, "svg")


def _box(box: Box) -> str:
    x0, top, x1, bottom = outside(box.bbox)
    colour = "#{:02x}{:02x}{:02x}".format(*(MAIN if box.main else PART))
    return (
        f'<rect x="{x0:.2f}" y="{top:.2f}" width="{x1 - x0:.2f}" height="{bottom - top:.2f}" fill="{colour}"'
        f' fill-opacity="0.1" stroke="{colour}" stroke-width="{LINE / _SCALE:.2f}"/>'
    )

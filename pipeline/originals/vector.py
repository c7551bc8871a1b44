"""Pages of OFD as SVG (页面矢量图): a browser draws them with its own fonts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from parsers.document import Cell
from parsers.ofd.drawing import PageSvg, page_drawing
from pipeline.originals.crops import DPI, LINE, MAIN, PART, frame_of, outside
from pipeline.originals.model import MarkedBox, PageImage, PagePlace
from schemas.errors import ReadError
from schemas.records import BBox

_SCALE = DPI / 72
"""Pixels of a point."""
_CELL, _MERGED, _DOUBTFUL = "#006edc", "#009646", "#dc1e1e"
_LABEL_POINTS = 7


def page_picture(path: Path, number: int, boxes: Sequence[MarkedBox] = ()) -> PageImage:
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


def pictures(path: Path, asked: Sequence[PagePlace]) -> list[PageImage]:
    """The places asked for, in order. Raises ReadError."""
    drawings = {number: page_drawing(path, number) for number in dict.fromkeys(place.page for place in asked)}
    return [_crop(drawings[place.page], place) for place in asked]


def recognised_page(
    path: Path, number: int, cells: Sequence[Cell], labels: Mapping[BBox, str], unread: Collection[BBox]
) -> PageImage:
    """A page with what was recognised on it: single cells blue, merged ones green, doubtful ones and unread ones red.

    `labels` names, in Latin letters, what stands in a box. Raises ReadError.
    """
    drawing = page_drawing(path, number)
    over = [_rect(cell.bbox, _colour(cell), 0.08) for cell in cells if cell.bbox]
    over += [_rect(box, _DOUBTFUL, 0.3) for box in unread]
    over += [_label(box, text) for box, text in labels.items()]
    return _svg(drawing, (0.0, 0.0, drawing.width, drawing.height), "".join(over))


def _colour(cell: Cell) -> str:
    merged = cell.row_span * cell.col_span > 1
    return _DOUBTFUL if cell.confidence < 1 else _MERGED if merged else _CELL


def _label(box: BBox, text: str) -> str:
    fits = max(0, int((box[2] - box[0]) / (0.6 * _LABEL_POINTS)))
    return (
        f'<text x="{box[0] + 1:.2f}" y="{box[1] + _LABEL_POINTS / 2:.2f}" font-size="{_LABEL_POINTS}"'
        f' font-family="monospace" fill="#7800a0" stroke="#fff" stroke-width="2" paint-order="stroke">'
        f"{escape(text[:fits])}</text>"
    )


def _crop(drawing: PageSvg, place: PagePlace) -> PageImage:
    return _picture(drawing, frame_of(place.rows, drawing.width, drawing.height), place.boxes)


def _picture(drawing: PageSvg, frame: BBox, boxes: Sequence[MarkedBox]) -> PageImage:
    return _svg(drawing, frame, "".join(map(_box, sorted(boxes, key=lambda box: box.main))))


def _svg(drawing: PageSvg, frame: BBox, over: str) -> PageImage:
    left, top, right, bottom = frame
    width, height = max(right - left, 1.0), max(bottom - top, 1.0)
    pixels = max(1, round(width * _SCALE)), max(1, round(height * _SCALE))
    content = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left:.2f} {top:.2f} {width:.2f} {height:.2f}"'
        f' width="{pixels[0]}" height="{pixels[1]}">'
        f'<rect x="{left:.2f}" y="{top:.2f}" width="{width:.2f}" height="{height:.2f}" fill="#fff"/>'
        f"{drawing.svg(frame)}{over}</svg>"
    )
    return PageImage(content.encode(), *pixels, "svg")


def _box(box: MarkedBox) -> str:
    return _rect(outside(box.bbox), "#{:02x}{:02x}{:02x}".format(*(MAIN if box.main else PART)), 0.1)


def _rect(box: BBox, colour: str, opacity: float) -> str:
    x0, top, x1, bottom = box
    return (
        f'<rect x="{x0:.2f}" y="{top:.2f}" width="{x1 - x0:.2f}" height="{bottom - top:.2f}" fill="{colour}"'
        f' fill-opacity="{opacity}" stroke="{colour}" stroke-width="{LINE / _SCALE:.2f}"/>'
    )

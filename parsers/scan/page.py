"""A picture of a page as a `PageContent`: the steps in their order (图片页识别)."""

from __future__ import annotations

from parsers.document import BBox
from parsers.pdf.shapes import Char, PageContent, Scan
from parsers.scan.flatten import FlatPage, flattened
from parsers.scan.grid import cells
from parsers.scan.lines import PixelBox, em_of, ink_of, text_lines, without_dirt
from parsers.scan.models import Models, models
from parsers.scan.picture import Picture
from parsers.scan.place import characters
from parsers.scan.reading import read_lines
from parsers.scan.rules import erased, rules_in
from parsers.scan.strokes import is_remnant


def read_picture(picture: Picture, number: int) -> PageContent:
    """What is printed on a picture of page `number`: characters and rules in points, in reading orientation."""
    page = flattened(picture)
    return _read(page, picture, number, models())


def _read(page: FlatPage, picture: Picture, number: int, loaded: Models) -> PageContent:
    points = picture.points
    rules = rules_in(page.light.rules, page.dpi)
    print_ = erased(page.light.print, rules.rules, page.dpi)
    ink = ink_of(print_)
    em = em_of(ink, page.dpi)
    print_, ink = without_dirt(print_, ink, em)
    edges = rules.edges(points)
    boxes = [_pixels(box, points) for box in cells(edges)]
    found = [line for line in text_lines(ink, boxes, em) if not is_remnant(line, boxes, em)]
    lines = read_lines(print_, ink, found, em, loaded)
    sure: dict[Char, float] = {}
    for run, line in enumerate(lines):
        sure.update(characters(line, em, points, run))
    return PageContent(
        number,
        page.width * points,
        page.height * points,
        tuple(sure),
        edges,
        1.0,
        0,
        "recognised",
        Scan(sure, lambda box: _as_seen(page, points, box)),
    )


def _pixels(box: BBox, points: float) -> PixelBox:
    x0, top, x1, bottom = (round(value / points) for value in box)
    return x0, top, x1, bottom


def _as_seen(page: FlatPage, points: float, box: BBox) -> BBox:
    x0, top, x1, bottom = page.warp.box((box[0] / points, box[1] / points, box[2] / points, box[3] / points))
    return x0 * points, top * points, x1 * points, bottom * points

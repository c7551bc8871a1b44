"""A picture of a page as a `PageContent`: the steps in their order (图片页识别)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import cv2

from parsers.document import BBox
from parsers.pdf.shapes import PageContent, Scan
from parsers.scan.arrays import Grey, Ink
from parsers.scan.dashes import drawn_through
from parsers.scan.doubts import checked
from parsers.scan.flatten import FlatPage, flattened, turned_page
from parsers.scan.grid import cells
from parsers.scan.light import darkened, without_seals
from parsers.scan.lines import PixelBox, TextLine, em_of, ink_of, text_lines, without_dirt, without_strays
from parsers.scan.models import models
from parsers.scan.numerals import with_upright_numerals
from parsers.scan.picture import Picture
from parsers.scan.pieces import sizes
from parsers.scan.place import characters, unreadable
from parsers.scan.reading import ReadLine, read_lines
from parsers.scan.recognise import LineReader
from parsers.scan.rules import PageRules, erased, ruled_area, rules_in
from parsers.scan.strokes import is_remnant
from parsers.scan.upright import stands_on_its_head
from parsers.scan.warp import SeenPage, Warp

DIRT = 0.3
"""Em: ink smaller than this that recognition makes nothing of is nothing."""
HALF_TURN = 2
CHARACTER, FEWEST_CHARACTERS = (0.5, 1.3), 8
"""Em that a character measures, and how many of them outside all cells are too many to be a mark or a seal."""
MENTIONED = 0.01
"""Probability from which it is told what else a character may be."""
NARROW = 0.3
"""Inches: a strip narrower than this shows no line of a form."""
cv2.setNumThreads(1)  # Two processes beat two threads, and OpenCV's waste most of what they take on strips of a page.


@dataclass(frozen=True, slots=True)
class _Laid:
    """A flat page taken apart: its rules, its print without them, where the lines of text are, and its usual type."""

    page: FlatPage
    rules: PageRules
    print: Grey
    ink: Ink
    lines: tuple[TextLine, ...]
    em: float


def read_picture(picture: Picture, number: int) -> tuple[PageContent, ...]:
    """What is printed on a picture of page `number`: characters and rules in points, in reading orientation.

    A picture of two pages side by side gives both, from left to right.
    """
    if min(picture.pixels.shape[:2]) < NARROW * picture.dpi:
        return (_blank(picture, number),)
    laid = [_laid(page, picture.points) for page in flattened(picture)]
    reader = LineReader(models())
    if _is_upside_down(laid, reader):
        laid = [_laid(turned_page(one.page, HALF_TURN), picture.points) for one in reversed(laid)]
    return tuple(_read(one, number, picture.points, reader) for one in laid)


def _blank(picture: Picture, number: int) -> PageContent:
    height, width = (side * picture.points for side in picture.pixels.shape[:2])
    nothing = Scan({}, (), SeenPage(Warp(), picture.points))
    return PageContent(number, width, height, (), (), 1.0, 0, "recognised", nothing)


def _is_upside_down(laid: Sequence[_Laid], reader: LineReader) -> bool:
    fullest = max(laid, key=lambda one: len(one.lines))
    return stands_on_its_head(fullest.print, fullest.lines, fullest.em, reader)


def _read(laid: _Laid, number: int, points: float, reader: LineReader) -> PageContent:
    lines = read_lines(laid.print, laid.ink, laid.lines, laid.em, reader)
    plain = [checked(line, laid.ink, laid.print) for line in lines]
    return _content(laid, with_upright_numerals(plain, laid.em), number, points)


def _laid(page: FlatPage, points: float) -> _Laid:
    ruled, print_ = drawn_through(page.light.rules, page.light.print, page.dpi)
    rules = rules_in(ruled, page.dpi)
    print_ = darkened(without_seals(erased(print_, rules.rules, page.dpi), page.dpi))
    ink = ink_of(print_)
    em = em_of(ink, page.dpi)
    print_, ink = without_dirt(print_, ink, ruled_area(rules.rules, ink.shape), em)
    boxes = [_pixels(box, points) for box in cells(rules.edges(points))]
    found = [line for line in text_lines(ink, boxes, em) if not is_remnant(line, boxes, em)]
    return _Laid(page, rules, print_, ink, without_strays(found, em), em)


def _content(laid: _Laid, lines: Sequence[ReadLine], number: int, points: float) -> PageContent:
    reads = dict(found for run, line in enumerate(lines) for found in characters(line, laid.em, points, run))
    sure = {char: read.sure for char, read in reads.items()}
    others = {char: read.other for char, read in reads.items() if read.other_sure >= MENTIONED}
    unread = [line.line for line in lines if not line.reads and max(line.line.width, line.line.height) > DIRT * laid.em]
    full = {line.line.cell for line in lines if line.reads}
    for ink_line in unread:
        if _is_lost(ink_line, full, laid):
            sure[unreadable(ink_line, laid.em, points)] = 0.0
    page = laid.page
    return PageContent(
        number,
        page.width * points,
        page.height * points,
        tuple(sure),
        laid.rules.edges(points),
        1.0,
        0,
        "recognised",
        Scan(sure, tuple(_points(line.box, points) for line in unread), SeenPage(page.warp, points), others),
    )


def _is_lost(line: TextLine, full: Collection[int], laid: _Laid) -> bool:
    """Whether unread ink is all that its cell shows, or as much as a line of text outside all cells."""
    if line.cell >= 0:
        return line.cell not in full
    x0, top, x1, bottom = line.box
    least, most = (share * laid.em for share in CHARACTER)
    return sum(least < max(sides) < most for sides in sizes(laid.ink[top:bottom, x0:x1])) >= FEWEST_CHARACTERS


def _pixels(box: BBox, points: float) -> PixelBox:
    x0, top, x1, bottom = (round(value / points) for value in box)
    return x0, top, x1, bottom


def _points(box: PixelBox, points: float) -> BBox:
    x0, top, x1, bottom = (value * points for value in box)
    return x0, top, x1, bottom

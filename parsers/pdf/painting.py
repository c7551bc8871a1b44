"""How the text of a page is painted, and what is painted over and under it (着色与覆盖)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.geometry import SLANT, Box, Point, bounds, is_box, meet
from parsers.pdf.paint import Colour, Cover, TextPaint

THICK = 6.0
"""A stroke this thick (points) is drawn over something, not around it: what correction fluid is on paper."""
THINNEST = 4.0
"""An area thinner than this hides no text."""
OPAQUE = 250
"""Alpha of 255 from which nothing shows through."""

_COLOURS = (ctypes.c_uint * 4)()
_AT_COLOURS = tuple(ctypes.addressof(_COLOURS) + 4 * index for index in range(4))
_NAME, _LENGTH = ctypes.create_string_buffer(16), ctypes.c_ulong()
_AT_NAME, _AT_LENGTH = ctypes.addressof(_NAME), ctypes.addressof(_LENGTH)
_LAYER = "OC\0".encode("utf-16-le")
"""The mark of optional content, as PDFium writes it."""


@dataclass(slots=True)
class Painting:
    """Collects while the objects of a page are walked: each text object's paint by its handle, and the covers."""

    texts: dict[int, TextPaint] = field(default_factory=dict)
    covers: list[Cover] = field(default_factory=list)

    def add_text(self, item: int, order: int, clip: Box | None, *, in_form: bool) -> None:
        """A text object, painted as number `order` of the page's objects."""
        stroked = calls.text_mode(item) == pdfium_c.FPDF_TEXTRENDERMODE_STROKE
        colour = _colour(item, calls.stroke_colour if stroked else calls.fill_colour)
        self.texts[item] = TextPaint(order, clip, colour, in_form or _is_in_layer(item))

    def add_picture(self, item: int, order: int, box: Box) -> None:
        """A picture; what shows through it only its pixels tell."""
        self.covers.append(Cover(order, box, None, item))

    def add_fill(self, item: int, order: int, outlines: Sequence[Sequence[Point]], clip: Box) -> None:
        """The boxes that a filled path paints."""
        self._add(item, order, _areas(outlines), calls.fill_colour, clip)

    def add_stroke(self, item: int, order: int, outlines: Iterable[Sequence[Point]], width: float, clip: Box) -> None:
        """What strokes as broad as a line of text cover."""
        if width > THICK:
            self._add(item, order, _broad(outlines, width), calls.stroke_colour, clip)

    def _add(self, item: int, order: int, boxes: list[Box], get_color: Callable[..., Any], clip: Box) -> None:
        colour = _colour(item, get_color) if boxes else None
        if colour is None or colour[3] < OPAQUE or calls.transparent(item):
            return
        for box in boxes:
            left = meet(box, clip)
            if left is not None and min(left[2] - left[0], left[3] - left[1]) > THINNEST:
                self.covers.append(Cover(order, left, colour, item))


def _is_in_layer(item: int) -> bool:
    """Whether one of its marks puts an object into a layer (optional content)."""
    for index in range(calls.mark_count(item)):
        calls.mark_name(calls.mark(item, index), _AT_NAME, len(_NAME), _AT_LENGTH)
        if _NAME.raw.startswith(_LAYER):
            return True
    return False


def _areas(outlines: Sequence[Sequence[Point]]) -> list[Box]:
    """The boxes of a filled path; one around another is the rim of a frame, and open inside."""
    if not all(map(is_box, outlines)):
        return []
    boxes = [bounds(outline) for outline in outlines]
    return [box for box in boxes if not any(meet(box, other) == other for other in boxes if other is not box)]


def _broad(outlines: Iterable[Sequence[Point]], width: float) -> list[Box]:
    """What level and upright strokes cover."""
    half = width / 2
    boxes: list[Box] = []
    for outline in outlines:
        for (x0, y0), (x1, y1) in pairwise(outline):
            if abs(y1 - y0) <= SLANT:
                boxes.append((min(x0, x1), y0 - half, max(x0, x1), y0 + half))
            elif abs(x1 - x0) <= SLANT:
                boxes.append((x0 - half, min(y0, y1), x0 + half, max(y0, y1)))
    return boxes


def _colour(item: int, get_color: Callable[..., Any]) -> Colour | None:
    """Red, green, blue and alpha; None for patterns."""
    if not get_color(item, *_AT_COLOURS):
        return None
    red, green, blue, alpha = _COLOURS
    return red, green, blue, alpha

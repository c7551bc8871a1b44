"""How the text of a page is painted, and what is painted over and under it (着色与覆盖)."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.calls import Handle
from parsers.pdf.geometry import SLANT, Box, Point, bounds, is_box, meet
from parsers.pdf.paint import Colour, Cover, TextPaint, colours_of
from parsers.pdf.paths import Path

THICK = 6.0
"""A stroke this thick (points) is drawn over something, not around it: what correction fluid is on paper."""
THINNEST = 4.0
"""An area thinner than this hides no text."""
OPAQUE = 250
"""Alpha of 255 from which nothing shows through."""

_NAME, _LENGTH = ctypes.create_string_buffer(16), ctypes.c_ulong()
_AT_NAME, _AT_LENGTH = ctypes.addressof(_NAME), ctypes.addressof(_LENGTH)
_LAYER = "OC\0".encode("utf-16-le")
"""The mark of optional content, as PDFium writes it."""


@dataclass(slots=True)
class Painting:
    """Collects while the objects of a page are walked: each text object's paint by its handle, and the covers."""

    texts: dict[int, TextPaint] = field(default_factory=dict)
    covers: list[Cover] = field(default_factory=list)

    def add_picture(self, item: Handle, order: int, box: Box) -> None:
        """A picture, painted as number `order` of the page's objects; what shows through it only its pixels tell."""
        self.covers.append(Cover(order, box, None, item.value or 0))

    def add_path(self, item: Handle, order: int, path: Path, clip: Box) -> None:
        """What a path fills, and what strokes as broad as a line of text cover."""
        outlines = [subpath.points for subpath in path.subpaths]
        if path.is_filled and _may_cover(path.fill):
            self._add(item, order, _areas(outlines), path.fill, clip)
        if path.is_stroked and path.width > THICK and _may_cover(path.stroke):
            self._add(item, order, _broad(outlines, path.width), path.stroke, clip)

    def _add(self, item: Handle, order: int, boxes: list[Box], colour: Colour | None, clip: Box) -> None:
        left = [met for box in boxes if (met := meet(box, clip)) is not None]
        thick = [box for box in left if min(box[2] - box[0], box[3] - box[1]) > THINNEST]
        if thick and not calls.transparent(item):
            self.covers += [Cover(order, box, colour, item.value or 0) for box in thick]


def _may_cover(colour: Colour | None) -> bool:
    return colour is not None and colour[3] >= OPAQUE


def in_layers(items: Sequence[Handle]) -> list[bool]:
    """Whether one of its marks puts each object into a layer (optional content)."""
    marks = list(map(calls.mark_count, items))
    if not any(marks):
        return [False] * len(marks)
    return [count > 0 and _is_in_layer(item, count) for item, count in zip(items, marks, strict=True)]


def _is_in_layer(item: Handle, marks: int) -> bool:
    return any(_is_layer(item, at) for at in range(marks))


def _is_layer(item: Handle, mark: int) -> bool:
    calls.mark_name(calls.mark(item, mark), _AT_NAME, len(_NAME), _AT_LENGTH)
    return _NAME.raw.startswith(_LAYER)


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


def text_colours(items: Sequence[Handle], modes: Sequence[int]) -> list[Colour | None]:
    """The ink of text objects with their modes of drawing: where only their outlines are drawn, that of the stroke."""
    colours = colours_of(calls.fill_colour, items)
    if pdfium_c.FPDF_TEXTRENDERMODE_STROKE in modes:
        strokes = colours_of(calls.stroke_colour, items)
        drawn = zip(modes, colours, strokes, strict=True)
        return [stroke if mode == pdfium_c.FPDF_TEXTRENDERMODE_STROKE else fill for mode, fill, stroke in drawn]
    return colours

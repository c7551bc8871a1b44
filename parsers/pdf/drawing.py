"""The drawn rules of a page, however its producer drew them (页面线条).

Strokes, thin filled rectangles, frames filled between two outlines, polygons with mitred ends, rounded corners,
one-pixel pictures: all become `Edge`s. Clipping is applied as far as its bounding box. Dashes made of many short
pieces stay many short edges here; joining them is the table finder's task.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, repeat
from typing import Any, Literal, NamedTuple

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.clips import Clips
from parsers.pdf.geometry import SLANT, Box, Matrix, Point, apply, bounds, is_box, meet, times
from parsers.pdf.paint import Cover, TextPaint
from parsers.pdf.painting import Painting
from parsers.pdf.shapes import Edge

Kind = Literal["line", "rect", "fill"]

THIN = 4.0
"""A filled shape this thin (points) is a rule, a thicker one a background: rules are rarely over 3 points."""
CORNER = 15.0
"""Largest radius in points of a rounded corner; larger curves are stamps and pictures."""
WHITE = 250
"""Colour components from here on are white on paper."""
MAX_DEPTH = 12
"""Nesting of form objects that is followed; deeper ones are attacks."""
MAX_OBJECTS = 60_000
"""Objects of one page that are looked at: maps and charts have this many, tables do not."""
MAX_SEGMENTS = 20_000
"""Segments of one path that are looked at: a whole table drawn as one path has a few thousand, a map more."""
MAX_EDGES = 20_000
"""Rules kept of one page: a table of 200 rows and 20 columns drawn cell by cell has 16,000."""


_FLOATS = (ctypes.c_float * 4)()
_COLOURS = (ctypes.c_uint * 4)()
_MODES = (ctypes.c_int * 2)()
_MATRIX = pdfium_c.FS_MATRIX()
"""What PDFium writes its answers to: made once, as pages ask some ten thousand times and PDFium knows one thread."""
_AT_FLOATS = tuple(ctypes.addressof(_FLOATS) + 4 * index for index in range(4))
_AT_COLOURS = tuple(ctypes.addressof(_COLOURS) + 4 * index for index in range(4))
_AT_MODES = tuple(ctypes.addressof(_MODES) + 4 * index for index in range(2))
_AT_MATRIX = ctypes.addressof(_MATRIX)
_TEXT, _PATH = pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH
_MOVE, _CURVE = pdfium_c.FPDF_SEGMENT_MOVETO, pdfium_c.FPDF_SEGMENT_BEZIERTO


@dataclass(slots=True)
class Drawing:
    """What is drawn on a page: rules, the share covered by pictures, the number of shapes; how each text object is
    painted, by its handle, and what may lie over or under it."""

    edges: tuple[Edge, ...] = ()
    image_area: float = 0.0
    shapes: int = 0
    texts: Mapping[int, TextPaint] = field(default_factory=dict)
    covers: tuple[Cover, ...] = ()


@dataclass(slots=True)
class _Sketch:
    """Collects while the objects of a page are walked."""

    clips: Clips
    edges: list[Edge] = field(default_factory=list)
    image_area: float = 0.0
    shapes: int = 0
    objects: int = 0
    painting: Painting = field(default_factory=Painting)


class Subpath(NamedTuple):
    """An outline as a polygon, in points (轮廓)."""

    points: list[Point]
    closed: bool


def read_drawing(page: pdfium_c.FPDF_PAGE, matrix: Matrix, width: float, height: float) -> Drawing:
    """The rules of a page; `matrix` leads from its own space to reading orientation."""
    sketch = _Sketch(Clips(width, height))
    objects = map(calls.page_object, repeat(calls.handle(page)), range(pdfium_c.FPDFPage_CountObjects(page)))
    _walk(objects, matrix, sketch, 0)
    painting = sketch.painting
    area = min(sketch.image_area / (width * height), 1.0)
    return Drawing(tuple(sketch.edges), area, sketch.shapes, painting.texts, tuple(painting.covers))


def _walk(objects: Iterator[int], matrix: Matrix, sketch: _Sketch, depth: int) -> None:
    for item in objects:
        sketch.objects += 1
        if sketch.objects > MAX_OBJECTS or len(sketch.edges) > MAX_EDGES:
            return
        kind = calls.object_type(item)
        if kind == _TEXT:
            clip = sketch.clips.box_of(item, matrix)
            sketch.painting.add_text(item, sketch.objects, clip, in_form=depth > 0)
        elif kind == _PATH:
            sketch.shapes += 1
            _add_path(item, matrix, sketch)
        elif kind == pdfium_c.FPDF_PAGEOBJ_IMAGE:
            _add_image(item, matrix, sketch)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
            inside = map(calls.form_object, repeat(item), range(max(calls.form_length(item), 0)))
            _walk(inside, times(_matrix_of(item), matrix), sketch, depth + 1)


def _add_image(item: int, matrix: Matrix, sketch: _Sketch) -> None:
    if not calls.object_bounds(item, *_AT_FLOATS):
        return
    left, bottom, right, top = _FLOATS
    corners = [apply(matrix, (left, bottom)), apply(matrix, (right, top))]
    box = meet(bounds(corners), sketch.clips.page)
    if box is None:
        return
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        sketch.edges.extend(_thin(box, "rect"))
    else:
        sketch.painting.add_picture(item, sketch.objects, box)
        sketch.image_area += (box[2] - box[0]) * (box[3] - box[1])


def _add_path(item: int, matrix: Matrix, sketch: _Sketch) -> None:
    if not calls.path_mode(item, *_AT_MODES):
        return
    filled, stroked = _MODES
    if not (filled or stroked):
        return
    clip = sketch.clips.box_of(item, matrix)
    if clip is None:
        return
    own = times(_matrix_of(item), matrix)
    subpaths = _subpaths(item, own)
    inked = _inked(item, calls.stroke_colour) if stroked else None
    outlines = [subpath.points for subpath in subpaths]
    if filled:
        sketch.painting.add_fill(item, sketch.objects, outlines, clip)
    if inked is not None:
        width = _stroke_width(item, own)
        sketch.painting.add_stroke(item, sketch.objects, outlines, width, clip)
        sketch.edges.extend(stroked_edges(subpaths, width, "line" if inked else "fill", clip))
    elif filled and _inked(item, calls.fill_colour):
        sketch.edges.extend(filled_edges(subpaths, clip))


def stroked_edges(subpaths: Sequence[Subpath], width: float, kind: Kind, clip: Box) -> Iterator[Edge]:
    """The rules that stroking outlines draws inside `clip`; `width` in points."""
    for subpath in subpaths:
        for edge in _strokes(subpath, width, kind):
            yield from _clipped(edge, clip)


def _strokes(subpath: Subpath, width: float, kind: Kind) -> Iterator[Edge]:
    """The straight pieces of a stroked outline; a stroke as thick as a background is that background's border."""
    points = subpath.points + (subpath.points[:1] if subpath.closed else [])
    for (x0, y0), (x1, y1) in pairwise(points):
        wide, high = abs(x1 - x0), abs(y1 - y0)
        if width > THIN:
            half = width / 2
            if high <= SLANT and wide > 0:
                yield from _sides((min(x0, x1), y0 - half, max(x0, x1), y0 + half))
            elif wide <= SLANT and high > 0:
                yield from _sides((x0 - half, min(y0, y1), x0 + half, max(y0, y1)))
        elif high <= SLANT and high <= wide:
            yield Edge("h", (y0 + y1) / 2, min(x0, x1), max(x0, x1), kind)
        elif wide <= SLANT:
            yield Edge("v", (x0 + x1) / 2, min(y0, y1), max(y0, y1), kind)


def filled_edges(subpaths: Sequence[Subpath], clip: Box) -> Iterator[Edge]:
    """Thin shapes are rules, two outlines close inside each other a frame, large ones backgrounds."""
    boxes = [box for box in (meet(bounds(sub.points), clip) for sub in subpaths if sub.points) if box is not None]
    for index, box in enumerate(boxes):
        if min(box[2] - box[0], box[3] - box[1]) <= THIN:
            yield from _thin(box, "rect")
        elif is_box(subpaths[index].points if len(boxes) == len(subpaths) else ()):
            framed = any(_frames(box, other) or _frames(other, box) for other in boxes if other is not box)
            for edge in _sides(box):
                yield Edge(edge.orientation, edge.pos, edge.start, edge.end, "rect") if framed else edge


def _frames(outer: Box, inner: Box) -> bool:
    """Whether the space between two outlines is a frame as thin as a rule."""
    gaps = (inner[0] - outer[0], inner[1] - outer[1], outer[2] - inner[2], outer[3] - inner[3])
    return all(0 <= gap <= THIN for gap in gaps) and any(gap > 0 for gap in gaps)


def _thin(box: Box, kind: Kind) -> Iterator[Edge]:
    """The middle line of a thin box; a dot (a dash of a dotted rule, a corner piece) counts both ways."""
    x0, top, x1, bottom = box
    wide, high = x1 - x0, bottom - top
    if wide >= high or wide > THIN / 2 >= high:
        yield Edge("h", (top + bottom) / 2, x0, x1, kind)
    if high >= wide or (max(wide, high) <= THIN / 2):
        yield Edge("v", (x0 + x1) / 2, top, bottom, kind)


def _sides(box: Box) -> Iterator[Edge]:
    x0, top, x1, bottom = box
    yield Edge("h", top, x0, x1, "fill")
    yield Edge("h", bottom, x0, x1, "fill")
    yield Edge("v", x0, top, bottom, "fill")
    yield Edge("v", x1, top, bottom, "fill")


def _clipped(edge: Edge, clip: Box) -> Iterator[Edge]:
    """What the clip leaves of an edge."""
    low, high = (clip[1], clip[3]) if edge.orientation == "h" else (clip[0], clip[2])
    left, right = (clip[0], clip[2]) if edge.orientation == "h" else (clip[1], clip[3])
    start, end = max(edge.start, left), min(edge.end, right)
    if low - THIN / 2 <= edge.pos <= high + THIN / 2 and start < end:
        whole = start == edge.start and end == edge.end
        yield edge if whole else Edge(edge.orientation, edge.pos, start, end, edge.kind)


def _subpaths(item: int, matrix: Matrix) -> list[Subpath]:
    count = calls.path_length(item)
    if count <= 0 or count > MAX_SEGMENTS:
        return []
    return [_single_line(item, matrix)] if count == 2 else list(_trace(item, count, matrix))


def _single_line(item: int, matrix: Matrix) -> Subpath:
    """A path of two points, as most rules are."""
    at_x, at_y, *_ = _AT_FLOATS
    points: list[Point] = []
    for index in range(2):
        calls.segment_point(calls.path_segment(item, index), at_x, at_y)
        points.append(apply(matrix, (_FLOATS[0], _FLOATS[1])))
    return Subpath(points, closed=False)


def _trace(item: int, count: int, matrix: Matrix) -> Iterator[Subpath]:
    """Outlines as polygons: a curve becomes the corner it rounds, or its end point."""
    at_x, at_y, *_ = _AT_FLOATS
    a, b, c, d, e, f = matrix
    points: list[Point] = []
    controls: list[Point] = []
    closed = False
    for index in range(count):
        segment = calls.path_segment(item, index)
        calls.segment_point(segment, at_x, at_y)
        x, y, *_ = _FLOATS
        point = a * x + c * y + e, b * x + d * y + f
        kind = calls.segment_type(segment)
        if kind == _MOVE:
            if points:
                yield Subpath(points, closed)
            points, controls, closed = [point], [], False
            continue
        if kind == _CURVE:
            controls.append(point)
            if len(controls) == 3:
                points.extend(corner(points[-1], controls) if points else ())
                points.append(point)
                controls = []
        else:
            points.append(point)
        closed = closed or bool(calls.segment_close(segment))
    if points:
        yield Subpath(points, closed)


def corner(start: Point, controls: list[Point]) -> Iterator[Point]:
    """The corner that a small quarter circle rounds."""
    (first_x, first_y), _, (end_x, end_y) = controls
    if abs(end_x - start[0]) > CORNER or abs(end_y - start[1]) > CORNER:
        return
    if abs(first_y - start[1]) <= SLANT < abs(end_y - start[1]):
        yield end_x, start[1]
    elif abs(first_x - start[0]) <= SLANT < abs(end_x - start[0]):
        yield start[0], end_y


def _inked(item: int, get_color: Callable[..., Any]) -> bool | None:
    """Whether a colour leaves ink on paper: False for white, None for transparent."""
    if not get_color(item, *_AT_COLOURS):
        return True
    red, green, blue, alpha = _COLOURS
    return min(red, green, blue) < WHITE if alpha else None


def _stroke_width(item: int, matrix: Matrix) -> float:
    calls.stroke_width(item, _AT_FLOATS[0])
    a, b, c, d, _, _ = matrix
    return float(_FLOATS[0] * math.sqrt(abs(a * d - b * c)))


def _matrix_of(item: int) -> Matrix:
    raw = _MATRIX
    if not calls.object_matrix(item, _AT_MATRIX):
        return 1, 0, 0, 1, 0, 0
    return raw.a, raw.b, raw.c, raw.d, raw.e, raw.f

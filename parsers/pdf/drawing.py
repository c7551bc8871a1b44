"""The drawn rules of a page, however its producer drew them (页面线条).

Strokes, thin filled rectangles, frames filled between two outlines, polygons with mitred ends, rounded corners,
one-pixel pictures: all become `Edge`s. Clipping is applied as far as its bounding box. Dashes made of many short
pieces stay many short edges here; joining them is the table finder's task.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import compress, pairwise
from typing import Literal

import numpy as np

from parsers.pdf import calls
from parsers.pdf.calls import Handle
from parsers.pdf.clips import Clips
from parsers.pdf.geometry import SLANT, Box, Matrix, apply, bounds, is_box, meet, times
from parsers.pdf.objects import IMAGE, PATH, TEXT, Objects, addresses
from parsers.pdf.paint import Colour, Cover, TextPaint, by_member
from parsers.pdf.painting import Painting, in_layers, text_colours
from parsers.pdf.paths import Path, Paths, Subpath, matrix_of, read_paths
from parsers.pdf.shapes import Edge, maker_of

Kind = Literal["line", "rect", "fill"]

THIN = 4.0
"""A filled shape this thin (points) is a rule, a thicker one a background: rules are rarely over 3 points."""
NOWHERE: Box = (math.inf, math.inf, -math.inf, -math.inf)
"""The clip that leaves nothing."""
WHITE = 250
"""Colour components from here on are white on paper."""
MAX_EDGES = 20_000
"""Rules kept of one page: a table of 200 rows and 20 columns drawn cell by cell has 16,000."""


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
    painting: Painting = field(default_factory=Painting)


def read_drawing(objects: Objects, matrix: Matrix, width: float, height: float) -> Drawing:
    """The rules of a page; `matrix` leads from its own space to reading orientation."""
    sketch = _Sketch(Clips(width, height))
    _walk(objects, matrix, sketch, first=1, in_form=False)
    painting = sketch.painting
    area = min(sketch.image_area / (width * height), 1.0)
    return Drawing(tuple(sketch.edges), area, sketch.shapes, painting.texts, tuple(painting.covers))


def _walk(objects: Objects, matrix: Matrix, sketch: _Sketch, first: int, *, in_form: bool) -> None:
    """Take the objects of the page or of a form, painted as number `first` of all and after."""
    orders = objects.orders(first)
    _add_texts(objects, orders, matrix, sketch, in_form=in_form)
    paths = objects.of_kind(PATH)
    clips = sketch.clips.boxes_of(paths, matrix)
    drawn = read_paths(paths, matrix, THIN)
    rules = _rules(drawn, clips)
    sketch.shapes += len(paths)
    path = -1
    for at, kind in enumerate(objects.kinds):
        if kind == TEXT:
            continue
        if len(sketch.edges) > MAX_EDGES:
            return
        if kind == PATH:
            path += 1
            if path in rules:
                sketch.edges.append(rules[path])
            elif path in drawn.others:
                _add_path(objects.items[at], orders[at], drawn.others[path], clips[path], sketch)
        elif kind == IMAGE:
            _add_image(objects.items[at], orders[at], matrix, sketch)
        elif at in objects.inside:
            inner = times(matrix_of(objects.items[at]), matrix)
            _walk(objects.inside[at], inner, sketch, orders[at] + 1, in_form=True)


def _add_texts(objects: Objects, orders: Sequence[int], matrix: Matrix, sketch: _Sketch, *, in_form: bool) -> None:
    texts = objects.of_kind(TEXT)
    own = addresses(texts)
    colours = text_colours(texts, [objects.text_facts[address].mode for address in own])
    painted = compress(orders, map(TEXT.__eq__, objects.kinds))
    layers = [True] * len(texts) if in_form else in_layers(texts)
    paints = map(_as_paint, zip(painted, sketch.clips.boxes_of(texts, matrix), colours, layers, strict=True))
    sketch.painting.texts.update(zip(own, paints, strict=True))


_as_paint, _as_edge = maker_of(TextPaint), maker_of(Edge)


def _rules(paths: Paths, clips: Sequence[Box | None]) -> dict[int, Edge]:
    """What thin lines draw inside their clips, by the index of their path: rules, as far as they are straight."""
    if not paths.lines:
        return {}
    x0, y0, x1, y1 = paths.ends.T
    every = np.arange(len(paths.lines))
    left, top, right, bottom = by_member([clips[at] or NOWHERE for at in paths.lines], every).T
    wide, high = np.abs(x1 - x0), np.abs(y1 - y0)
    level = (high <= SLANT) & (high <= wide)
    pos = np.where(level, y0 + y1, x0 + x1) / 2
    ends = np.where(level, (x0, x1), (y0, y1))
    start = np.maximum(ends.min(axis=0), np.where(level, left, top))
    end = np.minimum(ends.max(axis=0), np.where(level, right, bottom))
    inside = (np.where(level, top, left) - THIN / 2 <= pos) & (pos <= np.where(level, bottom, right) + THIN / 2)
    kinds = {ink: _kind(ink) for ink in set(paths.inks)}
    seen = np.array([kinds[ink] is not None for ink in paths.inks])
    kept = np.flatnonzero(seen & inside & (start < end) & (level | (wide <= SLANT)))
    orientations = np.where(level[kept], "h", "v").tolist()
    lines = (part[kept].tolist() for part in (pos, start, end))
    at = kept.tolist()
    edges = zip(orientations, *lines, [kinds[paths.inks[one]] for one in at], strict=True)
    return dict(zip([paths.lines[one] for one in at], map(_as_edge, edges), strict=True))


def _kind(stroke: Colour | None) -> Kind | None:
    """What a stroke in a colour is to a table; None where it is not seen."""
    if not _is_seen(stroke):
        return None
    return "line" if _is_ink(stroke) else "fill"


def _add_image(item: Handle, order: int, matrix: Matrix, sketch: _Sketch) -> None:
    left, bottom, right, top = calls.BOUNDS.of(calls.object_bounds, [item])[0].tolist()
    corners = [apply(matrix, (left, bottom)), apply(matrix, (right, top))]
    box = meet(bounds(corners), sketch.clips.page)
    if box is None:
        return
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        sketch.edges.extend(_thin(box, "rect"))
    else:
        sketch.painting.add_picture(item, order, box)
        sketch.image_area += (box[2] - box[0]) * (box[3] - box[1])


def _add_path(item: Handle, order: int, path: Path, clip: Box | None, sketch: _Sketch) -> None:
    if clip is None or not (path.is_filled or path.is_stroked):
        return
    sketch.painting.add_path(item, order, path, clip)
    if path.is_stroked and (kind := _kind(path.stroke)):
        sketch.edges.extend(stroked_edges(path.subpaths, path.width, kind, clip))
    elif path.is_filled and _is_seen(path.fill) and _is_ink(path.fill):
        sketch.edges.extend(filled_edges(path.subpaths, clip))


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


def _is_seen(colour: Colour | None) -> bool:
    """Whether a colour, None for a pattern, is not wholly transparent."""
    return colour is None or colour[3] > 0


def _is_ink(colour: Colour | None) -> bool:
    """Whether a colour leaves ink on white paper."""
    return colour is None or min(colour[:3]) < WHITE

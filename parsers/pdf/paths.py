"""The paths of a page: their outlines in reading orientation, and what fills and strokes them (路径)."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, compress, repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.calls import Answers, Handle
from parsers.pdf.geometry import SLANT, Matrix, Point, times
from parsers.pdf.paint import Colour, Flags, colours_of

CORNER = 15.0
"""Largest radius in points of a rounded corner; larger curves are stamps and pictures."""
MAX_SEGMENTS = 20_000
"""Segments of one path that are looked at: a whole table drawn as one path has a few thousand, a map more."""
_AT_ONCE = 20_000
"""Segments that are asked for together."""

_MODES, _MATRICES = Answers(ctypes.c_int, 2, apart=True), Answers(ctypes.c_float, 6)
_POINTS, _WIDTHS = Answers(ctypes.c_float, 2, apart=True), Answers(ctypes.c_float, 1)
_MOVE, _CURVE = pdfium_c.FPDF_SEGMENT_MOVETO, pdfium_c.FPDF_SEGMENT_BEZIERTO


class Subpath(NamedTuple):
    """An outline as a polygon, in points (轮廓)."""

    points: list[Point]
    closed: bool


class Path(NamedTuple):
    """A drawn path. `fill` and `stroke` are colours, None for a pattern; `width` is that of the stroke in points."""

    subpaths: list[Subpath]
    is_filled: bool
    is_stroked: bool
    fill: Colour | None
    stroke: Colour | None
    width: float


def read_paths(items: Sequence[Handle], matrix: Matrix) -> list[Path]:
    """The paths that some objects are; `matrix` leads from their space to reading orientation."""
    if not items:
        return []
    filled, stroked = (_MODES.of(calls.path_mode, items) != 0).T
    matrices = [times(own, matrix) for own in matrices_of(items)]
    fills, strokes = _colours(calls.fill_colour, items, filled), _colours(calls.stroke_colour, items, stroked)
    widths = [
        width * math.sqrt(abs(a * d - b * c))
        for width, (a, b, c, d, _, _) in zip(_widths(items, stroked), matrices, strict=True)
    ]
    outlines = _outlines(items, matrices)
    return list(map(Path, outlines, filled.tolist(), stroked.tolist(), fills, strokes, widths))


def matrices_of(items: Sequence[Handle]) -> list[Matrix]:
    """The matrices of objects."""
    rows = _MATRICES.of(calls.object_matrix, items).astype(float).tolist()
    return [(a, b, c, d, e, f) for a, b, c, d, e, f in rows]


def _colours(ask: Callable[..., int], items: Sequence[Handle], wanted: Flags) -> Iterator[Colour | None]:
    """The colours of the wanted objects, None for the others."""
    found = iter(colours_of(ask, list(compress(items, wanted.tolist()))))
    return (next(found) if flag else None for flag in wanted.tolist())


def _widths(items: Sequence[Handle], wanted: Flags) -> list[float]:
    widths = wanted.astype(float)
    widths[wanted] = _WIDTHS.of(calls.stroke_width, list(compress(items, wanted.tolist())))[:, 0]
    found: list[float] = widths.tolist()
    return found


def _outlines(items: Sequence[Handle], matrices: Sequence[Matrix]) -> list[list[Subpath]]:
    lengths = list(map(calls.path_length, items))
    found: list[list[Subpath]] = [[] for _ in items]
    lines = [at for at, length in enumerate(lengths) if length == 2]
    for at, line in zip(lines, _lines([items[at] for at in lines], [matrices[at] for at in lines]), strict=True):
        found[at] = [line]
    for some in _batches([0 if length == 2 else length for length in lengths]):
        counts = [lengths[at] for at in some]
        segments = _segments([items[at] for at in some], counts)
        for at, count in zip(some, counts, strict=True):
            found[at] = list(_trace([next(segments) for _ in range(count)], matrices[at]))
    return found


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The indices of paths with segments, no more of them together than are to be asked for at once."""
    batch: list[int] = []
    total = 0
    for at, length in enumerate(lengths):
        if not 0 < length <= MAX_SEGMENTS:
            continue
        if batch and total + length > _AT_ONCE:
            yield batch
            batch, total = [], 0
        batch.append(at)
        total += length
    if batch:
        yield batch


def _lines(items: Sequence[Handle], matrices: Sequence[Matrix]) -> Iterator[Subpath]:
    """Paths of two points, as most rules are."""
    starts, ends = (
        _POINTS.of(calls.segment_point, list(map(calls.path_segment, items, repeat(at)))).tolist() for at in (0, 1)
    )
    for (a, b, c, d, e, f), (x0, y0), (x1, y1) in zip(matrices, starts, ends, strict=True):
        first, last = (a * x0 + c * y0 + e, b * x0 + d * y0 + f), (a * x1 + c * y1 + e, b * x1 + d * y1 + f)
        yield Subpath([first, last], closed=False)


_Segment = tuple[list[float], int, int]
"""Where a piece of a path leads, its kind, whether it closes an outline."""


def _segments(items: Sequence[Handle], lengths: Sequence[int]) -> Iterator[_Segment]:
    """The pieces of some paths, one path after the other."""
    owners = chain.from_iterable(map(repeat, items, lengths))
    segments = list(map(calls.path_segment, owners, chain.from_iterable(map(range, lengths))))
    points = _POINTS.of(calls.segment_point, segments).tolist()
    return zip(points, map(calls.segment_type, segments), map(calls.segment_close, segments), strict=True)


def _trace(segments: Sequence[_Segment], matrix: Matrix) -> Iterator[Subpath]:
    """Outlines as polygons: a curve becomes the corner it rounds, or its end point."""
    a, b, c, d, e, f = matrix
    points: list[Point] = []
    controls: list[Point] = []
    closed = False
    for (x, y), kind, closes in segments:
        point = a * x + c * y + e, b * x + d * y + f
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
        closed = closed or bool(closes)
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

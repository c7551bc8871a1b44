"""The paths of a page: their outlines in reading orientation, and what fills and strokes them (路径)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, compress, repeat
from typing import NamedTuple

import numpy as np
import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.calls import Answers, Handle
from parsers.pdf.geometry import SLANT, Matrix, Point
from parsers.pdf.paint import Colour, Flags, Floats, colours_of

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


@dataclass(frozen=True, slots=True)
class Paths:
    """The drawn ones of some paths: those that are a thin line by arrays, the others one by one; all by their index.

    `ends` are x and y of both ends of each line, `inks` their colours, None for a pattern.
    """

    lines: list[int]
    ends: Floats
    inks: list[Colour | None]
    others: dict[int, Path]


def read_paths(items: Sequence[Handle], matrix: Matrix, thin: float) -> Paths:
    """What is drawn by path objects; `matrix` leads from their space to reading orientation, `thin` is in points."""
    filled, stroked = (_MODES.of(calls.path_mode, items) != 0).T
    matrices = _times(_MATRICES.of(calls.object_matrix, items).astype(float), matrix)
    lengths = np.array(list(map(calls.path_length, items)), dtype=np.int64)
    lengths[(lengths < 0) | (lengths > MAX_SEGMENTS)] = 0
    widths = np.zeros(len(items))
    widths[stroked] = _WIDTHS.of(calls.stroke_width, list(compress(items, stroked.tolist())))[:, 0]
    a, b, c, d, _, _ = matrices.T
    widths *= np.sqrt(np.abs(a * d - b * c))
    fills, strokes = _colours(calls.fill_colour, items, filled), _colours(calls.stroke_colour, items, stroked)
    is_line = stroked & ~filled & (lengths == 2) & (widths <= thin)
    lines, others = np.flatnonzero(is_line).tolist(), np.flatnonzero((filled | stroked) & ~is_line).tolist()
    outlines = _outlines([items[at] for at in others], lengths[others].tolist(), matrices[others].tolist())
    facts = zip(outlines, filled[others].tolist(), stroked[others].tolist(), strict=True)
    return Paths(
        lines,
        _ends([items[at] for at in lines], matrices[lines]),
        [strokes[at] for at in lines],
        {at: Path(*fact, fills[at], strokes[at], float(widths[at])) for at, fact in zip(others, facts, strict=True)},
    )


def matrix_of(item: Handle) -> Matrix:
    """The matrix of an object."""
    a, b, c, d, e, f = _MATRICES.of(calls.object_matrix, [item])[0].tolist()
    return a, b, c, d, e, f


def _times(first: Floats, then: Matrix) -> Floats:
    """The matrices that apply each of the `first`, then `then`."""
    a, b, c, d, e, f = first.T
    p, q, r, s, t, u = then
    return np.column_stack(
        (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)
    )


def _colours(ask: Callable[..., int], items: Sequence[Handle], wanted: Flags) -> list[Colour | None]:
    """The colours of the wanted objects, None for the others."""
    found = iter(colours_of(ask, list(compress(items, wanted.tolist()))))
    return [next(found) if flag else None for flag in wanted.tolist()]


def _ends(items: Sequence[Handle], matrices: Floats) -> Floats:
    """Both ends of paths of two points, as most rules are."""
    a, b, c, d, e, f = matrices.T
    found = []
    for at in (0, 1):
        segments = list(map(calls.path_segment, items, repeat(at)))
        x, y = _POINTS.of(calls.segment_point, segments).astype(float).T
        found += [a * x + c * y + e, b * x + d * y + f]
    return np.column_stack(found)


def _outlines(
    items: Sequence[Handle], lengths: Sequence[int], matrices: Sequence[Sequence[float]]
) -> Iterator[list[Subpath]]:
    for some in _batches(lengths):
        segments = _segments([items[at] for at in some], [lengths[at] for at in some])
        for at in some:
            yield list(_trace([next(segments) for _ in range(lengths[at])], matrices[at]))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The indices of paths, no more together than have as many segments as are to be asked for at once."""
    batch: list[int] = []
    total = 0
    for at, length in enumerate(lengths):
        if batch and total + length > _AT_ONCE:
            yield batch
            batch, total = [], 0
        batch.append(at)
        total += length
    if batch:
        yield batch


_Segment = tuple[list[float], int, int]
"""Where a piece of a path leads, its kind, whether it closes an outline."""


def _segments(items: Sequence[Handle], lengths: Sequence[int]) -> Iterator[_Segment]:
    """The pieces of some paths, one path after the other."""
    owners = chain.from_iterable(map(repeat, items, lengths))
    segments = list(map(calls.path_segment, owners, chain.from_iterable(map(range, lengths))))
    points = _POINTS.of(calls.segment_point, segments).tolist()
    return zip(points, map(calls.segment_type, segments), map(calls.segment_close, segments), strict=True)


def _trace(segments: Sequence[_Segment], matrix: Sequence[float]) -> Iterator[Subpath]:
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

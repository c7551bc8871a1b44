"""Points, boxes and matrices of a page (几何)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

Matrix = tuple[float, float, float, float, float, float]
"""a b c d e f of a PDF matrix: x' = a*x + c*y + e, y' = b*x + d*y + f."""
Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""
Point = tuple[float, float]

SLANT = 0.6
"""Sideways drift in points that a rule may have and still be straight."""


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    p, q, r, s, t, u = then
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def apply(matrix: Matrix, point: Point) -> Point:
    """Where `matrix` takes `point`."""
    a, b, c, d, e, f = matrix
    x, y = point
    return a * x + c * y + e, b * x + d * y + f


def bounds(points: Sequence[Point]) -> Box:
    """The box around points."""
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def meet(first: Box, second: Box) -> Box | None:
    """What two boxes share, None if nothing."""
    x0, top = max(first[0], second[0]), max(first[1], second[1])
    x1, bottom = min(first[2], second[2]), min(first[3], second[3])
    return (x0, top, x1, bottom) if x0 <= x1 and top <= bottom else None


def is_box(points: Sequence[Point]) -> bool:
    """Whether an outline has upright sides only."""
    return len(points) >= 4 and all(
        abs(x1 - x0) <= SLANT or abs(y1 - y0) <= SLANT for (x0, y0), (x1, y1) in pairwise((*points, points[0]))
    )

"""Text objects of OFD to characters with boxes (OFD 文字图元)."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from itertools import chain, repeat

from parsers.ofd.package import numbers_of
from parsers.pdf.geometry import Matrix, apply
from parsers.pdf.placing import EM_ABOVE_BASELINE
from parsers.pdf.shapes import Char
from parsers.pdf.symbols import printed
from parsers.zipped import Element

_MAX_DELTAS = 100_000
_WIDE, _NARROW = 1.0, 0.5
"""Widths of characters in parts of their size, where the file states no distances."""
_UPRIGHT = 5
"""Degrees a line of text may slope and still be upright."""


def characters(element: Element, matrix: Matrix, run: int) -> Iterator[tuple[Char, int]]:
    """The characters of a TextObject, in points of the page as it is seen, and the angle the text runs at.

    `matrix` leads from the object's own space to the page.
    """
    size = number_of(element.get("Size"), 0.0)
    stretch = number_of(element.get("HScale"), 1.0)
    a, b, c, d, _, _ = matrix
    em = size * math.hypot(c, d)
    angle = round(math.degrees(math.atan2(-b, a))) % 360
    x = y = 0.0
    for code in element.iter("{*}TextCode"):
        x, y = number_of(code.get("X"), x), number_of(code.get("Y"), y)
        at_x, at_y = x, y
        text = code.text or ""
        for char, (step_x, step_y) in zip(text, advances(code, text, size * stretch), strict=True):
            width = size * stretch * (_WIDE if _is_wide(char) else _NARROW)
            shown = printed(ord(char))
            if shown:
                drawn = min(width, step_x) if step_x > 0 else width
                yield _char(shown, apply(matrix, (at_x, at_y)), drawn * math.hypot(a, b), em, angle, run), angle
            at_x, at_y = at_x + step_x, at_y + step_y


def _char(text: str, origin: tuple[float, float], width: float, em: float, angle: int, run: int) -> Char:
    x, baseline = origin
    if angle in (90, 270):
        top = baseline - width if angle == 90 else baseline
        left = x - EM_ABOVE_BASELINE * em if angle == 90 else x - (1 - EM_ABOVE_BASELINE) * em
        return Char(text, left, top, left + em, top + width, em, False, run)
    if angle == 180:
        top = baseline - (1 - EM_ABOVE_BASELINE) * em
        return Char(text, x - width, top, x, top + em, em, False, run)
    top = baseline - EM_ABOVE_BASELINE * em
    upright = angle <= _UPRIGHT or angle >= 360 - _UPRIGHT
    return Char(text, x, top, x + width, top + em, em, upright, run)


def advances(code: Element, text: str, em: float) -> list[tuple[float, float]]:
    """How far each character of a TextCode moves the next one, in its own space; by its width where nothing is said."""
    steps_x, steps_y = deltas(code.get("DeltaX")), deltas(code.get("DeltaY"))
    runs_down = not steps_x and bool(steps_y)
    widths = (0.0 if runs_down else em * (_WIDE if _is_wide(char) else _NARROW) for char in text)
    return [
        (steps_x[at] if at < len(steps_x) else width, steps_y[at] if at < len(steps_y) else 0.0)
        for at, width in enumerate(widths)
    ]


def deltas(text: str | None) -> list[float]:
    """Distances between characters: `3 3 g 2 4 5` is 3 3 4 4 5."""
    found: list[float] = []
    words = iter((text or "").split())
    try:
        for word in words:
            if word == "g":
                count, step = int(next(words)), float(next(words))
                found.extend(chain(repeat(step, min(count, _MAX_DELTAS))))
            else:
                found.append(float(word))
            if len(found) > _MAX_DELTAS:
                break
    except (ValueError, StopIteration):
        pass
    return found


def matrix_of(element: Element, outer: Matrix) -> Matrix:
    """The matrix of an object: its CTM, then the corner of its boundary, then what holds it."""
    numbers = numbers_of(element.get("CTM"))
    own: Matrix = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]) if len(numbers) == 6 else (
        1.0, 0.0, 0.0, 1.0, 0.0, 0.0,
    )  # fmt: skip
    boundary = numbers_of(element.get("Boundary"))
    left, top = (boundary[0], boundary[1]) if len(boundary) == 4 else (0.0, 0.0)
    placed: Matrix = (own[0], own[1], own[2], own[3], own[4] + left, own[5] + top)
    a, b, c, d, e, f = placed
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def number_of(text: str | None, default: float) -> float:
    """The number in an attribute, `default` where there is none."""
    try:
        return default if text is None else float(text)
    except ValueError:
        return default


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WFA"

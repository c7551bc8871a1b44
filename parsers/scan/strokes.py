"""Signs of few strokes told by their shape: they alone fill many cells, and recognition is unsure of them (符号)."""

from __future__ import annotations

import numpy as np

from parsers.scan.arrays import Ink
from parsers.scan.lines import PixelBox, TextLine

DASH = "-"
SLASH = "/"
EQUALS = "="
STOP = "。"
EQUALS_HEIGHT = (0.2, 0.55)
"""Em that an equals sign is high: 二 is higher, and its upper stroke is shorter."""
BARS_ALIKE = 0.85
"""How much of the longer bar of an equals sign the shorter one covers."""
STOP_SIZE = (0.15, 0.42)
"""Em that a full stop measures both ways; the smallest letter is larger."""
DASH_HEIGHT = 0.16
"""Em that a dash is high at most."""
DASH_WIDTH = 0.22
"""Em that a dash is wide at least."""
DASH_INK = 0.6
"""Share of its box that a dash fills."""
SLASH_HEIGHT = (0.55, 1.3)
"""Em that a slash is high."""
LEAN = (0.2, 0.9)
"""How far a slash leans: its width for its height."""
STRAIGHT = 0.07
"""Share of its height by which the middle of a slash may leave a straight line."""
STROKE = 0.3
"""Share of its height that a slash is thick at most, measured along the line."""
RIM = 0.12
"""Em from the side of a cell within which a thin piece of ink is what is left of a rule."""
REMNANT = 0.14
"""Em that such a piece is thick at most."""


def sign_of(ink: Ink, line: TextLine, em: float) -> str | None:
    """The sign that a line consists of; None where it is something else."""
    x0, top, x1, bottom = line.box
    part = ink[top:bottom, x0:x1]
    for sign, matches in ((DASH, _is_dash), (EQUALS, is_equals), (STOP, _is_stop), (SLASH, _is_slash)):
        if matches(part, em):
            return sign
    return None


def is_remnant(line: TextLine, cells: list[PixelBox], em: float) -> bool:
    """Whether a line is a rest of a rule: thin, along a side of its cell."""
    if line.cell < 0 or min(line.width, line.height) > REMNANT * em:
        return False
    x0, top, x1, bottom = cells[line.cell]
    rim = RIM * em + 2
    if line.width < line.height:
        return line.box[0] - x0 <= rim or x1 - line.box[2] <= rim
    return line.box[1] - top <= rim or bottom - line.box[3] <= rim


def _is_dash(part: Ink, em: float) -> bool:
    height, width = part.shape
    if height > DASH_HEIGHT * em + 1 or width < DASH_WIDTH * em:
        return False
    return float(part.mean()) >= DASH_INK


def is_equals(part: Ink, em: float) -> bool:
    """Whether the ink is two level bars of one length, where a character is `em` pixels high."""
    height, width = part.shape
    if not EQUALS_HEIGHT[0] * em <= height <= EQUALS_HEIGHT[1] * em or width < DASH_WIDTH * em:
        return False
    inked = np.flatnonzero(part.any(axis=1))
    if int((np.diff(inked) > 1).sum()) != 1:
        return False
    cut = int(inked[int(np.argmax(np.diff(inked)))]) + 1
    upper, lower = _bar(part[:cut]), _bar(part[cut:])
    return min(upper, lower) >= BARS_ALIKE * max(upper, lower)


def _bar(part: Ink) -> float:
    """The length of a bar; 0 for ink that is none."""
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    box = part[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return float(box.shape[1]) if float(box.mean()) >= DASH_INK and box.shape[1] > 2 * box.shape[0] else 0.0


def _is_stop(part: Ink, em: float) -> bool:
    """Whether the ink is a small ring."""
    height, width = part.shape
    if not all(STOP_SIZE[0] * em <= side <= STOP_SIZE[1] * em for side in (height, width)):
        return False
    middle = part[height // 3 : height - height // 3, width // 3 : width - width // 3]
    return max(height, width) <= 1.4 * min(height, width) and not middle.all() and float(part.mean()) > 0.3


def _is_slash(part: Ink, em: float) -> bool:
    """Whether the ink is one straight stroke from the lower left to the upper right."""
    height, width = part.shape
    if not SLASH_HEIGHT[0] * em <= height <= SLASH_HEIGHT[1] * em or not LEAN[0] <= width / height <= LEAN[1]:
        return False
    weight = part.sum(axis=1)
    if (weight == 0).any() or float(np.percentile(weight, 90)) > STROKE * height:
        return False
    rows = np.arange(height)
    middles = (part * np.arange(width)).sum(axis=1) / weight
    slope, start = np.polyfit(rows, middles, 1)
    missed = float(np.abs(middles - (slope * rows + start)).max())
    return bool(slope < -LEAN[0] / 2) and missed <= max(STRAIGHT * height, 1.2)

"""What the text layer of a page is worth, and its characters (文字层)."""

from __future__ import annotations

from collections import Counter

import numpy as np

from parsers.pdf import symbols
from parsers.pdf.chars import NO_CHARS
from parsers.pdf.drawing import Drawing
from parsers.pdf.placing import OVER_PAGE, SLANT, Concealed, Frame, Placed, over_page, place, specks
from parsers.pdf.rawtext import RawText
from parsers.pdf.shapes import TextQuality

SIDEWAYS_SHARE = 0.6
"""A page is set sideways, or slants, when this share of its characters runs another way than its /Rotate says."""
SIDEWAYS_CHARS = 20
"""Fewer characters than this (a stamp, an axis label) do not turn a page."""
LEVEL_SHARE = 0.1
"""A page with this share of level text is level, however much slants across it."""
LEAST_TILT = 0.3
"""Degrees from which a page is laid straight; less moves a line over the width of a page by half its height."""
GARBAGE_SHARE = 0.25
"""A text layer with this share of codes that mean nothing is garbage: symbols stay far below."""
OUTLINE_SHAPES = 200
"""A page without text but with this many shapes has its words drawn as outlines."""
PICTURE_SHARE = 0.01
"""Pictures that cover less than this share of a page without text are decoration."""
SCANNED = 0.5
"""A picture that covers more than this share of a page is a scan: the lines of its text slant as they were laid."""

NOTHING = Placed(NO_CHARS, ())


def sideways(raw: RawText, rotation: int) -> int:
    """The clockwise turn from the page as seen to text that runs left to right: 0 unless most text runs another way."""
    quarter, _ = direction(raw)
    return (quarter - rotation) % 360


def direction(raw: RawText) -> tuple[int, float]:
    """The quarter turn most text runs in, and the degrees it is tilted from there: 0 where only some of it is."""
    if len(raw.texts) < SIDEWAYS_CHARS:
        return 0, 0.0
    angles: Counter[float] = Counter()
    exact, which = np.unique(raw.runs.angles, return_inverse=True)
    for angle, length in zip(exact.tolist(), np.bincount(which[raw.owners]).tolist(), strict=False):
        angles[round(angle, 1) % 360] += length
    level = Counter({angle: number for angle, number in angles.items() if abs(_slant(angle)) < LEAST_TILT})
    if level.total() >= max(LEVEL_SHARE * len(raw.texts), SIDEWAYS_CHARS):
        angles = level  # tiles of a watermark may have more characters than the page
    usual, count = angles.most_common(1)[0]
    if count < SIDEWAYS_SHARE * angles.total():
        return 0, 0.0
    tilted = _slant(usual)
    return round(usual - tilted) % 360, tilted if abs(tilted) >= LEAST_TILT else 0.0


def _slant(angle: float) -> float:
    """Degrees from the nearest quarter turn."""
    return angle - round(angle / 90) * 90


def text_layer(
    raw: RawText, frame: Frame, drawing: Drawing, found: Concealed, off: set[int]
) -> tuple[Placed, TextQuality]:
    """The characters of a page in reading orientation and what they are worth.

    `off` are text objects in layers that are switched off. A layer under a scan is kept although nobody sees it; an
    invisible copy of drawn text is dropped, and so is a layer whose codes mean nothing.
    """
    ink = raw.ink
    total = int(ink.sum())
    if not total:
        return NOTHING, _without_text(drawing)
    if symbols.private_codes("".join(raw.texts)) > GARBAGE_SHARE * total:
        return NOTHING, "garbage"
    layout, hidden = found.layout, found.hidden
    shown = raw.runs.visible
    if off:
        shown = shown & np.array([handle not in off for handle in raw.runs.handles])
    drawn = shown[layout.owners]
    if int((drawn & ~hidden.under_picture & ink).sum()) < total / 2:
        whole = np.ones(len(ink), dtype=bool)
        return place(raw, layout, whole, frame, ~whole, over_page(raw, layout, drawing, ink, SLANT)), "ocr-invisible"
    unseen = hidden.any | specks(layout, drawn & ink)
    seen = drawn & ~unseen
    if not (seen & ink).any():
        return NOTHING, _without_text(drawing)
    slant = SLANT if drawing.image_area > SCANNED else OVER_PAGE
    return place(raw, layout, drawn, frame, unseen, over_page(raw, layout, drawing, seen, slant)), "native"


def _without_text(drawing: Drawing) -> TextQuality:
    words_drawn = drawing.image_area > PICTURE_SHARE or drawing.shapes > OUTLINE_SHAPES
    return "absent" if words_drawn else "blank"

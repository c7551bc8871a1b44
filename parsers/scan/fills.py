"""Dark areas with light print, as heads of tables have, made light with dark print (深底白字)."""

from __future__ import annotations

import cv2
import numpy as np

from parsers.scan.arrays import Grey, Ink, as_bytes

COARSE = 2
"""Areas are looked for in pixels this much larger."""
FILLED, PAPER_PERCENT = 0.55, 80
"""Share of the paper's brightness below which an area is filled, and the percentage of a page that is no lighter."""
LEAST = (0.15, 0.8)
"""Inches that an area measures at least, one way and the other: bold print is smaller."""
PLAIN, PLAIN_SHARE = 0.07, 0.03
"""Inches both ways of dark without any print in it, more than the strokes of a title measure, and the share of an area
that is such."""
BORDER = 0.04
"""Inches of white between two areas that are one: the rules of dark heads are white."""
RIM = 0.05
"""Inches along the end of an area that are as light as what lies round it."""
CONTRAST, LEAST_PRINT = 45.0, 0.02
"""Grey by which print differs from the area it stands in, and the share of the area that it takes at least."""
RULE, RULE_LENGTH = 18.0, 0.12
"""Grey by which a rule is darker than the area it parts, and the inches that it is long at least."""
SOLID = 0.5
"""Share of what an area's outline encloses that is dark: a frame encloses paper."""
PRINT = 0.19
"""Inches one way up to which what is light in an area is its print; a light cell is larger."""


def turned_over(grey: Grey, dpi: float) -> Grey:
    """The picture with its dark areas made light. Where exactly an area ends is not known: what is light there either
    way is paper, and the end is drawn as a rule."""
    scale = 1 / COARSE
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    limit = FILLED * float(np.percentile(small[::COARSE, ::COARSE], PAPER_PERCENT))
    dark = cv2.morphologyEx((small < limit).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    areas = _areas(as_bytes(small), as_bytes(dark), dpi * scale)
    if not areas.any():
        return grey
    area = as_bytes(cv2.resize(areas, grey.shape[::-1], interpolation=cv2.INTER_NEAREST))
    turned = as_bytes(cv2.bitwise_not(grey))
    rim = as_bytes(cv2.morphologyEx(area, cv2.MORPH_GRADIENT, np.ones((4 * COARSE + 1, 4 * COARSE + 1), np.uint8)))
    light = np.where(rim > 0, np.maximum(grey, turned), np.where(area > 0, turned, grey)).astype(np.uint8)
    light[_darker_rules(grey, area, dpi) > 0] = 0
    ends, _ = cv2.findContours(area, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    return as_bytes(cv2.drawContours(light, ends, -1, 0, COARSE))


def _areas(grey: Grey, dark: Ink, dpi: float) -> Ink:
    """The areas that are filled, with the light print in them."""
    areas = np.zeros_like(dark)
    plain = cv2.morphologyEx(dark, cv2.MORPH_OPEN, _square(PLAIN * dpi))
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _square(BORDER * dpi))
    outlines, kinship = cv2.findContours(joined, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if kinship is None:
        return areas
    for outline, (_, _, hole, parent) in zip(outlines, kinship[0].tolist(), strict=True):
        if parent >= 0 or not _may_be_head(outline, dark.shape, dpi):
            continue
        area = np.zeros_like(dark)
        cv2.drawContours(area, [outline], -1, 1, cv2.FILLED)
        while hole >= 0:
            if min(cv2.boundingRect(outlines[hole])[2:]) > PRINT * dpi:
                cv2.drawContours(area, outlines, hole, 0, cv2.FILLED)
            hole = kinship[0][hole][0]
        inside = area > 0
        is_filled = float(dark[inside].mean()) >= SOLID and float(plain[inside].mean()) >= PLAIN_SHARE
        if is_filled and _has_light_print(grey[cv2.erode(area, _square(RIM * dpi)) > 0]):
            areas |= area
    return areas


def _darker_rules(grey: Grey, area: Ink, dpi: float) -> Ink:
    """Rules in dark areas that are darker than these."""
    fill = float(np.median(grey[area > 0]))
    darker = ((grey < fill - RULE) & (area > 0)).astype(np.uint8)
    long = max(round(RULE_LENGTH * dpi), 1)
    upright, level = (
        cv2.morphologyEx(darker, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((long, 1), (1, long))
    )
    return as_bytes(cv2.bitwise_or(upright, level))


def _has_light_print(shades: Grey) -> bool:
    """Whether what stands out in an area is lighter than it: in the shadow of a hand, heads with black print are dark,
    too."""
    if not len(shades):
        return False
    fill = float(np.median(shades))
    lighter, darker = float((shades > fill + CONTRAST).mean()), float((shades < fill - CONTRAST).mean())
    return lighter > max(darker, LEAST_PRINT)


def _square(side: float) -> Ink:
    return np.ones((max(round(side), 1), max(round(side), 1)), np.uint8)


def _may_be_head(outline: cv2.typing.MatLike, shape: tuple[int, ...], dpi: float) -> bool:
    """Whether an area is as large as a head, and not what lies round a sheet."""
    x, y, width, height = cv2.boundingRect(outline)
    is_large = all(side >= least * dpi for side, least in zip(sorted((width, height)), LEAST, strict=True))
    return is_large and min(x, y) > 0 and x + width < shape[1] and y + height < shape[0]

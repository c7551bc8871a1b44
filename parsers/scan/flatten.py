"""From a picture of a page to a flat page in even light that reads from left to right (版面校正)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from parsers.scan.dewarp import SMALL, bend_of, drift_pixels
from parsers.scan.fold import fold_in
from parsers.scan.level import lies_sideways, quarter_turn, skew, turned
from parsers.scan.light import Light, evened
from parsers.scan.margins import without_margins, without_punch_holes
from parsers.scan.picture import Picture
from parsers.scan.sheet import sheet_in
from parsers.scan.warp import Projection, Warp

LEVEL = 0.04
"""Degrees of slant that are left as they are."""
ROUNDS = 2
"""How often the bend is worked out: the second time on a page that is nearly flat."""


@dataclass(frozen=True, slots=True)
class FlatPage:
    """A flat page: its `light`, `dpi`, and the `warp` back to the picture it was made of."""

    light: Light
    dpi: float
    warp: Warp

    @property
    def height(self) -> int:
        return int(self.light.print.shape[0])

    @property
    def width(self) -> int:
        return int(self.light.print.shape[1])


def flattened(picture: Picture) -> list[FlatPage]:
    """The page laid straight by the sheet's corners or freed of dark margins, turned to its text, levelled, and
    flattened by its rules; of two pages side by side, the left and the right one.

    Every step is drawn from the picture itself, so that nothing is blurred twice.
    """
    height, width = picture.pixels.shape[:2]
    found = sheet_in(picture.pixels)
    if found is None:
        picture = replace(picture, pixels=without_margins(picture.pixels, picture.dpi))
    picture = replace(picture, pixels=without_punch_holes(picture.pixels, picture.dpi))
    warp, size = (Warp(), (width, height)) if found is None else (Warp((found[0],)), found[1])
    page = _drawn(picture, warp, size)
    if lies_sideways(page.light.print, page.dpi):
        page = turned_page(page, 1)
    page = _levelled(picture, page)
    fold = fold_in(page.light.print, page.dpi)
    if fold is None:
        return [_unbent(picture, page)]
    parts = (_part(picture, page, 0, fold), _part(picture, page, fold, page.width))
    return [_unbent(picture, _levelled(picture, part)) for part in parts]


def _part(picture: Picture, page: FlatPage, left: int, right: int) -> FlatPage:
    """The page between two places across a picture of more than it."""
    step = Projection(np.array([(1, 0, left), (0, 1, 0), (0, 0, 1)], dtype=np.float64))
    return _drawn(picture, page.warp.then(step), (right - left, page.height))


def _levelled(picture: Picture, page: FlatPage) -> FlatPage:
    slant = skew(page.light.rules, page.dpi)
    if abs(slant) <= LEVEL:
        return page
    step = Projection(turned(page.width, page.height, slant))
    return _drawn(picture, page.warp.then(step), (page.width, page.height))


def _unbent(picture: Picture, page: FlatPage) -> FlatPage:
    for _ in range(ROUNDS):
        bend = bend_of(page.light.rules, page.dpi)
        if bend is None or drift_pixels(bend, page.width, page.height) < SMALL:
            break
        page = _drawn(picture, page.warp.then(bend), (page.width, page.height))
    return page


def turned_page(page: FlatPage, quarters: int) -> FlatPage:
    """The flat page turned clockwise by `quarters` quarters."""
    step = Projection(quarter_turn(quarters, page.width, page.height))
    light = page.light
    rotated = Light(
        np.ascontiguousarray(np.rot90(light.rules, -quarters)),
        np.ascontiguousarray(np.rot90(light.print, -quarters)),
    )
    return replace(page, light=rotated, warp=page.warp.then(step))


def _drawn(picture: Picture, warp: Warp, size: tuple[int, int]) -> FlatPage:
    pixels = warp.flat(picture.pixels, size)
    return FlatPage(evened(replace(picture, pixels=pixels)), picture.dpi, warp)

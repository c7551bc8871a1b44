"""Where a place on the flattened page lies on the page as it is seen, and back again (版面映射)."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from parsers.document import BBox
from parsers.scan.arrays import Bytes, Reals, as_bytes

Points = Reals
"""Rows of x, y."""
STEP = 24
"""Pixels between the places a map is worked out at; between them it is a straight line."""


@dataclass(frozen=True, slots=True)
class Projection:
    """A turn, scaling or perspective: `matrix` (3 × 3) leads from the new page's pixels to the old one's."""

    matrix: Reals

    def back(self, points: Points) -> Points:
        """Where the points of the new page lie on the old."""
        moved: Points = np.column_stack([points, np.ones(len(points))]) @ self.matrix.T
        return moved[:, :2] / moved[:, 2:]


@dataclass(frozen=True, slots=True)
class Bend:
    """Lines made level and upright: `down` and `across` weigh the terms by which places are moved down and across.

    `centre` and `reach` bring pixels to about -1 to 1.
    """

    down: Reals
    across: Reals
    centre: tuple[float, float]
    reach: float

    def back(self, points: Points) -> Points:
        """Where the points of the new page lie on the old."""
        at = (points - np.array(self.centre)) / self.reach
        x, y = at[:, 0], at[:, 1]
        return points + self.reach * np.column_stack([terms(y, x) @ self.across, terms(x, y) @ self.down])


def terms(along: Reals, beside: Reals) -> Reals:
    """What a rule's drift is made of, `along` it from the page's middle: slant, bow, S, and how these change."""
    square = along * along
    return np.column_stack([along, square, along * beside, square * along, square * beside, along * beside * beside])


@dataclass(frozen=True, slots=True)
class Warp:
    """The steps from the flattened page to the page as it is seen, the last one made first."""

    steps: tuple[Projection | Bend, ...] = ()

    def then(self, step: Projection | Bend) -> Warp:
        """This map after one more step of flattening."""
        return Warp((step, *self.steps))

    def back(self, points: Points) -> Points:
        """Where the points of the flattened page lie on the page as it is seen."""
        for step in self.steps:
            points = step.back(points)
        return points

    def box(self, box: BBox) -> BBox:
        """The box on the page as it is seen around a box of the flattened page; both in pixels."""
        x0, top, x1, bottom = box
        corners = np.array([(x0, top), (x1, top), (x0, bottom), (x1, bottom)], dtype=np.float64)
        found = self.back(corners)
        (left, upper), (right, lower) = found.min(axis=0).tolist(), found.max(axis=0).tolist()
        return left, upper, right, lower

    def flat(self, pixels: Bytes, size: tuple[int, int]) -> Bytes:
        """The flattened page of `size` (width, height), drawn from the page as it is seen."""
        width, height = size
        if not self.steps:
            return pixels
        columns = np.arange(0, width + STEP, STEP)
        rows = np.arange(0, height + STEP, STEP)
        grid = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2).astype(np.float64)
        places = self.back(grid).reshape(len(rows), len(columns), 2).astype(np.float32)
        scale = np.array([[1 / STEP, 0, 0], [0, 1 / STEP, 0]], dtype=np.float32)
        maps = [
            cv2.warpAffine(
                np.ascontiguousarray(places[:, :, axis]),
                scale,
                (width, height),
                flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
                borderMode=cv2.BORDER_REPLICATE,
            )
            for axis in (0, 1)
        ]
        return as_bytes(
            cv2.remap(pixels, maps[0], maps[1], cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255,) * 3)
        )


@dataclass(frozen=True, slots=True)
class SeenPage:
    """From boxes on a flattened page to boxes on the page as it is seen, in points of which a pixel has `points`."""

    warp: Warp
    points: float

    def __call__(self, box: BBox) -> BBox:
        x0, top, x1, bottom = (value / self.points for value in box)
        left, upper, right, lower = self.warp.box((x0, top, x1, bottom))
        return left * self.points, upper * self.points, right * self.points, lower * self.points

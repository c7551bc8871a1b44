"""The boxes that clip paths leave of objects (裁剪范围)."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.pdf import calls
from parsers.pdf.calls import Handle
from parsers.pdf.geometry import Box, Matrix, apply, bounds, meet

MAX_CLIP_SEGMENTS = 400
"""Segments of one clip path that are looked at: only its bounding box counts."""
_RECTANGLE = (4, 5)
"""Segments of a clip path that is a rectangle: two opposite corners say it."""

_POINT = (ctypes.c_float * 2)()
_AT_X, _AT_Y = ctypes.byref(_POINT), ctypes.byref(_POINT, 4)


@dataclass(slots=True)
class Clips:
    """The clips of a page of this size: most of its objects share a few."""

    width: float
    height: float
    known: dict[tuple[Matrix, tuple[Box, ...]], Box | None] = field(default_factory=dict)
    paths: dict[tuple[int | None, int], Box | None] = field(default_factory=dict)
    """Boxes by where a path's first segment is held, and its length: objects that share a clip share its path."""

    @property
    def page(self) -> Box:
        """The whole page."""
        return 0.0, 0.0, self.width, self.height

    def boxes_of(self, items: Sequence[Handle], matrix: Matrix) -> list[Box | None]:
        """The box the clip paths of each object leave, None if that is nothing; `matrix` leads to the page."""
        clips = list(map(calls.clip_path, items))
        whole = self.page
        counts = map(calls.clip_count, clips)
        return [
            self._box_of(clip, count, matrix) if count > 0 else whole for clip, count in zip(clips, counts, strict=True)
        ]

    def _box_of(self, clip: Handle, count: int, matrix: Matrix) -> Box | None:
        boxes = tuple(box for path in range(count) if (box := self._box_of_path(clip, path)))
        key = (matrix, boxes)
        if key not in self.known:
            self.known[key] = self._left(boxes, matrix)
        return self.known[key]

    def _box_of_path(self, clip: Handle, path: int) -> Box | None:
        """The box of one clip path in its own space."""
        length = calls.clip_length(clip, path)
        key = calls.clip_segment(clip, path, 0).value, length
        if key not in self.paths:
            self.paths[key] = _path_box(clip, path, length)
        return self.paths[key]

    def _left(self, boxes: tuple[Box, ...], matrix: Matrix) -> Box | None:
        left: Box | None = self.page
        for x0, y0, x1, y1 in boxes:
            corners = [apply(matrix, corner) for corner in ((x0, y0), (x1, y0), (x0, y1), (x1, y1))]
            left = meet(left, bounds(corners)) if left else None
        return left


def _path_box(clip: Handle, path: int, length: int) -> Box | None:
    corners = (0, 2) if length in _RECTANGLE else range(min(max(length, 0), MAX_CLIP_SEGMENTS))
    points = []
    for index in corners:
        segment = calls.clip_segment(clip, path, index)
        if segment and calls.segment_point(segment, _AT_X, _AT_Y):
            points.append((_POINT[0], _POINT[1]))
    return bounds(points) if points else None

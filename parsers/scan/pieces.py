"""Pieces of ink that hang together, by their outlines: on a page of few pieces much cheaper than labels (连通域)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np

from parsers.scan.arrays import Ink, Mask

OUTER = -1
"""Parent of an outline that is no hole's."""


class Piece(NamedTuple):
    """A piece of ink: the box around it, and which pixels of that are within its outline."""

    x: int
    y: int
    width: int
    height: int
    inside: Mask


def sizes(ink: Ink) -> list[tuple[int, int]]:
    """Width and height of every piece."""
    return [(width, height) for _, _, width, height in map(cv2.boundingRect, _outlines(ink))]


def pieces(ink: Ink) -> Iterator[Piece]:
    """Every piece."""
    for outline in _outlines(ink):
        x, y, width, height = cv2.boundingRect(outline)
        inside = np.zeros((height, width), np.uint8)
        cv2.drawContours(inside, [outline], -1, 1, cv2.FILLED, offset=(-x, -y))
        yield Piece(x, y, width, height, np.asarray(inside, dtype=np.bool_))


def _outlines(ink: Ink) -> Sequence[Any]:
    outlines, parents = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    if parents is None:
        return []
    return [outline for outline, parent in zip(outlines, parents[0][:, 3].tolist(), strict=True) if parent == OUTER]

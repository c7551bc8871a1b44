"""How text is painted and what lies over and under it: which characters a reader of the page sees (可见性).

Text is painted in the order of the page's objects. A later opaque area or picture hides it, a clip cuts it off, and
ink that is transparent or has the colour of the ground below cannot be read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from parsers.pdf.calls import Answers, Handle
from parsers.pdf.geometry import Box

Colour = tuple[int, int, int, int]
"""Red, green, blue and alpha, each to 255."""

CONTRAST = 40
"""Difference from the ground, of 255 in the component that differs most, from which ink can be read on paper."""
FAINT = 40
"""The same for alpha: ink that lets more of the ground through cannot be read."""
CLIP_SLACK = 0.5
"""Points by which a clip may miss the middle of a character that still shows."""
PAPER = (255, 255, 255)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Indices = npt.NDArray[np.int64]


_NO_COLOUR = 256
"""What stands where PDFium names no colour: larger than any of its numbers."""
_COLOURS = Answers(ctypes.c_uint, 4, apart=True, missing=_NO_COLOUR)


def colours_of(ask: Callable[..., int], items: Sequence[Handle]) -> list[Colour | None]:
    """Red, green, blue and alpha of each object; None for patterns."""
    rows = _COLOURS.of(ask, items)
    colours: list[Colour | None] = list(map(tuple, rows.tolist()))
    for at in np.flatnonzero(rows[:, 0] == _NO_COLOUR).tolist():
        colours[at] = None
    return colours


class TextPaint(NamedTuple):
    """How a text object is painted: when, within which clip (None: nothing of it), in which colour (None: a pattern).

    `in_layer`: it is marked or part of a form, so that it may be in a layer that is switched off.
    """

    order: int
    clip: Box | None
    colour: Colour | None
    in_layer: bool


class Cover(NamedTuple):
    """An opaque area painted in one colour, or a picture (`colour` None): when, where, and by which object."""

    order: int
    box: Box
    colour: Colour | None
    item: int


@dataclass(frozen=True, slots=True)
class Hidden:
    """Which characters no reader sees: under an area or outside their clip, under a picture, without contrast."""

    away: Flags
    under_picture: Flags
    faint: Flags

    @property
    def any(self) -> Flags:
        return self.away | self.under_picture | self.faint


def hidden(
    x: Floats,
    y: Floats,
    owners: Indices,
    paints: Sequence[TextPaint | None],
    covers: Sequence[Cover],
    shows_through: Callable[[Cover, Indices], Flags],
) -> Hidden:
    """What is hidden of the characters with their middles at `x`, `y`; `paints` are those of their text objects.

    `shows_through` tells which of the characters given a picture lets show.
    """
    away = _clipped(x, y, owners, paints)
    under = np.zeros(len(x), dtype=bool)
    orders = [paint.order if paint else 1 << 40 for paint in paints]
    telling = _telling(orders, paints, covers)
    if not telling:
        return Hidden(away, under, _faint(owners, paints, np.array([PAPER]), np.array([True])))
    order = np.array(orders, dtype=np.int64)[owners]
    ground = np.tile(np.array(PAPER), (len(x), 1))
    known = np.ones(len(x), dtype=bool)
    for cover in telling:
        inside = (x > cover.box[0]) & (x < cover.box[2]) & (y > cover.box[1]) & (y < cover.box[3])
        below = inside & (order < cover.order)
        if cover.colour is None:
            if below.any():
                under[below] |= ~shows_through(cover, np.flatnonzero(below))
            known[inside & ~below] = False
            continue
        away |= below
        on_it = inside & ~below
        ground[on_it], known[on_it] = cover.colour[:3], True
    return Hidden(away, under, _faint(owners, paints, ground, known))


def _telling(orders: Sequence[int], paints: Sequence[TextPaint | None], covers: Sequence[Cover]) -> Sequence[Cover]:
    """The covers that can hide anything: those painted after some text, all where ink or a ground is not the usual."""
    if not covers:
        return covers
    inks = {paint.colour for paint in paints if paint and paint.colour}
    light = any(min(ink[:3]) > 255 - 3 * CONTRAST for ink in inks)
    dark = any(cover.colour and max(cover.colour[:3]) < 3 * CONTRAST for cover in covers)
    if light or dark or not orders:
        return covers
    first = min(orders)
    return [cover for cover in covers if cover.order > first]


def _clipped(x: Floats, y: Floats, owners: Indices, paints: Sequence[TextPaint | None]) -> Flags:
    everywhere = (-np.inf, -np.inf, np.inf, np.inf)
    nowhere = (np.inf, np.inf, -np.inf, -np.inf)
    x0, top, x1, bottom = by_member(
        [everywhere if paint is None else paint.clip or nowhere for paint in paints], owners
    ).T
    clipped: Flags = (x < x0 - CLIP_SLACK) | (x > x1 + CLIP_SLACK) | (y < top - CLIP_SLACK) | (y > bottom + CLIP_SLACK)
    return clipped


def _faint(owners: Indices, paints: Sequence[TextPaint | None], ground: Indices, known: Flags) -> Flags:
    """Ink that is nearly transparent, or nearly of the colour it stands on; on a picture nobody can tell.

    `ground` and `known` are those of each character, or of all of them in one row.
    """
    colours = [paint.colour if paint else None for paint in paints]
    inks = by_member([colour or (0, 0, 0, 255) for colour in colours], owners)
    plain = np.array([colour is not None for colour in colours], dtype=bool)
    contrast = np.abs(inks[:, :3] - ground).max(axis=1, initial=0)
    faint: Flags = (inks[:, 3] < FAINT) | (known & plain[owners] & (contrast < CONTRAST))
    return faint


def by_member(values: Sequence[tuple[float, ...]], owners: Indices) -> Floats:
    """Four numbers of each owner (a text object), of which most have the same, for each of its members (characters);
    one row where all have the same."""
    number = {value: at for at, value in enumerate(dict.fromkeys(values))}
    if len(number) == 1:
        return np.array(list(number), dtype=float)
    each = np.array(list(map(number.__getitem__, values)), dtype=np.int64)
    rows: Floats = np.array(list(number), dtype=float).reshape(-1, 4)[each[owners]]
    return rows

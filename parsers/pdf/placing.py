"""Where the characters of a page stand in reading orientation, and which of them are its text (字符定位与取舍).

Arithmetic on arrays, as a page has thousands of characters. What is printed over a page and not on it (watermarks,
seals) is set aside, what nobody sees is dropped.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

import numpy as np

from parsers.pdf.chars import Chars
from parsers.pdf.drawing import Drawing
from parsers.pdf.geometry import Matrix
from parsers.pdf.paint import Colour, Cover, Flags, Floats, Hidden, Indices, hidden
from parsers.pdf.rawtext import RawText
from parsers.pdf.shapes import Aside, Char

EM_ABOVE_BASELINE = 0.88
"""Share of the em box above the baseline: the standard figure of Chinese fonts."""
LEAST_SIZE = 1.0
"""Points that a character measures at least: fonts without measures state none."""
LEGIBLE = 3.0
"""Times the least size that a page's usual type has where characters of the least size are specks."""
SLANT = 15
"""Degrees by which text may slant and still read as level or upright where a whole page slants (scans differ from line
to line)."""
OVER_PAGE = 3
"""Degrees by which text may slant where the rest of the page does not: watermarks and seals slant more."""
BIG = 2.0
"""Type this many times the page's usual, printed across other text, is a watermark."""
ACROSS = 8
"""Characters that big type in dark ink must lie across: a seal across a title is less."""
PALE = 120
"""Ink that differs from white by less than this, of 255, is pale: printed across other text it is a watermark."""
DUPLICATE = 1.2
"""Two equal characters nearer than this many points are one, drawn twice to look bold."""
DUPLICATE_SHARE = 0.3
"""In tiny type they must also be nearer than this share of their width."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The way to reading orientation: the matrix, the clockwise turn and the tilt in degrees, the page's size there."""

    matrix: Matrix
    rotation: int
    tilt: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """Each character's box, size and baseline in reading orientation, by arrays; `angles` in degrees from level."""

    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    angles: Floats
    owners: Indices

    @property
    def x(self) -> Floats:
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> Floats:
        return (self.top + self.bottom) / 2

    @property
    def upright(self) -> Flags:
        flags: Flags = np.abs(self.angles) <= SLANT
        return flags


def laid_out(raw: RawText, frame: Frame) -> Layout:
    """The characters of a page in reading orientation."""
    owners = raw.owners
    a, b, c, d, e, f = frame.matrix
    left, bottom, right, top, x, y = raw.numbers.T
    size = raw.runs.sizes[owners]
    degrees = raw.runs.angles - frame.rotation - frame.tilt
    angles = ((degrees + 180) % 360 - 180)[owners]
    if frame.tilt:
        x0, upper, x1, lower = _untilted(left, bottom, right, top, size, frame)
    else:
        x_first, x_second = a * left + c * bottom + e, a * right + c * top + e
        y_first, y_second = b * left + d * bottom + f, b * right + d * top + f
        x0, x1 = np.minimum(x_first, x_second), np.maximum(x_first, x_second)
        upper, lower = np.minimum(y_first, y_second), np.maximum(y_first, y_second)
    size = np.maximum(np.where(size > 0, size, lower - upper), LEAST_SIZE)
    level = (np.abs(angles) <= SLANT) & (x1 > x0)
    upper = np.where(level, b * x + d * y + f - EM_ABOVE_BASELINE * size, upper)
    lower = np.where(level, upper + size, lower)
    return Layout(x0, upper, x1, lower, size, angles, owners)


def _untilted(
    left: Floats, bottom: Floats, right: Floats, top: Floats, size: Floats, frame: Frame
) -> tuple[Floats, Floats, Floats, Floats]:
    """Boxes of tilted text: PDFium gives what encloses the slanted ones, with the same middle."""
    a, b, c, d, e, f = frame.matrix
    middle_x, middle_y = (left + right) / 2, (bottom + top) / 2
    x, y = a * middle_x + c * middle_y + e, b * middle_x + d * middle_y + f
    sine, cosine = abs(math.sin(math.radians(frame.tilt))), math.cos(math.radians(frame.tilt))
    turned = frame.rotation % 180 == 90
    wide = (top - bottom) if turned else (right - left)
    width = np.maximum((wide - size * sine) / cosine, size * 0.2)
    return x - width / 2, y - size / 2, x + width / 2, y + size / 2


@dataclass(frozen=True, slots=True)
class Placed:
    """The characters of a page's text, and those set aside."""

    chars: Chars
    asides: tuple[Aside, ...]


def place(
    raw: RawText,
    layout: Layout,
    wanted: Flags,
    frame: Frame,
    concealed: Flags,
    marks: Flags,
) -> Placed:
    """The wanted characters in reading orientation, each once; those off the page and the concealed ones dropped.

    `marks` says of each text object whether it is printed over the page (a watermark).
    """
    inside = (layout.x >= 0) & (layout.x <= frame.width) & (layout.y >= 0) & (layout.y <= frame.height)
    chars = wanted & inside & ~concealed
    over = marks[layout.owners]
    kept = chars & ~over
    text = _chars(raw, layout, kept)
    if _may_repeat(text):
        text = Chars.of(each_once(list(text)))
    aside = tuple(_chars(raw, layout, chars & over))
    return Placed(text, (Aside("watermark", aside),) if aside else ())


def _chars(raw: RawText, layout: Layout, chosen: Flags) -> Chars:
    whole = Chars(
        raw.texts, layout.x0, layout.top, layout.x1, layout.bottom, layout.size, layout.upright, layout.owners
    )
    return whole if chosen.all() else whole.take(chosen)


@dataclass(frozen=True, slots=True)
class Concealed:
    """The layout of a page's characters and what of them no reader sees."""

    layout: Layout
    hidden: Hidden

    def unseen(self, raw: RawText) -> int:
        """How many characters with ink no reader sees, those under pictures aside: their page is a scan."""
        hidden = self.hidden.away | self.hidden.faint
        return int((hidden & raw.ink).sum()) if hidden.any() else 0

    def cut_numbers(self, raw: RawText) -> list[str]:
        """What is left of numbers of which some digits are hidden."""
        hidden = self.hidden.away | self.hidden.faint
        cut = (hidden[1:] != hidden[:-1]) & (raw.owners[1:] == raw.owners[:-1])
        return [
            _digits_around(raw, hidden, at + 1 if hidden[at] else at)
            for at in np.flatnonzero(cut).tolist()
            if raw.texts[at] in _NUMERIC and raw.texts[at + 1] in _NUMERIC
        ]

    def whole_objects(self, raw: RawText) -> set[int]:
        """Text objects that are hidden from the first to the last character, by something else than a picture."""
        shown = np.zeros(len(raw.runs), dtype=bool)
        shown[self.layout.owners[~(self.hidden.away | self.hidden.faint)]] = True
        return set(compress(raw.runs.handles, (~shown).tolist()))


_NUMERIC = frozenset("0123456789.,")


def _digits_around(raw: RawText, hidden: Flags, at: int) -> str:
    """The visible digits of a number around one of them."""
    first = last = at
    while first and raw.texts[first - 1] in _NUMERIC and not hidden[first - 1]:
        first -= 1
    while last + 1 < len(hidden) and raw.texts[last + 1] in _NUMERIC and not hidden[last + 1]:
        last += 1
    return "".join(raw.texts[first : last + 1])


def concealed(
    raw: RawText, frame: Frame, drawing: Drawing, shows_through: Callable[[Cover, Indices], Flags]
) -> Concealed:
    """What a reader of the page does not see; `shows_through` tells which characters a picture lets show."""
    layout = laid_out(raw, frame)
    paints = list(map(drawing.texts.get, raw.runs.handles))
    return Concealed(layout, hidden(layout.x, layout.y, layout.owners, paints, drawing.covers, shows_through))


def specks(layout: Layout, drawn: Flags) -> Flags:
    """Characters too small for anybody to see, on a page of larger ones."""
    sizes = layout.size[drawn]
    if not len(sizes) or sizes.min() > LEAST_SIZE or float(np.median(sizes)) < LEGIBLE * LEAST_SIZE:
        return np.zeros(len(drawn), dtype=bool)
    flags: Flags = drawn & (layout.size <= LEAST_SIZE) & (layout.x1 - layout.x0 < LEAST_SIZE)
    return flags


# -- what is printed over the page -------------------------------------------------------------------------------------


def over_page(raw: RawText, layout: Layout, drawing: Drawing, seen: Flags, slant: float) -> Flags:
    """For each text object, whether it is a watermark: slanting as nothing else does, or pale or big across other text.

    All objects that look alike (tiles of one watermark) are one where any of them is. Text on it slants
    by no more than `slant` degrees.
    """
    slanting = _slanting(raw, layout, slant)
    level = seen & ~slanting[layout.owners]
    pale = _are_pale(raw, drawing)
    suspects = pale | _are_big(raw, layout, level)
    if not suspects.any():
        return slanting
    alike: dict[tuple[str, float], list[int]] = defaultdict(list)
    texts = _texts(raw)
    for index in np.flatnonzero(suspects).tolist():
        alike[texts[index], float(raw.runs.sizes[index])].append(index)
    across = _across_text(layout, suspects, level)
    for twins in alike.values():
        least = 1 if pale[twins].all() else ACROSS
        if any(across[index] >= least for index in twins):
            slanting[twins] = True
    return slanting


def _slanting(raw: RawText, layout: Layout, most: float) -> Flags:
    """Text objects that slant more than `most` degrees from level and upright."""
    degrees = np.abs((layout.angles + 45) % 90 - 45)
    flags = np.zeros(len(raw.runs), dtype=bool)
    flags[layout.owners[degrees > most]] = True
    return flags


def _are_big(raw: RawText, layout: Layout, seen: Flags) -> Flags:
    sizes = layout.size[seen]
    if len(sizes) and raw.runs.sizes.max() <= BIG * sizes.min():
        return np.zeros(len(raw.runs), dtype=bool)  # the usual size is dear to find
    usual = float(np.median(sizes)) if len(sizes) else 0.0
    flags: Flags = raw.runs.sizes > BIG * usual
    return flags


def _are_pale(raw: RawText, drawing: Drawing) -> Flags:
    """Which text objects are painted in pale ink."""
    colours = [paint and paint.colour for paint in map(drawing.texts.get, raw.runs.handles)]
    pale = {colour for colour in set(colours) if colour and _is_pale(colour)}
    if not pale:
        return np.zeros(len(colours), dtype=bool)
    return np.array([colour in pale for colour in colours], dtype=bool)


def _is_pale(colour: Colour) -> bool:
    red, green, blue, alpha = colour
    return (255 - min(red, green, blue)) * alpha / 255 < PALE


def _texts(raw: RawText) -> list[str]:
    texts = [""] * len(raw.runs)
    for text, owner in zip(raw.texts, raw.owners.tolist(), strict=True):
        texts[owner] += text
    return texts


def _across_text(layout: Layout, suspects: Flags, seen: Flags) -> Counter[int]:
    """How many middles of other text each suspect's characters enclose, by text object."""
    mine = suspects[layout.owners] & seen
    others = seen & ~mine
    x, y = layout.x[others], layout.y[others]
    found: Counter[int] = Counter()
    for index in np.flatnonzero(mine):
        inside = (x > layout.x0[index]) & (x < layout.x1[index]) & (y > layout.top[index]) & (y < layout.bottom[index])
        found[int(layout.owners[index])] += int(inside.sum())
    return +found


# -- each character once -----------------------------------------------------------------------------------------------


def _may_repeat(chars: Chars) -> bool:
    """Whether any two equal characters share a field of the page: four staggered nets of fields miss no near pair."""
    codes = chars.codes << 40
    x, y = chars.x0 / (2 * DUPLICATE), chars.top / (2 * DUPLICATE)
    rows = [_fields(y), _fields(y + 0.5)]
    for column in (codes | _fields(x) << 20, codes | _fields(x + 0.5) << 20):
        for row in rows:
            fields = np.sort(column | row)
            if (fields[1:] == fields[:-1]).any():
                return True
    return False


def _fields(places: Floats) -> Indices:
    """The numbers of the fields that places lie in, in twenty bits."""
    return np.floor(places).astype(np.int64) & 0xFFFFF


def each_once(chars: list[Char]) -> list[Char]:
    """Each character once: bold made by drawing twice leaves two on nearly one spot."""
    kept: list[Char] = []
    seen: dict[str, list[Char]] = {}
    for char in chars:
        others = seen.setdefault(char.text, [])
        slack = min(DUPLICATE, DUPLICATE_SHARE * max(char.x1 - char.x0, char.size / 4))
        if char.text.isspace() or not any(
            abs(other.x0 - char.x0) <= slack and abs(other.top - char.top) <= slack for other in others
        ):
            others.append(char)
            kept.append(char)
    return kept

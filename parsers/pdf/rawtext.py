"""The characters of a page as PDFium gives them (原始文字).

PDFium knows no call for all characters at once: each of its questions is mapped over them, its answers written into
arrays, and everything after that is arithmetic on arrays, as a page has thousands.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, repeat
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

from parsers.pdf import calls, symbols
from parsers.pdf.calls import Answers, Handle, Place
from parsers.pdf.chars import codes_of, ink_of
from parsers.pdf.objects import TextFacts
from parsers.pdf.paint import Flags, Floats, Indices
from parsers.pdf.shapes import UNREADABLE

MAX_CHARS = 60_000
"""Characters read of one page: the densest A3 table of 6-point type holds under 20,000."""
UNMAPPED_SHARE = 0.1
"""A font is unmapped when this share of its text objects begins with a code PDFium can only guess: then the guesses it
does make, by position in the font's table, are no better, and a wrong digit would look like a right one."""

_LEVEL = 0.5
"""Degrees by which level text may turn."""
_WHITE = 0.05
"""Points by which the box of a character may begin right of its origin by rounding alone."""
_INVISIBLE = 3
"""Text render mode of text that leaves no ink."""

_BOXES, _ORIGINS = Answers(ctypes.c_float, 4), Answers(ctypes.c_double, 2, apart=True)
_MATRICES = Answers(ctypes.c_float, 6)


@dataclass(frozen=True, slots=True)
class Runs:
    """What the characters of one text object share, by arrays: size in points, angle in degrees, whether it leaves ink.

    `handles` are the addresses of the objects, `fonts` tell the page's fonts apart, `tables` translate symbol fonts;
    `guessed` says that PDFium has no mapping for the first character.
    """

    handles: list[int]
    sizes: Floats
    angles: Floats
    visible: Flags
    fonts: list[int]
    tables: list[dict[int, str] | None]
    guessed: list[bool]

    @property
    def are_plain(self) -> bool:
        """Whether the codes of all characters simply say what they are."""
        return not (any(self.guessed) or any(self.tables))

    def __len__(self) -> int:
        return len(self.handles)


@dataclass(frozen=True, slots=True)
class RawText:
    """The characters of a page in the page's own space, y upwards.

    `numbers` has six per character: left, bottom, right, top of its box, x and y of its origin. `owners` are indices
    into `runs`; `ink` tells which characters leave ink.
    """

    texts: list[str]
    numbers: Floats
    owners: Indices
    runs: Runs
    ink: Flags


_NOTHING = np.empty(0)
NO_TEXT = RawText(
    [],
    np.empty((0, 6)),
    np.empty(0, dtype=np.int64),
    Runs([], _NOTHING, _NOTHING, np.empty(0, dtype=bool), [], [], []),
    np.empty(0, dtype=bool),
)


def read_raw(text_page: pdfium_c.FPDF_TEXTPAGE, known: Mapping[int, TextFacts] = MappingProxyType({})) -> RawText:
    """Every drawn character; blanks and line ends that PDFium makes up itself are left out.

    `known` is what is already known of the page's text objects, by their addresses.
    """
    own = calls.passed(text_page)
    count = min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS)
    objects = np.fromiter(map(calls.text_object, repeat(own), range(count)), dtype=np.uintp, count=count)
    places = np.flatnonzero(objects)
    if not len(places):
        return NO_TEXT
    drawn = places.tolist()
    first_at, owners = _owners(objects[places])
    facts = [known.get(handle) or TextFacts.of(Handle(handle)) for handle in first_at]
    runs = _runs(own, list(first_at), [drawn[at] for at in first_at.values()], facts)
    texts = _texts(own, places, owners, runs)
    angles = runs.angles[owners]
    numbers = with_white(_numbers(own, drawn, owners, angles == 0), np.abs(angles) < _LEVEL)
    if not all(texts):
        left = np.array(list(map(bool, texts)), dtype=bool)
        texts, numbers, owners = list(filter(None, texts)), numbers[left], owners[left]
    return _without_guesses(RawText(texts, numbers, owners, runs, ink_of(texts)))


def _owners(objects: npt.NDArray[np.uintp]) -> tuple[dict[int, int], Indices]:
    """The first character of each text object, and which of these objects each character belongs to.

    Neighbours mostly share an object, so only where it changes is it looked up.
    """
    starts = np.flatnonzero(np.concatenate([[True], objects[1:] != objects[:-1]]))
    handles, firsts = objects[starts].tolist(), starts.tolist()
    first_at: dict[int, int] = {}
    for handle, first in zip(handles, firsts, strict=True):
        first_at.setdefault(handle, first)
    number = dict(zip(first_at, range(len(first_at)), strict=True))
    lengths = np.diff(starts, append=len(objects))
    return first_at, np.repeat(list(map(number.__getitem__, handles)), lengths)


def _runs(own: Place, handles: list[int], firsts: list[int], facts: Sequence[TextFacts]) -> Runs:
    """The text objects of a page, given with the places of their first characters."""
    asked = [own] * len(handles)
    a, b, c, d, *_ = _MATRICES.of(calls.text_matrix, asked, firsts).astype(float).T.tolist()
    sizes = np.array(list(map(calls.text_size, asked, firsts))) * np.array(list(map(math.hypot, c, d)))
    angles = np.array(list(map(math.degrees, map(math.atan2, b, a))))
    fonts, modes = map(list, zip(*facts, strict=True))
    tables = {font: symbols.symbol_table(_font_name(font)) if font else None for font in set(fonts)}
    guessed = list(map(bool, map(calls.text_map_error, asked, firsts)))
    return Runs(handles, sizes, angles, np.array(modes) != _INVISIBLE, fonts, [tables[font] for font in fonts], guessed)


def _texts(own: Place, drawn: Indices, owners: Indices, runs: Runs) -> list[str]:
    """What the characters at some places say."""
    codes = codes_of(_codes(own, int(drawn[-1]) + 1))[drawn]
    said = codes.astype(np.uint32).tobytes().decode("utf-32-le", "surrogatepass")
    if not runs.are_plain:
        return [_text(own, *each, runs) for each in zip(drawn.tolist(), said, owners.tolist(), strict=True)]
    if symbols.are_plain(said):
        return list(said)
    return [symbols.printed(ord(code)) if code != "\0" else UNREADABLE for code in said]


def _codes(own: Place, count: int) -> str:
    """The codes of the first `count` characters: in one answer, unless some of them are not in it."""
    room = (ctypes.c_ushort * (2 * count + 1))()
    calls.text_codes(own, 0, count, ctypes.byref(room))
    codes = bytes(room).decode("utf-16-le", "replace").split("\0", 1)[0]
    return codes if len(codes) == count else "".join(map(chr, map(calls.text_code, repeat(own), range(count))))


def _text(own: Place, index: int, code: str, owner: int, runs: Runs) -> str:
    """What a character says in a text object whose font is a symbol font, or lacks mappings."""
    if table := runs.tables[owner]:
        return symbols.from_symbol_font(ord(code), table) or symbols.printed(ord(code))
    if code == "\0" or (runs.guessed[owner] and calls.text_map_error(own, index)):
        return UNREADABLE
    return symbols.printed(ord(code))


def _numbers(own: Place, drawn: Sequence[int], owners: Indices, level: Flags) -> Floats:
    """The boxes and origins of the characters at some places; `level` are those whose text runs from left to right.

    Neighbours of one text object share a baseline where their boxes are level, or where the second of level text begins
    at the end of the first: only the first is asked for its origin.
    """
    left, top, right, bottom = _BOXES.of(calls.text_box, [own] * len(drawn), drawn).astype(float).T
    alike = (top[1:] == top[:-1]) & (bottom[1:] == bottom[:-1])
    goes_on = (owners[1:] == owners[:-1]) & (alike | level[1:] & (np.abs(left[1:] - right[:-1]) < _WHITE))
    asked = np.concatenate([[True], ~goes_on])
    places = list(compress(drawn, asked.tolist()))
    x, y = _ORIGINS.of(calls.text_origin, [own] * len(places), places)[np.cumsum(asked) - 1].T
    return np.column_stack((left, bottom, right, top, np.where(asked, x, left), y))


def with_white(numbers: Floats, level: Flags) -> Floats:
    """The boxes of level text with the white at both sides of their ink.

    Of a character that PDFium puts into its usual form (⽬ into 目, as browsers print it) it gives the ink alone, right
    of the character's origin.
    """
    white = numbers[:, 0] - numbers[:, 4]
    if not (level & (white > _WHITE)).any():
        return numbers
    white = np.where(level & (white > _WHITE), white, 0.0)
    boxes = np.column_stack((numbers[:, 0] - white, numbers[:, 1], numbers[:, 2] + white))
    return np.column_stack((boxes, numbers[:, 3:]))


def _without_guesses(raw: RawText) -> RawText:
    """The text with every character of an unmapped font unreadable."""
    runs = raw.runs
    if not any(runs.guessed):
        return raw
    total = Counter(runs.fonts)
    guesses = zip(runs.fonts, runs.guessed, runs.tables, strict=True)
    guessed = Counter(font for font, is_guess, table in guesses if is_guess and not table)
    unmapped = {font for font, count in guessed.items() if count >= UNMAPPED_SHARE * total[font]}
    texts = [
        UNREADABLE if runs.fonts[owner] in unmapped and not text.isspace() else text
        for text, owner in zip(raw.texts, raw.owners.tolist(), strict=True)
    ]
    return replace(raw, texts=texts)


def _font_name(font: int) -> str:
    buffer = ctypes.create_string_buffer(256)
    calls.font_name(font, ctypes.addressof(buffer), len(buffer))
    return buffer.value.decode("utf-8", "replace")

"""The characters of a page as PDFium gives them (原始文字).

PDFium knows no call for all characters at once: each of its questions is mapped over them, its answers written into
arrays, and everything after that is arithmetic on arrays, as a page has thousands.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress, repeat

import numpy as np
import pypdfium2.raw as pdfium_c

from parsers.pdf import calls, symbols
from parsers.pdf.paint import Flags, Floats, Indices
from parsers.pdf.shapes import UNREADABLE

MAX_CHARS = 60_000
"""Characters read of one page: the densest A3 table of 6-point type holds under 20,000."""
UNMAPPED_SHARE = 0.1
"""A font is unmapped when this share of its text objects begins with a code PDFium can only guess: then the guesses it
does make, by position in the font's table, are no better, and a wrong digit would look like a right one."""

_INVISIBLE = 3
"""Text render mode of text that leaves no ink."""


@dataclass(slots=True)
class Run:
    """What the characters of one text object share: size in points, angle in degrees, whether it leaves ink.

    `handle` is the object's, `font` tells the page's fonts apart, `table` translates a symbol font; `guessed` says that
    PDFium has no mapping for the first character.
    """

    handle: int
    size: float
    exact_angle: float
    visible: bool
    font: int
    table: dict[int, str] | None
    guessed: bool

    @property
    def is_special(self) -> bool:
        """Whether the codes of its characters do not simply say what they are."""
        return self.guessed or bool(self.table)


@dataclass(frozen=True, slots=True)
class RawText:
    """The characters of a page in the page's own space, y upwards.

    `numbers` has six per character: left, bottom, right, top of its box, x and y of its origin. `owners` are indices
    into `runs`.
    """

    texts: list[str]
    numbers: Floats
    owners: Indices
    runs: list[Run]

    @property
    def ink(self) -> Flags:
        """Which characters leave ink."""
        return np.array([not text.isspace() for text in self.texts], dtype=bool)


NO_TEXT = RawText([], np.empty((0, 6)), np.empty(0, dtype=np.int64), [])


def read_raw(text_page: pdfium_c.FPDF_TEXTPAGE) -> RawText:
    """Every drawn character; blanks and line ends that PDFium makes up itself are left out."""
    own = calls.handle(text_page)
    every = range(min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS))
    objects = list(map(calls.text_object, repeat(own), every))
    runs, owner_of = _runs(own, objects)
    drawn = list(compress(every, objects))
    owners = [owner_of[objects[index]] for index in drawn]
    codes = list(map(calls.text_code, repeat(own), drawn))
    if any(run.is_special for run in runs):
        texts = [_text(own, index, code, runs[owner]) for index, code, owner in zip(drawn, codes, owners, strict=True)]
    else:
        texts = [symbols.printed(code) if code else UNREADABLE for code in codes]
    numbers, owned = _numbers(own, drawn), np.array(owners, dtype=np.int64)
    if not all(texts):
        left = np.array(list(map(bool, texts)), dtype=bool)
        texts, numbers, owned = list(filter(None, texts)), numbers[left], owned[left]
    return _without_guesses(RawText(texts, numbers, owned, runs))


def _runs(own: int, objects: Sequence[int | None]) -> tuple[list[Run], dict[int | None, int]]:
    """The text objects of a page in the order of their first characters, and the index of each by its handle."""
    runs: list[Run] = []
    owner_of: dict[int | None, int] = {}
    tables: dict[int, dict[int, str] | None] = {}
    for index, text_object in enumerate(objects):
        if text_object and text_object not in owner_of:
            owner_of[text_object] = len(runs)
            runs.append(_run(own, index, text_object, tables))
    return runs, owner_of


def _numbers(own: int, drawn: Sequence[int]) -> Floats:
    """The boxes and origins of the characters at some places: PDFium writes them into two arrays."""
    boxes, origins = np.zeros((len(drawn), 4), dtype=np.float32), np.zeros((len(drawn), 2))
    at_box = range(boxes.ctypes.data, boxes.ctypes.data + boxes.nbytes, 16)
    at_x = range(origins.ctypes.data, origins.ctypes.data + origins.nbytes, 16)
    at_y = range(origins.ctypes.data + 8, origins.ctypes.data + origins.nbytes + 8, 16)
    deque(map(calls.text_box, repeat(own), drawn, at_box), maxlen=0)
    deque(map(calls.text_origin, repeat(own), drawn, at_x, at_y), maxlen=0)
    left, top, right, bottom = boxes.T
    return np.column_stack((left, bottom, right, top, origins))


def _text(own: int, index: int, code: int, run: Run) -> str:
    """What a character says in a text object whose font is a symbol font, or lacks mappings."""
    if run.table:
        return symbols.from_symbol_font(code, run.table) or symbols.printed(code)
    if not code or (run.guessed and calls.text_map_error(own, index)):
        return UNREADABLE
    return symbols.printed(code)


def _without_guesses(raw: RawText) -> RawText:
    """The text with every character of an unmapped font unreadable."""
    if not any(run.guessed for run in raw.runs):
        return raw
    total = Counter(run.font for run in raw.runs)
    guessed = Counter(run.font for run in raw.runs if run.guessed and not run.table)
    unmapped = {font for font, count in guessed.items() if count >= UNMAPPED_SHARE * total[font]}
    texts = [
        UNREADABLE if raw.runs[owner].font in unmapped and not text.isspace() else text
        for text, owner in zip(raw.texts, raw.owners.tolist(), strict=True)
    ]
    return replace(raw, texts=texts)


_MATRIX = pdfium_c.FS_MATRIX()
_AT_MATRIX = ctypes.addressof(_MATRIX)


def _run(own: int, index: int, text_object: int, tables: dict[int, dict[int, str] | None]) -> Run:
    calls.text_matrix(own, index, _AT_MATRIX)
    size = calls.text_size(own, index) * math.hypot(_MATRIX.c, _MATRIX.d)
    angle = math.degrees(math.atan2(_MATRIX.b, _MATRIX.a))
    visible = calls.text_mode(text_object) != _INVISIBLE
    font = calls.text_font(text_object) or 0
    if font not in tables:
        tables[font] = symbols.symbol_table(_font_name(font)) if font else None
    return Run(text_object, size, angle, visible, font, tables[font], bool(calls.text_map_error(own, index)))


def _font_name(font: int) -> str:
    buffer = ctypes.create_string_buffer(256)
    calls.font_name(font, ctypes.addressof(buffer), len(buffer))
    return buffer.value.decode("utf-8", "replace")

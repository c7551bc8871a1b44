"""The characters of a page as PDFium gives them (原始文字).

PDFium is asked for each character; everything after that is arithmetic on arrays, as a page has thousands.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls, symbols
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
    def angle(self) -> int:
        """The angle in whole degrees from 0 to 359."""
        return round(self.exact_angle) % 360


@dataclass(slots=True)
class RawText:
    """The characters of a page in the page's own space, y upwards.

    `numbers` holds six per character: left, bottom, right, top of its box, x and y of its origin. `owners` are indices
    into `runs`.
    """

    texts: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)


def read_raw(text_page: pdfium_c.FPDF_TEXTPAGE) -> RawText:
    """Every drawn character; blanks and line ends that PDFium makes up itself are left out."""
    raw = RawText()
    known: dict[int, int] = {}
    tables: dict[int, dict[int, str] | None] = {}
    box, origin = pdfium_c.FS_RECTF(), (ctypes.c_double * 2)()
    at_box, at_x, at_y = ctypes.addressof(box), ctypes.addressof(origin), ctypes.addressof(origin) + 8
    get_object, get_code = calls.text_object, calls.text_code
    get_box, get_origin = calls.text_box, calls.text_origin
    own = calls.handle(text_page)
    for index in range(min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS)):
        text_object = get_object(own, index)
        if not text_object:
            continue
        owner = known.get(text_object)
        if owner is None:
            owner = known[text_object] = len(raw.runs)
            raw.runs.append(_run(text_page, index, text_object, tables))
        run = raw.runs[owner]
        code = get_code(own, index)
        if run.table:
            text = symbols.from_symbol_font(code, run.table) or symbols.printed(code)
        elif not code or (run.guessed and pdfium_c.FPDFText_HasUnicodeMapError(text_page, index)):
            text = UNREADABLE
        else:
            text = symbols.printed(code)
        if not text:
            continue
        get_box(own, index, at_box)
        get_origin(own, index, at_x, at_y)
        raw.texts.append(text)
        raw.owners.append(owner)
        raw.numbers += (box.left, box.bottom, box.right, box.top, *origin)
    return _without_guesses(raw)


def _without_guesses(raw: RawText) -> RawText:
    """The text with every character of an unmapped font unreadable."""
    if not any(run.guessed for run in raw.runs):
        return raw
    total = Counter(run.font for run in raw.runs)
    guessed = Counter(run.font for run in raw.runs if run.guessed and not run.table)
    unmapped = {font for font, count in guessed.items() if count >= UNMAPPED_SHARE * total[font]}
    raw.texts = [
        UNREADABLE if raw.runs[owner].font in unmapped and not text.isspace() else text
        for text, owner in zip(raw.texts, raw.owners, strict=True)
    ]
    return raw


def _run(
    text_page: pdfium_c.FPDF_TEXTPAGE,
    index: int,
    text_object: int,
    tables: dict[int, dict[int, str] | None],
) -> Run:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium_c.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    angle = math.degrees(math.atan2(matrix.b, matrix.a))
    visible = calls.text_mode(text_object) != _INVISIBLE
    font = calls.text_font(text_object) or 0
    if font not in tables:
        tables[font] = symbols.symbol_table(_font_name(font)) if font else None
    guessed = bool(pdfium_c.FPDFText_HasUnicodeMapError(text_page, index))
    return Run(text_object, size, angle, visible, font, tables[font], guessed)


def _font_name(font: int) -> str:
    buffer = ctypes.create_string_buffer(256)
    calls.font_name(font, ctypes.addressof(buffer), len(buffer))
    return buffer.value.decode("utf-8", "replace")

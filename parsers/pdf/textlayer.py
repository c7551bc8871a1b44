"""The text layer of a page: what is drawn where, and what the layer is worth (文字层).

PDFium is asked for each character; everything after that is arithmetic on arrays, as a page has thousands.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium_c

from parsers.pdf import calls, symbols
from parsers.pdf.drawing import Drawing, Matrix
from parsers.pdf.shapes import UNREADABLE, Char, TextQuality

MAX_CHARS = 60_000
"""Characters read of one page: the densest A3 table of 6-point type holds under 20,000."""
SIDEWAYS_SHARE = 0.6
"""A page is set sideways when this share of its characters runs another way than its /Rotate says."""
SIDEWAYS_CHARS = 20
"""Fewer characters than this (a stamp, an axis label) do not turn a page."""
GARBAGE_SHARE = 0.25
"""A text layer with this share of codes that mean nothing is garbage: symbols stay far below."""
UNMAPPED_SHARE = 0.1
"""A font is unmapped when this share of its text objects begins with a code PDFium can only guess: then the guesses it
does make, by position in the font's table, are no better, and a wrong digit would look like a right one."""
OUTLINE_SHAPES = 200
"""A page without text but with this many shapes has its words drawn as outlines."""
PICTURE_SHARE = 0.01
"""Pictures that cover less than this share of a page without text are decoration."""
EM_ABOVE_BASELINE = 0.88
"""Share of the em box above the baseline: the standard figure of Chinese fonts."""
SLANT = 15
"""Degrees by which text may slant and still read as level or upright; watermarks and seals slant more and are left
out, as they are printed over the page, not on it."""
DUPLICATE = 1.2
"""Two equal characters nearer than this many points are one, drawn twice to look bold."""
DUPLICATE_SHARE = 0.3
"""In tiny type they must also be nearer than this share of their width."""

_INVISIBLE = 3
"""Text render mode of text that leaves no ink."""

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


@dataclass(slots=True)
class Run:
    """What the characters of one text object share: size in points, angle in degrees, whether it leaves ink.

    `font` tells the page's fonts apart, `table` translates a symbol font; `guessed` says that PDFium has no mapping for
    the first character.
    """

    size: float
    angle: int
    visible: bool
    font: int
    table: dict[int, str] | None
    guessed: bool


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
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    visible = calls.text_mode(text_object) != _INVISIBLE
    font = calls.text_font(text_object) or 0
    if font not in tables:
        tables[font] = symbols.symbol_table(_font_name(font)) if font else None
    guessed = bool(pdfium_c.FPDFText_HasUnicodeMapError(text_page, index))
    return Run(size, angle, visible, font, tables[font], guessed)


def _font_name(font: int) -> str:
    buffer = ctypes.create_string_buffer(256)
    calls.font_name(font, ctypes.addressof(buffer), len(buffer))
    return buffer.value.decode("utf-8", "replace")


def sideways(raw: RawText, rotation: int) -> int:
    """The clockwise turn from the page as seen to text that runs left to right: 0 unless most text runs another way."""
    if len(raw.texts) < SIDEWAYS_CHARS:
        return 0
    angle, count = Counter(raw.runs[owner].angle for owner in raw.owners).most_common(1)[0]
    return (angle - rotation) % 360 if angle % 90 == 0 and count >= SIDEWAYS_SHARE * len(raw.texts) else 0


def text_layer(
    raw: RawText, matrix: Matrix, rotation: int, width: float, height: float, drawing: Drawing
) -> tuple[tuple[Char, ...], TextQuality]:
    """The characters of a page in reading orientation and what they are worth.

    `matrix` and `rotation` lead there, `width` and `height` are the page's. An invisible copy of drawn text is dropped,
    and so is a layer whose codes mean nothing.
    """
    ink = np.array([not text.isspace() for text in raw.texts], dtype=bool)
    total = int(ink.sum())
    if not total:
        words_drawn = drawing.image_area > PICTURE_SHARE or drawing.shapes > OUTLINE_SHAPES
        return (), "absent" if words_drawn else "blank"
    if sum(map(symbols.is_private, raw.texts)) > GARBAGE_SHARE * total:
        return (), "garbage"
    owners = np.array(raw.owners)
    visible = np.array([run.visible for run in raw.runs])[owners]
    hidden_layer = int((visible & ink).sum()) < total / 2
    chars = _placed(raw, owners, visible | hidden_layer, matrix, rotation, width, height)
    return tuple(chars), "ocr-invisible" if hidden_layer else "native"


def _placed(
    raw: RawText,
    owners: npt.NDArray[np.int64],
    wanted: Flags,
    matrix: Matrix,
    rotation: int,
    width: float,
    height: float,
) -> list[Char]:
    """The wanted characters in reading orientation, each once, those off the page dropped."""
    a, b, c, d, e, f = matrix
    left, bottom, right, top, x, y = np.array(raw.numbers).reshape(-1, 6).T
    x_first, x_second = a * left + c * bottom + e, a * right + c * top + e
    y_first, y_second = b * left + d * bottom + f, b * right + d * top + f
    x0, x1 = np.minimum(x_first, x_second), np.maximum(x_first, x_second)
    upper, lower = np.minimum(y_first, y_second), np.maximum(y_first, y_second)
    angles = np.array([(run.angle - rotation) % 360 for run in raw.runs])
    upright = ((angles <= SLANT) | (angles >= 360 - SLANT))[owners]
    straight = ((angles % 90 <= SLANT) | (angles % 90 >= 90 - SLANT))[owners]
    size = np.array([run.size for run in raw.runs])[owners]
    size = np.where(size > 0, size, lower - upper)
    baseline = b * x + d * y + f
    level = upright & (x1 > x0)
    upper = np.where(level, baseline - EM_ABOVE_BASELINE * size, upper)
    lower = np.where(level, upper + size, lower)
    middle_x, middle_y = (x0 + x1) / 2, (upper + lower) / 2
    wanted = wanted & straight & (middle_x >= 0) & (middle_x <= width) & (middle_y >= 0) & (middle_y <= height)
    numbers = (part.tolist() for part in (x0, upper, x1, lower, size, upright, owners))
    columns = zip(raw.texts, *numbers, strict=True)
    chars = list(map(Char._make, compress(columns, wanted.tolist())))
    return each_once(chars) if _may_repeat([char.text for char in chars], x0[wanted], upper[wanted]) else chars


def _may_repeat(texts: list[str], x0: Floats, top: Floats) -> bool:
    """Whether any two equal characters share a field of the page: four staggered nets of fields miss no near pair."""
    codes = np.array([ord(text[0]) for text in texts], dtype=np.int64) << 40
    field_size = 2 * DUPLICATE
    for shift_x in (0.0, 0.5):
        for shift_y in (0.0, 0.5):
            column = np.floor(x0 / field_size + shift_x).astype(np.int64) & 0xFFFFF
            row = np.floor(top / field_size + shift_y).astype(np.int64) & 0xFFFFF
            if len(np.unique(codes | column << 20 | row)) < len(texts):
                return True
    return False


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

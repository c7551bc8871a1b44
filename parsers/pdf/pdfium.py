"""PDFium's pages as characters and rules (经 PDFium 取页面内容).

The raw interface is used in bulk, one call per character and value, as PDFium's helper objects cost more than the
calls. PDFium is not thread-safe: one process reads one page after another.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.pdf import symbols
from parsers.pdf.drawing import Drawing, Matrix, read_drawing
from parsers.pdf.shapes import Char, PageContent, TextQuality
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded

MAX_PAGES = 3000
"""A volume of a whole city's reports has a few hundred pages; page trees that claim more are loops or attacks."""
MAX_CHARS = 60_000
"""Characters read of one page: the densest A3 table of 6-point type holds under 20,000."""
MAX_FILE_BYTES = 512 * 2**20
"""Bytes of one file: the largest published volumes of scans stay below."""
SIDEWAYS_SHARE = 0.6
"""A page is set sideways when this share of its characters runs another way than its /Rotate says."""
SIDEWAYS_CHARS = 20
"""Fewer characters than this (a stamp, an axis label) do not turn a page."""
GARBAGE_SHARE = 0.25
"""A text layer with this share of codes that mean nothing is garbage: symbols stay far below."""
OUTLINE_SHAPES = 200
"""A page without text but with this many shapes has its words drawn as outlines."""
PICTURE_SHARE = 0.01
"""Pictures that cover less than this share of a page without text are decoration."""
EM_ABOVE_BASELINE = 0.88
"""Share of the em box above the baseline: the standard figure of Chinese fonts."""

_INVISIBLE = 3
"""Text render mode of text that leaves no ink."""


def read_pages(path: Path) -> Iterator[PageContent]:
    """The pages of a PDF, one in memory at a time.

    Raises FileUnavailable, EncryptedFile, DamagedFile or LimitExceeded.
    """
    document = open_document(path)
    try:
        for index in range(len(document)):
            yield read_page(document, index)
    finally:
        document.close()


def open_document(path: Path) -> pdfium.PdfDocument:
    """An open PDF with a page count in bounds; an empty user password opens silently."""
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            stream.read(1)
    except OSError as error:
        raise FileUnavailable(
            f"{path.name}：无法打开（{error.strerror}），请检查文件是否存在、是否有读取权限。"
        ) from error
    if size > MAX_FILE_BYTES:
        raise LimitExceeded(f"{path.name}：文件超过 {MAX_FILE_BYTES // 2**20} MB 的上限，请拆分后再读。")
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) in (pdfium_c.FPDF_ERR_PASSWORD, pdfium_c.FPDF_ERR_SECURITY):
            raise EncryptedFile(f"{path.name}：PDF 需要密码才能打开，请先解除密码再读。") from error
        raise DamagedFile(f"{path.name}：不是可读的 PDF 或已损坏（{error}），请重新获取该文件。") from error
    count = len(document)
    if count == 0 or count > MAX_PAGES:
        document.close()
        if count == 0:
            raise DamagedFile(f"{path.name}：PDF 中没有可读的页面，请重新获取该文件。")
        raise LimitExceeded(f"{path.name}：PDF 声称有 {count} 页，超过 {MAX_PAGES} 页的上限，请拆分后再读。")
    return document


def read_page(document: pdfium.PdfDocument, index: int) -> PageContent:
    """Page `index` (0-based)."""
    page = pdfium_c.FPDF_LoadPage(document.raw, index)
    if not page:
        return PageContent(index + 1, 0.0, 0.0, (), (), 0.0, 0, "damaged")
    try:
        text_page = pdfium_c.FPDFText_LoadPage(page)
        try:
            raw = _raw_chars(text_page) if text_page else []
        finally:
            if text_page:
                pdfium_c.FPDFText_ClosePage(text_page)
        box = _page_box(page)
        rotation = pdfium_c.FPDFPage_GetRotation(page) * 90 % 360
        turn = _sideways(raw, rotation)
        frame = _Frame.of(box, (rotation + turn) % 360)
        drawing = read_drawing(page, frame.matrix, frame.width, frame.height)
    finally:
        pdfium_c.FPDF_ClosePage(page)
    chars, quality = _text_layer(raw, frame, drawing)
    return PageContent(index + 1, frame.width, frame.height, chars, drawing.edges, drawing.image_area, turn, quality)


@dataclass(slots=True)
class _RawChar:
    """A character as PDFium gives it: box and baseline in the page's own space, y upwards."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    x: float
    y: float
    known: bool
    run: _Run


@dataclass(slots=True)
class _Run:
    """What the characters of one text object share."""

    size: float
    angle: int
    visible: bool
    table: dict[int, str] | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """How the page's own space lies in reading orientation."""

    width: float
    height: float
    matrix: Matrix
    rotation: int

    @staticmethod
    def of(box: tuple[float, float, float, float], rotation: int) -> _Frame:
        left, bottom, right, top = box
        width, height = right - left, top - bottom
        if rotation == 90:
            return _Frame(height, width, (0, 1, 1, 0, -bottom, -left), rotation)
        if rotation == 180:
            return _Frame(width, height, (-1, 0, 0, 1, right, -bottom), rotation)
        if rotation == 270:
            return _Frame(height, width, (0, -1, -1, 0, top, right), rotation)
        return _Frame(width, height, (1, 0, 0, -1, -left, top), rotation)


def _page_box(page: pdfium_c.FPDF_PAGE) -> tuple[float, float, float, float]:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    return box.left, box.bottom, box.right, box.top


def _raw_chars(text_page: pdfium_c.FPDF_TEXTPAGE) -> list[_RawChar]:
    """Every drawn character; blanks and line ends that PDFium makes up itself are left out."""
    chars: list[_RawChar] = []
    runs: dict[int, _Run] = {}
    tables: dict[int, dict[int, str] | None] = {}
    box = pdfium_c.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    get_object, get_unicode = pdfium_c.FPDFText_GetTextObject, pdfium_c.FPDFText_GetUnicode
    get_box, get_origin = pdfium_c.FPDFText_GetLooseCharBox, pdfium_c.FPDFText_GetCharOrigin
    for index in range(min(pdfium_c.FPDFText_CountChars(text_page), MAX_CHARS)):
        text_object = get_object(text_page, index)
        if not text_object:
            continue
        key = ctypes.addressof(text_object.contents)
        run = runs.get(key)
        if run is None:
            run = runs[key] = _run(text_page, index, text_object, tables)
        code = get_unicode(text_page, index)
        text = (run.table and symbols.from_symbol_font(code, run.table)) or symbols.printed(code)
        known = bool(code) and not symbols.is_private(text or " ")
        if not text:
            if code:
                continue
            text = "\ufffd"
        get_box(text_page, index, box)
        get_origin(text_page, index, x, y)
        chars.append(_RawChar(text, box.left, box.bottom, box.right, box.top, x.value, y.value, known, run))
    return chars


def _run(
    text_page: pdfium_c.FPDF_TEXTPAGE,
    index: int,
    text_object: pdfium_c.FPDF_PAGEOBJECT,
    tables: dict[int, dict[int, str] | None],
) -> _Run:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text_page, index, matrix)
    size = pdfium_c.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a))) % 360
    visible = pdfium_c.FPDFTextObj_GetTextRenderMode(text_object) != _INVISIBLE
    font = pdfium_c.FPDFTextObj_GetFont(text_object)
    if not font:
        return _Run(size, angle, visible, None)
    key = ctypes.addressof(font.contents)
    if key not in tables:
        tables[key] = symbols.symbol_table(_font_name(font))
    return _Run(size, angle, visible, tables[key])


def _font_name(font: pdfium_c.FPDF_FONT) -> str:
    buffer = ctypes.create_string_buffer(256)
    pdfium_c.FPDFFont_GetBaseFontName(font, buffer, len(buffer))
    return buffer.value.decode("utf-8", "replace")


def _sideways(raw: list[_RawChar], rotation: int) -> int:
    """The clockwise turn from the page as seen to text that runs left to right: 0 unless most text runs another way."""
    ink = [char.run.angle for char in raw if not char.text.isspace()]
    if len(ink) < SIDEWAYS_CHARS:
        return 0
    angle, count = Counter(ink).most_common(1)[0]
    return (angle - rotation) % 360 if angle % 90 == 0 and count >= SIDEWAYS_SHARE * len(ink) else 0


def _text_layer(raw: list[_RawChar], frame: _Frame, drawing: Drawing) -> tuple[tuple[Char, ...], TextQuality]:
    """The characters of the page and what they are worth; an invisible copy of drawn text is dropped."""
    ink = [char for char in raw if not char.text.isspace()]
    if not ink:
        words_drawn = drawing.image_area > PICTURE_SHARE or drawing.shapes > OUTLINE_SHAPES
        return (), "absent" if words_drawn else "blank"
    drawn = sum(char.run.visible for char in ink)
    hidden_layer = drawn < len(ink) / 2
    quality: TextQuality = "ocr-invisible" if hidden_layer else "native"
    if sum(not char.known for char in ink) > GARBAGE_SHARE * len(ink):
        return (), "garbage"
    kept = raw if hidden_layer else [char for char in raw if char.run.visible]
    return tuple(_deduplicated(_placed(kept, frame))), quality


def _placed(raw: list[_RawChar], frame: _Frame) -> Iterator[Char]:
    """Characters in reading orientation, those off the page dropped."""
    a, b, c, d, e, f = frame.matrix
    for char in raw:
        x0, y0 = a * char.left + c * char.bottom + e, b * char.left + d * char.bottom + f
        x1, y1 = a * char.right + c * char.top + e, b * char.right + d * char.top + f
        left, right, top, bottom = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
        upright = (char.run.angle - frame.rotation) % 360 in _UPRIGHT
        size = char.run.size or bottom - top
        if upright and right > left:
            baseline = b * char.x + d * char.y + f
            top, bottom = baseline - EM_ABOVE_BASELINE * size, baseline + (1 - EM_ABOVE_BASELINE) * size
        if 0 <= (left + right) / 2 <= frame.width and 0 <= (top + bottom) / 2 <= frame.height:
            yield Char(char.text, left, top, right, bottom, size, upright)


_UPRIGHT = frozenset((*range(16), *range(345, 360)))
"""Angles in degrees that read as upright: slanted watermarks are not."""


def _deduplicated(chars: Iterator[Char]) -> Iterator[Char]:
    """Each character once: bold made by drawing twice leaves two on nearly one spot."""
    seen: dict[tuple[str, int, int], list[Char]] = {}
    for char in chars:
        cell = max(char.size, 1.0)
        column, row = round(char.x0 / cell), round(char.top / cell)
        if not char.text.isspace():
            near = (
                other
                for dx in (-1, 0, 1)
                for dy in (-1, 0, 1)
                for other in seen.get((char.text, column + dx, row + dy), ())
            )
            slack = DUPLICATE_SHARE * min(char.size, max(char.x1 - char.x0, char.size / 4))
            if any(abs(o.x0 - char.x0) <= slack and abs(o.top - char.top) <= slack for o in near):
                continue
            seen.setdefault((char.text, column, row), []).append(char)
        yield char


DUPLICATE_SHARE = 0.3
"""Two equal characters whose corners are nearer than this share of their width are one, drawn twice."""

"""PDFium's pages as characters and rules (经 PDFium 取页面内容).

The raw interface is used in bulk, as PDFium's helper objects cost more than the calls. PDFium is not thread-safe: one
process reads one page after another.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.detect import detect_format
from parsers.formats import IMAGES
from parsers.pdf import calls
from parsers.pdf.annotations import Typed, has_fields, struck_by_annotations, typed_chars, typed_texts
from parsers.pdf.attachments import pinned_files
from parsers.pdf.chars import Chars
from parsers.pdf.drawing import read_drawing
from parsers.pdf.geometry import Matrix, times
from parsers.pdf.layers import see_through, switched_off
from parsers.pdf.marks import without_marks
from parsers.pdf.objects import Objects, objects_of
from parsers.pdf.placing import Frame, concealed
from parsers.pdf.rawtext import NO_TEXT, RawText, read_raw
from parsers.pdf.recognition import PicturePages, needs_recognition
from parsers.pdf.shapes import PageContent
from parsers.pdf.textlayer import direction, text_layer
from parsers.pdf.thin import restore, widen
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded

MAX_PAGES = 3000
"""A volume of a whole city's reports has a few hundred pages; page trees that claim more are loops or attacks."""
MAX_SIDE = 200_000.0
"""Points a page may measure, 70 metres: fourteen times what the PDF standard allows; no table needs more."""
FAR_AWAY = 1e6
"""Points by which an object is moved to be off the page."""
MAX_FILE_BYTES = 512 * 2**20
"""Bytes of one file: the largest published volumes of scans stay below."""


def read_pages(path: Path) -> Iterator[PageContent]:
    """The pages of a PDF, one in memory at a time.

    Raises FileUnavailable, EncryptedFile, DamagedFile or LimitExceeded.
    """
    document = open_document(path)
    try:
        yield from pages_of(document, path)
    finally:
        document.close()


def pages_of(document: pdfium.PdfDocument, path: Path) -> Iterator[PageContent]:
    """The pages of an open PDF, those that are pictures read from their picture. Raises Unfinished."""
    pictures = PicturePages(path, document)
    for index in range(len(document)):
        content = read_page(document, index)
        yield from pictures.read(content) if needs_recognition(content) else (content,)


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
        document = _image_as_pdf(path) if detect_format(path) in IMAGES else pdfium.PdfDocument(path)
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


def _image_as_pdf(path: Path) -> pdfium.PdfDocument:
    from parsers.scan.images import image_as_pdf  # late: few runs meet image files

    return image_as_pdf(path)


def read_page(document: pdfium.PdfDocument, index: int) -> PageContent:
    """Page `index` (0-based), with what is filled into its form fields."""
    page = pdfium_c.FPDF_LoadPage(document.raw, index)
    typed: list[Typed] = []
    if page and has_fields(page):
        typed = typed_texts(document, page)
        if pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == pdfium_c.FLATTEN_SUCCESS:
            pdfium_c.FPDF_ClosePage(page)
            page = pdfium_c.FPDF_LoadPage(document.raw, index)
    if not page:
        return damaged_page(index)
    try:
        return _content(document, page, index, typed)
    finally:
        pdfium_c.FPDF_ClosePage(page)


def _content(document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE, index: int, typed: list[Typed]) -> PageContent:
    objects = objects_of(page)
    raw = _raw_text(page, objects)
    rotation = pdfium_c.FPDFPage_GetRotation(page) * 90 % 360
    quarter, tilt = direction(raw)
    turn = (quarter - rotation) % 360
    frame = _frame(_page_box(page), quarter, tilt)
    if not (0 < frame.width < MAX_SIDE and 0 < frame.height < MAX_SIDE):
        return damaged_page(index)
    drawing = read_drawing(objects, frame.matrix, frame.width, frame.height)
    off = switched_off(document, page, drawing, raw)
    found = concealed(raw, frame, drawing, see_through(document, page, raw))
    unseen, cut = found.unseen(raw), found.cut_numbers(raw)
    if gone := found.whole_objects(raw):
        # PDFium takes what is printed over a hidden copy of itself for a double, and leaves it out.
        for item in gone:
            calls.transform(item, 1, 0, 0, 1, FAR_AWAY, 0)
        raw = _raw_text(page, objects)
        found = concealed(raw, frame, drawing, see_through(document, page, raw))
    placed, quality = text_layer(raw, frame, drawing, found, off)
    added = typed_chars(typed, frame.matrix, len(raw.runs))
    struck = struck_by_annotations(page, frame.matrix)
    written = Chars.of([*placed.chars, *added]) if added else placed.chars
    chars, edges, marked = without_marks(written, drawing.edges, struck)
    return PageContent(
        number=index + 1,
        width=frame.width,
        height=frame.height,
        chars=chars,
        edges=edges,
        image_area=drawing.image_area,
        turn=turn,
        text_quality="native" if added and not len(placed.chars) else quality,
        tilt=frame.tilt,
        asides=(*placed.asides, *marked),
        unseen=unseen,
        cut_numbers=tuple(cut),
        pinned=pinned_files(page),
    )


def _raw_text(page: pdfium_c.FPDF_PAGE, objects: Objects) -> RawText:
    widened = widen(objects)
    text_page = pdfium_c.FPDFText_LoadPage(page)
    restore(widened)
    if not text_page:
        return NO_TEXT
    try:
        return read_raw(text_page, objects.text_facts)
    finally:
        pdfium_c.FPDFText_ClosePage(text_page)


def damaged_page(index: int) -> PageContent:
    """What stands for page `index` (0-based) where nothing of it can be read."""
    return PageContent(index + 1, 0.0, 0.0, (), (), 0.0, 0, "damaged")


def _frame(box: tuple[float, float, float, float], rotation: int, tilted: float) -> Frame:
    """The way from the page's own space to its top left corner, turned by `rotation`, its text laid level."""
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    matrix: Matrix = (1, 0, 0, -1, -left, top)
    if rotation == 90:
        matrix = (0, 1, 1, 0, -bottom, -left)
    elif rotation == 180:
        matrix = (-1, 0, 0, 1, right, -bottom)
    elif rotation == 270:
        matrix = (0, -1, -1, 0, top, right)
    if rotation % 180 == 90:
        width, height = height, width
    return Frame(_levelled(matrix, tilted, width, height) if tilted else matrix, rotation, tilted, width, height)


def _levelled(matrix: Matrix, tilted: float, width: float, height: float) -> Matrix:
    """The matrix followed by a turn about the page's middle."""
    sine, cosine = math.sin(math.radians(tilted)), math.cos(math.radians(tilted))
    x, y = width / 2, height / 2
    return times(matrix, (cosine, sine, -sine, cosine, x - x * cosine + y * sine, y - x * sine - y * cosine))


def _page_box(page: pdfium_c.FPDF_PAGE) -> tuple[float, float, float, float]:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    return box.left, box.bottom, box.right, box.top

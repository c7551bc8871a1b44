"""PDFium's pages as characters and rules (经 PDFium 取页面内容).

The raw interface is used in bulk, one call per character and value, as PDFium's helper objects cost more than the
calls. PDFium is not thread-safe: one process reads one page after another.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.pdf.drawing import Matrix, read_drawing
from parsers.pdf.recognition import needs_recognition, recognised
from parsers.pdf.shapes import PageContent
from parsers.pdf.textlayer import RawText, read_raw, sideways, text_layer
from parsers.pdf.thin import restore, widen
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded

MAX_PAGES = 3000
"""A volume of a whole city's reports has a few hundred pages; page trees that claim more are loops or attacks."""
MAX_SIDE = 200_000.0
"""Points a page may measure, 70 metres: fourteen times what the PDF standard allows; no table needs more."""
MAX_ANNOTATIONS = 500
"""Annotations of one page that are looked at for filled fields."""
MAX_FILE_BYTES = 512 * 2**20
"""Bytes of one file: the largest published volumes of scans stay below."""


def read_pages(path: Path) -> Iterator[PageContent]:
    """The pages of a PDF, one in memory at a time.

    Raises FileUnavailable, EncryptedFile, DamagedFile or LimitExceeded.
    """
    document = open_document(path)
    try:
        for index in range(len(document)):
            content = read_page(document, index)
            yield recognised(document, content) if needs_recognition(content) else content
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
    """Page `index` (0-based), with what is filled into its form fields."""
    page = pdfium_c.FPDF_LoadPage(document.raw, index)
    if page and _has_fields(page) and pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY) == _FLATTENED:
        pdfium_c.FPDF_ClosePage(page)
        page = pdfium_c.FPDF_LoadPage(document.raw, index)
    if not page:
        return _damaged(index)
    try:
        widened = widen(page)
        text_page = pdfium_c.FPDFText_LoadPage(page)
        restore(widened)
        try:
            raw = read_raw(text_page) if text_page else RawText()
        finally:
            if text_page:
                pdfium_c.FPDFText_ClosePage(text_page)
        box = _page_box(page)
        rotation = pdfium_c.FPDFPage_GetRotation(page) * 90 % 360
        turn = sideways(raw, rotation)
        width, height, matrix = _frame(box, (rotation + turn) % 360)
        if not (0 < width < MAX_SIDE and 0 < height < MAX_SIDE):
            return _damaged(index)
        drawing = read_drawing(page, matrix, width, height)
    finally:
        pdfium_c.FPDF_ClosePage(page)
    chars, quality = text_layer(raw, matrix, (rotation + turn) % 360, width, height, drawing)
    return PageContent(index + 1, width, height, chars, drawing.edges, drawing.image_area, turn, quality)


def _damaged(index: int) -> PageContent:
    return PageContent(index + 1, 0.0, 0.0, (), (), 0.0, 0, "damaged")


_FLATTENED = pdfium_c.FLATTEN_SUCCESS
_PRINTED = frozenset((pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT))
"""Annotations that carry text of the document: filled fields and typed-in remarks."""


def _has_fields(page: pdfium_c.FPDF_PAGE) -> bool:
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        kind = pdfium_c.FPDFAnnot_GetSubtype(annotation)
        pdfium_c.FPDFPage_CloseAnnot(annotation)
        if kind in _PRINTED:
            return True
    return False


def _frame(box: tuple[float, float, float, float], rotation: int) -> tuple[float, float, Matrix]:
    """Width and height of a page turned by `rotation`, and the matrix from its own space to its top left corner."""
    left, bottom, right, top = box
    width, height = right - left, top - bottom
    if rotation == 90:
        return height, width, (0, 1, 1, 0, -bottom, -left)
    if rotation == 180:
        return width, height, (-1, 0, 0, 1, right, -bottom)
    if rotation == 270:
        return height, width, (0, -1, -1, 0, top, right)
    return width, height, (1, 0, 0, -1, -left, top)


def _page_box(page: pdfium_c.FPDF_PAGE) -> tuple[float, float, float, float]:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDF_GetPageBoundingBox(page, box)
    return box.left, box.bottom, box.right, box.top

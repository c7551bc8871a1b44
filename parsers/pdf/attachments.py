"""Files inside a PDF (附件), by name: what is in them is not read, and that is said."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_ATTACHMENTS = 200
"""Files inside one PDF that are looked at."""
_BYTE_ORDER_MARK = "þÿ"


def embedded_files(document: pdfium.PdfDocument) -> list[str]:
    """The names of the files inside an open PDF, those pinned to its pages aside."""
    return [_name(handle) for handle in _embedded(document)]


def pinned_files(page: pdfium_c.FPDF_PAGE) -> tuple[str, ...]:
    """The names of the files that notes on a page hold."""
    return tuple(_name(handle) for handle in _pinned(page))


def _embedded(document: pdfium.PdfDocument) -> Iterator[pdfium_c.FPDF_ATTACHMENT]:
    for index in range(min(pdfium_c.FPDFDoc_GetAttachmentCount(document.raw), MAX_ATTACHMENTS)):
        handle = pdfium_c.FPDFDoc_GetAttachment(document.raw, index)
        if handle:
            yield handle


def _pinned(page: pdfium_c.FPDF_PAGE) -> Iterator[pdfium_c.FPDF_ATTACHMENT]:
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), MAX_ATTACHMENTS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        if pdfium_c.FPDFAnnot_GetSubtype(annotation) == pdfium_c.FPDF_ANNOT_FILEATTACHMENT:
            handle = pdfium_c.FPDFAnnot_GetFileAttachment(annotation)
            if handle:
                yield handle
        pdfium_c.FPDFPage_CloseAnnot(annotation)


def _name(handle: pdfium_c.FPDF_ATTACHMENT) -> str:
    length = pdfium_c.FPDFAttachment_GetName(handle, None, 0)
    buffer = (ctypes.c_ushort * (length // 2 + 1))()
    pdfium_c.FPDFAttachment_GetName(handle, buffer, length)
    name = bytes(buffer)[: max(length - 2, 0)].decode("utf-16-le", "replace")
    if name.startswith(_BYTE_ORDER_MARK):  # a producer's UTF-16 that PDFium took for Latin letters
        return name.removeprefix(_BYTE_ORDER_MARK).encode("latin-1", "replace").decode("utf-16-be", "replace")
    return name

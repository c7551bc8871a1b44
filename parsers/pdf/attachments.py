"""Files inside a PDF (附件): listed, and taken out for whoever reads them."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

MAX_ATTACHMENTS = 200
"""Files inside one PDF that are looked at."""
_BYTE_ORDER_MARK = "þÿ"
MAX_BYTES = 256 * 2**20
"""Bytes of one of them that are taken out."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a PDF: its number among all, its name, its size in bytes (None where the file does not say)."""

    number: int
    name: str
    size: int | None


def embedded_files(document: pdfium.PdfDocument) -> list[str]:
    """The names of the files inside an open PDF, those pinned to its pages aside."""
    return [_name(handle) for handle in _embedded(document)]


def pinned_files(page: pdfium_c.FPDF_PAGE) -> tuple[str, ...]:
    """The names of the files that notes on a page hold."""
    return tuple(_name(handle) for handle in _pinned(page))


def read_attachments(document: pdfium.PdfDocument) -> Iterator[tuple[Attachment, bytes]]:
    """The files inside an open PDF with their bytes; one that cannot be taken out is left out."""
    for number, handle in enumerate(_handles(document), start=1):
        size = _length(handle)
        content = _bytes(handle, size) if size is not None and size <= MAX_BYTES else None
        if content is not None:
            yield Attachment(number, _name(handle), size), content


def _handles(document: pdfium.PdfDocument) -> Iterator[pdfium_c.FPDF_ATTACHMENT]:
    """The embedded files of the document, then those of notes on its pages."""
    yield from _embedded(document)
    for number in range(len(document)):
        page = pdfium_c.FPDF_LoadPage(document.raw, number)
        if page:
            yield from _pinned(page)
            pdfium_c.FPDF_ClosePage(page)


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


def _length(handle: pdfium_c.FPDF_ATTACHMENT) -> int | None:
    length = ctypes.c_ulong()
    return length.value if pdfium_c.FPDFAttachment_GetFile(handle, None, 0, length) else None


def _bytes(handle: pdfium_c.FPDF_ATTACHMENT, size: int) -> bytes | None:
    length, buffer = ctypes.c_ulong(), ctypes.create_string_buffer(size)
    return buffer.raw if pdfium_c.FPDFAttachment_GetFile(handle, buffer, size, length) else None

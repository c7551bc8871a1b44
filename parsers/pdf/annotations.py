"""What viewers add to a page: typed remarks, filled fields, ticks, strikes (注释与表单域).

PDFium turns those with a stored appearance into text of the page. A remark typed with a viewer's typewriter or a value
of a form field may have none: every viewer draws it from the annotation itself, and so does this module.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from parsers.pdf.geometry import Matrix, apply
from parsers.pdf.shapes import Char, Edge

MAX_ANNOTATIONS = 500
"""Annotations of one page that are looked at."""
LONGEST_TEXT = 20_000
"""Characters of one annotation that are read."""
CHECKED, UNCHECKED = "☑", "□"

_UNSEEN = 2 | 32
"""Flags of annotations that no viewer shows: hidden, not to be viewed."""
_AUTO_SIZE = 10.0
_LARGEST_SHARE = 0.8
"""Share of the box's height that a line of text takes at most."""
_PADDING = 2.0
_PITCH = 1.2
_LATIN_WIDTH = 0.5
_FONT_SIZE = re.compile(r"([\d.]+)\s+Tf")
_WIDGET, _FREE_TEXT = pdfium_c.FPDF_ANNOT_WIDGET, pdfium_c.FPDF_ANNOT_FREETEXT
_TICKED = frozenset((pdfium_c.FPDF_FORMFIELD_CHECKBOX, pdfium_c.FPDF_FORMFIELD_RADIOBUTTON))
_BUTTONS = frozenset((pdfium_c.FPDF_FORMFIELD_PUSHBUTTON, pdfium_c.FPDF_FORMFIELD_SIGNATURE))


@dataclass(frozen=True, slots=True)
class Typed:
    """A text that a viewer draws into a box (left, bottom, right, top in the page's own space), and its size."""

    text: str
    box: tuple[float, float, float, float]
    size: float


def has_fields(page: pdfium_c.FPDF_PAGE) -> bool:
    """Whether a page has annotations that carry text of the document."""
    return any(kind in (_WIDGET, _FREE_TEXT) for _, kind in _annotations(page))


def typed_texts(document: pdfium.PdfDocument, page: pdfium_c.FPDF_PAGE) -> list[Typed]:
    """The texts of a page's annotations that have no stored appearance."""
    found = []
    for annotation, kind in _annotations(page):
        if kind not in (_WIDGET, _FREE_TEXT) or _is_drawn(annotation) or _is_unseen(annotation):
            continue
        text = _string(annotation, "Contents") if kind == _FREE_TEXT else _value(document, annotation)
        if text.strip():
            found.append(Typed(text[:LONGEST_TEXT], _rectangle(annotation), _size(annotation)))
    return found


def typed_chars(typed: list[Typed], matrix: Matrix, first_run: int) -> list[Char]:
    """The characters of typed texts in reading orientation, as a viewer lays them out; `first_run` numbers runs."""
    chars: list[Char] = []
    for run, one in enumerate(typed, first_run):
        x0, y0 = apply(matrix, (one.box[0], one.box[1]))
        x1, y1 = apply(matrix, (one.box[2], one.box[3]))
        chars += _laid_out(one, (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)), run)
    return chars


def struck_by_annotations(page: pdfium_c.FPDF_PAGE, matrix: Matrix) -> list[Edge]:
    """The rules that strike-out annotations draw."""
    edges = []
    for annotation, kind in _annotations(page):
        if kind != pdfium_c.FPDF_ANNOT_STRIKEOUT or _is_unseen(annotation):
            continue
        for index in range(pdfium_c.FPDFAnnot_CountAttachmentPoints(annotation)):
            quad = pdfium_c.FS_QUADPOINTSF()
            if pdfium_c.FPDFAnnot_GetAttachmentPoints(annotation, index, quad):
                x0, y0 = apply(matrix, (quad.x1, quad.y1))
                x1, y1 = apply(matrix, (quad.x4, quad.y4))
                edges.append(Edge("h", (y0 + y1) / 2, min(x0, x1), max(x0, x1), "line"))
    return edges


def _annotations(page: pdfium_c.FPDF_PAGE) -> Iterator[tuple[pdfium_c.FPDF_ANNOTATION, int]]:
    for index in range(min(pdfium_c.FPDFPage_GetAnnotCount(page), MAX_ANNOTATIONS)):
        annotation = pdfium_c.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            yield annotation, pdfium_c.FPDFAnnot_GetSubtype(annotation)
        finally:
            pdfium_c.FPDFPage_CloseAnnot(annotation)


def _is_drawn(annotation: pdfium_c.FPDF_ANNOTATION) -> bool:
    return bool(pdfium_c.FPDFAnnot_GetAP(annotation, pdfium_c.FPDF_ANNOT_APPEARANCEMODE_NORMAL, None, 0) > 2)


def _is_unseen(annotation: pdfium_c.FPDF_ANNOTATION) -> bool:
    return bool(pdfium_c.FPDFAnnot_GetFlags(annotation) & _UNSEEN)


def _value(document: pdfium.PdfDocument, annotation: pdfium_c.FPDF_ANNOTATION) -> str:
    """What a form field shows: its text, or whether it is ticked."""
    if document.formenv is None:
        document.init_forms()
    form = document.formenv
    if form is None:
        return _string(annotation, "V")
    kind = pdfium_c.FPDFAnnot_GetFormFieldType(form.raw, annotation)
    if kind in _TICKED:
        return CHECKED if pdfium_c.FPDFAnnot_IsChecked(form.raw, annotation) else UNCHECKED
    if kind in _BUTTONS:
        return ""
    return _utf16(lambda buffer, size: pdfium_c.FPDFAnnot_GetFormFieldValue(form.raw, annotation, buffer, size))


def _string(annotation: pdfium_c.FPDF_ANNOTATION, key: str) -> str:
    name = key.encode()
    return _utf16(lambda buffer, size: pdfium_c.FPDFAnnot_GetStringValue(annotation, name, buffer, size))


def _utf16(ask: Callable[[Any, int], int]) -> str:
    """A text that PDFium writes into a buffer: asked for its length first."""
    length = ask(None, 0)
    if length <= 2:
        return ""
    buffer = (ctypes.c_ushort * ((length + 1) // 2))()
    ask(buffer, length)
    return bytes(buffer)[: length - 2].decode("utf-16-le", "replace")


def _rectangle(annotation: pdfium_c.FPDF_ANNOTATION) -> tuple[float, float, float, float]:
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDFAnnot_GetRect(annotation, box)
    return box.left, box.bottom, box.right, box.top


def _size(annotation: pdfium_c.FPDF_ANNOTATION) -> float:
    """The size its default appearance states, 0 for as large as fits."""
    stated = _FONT_SIZE.search(_string(annotation, "DA"))
    try:
        return float(stated[1]) if stated else 0.0
    except ValueError:
        return 0.0


def _laid_out(typed: Typed, box: tuple[float, float, float, float], run: int) -> Iterator[Char]:
    x0, top, x1, bottom = box
    lines = typed.text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    size = min(typed.size or _AUTO_SIZE, max(_LARGEST_SHARE * (bottom - top), 1.0))
    rows = [row for line in lines for row in _wrapped(line, max((x1 - x0 - 2 * _PADDING) / size, 1.0))]
    middle = (top + bottom - size) / 2
    start = middle if len(rows) == 1 else top + _PADDING
    for at, row in enumerate(rows):
        x, upper = x0 + _PADDING, start + at * _PITCH * size
        for text in row:
            width = size * _em(text)
            yield Char(text, x, upper, x + width, upper + size, size, True, run)
            x += width


def _wrapped(line: str, room: float) -> Iterator[str]:
    """A line broken where it is wider than `room` em."""
    row, width = "", 0.0
    for char in line:
        if row and width + _em(char) > room:
            yield row
            row, width = "", 0.0
        row, width = row + char, width + _em(char)
    yield row


def _em(char: str) -> float:
    return 1.0 if char > "\u2e7f" else _LATIN_WIDTH

"""Text objects that PDFium takes for empty (被当作空白的文字对象).

A font that is not in the file is replaced by one of the machine; where the machine has none with the character, PDFium
finds no outline and so no width, and leaves an object of one character (无, 优, the last character of a wrapped cell)
out of the text without a word. What the file says must not depend on the machine's fonts, so such objects are given a
hair of stroke width before the text is taken: then they are not empty.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from itertools import repeat

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls

EMPTY = 0.001
"""Points of width from which PDFium takes a text object into the text, rounded up."""
HAIR = 0.1
"""Stroke width in points that an empty object is given."""
MAX_DEPTH = 8
"""Forms within forms that are looked into."""


def widen(page: pdfium_c.FPDF_PAGE) -> list[tuple[int, int]]:
    """Give the page's empty text objects a width, before its text is taken; the objects with their modes of drawing."""
    widened: list[tuple[int, int]] = []
    embedded: dict[int, bool] = {}
    edges = (ctypes.c_float * 4)()
    at = [ctypes.addressof(edges) + 4 * index for index in range(4)]
    for text_object in _text_objects(page):
        calls.object_bounds(text_object, *at)
        if edges[2] - edges[0] >= EMPTY:
            continue
        font = calls.text_font(text_object) or 0
        if font not in embedded:
            embedded[font] = not font or calls.font_embedded(font) == 1
        if embedded[font]:
            continue
        widened.append((text_object, calls.text_mode(text_object)))
        calls.set_stroke_width(text_object, HAIR)
        calls.set_text_mode(text_object, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE)
        calls.transform(text_object, 1, 0, 0, 1, 0, 0)
    return widened


def restore(widened: list[tuple[int, int]]) -> None:
    """Draw the objects again as the file says, once the text is taken."""
    for text_object, mode in widened:
        calls.set_text_mode(text_object, mode)


def _text_objects(page: pdfium_c.FPDF_PAGE) -> Iterator[int]:
    count = pdfium_c.FPDFPage_CountObjects(page)
    for found in filter(None, map(calls.page_object, repeat(calls.handle(page)), range(count))):
        yield from _texts_in(found, 0)


def _texts_in(page_object: int, depth: int) -> Iterator[int]:
    """The object itself if it is text, or the texts of the form it is."""
    kind = calls.object_type(page_object)
    if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
        yield page_object
    elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth < MAX_DEPTH:
        for index in range(calls.form_length(page_object)):
            found = calls.form_object(page_object, index)
            if found:
                yield from _texts_in(found, depth + 1)

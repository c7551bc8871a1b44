"""Text objects that PDFium takes for empty (被当作空白的文字对象).

A font that is not in the file is replaced by one of the machine; where the machine has none with the character, PDFium
finds no outline and so no width, and leaves an object of one character (无, 优, the last character of a wrapped cell)
out of the text without a word. What the file says must not depend on the machine's fonts, so such objects are given a
hair of stroke width before the text is taken: then they are not empty.
"""

from __future__ import annotations

from itertools import compress

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.calls import Handle
from parsers.pdf.objects import Objects

EMPTY = 0.001
"""Points of width from which PDFium takes a text object into the text, rounded up."""
HAIR = 0.1
"""Stroke width in points that an empty object is given."""


def widen(objects: Objects) -> list[tuple[Handle, int]]:
    """Give the page's empty text objects a width, before its text is taken; the objects with their modes of drawing."""
    facts = objects.text_facts
    fonts = {fact.font for fact in facts.values()}
    foreign = {font for font in fonts if font and calls.font_embedded(font) != 1}
    if not foreign:
        return []
    suspects = [item for item in objects.texts() if facts[item.value or 0].font in foreign]
    left, _, right, _ = calls.BOUNDS.of(calls.object_bounds, suspects).astype(float).T
    empty = compress(suspects, (right - left < EMPTY).tolist())
    widened = [(item, facts[item.value or 0].mode) for item in empty]
    for item, _ in widened:
        calls.set_stroke_width(item, HAIR)
        calls.set_text_mode(item, pdfium_c.FPDF_TEXTRENDERMODE_FILL_STROKE)
        calls.transform(item, 1, 0, 0, 1, 0, 0)
    return widened


def restore(widened: list[tuple[Handle, int]]) -> None:
    """Draw the objects again as the file says, once the text is taken."""
    for item, mode in widened:
        calls.set_text_mode(item, mode)

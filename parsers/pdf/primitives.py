"""What table finders work on: characters, drawn rules, text lines of one page (版面原语).

The surface of `shapes`, `lines` and `pdfium` in one place; positions are PDF points from the top left corner.
"""

from __future__ import annotations

from parsers.pdf.lines import group_lines, group_words
from parsers.pdf.pdfium import read_pages
from parsers.pdf.shapes import Char, Edge, Line, PageContent, TextQuality

__all__ = ["Char", "Edge", "Line", "PageContent", "TextQuality", "group_lines", "group_words", "read_pages"]

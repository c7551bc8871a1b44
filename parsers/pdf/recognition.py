"""Which pages of a PDF have to be read from their picture (需识别的页)."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2 as pdfium

from parsers.pdf.shapes import PageContent
from parsers.scan.models import are_installed

if TYPE_CHECKING:
    from parsers.scan.kept import Pages, Parts

PICTURE_SHARE = 0.3
"""Pictures that cover this much of a page may be the page."""
FEW_CHARS = 40
"""A page of pictures with fewer characters than this has a page number or a scanner's mark for a text layer."""
_UNREAD = ("absent", "garbage", "ocr-invisible")


def needs_recognition(content: PageContent) -> bool:
    """Whether what a page shows is a picture: no text, hidden or meaningless text, or next to none over a picture."""
    if content.text_quality in _UNREAD:
        return are_installed()
    covered = content.text_quality == "native" and content.image_area > PICTURE_SHARE
    return covered and len(content.chars) < FEW_CHARS and are_installed()


def _differing_digits(layer: PageContent, parts: Parts) -> int:
    """How many digits only one of two readings of a page has."""
    there, here = (
        Counter(char.text for content in read for char in content.chars if char.text.isdigit())
        for read in ((layer,), parts)
    )
    return ((there - here) | (here - there)).total()


class PicturePages:
    """The pages of a PDF that have to be read from their pictures."""

    def __init__(self, path: Path, document: pdfium.PdfDocument) -> None:
        self._path = path
        self._document = document
        self._kept: Pages | None = None

    def read(self, content: PageContent) -> Parts:
        """The page as its picture shows it, or the two pages it shows. Raises Unfinished, where a sitting ends."""
        # Late, so that files with text do not wait for what pictures need.
        from parsers.scan.kept import Pages

        self._kept = self._kept or Pages(self._path)
        parts = self._kept.page(content.number, lambda: self._recognised(content.number))
        first = parts[0]
        if first.scan is None or content.text_quality != "ocr-invisible":
            return parts
        differs = _differing_digits(content, parts)
        return (replace(first, scan=replace(first.scan, layer_differs=differs)), *parts[1:])

    def _recognised(self, number: int) -> Parts:
        from parsers.scan.page import read_picture
        from parsers.scan.picture import has_broken_image, picture_of_page

        page = self._document[number - 1]
        try:
            parts = read_picture(picture_of_page(page), number)
            if not any(part.chars or part.edges for part in parts) and has_broken_image(page):
                return (replace(parts[0], text_quality="damaged", scan=None),)
            return parts
        finally:
            page.close()

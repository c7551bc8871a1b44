"""Figures of PDF pages read again by pdfplumber (PDF 复读)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pdfplumber

from parsers.second_reading.digits import figures, holds
from parsers.second_reading.spots import Seen, Spot
from schemas.records import BBox

MOST_PAGES = 6
"""Pages looked at in one file: a form has two or three, and each costs up to a few tenths of a second."""
_MARGIN = 0.5
"""Points around a cell that still belong to it."""


def look_in_pdf(path: Path, spots: Sequence[Spot]) -> list[Seen]:
    """Whether each figure stands inside its box; None where the box has no digits for pdfplumber, as on a scan."""
    pages = sorted({spot.page for spot in spots if spot.page is not None and spot.bbox is not None})[:MOST_PAGES]
    seen: list[Seen] = [None] * len(spots)
    if not pages:
        return seen
    with pdfplumber.open(path, pages=pages) as document:
        by_number = {page.page_number: page for page in document.pages}
        for at, spot in enumerate(spots):
            if spot.page in by_number and spot.bbox is not None:
                seen[at] = _agrees(_text_in(by_number[spot.page], spot.bbox), spot.raw)
    return seen


def _text_in(page: Any, bbox: BBox) -> str:
    left, top = page.cropbox[0], page.cropbox[1]
    x0, y0, x1, y1 = bbox
    box = (left + x0 - _MARGIN, top + y0 - _MARGIN, left + x1 + _MARGIN, top + y1 + _MARGIN)
    text: str = page.crop(box, strict=False).extract_text()
    return text


def _agrees(text: str, raw: str) -> Seen:
    if not figures(raw) or not figures(text):
        return None
    return holds(text, raw)

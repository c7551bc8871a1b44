"""A cell and a row of a table on a page, between the characters and the Document (页上的单元格与行).

Tuples, like characters and rules: pages have hundreds, and what follows from a page's place moves them several times.
"""

from __future__ import annotations

from typing import NamedTuple

from parsers.document import BBox


class PageCell(NamedTuple):
    """A cell on one page, or on two once it is joined over their break (页上的单元格).

    `room` is the width in em left beside its last line; `open_top`, `open_bottom`: no rule closes it on that side.
    `others` is what the text, read from a picture, may be instead.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    pages: tuple[int, ...]
    bbox: BBox
    confidence: float
    room: float = 0.0
    open_top: bool = False
    open_bottom: bool = False
    others: tuple[str, ...] = ()


class PageRow(NamedTuple):
    """A row with the pages it stands on (two where a page break cut it) and its box on the first of them (页上的行)."""

    pages: tuple[int, ...]
    bbox: BBox

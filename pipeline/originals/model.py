"""What is asked of a source and what is shown of it (原件的位置与呈现)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from parsers.formats import IMAGES
from schemas.records import BBox

RASTER = frozenset({"pdf", *IMAGES})
"""Formats whose pages are drawn as pixels."""
VECTOR = frozenset({"ofd"})
"""Formats whose pages are drawn as SVG."""
PAGED = RASTER | VECTOR

CHANGED = "changed"
"""Code of the error for a file whose bytes are no longer those that were read."""

Mark = Literal["", "main", "part"]
"""How a value is marked: the one reported, one of the reckoning, or not at all."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file by its path and the hash its bytes had when it was read (来源)."""

    path: str
    document_id: str


@dataclass(frozen=True, slots=True)
class MarkedBox:
    """A value to box: red where it is the one reported (`main`), blue where it belongs to the reckoning (框)."""

    bbox: BBox
    main: bool


@dataclass(frozen=True, slots=True)
class PagePlace:
    """What one picture shows: rows of one page and the boxes on them; coordinates in points (页上之处)."""

    page: int
    rows: tuple[BBox, ...]
    boxes: tuple[MarkedBox, ...]


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A value by its place (一处数值): `locator` of its cell, row, paragraph or line, `raw` as printed."""

    locator: str
    raw: str
    main: bool
    page: int | None = None
    bbox: BBox | None = None


@dataclass(frozen=True, slots=True)
class TextPlace:
    """Values of one file that has no pages to draw (文中之处)."""

    figures: tuple[PlacedValue, ...]


Place = PagePlace | TextPlace


@dataclass(frozen=True, slots=True)
class PageImage:
    """A picture of a page, PNG or SVG, with its size in pixels (截图)."""

    content: bytes
    width: int
    height: int
    kind: Literal["png", "svg"] = "png"

    @property
    def media_type(self) -> str:
        return "image/svg+xml" if self.kind == "svg" else "image/png"


@dataclass(frozen=True, slots=True)
class Value:
    """A text of the source, perhaps marked (一段文字)."""

    text: str
    mark: Mark = ""


@dataclass(frozen=True, slots=True)
class ExcerptCell:
    """A cell of the source's own table, its spans those among the rows shown (原表单元格)."""

    value: Value
    row_span: int = 1
    col_span: int = 1
    head: bool = False
    """Whether its row is one of column heads."""


@dataclass(frozen=True, slots=True)
class TableExcerpt:
    """Rows of the source's own table around a place (原表摘录): None stands for rows left out.

    `places` are the locators of the first and the last row concerned.
    """

    places: tuple[str, str]
    rows: tuple[tuple[ExcerptCell, ...] | None, ...]
    n_cols: int


@dataclass(frozen=True, slots=True)
class LinesExcerpt:
    """Lines or a paragraph of the source (原文摘录): each line's number, "" where none is counted, and its text."""

    places: tuple[str, str]
    lines: tuple[tuple[str, tuple[Value, ...]], ...]


Excerpt = TableExcerpt | LinesExcerpt


@dataclass(frozen=True, slots=True)
class Excerpts:
    """Everything one file shows of a TextPlace (摘录); `complete` where every value was found there."""

    parts: tuple[Excerpt, ...]
    complete: bool


Shown = PageImage | Excerpts


@dataclass(frozen=True, slots=True)
class Drawn:
    """What became of what was asked for (截图与摘录).

    `shown` by file and place; `failed` has the code of the error where there is none, by file and place, and by file
    alone (None) where the file is gone or another one by now.
    """

    shown: Mapping[tuple[Source, Place], Shown]
    failed: Mapping[tuple[Source, Place | None], str]

"""The Document: what every reader delivers and every interpreter reads (文档模型).

A reader turns the bytes of one file into paragraphs and grids of cells in reading order, each with its place.
It decides nothing about meaning. What a format leaves uncertain is carried as uncertainty (`Grid.geometry`,
`Cell.confidence`, `Grid.breaks`) and settled by the interpreter, which knows the words and the types.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

BBox = tuple[float, float, float, float]
"""x0, top, x1, bottom in PDF points from the page's top left corner, as the page is seen (after /Rotate)."""

Geometry = Literal["spans", "slots", "sequence"]
"""How much a grid knows about columns.

spans     Positions and spans are exact (ruled PDF, DOCX): a merged cell covers every slot it spans.
slots     Positions are exact, spans are not known: a blank slot may continue the cell to its left or above it,
          or be truly empty (tab-separated dumps, tables without rules).
sequence  Only the order of the cells in a row is known; `col` is the index in the row, merges are collapsed,
          cells may be missing (one-cell-per-line dumps, rows joined by blanks).
"""

TextSource = Literal["native", "ocr", "mixed"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: `locator` is text a person can follow (`p3 table 2 row 5`, `line 118`)."""

    locator: str
    page: int | None = None
    bbox: BBox | None = None


class Cell(NamedTuple):
    """One cell of a grid (单元格); a tuple, as pages have hundreds.

    `text` is as printed, with "\\n" between its lines and outer white space removed; blanks inside stay.
    `row`/`col` are the 0-based top left slot. `confidence` (0 to 1) is how sure the reading of the text is; `others` is
    what recognition says it may be instead of `text`, white space left out, the likeliest first. `locator`
    is the cell's own place where there are no pages: as its carrier names cells (`表"项目1" B7`), else the cells that
    begin in its row counted from the left (`table 1 row 4 cell 3`).
    """

    row: int
    col: int
    text: str
    row_span: int = 1
    col_span: int = 1
    page: int | None = None
    bbox: BBox | None = None
    confidence: float = 1.0
    locator: str | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Grid:
    """A table (表格): cells in row-major order of their top left slot, no two covering one slot.

    `rows` has one Place per row. `breaks` lists the rows that are the first on a new page (the row may be the rest
    of the row above it, which only the words can tell). `number` counts the tables of the document from 1.
    """

    cells: tuple[Cell, ...]
    rows: tuple[Place, ...]
    n_cols: int
    geometry: Geometry
    number: int
    breaks: tuple[int, ...] = ()
    confidence: float = 1.0

    @property
    def n_rows(self) -> int:
        return len(self.rows)

    @property
    def place(self) -> Place:
        first = self.rows[0]
        return Place(f"table {self.number}", first.page, None)

    @cached_property
    def usual_end(self) -> int:
        """The column at which most rows end."""
        ends = [0] * self.n_rows
        for cell in self.cells:
            for index in range(cell.row, min(cell.row + cell.row_span, self.n_rows)):
                ends[index] = max(ends[index], cell.col + cell.col_span)
        return Counter(ends).most_common(1)[0][0]

    @cached_property
    def ends_in_blank(self) -> bool:
        """Whether the last cell of some row is blank: the blanks of this table are kept."""
        last: dict[int, Cell] = {}
        for cell in self.cells:
            if cell.row not in last or last[cell.row].col < cell.col:
                last[cell.row] = cell
        return any(not cell.text.strip() for cell in last.values())


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A run of text outside tables (段落). `level` is a heading level where the format states one."""

    text: str
    place: Place
    level: int | None = None


Block = Paragraph | Grid


@dataclass(frozen=True, slots=True)
class Problem:
    """Something recognised that could not be read (未能读取之处): `message` is a Chinese sentence for a person.

    `word` is the printed word nobody listed, where that is what was wrong.
    """

    code: str
    message: str
    place: Place | None = None
    word: str | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Printed text that is in no block, and why (有意不读之处): `code` is a reason of `schemas/left_out.toml`."""

    code: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Document:
    """The content of one file: blocks in reading order.

    `left_out` is what is printed besides: page headers, footers, page numbers, watermarks, struck-out text. `ends_full`
    tells that a table fills the last page to its lower margin: more of it may have stood on a page that is missing.
    `recognised_pages` are those read from their pictures, here or by whoever laid text under them.
    """

    format: str
    blocks: tuple[Block, ...]
    page_count: int | None = None
    text_source: TextSource | None = "native"
    encoding: str | None = None
    problems: tuple[Problem, ...] = field(default=())
    left_out: tuple[LeftOut, ...] = field(default=())
    ends_full: bool = False
    recognised_pages: tuple[int, ...] = ()

"""The source of a document as the desk shows it (原件): pages as pictures, other formats as their own tables and lines.

Everything here runs in a worker process: a hostile file costs only its own picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from parsers.document import Grid, Paragraph
from parsers.readers import read_document
from pipeline.audit.crops import page_image, page_sizes
from pipeline.reading.one_file import identify
from schemas.errors import ReadError

CHANGED = "changed"
PAGED = frozenset({"pdf"})
"""Formats whose pages are drawn."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as PNG."""

    png: bytes


@dataclass(frozen=True, slots=True)
class SourceCell:
    """A cell of the source's own table; spans as HTML has them."""

    text: str
    row_span: int
    col_span: int


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row with the place the records name (`table 1 row 5`)."""

    locator: str
    cells: tuple[SourceCell, ...]


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A paragraph (`text`) or a table (`rows`)."""

    locator: str
    text: str
    rows: tuple[SourceRow, ...] = ()


def draw(path: str, document_id: str, page: int) -> PagePicture:
    """Page `page` (from 1). Raises ReadError where the file is gone, another by now, or cannot be drawn."""
    _same(path, document_id)
    image, _ = page_image(Path(path), page)
    out = BytesIO()
    image.save(out, "PNG", optimize=False, compress_level=4)
    return PagePicture(out.getvalue())


def sizes(path: str, document_id: str, pages: list[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages in points, as they are read. Raises ReadError."""
    _same(path, document_id)
    return page_sizes(Path(path), pages)


def blocks(path: str, document_id: str) -> list[SourceBlock]:
    """Paragraphs and tables as the reader sees them, before anything is understood. Raises ReadError."""
    _same(path, document_id)
    return [_block(block) for block in read_document(Path(path)).blocks]


def _same(path: str, document_id: str) -> None:
    if identify(path).document_id != document_id:
        raise ReadError(f"文件“{Path(path).name}”的内容已不是入库时的内容；请重新运行 ziping ingest。", code=CHANGED)


def _block(block: Paragraph | Grid) -> SourceBlock:
    if isinstance(block, Paragraph):
        return SourceBlock(block.place.locator, block.text)
    rows = [SourceRow(place.locator, ()) for place in block.rows]
    cells: list[list[SourceCell]] = [[] for _ in rows]
    for cell in block.cells:
        cells[cell.row].append(SourceCell(cell.text, cell.row_span, cell.col_span))
    filled = tuple(SourceRow(row.locator, tuple(own)) for row, own in zip(rows, cells, strict=True))
    return SourceBlock(block.place.locator, "", filled)

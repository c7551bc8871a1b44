"""A whole source as its own tables and paragraphs, and its pages one by one (原件全文).

Everything here runs in a worker process: a hostile file costs only its own picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parsers.document import Document, Grid, Paragraph
from parsers.readers import read_document
from pipeline.originals import pages
from pipeline.originals.drawing import check_unchanged
from pipeline.originals.model import PageImage


@dataclass(frozen=True, slots=True)
class BlockCell:
    """A cell of the source's own table with its place; spans as HTML has them."""

    text: str
    row_span: int
    col_span: int
    locator: str


@dataclass(frozen=True, slots=True)
class BlockRow:
    """A row with the place the records name (`table 1 row 5`)."""

    locator: str
    cells: tuple[BlockCell, ...]


@dataclass(frozen=True, slots=True)
class SourceBlock:
    """A paragraph (`text`) or a table (`rows`)."""

    locator: str
    text: str
    rows: tuple[BlockRow, ...] = ()


def draw(path: str, document_id: str, page: int) -> PageImage:
    """Page `page` (from 1). Raises ReadError where the file is gone, another by now, or cannot be drawn."""
    check_unchanged(path, document_id)
    return pages.page_picture(Path(path), page)


def sizes(path: str, document_id: str, numbers: list[int]) -> dict[int, tuple[float, float]]:
    """Width and height of pages in points, as they are read. Raises ReadError."""
    check_unchanged(path, document_id)
    return pages.page_sizes(Path(path), numbers)


def blocks(path: str, document_id: str) -> list[SourceBlock]:
    """Paragraphs and tables as the reader sees them, before anything is understood. Raises ReadError."""
    check_unchanged(path, document_id)
    return blocks_of(read_document(Path(path)))


def blocks_of(document: Document) -> list[SourceBlock]:
    """The blocks of a Document in reading order."""
    return [_block(block) for block in document.blocks]


def _block(block: Paragraph | Grid) -> SourceBlock:
    if isinstance(block, Paragraph):
        return SourceBlock(block.place.locator, block.text)
    cells: list[list[BlockCell]] = [[] for _ in block.rows]
    for cell in block.cells:
        cells[cell.row].append(BlockCell(cell.text, cell.row_span, cell.col_span, cell.locator or ""))
    rows = (BlockRow(place.locator, tuple(own)) for place, own in zip(block.rows, cells, strict=True))
    return SourceBlock(block.place.locator, "", tuple(rows))

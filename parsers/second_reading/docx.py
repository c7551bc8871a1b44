"""Figures of Word documents read again by python-docx (Word 复读)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import docx
from docx.table import Table

from parsers.second_reading.digits import figures, holds, squeezed
from parsers.second_reading.spots import Seen, Spot

Texts = tuple[str, ...]


def look_in_docx(path: Path, spots: Sequence[Spot]) -> list[Seen]:
    """Whether a row of a table, or a paragraph, that has the other texts of a spot has its figure too."""
    document = docx.Document(str(path))
    rows = [texts for table in document.tables for texts in _rows(table)]
    rows += [(paragraph.text,) for paragraph in document.paragraphs if paragraph.text]
    squeezed_rows = [tuple(map(squeezed, texts)) for texts in rows]
    return [_agrees(squeezed_rows, rows, spot) for spot in spots]


def _rows(table: Table) -> Iterator[Texts]:
    for row in table.rows:
        cells = row.cells
        yield tuple(cell.text for cell in cells)
        for cell in cells:
            for inner in cell.tables:
                yield from _rows(inner)


def _agrees(plain: Sequence[Texts], rows: Sequence[Texts], spot: Spot) -> Seen:
    """None where no row is known again, or the spot has no figure."""
    known = tuple(map(squeezed, spot.row))
    if not figures(spot.raw) or not known:
        return None
    mine = [texts for texts, flat in zip(rows, plain, strict=True) if all(_among(text, flat) for text in known)]
    if not mine:
        return None
    return any(holds(text, spot.raw) for texts in mine for text in texts)


def _among(text: str, cells: Texts) -> bool:
    return any(text in cell for cell in cells)

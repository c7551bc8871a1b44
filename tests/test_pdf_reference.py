"""Our ruled tables beside those of pdfplumber, whose table maths is the reference: the same texts in the same rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pdfplumber
import pytest

from parsers.document import Grid
from parsers.pdf.reader import read_pdf
from schemas.lexicon import squeeze

SAMPLES = sorted((Path(__file__).parents[1] / "samples/pdf").glob("*_ruled.pdf"))


def rows_by_reference(path: Path) -> list[Counter[str]]:
    """The filled cells of every row as pdfplumber reads them, page by page."""
    with pdfplumber.open(path) as document:
        rows = [row for page in document.pages for table in page.extract_tables() for row in table]
    return [Counter(squeeze(cell) for cell in row if cell and squeeze(cell)) for row in rows]


def rows_by_us(path: Path) -> list[Counter[str]]:
    grids = [block for block in read_pdf(path).blocks if isinstance(block, Grid)]
    return [
        Counter(squeeze(cell.text) for cell in grid.cells if cell.row == index and squeeze(cell.text))
        for grid in grids
        for index in range(grid.n_rows)
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_rows_agree_with_the_reference(path: Path) -> None:
    assert SAMPLES
    assert rows_by_us(path) == rows_by_reference(path)

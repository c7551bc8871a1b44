"""Forms written anew in another carrier: a Document's lines and tables as Word, sheet, page, PDF or text."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path
from random import Random

import openpyxl

from benchmarks.corpus import draw_pdf, write_docx, write_pdf, write_txt
from benchmarks.corpus.model import Cell, Line, Table
from benchmarks.corpus.model import Document as Written
from benchmarks.ways.of_grids import Box, Form, Sheet
from parsers.document import Document, Grid

FORM_SUFFIXES = frozenset({".docx", ".xlsx", ".html", ".odt", ".pdf"})
"""Files whose tables are whole enough to be written anew."""
_NUMBER = re.compile(r"\d+(\.\d+)?")
_FONT = "Noto Serif CJK SC"


def form_of(document: Document) -> Form:
    """The lines and tables of a Document."""
    return Form([_sheet(block) if isinstance(block, Grid) else block.text for block in document.blocks])


def _sheet(grid: Grid) -> Sheet:
    sheet: list[list[Box | None]] = [[None] * grid.n_cols for _ in grid.rows]
    for cell in grid.cells:
        box = Box(cell.text)
        for r in range(cell.row, min(cell.row + cell.row_span, grid.n_rows)):
            for c in range(cell.col, min(cell.col + cell.col_span, grid.n_cols)):
                sheet[r][c] = box
    return [[box or Box() for box in row] for row in sheet]


def table_of(sheet: Sheet) -> Table:
    """The table of a sheet; a cell whose slots are no more a rectangle stands in each part of it."""
    width = max(len(row) for row in sheet)
    rows = [[*row, *(Box() for _ in range(width - len(row)))] for row in sheet]
    taken: set[tuple[int, int]] = set()
    table = Table(width, relative=_widths(rows, width))
    for r, row in enumerate(rows):
        cells: list[Cell] = []
        for c, box in enumerate(row):
            if (r, c) in taken:
                continue
            cols = 1
            while c + cols < width and row[c + cols] is box and (r, c + cols) not in taken:
                cols += 1
            down = 1
            while r + down < len(rows) and all(one is box for one in rows[r + down][c : c + cols]):
                down += 1
            taken |= {(r + i, c + j) for i in range(down) for j in range(cols)}
            cells.append(Cell(box.text, cols, down))
        table.rows.append(cells)
    return table


def _widths(rows: Sheet, width: int) -> list[float]:
    wide = [6.0] * width
    for row in rows:
        for c, box in enumerate(row):
            if row.count(box) == 1:
                wide[c] = min(max(wide[c], len(box.text) + 2.0), 24.0)
    return wide


def written(form: Form) -> Written:
    blocks: list[Line | Table] = []
    for block in form.blocks:
        if isinstance(block, str):
            blocks.extend([Line(block)] if block.strip() else [])
        elif block and block[0]:
            blocks.append(table_of(block))
    return Written("form", "", blocks, [], broad=any(isinstance(b, Table) and b.width > 9 for b in blocks))


def _docx(document: Written, path: Path) -> None:
    write_docx.write(document, path, write_docx.Style(landscape=document.broad))


def _html(document: Written, path: Path) -> None:
    path.write_text(write_pdf.page(document, "solid", _FONT, 9, document.broad), encoding="utf-8")


def _pdf(document: Written, path: Path) -> None:
    draw_pdf.write(document, path, "lines", Random(1))


def _bare_pdf(document: Written, path: Path) -> None:
    draw_pdf.write(document, path, "threeline", Random(1))


def _grid_text(document: Written, path: Path) -> None:
    write_txt.write(document, path, "grid", "utf-8")


def _texts(table: Table) -> list[list[str]]:
    """The texts of a table slot by slot, that of a joined cell in its first."""
    texts = [[""] * table.width for _ in table.rows]
    for r, c, cell in table.placed():
        texts[r][c] = cell.text
    return texts


def _pipes(document: Written, path: Path) -> None:
    lines: list[str] = []
    for block in document.blocks:
        if isinstance(block, Line):
            lines += [block.text, ""]
            continue
        rows = [f"| {' | '.join(row)} |".replace("\n", " ") for row in _texts(block)]
        lines += [rows[0], "|" + " --- |" * block.width, *rows[1:], ""]
    path.write_text("\n".join(lines), encoding="utf-8")


def _csv(document: Written, path: Path) -> None:
    rows: list[list[str]] = []
    for block in document.blocks:
        if isinstance(block, Line):
            rows.append([block.text])
            continue
        rows += _texts(block)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def _xlsx(document: Written, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    top = 1
    for block in document.blocks:
        if isinstance(block, Line):
            sheet.cell(top, 1, block.text)
            top += 1
            continue
        for r, c, cell in block.placed():
            at = sheet.cell(top + r, c + 1)
            if _NUMBER.fullmatch(cell.text):
                at.value, places = float(cell.text), len(cell.text.partition(".")[2])
                at.number_format = "0." + "0" * places if places else "0"
            elif cell.text:
                at.value, at.data_type = cell.text, "s"
            if cell.cols > 1 or cell.rows > 1:
                sheet.merge_cells(
                    start_row=top + r, start_column=c + 1, end_row=top + r + cell.rows - 1, end_column=c + cell.cols
                )
        top += len(block.rows)
    book.save(path)


CARRIERS: dict[str, tuple[str, Callable[[Written, Path], None]]] = {
    "docx": (".docx", _docx),
    "html": (".html", _html),
    "xlsx": (".xlsx", _xlsx),
    "pdf": (".pdf", _pdf),
    "bare": (".pdf", _bare_pdf),
    "grid": (".txt", _grid_text),
    "csv": (".csv", _csv),
    "pipes": (".md.txt", _pipes),
}

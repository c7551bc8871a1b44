"""Sheets and prose to bytes: text in three dialects, DOCX, PDF. The same input gives the same bytes on every day."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Pt
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from making.model import Box, Page, Sheet

Dialect = Literal["tabs", "cells", "blanks"]
Rules = Literal["ruled", "threeline", "borderless"]
Slot = tuple[Box, bool, bool]
"""A box, whether this slot is its first column, whether it is its first row."""

FONT = "STSong-Light"  # one of the fonts every PDF reader supplies: no font file is needed
ZIP_TIME = (2000, 1, 1, 0, 0, 0)


def slots(sheet: Sheet) -> list[list[Slot]]:
    """Every slot of the grid with the box that covers it."""
    grid: list[list[Slot | None]] = [[None] * sheet.n_cols for _ in sheet.rows]
    for r, boxes in enumerate(sheet.rows):
        for box in boxes:
            c = grid[r].index(None)
            for down in range(box.rows):
                for right in range(box.cols):
                    if grid[r + down][c + right] is not None:
                        raise ValueError(f"{sheet.before}: row {r} overlaps at column {c + right}: {box.text}")
                    grid[r + down][c + right] = (box, right == 0, down == 0)
    if any(slot is None for line in grid for slot in line):
        raise ValueError(f"{sheet.before}: rows do not fill {sheet.n_cols} columns: {_holes(grid)}")
    return [[slot for slot in line if slot is not None] for line in grid]


def _holes(grid: list[list[Slot | None]]) -> list[int]:
    return [i for i, line in enumerate(grid) if None in line]


def text(pages: Sequence[Page], dialect: Dialect) -> str:
    lines: list[str] = []
    for page in pages:
        if isinstance(page, str):
            lines.append(page)
            continue
        lines += [*page.before, *_table_lines(page, dialect), *page.after, ""]
    return "\n".join(lines) + "\n"


def _table_lines(sheet: Sheet, dialect: Dialect) -> Iterator[str]:
    for line in slots(sheet):
        if dialect == "tabs":
            yield "\t".join(_flat(box.text) if left and top else "" for box, left, top in line)
        elif dialect == "cells":
            yield from (f"\t{box.text if top else ''}" for box, left, top in line if left)
            yield ""
        else:
            yield " ".join(_flat(box.text) for box, left, top in line if left and top and box.text)


def _flat(cell: str) -> str:
    return cell.replace("\n", "")


def write_docx(pages: Sequence[Page], path: Path) -> None:
    document = docx.Document()
    document.styles["Normal"].font.size = Pt(9)
    section = document.sections[0]
    section.left_margin = section.right_margin = Cm(1.5)
    for page in pages:
        if isinstance(page, str):
            document.add_paragraph(page)
            continue
        for number, line in enumerate(page.before):
            paragraph = document.add_paragraph(line)
            if number == 0:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        table = document.add_table(len(page.rows), page.n_cols, style="Table Grid")
        for r, covered in enumerate(slots(page)):
            for c, (box, left, top) in enumerate(covered):
                if left and top:
                    cell = table.cell(r, c)
                    if box.cols > 1 or box.rows > 1:
                        cell = cell.merge(table.cell(r + box.rows - 1, c + box.cols - 1))
                    _write_cell(cell, box.text)
        for line in page.after:
            document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    path.write_bytes(_without_times(buffer.getvalue()))


def _write_cell(cell: docx.table._Cell, content: str) -> None:
    first, *rest = content.split("\n")
    cell.paragraphs[0].text = first
    for line in rest:
        cell.add_paragraph(line)


def _without_times(package: bytes) -> bytes:
    """The same package with fixed times, without the template's thumbnail."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name), compresslevel=9)
    return out.getvalue()


def write_pdf(pages: Sequence[Page], path: Path, rules: Rules = "ruled") -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    body = ParagraphStyle("body", fontName=FONT, fontSize=10.5, leading=17, wordWrap="CJK", firstLineIndent=21)
    title = ParagraphStyle("title", fontName=FONT, fontSize=14, leading=20, alignment=1)
    line_style = ParagraphStyle("line", fontName=FONT, fontSize=9, leading=13, wordWrap="CJK")
    wide = any(isinstance(page, Sheet) for page in pages)
    story: list[object] = []
    for number, page in enumerate(pages):
        if isinstance(page, str):
            story.append(Paragraph(escape(page), title if number == 0 else body))
            continue
        if story:
            story.append(PageBreak())
        story.append(Paragraph(escape(page.before[0]), title))
        story += [Paragraph(escape(line), line_style) for line in page.before[1:]]
        story += [Spacer(1, 6), _pdf_table(page, rules, 760), Spacer(1, 6)]
        story += [Paragraph(escape(line), line_style) for line in page.after]
    template = SimpleDocTemplate(
        str(path),
        pagesize=landscape(A4) if wide else A4,
        leftMargin=40,
        rightMargin=40,
        topMargin=40,
        bottomMargin=40,
        invariant=1,
        title="",
        author="",
    )
    template.build(story)


def _pdf_table(sheet: Sheet, rules: Rules, width: float) -> Table:
    style = ParagraphStyle("cell", fontName=FONT, fontSize=8, leading=11, wordWrap="CJK")
    grid = slots(sheet)
    cells = [
        [
            [Paragraph(escape(part), style) for part in box.text.split("\n")] if left and top else ""
            for box, left, top in line
        ]
        for line in grid
    ]
    commands: list[tuple[object, ...]] = [("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    for r, line in enumerate(grid):
        for c, (box, left, top) in enumerate(line):
            if left and top and (box.cols > 1 or box.rows > 1):
                commands.append(("SPAN", (c, r), (c + box.cols - 1, r + box.rows - 1)))
    if rules == "ruled":
        commands.append(("GRID", (0, 0), (-1, -1), 0.5, colors.black))
    elif rules == "threeline":
        commands += [
            ("LINEABOVE", (0, 0), (-1, 0), 1.2, colors.black),
            ("LINEBELOW", (0, -1), (-1, -1), 1.2, colors.black),
        ]
        commands += [("LINEBELOW", (0, head), (-1, head), 0.6, colors.black) for head in sheet.heads]
    return Table(cells, colWidths=_widths(sheet, grid, width), style=TableStyle(commands))


def _widths(sheet: Sheet, grid: list[list[Slot]], width: float) -> list[float]:
    """Column widths by the longest text that stands in one column alone, within limits."""
    longest = [4] * sheet.n_cols
    for line in grid:
        for c, (box, left, _) in enumerate(line):
            if left and box.cols == 1:
                longest[c] = max(longest[c], min(12, max(len(part) for part in box.text.split("\n"))))
    return [width * n / sum(longest) for n in longest]

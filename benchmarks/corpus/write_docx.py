"""Word files through python-docx: merges or blank repeated labels, frames, paragraphs in cells, content controls."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx as library
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table as DocxTable
from docx.table import _Cell

from benchmarks.corpus.model import Document, Line, Table

ALIGN = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass(frozen=True, slots=True)
class Style:
    """How a Word file is made."""

    font: str = "Noto Serif CJK SC"
    size: float = 9.0
    merge_down: bool = True
    frame: bool = False
    control: bool = False
    paragraphs: bool = False
    landscape: bool = False
    borders: str = "Table Grid"


def style(rng: Random, landscape: bool, fonts: tuple[str, ...]) -> Style:
    """A style of the seed."""
    return Style(
        font=rng.choice(fonts),
        size=rng.choice((7.5, 9.0, 10.5)),
        merge_down=rng.random() < 0.8,
        frame=rng.random() < 0.1,
        control=rng.random() < 0.15,
        paragraphs=rng.random() < 0.4,
        landscape=landscape,
    )


def write(document: Document, path: Path, look: Style) -> None:
    """Write one .docx; raises OSError where the folder is not writable."""
    docx = library.Document()
    section = docx.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(18)
    if look.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    normal = docx.styles["Normal"]
    normal.font.name, normal.font.size = look.font, Pt(look.size)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), look.font)
    for k, block in enumerate(document.blocks):
        if isinstance(block, Line):
            _line(docx, block, look)
            continue
        width = float(section.page_width - section.left_margin - section.right_margin)
        if look.frame:
            outer = docx.add_table(1, 1).rows[0].cells[0]
            table = outer.add_table(len(block.rows), block.width)
            table.style = look.borders
            outer.add_paragraph()
        else:
            table = docx.add_table(len(block.rows), block.width, style=look.borders)
            if k + 1 < len(document.blocks) and isinstance(document.blocks[k + 1], Table):
                docx.add_paragraph()
        _fill(table, block, look, width)
    docx.core_properties.author = ""
    _save(docx, path)


def _save(docx: Docx, path: Path) -> None:
    """Save with one date on every part of the package, so that the same seed gives the same bytes."""
    buffer = BytesIO()
    docx.save(buffer)
    with ZipFile(buffer) as source, ZipFile(path, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(ZipInfo(name), source.read(name), ZIP_DEFLATED)


def _line(docx: Docx, line: Line, look: Style) -> None:
    paragraph = docx.add_paragraph()
    paragraph.paragraph_format.page_break_before = line.page_break
    run = paragraph.add_run(line.text)
    if line.style in ("title", "cover"):
        run.font.size, run.bold = Pt(look.size + 7), True
    if line.style in ("title", "sub", "cover"):
        paragraph.alignment = ALIGN["center"]
    if line.style == "unit":
        paragraph.alignment = ALIGN["right"]


def _fill(table: DocxTable, block: Table, look: Style, width: float) -> None:
    table.autofit = False
    total = sum(block.relative) or 1.0
    widths = [int(width * share / total) for share in block.relative]
    for column, value in zip(table.columns, widths, strict=True):
        column.width = value
    rows = [list(row.cells) for row in table.rows]
    for r, c, cell in block.placed():
        target = rows[r][c]
        down = cell.rows - 1 if look.merge_down else 0
        if cell.cols > 1 or down:
            target = target.merge(rows[r + down][c + cell.cols - 1])
        if cell.rows > 1 and not look.merge_down and cell.cols > 1:
            for dr in range(1, cell.rows):
                rows[r + dr][c].merge(rows[r + dr][c + cell.cols - 1])
        target.width = sum(widths[c : c + cell.cols])
        _text(target, cell.text, cell.align, look)
        if cell.vertical and "\n" not in cell.text and look.merge_down:
            direction = OxmlElement("w:textDirection")
            direction.set(qn("w:val"), "tbRlV")
            target._tc.get_or_add_tcPr().append(direction)
    if all(cell.head and cell.rows == 1 for cell in block.rows[0]):
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    if look.control:
        _control(table)


def _text(cell: _Cell, text: str, align: str, look: Style) -> None:
    parts = text.split("\n") if look.paragraphs else [text]
    for k, part in enumerate(parts):
        paragraph = cell.paragraphs[0] if k == 0 else cell.add_paragraph()
        paragraph.alignment = ALIGN[align]
        paragraph.paragraph_format.space_after = Pt(0)
        for n, piece in enumerate(part.split("\n")):
            run = paragraph.add_run(piece)
            run.font.size = Pt(look.size)
            if n < part.count("\n"):
                run.add_break()


def _control(table: DocxTable) -> None:
    """Put the content of the first row's last cell into a content control."""
    cell = table.rows[0].cells[-1]._tc
    paragraphs = [p for p in cell if p.tag == qn("w:p")]
    wrapper, content = OxmlElement("w:sdt"), OxmlElement("w:sdtContent")
    wrapper.append(OxmlElement("w:sdtPr"))
    wrapper.append(content)
    paragraphs[0].addprevious(wrapper)
    for paragraph in paragraphs:
        content.append(deepcopy(paragraph))
        cell.remove(paragraph)
    cell.append(OxmlElement("w:p"))

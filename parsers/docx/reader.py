"""DOCX, DOCM and DOTX -> Document (读取 Word 文档).

The main document is walked once, in reading order, as lxml sees it; python-docx's cell objects take several times as
long and know neither tracked changes nor list numbers, text boxes, content controls or notes.
A text box follows the paragraph it is anchored in, a nested table the table around it. A table of a single cell is a
frame, not a table: what it holds stands in the document as if the frame were not there. Notes come last. Of page
headers and footers only a unit of money is read; page numbers are Word's to compute, so there are none here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from parsers.cellcontent import cell_content, count_of
from parsers.document import Block, Cell, Document, Grid, LeftOut, Paragraph, Place, Problem
from parsers.docx.names import Element, W, flat, on
from parsers.docx.numbering import Numbering
from parsers.docx.package import Package, open_package
from parsers.docx.styles import Styles, heading_level, number_of, value_of
from parsers.docx.tables import TableLayout, TooManyColumns, read_layout
from parsers.docx.text import read_inline
from parsers.picture_forms import LineAbove, holds_little
from parsers.printed import clean_lines
from schemas.errors import DamagedFile, LimitExceeded
from schemas.units import stated_money_unit

FORMAT = "docx"

_PARAGRAPH, _TABLE = W + "p", W + "tbl"
_NO_DOCUMENTS = ("Equation.", "MSEquation", "MathType", "Unknown", "PBrush", "Paint.Picture", "StaticMetafile")
"""Programs whose embedded objects hold no document: formula and picture editors."""


def read_docx(path: Path) -> Document:
    """Reads a Word document by its content, whatever its name.

    Raises the ReadError that fits: UnsupportedFormat, DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded.
    """
    with open_package(path) as package:
        try:
            return _Walk(package).document()
        except RecursionError as error:  # where libxml2's own limit of depth is beyond Python's
            raise LimitExceeded(
                f"《{package.name}》的表格或文本框层层嵌套过深，超出读取上限；请用 Word 简化版式后另存再试。"
            ) from error


@dataclass(slots=True)
class _Line:
    """A printed paragraph: its text, its automatic number, its heading level, the text boxes, objects and pictures
    anchored in it, and what of it is left out, with the code of the reason."""

    text: str
    number: str = ""
    level: int | None = None
    boxes: list[Element] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    pictures: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def printed(self) -> str:
        return clean_lines(self.number + self.text)


class _Walk:
    """One pass over a document: the counters and lists that run through all of it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._styles = Styles(lambda: self._part("styles"))
        self._tables = 0
        self._paragraphs = 0
        self._pictures = 0
        self._unseen = 0
        self._above = LineAbove()
        self._picture_forms: list[Problem] = []
        self._left_out: list[LeftOut] = []
        self._notes: dict[tuple[str, str], None] = {}
        self._problems: list[Problem] = []

    def _part(self, kind: str) -> Element | None:
        part = self._package.related(kind)
        return None if part is None else self._package.xml(part)

    @cached_property
    def _numbering(self) -> Numbering:
        return Numbering(self._part("numbering"), self._styles)

    def document(self) -> Document:
        root = self._package.xml(self._package.main)
        body = root.find(W + "body") if root.tag == W + "document" else None
        if body is None:
            raise DamagedFile(
                f"《{self._package.name}》的 {self._package.main} 没有正文，文件已损坏；"
                "请用 Word 修复或重新获取该文件。"
            )
        blocks = [*self._running_lines(), *self._blocks(body), *self._note_blocks()]
        if self._pictures and holds_little(blocks):
            self._report(
                "image_only", "除标题外只有图片，图片中的文字没有读取；请提供可选取文字的文件，或先做文字识别。"
            )
        else:
            self._problems += self._picture_forms
        if self._unseen:
            self._report("hidden_text", f"有 {self._unseen} 个字符与底色相同，页面上看不见，没有读取。")
        return Document(
            format=FORMAT, blocks=tuple(blocks), problems=tuple(self._problems), left_out=tuple(self._left_out)
        )

    def _running_lines(self) -> Iterator[Block]:
        """Page headers and footers: left out, but for a line that states the unit of the money below it."""
        seen: set[str] = set()
        for part in (*self._package.all_related("header"), *self._package.all_related("footer")):
            for item in self._items(self._package.xml(part)):
                if not isinstance(item, _Line) or not item.text or item.text in seen:
                    continue
                seen.add(item.text)
                place = Place("header" if "header" in part else "footer")
                if stated_money_unit(item.text) is not None:
                    yield Paragraph(item.text, place)
                else:
                    self._left_out.append(LeftOut("running_line", item.text, place))

    def _report(self, code: str, message: str, place: Place | None = None) -> None:
        where = f"（{place.locator}）" if place else ""
        self._problems.append(Problem(code, f"《{self._package.name}》{where}{message}", place))

    def _blocks(self, container: Element) -> Iterator[Block]:
        for item in self._items(container):
            if isinstance(item, _Line):
                yield from self._paragraph(item)
            else:
                yield from self._table(item)

    def _items(self, container: Element) -> Iterator[_Line | Element]:
        """Lines and tables of a body, cell, text box or note; a removed paragraph mark joins a line to the next."""
        open_line = _Line("")
        for element in flat(container):
            tag = element.tag
            if tag == _PARAGRAPH:
                if not len(element) and not open_line.text:
                    continue
                properties = element.find(W + "pPr")
                self._add_paragraph(open_line, element)
                if _mark_removed(properties):
                    continue
                yield self._finished(open_line, properties)
                open_line = _Line("")
            elif tag == _TABLE:
                yield self._finished(open_line, None)
                open_line = _Line("")
                yield element
            elif tag in (W + "altChunk", W + "subDoc"):
                self._report(
                    "external_part", "引用了另存的内容（嵌入或子文档），未能读取；请在 Word 中合并后另存再试。"
                )
        yield self._finished(open_line, None)

    def _add_paragraph(self, line: _Line, paragraph: Element) -> None:
        inline = read_inline(paragraph, self._styles)
        line.text += inline.text
        line.boxes += inline.boxes
        line.objects += (program for program in inline.objects if not program.startswith(_NO_DOCUMENTS))
        line.pictures += inline.pictures
        line.left_out += [("struck", text) for text in inline.struck] + [("note_mark", text) for text in inline.marks]
        self._notes.update(dict.fromkeys(inline.notes))
        self._pictures += inline.pictures
        self._unseen += inline.unseen

    def _finished(self, line: _Line, properties: Element | None) -> _Line:
        """Adds number and level, which belong to the paragraph whose mark ends the line."""
        if properties is not None:
            style_id = value_of(properties, "pStyle")
            line.level = heading_level(number_of(properties, "outlineLvl"))
            if style_id is not None and properties.find(W + "outlineLvl") is None:
                line.level = self._styles.heading_level(style_id)
            if style_id is not None or properties.find(W + "numPr") is not None:
                line.number = self._numbering.marker(properties, style_id)
        line.text = clean_lines(line.text)
        return line

    def _note_line(self, line: _Line, place: Place) -> None:
        """What of a line is not in its text."""
        self._left_out += [LeftOut(code, text, place) for code, text in line.left_out]
        for program in line.objects:
            self._report("embedded_object", f"嵌入了 {program} 对象，其中内容未能读取；请另行提供该对象。", place)

    def _paragraph(self, line: _Line) -> Iterator[Block]:
        text = line.printed
        if text:
            self._paragraphs += 1
        place = Place(f"paragraph {self._paragraphs}")
        self._note_line(line, place)
        if line.pictures and not text and (problem := self._above.picture_below(self._package.name, place)):
            self._picture_forms.append(problem)
        if text:
            self._above.take(text)
            yield Paragraph(text, place, line.level)
        for box in line.boxes:
            yield from self._blocks(box)

    def _table(self, table: Element) -> Iterator[Block]:
        try:
            layout = read_layout(table)
        except TooManyColumns as error:
            raise LimitExceeded(
                f"《{self._package.name}》第 {self._tables + 1} 个表格第 {error.row} 行的列数过多，超出读取上限；"
                "请用 Word 重做该表格后再试。"
            ) from error
        if layout is None:
            return
        if len(layout.cells) == 1:
            yield from self._blocks(layout.cells[0].content)
            return
        self._tables += 1
        self._above.take("")
        yield from self._grid(layout, self._tables)

    def _grid(self, layout: TableLayout, number: int) -> Iterator[Block]:
        inner: list[Block] = []
        rows = tuple(Place(f"table {number} row {row}") for row in range(1, layout.n_rows + 1))
        cells = tuple(
            Cell(
                row=placed.row,
                col=placed.col,
                text=self._cell_text(placed.content, rows[placed.row], inner),
                row_span=placed.row_span,
                col_span=placed.col_span,
            )
            for placed in layout.cells
        )
        yield Grid(cells, rows, layout.n_cols, "spans", number)
        yield from inner

    def _cell_text(self, cell: Element, place: Place, inner: list[Block]) -> str:
        """The cell's text. What little a text box or table inside it holds is its value; the rest goes to `inner`."""
        lines: list[tuple[str, str]] = []
        nested: list[tuple[int, list[Block]]] = []
        pictures = 0
        for item in self._items(cell):
            if isinstance(item, _Line):
                lines.append((item.number, item.text))
                pictures += item.pictures
                self._note_line(item, place)
                nested += [(len(lines), list(self._blocks(box))) for box in item.boxes]
            else:
                nested.append((len(lines), list(self._table(item))))
        content = cell_content(lines, nested)
        self._left_out += content.left_out(place)
        inner[:0] = content.beside
        tables, paragraphs = count_of(content.taken)
        self._tables -= tables
        self._paragraphs -= paragraphs
        if pictures and not content.text:
            self._report("picture_in_cell", "的一格是图片，其中的文字没有读取，请核对原文。", place)
        return content.text

    def _note_blocks(self) -> Iterator[Block]:
        """Footnotes and endnotes in the order the text refers to them."""
        parts: dict[str, dict[str, Element]] = {}
        printed: Counter[str] = Counter()
        for kind, note_id in list(self._notes):
            if kind not in parts:
                root = self._part(kind + "s")
                notes = () if root is None else root.iterchildren(W + kind)
                parts[kind] = {note.get(W + "id"): note for note in notes}
            note = parts[kind].get(note_id)
            if note is not None:
                printed[kind] += 1
                yield from self._note(note, f"{kind} {printed[kind]}")

    def _note(self, note: Element, locator: str) -> Iterator[Block]:
        for block in self._blocks(note):
            yield Paragraph(block.text, Place(locator)) if isinstance(block, Paragraph) else block


def _mark_removed(properties: Element | None) -> bool:
    """Whether a paragraph's end is deleted, moved away or hidden: its text then runs on into the next one."""
    mark = None if properties is None else properties.find(W + "rPr")
    if mark is None:
        return False
    return mark.find(W + "del") is not None or mark.find(W + "moveFrom") is not None or bool(on(mark, W + "vanish"))

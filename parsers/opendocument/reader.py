"""ODT, ODS and their flat XML forms → Document (读取 OpenDocument 文档)."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from parsers.cellcontent import cell_content, count_of
from parsers.document import Block, Document, LeftOut, Paragraph, Place, Problem
from parsers.opendocument.names import DRAW, OFFICE, STYLE, TABLE, TEXT
from parsers.opendocument.sheets import read_sheets
from parsers.opendocument.styles import ListNumbers, OdfStyles
from parsers.opendocument.text import read_inline
from parsers.picture_forms import LineAbove
from parsers.printed import clean_lines
from parsers.sheets.layout import blocks_of, left_out_of
from parsers.spans import SourceCell, grid_of
from parsers.zipped import MAX_XML_BYTES, Element, open_zipped, parse_xml
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded
from schemas.units import stated_money_unit

_CONTENT, _STYLES, _MANIFEST = "content.xml", "styles.xml", "META-INF/manifest.xml"
_ROWS = (TABLE + "table-row",)
_ROW_GROUPS = frozenset((TABLE + "table-header-rows", TABLE + "table-rows", TABLE + "table-row-group"))
_CONTAINERS = frozenset((TEXT + "section", TEXT + "index-body", TEXT + "table-of-content", TEXT + "index-title"))
_MAX_REPEATED = 1_000
"""Most times a row or cell of a text's table is repeated."""


def read_opendocument(path: Path) -> Document:
    """Reads a text or spreadsheet of OpenDocument, zipped or flat.

    Raises the ReadError that fits: DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, UnsupportedFormat.
    """
    roots = _parts(path)
    styles = OdfStyles()
    styles.read(reversed(roots))
    try:
        for root in roots:
            body = root.find(f".//{OFFICE}body")
            text = None if body is None else body.find(OFFICE + "text")
            if text is not None:
                return _Walk(path.name, styles).document(text, roots)
            sheets = None if body is None else body.find(OFFICE + "spreadsheet")
            if sheets is not None:
                read = read_sheets(sheets, styles, path.name)
                blocks, problems = blocks_of(read, path.name)
                return Document("ods", tuple(blocks), problems=tuple(problems), left_out=left_out_of(read))
    except RecursionError as error:
        message = f"《{path.name}》的表格或列表层层嵌套过深，超出读取上限；请简化版式后另存再试。"
        raise LimitExceeded(message) from error
    raise DamagedFile(f"《{path.name}》不是 OpenDocument 文字或表格文档，或缺少正文；请另存为 .docx 或 .xlsx 再试。")


def _parts(path: Path) -> list[Element]:
    """The XML trees that hold content and styles, content first."""
    if not zipfile.is_zipfile(path):
        try:
            data = path.read_bytes()
        except OSError as error:
            raise FileUnavailable(f"《{path.name}》打不开（{error.strerror}）；请检查读取权限。") from error
        if len(data) > MAX_XML_BYTES:
            raise LimitExceeded(f"《{path.name}》超过 {MAX_XML_BYTES >> 20} MB 的上限；请拆分后再试。")
        if data.startswith(b"PK"):
            raise DamagedFile(f"《{path.name}》不完整（缺少压缩包目录）；请重新下载或复制该文件。")
        return [parse_xml(data, f"《{path.name}》")]
    with open_zipped(path) as file:
        if file.has(_MANIFEST) and b"encryption-data" in file.data(_MANIFEST):
            raise EncryptedFile(f"《{path.name}》设有打开密码；请用 LibreOffice 或 WPS 去除密码后重试。")
        content = file.xml(_CONTENT)
        return [content, file.xml(_STYLES)] if file.has(_STYLES) else [content]


@dataclass(frozen=True, slots=True)
class _OdfLine:
    """A paragraph as it is printed: its automatic number, text and heading level, the text boxes anchored in it."""

    number: str
    text: str
    level: int | None
    boxes: tuple[Element, ...]
    pictures: int = 0


class _Walk:
    """One pass over a text: the counters and lists that run through all of it."""

    def __init__(self, name: str, styles: OdfStyles) -> None:
        self._name = name
        self._styles = styles
        self._numbers = ListNumbers(styles)
        self._paragraphs = 0
        self._tables = 0
        self._pictures = 0
        self._above = LineAbove()
        self._notes: list[Element] = []
        self._problems: list[Problem] = []
        self._left_out: list[LeftOut] = []

    def document(self, body: Element, roots: Sequence[Element]) -> Document:
        blocks = [*self._running_lines(roots), *self._blocks(body)]
        for number, note in enumerate(self._notes, 1):
            for part in note.iter(TEXT + "note-body"):
                blocks += (_moved(block, f"footnote {number}") for block in self._blocks(part))
        if self._pictures and not blocks:
            message = f"《{self._name}》全文只有图片，没有可读取的文字；请提供可选取文字的文件，或先做文字识别。"
            self._problems.append(Problem("image_only", message))
        return Document("odt", tuple(blocks), problems=tuple(self._problems), left_out=tuple(self._left_out))

    def _running_lines(self, roots: Sequence[Element]) -> Iterator[Block]:
        """Page headers and footers: left out, but for a line that states the unit of the money below it."""
        for name in ("header", "footer"):
            texts = (
                clean_lines(read_inline(line, self._styles).text)
                for root in roots
                for part in root.iter(f"{STYLE}{name}")
                for line in part.iter(TEXT + "p")
            )
            for text in dict.fromkeys(filter(None, texts)):
                if stated_money_unit(text) is not None:
                    yield Paragraph(text, Place(name))
                else:
                    self._left_out.append(LeftOut("running_line", text, Place(name)))

    def _blocks(self, container: Element) -> Iterator[Block]:
        for item in self._items(container):
            if not isinstance(item, _OdfLine):
                yield from self._table(item)
                continue
            if item.pictures and not item.text:
                place = Place(f"paragraph {self._paragraphs}")
                self._problems += filter(None, [self._above.picture_below(self._name, place)])
            if item.text:
                self._paragraphs += 1
                self._above.take(item.text)
                yield Paragraph(item.number + item.text, Place(f"paragraph {self._paragraphs}"), item.level)
            for box in item.boxes:
                yield from self._blocks(box)

    def _items(self, container: Element, place: Place | None = None) -> Iterator[_OdfLine | Element]:
        """Lines and tables of a body or cell; `place` is a cell's row."""
        for element in container:
            tag = element.tag
            if tag in (TEXT + "p", TEXT + "h"):
                yield self._line(element, self._heading_number(element), place)
            elif tag == TEXT + "list":
                yield from self._list(element, element.get(TEXT + "style-name", ""), 1, place)
            elif tag == TABLE + "table":
                yield element
            elif tag in _CONTAINERS:
                yield from self._items(element, place)
            elif str(tag).startswith(DRAW):
                for box in element.iter(DRAW + "text-box"):
                    yield from self._items(box, place)

    def _heading_number(self, element: Element) -> str:
        level = element.get(TEXT + "outline-level")
        if element.tag != TEXT + "h" or level is None or not level.isdigit() or element.get(TEXT + "is-list-header"):
            return ""
        return self._numbers.heading(int(level))

    def _list(self, element: Element, style: str, level: int, place: Place | None) -> Iterator[_OdfLine]:
        style = element.get(TEXT + "style-name", style)
        continued = element.get(TEXT + "continue-numbering") == "true" or element.get(TEXT + "continue-list")
        if level == 1 and not continued:
            self._numbers.restart(style, level)
        for item in element:
            is_numbered = item.tag == TEXT + "list-item"
            start = item.get(TEXT + "start-value")
            for part in item:
                if part.tag == TEXT + "list":
                    yield from self._list(part, style, level + 1, place)
                elif part.tag in (TEXT + "p", TEXT + "h"):
                    first = int(start) if start is not None and start.isdigit() else None
                    label = self._numbers.label(style, level, first) if is_numbered else ""
                    is_numbered = False
                    yield self._line(part, label, place)

    def _line(self, element: Element, label: str, place: Place | None) -> _OdfLine:
        """A paragraph; what is noted of it stands in the row `place`, or is the next paragraph."""
        inline = read_inline(element, self._styles)
        place = place or Place(f"paragraph {self._paragraphs + 1}")
        self._notes += inline.notes
        self._pictures += inline.pictures
        self._left_out += (LeftOut(code, text, place) for code, text in inline.seen.left_out)
        if inline.objects:
            message = f"《{self._name}》（{place.locator}）嵌入了其他文件的对象，其中内容未能读取；请另行提供。"
            self._problems.append(Problem("embedded_object", message, place))
        level = element.get(TEXT + "outline-level")
        level_of = int(level) if level is not None and level.isdigit() else None
        return _OdfLine(label, clean_lines(inline.text), level_of, tuple(inline.boxes), inline.pictures)

    # -- tables --------------------------------------------------------------------------------------------------

    def _table(self, table: Element) -> Iterator[Block]:
        cells = [cell for row in _rows(table) for cell in row.iterchildren(TABLE + "table-cell")]
        if len(cells) == 1:
            # A table of a single cell is a frame: what it holds stands in the document.
            yield from self._blocks(cells[0])
            return
        self._tables += 1
        self._above.take("")
        number = self._tables
        inner: list[Block] = []
        rows = (
            cells
            for at, row in enumerate(_rows(table), 1)
            for cells in self._repeated_row(row, Place(f"table {number} row {at}"), inner)
        )
        grid = grid_of(list(rows), number)
        if grid is not None:
            yield grid
        yield from inner

    def _repeated_row(self, row: Element, place: Place, inner: list[Block]) -> Iterator[list[SourceCell]]:
        cells = [cell for element in row for cell in self._cells(element, place, inner)]
        for _ in range(_repeats(row, "number-rows-repeated")):
            yield cells

    def _cells(self, element: Element, place: Place, inner: list[Block]) -> Iterator[SourceCell]:
        if element.tag != TABLE + "table-cell":
            return
        cell = SourceCell(
            self._cell_text(element, place, inner),
            _repeats(element, "number-rows-spanned"),
            _repeats(element, "number-columns-spanned"),
        )
        for _ in range(_repeats(element, "number-columns-repeated")):
            yield cell

    def _cell_text(self, cell: Element, place: Place, inner: list[Block]) -> str:
        """The cell's own text; larger boxes and tables inside it go to `inner`."""
        lines: list[tuple[str, str]] = []
        nested: list[tuple[int, list[Block]]] = []
        for item in self._items(cell, place):
            if isinstance(item, _OdfLine):
                lines.append((item.number, item.text))
                nested += ((len(lines), list(self._blocks(box))) for box in item.boxes)
            else:
                nested.append((len(lines), list(self._table(item))))
        content = cell_content(lines, nested)
        self._left_out += content.left_out(place)
        inner += content.beside
        tables, paragraphs = count_of(content.taken)
        self._tables -= tables
        self._paragraphs -= paragraphs
        return content.text


def _rows(table: Element) -> Iterator[Element]:
    for element in table:
        if element.tag in _ROWS and element.get(TABLE + "visibility", "visible") == "visible":
            yield element
        elif element.tag in _ROW_GROUPS and element.get(TABLE + "display", "true") != "false":
            yield from _rows(element)


def _repeats(element: Element, name: str) -> int:
    value = element.get(TABLE + name, "1")
    return min(max(1, int(value)), _MAX_REPEATED) if value.isdigit() else 1


def _moved(block: Block, locator: str) -> Block:
    return Paragraph(block.text, Place(locator)) if isinstance(block, Paragraph) else block

"""RTF → Document (读取 RTF 文档), with docvortex's parser; tables are put together by their cells' edges."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from docvortex.analyzers.native.office.errors import LegacyOfficeResourceLimitError
from docvortex.analyzers.native.office.rtf.models import (
    RtfBlock,
    RtfDocument,
    RtfImage,
    RtfLineBreak,
    RtfParagraph,
    RtfTable,
    RtfTableRow,
    RtfTextRun,
)
from docvortex.analyzers.native.office.rtf.parser import parse_rtf

from parsers.bounded import read_at_most
from parsers.cellcontent import cell_content, count_of
from parsers.document import Block, Document, LeftOut, Paragraph, Place, Problem
from parsers.docx.symbols import UNKNOWN, symbol
from parsers.office.packages import embedded_in_rtf, embedded_problem
from parsers.office.raised import rtf_marked
from parsers.office.rows import EdgedCell, EdgedRow, grid_of_edges
from parsers.printed import SeenText, clean_lines
from schemas.errors import DamagedFile, LimitExceeded, ReadError

FORMAT = "rtf"
MAX_BYTES = 64 * 1024 * 1024

_ESCAPED = re.compile(rb"\\[\\{}]")
_PRIVATE_USE = re.compile("[\uf000-\uf0ff]")
_SYMBOL_FONTS = ("Wingdings", "Wingdings 2", "Symbol")
_FIRST_WIDTH = 1_000
_BULLETS = frozenset("\u2022\u00b7\uf0b7o")


def read_rtf(path: Path) -> Document:
    """Reads an RTF document.

    Raises the ReadError that fits: DamagedFile, FileUnavailable, LimitExceeded.
    """
    data = read_at_most(path, MAX_BYTES, "请拆分")
    try:
        return _Walk(path.name).document(parse_rtf(io.BytesIO(rtf_marked(data))), data)
    except ReadError:
        raise
    except (LegacyOfficeResourceLimitError, RecursionError) as error:
        raise LimitExceeded(f"《{path.name}》的内容过多或嵌套过深，超出读取上限；请用 Word 拆分后重试。") from error
    except Exception as error:  # whatever the parser meets in a damaged file
        raise DamagedFile(f"《{path.name}》已损坏，不是完整的 RTF 文档；请用 Word 打开后另存为 .docx 再试。") from error


def _breaks_off(data: bytes) -> bool:
    """Whether the file ends inside a group. Raw bytes (\\bin) may hold any brace."""
    if b"\\bin" in data:
        return False
    bare = _ESCAPED.sub(b"", data)
    return bare.count(b"{") > bare.count(b"}")


class _Walk:
    """One pass over a document: the counters that run through all of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._paragraphs = 0
        self._tables = 0
        self._pictures = 0
        self._left_out: list[LeftOut] = []

    def document(self, source: RtfDocument, data: bytes) -> Document:
        blocks = list(self._blocks(source.blocks))
        notes = (note for note in source.notes if note.kind != "annotation")
        for number, note in enumerate(notes, 1):
            for block in self._blocks(note.blocks):
                blocks.append(
                    Paragraph(block.text, Place(f"footnote {number}")) if isinstance(block, Paragraph) else block
                )
        problems = embedded_problem(self._name, embedded_in_rtf(data))
        if _breaks_off(data):
            message = f"《{self._name}》没有结尾，在中间中断，其后的内容可能缺失；请重新获取该文件。"
            problems.append(Problem("file_cut_off", message))
        if self._pictures and not blocks:
            message = f"《{self._name}》全文只有图片，没有可读取的文字；请提供可选取文字的文件，或先做文字识别。"
            problems.append(Problem("image_only", message))
        return Document(FORMAT, tuple(blocks), problems=tuple(problems), left_out=tuple(self._left_out))

    def _blocks(self, blocks: Sequence[RtfBlock]) -> Iterator[Block]:
        for block in blocks:
            if isinstance(block, RtfParagraph):
                text = "".join(self._text(block, Place(f"paragraph {self._paragraphs + 1}")))
                if text:
                    self._paragraphs += 1
                    level = None if block.outline_level is None or block.outline_level > 8 else block.outline_level + 1
                    yield Paragraph(text, Place(f"paragraph {self._paragraphs}"), level)
            elif isinstance(block, RtfTable):
                yield from self._table(block)

    def _text(self, paragraph: RtfParagraph, place: Place) -> tuple[str, str]:
        """The automatic number and the text of a paragraph."""
        seen = SeenText()
        for inline in paragraph.inlines:
            if isinstance(inline, RtfLineBreak):
                seen.add("\n")
            elif isinstance(inline, RtfImage):
                self._pictures += 1
            elif isinstance(inline, RtfTextRun):
                style = inline.style
                seen.add(inline.text, is_struck=style.strike, is_raised=style.superscript, is_lowered=style.subscript)
        self._left_out += (LeftOut(code, text, place) for code, text in seen.left_out)
        text = clean_lines(_PRIVATE_USE.sub(_glyph, seen.text))
        label = (paragraph.list_info.label or "").strip() if paragraph.list_info is not None else ""
        return label if text and label not in _BULLETS else "", text

    # -- tables --------------------------------------------------------------------------------------------------

    def _table(self, table: RtfTable) -> Iterator[Block]:
        cells = [cell for row in table.rows for cell in row.cells]
        if len(cells) == 1:
            # A table of a single cell is a frame: what it holds stands in the document.
            yield from self._blocks(cells[0].blocks)
            return
        self._tables += 1
        number = self._tables
        inner: list[Block] = []
        rows = [self._row(row, Place(f"table {number} row {at}"), inner) for at, row in enumerate(table.rows, 1)]
        # Where a row begins is not kept; the rows of a table begin at one line.
        left = min(cell.right for row in rows for cell in row) - _FIRST_WIDTH
        grid = grid_of_edges([EdgedRow(left, row) for row in rows], number)
        if grid is not None:
            yield grid
        yield from inner

    def _row(self, row: RtfTableRow, place: Place, inner: list[Block]) -> tuple[EdgedCell, ...]:
        cells = []
        for index, cell in enumerate(row.cells):
            right = cell.right_boundary if cell.right_boundary is not None else 1_000 * (index + 1)
            cells.append(
                EdgedCell(
                    self._cell_text(cell.blocks, place, inner),
                    right,
                    joins_left=cell.horizontal_merge == "continue",
                    joins_above=cell.vertical_merge == "continue",
                )
            )
        return tuple(cells)

    def _cell_text(self, blocks: Sequence[RtfBlock], place: Place, inner: list[Block]) -> str:
        lines: list[tuple[str, str]] = []
        nested: list[tuple[int, list[Block]]] = []
        for block in blocks:
            if isinstance(block, RtfParagraph):
                lines.append(self._text(block, place))
            elif isinstance(block, RtfTable):
                nested.append((len(lines), list(self._table(block))))
        content = cell_content(lines, nested)
        self._left_out += content.left_out(place)
        inner += content.beside
        tables, paragraphs = count_of(content.taken)
        self._tables -= tables
        self._paragraphs -= paragraphs
        return content.text


def _glyph(match: re.Match[str]) -> str:
    """The character of a glyph; which symbol font it is from is told by which of them has it."""
    code = ord(match[0])
    return next((char for font in _SYMBOL_FONTS if (char := symbol(font, code)) != UNKNOWN), UNKNOWN)

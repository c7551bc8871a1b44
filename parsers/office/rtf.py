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
from parsers.document import Block, Document, Paragraph, Place, Problem
from parsers.docx.symbols import UNKNOWN, symbol
from parsers.office.packages import embedded_in_rtf, embedded_problem
from parsers.office.rows import EdgedCell, EdgedRow, grid_of_edges
from parsers.printed import clean_lines, subscript, superscript
from schemas.errors import DamagedFile, LimitExceeded, ReadError

FORMAT = "rtf"
MAX_BYTES = 64 * 1024 * 1024

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
        return _Walk(path.name).document(parse_rtf(io.BytesIO(data)), data)
    except ReadError:
        raise
    except (LegacyOfficeResourceLimitError, RecursionError) as error:
        raise LimitExceeded(f"《{path.name}》的内容过多或嵌套过深，超出读取上限；请用 Word 拆分后重试。") from error
    except Exception as error:  # whatever the parser meets in a damaged file
        raise DamagedFile(f"《{path.name}》已损坏，不是完整的 RTF 文档；请用 Word 打开后另存为 .docx 再试。") from error


class _Walk:
    """One pass over a document: the counters that run through all of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._paragraphs = 0
        self._tables = 0
        self._pictures = 0

    def document(self, source: RtfDocument, data: bytes) -> Document:
        blocks = list(self._blocks(source.blocks))
        notes = (note for note in source.notes if note.kind != "annotation")
        for number, note in enumerate(notes, 1):
            for block in self._blocks(note.blocks):
                blocks.append(
                    Paragraph(block.text, Place(f"footnote {number}")) if isinstance(block, Paragraph) else block
                )
        problems = embedded_problem(self._name, embedded_in_rtf(data))
        if self._pictures and not blocks:
            message = f"《{self._name}》全文只有图片，没有可读取的文字；请提供可选取文字的文件，或先做文字识别。"
            problems.append(Problem("image_only", message))
        return Document(FORMAT, tuple(blocks), problems=tuple(problems))

    def _blocks(self, blocks: Sequence[RtfBlock]) -> Iterator[Block]:
        for block in blocks:
            if isinstance(block, RtfParagraph):
                text = self._text(block)
                if text:
                    self._paragraphs += 1
                    level = None if block.outline_level is None or block.outline_level > 8 else block.outline_level + 1
                    yield Paragraph(text, Place(f"paragraph {self._paragraphs}"), level)
            elif isinstance(block, RtfTable):
                yield from self._table(block)

    def _text(self, paragraph: RtfParagraph) -> str:
        parts = []
        for inline in paragraph.inlines:
            if isinstance(inline, RtfLineBreak):
                parts.append("\n")
            elif isinstance(inline, RtfImage):
                self._pictures += 1
            elif isinstance(inline, RtfTextRun):
                shown = superscript(inline.text) if inline.style.superscript else inline.text
                parts.append(subscript(shown) if inline.style.subscript else shown)
        text = clean_lines(_PRIVATE_USE.sub(_glyph, "".join(parts)))
        label = (paragraph.list_info.label or "").strip() if paragraph.list_info is not None else ""
        return f"{label}{text}" if text and label not in _BULLETS else text

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
        rows = [self._row(row, inner) for row in table.rows]
        # Where a row begins is not kept; the rows of a table begin at one line.
        left = min(cell.right for row in rows for cell in row) - _FIRST_WIDTH
        grid = grid_of_edges([EdgedRow(left, row) for row in rows], number)
        if grid is not None:
            yield grid
        yield from inner

    def _row(self, row: RtfTableRow, inner: list[Block]) -> tuple[EdgedCell, ...]:
        cells = []
        for index, cell in enumerate(row.cells):
            right = cell.right_boundary if cell.right_boundary is not None else 1_000 * (index + 1)
            cells.append(
                EdgedCell(
                    self._cell_text(cell.blocks, inner),
                    right,
                    joins_left=cell.horizontal_merge == "continue",
                    joins_above=cell.vertical_merge == "continue",
                )
            )
        return tuple(cells)

    def _cell_text(self, blocks: Sequence[RtfBlock], inner: list[Block]) -> str:
        lines = []
        for block in blocks:
            if isinstance(block, RtfParagraph):
                lines.append(self._text(block))
            elif isinstance(block, RtfTable):
                inner += self._table(block)
        return "\n".join(line for line in lines if line)


def _glyph(match: re.Match[str]) -> str:
    """The character of a glyph; which symbol font it is from is told by which of them has it."""
    code = ord(match[0])
    return next((char for font in _SYMBOL_FONTS if (char := symbol(font, code)) != UNKNOWN), UNKNOWN)

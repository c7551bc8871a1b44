"""DOC, DOT and WPS → Document (读取旧版 Word 与 WPS 文字文档)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from docvortex.analyzers.native.office.doc.models import DocParagraph
from docvortex.analyzers.native.office.errors import LegacyOfficeEncryptedError, LegacyOfficeResourceLimitError

from parsers.cellcontent import cell_content, count_of
from parsers.document import Block, Document, LeftOut, Paragraph, Place, Problem
from parsers.office.packages import embedded_problem
from parsers.office.rows import EdgedCell, EdgedRow, grid_of_edges
from parsers.office.word97 import WordText, read_word
from parsers.printed import SeenText, clean_lines
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, ReadError

FORMAT = "doc"
MAX_BYTES = 256 * 1024 * 1024


def read_doc(path: Path) -> Document:
    """Reads a document of Word 97 to 2003 or WPS Writer.

    Raises the ReadError that fits: DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LimitExceeded(f"《{path.name}》超过 {MAX_BYTES >> 20} MB 的上限；请拆分后重试。", code="too_large")
        data = path.read_bytes()
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error
    try:
        return _Walk(path.name).document(read_word(data))
    except ReadError:
        raise
    except LegacyOfficeEncryptedError as error:
        raise EncryptedFile(f"《{path.name}》设有打开密码；请用 Word 或 WPS 去除密码后重试。") from error
    except (LegacyOfficeResourceLimitError, RecursionError) as error:
        raise LimitExceeded(f"《{path.name}》的内容过多或嵌套过深，超出读取上限；请用 Word 拆分后重试。") from error
    except Exception as error:  # damage shows in many ways in a format of offsets
        raise DamagedFile(
            f"《{path.name}》已损坏，或是 Word 95 及更早的文档，未能读取；请用 Word 或 WPS 打开后另存为 .docx 再试。"
        ) from error


@dataclass(slots=True)
class _Row:
    """A table row while its paragraphs come by: the texts of its cells; of the cell that is open, its lines with their
    automatic numbers, and how many stand before each table nested in it."""

    cells: list[str] = field(default_factory=list)
    open_lines: list[tuple[str, str]] = field(default_factory=list)
    nested: list[tuple[int, list[Block]]] = field(default_factory=list)

    @property
    def has_open_text(self) -> bool:
        return bool(self.nested) or any(text for _, text in self.open_lines)


class _Walk:
    """One pass over a document: the counters that run through all of it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._paragraphs = 0
        self._tables = 0
        self._pictures = 0
        self._boxes: list[tuple[int, list[DocParagraph]]] = []
        self._left_out: list[LeftOut] = []

    def document(self, text: WordText) -> Document:
        self._boxes = sorted(text.boxes, key=lambda box: box[0])
        blocks = list(self._blocks(text.paragraphs, 0))
        blocks += self._boxes_before(None)
        for number, note in enumerate(filter(None, ("".join(_text(one)[:2]) for one in text.notes)), 1):
            blocks.append(Paragraph(note, Place(f"footnote {number}")))
        problems = embedded_problem(self._name, text.embedded)
        if self._pictures and not blocks:
            message = f"《{self._name}》全文只有图片，没有可读取的文字；请提供可选取文字的文件，或先做文字识别。"
            problems.append(Problem("image_only", message))
        return Document(FORMAT, tuple(blocks), problems=tuple(problems), left_out=tuple(self._left_out))

    def _blocks(self, paragraphs: Sequence[DocParagraph], depth: int) -> Iterator[Block]:
        at = 0
        while at < len(paragraphs):
            paragraph = paragraphs[at]
            if depth == 0:
                yield from self._boxes_before(paragraph.cp_start)
            if paragraph.in_table and paragraph.table_depth > depth:
                end = at + 1
                while end < len(paragraphs) and _is_inside(paragraphs[end], depth):
                    end += 1
                yield from self._table(paragraphs[at:end], depth + 1)
                at = end
            else:
                yield from self._paragraph(paragraph)
                at += 1

    def _boxes_before(self, position: int | None) -> Iterator[Block]:
        """Text boxes whose anchor lies before a position of the text."""
        while self._boxes and (position is None or self._boxes[0][0] < position):
            yield from self._blocks(self._boxes.pop(0)[1], 1 << 16)

    def _paragraph(self, paragraph: DocParagraph) -> Iterator[Block]:
        self._pictures += len(paragraph.images)
        text = "".join(self._seen(paragraph, Place(f"paragraph {self._paragraphs + 1}")))
        if text:
            self._paragraphs += 1
            yield Paragraph(text, Place(f"paragraph {self._paragraphs}"), paragraph.heading_level)

    def _seen(self, paragraph: DocParagraph, place: Place) -> tuple[str, str]:
        """The automatic number and the text of a paragraph; what is left out of it is noted."""
        number, text, left_out = _text(paragraph)
        self._left_out += (LeftOut(code, one, place) for code, one in left_out)
        return number, text

    # -- tables --------------------------------------------------------------------------------------------------

    def _table(self, paragraphs: Sequence[DocParagraph], depth: int) -> Iterator[Block]:
        self._tables += 1
        number = self._tables
        inner: list[Block] = []
        rows = list(self._rows(paragraphs, depth, number, inner))
        if sum(len(row.cells) for row in rows) == 1:
            # A table of a single cell is a frame: what it holds stands in the document.
            self._tables -= 1
            for line in rows[0].cells[0].text.split("\n"):
                if line:
                    self._paragraphs += 1
                    yield Paragraph(line, Place(f"paragraph {self._paragraphs}"))
        elif rows:
            grid = grid_of_edges(rows, number)
            if grid is not None:
                yield grid
        yield from inner

    def _rows(
        self, paragraphs: Sequence[DocParagraph], depth: int, number: int, inner: list[Block]
    ) -> Iterator[EdgedRow]:
        row = _Row()
        at, rows = 0, 1
        while at < len(paragraphs):
            paragraph = paragraphs[at]
            if paragraph.table_depth > depth:
                end = at + 1
                while end < len(paragraphs) and _is_inside(paragraphs[end], depth):
                    end += 1
                row.nested.append((len(row.open_lines), list(self._table(paragraphs[at:end], depth + 1))))
                at = end
                continue
            at += 1
            self._pictures += len(paragraph.images)
            row.open_lines.append(self._seen(paragraph, Place(f"table {number} row {rows}")))
            if paragraph.row_mark:
                yield from self._ended(row, paragraph, number, rows, inner)
                row, rows = _Row(), rows + 1
            elif paragraph.cell_mark:
                self._end_cell(row, Place(f"table {number} row {rows}"), inner)
        yield from self._ended(row, None, number, rows, inner)

    def _ended(
        self, row: _Row, end: DocParagraph | None, number: int, rows: int, inner: list[Block]
    ) -> Iterator[EdgedRow]:
        """The row, if it has cells; text behind its last cell mark is a cell, too."""
        if row.has_open_text:
            self._end_cell(row, Place(f"table {number} row {rows}"), inner)
        if row.cells:
            yield _edged(row.cells, end)

    def _end_cell(self, row: _Row, place: Place, inner: list[Block]) -> None:
        content = cell_content(row.open_lines, row.nested)
        row.cells.append(content.text)
        row.open_lines, row.nested = [], []
        self._left_out += content.left_out(place)
        inner += content.beside
        tables, lines = count_of(content.taken)
        self._tables -= tables
        self._paragraphs -= lines


def _is_inside(paragraph: DocParagraph, depth: int) -> bool:
    return bool(paragraph.in_table and paragraph.table_depth > depth)


def _edged(texts: Sequence[str], end: DocParagraph | None) -> EdgedRow:
    """A row with the edges its end mark states; without any, columns of equal width."""
    stated = end.table_format if end is not None else None
    if stated is None or len(stated.boundaries) < len(texts) + 1:
        return EdgedRow(0, tuple(EdgedCell(text, 1_000 * (index + 1)) for index, text in enumerate(texts)))
    cells = []
    for index, text in enumerate(texts):
        form = stated.cells[index] if index < len(stated.cells) else None
        cells.append(
            EdgedCell(
                text,
                stated.boundaries[index + 1],
                joins_left=form is not None and form.horizontal_continue,
                joins_above=form is not None and form.vertical_continue,
            )
        )
    return EdgedRow(stated.boundaries[0], tuple(cells))


def _text(paragraph: DocParagraph) -> tuple[str, str, list[tuple[str, str]]]:
    """The automatic number and the text of a paragraph, and what of it is left out with the code of the reason."""
    seen = SeenText()
    for run in paragraph.runs:
        style = run.style
        seen.add(run.text, is_struck=style.strike, is_raised=style.superscript, is_lowered=style.subscript)
    text = clean_lines(seen.text)
    label = paragraph.list_info.label if paragraph.list_info is not None else None
    return label if label and text else "", text, seen.left_out

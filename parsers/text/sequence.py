"""Tables dumped one cell per line: a tab before each cell, a blank line between rows (逐格成行).

A cell may hold line breaks and even blank lines, so where a row, or the table, ends is uncertain. Evidence is weighed:
how many blank lines there are, whether the rows would become as wide as their neighbours, whether the text goes on
with the cell's enumeration, whether it reads like a form's foot or title. Merged cells are collapsed in such dumps:
only the order of the cells in a row is known (geometry "sequence").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from parsers.document import Block, Paragraph, Problem
from parsers.text.grids import grid_of
from parsers.text.lines import cell_text, is_blank, is_heading, is_outside, line_place
from schemas.confidence import step
from schemas.numerals import chinese_number
from schemas.vocabulary import pattern

_LABEL_LINES = 6
_LABEL_CHARS = 40
_CENTRED_CHARS = 12
"""A label set in the middle of a tall cell by blank lines above it: few lines, each this short."""
_CELL_LINES = 60
"""A cell's text with blank lines inside is not longer than this."""
_CELL_GAP = 2
"""Most blank lines between two paragraphs of one cell."""
_ROW_GAP = 3
"""Most blank lines between two rows when the text between them may belong to a cell."""
_TEXT_CHARS = 8
_SENTENCE_CHARS = 25
_CUT_CONFIDENCE = step("cut_row")
"""Confidence of the cells of a row that was cut by damage of the dump."""

_ENUMERATOR = pattern("enumerator")
_COLONS = ("：", ":")
_PUNCTUATION = ("。", "；", ";", "，", ",", "、", *_COLONS)


@dataclass(slots=True)
class SequenceRow:
    """A row being read: each cell's lines, the line indexes it spans, the blank lines before it."""

    first: int
    gap: int
    cells: list[list[str]] = field(default_factory=list)
    last: int = 0
    cut: bool = False

    @property
    def width(self) -> int:
        return len(self.cells)


@dataclass(frozen=True, slots=True)
class Gap:
    """Blank lines inside a table, and the text without tabs that follows them up to the next line with a tab."""

    chunks: tuple[tuple[int, int, int], ...]
    """Stretches of text: blank lines before it, first line, line after its last."""
    end: int
    """The next line with a tab, or the end."""
    trailing: int
    """Blank lines between the text and that line."""


def read_table(lines: list[str], start: int, stop: int, marks: bool) -> tuple[list[SequenceRow], int]:
    """The rows of the table that begins at line `start`, and the line after it (at most `stop`).

    `marks` says that a blank before a tab marks damage in this file (`has_marks`).
    """
    scanner = _Scanner(lines, start, stop, marks)
    scanner.run()
    return _rejoined(scanner.rows), scanner.at


def table_blocks(rows: list[SequenceRow]) -> tuple[list[Block], list[Problem]]:
    """A grid of the rows, or paragraphs where the tabs are only indents, with what is wrong with them."""
    texts = [
        [cell_text("\n".join(cell)) if len(cell) > 1 else cell_text(cell[0]) for cell in row.cells] for row in rows
    ]
    places = [line_place(row.first, row.last) for row in rows]
    if max(map(len, texts)) == 1 or _is_prose(texts):
        return [Paragraph(text, place) for row, place in zip(texts, places, strict=True) for text in row if text], []
    problems = list(_cuts(rows))
    sureness = [_CUT_CONFIDENCE if row.cut else 1.0 for row in rows] if problems else None
    return [grid_of(texts, places, "sequence", sureness)], problems


def _is_prose(texts: list[list[str]]) -> bool:
    """Whether the "cells" are paragraphs indented by a tab: sentences, and headings among them."""
    filled = [text for row in texts for text in row if text]
    sentences = sum(len(text) >= _SENTENCE_CHARS and text.endswith(_PUNCTUATION) for text in filled)
    return sentences * 2 > len(filled) - sum(map(is_heading, filled))


def _cuts(rows: list[SequenceRow]) -> Iterator[Problem]:
    for cut, group in groupby(rows, key=lambda row: row.cut):
        if cut:
            first, *_, last = group
            yield Problem(
                "row_cut",
                f"第 {first.first + 1} 至 {last.last + 1} 行的表格行残缺，有单元格丢失，请对照原件核对。",
                line_place(first.first, last.last),
            )


def has_marks(lines: list[str]) -> bool:
    """Whether a blank before a tab is an exception in this file: then it marks where lines were lost."""
    marked = sum(line[0] != "\t" and line.lstrip(" \u3000\xa0")[:1] == "\t" for line in lines if "\t" in line)
    plain = sum(line.startswith("\t") for line in lines)
    return marked * 2 < plain


def _rejoined(rows: list[SequenceRow]) -> list[SequenceRow]:
    """Rows parted by blank lines at a cell's end, joined where the whole is as wide as the row before or after."""
    joined: list[SequenceRow] = []
    for at, row in enumerate(rows):
        before = joined[-2].width if len(joined) > 1 else 0
        after = rows[at + 1].width if at + 1 < len(rows) else 0
        left = joined[-1].width if joined else 0
        if row.gap > 1 and left != before and row.width != after and left + row.width in (before, after):
            joined[-1].cells += row.cells
            joined[-1].last = row.last
        else:
            joined.append(row)
    return joined


@dataclass(slots=True)
class _Scanner:
    lines: list[str]
    at: int
    stop: int
    marks: bool
    rows: list[SequenceRow] = field(default_factory=list)

    def run(self) -> None:
        self._open_row(1)
        while self.at < self.stop:
            line = self.lines[self.at]
            if "\t" in line:
                self._take_cells(line)
            elif not is_blank(line):
                self._take_text(self.at, self.at + 1)
            elif not self._cross_gap():
                return

    def _open_row(self, gap: int) -> None:
        self.rows.append(SequenceRow(self.at, gap))

    def _take_cells(self, line: str) -> None:
        head, *cells = line.split("\t")
        if not head:
            self._append_cells(cells)
            return
        if not head.strip() and self.marks and self.rows[-1].cells:
            self._open_row(0)
            self.rows[-1].cut = self.rows[-2].cut = True
        row = self.rows[-1]
        if head.strip():
            row.cells[-1:] = [[*row.cells[-1], head]] if row.cells else [[head]]
        self._append_cells(cells)

    def _append_cells(self, cells: list[str]) -> None:
        row = self.rows[-1]
        row.cells += [[cell] for cell in cells]
        row.last = self.at
        self.at += 1

    def _take_text(self, start: int, end: int) -> None:
        self.rows[-1].cells[-1] += self.lines[start:end]
        self.rows[-1].last = end - 1
        self.at = end

    def _cross_gap(self) -> bool:
        """Read over blank lines; False when the table ends there."""
        gap = self._survey()
        if not gap.chunks:
            if gap.end < self.stop:
                self.at = gap.end
                self._open_row(gap.trailing)
            return gap.end < self.stop
        inside = self._inside(gap)
        for _, first, after in gap.chunks[:inside]:
            self._take_text(first, after)
        return inside == len(gap.chunks)

    def _survey(self) -> Gap:
        chunks = []
        index, blanks = self.at, 0
        while index < self.stop and "\t" not in self.lines[index]:
            if is_blank(self.lines[index]):
                blanks += 1
                index += 1
                continue
            after = index
            while after < self.stop and "\t" not in self.lines[after] and not is_blank(self.lines[after]):
                after += 1
            chunks.append((blanks, index, after))
            index, blanks = after, 0
        return Gap(tuple(chunks), index, blanks)

    def _inside(self, gap: Gap) -> int:
        """How many of the gap's chunks belong to the open cell."""
        size = sum(after - first for _, first, after in gap.chunks)
        closed = size > _CELL_LINES or any(
            is_outside(self.lines[index]) for _, first, after in gap.chunks for index in range(first, after)
        )
        headed = is_heading(self.lines[gap.chunks[0][1]].lstrip())
        joined = gap.trailing == 0 and gap.end < self.stop and not closed and not headed
        if joined and (self._fits(gap) or self._is_label(gap)):
            return len(gap.chunks)
        between = max(blanks for blanks, _, _ in gap.chunks[1:]) if len(gap.chunks) > 1 else 0
        continues = gap.end < self.stop and not closed and max(between, gap.trailing) <= _ROW_GAP
        cell = list(self.rows[-1].cells[-1])
        for taken, (blanks, first, after) in enumerate(gap.chunks):
            text = self.lines[first:after]
            if any(map(is_outside, text)) or not _goes_on(cell, blanks, text, continues):
                return taken
            cell += text
        return len(gap.chunks)

    def _fits(self, gap: Gap) -> bool:
        """Whether the row would become as wide as the row before it or after it."""
        width = self.rows[-1].width
        more, after = self._cells_from(gap.end)
        following, _ = self._cells_from(after)
        before = self.rows[-2].width if len(self.rows) > 1 else 0
        return width != before and width + more in (before, following)

    def _cells_from(self, start: int) -> tuple[int, int]:
        """The number of cells from `start` to the next blank line, and the first line after that."""
        index, cells = start, 0
        while index < self.stop and not is_blank(self.lines[index]):
            cells += self.lines[index].count("\t")
            index += 1
        return cells, index + 1

    def _is_label(self, gap: Gap) -> bool:
        """Whether the text is the rest of a short label, as far as its shape tells."""
        row = self.rows[-1]
        lines = [self.lines[index].strip() for _, first, after in gap.chunks for index in range(first, after)]
        if len(lines) > _LABEL_LINES or (len(self.rows) > 1 and row.width == self.rows[-2].width):
            return False
        longest = max(map(len, lines))
        if not any(line.strip() for cell in row.cells for line in cell):
            return longest <= _CENTRED_CHARS
        return longest <= _LABEL_CHARS and not lines[-1].endswith("。") and gap.chunks[0][0] == 1


def _goes_on(cell: list[str], blanks: int, text: list[str], continues: bool) -> bool:
    """Whether text after `blanks` blank lines goes on with a cell that no tab follows at once."""
    written = cell_text("\n".join(cell))
    if _enumerates(cell, text[0]) and blanks <= _ROW_GAP:
        return True
    if not written or blanks > _CELL_GAP or is_heading(text[0].lstrip()):
        return False
    if written.endswith(_COLONS):
        return True
    return continues and blanks == 1 and (len(written) >= _TEXT_CHARS or written.endswith(_PUNCTUATION))


def _enumerates(cell: list[str], line: str) -> bool:
    """Whether `line` begins with the number after that of the cell's last numbered line, in the same style."""
    following = _ENUMERATOR.match(line)
    if following is None:
        return False
    for earlier in reversed(cell):
        last = _ENUMERATOR.match(earlier)
        if last and (last[1], last[3]) == (following[1], following[3]):
            return _ordinal(following[2]) == _ordinal(last[2]) + 1
    return False


def _ordinal(text: str) -> int:
    if text.isdecimal():
        return int(text)
    return int(chinese_number(text) or 0)

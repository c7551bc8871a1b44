"""The rows and lines of a source around a place (原文摘录), as its reader delivers them, before anything is understood.

So a misreading shows: what a record holds stands beside what the Document holds.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path

from parsers.document import Cell, Document, Grid, Paragraph
from parsers.text.encoding import decode
from parsers.text.lines import split_lines
from pipeline.originals.model import (
    Excerpt,
    ExcerptCell,
    Excerpts,
    LinesExcerpt,
    Mark,
    PlacedValue,
    TableExcerpt,
    TextPlace,
    Value,
)
from schemas.lexicon import lexicon, squeeze
from schemas.locators import read_locator

AROUND_ROWS, AROUND_LINES = 1, 2
"""Rows of a table and lines of a text shown above and below those concerned."""
MOST_ROWS, MOST_LINES = 40, 60
"""Rows and lines of one excerpt; the rest is left out, and that shows."""
LONGEST = 160
"""Characters of a cell that is only context."""
LONGEST_LINE = 400
"""Characters from which a line or paragraph is shown around its figures only."""
BESIDE = 120
"""Characters then shown before the first and behind the last figure."""
HEADS = 2
"""Known column heads from which a row is one of heads."""
_SAME_PLACE = 0.1
"""Points that a box may differ by from the same box kept with fewer digits."""
_LEFT_OUT = Value("……")

Spans = list[tuple[int, int, Mark]]


def pieces(text: str, marks: Mapping[str, Mark]) -> Iterator[Value]:
    """The text in pieces, every printing of the figures marked; the end of a longer number is not that figure."""
    spans: Spans = []
    for raw in sorted(marks, key=lambda each: (-len(each), each)):
        taken = [(start, end) for start, end, _ in spans]
        spans += [
            (start, end, marks[raw])
            for start, end in printings(text, raw)
            if all(end <= first or last <= start for first, last in taken)
        ]
    yield from _cut(text, sorted(spans))


def printings(text: str, raw: str) -> list[tuple[int, int]]:
    """Where a figure is printed in a text, white space aside."""
    letters = [re.escape(char) for char in raw if not char.isspace()]
    if not letters:
        return []
    pattern = r"(?<![\d.,])" + r"\s*".join(letters) + r"(?!\d|[.,]\d)"
    return [match.span() for match in re.finditer(pattern, text)]


def _cut(text: str, spans: Sequence[tuple[int, int, Mark]]) -> Iterator[Value]:
    """The text cut at its marked spans; of a long one only what stands around them."""
    first, last = 0, len(text)
    if len(text) > LONGEST_LINE:
        first = max(0, spans[0][0] - BESIDE) if spans else 0
        last = min(len(text), spans[-1][1] + BESIDE) if spans else LONGEST_LINE
    if first:
        yield _LEFT_OUT
    at = first
    for start, end, mark in spans:
        if start > at:
            yield Value(text[at:start])
        yield Value(text[start:end], mark)
        at = end
    if last > at:
        yield Value(text[at:last])
    if last < len(text):
        yield _LEFT_OUT


@dataclass(slots=True)
class _Found:
    """The figures of one block of a document (一块中的数值): rows concerned, marks by cell or by printed text."""

    rows: set[int] = field(default_factory=set)
    cells: dict[int, Mark] = field(default_factory=dict)
    """Marks by the number of the cell in its grid."""
    texts: dict[str, Mark] = field(default_factory=dict)


class ExcerptReader:
    """Answers what one file shows of places in it."""

    def __init__(self, path: Path, document: Document) -> None:
        self._blocks = document.blocks
        self._lines = _lines_of(path) if document.format == "txt" else []
        self._cells: dict[str, tuple[int, int]] = {}
        self._rows: dict[str, tuple[int, int]] = {}
        self._paragraphs: dict[str, int] = {}
        for number, block in enumerate(document.blocks):
            if isinstance(block, Paragraph):
                self._paragraphs.setdefault(block.place.locator, number)
                continue
            self._rows |= {place.locator: (number, row) for row, place in enumerate(block.rows)}
            self._cells |= {cell.locator: (number, at) for at, cell in enumerate(block.cells) if cell.locator}

    def excerpts(self, place: TextPlace) -> Excerpts:
        """The tables and lines that the figures of a place stand in, in the order of the document."""
        if self._lines:
            return self._numbered_lines(place.figures)
        found: defaultdict[int, _Found] = defaultdict(_Found)
        known = [self._find(figure, found) for figure in place.figures]
        return Excerpts(tuple(self._excerpt(number, found[number]) for number in sorted(found)), all(known))

    def _find(self, figure: PlacedValue, found: defaultdict[int, _Found]) -> bool:
        """Notes where a figure stands; False where only its row, or nothing, was found."""
        mark: Mark = "main" if figure.main else "part"
        cells = self._cells_of(figure)
        for number, at in cells:
            grid = self._blocks[number]
            assert isinstance(grid, Grid)
            found[number].cells[at] = _stronger(mark, found[number].cells.get(at))
            found[number].rows.add(grid.cells[at].row)
        if cells:
            return True
        if figure.locator in self._rows:
            number, row = self._rows[figure.locator]
            found[number].rows.add(row)
        elif figure.locator in self._paragraphs:
            number = self._paragraphs[figure.locator]
            text = self._blocks[number]
            assert isinstance(text, Paragraph)
            texts = found[number].texts
            if figure.raw:
                texts[figure.raw] = _stronger(mark, texts.get(figure.raw))
            return bool(printings(text.text, figure.raw))
        return False

    def _cells_of(self, figure: PlacedValue) -> list[tuple[int, int]]:
        """The cell of a figure by its name or its box; of a row those that print the same."""
        if figure.locator in self._cells:
            return [self._cells[figure.locator]]
        if figure.locator not in self._rows:
            return []
        number, row = self._rows[figure.locator]
        grid = self._blocks[number]
        assert isinstance(grid, Grid)
        inside = [(at, cell) for at, cell in enumerate(grid.cells) if cell.row <= row < cell.row + cell.row_span]
        boxed = [at for at, cell in inside if figure.bbox and cell.bbox and _same_box(cell.bbox, figure.bbox)]
        same = [at for at, cell in inside if figure.raw and squeeze(cell.text) == squeeze(figure.raw)]
        printed = [at for at, cell in inside if figure.raw and printings(cell.text, figure.raw)]
        return [(number, at) for at in boxed or same or printed]

    def _excerpt(self, number: int, found: _Found) -> Excerpt:
        block = self._blocks[number]
        if isinstance(block, Paragraph):
            where = block.place.locator
            return LinesExcerpt((where, where), (("", tuple(pieces(block.text, found.texts))),))
        rows = sorted(found.rows)
        places = (block.rows[rows[0]].locator, block.rows[rows[-1]].locator)
        heads = head_rows(block, rows)
        kept = sorted({*_around(rows, AROUND_ROWS, block.n_rows, MOST_ROWS), *heads})
        return TableExcerpt(places, *_table(block, kept, found.cells, heads))

    # -- text files ----------------------------------------------------------------------------------------------

    def _numbered_lines(self, figures: Sequence[PlacedValue]) -> Excerpts:
        """The lines of a text file as they stand there, white space and all."""
        spans: defaultdict[int, Spans] = defaultdict(list)
        concerned: list[int] = []
        complete = True
        for figure in figures:
            first, last = read_locator(figure.locator).lines or (0, 0)
            at = self._printed_at(figure, first, last)
            complete = complete and at is not None
            if at is not None:
                line, start, end = at
                concerned.append(line)
                spans[line].append((start, end, "main" if figure.main else "part"))
            elif first:
                concerned += [first, last]
        if not concerned:
            return Excerpts((), False)
        lines = _around([line - 1 for line in concerned], AROUND_LINES, len(self._lines), MOST_LINES)
        shown = tuple((str(at + 1), tuple(_cut(self._lines[at], _apart(spans[at + 1])))) for at in lines)
        place = (f"line {min(concerned)}", f"line {max(concerned)}")
        return Excerpts((LinesExcerpt(place, shown),), complete)

    def _printed_at(self, figure: PlacedValue, first: int, last: int) -> tuple[int, int, int] | None:
        """The line of a figure and where in it it begins and ends; behind the cells that stand before its own."""
        text = "\n".join(self._lines[first - 1 : last]) if first > 0 else ""
        raw, behind = figure.raw, 0
        if figure.locator in self._cells:
            number, at = self._cells[figure.locator]
            grid = self._blocks[number]
            assert isinstance(grid, Grid)
            raw = raw or grid.cells[at].text
            behind = _behind(text, [cell.text for cell in grid.cells[:at] if cell.row == grid.cells[at].row])
        found = printings(text, raw)
        start, end = next((span for span in found if span[0] >= behind), found[0] if found else (0, 0))
        if start == end:
            return None
        line_start = text.rfind("\n", 0, start) + 1
        return first + text.count("\n", 0, start), start - line_start, end - line_start


def _behind(text: str, cells: Sequence[str]) -> int:
    """Where in a text the last of these cells ends, each looked for behind the one before."""
    at = 0
    for cell in cells:
        found = text.find(cell, at) if cell else -1
        at = found + len(cell) if found >= 0 else at
    return at


def head_rows(grid: Grid, rows: Collection[int]) -> set[int]:
    """The rows of column heads that stand nearest above `rows`, as far as the lexicon knows their words."""
    heads = {row for row, count in _heads(grid).items() if count >= HEADS}
    found = set()
    for row in rows:
        at = max((head for head in heads if head < row), default=-1)
        while at in heads:
            found.add(at)
            at -= 1
    return found


def _heads(grid: Grid) -> dict[int, int]:
    """How many known column heads begin in each row."""
    counted: dict[int, int] = defaultdict(int)
    for cell in grid.cells:
        if cell.text and lexicon().column(squeeze(cell.text)):
            counted[cell.row] += 1
    return counted


def _table(
    grid: Grid, kept: Sequence[int], marks: Mapping[int, Mark], heads: Collection[int]
) -> tuple[tuple[tuple[ExcerptCell, ...] | None, ...], int]:
    """The rows `kept` of a grid with the spans they have among themselves, columns in which nothing stands left out."""
    runs = _runs(kept)
    inside = [(at, cell) for at, cell in enumerate(grid.cells) if any(_overlap(cell, run) for run in runs)]
    starts = sorted({cell.col for at, cell in inside if cell.text or at in marks})
    rows: list[list[tuple[int, ExcerptCell]] | None] = []
    for run in runs:
        if rows:
            rows.append(None)
        own: list[list[tuple[int, ExcerptCell]]] = [[] for _ in run]
        rows += own
        for at, cell in inside:
            covered = _overlap(cell, run)
            left, right = bisect_left(starts, cell.col), bisect_left(starts, cell.col + cell.col_span)
            if covered and right > left:
                text = cell.text if at in marks or len(cell.text) <= LONGEST else f"{cell.text[:LONGEST]}……"
                shown = ExcerptCell(Value(text, marks.get(at, "")), len(covered), right - left, cell.row in heads)
                own[covered.start - run.start].append((left, shown))
    return tuple(None if row is None else _from_left(row) for row in rows), len(starts)


def _from_left(row: Sequence[tuple[int, ExcerptCell]]) -> tuple[ExcerptCell, ...]:
    return tuple(cell for _, cell in sorted(row, key=itemgetter(0)))


def _overlap(cell: Cell, run: range) -> range:
    return range(max(cell.row, run.start), min(cell.row + cell.row_span, run.stop))


def _runs(kept: Sequence[int]) -> list[range]:
    """Rows in stretches without a gap."""
    runs: list[range] = []
    for row in kept:
        if runs and runs[-1].stop == row:
            runs[-1] = range(runs[-1].start, row + 1)
        else:
            runs.append(range(row, row + 1))
    return runs


def _around(rows: Sequence[int], beside: int, count: int, most: int) -> list[int]:
    """These rows with what stands beside them, as many as may be shown."""
    near = {at for row in rows for at in range(max(0, row - beside), min(count, row + beside + 1))}
    return sorted(near if len(near) <= most else rows)[:most]


def _apart(spans: Spans) -> Spans:
    """Spans from left to right, none on another."""
    found: Spans = []
    for start, end, mark in sorted(spans):
        if found and found[-1][0] == start:
            found[-1] = (start, end, _stronger(mark, found[-1][2]))
        elif not found or found[-1][1] <= start:
            found.append((start, end, mark))
    return found


def _stronger(mark: Mark, other: Mark | None) -> Mark:
    return "main" if "main" in (mark, other) else mark


def _same_box(box: Sequence[float], other: Sequence[float]) -> bool:
    return all(abs(a - b) <= _SAME_PLACE for a, b in zip(box, other, strict=True))


def _lines_of(path: Path) -> list[str]:
    return split_lines(decode(path.read_bytes(), path.name).text)[0]

"""Tables with cells between pipes: drawn ones, Markdown, and the text of web pages (竖线分列).

Drawn and Markdown tables keep a slot for every column. Text taken from web pages leaves out the cells that a merged one
covers and fills the row up with bars at its end, so that the cells of many rows stand under the wrong heads: such a
table is told by a row whose cells contradict the heads in their places, and its rows are placed by kind (`placing`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import Grid
from parsers.interpret.recognise import is_figure
from parsers.text.grids import grid_of
from parsers.text.lines import cell_text, line_place
from parsers.text.paired_funds import labelled
from parsers.text.placing import Header, contradicts, header_of, is_level, placed_row, total_slots
from parsers.text.upper_heads import joined_heads
from schemas.confidence import step
from schemas.lexicon import lexicon, squeeze
from schemas.quantities import parse_number, parse_points

_PIPES = re.compile(r"(?<!\\)[|｜│┃║]")
_BORDER = re.compile(r"[\s|｜+:=\-\u2500-\u257f]+")
_RULES = re.compile("[-=\u2500-\u257f]")
_BARS = re.compile(r"[\s|｜]+")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKDOWN = re.compile(r"[*_`~\\^]")
_STRUCK = re.compile(r"~~[^~]+~~")
_NOTE = re.compile(r"\[\^\w+\]")
_EMPHASIS = re.compile(r"(?<!\S)(\*{1,3}|_{1,3}|`)(?=[^*_`]*\w)([^\s*_`](?:[^*_`]*[^\s*_`])?)\1(?!\S)")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!<>|~=])")
_BEGINS_WITH_BAR = re.compile(r"\s*[|｜]")
_FEWEST_FIGURES = 2
_SHORTEST_ROW = 3
"""A row of bars alone that ends a row of one cell a line has at least so many columns."""
_FEWEST_FILLED = 4
"""Rows from which on a common number of bars is no chance."""
_PLACED = step("placed")
"""Confidence of a row whose cells were placed by kind, where the table kept their order."""
_DOUBTFUL = step("doubtful")
_GOALS = frozenset({"goal", "goal_expected", "goal_actual"})


@dataclass(frozen=True, slots=True)
class PipeRow:
    """A row's cells and the line indexes it came from."""

    cells: list[str]
    first: int
    last: int

    @property
    def filled(self) -> list[str]:
        return [cell for cell in self.cells if cell]


def piped_end(lines: list[str], indexes: Sequence[int], start: int) -> int:
    """Where the stretch of lines with cells between pipes that begins at `start` ends (`start` if there is none).

    `start` and the result are positions in `indexes`.
    """
    end = start
    rows = 0
    while end < len(indexes):
        line = lines[indexes[end]]
        border = _is_border(line)
        if not border and not _is_piped(line):
            break
        rows += not border
        end += 1
    return end if rows >= 2 else start


def piped_grid(lines: list[str], indexes: Sequence[int]) -> Grid:
    """The grid of a stretch of lines with cells between pipes; border lines are no rows."""
    return grid_of_rows(list(piped_rows(lines, indexes)))


def grid_of_rows(rows: Sequence[PipeRow]) -> Grid:
    """The grid of rows of cells in order, cells that were left out put back by kind."""
    rows = rows if _keeps_blanks(rows) else list(with_one_row_of_heads(rows))
    places = [line_place(row.first, row.last) for row in rows]
    placed = list(_placed(rows)) if _leaves_out(rows) else [(row.cells, 1.0) for row in rows]
    return grid_of([cells for cells, _ in placed], places, "slots", [sure for _, sure in placed])


def piped_cells(lines: list[str], indexes: Sequence[int]) -> list[tuple[str, int]]:
    """The cells of a stretch one after the other, blank ones too, with their lines; line breaks end none."""
    cells: list[tuple[str, int]] = []
    open_text, first = "", indexes[0]
    for index in indexes:
        *ended, rest = _PIPES.split(lines[index])
        for at, piece in enumerate(ended):
            text = f"{open_text}\n{piece}" if at == 0 and open_text else piece
            cells.append((cell_text(text), first if at == 0 and open_text else index))
            open_text = ""
        open_text, first = (f"{open_text}\n{rest}", first) if open_text.strip() else (rest, index)
    return [*cells, (cell_text(open_text), first)] if open_text.strip() else cells


def _is_piped(line: str) -> bool:
    return len(_PIPES.findall(line)) > 1 or line.rstrip().endswith(("|", "｜"))


def _is_border(line: str) -> bool:
    return _BORDER.fullmatch(line) is not None and _RULES.search(line) is not None


def piped_rows(lines: list[str], indexes: Sequence[int]) -> Iterator[PipeRow]:
    """The rows; where line breaks inside cells part them, they are told by their bars."""
    written = [index for index in indexes if not _is_border(lines[index])]
    if _begins_with_blanks(lines, written):
        yield from (PipeRow(_cells(f"|{lines[index]}"), index, index) for index in written)
        return
    filled = _filled_up(lines, written)
    if filled is not None:
        for group in filled:
            yield PipeRow(_cells("\n".join(lines[index] for index in group)), group[0], group[-1])
        return
    bars = [index for index in written if _ends_row(lines[index])]
    if not bars or not _is_one_cell_a_line(lines, written):
        yield from _lines_as_rows(lines, written)
        return
    cells: list[str] = []
    first = written[0]
    for index in written:
        first = first if cells else index
        cells += [""] * lines[index].count("|") if _ends_row(lines[index]) else _cells(lines[index])
        if _ends_row(lines[index]):
            yield PipeRow(cells, first, index)
            cells = []
    if cells:
        yield PipeRow(cells, first, written[-1])


def _begins_with_blanks(lines: list[str], written: Sequence[int]) -> bool:
    """Whether rows begin without a bar, and those that begin with one have a blank there: all have as many bars.

    The last row may be cut off.
    """
    counts = [len(_PIPES.findall(lines[index])) for index in written]
    begun = sum(_BEGINS_WITH_BAR.match(lines[index]) is not None for index in written)
    alike = len(set(counts[:-1])) == 1 and counts[-1] <= counts[0]
    return alike and 0 < begun < len(written) and len(written) >= _FEWEST_FILLED and counts[0] >= _SHORTEST_ROW


def _lines_as_rows(lines: list[str], written: Sequence[int]) -> Iterator[PipeRow]:
    """A row for each line; where rows begin without a bar, a line that begins with one goes on behind a blank cell.

    A line of nothing but figures goes on with the row of levels and name above it, which has none.
    """
    begun = [index for index in written if _BEGINS_WITH_BAR.match(lines[index])]
    plain = 2 * len(begun) < len(written)
    held: PipeRow | None = None
    for index in written:
        row = PipeRow(_cells(lines[index]), index, index)
        goes_on = plain and index in begun and len(row.filled) >= _SHORTEST_ROW
        if held is not None and goes_on:
            held = PipeRow([*held.cells, "", *row.cells], held.first, index)
            continue
        if held is not None and _is_of_figures(row) and _waits_for_figures(held):
            held = PipeRow([*held.cells, *row.cells], held.first, index)
            continue
        if held is not None:
            yield held
        held = row
    if held is not None:
        yield held


def _is_of_figures(row: PipeRow) -> bool:
    return len(row.filled) >= _FEWEST_FIGURES and all(is_figure(squeeze(cell)) for cell in row.filled)


def _waits_for_figures(row: PipeRow) -> bool:
    """Whether a row ends behind the name of its indicator: 产出指标 | 数量指标 | 扶持经营主体（个） |."""
    texts = [squeeze(cell) for cell in row.filled]
    levels = sum(map(is_level, texts))
    return 0 < levels < len(texts) == levels + 1 and not is_level(texts[-1]) and not any(map(is_figure, texts))


def _filled_up(lines: list[str], written: Sequence[int]) -> list[list[int]] | None:
    """The lines of each row where every row is filled up to one number of bars; None where they are not.

    A row that a line break inside a cell parts has that many bars on all its lines together. What is cut off at the
    beginning or the end of the table may have fewer.
    """
    counts = {index: len(_PIPES.findall(lines[index])) for index in written}
    width = max(counts.values())
    groups: list[list[int]] = [[]]
    bars = 0
    for index in written:
        if bars + counts[index] > width:
            if len(groups) > 1 or counts[index] < width:
                return None
            groups.append([])
            bars = 0
        groups[-1].append(index)
        bars += counts[index]
        if bars == width:
            groups.append([])
            bars = 0
    whole = [group for group in groups if group]
    parted = any(len(group) > 1 for group in whole)
    return whole if parted and len(whole) >= _FEWEST_FILLED and width >= _SHORTEST_ROW else None


def _ends_row(line: str) -> bool:
    return _BARS.fullmatch(line) is not None and len(_PIPES.findall(line)) >= _SHORTEST_ROW


def _is_one_cell_a_line(lines: list[str], indexes: Sequence[int]) -> bool:
    """Whether most lines with text end after their first cell."""
    written = [lines[index] for index in indexes if not _ends_row(lines[index])]
    return 2 * sum(len(_PIPES.findall(line)) == 1 for line in written) > len(written)


def _cells(line: str) -> list[str]:
    cells = _PIPES.split(line.strip())
    inner = cells[0 if cells[0] else 1 : None if cells[-1] else -1]
    return [cell_text(_LINE_BREAK.sub("\n", _plain(cell))) for cell in inner]


def _plain(cell: str) -> str:
    """The text of a cell without the marks of Markdown: emphasis of all of it or a word, what is struck out (~~ ~~),
    references to notes, the strokes before signs that would be marks. Masked digits (**) are no marks."""
    if not _MARKDOWN.search(cell):
        return cell
    kept = _NOTE.sub("", _STRUCK.sub("", cell))
    return _ESCAPED.sub(r"\1", _EMPHASIS.sub(r"\2", kept))


# -- tables that leave out the cells under merged ones ----------------------------------------------------------------


def _leaves_out(rows: Sequence[PipeRow]) -> bool:
    """Whether cells are missing at the beginning of rows: no row begins with a blank, and some fit their heads ill."""
    if _keeps_blanks(rows):
        return False
    return any(
        header is not None and header.kind != "spending" and row is not None and _is_shifted(row, header)
        for header, row in _with_headers(rows)
    )


def _keeps_blanks(rows: Sequence[PipeRow]) -> bool:
    """Whether rows have a blank where a merged cell goes on."""
    return any(row.filled and not row.cells[0] for row in rows)


def with_one_row_of_heads(rows: Sequence[PipeRow]) -> Iterator[PipeRow]:
    """The rows, an upper row of heads joined with the one of the levels below it."""
    held: PipeRow | None = None
    for row in rows:
        joined = _joined_heads(held, row) if held is not None else None
        if held is not None and joined is None:
            yield held
        held = joined or row
    if held is not None:
        yield held


def _joined_heads(above: PipeRow, row: PipeRow) -> PipeRow | None:
    """Two rows of heads as one; None where they are none."""
    funds = labelled(above.filled, row.filled)
    if funds is not None:
        return PipeRow(funds, above.first, row.last)
    upper, lower = ([squeeze(cell) for cell in one.filled] for one in (above, row))
    joined = joined_heads(upper, lower)
    return PipeRow(joined, above.first, row.last) if joined else None


def _is_shifted(row: PipeRow, header: Header) -> bool:
    cells = [squeeze(cell) for cell in row.cells]
    return contradicts(cells, header) and placed_row(_stripped(cells), header) is not None


def _with_headers(rows: Sequence[PipeRow]) -> Iterator[tuple[Header | None, PipeRow | None]]:
    """Each row with the header above it; None for the row where it is a header itself, or of another block."""
    header: Header | None = None
    for row in rows:
        found = header_of([squeeze(cell) for cell in row.cells]) if len(row.filled) > 1 else None
        if found is not None:
            header = found
            yield header, None
            continue
        if row.filled and _ends_block(row, header):
            header = None
        yield header, row if row.filled else None


def _ends_block(row: PipeRow, header: Header | None) -> bool:
    """Whether a row begins another block: a label of the head, the goals or the end of the form."""
    first = squeeze(row.filled[0])
    key = lexicon().key(first)
    if key is None or is_level(first) or key in ("total", "side", "subtotal"):
        return False
    if header is not None and header.kind == "indicators" and _is_scored(row):
        return False  # 完成时间 may be the name of an indicator
    return not (header is not None and header.kind == "funding" and lexicon().knows_source(first))


def _is_scored(row: PipeRow) -> bool:
    """Whether points and score stand side by side in a row."""
    return any(all(map(parse_points, pair)) for pair in pairwise(row.filled))


def _placed(rows: Sequence[PipeRow]) -> Iterator[tuple[list[str], float]]:
    goals: list[int] = []
    for row, (header, body) in zip(rows, _with_headers(rows), strict=True):
        cells = _stripped(row.cells)
        if header is not None and body is not None:
            goals = []
            yield _placed_cells(cells, header)
        elif goals and len(cells) == len(goals):
            yield _under(cells, goals), _PLACED
            goals = []
        else:
            goals = _goal_places(row)
            yield cells or [""], 1.0


def _placed_cells(cells: list[str], header: Header) -> tuple[list[str], float]:
    plain = [squeeze(cell) for cell in cells]
    if lexicon().key(plain[0]) == "total" and header.kind == "indicators":
        numbers = [cell for cell in plain[1:] if parse_number(cell) is not None]
        if len(numbers) < sum(map(bool, plain[1:])):
            return cells, 1.0  # 总分 | 95 | 自评等级 | 优: labels with their values
        return list(total_slots(cells[0], numbers, header)), _PLACED
    row = placed_row(cells, header)
    if row is None:
        return cells, _DOUBTFUL
    beyond = cells[row.last + 1 :]
    return [*row.slots, *beyond], _PLACED if row.whole and not beyond else _DOUBTFUL


def _stripped(cells: Sequence[str]) -> list[str]:
    """The cells without the bars that fill the row up."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


def _goal_places(row: PipeRow) -> list[int]:
    """Where the heads of the two sides of the goals stand in a row, if it is one: the last two of its cells."""
    places = [at for at, cell in enumerate(row.cells) if lexicon().key(squeeze(cell)) in _GOALS]
    return places[-2:] if len(places) > 1 and len(places) == len(row.filled) else []


def _under(cells: Sequence[str], places: Sequence[int]) -> list[str]:
    slots = [""] * (places[-1] + 1)
    for place, cell in zip(places, cells, strict=True):
        slots[place] = cell
    return slots

"""The account of a document's figures: printed = read + left out + unread (数字的交代)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from operator import attrgetter
from typing import Literal

import regex

from parsers.completeness.figures import Figure, figures_in, holds_look_alikes
from parsers.completeness.recorded import Recorded, recorded
from parsers.document import BBox, Cell, Document, Grid, Paragraph, Place
from parsers.interpret.concepts import MONEY_COLUMNS
from schemas.left_out import left_out
from schemas.lexicon import lexicon, squeeze, strip_points
from schemas.quantities import is_blank, parse_money, parse_number, parse_percent, parse_target
from schemas.records import DocumentRecords
from schemas.vocabulary import pattern

Fate = Literal["read", "left_out", "unread"]

NO_EVALUATION = "no_evaluation"
OTHER_TABLE = "other_table"
WORDING = "wording"
NUMBERING_ROW = "numbering_row"
_NO_DATA_BESIDE = {"person": "person", "period": "date"}
"""Labels beside which a figure is no data (实施期限：| 3), with the reason."""
_WHOLE_FORMS = frozenset({"foreign_form", "unfilled_form"})
"""Problems about a whole form: every figure of it is left out for that reason."""
_RESULT_COLUMNS = frozenset({"points", "score", "actual", "target"})
_HEADS_OF_FIGURES = frozenset({*MONEY_COLUMNS, "execution_rate", "points", "score"})
_ABOVE = 3
"""Rows above whose records may hold the rest of a row: one that a page break or a missing rule cut."""
_WORDY = 4
"""Letters in a value from which the same text in a record is no coincidence."""
_LONGEST_COLUMN_NUMBER = 3
_FEWEST = 3
"""Numbers that count on from 1 by which a column counts rows."""
_LONGEST_LABEL = 16
_LIST_NUMBER = pattern("title_number")
_CUT_OFF = regex.compile(r"\d+[.．,，]")
_GLUED = regex.compile(r"(.*[\p{L})）])[\d,，]*\d(?:\.\d+)?[%％]?")
_PARTED = regex.compile(r"\d+(?:[-—_.]\d+){2,}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One printed figure and what became of it; `code` says why it was left out."""

    text: str
    fate: Fate
    code: str
    place: Place
    bbox: BBox | None = None


def account(document: Document, records: DocumentRecords) -> list[Entry]:
    """What became of every figure of `document`, in reading order; those in no block last."""
    return account_with(recorded(records), document, records)


def account_with(found: Recorded, document: Document, records: DocumentRecords) -> list[Entry]:
    """The same by what was `found` in the records; its figures are used up."""
    evaluated = bool(records.evaluations)
    told = {p.locator: p.code for p in records.problems if p.locator and p.code in _WHOLE_FORMS}
    entries: list[Entry] = []
    above: Paragraph | Grid | None = None
    for block in document.blocks:
        if isinstance(block, Paragraph):
            stated = evaluated and isinstance(above, Paragraph) and _is_stated(above, block)
            otherwise = "" if stated else WORDING if evaluated else NO_EVALUATION
            entries.extend(_paragraph(block, found, otherwise))
        else:
            entries.extend(_Table(block, found, told, evaluated).entries())
        above = block
    for left in document.left_out:
        entries.extend(Entry(figure.text, "left_out", left.code, left.place) for figure in figures_in(left.text))
    return entries


def _paragraph(paragraph: Paragraph, found: Recorded, otherwise: str) -> Iterator[Entry]:
    """Figures of prose: in an amount, in a text that is kept whole, or words of a line that holds no data.

    Where the line is a value and nothing else, its label above it, that it stands in a text says nothing (`otherwise`
    is empty).
    """
    figures = figures_in(paragraph.text)
    if not figures:
        return
    places = (paragraph.place.locator,)
    kept = bool(otherwise) and found.tells(places, squeeze(paragraph.text))
    for figure in figures:
        if found.take(places, figure.worth) or kept:
            yield Entry(figure.text, "read", "", paragraph.place)
        else:
            in_line = left_out().reason_for(paragraph.text, figure.start, figure.end) if otherwise else ""
            code = in_line or otherwise
            yield Entry(figure.text, "left_out" if code else "unread", code, paragraph.place)


def _is_stated(above: Paragraph, line: Paragraph) -> bool:
    """Whether a line is the value of the label on the line above: a table of one cell a line that was not put together.

    On pages such lines may be of any other table.
    """
    label = squeeze(above.text)
    numbered = any(_LIST_NUMBER.match(text) for text in (label, squeeze(line.text)))
    if line.place.page is not None or numbered or len(label) > _LONGEST_LABEL or not _is_value(line.text):
        return False
    words = lexicon()
    named = words.column(label) is not None and not words.guesses_column(label)
    money = words.knows_source(label) and not line.text.strip().isdecimal()
    return not any(map(str.isdigit, label)) and (named or money)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A cell, the reason why its figures may be left out ("" where they may not), whether the label beside it wants a
    figure."""

    cell: Cell
    reason: str
    is_wanted: bool


class _Table:
    """The account of one grid. Cells that are figures are looked up before those with words, whose figures are
    often the same (每少1台扣2分 beside a score of 2)."""

    def __init__(self, grid: Grid, found: Recorded, told: dict[str, str], evaluated: bool) -> None:
        self._grid = grid
        self._found = found
        self._told = told
        self._reason = self._table_reason(evaluated)
        self._named: dict[int, list[str]] = defaultdict(list)
        """By row, the names of its cells where the carrier names cells."""
        self._row_numbers = _columns_of(grid, "sequence") | _counting_columns(grid)
        self._criteria = _columns_of(grid, "criteria")
        self._scores = _columns_of(grid, "points") | _columns_of(grid, "score")
        for cell in grid.cells:
            if cell.locator is not None:
                self._named[cell.row].append(cell.locator)

    def _table_reason(self, evaluated: bool) -> str:
        """Why figures of this table may be left out, "" where none may: a form with records, or one that has none."""
        if any(row.locator in self._found.forms for row in self._grid.rows):
            return ""
        if not evaluated:
            return NO_EVALUATION
        return "" if _looks_like_form(self._grid) else OTHER_TABLE

    def entries(self) -> Iterator[Entry]:
        """The figures of the table, row by row.

        Bare figures of all rows are looked up before words that span them (预算执行情况（10分） beside points), and
        numbers of rows last: the figure recorded is the 3 beside such a 3.
        """
        last = self._criteria | self._row_numbers
        seen = sorted(self._seen(), key=lambda seen: (seen.cell.col in last, _wordiness(seen.cell.text)))
        found = [entry for one in seen for entry in self._cell(one.cell, one.reason, one.is_wanted)]
        order = {row.locator: index for index, row in enumerate(self._grid.rows)}
        yield from sorted(found, key=lambda entry: order[entry.place.locator])

    def _seen(self) -> Iterator[_Seen]:
        """The cells of the table in reading order, with what their row and the labels beside them say of them."""
        by_row = attrgetter("row")
        for index, group in groupby(sorted(self._grid.cells, key=by_row), key=by_row):
            cells = list(group)
            locator = self._grid.rows[index].locator
            self._reason = self._told.get(locator, "" if locator in self._found.forms else self._reason)
            reason = NUMBERING_ROW if _numbers_columns(cells) else self._reason
            labels = _labels(cells)
            for cell in cells:
                label = labels.get(cell.col, "")
                yield _Seen(cell, reason or self._no_data(cell, label), _wants_figure(label))

    def _no_data(self, cell: Cell, label: str) -> str:
        """Why the figure of a cell is no data by its place: beside a person or a period, in a column of row numbers."""
        beside = _NO_DATA_BESIDE.get(lexicon().key(label) or "")
        if beside:
            return beside
        counted = cell.col in self._row_numbers and squeeze(cell.text).isdecimal()
        return NUMBERING_ROW if counted else ""

    def _cell(self, cell: Cell, reason: str, is_wanted: bool) -> Iterator[Entry]:
        figures = figures_in(cell.text)
        if not figures:
            return
        places, place = self._places(cell), self._grid.rows[cell.row]
        value = _is_value(cell.text) and not (cell.col in self._criteria or self._names_points(cell))
        whole = self._is_recorded_whole(cell, places, value)
        for figure in figures:
            if whole or self._found.take(places, figure.worth):
                yield Entry(figure.text, "read", "", place, cell.bbox)
                continue
            garbled = holds_look_alikes(cell.text) or self._is_cut_off(cell)
            code = reason or ("" if garbled else _told_by_words(cell, figure))
            is_first = is_wanted and figure is _first_untold(cell, figures)  # 854万（其中…） beside 财政拨款
            is_amount = value or garbled or is_first or _is_glued_to_head(cell.text)
            code = code or ("" if is_amount else WORDING)
            yield Entry(figure.text, "left_out" if code else "unread", code, place, cell.bbox)

    def _is_cut_off(self, cell: Cell) -> bool:
        """Whether a figure under a head of scores ends in its point: 97. is no number of a clause."""
        return cell.col in self._scores and _CUT_OFF.fullmatch(squeeze(cell.text)) is not None

    def _names_points(self, cell: Cell) -> bool:
        """Whether a cell is a recorded name with its points: 产出指标（50分）."""
        name, points = strip_points(squeeze(cell.text))
        names = self._found.names.get(self._grid.rows[cell.row].locator, ())
        return points is not None and name in names

    def _is_recorded_whole(self, cell: Cell, places: Sequence[str], value: bool) -> bool:
        """Whether a record holds the whole text of a cell, or the one figure that its pieces make (1 864.00)."""
        plain = squeeze(cell.text)
        if not value or sum(map(str.isalpha, plain)) >= _WORDY:
            return self._found.tells(places, plain)
        if _is_worded(plain) and self._found.is_long_text(plain):
            return True
        joined = figures_in(plain)
        return len(joined) < len(figures_in(cell.text)) and all(self._found.take(places, f.worth) for f in joined)

    def _places(self, cell: Cell) -> list[str]:
        """Where the figures of a cell may be recorded: its own rows, then those above that may be its first part."""
        own = range(cell.row, min(cell.row + cell.row_span, len(self._grid.rows)))
        above = range(cell.row - 1, max(cell.row - 1 - _ABOVE, -1), -1)
        return [locator for row in (*own, *above) for locator in (self._grid.rows[row].locator, *self._named[row])]


def _wants_figure(label: str) -> bool:
    """Whether a label names a source of money or the total: the first figure of a text beside it is what it says."""
    return lexicon().knows_source(label) or lexicon().key(label) == "total"


def _is_glued_to_head(text: str) -> bool:
    """Whether a cell is the head of a figure and the figure itself, with no mark between them (全年执行数342)."""
    match = _GLUED.fullmatch(squeeze(text))
    return match is not None and lexicon().column(match[1]) in _HEADS_OF_FIGURES


def _is_worded(plain: str) -> bool:
    """Whether a text is no figure alone: it has letters, or numbers in several parts (2022-0417-03)."""
    return any(map(str.isalpha, plain)) or _PARTED.fullmatch(plain) is not None


def _first_untold(cell: Cell, figures: Sequence[Figure]) -> Figure | None:
    """The first figure of a cell that no words around it explain (满分100分，得99.5分)."""
    return next((figure for figure in figures if not _told_by_words(cell, figure)), None)


def _told_by_words(cell: Cell, figure: Figure) -> str:
    return left_out().reason_for(cell.text, figure.start, figure.end, in_cell=True) or ""


def _columns_of(grid: Grid, concept: str) -> set[int]:
    """The columns in which a head of that concept stands."""
    return {cell.col for cell in grid.cells if lexicon().column(squeeze(cell.text)) == concept}


def _counting_columns(grid: Grid) -> set[int]:
    """The columns that count rows without a head that says so: 1, 2, 3 … each beside words."""
    right = {(cell.row, cell.col): squeeze(cell.text) for cell in grid.cells}
    numbers: dict[int, list[int]] = defaultdict(list)
    for cell in sorted(grid.cells, key=attrgetter("row")):
        beside = right.get((cell.row, cell.col + cell.col_span), "")
        if (plain := squeeze(cell.text)).isdecimal() and beside and not _is_value(beside):
            numbers[cell.col].append(int(plain))
    return {col for col, found in numbers.items() if len(found) >= _FEWEST and found == [*range(1, len(found) + 1)]}


def _looks_like_form(grid: Grid) -> bool:
    """Whether a table has the level-1 names of an indicator table, or two heads of its columns of results."""
    texts = [squeeze(cell.text) for cell in grid.cells]
    heads = {lexicon().column(text) for text in texts} & _RESULT_COLUMNS
    return len(heads) > 1 or any(lexicon().is_level1(text) for text in texts)


def _labels(cells: Sequence[Cell]) -> dict[int, str]:
    """By column, the text of the last filled cell to the left."""
    filled = [cell for cell in sorted(cells, key=attrgetter("col")) if cell.text.strip()]
    return {right.col: squeeze(left.text) for left, right in pairwise(filled)}


def _wordiness(text: str) -> int:
    """Order in which figures are looked up: bare figures, figures with units, figures among words."""
    return 2 if not _is_value(text) else int(any(map(str.isalpha, text)))


@lru_cache(maxsize=4096)
def _is_value(text: str) -> bool:
    """Whether a cell is a figure with at most relation and unit, as opposed to words with figures in them."""
    plain = squeeze(text)
    if is_blank(plain) or not any(map(str.isdigit, plain)):
        return False
    if not any(map(str.isalpha, plain)):
        return True
    if any(parse(plain) for parse in (parse_number, parse_money, parse_percent)):
        return True
    words_before = sum(map(str.isalpha, plain[: next(at for at, char in enumerate(plain) if char.isdigit())]))
    return words_before <= _WORDY and bool(parse_target(plain).value)


def _numbers_columns(cells: Sequence[Cell]) -> bool:
    """Whether a row counts the columns (列次): 1 2 3 …, or says so and works some out from others (5=3/2)."""
    texts = [squeeze(cell.text) for cell in sorted(cells, key=attrgetter("col")) if cell.text]
    if texts and lexicon().counts_columns(texts[0]) and all(map(lexicon().is_column_mark, texts[1:])):
        return True
    numbers = [int(text) for text in texts if text.isdecimal() and len(text) <= _LONGEST_COLUMN_NUMBER]
    one_by_one = all(after == before + 1 for before, after in pairwise(numbers))
    return len(numbers) > 2 and len(numbers) >= len(texts) - 1 and one_by_one

"""Cells whose order alone is known → the columns of the header above them (按类归列).

Dumps leave out the blanks of merged cells, and some the ends of rows, too. Which cell stands under which head is found
by dynamic programming over how well each text fits the kind of each column; rows keep one slot for every column, so
that what was left out is a blank slot again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import regex

from parsers.interpret.column import Column
from parsers.interpret.columns import header_columns
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.fit import fit
from parsers.interpret.header_rows import is_funding_header, is_indicator_header
from parsers.interpret.recognise import is_figure, label_columns
from parsers.interpret.rows import Row, rows_of
from parsers.text.grids import grid_of
from parsers.text.lines import line_place
from schemas.lexicon import lexicon
from schemas.quantities import is_blank, parse_number
from schemas.vocabulary import pattern
from schemas.vocabulary import words as listed

_SKIP = {
    "side": 0.0,
    "blank": 0.1,
    "level1": 0.2,
    "level2": 0.2,
    "level3": 3.5,
    "label": 1.5,
    "target": 0.9,
    "actual": 0.9,
    "points": 0.8,
    "score": 0.8,
    "execution_rate": 0.6,
    "deviation": 0.1,
    "unknown": 0.3,
    "sequence": 0.3,
    "criteria": 0.4,
    "target_unit": 0.4,
    "relation": 0.6,
    "other_score": 0.3,
    "done": 3.0,
    **dict.fromkeys(MONEY_COLUMNS, 1.2),
}
"""What it costs to leave a column of a concept blank."""
_SKIP_OTHER = 0.6
_UNLISTED_LEVEL = -1.0
_AMOUNT_AS_NAME = -2.0
"""How badly a figure with its unit fits the column of the names."""
_REST_OF_CELL = 1.0
"""What it costs to take a text for the rest of the cell before it."""
_LOST = 3.0
_NAMES_ITS_ROW = -6.0
"""How badly 指标2：… fits any column but that of the names, and a label that of the reasons."""
_WIDER = 1.0
"""By how much more cells must fit a header with one more column than its heads to be read so."""
_BARE = 1.0
"""What it costs that a row is its labels alone: a form leaves a dimension blank (经济效益指标), the text its cells."""
_NOUGHT = -1.0
_NAMES_RULE = -3.0
"""How badly a rule that tells points (…，得2分；不完整的扣1分) fits the column of the names."""
_CONTRADICTS = -2.0
_OPTIONAL = frozenset({"side", "blank", "level1", "level2", "deviation", "unknown", "sequence", "criteria", "label"})
_LABELS = {"spending_label": "label", "funding_label": "label", "name": "label"}
_LONG = 60
_STOPS = ("。", "！", "!")
_DESCRIPTION = listed("description_head")[0]
_NUMBERED = pattern("numbered_indicator")
_NAMES_SCORE = pattern("score_name")
_TELLS_POINTS = pattern("tells_points")
_COUNT = regex.compile(r"\d{1,3}")


@dataclass(frozen=True, slots=True)
class Header:
    """A header row: its cells as printed, their columns, and whether it heads funding, indicators or another table."""

    cells: tuple[str, ...]
    columns: tuple[Column, ...]
    kind: str

    @property
    def concepts(self) -> tuple[str, ...]:
        return tuple(_LABELS.get(column.concept, column.concept) for column in self.columns)

    def spread(self, texts: Sequence[str]) -> tuple[str, ...]:
        """One text for every column, at the places of the columns among the header's cells."""
        slots = [""] * max(len(self.cells), self.columns[-1].stop)
        for column, text in zip(self.columns, texts, strict=True):
            slots[column.start] = text
        return tuple(slots)

    def labelled(self, text: str) -> tuple[str, ...]:
        """The slots of a row that holds nothing but the label of those below it (一、产出指标)."""
        return self.spread([text, *[""] * (len(self.columns) - 1)])

    def widened(self) -> Header:
        """The header with one more column behind the last that no head names."""
        at = self.columns[-1].stop
        unnamed = replace(self.columns[-1], start=at, stop=at + 1, concept="unknown", path=("",), core=(at, at + 1))
        return replace(self, columns=(*self.columns, unnamed))

    def described(self) -> Header:
        """The header with a column behind the names that no head names: what each name means (绩效指标描述)."""
        at = max(column.stop for column in self.columns if column.concept == "level3")
        moved = [one if one.start < at else _moved(one) for one in self.columns]
        behind = sum(one.start < at for one in self.columns)
        unnamed = replace(self.columns[0], start=at, stop=at + 1, concept="criteria", path=("",), core=(at, at + 1))
        cells = (*self.cells[:at], _DESCRIPTION, *self.cells[at:])
        return replace(self, cells=cells, columns=(*moved[:behind], unnamed, *moved[behind:]))


def _moved(column: Column) -> Column:
    """A column one place further to the right."""
    core = (column.core[0] + 1, column.core[1] + 1) if column.core is not None else None
    return replace(column, start=column.start + 1, stop=column.stop + 1, core=core)


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row with one slot for every column; `first` and `last` are positions among the cells it was made of."""

    slots: tuple[str, ...]
    first: int
    last: int
    whole: bool
    """Whether every column that every row fills holds something."""


def header_of(cells: Sequence[str]) -> Header | None:
    """The header that `cells` make, or None where they head no table."""
    row = _row(cells)
    words = lexicon()
    if is_indicator_header(row, words):
        return Header(tuple(cells), header_columns([row], words), "indicators")
    if is_funding_header(row, words):
        concepts = [words.column(cell) for cell in cells]
        if concepts[0] in MONEY_COLUMNS:
            is_side = words.key(cells[0]) == "funding"  # 预算资金 names the block beside its rows
            return header_of(("", *cells[is_side:]))
        columns = label_columns(header_columns([row], words))
        kind = "spending" if any(concept == "spending_label" for concept in concepts) else "funding"
        return Header(tuple(cells), columns, kind)
    if any(words.column(cell) == "spending_label" for cell in cells) and not any(map(is_figure, cells)):
        return Header(tuple(cells), header_columns([row], words), "spending")
    return None


def _row(cells: Sequence[str]) -> Row:
    return rows_of(grid_of([list(cells)], [line_place(0)], "slots"))[0]


def contradicts(cells: Sequence[str], header: Header) -> bool:
    """Whether some cell of a row cannot be what the head in its place says."""
    pairs = zip(cells, header.concepts, strict=False)
    return any(text and fits(text, concept) <= _CONTRADICTS for text, concept in pairs)


def placed_row(cells: Sequence[str], header: Header) -> PlacedRow | None:
    """One row's cells under their columns, blanks between cells kept; None where they do not fit."""
    best = _Placer(cells, header, joins=False, single=True).run()
    return best[0] if len(best) == 1 else None


def placed_rows(cells: Sequence[str], header: Header, *, unnamed: bool = False) -> list[PlacedRow]:
    """The rows that a run of cells without row ends makes, up to the first cell that fits no row.

    `unnamed` tells that a figure which no head names may stand at the end of every row.
    """
    placer = _Placer(cells, header, joins=True, single=False)
    rows = placer.run()
    joined = any("\n" in slot for row in rows for slot in row.slots)
    if not unnamed or (not joined and all(row.whole for row in rows)):
        return rows
    wider = _Placer(cells, header.widened(), joins=True, single=False)
    widened = wider.run()
    return widened if wider.worth > placer.worth + _WIDER else rows


def with_descriptions(cells: Sequence[str], header: Header) -> Header:
    """The header, with a column for what the names mean where most rows have such a text behind their name.

    It is told from the end of a name that a line break parts by its length: that is shorter than what stands before it.
    """
    if header.kind != "indicators" or "level3" not in header.concepts:
        return header
    rows = _Placer(cells, header, joins=True, single=False).run()
    at = next(column.start for column in header.columns if column.concept == "level3")
    names = [row.slots[at].split("\n") for row in rows]
    described = sum(len(parts) == 2 and len(parts[0]) <= len(parts[1]) for parts in names)
    return header.described() if described > 1 and 2 * described > len(rows) else header


def total_slots(label: str, numbers: Sequence[str], header: Header) -> tuple[str, ...]:
    """A total row: its label first, two numbers under points and score, a single one by what it can be."""
    concepts = header.concepts
    points = [index for index, concept in enumerate(concepts) if concept == "points"]
    scores = [index for index, concept in enumerate(concepts) if concept == "score"]
    places = sorted([*points[:1], *scores[-1:]])
    slots = [""] * len(concepts)
    if len(places) == 2 and len(numbers) == 1:
        quantity = parse_number(numbers[0])
        full = quantity is not None and quantity.value == 100 and not _NAMES_SCORE.search(label)
        places = [place for place in places if concepts[place] == ("points" if full else "score")]
    for place, number in zip(places, numbers, strict=False):
        slots[place] = number
    slots[0] = label
    return header.spread(slots)


def skip_cost(concept: str) -> float:
    """What it costs to leave a column of a concept blank."""
    return _SKIP.get(concept, _SKIP_OTHER)


@cache
def fits(text: str, concept: str) -> float:
    """How well a cell fits a head of a form: as `fit`, with what dumps of forms tell beside it."""
    value = fit(text, concept, lexicon())
    if _NUMBERED.match(text):
        return max(value, 1.0) if concept == "level3" else _NAMES_ITS_ROW
    if concept == "label" and text and not is_figure(text) and len(text) <= _LONG:
        return max(value, 0.5)
    if concept == "target" and fit(text, "relation", lexicon()) > 0:
        return 0.0  # a sign alone is no value
    if concept == "deviation" and is_level(text):
        return _NAMES_ITS_ROW  # a label whose row was left out is no reason of the row before it
    if concept not in ("level1", "level2", "level3", "side") and is_level(text):
        return min(value, _CONTRADICTS)
    if concept in ("level1", "level2") and text and value <= 0 and not is_level(text):
        return min(value, _UNLISTED_LEVEL)
    if concept in ("level3", "criteria") and _TELLS_POINTS.search(text):
        return _NAMES_RULE if concept == "level3" else 1.0
    if concept == "level3" and is_figure(text):
        return min(value, _AMOUNT_AS_NAME)
    if concept == "sequence":
        return 1.0 if _COUNT.fullmatch(text) else _CONTRADICTS
    if concept == "deviation" and text == "0":
        return _NOUGHT  # printed where there is nothing to say
    if concept == "side" and text and lexicon().key(text) is None:
        return _CONTRADICTS
    return -0.2 if concept in ("unknown", "blank") and text else value


class _Placer:
    """Best split of cells into rows: `value[i][j]` is the worth of cells from i on when column j comes next."""

    def __init__(self, cells: Sequence[str], header: Header, *, joins: bool, single: bool) -> None:
        concepts = header.concepts
        self.cells, self.header, self.concepts, self.joins, self.single = cells, header, concepts, joins, single
        self.skips = [skip_cost(concept) for concept in concepts]
        for at in range(1, len(concepts)):
            if concepts[at - 1] == "relation":
                self.skips[at] = _LOST  # a sign stands before its value
        width = len(concepts)
        self.behind_levels = max((at + 1 for at, one in enumerate(concepts) if one in ("level1", "level2")), default=-1)
        self.value = [[0.0] * (width + 1) for _ in range(len(cells) + 1)]
        self.start: list[tuple[float, int]] = [(0.0, -1)] * (len(cells) + 1)

    @property
    def worth(self) -> float:
        """How well the cells fit the columns, all rows together."""
        return self.start[0][0]

    def run(self) -> list[PlacedRow]:
        self._fill()
        return self._rows()

    def _fill(self) -> None:
        width, count = len(self.concepts), len(self.cells)
        for column in range(width - 1, -1, -1):
            self.value[count][column] = self.value[count][column + 1] - self.skips[column]
            if self._may_end_bare(count, column):
                self.value[count][column] = max(self.value[count][column], -_BARE)
        for at in range(count - 1, -1, -1):
            line, following = self.value[at], self.value[at + 1]
            takes = [fits(self.cells[at], concept) + following[j + 1] for j, concept in enumerate(self.concepts)]
            self.start[at] = self._best_start(takes)
            # A row may end here, and nothing more be a row.
            line[width] = -_LOST * (count - at) if self.single else max(self.start[at][0], 0.0)
            if self._goes_on(at):
                line[width] = max(line[width], following[width] - _REST_OF_CELL)
            for column in range(width - 1, -1, -1):
                best = max(takes[column], line[column + 1] - self.skips[column])
                if column and self._goes_on(at):
                    best = max(best, following[column] - _REST_OF_CELL)
                if self._may_end_bare(at, column):
                    best = max(best, self.start[at][0] - _BARE)
                line[column] = best

    def _best_start(self, takes: Sequence[float]) -> tuple[float, int]:
        skipped, best = 0.0, (float("-inf"), 0)
        for column, take in enumerate(takes):
            best = max(best, (take - skipped, -column))
            skipped += self.skips[column]
        return best[0], -best[1]

    def _goes_on(self, at: int) -> bool:
        """Whether a cell may be the rest of the text before it."""
        if not self.joins or at == 0 or is_blank(self.cells[at]) or is_blank(self.cells[at - 1]):
            return False
        if is_figure(self.cells[at]) or is_figure(self.cells[at - 1]) or _NUMBERED.match(self.cells[at]):
            return False
        return not (is_level(self.cells[at]) or is_level(self.cells[at - 1]))

    def _may_end_bare(self, at: int, column: int) -> bool:
        """Whether a row may end with its labels before cell `at`: that begins another with a label of its own."""
        if self.single or at == 0:
            return False
        if column == 1 and self._counts_row(at - 1):
            return at == len(self.cells) or self._counts_row(at)
        return column == self.behind_levels and is_level(self.cells[at - 1]) and self._begins_row(at)

    def _begins_row(self, at: int) -> bool:
        """Whether a cell behind a label begins another row; a name may be like its label (服务对象满意度)."""
        if at == len(self.cells) or self._counts_row(at):
            return True
        above, label = (lexicon().category(self.cells[one]) for one in (at - 1, at))
        return is_level(self.cells[at]) and above != label

    def _counts_row(self, at: int) -> bool:
        """Whether a cell is the number with which a row begins (序号)."""
        return self.concepts[0] == "sequence" and _COUNT.fullmatch(self.cells[at]) is not None

    def _rows(self) -> list[PlacedRow]:
        rows: list[PlacedRow] = []
        at = 0
        while at < len(self.cells) and (self.single or self.start[at][0] > 0):
            row, after = self._row_from(at)
            rows.append(row)
            at = after
            if self.single:
                break
        return rows

    def _row_from(self, first: int) -> tuple[PlacedRow, int]:
        width = len(self.concepts)
        slots = [""] * width
        column = self.start[first][1]
        slots[column] = self.cells[first]
        at, last, column = first + 1, column, column + 1
        while at < len(self.cells):
            if self._goes_on(at) and self._is_rest(at, column):
                slots[last] = f"{slots[last]}\n{self.cells[at]}"
                at += 1
                continue
            if column == width or self._ends_bare(at, column):
                break
            take = fits(self.cells[at], self.concepts[column]) + self.value[at + 1][column + 1]
            if take >= self.value[at][column] - 1e-9:
                slots[column], last = self.cells[at], column
                at += 1
            column += 1
        kept = ["" if self._is_blank_level(*one) else one[0] for one in zip(slots, self.concepts, strict=True)]
        return PlacedRow(self.header.spread(self._named(kept)), first, at - 1, self._is_whole(slots)), at

    def _named(self, slots: list[str]) -> list[str]:
        """A row with the one label before its rule in the place of the name: an indicator may be called 项目管理."""
        if not {"level3", "criteria"} <= set(self.concepts):
            return slots
        name, rule = self.concepts.index("level3"), self.concepts.index("criteria")
        labels = [at for at, concept in enumerate(self.concepts) if concept in ("level1", "level2") and slots[at]]
        if len(labels) == 1 and not slots[name] and _TELLS_POINTS.search(slots[rule]):
            slots[name], slots[labels[0]] = slots[labels[0]], ""
        return slots

    def _is_blank_level(self, text: str, concept: str) -> bool:
        """Whether a stroke of a row left blank stands where the label of the next was left out."""
        return concept in ("level1", "level2") and is_blank(text)

    def _ends_bare(self, at: int, column: int) -> bool:
        bare = self._may_end_bare(at, column)
        return bare and self.start[at][0] - _BARE >= self.value[at][column] - 1e-9

    def _is_rest(self, at: int, column: int) -> bool:
        rest = self.value[at + 1][column] - _REST_OF_CELL
        return column > 0 and rest >= self.value[at][column] - 1e-9

    def _is_whole(self, slots: Sequence[str]) -> bool:
        return all(text or concept in _OPTIONAL for text, concept in zip(slots, self.concepts, strict=True))


def is_level(text: str) -> bool:
    """Whether a text is a level-1 or level-2 name."""
    return lexicon().is_level(text)


def names_column(text: str) -> bool:
    """Whether a text heads a column of the forms; a statement that ends like a sentence heads none."""
    return len(text) <= _LONG and not text.endswith(_STOPS) and lexicon().column(text) is not None

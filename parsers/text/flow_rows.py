"""Cells in order → rows of a form (由格成行).

Only the order of the cells is left. Where a row ends is told by the known words (heads of columns, labels of the head,
sources of funds, names of levels); cells are put under the heads by their kind (`placing`). The rest is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import regex

from parsers.document import Problem
from parsers.interpret.concepts import LEVEL_COLUMNS, MONEY_COLUMNS
from parsers.interpret.recognise import PAIR_COLUMNS, is_figure, is_title
from parsers.text import glued_rows
from parsers.text.broken_words import LABEL_CHARS
from parsers.text.fund_lines import lacking_row
from parsers.text.lines import is_heading, is_outside, line_place
from parsers.text.placing import (
    Header,
    PlacedRow,
    header_of,
    is_level,
    names_column,
    placed_row,
    placed_rows,
    total_slots,
    with_descriptions,
)
from parsers.text.tokens import Token
from parsers.text.upper_heads import are_upper, first_level, in_one_row
from schemas.lexicon import lexicon, normalise
from schemas.quantities import is_blank as is_blank_cell
from schemas.quantities import parse_number
from schemas.vocabulary import pattern

WHOLE = 0.8
"""Confidence of the cells of a row that fills every column, and of one that does not."""
PARTIAL = 0.5
_ALIKE = 4
"""Characters with which the two sides of a goal begin alike."""
_CELL_CHARS = 300

_ENDS_TABLE = frozenset(
    {"project_name", "department", "local_department", "unit", "grade", "note", "person", "report_date", "goal"}
    | {"goal_expected", "goal_actual", "funding", "funding_management", "total", "fiscal_year", "period"}
)
_BEFORE_HEADS = frozenset({"funding", "goal", "goal_expected", "goal_actual"})
_GOALS = frozenset({"goal", "goal_expected", "goal_actual"})
_PAIRED = PAIR_COLUMNS | {"other_money"}
_FEWEST_PAIRS = 2
_BEGINS_IN_DIGIT = regex.compile(r"\d")
_HAS_DIGIT = regex.compile(r"\d")
_SENTENCE = regex.compile(r"[。；;]")
_NUMBERED = pattern("numbered_indicator")


@dataclass(slots=True)
class FlowTable:
    """Rows found so far: slots, first and last line, confidence."""

    rows: list[list[str]] = field(default_factory=list)
    lines: list[tuple[int, int]] = field(default_factory=list)
    sureness: list[float] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_coherent(self) -> bool:
        """Whether most rows fill the columns that every row fills, and no cell holds what heads or begins rows."""
        return 2 * self.sureness.count(PARTIAL) <= len(self.sureness) and not self._is_out_of_order

    @property
    def _is_out_of_order(self) -> bool:
        return any(sum(map(_belongs_in_rows, cell.split("\n"))) > 1 for row in self.rows for cell in row)

    @property
    def keeps_lines(self) -> bool:
        """Whether hardly a row begins in the line of the row before it: line ends and row ends agree."""
        return 5 * len({first for first, _ in self.lines}) >= 4 * len(self.lines)

    def add(self, slots: Sequence[str], first: int, last: int, sure: float = WHOLE) -> None:
        self.rows.append(list(slots))
        self.lines.append((first, last))
        self.sureness.append(sure)


def _belongs_in_rows(text: str) -> bool:
    """Whether a text is a head of a column or the numbered name of an indicator, which no longer text holds."""
    return _NUMBERED.match(text) is not None or lexicon().column(text) in LEVEL_COLUMNS


class FlowReader:
    """Reads the tables of a run of cells."""

    def __init__(self, tokens: Sequence[Token], fewest_heads: int) -> None:
        self.tokens = tokens
        self.fewest_heads = fewest_heads
        self.words = lexicon()
        self.headers = dict(self._headers())
        self.pair_runs = dict(self._pair_runs())

    def tables(self) -> Iterator[tuple[int, int, FlowTable]]:
        """Each table with the numbers of its first cell and of the cell after its last."""
        done = 0
        for anchor in sorted({*self.headers, *self.pair_runs}):
            if anchor < done:
                continue
            start = self._first_cell(anchor, done)
            table, end = self._read(start)
            yield start, end, table
            done = end

    # -- headers --

    def _headers(self) -> Iterator[tuple[int, tuple[int, Header]]]:
        at = 0
        while at < len(self.tokens):
            end = self._heads_end(at)
            start = self._first_head(at, end)
            heads = in_one_row([token.plain for token in self.tokens[start:end]])
            header = header_of(heads) if heads else None
            if header is not None and end - start >= self.fewest_heads:
                yield start, (end, header)
            at = max(end, at + 1)

    def _first_head(self, start: int, end: int) -> int:
        """The first head of a run: the levels' own, or the side label or 序号 right before it."""
        texts = [token.plain for token in self.tokens[start:end]]
        level = first_level(texts)
        if are_upper(texts[:level]):
            return start
        beside = level > 0 and self._stands_beside(texts[level - 1]) and not self._is_outside(start + level - 1)
        return start + level - beside

    def _stands_beside(self, text: str) -> bool:
        return self.words.key(text) == "side" or self.words.column(text) == "sequence"

    def _heads_end(self, start: int) -> int:
        """Where a run of heads that begins at `start` ends; one word nobody listed may stand inside."""
        at = start
        while at < len(self.tokens) and self._is_head(at, first=at == start):
            at += 1
        between = at - start >= 2 and at + 1 < len(self.tokens) and self._is_unlisted(at)
        return max(self._heads_end(at + 1), at) if between and self._is_head(at + 1, first=False) else at

    def _is_unlisted(self, at: int) -> bool:
        """Whether a cell may be a head that nobody listed."""
        text = self.tokens[at].plain
        return not (is_figure(text) or self._is_label(at) or is_level(text) or self._is_outside(at))

    def _is_head(self, at: int, *, first: bool) -> bool:
        text = self.tokens[at].plain
        key = self.words.key(text)
        if first and key in _BEFORE_HEADS:
            return key == "funding"
        return names_column(text) and not is_figure(text) and not is_level(text)

    # -- labels of money with their figures in turn --

    def _pair_runs(self) -> Iterator[tuple[int, int]]:
        at = 0
        while at < len(self.tokens):
            end = self._pairs_end(at)
            figures = sum(bool(_BEGINS_IN_DIGIT.match(token.text)) for token in self.tokens[at:end])
            if figures >= _FEWEST_PAIRS:
                yield at, end
            at = max(end, at + 1)

    def _pairs_end(self, start: int) -> int:
        """Where a run of labels of money, each before its figure or alone, ends; it begins with a label."""
        at = start
        while at < len(self.tokens) and not self._in_header(at):
            value = at > start and _BEGINS_IN_DIGIT.match(self.tokens[at].text) and self._labels_money(at - 1)
            if not value and not self._labels_money(at):
                break
            at += 1
        return at

    def _labels_money(self, at: int) -> bool:
        text = self.tokens[at].plain
        if _BEGINS_IN_DIGIT.match(text) or len(text) > LABEL_CHARS:
            return False
        return self.words.column(text) in _PAIRED or self.words.knows_source(text) or self._names_money(at)

    def _names_money(self, at: int) -> bool:
        """Whether a cell names a block of money whose sum stands behind it (资金使用情况 | 合计：)."""
        if at == 0 or not self.words.money_of_block(self.tokens[at].plain) or at + 1 == len(self.tokens):
            return False
        return self.words.is_funding_total(self.tokens[at + 1].plain)

    def _in_header(self, at: int) -> bool:
        return any(start <= at < end for start, (end, _) in self.headers.items())

    def _pair_rows(self, start: int, end: int, table: FlowTable) -> None:
        """One row for each run of different kinds of money, and for each source that is named again and again."""
        side = (
            start > 0 and self.words.key(self.tokens[start - 1].plain) == "funding" and not self._is_outside(start - 1)
        )
        row = [self.tokens[start - 1]] if side else []
        last: str | None = None
        for at, token in enumerate(self.tokens[start:end], start):
            if not _BEGINS_IN_DIGIT.match(token.text):
                of_block = self._names_money(at) or (at > start and self._names_money(at - 1))
                paired = of_block or self.words.column(token.plain) in _PAIRED
                kind = "" if paired else normalise(token.plain)
                if last is not None and kind != last:
                    table.add([one.text for one in row], row[0].line, row[-1].line)
                    row = []
                last = kind
            row.append(token)
        table.add([one.text for one in row], row[0].line, row[-1].line)

    # -- where a table begins and ends --

    def _first_cell(self, anchor: int, done: int) -> int:
        """The first label of the head above a header: back over short lines to a title, a heading or a sentence."""
        at = anchor
        while at > done and not self._is_outside(at - 1):
            at -= 1
        return next((i for i in range(at, anchor) if self._opens_row(i)), anchor)

    def _is_outside(self, at: int) -> bool:
        text = self.tokens[at].text
        if is_title(self.tokens[at].plain, self.words) or is_outside(text):
            return True
        return self._is_report_heading(text) or (len(text) > _CELL_CHARS and bool(_SENTENCE.search(text)))

    def _is_report_heading(self, text: str) -> bool:
        return is_heading(text) and self.words.section_label(text) is None

    def _ends_table(self, at: int) -> bool:
        """Whether a cell is certainly no cell of the table above it."""
        return at == len(self.tokens) or at in self.headers or self._is_label(at) or self._is_outside(at)

    def _is_label(self, at: int) -> bool:
        """Whether a cell is a label of the head, the goals or the end of a form; right behind a level it is a name."""
        text = self.tokens[at].plain
        named = at > 0 and is_level(self.tokens[at - 1].plain)
        return self.words.key(text) in _ENDS_TABLE and not (named or is_level(text))

    def _opens_row(self, at: int) -> bool:
        return self.words.key(self.tokens[at].plain) is not None and not is_figure(self.tokens[at].text)

    # -- rows --

    def _read(self, start: int) -> tuple[FlowTable, int]:
        table, at = FlowTable(), start
        columns: Header | None = None
        while at < len(self.tokens) and not self._is_outside(at):
            key = self.words.key(self.tokens[at].plain)
            if at in self.headers:
                end, columns = self.headers[at]
                columns = with_descriptions([token.text for token in self._body_tokens(end, columns)], columns)
                table.add(columns.cells, self.tokens[at].line, self.tokens[end - 1].line)
                at = self._body(end, columns, table)
                if not self._ends_table(at):
                    break
            elif at in self.pair_runs:
                self._pair_rows(at, self.pair_runs[at], table)
                at = self.pair_runs[at]
            elif key == "funding" and at + 1 in self.pair_runs:
                at += 1
            elif key == "total" and columns is not None and columns.kind == "indicators":
                at = self._total(at, columns, table)
            elif key in _GOALS:
                at = self._goal(at, table)
            elif key is not None:
                at = self._pair(at, table)
            elif columns is None or self._header_follows(at):
                table.add([self.tokens[at].text], self.tokens[at].line, self.tokens[at].line)
                at += 1
            else:
                break
        return table, at

    def _header_follows(self, at: int) -> bool:
        """Whether a header comes before the next title, heading or sentence: the form goes on."""
        for later in range(at + 1, len(self.tokens)):
            if later in self.headers or later in self.pair_runs:
                return True
            if self._is_outside(later):
                return False
        return False

    def _body(self, start: int, header: Header, table: FlowTable) -> int:
        tokens = self._body_tokens(start, header)
        end = start + len(tokens)
        if header.kind == "funding":
            rows = self._funding_rows(tokens, header)
        elif any(token.glued for token in tokens):
            rows = glued_rows.indicator_rows(tokens, header)
        else:
            rows = self._indicator_rows(tokens, header)
        for row in rows:
            first, last = self.tokens[start + row.first].line, self.tokens[start + row.last].line
            table.add(row.slots, first, last, WHOLE if row.whole else PARTIAL)
        for row, following in pairwise(rows):
            self._say_unplaced(start + row.last + 1, start + following.first, table)
        placed = start + (rows[-1].last + 1 if rows else 0)
        while placed < end and self._holds_nothing(self.tokens[placed].text):
            placed += 1
        self._say_unplaced(placed, end, table)
        return placed

    def _body_tokens(self, start: int, header: Header) -> Sequence[Token]:
        """The cells below a header, up to the one that ends the table."""
        end = start
        while not self._ends_body(end, header):
            end += 1
        return self.tokens[start:end]

    def _ends_body(self, at: int, header: Header) -> bool:
        if at == len(self.tokens) or not self._ends_table(at):
            return at == len(self.tokens)
        funds = header.kind in ("funding", "spending") and self.words.is_funding_total(self.tokens[at].plain)
        return not funds

    def _indicator_rows(self, tokens: Sequence[Token], header: Header) -> list[PlacedRow]:
        """The rows that the cells make; what the blank form left in it (指标2, ……, a bare （50分）) is no cell."""
        kept = [at for at, one in enumerate(tokens) if not one.text or not self._is_left_over(one.text)]
        spread = len({token.line for token in tokens}) > 1  # in one line cells of any order would fit
        if "level1" in header.concepts:
            return self._rows_of(kept, tokens, header, spread)
        rows: list[PlacedRow] = []
        labels = [at for at in kept if self._heads_section(tokens[at].text)]
        for start, stop in pairwise([-1, *labels, len(tokens)]):
            rows += [PlacedRow(header.labelled(tokens[start].text), start, start, whole=True)] if start >= 0 else []
            rows += self._rows_of([at for at in kept if start < at < stop], tokens, header, spread)
        return rows

    def _heads_section(self, text: str) -> bool:
        """Whether a cell is a label of level 1 above its rows; 成本指标 alone is the level 2 of its row."""
        return self.words.section_label(text) is not None and not self.words.is_level2(text)

    def _rows_of(self, kept: Sequence[int], tokens: Sequence[Token], header: Header, spread: bool) -> list[PlacedRow]:
        rows = placed_rows([tokens[at].text for at in kept], header, unnamed=spread)
        return [replace(row, first=kept[row.first], last=kept[row.last]) for row in rows]

    def _is_left_over(self, text: str) -> bool:
        return self.words.is_placeholder(text) or pattern("points_behind").fullmatch(text) is not None

    def _holds_nothing(self, text: str) -> bool:
        return self._is_left_over(text) or is_blank_cell(text)

    def _funding_rows(self, tokens: Sequence[Token], header: Header) -> list[PlacedRow]:
        """Every label of money begins a row, and so does what stands right below the heads."""
        texts = [token.text for token in tokens]
        labels = [at for at in range(len(texts)) if at == 0 or self._names_funds(texts, at)]
        rows: list[PlacedRow] = []
        for at, following in pairwise([*labels, len(texts)]):
            if following - at > 1 and tokens[at + 1].glued:
                rows += glued_rows.funding_rows(at, tokens, header, rows[0].slots if rows else ())
                continue
            cells = texts[at:following]
            row = lacking_row(cells, header, rows[0].slots if rows else ()) or placed_row(cells, header)
            if row is not None:
                whole = row.whole or not any(map(is_figure, texts[at + 1 : following]))
                rows.append(PlacedRow(row.slots, at, at + row.last, whole or self._has_all_money(row, header)))
        return rows

    def _names_funds(self, texts: Sequence[str], at: int) -> bool:
        """Whether a cell labels a row: a source of funds, or any words between the figures of two rows (基本支出)."""
        if is_figure(texts[at]) or is_blank_cell(texts[at]):
            return False
        if self.words.knows_source(texts[at]):
            return True
        of_kind = self.words.column(texts[at]) is not None or _HAS_DIGIT.search(texts[at])
        between = at + 1 < len(texts) and is_figure(texts[at + 1]) and _ends_figures(texts[at - 1])
        return between and not of_kind

    def _has_all_money(self, row: PlacedRow, header: Header) -> bool:
        return all(row.slots[column.start] for column in header.columns if column.concept in MONEY_COLUMNS)

    def _say_unplaced(self, start: int, end: int, table: FlowTable) -> None:
        lost = [token for token in self.tokens[start:end] if not is_blank_cell(token.text)]
        if any(is_figure(token.text) for token in lost):
            text = "、".join(token.plain for token in lost)[:60]
            place = line_place(lost[0].line, lost[-1].line)
            said = f"{place.locator}：表格没有分行，“{text}”未能归入任何一行，没有读取，请核对原文。"
            table.problems.append(Problem("cells_not_placed", said, place))

    def _total(self, at: int, header: Header, table: FlowTable) -> int:
        end = at + 1
        while end < len(self.tokens) and end - at <= 2 and parse_number(self.tokens[end].text) is not None:
            end += 1
        numbers = [token.text for token in self.tokens[at + 1 : end]]
        if len(numbers) == 1 and self.tokens[at + 1].glued:
            numbers = glued_rows.total_cells(numbers[0])
        slots = total_slots(self.tokens[at].text, numbers, header)
        if end < len(self.tokens) and self.tokens[end].plain in self.words.grades and not slots[-1]:
            slots = (*slots[:-1], self.tokens[end].text)  # 总分 | 100 | 96 | 优
            end += 1
        table.add(slots, self.tokens[at].line, self.tokens[end - 1].line)
        return end

    def _goal(self, at: int, table: FlowTable) -> int:
        """The labels of the goals, then one text under each side."""
        end = at
        while end < len(self.tokens) and self.words.key(self.tokens[end].plain) in _GOALS:
            end += 1
        labels = [token.text for token in self.tokens[at:end]]
        stop = end
        while stop < len(self.tokens) and not self._ends_table(stop):
            stop += 1
        texts = [token.text for token in self.tokens[end:stop] if token.text]
        sides = [i for i, label in enumerate(labels) if self.words.key(label) != "goal" or i]
        first, last = self.tokens[at].line, self.tokens[stop - 1].line
        if not sides:
            table.add([*labels, "\n".join(texts)], first, last)
            return stop
        table.add(labels, first, self.tokens[end - 1].line)
        slots = [""] * len(labels)
        parts = _goal_parts(texts, len(sides))
        for side, part in zip(sides, parts, strict=False):
            slots[side] = part
        if texts:
            table.add(slots, self.tokens[end].line, last, WHOLE if len(texts) == len(sides) else PARTIAL)
        return stop

    def _pair(self, at: int, table: FlowTable) -> int:
        """A label of the head and the cells up to the next label."""
        end = at + 1
        while end < len(self.tokens) and not self._ends_pair(end):
            end += 1
        table.add([token.text for token in self.tokens[at:end]], self.tokens[at].line, self.tokens[end - 1].line)
        return end

    def _ends_pair(self, at: int) -> bool:
        return at in self.headers or at in self.pair_runs or self._opens_row(at) or self._is_outside(at)


def _ends_figures(text: str) -> bool:
    return is_figure(text) or is_blank_cell(text)


def _goal_parts(texts: Sequence[str], sides: int) -> list[str]:
    """The texts of the goals by side; of more texts than sides the second begins like the first (本项目共…)."""
    if len(texts) <= sides:
        return list(texts)
    again = (at for at in range(1, len(texts)) if sides > 1 and texts[at][:_ALIKE] == texts[0][:_ALIKE])
    cut = next(again, len(texts))
    return ["\n".join(texts[:cut]), "\n".join(texts[cut:])]

"""Which rows are what, and of which form (分块): head, funding, goals, indicators, totals, tables of figures.

A small state machine over paragraphs and rows in reading order. Titles open a context (one printed form or report);
head labels, funding headers and indicator headers open forms in it. Nothing is parsed here: rows are sorted into
drafts, which `forms` turns into records.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import regex

from parsers.document import Grid, Paragraph, Place
from parsers.interpret.align import Assigned, assign
from parsers.interpret.columns import (
    Column,
    header_columns,
    is_funding_header,
    is_header_continuation,
    is_indicator_header,
    is_parts_header,
)
from parsers.interpret.drafts import (
    LONG,
    Context,
    FormDraft,
    FundingLine,
    GoalCell,
    GoalSide,
    HeadItem,
    SideAmount,
)
from parsers.interpret.pairs import Pair, inline_amount, inline_pairs, row_pairs
from parsers.interpret.recognise import (
    HEAD_LINE,
    PAIR_COLUMNS,
    funding_label,
    has_number,
    is_figure,
    is_indicator,
    is_subtotal,
    is_title,
    is_total,
    label_columns,
    money_pairs,
    names_table,
    with_label_column,
    without_side_cell,
)
from parsers.interpret.rows import Row, Slot, rows_of
from schemas.lexicon import Lexicon, normalise, squeeze
from schemas.quantities import parse_money

State = Literal["open", "funding", "goal", "indicators", "figures"]
HEAD_KEYS = frozenset({"project_name", "department", "local_department", "unit"})
ENDS_INDICATORS = frozenset({*HEAD_KEYS, "grade", "note", "person", "report_date", "goal", "goal_expected", "funding"})
_NO_GOAL = HEAD_KEYS | {"total", "grade", "report_date"}
_GOAL_LABEL = 14
_TITLE_REACH = 3
_TAIL_TOTAL = 3


def split_blocks(blocks: Iterable[Paragraph | Grid], lexicon: Lexicon) -> list[Context]:
    """Sort paragraphs and rows into contexts and form drafts."""
    machine = _Machine(lexicon)
    for block in blocks:
        if isinstance(block, Paragraph):
            machine.paragraph(block)
        else:
            machine.grid(block)
    machine.close_header()
    return [context for context in machine.contexts if context.has_body or context.titles or context.head]


class _Machine:
    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.contexts: list[Context] = [Context()]
        self.form: FormDraft | None = None
        self.state: State = "open"
        self.header: list[Row] = []
        self.header_kind: Literal["funding", "indicators"] = "funding"
        self.goal_slots: list[tuple[GoalSide, int]] = []
        self.sides: list[tuple[int, str]] = []
        self.pair_concepts: tuple[str, ...] = ()
        self.lines: list[str] = []

    @property
    def context(self) -> Context:
        return self.contexts[-1]

    # -- paragraphs ------------------------------------------------------------------------------------------

    def paragraph(self, paragraph: Paragraph) -> None:
        text = squeeze(paragraph.text)
        if not text:
            return
        if len(text) <= LONG:
            self.lines.append(text)
        if is_title(text, self.lexicon):
            self.open_context()
            self.context.titles.append(paragraph)
            return
        pairs = inline_pairs(paragraph.text, self.lexicon) if len(text) <= LONG * 2 else []
        items = [HeadItem(pair, paragraph.place) for pair in pairs]
        if self.form is not None and self.form.has_body and self.state != "funding":
            self.form.head.extend(items)
        else:
            self.context.head.extend(items)
        if len(text) <= HEAD_LINE and not self.context.has_body:
            self.context.head_lines.append(paragraph)
        self.context.paragraphs.append(paragraph)

    def open_context(self) -> None:
        self.close_header()
        if self.context.has_body:
            self.contexts.append(Context())
        self.form, self.state = None, "open"

    # -- rows ------------------------------------------------------------------------------------------------

    def grid(self, grid: Grid) -> None:
        self.title_above()
        for row in rows_of(grid):
            self.row(row)
        self.close_header()

    def title_above(self) -> None:
        """A short line right above a table that ends in 表 is its title, whatever it says."""
        context = self.context
        for back, line in enumerate(context.paragraphs[: -_TITLE_REACH - 1 : -1], 1):
            text = squeeze(line.text)
            if len(text) > HEAD_LINE or regex.search(r"[。；;]", text):
                return
            if not names_table(text, self.lexicon):
                continue
            below = context.paragraphs[len(context.paragraphs) - back + 1 :]
            del context.paragraphs[len(context.paragraphs) - back :]
            self.open_context()
            self.context.titles.append(line)
            self.context.head_lines.extend(below)
            self.context.paragraphs.extend(below)
            return

    def row(self, row: Row) -> None:
        self.sort_row(row)
        if len(row.filled) == 1 and len(row.filled[0].text) <= LONG:
            self.lines.append(row.filled[0].text)
        elif row.filled:
            self.lines = []

    def sort_row(self, row: Row) -> None:
        if self.header:
            if row.grid is self.header[0].grid and self.continues_header(row):
                self.header.append(row)
                return
            self.close_header()
        if not row.filled:
            return
        if self.title_row(row):
            return
        if self.spending_header(row):
            return
        if is_indicator_header(row, self.lexicon):
            self.start_header(row, "indicators")
        elif is_funding_header(row, self.lexicon) and not has_number(row):
            self.start_header(row, "funding")
        else:
            self.body_row(row)

    def continues_header(self, row: Row) -> bool:
        if self.header_kind == "funding":
            if is_indicator_header(row, self.lexicon):
                return False
            if is_parts_header(row, self.header[0], self.lexicon):
                return True
        return is_header_continuation(row, self.lexicon)

    def spending_header(self, row: Row) -> bool:
        """Spending by content is no funding but a table of figures: 支出内容 | 计划支出数 | 实际支出数."""
        heads = any(self.lexicon.column(slot.text) == "spending_label" for slot in row.filled)
        if not heads or len(row.filled) < 2 or has_number(row):
            return False
        self.leave("figures")
        self.context.loose.append(row)
        return True

    def title_row(self, row: Row) -> bool:
        """A row of one cell that is a title, or a line of the head (`（2022年度）`, `单位：万元`)."""
        filled = row.filled
        if len(filled) != 1 or (self.state in ("goal", "indicators") and filled[0].start > 0 and row.exact):
            return False
        text = filled[0].text
        line = Paragraph(filled[0].cell.text, row.place)
        if is_title(text, self.lexicon) or (filled[0].start == 0 and names_table(text, self.lexicon)):
            self.open_context()
            self.context.titles.append(line)
            return True
        if not self.context.has_body and len(text) <= HEAD_LINE and not self.lexicon.key(text):
            self.context.head_lines.append(line)
            self.context.head.extend(HeadItem(pair, row.place, row) for pair in inline_pairs(line.text, self.lexicon))
            return True
        return False

    def start_header(self, row: Row, kind: Literal["funding", "indicators"]) -> None:
        self.need_form(row.place).lines.extend(self.lines)
        self.header = [row]
        self.header_kind = kind

    def close_header(self) -> None:
        if not self.header:
            return
        rows, self.header = self.header, []
        columns = header_columns(rows, self.lexicon)
        form = self.need_form(rows[0].place)
        if self.header_kind == "funding":
            form.funding_columns = label_columns(columns)
            form.funding_width = rows[0].grid.n_cols
            form.funding_block.extend(rows)
            self.state, self.sides = "funding", []
        else:
            form.indicator_columns = columns
            form.indicator_width = rows[0].grid.n_cols
            self.state = "indicators"

    def need_form(self, place: Place) -> FormDraft:
        if self.form is None:
            self.form = FormDraft(place, list(self.lines))
            self.lines = []
            self.context.forms.append(self.form)
        return self.form

    def body_row(self, row: Row) -> None:
        pairs = row_pairs(row, self.lexicon)
        first = self.lexicon.key(row.filled[0].text)
        if first is None and pairs and pairs[0].slots == (row.filled[0],):
            first = pairs[0].concept
        if self.state == "funding" and self.funding_row(row):
            return
        if self.state == "figures" and first not in HEAD_KEYS and any(is_figure(s.text) for s in row.filled):
            self.context.loose.append(row)
            return
        if self.state == "open" and (self.funding_pair_row(row) or self.funding_below_unknown_heads(row)):
            return
        self.pair_concepts = ()
        if self.state == "indicators" and self.indicator_row(row, first):
            return
        if first == "total" and self.form is not None and self.form.indicator_columns:
            self.form.totals.append((row, self.form.indicator_columns))
            return
        if first in HEAD_KEYS:
            self.head_row(row, pairs)
        elif self.goal_header(row) or (self.state == "goal" and self.goal_row(row, pairs)):
            return
        elif first == "total" and len(row.filled) > _TAIL_TOTAL:
            # 合计 with several figures is the last row of some other table, not the form's score.
            self.context.loose.append(row)
        elif pairs and first not in (None, "note", "side", "funding", "goal"):
            self.tail_row(row, pairs)
        elif first in ("note", "person"):
            self.leave("open")
        else:
            self.context.loose.append(row)

    def head_row(self, row: Row, pairs: list[Pair]) -> None:
        if self.form is not None and self.form.has_body:
            self.form = None
        self.leave("open")
        items = [HeadItem(pair, row.place, row) for pair in pairs]
        if any(pair.concept in HEAD_KEYS for pair in pairs):
            form = self.need_form(row.place)
            form.head.extend(items)
            form.lines.extend(slot.text for slot in row.filled if slot.text.startswith(("单位", "金额单位")))

    def tail_row(self, row: Row, pairs: list[Pair]) -> None:
        items = [HeadItem(pair, row.place, row) for pair in pairs]
        if self.form is not None:
            self.form.head.extend(items)
            if any(pair.concept in {"total", "grade"} for pair in pairs):
                self.state = "open"
        else:
            self.context.head.extend(items)
        if not any(pair.value for pair in pairs if pair.concept != "person"):
            self.leave("open")

    def leave(self, state: State) -> None:
        self.state = state

    # -- funding ---------------------------------------------------------------------------------------------

    def funding_row(self, row: Row) -> bool:
        assert self.form is not None
        self.form.funding_block.append(row)
        if self.side_amount_row(row):
            return True
        if self.goal_header(row):
            return True
        columns = with_label_column(row, self.form.funding_columns, self.lexicon)
        assigned = assign(
            without_side_cell(row, columns, self.lexicon), columns, self.lexicon, self.form.funding_width
        )[0]
        label = funding_label(assigned, self.lexicon)
        has_money = any(
            parse_money(assigned.text(concept)) is not None
            for concept in ("initial_budget", "annual_budget", "executed", "arrived")
        )
        if not label and not has_money:
            return False
        if self.lexicon.knows_source(label) or (has_money and self.lexicon.key(label) not in HEAD_KEYS):
            self.form.funding.append(FundingLine(assigned, label))
            return True
        return False

    def funding_below_unknown_heads(self, row: Row) -> bool:
        """`年度资金总额 | 100 | 98 | …` under heads nobody listed: a funding block all the same, its heads reported."""
        form, loose = self.form, self.context.loose
        labels = [slot for slot in row.filled if self.lexicon.is_funding_total(slot.text)]
        whole = any("总额" in slot.text or "资金" in slot.text for slot in labels)
        figures = sum(is_figure(slot.text) for slot in row.filled)
        if form is None or form.funding or not whole or figures < 2 or not loose:
            return False
        heads: list[Row] = []
        while loose and loose[-1].grid is row.grid and len(heads) < 2 and not has_number(loose[-1]):
            heads.insert(0, loose.pop())
        if not heads or len(heads[-1].filled) < 3:
            loose.extend(heads)
            return False
        form.funding_columns = label_columns(header_columns(heads, self.lexicon))
        form.funding_width = row.grid.n_cols
        form.funding_block.extend(heads)
        self.state = "funding"
        return self.funding_row(row)

    def funding_pair_row(self, row: Row) -> bool:
        """Money as labels and values: `预算数： | 100 | 执行数： | 98`, then `其中-财政拨款： | 80 | …`.

        The first row stands beside the block's side label; the rows below keep its order of columns.
        """
        pairs = money_pairs(row, self.lexicon)
        concepts = tuple(self.lexicon.column(label.text) or "" for label, _ in pairs)
        heads = len(pairs) > 1 and all(concept in PAIR_COLUMNS for concept in concepts)
        beside = any(self.lexicon.key(slot.text) == "funding" for slot in row.slots)
        if not pairs or not (heads or beside or self.pair_concepts):
            return False
        if all(concept in PAIR_COLUMNS for concept in concepts):
            self.pair_concepts = concepts
        elif not self.pair_concepts:
            # A declaration states one figure a line: the budget of the year.
            self.pair_concepts = ("annual_budget",)
        form = self.need_form(row.place)
        form.lines.extend(self.lines)
        label = pairs[0][0]
        columns = [Column(label.start, label.stop, "label", ())]
        cells: list[tuple[Slot, ...]] = [(label,)]
        for concept, (_, value) in zip(self.pair_concepts, pairs, strict=False):
            start = value.start if value else label.stop
            columns.append(Column(start, start + 1, concept, ()))
            cells.append((value,) if value else ())
        assigned = Assigned(row, tuple(columns), tuple(cells))
        form.funding_columns = form.funding_columns or assigned.columns
        form.funding_block.append(row)
        form.funding.append(FundingLine(assigned, label.text))
        return True

    def side_amount_row(self, row: Row) -> bool:
        """`按收入性质分：100 | 按支出性质分：100`, `其中：一般公共预算：80 | 其中：基本支出：60`."""
        assert self.form is not None
        found = [(slot, inline_amount(slot.cell.text)) for slot in row.filled if self.lexicon.key(slot.text) is None]
        amounts = [(slot, amount) for slot, amount in found if amount is not None]
        if not amounts or any(amount is None and is_figure(slot.text) for slot, amount in found):
            return False
        if any("性质" in label or "来源" in label for _, (label, _) in amounts):
            self.sides = [(slot.start, label) for slot, (label, _) in amounts]
            for slot, (label, value) in amounts:
                self.form.side_amounts.append(SideAmount(label, "", value, slot, row))
            return True
        for slot, (label, value) in amounts:
            side = max((s for s in self.sides if s[0] <= slot.start), default=(0, ""))[1]
            self.form.side_amounts.append(SideAmount(side, label, value, slot, row))
        return True

    # -- goals -----------------------------------------------------------------------------------------------

    def goal_header(self, row: Row) -> bool:
        """A row with the words 预期目标 / 实际完成情况, or a goal label with the text beside it."""
        sides: list[tuple[Literal["goal"] | GoalSide | None, Slot]] = []
        for slot in row.filled:
            sides.append((self.goal_side(slot, any(side == "goal_expected" for side, _ in sides)), slot))
        heads = [(side, slot.start) for side, slot in sides if side == "goal_expected" or side == "goal_actual"]
        others = [slot for side, slot in sides if side is None]
        if len(heads) == 2 and all(slot.start < heads[0][1] for slot in others):
            others = []  # the names of the block stand before its heads
        if not others and (len(heads) == 2 or (len(heads) == 1 and len(sides) == 2 and sides[0][0] == "goal")):
            self.goal_slots = heads
            self.leave("goal")
            return True
        if len(sides) == 2 and sides[0][0] is not None and len(others) == 1 and len(others[0].text) > 6:
            side: GoalSide = "goal_actual" if sides[0][0] == "goal_actual" else "goal_expected"
            self.need_form(row.place).goals.append(GoalCell(side, others[0].cell.text, others[0], row))
            self.leave("open")
            return True
        return False

    def goal_side(self, slot: Slot, headed: bool) -> Literal["goal"] | GoalSide | None:
        """A goal label behind others heads a side: … | 总体目标 | 实际完成情况; `headed` if one is headed already."""
        concept = self.lexicon.key(slot.text)
        if concept == "goal":
            done = "完成" in slot.text
            return "goal_actual" if done and headed else "goal_expected" if slot.start > 0 and not done else "goal"
        if concept == "goal_expected" or concept == "goal_actual":
            return "goal_expected" if concept == "goal_expected" else "goal_actual"
        plain = normalise(slot.text)
        if "目标" in plain and len(plain) <= _GOAL_LABEL and not regex.search(r"\d|指标|值", plain):
            return "goal_actual" if "完成" in plain else "goal_expected"
        return None

    def goal_row(self, row: Row, pairs: list[Pair]) -> bool:
        filled = [slot for slot in row.filled if self.lexicon.key(slot.text) not in ("goal", "side")]
        other = pairs and pairs[0].concept == "note" and pairs[0].label == row.filled[0].text
        if not filled or other or any(pair.concept in _NO_GOAL for pair in pairs):
            return False
        form = self.need_form(row.place)
        in_order = not row.exact and len(filled) == len(self.goal_slots)
        for index, slot in enumerate(filled):
            before = [side for side, start in self.goal_slots if start <= slot.start]
            side = self.goal_slots[index][0] if in_order else (before or [self.goal_slots[0][0]])[-1]
            form.goals.append(GoalCell(side, slot.cell.text, slot, row))
        return True

    # -- indicators ------------------------------------------------------------------------------------------

    def indicator_row(self, row: Row, first: str | None) -> bool:
        assert self.form is not None
        columns = self.form.indicator_columns
        name_start = next((c.start for c in columns if c.concept == "level3"), columns[-1].stop)
        leading = row.filled[0].start <= name_start
        if self.total_row(row, first, name_start):
            self.form.totals.append((row, columns))
            return True
        parts = assign(row, columns, self.lexicon, self.form.indicator_width)
        if leading and first in ENDS_INDICATORS and not any(is_indicator(part) for part in parts):
            return False
        for assigned in parts:
            if is_total(assigned):
                self.form.totals.append((assigned.row, columns))
            elif not is_subtotal(assigned, self.lexicon):
                self.form.indicators.append(assigned)
        return True

    def total_row(self, row: Row, first: str | None, name_start: int) -> bool:
        """Whether the row states the total: its word leads the row, or follows the grade (评价等次 | 优 | 总分 | …).

        Without rules the word stands wherever the middle of its merged cell is, left of the points and the score.
        """
        assert self.form is not None
        columns = self.form.indicator_columns
        label = next((slot for slot in row.filled if self.lexicon.key(slot.text) == "total"), None)
        figures = [column.start for column in columns if column.concept in ("points", "score")]
        if label is None or not figures:
            return first == "total" and row.filled[0].start <= name_start
        before = [slot for slot in row.filled if slot.start < label.start]
        known = not before or (first == "grade" and len(before) == 2)
        reach = min(figures) if row.grid.geometry == "slots" or before else name_start + 1
        return known and label.start < reach

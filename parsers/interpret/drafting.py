"""The drafts while rows are sorted into them: the open context and form, and what the rows before were (起草状态)."""

from __future__ import annotations

from typing import Literal

from parsers.document import Place
from parsers.interpret.align import assign
from parsers.interpret.columns import header_columns
from parsers.interpret.drafts import Context, FormDraft, GoalHead
from parsers.interpret.facts import Facts, State
from parsers.interpret.header_rows import are_uneven, is_continuation, stands_in_gaps
from parsers.interpret.recognise import label_columns
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon

Table = Literal["funding", "indicators"]


class Drafting:
    """What the next row finds: the open context, the open form, the state, and heads that are not complete yet."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.contexts: list[Context] = [Context()]
        self.form: FormDraft | None = None
        self.state: State = "open"
        self.header: list[Row] = []
        self.header_of: Table = "funding"
        self.section: Row | None = None
        self.goal_heads: list[GoalHead] = []
        self.sides: list[tuple[int, str]] = []
        self.pair_concepts: dict[int, str] = {}
        self.lines: list[str] = []

    @property
    def context(self) -> Context:
        return self.contexts[-1]

    def facts(self, row: Row) -> Facts:
        return Facts(row, self.lexicon, self.state, self.context, self.form, self.pair_concepts)

    def open_context(self) -> None:
        """Begin a new printed form or report, unless the open one is still empty."""
        self.close_header()
        if self.context.has_body:
            self.contexts.append(Context())
        self.form, self.state = None, "open"

    def need_form(self, place: Place) -> FormDraft:
        """The open form; where there is none, one that begins at `place` below the short lines before it."""
        if self.form is None:
            self.form = FormDraft(place, list(self.lines))
            self.lines = []
            self.context.forms.append(self.form)
        return self.form

    def take_back(self, row: Row) -> None:
        """Forget a row below the heads of funds that turned out to be only the first part of a line."""
        form = self.need_form(row.place)
        form.funding = [line for line in form.funding if line.assigned.row is not row]
        form.funding_block = [one for one in form.funding_block if one is not row]
        self.context.loose = [one for one in self.context.loose if one is not row]

    def begin_table(self) -> None:
        """A table after a finished form is a table of its own, not more indicators."""
        if self.form is not None and self.form.totals and self.state == "indicators":
            self.state = "open"

    # -- heads of tables -------------------------------------------------------------------------------------

    def start_header(self, row: Row, table: Table, section: Row | None = None) -> None:
        """Heads begin; `section` is a row above them with the name of level 1 for all rows below."""
        self.need_form(row.place).lines.extend(self.lines)
        self.header, self.header_of, self.state = [row], table, "heads"
        self.section = section

    def continues_header(self, row: Row) -> bool:
        if row.grid is not self.header[0].grid:
            return False
        in_gaps = len(self.header) > 1 and stands_in_gaps(row, self.header[-1])
        return in_gaps or is_continuation(row, self.header[0], self.header_of, self.lexicon)

    def close_header(self) -> None:
        """Settle what the columns mean once the rows of heads are over."""
        if not self.header:
            return
        rows, self.header = self.header, []
        columns = header_columns(rows, self.lexicon)
        width = 0 if are_uneven(rows) else rows[0].grid.n_cols
        form = self.need_form(rows[0].place)
        if self.header_of == "funding":
            form.funding_columns = label_columns(columns)
            form.funding_width = width
            form.funding_block.extend(rows)
            self.sides = []
        else:
            form.indicator_columns = columns
            form.indicator_width = width
            if self.section is not None:
                form.indicators.extend(assign(self.section, columns, self.lexicon, width))
        self.state = self.header_of

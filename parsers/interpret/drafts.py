"""Forms and reports while they are being collected: rows and lines sorted, nothing parsed yet (草稿)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from parsers.document import Paragraph, Place
from parsers.interpret.align import Assigned
from parsers.interpret.column import Column
from parsers.interpret.pairs import LabelledValue
from parsers.interpret.rows import Row, Slot

GoalSide = Literal["goal_expected", "goal_adjusted", "goal_actual"]
LONG = 60
"""Characters from which a line is prose, not a line of a head."""


@dataclass(frozen=True, slots=True)
class HeadItem:
    """A label and its value in the head or tail of a form, with where the value stands."""

    pair: LabelledValue
    place: Place
    row: Row | None = None


@dataclass(frozen=True, slots=True)
class GoalCell:
    """A piece of the goal text: which side, the words at its head, and the slot it stands in."""

    side: GoalSide
    head: str
    text: str
    slot: Slot
    row: Row

    @property
    def place(self) -> Place:
        printed, row = self.slot.cell, self.row.place
        page = printed.page if printed.page is not None else row.page
        return Place(row.locator, page, printed.bbox or row.bbox)


@dataclass(frozen=True, slots=True)
class GoalFigure:
    """A figure beside the goals, under a head of its own (总体完成率)."""

    head: str
    slot: Slot
    row: Row


@dataclass(frozen=True, slots=True)
class FundingLine:
    """A row of the funding block with its columns assigned."""

    assigned: Assigned
    label: str


@dataclass(frozen=True, slots=True)
class SideAmount:
    """`label：amount` in one cell of the funding block; `side` is the heading it stands under (按收入性质分)."""

    side: str
    label: str
    value: str
    slot: Slot
    row: Row


@dataclass(frozen=True, slots=True)
class GoalHead:
    """A head over the goals: which side, or None for a rate beside them, with the column where it stands."""

    side: GoalSide | None
    text: str
    start: int


@dataclass(slots=True)
class FormDraft:
    """One form while it is being collected.

    `lines` are the short lines just above it: title, year, unit. The widths are those of the grids that the headers
    stand in; 0 where the header itself is damaged, so that no position below it counts.
    """

    place: Place
    lines: list[str] = field(default_factory=list)
    head: list[HeadItem] = field(default_factory=list)
    funding_columns: tuple[Column, ...] = ()
    funding_width: int = 0
    funding_block: list[Row] = field(default_factory=list)
    funding: list[FundingLine] = field(default_factory=list)
    side_amounts: list[SideAmount] = field(default_factory=list)
    goals: list[GoalCell] = field(default_factory=list)
    told_funds: list[Paragraph] = field(default_factory=list)
    goal_figures: list[GoalFigure] = field(default_factory=list)
    indicator_columns: tuple[Column, ...] = ()
    indicator_width: int = 0
    indicators: list[Assigned] = field(default_factory=list)
    totals: list[tuple[Row, tuple[Column, ...]]] = field(default_factory=list)
    subtotals: list[tuple[Row, tuple[Column, ...]]] = field(default_factory=list)

    @property
    def has_body(self) -> bool:
        return bool(self.funding_columns or self.indicator_columns)


@dataclass(slots=True)
class Context:
    """One printed form or report: its title lines, the forms in it, its prose and its other tables.

    `lines` are titles and paragraphs together, in reading order.
    """

    titles: list[Paragraph] = field(default_factory=list)
    head_lines: list[Paragraph] = field(default_factory=list)
    head: list[HeadItem] = field(default_factory=list)
    forms: list[FormDraft] = field(default_factory=list)
    paragraphs: list[Paragraph] = field(default_factory=list)
    lines: list[Paragraph] = field(default_factory=list)
    loose: list[Row] = field(default_factory=list)
    is_public: bool = False
    """Whether it begins with a table or chapter of the budget or the accounts that carry a self-evaluation."""

    @property
    def has_body(self) -> bool:
        return bool(self.forms or self.loose or any(len(p.text) > LONG for p in self.paragraphs))

"""What can be said of a row by itself and of its place in the form it stands in (一行的事实).

Computed once per row, each fact when it is first asked for; `kinds` decides by them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from parsers.interpret.align import Assigned, assign
from parsers.interpret.concepts import HEAD_KEYS, MONEY_COLUMNS, RATES
from parsers.interpret.drafts import Context, FormDraft, GoalHead, GoalSide
from parsers.interpret.pairs import LabelledValue, inline_amount, is_unknown_label, row_pairs
from parsers.interpret.recognise import (
    MoneyPair,
    funding_label,
    is_figure,
    is_indicator,
    labels_inside,
    money_pairs,
    names_goal,
    pair_concept,
    side_alone,
    with_label_column,
    without_labels_inside,
    without_side_cell,
)
from parsers.interpret.rows import Row, Slot
from schemas.lexicon import Lexicon
from schemas.quantities import parse_money

State = Literal["open", "heads", "funding", "goal", "indicators", "figures"]
"""What the rows before were: nothing in particular, heads of a table, or rows of such a block."""

_BESIDE_UNKNOWN = HEAD_KEYS | {"grade", "budget_code", "fiscal_year", "report_date"}
"""Labels that are known for what they are behind a label that is not (评价类型 | 事后 | 自评结论 | 良)."""

_GOAL_RATES = RATES | {"score", "points"}
_BECAME_OF = RATES | {"executed", "arrived", "other_money", "score"}

GoalLabel = Literal["goal"] | GoalSide | None


@dataclass(frozen=True)
class Facts:
    """A row, the form and context it stands in, and what follows from them."""

    row: Row
    lexicon: Lexicon
    state: State
    context: Context
    form: FormDraft | None
    pair_concepts: Mapping[int, str]
    """What the labels of money named in the first row of such pairs, by the column each stands in."""

    # -- the row alone ---------------------------------------------------------------------------------------

    @cached_property
    def filled(self) -> tuple[Slot, ...]:
        return self.row.filled

    @cached_property
    def alone(self) -> Slot | None:
        """The only filled cell."""
        return self.filled[0] if len(self.filled) == 1 else None

    @cached_property
    def keys(self) -> tuple[str | None, ...]:
        """What each filled cell is as a label of the head or tail."""
        return tuple(self.lexicon.key(slot.text) for slot in self.filled)

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """What the filled cells are as heads of columns, those that are none left out."""
        return tuple(concept for slot in self.filled if (concept := self.lexicon.column(slot.text)))

    @cached_property
    def figures(self) -> int:
        """How many cells hold a number, an amount or a percentage."""
        return sum(is_figure(slot.text) for slot in self.filled)

    @cached_property
    def pairs(self) -> list[LabelledValue]:
        return row_pairs(self.row, self.lexicon)

    @cached_property
    def first(self) -> str | None:
        """What the row's first label is; a pair inside the first cell (`填报日期：2023-06-10`) counts.

        A label that the lexicon does not know (经办股室：| 甲股 | 主管部门：| 乙局) leaves it to the first known one.
        """
        inside = bool(self.pairs) and self.pairs[0].slots == (self.filled[0],)
        return self.keys[0] or (self.pairs[0].concept if inside else None) or self._head_beside_unknown

    @cached_property
    def _head_beside_unknown(self) -> str | None:
        if not (is_unknown_label(self.filled[0], self.lexicon) or self._stands_beside_head):
            return None
        return next((pair.concept for pair in self.pairs if pair.concept in _BESIDE_UNKNOWN), None)

    @property
    def _stands_beside_head(self) -> bool:
        """Whether a label and its value, above any table, have a known label with its value behind them."""
        below_table = self.context.has_body if self.form is None else self.form.has_body
        if below_table or len(self.filled) not in (4, 6) or self.keys[2] not in _BESIDE_UNKNOWN:
            return False
        return not any(self.lexicon.key(slot.text) or self.lexicon.column(slot.text) for slot in self.filled[1::2])

    @cached_property
    def names_head(self) -> bool:
        """Whether the row begins with a label of a form's head, behind the name of a block that reaches over rows."""
        side = self.filled[0]
        reaches_down = side.own and side.cell.row_span > 1
        is_side = self.keys[0] is None and len(self.filled) > 2 and (reaches_down or self._leaves_pairs)
        return self.first in HEAD_KEYS or (is_side and self.keys[1] in HEAD_KEYS)

    @property
    def _leaves_pairs(self) -> bool:
        """Whether the cells behind the first one, above any table, are labels and values in turn: 项目基本信息 |
        项目名称 | 古树保护 | 项目类别 | 一次性, where a text leaves out the spans."""
        labels = self.keys[1::2]
        above_table = self.form is None or not self.form.has_body
        return above_table and len(self.filled) % 2 == 1 and not any(self.keys[2::2]) and None not in labels

    @cached_property
    def money_pairs(self) -> list[MoneyPair]:
        return money_pairs(self.row, self.lexicon)

    @cached_property
    def money_concepts(self) -> tuple[str, ...]:
        """The columns that the labels of `money_pairs` stand for; empty text for the name of a source.

        A sum stands for what the block before it is called (资金使用情况 | 合计：| 98); of several sums the one of the
        year for its budget.
        """
        sums = [pair.label.text for pair in self.money_pairs if self.lexicon.is_funding_total(pair.label.text)]
        yearly = [text for text in sums if self.lexicon.is_yearly(text)] if len(sums) > 1 else []
        concepts = self._without_stand_ins(tuple(self._money_concept(pair, yearly) for pair in self.money_pairs))
        return ("annual_budget", *concepts[1:]) if self._is_source_with_spending(concepts) else concepts

    def _without_stand_ins(self, concepts: tuple[str, ...]) -> tuple[str, ...]:
        """调整数 beside 全年预算数 in a row is other money; alone it stands for it."""
        named = [self.lexicon.column(pair.label.text) for pair in self.money_pairs]
        return tuple(
            "other_money" if concept and concept != word and concept in named else concept
            for concept, word in zip(concepts, named, strict=True)
        )

    def _is_source_with_spending(self, concepts: tuple[str, ...]) -> bool:
        """Whether a source's amount stands before what became of it: 财政拨款 | 500 | 实际支出 | 480."""
        granted = bool(concepts) and not concepts[0] and self.money_pairs[0].value is not None
        return granted and "executed" in concepts and set(concepts[1:]) <= _BECAME_OF

    def _money_concept(self, pair: MoneyPair, yearly: list[str]) -> str:
        found = pair_concept(pair.label.text, self.lexicon)
        if found is not None:
            return found
        whole = self.lexicon.is_funding_total(pair.label.text)
        if whole and len(yearly) == 1:
            return "annual_budget" if pair.label.text in yearly else "other_money"
        return self.lexicon.money_of_block(pair.heading) if whole else ""

    @cached_property
    def side_amounts(self) -> list[tuple[Slot, str, str]]:
        """`label：amount` in one cell, with label and amount; nothing where another cell holds a figure."""
        found = [(slot, inline_amount(slot.cell.text)) for slot in self.filled if self.lexicon.key(slot.text) is None]
        if any(amount is None and is_figure(slot.text) for slot, amount in found):
            return []
        return [(slot, *amount) for slot, amount in found if amount is not None]

    # -- goals -----------------------------------------------------------------------------------------------

    @cached_property
    def goal_labels(self) -> list[tuple[GoalLabel, Slot]]:
        """Each filled cell with the side of the goal that it heads, if any."""
        labels: list[tuple[GoalLabel, Slot]] = []
        for slot in self.filled:
            headed = any(side == "goal_expected" for side, _ in labels)
            side = names_goal(slot, headed, self.lexicon)
            if side is None and labels and labels[0][0] == "goal":
                side = side_alone(slot.text)
            labels.append((side, slot))
        return _with_goal_as_side(labels)

    @cached_property
    def goal_heads(self) -> list[GoalHead]:
        """The heads over the goals, where the row heads nothing else but a rate beside them (总体完成率)."""
        sides = [slot for side, slot in self.goal_labels if side in ("goal_expected", "goal_actual")]
        heads = [
            GoalHead(side, slot.text, slot.start)
            for (side, slot), (_, left) in zip(self.goal_labels, [(None, None), *self.goal_labels], strict=False)
            if (side == "goal_expected" or side == "goal_actual") and not (left and left.text == slot.text)
        ]
        heads = _with_adjusted(heads)
        rates = [
            GoalHead(None, slot.text, slot.start)
            for side, slot in self.goal_labels
            if side is None and sides and slot.start > sides[0].start and self.lexicon.column(slot.text) in _GOAL_RATES
        ]
        others = [slot for side, slot in self.goal_labels if side is None and slot.text not in [r.text for r in rates]]
        both = len(heads) >= 2
        if both and all(slot.start < heads[0].start for slot in others):
            others = []  # the names of the block stand before its heads
        named = len(heads) == 1 and len(self.goal_labels) == 2 and self.goal_labels[0][0] == "goal"
        return sorted([*heads, *rates], key=lambda one: one.start) if not others and (both or named) else []

    # -- the row in its form ---------------------------------------------------------------------------------

    @cached_property
    def funding(self) -> Assigned:
        """The row under the heads of the form's funding block, without labels that stand beside their figures."""
        return without_labels_inside(self._funding_cells, self.lexicon)

    @property
    def names_columns(self) -> bool:
        """Whether labels beside the figures of the row name its columns for the rows below: 预算数 | 96.3."""
        labels = labels_inside(self._funding_cells, self.lexicon).values()
        return any(pair_concept(label.text, self.lexicon) in MONEY_COLUMNS for label in labels)

    @cached_property
    def _funding_cells(self) -> Assigned:
        assert self.form is not None
        columns = with_label_column(self.row, self.form.funding_columns, self.lexicon)
        plain = without_side_cell(self.row, columns, self.lexicon)
        return assign(plain, columns, self.lexicon, self.form.funding_width)[0]

    @cached_property
    def funding_label(self) -> str:
        inside = labels_inside(self._funding_cells, self.lexicon).values()
        return next((label.text for label in inside), "") or funding_label(self.funding, self.lexicon)

    @cached_property
    def has_money(self) -> bool:
        return any(parse_money(self.funding.text(concept)) is not None for concept in MONEY_COLUMNS)

    @cached_property
    def parts(self) -> list[Assigned]:
        """The row under the heads of the form's indicators; several where a dump glued rows together."""
        assert self.form is not None
        return assign(self.row, self.form.indicator_columns, self.lexicon, self.form.indicator_width)

    @cached_property
    def name_start(self) -> int:
        """Where the column of names begins in the form's indicators."""
        assert self.form is not None
        columns = self.form.indicator_columns
        return next((c.start for c in columns if c.concept == "level3"), columns[-1].stop)

    @cached_property
    def holds_indicator(self) -> bool:
        return any(is_indicator(part) for part in self.parts)

    @cached_property
    def heads_money_pairs(self) -> bool:
        return bool(self.money_concepts) and all(self.money_concepts)


def _with_adjusted(heads: list[GoalHead]) -> list[GoalHead]:
    """年初设定目标 | 全年（调整）目标 | 实际完成情况: the second of what was wanted is the adjusted goal."""
    sides = [head.side for head in heads]
    if sides == ["goal_expected", "goal_expected", "goal_actual"]:
        return [heads[0], replace(heads[1], side="goal_adjusted"), heads[2]]
    return heads if len(heads) <= 2 else []


def _with_goal_as_side(labels: list[tuple[GoalLabel, Slot]]) -> list[tuple[GoalLabel, Slot]]:
    """年度目标 beside 完成情况 alone heads what was wanted; a label that reaches down beside the goals names them."""
    sides = [side for side, _ in labels]
    reaches_down = labels[0][1].cell.row_span > 1
    if reaches_down and sides == ["goal_expected", "goal_expected", "goal_actual"]:
        return [("goal", labels[0][1]), *labels[1:]]
    if sides != ["goal", "goal_actual"] or reaches_down:
        return labels
    return [("goal_expected", labels[0][1]), labels[1]]

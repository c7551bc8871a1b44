"""Rows of the goals (总体目标的行)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.concepts import HEAD_KEYS
from parsers.interpret.drafting import Drafting
from parsers.interpret.drafts import GoalCell, GoalFigure, GoalHead, GoalSide
from parsers.interpret.facts import Facts
from parsers.interpret.flowing import flowing_text
from parsers.interpret.rows import Slot
from schemas.vocabulary import pattern

_NO_GOAL = HEAD_KEYS | {"total", "grade", "report_date"}
_SHORTEST_GOAL = 6
"""Characters of the longest text beside a goal's label that is none of its goals."""


def heads_goals(facts: Facts) -> bool:
    """A row with the words 预期目标 / 实际完成情况."""
    return bool(facts.goal_heads)


def take_goal_heads(drafting: Drafting, facts: Facts) -> None:
    drafting.goal_heads = facts.goal_heads
    drafting.state = "goal"


def is_labelled_goal(facts: Facts) -> bool:
    """A goal's label with the text beside it, or with two: the goal and what became of it."""
    labels = facts.goal_labels
    others = [slot for side, slot in labels[1:] if side is None and len(slot.text) > _SHORTEST_GOAL]
    most = 2 if labels[0][0] == "goal" else 1
    return labels[0][0] is not None and 0 < len(others) == len(labels) - 1 <= most


def take_labelled_goal(drafting: Drafting, facts: Facts) -> None:
    label, form = facts.goal_labels[0][0], drafting.need_form(facts.row.place)
    sides: tuple[GoalSide, ...] = ("goal_actual",) if label == "goal_actual" else ("goal_expected", "goal_actual")
    for side, (_, slot) in zip(sides, facts.goal_labels[1:], strict=False):
        form.goals.append(GoalCell(side, facts.filled[0].text, flowing_text(slot.cell), slot, facts.row))
    drafting.state = "open"


def is_goal_text(facts: Facts) -> bool:
    """Text below the heads of the goals."""
    begins_note = bool(facts.pairs) and facts.pairs[0].concept == "note"
    other = begins_note and facts.pairs[0].label == facts.filled[0].text
    return bool(_texts(facts)) and not other and not any(pair.concept in _NO_GOAL for pair in facts.pairs)


def take_goal_text(drafting: Drafting, facts: Facts) -> None:
    texts = _texts(facts)
    form = drafting.need_form(facts.row.place)
    for head, slot in zip(_heads_of(texts, drafting.goal_heads, exact=facts.row.exact), texts, strict=True):
        if head.side is None:
            form.goal_figures.append(GoalFigure(head.text, slot, facts.row))
        else:
            form.goals.append(GoalCell(head.side, head.text, flowing_text(slot.cell), slot, facts.row))


def _heads_of(texts: Sequence[Slot], heads: Sequence[GoalHead], *, exact: bool) -> list[GoalHead]:
    """The head of each text: the last that begins no further right.

    In their order where columns are no positions, and where texts that leave out a spanned label would come under one
    head of as many.
    """
    above = [[head for head in heads if head.start <= slot.start] for slot in texts]
    found = [(under or heads)[-1 if under else 0] for under in above]
    crowded = len({head.start for head in found}) < len(found)
    return list(heads) if len(texts) == len(heads) and (crowded or not exact) else found


def _texts(facts: Facts) -> list[Slot]:
    named = [slot for slot, key in zip(facts.filled, facts.keys, strict=True) if key not in ("goal", "side")]
    return [slot for slot in named if not pattern("goal_block").match(slot.text)]

"""Columns of targets and results whose heads alone do not say so (目标值、完成值列的推断)."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from parsers.interpret.column import Column, inferred
from parsers.interpret.concepts import BUDGETS, LEVEL_COLUMNS
from schemas.lexicon import Lexicon, normalise
from schemas.vocabulary import names_any, words

_INFERRED_ORDER = ("target", "actual", "points", "score", "deviation")


def with_bare_results(columns: list[Column]) -> list[Column]:
    """计划 (or any head of targets) | 完成 side by side behind the levels head what was to be reached and what was."""
    if not {column.concept for column in columns} & set(LEVEL_COLUMNS):
        return columns
    for at, (left, right) in enumerate(pairwise(columns)):
        planned = left.concept == "target" or _says_only(left, "goal_side_expected")
        if planned and (right.concept == "actual" or _says_only(right, "goal_side_actual")):
            results = replace(left, concept="target"), replace(right, concept="actual")
            return [*columns[:at], *results, *columns[at + 2 :]]
    return columns


def _says_only(column: Column, side: str) -> bool:
    return len(column.path) == 1 and normalise(column.path[0]) in words(side)


def with_goal_as_target(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """绩效目标 behind the levels heads the targets, in a table that has no other column of them."""
    concepts = [column.concept for column in columns]
    if "target" in concepts or not set(concepts) & set(LEVEL_COLUMNS):
        return columns
    last_level = max(index for index, concept in enumerate(concepts) if concept in LEVEL_COLUMNS)
    resolved = list(columns)
    for index, column in enumerate(columns[last_level + 1 :], last_level + 1):
        if column.concept == "side" and column.path and lexicon.key(column.path[-1]) == "goal":
            resolved[index] = replace(column, concept="target", inferred=True)
            break
    return resolved


def with_plan_as_target(columns: list[Column]) -> list[Column]:
    """计划数 behind the levels heads the targets, in a table that has no other column of them."""
    concepts = [column.concept for column in columns]
    levels = [index for index, concept in enumerate(concepts) if concept in LEVEL_COLUMNS]
    if not levels or {"target", "executed"} & set(concepts):
        return columns
    planned = [index for index in range(levels[-1] + 1, len(columns)) if concepts[index] in BUDGETS]
    if len(planned) != 1:
        return columns
    at = planned[0]
    return [*columns[:at], replace(columns[at], concept="target", inferred=True), *columns[at + 1 :]]


def with_remark_as_result(columns: list[Column]) -> list[Column]:
    """完成情况说明 is a remark beside the result; where no column states the result, it is the result."""
    if any(column.concept == "actual" for column in columns):
        return columns
    remarks = (
        index
        for index, column in enumerate(columns)
        if column.concept == "deviation" and names_any("completion_head", column.header)
    )
    position = next(remarks, None)
    return columns if position is None else inferred(columns, position, "actual")


def with_blanks_inferred(columns: tuple[Column, ...], lexicon: Lexicon) -> tuple[Column, ...]:
    """Heads lost from a damaged header: after the level columns, blanks follow the order every form uses."""
    concepts = {column.concept for column in columns}
    if "level3" not in concepts or concepts & set(_INFERRED_ORDER):
        return columns
    last_level = max(index for index, column in enumerate(columns) if column.concept in LEVEL_COLUMNS)
    tail = columns[last_level + 1 :]
    if not tail or any(column.concept != "blank" for column in tail) or len(tail) not in (4, 5):
        return columns
    return columns[: last_level + 1] + tuple(
        replace(column, concept=concept, inferred=True) for column, concept in zip(tail, _INFERRED_ORDER, strict=False)
    )

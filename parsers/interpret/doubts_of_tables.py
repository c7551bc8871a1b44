"""What is doubtful in the tables beside a form: heads that are none, scores of no indicator (其他数表存疑之处)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from parsers.document import Problem
from parsers.said import place_of
from schemas.lexicon import Lexicon, squeeze
from schemas.records import Amount, EvaluationRecords

_SCORED = frozenset({"points", "score"})
_PERCENT = "pct"
_FEWEST_ALIKE = 3
_FEWEST_SCORED = 3
"""Rows with a score from which a table is one of indicators."""


def doubts_of_tables(amounts: Sequence[Amount], part: EvaluationRecords, lexicon: Lexicon) -> list[Problem]:
    """Doubts about the figures of the tables beside a form's own."""
    return [*_headed_by_values(amounts, part), *_unread_scores(amounts, part, lexicon)]


def _headed_by_values(amounts: Sequence[Amount], part: EvaluationRecords) -> Iterator[Problem]:
    """Figures under what is no head but the name of the project or of an office: their own heads are lost."""
    evaluation = part.evaluation
    names = {squeeze(name) for name in (evaluation.project_name, evaluation.unit, evaluation.department) if name}
    named = (amount for amount in amounts if amount.measure and squeeze(amount.measure) in names)
    found = next(chain(named, _under_one_head(amounts)), None)
    if found is not None:
        text = f"{found.locator}：其上是“{found.measure}”，不是列标题，各列是什么未能确定，请核对原文。"
        yield Problem("heads_missing", text, place_of(found))


def _under_one_head(amounts: Sequence[Amount]) -> Iterator[Amount]:
    """Rows with several figures under one and the same head, a percentage among them."""
    rows: dict[tuple[str | None, str | None], list[Amount]] = {}
    for amount in amounts:
        rows.setdefault((amount.locator, amount.measure), []).append(amount)
    for (_, measure), found in rows.items():
        units = {amount.unit for amount in found}
        if measure and len(found) >= _FEWEST_ALIKE and _PERCENT in units and len(units) > 1:
            yield found[0]


def _unread_scores(amounts: Sequence[Amount], part: EvaluationRecords, lexicon: Lexicon) -> Iterator[Problem]:
    """Rows with points and scores of their own beside a form of which no indicator was read."""
    if part.indicators:
        return
    scored = [amount for amount in amounts if amount.measure and lexicon.column(amount.measure) in _SCORED]
    concepts = {lexicon.column(amount.measure or "") for amount in scored}
    rows = {amount.locator for amount in scored if lexicon.column(amount.measure or "") == "score"}
    if concepts == _SCORED and len(rows) >= _FEWEST_SCORED:
        text = f"{scored[0].locator} 起有分值和得分而没有读出指标，请核对原文。"
        yield Problem("self_evaluation_not_read", text, place_of(scored[0]))

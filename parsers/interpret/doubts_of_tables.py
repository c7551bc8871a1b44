"""What is doubtful in the tables beside a form: heads that are none, scores of no indicator (其他数表存疑之处)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from parsers.document import Problem
from parsers.interpret.align import Assigned
from parsers.said import place_of
from schemas.lexicon import Lexicon, squeeze
from schemas.records import Amount, EvaluationRecords, FundingRow, Indicator

_SCORED = ("points", "score", "actual")
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
    """Rows with points and scores of their own beside a form of which no indicator was read; rows with results or
    scores beside one whose indicators have none: its right half on a page of its own."""
    by_concept = {
        concept: [one for one in amounts if one.measure and lexicon.column(one.measure) == concept]
        for concept in _SCORED
    }
    found = {
        concept: rows for concept, rows in by_concept.items() if len({one.locator for one in rows}) >= _FEWEST_SCORED
    }
    if part.indicators:
        lost = [rows[0] for concept, rows in found.items() if not _has_any(part.indicators, concept)]
        text = "有分值、得分或完成值，而表中各指标没有，可能是同一张表分作了两半"
    else:
        lost = found["score"][:1] if "score" in found and by_concept["points"] else []
        text = "起有分值和得分而没有读出指标"
    for first in lost[:1]:
        yield Problem("self_evaluation_not_read", f"{first.locator} {text}，请核对原文。", place_of(first))


def scores_lost(
    funding: Sequence[FundingRow], rows: Sequence[Assigned], indicators: Sequence[Indicator]
) -> list[Problem]:
    """The execution of the budget has a score and none of the indicators has, though there is a column for it: the
    column is lost, or its figures stand under another head."""
    headed = any(column.concept == "score" for row in rows[:1] for column in row.columns)
    scored = any(row.score is not None for row in funding) and not any(one.score is not None for one in indicators)
    pointed = [one for one in indicators if one.points is not None]
    if not headed or not scored or len(pointed) < _FEWEST_SCORED:
        return []
    text = f"{pointed[0].locator} 起各指标都没有得分，而预算执行有得分，得分一列可能缺失或错列，请核对原文。"
    return [Problem("uncertain_columns", text, place_of(pointed[0]))]


def _has_any(indicators: Sequence[Indicator], concept: str) -> bool:
    """Whether any of the indicators has a value of that kind."""
    return any(getattr(one, "actual_raw" if concept == "actual" else concept) is not None for one in indicators)

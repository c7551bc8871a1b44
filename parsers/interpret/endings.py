"""Forms whose end is missing: the last page lost, the text cut off (缺尾的表)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.drafts import FormDraft, HeadItem
from schemas.records import EvaluationRecords, FundingRow, Indicator

_TAIL = frozenset({"total", "grade"})
_FULL = Decimal(100)
_WITHOUT_EXECUTION = (Decimal(80), Decimal(90))
"""What the indicators make where the points of the execution are not printed (财预〔2020〕10号: 10; Hubei: 20)."""


def missing_end(form: FormDraft, items: Sequence[HeadItem], records: EvaluationRecords) -> Problem | None:
    """A form that breaks off: scored funds without indicators, or points that make no whole, and no total row."""
    ended = bool(form.totals) or any(item.pair.concept in _TAIL and item.pair.value for item in items)
    if ended:
        return None
    place = form.place
    if _scores_funds(form) and not form.indicator_columns:
        text = f"{place.locator}：表中有资金得分而没有绩效指标，也没有总分行，表的后半部分可能缺失，请核对原文。"
        return Problem("form_cut_off", text, place)
    total = _points(records.funding, records.indicators)
    if total is not None and total < _FULL and total not in _WITHOUT_EXECUTION:
        made = f"已读各项分值合计 {total.normalize():f}，不足 100"
        text = f"{place.locator}：{made}，且没有总分行，表的末尾可能缺失，请核对原文。"
        return Problem("form_cut_off", text, place)
    return None


def _scores_funds(form: FormDraft) -> bool:
    concepts = {column.concept for column in form.funding_columns}
    return bool(form.funding) and bool(concepts & {"points", "score"})


def _points(funding: Sequence[FundingRow], indicators: Sequence[Indicator]) -> Decimal | None:
    """The points of all rows; None where the indicators of a level have points together or none are printed."""
    printed = [row.points for row in indicators if row.points is not None]
    if not printed:
        return None
    execution = [row.points for row in funding if row.role == "total" and row.points is not None]
    return sum(printed, Decimal(0)) + sum(execution[:1], Decimal(0))

"""Forms whose end is missing: the last page lost, the text cut off (缺尾的表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.align import Assigned
from parsers.interpret.drafts import Context, FormDraft, HeadItem
from parsers.interpret.rows import Row
from schemas.lexicon import lexicon, squeeze
from schemas.records import EvaluationRecords, FundingRow, Indicator
from schemas.vocabulary import words

_TAIL = frozenset({"total", "grade", "report_date", "person", "note"})
"""What stands below the indicators of a form: its score and grade, who filled it in and when, a note."""
_PART = words("part_mark")
_FULL = Decimal(100)
_WITHOUT_EXECUTION = (Decimal(80), Decimal(90))
"""What the indicators make where the points of the execution are not printed (财预〔2020〕10号: 10; Hubei: 20)."""
_LAST_CATEGORY = "satisfaction"
_FEWEST_ROWS = 4
"""Indicators from which outputs and benefits alone are not all of a form."""
_LONG = 8
"""Indicators from which a form is no short one that may do without."""
_RESULTS = frozenset({"actual", "points", "score"})


@dataclass(frozen=True, slots=True)
class Ending:
    """How a form ends: whether nothing follows it in its document, on a last page that is full, and whether the rest of
    it may stand elsewhere (a table of indicators without funds), or its funds (a table of funds without indicators)."""

    is_last: bool = False
    page_is_full: bool = False
    goes_on_elsewhere: bool = False
    funds_elsewhere: bool = False


def missing_end(form: FormDraft, context: Context, records: EvaluationRecords, ending: Ending) -> Problem | None:
    """A form that breaks off: funds without indicators, points that make no whole, a full last page, and no closing."""
    if form.totals:
        what = None if ending.funds_elsewhere else _lacks_funds(records)
    else:
        what = _lacks_points(records) or (None if _has_tail(form, context) else _lost(form, context, records, ending))
    return Problem("form_cut_off", f"{form.place.locator}：{what}，请核对原文。", form.place) if what else None


def _lost(form: FormDraft, context: Context, records: EvaluationRecords, ending: Ending) -> str | None:
    """What tells that the rest of a form without a closing is missing."""
    if not records.indicators:
        of_targets = bool(form.goals) or records.evaluation.kind == "transfer" or _names_levels(context)
        expected = _scores_funds(form) or (ending.is_last and of_targets)
        if not expected or ending.goes_on_elsewhere:
            return None
        return "表中有资金而没有绩效指标，也没有总分行，表的后半部分可能缺失"
    if not ending.is_last:
        return None
    points = _points(records.funding, records.indicators)
    if points in _WITHOUT_EXECUTION and _ends_with_benefits(records):
        return f"已读各项分值合计 {points.normalize():f}，没有读到满意度指标，也没有总分行，表的末尾可能缺失"
    if _breaks_off(form.indicators):
        return "最后一行指标没有读到完成值和得分，其后也没有任何内容，表的末尾可能缺失"
    if _lacks_last_points(form.indicators):
        return "最后一行指标没有读到分值和得分，其后也没有任何内容，表的末尾可能缺失"
    if points is None and _has_outputs_only(records):
        return "指标表只读到产出指标，其后也没有任何内容，表的末尾可能缺失"
    if points is None and _lacks_satisfaction(records):
        return "指标表没有读到满意度指标，其后也没有任何内容，表的末尾可能缺失"
    if ending.page_is_full:
        return "表印满了最后一页，而没有总分行、填报人等结尾，其后的页可能缺失"
    return None


def _names_levels(context: Context) -> bool:
    """Whether a row that was not read holds the name of a level 1: the head of indicators that are gone."""
    return any(lexicon().is_level1(slot.text) for row in context.loose for slot in row.filled)


def _lacks_points(records: EvaluationRecords) -> str | None:
    """Points that make no whole, in a form without a total row: rows are missing, at the end or on a page before it."""
    total = _points(records.funding, records.indicators)
    if total is None or total >= _FULL or (total in _WITHOUT_EXECUTION and not _execution(records.funding)):
        return None
    return f"已读各项分值合计 {total.normalize():f}，不足 100，且没有总分行，表的一部分可能缺失"


def _lacks_funds(records: EvaluationRecords) -> str | None:
    """Indicators that make the total only with the points of the execution, in a form without a block of funds."""
    evaluation, points = records.evaluation, _points((), records.indicators)
    if records.funding or evaluation.total_points != _FULL or points not in _WITHOUT_EXECUTION:
        return None
    scores = sum((row.score for row in records.indicators if row.score is not None), Decimal(0))
    if evaluation.total_score is not None and evaluation.total_score <= scores:
        return None
    return f"指标分值合计 {points.normalize():f}，总分 100，没有读到资金和预算执行得分，表的一部分可能缺失"


def _has_tail(form: FormDraft, context: Context) -> bool:
    """Whether a line of a form's tail stands below its last row of figures."""
    rows = list(_body(form))
    last = max((_position(row) for row in rows), default=None)
    below = (item for item in (*form.head, *context.head) if item.pair.concept in _TAIL)
    return any(_is_below(item, last, item in form.head) for item in below)


def _body(form: FormDraft) -> Iterator[Row]:
    yield from (line.assigned.row for line in form.funding)
    yield from (assigned.row for assigned in form.indicators)
    yield from (cell.row for cell in form.goals)


def _position(row: Row) -> tuple[int, int]:
    return row.grid.number, row.index


def _is_below(item: HeadItem, last: tuple[int, int] | None, of_form: bool) -> bool:
    """Lines outside tables are a form's own only where they follow it."""
    if item.row is None:
        return of_form
    return last is not None and _position(item.row) > last


def _scores_funds(form: FormDraft) -> bool:
    concepts = {column.concept for column in form.funding_columns}
    return bool(form.funding) and bool(concepts & {"points", "score"})


def _points(funding: Sequence[FundingRow], indicators: Sequence[Indicator]) -> Decimal | None:
    """The points of all rows; None where the indicators of a level have points together or none are printed.

    The last row may lack its own: it may be the one that is cut. Rows that tell parts of one above have none.
    """
    whole = [row for row in indicators if row.points is not None or not squeeze(row.level3 or "").startswith(_PART)]
    printed = [row.points for row in whole if row.points is not None]
    if not printed or len(printed) < len(whole) - 1:
        return None
    return sum(printed, Decimal(0)) + sum(_execution(funding), Decimal(0))


def _execution(funding: Sequence[FundingRow]) -> list[Decimal]:
    """The points of the execution of the budget, if they are printed."""
    return [row.points for row in funding if row.role == "total" and row.points][:1]


def _ends_with_benefits(records: EvaluationRecords) -> bool:
    """Whether a form of some rows has outputs and benefits, and neither satisfaction nor a score of its execution."""
    scored = any(row.score is not None for row in records.funding)
    parts = {(row.category or "").split(".")[0] for row in records.indicators}
    enough = len(records.indicators) >= _FEWEST_ROWS and {"output", "benefit"} <= parts
    return enough and not scored and _LAST_CATEGORY not in parts


def _has_outputs_only(records: EvaluationRecords) -> bool:
    """Whether some rows of a transfer are all outputs: such forms go on with benefits."""
    parts = {(row.category or "").split(".")[0] for row in records.indicators}
    of_transfer = records.evaluation.kind == "transfer" and len(records.indicators) >= _FEWEST_ROWS
    return of_transfer and parts <= {"output", "cost"}


def _lacks_satisfaction(records: EvaluationRecords) -> bool:
    """Whether a long form of a transfer lacks the part that such forms end with (产出、效益、满意度)."""
    long = records.evaluation.kind == "transfer" and len(records.indicators) >= _LONG
    return long and not _has_satisfaction(records)


def _has_satisfaction(records: EvaluationRecords) -> bool:
    return any((row.category or "").startswith(_LAST_CATEGORY) for row in records.indicators)


def _lacks_last_points(rows: Sequence[Assigned]) -> bool:
    """Whether the last row is the only one that has neither the points nor the score that its table has columns for."""
    if not rows or not {"points", "score"} <= {column.concept for column in rows[-1].columns}:
        return False
    *others, has_any = [bool(row.text("points") or row.text("score")) for row in rows]
    return all(others) and not has_any


def _breaks_off(rows: Sequence[Assigned]) -> bool:
    """Whether the last row holds none of the results that its table has columns for, or is the only one without one."""
    if not rows:
        return False
    asked = {column.concept for column in rows[-1].columns} & _RESULTS
    if len(asked) > 1 and not any(rows[-1].text(concept) for concept in asked):
        return True
    if "actual" not in asked or rows[-1].text("score"):
        return False
    told = [bool(row.text("actual")) for row in rows]
    return len(told) > 1 and told == [True] * (len(told) - 1) + [False]

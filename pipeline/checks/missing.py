"""Whether rows of the indicator table are missing from the source or were not read (缺行)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.relations import scored_funding
from schemas.decimals import ZERO
from schemas.records import Subject


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What the extracted points reach of the stated total, and whether rows must be missing (分值缺口)."""

    stated: Decimal | None
    found: Decimal
    rows_missing: bool
    reason: str
    subjects: tuple[Subject, ...]
    printed: bool = True
    """Whether the total was read, rather than taken to be the usual one."""
    execution_unread: bool = False
    """Whether just what forms usually give to the execution of the budget is lacking, and none was read."""


def shortfall(form: Form, rules: Rules) -> Shortfall:
    """Compare the extracted points with the stated total.

    Points short of the total are the report's own error where everything else shows a whole table (the scores add up);
    they are missing rows where rows are half there, the reading reported trouble, or the scores are short as well.
    """
    evaluation = form.evaluation
    points = [Subject("indicators", row.ordinal, "points") for row in form.indicators]
    cells = [*scored_funding(form, "points"), *(ref for ref in points if ref in form.cells)]
    found = sum((form.cells[ref].value for ref in cells), ZERO)
    if _tells_indicators(form):
        return Shortfall(None, found, True, "指标写在正文里，正文不必逐项列全", ())
    if evaluation is None or not any(ref in form.cells for ref in points):
        return Shortfall(None, found, False, "", ())
    column = "total_points" if evaluation.total_points else "total_score"
    stated = evaluation.total_points or evaluation.total_score
    if stated is None:
        return _without_total(form, found, tuple(cells), rules)
    subjects = (Subject("evaluations", evaluation.ordinal, column), *cells)
    high = sum((form.cells[ref].interval.high for ref in cells), ZERO)
    reason = _reason(form, stated - found) if stated > high else ""
    if not reason and not evaluation.total_points and (reason := _scores_short_too(form, rules.usual_total - found)):
        return Shortfall(rules.usual_total, found, True, reason, subjects, printed=False)
    execution_unread = _execution_unread(form, stated - found)
    if reason and execution_unread:
        reason = "与没有读到的预算执行分值相当"
    return Shortfall(stated, found, bool(reason), reason, subjects, execution_unread=execution_unread)


EXECUTION_POINTS = (Decimal(10), Decimal(20))
"""Points that forms give to the execution of the budget."""


def _execution_unread(form: Form, lacking: Decimal) -> bool:
    """Whether just the points that forms give to the execution are lacking: of no funding table, or with its score."""
    if lacking not in EXECUTION_POINTS:
        return False
    scores = [row.score for row in form.funding if row.role == "total" and row.score is not None]
    given = scored_funding(form, "points")
    return (bool(scores) and not given and max(scores) <= lacking) or not (form.funding or _cut_rows(form))


def _tells_indicators(form: Form) -> bool:
    """Whether the indicators stand in sentences: prose need not tell all of them."""
    sentences = {amount.locator for amount in form.amounts if amount.origin == "prose"}
    return bool(form.indicators) and all(row.locator in sentences for row in form.indicators)


def _without_total(form: Form, found: Decimal, cells: tuple[Subject, ...], rules: Rules) -> Shortfall:
    """No total was read: only rows that are visibly cut tell that the usual total is not reached."""
    cut = _cut_rows(form)
    if cut and found < rules.usual_total:
        return Shortfall(rules.usual_total, found, True, cut, cells, printed=False)
    return Shortfall(None, found, False, "", ())


def _cut_rows(form: Form) -> str:
    """What shows that rows are half there, as a remark; "" where nothing does."""
    halves = [row for row in form.indicators if (row.points is None) != (row.score is None)]
    if halves and any(row.score is not None for row in form.indicators):
        return f"有{len(halves)}行只剩分值或得分"
    return "读取时有未读出之处" if form.half_read else ""


def _reason(form: Form, lacking: Decimal) -> str:
    """Why points short of the stated total mean missing rows; "" where the report itself is wrong."""
    assert form.evaluation is not None
    scored = any(row.score is not None for row in form.indicators)
    if cut := _cut_rows(form):
        return cut
    if form.evaluation.total_score is None or not scored:
        return "没有得分可供对照"
    return _scores_short_too(form, lacking)


def _scores_short_too(form: Form, lacking: Decimal) -> str:
    """Whether the scores fall short of their total as the points do: then rows are missing, not wrong; a remark."""
    total = form.evaluation.total_score if form.evaluation else None
    scored = [row for row in form.indicators if row.score is not None]
    if total is None or not scored:
        return ""
    refs = [*scored_funding(form, "score"), *(Subject("indicators", row.ordinal, "score") for row in scored)]
    got = sum((form.cells[ref].value for ref in refs if ref in form.cells), ZERO)
    return "得分合计同样不足" if ZERO < total - got <= lacking else ""

"""What the checks see of a document: its forms with their printed cells (核对对象的取得)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.printed import level_cells, money_cells, point_cells, rate_cells, total_cells
from pipeline.checks.relations import whole_point_scores
from schemas.records import DocumentRecords, EvaluationRecords, FundingRow, Indicator, ProblemRow


def forms_of(records: DocumentRecords, rules: Rules) -> Iterator[Form]:
    """What the checks see: each evaluation. Figures that belong to none are no self-evaluation and are not checked."""
    for evaluation in records.evaluations:
        yield form_of(records, evaluation, rules)


def form_of(records: DocumentRecords, e: EvaluationRecords, rules: Rules) -> Form:
    """One evaluation with its printed cells."""
    multiple = rules.exact_multiple
    cells = [
        *money_cells(e.funding),
        *rate_cells(e.funding),
        *point_cells(e.funding, "funding", multiple),
        *point_cells(e.indicators, "indicators", multiple),
        *level_cells(e.indicators),
        *total_cells(e.evaluation),
    ]
    found = {cell.ref: cell for cell in cells}
    form = Form(
        records.document,
        e.evaluation,
        e.funding,
        e.indicators,
        e.amounts,
        e.sections,
        found,
        half_read=any(
            _concerns(problem, e) for problem in records.problems if problem.code not in rules.harmless_problems
        ),
    )
    return replace(form, cells=found | whole_point_scores(form))


_LINE = re.compile(r"(?:line|行)\s*(\d+)")


def _concerns(problem: ProblemRow, e: EvaluationRecords) -> bool:
    """Whether a problem of the reading lies where this evaluation stands; unknown places concern everybody."""
    rows: tuple[FundingRow | Indicator, ...] = (*e.funding, *e.indicators)
    if problem.page is not None:
        pages = {row.page for row in rows if row.page is not None} | {e.evaluation.page} - {None}
        return not pages or problem.page in pages
    place = _LINE.search(problem.locator or "")
    lines = [int(match[1]) for row in rows if (match := _LINE.search(row.locator or ""))]
    return not place or not lines or min(lines) <= int(place[1]) <= max(lines)

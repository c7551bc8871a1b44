"""What the checks see of a document: its forms with their printed cells (核对对象的取得)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.printed import level_cells, money_cells, point_cells, rate_cells, total_cells
from pipeline.checks.relations import whole_point_scores
from schemas.decimals import ZERO
from schemas.lexicon import normalise
from schemas.locators import lies_among
from schemas.records import DocumentRecords, EvaluationRecords, FundingRow, Indicator, ProblemRow

_NO_NUMBER = -1


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
    heads = _heads(e.indicators, rules)
    found = {cell.ref: cell for cell in cells if cell.ref.table != "indicators" or cell.ref.ordinal not in heads}
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


def _heads(rows: Sequence[Indicator], rules: Rules) -> frozenset[int]:
    """Rows that only head the ones below: numbered higher, with the sum of their points (一、15 = 1、5＋2、5＋3、5)."""
    numbered = [rules.numbering.level(normalise(row.level3 or row.level2 or "")) for row in rows]
    levels = [_NO_NUMBER if level is None else level for level in numbered]
    found = []
    for at, row in enumerate(rows):
        below = _below(levels, at)
        first = min((levels[i] for i in below), default=_NO_NUMBER)
        parts = [rows[i].points or ZERO for i in below if levels[i] == first]
        if len(parts) > 1 and row.points and sum(parts, ZERO) == row.points:
            found.append(row.ordinal)
    return frozenset(found)


def _below(levels: Sequence[int], at: int) -> range:
    """The rows right after a numbered one that are numbered deeper."""
    end = at + 1
    while levels[at] != _NO_NUMBER and end < len(levels) and levels[end] > levels[at]:
        end += 1
    return range(at + 1, end)


def _concerns(problem: ProblemRow, e: EvaluationRecords) -> bool:
    """Whether a problem of the reading lies where this evaluation stands; unknown places concern everybody."""
    rows: tuple[FundingRow | Indicator, ...] = (*e.funding, *e.indicators)
    if problem.page is not None:
        pages = {row.page for row in rows if row.page is not None} | {e.evaluation.page} - {None}
        return not pages or problem.page in pages
    return lies_among(problem.locator, (row.locator for row in rows))

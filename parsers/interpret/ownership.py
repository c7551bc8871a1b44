"""Which evaluation a piece of prose or a table belongs to; evaluations that are prose only (归属)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from parsers.document import Paragraph
from parsers.interpret import head
from parsers.interpret.drafts import Context, HeadItem
from parsers.interpret.forms import context_amounts
from parsers.interpret.gate import is_for_sale, is_outline, is_somebody_elses, names_itself
from parsers.interpret.localities import locality_of
from parsers.interpret.prose import read_amounts, read_figures
from parsers.interpret.prose_indicators import told_indicators
from parsers.interpret.titles import project_kind
from schemas.lexicon import Lexicon, squeeze
from schemas.records import CellPlace, Evaluation, EvaluationKind, EvaluationRecords
from schemas.vocabulary import pattern

_GENERAL_END = pattern("general_end")
_LEADING_YEAR = pattern("year_prefix")
_SHORTEST_CORE = 4
_SHORTEST_REPORT = 120
"""Characters of prose below which a titled page is a cover, not a report."""
_LONGEST_HEADING = 40
"""Characters up to which a line may head tables or a chapter."""
_FEWEST_FIGURES = 4
"""Figures in tables from which a titled form without indicators is filled."""


@dataclass(slots=True)
class Report:
    """Consecutive contexts that make one piece of writing; `index` is the first one's place among all contexts.

    `closed` marks a context that stands alone: it holds a form, or somebody else's assessment.
    """

    index: int
    contexts: list[Context]
    closed: bool = False

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Everything written outside tables, without the titles."""
        return [paragraph for context in self.contexts for paragraph in context.paragraphs]

    @property
    def lines(self) -> list[Paragraph]:
        """Titles and paragraphs in order of contexts."""
        return [line for context in self.contexts for line in [*context.titles, *context.paragraphs]]

    @property
    def titles(self) -> str:
        return "".join(squeeze(title.text) for context in self.contexts for title in context.titles)


def owner_of(report: Report, evaluations: Sequence[Evaluation], lexicon: Lexicon) -> int | None:
    """The evaluation a report belongs to: the only one, or the one whose project or unit it names."""
    results = [i for i, evaluation in enumerate(evaluations) if evaluation.kind != "target"]
    if len(results) == 1:
        return results[0] if _compatible(report, evaluations[results[0]], lexicon) else None
    names = _names(report)
    by_project = [i for i in results if _named(evaluations[i].project_name, names, report.titles)]
    if len(by_project) == 1:
        return by_project[0]
    whole = [i for i in results if evaluations[i].kind == "unit" and _named(evaluations[i].unit, names, report.titles)]
    return whole[0] if len(whole) == 1 else None


def _names(report: Report) -> set[str]:
    items = [item for context in report.contexts for item in context.head]
    return {
        squeeze(item.pair.value) for item in items if item.pair.concept in ("project_name", "unit") and item.pair.value
    }


def _named(name: str | None, names: set[str], titles: str) -> bool:
    """Whether a name is among the heads, or in the titles but for a general word at its end (…经费, …项目)."""
    if not name:
        return False
    core = _GENERAL_END.sub("", _LEADING_YEAR.sub("", name))
    return name in names or (len(core) >= _SHORTEST_CORE and core in titles)


def _compatible(report: Report, evaluation: Evaluation, lexicon: Lexicon) -> bool:
    """A report on the whole unit is no part of a single project's form, unless nothing says so."""
    about_unit = lexicon.title_has("unit", report.titles)
    return not (about_unit and evaluation.kind in ("project", "transfer"))


def is_around(report: Report, lexicon: Lexicon) -> bool:
    """Whether what stands around a form is the budget or the accounts that carry it, not a part of it (公开文本)."""
    if head.is_self_evaluation(report.titles, lexicon):
        return False
    headings = (line.text for line in report.lines if len(line.text) <= _LONGEST_HEADING)
    return any(lexicon.title_has("around", heading) for heading in headings)


def is_none_of_its_own(report: Report) -> bool:
    """Whether a text is another body's evaluation, a seller's sample or an outline."""
    return is_somebody_elses(report.lines) or is_for_sale(report.lines) or is_outline(report.lines)


def prose_evaluation(report: Report, document_id: str, lexicon: Lexicon) -> EvaluationRecords | None:
    """The evaluation that a report without a form is, or None where it is no self-evaluation.

    The titles, the opening or a score must say 自评, nothing that somebody else evaluated, and the text must state
    figures, a score or a grade, or tables of figures be filled.
    """
    if names_itself(report.lines, lexicon) is None or is_none_of_its_own(report):
        return None
    if any(form.indicator_columns for one in report.contexts for form in one.forms):
        return None  # a form that was not filled in
    text_length = sum(len(paragraph.text) for paragraph in report.paragraphs)
    figures = read_figures(report.lines)
    states = figures.total_score or figures.grade or read_amounts(report.paragraphs, None)
    tables = [row for context in report.contexts for row in context_amounts(context, document_id, None, lexicon)]
    indicators = tuple(told_indicators(report.paragraphs, lexicon))
    stated = figures.total_score or indicators or (text_length >= _SHORTEST_REPORT and states)
    if not stated and len(tables) < _FEWEST_FIGURES:
        return None
    context = next((one for one in report.contexts if one.titles), report.contexts[0])
    items = [item for one in report.contexts for item in one.head]
    title, place = head.title_of(context, lexicon)
    project, code = head.project_and_code(items)
    unit = head.text_of(head.value_of(items, "unit"))
    department = head.text_of(head.value_of(items, "department"))
    place = place or report.lines[0].place
    evaluation = Evaluation(
        evaluation_id="",
        document_id=document_id,
        ordinal=0,
        kind=_kind_of(report, title, items, lexicon),
        title=title,
        fiscal_year=head.fiscal_year_of([title, *(squeeze(t.text) for t in context.head_lines)], items),
        department=department,
        unit=unit,
        project_name=project,
        budget_code=code,
        report_date=head.date_of(head.value_of(items, "report_date")),
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        confidence=0.8,
    )
    return with_statements(EvaluationRecords(evaluation, indicators=indicators), report)


def _kind_of(report: Report, title: str | None, items: Sequence[HeadItem], lexicon: Lexicon) -> EvaluationKind:
    """By title and head; where they do not say, a heading that speaks of a transfer does (转移支付概况)."""
    kind = head.kind_of(title, None, items, lexicon)
    headings = (line.text for line in report.lines if len(line.text) <= _LONGEST_HEADING)
    speaks = kind == "other" and any(lexicon.title_has("transfer", heading) for heading in headings)
    return "transfer" if speaks else kind


def with_statements(records: EvaluationRecords, report: Report) -> EvaluationRecords:
    """Fill what the form left open with what the prose states about the whole: score, grade, names, year, date."""
    figures = read_figures(report.lines)
    evaluation = records.evaluation
    changes: dict[str, Any] = {}
    cells = list(evaluation.cells)
    if evaluation.total_score is None and figures.total_score:
        changes["total_score"], changes["total_score_raw"] = figures.total_score[0], figures.total_score[1]
        cells.append(_cell("total_score", figures.total_score[2].locator, figures.total_score[2].page))
    if evaluation.grade is None and figures.grade:
        changes["grade"] = figures.grade[0]
        cells.append(_cell("grade", figures.grade[1].locator, figures.grade[1].page))
    for name in ("project_name", "unit", "fiscal_year", "report_date"):
        stated = getattr(figures, name)
        if getattr(evaluation, name) is None and stated is not None and not _project_of_a_unit(name, evaluation):
            changes[name] = stated[0]
    if not changes:
        return records
    if "project_name" in changes and evaluation.kind == "other":
        changes["kind"] = project_kind(changes["project_name"]) or "project"
    finished = replace(evaluation, cells=tuple(cells), **changes)
    title = _LEADING_YEAR.sub("", finished.title or "")
    region = finished.region or locality_of(finished.unit, finished.department, title)
    return replace(records, evaluation=replace(finished, region=region))


def _project_of_a_unit(name: str, evaluation: Evaluation) -> bool:
    return name == "project_name" and evaluation.kind == "unit"


def _cell(column: str, locator: str, page: int | None) -> CellPlace:
    return CellPlace(column, page, None, locator)

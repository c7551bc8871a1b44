"""Evaluations that are prose only, and what prose tells of the whole where a form left it open (正文里的自评)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import regex

from parsers.document import Paragraph, Place
from parsers.interpret import head
from parsers.interpret.drafts import HeadItem
from parsers.interpret.forms import context_amounts
from parsers.interpret.gate import NamedSelf, names_itself
from parsers.interpret.localities import locality_of
from parsers.interpret.not_reports import is_none_of_its_own
from parsers.interpret.ownership import LONGEST_HEADING, Report
from parsers.interpret.prose import read_amounts, read_figures
from parsers.interpret.prose_indicators import told_indicators
from parsers.interpret.titles import TitleParts, is_office, project_kind, title_parts, without_suffix
from schemas.lexicon import Lexicon, squeeze
from schemas.records import CellPlace, Evaluation, EvaluationKind, EvaluationRecords
from schemas.traditional import simplified
from schemas.vocabulary import names_any, pattern

_LEADING_YEAR = pattern("year_prefix")
_NO_TITLE = regex.compile(r"[。；;：:|]|^[(（]")
_ENDS_IN_TABLE = pattern("ends_in_table")
_SELF_FORM = pattern("self_form")
_SHORTEST_REPORT = 120
"""Characters of prose below which a titled page is a cover, not a report."""
_FEWEST_FIGURES = 4
"""Figures in tables from which a titled form without indicators is filled."""


def prose_evaluation(report: Report, lexicon: Lexicon, *, alone: bool) -> EvaluationRecords | None:
    """The evaluation that a report without a form is, or None where it is no self-evaluation.

    The titles, the opening or a score must say 自评, nothing that somebody else evaluated. The text must state figures,
    a score or a grade, or tables of figures be filled; where nothing else in the document is an evaluation (`alone`),
    a title that names project, unit or year is enough.
    """
    named_in = names_itself(report.lines, lexicon)
    if named_in is None or is_none_of_its_own(report.lines, lexicon):
        return None
    if _is_blank_form(report):
        return None
    title, place = _title_of(report, lexicon)
    indicators = tuple(told_indicators(report.paragraphs, lexicon))
    named = alone and _names_something(title, report, lexicon)
    if not (named or _states(report, indicators) or _tables(report, lexicon) >= _FEWEST_FIGURES):
        return None
    items = _head_items(report)
    project, code = head.project_and_code(items)
    place = place or report.lines[0].place
    head_lines = (line.text for one in report.contexts for line in one.head_lines)
    evaluation = Evaluation(
        kind=_kind_of(report, title or named_in.text, items, lexicon),
        title=title,
        fiscal_year=head.fiscal_year_of([title, *head_lines], items),
        department=head.office_of(items, "department"),
        unit=head.office_of(items, "unit"),
        project_name=project,
        budget_code=code,
        report_date=head.date_of(head.value_of(items, "report_date")),
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
    )
    return with_statements(EvaluationRecords(evaluation, indicators=indicators), report)


def _head_items(report: Report) -> list[HeadItem]:
    """The labels and values of a report's heads, those of a form without a body among them."""
    forms = (item for one in report.contexts for form in one.forms for item in form.head)
    return [*(item for one in report.contexts for item in one.head), *forms]


def _is_blank_form(report: Report) -> bool:
    """Whether this is a form that nobody filled in, with no report around it that states a score."""
    blank = any(form.indicator_columns for one in report.contexts for form in one.forms)
    return blank and read_figures(report.lines).total_score is None


def is_unread(report: Report, records: EvaluationRecords, named: NamedSelf) -> bool:
    """Whether a report gave its head only, and there is more of it: rows of tables, or nothing but a cover.

    What names itself a table is more than sentences, too: amounts told in it may be those of its rows.
    """
    if records.evaluation.total_score is not None or records.evaluation.grade or records.indicators:
        return False
    length = sum(len(paragraph.text) for paragraph in report.paragraphs)
    if _ENDS_IN_TABLE.search(without_suffix(named.text)) or _SELF_FORM.search(named.text):
        return True
    more = length < _SHORTEST_REPORT or any(one.loose or one.forms for one in report.contexts)
    return more and not read_amounts(report.paragraphs, None)


def _states(report: Report, indicators: Sequence[object]) -> bool:
    figures = read_figures(report.lines)
    if figures.total_score or indicators:
        return True
    length = sum(len(paragraph.text) for paragraph in report.paragraphs)
    return length >= _SHORTEST_REPORT and bool(figures.grade or read_amounts(report.paragraphs, None))


def _tables(report: Report, lexicon: Lexicon) -> int:
    """How many figures the report's tables hold."""
    return sum(len(context_amounts(context, lexicon)) for context in report.contexts)


def _names_something(title: str | None, report: Report, lexicon: Lexicon) -> bool:
    """Whether the title, or the opening of a report long enough, says whose evaluation of what or when this is."""
    items = [item for one in report.contexts for item in one.head]
    labelled = head.value_of(items, "project_name", "unit") is not None
    if title is not None and head.is_self_evaluation(title, lexicon) and (labelled or _parts(title) is not None):
        return True
    length = sum(len(paragraph.text) for paragraph in report.paragraphs)
    figures = read_figures(report.lines)
    named = figures.unit is not None or figures.project_name is not None
    return length >= _SHORTEST_REPORT and named and figures.fiscal_year is not None


def _parts(title: str) -> TitleParts | None:
    """What a title names; None where it names nothing."""
    parts = title_parts(title)
    return parts if parts is not None and (parts.project or parts.office or parts.year) else None


def _title_of(report: Report, lexicon: Lexicon) -> tuple[str | None, Place | None]:
    """The title of a report: of several the one that names something, joined with the line above it is the end of."""
    context = next((one for one in report.contexts if one.titles), report.contexts[0])
    title, place = head.title_of(context, lexicon)
    if title is None or place is None:
        return title, place
    own = [line for line in context.titles if head.is_self_evaluation(line.text, lexicon)]
    best = max(own, key=lambda line: _told(squeeze(line.text)), default=None)
    if best is not None and _told(squeeze(best.text)) > _told(title):
        title, place = without_suffix(squeeze(best.text)), best.place
    if _names(title):
        return title, place
    above = _line_above(report, place)
    joined = squeeze(above.text) + title if above is not None else title
    return (joined, above.place) if above is not None and _names(joined) else (title, place)


def _told(title: str) -> int:
    """How much of office, project and year a title tells."""
    parts = title_parts(title)
    return 0 if parts is None else sum(part is not None for part in (parts.office, parts.project, parts.year))


def _names(title: str) -> bool:
    """Whether a title says more than a year: the office, or the project."""
    parts = title_parts(title)
    return parts is not None and bool(parts.project or parts.office)


def _line_above(report: Report, place: Place) -> Paragraph | None:
    """The line that stands right above a title, where it may be the first half of it."""
    at = next((index for index, line in enumerate(report.lines) if line.place == place), 0)
    above = report.lines[at - 1] if at else None
    text = squeeze(above.text) if above is not None else ""
    half = bool(text) and len(text) <= LONGEST_HEADING and not _NO_TITLE.search(text)
    return above if half and not is_office(text) else None


def _kind_of(report: Report, title: str | None, items: Sequence[HeadItem], lexicon: Lexicon) -> EvaluationKind:
    """By title and head; where they do not say, a heading that speaks of a transfer or of the whole unit does."""
    kind = head.kind_of(title, None, items, lexicon)
    headings = [line.text for line in report.lines if len(line.text) <= LONGEST_HEADING]
    if kind == "project" and any(names_any("hands_down", simplified(heading)) for heading in headings):
        return "transfer"  # 某专项资金: (一)省级下达转移支付预算和绩效目标情况
    if kind != "other":
        return kind
    kinds: tuple[EvaluationKind, ...] = ("transfer", "unit")
    spoken = (one for one in kinds if any(lexicon.title_has(one, heading) for heading in headings))
    return next(spoken, kind)


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

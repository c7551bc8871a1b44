"""A Document → its evaluations, amounts, sections and problems (全文理解)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from parsers.document import Document, Grid, Paragraph, Problem
from parsers.interpret import head
from parsers.interpret.doubts_of_tables import doubts_of_tables
from parsers.interpret.drafts import Context, FormDraft, FundingLine
from parsers.interpret.endings import Ending
from parsers.interpret.forms import FormReading, context_amounts, read_form, with_fields
from parsers.interpret.gate import NamedSelf, names_itself, tells_its_score
from parsers.interpret.identity import identified
from parsers.interpret.lists import evaluation_lists
from parsers.interpret.money_units import unit_said_in
from parsers.interpret.not_reports import is_none_of_its_own, is_rule, is_sample, opening, sets_targets, what_else
from parsers.interpret.ownership import Report, is_around, owner_of
from parsers.interpret.prose import amount_records, read_amounts, read_sections, section_records
from parsers.interpret.prose_evaluation import is_unread, prose_evaluation, with_statements
from parsers.interpret.prose_indicators import odd_figures_in, ranges_in
from parsers.interpret.recognise import is_figure
from parsers.interpret.sorting import sort_blocks
from parsers.interpret.stray_heads import headless_rows, stray_heads
from parsers.interpret.tables import unread_rows
from parsers.interpret.transposed import adopt_transposed, adopt_year_of_title
from parsers.said import place_of, problem_rows
from schemas.lexicon import Lexicon, squeeze
from schemas.records import Amount, DocumentRecords, DocumentRow, EvaluationRecords, Section, Status
from schemas.units import MoneyUnit

NOTICES = frozenset(
    {"unfilled_form", "foreign_form", "no_self_evaluation", "range_in_text", "hidden_content", "hidden_text"}
    | {"foreign_report", "sample_page", "outline", "rule_text"}
)
"""Problem codes that tell what was seen but left nothing unread: they do not make a document `partial`."""

_TORN = frozenset({"cells_parted", "rows_lost", "cells_not_placed"})
"""Problems of tables that had to be put together from text without order."""
_PAGE_HEAD = 600
"""Characters of the longest head of a web page."""
_FEWEST_ALONE = 3
"""Rows of a single figure from which the rows of a form are torn."""
_PROSE = 30
"""Characters from which a paragraph is prose rather than a line of a form's head."""


@dataclass(slots=True)
class _Reading:
    """What a document holds, while it is being put together."""

    lexicon: Lexicon
    forms: list[tuple[int, EvaluationRecords]] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    prose: set[int] = field(default_factory=set)
    """Reports, by index, that are evaluations themselves."""
    amounts: dict[int | None, list[Amount]] = field(default_factory=lambda: defaultdict(list))
    """Figures beside the evaluations' own, by the position of the evaluation they belong to."""
    sections: dict[int | None, list[Section]] = field(default_factory=lambda: defaultdict(list))
    problems: list[Problem] = field(default_factory=list)


def interpret(document: Document, row: DocumentRow, lexicon: Lexicon) -> DocumentRecords:
    """Everything understood of `document`; `row` is its documents row so far (identity, size, version)."""
    reading = _Reading(lexicon, problems=list(document.problems))
    contexts = sort_blocks(document.blocks, lexicon).contexts
    for context in contexts:
        adopt_transposed(context, lexicon)
        adopt_year_of_title(context, lexicon)
    _read_forms(contexts, document, reading)
    _gather_reports(contexts, reading)
    _add_prose_evaluations(reading)
    reading.forms.sort(key=lambda item: item[0])
    evaluations = [records for _, records in reading.forms]
    if evaluations:
        evaluations = _attach(evaluations, reading)
    else:
        if _is_notice(reading):
            reading.problems = [problem for problem in reading.problems if problem.code not in _TORN]
        reading.problems.extend(_why_none(contexts, reading))
    status, code, error = _status(evaluations, reading.problems)
    finished = replace(
        row,
        format=document.format,
        page_count=document.page_count,
        text_source=document.text_source,
        recognised_pages=document.recognised_pages or None,
        encoding=document.encoding,
        status=status,
        error_code=code,
        error=error,
        evaluation_count=len(evaluations),
    )
    records = identified(finished, evaluations, reading.amounts, reading.sections)
    return replace(records, problems=problem_rows(reading.problems, row.document_id))


# -- forms ------------------------------------------------------------------------------------------------------


def _read_forms(contexts: Sequence[Context], document: Document, reading: _Reading) -> None:
    previous: Context | None = None
    unit: MoneyUnit | None = None
    forms = [form for context in contexts for form in context.forms if form.has_body]
    elsewhere = any(form.indicators and not form.funding for form in forms)
    funds = any(form.funding and not form.indicators for form in forms)
    for index, context in enumerate(contexts):
        foreign = head.is_foreign(context, reading.lexicon)
        for form in context.forms:
            if form.has_body:
                is_last = form is forms[-1] and _ends_with_table(document)
                ending = Ending(is_last, document.ends_full, elsewhere, funds)
                found = read_form(form, context, reading.lexicon, unit, ending)
                reading.problems.extend(_funds_twice(form, forms))
                _keep_form(form, found, index, previous, foreign, reading)
                if _has_only_heads(form, found, context, reading.lexicon) and not foreign:
                    reading.problems.append(_not_read_form(form))
        unit = unit_said_in(context) or unit
        if not foreign and head.value_of(context.head, "project_name", "unit"):
            previous = context
    reading.problems.extend(_forms_twice([records for _, records in reading.forms]))


def _forms_twice(forms: Sequence[EvaluationRecords]) -> Iterator[Problem]:
    """Forms with results whose every name and figure an earlier one has: a page bound in twice, a form pasted again."""
    seen: dict[object, str | None] = {}
    for one in forms:
        rows = [
            *((row.label, row.annual_budget_raw, row.executed_raw, row.execution_rate_raw) for row in one.funding),
            *((row.level3, row.target_raw, row.actual_raw, row.points, row.score) for row in one.indicators),
        ]
        place = place_of(one.evaluation)
        told = (one.evaluation.project_name, one.evaluation.unit, one.evaluation.fiscal_year, tuple(rows))
        if len(rows) >= _FEWEST_ALONE and told in seen:
            text = f"{one.evaluation.locator} 处的表与 {seen[told]} 处的表完全相同，可能重复装订或粘贴，请核对原文。"
            yield Problem("form_twice", text, place)
        seen.setdefault(told, one.evaluation.locator)


def _funds_twice(form: FormDraft, forms: Sequence[FormDraft]) -> Iterator[Problem]:
    """A form of funds alone whose rows stand in the next form once more, in the same table: pasted twice."""
    after = next((one for one, before in zip(forms[1:], forms, strict=False) if before is form), None)
    if form.indicators or after is None or not form.funding or not after.funding:
        return
    first, second = form.funding[0].assigned.row, after.funding[0].assigned.row
    if first.grid is second.grid and _named_figures(form.funding[0]) == _named_figures(after.funding[0]):
        text = f"{second.place.locator}：该行与 {first.place.locator} 相同，资金部分可能重复粘贴，请核对原文。"
        yield Problem("uncertain_columns", text, second.place)


def _named_figures(line: FundingLine) -> tuple[str, list[str]]:
    return line.label, [slot.text for slot in line.assigned.row.filled if is_figure(slot.text)]


def _ends_with_table(document: Document) -> bool:
    """Whether nothing is printed below the last table."""
    return bool(document.blocks) and isinstance(document.blocks[-1], Grid)


def _keep_form(
    form: FormDraft, found: FormReading, index: int, previous: Context | None, foreign: bool, reading: _Reading
) -> None:
    if foreign or not found.filled:
        if form.indicator_columns:
            reading.problems.append(_not_kept(form, foreign, reading))
        return
    records = found.records
    titled = head.is_self_evaluation(records.evaluation.title or "", reading.lexicon)
    if not (titled or found.has_results or _has_result_columns(form)):
        # A form that asks for no results declares targets (绩效目标申报表).
        records = with_fields(records, kind="target")
    if previous is not None:
        records = _inherit(records, previous, reading.lexicon)
    reading.forms.append((index, records))
    reading.problems.extend(found.problems)


def _has_only_heads(form: FormDraft, found: FormReading, context: Context, lexicon: Lexicon) -> bool:
    """Whether a form that names itself 自评 breaks off behind the heads of its funds."""
    if found.filled or form.indicator_columns or form.funding:
        return False
    return any(head.is_self_evaluation(title.text, lexicon) for title in context.titles)


def _not_read_form(form: FormDraft) -> Problem:
    text = f"{form.place.locator} 处的表没有读到成行的指标、资金或结论，请核对原文。"
    return Problem("self_evaluation_not_read", text, form.place)


def _not_kept(form: FormDraft, foreign: bool, reading: _Reading) -> Problem:
    """Why a form is no evaluation; where its cells had to be parted, that nothing was read does not make it blank.

    Nor does it where figures stand alone, row by row: its rows are torn.
    """
    if not foreign and (_is_torn(form) or any(problem.code in _TORN for problem in reading.problems)):
        return _not_read_form(form)
    code, what = "unfilled_form", "是一张未填写的空表，不算作自评。"
    if foreign:
        code, what = "foreign_form", "是他人的评价、考核、监控或汇总表，未作为自评读取。"
    return Problem(code, f"{form.place.locator} 处的表{what}", form.place)


def _is_torn(form: FormDraft) -> bool:
    filled = [assigned.row.filled for assigned in form.indicators]
    return sum(len(slots) == 1 and is_figure(slots[0].text) for slots in filled) >= _FEWEST_ALONE


def _has_result_columns(form: FormDraft) -> bool:
    concepts = {c.concept for c in form.indicator_columns} | {c.concept for c in form.funding_columns}
    return bool(concepts & {"actual", "score", "executed"})


def _inherit(records: EvaluationRecords, previous: Context, lexicon: Lexicon) -> EvaluationRecords:
    """A form without a head of its own takes name, unit and year from the report it follows."""
    evaluation = records.evaluation
    if evaluation.project_name or evaluation.unit:
        return records
    project, code = head.project_and_code(previous.head)
    title, _ = head.title_of(previous, lexicon)
    period_start, period_end = head.period_of(previous.head)
    year = evaluation.fiscal_year or head.fiscal_year_of([title], previous.head)
    return with_fields(
        records,
        project_name=project,
        budget_code=evaluation.budget_code or code,
        unit=head.office_of(previous.head, "unit"),
        department=evaluation.department or head.office_of(previous.head, "department"),
        fiscal_year=year,
        period_start=evaluation.period_start or period_start,
        period_end=evaluation.period_end or period_end,
        kind="project" if project and evaluation.kind == "other" else evaluation.kind,
    )


# -- prose ------------------------------------------------------------------------------------------------------


def _gather_reports(contexts: Sequence[Context], reading: _Reading) -> None:
    """Contexts without a form of their own, put together: a cover page and the report behind it are one."""
    with_form = {index for index, _ in reading.forms}
    for index, context in enumerate(contexts):
        if index in with_form or head.is_foreign(context, reading.lexicon):
            reading.reports.append(Report(index, [context], closed=True))
            continue
        last = reading.reports[-1] if reading.reports else None
        if context.is_public:
            reading.reports.append(Report(index, [context]))
            continue
        self_titled = any(head.is_self_evaluation(t.text, reading.lexicon) for t in context.titles)
        if last is not None and not last.closed and _goes_on(last, context, self_titled):
            last.contexts.append(context)
        else:
            reading.reports.append(Report(index, [context]))


def _goes_on(report: Report, context: Context, self_titled: bool) -> bool:
    """Whether a text belongs to the report before it: it has no title of its own, or one that heads both."""
    begins = self_titled and _has_prose(report.paragraphs)
    return not begins or _is_page_head(report) or _is_repeated(report, context)


def _is_page_head(report: Report) -> bool:
    """Whether a text before the first title is what a web page says about it (索引号, 发布机构)."""
    titled = any(context.titles for context in report.contexts)
    return report.index == 0 and not titled and sum(len(line.text) for line in report.paragraphs) <= _PAGE_HEAD


def _is_repeated(report: Report, context: Context) -> bool:
    """Whether a title is the one that stood above already: over the first lines of a text that a page shows first."""
    before = {squeeze(title.text) for one in report.contexts for title in one.titles}
    return any(squeeze(title.text) in before for title in context.titles)


def _has_prose(paragraphs: Sequence[Paragraph]) -> bool:
    return any(len(paragraph.text) > _PROSE for paragraph in paragraphs)


def _add_prose_evaluations(reading: _Reading) -> None:
    """A report in prose that no form belongs to is an evaluation of its own."""
    forms = [records.evaluation for _, records in reading.forms]
    if _is_sample(reading):
        return
    for report in reading.reports:
        if report.closed or owner_of(report, forms, reading.lexicon) is not None:
            continue
        records = prose_evaluation(report, reading.lexicon, alone=not reading.forms)
        if records is None:
            continue
        reading.forms.append((report.index, records))
        reading.prose.add(report.index)
        named = names_itself(report.lines, reading.lexicon)
        if named is not None and is_unread(report, records, named):
            reading.problems.append(_not_read(named))


def _is_sample(reading: _Reading) -> bool:
    """Whether the whole file is the page of a seller of samples: each of the reports on it is one."""
    return is_sample([line for report in reading.reports for line in report.lines])


def _attach(evaluations: list[EvaluationRecords], reading: _Reading) -> list[EvaluationRecords]:
    """Give every context's other tables and prose to the evaluation they belong to."""
    by_context = [index for index, _ in reading.forms]
    for report in reading.reports:
        foreign = any(head.is_foreign(context, reading.lexicon) for context in report.contexts)
        owner = None if foreign else _owner(report, evaluations, by_context, reading.lexicon)
        evaluation = evaluations[owner].evaluation if owner is not None else None
        for context in report.contexts:
            rows = context_amounts(context, reading.lexicon)
            reading.amounts[owner].extend(rows)
            if owner is not None:
                reading.problems.extend(unread_rows(context.loose, rows, reading.lexicon))
                reading.problems.extend(doubts_of_tables(rows, evaluations[owner], reading.lexicon))
        if _has_prose(report.paragraphs) or report.index in reading.prose:
            year = evaluation.fiscal_year if evaluation else None
            reading.amounts[owner].extend(amount_records(read_amounts(report.paragraphs, year)))
            if owner is not None:
                reading.problems.extend(_range_notice(text, line) for text, line in ranges_in(report.paragraphs))
                reading.problems.extend(_odd_figure(text, line) for text, line in odd_figures_in(report.paragraphs))
                reading.problems.extend(stray_heads(report, reading.lexicon))
            reading.sections[owner].extend(section_records(read_sections(report.paragraphs)))
        if owner is not None and not report.closed:
            evaluations[owner] = with_statements(evaluations[owner], report)
    return evaluations


def _range_notice(text: str, paragraph: Paragraph) -> Problem:
    said = f"{paragraph.place.locator}：“{text}”是一个范围，不是一个数额，没有计入数额。"
    return Problem("range_in_text", said, paragraph.place)


def _odd_figure(text: str, paragraph: Paragraph) -> Problem:
    said = f"{paragraph.place.locator}：“{text}”不像一个数的写法，是多少未能确定，请核对原文。"
    return Problem("odd_figure_in_text", said, paragraph.place)


def _owner(
    report: Report, evaluations: Sequence[EvaluationRecords], by_context: Sequence[int], lexicon: Lexicon
) -> int | None:
    if report.contexts[0].is_public:
        return None
    here = [position for position, index in enumerate(by_context) if index == report.index]
    if here:
        return here[0] if len(here) == 1 else None
    owner = owner_of(report, [records.evaluation for records in evaluations], lexicon)
    if owner is None:
        return None
    apart = report.index < by_context[owner] or evaluations[owner].evaluation.kind in ("project", "transfer")
    return None if apart and is_around(report, lexicon) else owner


_NOT_READ_AS = {
    "foreign_report": "这是财政部门、主管部门或第三方机构所作的评价，不是单位的自评，没有读取。",
    "sample_page": "这是供人下载、参考文档的网页，所载是样文或文档的片段，没有作为自评读取；需要时请取得原文件。",
    "outline": "这是报告的提纲，没有填写内容，不是自评。",
    "rule_text": "这是关于绩效评价的通知、办法一类文件，不是自评。",
}


def _why_none(contexts: Sequence[Context], reading: _Reading) -> Iterator[Problem]:
    """What to say of a document without an evaluation: what of it was not read, or what it is instead."""
    lists = list(evaluation_lists(contexts, reading.lexicon))
    unread = _unread_self_evaluation(reading) or _headless(reading)
    yield from lists or ([unread] if unread is not None else [])
    if not (lists or unread or reading.problems):
        yield from _what_else(reading)


def _is_notice(reading: _Reading) -> bool:
    """Whether the file is a rule or notice without a self-evaluation: its tables are none, however they came out."""
    lines = [line for report in reading.reports for line in report.lines]
    return is_rule(lines, reading.lexicon) and names_itself(lines, reading.lexicon) is None


def _what_else(reading: _Reading) -> Iterator[Problem]:
    """What a text that speaks of evaluations in its opening is, where it is none of its own."""
    lines = [line for report in reading.reports for line in report.lines]
    speaks = any(reading.lexicon.title_has("words", line.text) for line in opening(lines))
    code = what_else(lines, reading.lexicon) if speaks else None
    if code is not None:
        yield Problem(code, _NOT_READ_AS[code], lines[0].place)


def _unread_self_evaluation(reading: _Reading) -> Problem | None:
    """A text that names itself a self-evaluation and gave none; None where it is a blank form or somebody else's."""
    for report in () if _is_sample(reading) else reading.reports:
        named = names_itself(report.lines, reading.lexicon)
        foreign = is_none_of_its_own(report.lines, reading.lexicon) or any(
            head.is_foreign(one, reading.lexicon) for one in report.contexts
        )
        if named is not None and not foreign and _says_something(report, reading):
            return _not_read(named)
    return None


def _headless(reading: _Reading) -> Problem | None:
    """Where nothing else was seen of a form: rows that lost their heads, a score told within a row of a table."""
    lines = [line for report in reading.reports for line in report.lines]
    if reading.problems or _is_sample(reading) or sets_targets(lines):
        return None
    found = (headless_rows(report, reading.lexicon) for report in reading.reports)
    rows = [row for report in reading.reports for context in report.contexts for row in context.loose]
    texts = (Paragraph("".join(slot.text for slot in row.filled), row.place) for row in rows)
    told = (_not_read(named) for named in map(tells_its_score, texts) if named is not None)
    return next((problem for problem in (*found, *told) if problem is not None), None)


def _not_read(named: NamedSelf) -> Problem:
    text = f"{named.place.locator}：“{named.text}”表明这是自评，但没有读到成行的指标、资金或结论，请核对原文。"
    return Problem("self_evaluation_not_read", text, named.place)


def _says_something(report: Report, reading: _Reading) -> bool:
    """Whether there is more than a form that nobody filled in."""
    blank = any(problem.code == "unfilled_form" for problem in reading.problems)
    return not blank or bool(read_amounts(report.paragraphs, None)) or any(one.loose for one in report.contexts)


# -- status -----------------------------------------------------------------------------------------------------


def _status(
    evaluations: Sequence[EvaluationRecords], problems: Sequence[Problem]
) -> tuple[Status, str | None, str | None]:
    serious = [p for p in problems if p.code not in NOTICES]
    if serious:
        first = serious[0]
        more = f"（共 {len(serious)} 处，详见 problems 表）" if len(serious) > 1 else ""
        return "partial", first.code, first.message + more
    if not evaluations:
        if problems:
            return "empty", problems[0].code, problems[0].message
        return "empty", "no_self_evaluation", "文件可读，但其中没有绩效自评表或自评报告。"
    return "ok", None, None

"""A Document → its evaluations, amounts, sections and problems (全文理解)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from parsers.document import Document, Problem
from parsers.interpret import head
from parsers.interpret.blocks import Context, FormDraft, split_blocks
from parsers.interpret.forms import context_amounts, read_form, with_identity
from schemas.lexicon import Lexicon
from schemas.records import Amount, DocumentRecords, DocumentRow, EvaluationRecords, ProblemRow, Section, Status

NOTICES = frozenset({"unfilled_form", "foreign_form", "no_self_evaluation", "skeleton_rows"})
"""Problem codes that tell what was seen but left nothing unread: they do not make a document `partial`."""


@dataclass(slots=True)
class _Part:
    """A context with what was read from it."""

    context: Context
    readings: list[EvaluationRecords]


def interpret(document: Document, row: DocumentRow, lexicon: Lexicon) -> DocumentRecords:
    """Everything understood of `document`; `row` is its documents row so far (identity, size, version)."""
    contexts = split_blocks(document.blocks, lexicon)
    problems: list[Problem] = list(document.problems)
    parts = _read_parts(contexts, row.document_id, problems, lexicon)
    records = [reading for part in parts for reading in part.readings]
    records = _renumber(records)
    loose: list[Amount] = []
    loose_sections: list[Section] = []
    status, code, error = _status(document, records, problems)
    finished = replace(
        row,
        format=document.format,
        page_count=document.page_count,
        text_source=document.text_source,
        encoding=document.encoding,
        status=status,
        error_code=code,
        error=error,
        evaluation_count=len(records),
    )
    return DocumentRecords(
        finished, tuple(records), tuple(loose), tuple(loose_sections), _problem_rows(problems, row.document_id)
    )


def _read_parts(
    contexts: Sequence[Context], document_id: str, problems: list[Problem], lexicon: Lexicon
) -> list[_Part]:
    parts = []
    ordinal = 0
    previous: Context | None = None
    for context in contexts:
        part = _Part(context, [])
        foreign = head.is_foreign(context, lexicon)
        for form in context.forms:
            reading = read_form(form, context, document_id, _evaluation_id(document_id, ordinal), ordinal, lexicon)
            if not form.has_body:
                continue
            if foreign and form.indicator_columns:
                problems.append(
                    _notice("foreign_form", form, "是他人的评价、考核、监控或汇总表，不是自评表，未作为自评读取")
                )
            elif foreign or not reading.filled:
                if not foreign and form.indicator_columns:
                    problems.append(_notice("unfilled_form", form, "是一张未填写的空表，不算作自评"))
            else:
                records = reading.records
                if not reading.has_results and not _has_result_columns(form):
                    records = with_identity(records, kind="target")
                if previous is not None:
                    records = _inherit(records, previous, lexicon)
                part.readings.append(records)
                problems.extend(reading.problems)
                ordinal += 1
        if part.readings:
            first = part.readings[0]
            extra = context_amounts(context, document_id, first.evaluation.evaluation_id, lexicon)
            part.readings[0] = replace(first, amounts=first.amounts + tuple(extra))
        parts.append(part)
        if not foreign and head.value_of(context.head, "project_name", "unit"):
            previous = context
    return parts


def _evaluation_id(document_id: str, ordinal: int) -> str:
    return f"{document_id[:32]}-{ordinal:03d}"


def _notice(code: str, form: FormDraft, what: str) -> Problem:
    return Problem(code, f"{form.place.locator} 处的表{what}。", form.place)


def _has_result_columns(form: FormDraft) -> bool:
    """Whether the printed form asks for results at all; without them it declares targets (绩效目标申报表)."""
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
    return with_identity(
        records,
        project_name=project,
        budget_code=evaluation.budget_code or code,
        unit=head.text_of(head.value_of(previous.head, "unit")),
        department=evaluation.department or head.text_of(head.value_of(previous.head, "department")),
        fiscal_year=year,
        period_start=evaluation.period_start or period_start,
        period_end=evaluation.period_end or period_end,
        kind="project" if project and evaluation.kind == "other" else evaluation.kind,
    )


def _renumber(records: list[EvaluationRecords]) -> list[EvaluationRecords]:
    """Number the amounts through the document (amounts.ordinal is document-wide)."""
    numbered = []
    position = 0
    for reading in records:
        amounts = tuple(replace(a, ordinal=position + i) for i, a in enumerate(reading.amounts))
        position += len(amounts)
        numbered.append(replace(reading, amounts=amounts))
    return numbered


def _status(
    document: Document, records: Sequence[EvaluationRecords], problems: list[Problem]
) -> tuple[Status, str | None, str | None]:
    serious = [p for p in problems if p.code not in NOTICES]
    if serious:
        first = serious[0]
        more = f"（共 {len(serious)} 处，详见 problems 表）" if len(serious) > 1 else ""
        return "partial", first.code, first.message + more
    if not records:
        notices = [p for p in problems if p.code in NOTICES]
        if notices:
            return "empty", notices[0].code, notices[0].message
        return "empty", "no_self_evaluation", "文件可读，但其中没有绩效自评表或自评报告。"
    return "ok", None, None


def _problem_rows(problems: Sequence[Problem], document_id: str) -> tuple[ProblemRow, ...]:
    return tuple(
        ProblemRow(
            document_id,
            ordinal,
            problem.code,
            problem.message,
            problem.place.page if problem.place else None,
            problem.place.locator if problem.place else None,
        )
        for ordinal, problem in enumerate(problems)
    )

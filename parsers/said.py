"""Problems put into the records of a document (问题入表)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Place, Problem
from schemas.records import Amount, CellPlace, DocumentRecords, Evaluation, FundingRow, Indicator, ProblemRow


def place_of(record: Amount | CellPlace | Evaluation | FundingRow | Indicator) -> Place:
    """Where a record stands, for a problem about it."""
    return Place(record.locator or "", record.page, record.bbox)


def problem_rows(problems: Sequence[Problem], document_id: str, first: int = 0) -> tuple[ProblemRow, ...]:
    """The rows of problems, numbered from `first`."""
    return tuple(
        ProblemRow(
            document_id,
            ordinal,
            problem.code,
            problem.message,
            problem.place.page if problem.place else None,
            problem.place.locator if problem.place else None,
            problem.word,
        )
        for ordinal, problem in enumerate(problems, first)
    )


def with_problems(records: DocumentRecords, problems: Sequence[Problem]) -> DocumentRecords:
    """`records` with more problems; the first of them makes a document that was read without any `partial`."""
    if not problems:
        return records
    row = records.document
    if row.status == "ok":
        row = replace(row, status="partial", error_code=problems[0].code, error=problems[0].message)
    rows = problem_rows(problems, row.document_id, len(records.problems))
    return replace(records, document=row, problems=(*records.problems, *rows))

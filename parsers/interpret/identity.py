"""Which document and which evaluation every record belongs to, and its number there (编号).

The readers of forms and prose leave both open: only when the whole document is read is it known how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import TypeVar

from schemas.records import Amount, DocumentRecords, DocumentRow, EvaluationRecords, Section

Owned = TypeVar("Owned", Amount, Section)


def identified(
    row: DocumentRow,
    evaluations: Sequence[EvaluationRecords],
    amounts: Mapping[int | None, Iterable[Amount]],
    sections: Mapping[int | None, Iterable[Section]],
) -> DocumentRecords:
    """The records of a document with their ids; amounts and sections are numbered through it, the unowned last.

    `evaluations` stand in the order of the document; `amounts` and `sections` beside them are given by the position of
    the evaluation they belong to, None for those that belong to none.
    """
    amount_numbers, section_numbers = count(), count()
    finished = []
    for position, records in enumerate(evaluations):
        evaluation_id = f"{row.document_id[:32]}-{position:03d}"
        own_amounts = [*records.amounts, *amounts.get(position, ())]
        own_sections = [*records.sections, *sections.get(position, ())]
        finished.append(
            EvaluationRecords(
                replace(records.evaluation, document_id=row.document_id, evaluation_id=evaluation_id, ordinal=position),
                tuple(replace(one, evaluation_id=evaluation_id) for one in records.funding),
                tuple(replace(one, evaluation_id=evaluation_id) for one in records.indicators),
                owned(own_amounts, amount_numbers, row.document_id, evaluation_id),
                sections=owned(own_sections, section_numbers, row.document_id, evaluation_id),
            )
        )
    unowned_amounts = owned(amounts.get(None, ()), amount_numbers, row.document_id, None)
    unowned_sections = owned(sections.get(None, ()), section_numbers, row.document_id, None)
    return DocumentRecords(row, tuple(finished), unowned_amounts, unowned_sections)


def owned(
    rows: Iterable[Owned], numbers: Iterable[int], document_id: str, evaluation_id: str | None
) -> tuple[Owned, ...]:
    """Amounts or sections with the document and the evaluation they belong to, and the next of `numbers` each."""
    return tuple(
        replace(row, document_id=document_id, evaluation_id=evaluation_id, ordinal=number)
        for row, number in zip(rows, numbers, strict=False)
    )

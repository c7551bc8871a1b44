"""Forms of the dataset as the checks see them (库中的自评).

Every table is read once, filtered in Arrow to the evaluations asked for; nothing is looked up row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, TypeVar

from pipeline.checks.config import Rules
from pipeline.checks.form import form_of
from pipeline.checks.model import Form
from pipeline.dataset.store import Dataset
from schemas.records import (
    Amount,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    ProblemRow,
    Section,
)
from schemas.stored import from_arrow

FormKey = tuple[str, str | None]
"""A document's id and an evaluation's; the latter None for figures that belong to none."""


@dataclass(frozen=True, slots=True)
class StoredForms:
    """One state of the dataset with what identifies its forms, and the rules to see them by (库中自评)."""

    dataset: Dataset
    documents: Mapping[str, DocumentRow]
    evaluations: Mapping[str, Evaluation]
    rules: Rules

    def forms(self, keys: Collection[FormKey]) -> dict[FormKey, Form]:
        """The forms of `keys` as the checks saw them, with every printed cell."""
        return {
            key: form_of(DocumentRecords(document, problems=problems), part, self.rules)
            if isinstance(part, EvaluationRecords)
            else Form(document, None, amounts=part[0], sections=part[1])
            for key, document, part, problems in _parts(self.dataset, keys, self.documents)
        }


def stored_forms(dataset: Dataset, rules: Rules) -> StoredForms:
    """Every form of the dataset, each content under the one address that owns it. Raises StoreError."""
    rows: list[DocumentRow] = from_arrow("documents", dataset.read("documents", list(_OF_DOCUMENTS)))
    owners = {row.document_id: row for row in rows if row.document_id and row.duplicate_of is None}
    evaluations: list[Evaluation] = from_arrow("evaluations", dataset.read("evaluations", list(_OF_EVALUATIONS)))
    return StoredForms(dataset, owners, {row.evaluation_id: row for row in evaluations}, rules)


_OF_DOCUMENTS = ("document_id", "source_uri", "file_name", "format", "status", "text_source", "duplicate_of")
_OF_EVALUATIONS = (
    "evaluation_id",
    "document_id",
    "ordinal",
    "kind",
    "title",
    "fiscal_year",
    "region",
    "department",
    "unit",
    "project_name",
    "budget_code",
    "goal_expected",
    "goal_actual",
)
"""What tells which forms belong together; of those that are compared everything is read."""


def read(dataset: Dataset, table: str, column: str | None = None, among: Iterable[str] = ()) -> list[Any]:
    """The records of a table, or only those whose `column` is one of `among`."""
    return from_arrow(table, dataset.read(table) if column is None else dataset.where(table, column, among))


def read_evaluations(dataset: Dataset) -> dict[str, Evaluation]:
    """The evaluations of the dataset by id, in order."""
    rows: list[Evaluation] = read(dataset, "evaluations")
    return {row.evaluation_id: row for row in sorted(rows, key=lambda row: (row.document_id, row.ordinal))}


Part = EvaluationRecords | tuple[tuple[Amount, ...], tuple[Section, ...]]
"""One evaluation's records, or the amounts and sections of a document that belong to none."""


def _parts(
    dataset: Dataset,
    keys: Collection[FormKey],
    documents: Mapping[str, DocumentRow],
) -> Iterator[tuple[FormKey, DocumentRow, Part, tuple[ProblemRow, ...]]]:
    """What belongs to each of `keys`: its document, its records, the document's problems."""
    wanted = [evaluation_id for _, evaluation_id in keys if evaluation_id is not None]
    content = {document_id for document_id, _ in keys}
    whole: list[Evaluation] = read(dataset, "evaluations", "evaluation_id", wanted)
    evaluations = {row.evaluation_id: row for row in whole}
    funding = _by_evaluation(read(dataset, "funding", "evaluation_id", wanted))
    indicators = _by_evaluation(read(dataset, "indicators", "evaluation_id", wanted))
    amounts = _by_owner(read(dataset, "amounts", "document_id", content))
    sections = _by_owner(read(dataset, "sections", "document_id", content))
    problems: dict[str, list[ProblemRow]] = {}
    for problem in read(dataset, "problems", "document_id", content):
        problems.setdefault(problem.document_id, []).append(problem)
    for key in keys:
        document_id, evaluation_id = key
        loose = tuple(amounts.get(key, ())), tuple(sections.get(key, ()))
        part: Part = loose
        if evaluation_id is not None:
            rows = tuple(funding.get(evaluation_id, ())), tuple(indicators.get(evaluation_id, ()))
            part = EvaluationRecords(evaluations[evaluation_id], *rows, *loose)
        yield key, documents[document_id], part, tuple(problems.get(document_id, ()))


F = TypeVar("F", FundingRow, Indicator)
A = TypeVar("A", Amount, Section)


def _by_evaluation(rows: list[F]) -> dict[str, list[F]]:
    ordered = sorted(rows, key=lambda row: (row.evaluation_id, row.ordinal))
    return {key: list(group) for key, group in groupby(ordered, key=lambda row: row.evaluation_id)}


def _by_owner(rows: list[A]) -> dict[FormKey, list[A]]:
    grouped: dict[FormKey, list[A]] = {}
    for row in sorted(rows, key=lambda row: row.ordinal):
        grouped.setdefault((row.document_id, row.evaluation_id), []).append(row)
    return grouped

"""Rows of the dataset as records again, and as the forms the checks see (从数据集读回记录).

An `AuditData` is one state of the dataset with what was decided about it. Every table is read once, filtered in Arrow
to the evaluations asked for; nothing is looked up row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa

from pipeline.audit.decisions import Decision, read_decisions
from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import form_of
from pipeline.checks.model import Form
from pipeline.dataset.store import Dataset, open_dataset
from pipeline.dataset.stored_contents import stored_records
from pipeline.findings import run_checks
from pipeline.sourcing.local_files import bytes_at
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
    Subject,
)
from schemas.stored import from_arrow, to_arrow

Row = Evaluation | FundingRow | Indicator | Amount

FormKey = tuple[str, str | None]
"""A document's id and an evaluation's; the latter None for figures that belong to none."""


@dataclass(frozen=True, slots=True)
class Related:
    """One value a check across forms speaks of: its form, its cell, and a word that tells the forms apart (位置)."""

    key: FormKey
    subject: Subject
    whose: str


@dataclass(frozen=True, slots=True)
class AuditData:
    """What an audit works on (审核所用的数据): one state of the dataset, its checks, the rules, the decisions."""

    dataset: Dataset
    documents: Mapping[str, DocumentRow]
    failed: tuple[DocumentRow, ...]
    """Files that could not be read."""
    evaluations: Mapping[str, Evaluation]
    checks: pa.Table
    rules: Rules
    decisions: Mapping[str, Decision]
    related: Mapping[str, tuple[Related, ...]] = field(default_factory=dict)
    """The values that checks across forms speak of, by check id; those of one form have theirs as subjects."""

    def forms(self, keys: Collection[FormKey]) -> dict[FormKey, Form]:
        """The forms of `keys` as the checks saw them, with every printed cell."""
        return {
            key: form_of(DocumentRecords(document, problems=problems), part, self.rules)
            if isinstance(part, EvaluationRecords)
            else Form(document, None, amounts=part[0], sections=part[1])
            for key, document, part, problems in _parts(self.dataset, keys, self.documents, self.evaluations)
        }


def _found(row: DocumentRow, output: Path) -> DocumentRow:
    """The row with the whole path of its local copy, if it has one."""
    return row if row.local_path is None else replace(row, local_path=bytes_at(row.source_uri, row.local_path, output))


def open_desk(output: Path, rules: Rules | None = None) -> AuditData:
    """The dataset at `output` as it stands. With `rules` the checks are made again by them. Raises StoreError."""
    dataset = open_dataset(output)
    rows = [_found(row, output) for row in read(dataset, "documents")]
    failed = tuple(row for row in rows if row.status == "failed")
    # of several files with the same bytes, the one their content stands under
    owners = (row for row in (*failed, *rows) if row.document_id and row.duplicate_of is None)
    documents = {row.document_id: row for row in owners}
    evaluations = read_evaluations(dataset)
    checks = dataset.read("checks") if rules is None else _checked_again(dataset, documents, rules)
    return AuditData(dataset, documents, failed, evaluations, checks, rules or default_rules(), read_decisions(output))


def open_desk_for(output: Path, check_ids: Collection[str]) -> AuditData:
    """The dataset at `output` as far as some checks of it go, however much there is. Raises StoreError."""
    dataset = open_dataset(output)
    checks = dataset.where("checks", "check_id", check_ids)
    contents = set(checks["document_id"].to_pylist())
    owners = [row for row in read(dataset, "documents", "document_id", contents) if row.duplicate_of is None]
    documents = {row.document_id: _found(row, output) for row in owners}
    evaluations = {row.evaluation_id: row for row in read(dataset, "evaluations", "document_id", contents)}
    return AuditData(dataset, documents, (), evaluations, checks, default_rules(), read_decisions(output))


def _checked_again(dataset: Dataset, documents: Mapping[str, DocumentRow], rules: Rules) -> pa.Table:
    """Every check made again on the records of the dataset, by other rules."""
    checks = [check for records, _ in stored_records(dataset.read, documents) for check in run_checks(records, rules)]
    return to_arrow("checks", checks)


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
    evaluations: Mapping[str, Evaluation],
) -> Iterator[tuple[FormKey, DocumentRow, Part, tuple[ProblemRow, ...]]]:
    """What belongs to each of `keys`: its document, its records, the document's problems."""
    wanted = [evaluation_id for _, evaluation_id in keys if evaluation_id is not None]
    content = {document_id for document_id, _ in keys}
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

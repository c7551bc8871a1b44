"""Rows of the dataset as records again, and as the forms the checks see (从数据集读回记录).

Every table is read once, filtered in Arrow to the evaluations asked for; nothing is looked up row by row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields
from itertools import groupby
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.run import form_of
from pipeline.store import Dataset
from schemas.records import (
    Amount,
    CellPlace,
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
from schemas.tables import RECORD_OF_TABLE

Row = Evaluation | FundingRow | Indicator | Amount
FormKey = tuple[str, str | None]
"""A document's id and an evaluation's; the latter None for figures that belong to none."""


def records(table: str, rows: pa.Table) -> list[Any]:
    """Rows of `table` as its records; a column an older dataset lacks is unknown."""
    kind = RECORD_OF_TABLE[table]
    columns = [
        _column(field.metadata["kind"], rows[field.name]) if field.name in rows.column_names else [None] * len(rows)
        for field in fields(kind)
    ]
    return [kind(*values) for values in zip(*columns, strict=True)]


def _column(kind: str, column: pa.ChunkedArray) -> list[Any]:
    values: list[Any] = column.to_pylist()
    if kind == "cells":
        return [tuple(CellPlace(**{**cell, "bbox": _box(cell["bbox"])}) for cell in cells or ()) for cells in values]
    if kind == "subjects":
        return [tuple(Subject(**subject) for subject in subjects or ()) for subjects in values]
    if kind == "bbox":
        return [_box(value) for value in values]
    if kind == "words":
        return [tuple(value or ()) for value in values]
    return values


def _box(value: list[float] | None) -> tuple[float, ...] | None:
    return None if value is None else tuple(value)


def read(dataset: Dataset, table: str, column: str | None = None, among: Iterable[str] = ()) -> list[Any]:
    """The records of a table, or only those whose `column` is one of `among`."""
    rows = dataset.read(table)
    if column is not None:
        rows = rows.filter(pc.is_in(rows[column], pa.array(list(among), pa.string())))
    return records(table, rows)


def read_documents(dataset: Dataset) -> dict[str, DocumentRow]:
    """The documents that were read, by id; of several files with the same bytes the one their content stands under."""
    rows: list[DocumentRow] = read(dataset, "documents")
    return {row.document_id: row for row in rows if row.document_id and row.duplicate_of is None}


def read_evaluations(dataset: Dataset) -> dict[str, Evaluation]:
    """The evaluations of the dataset by id, in order."""
    rows: list[Evaluation] = read(dataset, "evaluations")
    return {row.evaluation_id: row for row in sorted(rows, key=lambda row: (row.document_id, row.ordinal))}


def load_forms(
    dataset: Dataset,
    keys: Collection[FormKey],
    documents: Mapping[str, DocumentRow],
    evaluations: Mapping[str, Evaluation],
    rules: Rules,
) -> dict[FormKey, Form]:
    """The forms of `keys` as the checks saw them, with every printed cell."""
    wanted = [evaluation_id for _, evaluation_id in keys if evaluation_id is not None]
    content = {document_id for document_id, _ in keys}
    funding = _by_evaluation(read(dataset, "funding", "evaluation_id", wanted))
    indicators = _by_evaluation(read(dataset, "indicators", "evaluation_id", wanted))
    amounts = _by_owner(read(dataset, "amounts", "document_id", content))
    sections = _by_owner(read(dataset, "sections", "document_id", content))
    problems: dict[str, list[ProblemRow]] = {}
    for problem in read(dataset, "problems", "document_id", content):
        problems.setdefault(problem.document_id, []).append(problem)
    forms: dict[FormKey, Form] = {}
    for key in keys:
        document_id, evaluation_id = key
        document = documents[document_id]
        own_amounts, own_sections = tuple(amounts.get(key, ())), tuple(sections.get(key, ()))
        if evaluation_id is None:
            forms[key] = Form(document, None, amounts=own_amounts, sections=own_sections)
            continue
        part = EvaluationRecords(
            evaluations[evaluation_id],
            tuple(funding.get(evaluation_id, ())),
            tuple(indicators.get(evaluation_id, ())),
            own_amounts,
            own_sections,
        )
        forms[key] = form_of(DocumentRecords(document, problems=tuple(problems.get(document_id, ()))), part, rules)
    return forms


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

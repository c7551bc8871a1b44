"""A dataset of hand-made forms, checked as `ingest` checks them, so that an audit has something to find."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from pathlib import Path

from dataset_build import stage

from pipeline.dataset.output_folder import Store
from pipeline.findings import run_checks
from pipeline.findings.cross import kept_up
from pipeline.reading.one_file import FileResult
from schemas.records import DocumentRecords, EvaluationRecords


def named(records: DocumentRecords, name: str) -> DocumentRecords:
    """The same document as a file of its own, with ids of its own."""
    document_id = hashlib.sha256(name.encode()).hexdigest()
    evaluation_id = f"{document_id[:16]}-0"

    def own(part: EvaluationRecords) -> EvaluationRecords:
        return EvaluationRecords(
            replace(part.evaluation, evaluation_id=evaluation_id, document_id=document_id),
            tuple(replace(row, evaluation_id=evaluation_id) for row in part.funding),
            tuple(replace(row, evaluation_id=evaluation_id) for row in part.indicators),
            tuple(replace(row, evaluation_id=evaluation_id, document_id=document_id) for row in part.amounts),
        )

    return replace(
        records,
        document=replace(records.document, document_id=document_id, source_uri=f"/reports/{name}", file_name=name),
        evaluations=tuple(own(part) for part in records.evaluations),
        problems=tuple(replace(problem, document_id=document_id) for problem in records.problems),
    )


def ingest(output: Path, *documents: DocumentRecords) -> None:
    """Commit the documents with their checks, as one run."""
    store = Store(output)
    with store.session(print):
        results = [FileResult(records, run_checks(records)) for records in documents]
        store.commit([stage(store.staging, "batch", results)], across=partial(kept_up, None))

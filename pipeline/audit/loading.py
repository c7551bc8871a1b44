"""Rows of the dataset as records again, and as the forms the checks see (从数据集读回记录).

An `AuditData` is one state of the dataset with what was decided about it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from pipeline.audit.decisions import Decision, read_decisions
from pipeline.checks.config import Rules, default_rules
from pipeline.dataset.store import open_dataset
from pipeline.dataset.stored_contents import stored_records
from pipeline.findings import run_checks
from pipeline.findings.cross import cross_checks
from pipeline.findings.cross.stored_forms import StoredForms, read, read_evaluations
from pipeline.sourcing.local_files import bytes_at
from schemas.records import Amount, DocumentRow, Evaluation, FundingRow, Indicator
from schemas.stored import to_arrow

Row = Evaluation | FundingRow | Indicator | Amount


@dataclass(frozen=True, slots=True)
class AuditData(StoredForms):
    """What an audit works on (审核所用的数据): one state of the dataset, its checks, the rules, the decisions."""

    failed: tuple[DocumentRow, ...]
    """Files that could not be read."""
    checks: pa.Table
    decisions: Mapping[str, Decision]


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
    forms = StoredForms(dataset, documents, read_evaluations(dataset), rules or default_rules())
    checks = dataset.read("checks") if rules is None else _checked_again(forms)
    return _audit_data(forms, failed, checks, output)


def open_desk_for(output: Path, check_ids: Collection[str]) -> AuditData:
    """The dataset at `output` as far as some checks of it go, however much there is. Raises StoreError."""
    dataset = open_dataset(output)
    checks = dataset.where("checks", "check_id", check_ids)
    contents = {*checks["document_id"].to_pylist(), *_elsewhere(checks)}
    owners = [row for row in read(dataset, "documents", "document_id", contents) if row.duplicate_of is None]
    documents = {row.document_id: _found(row, output) for row in owners}
    evaluations = {row.evaluation_id: row for row in read(dataset, "evaluations", "document_id", contents)}
    return _audit_data(StoredForms(dataset, documents, evaluations, default_rules()), (), checks, output)


def _audit_data(forms: StoredForms, failed: tuple[DocumentRow, ...], checks: pa.Table, output: Path) -> AuditData:
    return AuditData(
        forms.dataset, forms.documents, forms.evaluations, forms.rules, failed, checks, read_decisions(output)
    )


def _elsewhere(checks: pa.Table) -> set[str]:
    """The other documents that checks across forms speak of."""
    return {place["document_id"] for places in checks["places"].to_pylist() for place in places or ()}


def _checked_again(forms: StoredForms) -> pa.Table:
    """Every check made again on the records of the dataset, by other rules."""
    stored = stored_records(forms.dataset.read, forms.documents)
    single = [check for records, _ in stored for check in run_checks(records, forms.rules)]
    return to_arrow("checks", [*single, *cross_checks(forms)])

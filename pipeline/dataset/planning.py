"""What a commit changes in the segments that are there, found by whole columns (变更计划)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.part_files import Segment, read_part
from pipeline.dataset.row_changes import DocumentState, Plan, add_changes, plan_changes


def plan_commit(
    segments: Sequence[Segment], n_base: int, known: AbstractSet[str], changes: Mapping[str, Mapping[str, Any]]
) -> Plan:
    """Plan the changes of the batches `segments[n_base:]` to the base `segments[:n_base]`."""
    staged = [read_part(segment, "documents", _PLANNED) for segment in segments[n_base:]]
    uris, contents = (_values(staged, column) for column in ("source_uri", "document_id"))
    touched = pa.concat_arrays([uris, pa.array(changes, pa.string())])
    old_rows = [
        (at, row)
        for at in range(n_base)
        for row in _concerned(read_part(segments[at], "documents", _PLANNED), touched, contents)
    ]
    met = pa.array({*(row["source_uri"] for _, row in old_rows), *known}, pa.string())
    shared = pa.concat_arrays([_twice(contents), pa.array({row["document_id"] for _, row in old_rows}, pa.string())])
    # a row whose address and content nobody else has stays where it is: a first run has few others
    new_rows = [(at, row) for at, rows in enumerate(staged, n_base) for row in _concerned(rows, met, shared)]
    new = {row["source_uri"]: _seen(at, row, True, row["source_uri"] in known) for at, row in new_rows}
    old = {row["source_uri"]: _seen(at, row, False, False) for at, row in old_rows}
    plan = plan_changes([*old.values(), *new.values()])
    failures = _failures(plan, {row["source_uri"]: row for _, row in old_rows}, [row for _, row in new_rows], known)
    stay = {uri: row for uri, row in old.items() if uri not in new or uri in plan.kept}
    there = {uri: columns for uri, columns in changes.items() if uri in old and uri not in new}
    return Plan(add_changes(plan.edits, {**new, **stay}, {**there, **failures}), plan.kept, plan.duplicates)


_FAILURE = ("failed_since", "failed_version", "failed_code", "failed_error")
_PLANNED = ("source_uri", "document_id", "status", "duplicate_of", "modified_at", *_FAILURE)


def _values(tables: Sequence[pa.Table], column: str) -> pa.Array:
    """The values of a column of document rows, without nulls."""
    chunks = [chunk for table in tables for chunk in table[column].drop_null().chunks]
    return pa.concat_arrays([pa.array([], pa.string()), *chunks])


def _twice(values: pa.Array) -> pa.Array:
    """The values that are there more than once."""
    counts = values.value_counts()
    return counts.filter(pc.greater(counts.field("counts"), 1)).field("values")


def _concerned(rows: pa.Table, uris: pa.Array, contents: pa.Array) -> list[dict[str, Any]]:
    """The document rows that have to do with these addresses and contents."""
    by_address = pc.or_(pc.is_in(rows["source_uri"], uris), pc.is_in(rows["duplicate_of"], uris))
    by_content = pc.is_in(rows["document_id"], contents.drop_null())
    found: list[dict[str, Any]] = rows.filter(pc.or_(by_address, by_content)).to_pylist()
    return found


def _seen(unit: int, row: dict[str, Any], new: bool, known: bool) -> DocumentState:
    failed = row["status"] == "failed"
    return DocumentState(unit, row["source_uri"], row["document_id"], failed, row["duplicate_of"], new, known)


def _failures(
    plan: Plan, old: Mapping[str, dict[str, Any]], new: Sequence[dict[str, Any]], known: AbstractSet[str]
) -> dict[str, dict[str, Any]]:
    """What the rows of files that failed say of the failure: also where a good reading is kept, and since when."""
    changes: dict[str, dict[str, Any]] = {}
    for row in new:
        uri = row["source_uri"]
        before = old.get(uri)
        if row["status"] != "failed" or uri in known or before is None:
            continue
        same = row["document_id"] == before["document_id"]
        gave_way = uri in plan.kept and before["status"] != "failed" and (same or row["document_id"] is None)
        columns = {name: row[name] for name in _FAILURE} if gave_way else {}
        if gave_way and same:
            columns["modified_at"] = row["modified_at"]
        if same and before["failed_since"] is not None:
            columns["failed_since"] = before["failed_since"]
        if columns:
            changes[uri] = columns
    return changes

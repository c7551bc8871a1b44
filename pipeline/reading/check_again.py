"""Known files checked by new rules from the records of the dataset, without reading them (按库中记录重新核对).

The dataset has one set of rules: whatever a run reads, contents that other rules checked are checked again by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from pipeline.dataset.output_folder import explained
from pipeline.dataset.part_files import Segment, read_part
from pipeline.dataset.store import Snapshot
from pipeline.dataset.stored_contents import stored_records
from pipeline.reading import messages
from pipeline.reading.one_file import FileResult, identify
from pipeline.reading.staging import BatchWriter
from pipeline.reading.workers import Job, Workers
from pipeline.sourcing.local_files import Trouble, bytes_at
from schemas.errors import ReadError
from schemas.records import Check, DocumentRecords, DocumentRow
from schemas.stored import from_arrow

if TYPE_CHECKING:
    from pipeline.checks.config import Rules


@dataclass(frozen=True, slots=True)
class ByRules:
    """The rules to check by (所用规则): None for the project's own; `version` as documents name it."""

    rules: Rules | None
    version: str


@dataclass(frozen=True, slots=True)
class CheckedAgain:
    """What was checked again (重新核对的结果): the contents, their rows, staged, and what could not be checked."""

    contents: frozenset[str] = frozenset()
    segments: tuple[Segment, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def check_again(
    snapshot: Snapshot,
    by: ByRules,
    left_alone: AbstractSet[str],
    changes: Mapping[str, Mapping[str, Any]],
    staging: Path,
    workers: Callable[[], Workers],
) -> CheckedAgain:
    """Check the contents of `snapshot` that other rules checked; their rows are staged in `staging`.

    `left_alone` are addresses that this run reads anyhow. `changes` are columns of document rows that it changes.
    Raises StoreError when the output cannot be written.
    """
    output = snapshot.path.parent.parent
    contents: set[str] = set()
    segments: list[Segment] = []
    troubles: list[Trouble] = []
    for number, segment in enumerate(snapshot.segments):
        documents = _checked_otherwise(segment, by.version, left_alone)
        if not documents:
            continue
        with explained(output), BatchWriter(staging, f"checked-{number:06d}") as writer:
            answers = workers().each(_jobs(segment, documents, by.rules, output))
            for document, (_, answer) in zip(documents.values(), answers, strict=True):
                uri = document.source_uri
                if isinstance(answer, ReadError):
                    message = f"未能按新规则重新核对，保留原有结果：{answer}"
                    troubles.append(Trouble(uri, uri, answer.code, message))
                    continue
                row = replace(answer.document, rules_version=by.version, **changes.get(uri, {}))
                writer.add(uri, replace(answer, records=replace(answer.records, document=row)))
                contents.add(document.document_id)
            segments.append(writer.finish())
    return CheckedAgain(frozenset(contents), tuple(segments), tuple(troubles))


def _checked_otherwise(segment: Segment, version: str, left_alone: AbstractSet[str]) -> dict[str, DocumentRow]:
    """The rows that contents of a segment stand under, where other rules checked them."""
    rows = read_part(segment, "documents")
    conditions = [
        pc.fill_null(pc.not_equal(rows["rules_version"], version), True),
        pc.not_equal(rows["status"], "failed"),
        pc.is_valid(rows["document_id"]),
        pc.is_null(rows["duplicate_of"]),
    ]
    rows = rows.filter(reduce(pc.and_, conditions))
    found: list[DocumentRow] = from_arrow("documents", rows)
    return {row.document_id: row for row in found if row.source_uri not in left_alone}


def _jobs(
    segment: Segment, documents: Mapping[str, DocumentRow], rules: Rules | None, output: Path
) -> Iterator[Job[FileResult]]:
    for records, checks in stored_records(partial(read_part, segment), documents):
        document = records.document
        path = bytes_at(document.source_uri, document.local_path, output)
        yield path, partial(_checked, records, checks, rules, path)


def _checked(records: DocumentRecords, checks: tuple[Check, ...], rules: Rules | None, path: str) -> FileResult:
    """The stored records and checks of one content by `rules`: runs in a worker. Raises ReadError."""
    from pipeline.findings import found_again

    try:
        return FileResult(*found_again(records, checks, rules, partial(_source, path, records.document)))
    except Exception as error:
        raise ReadError(messages.internal(path, error), code="internal") from error


def _source(path: str, document: DocumentRow) -> Path | None:
    """The file at `path` if its bytes are still those of the document."""
    try:
        return Path(path) if identify(path).document_id == document.document_id else None
    except ReadError:
        return None

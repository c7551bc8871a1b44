"""One file to its records and checks: what runs in a worker process (单个文件的处理).

Whatever happens to the file, the answer is a FileResult: a document row says what became of it.
Parsers are imported late, so that asking for help or for the schema costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pipeline.reading import messages
from pipeline.sourcing.local_files import Refused, source_uri
from schemas.errors import FileUnavailable, Postponed, ReadError, Unfinished, UnsupportedFormat
from schemas.records import Check, DocumentRecords, DocumentRow, Status
from schemas.rounding import rounded
from schemas.version import EXTRACTOR_VERSION

if TYPE_CHECKING:
    from pipeline.checks.config import Rules

NOT_READ = ""
"""`document_id` of a file whose bytes nobody could read; the store writes it as null."""

TRANSIENT = frozenset({FileUnavailable.code, Postponed.code, "changing"})
"""Reason codes of failures that may go away by themselves: such a file is tried again by every run."""

_OFFICE_OWNER_FILE = "~$"
_OWNER_FILE_BYTES = 1024
_BLOCK = 1 << 20
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a file before it is understood: its hash, size, time of last change (文件身份)."""

    document_id: str
    size_bytes: int
    modified_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Content that need not be read: its `status` in the dataset, `quarantined` if its last reading failed (已知)."""

    status: Status
    quarantined: bool


KnownContents = Mapping[str, Known]
NOTHING_KNOWN: KnownContents = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file: its records and the checks made on them (单个文件的结果).

    With `known` the content was recognised, not read: the dataset has its records.
    """

    records: DocumentRecords
    checks: tuple[Check, ...] = ()
    known: Known | None = None

    @property
    def document(self) -> DocumentRow:
        return self.records.document


@dataclass(frozen=True, slots=True)
class SittingLimit:
    """Where the readings of picture pages are kept, and the seconds a file may take in one sitting (识别的一次时限).

    `most_pages` are those that all workers of a run may recognise together, who count them in the file `counter`; None:
    as many as there are.
    """

    folder: str
    seconds: float
    counter: str = ""
    most_pages: int | None = None


def read_file(
    path: str,
    rules: Rules | None = None,
    known: KnownContents = NOTHING_KNOWN,
    sitting: SittingLimit | None = None,
) -> FileResult:
    """Read, understand and check the file at `path`; a file that cannot be read gives a failed document row.

    `rules` are the user's own for the checks, None the project's. Content that is among `known` is not read. Raises
    Unfinished where a `sitting` ends before the file does.
    """
    identity = Identity(NOT_READ, 0)
    try:
        before = _stat(path)
        identity = identify(path)
        if Path(path).name.startswith(_OFFICE_OWNER_FILE) and identity.size_bytes <= _OWNER_FILE_BYTES:
            return _without_records(path, identity, "empty", "temporary", messages.owner_file(path))
        found = known.get(identity.document_id)
        with _seated(sitting):
            result = _understand(path, identity, rules) if found is None else _recognised(path, identity, found)
        after = _stat(path)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise FileUnavailable(messages.changing(path), code="changing")
        return result
    except Unfinished:
        raise
    except ReadError as error:
        return failed(path, identity, error.code, str(error))
    except MemoryError:
        return failed(path, identity, "memory", messages.memory(path))
    except RecursionError:
        return failed(path, identity, "damaged", messages.too_deep(path))
    except Exception as error:
        return failed(path, identity, "internal", messages.internal(path, error))


def _seated(sitting: SittingLimit | None) -> AbstractContextManager[None]:
    if sitting is None:
        return nullcontext()
    from parsers.scan.kept import keeping

    return keeping(Path(sitting.folder), sitting.seconds, Path(sitting.counter), sitting.most_pages)


def identify(path: str) -> Identity:
    """SHA-256 and size of the file, read in blocks. Raises ReadError."""
    digest = hashlib.sha256()
    size = 0
    try:
        with open(path, "rb") as stream:
            modified_at = modification_time(os.fstat(stream.fileno()))
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise FileUnavailable(messages.unavailable(path, error)) from error
    return Identity(digest.hexdigest(), size, modified_at)


def modification_time(stat: os.stat_result) -> datetime | None:
    """When a file was last modified, in UTC and to the microsecond; None where its time is no date."""
    try:
        return EPOCH + timedelta(microseconds=stat.st_mtime_ns // 1000)
    except OverflowError:
        return None


def failed(path: str, identity: Identity, code: str, message: str) -> FileResult:
    """The result of a file that could not be read: a document row with the reason, nothing else."""
    return _without_records(path, identity, "failed", code, message)


def not_delivered(refused: Refused) -> FileResult:
    """The result of a file that its source could not hand over: no bytes were seen, so no version failed on them."""
    result = failed(refused.uri, Identity(NOT_READ, 0), refused.code, refused.message)
    document = replace(
        result.document,
        source_uri=refused.uri,
        file_name=refused.uri.rsplit("/", 1)[-1],
        source_name=refused.source_name,
        failed_version=None,
    )
    return replace(result, records=replace(result.records, document=document))


def _recognised(path: str, identity: Identity, known: Known) -> FileResult:
    return FileResult(DocumentRecords(_row(path, identity, known.status)), known=known)


def _without_records(path: str, identity: Identity, status: Status, code: str, message: str) -> FileResult:
    row = replace(_row(path, identity, status), error_code=code, error=message)
    if status == "failed":
        row = replace(
            row,
            failed_since=row.ingested_at,
            failed_version=row.extractor_version,
            failed_code=code,
            failed_error=message,
        )
    return FileResult(DocumentRecords(row))


def _row(path: str, identity: Identity, status: Status) -> DocumentRow:
    uri = source_uri(path)
    return DocumentRow(
        document_id=identity.document_id,
        source_uri=uri,
        file_name=uri.rsplit("/", 1)[-1],
        size_bytes=identity.size_bytes if identity.document_id else None,
        modified_at=identity.modified_at,
        status=status,
        extractor_version=EXTRACTOR_VERSION,
        ingested_at=datetime.now(UTC),
    )


def _stat(path: str) -> os.stat_result:
    try:
        found = os.stat(path)
        if stat.S_ISDIR(found.st_mode):
            os.scandir(path).close()  # a folder stands here when it could not be entered: say why
    except OSError as error:
        raise FileUnavailable(messages.unavailable(path, error)) from error
    if not stat.S_ISREG(found.st_mode):
        raise UnsupportedFormat(messages.not_a_file(path))
    return found


def _understand(path: str, identity: Identity, rules: Rules | None) -> FileResult:
    from parsers.extract import extract
    from pipeline.findings import find, look_in_file, with_findings

    uri = source_uri(path)
    records = extract(
        Path(path),
        document_id=identity.document_id,
        source_uri=uri,
        file_name=uri.rsplit("/", 1)[-1],
        size_bytes=identity.size_bytes,
    )
    document = replace(records.document, modified_at=identity.modified_at, ingested_at=datetime.now(UTC))
    records = replace(rounded(records), document=document)
    records, checks = find(records, rules, look_in_file(Path(path), document))
    return FileResult(with_findings(records, checks), checks)

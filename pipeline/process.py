"""One file to its records and checks: what runs in a worker process (单个文件的处理).

Whatever happens to the file, the answer is a FileResult: a document row says what became of it.
Parsers are imported late, so that asking for help or for the schema costs nothing.
"""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import messages
from pipeline.sources import source_uri
from schemas.errors import FileUnavailable, ReadError, UnsupportedFormat
from schemas.records import Check, DocumentRecords, DocumentRow, Status
from schemas.version import EXTRACTOR_VERSION

if TYPE_CHECKING:
    from pipeline.checks.config import Rules

NOT_READ = ""
"""`document_id` of a file whose bytes nobody could read; the store writes it as null."""

_OFFICE_OWNER_FILE = "~$"
_OWNER_FILE_BYTES = 1024
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a file before it is understood: its hash and size (文件身份)."""

    document_id: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FileResult:
    """What became of one file: its records and the checks made on them (单个文件的结果)."""

    records: DocumentRecords
    checks: tuple[Check, ...] = ()

    @property
    def document(self) -> DocumentRow:
        return self.records.document


def read_file(path: str, rules: Rules | None = None) -> FileResult:
    """Read, understand and check the file at `path`; a file that cannot be read gives a failed document row.

    `rules` are the user's own for the checks, None the project's.
    """
    identity = Identity(NOT_READ, 0)
    try:
        before = _stat(path)
        identity = identify(path)
        if Path(path).name.startswith(_OFFICE_OWNER_FILE) and identity.size_bytes <= _OWNER_FILE_BYTES:
            return _without_records(path, identity, "empty", "temporary", messages.owner_file(path))
        result = _understand(path, identity, rules)
        after = _stat(path)
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise FileUnavailable(messages.changing(path), code="changing")
        return result
    except ReadError as error:
        return failed(path, identity, error.code, str(error))
    except MemoryError:
        return failed(path, identity, "memory", messages.memory(path))
    except RecursionError:
        return failed(path, identity, "damaged", messages.too_deep(path))
    except Exception as error:
        return failed(path, identity, "internal", messages.internal(path, error))


def identify(path: str) -> Identity:
    """SHA-256 and size of the file, read in blocks. Raises ReadError."""
    digest = hashlib.sha256()
    size = 0
    try:
        with open(path, "rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as error:
        raise FileUnavailable(messages.unavailable(path, error)) from error
    return Identity(digest.hexdigest(), size)


def failed(path: str, identity: Identity, code: str, message: str) -> FileResult:
    """The result of a file that could not be read: a document row with the reason, nothing else."""
    return _without_records(path, identity, "failed", code, message)


def _without_records(path: str, identity: Identity, status: Status, code: str, message: str) -> FileResult:
    uri = source_uri(path)
    row = DocumentRow(
        document_id=identity.document_id,
        source_uri=uri,
        file_name=uri.rsplit("/", 1)[-1],
        size_bytes=identity.size_bytes if identity.document_id else None,
        status=status,
        error_code=code,
        error=message,
        extractor_version=EXTRACTOR_VERSION,
        ingested_at=datetime.now(UTC),
    )
    return FileResult(DocumentRecords(row))


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
    from pipeline.checks import run_checks

    uri = source_uri(path)
    records = extract(
        Path(path),
        document_id=identity.document_id,
        source_uri=uri,
        file_name=uri.rsplit("/", 1)[-1],
        size_bytes=identity.size_bytes,
    )
    records = replace(records, document=replace(records.document, ingested_at=datetime.now(UTC)))
    return FileResult(records, run_checks(records, rules))

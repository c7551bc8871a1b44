"""One file → the records understood from it (抽取): reader, interpreter, account of the figures."""

from __future__ import annotations

from pathlib import Path

from parsers.completeness.law import accounted
from parsers.interpret.document import interpret
from parsers.readers import read_document
from schemas.lexicon import lexicon
from schemas.records import DocumentRecords, DocumentRow
from schemas.version import EXTRACTOR_VERSION


def extract(path: Path, *, document_id: str, source_uri: str, file_name: str, size_bytes: int) -> DocumentRecords:
    """Read `path` and understand it.

    Raises ReadError where the file cannot be read at all; whatever can be read comes back with its problems listed.
    """
    row = DocumentRow(
        document_id=document_id,
        source_uri=source_uri,
        file_name=file_name,
        size_bytes=size_bytes,
        extractor_version=EXTRACTOR_VERSION,
    )
    document = read_document(path)
    return accounted(document, interpret(document, row, lexicon()))

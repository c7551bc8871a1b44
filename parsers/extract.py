"""One file → the records understood from it (抽取): reader, interpreter, account of the figures, confidence."""

from __future__ import annotations

from pathlib import Path

from parsers.completeness.law import accounted
from parsers.confidence.doubted_words import with_doubted_words
from parsers.confidence.other_readings import with_other_readings
from parsers.confidence.weigh import weighed
from parsers.document import Document, Grid, Paragraph
from parsers.formats import FORMATS
from parsers.interpret.document import interpret
from parsers.readers import read_document
from schemas.errors import DamagedFile
from schemas.lexicon import lexicon
from schemas.records import DocumentRecords, DocumentRow
from schemas.version import EXTRACTOR_VERSION

_PLAIN = frozenset({"txt", "html", "xml"})
_ERROR_PAGE = 1000
"""Characters up to which plain text under the name of an office document is an error page, not a report."""
_SHOWN = 30


def extract(path: Path, *, document_id: str, source_uri: str, file_name: str, size_bytes: int) -> DocumentRecords:
    """Read `path` and understand it.

    Raises ReadError where the file cannot be read at all, DamagedFile (code "not_the_file") where it is a server's
    error page under the name of a document; whatever can be read comes back with its problems listed.
    """
    row = DocumentRow(
        document_id=document_id,
        source_uri=source_uri,
        file_name=file_name,
        size_bytes=size_bytes,
        extractor_version=EXTRACTOR_VERSION,
    )
    document = read_document(path)
    records = accounted(document, interpret(document, row, lexicon()))
    records = with_doubted_words(document, with_other_readings(document, records))
    records = weighed(document, records)
    if records.document.status == "empty" and _is_other_content(path, document):
        raise DamagedFile(
            f"文件“{path.name}”的扩展名是 {path.suffix}，内容却只有几行文字（{_first_words(document)}），"
            "像是网站的出错提示而不是该文件，请重新下载。",
            code="not_the_file",
        )
    return records


def _is_other_content(path: Path, document: Document) -> bool:
    """Whether a file named like an office document holds a few lines of plain text: a server's error page."""
    named = next((entry for entry in FORMATS if path.suffix.lower() in entry.suffixes), None)
    if named is None or named.name in _PLAIN or document.format not in _PLAIN:
        return False
    tables = any(isinstance(block, Grid) for block in document.blocks)
    length = sum(len(block.text) for block in document.blocks if isinstance(block, Paragraph))
    return not tables and length <= _ERROR_PAGE


def _first_words(document: Document) -> str:
    return next((block.text[:_SHOWN] for block in document.blocks if isinstance(block, Paragraph)), "")

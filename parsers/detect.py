"""What a file is, by its content and not by its name (格式识别).

Reads only small parts of the file: its beginning, the directory of a ZIP, the directory sector of an OLE2 file.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO

from parsers.formats import FORMATS, REPORT_SUFFIXES
from parsers.text.encoding import guess
from schemas.errors import FileUnavailable

PREFIX_BYTES = 4096
_PDF_HEADER_BYTES = 1024
"""A PDF header may stand anywhere in the first kilobyte."""
_PDF_BODY = re.compile(rb"\b\d{1,10} \d{1,5} obj\s*<<|\btrailer\s*<<")
"""What a PDF without its header still shows."""
_OLE_DIRECTORY_BYTES = 16 * 1024
_MAX_ZIP_DIRECTORY = 8 * 1024 * 1024
_ZIP_END_BYTES = 64 * 1024 + 22
"""The end record of a ZIP and its longest comment."""
_SPANNED_MARK = 4
"""Bytes that may stand before the first member of a ZIP."""
_MAX_CONTENT_TYPES = 1024 * 1024
_CONTROL_SHARE = 0.02
_TAR_MAGIC_AT = 257
_TAR_MAGIC = b"ustar"
_MAGICS = tuple((magic, entry.name) for entry in FORMATS for magic in entry.magics)
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = tuple((stream, entry.name) for entry in FORMATS for stream in entry.ole_streams)
_MARKS = tuple((mark, entry.name) for entry in FORMATS for mark in entry.marks)
_ZIP_PARTS = tuple((part, entry.name) for entry in FORMATS for part in entry.zip_parts)
_CONTENT_TYPES = "[Content_Types].xml"
_WORD_MAIN = re.compile(rb"(?:wordprocessingml|ms-word)\.(?:document|template)\.(?:macroEnabled\w*\.)?main\+xml")
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<(?:table|body|div|p|h[1-6]|meta|style|center|font|span)[\s>]",
    re.IGNORECASE,
)
_PAGE = re.compile(rb"<!doctype\s+html|<html[\s>]", re.IGNORECASE)
_FIELD = rb"(?:mime-version|return-path|received|delivered-to|message-id|date|from|to|subject|content-type|x-[\w-]+):"
_MAIL = re.compile(_FIELD + rb"[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n" + _FIELD, re.IGNORECASE)
"""How a mail message begins, and a page kept in the form of one: two header fields."""
_RELATED = re.compile(rb"^content-type:\s*(?:multipart/related|text/html)", re.IGNORECASE | re.MULTILINE)
_SENT = re.compile(rb"^(?:received|return-path|to|delivered-to):", re.IGNORECASE | re.MULTILINE)
_CONTROLS = re.compile(rb"[\x00-\x06\x08\x0e-\x1a\x1c-\x1f]")


def detect_format(path: Path) -> str:
    """The name of the format of the file's content, whatever its suffix says: one of the registry.

    Raises FileUnavailable when the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            prefix = file.read(PREFIX_BYTES)
            if prefix.startswith(_OLE_MAGIC):
                return _ole_format(file, prefix)
            if prefix.startswith(b"PK"):
                return _zip_format(file, prefix)
    except OSError as error:
        raise FileUnavailable(
            f"无法打开文件“{path.name}”（{error.strerror or error}），请检查文件是否存在、是否有读取权限。"
        ) from error
    found = _plain_format(prefix)
    # The one case in which bytes do not tell: a table of commas is text like any other.
    return "csv" if found == "txt" and path.suffix.lower() == ".csv" else found


def _plain_format(prefix: bytes) -> str:
    if not prefix:
        return "empty"
    for magic, found in _MAGICS:
        if prefix.startswith(magic):
            return found
    if prefix[_TAR_MAGIC_AT:].startswith(_TAR_MAGIC):
        return "tar"
    if prefix[:2] == b"BM" and prefix[6:10] == bytes(4):
        return "bmp"
    if prefix[:4] == b"RIFF" and prefix[8:12] == b"WEBP":
        return "webp"
    if prefix.startswith(b"%PDF") or b"%PDF-" in prefix[:_PDF_HEADER_BYTES] or _PDF_BODY.search(prefix):
        return "pdf"
    return _markup_format(prefix) or ("binary" if _is_binary(prefix) else "txt")


def _markup_format(prefix: bytes) -> str | None:
    head = prefix.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if _MAIL.match(head):
        return "mht" if _RELATED.search(head) and not _SENT.search(head) else "eml"
    if not head.startswith(b"<"):
        return None
    marked = next((name for mark, name in _MARKS if mark in head), None)
    if marked is not None and not _PAGE.search(head):
        return marked
    if _HTML.search(head):
        return "html"
    return "xml" if head.startswith(b"<?xml") else None


def _is_binary(prefix: bytes) -> bool:
    return len(_CONTROLS.findall(prefix)) > len(prefix) * _CONTROL_SHARE and guess(prefix) is None


def _ole_format(file: IO[bytes], header: bytes) -> str:
    """The kind of an OLE2 file, from the stream names in its directory."""
    shift = int.from_bytes(header[30:32], "little")
    if shift not in (9, 12):
        return "ole2"
    file.seek((int.from_bytes(header[48:52], "little") + 1) << shift)
    directory = file.read(_OLE_DIRECTORY_BYTES)
    for name, found in _OLE_STREAMS:
        if (name + "\0").encode("utf-16-le") in directory:
            return found
    return "ole2"


def _zip_format(file: IO[bytes], prefix: bytes) -> str:
    """The kind of a ZIP file, from the names of its parts; a damaged one is judged by what its beginning names.

    Of a whole one the beginning tells nothing: it may be that of a document stored in it uncompressed.
    """
    if _zip_directory_bytes(file) > _MAX_ZIP_DIRECTORY:
        return "zip"
    try:
        with zipfile.ZipFile(file) as archive:
            if min((info.header_offset for info in archive.infolist()), default=0) > _SPANNED_MARK:
                return "zip"  # its own directory is lost: this is that of a document stored in it
            names = set(archive.namelist())
            known: str | None = next((found for part, found in _ZIP_PARTS if part in names), None)
            return known or ("docx" if _has_word_part(archive) else "zip")
    except (zipfile.BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        if _first_member(prefix).endswith(tuple(REPORT_SUFFIXES)):
            return "zip"
        named: str | None = next((found for part, found in _ZIP_PARTS if part.encode() in prefix), None)
        return named or ("docx" if b"word/" in prefix or _CONTENT_TYPES.encode() in prefix else "zip")


def _first_member(prefix: bytes) -> str:
    """The name of a ZIP's first member, as far as it can be told from its local header."""
    length = int.from_bytes(prefix[26:28], "little")
    return prefix[30 : 30 + length].decode("latin-1").lower()


def _zip_directory_bytes(file: IO[bytes]) -> int:
    """How large the ZIP says its directory is, so that a hostile one is not read at all."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _ZIP_END_BYTES))
    tail = file.read()
    at = tail.rfind(b"PK\5\6")
    return int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0


def _has_word_part(archive: zipfile.ZipFile) -> bool:
    """Whether the content types name a Word main part, whatever its file is called (also .docm, .dotx)."""
    if _CONTENT_TYPES not in archive.namelist():
        return False
    with archive.open(_CONTENT_TYPES) as part:
        return _WORD_MAIN.search(part.read(_MAX_CONTENT_TYPES)) is not None

"""Whether the bytes of a PDF are whole (完整性检查): streams inflate to their end, the cross-reference table is true.

PDFium reads what it can of a damaged file and says nothing: a content stream cut short loses the rest of its page, a
table of objects that does not hold is guessed anew, an object that breaks off takes its page or its glyph with it. All
are looked for here, on the bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

MAX_BYTES = 64 * 2**20
"""Larger files are volumes of scans; their streams are pictures and are not looked through."""
MAX_INFLATED = 256 * 2**20
"""Bytes of one stream that are inflated at most."""
_REACH = 8192
"""Bytes before a stream in which its dictionary stands."""
_LONGEST_HEAD = 32
"""Bytes of the longest head of an object."""

_STREAM = re.compile(rb">>[\s\0]*stream\r?\n")
_OBJECT = re.compile(rb"(\d{1,10})[\s\0]+\d{1,5}[\s\0]+obj\b")
_FILTER = re.compile(rb"/Filter[\s\0]*(\[[^\]]*\]|/[^\s/<>\[\]()]+)")
_NAME = re.compile(rb"/([^\s/<>\[\]()]+)")
_LENGTH = re.compile(rb"/Length[\s\0]+(\d+)(?![\s\0]+\d+[\s\0]+R)")
_NO_TEXT = re.compile(rb"/Subtype[\s\0]*/(?:Image|XML)\b|/FunctionType\b")
"""Pictures, metadata and shadings: damage to them loses no text. Where a font is damaged its characters are lost."""
_START = re.compile(rb"startxref[\s\0]+(\d{1,12})")
_TABLE = re.compile(rb"[\s\0]*xref[\s\0]+")
_SECTION = re.compile(rb"[\s\0]*(\d{1,10})[\s\0]+(\d{1,10})[\s\0]+(?=\d{10} )")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])[ \r\n]{1,2}")
_KNOWN = frozenset(
    b"FlateDecode Fl ASCII85Decode A85 ASCIIHexDecode AHx LZWDecode LZW RunLengthDecode RL CCITTFaxDecode CCF "
    b"JBIG2Decode DCTDecode DCT JPXDecode Crypt".split()
)
_NOTHING_DEFLATED = 8
"""Bytes of a deflated stream of nothing."""
_DEFLATED = (b"x\x9c", b"x\xda", b"x\x01", b"x\x5e", b"H\x89", b"h\xde")
"""How deflated bytes begin: a stream without a filter that begins so has lost the name of its filter."""
_ASCII85_END = b"~>"
_OBJECT_END = re.compile(rb"endobj|stream\r?\n")
_LONGEST_OBJECT = 2**20
_STRING = regex.compile(rb"\((?:[^()\\]++|\\.|(?R))*+\)", regex.DOTALL)
_NEXT = rb"(?=[\s/<>\[\]()%]|$)"
_WORDS = re.compile(
    rb"(?:\s++|%[^\r\n]*+|/[^\x00-\x20\x7f()<>\[\]{}/%]*+|(?:[+-]*[\d.]++(?:-[\d.]*+)?|R|true|false|null|Tf|rg|g|k)"
    + _NEXT
    + rb"|<<|>>|\[|\]|<[0-9A-Fa-f\s]*+>)*+"
)
"""What an object is made of besides strings: blanks, comments, names, numbers, references, brackets;

some producers write the operators of a default appearance (/Helv 9 Tf 0 g) without a string around them."""
_FLATE, _ASCII85, _HEX = (b"FlateDecode", b"Fl"), (b"ASCII85Decode", b"A85"), (b"ASCIIHexDecode", b"AHx")


@dataclass(frozen=True, slots=True)
class Integrity:
    """What is wrong with the bytes of a file: numbers of damaged objects, whether its table is false."""

    damaged: tuple[int, ...] = ()
    false_table: bool = False
    has_empty_stream: bool = False
    """Whether some stream that may hold text holds nothing at all."""


def integrity_of(path: Path) -> Integrity:
    """What is wrong with the bytes of a PDF. A file that cannot be opened is somebody else's to report."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return Integrity()
        data = path.read_bytes()
    except OSError:
        return Integrity()
    encrypted = b"/Encrypt" in data
    streams = () if encrypted else tuple(_streams(data))
    broken = (one.number for one in streams if not one.is_whole)
    damaged = tuple(sorted({*broken, *_ill_formed(data)}))
    return Integrity(damaged, _has_false_table(data), any(one.is_empty for one in streams))


# -- streams -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stream:
    """A stream that may hold text: the number of its object, whether it is whole, whether it holds nothing."""

    number: int
    is_whole: bool
    is_empty: bool


def _streams(data: bytes) -> Iterator[_Stream]:
    for match in _STREAM.finditer(data):
        head = _head_before(data, match.start())
        if head is None:
            continue
        dictionary = data[head.end() : match.start()]
        if not _NO_TEXT.search(dictionary):
            content = _content(data, match.end(), dictionary)
            yield _Stream(int(head[1]), _is_whole(dictionary, content), len(content.strip()) <= _NOTHING_DEFLATED)


def _head_before(data: bytes, position: int) -> re.Match[bytes] | None:
    """The head (7 0 obj) of the object that a stream at `position` belongs to, if it stands near enough."""
    end = data.rfind(b"obj", max(position - _REACH, 0), position)
    while end >= 0:
        heads = list(_OBJECT.finditer(data, max(end - _LONGEST_HEAD, 0), end + len(b"obj")))
        if heads:
            return heads[-1]
        end = data.rfind(b"obj", max(position - _REACH, 0), end)
    return None


def _content(data: bytes, start: int, dictionary: bytes) -> bytes:
    """The bytes of a stream: as many as it says, where they end where it does."""
    stated = _LENGTH.search(dictionary)
    if stated:
        end = start + int(stated[1])
        if data[end : end + 12].lstrip(b"\r\n \0").startswith(b"endstream"):
            return data[start:end]
    end = data.find(b"endstream", start)
    return data[start : end if end >= 0 else len(data)]


def _is_whole(dictionary: bytes, content: bytes) -> bool:
    """Whether a stream inflates to its end with the right checksum; others have none."""
    stated = _FILTER.search(dictionary)
    filters = _NAME.findall(stated[1]) if stated else []
    if not filters and (content.startswith(_DEFLATED) or content.rstrip().endswith(_ASCII85_END)):
        return False
    if any(name not in _KNOWN for name in filters):
        return False
    for name in filters:
        if name in _FLATE:
            return _inflates(content)
        decoded = _ascii_decoded(name, content)
        if decoded is None:
            return name not in (*_ASCII85, *_HEX)
        content = decoded
    return True


def _ascii_decoded(name: bytes, content: bytes) -> bytes | None:
    try:
        if name in _ASCII85:
            return base64.a85decode(content.strip().removeprefix(b"<~").split(b"~", 1)[0])
        if name in _HEX:
            return binascii.unhexlify(b"".join(content.split(b">", 1)[0].split()))
    except (ValueError, binascii.Error):
        return None
    return None


def _inflates(content: bytes) -> bool:
    inflater = zlib.decompressobj()
    try:
        inflater.decompress(content, MAX_INFLATED)
    except zlib.error:
        return False
    return inflater.eof or bool(inflater.unconsumed_tail)


# -- objects -----------------------------------------------------------------------------------------------------------


def _ill_formed(data: bytes) -> Iterator[int]:
    """The numbers of objects whose text is no text of a PDF: bytes lost or spoiled between their words."""
    position = 0
    while found := _OBJECT.search(data, position):
        end = _OBJECT_END.search(data, found.end())
        if end is None:
            return  # cut off: the table of objects does not hold
        body = data[found.end() : end.start()]
        if len(body) <= _LONGEST_OBJECT and not _is_well_formed(body):
            yield int(found[1])
        position = end.end()
        if end[0].startswith(b"stream"):
            after = data.find(b"endstream", position)
            position = len(data) if after < 0 else after


def _is_well_formed(body: bytes) -> bool:
    """Whether an object is made of names, numbers, strings and references, with all its brackets closed."""
    bare = _STRING.sub(b" ", body) if b"(" in body else body
    closed = bare.count(b"<<") == bare.count(b">>") and bare.count(b"[") == bare.count(b"]")
    return closed and _WORDS.fullmatch(bare) is not None


# -- the table of objects ----------------------------------------------------------------------------------------------


def _has_false_table(data: bytes) -> bool:
    """Whether the last table of objects is not where the file says, or its objects are not where it says."""
    shift = max(data.find(b"%PDF-", 0, 1024), 0)
    starts = _START.findall(data)
    if not starts:
        return True
    at = int(starts[-1])
    for offset in (at, at + shift):
        table = _TABLE.match(data, offset)
        if table:
            return not _entries_hold(data, table.end(), (0, shift))
        if _OBJECT.match(data.lstrip(b"\0") if not offset else data, offset):
            return False  # a table that is a stream, checked as one
    return True


def _entries_hold(data: bytes, position: int, shifts: tuple[int, int]) -> bool:
    section = _SECTION.match(data, position)
    while section:
        position = section.end()
        for number in range(int(section[1]), int(section[1]) + int(section[2])):
            entry = _ENTRY.match(data, position)
            if entry is None or (entry[3] == b"n" and not _stands_at(data, int(entry[1]), number, shifts)):
                return False
            position = entry.end()
        section = _SECTION.match(data, position)
    return True


def _stands_at(data: bytes, offset: int, number: int, shifts: tuple[int, int]) -> bool:
    """Whether object `number` begins where its entry says; some producers count from the header, not the file."""
    found = (_OBJECT.match(data[offset + shift : offset + shift + 32].lstrip()) for shift in shifts)
    return any(match is not None and int(match[1]) == number for match in found)

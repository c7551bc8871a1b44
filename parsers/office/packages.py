"""Files embedded in the older Word formats, by name (嵌入的文件): what is in them is not read, and that is said.

A file of any kind is wrapped as a package, [MS-OLEDS] 2.3.6 and the stream that Windows' Packager keeps: a size, a
version, then the name the file is shown by, each ending in a zero byte. Other objects tell only their program.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docvortex.analyzers.native.office.errors import LegacyOfficeError
from docvortex.analyzers.native.office.legacy.ole import BoundedOleReader

from parsers.document import Place, Problem

POOL = "ObjectPool/"
_PACKAGE = "\x01ole10native"
_KINDS = {
    "workbook": "Excel 工作簿",
    "book": "Excel 工作簿",
    "worddocument": "Word 文档",
    "powerpoint document": "演示文稿",
    "package": "办公文件",
}
"""What holds such a stream."""
_PROGRAMS = (
    ("Excel", "Excel 工作簿"),
    ("ET", "WPS 表格"),
    ("KET", "WPS 表格"),
    ("Word", "Word 文档"),
    ("WPS", "WPS 文字"),
)
_RTF_OBJECT = re.compile(rb"\\objclass\s*([A-Za-z]+)[\w.]*", re.IGNORECASE)
_RTF_PACKAGE = re.compile(rb"5061636b61676500((?:[0-9a-f]\s*){40,4000})", re.IGNORECASE)
"""The word Package of an OLE 1 object in hexadecimal digits, and the beginning of what follows it."""
_NAME = re.compile(rb"\x02\x00([^\x00]{1,255})\x00")
_NAMELESS = "另一文件"


def embedded_in(ole: BoundedOleReader) -> Iterator[str]:
    """The files in the object pool of a DOC: their names, else what they are; editors of formulas hold none."""
    for stream in ole.stream_names(prefix=POOL):
        last = stream.rpartition("/")[2].casefold()
        if last == _PACKAGE:
            yield _name_of(ole, stream) or _NAMELESS
        elif last in _KINDS and stream.count("/") == POOL.count("/") + 1:
            yield _KINDS[last]


def _name_of(ole: BoundedOleReader, stream: str) -> str:
    try:
        return _name_in(ole.read_stream(stream)[4:])
    except LegacyOfficeError:  # a broken package costs only its name
        return ""


def embedded_in_rtf(data: bytes) -> Iterator[str]:
    """The files in an RTF: those in packages by their names, others by what they are."""
    kinds = {program.lower().encode(): kind for program, kind in _PROGRAMS}
    yield from (kinds[found[1].lower()] for found in _RTF_OBJECT.finditer(data) if found[1].lower() in kinds)
    for package in _RTF_PACKAGE.finditer(data):
        digits = re.sub(rb"\s", b"", package[1])
        yield _name_in(bytes.fromhex(digits[: len(digits) // 2 * 2].decode())) or _NAMELESS


def embedded_problem(file_name: str, names: Iterable[str]) -> list[Problem]:
    """The problem that names what is embedded, none where nothing is."""
    told = "、".join(f"“{name}”" for name in dict.fromkeys(names))
    if not told:
        return []
    message = f"《{file_name}》嵌入了{told}，其中内容未能读取；请另行提供。"
    return [Problem("embedded_object", message, Place("embedded object"))]


def _name_in(package: bytes) -> str:
    """The name in a package; where it is a path, its last part."""
    found = _NAME.search(package[:512])
    name = found[1].decode("gb18030", "replace") if found else ""
    return re.split(r"[\\/]", name)[-1].strip()

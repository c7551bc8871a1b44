"""From the bytes of a page to its text (网页编码).

A page says its encoding in several places and is often wrong: what it says is believed only where the bytes agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.text.encoding import guess

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w-]{2,20})""",
    re.IGNORECASE,
)
_DECLARED_WITHIN = 8192
_CHINESE = {
    "gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030",
    "gb18030": "gb18030", "hz-gb-2312": "hz", "big5": "cp950", "big5-hkscs": "big5hkscs", "x-x-big5": "cp950",
    "utf-8": "utf-8", "utf8": "utf-8", "unicode": "utf-16-le", "utf-16": "utf-16-le",
}  # fmt: skip
"""Encodings of Chinese text by the names pages use. GB2312 is read as what browsers read it: its superset."""
_MOST_BROKEN = 0.01


def decode_page(data: bytes, said: str | None = None) -> tuple[str, str]:
    """The text of a page and its encoding. `said` is the encoding a server or mail header states."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _text(data[len(bom) :], encoding), encoding
    for encoding in _candidates(data, said):
        text = _text(data, encoding)
        if text.count("\ufffd") <= len(text) * _MOST_BROKEN:
            return text, encoding
    return _text(data, "gb18030"), "gb18030"


def _candidates(data: bytes, said: str | None) -> Iterator[str]:
    # Well-formed UTF-8 proves itself.
    try:
        data.decode("utf-8")
        if b"\0" not in data:
            yield "utf-8"
    except UnicodeDecodeError:
        pass
    names = [said, *(m[0] or m[1] for m in _declared(data))]
    for name in names:
        encoding = _CHINESE.get(name.lower()) if name else None
        if encoding is not None and encoding != "utf-8":
            yield encoding
    found = guess(data)
    if found is not None:
        yield "cp950" if found == "big5" else found.removesuffix("-sig")
    yield from ("utf-8", "gb18030")


def _declared(data: bytes) -> Iterator[tuple[str, str]]:
    for first, second in _DECLARED.findall(data[:_DECLARED_WITHIN]):
        yield first.decode("ascii"), second.decode("ascii")


def _text(data: bytes, encoding: str) -> str:
    return data.decode(encoding, "replace").replace("\0", "")

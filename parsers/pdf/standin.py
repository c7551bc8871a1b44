"""A font for Chinese text whose font is not in the file (未嵌入字体的替身).

PDFium drops text that has no width, and takes the width of a text object of one character from the glyph's shape.
Where a file leaves a Chinese font to the reader and the machine has none, such a character (优, 无, the last of a
wrapped line) would be lost without a trace. For those fonts PDFium is given this one: every character has a glyph as
large as its em box, without ink. Fonts that the machine has are found first, and pictures of pages do without it.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pypdfium2.raw as pdfium_c

_EM, _ASCENT, _DESCENT = 1000, 880, -120
_ONE, _MAGIC = 0x10000, 0x5F0F3CF5
_HALF, _FULL = _EM // 2, _EM
_NARROW, _WIDE = (0x21, 0x2E7F), (0x2E80, 0x3FFFD)
"""Characters half an em wide, and those of a whole em: the Chinese ones."""
_NAME = b"StandIn\0"
_CHARSETS = frozenset(
    (
        pdfium_c.FXFONT_GB2312_CHARSET,
        pdfium_c.FXFONT_CHINESEBIG5_CHARSET,
        pdfium_c.FXFONT_SHIFTJIS_CHARSET,
        pdfium_c.FXFONT_HANGEUL_CHARSET,
    )
)


def font_file() -> bytes:
    """A TrueType file: glyph 0 is blank, 1 half an em wide, 2 a whole em."""
    glyphs = [b"", _glyph(_HALF), _glyph(_FULL)]
    offsets = [sum(map(len, glyphs[:count])) for count in range(len(glyphs) + 1)]
    tables = {
        b"cmap": _character_map(),
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">IIIIHH16xhhhhHHhhh", _ONE, _ONE, 0, _MAGIC, 0, _EM, 0, _DESCENT, _EM, _ASCENT, 0, 8, 2, 1, 0
        ),
        b"hhea": struct.pack(">IhhhHhhh14xhH", _ONE, _ASCENT, _DESCENT, 0, _EM, 0, 0, _EM, 0, len(glyphs)),
        b"hmtx": struct.pack(">HhHhHh", _EM, 0, _HALF, 0, _FULL, 0),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": struct.pack(">IHHHHHH16x", _ONE, len(glyphs), 2, 1, 0, 0, 1),
    }
    return _sealed(tables)


def _glyph(width: int) -> bytes:
    """A glyph of two points at opposite corners of its box: it has that size and leaves no ink."""
    box = struct.pack(">hhhhh", 1, 0, _DESCENT, width, _ASCENT)
    outline = struct.pack(">HHBB", 1, 0, 1, 1) + struct.pack(">hhhh", 0, width, _DESCENT, _EM)
    return box + outline + bytes(-(len(box) + len(outline)) % 4)


def _character_map() -> bytes:
    """All characters of a range on one glyph (cmap format 13)."""
    groups = struct.pack(">IIIIII", *_NARROW, 1, *_WIDE, 2)
    subtable = struct.pack(">HHIII", 13, 0, 16 + len(groups), 0, 2) + groups
    return struct.pack(">HHHHI", 0, 1, 3, 10, 12) + subtable


def _sealed(tables: dict[bytes, bytes]) -> bytes:
    directory = struct.pack(">IHHHH", _ONE, len(tables), 0, 0, 0)
    start = len(directory) + 16 * len(tables)
    body = b""
    for tag, table in sorted(tables.items()):
        directory += tag + struct.pack(">III", 0, start + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    return directory + body


class Provider:
    """PDFium's source of system fonts: the machine's own, and behind it the stand-in."""

    def __init__(self, system: Any) -> None:
        self.system = system
        self.own = system.contents
        self.data = font_file()
        self.buffer = ctypes.create_string_buffer(self.data, len(self.data))
        self.handle = ctypes.addressof(self.buffer)
        self.active = False
        self.info = self._info()

    def _info(self) -> pdfium_c.FPDF_SYSFONTINFO:
        """The table of functions that PDFium calls; it lives as long as this object."""
        functions = {
            "Release": lambda _info: None,
            "EnumFonts": lambda _info, mapper: self.own.EnumFonts(self.system, mapper),
            "MapFont": self._map,
            "GetFont": lambda _info, face: self.own.GetFont(self.system, face),
            "GetFontData": self._data,
            "GetFaceName": self._name,
            "GetFontCharset": self._charset,
            "DeleteFont": self._delete,
        }
        info = pdfium_c.FPDF_SYSFONTINFO()
        info.version = self.own.version
        types = dict(pdfium_c.FPDF_SYSFONTINFO._fields_)
        for name, function in functions.items():
            setattr(info, name, types[name](function))
        return info

    def _map(self, _info: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> int | None:
        found: int | None = self.own.MapFont(self.system, weight, italic, charset, pitch, face, exact)
        return found or (self.handle if self.active and charset in _CHARSETS else None)

    def _data(self, _info: Any, font: int, table: int, buffer: Any, size: int) -> int:
        if font != self.handle:
            return int(self.own.GetFontData(self.system, font, table, buffer, size))
        return 0 if table else _copied(self.data, buffer, size)

    def _name(self, _info: Any, font: int, buffer: Any, size: int) -> int:
        if font != self.handle:
            return int(self.own.GetFaceName(self.system, font, buffer, size))
        return _copied(_NAME, buffer, size)

    def _charset(self, _info: Any, font: int) -> int:
        if font == self.handle:
            return int(pdfium_c.FXFONT_GB2312_CHARSET)
        return int(self.own.GetFontCharset(self.system, font))

    def _delete(self, _info: Any, font: int) -> None:
        if font != self.handle:
            self.own.DeleteFont(self.system, font)


def _copied(data: bytes, buffer: Any, size: int) -> int:
    """Copies `data` where there is room for it; its length in any case."""
    if buffer and size >= len(data):
        ctypes.memmove(buffer, data, len(data))
    return len(data)


def _installed() -> Provider | None:
    """The provider PDFium asks; None where PDFium knows no fonts of this system."""
    system = pdfium_c.FPDF_GetDefaultSystemFontInfo()
    if not system:
        return None
    provider = Provider(system)
    pdfium_c.FPDF_SetSystemFontInfo(ctypes.byref(provider.info))
    return provider


_PROVIDER = _installed()
"""PDFium calls it as long as the process lives."""


@contextmanager
def stand_in() -> Iterator[None]:
    """While text is read: missing Chinese fonts are replaced by the stand-in."""
    if _PROVIDER is None:
        yield
        return
    _PROVIDER.active = True
    try:
        yield
    finally:
        _PROVIDER.active = False

"""List numbers of Word 97 documents in Chinese numerals (旧版 Word 的中文编号).

docvortex counts list items and prints decimals for every numeral it does not know; 一、 and （一） are among those. The
number formats are read here once more, from the same records ([MS-DOC] 2.9.150 LVLF), and put into its labels.
"""

from __future__ import annotations

import struct
from dataclasses import replace

from docvortex.analyzers.native.office.doc.lists import ListTables
from docvortex.analyzers.native.office.doc.models import DocListInfo

from parsers.docx.numerals import format_number

_LIST_BYTES = 28
_LEVEL_BYTES = 28
_LEVELS = 9
_NUMERALS = {
    10: "ideographDigital",
    11: "japaneseCounting",
    14: "decimalFullWidth",
    18: "decimalEnclosedCircle",
    19: "decimalFullWidth2",
    22: "decimalZero",
    26: "decimalEnclosedFullstop",
    27: "decimalEnclosedParen",
    28: "decimalEnclosedCircleChinese",
    29: "ideographEnclosedCircle",
    30: "ideographTraditional",
    31: "ideographZodiac",
    32: "ideographZodiacTraditional",
    33: "taiwaneseCounting",
    34: "ideographLegalTraditional",
    35: "taiwaneseCountingThousand",
    36: "taiwaneseDigital",
    37: "chineseCounting",
    38: "chineseLegalSimplified",
    39: "chineseCountingThousand",
}
"""[MS-OSHARED] MSONFC, those that docvortex prints as decimals, as Word's XML calls them."""


class ChineseListTables(ListTables):  # type: ignore[misc]  # docvortex ships no types
    """The list tables of a document, their labels in the numerals the document states (编号表)."""

    def __init__(self, tables: ListTables, numerals: dict[tuple[int, int], str]) -> None:
        self._tables = tables
        self._numerals = numerals

    def paragraph_info(self, ilfo: int, level: int) -> DocListInfo | None:
        info = self._tables.paragraph_info(ilfo, level)
        numeral = None if info is None else self._numerals.get((info.identity, info.level))
        if info is None or numeral is None or not info.label:
            return info
        before, found, after = info.label.rpartition(str(info.start))
        label = f"{before}{format_number(info.start, numeral)}{after}" if found else info.label
        return replace(info, label=label)


def numerals_of(table_stream: bytes, offset: int, size: int) -> dict[tuple[int, int], str]:
    """By list and level (from 0), the Chinese numerals it is numbered in. Damaged records end the reading."""
    found: dict[tuple[int, int], str] = {}
    try:
        (count,) = struct.unpack_from("<H", table_stream, offset)
        at = offset + size
        for number in range(count):
            record = offset + 2 + number * _LIST_BYTES
            (identity,) = struct.unpack_from("<I", table_stream, record)
            levels = 1 if table_stream[record + 26] & 1 else _LEVELS
            for level in range(levels):
                numeral = _NUMERALS.get(table_stream[at + 4])
                for each in range(level, _LEVELS) if levels == 1 else (level,):
                    if numeral is not None:
                        found[identity, each] = numeral
                at += _LEVEL_BYTES + table_stream[at + 24] + table_stream[at + 25]
                (characters,) = struct.unpack_from("<H", table_stream, at)
                at += 2 + 2 * characters
    except (struct.error, IndexError):
        pass
    return found

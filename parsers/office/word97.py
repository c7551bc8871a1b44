"""The paragraphs of a Word 97 to 2003 document, by docvortex (旧版 Word 文档的段落).

docvortex reads the records; its own tables are not used: they take rows for different ones whose edges differ by a
twip. Its parts are put together here as its `parse_doc_document` does.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docvortex.analyzers.native.office.doc import fib as fibs
from docvortex.analyzers.native.office.doc.formatting import FormattingRuns, parse_formatting_runs
from docvortex.analyzers.native.office.doc.images import ImageStore
from docvortex.analyzers.native.office.doc.lists import parse_list_tables
from docvortex.analyzers.native.office.doc.models import DocParagraph
from docvortex.analyzers.native.office.doc.parser import _Assembler
from docvortex.analyzers.native.office.doc.pieces import (
    TextStream,
    codec_for_lid,
    extract_text,
    legacy_single_piece,
    parse_clx,
)
from docvortex.analyzers.native.office.doc.records import DocBudget, parse_plc
from docvortex.analyzers.native.office.doc.sprm import walk_sprms
from docvortex.analyzers.native.office.doc.styles import parse_stylesheet
from docvortex.analyzers.native.office.errors import LegacyOfficeEncryptedError
from docvortex.analyzers.native.office.legacy.ole import BoundedOleReader

from parsers.docx.symbols import UNKNOWN, symbol
from parsers.office.numbering import ChineseListTables, numerals_of
from parsers.office.packages import embedded_in
from parsers.office.raised import mark_raised

_SYMBOL_SPRM = 0x6A09
"""sprmCSymbol: the character is the glyph of another font."""
_SPECIAL = "("
"""What stands in the text for a symbol."""
_SHAPE_BYTES = 26
_TEXTBOX_BYTES = 22
_TEXTBOX_SHAPE_AT = 14
_SYMBOL_FONTS = ("Wingdings", "Wingdings 2", "Symbol")
_PRIVATE_USE = range(0xF000, 0xF100)


@dataclass(slots=True)
class WordText:
    """What a document holds outside its headers and footers (正文、文本框与注释).

    `boxes` are its text boxes by the position of their anchor in the text, `embedded` names the other files in it.
    """

    paragraphs: list[DocParagraph]
    boxes: list[tuple[int, list[DocParagraph]]] = field(default_factory=list)
    notes: list[DocParagraph] = field(default_factory=list)
    embedded: list[str] = field(default_factory=list)


def read_word(data: bytes) -> WordText:
    """Raises what docvortex raises: LegacyOfficeError and its kind, struct.error and others over damage."""
    with BoundedOleReader(data) as ole:
        if ole.has_stream("EncryptedPackage"):
            raise LegacyOfficeEncryptedError("encrypted")
        document = ole.read_stream("WordDocument")
        fib = fibs.parse_fib(document)
        if fib.base.encrypted or fib.base.obfuscated:
            raise LegacyOfficeEncryptedError("encrypted")
        names = ("1Table", "0Table") if fib.base.uses_1table else ("0Table", "1Table")
        table = ole.read_stream(names[0], required=False) or ole.read_stream(names[1], required=False)
        pictures = ole.read_stream("Data", required=False)
        embedded = list(embedded_in(ole))
    return _Reading(document, table, pictures, fib).text(embedded)


class _Reading:
    """The parts of one document while they are put together."""

    def __init__(self, document: bytes, table: bytes, pictures: bytes, fib: Any) -> None:
        self._document = document
        self._table = table
        self._fib = fib
        self._budget = DocBudget()
        text, pieces = self._text()
        runs = self._formatting(pictures)
        _show_symbols(text, runs)
        mark_raised(text, runs)
        lists, overrides = fib.pair(fibs.FCLCB_LISTS), fib.pair(fibs.FCLCB_LIST_OVERRIDES)
        tables = parse_list_tables(
            table, list_offset=lists.fc, list_size=lists.lcb, override_offset=overrides.fc,
            override_size=overrides.lcb, budget=self._budget,
        )  # fmt: skip
        styles = fib.pair(fibs.FCLCB_STSHF)
        self._assembler = _Assembler(
            text=text,
            pieces=pieces,
            formatting=runs,
            stylesheet=parse_stylesheet(table, offset=styles.fc, size=styles.lcb, budget=self._budget),
            lists=ChineseListTables(tables, numerals_of(table, lists.fc, lists.lcb)),
            bookmarks={},
            data_stream=pictures,
            image_store=ImageStore(),
            budget=self._budget,
        )

    def text(self, embedded: list[str]) -> WordText:
        fib = self._fib
        notes = [*self._story("footnote", fib.ccp_footnote), *self._story("endnote", fib.ccp_endnote)]
        return WordText(self._assembler.paragraphs(0, fib.ccp_text), list(self._boxes()), notes, embedded)

    def _story(self, name: str, characters: int) -> list[DocParagraph]:
        base = self._fib.story_bases[name]
        return list(self._assembler.paragraphs(base, base + characters)) if characters else []

    def _text(self) -> tuple[TextStream, list[Any]]:
        fib = self._fib
        clx = fib.pair(fibs.FCLCB_CLX)
        if clx.lcb:
            pieces = parse_clx(self._table, offset=clx.fc, size=clx.lcb, budget=self._budget)
        else:
            base = fib.base
            pieces = legacy_single_piece(fc_min=base.fc_min, fc_mac=base.fc_mac, ccp_text=fib.ccp_text)
        codec = codec_for_lid(_language(self._document, fib))
        text = extract_text(self._document, pieces, total_cp=fib.total_story_cp, codec=codec, budget=self._budget)
        return text, pieces

    def _formatting(self, pictures: bytes) -> FormattingRuns:
        characters, paragraphs = self._fib.pair(fibs.FCLCB_BTE_CHPX), self._fib.pair(fibs.FCLCB_BTE_PAPX)
        return parse_formatting_runs(
            self._document, self._table, pictures, chpx_offset=characters.fc, chpx_size=characters.lcb,
            papx_offset=paragraphs.fc, papx_size=paragraphs.lcb, budget=self._budget,
        )  # fmt: skip

    def _boxes(self) -> Iterator[tuple[int, list[DocParagraph]]]:
        """Text boxes, which docvortex leaves out: [MS-DOC] 2.8.33 PlcftxbxTxt, anchored by 2.8.30 PlcfSpa."""
        if not self._fib.ccp_textbox:
            return
        anchors = {}
        positions, shapes = self._plc(fibs.FCLCB_SHAPE_MAIN, _SHAPE_BYTES)
        for position, shape in zip(positions, shapes, strict=False):
            anchors[struct.unpack_from("<I", shape)[0]] = position
        base = self._fib.story_bases["textbox"]
        starts, boxes = self._plc(fibs.FCLCB_TEXTBOX_TEXT, _TEXTBOX_BYTES)
        for start, end, box in zip(starts, starts[1:], boxes, strict=False):
            (shape_id,) = struct.unpack_from("<I", box, _TEXTBOX_SHAPE_AT)
            paragraphs = list(self._assembler.paragraphs(base + start, base + end))
            if paragraphs:
                yield anchors.get(shape_id, 0), paragraphs

    def _plc(self, index: int, item_size: int) -> tuple[list[int], list[bytes]]:
        pair = self._fib.pair(index)
        found = parse_plc(self._table[pair.fc : pair.fc + pair.lcb], item_size=item_size, budget=self._budget)
        return found[0], found[1]


def _language(document: bytes, fib: Any) -> int:
    """The language that 8-bit text is in."""
    if fib.base.far_east and len(document) >= 0x3E:
        (far_east,) = struct.unpack_from("<H", document, 0x3C)
        return int(far_east) or int(fib.base.lid)
    return int(fib.base.lid)


def _show_symbols(text: TextStream, runs: FormattingRuns) -> None:
    """Puts the characters that symbols show (☑, □, ≥) in their places."""
    codes: dict[int, tuple[int, int]] = {}
    for run in runs.characters:
        found = _symbol_code(run.grpprl)
        if found is not None:
            codes[run.fc_start] = (run.fc_end, found)
    starts = sorted(codes)
    for index, char in enumerate(text.chars):
        if char == _SPECIAL and starts:
            run = runs.character_at(text.fcs[index])
            if run is not None and run.fc_start in codes:
                text.chars[index] = _shown(codes[run.fc_start][1])
        elif ord(char) in _PRIVATE_USE:
            text.chars[index] = _shown(ord(char))


def _symbol_code(grpprl: bytes) -> int | None:
    codes: list[int] = []

    def take(opcode: int, operand: bytes) -> None:
        if opcode == _SYMBOL_SPRM and len(operand) >= 4:
            codes.append(struct.unpack_from("<H", operand, 2)[0])

    walk_sprms(grpprl, take)
    return codes[-1] if codes else None


def _shown(code: int) -> str:
    """The character of a glyph; which symbol font it is from is told by which of them has it."""
    return next((char for font in _SYMBOL_FONTS if (char := symbol(font, code)) != UNKNOWN), UNKNOWN)

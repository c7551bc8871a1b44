"""XLSX, XLSM → Document (读取 Excel 工作簿).

Sheets are read element by element: a sheet formatted down to its last row, as some programs leave it, holds millions of
cells without anything in them. openpyxl makes an object of each, and knows no borders of rows it has not built.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from parsers.cellcontent import is_value
from parsers.document import Document, Problem
from parsers.sheets.fonts import PLAIN, Font, Runs, take
from parsers.sheets.formatcode import GENERAL, sheet_words
from parsers.sheets.layout import blocks_of, left_out_of
from parsers.sheets.model import MAX_CELLS, Merge, Sheet, Slot, slot_of
from parsers.sheets.numberformat import EPOCH_1900, EPOCH_1904, shown_number, shown_text
from parsers.zipped import Element, ZippedFile, open_zipped
from schemas.errors import DamagedFile, LimitExceeded

FORMAT = "xlsx"

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true", "on")
_WHITE, _PAPER_OF_THEME = "FFFFFFFF", "0"
"""White, by its code and as the first colour of a theme, which is that of paper."""
_MAX_RANGES = 100_000
"""Most merged ranges of a sheet."""


def read_xlsx(path: Path) -> Document:
    """Reads a workbook: what it shows, sheet by sheet.

    Raises the ReadError that fits: DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded.
    """
    with open_zipped(path) as file:
        workbook = _Workbook(file)
        sheets = list(workbook.sheets())
    blocks, problems = blocks_of(sheets, path.name)
    if not blocks and workbook.has_pictures:
        message = f"《{path.name}》只有图片，没有可读取的文字；请提供可选取文字的文件。"
        problems.append(Problem("image_only", message))
    return Document(FORMAT, tuple(blocks), problems=tuple(problems), left_out=left_out_of(sheets))


@dataclass(frozen=True, slots=True)
class _Style:
    """A cell format: its number format, whether it draws a left or right border, its font, whether it is filled."""

    code: str = GENERAL
    is_boxed: bool = False
    font: Font = PLAIN
    has_ground: bool = False


@dataclass(slots=True)
class _Workbook:
    """The parts all sheets share."""

    file: ZippedFile
    has_pictures: bool = False
    cells: int = 0
    epoch: datetime = EPOCH_1900
    strings: list[Runs] = field(default_factory=list)
    styles: list[_Style] = field(default_factory=list)

    def sheets(self) -> Iterator[Sheet]:
        main = next((target for kind, target in self.file.related("").values() if kind == "officeDocument"), "")
        main = main if self.file.has(main) else "xl/workbook.xml"
        root = self.file.xml(main)
        properties = root.find("{*}workbookPr")
        if properties is not None and properties.get("date1904") in _TRUE:
            self.epoch = EPOCH_1904
        related = self.file.related(main)
        parts = dict(related.values())
        self.strings = _strings(self.file, parts.get("sharedStrings"))
        self.styles = _styles(self.file, parts.get("styles"))
        for entry in root.iter("{*}sheet"):
            link = next((value for key, value in entry.items() if key.endswith("}id")), "")
            kind, target = related.get(link, ("", ""))
            if kind == "worksheet":
                yield self._sheet(entry, target)

    def _sheet(self, entry: Element, part: str) -> Sheet:
        sheet = Sheet(entry.get("name", ""), is_hidden=entry.get("state", "visible") != "visible")
        reading = _SheetReading(self, sheet)
        tags = ("sheetView", "sheetFormatPr", "col", "row", "c", "mergeCell")
        for _, element in self.file.events(part, *(f"{{*}}{tag}" for tag in tags)):
            reading.take(element)
        self.cells += len(sheet.texts)
        for kind, target in self.file.related(part).values():
            if kind == "drawing" and self.file.has(target):
                self._take_boxes(sheet, target)
        return sheet

    def _take_boxes(self, sheet: Sheet, part: str) -> None:
        """The text of text boxes, which print over the cells: a figure over an empty cell of a table is its value."""
        root = self.file.xml(part)
        self.has_pictures = self.has_pictures or next(root.iter("{*}pic"), None) is not None
        for shape in root.iter("{*}sp"):
            lines = ("".join(run.text or "" for run in paragraph.iter("{*}t")) for paragraph in shape.iter("{*}p"))
            text = "\n".join(line.strip() for line in lines if line.strip())
            slot = _anchor(shape)
            is_free = slot in sheet.boxed and slot not in sheet.texts
            if slot is not None and is_free and is_value([text], figures_only=True):
                sheet.texts[slot] = text
            elif text:
                sheet.loose.append(text)


class _SheetReading:
    """One sheet while its elements come by."""

    def __init__(self, workbook: _Workbook, sheet: Sheet) -> None:
        self._workbook = workbook
        self._sheet = sheet
        self._hides_zeros = False
        self._rows_hidden_by_default = False
        self._next: Slot = (0, 0)

    def take(self, element: Element) -> None:
        name = element.tag.rpartition("}")[2]
        if name == "c":
            self._cell(element)
        elif name == "row":
            self._finish_row(element)
        elif name == "col":
            self._column(element)
        elif name == "mergeCell":
            self._merge(element)
        elif name == "sheetView":
            self._hides_zeros = element.get("showZeros", "1") not in _TRUE
        else:
            self._rows_hidden_by_default = element.get("zeroHeight") in _TRUE

    def _cell(self, element: Element) -> None:
        slot = self._slot(element)
        style = self._style(element)
        runs = self._runs(element, style, slot)
        text = take(self._sheet, slot, runs, style.font, has_ground=style.has_ground).strip()
        if style.is_boxed:
            self._sheet.boxed.add(slot)
        if text:
            self._sheet.texts[slot] = text
        most = MAX_CELLS - self._workbook.cells
        if len(self._sheet.texts) > most or len(self._sheet.boxed) > 4 * MAX_CELLS:
            name = self._workbook.file.name
            raise LimitExceeded(
                f"《{name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。", code="too_large"
            )

    def _slot(self, element: Element) -> Slot:
        """Where a cell stands; one that does not say so follows the one before it."""
        reference = element.get("r")
        row = _whole(element.getparent().get("r"))
        if reference is None:
            slot = self._next if row is None or row - 1 == self._next[0] else (row - 1, 0)
        else:
            try:
                slot = slot_of(reference)
            except ValueError as error:
                raise DamagedFile(
                    f"《{self._workbook.file.name}》的工作表“{self._sheet.name}”有写错的单元格地址“{reference[:20]}”，"
                    "文件已损坏；请用 Excel 或 WPS 打开后另存再试。"
                ) from error
        self._next = (slot[0], slot[1] + 1)
        return slot

    def _style(self, element: Element) -> _Style:
        index = _whole(element.get("s")) or 0
        if index < len(self._workbook.styles):
            return self._workbook.styles[index]
        self._sheet.lacks_formats = self._sheet.lacks_formats or index > 0
        return _Style()

    def _runs(self, element: Element, style: _Style, slot: Slot) -> Runs:
        kind = element.get("t", "n")
        index = _whole(element.findtext("{*}v")) if kind == "s" else None
        if kind == "inlineStr":
            runs = _rich(element.find("{*}is"))
        elif index is not None and index < len(self._workbook.strings):
            runs = self._workbook.strings[index]
        else:
            return [(self._text(element, kind, style, slot), None)]
        return runs if len(runs) > 1 else [(shown_text(text, style.code), font) for text, font in runs]

    def _text(self, element: Element, kind: str, style: _Style, slot: Slot) -> str:
        value = element.findtext("{*}v")
        if value is None or value == "":
            if element.find("{*}f") is not None and kind != "str":
                self._sheet.uncalculated.append(slot)
            return ""
        if kind == "s":
            return ""
        if kind in ("str", "e", "d"):
            return shown_text(_unescaped(value), style.code)
        if kind == "b":
            return "TRUE" if value in _TRUE else "FALSE"
        return self._number(value, style)

    def _number(self, value: str, style: _Style) -> str:
        try:
            number = float(value)
        except ValueError:
            return value.strip()
        if number == 0 and self._hides_zeros:
            return ""
        return shown_number(number, style.code, self._workbook.epoch).strip()

    def _finish_row(self, element: Element) -> None:
        row = _whole(element.get("r"))
        row = self._next[0] if row is None else row - 1
        is_flat = element.get("ht") is not None and _decimal(element.get("ht")) == 0
        hidden = element.get("hidden")
        by_default = hidden is None and self._rows_hidden_by_default and not len(element)
        if hidden in _TRUE or is_flat or by_default:
            self._sheet.hidden_rows.add(row)
        self._next = (row + 1, 0)

    def _column(self, element: Element) -> None:
        if element.get("hidden") in _TRUE or _decimal(element.get("width")) == 0:
            first, last = _whole(element.get("min")) or 1, _whole(element.get("max")) or 1
            self._sheet.hidden_columns.update(range(first - 1, min(last, 16_384)))

    def _merge(self, element: Element) -> None:
        first, _, last = element.get("ref", "").partition(":")
        try:
            (top, left), (bottom, right) = slot_of(first), slot_of(last or first)
        except ValueError:
            return
        if len(self._sheet.merges) < _MAX_RANGES:
            self._sheet.merges.append(Merge(top, left, bottom, right))


def _anchor(shape: Element) -> Slot | None:
    """The cell over which a shape begins, where its anchor tells."""
    start = next((one.find("{*}from") for one in shape.iterancestors() if one.find("{*}from") is not None), None)
    if start is None:
        return None
    row, column = _whole(start.findtext("{*}row")), _whole(start.findtext("{*}col"))
    return None if row is None or column is None else (row, column)


def _strings(file: ZippedFile, part: str | None) -> list[Runs]:
    if part is None or not file.has(part):
        return []
    return [_rich(element) for _, element in file.events(part, "{*}si")]


def _rich(element: Element | None) -> Runs:
    """The runs of a string; phonetic guides are not part of it."""
    runs: Runs = []
    for child in () if element is None else element:
        name = child.tag.rpartition("}")[2]
        if name == "t":
            runs.append((_unescaped(child.text or ""), None))
        elif name == "r":
            properties = child.find("{*}rPr")
            text = "".join(one.text or "" for one in child.iter("{*}t"))
            runs.append((_unescaped(text), None if properties is None else _font(properties)))
    return runs


def _font(element: Element) -> Font:
    """What a font, or the properties of a run, say."""
    strike, raised, colour = (element.find(f"{{*}}{name}") for name in ("strike", "vertAlign", "color"))
    return Font(
        strike is not None and strike.get("val", "1") in _TRUE,
        raised is not None and raised.get("val") == "superscript",
        colour is not None and _is_of_paper(colour),
    )


def _is_of_paper(colour: Element) -> bool:
    is_white: bool = colour.get("rgb", "").upper() == _WHITE
    return is_white or colour.get("theme") == _PAPER_OF_THEME


def _unescaped(text: str) -> str:
    plain = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return plain.replace("\r\n", "\n").replace("\r", "\n")


def _styles(file: ZippedFile, part: str | None) -> list[_Style]:
    if part is None or not file.has(part):
        return []
    root = file.xml(part)
    codes = dict(sheet_words().builtin)
    for entry in root.iter("{*}numFmt"):
        number = _whole(entry.get("numFmtId"))
        if number is not None:
            codes[number] = entry.get("formatCode", GENERAL)
    fonts = [_font(font) for font in root.iterfind("{*}fonts/{*}font")]
    fills = [_fills(fill) for fill in root.iterfind("{*}fills/{*}fill")]
    borders = [_is_boxed(border) for border in root.iterfind("{*}borders/{*}border")]
    styles = []
    for entry in root.iterfind("{*}cellXfs/{*}xf"):
        border, font, fill = (_whole(entry.get(f"{name}Id")) or 0 for name in ("border", "font", "fill"))
        code = codes.get(_whole(entry.get("numFmtId")) or 0, GENERAL)
        styles.append(
            _Style(
                code,
                border < len(borders) and borders[border],
                fonts[font] if font < len(fonts) else PLAIN,
                fill < len(fills) and fills[fill],
            )
        )
    return styles


def _fills(fill: Element) -> bool:
    """Whether a fill puts anything but paper behind a cell."""
    pattern = fill.find("{*}patternFill")
    if pattern is None:
        return True
    colour = pattern.find("{*}fgColor")
    is_paper = colour is not None and colour.get("rgb", "").upper() == _WHITE
    return pattern.get("patternType", "none") != "none" and not is_paper


def _is_boxed(border: Element) -> bool:
    sides = (border.find(f"{{*}}{side}") for side in ("left", "right", "start", "end"))
    return any(side is not None and side.get("style", "none") != "none" for side in sides)


def _whole(value: str | None) -> int | None:
    try:
        return None if value is None else int(value)
    except ValueError:
        return None


def _decimal(value: str | None) -> float | None:
    try:
        return None if value is None else float(value)
    except ValueError:
        return None

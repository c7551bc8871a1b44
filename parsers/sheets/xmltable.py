"""XML tables of Excel 2003, as systems export them under the name of .xls or .xml (XML 电子表格 2003)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from parsers.document import Document
from parsers.sheets.formatcode import GENERAL
from parsers.sheets.layout import blocks_of
from parsers.sheets.model import MAX_CELLS, Merge, Sheet
from parsers.sheets.numberformat import EPOCH_1900, shown_number, shown_text
from parsers.zipped import MAX_XML_BYTES, Element, parse_xml
from schemas.errors import FileUnavailable, LimitExceeded

FORMAT = "xls"

_S = "{urn:schemas-microsoft-com:office:spreadsheet}"
_X = "{urn:schemas-microsoft-com:office:excel}"
_NAMED = {
    "General Number": GENERAL,
    "Fixed": "0.00",
    "Standard": "#,##0.00",
    "Percent": "0.00%",
    "Scientific": "0.00E+00",
    "Short Date": "yyyy/m/d",
    "Long Date": 'yyyy"年"m"月"d"日"',
    "Currency": "¥#,##0.00",
}
"""Number formats that are stated by name."""
_LAST = 1_048_576


def read_xml_table(path: Path) -> Document:
    """Reads a workbook kept as one XML file.

    Raises DamagedFile, FileUnavailable, LimitExceeded.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error
    if len(data) > MAX_XML_BYTES:
        raise LimitExceeded(f"《{path.name}》超过 {MAX_XML_BYTES >> 20} MB 的上限；请只保留自评表后重试。")
    root = parse_xml(data, f"《{path.name}》")
    styles = {style.get(_S + "ID", ""): _style(style) for style in root.iter(_S + "Style")}
    sheets = [_sheet(one, styles) for one in root.iter(_S + "Worksheet")]
    if sum(len(sheet.texts) for sheet in sheets) > MAX_CELLS:
        raise LimitExceeded(
            f"《{path.name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。", code="too_large"
        )
    blocks, problems = blocks_of(sheets, path.name)
    return Document(FORMAT, tuple(blocks), problems=tuple(problems))


def _style(style: Element) -> tuple[str, bool]:
    """The number format of a style and whether it draws a left or right border."""
    form = style.find(_S + "NumberFormat")
    code = GENERAL if form is None else form.get(_S + "Format", GENERAL)
    sides = (border.get(_S + "Position") for border in style.iter(_S + "Border"))
    return _NAMED.get(code, code), any(side in ("Left", "Right") for side in sides)


def _sheet(source: Element, styles: dict[str, tuple[str, bool]]) -> Sheet:
    visible = source.findtext(f"{_X}WorksheetOptions/{_X}Visible", "SheetVisible")
    sheet = Sheet(source.get(_S + "Name", ""), is_hidden=visible != "SheetVisible")
    column = 0
    for entry in source.iterfind(f"{_S}Table/{_S}Column"):
        column = _number(entry, "Index", column + 1) - 1
        span = _number(entry, "Span", 0) + 1
        if entry.get(_S + "Hidden") == "1":
            sheet.hidden_columns.update(range(column, column + min(span, 16_384)))
        column += span
    row = 0
    for entry in source.iterfind(f"{_S}Table/{_S}Row"):
        row = _number(entry, "Index", row + 1) - 1
        if entry.get(_S + "Hidden") == "1" or entry.get(_S + "Height") == "0":
            sheet.hidden_rows.add(row)
        _take_cells(entry, row, sheet, styles)
        row += _number(entry, "Span", 0) + 1
    return sheet


def _take_cells(row: Element, number: int, sheet: Sheet, styles: dict[str, tuple[str, bool]]) -> None:
    column = 0
    for cell in row.iterchildren(_S + "Cell"):
        column = _number(cell, "Index", column + 1) - 1
        code, is_boxed = styles.get(cell.get(_S + "StyleID", "Default"), (GENERAL, False))
        down, right = _number(cell, "MergeDown", 0), _number(cell, "MergeAcross", 0)
        if is_boxed:
            sheet.boxed.add((number, column))
        if down or right:
            sheet.merges.append(Merge(number, column, number + down, column + right))
        text = _shown(cell, code)
        if text:
            sheet.texts[number, column] = text
        column += right + 1


def _shown(cell: Element, code: str) -> str:
    data = next(_data(cell), None)
    if data is None:
        return ""
    text, kind = "".join(data.itertext()), data.get(_S + "Type", "String")
    if kind == "Boolean":
        return "TRUE" if text == "1" else "FALSE"
    try:
        if kind == "Number":
            return shown_number(float(text), code).strip()
        if kind == "DateTime":
            days = (datetime.fromisoformat(text) - EPOCH_1900).total_seconds() / 86_400
            return shown_number(days, code if code != GENERAL else "yyyy/m/d").strip()
    except ValueError:
        pass
    return shown_text(text, code).strip()


def _data(cell: Element) -> Iterator[Element]:
    yield from (child for child in cell if str(child.tag).endswith("}Data"))


def _number(element: Element, name: str, default: int) -> int:
    value = element.get(_S + name, "")
    return min(int(value), _LAST) if value.isdigit() else default

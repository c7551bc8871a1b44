"""XLS and ET → Document (读取旧版 Excel 与 WPS 表格工作簿), with xlrd."""

from __future__ import annotations

import contextlib
import io
import struct
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import xlrd

from parsers.document import Document
from parsers.sheets.fonts import Font, Runs, take
from parsers.sheets.formatcode import GENERAL, sheet_words
from parsers.sheets.layout import blocks_of, left_out_of
from parsers.sheets.model import MAX_CELLS, Merge, Sheet
from parsers.sheets.numberformat import EPOCH_1900, EPOCH_1904, shown_number, shown_text
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, ReadError

FORMAT = "xls"
MAX_BYTES = 64 * 1024 * 1024
"""Largest workbook that is read; its cells take ten times that in memory."""

_NUMBERS = (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE)
_DAMAGE = (
    xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, AssertionError, AttributeError, IndexError, KeyError,
    OverflowError, TypeError, ValueError, ZeroDivisionError,
)  # fmt: skip
"""What xlrd raises over damage."""
_SUPERSCRIPT = 1
_WHITE = (255, 255, 255)


def read_xls(path: Path) -> Document:
    """Reads a workbook of Excel 97 to 2003: what it shows, sheet by sheet.

    Raises the ReadError that fits: DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error
    if len(data) > MAX_BYTES:
        message = f"《{path.name}》超过 {MAX_BYTES >> 20} MB 的上限；请只保留自评表后重试。"
        raise LimitExceeded(message, code="too_large")
    try:
        # It writes what it thinks of a file to standard output.
        with contextlib.redirect_stdout(io.StringIO()):
            book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO())
            sheets = list(_sheets(book, path.name))
    except ReadError:
        raise
    except _DAMAGE as error:
        if "encrypted" in str(error).lower():
            raise EncryptedFile(f"《{path.name}》设有打开密码；请用 Excel 或 WPS 去除密码后重试。") from error
        message = f"《{path.name}》已损坏，不是完整的 Excel 工作簿；请用 Excel 或 WPS 修复，或重新获取该文件。"
        raise DamagedFile(message) from error
    blocks, problems = blocks_of(sheets, path.name)
    return Document(FORMAT, tuple(blocks), problems=tuple(problems), left_out=left_out_of(sheets))


def _sheets(book: Any, name: str) -> Iterator[Sheet]:
    cells = 0
    for index in range(book.nsheets):
        sheet = _sheet(book, book.sheet_by_index(index))
        cells += len(sheet.texts)
        if cells > MAX_CELLS:
            message = f"《{name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。"
            raise LimitExceeded(message, code="too_large")
        yield sheet


def _sheet(book: Any, source: Any) -> Sheet:
    epoch = EPOCH_1904 if book.datemode else EPOCH_1900
    merges = [Merge(top, left, bottom - 1, right - 1) for top, bottom, left, right in source.merged_cells]
    sheet = Sheet(
        source.name,
        merges=merges,
        hidden_rows={row for row, info in source.rowinfo_map.items() if info.hidden or info.height == 0},
        hidden_columns={column for column, info in source.colinfo_map.items() if info.hidden or info.width == 0},
        is_hidden=source.visibility != 0,
    )
    shows_zeros = bool(getattr(source, "show_zero_values", 1))
    for row in range(source.nrows):
        for column in range(source.row_len(row)):
            cell = source.cell(row, column)
            if cell.ctype == xlrd.XL_CELL_EMPTY:
                continue
            style = book.xf_list[cell.xf_index]
            if style.border.left_line_style or style.border.right_line_style:
                sheet.boxed.add((row, column))
            shown = _shown(cell, _code(book, style), epoch, shows_zeros)
            runs = _runs(book, shown, source.rich_text_runlist_map.get((row, column)))
            has_ground = bool(style.background.fill_pattern)
            text = take(sheet, (row, column), runs, _font(book, style.font_index), has_ground=has_ground).strip()
            if text:
                sheet.texts[row, column] = text
    return sheet


def _runs(book: Any, text: str, starts: list[tuple[int, int]] | None) -> Runs:
    """A cell's text in runs; `starts` are where fonts begin."""
    runs: Runs = []
    begin, font = 0, None
    for at, index in starts or ():
        runs.append((text[begin:at], font))
        begin, font = at, _font(book, index)
    return [*runs, (text[begin:], font)]


def _font(book: Any, index: int) -> Font:
    found = book.font_list[index]
    colour = book.colour_map.get(found.colour_index)
    return Font(bool(found.struck_out), found.escapement == _SUPERSCRIPT, colour == _WHITE)


def _code(book: Any, style: Any) -> str:
    """The number format; files name the built-in ones by number only, and mean those of their language."""
    builtin = sheet_words().builtin.get(style.format_key)
    found = book.format_map.get(style.format_key)
    if builtin is not None and (found is None or found.format_str in ("", GENERAL)):
        return builtin
    return found.format_str if found is not None else GENERAL


def _shown(cell: Any, code: str, epoch: datetime, shows_zeros: bool) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        text = str(cell.value).replace("\r\n", "\n").replace("\r", "\n")
        return shown_text(text, code).strip()
    if cell.ctype in _NUMBERS:
        hidden = cell.value == 0 and not shows_zeros
        return "" if hidden else shown_number(cell.value, code, epoch).strip()
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
    return ""

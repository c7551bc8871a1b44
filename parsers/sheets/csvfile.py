"""CSV → Document (读取 CSV 文件): quoted or not, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from parsers.bounded import read_at_most
from parsers.document import Document, Problem
from parsers.sheets.layout import blocks_of, place_of_row
from parsers.sheets.model import MAX_CELLS, Sheet
from parsers.text.encoding import decode
from parsers.text.lines import MAX_REPORTED_LINES
from parsers.text.reader import read_text
from schemas.errors import LimitExceeded

FORMAT = "csv"
MAX_BYTES = 64 * 1024 * 1024
_SEPARATORS = ",;\t"
_SAMPLE_LINES = 50
_UNDECODED = "\ufffd"
_NEARLY_ALL = 0.8
"""Share of rows with the same number of fields from which the others have lost or gained one."""


def read_csv(path: Path) -> Document:
    """Reads a CSV as one sheet; a file that is no CSV under its suffix is read as text.

    Raises FileUnavailable, DamagedFile (empty), UndecodableText, LimitExceeded.
    """
    data = read_at_most(path, MAX_BYTES, "请按报告拆分")
    decoded = decode(data, path.name)
    separator = _separator(decoded.text)
    if separator is None:
        return read_text(path)
    sheet = Sheet(path.stem)
    lengths: dict[int, int] = {}
    for row, cells in enumerate(csv.reader(io.StringIO(decoded.text, newline=""), delimiter=separator)):
        lengths[row] = len(cells)
        for column, text in enumerate(cells):
            if text.strip():
                sheet.texts[row, column] = text.strip().replace("\r\n", "\n")
        if len(sheet.texts) > MAX_CELLS:
            message = f"《{path.name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。"
            raise LimitExceeded(message, code="too_large")
    blocks, problems = blocks_of([sheet], path.name)
    problems += [*_uneven_rows(sheet, lengths), *_bad_bytes(sheet)]
    return Document(FORMAT, tuple(blocks), encoding=decoded.encoding, problems=tuple(problems))


def _uneven_rows(sheet: Sheet, lengths: Mapping[int, int]) -> Iterator[Problem]:
    """Rows of more or fewer fields than nearly all others: a separator or a quote is missing, or one too many."""
    several = {row: length for row, length in lengths.items() if length > 1}
    usual, count = Counter(several.values()).most_common(1)[0] if several else (0, 0)
    if count < len(several) * _NEARLY_ALL:
        return
    for row, length in several.items():
        if length != usual:
            place = place_of_row(sheet, row)
            text = f"{place.locator}：有 {length} 格，而其他各行有 {usual} 格，各格归入哪一列并不确定，请核对原文。"
            yield Problem("uncertain_columns", text, place)


def _bad_bytes(sheet: Sheet) -> Iterator[Problem]:
    """Rows with bytes that fit no encoding."""
    for row in sorted({row for (row, _), text in sheet.texts.items() if _UNDECODED in text})[:MAX_REPORTED_LINES]:
        place = place_of_row(sheet, row)
        text = f"{place.locator}：有无法解码的字节，已以“{_UNDECODED}”代替，请核对原文。"
        yield Problem("bad_bytes", text, place)


def _separator(text: str) -> str | None:
    """What separates the cells: what stands in most of the first lines, the most often."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    counts = {each: [line.count(each) for line in lines] for each in _SEPARATORS}
    likely = [each for each, found in counts.items() if sum(map(bool, found)) * 2 > len(lines)]
    return max(likely, key=lambda each: sum(counts[each]), default=None)

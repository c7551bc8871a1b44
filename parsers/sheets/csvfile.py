"""CSV → Document (读取 CSV 文件): quoted or not, separated by commas, semicolons or tabs."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from parsers.bounded import read_at_most
from parsers.document import Document
from parsers.sheets.layout import blocks_of
from parsers.sheets.model import MAX_CELLS, Sheet
from parsers.text.encoding import decode
from parsers.text.reader import read_text
from schemas.errors import LimitExceeded

FORMAT = "csv"
MAX_BYTES = 64 * 1024 * 1024
_SEPARATORS = ",;\t"
_SAMPLE_LINES = 50


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
    for row, cells in enumerate(csv.reader(io.StringIO(decoded.text, newline=""), delimiter=separator)):
        for column, text in enumerate(cells):
            if text.strip():
                sheet.texts[row, column] = text.strip().replace("\r\n", "\n")
        if len(sheet.texts) > MAX_CELLS:
            message = f"《{path.name}》有内容的单元格超过 {MAX_CELLS} 个；请只保留自评表后重试。"
            raise LimitExceeded(message, code="too_large")
    blocks, problems = blocks_of([sheet], path.name)
    return Document(FORMAT, tuple(blocks), encoding=decoded.encoding, problems=tuple(problems))


def _separator(text: str) -> str | None:
    """What separates the cells: what stands in most of the first lines, the most often."""
    lines = [line for line in text.splitlines()[:_SAMPLE_LINES] if line.strip()]
    counts = {each: [line.count(each) for line in lines] for each in _SEPARATORS}
    likely = [each for each, found in counts.items() if sum(map(bool, found)) * 2 > len(lines)]
    return max(likely, key=lambda each: sum(counts[each]), default=None)

"""Forms written as rows between pipes, as a file of each format (测试用表格).

`<` goes on with the cell to its left, `^` with the one above; a line without pipes is a paragraph.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import docx

from parsers.extract import extract
from schemas.records import DocumentRecords, EvaluationRecords

Format = Literal["tabs", "cells", "docx"]
Block = str | list[list[str]]
LEFT, ABOVE = "<", "^"


def blocks(form: str) -> list[Block]:
    found: list[Block] = []
    for line in form.strip().split("\n"):
        if "|" not in line:
            found.append(line)
            continue
        if not found or isinstance(found[-1], str):
            found.append([])
        table = found[-1]
        assert isinstance(table, list)
        table.append([cell.strip() for cell in line.split("|")])
    return found


def as_text(form: str, dialect: str) -> str:
    """A spreadsheet dump (merges leave blanks) or a word-processor dump (merges are collapsed)."""
    lines: list[str] = []
    for block in blocks(form):
        if isinstance(block, str):
            lines.append(block)
            continue
        for row in block:
            if dialect == "tabs":
                lines.append("\t".join("" if cell in (LEFT, ABOVE) else cell for cell in row))
            else:
                lines += ["\t" + ("" if cell == ABOVE else cell) for cell in row if cell != LEFT]
                lines.append("")
        lines.append("")
    return "\n".join(lines)


def write_docx(form: str, path: Path) -> None:
    document = docx.Document()
    for block in blocks(form):
        if isinstance(block, str):
            document.add_paragraph(block)
            continue
        table = document.add_table(len(block), len(block[0]))
        for top, row in enumerate(block):
            for left, text in enumerate(row):
                if text not in (LEFT, ABOVE):
                    bottom, right = _reach(block, top, left)
                    table.cell(top, left).merge(table.cell(bottom, right)).text = text
    document.save(str(path))


def _reach(block: list[list[str]], top: int, left: int) -> tuple[int, int]:
    right, bottom = left, top
    while right + 1 < len(block[top]) and block[top][right + 1] == LEFT:
        right += 1
    while bottom + 1 < len(block) and block[bottom + 1][left] == ABOVE:
        bottom += 1
    return bottom, right


def read(form: str, kind: str, folder: Path) -> DocumentRecords:
    path = folder / f"form.{'docx' if kind == 'docx' else 'txt'}"
    if kind == "docx":
        write_docx(form, path)
    else:
        path.write_text(as_text(form, kind), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)


def read_one(form: str, kind: str, folder: Path) -> EvaluationRecords:
    """The only evaluation of a form in which everything was read."""
    records = read(form, kind, folder)
    assert records.document.status == "ok", records.problems
    (evaluation,) = records.evaluations
    return evaluation

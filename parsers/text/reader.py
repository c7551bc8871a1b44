"""A text report to a Document (文本读取): decode, split into lines, tell tables from prose."""

from __future__ import annotations

import json
from pathlib import Path

from parsers.bounded import read_at_most
from parsers.document import Document
from parsers.text.dialects import blocks_of
from parsers.text.encoding import decode
from parsers.text.lines import split_lines
from schemas.errors import DamagedFile, LimitExceeded, UnsupportedFormat
from schemas.lexicon import lexicon

MAX_BYTES = 16 * 1024 * 1024
"""Largest text file that is read: 16 MiB, about a thousand reports."""
MAX_LINES = 500_000
MAX_CELLS = 500_000
"""Most cells (tabs and pipes) of a file: with MAX_BYTES and MAX_LINES they bound time and memory."""


def read_text(path: Path) -> Document:
    """The Document of a text file in any of the known encodings and table dialects.

    Raises FileUnavailable, DamagedFile (code "empty_file"), UndecodableText, LimitExceeded, UnsupportedFormat (JSON).
    """
    decoded = decode(read_at_most(path, MAX_BYTES, "请按报告拆分成较小的文件"), path.name)
    _check_size(decoded.text, path.name)
    if _is_data_of_evaluation(decoded.text):
        raise UnsupportedFormat(f"文件“{path.name}”是 JSON 数据，内容与自评有关，没有读取；请导出为表格或文本后再读。")
    lines, problems = split_lines(decoded.text)
    if not any(map(str.strip, lines)):
        raise DamagedFile(f"文件“{path.name}”没有任何文字，请确认原文件完整后重新取得。", code="empty_file")
    blocks, wrong = blocks_of(lines)
    return Document("txt", tuple(blocks), encoding=decoded.encoding, problems=(*problems, *wrong))


def _is_data_of_evaluation(text: str) -> bool:
    """Whether a text is data for programs (JSON) that speaks of a self-evaluation: no report, never empty."""
    if text.lstrip()[:1] not in ("{", "[") or not lexicon().title_has("self", text):
        return False
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _check_size(text: str, name: str) -> None:
    counts = (
        ("行", text.count("\n") + text.count("\r"), MAX_LINES),
        ("个单元格", text.count("\t") + text.count("|"), MAX_CELLS),
    )
    for what, count, limit in counts:
        if count > limit:
            raise LimitExceeded(
                f"文本文件“{name}”有 {count} {what}，超过 {limit} {what}的上限，请按报告拆分成较小的文件。",
                code="too_large",
            )

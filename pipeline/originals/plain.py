"""An excerpt as plain text, for a cell of a workbook (摘录的文字)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.originals.model import Excerpt, TableExcerpt, Value

MOST = 300
"""Characters of all excerpts of one place."""


def as_text(excerpts: Iterable[Excerpt]) -> str:
    """The rows and lines in which something is marked, the marked figures in brackets; empty where that is too long."""
    text = "\n".join(line for excerpt in excerpts for line in _lines(excerpt))
    return text if len(text) <= MOST else ""


def _lines(excerpt: Excerpt) -> Iterator[str]:
    if isinstance(excerpt, TableExcerpt):
        for row in excerpt.rows:
            if row and any(cell.value.mark for cell in row):
                yield "｜".join(_shown(cell.value).replace("\n", " ") for cell in row)
        return
    for _, line in excerpt.lines:
        if any(piece.mark for piece in line):
            yield "".join(map(_shown, line)).strip()


def _shown(value: Value) -> str:
    return f"【{value.text}】" if value.mark else value.text

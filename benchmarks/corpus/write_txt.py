"""Text dumps in the dialects of spreadsheets (tabs), word processors (a cell a line) and joined blanks."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus.model import Document, Line, Table

DIALECTS = ("grid", "cells", "blanks")
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16")


def write(document: Document, path: Path, dialect: str, encoding: str) -> None:
    """Write the document's text; raises OSError where the folder is not writable."""
    parts: list[str] = []
    for block in document.blocks:
        parts += [block.text] if isinstance(block, Line) else _table(block, dialect)
    path.write_bytes("\n".join(parts).encode(encoding))


def _table(table: Table, dialect: str) -> list[str]:
    grid: list[dict[int, str]] = [{} for _ in table.rows]
    for r, c, cell in table.placed():
        for dr in range(cell.rows):
            for dc in range(cell.cols):
                grid[r + dr][c + dc] = cell.text if dr == 0 and dc == 0 else "\0" if dc else ""
    lines: list[str] = []
    for row in grid:
        texts = [row[c] for c in range(table.width)]
        if dialect == "cells":
            lines += ["\t" + text for text in texts if text != "\0"]
            lines.append("")
        elif dialect == "grid":
            lines.append("\t".join("" if t == "\0" else t.replace("\n", "") for t in texts).rstrip("\n"))
        else:
            lines.append(" ".join(t.replace("\n", "").replace(" ", "") for t in texts if t not in ("\0", "")))
    return lines

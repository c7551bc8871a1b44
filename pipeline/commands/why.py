"""Why one file was read as it was, for `ziping show --why` (判读依据)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from parsers.interpret.reasons import RowReason, reasons
from parsers.readers import read_document
from pipeline.console import stdout_console
from schemas.lexicon import lexicon

_LONGEST = 24


def explain(file: str) -> list[RowReason]:
    """The rows of a file's tables with what each was taken for; raises what its reader raises."""
    return reasons(read_document(Path(file)), lexicon())


def show(rows: Sequence[RowReason]) -> None:
    """Print rows with their kinds, and before the first row under new heads what its columns mean."""
    console = stdout_console()
    table = Table("位置", "判为", "内容")
    for row in rows:
        for column in row.columns:
            header = column.header or "（空）"
            table.add_row("", f"列：{column.meaning}", f"{header}（{column.known_by}）", style="cyan")
        table.add_row(row.locator, row.kind, "｜".join(text[:_LONGEST] for text in row.texts))
    console.print(table)

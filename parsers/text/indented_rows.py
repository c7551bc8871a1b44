"""Rows whose further cells stand on indented lines of their own, each behind a bar (行首顶格、其余各格缩进另起)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.text.lines import SOFT_BREAK
from parsers.text.pipes import piped_grid
from parsers.text.regions import TextRegion

_CELL = re.compile(r"\s+[|｜]\s*[^\s|｜]")
_BAR = re.compile(r"\s*[|｜]")
_FEWEST_CELLS = 6
"""Indented cells from which on they are how the text writes its rows."""
_FEWEST_ROWS = 2


@dataclass(slots=True)
class _Row:
    """A row while its lines are put together."""

    first: int
    last: int
    text: str
    is_open: bool = field(default=False)
    """Whether a bar was seen, so that this is a row and no paragraph."""


def regions(lines: list[str]) -> list[TextRegion]:
    """Where such tables stand in a file, in order."""
    if sum(_CELL.match(line) is not None for line in lines) < _FEWEST_CELLS:
        return []
    return [_region(lines, rows) for rows in _tables(_rows(lines)) if len(rows) >= _FEWEST_ROWS]


def _rows(lines: Sequence[str]) -> Iterator[_Row]:
    """Each line without an indent, with the indented ones below it."""
    row: _Row | None = None
    for index, line in enumerate(lines):
        if row is not None and line[:1].isspace() and line.strip():
            bar = _BAR.match(line) is not None
            row.text += (" " if bar else SOFT_BREAK) + line.strip()
            row.last, row.is_open = index, row.is_open or bar
            continue
        if row is not None:
            yield row
        row = _Row(index, index, line)
    if row is not None:
        yield row


def _tables(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    """Rows that follow each other."""
    table: list[_Row] = []
    for row in rows:
        if not row.is_open:
            yield table
            table = []
        else:
            table.append(row)
    yield table


def _region(lines: Sequence[str], rows: Sequence[_Row]) -> TextRegion:
    joined = list(lines)
    for row in rows:
        joined[row.first] = row.text
    grid = piped_grid(joined, [row.first for row in rows])
    return TextRegion(rows[0].first, rows[-1].last + 1, (grid,))

"""Damage to plain text: its lines, the marks between cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.ways.of_bytes import cut
from benchmarks.ways.way import Way

_CELLS = 2
"""Cells of a line from which it is a row."""


def in_text(change: Callable[[list[str], Random], list[str]]) -> Way:
    """The damage that `change` does to the lines of a text file."""

    def damaged(data: bytes, rng: Random) -> bytes:
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                lines = data.decode(encoding).split("\n")
            except UnicodeError:
                continue
            return "\n".join(change(lines, rng)).encode(encoding)
        return cut(data, rng)

    return damaged


def lose_mark(lines: list[str], rng: Random) -> list[str]:
    """A mark between two cells missing: the cells run together."""
    text = "\n".join(lines)
    marks = [match.start() for match in re.finditer(r"[\t|]", text)]
    at = rng.choice(marks) if marks else len(text)
    return (text[:at] + text[at + 1 :]).split("\n")


def lose_field(lines: list[str], rng: Random) -> list[str]:
    """A cell missing with its mark: a tab, or a run of blanks."""
    mark = "\t" if any("\t" in line for line in lines) else " "
    rows = [index for index, line in enumerate(lines) if len(line.strip(mark).split(mark)) > _CELLS]
    if not rows:
        return break_line(lines, rng)
    at = rng.choice(rows)
    fields = lines[at].split(mark)
    del fields[rng.randrange(len(fields))]
    return [*lines[:at], mark.join(fields), *lines[at + 1 :]]


def lose_line(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def break_line(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(lines))
    where = rng.randrange(len(lines[at]) + 1)
    return [*lines[:at], lines[at][:where], lines[at][where:], *lines[at + 1 :]]


def join_lines(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(max(len(lines) - 1, 1))
    return [*lines[:at], "".join(lines[at : at + 2]), *lines[at + 2 :]]


TEXT_WAYS: tuple[tuple[str, Way], ...] = tuple(
    (change.__name__, in_text(change)) for change in (lose_mark, lose_field, lose_line, break_line, join_lines)
)

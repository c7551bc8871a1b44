"""Which dialect each part of a text file is written in, and its blocks (表格方言).

A run is a stretch of lines without blank lines. Runs whose tabs separate columns are tables of slots; runs whose lines
begin with a tab are one-cell-per-line tables, which reach over blank lines; all others are text, in which rows between
pipes and rows joined by blanks may stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from parsers.document import Block, Grid, Problem
from parsers.text import sequence, slots
from parsers.text.lines import is_blank, paragraphs


@dataclass(frozen=True, slots=True)
class Run:
    """Lines `start` to `end` (exclusive), none of them blank."""

    start: int
    end: int
    kind: Literal["slots", "cells", "text"]


def blocks_of(lines: list[str]) -> tuple[list[Block], list[Problem]]:
    """The blocks of a file in order, grids numbered from 1, and what is wrong with them."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    done = 0
    runs = list(_runs(lines))
    stops = _stops(runs, len(lines))
    for run, stop in zip(runs, stops, strict=True):
        if run.start < done:
            continue
        if run.kind == "slots":
            blocks += slots.tabbed_blocks(lines, run.start, run.end)
        elif run.kind == "cells":
            first = next(index for index in range(run.start, run.end) if "\t" in lines[index])
            blocks += paragraphs(lines, run.start, first)
            rows, done = sequence.read_table(lines, first, stop)
            found, wrong = sequence.table_blocks(rows)
            blocks += found
            problems += wrong
        else:
            blocks += _text_blocks(lines, run.start, run.end)
    return list(_numbered(blocks)), problems


def _runs(lines: list[str]) -> Iterator[Run]:
    start = 0
    while start < len(lines):
        if is_blank(lines[start]):
            start += 1
            continue
        end = start
        columns = cells = 0
        while end < len(lines) and not is_blank(lines[end]):
            line = lines[end]
            if "\t" in line:
                single = line.count("\t") == 1 and not line.partition("\t")[0].strip()
                cells += single
                columns += not single
            end += 1
        yield Run(start, end, "text" if not columns + cells else "slots" if columns >= cells else "cells")
        start = end


def _stops(runs: list[Run], end: int) -> list[int]:
    """For each run, where the next run of slots begins."""
    stops = []
    for run in reversed(runs):
        stops.append(end)
        if run.kind == "slots":
            end = run.start
    return stops[::-1]


def _text_blocks(lines: list[str], start: int, end: int) -> Iterator[Block]:
    index = start
    while index < end:
        after = slots.piped_end(lines, index, end)
        if after > index:
            yield slots.piped_grid(lines, index, after)
            index = after
        else:
            yield from paragraphs(lines, index, index + 1)
            index += 1


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    number = 0
    for block in blocks:
        if isinstance(block, Grid):
            number += 1
            yield replace(block, number=number)
        else:
            yield block

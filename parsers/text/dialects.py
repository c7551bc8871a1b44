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
from parsers.text import (
    blanks,
    delimited,
    flow,
    framed,
    glued_pairs,
    indented_rows,
    markup,
    pipes,
    sequence,
    slots,
    streams,
)
from parsers.text.glued import without_frames
from parsers.text.lines import is_blank, is_page_number, paragraphs
from parsers.text.lone_bars import with_bars
from parsers.text.regions import TextRegion, in_order
from parsers.text.wrap import unwrapped

_MIN_SPACED_LINES = 3
"""From so many on, lines with a blank line after each are one run."""


@dataclass(frozen=True, slots=True)
class LineRun:
    """Lines `start` to `end` (exclusive), none of them blank."""

    start: int
    end: int
    kind: Literal["slots", "cells", "text"]


def blocks_of(lines: list[str]) -> tuple[list[Block], list[Problem]]:
    """The blocks of a file in order, grids numbered from 1, and what is wrong with them."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    marks = sequence.has_marks(lines)
    start = 0
    lines = without_frames(unwrapped(with_bars(lines)))
    claims = (markup, delimited, framed, indented_rows, glued_pairs, flow, streams)
    claimed = in_order(*(dialect.regions(lines) for dialect in claims))
    for region in (*claimed, TextRegion(len(lines), len(lines), ())):
        found, wrong = _blocks_between(lines, start, region.start, marks)
        blocks += [*found, *region.blocks]
        problems += [*wrong, *region.problems]
        start = region.end
    return list(_numbered(blocks)), problems


def _blocks_between(lines: list[str], start: int, end: int, marks: bool) -> tuple[list[Block], list[Problem]]:
    """The blocks of the lines `start` to `end` (exclusive), whose rows are whole."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    runs = list(_runs(lines, start, end))
    stops = _stops(runs, end)
    at = 0
    while at < len(runs):
        run = runs[at]
        if run.kind == "slots":
            indexes, at = _spaced_indexes(runs, at)
            blocks += slots.tabbed_blocks(lines, indexes)
        elif run.kind == "cells":
            first = next(index for index in range(run.start, run.end) if "\t" in lines[index])
            blocks += paragraphs(lines, run.start, first)
            rows, end = sequence.read_table(lines, first, stops[at], marks)
            found, wrong = sequence.table_blocks(rows)
            blocks += found
            problems += wrong
            while at < len(runs) and runs[at].start < end:
                at += 1
        else:
            indexes, at = _spaced_indexes(runs, at)
            below, at = _rest_of_table(lines, runs, at) if blanks.end_in_table(lines, indexes) else ([], at)
            blocks += _text_blocks(lines, [*indexes, *below])
    return blocks, problems


def _rest_of_table(lines: list[str], runs: list[LineRun], at: int) -> tuple[list[int], int]:
    """The lines of the runs from number `at` on that go on with the table above, and the number of the run after."""
    rest: list[int] = []
    is_open = True
    while is_open and at < len(runs) and runs[at].kind == "text":
        indexes = range(runs[at].start, runs[at].end)
        begins, is_open = blanks.go_on(lines, indexes)
        if begins:
            rest += indexes
            at += 1
    return rest, at


def _runs(lines: list[str], start: int, stop: int) -> Iterator[LineRun]:
    while start < stop:
        if is_blank(lines[start]):
            start += 1
            continue
        end = start
        columns = cells = 0
        while end < stop and not is_blank(lines[end]):
            if "\t" in lines[end]:
                single = _is_cell(lines[end])
                cells += single
                columns += not single
            end += 1
        yield LineRun(start, end, "text" if not columns + cells else "slots" if columns >= cells else "cells")
        start = end


def _is_cell(line: str) -> bool:
    """Whether a line is one cell after one tab."""
    return line.count("\t") == 1 and (line[0] == "\t" or not line.partition("\t")[0].strip())


def _stops(runs: list[LineRun], end: int) -> list[int]:
    """For each run, where the next run of slots begins."""
    stops = []
    for run in reversed(runs):
        stops.append(end)
        if run.kind == "slots":
            end = run.start
    return stops[::-1]


def _text_blocks(lines: list[str], indexes: list[int]) -> Iterator[Block]:
    """Paragraphs, tables between pipes and tables joined by blanks in these lines; page numbers are no text."""
    indexes = [index for index in indexes if not is_page_number(lines[index])]
    at = 0
    starts = dict(blanks.tables(lines, indexes))
    while at < len(indexes):
        piped = pipes.piped_end(lines, indexes, at)
        if piped > at:
            yield pipes.piped_grid(lines, indexes[at:piped])
            at = piped
        elif at in starts:
            yield blanks.blank_grid(lines, indexes[at : starts[at]])
            at = starts[at]
        else:
            yield from paragraphs(lines, indexes[at], indexes[at] + 1)
            at += 1


def _spaced_indexes(runs: list[LineRun], first: int) -> tuple[list[int], int]:
    """The lines of run number `first`, and the number of the run after them.

    Where a single blank line follows every line, such lines of one kind are one run.
    """
    after = first + 1
    while after < len(runs) and _is_double_spaced(runs[after - 1], runs[after]):
        after += 1
    if after - first < _MIN_SPACED_LINES:
        after = first + 1
    return [index for run in runs[first:after] for index in range(run.start, run.end)], after


def _is_double_spaced(run: LineRun, following: LineRun) -> bool:
    single = run.end - run.start == following.end - following.start == 1
    return single and run.kind == following.kind and following.start - run.end == 1


def _numbered(blocks: list[Block]) -> Iterator[Block]:
    number = 0
    for block in blocks:
        if isinstance(block, Grid):
            number += 1
            yield replace(block, number=number)
        else:
            yield block

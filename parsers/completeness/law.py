"""The account put into the records: counts, problems and the status that follows (完整性的结论)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from parsers.completeness.account import Entry, account_with
from parsers.completeness.labels import without_cell
from parsers.completeness.recorded import Recorded, recorded
from parsers.document import Document, Problem
from parsers.said import with_problems
from schemas.records import DocumentRecords, ProblemRow

UNREAD = "unread_figure"
LOST_CELL = "cell_lost"
_LISTED = 40
"""Rows with unread figures that are listed one by one; the rest is counted in one line."""
_SHOWN = 8
"""Figures of one row that a message names."""


def accounted(document: Document, records: DocumentRecords) -> DocumentRecords:
    """`records` with their figures counted; an unread figure or a lost cell is a problem: the document is `partial`."""
    found = recorded(records)
    entries = account_with(found, document, records)
    fates = Counter(entry.fate for entry in entries)
    reasons = Counter(entry.code for entry in entries if entry.fate == "left_out")
    fresh = [*_unread(_not_yet_told(entries, records.problems)), *_lost_cells(document, records, found)]
    row = replace(
        records.document,
        figures_printed=len(entries),
        figures_read=fates["read"],
        figures_left_out=fates["left_out"],
        figures_unread=fates["unread"],
        left_out_reasons=tuple(f"{code} {number}" for code, number in reasons.most_common()),
    )
    return with_problems(replace(records, document=row), fresh)


def _lost_cells(document: Document, records: DocumentRecords, found: Recorded) -> Iterator[Problem]:
    """Labels that have lost the cell of their value, where nothing else was said of the row."""
    told = {problem.locator for problem in records.problems}
    for place, label in without_cell(document, found):
        if place.locator not in told:
            text = f"{place.locator}：“{label}”之后没有单元格，其数额可能缺失，请核对原文。"
            yield Problem(LOST_CELL, text, place)


def _not_yet_told(entries: Iterable[Entry], problems: Sequence[ProblemRow]) -> list[Entry]:
    """Unread figures of rows that no other problem names."""
    told = {problem.locator for problem in problems}
    return [entry for entry in entries if entry.fate == "unread" and entry.place.locator not in told]


def _unread(entries: Sequence[Entry]) -> Iterator[Problem]:
    """A problem for every row with unread figures, as far as they are listed one by one."""
    rows = list(_by_row(entries))
    for row in rows[:_LISTED]:
        place = row[0].place
        yield Problem(UNREAD, f"{place.locator}：印有{_named(row)}，没有读入任何记录，请核对原文。", place)
    if rest := rows[_LISTED:]:
        figures = sum(map(len, rest))
        yield Problem(UNREAD, f"另有 {len(rest)} 行共 {figures} 个数字没有读入任何记录，请核对原文。")


def _by_row(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    for _, group in groupby(entries, key=lambda entry: entry.place.locator):
        yield list(group)


def _named(entries: Sequence[Entry]) -> str:
    shown = "、".join(f"“{entry.text}”" for entry in entries[:_SHOWN])
    return shown if len(entries) <= _SHOWN else f"{shown}等 {len(entries)} 个数字"

"""The account put into the records: counts, problems and the status that follows (完整性的结论)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from parsers.completeness.account import Entry, account_with
from parsers.completeness.labels import without_cell
from parsers.completeness.recorded import Recorded, recorded
from parsers.document import Document
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
    fresh = _problems(_not_yet_told(entries, records.problems), records)
    fresh += _lost_cells(document, records, found, len(records.problems) + len(fresh))
    problems = (*records.problems, *fresh)
    row = replace(
        records.document,
        figures_printed=len(entries),
        figures_read=fates["read"],
        figures_left_out=fates["left_out"],
        figures_unread=fates["unread"],
        left_out_reasons=tuple(f"{code} {number}" for code, number in reasons.most_common()),
    )
    if fresh and row.status == "ok":
        row = replace(row, status="partial", error_code=fresh[0].code, error=fresh[0].message)
    return replace(records, document=row, problems=problems)


def _lost_cells(document: Document, records: DocumentRecords, found: Recorded, number: int) -> list[ProblemRow]:
    """Labels that have lost the cell of their value, where nothing else was said of the row."""
    told = {problem.locator for problem in records.problems}
    lost = [(place, label) for place, label in without_cell(document, found) if place.locator not in told]
    return [
        ProblemRow(
            records.document.document_id,
            number + at,
            LOST_CELL,
            f"{place.locator}：“{label}”之后没有单元格，其数额可能缺失，请核对原文。",
            place.page,
            place.locator,
        )
        for at, (place, label) in enumerate(lost)
    ]


def _not_yet_told(entries: Iterable[Entry], problems: Sequence[ProblemRow]) -> list[Entry]:
    """Unread figures of rows that no other problem names."""
    told = {problem.locator for problem in problems}
    return [entry for entry in entries if entry.fate == "unread" and entry.place.locator not in told]


def _problems(unread: Sequence[Entry], records: DocumentRecords) -> list[ProblemRow]:
    number = len(records.problems)
    rows = list(_by_row(unread))
    listed = [
        ProblemRow(
            records.document.document_id,
            number + at,
            UNREAD,
            f"{entries[0].place.locator}：印有{_named(entries)}，没有读入任何记录，请核对原文。",
            entries[0].place.page,
            entries[0].place.locator,
        )
        for at, entries in enumerate(rows[:_LISTED])
    ]
    if rest := rows[_LISTED:]:
        figures = sum(map(len, rest))
        message = f"另有 {len(rest)} 行共 {figures} 个数字没有读入任何记录，请核对原文。"
        listed.append(ProblemRow(records.document.document_id, number + len(listed), UNREAD, message))
    return listed


def _by_row(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    for _, group in groupby(entries, key=lambda entry: entry.place.locator):
        yield list(group)


def _named(entries: Sequence[Entry]) -> str:
    shown = "、".join(f"“{entry.text}”" for entry in entries[:_SHOWN])
    return shown if len(entries) <= _SHOWN else f"{shown}等 {len(entries)} 个数字"

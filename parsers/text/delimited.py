"""Comma- and semicolon-separated tables (逗号、分号分隔的表): spreadsheets saved as CSV, alone or inside a text."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Block, Problem
from parsers.text.grids import grid_of
from parsers.text.lines import cell_text, line_place
from parsers.text.placing import header_of
from parsers.text.regions import TextRegion
from schemas.confidence import step
from schemas.lexicon import squeeze

_DELIMITERS = (",", ";")
_FEWEST_FIELDS = 4
_FEWEST_RECORDS = 4
_SAME_WIDTH = 0.7
"""Share of a table's records that must have the same number of fields."""
_DOUBTFUL = step("doubtful")


@dataclass(frozen=True, slots=True)
class _Record:
    """A record's fields, and the line indexes it came from."""

    fields: list[str]
    first: int
    last: int


def regions(lines: Sequence[str]) -> list[TextRegion]:
    """Stretches of lines that are records with the same number of fields, among them the header of a form."""
    found: list[TextRegion] = []
    at = 0
    while at < len(lines):
        region = next((one for mark in _DELIMITERS if (one := _region(lines, at, mark)) is not None), None)
        found += [region] if region else []
        at = region.end if region else at + 1
    return found


def _region(lines: Sequence[str], start: int, mark: str) -> TextRegion | None:
    if lines[start].count(mark) < _FEWEST_FIELDS - 1:
        return None
    end = start
    quoted = False
    while end < len(lines) and (quoted or lines[end].count(mark) >= _FEWEST_FIELDS - 1):
        quoted ^= lines[end].count('"') % 2 == 1
        end += 1
    records = _records(lines, start, end, mark)
    if len(records) < _FEWEST_RECORDS:
        return None
    width, count = Counter(len(record.fields) for record in records).most_common(1)[0]
    heads = any(header_of([squeeze(field) for field in record.fields]) for record in records)
    if width < _FEWEST_FIELDS or count < _SAME_WIDTH * len(records) or not heads:
        return None
    return TextRegion(start, end, (_grid(records, width),), tuple(_odd_records(records, width)))


def _records(lines: Sequence[str], start: int, end: int, mark: str) -> list[_Record]:
    """The records of some lines; a quoted field may hold line breaks."""
    reader = csv.reader((line + "\n" for line in lines[start:end]), delimiter=mark)
    records = []
    first = start
    try:
        for fields in reader:
            last = start + reader.line_num - 1
            records.append(_Record([cell_text(field) for field in fields], first, last))
            first = last + 1
    except csv.Error:
        return []
    return records


def _grid(records: Sequence[_Record], width: int) -> Block:
    sureness = [1.0 if len(record.fields) == width else _DOUBTFUL for record in records]
    places = [line_place(record.first, record.last) for record in records]
    return grid_of([record.fields or [""] for record in records], places, "slots", sureness)


def _odd_records(records: Sequence[_Record], width: int) -> list[Problem]:
    """Records with a field more or less: an unquoted comma in a value, or a field lost."""
    odd = [record for record in records if len(record.fields) != width]
    return [
        Problem(
            "row_width",
            f"第 {record.first + 1} 行有 {len(record.fields)} 个字段，其余各行 {width} 个，各格可能错位，请核对原文。",
            line_place(record.first, record.last),
        )
        for record in odd
    ]

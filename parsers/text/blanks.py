"""Tables whose cells are joined by blanks, one row per line (空格分列).

Blanks also stand inside labels and in prose, so a table is claimed only where several lines together look like rows:
a header line of known words with rows under it, or a stretch of lines with several numbers each. The lexicon helps to
tell; what a cell means is left to the interpreter. Only the order of the cells is known (geometry "sequence"), unless
every line has the same number of cells when empty ones are counted: then their positions are exact ("slots").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from parsers.document import Geometry, Grid
from parsers.text.grids import grid_of
from parsers.text.lines import is_heading, is_outside, line_place
from parsers.text.parted_lines import FieldRow, whole_rows
from schemas.lexicon import Lexicon, lexicon, normalise
from schemas.vocabulary import pattern

_MAX_PLAIN_LINES = 3
"""Lines in a row that need not look like rows while rows follow (goals, rows of words only)."""
_MIN_NUMERIC_ROWS = 3
_MIN_SLOTS = 4
_MAX_LABEL = 20
"""Longest label of a funding line in characters."""
_MAX_FIELDS = 60
"""A line with more blanks than this is no row of a form."""

_BLANKS = re.compile("[ \u3000\xa0\u2002-\u200a]+")
_GAPS = re.compile("[ \xa0\u2002-\u200a]{2,}|[ \xa0]*\u3000[ \u3000\xa0]*")
_PIPES = re.compile("[|｜].*[|｜]")
_NUMERIC = pattern("number_in_line")
_SENTENCE = re.compile("[，。；！？]")
_NUMBERED = pattern("numbered_indicator")

LineKind = Literal["head", "numbers", "money", "label", "plain", "outside"]


def tables(lines: list[str], indexes: Sequence[int]) -> list[tuple[int, int]]:
    """Where tables stand in the lines `indexes`: pairs of positions in `indexes`, from and to (exclusive)."""
    kinds = [_line_kind(lines[index]) for index in indexes]
    found = []
    at = 0
    while at < len(kinds):
        if kinds[at] in ("plain", "outside"):
            at += 1
            continue
        end = _stretch_end(kinds, at)
        if _is_table(kinds[at:end]):
            found.append((at, end))
        at = end
    return found


def end_in_table(lines: list[str], indexes: Sequence[int]) -> bool:
    """Whether the last of the lines `indexes` is a row of a table, which may go on behind a row that was left blank."""
    found = tables(lines, indexes)
    return bool(found) and found[-1][1] == len(indexes)


def go_on(lines: list[str], indexes: Sequence[int]) -> tuple[bool, bool]:
    """Whether the lines `indexes` go on with a table above them, and whether they are its rows to their end."""
    kinds = [_line_kind(lines[index]) for index in indexes]
    begins = kinds[0] in ("numbers", "money", "label")
    return begins, begins and _stretch_end(kinds, 0) == len(kinds)


def is_whole_row(line: str) -> bool:
    """Whether a line is the heads of a table joined by blanks, or a row that ends in its figures: neither goes on."""
    kind = _line_kind(line)
    ended = _NUMERIC.fullmatch(_BLANKS.split(line.rstrip())[-1]) is not None
    return kind == "head" or (kind == "numbers" and ended)


def blank_grid(lines: list[str], indexes: Sequence[int]) -> Grid:
    """The grid of a stretch that `tables` found."""
    exact = _exact_slots([lines[index] for index in indexes])
    geometry: Geometry = "slots" if exact else "sequence"
    wide = _has_wide_gaps([lines[index] for index in indexes])
    if exact:
        return grid_of(exact, [line_place(index) for index in indexes], geometry)
    rows = whole_rows([FieldRow(tuple(_fields(lines[index], wide)), index, index) for index in indexes])
    fields = [_merged(list(row.fields), lexicon()) for row in rows]
    return grid_of(fields, [line_place(row.first, row.last) for row in rows], geometry)


def _stretch_end(kinds: list[LineKind], start: int) -> int:
    """Where the rows that begin at `start` end: plain lines belong to them only when rows follow soon."""
    end = at = start
    while at < len(kinds) and kinds[at] != "outside" and at - end <= _MAX_PLAIN_LINES:
        at += 1
        if kinds[at - 1] != "plain":
            end = at
    return end


def _is_table(kinds: list[LineKind]) -> bool:
    if "head" in kinds:
        return len(kinds) > 1
    return kinds.count("numbers") >= _MIN_NUMERIC_ROWS or kinds.count("money") >= _MIN_NUMERIC_ROWS


def _line_kind(line: str) -> LineKind:
    if _PIPES.search(line):
        return "outside"
    fields = _BLANKS.split(line.strip(), maxsplit=_MAX_FIELDS)
    if len(fields) == 1 and len(fields[0]) <= _MAX_LABEL and _names_level(fields[0]):
        return "label"
    if len(fields) > 1 and len(fields) <= _MAX_FIELDS:
        known = _known_columns(fields)
        if known >= 3 and known * 2 >= len(fields):
            return "head"
        if is_outside(line):
            return "outside"
        numbers = sum(_NUMERIC.fullmatch(field) is not None for field in fields)
        if numbers >= 2 and len(fields) >= 3 and _are_cells(fields, numbers):
            return "numbers"
        if len(fields) == 2 and _is_source(fields[0]) and _NUMERIC.fullmatch(fields[1]):
            return "money"
        if _is_label(fields[0]) or _NUMBERED.match(fields[0]):
            return "label"
    if is_outside(line) or is_heading(line.lstrip()):
        return "outside"
    return "plain"


def _are_cells(fields: list[str], numbers: int) -> bool:
    """Whether fields with numbers among them are no sentence: one cell, that of the criteria, may hold one."""
    sentences = sum(_SENTENCE.search(field) is not None for field in fields[:-1])
    return not sentences or (sentences == 1 and numbers > 2 and _NUMERIC.fullmatch(fields[-1]) is not None)


def _known_columns(fields: list[str]) -> int:
    words = lexicon()
    return sum(1 for field in fields if len(field) <= _MAX_LABEL and words.column(field) is not None)


def _names_level(field: str) -> bool:
    return lexicon().section_label(field) is not None or lexicon().is_level2(field)


@lru_cache(maxsize=4096)
def _is_label(field: str) -> bool:
    words = lexicon()
    if len(field) > _MAX_LABEL or not normalise(field):
        return False
    return words.key(field) is not None or words.is_level(field) or words.knows_source(field)


def _is_source(field: str) -> bool:
    return len(field) <= _MAX_LABEL and lexicon().knows_source(field)


def _has_wide_gaps(lines: list[str]) -> bool:
    """Whether wide gaps part the cells, so that single blanks stand inside them."""
    inner = [line.strip() for line in lines]
    return sum(_GAPS.search(line) is not None for line in inner) * 2 > len(lines)


def _fields(line: str, wide: bool) -> list[str]:
    return (_GAPS if wide else _BLANKS).split(line.strip())


def _merged(fields: list[str], words: Lexicon) -> list[str]:
    """Fields that a blank inside a known word has parted, put together again."""
    if _known_columns(fields) >= 2:
        return _merged_headers(fields)
    lead = next((at for at, field in enumerate(fields) if _NUMERIC.fullmatch(field)), len(fields))
    label = "".join(fields[:lead])
    parted = 1 < lead < len(fields) and len(label) <= _MAX_LABEL and not any(map(words.knows_source, fields[:lead]))
    known = words.knows_source(label) or words.key(label) == "total"
    return [label, *fields[lead:]] if parted and known else fields


def _merged_headers(fields: list[str]) -> list[str]:
    merged = fields[:1]
    for field in fields[1:]:
        whole = merged[-1] + field
        if _is_header(whole) and not (_is_header(merged[-1]) and _is_header(field)):
            merged[-1] = whole
        else:
            merged.append(field)
    return merged


@lru_cache(maxsize=4096)
def _is_header(field: str) -> bool:
    """Whether a field is, letter by letter, a column header of the lexicon (not merely holds one)."""
    plain = normalise(field) if len(field) <= _MAX_LABEL else ""
    return any(plain in concept.words for concept in lexicon().columns)


def _exact_slots(lines: list[str]) -> list[list[str]] | None:
    """The cells with empty ones kept, if single blanks join the same number of cells in every line."""
    rows = [[cell.strip() for cell in line.split(" ")] for line in lines]
    if len(rows) < _MIN_SLOTS or len({len(row) for row in rows}) > 1:
        return None
    # A column without a word is no column: the cells are joined by two blanks, not one.
    rows = [list(row) for row in zip(*(column for column in zip(*rows, strict=True) if any(column)), strict=True)]
    if not rows or len(rows[0]) < _MIN_SLOTS or all(map(all, rows)):
        return None
    return rows

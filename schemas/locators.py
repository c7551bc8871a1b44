"""Where something stands, in words and in numbers (位置).

A locator is text that a person can follow, stored beside every value: `p3 table 2 row 5`, `line 118-120`,
`paragraph 7`, `表"项目1" 第5行`. What code asks of it, it asks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

Span = tuple[int, int]
"""First and last."""

_SHEET = re.compile(r'表"(?P<name>[^"]*)"(?: 第(?P<row>\d+)行)?')
_SHEET_COUNT = "sheet "
_LEVELS = ("p", "table ", "row ", "line ", "cell ", "paragraph ")
_NUMBERED = {level: re.compile(rf"\b{level}(\d+)(?:-(\d+))?\b") for level in _LEVELS}
_ZH = {"p": "第{}页", "table ": "表{}", "row ": "第{}行", "line ": "第{}行", "cell ": "第{}格", "paragraph ": "第{}段"}


@dataclass(frozen=True, slots=True)
class Locator:
    """The numbers of a locator (各级编号), each None where it says none; `sheet` is the name of a worksheet."""

    pages: Span | None
    table: int | None
    rows: Span | None
    lines: Span | None
    sheet: str | None

    @property
    def order(self) -> tuple[str, int, int] | None:
        """What it can be compared by with others of one file: what is counted, the number, the row in it."""
        row = self.rows[0] if self.rows else 0
        if self.lines is not None:
            return "line", self.lines[0], 0
        if self.sheet is not None:
            return f"{_SHEET_COUNT}{self.sheet}", row, 0
        return None if self.table is None else ("table", self.table, row)


@lru_cache(maxsize=1 << 14)
def read_locator(text: str | None) -> Locator:
    """The numbers that a locator names."""
    spans = {level: _span(found) for level, found in _found(text)}
    sheet = _SHEET.search(text or "")
    rows, table = spans.get("row "), spans.get("table ")
    if sheet is not None and sheet["row"]:
        rows = int(sheet["row"]), int(sheet["row"])
    return Locator(
        spans.get("p"), table[0] if table else None, rows, spans.get("line "), sheet["name"] if sheet else None
    )


def in_words(text: str | None) -> str:
    """A locator in Chinese: p3 table 2 row 5 → 第3页 表2 第5行; one of another kind as it is."""
    spans = ((level, _span(found)) for level, found in _found(text))
    told = [_ZH[level].format(str(first) if first == last else f"{first}—{last}") for level, (first, last) in spans]
    return " ".join(told) or (text or "")


def lies_among(text: str | None, others: Iterable[str | None]) -> bool:
    """Whether a place lies between the first and the last of `others`; where they cannot be compared, it may."""
    mine = read_locator(text).order
    orders = [order for other in others if (order := read_locator(other).order) is not None]
    same = [order for order in orders if mine is not None and order[0] == mine[0]]
    if mine is None or not same:
        return mine is None or not (orders and mine[0].startswith(_SHEET_COUNT))
    first, last = min(same), max(same)
    if not mine[2]:
        return first[1] <= mine[1] <= last[1]
    return first <= mine <= last


def _found(text: str | None) -> Iterable[tuple[str, re.Match[str]]]:
    return ((level, found) for level in _LEVELS if (found := _NUMBERED[level].search(text or "")) is not None)


def _span(found: re.Match[str]) -> Span:
    return int(found[1]), int(found[2] or found[1])

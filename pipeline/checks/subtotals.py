"""Checks of subtotal rows among the indicators (指标表的小计)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed, amount_cell, plain
from pipeline.checks.sums import interval_sum
from pipeline.checks.written import points_text
from schemas.decimals import ZERO
from schemas.lexicon import lexicon
from schemas.records import Amount, Indicator

_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")
_TITLES = {"points": "分值", "score": "得分"}


@dataclass(frozen=True, slots=True)
class _Place:
    """A row of a table as its locator tells it (行的位置)."""

    table: str
    row: int


@check(
    "subtotal",
    "指标表的小计",
    "小计行的分值、得分等于其上各项指标之和",
    "warning",
    cause="never",
)
def subtotal(form: Form, rules: Rules) -> Iterator[Finding]:
    """小计 | 50 | 49.5 below the rows of a level: of all since the subtotal before, or of the last level alone."""
    sums = [one for one in form.amounts if _is_subtotal(one)]
    found = [finding for one in sums if (finding := _against_rows(form, one, sums)) is not None]
    odd = (finding for finding in found if finding.outcome == "inconsistent")
    yield from judged(odd, len(sums), "小计与其上各项指标之和相符", "指标表没有小计行")


def _is_subtotal(one: Amount) -> bool:
    names = one.label.split("/")
    return one.origin == "table" and one.value is not None and lexicon().key(names[-1]) == "subtotal"


def _place(locator: str | None) -> _Place | None:
    match = _LAST_NUMBER.search(locator or "")
    if match is None or locator is None:
        return None
    return _Place(locator[: match.start()] + locator[match.end() :], int(match[0]))


def _against_rows(form: Form, one: Amount, sums: Sequence[Amount]) -> Finding | None:
    column = lexicon().column(one.measure or "")
    place, stated = _place(one.locator), amount_cell(one)
    if column not in _TITLES or place is None or stated is None:
        return None
    before = [other.row for other in map(_place, (some.locator for some in sums)) if other and other.row < place.row]
    since = max(before, default=-1)
    rows = [row for row in form.indicators if _is_between(row, place, since)]
    ways = [way for way in _ways(form, rows, column) if way]
    if not ways:
        return None
    for way in ways:
        if stated.interval.meets(interval_sum(way)):
            return None
    cells = ways[0]
    added = sum((cell.value for cell in cells), ZERO)
    listed = "＋".join(plain(cell.value) for cell in cells)
    title = _TITLES[column]
    return Finding(
        "inconsistent",
        f"“{rows[-1].level1 or '以上指标'}”小计的{title}经复算为{points_text(added)}"
        f"（其上{len(cells)}项指标{listed}），"
        f"填列{plain(stated.value)}分，差异{points_text(abs(stated.value - added))}。",
        (stated.ref, *(cell.ref for cell in cells)),
        reported=f"{plain(stated.value)}分",
        expected=points_text(added),
        difference=stated.value - added,
        unit="分",
    )


def _is_between(row: Indicator, place: _Place, since: int) -> bool:
    at = _place(row.locator)
    return at is not None and at.table == place.table and since < at.row < place.row


def _ways(form: Form, rows: Sequence[Indicator], column: str) -> Iterator[list[Printed]]:
    """What a subtotal may add up: every row since the one before, those of one level; each with the execution rate."""
    if not rows:
        return
    last = rows[-1]
    alike = [row for row in rows if row.level1 == last.level1]
    nearer = [row for row in alike if row.level2 == last.level2]
    execution = [cell for row in form.funding if (cell := form.cell("funding", row.ordinal, column)) is not None]
    for some in (alike, list(rows), nearer):
        cells = [cell for row in some if (cell := form.cell("indicators", row.ordinal, column)) is not None]
        if len(cells) == len(some):
            yield cells
            yield [*execution, *cells]

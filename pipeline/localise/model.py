"""What the localiser says: causes and the changes they propose (可能原因)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.intervals import Interval
from schemas.records import Subject

Kind = Literal[
    "unit_slip",
    "unit_line",
    "transposed",
    "doubled_digit",
    "dropped_digit",
    "dropped_point",
    "sign",
    "neighbour",
    "missing_row",
    "total_zero",
    "zero_line",
    "other_base",
    "rounded_score",
    "total_without_execution",
    "one_digit",
    "value",
]

SLIPS: dict[Kind, str] = {
    "transposed": "疑似相邻数字颠倒",
    "doubled_digit": "疑似多写了一位数字",
    "dropped_digit": "疑似漏写了一位数字",
    "sign": "疑似正负号有误",
    "neighbour": "疑似错填了相邻一格的数",
    "total_zero": "疑似合计未填",
    "rounded_score": "疑似取整到整数分",
    "total_without_execution": "恰为各指标之和，疑似漏加预算执行一项",
    "one_digit": "疑似一位数字有误",
}
"""What a slip is called in a sentence; unit slips, points and bases say more and have words of their own."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell and what should stand there (一处更正).

    `cell` is the cell in question; for a missing row it is the total that lacks a part, and `printed` is None, as it is
    for a blank cell. `proposed` holds the values that fit, in the dataset's unit (a single value: both ends equal);
    `text` shows them with their unit.
    """

    cell: Subject
    printed: Decimal | None
    proposed: Interval
    text: str


@dataclass(frozen=True, slots=True)
class Cause:
    """One explanation of some contradictions (一种解释).

    The first change is the mistake; the others are what was computed from it, or a second mistake. `repairs` and
    `remaining` are ids of checks: contradictions that would be gone, and those about the same cells that would stay.
    `weight` is how unlikely the explanation is, as a negative decimal logarithm: 1 more is ten times less likely.
    `sentence` is one sentence in Chinese without its full stop; `restates` says that it only repeats the value that
    the one contradiction it mends computes anyway.
    """

    kind: Kind
    changes: tuple[Change, ...]
    repairs: tuple[str, ...]
    remaining: tuple[str, ...]
    weight: float
    sentence: str
    restates: bool = False

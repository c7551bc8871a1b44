"""Quantities: everything the other rooms need to read a printed value (数量的唯一入口).

Cells: `parse_money`, `parse_percent`, `parse_points`, `parse_number`, `parse_count`, `parse_target`,
`parse_actual`, `is_blank`. Sentences: `find_quantities`.
Comparison: `interval_of` and `Quantity.interval`. None of them raises on any text.
"""

from __future__ import annotations

from schemas.mentions import Mention, find_quantities, parse_count
from schemas.targets import Target, parse_actual, parse_target
from schemas.units import money_factor
from schemas.values import (
    Quantity,
    interval_of,
    is_blank,
    parse_money,
    parse_number,
    parse_percent,
    parse_points,
)

__all__ = [
    "Mention",
    "Quantity",
    "Target",
    "find_quantities",
    "interval_of",
    "is_blank",
    "money_factor",
    "parse_actual",
    "parse_count",
    "parse_money",
    "parse_number",
    "parse_percent",
    "parse_points",
    "parse_target",
]

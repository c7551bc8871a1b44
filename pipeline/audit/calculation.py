"""The numbers of a finding laid out as the sum, quotient or product they are (算式).

What every report shows, each in its own way: the printed values with their signs, what comes out, what was printed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.audit.findings import Cited, Finding
from schemas.records import Amount

Shape = Literal["sum", "quotient", "product", "balance", "list"]
"""How the subjects of a rule stand to each other.

sum       the first is what the others add up to (a part counted as 调减 is taken away)
quotient  the first, in percent, is the second divided by the third; further ones are other possible bases
product   the first is the second times the third (a percentage)
balance   the last is the first less the second
list      values that do not go together
"""

SHAPES: Mapping[str, Shape] = {
    "funding_sum": "sum",
    "funding_nested_sum": "sum",
    "points_total": "sum",
    "score_total": "sum",
    "level_points": "sum",
    "amount_sum": "sum",
    "summary_row": "sum",
    "funding_composition": "sum",
    "prose_composition": "sum",
    "execution_rate": "quotient",
    "prose_share": "quotient",
    "prose_rate": "quotient",
    "execution_score": "product",
    "income_spending_balance": "balance",
    "unit_projects_sum": "sum",
    "carryover_across_years": "balance",
}

_FEWEST: Mapping[Shape, int] = {"sum": 2, "quotient": 3, "product": 3, "balance": 3, "list": 0}


@dataclass(frozen=True, slots=True)
class Term:
    """One value of a calculation with the sign before it: "", ＋, －, ×, ÷ (项)."""

    sign: str
    cell: Cited


@dataclass(frozen=True, slots=True)
class Calculation:
    """A finding's numbers (算式): `terms` make `result`, beside it `printed`; `others` are values only named.

    In a list there is no printed value to compare: every value is among the terms, none with a sign.
    """

    shape: Shape
    terms: tuple[Term, ...]
    result: str | None
    printed: Cited | None
    others: tuple[Cited, ...] = ()


def calculation(finding: Finding) -> Calculation:
    """The calculation behind a finding."""
    cells, expected = finding.cells, finding.check.expected
    shape = SHAPES.get(finding.check.rule, "list")
    if len(cells) < _FEWEST[shape]:
        shape = "list"
    match shape:
        case "sum":
            return Calculation(shape, _sum(cells[1:]), expected, cells[0])
        case "quotient":
            return Calculation(shape, (Term("", cells[1]), Term("÷", cells[2])), expected, cells[0], cells[3:])
        case "product":
            return Calculation(shape, (Term("", cells[1]), Term("×", cells[2])), expected, cells[0])
        case "balance":
            return Calculation(shape, (Term("", cells[0]), Term("－", cells[1])), expected, cells[2])
        case "list":
            return Calculation(shape, tuple(Term("", cell) for cell in cells), expected, None)


def _sum(parts: Sequence[Cited]) -> tuple[Term, ...]:
    signs = ["－" if taken_away(part) else "＋" for part in parts]
    return tuple(
        Term("" if not at and sign == "＋" else sign, part)
        for at, (sign, part) in enumerate(zip(signs, parts, strict=True))
    )


def taken_away(part: Cited) -> bool:
    """Whether a part counts negative (调减)."""
    return isinstance(part.row, Amount) and part.row.measure == "reduced"

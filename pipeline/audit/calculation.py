"""The numbers of a finding laid out as the sum, quotient or product they are (算式).

What every report shows, each in its own way: the printed values with their signs, what comes out, what was printed.
The check's own relation says how its values hang together, so that a new check is laid out without anything here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.audit.findings import AuditFinding, Cited
from schemas.records import Check, RelationRole

Shape = Literal["sum", "quotient", "product", "list"]
"""How the values stand to each other; a list are values that do not go together."""

_SHAPES: Mapping[str, Shape] = {"sum": "sum", "quotient": "quotient", "product": "product"}
_SIGNS: Mapping[RelationRole, str] = {
    "plus": "＋",
    "minus": "－",
    "dividend": "",
    "divisor": "÷",
    "factor": "×",
}
_FIRST_OF = {"sum": "plus", "quotient": "dividend", "product": "factor"}
"""The role of the term that stands first, without a sign."""


@dataclass(frozen=True, slots=True)
class CalculationTerm:
    """One value of a calculation with the sign before it: "", ＋, －, ×, ÷ (项)."""

    sign: str
    cell: Cited


@dataclass(frozen=True, slots=True)
class Calculation:
    """A finding's numbers (算式): `terms` make `result`, beside it `printed`; `others` are values only named.

    In a list there is no printed value to compare: every value is among the terms, none with a sign.
    """

    shape: Shape
    terms: tuple[CalculationTerm, ...]
    result: str | None
    printed: Cited | None
    others: tuple[Cited, ...] = ()


def calculation(finding: AuditFinding) -> Calculation:
    """The calculation behind a finding."""
    return laid_out(finding.check, finding.cells)


def laid_out(check: Check, cells: Sequence[Cited]) -> Calculation:
    """A check's values in the order of the calculation they are."""
    shape = _SHAPES.get(check.relation or "", "list")
    told = list(zip(cells, check.roles, strict=False))
    printed = next((cell for cell, role in told if role == "result"), None)
    terms = [(cell, role) for cell, role in told if role in _SIGNS]
    if shape == "list" or printed is None or not terms:
        return Calculation("list", tuple(CalculationTerm("", cell) for cell in cells), check.expected, None)
    first = next((at for at, (_, role) in enumerate(terms) if role == _FIRST_OF[shape]), 0)
    ordered = [terms[first], *terms[:first], *terms[first + 1 :]]
    return Calculation(
        shape,
        tuple(
            CalculationTerm("" if not at and role != "minus" else _SIGNS[role], cell)
            for at, (cell, role) in enumerate(ordered)
        ),
        check.expected,
        printed,
        tuple(cell for cell, role in told if role == "other"),
    )

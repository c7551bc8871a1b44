"""What a check is: its registration, what it sees, what it yields (核对的构成).

A check is a generator over one `Form` that yields a `Finding` for everything it looked at: passed, contradicted, or not
checkable and why. `@check` registers it; nothing else has to be touched to add one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

from pipeline.checks.config import Rules
from pipeline.checks.printed import Printed
from pipeline.checks.relation import Relation
from schemas.records import (
    Amount,
    Check,
    DocumentRow,
    Evaluation,
    FundingRow,
    Indicator,
    Outcome,
    Section,
    Severity,
    Subject,
)

Row = TypeVar("Row", FundingRow, Indicator, Amount)


@dataclass(frozen=True, slots=True)
class Form:
    """What a check sees: one evaluation's records, or (evaluation None) the amounts that belong to none (核对对象)."""

    document: DocumentRow
    evaluation: Evaluation | None
    funding: tuple[FundingRow, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    amounts: tuple[Amount, ...] = ()
    sections: tuple[Section, ...] = ()
    cells: Mapping[Subject, Printed] = field(default_factory=dict)
    half_read: bool = False

    def cell(self, table: str, ordinal: int, column: str) -> Printed | None:
        """The printed number in one cell, None where nothing is printed."""
        return self.cells.get(Subject(table, ordinal, column))

    def money(self, row: FundingRow, column: str) -> Printed | None:
        """The amount in one column of money (executed, annual_budget, …) of a line of the funds."""
        return self.cell("funding", row.ordinal, f"{column}_wanyuan")


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found about some cells (一项发现).

    `message` is one Chinese sentence with the numbers; `difference` and `tolerance` are in `unit`. `severity` is set
    where it differs from the rule's own. `relations` say how the numbers hang together: of a contradiction the one that
    does not hold, of what agrees all that were looked at.
    """

    outcome: Outcome
    message: str
    subjects: tuple[Subject, ...] = ()
    reported: str | None = None
    expected: str | None = None
    difference: Decimal | None = None
    tolerance: Decimal | None = None
    unit: str = ""
    severity: Severity | None = None
    relations: tuple[Relation, ...] = ()


Explained = Literal["always", "unless_explained", "never"]
"""Whether a contradiction asks for the wrong cell to be found.

always            whenever the numbers do not agree
unless_explained  not where the check itself names another reason (a score rounded to whole points)
never             good reasons exist; it only supports what is found for other contradictions
"""

CheckFunction = Callable[[Form, Rules], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A registered check: stable code, Chinese title, where the rule comes from, severity of a contradiction (规则)."""

    code: str
    title: str
    source: str
    severity: Severity
    run: CheckFunction
    cause: Explained = "always"
    support: float = 0.0
    """What it adds to an explanation of other contradictions that it also mends this one, as a decimal logarithm."""
    agrees: str = ""
    """What agrees once a contradiction is mended; by default 合计 for sums and 金额 for the rest."""


@dataclass(frozen=True, slots=True)
class Made:
    """A check that was made, with the rule and the finding behind its row (已作的核对)."""

    check: Check
    rule: Rule
    finding: Finding


_registry: dict[str, Rule] = {}


def check(
    code: str,
    title: str,
    source: str,
    severity: Severity,
    *,
    cause: Explained = "always",
    support: float = 0.0,
    agrees: str = "",
) -> Callable[[CheckFunction], CheckFunction]:
    """Register a generator as the check `code`; a code is used once (登记一项核对)."""

    def register(function: CheckFunction) -> CheckFunction:
        if code in _registry:
            raise ValueError(f"check code used twice: {code}")
        _registry[code] = Rule(code, title, source, severity, function, cause, support, agrees)
        return function

    return register


def registered() -> tuple[Rule, ...]:
    """All registered checks in the order they were registered."""
    return tuple(_registry.values())


def consistent(
    message: str, subjects: tuple[Subject, ...] = (), reported: str | None = None, relations: tuple[Relation, ...] = ()
) -> Finding:
    """A finding that the numbers agree (相符)."""
    return Finding("consistent", message, subjects, reported, relations=relations)


def not_checkable(message: str, subjects: tuple[Subject, ...] = (), relations: tuple[Relation, ...] = ()) -> Finding:
    """A finding that the check could not be made, and why (无法核对)."""
    return Finding("not_checkable", message, subjects, relations=relations)

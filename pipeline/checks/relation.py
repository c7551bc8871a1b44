"""The arithmetic that printed numbers must obey, as data (数间关系).

A `Relation` says how one cell follows from others, in one or more admissible ways (an execution rate may be against
the budget of the year, the initial budget or what arrived). Every finding about numbers carries its relations: whoever
looks for the wrong cell evaluates the very same ones with another value put in a cell, and reports lay them out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from schemas.decimals import HUNDRED, ONE, ZERO
from schemas.intervals import Interval
from schemas.records import RelationRole, Subject

RelationKind = Literal["sum", "quotient", "product", "at_least", "at_most", "scale", "grade"]
Intervals = Mapping[Subject, Interval]

_ENDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of a relation with its coefficient, 1 or -1 (项)."""

    cell: Subject
    coefficient: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Relation:
    """How `total` follows from the terms of any one of `options` (关系).

    sum        total = Σ coefficient × term
    quotient   total = 100 × first ÷ second
    product    total = first × second ÷ 100, at most the first
    at_least   total ≥ Σ coefficient × term
    at_most    total ≤ the largest term
    scale      total is not the term with the digits shifted
    grade      total is the place, from the best, of the grade that the first term (score) of the second (points, where
               printed) belongs to; `bounds` are the lowest scores of the grades in percent

    `complete` False: the terms of a sum may be only some of the parts, so that one below the total is no contradiction.
    """

    kind: RelationKind
    total: Subject
    options: tuple[tuple[Term, ...], ...]
    complete: bool = True
    bounds: tuple[Decimal, ...] = ()
    cells: tuple[Subject, ...] = field(init=False)
    """Every cell the relation speaks of, the total first."""

    def __post_init__(self) -> None:
        cells = dict.fromkeys([self.total, *(term.cell for option in self.options for term in option)])
        object.__setattr__(self, "cells", tuple(cells))


def sum_of(total: Subject, parts: Sequence[Subject], minus: Sequence[Subject] = (), complete: bool = True) -> Relation:
    """total = parts − minus."""
    terms = (*(Term(cell) for cell in parts), *(Term(cell, -ONE) for cell in minus))
    return Relation("sum", total, (terms,), complete)


def quotient_of(rate: Subject, part: Subject, bases: Sequence[Subject]) -> Relation:
    """rate = 100 × part ÷ any one of the bases."""
    return Relation("quotient", rate, tuple((Term(part), Term(base)) for base in bases))


def roles(relation: Relation, subjects: Sequence[Subject]) -> tuple[RelationRole, ...]:
    """What each of a finding's subjects is in a relation, as reports lay it out by."""
    told: dict[Subject, RelationRole] = {}
    for option in relation.options:
        for place, term in enumerate(option):
            told.setdefault(term.cell, _role(relation.kind, place, term))
    divisors = [cell for cell in subjects if told.get(cell) == "divisor"]
    told |= dict.fromkeys(divisors[1:], "other")
    told[relation.total] = "result"
    return tuple(told.get(cell, "other") for cell in subjects)


def _role(kind: RelationKind, place: int, term: Term) -> RelationRole:
    match kind:
        case "sum":
            return "plus" if term.coefficient == ONE else "minus"
        case "quotient":
            return ("dividend", "divisor")[place]
        case "product":
            return "factor"
        case _:
            return "other"


def expected(relation: Relation, option: tuple[Term, ...], values: Intervals) -> Interval | None:
    """What the total should be by one option; None where it cannot be computed (a budget of 0)."""
    if relation.kind == "quotient":
        return _share(values[option[0].cell], values[option[1].cell])
    if relation.kind == "product":
        points, rate = values[option[0].cell], values[option[1].cell]
        full = points * rate.scale(Decimal("0.01"))
        return Interval(min(full.low, points.high), min(full.high, points.high))
    result = Interval(ZERO, ZERO)
    for term in option:
        value = values[term.cell]
        result = result + (value if term.coefficient == ONE else value.scale(term.coefficient))
    return result


def _share(part: Interval, whole: Interval) -> Interval | None:
    """`part` in percent of `whole`. A whole printed as 0 may be a little more: then the share has only a lower end."""
    share = part.ratio(whole)
    if share is not None:
        return share.scale(HUNDRED)
    if whole.high <= 0:
        return None
    low = part.low * HUNDRED / whole.high if part.low > 0 else -_ENDLESS
    return Interval(low, _ENDLESS)


def gap(relation: Relation, option: tuple[Term, ...], values: Intervals) -> Decimal | None:
    """How far the printed total lies outside what one option allows; 0 when it holds, None when not computable."""
    wanted = expected(relation, option, values)
    if wanted is None:
        return None
    total = values[relation.total]
    if relation.kind == "at_least" or not relation.complete:
        return max(wanted.low - total.high, ZERO)
    return total.gap(wanted)

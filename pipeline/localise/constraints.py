"""The checks of a form as constraints that can be solved for any of their cells (约束)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from pipeline.checks.relations import Relation, Term, expected
from schemas.intervals import Interval
from schemas.records import Subject

ConstraintKind = Literal["sum", "at_least", "ratio", "product", "grade", "order", "scale"]
Values = Mapping[Subject, Interval]

ZERO, HUNDRED = Decimal(0), Decimal(100)
ENDLESS = Decimal("Infinity")
ANYTHING = Interval(-ENDLESS, ENDLESS)


def middle_of(region: Interval) -> Decimal | None:
    """The middle of a region; None where it has an open end."""
    if region.low.is_infinite() or region.high.is_infinite():
        return None
    return (region.low + region.high) / 2


@dataclass(frozen=True, slots=True)
class Constraint:
    """One relation between cells, and the checks that speak of it.

    Beside the kinds of `Relation`: grade (`total` is the grade's place in the list, the first term the total score,
    the second, where printed, the total points), order (`total` is at most the largest term), scale (`total` is not a
    whole power of ten times the term). `bounds` are the lowest scores of the grades.
    """

    rule: str
    kind: ConstraintKind
    total: Subject
    options: tuple[tuple[Term, ...], ...]
    complete: bool = True
    failing: tuple[str, ...] = ()
    """Ids of the contradictions found here."""
    bounds: tuple[Decimal, ...] = ()
    cells: tuple[Subject, ...] = field(init=False)
    """Every cell, the total first."""

    def __post_init__(self) -> None:
        cells = dict.fromkeys([self.total, *(term.cell for option in self.options for term in option)])
        object.__setattr__(self, "cells", tuple(cells))


def holds(constraint: Constraint, values: Values) -> bool:
    """Whether the printed numbers can all be right."""
    if constraint.kind == "scale":
        return not _same_digits(values[constraint.total], values[constraint.options[0][0].cell])
    total = values[constraint.total]
    return any(total.meets(region) for region in regions(constraint, constraint.total, values))


def regions(constraint: Constraint, cell: Subject, values: Values) -> list[Interval]:
    """What `cell` may be so that the constraint holds, the other cells being as in `values`: a union of intervals."""
    solve = _SOLVERS[constraint.kind]
    found: list[Interval] = []
    for option in constraint.options:
        if cell == constraint.total or any(term.cell == cell for term in option):
            found += solve(constraint, option, cell, values)
        elif any(values[constraint.total].meets(one) for one in solve(constraint, option, constraint.total, values)):
            return [ANYTHING]
    return found


def _relation(constraint: Constraint) -> Relation:
    kind = constraint.kind
    assert kind in ("sum", "at_least", "ratio", "product")
    return Relation(constraint.rule, kind, constraint.total, constraint.options, constraint.complete)


def _solve_sum(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    upward = constraint.kind == "at_least" or not constraint.complete
    added = Interval(ZERO, ZERO)  # coefficients are 1 and -1
    coefficient = Decimal(1)
    for term in option:
        if term.cell == cell:
            coefficient = term.coefficient
        else:
            added = added + values[term.cell] if term.coefficient == 1 else added - values[term.cell]
    if cell == constraint.total:
        return [Interval(added.low, ENDLESS) if upward else added]
    rest = values[constraint.total] - added if coefficient == 1 else added - values[constraint.total]
    return [Interval(-ENDLESS, rest.high) if upward else rest]


def _solve_ratio(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    part, whole = (term.cell for term in option)
    if cell == constraint.total:
        wanted = expected(_relation(constraint), option, values)
        return [] if wanted is None else [wanted]
    rate = values[constraint.total].scale(Decimal("0.01"))
    if cell == part:
        return [rate * values[whole]]
    base = values[part].ratio(rate)
    if base is not None:
        return [base]
    return [ANYTHING] if values[part].low <= 0 <= values[part].high else []


def _solve_product(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    points, rate = (term.cell for term in option)
    if cell == constraint.total:
        wanted = expected(_relation(constraint), option, values)
        return [] if wanted is None else [wanted]
    score = values[constraint.total]
    if cell == rate:
        share = score.ratio(values[points])
        if share is None:
            return [ANYTHING]
        needed = share.scale(HUNDRED)
        full = score.high >= values[points].low
        return [Interval(needed.low, ENDLESS) if full else needed]
    found = [score] if values[rate].high >= HUNDRED else []
    full_points = score.ratio(values[rate].scale(Decimal("0.01")))
    if full_points is not None and values[rate].low < HUNDRED:
        found.append(full_points)
    return found


def _solve_grade(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    """Grades are numbered from the best, 0; a share of the total points belongs to one of them."""
    score = option[0].cell
    full = values[option[1].cell].scale(Decimal("0.01")) if len(option) > 1 else Interval(Decimal(1), Decimal(1))
    if cell == constraint.total:
        shares = values[score].ratio(full)
        return [] if shares is None else _grades(constraint.bounds, shares)
    index = int(values[constraint.total].low)
    upper = constraint.bounds[index - 1] if index else ENDLESS
    if cell == score:
        return [Interval(constraint.bounds[index] * full.low, upper * full.high if upper < ENDLESS else ENDLESS)]
    return [ANYTHING]


def _grades(bounds: tuple[Decimal, ...], shares: Interval) -> list[Interval]:
    found = []
    for index, low in enumerate(bounds):
        high = bounds[index - 1] if index else ENDLESS
        if shares.high >= low and shares.low <= high:
            found.append(Interval(Decimal(index), Decimal(index)))
    return found


def _solve_order(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    if cell == constraint.total:
        return [Interval(-ENDLESS, max(values[term.cell].high for term in option))]
    return [Interval(values[constraint.total].low, ENDLESS)]


def _solve_scale(constraint: Constraint, option: tuple[Term, ...], cell: Subject, values: Values) -> list[Interval]:
    """The same digits at another scale were meant to be the same amount."""
    return [values[option[0].cell if cell == constraint.total else constraint.total]]


_SOLVERS = {
    "sum": _solve_sum,
    "at_least": _solve_sum,
    "ratio": _solve_ratio,
    "product": _solve_product,
    "grade": _solve_grade,
    "order": _solve_order,
    "scale": _solve_scale,
}


def _same_digits(first: Interval, second: Interval) -> bool:
    """Whether two amounts differ by a whole power of ten only."""
    a, b = (abs((one.low + one.high) / 2) for one in (first, second))
    if not a or not b or a == b:
        return False
    ratio = max(a, b) / min(a, b)
    return ratio >= 10 and ratio == Decimal(1).scaleb(ratio.adjusted())


def nominal(constraint: Constraint, cell: Subject, numbers: Mapping[Subject, Decimal]) -> Decimal | None:
    """The one value the printed numbers themselves call for, where it is computed from them and nothing is lost.

    A total, a part of a sum, a rate, an execution score, the most a score may be; None for what a rounded rate allows
    only within limits.
    """
    option = next((o for o in constraint.options if cell == constraint.total or any(t.cell == cell for t in o)), None)
    if option is None:
        return None
    if constraint.kind in ("sum", "at_least"):
        added = sum((numbers[t.cell] * t.coefficient for t in option if t.cell != cell), ZERO)
        if cell == constraint.total:
            return added
        sign = next(term.coefficient for term in option if term.cell == cell)
        return (numbers[constraint.total] - added) * sign
    if cell != constraint.total or constraint.kind not in ("ratio", "product"):
        return None
    first, second = (numbers[term.cell] for term in option)
    if constraint.kind == "product":
        return min(first, first * second / HUNDRED)
    return first * HUNDRED / second if second else None

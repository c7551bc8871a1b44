"""Relations solved for any of their cells (约束的求解)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.model import Rule
from pipeline.checks.relation import Intervals, Relation, Term, expected
from schemas.decimals import HUNDRED, ONE, ZERO
from schemas.intervals import Interval
from schemas.records import Subject

ENDLESS = Decimal("Infinity")
ANYTHING = Interval(-ENDLESS, ENDLESS)


@dataclass(frozen=True, slots=True)
class Constraint:
    """One relation between cells with the rule that speaks of it (约束).

    `failing` is the id of the contradiction found here, "" where there is none; `asks` says whether that calls for the
    wrong cell to be found.
    """

    relation: Relation
    rule: Rule
    failing: str = ""
    asks: bool = False


def middle_of(region: Interval) -> Decimal | None:
    """The middle of a region; None where it has an open end."""
    if region.low.is_infinite() or region.high.is_infinite():
        return None
    return (region.low + region.high) / 2


def holds(relation: Relation, values: Intervals) -> bool:
    """Whether the printed numbers can all be right."""
    if relation.kind == "scale":
        return not _same_digits(values[relation.total], values[relation.options[0][0].cell])
    total = values[relation.total]
    return any(total.meets(region) for region in regions(relation, relation.total, values))


def regions(relation: Relation, cell: Subject, values: Intervals) -> list[Interval]:
    """What `cell` may be so that the relation holds, the other cells being as in `values`: a union of intervals."""
    solve = _SOLVERS[relation.kind]
    found: list[Interval] = []
    for option in relation.options:
        if cell == relation.total or any(term.cell == cell for term in option):
            found += solve(relation, option, cell, values)
        elif any(values[relation.total].meets(one) for one in solve(relation, option, relation.total, values)):
            return [ANYTHING]
    return found


def _solve_sum(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    upward = relation.kind == "at_least" or not relation.complete
    added = Interval(ZERO, ZERO)  # coefficients are 1 and -1
    coefficient = ONE
    for term in option:
        if term.cell == cell:
            coefficient = term.coefficient
        else:
            added = added + values[term.cell] if term.coefficient == 1 else added - values[term.cell]
    if cell == relation.total:
        return [Interval(added.low, ENDLESS) if upward else added]
    rest = values[relation.total] - added if coefficient == 1 else added - values[relation.total]
    return [Interval(-ENDLESS, rest.high) if upward else rest]


def _solve_ratio(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    part, whole = (term.cell for term in option)
    if cell == relation.total:
        wanted = expected(relation, option, values)
        return [] if wanted is None else [wanted]
    rate = values[relation.total].scale(Decimal("0.01"))
    if cell == part:
        return [rate * values[whole]]
    base = values[part].ratio(rate)
    if base is not None:
        return [base]
    return [ANYTHING] if values[part].low <= 0 <= values[part].high else []


def _solve_product(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    points, rate = (term.cell for term in option)
    if cell == relation.total:
        wanted = expected(relation, option, values)
        return [] if wanted is None else [wanted]
    score = values[relation.total]
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


def _solve_grade(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    """Grades are numbered from the best, 0; a share of the total points belongs to one of them."""
    score = option[0].cell
    full = values[option[1].cell].scale(Decimal("0.01")) if len(option) > 1 else Interval(ONE, ONE)
    if cell == relation.total:
        shares = values[score].ratio(full)
        return [] if shares is None else _grades(relation.bounds, shares)
    index = int(values[relation.total].low)
    upper = relation.bounds[index - 1] if index else ENDLESS
    if cell == score:
        low, high = relation.bounds[index] * full.low, upper * full.high if upper < ENDLESS else ENDLESS
        return [Interval(low, high)] if low <= high else []  # of a total below nothing there is none
    return [ANYTHING]


def _grades(bounds: tuple[Decimal, ...], shares: Interval) -> list[Interval]:
    found = []
    for index, low in enumerate(bounds):
        high = bounds[index - 1] if index else ENDLESS
        if shares.high >= low and shares.low <= high:
            found.append(Interval(Decimal(index), Decimal(index)))
    return found


def _solve_order(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    if cell == relation.total:
        return [Interval(-ENDLESS, max(values[term.cell].high for term in option))]
    return [Interval(values[relation.total].low, ENDLESS)]


def _solve_scale(relation: Relation, option: tuple[Term, ...], cell: Subject, values: Intervals) -> list[Interval]:
    """The same digits at another scale were meant to be the same amount."""
    return [values[option[0].cell if cell == relation.total else relation.total]]


_SOLVERS = {
    "sum": _solve_sum,
    "at_least": _solve_sum,
    "quotient": _solve_ratio,
    "product": _solve_product,
    "grade": _solve_grade,
    "at_most": _solve_order,
    "scale": _solve_scale,
}


def _same_digits(first: Interval, second: Interval) -> bool:
    """Whether two amounts differ by a whole power of ten only."""
    a, b = (abs((one.low + one.high) / 2) for one in (first, second))
    if not a or not b or a == b:
        return False
    ratio = max(a, b) / min(a, b)
    return ratio >= 10 and ratio == ONE.scaleb(ratio.adjusted())


def nominal(relation: Relation, cell: Subject, numbers: Mapping[Subject, Decimal]) -> Decimal | None:
    """The one value the printed numbers themselves call for, where it is computed from them and nothing is lost.

    A total, a part of a sum, a rate, an execution score, the most a score may be; None for what a rounded rate allows
    only within limits.
    """
    option = next((o for o in relation.options if cell == relation.total or any(t.cell == cell for t in o)), None)
    if option is None:
        return None
    if relation.kind in ("sum", "at_least"):
        added = sum((numbers[t.cell] * t.coefficient for t in option if t.cell != cell), ZERO)
        if cell == relation.total:
            return added
        sign = next(term.coefficient for term in option if term.cell == cell)
        return (numbers[relation.total] - added) * sign
    if cell != relation.total or relation.kind not in ("quotient", "product"):
        return None
    first, second = (numbers[term.cell] for term in option)
    if relation.kind == "product":
        return min(first, first * second / HUNDRED)
    return first * HUNDRED / second if second else None

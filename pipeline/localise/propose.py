"""The values one cell may have been meant to have, so that some of its constraints hold (单格的备选值)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import log10

from pipeline.localise import prior
from pipeline.localise.cells import Cell
from pipeline.localise.constraints import ENDLESS, nominal
from pipeline.localise.model import Kind
from pipeline.localise.naming import naming
from pipeline.localise.option import Repair
from pipeline.localise.slips import by_chance, slips
from pipeline.localise.system import COMPUTED, System
from schemas.intervals import Interval
from schemas.records import Subject

MOST_CHANCE = 0.05
"""How often, at most, a slip may fit by mere chance to be worth naming."""
FEW = 3
"""A quotient is only worth naming where so few printed values are possible."""


def repairs(system: System, ref: Subject, target: tuple[int, ...]) -> Iterator[tuple[Repair, float]]:
    """Values of one cell that satisfy the constraints of `target`, each with its cost."""
    cell = system.cells[ref]
    base = prior.doubt(cell.confidence)
    computed = any(system.constraints[k].total == ref and system.constraints[k].kind in COMPUTED for k in target)
    for region in _common(system, ref, target):
        many = log10(_count(region, cell))
        hits: dict[Kind, set[Decimal]] = {}
        found = [] if ref.column == "grade" else list(slips(cell, region, system.decimals))
        wanted = _wanted(system, ref, target, region)
        found = [slip for slip in found if slip.value != cell.value and _sensible(ref, slip.value)]
        for slip in found:
            hits.setdefault(slip.kind, set()).add(slip.value)
        for slip in found:
            if slip.value != wanted and (len(hits[slip.kind]) > 1 or by_chance(cell, slip.kind, region) > MOST_CHANCE):
                continue  # other values would do as well: this is none to name
            repair = Repair(ref, slip.kind, slip.value, Interval.around(slip.value, slip.step), slip.step, slip.zh)
            cost = prior.decided(ref) + slip.cost + (many if computed else 0.0)
            yield repair, base + cost + prior.shift(system, ref, slip.value)
        if wanted is not None and _sensible(ref, wanted):
            kind, zh, cost = naming(system, ref, wanted)
            step = min(cell.step, *(_fineness(system, k, ref) for k in target))
            repair = Repair(ref, kind, wanted, Interval.around(wanted, step), step, zh)
            yield repair, base + cost + prior.shift(system, ref, wanted)
        elif wanted is None and region.low > 0 and region.high < ENDLESS:
            middle = (region.low + region.high) / 2
            kind, zh, cost = naming(system, ref, middle)
            cost += prior.shift(system, ref, middle) - (0.0 if computed else prior.room(system, ref, region))
            yield Repair(ref, kind, None, region, cell.step, zh), base + cost


def _sensible(ref: Subject, value: Decimal) -> bool:
    """Whether a form may print such a value: only other tables know amounts below nothing."""
    return value >= 0 or ref.table == "amounts"


def _common(system: System, ref: Subject, target: tuple[int, ...]) -> list[Interval]:
    """The values of a cell that satisfy all constraints of `target` at once."""
    found = system.regions(target[0], ref, {})
    for k in target[1:]:
        found = [
            Interval(max(a.low, b.low), min(a.high, b.high))
            for a in found
            for b in system.regions(k, ref, {})
            if a.meets(b)
        ]
    return found


def _count(region: Interval, cell: Cell) -> Decimal:
    """How many printed values a region holds; an open one as many as the number itself allows."""
    if region.low.is_infinite() or region.high.is_infinite():
        return max(abs(Decimal(cell.digits)), Decimal(1))
    return max((region.high - region.low) / cell.step, Decimal(1))


def _wanted(system: System, ref: Subject, target: tuple[int, ...], region: Interval) -> Decimal | None:
    """The one value the other numbers call for, rounded as the cell is printed; None where there is no such value."""
    cell = system.cells[ref]
    others = tuple(k for k in system.by_cell[ref] if k not in target and system.constraints[k].kind == "sum")
    for k in sorted((*target, *others), key=lambda k: (system.constraints[k].kind != "sum", k not in target)):
        value = nominal(system.constraints[k], ref, system.numbers)
        if value is None:
            continue
        fine = _fineness(system, k, ref)
        if ref.column == "score" and ref.table == "funding":
            fine = min(fine, Decimal("0.01"))
        exact = system.constraints[k].kind in ("sum", "at_least")
        if not exact and region.high - region.low > FEW * fine:
            continue
        for candidate in dict.fromkeys((rounded(value, fine), value)) if exact else (rounded(value, fine),):
            if candidate != cell.value and Interval.around(candidate, fine).meets(region):
                return candidate
    if ref.column == "grade":
        return region.low
    if region.low.is_infinite() or region.high.is_infinite():
        return None
    first, last = (region.low / cell.step).__ceil__(), (region.high / cell.step).__floor__()
    only = first * cell.step if first == last else rounded((region.low + region.high) / 2, cell.step)
    return only if first >= last and only != cell.value else None


def _fineness(system: System, k: int, ref: Subject) -> Decimal:
    """How finely a value of a cell would be printed: as it is, or, where trailing zeros were left out, as its like."""
    cell = system.cells[ref]
    others = [system.cells[r] for r in system.constraints[k].cells if r != ref]
    like = [other.step for other in others if other.kind == cell.kind and other.value]
    return min(cell.step, max(like)) if like and cell.kind == "money" else cell.step


def rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_HALF_UP") * step

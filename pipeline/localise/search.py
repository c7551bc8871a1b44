"""The smallest, likeliest set of cells whose change satisfies every failing constraint (Fellegi–Holt).

Forms have few failing constraints, so sets of one cell, then of two, are tried one by one: the constraints a cell is
in tell which values it may have, and of those only the ones a slip away from what is printed, and the one the other
numbers call for, are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from math import log10

from pipeline.localise import prior
from pipeline.localise.cells import Cell
from pipeline.localise.constraints import ENDLESS, nominal
from pipeline.localise.missing import missing_rows
from pipeline.localise.model import Kind
from pipeline.localise.naming import naming
from pipeline.localise.option import Option, Repair
from pipeline.localise.slips import by_chance, slips
from pipeline.localise.system import SIDE, System
from schemas.intervals import Interval
from schemas.records import Subject

TIE = 1.0
"""Explanations less than this apart are equally good."""
MOST_TIED = 3
"""More cells than this that explain equally well explain nothing."""
MOST_CHANCE = 0.05
"""How often, at most, a slip may fit by mere chance to be worth naming."""
MOST_PARTIAL = 60
_FEW = 3
"""A quotient is only worth naming where so few printed values are possible."""
NATURAL = ("unit_slip", "transposed", "doubled_digit", "dropped_point", "sign", "total_zero", "rounded_score")
"""Slips so natural that they are named even where the contradiction may have another reason."""


def explain(system: System) -> list[list[Option]]:
    """For each group of connected contradictions the equally good explanations, best first; groups in a fixed order."""
    found = {group: _options(system, group) for group in groups(system)}
    together: list[list[Option]] = []
    for option in missing_rows(system):
        covered = [group for group in found if group <= option.mended]
        apart = sum(min((one.cost for one in found[group]), default=0.0) for group in covered)
        if len(covered) == 1:
            found[covered[0]].append(option)
        elif covered and option.cost < apart + prior.ANOTHER_MISTAKE * (len(covered) - 1):
            together.append([option])
            found = {group: options for group, options in found.items() if group not in covered}
    return together + [tied for options in found.values() if (tied := best(options))]


def groups(system: System) -> list[frozenset[int]]:
    """Failing constraints that share cells belong together."""
    rest, found = sorted(system.must), []
    while rest:
        group, cells = {rest[0]}, set(system.constraints[rest[0]].cells)
        while more := [k for k in rest if k not in group and cells & set(system.constraints[k].cells)]:
            group.update(more)
            cells.update(ref for k in more for ref in system.constraints[k].cells)
        found.append(frozenset(group))
        rest = [k for k in rest if k not in group]
    return found


def _options(system: System, group: frozenset[int]) -> list[Option]:
    """Whatever explains all of a group; where nothing does, the natural slips that explain some of it."""
    partial = list(_singles(system, group))
    whole = [option for option in partial if group <= option.mended and not option.broken]
    if not whole or min(option.cost for option in whole) > prior.ANOTHER_MISTAKE + prior.MONEY_WIDTH:
        whole += _pairs(system, group, partial)
    if not whole or not system.asked:
        whole = [option for option in whole or partial if not option.broken and option.repairs[0].kind in NATURAL]
    return whole


def best(options: Iterable[Option]) -> list[Option]:
    """The equally good ones, one for each set of cells; nothing where too many are."""
    by_cells: dict[frozenset[Subject], Option] = {}
    for option in sorted(options, key=_order):
        by_cells.setdefault(frozenset(repair.ref for repair in option.repairs), option)
    ranked = sorted(by_cells.values(), key=_order)
    if not ranked:
        return []
    tied = [option for option in ranked if option.cost < ranked[0].cost + TIE]
    return tied if len(tied) <= MOST_TIED else []


def _order(option: Option) -> tuple[float, list[tuple[str, int, str]]]:
    return round(option.cost, 6), [(r.ref.table, r.ref.ordinal, r.ref.column) for r in option.repairs]


def _singles(system: System, group: frozenset[int]) -> Iterator[Option]:
    """Every change of one cell that mends at least one of the group's constraints."""
    for ref in dict.fromkeys(ref for k in sorted(group) for ref in system.constraints[k].cells):
        mine = [k for k in sorted(group) if ref in system.constraints[k].cells]
        targets = [tuple(mine)] + ([(k,) for k in mine] if len(mine) > 1 else [])
        seen: set[tuple[Kind, Decimal | None]] = set()
        for target in targets:
            for repair, cost in _repairs(system, ref, target):
                key = repair.kind, repair.value
                if key not in seen:
                    seen.add(key)
                    yield from _judged(system, Option((repair,), frozenset(), frozenset(), cost))


def _judged(system: System, option: Option) -> Iterator[Option]:
    """The option with what it mends and breaks; and, where it breaks what was computed from it, with that redone."""
    mended, broken = effect(system, option.changed)
    support = sum(_SUPPORT.get(system.constraints[k].rule, 0.0) for k in mended - system.must)
    made = replace(option, mended=mended, broken=broken, cost=option.cost - support)
    if mended & system.must:
        yield made
        if broken and (follower := _follower(system, made)):
            yield follower


_SUPPORT = {
    "funding_sum": 2.0,
    "funding_nested_sum": 2.0,
    "execution_score": 2.0,
    "form_prose": 2.0,
    "execution_rate": 1.0,
}
"""What it adds to an explanation that it also mends a contradiction with other explanations."""


def effect(system: System, changed: Mapping[Subject, Interval]) -> tuple[frozenset[int], frozenset[int]]:
    """Which failing constraints would hold, and which holding ones would fail."""
    mended, broken = set(), set()
    failing = system.must | system.side
    for k in {k for ref in changed for k in system.by_cell.get(ref, ())}:
        if system.holds(k, changed):
            if k in failing:
                mended.add(k)
        elif k not in failing and system.constraints[k].rule not in SIDE:
            broken.add(k)
    return frozenset(mended), frozenset(broken)


_COMPUTED = ("sum", "ratio", "product", "grade")
"""Kinds of constraints whose total is worked out from the rest."""


def _follower(system: System, option: Option, depth: int = 3) -> Option | None:
    """The option with every figure redone that was computed from the changed cell and no longer fits."""
    while option.broken and depth:
        depth -= 1
        k = min(option.broken)
        constraint = system.constraints[k]
        total = constraint.total
        if constraint.kind not in _COMPUTED or total in option.changed:
            return None
        if any(repair.value is None for repair in option.repairs):
            return None
        repaired = {repair.ref: repair.value for repair in option.repairs if repair.value is not None}
        if constraint.kind == "grade":
            wanted = system.regions(k, total, option.changed)
            value = wanted[0].low if wanted else None
        else:
            value = nominal(constraint, total, {**system.numbers, **repaired})
        if value is None:
            return None
        cell = system.cells[total]
        value = _rounded(value, cell.step) if constraint.kind != "sum" else value
        repair = Repair(total, "value", value, Interval.around(value, cell.step), cell.step, "")
        changed = option.changed | {total: repair.interval}
        mended, broken = effect(system, changed)
        cost = option.cost + prior.FOLLOWS + prior.shift(system, total, value)
        option = Option((*option.repairs, repair), mended, broken, cost)
    return None if option.broken else option


def _repairs(system: System, ref: Subject, target: tuple[int, ...]) -> Iterator[tuple[Repair, float]]:
    """Values of one cell that satisfy the constraints of `target`, each with its cost."""
    cell = system.cells[ref]
    base = prior.doubt(cell.confidence)
    computed = any(system.constraints[k].total == ref and system.constraints[k].kind in _COMPUTED for k in target)
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
        if not exact and region.high - region.low > _FEW * fine:
            continue
        for candidate in dict.fromkeys((_rounded(value, fine), value)) if exact else (_rounded(value, fine),):
            if candidate != cell.value and Interval.around(candidate, fine).meets(region):
                return candidate
    if ref.column == "grade":
        return region.low
    if region.low.is_infinite() or region.high.is_infinite():
        return None
    first, last = (region.low / cell.step).__ceil__(), (region.high / cell.step).__floor__()
    only = first * cell.step if first == last else _rounded((region.low + region.high) / 2, cell.step)
    return only if first >= last and only != cell.value else None


def _fineness(system: System, k: int, ref: Subject) -> Decimal:
    """How finely a value of a cell would be printed: as it is, or, where trailing zeros were left out, as its like."""
    cell = system.cells[ref]
    others = [system.cells[r] for r in system.constraints[k].cells if r != ref]
    like = [other.step for other in others if other.kind == cell.kind and other.value]
    return min(cell.step, max(like)) if like and cell.kind == "money" else cell.step


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_HALF_UP") * step


def _pairs(system: System, group: frozenset[int], partial: list[Option]) -> Iterator[Option]:
    """Two cells changed, each for its own reason."""
    usable = sorted((option for option in partial if len(option.repairs) == 1), key=_order)[:MOST_PARTIAL]
    for first, second in combinations(usable, 2):
        if first.repairs[0].ref == second.repairs[0].ref:
            continue
        changed = first.changed | second.changed
        if not (first.mended | second.mended) >= group or first.mended >= second.mended >= first.mended:
            continue
        mended, broken = effect(system, changed)
        if group <= mended and not broken:
            cost = first.cost + second.cost + prior.ANOTHER_MISTAKE
            order = sorted((first, second), key=_order)
            yield Option((order[0].repairs[0], order[1].repairs[0]), mended, broken, cost)

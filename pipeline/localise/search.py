"""The smallest, likeliest set of cells whose change satisfies every failing constraint (Fellegi–Holt).

Forms have few failing constraints, so one cell, then a second one beside it, are tried one by one: the constraints a
cell is in tell which values it may have, and of those only the ones a slip away from what is printed, and the one the
other numbers call for, are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from pipeline.localise import prior
from pipeline.localise.constraints import nominal
from pipeline.localise.lines import other_units
from pipeline.localise.missing import missing_rows
from pipeline.localise.model import Kind
from pipeline.localise.option import Option, Repair
from pipeline.localise.propose import repairs, rounded
from pipeline.localise.system import COMPUTED, System
from pipeline.localise.unfilled import unfilled_lines
from schemas.intervals import Interval
from schemas.records import Subject

TIE = 1.2
"""Explanations less than this apart are equally good."""
MOST_TIED = 5
"""More cells than this that explain equally well explain nothing."""
FIRST_TRIED = 12
"""How many changes are tried as the first of two."""
UNEXPLAINED = 2.0
"""The price of a contradiction that stays."""
SURE_ENOUGH = 8.0
"""Only where no single change is this likely, two are thought of."""
MOST_COST = 16.0
"""What is less likely than this is not worth saying."""
NATURAL = ("unit_slip", "transposed", "doubled_digit", "dropped_point", "sign", "total_zero", "rounded_score")
"""Slips so natural that they are named even where the contradiction may have another reason."""


def explain(system: System) -> list[list[Option]]:
    """For each group of connected contradictions the equally good explanations, best first; groups in a fixed order.

    A line of totals that nobody filled in comes before all: no other change is thought of for what it explains.
    """
    unfilled = list(unfilled_lines(system, _follower))
    for option in unfilled:
        system = system.after(option.changed, option.numbers, option.mended, frozenset())
    return [[option] for option in unfilled] + _explained(system)


def _explained(system: System) -> list[list[Option]]:
    found = {group: _options(system, group) for group in groups(system)}
    together: list[list[Option]] = []
    taken: frozenset[int] = frozenset()
    for option in sorted((*missing_rows(system), *other_units(system)), key=_order):
        if taken & option.mended:
            continue
        covered = [group for group in found if group <= option.mended]
        apart = sum(min((one.cost for one in found[group]), default=0.0) for group in covered)
        if len(covered) == 1:
            found[covered[0]].append(option)
        elif covered and option.cost < apart + prior.ANOTHER_MISTAKE * (len(covered) - 1):
            together.append([option])
            taken |= option.mended
            found = {group: options for group, options in found.items() if group not in covered}
    made = together + [part for options in found.values() for part in _apart(best(options))]
    return made + _side(system, [option for options in made for option in options])


def _apart(tied: list[Option]) -> list[list[Option]]:
    """The equally good ones; a sole one of two mistakes that have nothing to do with each other as two."""
    if len(tied) == 1 and tied[0].apart:
        return [[mistake] for mistake in tied[0].apart]
    return [tied] if tied else []


def _side(system: System, made: list[Option]) -> list[list[Option]]:
    """Contradictions that may have good reasons, where a natural slip in another cell is the better one."""
    mended = frozenset(k for option in made for k in option.mended)
    changed = frozenset(ref for option in made for ref in option.changed)
    open_ones = frozenset(k for k in system.side - mended if system.constraints[k].failing)
    other = replace(system, must=open_ones, side=(system.must | system.side) - open_ones)
    found = []
    for group in groups(other):
        if all(system.relation(k).kind == "at_most" for k in group):
            continue
        natural = [
            option
            for option in _singles(other, group)
            if group <= option.mended and not option.broken and _natural(option) and not changed & set(option.changed)
        ]
        found += [tied] if (tied := best(natural)) else []
    return found


def _natural(option: Option) -> bool:
    first = option.repairs[0]
    return first.kind in NATURAL and not prior.decided(first.ref)


def groups(system: System) -> list[frozenset[int]]:
    """Failing constraints that share cells belong together."""
    rest, found = sorted(system.must), []
    while rest:
        group, cells = {rest[0]}, set(system.relation(rest[0]).cells)
        while more := [k for k in rest if k not in group and cells & set(system.relation(k).cells)]:
            group.update(more)
            cells.update(ref for k in more for ref in system.relation(k).cells)
        found.append(frozenset(group))
        rest = [k for k in rest if k not in group]
    return found


def _options(system: System, group: frozenset[int]) -> list[Option]:
    """Whatever explains all of a group; where nothing does, the natural slips that explain some of it."""
    partial = list(_singles(system, group))
    whole = _whole(partial, group)
    if not whole or min(option.cost for option in whole) > SURE_ENOUGH:
        whole += _pairs(system, group, partial)
    return whole or [
        replace(option, cost=_with_rest(option, group))
        for option in partial
        if not option.broken and _natural(option) and option.repairs[0].value is not None
    ]


def _whole(options: Iterable[Option], group: frozenset[int]) -> list[Option]:
    return [option for option in options if group <= option.mended and not option.broken]


def _with_rest(option: Option, group: frozenset[int]) -> float:
    return option.cost + UNEXPLAINED * (len(group - option.mended) + len(option.broken))


def best(options: Iterable[Option]) -> list[Option]:
    """The equally good ones, one for each set of cells; nothing where too many are."""
    by_cells: dict[frozenset[Subject], Option] = {}
    for option in sorted(options, key=_order):
        by_cells.setdefault(frozenset(repair.ref for repair in option.repairs), option)
    ranked = sorted(by_cells.values(), key=_order)
    if not ranked or ranked[0].cost > MOST_COST:
        return []
    tied = [option for option in ranked if option.cost < ranked[0].cost + TIE]
    tied = _definite(tied) or tied
    return tied if len(tied) <= MOST_TIED else []


def _definite(tied: list[Option]) -> list[Option]:
    """Of equally good changes in sentences those that tell a number: limits that an amount may lie in help nobody."""
    in_sentences = all(repair.ref.table == "amounts" for option in tied for repair in option.repairs)
    return [option for option in tied if option.repairs[0].value is not None] if in_sentences else []


def _order(option: Option) -> tuple[float, list[tuple[str, int, str]]]:
    return round(option.cost, 6), [(r.ref.table, r.ref.ordinal, r.ref.column) for r in option.repairs]


def _singles(system: System, group: frozenset[int]) -> Iterator[Option]:
    """Every change of one cell that mends at least one of the group's constraints."""
    for ref in dict.fromkeys(ref for k in sorted(group) for ref in system.relation(k).cells):
        if ref in system.settled:
            continue
        mine = [k for k in sorted(group) if ref in system.relation(k).cells]
        targets = [tuple(mine)] + ([(k,) for k in mine] if len(mine) > 1 else [])
        seen: set[tuple[Kind, Decimal | None]] = set()
        for target in targets:
            for repair, cost in repairs(system, ref, target):
                key = repair.kind, repair.value
                if key not in seen:
                    seen.add(key)
                    yield from _judged(system, Option((repair,), frozenset(), frozenset(), cost))


def _judged(system: System, option: Option) -> Iterator[Option]:
    """The option with what it mends and breaks; and, where it breaks what was computed from it, with that redone."""
    mended, broken = system.effect(option.changed)
    support = sum(system.constraints[k].rule.support for k in mended - system.must)
    made = replace(option, mended=mended, broken=broken, cost=option.cost - support)
    if mended & system.must:
        yield made
        if broken and (follower := _follower(system, made)):
            yield follower


def _follower(system: System, option: Option, depth: int = 3) -> Option | None:
    """The option with every figure redone that was computed from the changed cell and no longer fits."""
    while option.broken and depth:
        depth -= 1
        k = min(option.broken)
        relation = system.relation(k)
        total = relation.total
        fixed = total in option.changed or total in system.settled
        if relation.kind not in COMPUTED or fixed or any(repair.value is None for repair in option.repairs):
            return None
        value: Decimal | None
        if relation.kind == "grade":
            wanted = system.regions(k, total, option.changed)
            value = wanted[0].low if wanted else None
        else:
            value = nominal(relation, total, {**system.numbers, **option.numbers})
        cell = system.cells[total]
        if value is None or value == cell.value:  # redone, it is what is printed: it does not follow
            return None
        value = rounded(value, cell.step) if relation.kind != "sum" else value
        repair = Repair(total, "value", value, Interval.around(value, cell.step), "")
        mended, broken = system.effect(option.changed | {total: repair.interval})
        cost = option.cost + prior.FOLLOWS[relation.kind]
        if relation.kind not in ("product", "quotient"):  # what rates and scores are like, their amounts have told
            cost += prior.shift(system, total, value)
        option = Option((*option.repairs, repair), mended, broken, cost)
    return None if option.broken else option


def _alone(system: System, option: Option) -> bool:
    """Whether a change mends what it is said to whether or not another one is made before."""
    mended, broken = system.effect(option.changed)
    return not broken and option.mended <= mended


def _pairs(system: System, group: frozenset[int], partial: list[Option]) -> Iterator[Option]:
    """Two mistakes: one change, and another that explains what is left when the first is made."""
    for first in sorted(partial, key=lambda option: (_with_rest(option, group), _order(option)))[:FIRST_TRIED]:
        changed = system.after(first.changed, first.numbers, first.mended, first.broken)
        rest = (group - first.mended) | first.broken
        if not rest:
            continue
        vague = any(repair.value is None for repair in first.repairs)
        for second in _whole([*_singles(changed, rest), *(() if vague else missing_rows(changed))], rest):
            yield Option(
                (*first.repairs, *second.repairs),
                first.mended | second.mended,
                frozenset(),
                first.cost + second.cost + prior.ANOTHER_MISTAKE,
                (first, second) if not first.broken and _alone(system, second) else (),
            )

"""The values one cell may have been meant to have, so that some of its constraints hold (单格的备选值)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import log10

from pipeline.localise import prior
from pipeline.localise.cells import PrintedNumber
from pipeline.localise.constraints import middle_of, nominal
from pipeline.localise.model import Kind
from pipeline.localise.naming import naming
from pipeline.localise.option import Repair
from pipeline.localise.slips import Slip, by_chance, slips
from pipeline.localise.system import COMPUTED, System
from schemas.intervals import Interval
from schemas.records import Subject
from schemas.values import EXACT

MOST_CHANCE = 0.05
"""How often, at most, a slip may fit by mere chance to be worth naming."""
OTHER_LENGTH = ("doubled_digit", "dropped_digit")
VAGUE = 1.0
"""The price of a slip that could have gone several ways."""
FEW = 3
"""A quotient is only worth naming where so few printed values are possible."""


def repairs(system: System, ref: Subject, target: tuple[int, ...]) -> Iterator[tuple[Repair, float]]:
    """Values of one cell that satisfy the constraints of `target`, each with its cost."""
    cell = system.cells[ref]
    computed = any(system.relation(k).total == ref and system.relation(k).kind in COMPUTED for k in target)
    for region in _common(system, ref, target):
        wanted = [value for value in _wanted(system, ref, target, region) if _sensible(ref, value)]
        for repair, cost in (
            *_slipped(system, cell, region, wanted, computed),
            *_called_for(system, cell, target, wanted),
            *(() if wanted else _within(system, cell, region, computed)),
        ):
            yield repair, cost + prior.doubt(cell.confidence)


def _slipped(
    system: System, cell: PrintedNumber, region: Interval, wanted: list[Decimal], computed: bool
) -> Iterator[tuple[Repair, float]]:
    """Slips of the pen; where several of one kind would do, or one by mere chance, only what is called for anyway."""
    if cell.ref.column == "grade":
        return
    room = log10(_count(region, cell)) if computed else 0.0
    near = [s for s in slips(cell, region, system.decimals) if s.value != cell.value and _sensible(cell.ref, s.value)]
    found = [slip for slip in near if not _rounds(slip, wanted)]
    if computed and cell.kind == "points" and wanted:
        found = [slip for slip in found if slip.value in wanted]  # points add up as they are printed
    vague: dict[Kind, list[float]] = {}
    for slip in found:
        others = any(other.kind == slip.kind and other.value != slip.value for other in found)
        natural = prior.shift(system, cell.ref, slip.value)
        if slip.kind in OTHER_LENGTH:
            natural += prior.more_digits(system, cell.ref, slip.value)
        cost = prior.decided(cell.ref) + slip.cost + room + natural
        if slip.value not in wanted and (others or by_chance(cell, slip.kind, region) > MOST_CHANCE):
            vague.setdefault(slip.kind, []).append(cost)
            continue
        repair = Repair(cell.ref, slip.kind, slip.value, Interval.around(slip.value, slip.step), slip.zh)
        yield repair, cost
    if not wanted and middle_of(region) is not None and region.low > 0:
        for costs in vague.values():  # which slip it was nothing tells, only that there are some
            yield Repair(cell.ref, "value", None, region, ""), min(costs) - log10(len(costs)) + VAGUE


def _rounds(slip: Slip, wanted: list[Decimal]) -> bool:
    """Whether a slip's value is only what the exact one rounds to: of 179.6, which is called for, it is no 180."""
    finer = (value for value in wanted if EXACT.remainder(value, slip.step))
    return any(abs(value - slip.value) < slip.step for value in finer)


def _called_for(
    system: System, cell: PrintedNumber, target: tuple[int, ...], wanted: list[Decimal]
) -> Iterator[tuple[Repair, float]]:
    """What the other numbers call for."""
    step = min(_fineness(system, k, cell.ref) for k in target)
    for value in wanted:
        kind, zh, cost = naming(system, cell.ref, value)
        if cell.kind == "points" and EXACT.remainder(value, cell.step) == 0:
            step = cell.step
        is_multiple = EXACT.remainder(value, step) == 0
        finer = step if is_multiple else Decimal(1).scaleb(int(value.normalize().as_tuple().exponent))
        repair = Repair(cell.ref, kind, value, Interval.around(value, min(step, finer)), zh)
        yield repair, cost + prior.shift(system, cell.ref, value)


def _within(system: System, cell: PrintedNumber, region: Interval, computed: bool) -> Iterator[tuple[Repair, float]]:
    """Some value within limits, where nothing tells which."""
    middle = middle_of(region)
    if middle is None or region.low <= 0:
        return
    kind, zh, cost = naming(system, cell.ref, middle)
    room = 0.0 if computed else prior.room(system, cell.ref, region)
    repair = Repair(cell.ref, kind, None, region, zh)
    likely = prior.round_value(system, cell.ref, region) or middle
    yield repair, cost + prior.shift(system, cell.ref, likely) - room


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


def _count(region: Interval, cell: PrintedNumber) -> Decimal:
    """How many printed values a region holds; an open one as many as the number itself allows."""
    if region.low.is_infinite() or region.high.is_infinite():
        return max(abs(Decimal(cell.digits)), Decimal(1))
    return max((region.high - region.low) / cell.step, Decimal(1))


def _wanted(system: System, ref: Subject, target: tuple[int, ...], region: Interval) -> list[Decimal]:
    """The values the other numbers call for, rounded as the cell is printed: what follows from them, or equals them."""
    cell = system.cells[ref]
    if ref.column == "grade":
        return [region.low]
    if (value := _following(system, cell, target, region)) is not None:
        return [value]
    alike = [value for value in prior.alike(system, ref) if value != cell.value and region.low <= value <= region.high]
    if alike:
        return alike[:1]
    if middle_of(region) is None:
        return []
    first, last = (region.low / cell.step).__ceil__(), (region.high / cell.step).__floor__()
    only = first * cell.step
    return [only] if first == last and only != cell.value else []


def _following(system: System, cell: PrintedNumber, target: tuple[int, ...], region: Interval) -> Decimal | None:
    """The value that is computed from the other numbers, sums before quotients."""
    others = tuple(k for k in system.by_cell[cell.ref] if k not in target and system.relation(k).kind == "sum")
    for k in sorted((*target, *others), key=lambda k: (system.relation(k).kind != "sum", k not in target)):
        value = nominal(system.relation(k), cell.ref, system.numbers)
        if value is None:
            continue
        fine = _fineness(system, k, cell.ref)
        if cell.ref.column == "score" and cell.ref.table == "funding":
            fine = min(fine, Decimal("0.01"))
        exact = system.relation(k).kind in ("sum", "at_least")
        printed = max(fine, cell.step) if system.relation(k).kind == "product" else fine
        if not exact and region.high - region.low > FEW * printed:
            continue
        for candidate in (rounded(value, fine), value) if exact else (rounded(value, fine),):
            if candidate != cell.value and Interval.around(candidate, fine).meets(region):
                return candidate
    return None


def _fineness(system: System, k: int, ref: Subject) -> Decimal:
    """How finely a value of a cell would be printed: as it is, or, where trailing zeros were left out, as its like."""
    cell = system.cells[ref]
    others = [system.cells[r] for r in system.relation(k).cells if r != ref]
    like = [other.step for other in others if other.kind == cell.kind and other.value]
    if not like or cell.kind not in ("money", "points"):
        return cell.step
    finest = cell.kind == "points" or system.relation(k).kind == "sum"
    return min(cell.step, min(like) if finest else max(like))


def rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(rounding="ROUND_HALF_UP") * step

"""How natural a value is where it stands, whatever the sums say (数值是否合乎常理).

All figures are negative decimal logarithms of rough frequencies, so that they add up with those of the slips.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from math import log10

from pipeline.localise.constraints import middle_of
from pipeline.localise.system import System
from schemas.decimals import HUNDRED, ONE, ZERO
from schemas.intervals import Interval
from schemas.quantities import is_blank
from schemas.records import Indicator, Subject

MONEY_WIDTH = 5.0
"""A money figure of five digits or more is one of about 10⁵ values: how unlikely it is to be any given one."""
SCORE_WIDTH, POINTS_WIDTH = 2.0, 1.3
FULL, LOST_SILENTLY, OVER = 0.05, 1.8, 3.0
FULL_EXPLAINED, LOST_EXPLAINED = 0.5, 0.2
TRIFLE = Decimal("0.01")
"""Nobody reports on a project of less than a hundred yuan."""
ANOTHER_MISTAKE = 1.0
"""The price of thinking of a second mistake, beside what the mistake itself costs."""
STALE, MISTYPED = 0.6, 2.3
"""An amount that is any other: a total of other figures (added up wrongly, last year's), or one that is no total."""
FOLLOWS = {"sum": 0.5, "grade": 0.5, "quotient": 1.5, "product": 1.5}
"""The price of a figure that was computed from the wrong one, by the kind of computation."""
MADE_NOTHING = 1.5
"""A figure where there should be nothing is a rarer mistake than nothing where there should be a figure."""
OVERSPENT, OVERSPENT_NOTHING, MORE_THAN_ARRIVED = 1.2, 2.0, 1.2
APART, FURTHEST = 2.5, 4.0
"""What it costs an amount to be ten times another of its row, and at most."""
FEWEST_TO_TELL = 2
"""Of fewer amounts nobody can tell whether a table prints round ones only."""
TELLING = 100
"""Of fewer steps than this an amount is too coarse to be told the same as another."""
UNUSUAL_TOTAL, UNEVEN_TOTAL = 3.0, 2.0
BESIDE_AMOUNTS = 2.5
"""An execution score that is not points × spent ÷ budget, whatever rate is printed."""

FROM_OTHERS = 2.0
"""A rate with a fraction was computed from other amounts, where those printed are the same and make 100%."""

ENDLESS = 99
"""The last place of what nothing stands beside."""

_MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "arrived_wanyuan", "executed_wanyuan")


def doubt(confidence: float) -> float:
    """A cell the reader is sure of is less likely to be the wrong one."""
    return -log10(min(1.02 - confidence, 1.0))


def derived(system: System, ref: Subject) -> bool:
    """Whether a cell is computed from others rather than known by itself; lists that may be partial compute nothing."""
    return any(
        system.relation(index).total == ref and system.relation(index).kind in ("sum", "quotient", "product")
        for index in system.by_cell.get(ref, ())
        if index not in system.side
    )


def free_cost(system: System, ref: Subject) -> float:
    """Any other value: a computed figure goes stale or is added up wrongly; what somebody decided is seldom wrong."""
    cell = system.cells[ref]
    computed = derived(system, ref)
    if cell.kind == "money":
        return width(system, ref, cell.value) + (STALE if computed else MISTYPED)
    if cell.kind == "percent":
        return 0.9 + min(3.0, max(1.0, 2 - log10(cell.step)))
    if ref.column in ("total_score", "total_points"):
        return SCORE_WIDTH + 0.3
    if ref.table == "funding" and ref.column == "score":
        return SCORE_WIDTH + 0.5
    if ref.column == "grade":
        return 1.0
    return POINTS_WIDTH + (2.6 if ref.column == "score" else 3.2)


def _by_amounts(system: System, ref: Subject, value: Decimal) -> bool:
    """Whether an execution score is what the amounts call for, whatever the printed rate."""
    points, executed, budget = (
        system.values.get(Subject("funding", ref.ordinal, column))
        for column in ("points", "executed_wanyuan", "annual_budget_wanyuan")
    )
    share = executed.ratio(budget) if executed and budget else None
    if not points or share is None:
        return False
    reached = points * share
    wanted = Interval(min(points.low, reached.low), min(points.high, reached.high))
    step = ONE if value == value.to_integral_value() else system.cells[ref].step  # whole points are common practice
    return Interval.around(value, step).meets(wanted)


def width(system: System, ref: Subject, value: Decimal) -> float:
    """How unlikely a money figure is to be any given one of those with as many digits as its sums have.

    Zeros that all amounts of the table end with are no digits of theirs.
    """
    beside = {
        ref,
        *(r for k in system.by_cell[ref] if system.relation(k).kind == "sum" for r in system.relation(k).cells),
    }
    largest = max(abs(value), *(abs(system.numbers[r]) for r in beside))
    finest = min(system.cells[r].step for r in beside)
    if ref.table == "funding":
        used = min(_grain(system, ref)[0], _last_place(system.numbers[ref]), _last_place(value))
        finest = max(finest, Decimal(1).scaleb(used))
    return min(MONEY_WIDTH, max(2.0, float((largest / finest).adjusted() + 1)))


def decided(ref: Subject) -> float:
    """Points and scores of indicators are what somebody decided: they are seldom slips."""
    return 2.0 if ref.table == "indicators" else 0.0


def room(system: System, ref: Subject, region: Interval) -> float:
    """How much likelier it is that a value lies in a region than that it is one given value."""
    cell = system.cells[ref]
    middle = middle_of(region)
    if not middle:
        return 0.0
    if cell.kind != "money":
        return 0.0
    spread = min(width(system, ref, middle), width(system, ref, cell.value))
    share = (region.high - region.low) / abs(middle)
    return min(spread, max(0.0, spread + log10(share))) if share else 0.0


def shift(system: System, ref: Subject, value: Decimal) -> float:
    """How much less natural the proposed value is than the printed one, where it stands."""
    printed = system.cells[ref].value
    if ref.column == "execution_rate_pct" and abs(value - HUNDRED) < 1 and printed != printed.to_integral_value():
        return _naturalness(system, ref, value) - _naturalness(system, ref, printed) + FROM_OTHERS
    if ref.table == "funding" and ref.column in _MONEY:
        made = MADE_NOTHING if printed and not value else 0.0
        return made + _money(system, ref, value) - _money(system, ref, printed)
    return _naturalness(system, ref, value) - _naturalness(system, ref, printed)


def _naturalness(system: System, ref: Subject, value: Decimal) -> float:
    if ref.table == "indicators" and ref.column in ("points", "score"):
        return _indicator(system, ref, value)
    if ref.column == "total_points":
        return 0.0 if value == system.rules.usual_total else UNUSUAL_TOTAL
    if ref.column == "level1_points":
        return 0.0 if value % 5 == 0 else 1.0
    if ref.table == "funding" and ref.column == "points":
        return _beside_indicators(system, value)
    if ref.column == "execution_rate_pct":
        return 3.0 if value < 0 else 1.2 if value > 100 else 0.0
    if ref.table == "funding" and ref.column == "score":
        return 0.0 if _by_amounts(system, ref, value) else BESIDE_AMOUNTS
    trifle = system.cells[ref].kind == "money" and ZERO < value < TRIFLE
    return 3.0 if value < 0 or trifle else 0.0


def _beside_indicators(system: System, points: Decimal) -> float:
    """The points of the execution make up the usual total with those of the indicators."""
    others = [row.points for row in system.form.indicators if row.points is not None]
    return 0.0 if not others or sum(others, points) == system.rules.usual_total else UNEVEN_TOTAL


def _money(system: System, ref: Subject, value: Decimal) -> float:
    """Beside the other amounts of its row: of their size, often the same, spending within the budget."""
    row = {column: _beside(system, ref, column) for column in _MONEY if column != ref.column}
    others = {column: found for column, found in row.items() if found is not None}
    cost = 3.0 if value < 0 else _order({**others, ref.column: value})
    positive = [found for found in others.values() if found > 0]
    cost += 1.0 if ZERO < value < TRIFLE else 0.0
    if value > 0 and positive:
        distance = min(abs(log10(value) - log10(found)) for found in positive)
        cost += min(FURTHEST, APART * distance)
    elif value > 0 and others:
        cost += 2.5
    elif value == 0 and positive:
        cost += 0.5 if ref.column == "initial_budget_wanyuan" else 1.0
    if not derived(system, ref):  # a total is the same in two columns only because its parts are
        same = value == 0 or any(_are_same(value, other) for other in _alike(others, ref.column))
        share = _equal_share(system, ref)
        free = width(system, ref, value) + _finer(system, ref, value)
        cost += -log10(share) if same else free - log10(1 - share)
    return cost


def more_digits(system: System, ref: Subject, value: Decimal) -> float:
    """A number of one digit more is ten times rarer to be just this one, where nothing else tells what it is."""
    if ref.table != "funding" or ref.column not in _MONEY or derived(system, ref):
        return 0.0
    more = _digits(value) - _digits(system.cells[ref].value)
    told = any(_are_same(value, other) for other in alike(system, ref))
    return float(min(more, 0) if told else more)


def _digits(value: Decimal) -> int:
    return len(value.normalize().as_tuple().digits)


def _equal_share(system: System, ref: Subject) -> float:
    """How likely an amount of this column is the same as a neighbour, by the other rows of the table."""
    rows = [row for row in system.form.funding if row.ordinal != ref.ordinal and row.role == "component"]
    equal = told = 0
    for row in rows:
        amounts = {column: value for column in _MONEY if (value := getattr(row, column))}
        beside = _alike(amounts, ref.column)
        if ref.column in amounts and beside:
            told += 1
            equal += any(_are_same(amounts[ref.column], other) for other in beside)
    return (equal + 1) / (told + 2)


def _are_same(one: Decimal, other: Decimal) -> bool:
    """Whether two amounts are the same, up to how the coarser one is rounded."""
    step = Decimal(1).scaleb(max(_last_place(one), _last_place(other)))
    return one == other or (2 * abs(one - other) <= step and TELLING * step <= abs(other))


def _finer(system: System, ref: Subject, value: Decimal) -> float:
    """What it costs to have more digits behind than all other amounts of the table: they are all round, or none is."""
    places, count = _grain(system, ref)
    could_be_round = count >= FEWEST_TO_TELL and abs(value) >= Decimal(1).scaleb(places)
    return log10(2 * (count + 1)) if could_be_round and _last_place(value) < places else 0.0


def round_value(system: System, ref: Subject, region: Interval) -> Decimal | None:
    """The value of a region that is as round as the other amounts of the table; None where there is none."""
    middle = middle_of(region)
    places, count = _grain(system, ref)
    if middle is None or count < FEWEST_TO_TELL:
        return None
    step = Decimal(1).scaleb(places)
    nearest = (middle / step).to_integral_value() * step
    return nearest if region.low <= nearest <= region.high else None


def _grain(system: System, ref: Subject) -> tuple[int, int]:
    """The last place used by the other amounts of the table that are not computed, and how many they are."""
    others = [
        value
        for other, value in system.numbers.items()
        if value and other != ref and other.table == "funding" and other.column in _MONEY and not derived(system, other)
    ]
    return min((_last_place(value) for value in others), default=ENDLESS), len(others)


def _last_place(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def alike(system: System, ref: Subject) -> list[Decimal]:
    """The amounts that the one in a cell of the funding table often equals (同一行相邻各栏)."""
    if ref.table != "funding" or ref.column not in _MONEY:
        return []
    row = {column: _beside(system, ref, column) for column in _MONEY if column != ref.column}
    return _alike({column: value for column, value in row.items() if value}, ref.column)


def _alike(others: Mapping[str, Decimal], column: str) -> list[Decimal]:
    """The amounts of a row that are often the same as the one in `column`: its neighbours in the course of the year."""
    place = _MONEY.index(column)
    before = [others[name] for name in _MONEY[:place] if name in others][-1:]
    after = [others[name] for name in _MONEY[place + 1 :] if name in others][:1]
    if column == "executed_wanyuan" or column == "annual_budget_wanyuan":
        other = "annual_budget_wanyuan" if column == "executed_wanyuan" else "executed_wanyuan"
        before += [others[other]] if other in others else []
    return before + after


def _order(row: Mapping[str, Decimal]) -> float:
    executed = row.get("executed_wanyuan", ZERO)
    final = [row[column] for column in ("annual_budget_wanyuan", "arrived_wanyuan") if column in row]
    budgets = final or [value for column, value in row.items() if column != "executed_wanyuan"]
    if not budgets or executed <= min(budgets):
        return 0.0
    if executed <= max(budgets):
        return MORE_THAN_ARRIVED
    return OVERSPENT if max(budgets) > 0 else OVERSPENT_NOTHING


def _beside(system: System, ref: Subject, column: str) -> Decimal | None:
    return system.numbers.get(Subject("funding", ref.ordinal, column))


def _indicator(system: System, ref: Subject, value: Decimal) -> float:
    row = next(row for row in system.form.indicators if row.ordinal == ref.ordinal)
    points, score = (value if ref.column == column else getattr(row, column) for column in ("points", "score"))
    odd = 0.0 if value % system.rules.exact_multiple == 0 else 0.4
    if points is None or score is None:
        return odd
    uneven = _uneven(system, row, value) if ref.column == "points" else 0.0
    if score > points:
        return OVER + uneven
    if not is_blank(row.deviation):  # a reason is given where points were lost
        return uneven + (FULL_EXPLAINED if score == points else odd + POINTS_WIDTH + LOST_EXPLAINED)
    explains = any(not is_blank(other.deviation) for other in system.form.indicators)
    lost = LOST_SILENTLY if explains else 1.0
    return uneven + (FULL if score == points else odd + POINTS_WIDTH + lost)


def _uneven(system: System, row: Indicator, points: Decimal) -> float:
    """The points under a level-1 name usually make a round number, and those of the form a hundred or nearly."""
    rest = [o for o in system.form.indicators if o.ordinal != row.ordinal and o.points is not None]
    group = sum((o.points for o in rest if o.level1 == row.level1 and o.points), points)
    whole = sum((o.points for o in rest if o.points), points)
    return (0.0 if group % 5 == 0 else 1.0) + (0.0 if whole % 10 == 0 else UNEVEN_TOTAL)

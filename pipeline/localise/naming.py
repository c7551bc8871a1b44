"""What a value that is no slip of the digits may be: a neighbour's, an empty total, another base, rounding (错因)."""

from __future__ import annotations

from decimal import Decimal
from math import log10

from pipeline.localise import prior
from pipeline.localise.model import SLIPS, Kind
from pipeline.localise.system import System
from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.records import Subject

ZERO_TOTAL, ZERO_PART, ROUNDED, WITHOUT_EXECUTION, OTHER_BASE, NEIGHBOUR = 0.3, 1.0, 0.3, 0.3, 1.0, 0.6
_MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "arrived_wanyuan", "executed_wanyuan")
_BASES = {"annual_budget_wanyuan": "全年预算数", "initial_budget_wanyuan": "年初预算数", "arrived_wanyuan": "到位数"}
_OTHER = ("initial_budget_wanyuan", "arrived_wanyuan")


def naming(system: System, ref: Subject, value: Decimal) -> tuple[Kind, str, float]:
    """The most natural story of how the printed number came to stand where `value` should: kind, words, cost."""
    stories = [("value", "", prior.free_cost(system, ref))]
    stories += _neighbour(system, ref)
    cell = system.cells[ref]
    if cell.value == ZERO and cell.kind == "money":
        total = prior.derived(system, ref)
        stories.append(("total_zero", SLIPS["total_zero"], ZERO_TOTAL) if total else ("value", "疑似漏填", ZERO_PART))
    if ref.table == "funding" and ref.column == "score":
        whole = cell.value == cell.value.to_integral_value()
        if whole and ZERO < abs(value - cell.value) < 1:
            stories.append(("rounded_score", SLIPS["rounded_score"], ROUNDED))
        if any(system.relation(k).kind == "product" for k in system.by_cell[ref] if k in system.must | system.side):
            stories += _score_base(system, ref)
    if ref.column == "total_score" and _without_execution(system, ref):
        stories.append(("total_without_execution", SLIPS["total_without_execution"], WITHOUT_EXECUTION))
    if ref.column == "execution_rate_pct":
        stories += _rate_base(system, ref)
    return min(stories, key=lambda story: story[2])  # type: ignore[return-value]


def _neighbour(system: System, ref: Subject) -> list[tuple[str, str, float]]:
    """The printed number is that of the next row or column."""
    cell = system.cells[ref]
    if ref.table != "funding" or ref.column not in _MONEY or not cell.value:
        return []
    rows = [row for row in system.form.funding if row.ordinal != ref.ordinal and row.role == "component"]
    derived = prior.derived(system, ref)
    telling = cell.digits >= 1000 and not derived  # a total equals its only part
    above = [row for row in rows if telling and getattr(row, ref.column) == cell.value]
    own = next(row for row in system.form.funding if row.ordinal == ref.ordinal)
    equal = (column for column in _MONEY if column != ref.column and getattr(own, column) == cell.value)
    beside = [column for column in equal if not (derived and _are_usually_equal(system, ref, column))]
    near = sum(getattr(row, ref.column) is not None for row in rows) + sum(
        getattr(own, column) is not None for column in _MONEY if column != ref.column
    )
    return [("neighbour", SLIPS["neighbour"], NEIGHBOUR + log10(max(near, 1)))] if above or beside else []


def _are_usually_equal(system: System, ref: Subject, column: str) -> bool:
    """Whether the other rows print the same in both columns, too: then nothing tells of a copy."""
    pairs = [
        (getattr(row, ref.column), getattr(row, column)) for row in system.form.funding if row.ordinal != ref.ordinal
    ]
    filled = [bool(one == other) for one, other in pairs if one and other]
    return 2 * sum(filled) > len(filled)


def _without_execution(system: System, ref: Subject) -> bool:
    """Whether a total score is what the indicators alone add up to."""
    for index in system.by_cell[ref]:
        relation = system.relation(index)
        if relation.kind != "sum" or relation.total != ref:
            continue
        rows = [term.cell for term in relation.options[0] if term.cell.table == "indicators"]
        added = Interval(ZERO, ZERO)
        for row in rows:
            added = added + system.values[row]
        if len(rows) < len(relation.options[0]) and added.meets(system.values[ref]):
            return True
    return False


def _rate_base(system: System, ref: Subject) -> list[tuple[str, str, float]]:
    """The printed rate is that of other amounts of the form: what arrived of the budget, spending of another line."""
    own = next(row for row in system.form.funding if row.ordinal == ref.ordinal)
    rate = system.values[ref]
    tried = 0
    found = ""
    for row in system.form.funding:
        for column, title in _BASES.items():
            for part, what in (("executed_wanyuan", "执行数"), ("arrived_wanyuan", "到位数")):
                a, b = getattr(own, part), getattr(row, column)
                if not a or not b or part == column:
                    continue
                tried += 1
                share = a * HUNDRED / b
                if rate.low <= share <= rate.high:
                    line = "" if row is own else f"“{row.label}”的"
                    found = found or f"恰为{what}÷{line}{title}，疑似基数用错"
    return [("other_base", found, OTHER_BASE + log10(tried))] if found else []


def _score_base(system: System, ref: Subject) -> list[tuple[str, str, float]]:
    """The printed execution score is points × the rate against another base."""
    row = next(row for row in system.form.funding if row.ordinal == ref.ordinal)
    score = system.cells[ref]
    around = Interval.around(score.value, score.step)
    if not row.points or not row.executed_wanyuan:
        return []
    for column in _OTHER:
        base, title = getattr(row, column), _BASES[column]
        if base and (full := row.points * row.executed_wanyuan / base) and around.low <= full <= around.high:
            return [("other_base", f"恰为分值×（执行数÷{title}），疑似基数用错", OTHER_BASE)]
    return []

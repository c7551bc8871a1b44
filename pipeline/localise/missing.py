"""A row of funds that was left out: every column is short of its total by what the row should say (缺行)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.localise import prior
from pipeline.localise.cells import SURE
from pipeline.localise.option import Option, Repair
from pipeline.localise.system import System
from schemas.decimals import ZERO
from schemas.intervals import Interval
from schemas.records import Subject

MISSING_ROW, BLANK = 1.3, 0.5
SPENT_WITHOUT_BUDGET = 2.0
ONE_COLUMN = 1.5
"""A row that stands in one column only is rare."""


def missing_rows(system: System) -> Iterator[Option]:
    """One explanation for each total whose parts fall short; its repairs hold what is lacking, column by column."""
    blocks: dict[int, list[int]] = {}
    for k in sorted(system.must | system.side):
        if _is_block_sum(system, k):
            blocks.setdefault(system.relation(k).total.ordinal, []).append(k)
    for columns in blocks.values():
        lacking = {k: _lacking(system, k) for k in columns}
        if system.must.intersection(columns) and all(value > 0 for value in lacking.values()):
            yield _option(system, lacking)


def _lacking(system: System, k: int) -> Decimal:
    relation = system.relation(k)
    return system.numbers[relation.total] - sum((system.numbers[term.cell] for term in relation.options[0]), ZERO)


def _is_block_sum(system: System, k: int) -> bool:
    """Whether a relation is a total of the funding table and its parts."""
    relation = system.relation(k)
    totals = {row.ordinal for row in system.form.funding if row.role == "total"}
    return relation.kind == "sum" and relation.total.table == "funding" and relation.total.ordinal in totals


def _option(system: System, lacking: dict[int, Decimal]) -> Option:
    repairs = []
    amounts: dict[str, Decimal] = {}
    cost = prior.doubt(SURE)
    for k, value in lacking.items():
        total = system.relation(k).total
        blank = _blank(system, k)
        width = prior.width(system, total, value) - (1.0 if amounts or blank else 0.0)  # of the size of the others
        cost += width if value not in amounts.values() else 0.3
        amounts[total.column] = value
        repairs.append(Repair(blank or total, "missing_row", value, Interval(value, value), ""))
    if all(repair.ref not in system.values for repair in repairs):
        cost += BLANK
    else:
        cost += MISSING_ROW + (ONE_COLUMN if len(lacking) == 1 else 0.0)
        budget = max((value for column, value in amounts.items() if column != "executed_wanyuan"), default=ZERO)
        cost += SPENT_WITHOUT_BUDGET if amounts.get("executed_wanyuan", ZERO) > budget else 0.0
    return Option(tuple(repairs), frozenset(lacking), frozenset(), cost)


def _blank(system: System, k: int) -> Subject | None:
    """The part that prints nothing in this column, where there is just one."""
    relation = system.relation(k)
    printed = {term.cell.ordinal for term in relation.options[0]} | {relation.total.ordinal}
    rows = [row.ordinal for row in system.form.funding if row.role == "component" and row.ordinal not in printed]
    others = {
        term.cell.ordinal
        for other in range(len(system.constraints))
        if _is_block_sum(system, other) and system.relation(other).total.ordinal == relation.total.ordinal
        for term in system.relation(other).options[0]
    }
    blank = [ordinal for ordinal in rows if ordinal in others]
    return Subject("funding", blank[0], relation.total.column) if len(blank) == 1 else None

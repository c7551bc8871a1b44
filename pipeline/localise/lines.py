"""A whole row or column of funds in another unit than its table (整行、整列的单位不符)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import log10

from pipeline.checks.printed import MONEY_COLUMNS, row_name
from pipeline.localise import prior
from pipeline.localise.option import Option, Repair
from pipeline.localise.system import System
from schemas.decimals import ZERO
from schemas.intervals import Interval
from schemas.records import Subject
from schemas.units import is_yuan

LINE = 0.5
"""One slip moves every amount of the line."""
FEWEST = 2
_FACTORS = ((Decimal("0.0001"), Decimal(10000)), (Decimal("0.001"), Decimal(1000)))
_UNITS = {Decimal("0.0001"): "元", Decimal("0.001"): "千元", Decimal(10000): "万元", Decimal(1000): "千元"}


def other_units(system: System) -> Iterator[Option]:
    """Each row and column that, brought to the unit of the table, mends contradictions and breaks nothing."""
    lines = list(_lines(system))
    for title, cells in lines:
        touched = {k for ref in cells for k in system.by_cell.get(ref, ())}
        for factor in _factors(system, cells[0]) if touched & system.must else ():
            repairs = tuple(_repair(system, ref, factor, title) for ref in cells)
            changed = {repair.ref: repair.interval for repair in repairs}
            mended, broken = system.effect(changed)
            if mended & system.must and not broken and not system.must & _without(system, cells):
                doubt = prior.doubt(min(system.cells[ref].confidence for ref in cells))
                yield Option(repairs, mended, broken, LINE + doubt + log10(len(lines)))


def _without(system: System, cells: Sequence[Subject]) -> frozenset[int]:
    """What would hold if nothing stood in the line: where that is enough, its unit explains nothing."""
    return system.effect(dict.fromkeys(cells, Interval(ZERO, ZERO)))[0]


def _lines(system: System) -> Iterator[tuple[str, tuple[Subject, ...]]]:
    """Rows and columns of at least two amounts, with what they are called."""
    rows = system.form.funding
    for row in rows:
        cells = _amounts(system, [(row.ordinal, column) for column in MONEY_COLUMNS])
        if len(cells) >= FEWEST:
            yield f"“{row_name(row.label)}”一行", cells
    for column in MONEY_COLUMNS:
        cells = _amounts(system, [(row.ordinal, column) for row in rows])
        if len(cells) >= FEWEST:
            yield f"{system.cells[cells[0]].printed.column_title}一栏", cells


def _amounts(system: System, places: Sequence[tuple[int, str]]) -> tuple[Subject, ...]:
    cells = (Subject("funding", ordinal, f"{column}_wanyuan") for ordinal, column in places)
    return tuple(ref for ref in cells if system.numbers.get(ref))


def _factors(system: System, ref: Subject) -> Iterator[Decimal]:
    """From yuan or thousands in a table of 万元, or the other way round."""
    in_yuan = is_yuan(system.cells[ref].printed.unit_raw)
    for smaller, larger in _FACTORS:
        yield larger if in_yuan else smaller


def _repair(system: System, ref: Subject, factor: Decimal, title: str) -> Repair:
    cell = system.cells[ref]
    value = cell.value * factor
    return Repair(
        ref, "unit_line", value, Interval.around(value, cell.step * factor), f"{title}系以{_UNITS[factor]}填写"
    )

"""Lines of totals that print nothing but zeros beside parts with money: nobody filled them in (合计行未填)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.printed import MONEY_COLUMNS, row_name
from pipeline.localise import prior
from pipeline.localise.constraints import nominal
from pipeline.localise.option import Option, Repair
from pipeline.localise.system import System
from schemas.decimals import CENT
from schemas.intervals import Interval
from schemas.records import Subject

UNFILLED = 0.3
FEWEST = 2
"""One zero alone is a slip of its cell."""
_TOTALS = ("total_points", "total_score")
Follow = Callable[[System, Option], Option | None]
"""Redoes what was computed from changed cells and no longer fits."""


def unfilled_lines(system: System, follow: Follow) -> Iterator[Option]:
    """Each line whose printed totals are all zero and at least two of them contradict their parts."""
    for title, cells in _lines(system):
        zeros = bool(cells) and not any(system.numbers[ref] for ref in cells)
        repairs = tuple(repair for ref in cells for repair in _repairs(system, ref, title)) if zeros else ()
        if len(repairs) < FEWEST:
            continue
        mended, broken = system.effect({repair.ref: repair.interval for repair in repairs})
        if any(system.relation(k).kind == "sum" for k in broken):
            continue
        cost = UNFILLED + prior.doubt(min(system.cells[ref].confidence for ref in cells))
        yield _with_followers(system, Option(repairs, mended, broken, cost), title, follow)


def _lines(system: System) -> Iterator[tuple[str, Sequence[Subject]]]:
    """The lines of the funding table, and that of the totals of points and scores, with what they are called."""
    for row in system.form.funding:
        cells = [Subject("funding", row.ordinal, f"{column}_wanyuan") for column in MONEY_COLUMNS]
        yield f"“{row_name(row.label)}”一行", [ref for ref in cells if ref in system.numbers]
    if system.form.evaluation is not None:
        cells = [Subject("evaluations", system.form.evaluation.ordinal, column) for column in _TOTALS]
        yield "总分一行", [ref for ref in cells if ref in system.numbers]


def _repairs(system: System, ref: Subject, title: str) -> Iterator[Repair]:
    """What the parts of a total add up to, where they contradict it."""
    for k in system.by_cell.get(ref, ()):
        relation = system.relation(k)
        if k in system.must and relation.kind == "sum" and relation.total == ref:
            value = nominal(relation, ref, system.numbers)
            if value:
                yield Repair(ref, "zero_line", value, Interval.around(value, system.cells[ref].step), title)
            return


def _with_followers(system: System, option: Option, title: str, follow: Follow) -> Option:
    """The option with the rate and score of its line that are zero for the same reason."""
    followed = follow(system, option) if option.broken else None
    if followed is None:
        return option
    added = followed.repairs[len(option.repairs) :]
    if any(system.numbers[repair.ref] for repair in added):
        return option
    numbers = {**system.numbers, **option.numbers}
    same = []
    for repair in added:
        value = _computed(system, repair.ref, numbers)
        numbers[repair.ref] = value
        same.append(Repair(repair.ref, "zero_line", value, Interval.around(value, CENT), title))
    return replace(followed, repairs=(*option.repairs, *same))


def _computed(system: System, ref: Subject, numbers: Mapping[Subject, Decimal]) -> Decimal:
    """A rate or score as two decimals show it: a printed 0 does not tell how finely it would be printed."""
    own = (system.relation(k) for k in system.by_cell.get(ref, ()))
    values = (nominal(relation, ref, numbers) for relation in own if relation.total == ref)
    return next((value.quantize(CENT) for value in values if value is not None), numbers[ref])

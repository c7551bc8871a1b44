"""The arithmetic a form's printed cells must obey, as data (数间关系).

A `Relation` says how one cell follows from others, in one or more admissible ways (an execution rate may be against
the budget of the year, the initial budget or what arrived). Checks evaluate relations; whoever looks for the wrong cell
can evaluate the very same relations with another value put in a cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.outline import Block, blocks
from pipeline.checks.printed import MONEY_COLUMNS, Printed
from schemas.intervals import Interval
from schemas.records import FundingRow, Indicator, Subject

RelationKind = Literal["sum", "at_least", "ratio", "product"]
Intervals = Mapping[Subject, Interval]

_ZERO, _ONE, _HUNDRED = Decimal(0), Decimal(1), Decimal(100)
_ENDLESS = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Term:
    """One cell of a relation with its coefficient (项)."""

    cell: Subject
    coefficient: Decimal = _ONE


@dataclass(frozen=True, slots=True)
class Relation:
    """How `total` follows from the terms of any one of `options` (关系).

    sum: total = Σ coefficient × term; at_least: total ≥ Σ coefficient × term; ratio: total = 100 × first ÷ second;
    product: total = first × second ÷ 100, at most the first. `complete` False: the terms may be only some of the
    parts, so that a sum below the total is no contradiction.
    """

    rule: str
    kind: RelationKind
    total: Subject
    options: tuple[tuple[Term, ...], ...]
    complete: bool = True

    @property
    def cells(self) -> tuple[Subject, ...]:
        """Every cell the relation speaks of, the total first."""
        seen = dict.fromkeys([self.total, *(term.cell for option in self.options for term in option)])
        return tuple(seen)


def intervals_of(cells: Mapping[Subject, Printed]) -> dict[Subject, Interval]:
    """What every cell stands for."""
    return {ref: cell.interval for ref, cell in cells.items()}


def expected(relation: Relation, option: tuple[Term, ...], values: Intervals) -> Interval | None:
    """What the total should be by one option; None where it cannot be computed (a budget of 0)."""
    if relation.kind == "ratio":
        return _share(values[option[0].cell], values[option[1].cell])
    if relation.kind == "product":
        points, rate = values[option[0].cell], values[option[1].cell]
        full = points * rate.scale(Decimal("0.01"))
        return Interval(min(full.low, points.high), min(full.high, points.high))
    result = Interval(_ZERO, _ZERO)
    for term in option:
        value = values[term.cell]
        result = result + (value if term.coefficient == _ONE else value.scale(term.coefficient))
    return result


def _share(part: Interval, whole: Interval) -> Interval | None:
    """`part` in percent of `whole`. A whole printed as 0 may be a little more: then the share has only a lower end."""
    share = part.ratio(whole)
    if share is not None:
        return share.scale(_HUNDRED)
    if whole.high <= 0:
        return None
    low = part.low * _HUNDRED / whole.high if part.low > 0 else -_ENDLESS
    return Interval(low, _ENDLESS)


def gap(relation: Relation, option: tuple[Term, ...], values: Intervals) -> Decimal | None:
    """How far the printed total lies outside what one option allows; 0 when it holds, None when not computable."""
    wanted = expected(relation, option, values)
    if wanted is None:
        return None
    total = values[relation.total]
    if relation.kind == "at_least" or not relation.complete:
        return max(wanted.low - total.high, _ZERO)
    return total.gap(wanted)


def holds(relation: Relation, values: Intervals) -> bool | None:
    """Whether any option holds; None when none is computable."""
    gaps = [found for option in relation.options if (found := gap(relation, option, values)) is not None]
    return any(found == 0 for found in gaps) if gaps else None


def relations(form: Form, rules: Rules) -> Iterator[Relation]:
    """Every relation between the printed cells of a form."""
    for block in blocks(form, rules):
        yield from funding_relations(form, block, rules)
    for row in form.funding:
        yield from rate_relations(form, row)
        yield from execution_score_relations(form, row)
    yield from points_relations(form)
    yield from score_relations(form)
    yield from level_relations(form)
    yield from bound_relations(form)


def _money(row: FundingRow, column: str) -> Subject:
    return Subject("funding", row.ordinal, f"{column}_wanyuan")


def _printed_terms(form: Form, cells: Iterator[Subject]) -> tuple[Term, ...]:
    return tuple(Term(cell) for cell in cells if cell in form.cells)


def funding_relations(form: Form, block: Block, rules: Rules) -> Iterator[Relation]:
    """Parts against total, and lines under a line against that line, in every column of money (分项之和)."""
    complete = any(row.source in rules.closing_sources for row in block.parts)
    for column in MONEY_COLUMNS:
        parts = _printed_terms(form, (_money(row, column) for row in block.parts))
        if parts and (total := _money(block.total, column)) in form.cells:
            yield Relation("funding_sum", "sum", total, (parts,), complete)
        for branch in block.branches:
            children = _printed_terms(form, (_money(row, column) for row in branch.children))
            if children and (parent := _money(branch.row, column)) in form.cells:
                yield Relation("funding_nested_sum", "sum", parent, (children,), complete=False)


def rate_relations(form: Form, row: FundingRow) -> Iterator[Relation]:
    """Execution rate = executed ÷ budget of the year, initial budget, or what arrived (执行率)."""
    rate = Subject("funding", row.ordinal, "execution_rate_pct")
    executed = _money(row, "executed")
    bases = [_money(row, column) for column in ("annual_budget", "initial_budget", "arrived")]
    options = tuple((Term(executed), Term(base)) for base in bases if base in form.cells)
    if rate in form.cells and executed in form.cells and options:
        yield Relation("execution_rate", "ratio", rate, options)


def execution_score_relations(form: Form, row: FundingRow) -> Iterator[Relation]:
    """Execution score = points × execution rate, at most the points (执行率得分)."""
    score, points, rate = (Subject("funding", row.ordinal, c) for c in ("score", "points", "execution_rate_pct"))
    if all(cell in form.cells for cell in (score, points, rate)):
        yield Relation("execution_score", "product", score, ((Term(points), Term(rate)),))


def whole_point_scores(form: Form) -> dict[Subject, Printed]:
    """Execution scores as narrow as points × rate allows, the printed value always included.

    A score printed as 10 could be anything from 9.5 to 10.5; beside 10 points and 100% it is 10.
    """
    narrowed = {}
    values = intervals_of(form.cells)
    for row in form.funding:
        for relation in execution_score_relations(form, row):
            score = form.cells[relation.total]
            wanted = expected(relation, relation.options[0], values)
            if wanted is not None and score.interval.meets(wanted):
                low = min(score.value, max(score.interval.low, wanted.low))
                high = max(score.value, min(score.interval.high, wanted.high))
                narrowed[relation.total] = replace(score, interval=Interval(low, high))
    return narrowed


def scored_funding(form: Form, column: str) -> tuple[Subject, ...]:
    """Cells of the funding table that count towards the total: the total lines', else the components'."""
    for role in ("total", "component"):
        cells = tuple(
            ref
            for row in form.funding
            if row.role == role and (ref := Subject("funding", row.ordinal, column)) in form.cells
        )
        if cells:
            return cells
    return ()


def _total_relations(form: Form, rule: str, total_column: str, column: str) -> Iterator[Relation]:
    if form.evaluation is None:
        return
    total = Subject("evaluations", form.evaluation.ordinal, total_column)
    rows = _printed_terms(form, (Subject("indicators", row.ordinal, column) for row in form.indicators))
    if total not in form.cells or not rows:
        return
    execution = tuple(Term(cell) for cell in scored_funding(form, column))
    options = ((*execution, *rows), rows) if execution else (rows,)
    yield Relation(rule, "sum", total, options)


def points_relations(form: Form) -> Iterator[Relation]:
    """Points of execution and indicators make the total points (分值合计)."""
    yield from _total_relations(form, "points_total", "total_points", "points")


def score_relations(form: Form) -> Iterator[Relation]:
    """Execution score and indicator scores make the total score (得分合计).

    Whether execution counts is decided by the points, where they tell.
    """
    for relation in _total_relations(form, "score_total", "total_score", "score"):
        options = relation.options
        for points in points_relations(form):
            fitting = [gap(points, option, intervals_of(form.cells)) == 0 for option in points.options]
            if len(options) == len(fitting) and sum(fitting) == 1:
                options = (options[fitting.index(True)],)
        if len(options) > 1 and _brackets_include_execution(form):
            options = tuple(option for option in options if any(term.cell.table == "funding" for term in option))
        yield Relation(relation.rule, relation.kind, relation.total, options)


def _brackets_include_execution(form: Form) -> bool:
    """Whether the points in the level-1 names and those of the execution make a hundred (20分＋80分)."""
    levels = {row.level1: row.level1_points for row in form.indicators}
    execution = [row.points for row in form.funding if row.role == "total" and row.points is not None]
    if not levels or None in levels.values() or len(execution) != 1:
        return False
    return sum((points for points in levels.values() if points), execution[0]) == _HUNDRED


def level_relations(form: Form) -> Iterator[Relation]:
    """Points stated in a level-1 name equal the points of its indicators (一级指标分值)."""
    levels: dict[tuple[str | None, Decimal | None], list[Indicator]] = {}
    for row in form.indicators:
        levels.setdefault((row.level1, row.level1_points), []).append(row)
    for rows in levels.values():
        total = Subject("indicators", rows[0].ordinal, "level1_points")
        parts = _printed_terms(form, (Subject("indicators", row.ordinal, "points") for row in rows))
        if total in form.cells and len(parts) == len(rows):
            yield Relation("level_points", "sum", total, (parts,))


def bound_relations(form: Form) -> Iterator[Relation]:
    """No score exceeds its points (得分不超过分值)."""
    rows = [("funding", row.ordinal) for row in form.funding] + [("indicators", row.ordinal) for row in form.indicators]
    for table, ordinal in rows:
        points, score = Subject(table, ordinal, "points"), Subject(table, ordinal, "score")
        if points in form.cells and score in form.cells:
            yield Relation("score_over_points", "at_least", points, ((Term(score),),))

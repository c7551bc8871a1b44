"""The relations between the printed cells of a form (表内的数间关系)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.outline import Block
from pipeline.checks.printed import MONEY_COLUMNS, Printed
from pipeline.checks.relation import Relation, Term, expected, gap, quotient_of, sum_of
from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.lexicon import lexicon
from schemas.records import FundingRow, Indicator, Subject


def intervals_of(cells: Mapping[Subject, Printed]) -> dict[Subject, Interval]:
    """What every cell stands for."""
    return {ref: cell.interval for ref, cell in cells.items()}


def _money(row: FundingRow, column: str) -> Subject:
    return Subject("funding", row.ordinal, f"{column}_wanyuan")


def _printed(form: Form, cells: Iterable[Subject]) -> tuple[Subject, ...]:
    return tuple(cell for cell in cells if cell in form.cells)


def block_sums(form: Form, block: Block, rules: Rules) -> Iterator[Relation]:
    """Parts against their total, in every column of money (分项之和)."""
    complete = any(row.source in rules.closing_sources for row in block.parts)
    for column in MONEY_COLUMNS:
        parts = _printed(form, (_money(row, column) for row in block.parts))
        if parts and (total := _money(block.total, column)) in form.cells:
            yield sum_of(total, parts, complete=complete)


def nested_sums(form: Form, block: Block) -> Iterator[Relation]:
    """Lines under a line against that line, in every column of money (下级之和)."""
    for column in MONEY_COLUMNS:
        for branch in block.branches:
            children = _printed(form, (_money(row, column) for row in branch.children))
            if children and (parent := _money(branch.row, column)) in form.cells:
                yield sum_of(parent, children, complete=False)


def rate_relations(form: Form, row: FundingRow) -> Iterator[Relation]:
    """Execution rate = executed ÷ budget of the year, initial budget, or what arrived (执行率)."""
    rate = Subject("funding", row.ordinal, "execution_rate_pct")
    executed = _money(row, "executed")
    bases = _printed(form, (_money(row, column) for column in ("annual_budget", "initial_budget", "arrived")))
    if rate in form.cells and executed in form.cells and bases:
        yield quotient_of(rate, executed, bases)


def execution_score_relations(form: Form, row: FundingRow) -> Iterator[Relation]:
    """Execution score = points × execution rate, at most the points (执行率得分)."""
    score, points, rate = (Subject("funding", row.ordinal, c) for c in ("score", "points", "execution_rate_pct"))
    if all(cell in form.cells for cell in (score, points, rate)):
        yield Relation("product", score, ((Term(points), Term(rate)),))


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
    """Cells of the funding table that count towards the total: the total lines', else the components'.

    A line that stands there twice counts once; none counts where the execution is an indicator, too.
    """
    if execution_is_indicator(form):
        return ()
    lines = {(row.label, row.raw_figures): row for row in reversed(form.funding)}.values()
    for role in ("total", "component"):
        cells = tuple(
            ref
            for row in reversed(lines)
            if row.role == role and (ref := Subject("funding", row.ordinal, column)) in form.cells
        )
        if cells:
            return cells
    return ()


def _total_relations(form: Form, total_column: str, column: str) -> Iterator[Relation]:
    if form.evaluation is None:
        return
    total = Subject("evaluations", form.evaluation.ordinal, total_column)
    rows = tuple(map(Term, _printed(form, (Subject("indicators", row.ordinal, column) for row in form.indicators))))
    if total not in form.cells or not rows:
        return
    execution = tuple(map(Term, scored_funding(form, column)))
    yield Relation("sum", total, ((*execution, *rows), rows) if execution else (rows,))


def points_relations(form: Form) -> Iterator[Relation]:
    """Points of execution and indicators make the total points (分值合计)."""
    yield from _total_relations(form, "total_points", "points")


def score_relations(form: Form) -> Iterator[Relation]:
    """Execution score and indicator scores make the total score (得分合计).

    Whether execution counts is decided by the points, where they tell; not where those of the indicators alone make the
    total beside points for execution: then the points are in question, and either sum of the scores will do.
    """
    for relation in _total_relations(form, "total_score", "score"):
        options = relation.options
        for points in points_relations(form):
            fitting = [gap(points, option, intervals_of(form.cells)) == 0 for option in points.options]
            decided = len(options) == len(fitting) and sum(fitting) == 1
            if decided and not points_left_out(form):
                options = (options[fitting.index(True)],)
        if len(options) > 1 and _brackets_include_execution(form):
            options = tuple(option for option in options if any(term.cell.table == "funding" for term in option))
        yield replace(relation, options=options)


def points_left_out(form: Form) -> Decimal:
    """The points given to execution although those of the indicators alone make the stated total; 0 where none are."""
    given = sum((form.cells[ref].value for ref in scored_funding(form, "points")), ZERO)
    for points in points_relations(form):
        rows = sum((form.cells[term.cell].value for term in points.options[-1]), ZERO)
        if rows == form.cells[points.total].value:
            return given
    return ZERO


def execution_is_indicator(form: Form) -> bool:
    """Whether a row of the indicators is the execution of the budget, with the points it has in the funding table."""
    given = {row.points for row in form.funding if row.points}
    listed = any(row.points in given and _is_execution(row) for row in form.indicators)
    return listed and not _adds_up_beside(form)


def _adds_up_beside(form: Form) -> bool:
    """Whether points of the execution and of all indicators make the total: then none of these is the execution."""
    total = form.evaluation.total_points if form.evaluation else None
    execution = next((row.points for row in form.funding if row.role == "total" and row.points), None)
    points = [row.points for row in form.indicators if row.points is not None]
    return execution is not None and sum(points, execution) == (total or HUNDRED)


def _is_execution(row: Indicator) -> bool:
    name = row.level3 or row.level2 or ""
    return (row.category or "").startswith("execution") or lexicon().column(name) == "execution_rate"


def _brackets_include_execution(form: Form) -> bool:
    """Whether the points in the level-1 names and those of the execution make a hundred (20分＋80分)."""
    levels = {row.level1: row.level1_points for row in form.indicators}
    execution = [row.points for row in form.funding if row.role == "total" and row.points is not None]
    if not levels or None in levels.values() or len(execution) != 1:
        return False
    return sum((points for points in levels.values() if points), execution[0]) == HUNDRED


def level_relations(form: Form) -> Iterator[Relation]:
    """Points stated in a level-1 name equal the points of its indicators (一级指标分值).

    Rows without a level 1, or under that name without its points, may be of any: then nothing is added up.
    """
    bare = {row.level1 or None for row in form.indicators if row.level1_points is None}
    levels: dict[tuple[str | None, Decimal | None], list[Indicator]] = {}
    for row in form.indicators:
        levels.setdefault((row.level1, row.level1_points), []).append(row)
    for rows in levels.values():
        if bare & {None, rows[0].level1}:
            continue
        total = Subject("indicators", rows[0].ordinal, "level1_points")
        parts = _printed(form, (Subject("indicators", row.ordinal, "points") for row in rows))
        if total in form.cells and len(parts) == len(rows):
            yield sum_of(total, parts)


def bound_relations(form: Form) -> Iterator[Relation]:
    """No score exceeds its points (得分不超过分值)."""
    rows = [("funding", row.ordinal) for row in form.funding] + [("indicators", row.ordinal) for row in form.indicators]
    for table, ordinal in rows:
        points, score = Subject(table, ordinal, "points"), Subject(table, ordinal, "score")
        if points in form.cells and score in form.cells:
            yield Relation("at_least", points, ((Term(score),),))

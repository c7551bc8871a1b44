"""The arithmetic of a form as a witness of its reading (以表内数间关系作证).

Sums, rates and scores that a form prints hold among the values as printed; a value read wrongly breaks them. A
relation that holds speaks for every value in it. One that does not speaks against them only a little: forms are wrong,
too, and finding that out is the business of the checks, which know more relations and name the likely cause.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.records import Evaluation, EvaluationRecords, FundingRow, Indicator

Ref = tuple[str, int, str]
"""Table, ordinal and column of a value."""
Row = Evaluation | FundingRow | Indicator

_BUDGETS = ("annual_budget_wanyuan", "initial_budget_wanyuan", "arrived_wanyuan")
MONEY = (*_BUDGETS, "executed_wanyuan")
_TOTALS = {"points": "分值合计", "score": "得分合计"}


@dataclass(frozen=True, slots=True)
class WitnessRelation:
    """Values that hang together, whether they do so as printed, and what then agrees, in Chinese.

    `told` are those of them that may not be another in their last digit without breaking it: a rate tells nothing of
    the last digits of an amount.
    """

    name: str
    values: tuple[Ref, ...]
    holds: bool
    told: tuple[Ref, ...]


def relations(part: EvaluationRecords) -> Iterator[WitnessRelation]:
    """The relations among the printed values of a form, as far as they are there to be compared."""
    for row in part.funding:
        yield from _rate(row)
        yield from _execution_score(row)
    for column in MONEY:
        yield from _parts(part.funding, column)
    for indicator in part.indicators:
        yield from _within_points(indicator)
    for column in ("points", "score"):
        yield from _whole(part, column)


def _rate(row: FundingRow) -> Iterator[WitnessRelation]:
    """执行率 = 执行数 ÷ 预算数, whichever of the budgets the form takes."""
    rate, executed = _printed(row, "execution_rate_pct"), _printed(row, "executed_wanyuan")
    budgets = {name: _printed(row, name) for name in _BUDGETS}
    quotients = {
        name: quotient.scale(HUNDRED)
        for name, budget in budgets.items()
        if budget is not None and executed is not None and (quotient := executed.ratio(budget)) is not None
    }
    if rate is None or not quotients:
        return
    matching = tuple(name for name, quotient in quotients.items() if quotient.meets(rate))
    refs = _refs("funding", row.ordinal, ("execution_rate_pct", "executed_wanyuan", *(matching or quotients)))
    yield WitnessRelation("执行率", refs, bool(matching), refs[:1])


def _execution_score(row: FundingRow) -> Iterator[WitnessRelation]:
    """得分 = 分值 × 执行率. Forms may score by steps, so that another score speaks against nothing."""
    points, rate, score = (_printed(row, name) for name in ("points", "execution_rate_pct", "score"))
    if points is None or rate is None or score is None:
        return
    capped = Interval(min(rate.low, HUNDRED), min(rate.high, HUNDRED))
    if (points * capped).scale(1 / HUNDRED).meets(score):
        refs = _refs("funding", row.ordinal, ("score", "points", "execution_rate_pct"))
        yield WitnessRelation("预算执行得分", refs, True, refs[:1])


def _parts(rows: Sequence[FundingRow], column: str) -> Iterator[WitnessRelation]:
    """The total of a column is the sum of its parts. A column of zeros says nothing."""
    totals = [row for row in rows if row.role == "total" and getattr(row, column) is not None]
    parts = [row for row in rows if row.role == "component" and getattr(row, column) is not None]
    if len(totals) != 1 or not parts:
        return
    whole = _printed(totals[0], column)
    summed = [found for row in parts if (found := _printed(row, column)) is not None]
    if whole is None or not any(getattr(row, column) for row in (*totals, *parts)):
        return
    made = sum(summed[1:], summed[0])
    refs = tuple(("funding", row.ordinal, column) for row in (*totals, *parts))
    yield WitnessRelation("合计", refs, made.meets(whole), refs)


def _within_points(row: Indicator) -> Iterator[WitnessRelation]:
    """A score is not above the points of its row; below says little."""
    if row.points is not None and row.score is not None and row.score > row.points:
        refs = _refs("indicators", row.ordinal, ("points", "score"))
        yield WitnessRelation("得分与分值", refs, False, refs)


def _whole(part: EvaluationRecords, column: str) -> Iterator[WitnessRelation]:
    """All points make the printed total, or 100 where none is printed; all scores make the total score."""
    printed: Decimal | None = getattr(part.evaluation, f"total_{column}")
    total = HUNDRED if printed is None and column == "points" else printed
    rows = [row for row in part.indicators if getattr(row, column) is not None]
    execution = [row for row in part.funding if row.role == "total" and getattr(row, column) is not None][:1]
    if total is None or len(rows) < 2:
        return
    name = _TOTALS[column]
    refs = [("indicators", row.ordinal, column) for row in rows]
    own = [("evaluations", part.evaluation.ordinal, f"total_{column}")] if printed is not None else []
    sums = (sum((getattr(row, column) for row in (*rows, *some)), ZERO) for some in ((), execution))
    for made, some in zip(sums, ((), execution), strict=True):
        if made == total:
            beside = [("funding", row.ordinal, column) for row in some]
            yield WitnessRelation(name, (*refs, *beside, *own), True, (*refs, *beside, *own))
            return
    if printed is not None:
        yield WitnessRelation(name, (*refs, *own), False, (*refs, *own))


def rows_of(part: EvaluationRecords) -> Iterator[tuple[str, Row]]:
    """The rows of a form that have cells of their own, with the names of their tables."""
    yield "evaluations", part.evaluation
    yield from (("funding", row) for row in part.funding)
    yield from (("indicators", row) for row in part.indicators)


def _refs(table: str, ordinal: int, names: Sequence[str]) -> tuple[Ref, ...]:
    return tuple((table, ordinal, name) for name in names)


def _printed(row: Row, column: str) -> Interval | None:
    """What a printed value may stand for; None where none is printed."""
    value: Decimal | None = getattr(row, column)
    if value is None:
        return None
    step = next((cell.step for cell in row.cells if cell.column == column and cell.step), ZERO)
    return Interval.around(value, step)

"""Which line of a funding table is part of which (项目资金的层次).

The printed table is flat: total, 财政拨款, 其中：中央, 省级, 其他资金. Several readings may be legal; the one whose
sums hold in most columns is taken, and where the numbers do not tell, the one the words suggest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pipeline.checks.config import Nest, Rules
from pipeline.checks.model import Form
from pipeline.checks.printed import MONEY_COLUMNS
from schemas.intervals import Interval
from schemas.records import FundingRow
from schemas.vocabulary import words

MOST_READINGS = 256
"""A table of ten lines has a few legal readings; a damaged one must not cost more than this."""
_NO_NEST = Nest(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Branch:
    """A line of funds and the lines under it (一行及其下级)."""

    row: FundingRow
    children: tuple[FundingRow, ...]
    doubtful: int = 0
    """How many of the children are here only because the numbers allow it."""


@dataclass(frozen=True, slots=True)
class Block:
    """A total line and the top-level lines that make it up (总额及其分项)."""

    total: FundingRow
    branches: tuple[Branch, ...]

    @property
    def parts(self) -> tuple[FundingRow, ...]:
        return tuple(branch.row for branch in self.branches)


def blocks(form: Form, rules: Rules) -> tuple[Block, ...]:
    """The funding table as totals with their parts; a total without parts has no branches.

    A total may be broken down twice, by source and by use; then it is the total of two blocks. Where the labels set
    income beside spending, it is the total of the spending: what came in may be more than what was spent.
    """
    found: list[Block] = []
    for total, parts in _segments(form.funding):
        whole = _best(form, rules, total, parts)
        if _adds_up(form, whole):
            found.append(whole)
        elif twice := _broken_down_twice(form, rules, total, parts):
            found += twice
        elif spent := _spending(parts, rules):
            found.append(_best(form, rules, total, spent))
        else:
            found += _broken_down_twice(form, rules, total, parts, with_slip=True) or [whole]
    return tuple(found)


def _spending(parts: tuple[FundingRow, ...], rules: Rules) -> tuple[FundingRow, ...]:
    """The lines from the one labelled 支出… on, in a list that begins with one labelled 收入…; else none."""
    income, spending = tuple(rules.amounts.income), tuple(rules.amounts.spending)
    if not parts or not parts[0].label.startswith(income):
        return ()
    return parts[next((at for at, row in enumerate(parts) if row.label.startswith(spending)), len(parts)) :]


def _adds_up(form: Form, block: Block) -> bool:
    """Whether all sums hold in every column where they can be made, and in one that is not all zero."""
    real = False
    for column in MONEY_COLUMNS:
        total, parts = column_interval(form, block.total, column), column_sum(form, block.parts, column)
        if total is not None and parts is not None:
            if not total.meets(parts):
                return False
            real |= total.low > 0
        if any(_overflows(form, branch, column) for branch in block.branches):
            return False
    return real


def _overflows(form: Form, branch: Branch, column: str) -> bool:
    """Whether the lines under a line are more than it."""
    parent, children = column_interval(form, branch.row, column), column_sum(form, branch.children, column)
    return children is not None and (parent is None or children.low > parent.high)


def _broken_down_twice(
    form: Form, rules: Rules, total: FundingRow, parts: tuple[FundingRow, ...], *, with_slip: bool = False
) -> list[Block]:
    """The two lists that each make the total; `with_slip` one of them in some of the columns only."""
    for cut in range(1, len(parts)):
        two = [_best(form, rules, total, some) for some in (parts[:cut], parts[cut:])]
        holds = [_adds_up(form, block) and _not_by_rounding(form, block) for block in two]
        slipped = with_slip and any(holds) and all(_adds_up_somewhere(form, block) for block in two)
        if all(holds) or slipped:
            return two
    return []


def _adds_up_somewhere(form: Form, block: Block) -> bool:
    """Whether several lines make the total in one column at least that is not all zero."""
    columns = [(column_interval(form, block.total, one), column_sum(form, block.parts, one)) for one in MONEY_COLUMNS]
    return len(block.parts) > 1 and any(
        total is not None and parts is not None and total.low > 0 and total.meets(parts) for total, parts in columns
    )


def _not_by_rounding(form: Form, block: Block) -> bool:
    """A breakdown of one line repeats the total; figures that merely could round to it are none."""
    if len(block.parts) > 1:
        return True
    cells = [
        (form.cell("funding", block.total.ordinal, name), form.cell("funding", block.parts[0].ordinal, name))
        for name in (f"{column}_wanyuan" for column in MONEY_COLUMNS)
    ]
    return all(whole.value == part.value for whole, part in cells if whole and part)


def _segments(rows: Sequence[FundingRow]) -> Iterator[tuple[FundingRow, tuple[FundingRow, ...]]]:
    """Each total with the components after it; lines above a single total at the foot belong to it."""
    totals = [i for i, row in enumerate(rows) if row.role == "total"]
    if len(totals) == 1:
        yield rows[totals[0]], tuple(row for row in rows if row.role != "total")
        return
    for start, end in zip(totals, [*totals, len(rows)][1:], strict=True):
        yield rows[start], tuple(rows[start + 1 : end])


def _best(form: Form, rules: Rules, total: FundingRow, parts: tuple[FundingRow, ...]) -> Block:
    readings = islice(_readings(parts, rules), MOST_READINGS)
    return max((Block(total, branches) for branches in readings), key=lambda block: _fit(form, block))


def _readings(rows: tuple[FundingRow, ...], rules: Rules) -> Iterator[tuple[Branch, ...]]:
    """Every legal way to put the lines under each other, most nested first."""
    if not rows:
        yield ()
        return
    head, rest = rows[0], rows[1:]
    nest = rules.nests.get(head.source, _NO_NEST)
    runs = [(0, 0)]
    doubtful = 0
    marked = bool(rest) and rest[0].label.startswith(words("part_mark"))
    for length, row in enumerate(rest, start=1):
        if row.source in nest.usual or (marked and row.source not in rules.closing_sources):
            pass
        elif row.source in nest.possible:
            doubtful += 1
        else:
            break
        runs.append((length, doubtful))
    for length, doubtful in reversed(runs):
        branch = Branch(head, rest[:length], doubtful)
        for others in _readings(rest[length:], rules):
            yield (branch, *others)


def _fit(form: Form, block: Block) -> tuple[int, int, int]:
    """How well a reading fits: sums that hold, nested lists that are not larger than their parent, natural nesting."""
    holding = violated = 0
    for column in MONEY_COLUMNS:
        total = column_interval(form, block.total, column)
        parts = column_sum(form, block.parts, column)
        holding += total is not None and parts is not None and total.meets(parts)
        violated += sum(_overflows(form, branch, column) for branch in block.branches)
    nested = sum(len(branch.children) - 2 * branch.doubtful for branch in block.branches)
    return 2 * holding - violated, -violated, nested


def column_interval(form: Form, row: FundingRow, column: str) -> Interval | None:
    cell = form.money(row, column)
    return cell.interval if cell else None


def column_sum(form: Form, rows: Sequence[FundingRow], column: str) -> Interval | None:
    """Sum of the printed cells of some lines; None where none of them prints anything."""
    intervals = [interval for row in rows if (interval := column_interval(form, row, column)) is not None]
    if not intervals:
        return None
    total = intervals[0]
    for interval in intervals[1:]:
        total = total + interval
    return total

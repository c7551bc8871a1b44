"""Checks of a row of figures against the rows below it, which make it up in its other columns (表内的分项)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline.checks.amounts import compositions, lines, money_amounts, table_of
from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent
from pipeline.checks.printed import Printed, is_telling, row_name
from pipeline.checks.relation import sum_of
from pipeline.checks.sums import interval_sum, sum_finding
from schemas.records import Subject

_FEWEST, _MOST = 2, 12
"""How many rows may make up the one above them."""


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of a table of figures: its label, and its figures by their columns (一行)."""

    label: str
    cells: Mapping[str, Printed]


@check(
    "amount_rows",
    "上下各行的分项与合计",
    "同一张表中：某行的其他栏等于其下各行之和，这一栏也应相等",
    "warning",
)
def amount_rows(form: Form, rules: Rules) -> Iterator[Finding]:
    """项目支出 436 = 226 + 210 in one column, 428.6 beside 241.4 + 207.2 in the next.

    Only where all columns but one agree: two at least, or one where the rows below are numbered anew, or begin with
    其中.
    """
    known = {one.total.ref for line in lines(form, rules) for one in compositions(line, rules)}
    for rows in _tables(form):
        for at, head in enumerate(rows):
            yield from _below(head, rows[at + 1 : at + 1 + _MOST], rules, known)


def _tables(form: Form) -> Iterator[list[_Row]]:
    tables: dict[tuple[str, str | None], dict[str | None, _Row]] = {}
    for amount, cell in money_amounts(form):
        rows = tables.setdefault((table_of(amount), amount.context), {})
        row = rows.get(amount.locator, _Row(amount.label, {}))
        rows[amount.locator] = replace(row, cells={**row.cells, amount.measure or "": cell})
    for found in tables.values():
        yield list(found.values())


def _below(head: _Row, rows: Sequence[_Row], rules: Rules, known: set[Subject]) -> Iterator[Finding]:
    for count in range(_FEWEST, len(rows) + 1):
        parts = rows[:count]
        columns = [column for column in head.cells if all(column in part.cells for part in parts)]
        sums = {column: interval_sum([part.cells[column] for part in parts]) for column in columns}
        odd = [column for column in columns if not head.cells[column].interval.meets(sums[column])]
        fits = [column for column in columns if column not in odd and is_telling(head.cells[column].value)]
        if len(odd) > 1 or not fits or head.cells[columns[0]].ref in known:
            continue
        if len(fits) > 1 or _opens(parts[0], head, rules):
            yield _finding(head, parts, odd or fits[:1])
            return


def _opens(part: _Row, head: _Row, rules: Rules) -> bool:
    """Whether a row is the first of what its head is made of: 其中, or a number of its own."""
    own = rules.numbering.level(part.label)
    is_inside = rules.numbering.inside.match(part.label) is not None
    return is_inside or (own is not None and own != rules.numbering.level(head.label))


def _finding(head: _Row, parts: Sequence[_Row], columns: Sequence[str]) -> Finding:
    column = columns[0]
    total = head.cells[column]
    cells = [replace(part.cells[column], row=row_name(part.label)) for part in parts]
    finding = sum_finding(total, cells, None)
    if finding.outcome == "consistent":
        relation = sum_of(total.ref, [cell.ref for cell in cells])
        return consistent(f"{total.name}与其下{len(cells)}行之和相符。", finding.subjects, total.shown, (relation,))
    message = finding.message.removesuffix("。")
    return replace(finding, message=f"{message}；其余各栏均等于其下{len(cells)}行之和。", severity="warning")

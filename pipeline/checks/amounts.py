"""Checks of other tables: parts of a total, members of a summary row, income − spending = balance (其他数额的核对)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.checks.config import Rules, SumFamily
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, amount_cell, exact_zeros, plain
from pipeline.checks.relation import sum_of
from pipeline.checks.sums import interval_sum, rounding, sum_finding
from pipeline.checks.written import written
from schemas.lexicon import lexicon, normalise
from schemas.locators import read_locator
from schemas.records import Amount, Severity
from schemas.vocabulary import names_any, words


@dataclass(frozen=True, slots=True)
class AmountItem:
    """One money figure of a line: its words in the line, and its path where the table has levels (一行或一列里的数)."""

    cell: Printed
    text: str
    path: tuple[str, ...]

    @property
    def label(self) -> str:
        """The name as printed, with its number."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class AmountLine:
    """Figures that stand in one row, or one column, of one table (表的一行或一列)."""

    axis: Literal["row", "column"]
    title: str
    items: tuple[AmountItem, ...]


def plain_words(text: str, rules: Rules) -> str:
    """A label without numbering, 其中 and brackets: `其中：公车购置` → 公车购置."""
    return normalise(rules.numbering.name(unicodedata.normalize("NFKC", text)))


def table_of(amount: Amount) -> str:
    """Which table a figure stands in; "" where its place does not say it: then the title over it tells."""
    table = read_locator(amount.locator).table
    return "" if table is None else str(table)


def money_amounts(form: Form) -> tuple[tuple[Amount, Printed], ...]:
    """The money figures of tables with their cells; in one table a bare 0 among decimals is exactly nothing."""
    tables: dict[str | None, list[tuple[Amount, Printed]]] = {}
    for amount in form.amounts:
        cell = amount_cell(amount)
        if amount.origin == "table" and cell is not None and cell.kind == "money":
            tables.setdefault(amount.context, []).append((amount, cell))
    found = []
    for rows in tables.values():
        cells = exact_zeros([cell for _, cell in rows])
        found += [(amount, cell) for (amount, _), cell in zip(rows, cells, strict=True)]
    return tuple(found)


def lines(form: Form, rules: Rules) -> Iterator[AmountLine]:
    """The rows, then the columns of every table of figures."""
    figures = money_amounts(form)
    for axis in ("row", "column"):
        groups: dict[tuple[str, str | None, str | None], list[AmountItem]] = {}
        for amount, cell in figures:
            inside, along = (amount.label, amount.measure) if axis == "row" else (amount.measure, amount.label)
            if along:
                path = _path(along)
                named = replace(cell, row=path[-1])
                item = AmountItem(named, plain_words(path[-1], rules), path)
                groups.setdefault((table_of(amount), amount.context, inside), []).append(item)
        for (_, _, inside), items in groups.items():
            yield AmountLine("row" if axis == "row" else "column", inside or "", tuple(items))


def _path(along: str) -> tuple[str, ...]:
    """The levels of a name; a 小计 under a head is the head's own figure: 基本支出/小计 → 基本支出."""
    levels = tuple(part for part in along.split("/") if part)
    own = len(levels) > 1 and lexicon().key(levels[-1]) in ("subtotal", "total")
    return levels[:-1] if own else levels


@dataclass(frozen=True, slots=True)
class Composition:
    """A figure and the figures it is made of (合计与组成).

    `complete`: the list is known to be whole. `open_question` says why it is not certain that these are the parts.
    """

    total: Printed
    parts: tuple[Printed, ...]
    complete: bool
    open_question: str = ""


def compositions(line: AmountLine, rules: Rules) -> Iterator[Composition]:
    """Totals with their parts in one line: by the levels of the header, else by the words of `rules.toml`."""
    under: dict[tuple[str, ...], list[AmountItem]] = {}
    for item in line.items:
        under.setdefault(item.path[:-1], []).append(item)
    for item in line.items:
        families = [family for family in rules.amounts.sums if item.text in family.total]
        beneath = [part for part in under.get(item.path, []) if not _side_by_side(item, part, rules)]
        parts = beneath or _family_parts(line, item, families, rules)
        parts = parts if beneath else _with_others_between(line, item, parts)
        if parts:
            closing = any(part.text in family.closing for family in families for part in parts)
            yield Composition(item.cell, _counted(item, parts, rules), closing, _open_question(line, item, parts))


def _side_by_side(item: AmountItem, part: AmountItem, rules: Rules) -> bool:
    """Whether two labels of one path are neighbours (二、事业收入 | 五、社会保障支出), not a figure and its part."""
    levels = [rules.numbering.level(one.label) for one in (item, part)]
    return None not in levels and levels[0] >= levels[1]  # type: ignore[operator]


def _counted(total: AmountItem, parts: Sequence[AmountItem], rules: Rules) -> tuple[Printed, ...]:
    """The parts that are added: none that is a part of another one, by its number or, without numbers, by its value."""
    levels = [rules.numbering.level(part.label) for part in parts]
    known = [level for level in levels if level is not None]
    if len(known) == len(parts):
        return tuple(part.cell for part, level in zip(parts, levels, strict=True) if level == min(known))
    cells = [part.cell for part in parts]
    outer = outermost(cells)
    return tuple(outer if total.cell.interval.meets(interval_sum(outer)) else cells)


def outermost(cells: Sequence[Printed]) -> list[Printed]:
    """The figures without those that follow one and add up to it: 拨款 100, 一般公共预算 60, 政府性基金 40 → 100."""
    kept: list[Printed] = []
    at = 0
    while at < len(cells):
        kept.append(cells[at])
        at += 1 + _parts_of_head(cells[at], cells[at + 1 :])
    return kept


def _parts_of_head(head: Printed, after: Sequence[Printed]) -> int:
    """How many of the figures after a head make it up; 0 where none do."""
    if not head.value:
        return 0
    for count in range(1, len(after) + 1):
        if head.interval.meets(interval_sum(after[:count])):
            return count
    return 0


def _open_question(line: AmountLine, total: AmountItem, parts: Sequence[AmountItem]) -> str:
    """Why the figures may not be what the total is made of; "" where nothing speaks against it."""
    names = [item.text for item in line.items]
    twice = next((item.text for item in (total, *parts) if names.count(item.text) > 1), None)
    return f"表中不止一处“{twice}”" if twice else ""


def _family_parts(line: AmountLine, total: AmountItem, families: list[SumFamily], rules: Rules) -> list[AmountItem]:
    """Parts by words; a part that belongs to another part of the same total is not counted again."""
    words = {word for family in families for part in family.parts for word in part}
    parts = [item for item in line.items if item is not total and item.text in words]
    inner = {
        word
        for family in rules.amounts.sums
        if any(item.text in family.total for item in parts)
        for part in family.parts
        for word in part
    }
    return [item for item in parts if item.text not in inner]


def _with_others_between(line: AmountLine, total: AmountItem, parts: list[AmountItem]) -> list[AmountItem]:
    """The parts; with the rows of other names that stand among them right below the total, where these make the sum."""
    if not parts or _open_question(line, total, parts):
        return parts
    first, last = (line.items.index(one) for one in (total, parts[-1]))
    between = list(line.items[first + 1 : last + 1])
    fits = between and total.cell.interval.meets(interval_sum([one.cell for one in between]))
    return between if fits else parts


@check(
    "amount_sum",
    "数表分项之和与合计",
    "收入、支出、三公经费、固定资产等表：合计等于各项之和，“其中”各项不超过合计",
    "error",
)
def amount_sum(form: Form, rules: Rules) -> Iterator[Finding]:
    """A sum above the total contradicts it; one below may be a partial list, unless the list is known to be whole."""
    made = False
    for line in lines(form, rules):
        for composition in compositions(line, rules):
            made = True
            short: Severity = "warning" if composition.complete else "info"
            found = sum_finding(composition.total, composition.parts, short)
            unclear = found.outcome == "inconsistent" and composition.open_question
            if unclear:
                found = not_checkable(f"{composition.open_question}，分项的归属不明，合计无法核对。", found.subjects)
            yield found
    for found in _closing_totals(form, rules):
        made = True
        yield found
    if not made and form.amounts:
        yield not_checkable("没有读到印有合计与分项的数表，数表合计无法核对。")


def _closing_totals(form: Form, rules: Rules) -> Iterator[Finding]:
    """支出合计 below rows of any names: where they make it in another column of the table, they should in this one."""
    tables: dict[tuple[str, ...], list[AmountLine]] = {}
    for line in lines(form, rules):
        if line.axis == "column" and _is_closed(line):
            tables.setdefault(tuple(item.label for item in line.items), []).append(line)
    for columns in tables.values():
        sums = [sum_finding(line.items[-1].cell, [one.cell for one in line.items[:-1]], None) for line in columns]
        real = (line.items[-1].cell.value for line in columns)
        if any(one.outcome == "consistent" and value for one, value in zip(sums, real, strict=True)):
            odd = [one for one in sums if one.outcome == "inconsistent"]
            yield from (replace(one, severity="warning") for one in odd)


def _is_closed(line: AmountLine) -> bool:
    """Whether a column ends with its only total, below two rows at least of one level."""
    *parts, last = line.items
    return len(parts) > 1 and _is_total(last) and not any(_is_total(one) or _is_part(one) for one in parts)


def _is_total(item: AmountItem) -> bool:
    return lexicon().key(item.text) in ("total", "subtotal") or lexicon().source(item.text) == "total"


@check(
    "summary_row",
    "汇总行与成员行",
    "整体支出自评报告：汇总行等于其下各单位之和",
    "error",
)
def summary_row(form: Form, rules: Rules) -> Iterator[Finding]:
    """Column by column; members that print nothing there count as nothing, so a sum below is only odd then."""
    for summary, members, silent in _summaries(form, rules):
        found = sum_finding(summary.cell, [member.cell for member in members], None)
        if (
            found.outcome == "inconsistent"
            and silent
            and summary.cell.value > interval_sum(member.cell for member in members).high
        ):
            found = replace(found, severity="warning")
        yield found


def _summaries(form: Form, rules: Rules) -> Iterator[tuple[AmountItem, list[AmountItem], bool]]:
    """Columns with one summary row, its members, and whether some member of the table is blank in this column."""
    columns = [line for line in lines(form, rules) if line.axis == "column"]
    for line in columns:
        summaries = [item for item in line.items if any(word in item.text for word in rules.amounts.summary)]
        members = [item for item in line.items if item not in summaries and not _is_part(item)]
        if len(summaries) != 1 or not members or len(members) != len(line.items) - 1:
            continue
        summary = summaries[0]
        everybody = {
            item.text
            for other in columns
            if any(one.text == summary.text for one in other.items)
            for item in other.items
        }
        yield summary, members, len(everybody) > len(line.items)


def _is_part(item: AmountItem) -> bool:
    return item.path[-1].startswith(words("part_mark")) or len(item.path) > 1


@check(
    "income_spending_balance",
    "收入、支出与结余",
    "收入（含上年结转）－支出＝结余",
    "error",
    agrees="收支结余",
)
def income_spending_balance(form: Form, rules: Rules) -> Iterator[Finding]:
    """Per office or per column. Where no carry-over is printed it may be missing from the income: then a warning."""
    made = False
    for name, group in _balance_groups(form, rules).items():
        income, spending, balance = (
            _only(group, words) for words in (rules.amounts.income, rules.amounts.spending, rules.amounts.balance)
        )
        if income and spending and balance:
            made = True
            yield _balance_finding(name, income, spending, balance, _only(group, rules.amounts.carryover))
    if not made and form.amounts:
        yield not_checkable("没有读到同一单位的收入、支出与结余，收支结余无法核对。")


def _balance_groups(form: Form, rules: Rules) -> dict[str, list[AmountItem]]:
    """Items by office (tables with figures in columns) or by column (tables with figures in rows)."""
    groups: dict[str, list[AmountItem]] = {}
    for amount, cell in money_amounts(form):
        if amount.measure:
            path = _path(amount.measure)
            groups.setdefault(amount.label, []).append(AmountItem(cell, plain_words(path[-1], rules), path))
        path = _path(amount.label)
        if path:
            groups.setdefault(amount.measure or "", []).append(AmountItem(cell, plain_words(path[-1], rules), path))
    return groups


def _only(group: list[AmountItem], words: frozenset[str]) -> Printed | None:
    """The one figure with such a name; None where there are several, or none."""
    found = [item.cell for item in group if item.text in words]
    return found[0] if len(found) == 1 else None


def _balance_finding(
    name: str, income: Printed, spending: Printed, balance: Printed, carryover: Printed | None
) -> Finding:
    left = income.interval - spending.interval
    value = income.value - spending.value
    subjects = (income.ref, spending.ref, balance.ref)
    relation = sum_of(balance.ref, [income.ref], [spending.ref])
    head = f"{'“' + name + '”' if name else ''}收入{income.shown}－支出{spending.shown}＝{written(value, balance)}"
    if balance.interval.meets(left):
        return consistent(f"{head}，与结余{balance.shown}相符。", subjects, balance.shown, (relation,))
    if carryover and balance.interval.meets(left + carryover.interval):
        message = f"{head}，加上年结转{carryover.shown}，与结余{balance.shown}相符。"
        relation = sum_of(balance.ref, [income.ref, carryover.ref], [spending.ref])
        return consistent(message, (*subjects, carryover.ref), balance.shown, (relation,))
    return Finding(
        "inconsistent",
        f"{head}，而结余填列{balance.shown}，差异{plain(abs(balance.value - value))}万元。",
        subjects,
        reported=balance.shown,
        expected=written(value, balance),
        difference=balance.value - value,
        tolerance=rounding(balance.interval, left),
        unit="万元",
        severity=None if carryover else "warning",
        relations=(relation,),
    )


@check(
    "funding_composition",
    "资金构成与总额",
    "整体支出自评表：按收入性质、按支出性质分列的各项之和等于年度资金总额",
    "error",
)
def funding_composition(form: Form, rules: Rules) -> Iterator[Finding]:
    """Income by nature and spending by nature against the total line of the funding table."""
    totals = [row for row in form.funding if row.role == "total"]
    sides: dict[str, list[Printed]] = {}
    for amount, cell in money_amounts(form):
        side, _, label = amount.label.partition("/")
        if label and "/" not in label and names_any("by_nature", side):
            sides.setdefault(side, []).append(replace(cell, row=label))
    if len(totals) != 1:
        return
    for side, parts in sides.items():
        columns = (
            ("executed", "annual_budget")
            if names_any("spending_side", side)
            else ("annual_budget", "executed", "arrived")
        )
        cells = [form.money(totals[0], column) for column in columns]
        found = [sum_finding(cell, parts, "warning", f"{side}：") for cell in cells if cell]
        if found:
            yield next((one for one in found if one.outcome == "consistent"), found[0])

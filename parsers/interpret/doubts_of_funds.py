"""What is doubtful in a block of funds: figures lost from a row, or standing in another's (资金块存疑之处)."""

from __future__ import annotations

from collections.abc import Sequence, Set
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.align import Assigned
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.doubts_of_texts import formula_error, printed_twice
from parsers.interpret.drafts import FormDraft, FundingLine
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Row
from parsers.said import place_of
from schemas.lexicon import Lexicon
from schemas.records import FundingRow
from schemas.vocabulary import names_any, pattern

_BUDGETS = ("initial_budget", "annual_budget")
_MONEY = (*_BUDGETS, "executed")
_PRINTED = (*_MONEY, "points", "execution_rate", "score")
_ZH = {"initial_budget": "年初预算数", "annual_budget": "全年预算数", "executed": "全年执行数"}
_LEADING_ZERO = pattern("leading_zero")
_HALF = {False: "得分而没有分值", True: "分值而没有得分"}
_FEWEST_FILLED = 3
"""Rows with a figure in a column from which the only one without one tells something."""


def doubts_of_funds(rows: Sequence[FundingRow], printed: Sequence[FundingRow], told: Set[str | None]) -> list[Problem]:
    """Doubts about the rows that state something; `printed` are all rows, those that nobody filled in among them,
    with what stands in their own cells.

    Of the places `told` something is said already.
    """
    found = (
        *(*_spent_of_nothing(rows), *_lone_blanks(rows), *_score_of_another(rows, printed)),
        *(*_emptied(rows, printed), *_parts_of_nothing(rows), *_twice(rows), *_malformed(rows)),
        *(*_nameless(rows), *_of_odd_text(rows)),
    )
    return [problem for problem in found if problem.place is not None and problem.place.locator not in told]


def funds_outside(form: FormDraft, loose: Sequence[Row], lexicon: Lexicon) -> list[Problem]:
    """The total of funds with figures in a row that was taken for no block of funds, in the table of a form without
    one: its heads are lost, or joined to the row above."""
    grids = {assigned.row.grid.number for assigned in form.indicators}
    if form.funding or form.side_amounts:
        return []
    beside = (row for row in loose if row.grid.number in grids and _is_total_of_columns(row, lexicon))
    return [
        Problem("row_not_read", f"{row.place.locator}：该行有资金总额而没有读出资金表，请核对原文。", row.place)
        for row in list(beside)[:1]
    ]


def _is_total_of_columns(row: Row, lexicon: Lexicon) -> bool:
    """Whether the label of a total has figures of several columns behind it; labels with theirs in turn are pairs."""
    texts = [slot.text for slot in row.filled]
    at = next((at for at, text in enumerate(texts) if lexicon.is_funding_total(text)), len(texts))
    behind = texts[at + 1 : at + 3]
    return len(behind) > 1 and all(map(is_figure, behind))


def lone_labels(form: FormDraft, loose: Sequence[Row]) -> list[Problem]:
    """Rows of the block that print a label nobody listed and no figure: the rest of the label above, or a source whose
    figures are lost."""
    lines = {(line.assigned.row.grid.number, line.assigned.row.index): line.assigned for line in form.funding}
    found = []
    for row in loose:
        above = lines.get((row.grid.number, row.index - 1))
        if above is not None and _is_label_alone(row, above, followed=(row.grid.number, row.index + 1) in lines):
            label = "".join(slot.text for slot in row.filled)
            text = (
                f"{row.place.locator}：只印有“{label[:40]}”，没有数值，是上一行的续行还是缺了数字未能确定，请核对原文。"
            )
            found.append(Problem("row_without_values", text, row.place))
    return found


def _is_label_alone(row: Row, above: Assigned, *, followed: bool) -> bool:
    """Whether a row has words in the columns of labels only, with room for figures beside them.

    In the first column a heading of the next block may stand; where funds follow it is none.
    """
    money = [column for column in above.columns if column.concept in MONEY_COLUMNS]
    if not money or not row.filled or any(map(str.isdigit, "".join(slot.text for slot in row.filled))):
        return False
    left, last = money[0].start, row.filled[-1]
    room = any(slot.own and not slot.text and slot.start >= left for slot in row.slots)
    return room and last.stop <= left and (followed or last.start > 0)


def _spent_of_nothing(rows: Sequence[FundingRow]) -> list[Problem]:
    """Rows with spending and no budget at all, in a block with a column of it whose parts leave something of the total
    there, or that has no total; rows with a budget and a rate and no spending, where others have all three."""
    spent = any(row.executed_wanyuan is not None for row in rows)
    unspent = [
        _doubt(row, f"有预算数和执行率 {row.execution_rate_raw} 而没有全年执行数，单元格可能缺失或错行")
        for row in rows
        if spent and row.execution_rate_pct and _is_open(row, "executed") and _has_budget(row)
    ]
    return [*unspent, *_without_budget(rows)]


def _has_budget(row: FundingRow) -> bool:
    return any(_amount(row, column) for column in _BUDGETS)


def _without_budget(rows: Sequence[FundingRow]) -> list[Problem]:
    budgeted = [column for column in _BUDGETS if any(_amount(row, column) is not None for row in rows)]
    if not budgeted:
        rated = (row for row in rows if row.executed_wanyuan and row.execution_rate_pct and row.arrived_wanyuan is None)
        return [
            _doubt(row, f"有全年执行数和执行率 {row.execution_rate_raw} 而没有预算数，预算数可能缺失") for row in rated
        ]
    if not (_is_short(rows, budgeted) or not any(row.role == "total" for row in rows)):
        return []
    return [
        _doubt(row, f"有全年执行数 {row.executed_raw} 而没有预算数，单元格可能缺失或错行")
        for row in rows
        if row.executed_wanyuan and all(_is_open(row, column) for column in budgeted)
    ]


def _lone_blanks(rows: Sequence[FundingRow]) -> list[Problem]:
    """The only part without a figure in a column of money where every other row has one, be it 0.00, or whose parts
    fall short of the total there alone; a blank beside nothing but noughts is one more."""
    found = []
    for column in _MONEY:
        blank = [row for row in rows if _is_open(row, column)]
        stating = [row for row in blank if any(_amount(row, other) for other in _MONEY)]
        filled = [row for row in rows if _amount(row, column) is not None]
        is_lacking = _is_short(rows, (column,)) and _is_complete(rows)
        is_of_total = bool(filled) and all(row.role == "total" for row in blank)
        if len(blank) == 1 and (len(filled) >= _FEWEST_FILLED or is_lacking or is_of_total):
            found += [_doubt(row, f"没有{_ZH[column]}，而其余各行都有，可能漏填，也可能错行") for row in stating]
        elif is_lacking:
            found += [_doubt(row, f"没有{_ZH[column]}，而各行之和不足合计，可能漏填，也可能错行") for row in stating]
    return found


def _score_of_another(rows: Sequence[FundingRow], printed: Sequence[FundingRow]) -> list[Problem]:
    """A part with a score and no points, or points and no score, in a block with a column of points: a neighbour's
    figure. Parts that are scored by themselves have both."""
    if not any(row.points is not None for row in printed):
        return []
    half = [row for row in rows if row.role != "total" and (row.score is None) != (row.points is None)]
    return [_doubt(row, f"只有{_HALF[row.score is None]}，可能错行") for row in half]


def _twice(rows: Sequence[FundingRow]) -> list[Problem]:
    """Rows with the label and all figures of an earlier one, some of them not zero: pasted twice."""
    seen: set[tuple[str, ...]] = set()
    found = []
    for row in rows:
        told = (row.label, *((getattr(row, f"{column}_raw") or "") for column in _MONEY))
        if told in seen and any(_amount(row, column) for column in _MONEY):
            found.append(_doubt(row, "与前面的一行完全相同，可能重复粘贴"))
        seen.add(told)
    return found


def shared_money(lines: Sequence[FundingLine]) -> list[Problem]:
    """Rows whose amount stands in the cell of the row above, which reaches over both: whose it is, or whether each row
    has as much, the form does not say."""
    found = []
    for line in lines[1:]:
        place = line.assigned.row.place
        reaching = (slot for name in _MONEY for slot in line.assigned.reaching(name))
        if slot := next((slot for slot in reaching if is_figure(slot.text)), None):
            text = f"{place.locator}：“{line.label}”与上一行同在一格“{slot.text}”，该数属于哪一行未能确定，请核对原文。"
            found.append(Problem("cells_in_one_column", text, place))
    return found


def _nameless(rows: Sequence[FundingRow]) -> list[Problem]:
    """Rows of parts with money and no label among others that have one: two labels stand in one cell, or it is lost."""
    if not any(row.label for row in rows):
        return []
    return [
        _doubt(row, "没有名称，可能与相邻一行的名称连在一起，也可能缺失")
        for row in rows
        if not row.label and row.role != "total" and any(_amount(row, column) is not None for column in _MONEY)
    ]


def _of_odd_text(rows: Sequence[FundingRow]) -> list[Problem]:
    """Rows whose label is printed twice in its cell, or with a formula that failed."""
    twice = [_doubt(row, "的名称像是同一格印了两遍") for row in rows if printed_twice(row.label)]
    funded = [row for row in rows if any(_amount(row, column) for column in _MONEY)]  # of 0 the rate is #DIV/0!
    raws = [(row, text) for row in funded for name in _PRINTED if formula_error(text := getattr(row, f"{name}_raw"))]
    return [*twice, *(_doubt(row, f"的一格印作“{text}”，是公式出错或列宽不够，没有数值") for row, text in raws)]


def _malformed(rows: Sequence[FundingRow]) -> list[Problem]:
    """Rows with a rate that begins with 0 and goes on without a point (00%, 05.20%): a digit before it is lost."""
    rated = [row for row in rows if row.execution_rate_raw and _LEADING_ZERO.match(row.execution_rate_raw)]
    return [_doubt(row, f"的执行率印作“{row.execution_rate_raw}”，像是缺了数字") for row in rated]


def _parts_of_nothing(rows: Sequence[FundingRow]) -> list[Problem]:
    """The first row, where it names a part (其中：…) of a whole that the block does not have."""
    if not rows or not names_any("part_mark", rows[0].label) or any(row.role == "total" for row in rows):
        return []
    return [_doubt(rows[0], "是其中一项，没有读到它所属的总额，总额一行可能缺失")]


def _emptied(rows: Sequence[FundingRow], printed: Sequence[FundingRow]) -> list[Problem]:
    """Rows without any figure, where the parts fall short of the total, or where it is the total that has none."""
    empty = [row for row in printed if row.locator not in {one.locator for one in rows}]
    has_total = any(row.role == "total" for row in rows)
    lost = [row for row in empty if (row.role == "total" and rows and not has_total) or _is_short(rows, _MONEY)]
    return [_doubt(row, "没有数字，而其余各行有数字且与合计不符，该行的数字可能缺失") for row in lost]


def _is_short(rows: Sequence[FundingRow], columns: Sequence[str]) -> bool:
    """Whether the parts leave something of the only total in every one of the columns that both fill."""
    totals = [row for row in rows if row.role == "total"]
    parts = [row for row in rows if row.role != "total"]
    if len(totals) != 1:
        return False
    made = {column: [value for row in parts if (value := _amount(row, column)) is not None] for column in columns}
    told = [(whole, sum(made[column])) for column in columns if (whole := _amount(totals[0], column)) and made[column]]
    return bool(told) and all(part < whole for whole, part in told)


def _is_complete(rows: Sequence[FundingRow]) -> bool:
    """Whether the parts make the total in some column of money."""
    for column in _MONEY:
        whole = [value for row in rows if row.role == "total" and (value := _amount(row, column))]
        parts = [value for row in rows if row.role != "total" and (value := _amount(row, column)) is not None]
        if len(whole) == 1 and len(parts) > 1 and sum(parts) == whole[0]:
            return True
    return False


def _amount(row: FundingRow, column: str) -> Decimal | None:
    value: Decimal | None = getattr(row, f"{column}_wanyuan")
    return value


def _is_open(row: FundingRow, column: str) -> bool:
    """Whether a cell prints nothing; — says that there is nothing."""
    return not (getattr(row, f"{column}_raw") or "").strip()


def _doubt(row: FundingRow, what: str) -> Problem:
    return Problem("uncertain_columns", f"{row.locator}：“{row.label}”{what}，请核对原文。", place_of(row))

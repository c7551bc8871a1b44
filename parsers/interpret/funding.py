"""Funding rows: drafts → records (项目资金)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import regex

from parsers.document import Problem
from parsers.interpret.align import Assigned, doubt_short_rows
from parsers.interpret.assigned_cells import read_number, row_problems, unknown_headers
from parsers.interpret.concepts import MONEY_COLUMNS, PART
from parsers.interpret.doubts_of_funds import doubts_of_funds, shared_money
from parsers.interpret.drafts import FormDraft, FundingLine
from parsers.interpret.money_units import ASSUMED_UNIT, read_money, unit_of_cell, unknown_unit
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import cell_place, row_amount
from schemas.lexicon import Lexicon
from schemas.numerals import one_figure
from schemas.quantities import Quantity, is_blank, parse_money, parse_number, parse_percent, parse_points
from schemas.records import Amount, CellPlace, FundingRow
from schemas.units import MoneyUnit, begins_with_yuan_sign, is_money_unit, is_yuan, unit_at_end
from schemas.vocabulary import names_any, pattern

_HIGHEST_RATIO = 3
"""A ratio of executed to budget is small; 85.86 is a percentage, whatever the amounts beside it say."""
_PERCENT_SIGN = pattern("percent_sign")
_BLOCK_POINTS = pattern("block_points")
_YEAR = pattern("year")
MOST_EXECUTION_POINTS = 100
"""What the execution of the budget, a part of the score, is worth at the most (107.24 = 10 | 7.24)."""
_ENDS_IN_POINTS = regex.compile(r"[\d,，]+\.\d{2}(?:10|15|20|30|100)")
_RATE_ROUNDING = Decimal("0.05")
_UNIT_BEHIND = regex.compile(r"[(（]([^()（）]+)[)）]$")
_TAKEN = frozenset(
    (
        *(*MONEY_COLUMNS, PART, "other_money", "execution_rate", "other_rate", "completion_rate"),
        *("points", "score", "other_score", "coefficient", "deviation", "criteria"),
        *("label", "side", "blank", "name", "sequence", "funding_label", "spending_label"),
    )
)
"""Concepts of columns that a funding table may have."""
_OTHER_MONEY = frozenset({PART, "other_money"})
_OTHER_RATES = frozenset({"other_rate", "completion_rate"})

_FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("initial_budget", "initial_budget_wanyuan", "initial_budget_raw", "年初预算数"),
    ("annual_budget", "annual_budget_wanyuan", "annual_budget_raw", "全年预算数"),
    ("executed", "executed_wanyuan", "executed_raw", "全年执行数"),
    ("arrived", "arrived_wanyuan", "arrived_raw", "到位数"),
    ("points", "points", "points_raw", "分值"),
    ("execution_rate", "execution_rate_pct", "execution_rate_raw", "执行率"),
    ("score", "score", "score_raw", "得分"),
)
_MONEY_FIELDS = frozenset(field for concept, field, _, _ in _FIELDS if concept in MONEY_COLUMNS)


def funding_rows(form: FormDraft, unit: MoneyUnit | None, lexicon: Lexicon) -> tuple[list[FundingRow], list[Problem]]:
    """The records of a form's funding block, and the cells that could not be read.

    `unit` is that of the block, for money whose row and column state none.
    """
    rows: list[FundingRow] = []
    problems: list[Problem] = []
    certain = doubt_short_rows([line.assigned for line in form.funding], _header_cells(form))
    for line, assigned in zip(form.funding, certain, strict=True):
        row, found = _funding_row(replace(line, assigned=assigned), len(rows), unit, lexicon)
        rows.append(row)
        problems.extend(found)
    problems += _unit_not_stated(rows, form, unit)
    printed = _with_ratios(_with_whole(rows, lexicon))
    rows = _stating_something(_with_block_points(printed, form))
    problems += shared_money(form.funding)
    told = {problem.place.locator for problem in problems if problem.place is not None}
    problems += doubts_of_funds(rows, printed, told)
    problems.extend(unknown_headers("资金表", [line.assigned for line in form.funding], is_figure, _TAKEN))
    return rows, problems


def _with_whole(rows: list[FundingRow], lexicon: Lexicon) -> list[FundingRow]:
    """The rows, one of them the whole though its label does not say so: the only one, or a 小计 at an end of others."""
    if len(rows) == 1:
        found = [row for row in rows if not names_any("part_mark", row.label)]
    else:
        found = [row for row in (*rows[:1], *rows[-1:]) if lexicon.key(row.label) == "subtotal"]
    if len(found) != 1 or any(row.role != "component" for row in rows):
        return rows
    return [replace(row, role="total", source="total") if row is found[0] else row for row in rows]


def _stating_something(rows: Sequence[FundingRow]) -> list[FundingRow]:
    """Without the lines that nobody filled in (其他资金 with no figure beside it)."""
    raws = [raw for _, _, raw, _ in _FIELDS]
    filled = [row for row in rows if any(not is_blank(getattr(row, raw) or "") for raw in raws)]
    return [replace(row, ordinal=ordinal) for ordinal, row in enumerate(filled)]


def _header_cells(form: FormDraft) -> int:
    """The cells of the header row of a funding block; 0 where it has none."""
    heads = form.funding_block[0] if form.funding_width and form.funding_block else None
    return len(heads.slots) if heads is not None and heads.exact else 0


def _with_ratios(rows: list[FundingRow]) -> list[FundingRow]:
    """Rates printed as ratios (`1` for 100%, `0.92` for 92%): told by the amounts beside them, for the whole block.

    A printed % is never reinterpreted, and without amounts a bare number stays percentage points.
    """
    bare = [row for row in rows if row.execution_rate_pct and not _PERCENT_SIGN.search(row.execution_rate_raw or "")]
    evidence = [_is_ratio(row) for row in bare]
    small = all(row.execution_rate_pct is not None and row.execution_rate_pct < _HIGHEST_RATIO for row in bare)
    if not small or not any(evidence) or any(found is False for found in evidence):
        return rows
    return [_as_percent(row) if row in bare else row for row in rows]


def _as_percent(row: FundingRow) -> FundingRow:
    """The row with its ratio in percentage points."""
    rate = row.execution_rate_pct
    cells = [
        replace(cell, step=cell.step * 100) if cell.column == "execution_rate_pct" and cell.step else cell
        for cell in row.cells
    ]
    return replace(row, execution_rate_pct=None if rate is None else rate * 100, cells=tuple(cells))


def _is_ratio(row: FundingRow) -> bool | None:
    """Whether the rate times 100 is nearer to executed / budget than the rate itself; None where nothing tells."""
    rate, executed = row.execution_rate_pct, row.executed_wanyuan
    bases = [base for base in (row.annual_budget_wanyuan, row.initial_budget_wanyuan, row.arrived_wanyuan) if base]
    if not rate or not executed or not bases:
        return None
    shares = [abs(executed / base) for base in bases]  # a sign printed wrong changes no notation
    return any(abs(share - rate) * 100 < abs(share * 100 - rate) for share in shares)


def _with_block_points(rows: list[FundingRow], form: FormDraft) -> list[FundingRow]:
    """Points printed in the block's name (预算执行情况（20分）) are those of its total row."""
    if any(column.concept == "points" for column in form.funding_columns):
        return rows
    slots = ((row, slot) for row in form.funding_block for slot in row.slots)
    stated = next(((row, slot, match) for row, slot in slots if (match := _BLOCK_POINTS.search(slot.text))), None)
    quantity = parse_points(stated[2][1]) if stated else None
    if stated is None or quantity is None:
        return rows
    cell = cell_place("points", (stated[1],), stated[0], quantity)
    return [
        replace(row, points=quantity.value, points_raw=quantity.raw, cells=(*row.cells, cell))
        if row.role == "total"
        else row
        for row in rows
    ]


def _unit_not_stated(rows: Sequence[FundingRow], form: FormDraft, unit: MoneyUnit | None) -> list[Problem]:
    """One problem for a block in which nothing states the unit of some money, or its sign and its head do not agree."""
    lacking = [cell.raw or "" for row in rows for cell in row.cells if _lacks_unit(cell)]
    if not lacking:
        return []
    signed = next(filter(begins_with_yuan_sign, lacking), None)
    if signed and unit is not None:
        read = f"与表头的单位“{unit.raw}”不合，暂按{unit.raw}处理"
        text = f"{form.place.locator}：金额印作“{signed}”，{read}，请核对原文。"
        return [Problem("yuan_sign", text, form.place)]
    text = f"{form.place.locator}：资金表没有读到金额单位，暂按{ASSUMED_UNIT}处理，请核对原文。"
    return [Problem("unit_not_stated", text, form.place)]


def _lacks_unit(cell: CellPlace) -> bool:
    return cell.column in _MONEY_FIELDS and bool(cell.raw) and not cell.unit_raw


def _funding_row(
    line: FundingLine, ordinal: int, block: MoneyUnit | None, lexicon: Lexicon
) -> tuple[FundingRow, list[Problem]]:
    assigned = _rate_by_amounts(line.assigned)
    values: dict[str, Any] = {}
    cells: list[CellPlace] = []
    problems: list[Problem] = []
    fused = _holds_points_too(assigned) if lexicon.is_funding_total(line.label) else None
    for concept, column, raw_column, zh in _FIELDS:
        text = assigned.text(concept)
        values[column], values[raw_column] = None, one_figure(text)
        if text and concept == fused:
            problems.append(_fused_with_points(assigned, zh, text))
            continue
        unit = _unit_of(concept, line, block)
        quantity, problem = _read_figure(assigned, concept, zh, unit)
        values[column] = quantity.value if quantity else None
        if problem:
            problems.append(problem)
        if text:
            stated = unit.raw if unit and not _is_signed_otherwise(text, unit) else None
            cells.append(cell_place(column, assigned.slots(concept), assigned.row, quantity, stated))
    problems.extend(row_problems(assigned))
    place = assigned.row.place
    states_whole = lexicon.column(line.label) in MONEY_COLUMNS  # 预算数： | 100 | 执行数： | 98
    source = "total" if states_whole else lexicon.source(line.label)
    row = FundingRow(
        ordinal=ordinal,
        label=_without_unit(line.label) if _heads_one_figure(line) else line.label,
        source=source,
        role="total" if source == "total" else "component",
        unit_raw=_common_unit(cells, block),
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        confidence=round(assigned.known * assigned.row.confidence, 3),
        cells=tuple(cells),
        **values,
    )
    return row, problems


def _unit_of(concept: str, line: FundingLine, block: MoneyUnit | None) -> MoneyUnit | None:
    """The unit of money in that column of the row; None for what is no money, and where none is stated."""
    column = line.assigned.column(concept) if concept in MONEY_COLUMNS else None
    return None if column is None else unit_of_cell(_row_label(line), column, block)


def _is_signed_otherwise(text: str, unit: MoneyUnit) -> bool:
    """Whether an amount is printed as 元 by its sign alone under a head in 万元 (￥1,986,400.00)."""
    return begins_with_yuan_sign(text) and not is_yuan(unit.raw) and not unit_at_end(text)


def _row_label(line: FundingLine) -> str:
    """The label that speaks for all of a row; that of a pair (预算数（元）： | 100) only heads its own figure."""
    return "" if _heads_one_figure(line) else line.label


def _heads_one_figure(line: FundingLine) -> bool:
    """Whether the label stands beside its own figure, with others like it in the row."""
    return any(line.label in column.path for column in line.assigned.columns)


def _without_unit(label: str) -> str:
    """A label without the unit of its figure in brackets behind it."""
    match = _UNIT_BEHIND.search(label)
    return label[: match.start()] if match and is_money_unit(match[1]) else label


def _common_unit(cells: Sequence[CellPlace], block: MoneyUnit | None) -> str | None:
    """The unit of a row: the one all its money is in, or the block's where it has none; None where they differ."""
    units = {cell.unit_raw for cell in cells if cell.column in _MONEY_FIELDS and cell.raw}
    if not units:
        return block.raw if block else None
    return units.pop() if len(units) == 1 else None


def _read_figure(
    assigned: Assigned, concept: str, zh: str, unit: MoneyUnit | None
) -> tuple[Quantity | None, Problem | None]:
    if concept not in MONEY_COLUMNS:
        in_percent = concept == "execution_rate" or _in_percent(concept, assigned)
        parse = parse_percent if in_percent else parse_points
        return read_number(assigned, concept, zh, parse, MOST_EXECUTION_POINTS)
    quantity, problem = read_number(assigned, concept, zh, lambda text: read_money(text, unit))
    if problem is not None and unit is not None and unit.factor is None and is_figure(assigned.text(concept)):
        return None, unknown_unit(assigned.row.place, zh, unit)
    return quantity, problem


def _in_percent(concept: str, assigned: Assigned) -> bool:
    """Whether a row prints points, or both points and score, in percent (权重 10% | 得分 9.5): a percentage point is a
    point. The rate once more in the place of points is a cell doubled."""
    points, score = assigned.text("points"), assigned.text("score")
    printed = [points] if concept == "points" else [points, score]
    return points != assigned.text("execution_rate") and all(_PERCENT_SIGN.search(text) for text in printed)


def _holds_points_too(assigned: Assigned) -> str | None:
    """The concept of the cell left of empty points that ends like them: 114.0010 = 114.00 | 10."""
    for index, column in enumerate(assigned.columns[1:], 1):
        left = "".join(slot.text for slot in assigned.cells[index - 1])
        if column.concept == "points" and not assigned.text("points") and _ENDS_IN_POINTS.fullmatch(left):
            return assigned.columns[index - 1].concept
    return None


def _fused_with_points(assigned: Assigned, zh: str, text: str) -> Problem:
    place = assigned.row.place
    return Problem(
        "cell_fused", f"{place.locator}：“{zh}”一格印作“{text}”，像是与分值连在一起，已留空，请核对原文。", place
    )


def _rate_by_amounts(assigned: Assigned) -> Assigned:
    """A row fitted by kind whose points or score is executed ÷ budget in percent: that figure is its rate."""
    if assigned.row.exact or assigned.certain == 1 or assigned.text("execution_rate"):
        return assigned
    concepts = [column.concept for column in assigned.columns]
    executed, budget = parse_money(assigned.text("executed")), parse_money(assigned.text("annual_budget"))
    if "execution_rate" not in concepts or executed is None or budget is None or not budget.value:
        return assigned
    for concept in ("points", "score"):
        found = parse_points(assigned.text(concept))
        if found is not None and abs(executed.value / budget.value * 100 - found.value) <= _RATE_ROUNDING:
            cells = list(assigned.cells)
            source, target = concepts.index(concept), concepts.index("execution_rate")
            cells[target], cells[source] = cells[source], ()
            return replace(assigned, cells=tuple(cells))
    return assigned


def part_amounts(form: FormDraft, block: MoneyUnit | None) -> list[Amount]:
    """Figures of the funding block under heads that have no column in the dataset: parts, balances, other rates."""
    amounts = []
    for line in form.funding:
        for column, slots in zip(line.assigned.columns, line.assigned.cells, strict=True):
            text = "".join(slot.text for slot in slots if slot.own)
            unit = unit_of_cell(_row_label(line), column, block) if column.concept in _OTHER_MONEY else None
            quantity = _other_figure(column.concept, text, unit) if text else None
            if quantity is None:
                continue
            year = _YEAR.search(column.header)
            amounts.append(
                replace(
                    row_amount(line.assigned.row, slots, quantity, unit, line.assigned.known),
                    label=line.label,
                    measure=column.header,
                    fiscal_year=int(year[1]) if year else None,
                    context="资金表",
                )
            )
    return amounts


def _other_figure(concept: str, text: str, unit: MoneyUnit | None) -> Quantity | None:
    if concept in _OTHER_MONEY:
        return read_money(text, unit)
    if concept in _OTHER_RATES:
        return parse_percent(text)
    return parse_number(text) if concept in ("unknown", "other_score") else None

"""Funding rows: drafts → records (项目资金)."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import replace
from decimal import Decimal
from typing import Any

import regex

from parsers.document import Problem
from parsers.interpret.align import DOUBTFUL, Assigned, doubt_short_rows
from parsers.interpret.columns import LEVEL_COLUMNS, MONEY_COLUMNS, PART
from parsers.interpret.drafts import FormDraft, FundingLine
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Slot, cell_place
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import fold
from schemas.quantities import Quantity, is_blank, money_factor, parse_money, parse_number, parse_percent
from schemas.records import Amount, CellPlace, FundingRow

_UNIT_IN_BRACKETS = regex.compile(r"[(（][^()（）]{0,8}?(亿元|百万元|万元|千元|元)[)）]")
_STATED_UNIT = regex.compile(r"单位[:：为]?\s*(?:人民币)?(亿元|百万元|万元|千元|元)")
_HIGHEST_RATIO = 3
"""A ratio of executed to budget is small; 85.86 is a percentage, whatever the amounts beside it say."""
_PERCENT_SIGN = regex.compile(r"[%％‰]|百分")
_BLOCK_POINTS = regex.compile(r"[(（](\d{1,3}(?:\.\d+)?)分[)）]")
_YEAR = regex.compile(r"((?:19|20)\d{2})年")
MOST_POINTS = 1000
"""Forms score up to 100, some up to 1000; more is two cells printed as one (2020 = 20 | 20)."""
MOST_EXECUTION_POINTS = 100
"""Likewise for the execution of the budget, a part of the score (107.24 = 10 | 7.24)."""
_ENDS_IN_POINTS = regex.compile(r"[\d,，]+\.\d{2}(?:10|15|20|30|100)")
_RATE_ROUNDING = Decimal("0.05")
_DIGIT = regex.compile(r"\d")
UNCERTAIN_UNIT = 0.7
_TAKEN = frozenset(
    (
        *(*MONEY_COLUMNS, PART, "other_money", "execution_rate", "other_rate", "completion_rate"),
        *("points", "score", "other_score", "coefficient", "deviation", "criteria"),
        *("label", "side", "blank", "name", "sequence", "funding_label"),
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


def money_unit(texts: list[str]) -> str | None:
    """The money unit stated nearest to the table: in its header cells (brackets) or in a line 单位：万元."""
    for text in texts:
        plain = fold(squeeze(text))
        match = _STATED_UNIT.search(plain) or _UNIT_IN_BRACKETS.search(plain)
        if match and money_factor(match[1]) is not None:
            return match[1]
    return None


def funding_rows(
    form: FormDraft, evaluation_id: str, unit: str | None, lexicon: Lexicon
) -> tuple[list[FundingRow], list[Problem]]:
    """The records of a form's funding block, and the cells that could not be read."""
    rows: list[FundingRow] = []
    problems: list[Problem] = []
    certain = doubt_short_rows([line.assigned for line in form.funding], _header_cells(form))
    for line, assigned in zip(form.funding, certain, strict=True):
        row, found = _funding_row(replace(line, assigned=assigned), len(rows), evaluation_id, unit, lexicon)
        rows.append(row)
        problems.extend(found)
    if len(rows) == 1 and rows[0].role == "component" and "其中" not in rows[0].label:
        # A block of one line states the whole, whatever its label.
        rows = [replace(rows[0], role="total", source="total")]
    rows = _with_block_points(_with_ratios(rows), form)
    problems.extend(unknown_headers("资金表", [line.assigned for line in form.funding], is_figure, _TAKEN))
    return rows, problems


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
    return [
        replace(row, execution_rate_pct=row.execution_rate_pct * 100)
        if row in bare and row.execution_rate_pct is not None
        else row
        for row in rows
    ]


def _is_ratio(row: FundingRow) -> bool | None:
    """Whether the rate times 100 is nearer to executed / budget than the rate itself; None where nothing tells."""
    rate, executed = row.execution_rate_pct, row.executed_wanyuan
    bases = [base for base in (row.annual_budget_wanyuan, row.initial_budget_wanyuan, row.arrived_wanyuan) if base]
    if not rate or not executed or not bases:
        return None
    return any(abs(executed / base - rate) * 100 < abs(executed / base * 100 - rate) for base in bases)


def _with_block_points(rows: list[FundingRow], form: FormDraft) -> list[FundingRow]:
    """Points printed in the block's name (预算执行情况（20分）) are those of its total row."""
    if any(column.concept == "points" for column in form.funding_columns):
        return rows
    texts = [squeeze(slot.cell.text) for row in form.funding_block for slot in row.slots]
    stated = next((match for text in texts if (match := _BLOCK_POINTS.search(text))), None)
    if stated is None:
        return rows
    quantity = parse_number(stated[1])
    return [
        replace(row, points=quantity.value, points_raw=stated[1]) if quantity and row.role == "total" else row
        for row in rows
    ]


def _funding_row(
    line: FundingLine, ordinal: int, evaluation_id: str, unit: str | None, lexicon: Lexicon
) -> tuple[FundingRow, list[Problem]]:
    assigned = _rate_by_amounts(line.assigned)
    values: dict[str, Any] = {}
    cells: list[CellPlace] = []
    problems: list[Problem] = []
    unit_seen = unit
    fused = _holds_points_too(assigned) if lexicon.is_funding_total(line.label) else None
    for concept, column, raw_column, zh in _FIELDS:
        text = assigned.text(concept)
        if text and concept == fused:
            values[column], values[raw_column] = None, text
            problems.append(_fused_with_points(assigned, zh, text))
            continue
        quantity, problem = read_number(assigned, concept, zh, _parser(concept, assigned, unit), MOST_EXECUTION_POINTS)
        values[column] = quantity.value if quantity else None
        values[raw_column] = text or None
        if problem:
            problems.append(problem)
        if text:
            cells.append(cell_place(column, assigned.slots(concept), assigned.row))
        if quantity and quantity.unit == "wanyuan" and quantity.unit_raw:
            unit_seen = unit_seen or quantity.unit_raw
    problems.extend(row_problems(assigned))
    place = assigned.row.place
    certain = assigned.certain * (1.0 if unit_seen else UNCERTAIN_UNIT)
    states_whole = lexicon.column(line.label) in MONEY_COLUMNS  # 预算数： | 100 | 执行数： | 98
    source = "total" if states_whole else lexicon.source(line.label)
    row = FundingRow(
        evaluation_id=evaluation_id,
        ordinal=ordinal,
        label=line.label,
        source=source,
        role="total" if source == "total" else "component",
        unit_raw=unit,
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        confidence=round(certain * assigned.row.confidence, 3),
        cells=tuple(cells),
        **values,
    )
    return row, problems


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
        found = parse_number(assigned.text(concept))
        if found is not None and abs(executed.value / budget.value * 100 - found.value) <= _RATE_ROUNDING:
            cells = list(assigned.cells)
            source, target = concepts.index(concept), concepts.index("execution_rate")
            cells[target], cells[source] = cells[source], ()
            return replace(assigned, cells=tuple(cells))
    return assigned


def _parser(concept: str, assigned: Assigned, unit: str | None) -> Callable[[str], Quantity | None]:
    """How a cell of that column is read; money in the unit its own head states, else in the block's."""
    if concept in ("points", "score"):
        return parse_number
    if concept == "execution_rate":
        return parse_percent
    own_unit = money_unit([assigned.header(concept)]) or unit or "万元"
    return lambda text: parse_money(text, own_unit)


def part_amounts(form: FormDraft, document_id: str, evaluation_id: str, unit: str | None) -> list[Amount]:
    """Figures of the funding block under heads that have no column in the dataset: parts, balances, other rates."""
    amounts = []
    for line in form.funding:
        for column, slots in zip(line.assigned.columns, line.assigned.cells, strict=True):
            text = "".join(slot.text for slot in slots if slot.own)
            quantity = _other_figure(column.concept, column.header, text, unit) if text else None
            if quantity is None:
                continue
            place = line.assigned.row.place
            amounts.append(
                Amount(
                    document_id=document_id,
                    evaluation_id=evaluation_id,
                    label=line.label,
                    measure=column.header,
                    fiscal_year=int(year[1]) if (year := _YEAR.search(column.header)) else None,
                    value=quantity.value,
                    unit=quantity.unit,
                    value_raw=text,
                    unit_raw=quantity.unit_raw or (unit if quantity.unit == "wanyuan" else None),
                    origin="table",
                    context="资金表",
                    page=place.page,
                    bbox=place.bbox,
                    locator=place.locator,
                    confidence=round(line.assigned.certain * line.assigned.row.confidence, 3),
                )
            )
    return amounts


def _other_figure(concept: str, header: str, text: str, unit: str | None) -> Quantity | None:
    if concept in _OTHER_MONEY:
        return parse_money(text, money_unit([header]) or unit or "万元")
    if concept in _OTHER_RATES:
        return parse_percent(text)
    return parse_number(text) if concept == "unknown" else None


def read_number(
    assigned: Assigned, concept: str, zh: str, parse: Callable[[str], Quantity | None], most: int = MOST_POINTS
) -> tuple[Quantity | None, Problem | None]:
    """The number in a cell; a printed text that is no number stays null and is reported with its place.

    So do points or a score above `most`: two cells printed as one.
    """
    text = assigned.text(concept)
    if is_blank(text):
        return None, None
    quantity = parse(text)
    if quantity is not None and concept in ("points", "score") and abs(quantity.value) > most:
        quantity = None
    if quantity is None and text.endswith("无") and not assigned.text("deviation"):
        # The 无 of an empty reason, printed into the number's cell.
        quantity = parse(text[:-1])
    if quantity is not None:
        return quantity, None
    place = assigned.row.place
    return None, Problem(
        "cell_not_number", f"{place.locator}：“{zh}”一格印的是“{text[:40]}”，不是单一数值，已留空，请核对原文。", place
    )


def unknown_headers(
    table: str, rows: Sequence[Assigned], is_value: Callable[[str], bool], taken: Set[str]
) -> list[Problem]:
    """Headers with values under them that are not `taken`: words nobody listed, or of no use in this table."""
    seen: dict[str, Assigned] = {}
    for assigned in rows:
        for column, slots in zip(assigned.columns, assigned.cells, strict=True):
            if column.concept not in taken and any(slot.own and is_value(slot.text) for slot in slots):
                seen.setdefault(column.header, assigned)
    return [
        Problem(
            "unknown_header",
            f"{table}的列标题“{header}”不在词库中或不属于该表，其下数据未能归类；如需读取，请在词库中登记该词。",
            assigned.row.place,
            header,
        )
        for header, assigned in seen.items()
    ]


def _crowded(assigned: Assigned) -> list[list[Slot]]:
    """Cells side by side that one column took although it has room for one: two labels of a level, or two figures.

    In a dump of a spreadsheet a name may stand in two cells (培训人数 | 线上); on a page the second is a neighbour's.
    """
    dump = assigned.row.grid.geometry == "slots" and assigned.row.place.bbox is None
    found: list[list[Slot]] = []
    for column, slots in zip(assigned.columns, assigned.cells, strict=True):
        own = [slot for slot in slots if slot.own and slot.text and slot.cell.row == assigned.row.index]
        if column.concept in ("target", "adjusted_target", "actual"):
            own = [slot for slot in own if _DIGIT.search(slot.text)]
        elif dump or column.concept not in LEVEL_COLUMNS:
            continue
        if len(own) > 1:
            found.append(own)
    return found


def row_problems(assigned: Assigned) -> list[Problem]:
    """Doubt about a row as a whole: uncertain columns, and filled cells that no column could take."""
    place = assigned.row.place
    doubtful = [
        Problem(
            "uncertain_columns",
            f"{place.locator}：该行单元格有缺失，各格归入哪一列并不确定，请核对原文。",
            place,
        )
    ]
    crowded = [
        Problem("cells_in_one_column", f"{place.locator}：“{texts}”落在同一列，分列可能有误，请核对原文。", place)
        for slots in _crowded(assigned)
        if (texts := "”“".join(slot.text[:20] for slot in slots))
    ]
    return (
        (doubtful if assigned.certain <= DOUBTFUL else [])
        + crowded
        + [
            Problem("stray_cell", f"{place.locator}：单元格“{slot.text[:40]}”无法归入任何一列，请核对原文。", place)
            for slot in assigned.strays
        ]
    )

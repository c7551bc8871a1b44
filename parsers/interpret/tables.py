"""Tables of figures that are no form: income, spending, 三公, assets, staff (其他数表) → amounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.align import assign
from parsers.interpret.column import Column
from parsers.interpret.columns import header_columns
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.doubts_of_texts import formula_error
from parsers.interpret.money_units import agreed_unit, first_stated, read_money, unit_of_cell
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Row, Slot, row_amount
from schemas.confidence import step
from schemas.lexicon import Lexicon, normalise
from schemas.quantities import Quantity, is_blank, parse_count, parse_number, parse_percent
from schemas.records import Amount
from schemas.units import MoneyUnit, is_relation, is_unit, stated_money_unit
from schemas.values import LARGEST_NUMBER
from schemas.vocabulary import pattern

_SCORED_HEADS = frozenset({"points", "score"})
_SCORES = _SCORED_HEADS | {"other_score", "deducted"}
"""Columns of points, whatever unit the money beside them is in."""
_YEAR = pattern("year")
_PART = pattern("part_head")
_OTHER_TABLE = step("other_table")
_COUNT_HEADER = pattern("count_head")
_SUBJECT = pattern("subject_head")
_RATE_HEADER = pattern("rate_head")
_MONEY_HEADER = pattern("money_head")


@dataclass(frozen=True, slots=True)
class Beside:
    """The funds of the form that a table stands beside: their unit, and the largest amount of them in 万元."""

    unit: MoneyUnit | None
    largest: Decimal | None


@dataclass(frozen=True, slots=True)
class _Figures:
    """A header and the rows below it, all of one grid; `unit` is stated for them, `beside` for the form's funds."""

    title: str | None
    unit: MoneyUnit | None
    beside: MoneyUnit | None
    header: tuple[Row, ...]
    rows: tuple[Row, ...]


def amount_rows(rows: Sequence[Row], lexicon: Lexicon, unit: MoneyUnit | None, beside: Beside) -> list[Amount]:
    """The figures of loose rows. A row of words heads the rows of numbers after it; `unit` is stated above them.

    Where none is, a column headed as money (实际支出数) is in the unit of the form's funds: unless it would hold more
    than all of them, as the vouchers of a ledger in 元 below funds in 万元 do.
    """
    amounts: list[Amount] = []
    told: dict[int, MoneyUnit] = {}
    for figures in _group(rows, unit, beside.unit):
        if figures.header:
            found = _table_amounts(figures, lexicon)
            fits = beside.largest is None or not any(_is_above(amount, beside.largest) for amount in found)
            amounts.extend(found if fits else _table_amounts(replace(figures, beside=None), lexicon))
        else:
            amounts.extend(_pair_amounts(figures, told, lexicon))
    return amounts


def _is_above(amount: Amount, limit: Decimal) -> bool:
    return amount.unit == "wanyuan" and amount.value is not None and amount.value > limit


def unread_rows(rows: Sequence[Row], amounts: Sequence[Amount], lexicon: Lexicon) -> list[Problem]:
    """Loose rows that speak of funds and print figures, of which none was read: said so, never dropped silently."""
    read = {amount.locator for amount in amounts}
    unread = []
    for row in rows:
        texts = [slot.text for slot in row.filled]
        speaks = any(lexicon.knows_source(text) or lexicon.column(text) in MONEY_COLUMNS for text in texts)
        lost = row.place.locator not in read or _heads_a_form(texts, lexicon)
        if speaks and lost and any(is_figure(text) or formula_error(text) for text in texts):
            text = f"{row.place.locator}：该行有资金数字，但未能归入任何表格，没有读取，请核对原文。"
            unread.append(Problem("row_not_read", text, row.place))
    return unread


def _heads_a_form(texts: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether the heads of a funding block stand in a row: one to which the first row of the block was joined."""
    heads = {lexicon.column(text) for text in texts}
    return bool(heads & set(MONEY_COLUMNS)) and heads >= _SCORED_HEADS


def _group(rows: Sequence[Row], stated: MoneyUnit | None, beside: MoneyUnit | None) -> list[_Figures]:
    groups: list[_Figures] = []
    header: list[Row] = []
    title: str | None = None
    unit = stated
    last: Row | None = None
    for row in rows:
        if last is not None and (row.grid is not last.grid or row.index > last.index + 3):
            header, title, unit = [], None, stated
        last = row
        texts = [slot.text for slot in row.filled]
        if len(texts) == 1 and not is_figure(texts[0]):
            title, header = texts[0], []
            unit = first_stated(texts) or unit
        elif not any(map(_is_value, texts)):
            if groups and groups[-1].header == tuple(header) and header:
                # Another table begins below the rows of the last one: its own first header word names it.
                header, title = [], None
            header = [*header, row]
            unit = stated_money_unit(texts[0]) or agreed_unit(texts) or unit
        elif _alternates(row):
            groups.append(_Figures(title, unit, beside, (), (row,)))
        elif groups and header and groups[-1].header == tuple(header):
            groups[-1] = replace(groups[-1], rows=(*groups[-1].rows, row))
        else:
            groups.append(_Figures(title, unit, beside, tuple(header), (row,)))
    return groups


def _is_value(text: str) -> bool:
    """Whether a cell of such a table holds a figure: a number, or a count with its unit (152,300人)."""
    return is_figure(text) or parse_count(text) is not None


def _alternates(row: Row) -> bool:
    """Label, number, label, number: pairs in a row (人员编制 | 5 | 实有人数 | 5)."""
    return len(_alternating(row)) > 1


def _alternating(row: Row) -> list[tuple[Slot, Slot]]:
    """The pairs of a row that has nothing else, behind the name of a block (债券情况 | 期限 | 20年 | 利率 | 3.12%)."""
    filled = row.filled[len(row.filled) % 2 :]
    kinds = [_is_value(slot.text) for slot in row.filled]
    apart = not kinds[0] and all(kind == bool(index % 2) for index, kind in enumerate(kinds[-len(filled) :]))
    return list(zip(filled[::2], filled[1::2], strict=True)) if apart else []


def _pair_amounts(figures: _Figures, told: dict[int, MoneyUnit], lexicon: Lexicon) -> list[Amount]:
    """Figures beside their labels. The unit in one label holds for the money behind it: 总额（万元）, 其中：财政拨款.

    `told` keeps it by the grid.
    """
    amounts = []
    for row in figures.rows:
        for label, value in _pairs(row):
            if is_relation(label.text) or is_unit(label.text):
                continue  # a sign or a unit names no figure: = | 100 | % | 5
            if stated := stated_money_unit(label.text):
                told[id(row.grid)] = stated
            of_money = lexicon.knows_source(label.text) or lexicon.column(label.text) in MONEY_COLUMNS
            unit = None if _names_score(label.text, lexicon) else figures.unit
            if of_money and unit is None:
                unit = told.get(id(row.grid))
            if found := _amount(label.text, None, value, row, replace(figures, unit=unit)):
                amounts.append(found)
    return amounts


def _names_score(label: str, lexicon: Lexicon) -> bool:
    """Whether a label is that of a score, which is in no unit of money (自评得分 | 96.5)."""
    return lexicon.key(label) == "total" or lexicon.column(label) in ("score", "points")


def _pairs(row: Row) -> list[tuple[Slot, Slot]]:
    filled = row.filled
    if pairs := _alternating(row):
        return pairs
    return [] if len(filled) < 2 or _is_value(filled[0].text) else [(filled[0], filled[1])]


def _table_amounts(figures: _Figures, lexicon: Lexicon) -> list[Amount]:
    columns = _resolve_parts(header_columns(figures.header, lexicon))
    heads = [column.header for column in columns if column.header]
    amounts: list[Amount] = []
    for row in figures.rows:
        kinds = tuple(replace(column, concept="blank") for column in columns)
        assigned = assign(row, kinds, lexicon, figures.header[0].grid.n_cols)[0]
        names = _names_of_figures(row, lists_side_by_side=len(set(heads)) < len(heads))
        for column, slots in zip(columns, assigned.cells, strict=True):
            if column.concept == "sequence":
                continue
            for slot in slots:
                if not (slot.own and _is_value(slot.text) and column.path):
                    continue
                label = names[slot] or (columns[0].header if columns else "")
                if found := _amount(label, column, slot, row, figures):
                    amounts.append(found)
    return amounts


def _names_of_figures(row: Row, lists_side_by_side: bool) -> dict[Slot, str]:
    """What names each figure of a row: its texts, at most three.

    Where two lists stand side by side (财政拨款 | 486 | 人员经费 | 301) those between it and the list before.
    """
    names: dict[Slot, str] = {}
    texts: list[str] = []
    after_figure = False
    every = [slot.text for slot in row.slots if slot.text and not _is_value(slot.text)]
    for slot in row.slots:
        is_figure_slot = _is_value(slot.text)
        if slot.text and not is_figure_slot:
            texts = [slot.text] if after_figure else [*texts, slot.text]
        names[slot] = "/".join(dict.fromkeys((texts if lists_side_by_side else every)[:3]))
        after_figure = is_figure_slot
    return names


def _resolve_parts(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """`其中：` in a header path means: part of the column to its left. 其中：/基本支出 → 支出合计/基本支出."""
    resolved: list[Column] = []
    for column in columns:
        path: list[str] = []
        for depth, text in enumerate(column.path):
            if _PART.match(text):
                whole = next(
                    (
                        c.path
                        for c, raw in zip(reversed(resolved), reversed(columns[: len(resolved)]), strict=True)
                        if len(raw.path) <= max(depth, 1) + 1 and not _inside(raw.path, column.path, depth)
                    ),
                    (),
                )
                path = list(whole) or path
            else:
                path.append(text)
        resolved.append(replace(column, path=tuple(path)))
    return tuple(resolved)


def _inside(other: tuple[str, ...], path: tuple[str, ...], depth: int) -> bool:
    """Whether `other` hangs under the same 其中 as `path` does at `depth`."""
    return len(other) > depth and other[: depth + 1] == path[: depth + 1]


def _amount(label: str, column: Column | None, slot: Slot, row: Row, figures: _Figures) -> Amount | None:
    measure = column.header if column else None
    quantity = _read(slot.text, label, column, figures)
    if quantity is None or abs(quantity.value) >= LARGEST_NUMBER:
        return None
    year = _YEAR.search(measure or "") or _YEAR.search(label)
    return replace(
        row_amount(row, [slot], quantity, known=_OTHER_TABLE),
        label=label,
        measure=measure,
        fiscal_year=int(year[1]) if year else None,
        context=figures.title or _header_title(figures),
    )


def _header_title(figures: _Figures) -> str | None:
    """What a table without a title is about: its first header word, or the next where the first heads the names."""
    if not figures.header:
        return None
    words = [slot.text for slot in figures.header[0].filled]
    return words[0] if len(words) == 1 or _SUBJECT.search(words[0]) else words[1]


def _read(text: str, label: str, column: Column | None, figures: _Figures) -> Quantity | None:
    """A figure with its unit; that of a bare number follows from the words around it, the nearest first."""
    if is_blank(text):
        return None
    if column and column.concept in _SCORES:
        return parse_number(text)
    measure = column.header if column else ""
    head = measure or label
    if any(sign in text for sign in "%％") or (_RATE_HEADER.search(head) and parse_percent(text)):
        return parse_percent(text)
    if _COUNT_HEADER.search(normalise(head) + head):
        return _read_count(text)
    unit = unit_of_cell(label, column, figures.unit) if column else stated_money_unit(label) or figures.unit
    if unit is None and _MONEY_HEADER.search(measure):
        unit = figures.beside
    if unit is not None and unit.factor is None:
        quantity = parse_number(text)
        return replace(quantity, unit=unit.raw, unit_raw=unit.raw) if quantity else None
    if unit or _MONEY_HEADER.search(f"{label}/{measure}"):
        quantity = read_money(text, unit)
        if quantity and (unit or quantity.unit_raw):
            return replace(quantity, unit_raw=quantity.unit_raw or (unit.raw if unit else ""))
    return _read_count(text)


def _read_count(text: str) -> Quantity | None:
    return parse_number(text) or parse_count(text)

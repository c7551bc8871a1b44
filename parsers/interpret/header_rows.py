"""Which rows head a table, and which rows of heads belong together (哪些行是列标题)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from parsers.interpret.concepts import BUDGETS, LEVEL_COLUMNS, MONEY_COLUMNS
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon, normalise
from schemas.quantities import parse_money, parse_number, parse_percent
from schemas.vocabulary import words

_RESULTS = frozenset({"target", "actual", "points", "score", "adjusted_target", "relation", "criteria"})
_PLANS = frozenset({"target", "actual"})
_FIGURES = (parse_number, parse_money, parse_percent)
_HEADS_ONLY = frozenset({*LEVEL_COLUMNS, "points", "score", "execution_rate"})
"""Concepts whose words head a column and never name a block beside it."""


def is_indicator_header(row: Row, lexicon: Lexicon) -> bool:
    """Whether the row heads a table of indicators (指标表头)."""
    concepts = _concepts_of(row, lexicon)
    levels = len({"levels", *LEVEL_COLUMNS} & set(concepts))
    results = (_RESULTS & set(concepts)) | (_bare_results(row) if "level3" in concepts else set())
    money = [concept for concept in concepts if concept in MONEY_COLUMNS]
    if money and levels < 2 and not _plans_results(money, concepts):
        return False
    if levels >= 2 or concepts.count("levels") > 1:
        return True
    return levels == 1 and len(results) >= 2 and len(row.filled) >= 3


def _bare_results(row: Row) -> set[str]:
    """What 计划 | 实际 head where both stand in a row of heads."""
    texts = {normalise(slot.text) for slot in row.filled}
    sides = [texts.intersection(words(side)) for side in ("goal_side_expected", "goal_side_actual")]
    return {"target", "actual"} if all(sides) else set()


def _plans_results(money: Sequence[str], concepts: Sequence[str]) -> bool:
    """Whether a word for money is what was planned of the indicators: 指标名称 | 计划数 | 完成数 | 分值."""
    return set(money) <= BUDGETS and concepts.count("actual") == len(money)


def is_funding_header(row: Row, lexicon: Lexicon) -> bool:
    """Whether the row heads a funding block (资金表头)."""
    concepts = _concepts_of(row, lexicon)
    money = {concept for concept in concepts if concept in MONEY_COLUMNS}
    others = {"execution_rate", "points", "score"} & set(concepts)
    levels = set(concepts) & set(LEVEL_COLUMNS)
    if levels:  # 指标 | 年初预算 | 实际支出: what the lines of money are called
        return levels == {"level3"} and len(money) >= 2 and not _PLANS & set(concepts)
    return len(money) >= 2 or (len(money) == 1 and (bool(others) or _is_named_money(row, lexicon)))


def _is_named_money(row: Row, lexicon: Lexicon) -> bool:
    """项目资金（万元） | 年初预算数: the name of the block beside the head of its only column."""
    if len(row.filled) != 2:
        return False
    name = row.filled[0].text
    return lexicon.key(name) == "funding" and not lexicon.is_funding_total(name)


def _concepts_of(row: Row, lexicon: Lexicon) -> list[str]:
    found = [concept for slot in row.filled if (concept := lexicon.column(slot.text))]
    return [lexicon.column_stands_for(concept) or concept for concept in found]


def is_continuation(row: Row, header: Row, table: Literal["funding", "indicators"], lexicon: Lexicon) -> bool:
    """Whether the row goes on with the heads of a table that `header` begins."""
    if table == "funding" and is_indicator_header(row, lexicon):
        return False
    if table == "funding" and is_parts_header(row, header, lexicon):
        return True
    return is_header_continuation(row, lexicon) or is_below_heads(row, header, lexicon)


def are_uneven(header: Sequence[Row]) -> bool:
    """Whether a cell of a header was lost or doubled, so that its columns are off.

    Its rows end in different places, or it has a head twice in a row and reaches further than the rows of its table.
    """
    grid = header[0].grid
    if grid.geometry != "spans":
        return False
    ends = {row.slots[-1].stop for row in header}
    twice = any(left.text == right.text for row in header for left, right in pairwise(row.filled))
    return len(ends) > 1 or (twice and max(ends) > grid.usual_end)


def is_below_heads(row: Row, header: Row, lexicon: Lexicon) -> bool:
    """Whether heads of the row above reach into this row (三级指标 over two rows): its own cells are heads as well."""
    if row.grid.geometry != "spans" or any(parse_number(slot.text) for slot in row.filled):
        return False
    reaching = [slot for slot in row.slots if not slot.own and slot.cell.row == header.index]
    return bool(row.filled) and any(lexicon.column(slot.text) in _HEADS_ONLY for slot in reaching)


def stands_in_gaps(row: Row, header: Row) -> bool:
    """Whether words right above or below heads stand beside them, in columns that those leave open.

    Without rules heads over several columns, and those under them, have lines of their own: 目标值 over 数值 | 单位.
    """
    if row.grid is not header.grid or row.grid.geometry != "slots" or abs(row.index - header.index) != 1:
        return False
    words_only = not any(parse_number(slot.text) for slot in row.filled)
    apart = not any(one.start < other.stop and other.start < one.stop for one in row.filled for other in header.filled)
    return words_only and apart and len(row.filled) > 1


def heads_over(row: Row, header: Row, lexicon: Lexicon) -> bool:
    """Whether words right above heads stand each over several of them (计划 over 符号 | 数值): they are heads, too."""
    if stands_in_gaps(row, header):
        return row.index < header.index and all(lexicon.column(slot.text) for slot in row.filled)
    if row.grid is not header.grid or row.grid.geometry != "spans" or row.index != header.index - 1:
        return False
    words_only = not any(any(parse(slot.text) for parse in _FIGURES) for slot in row.filled)
    starts = {slot.start for slot in header.filled}
    over = [sum(slot.start <= start < slot.stop for start in starts) for slot in row.filled]
    return words_only and len(over) > 1 and min(over) > 0 and sum(count > 1 for count in over) > 1


def is_header_continuation(row: Row, lexicon: Lexicon) -> bool:
    """Whether the row is a second header row: words for columns, no values, nothing unknown."""
    filled = row.filled
    if len(filled) < 2:
        return False
    known = sum(1 for slot in filled if lexicon.column(slot.text))
    return known >= 2 and known >= len(filled) - 1 and not any(_looks_like_label(slot.text, lexicon) for slot in filled)


def is_parts_header(row: Row, header: Row, lexicon: Lexicon) -> bool:
    """Whether the row is a second header of a funding block: 总额 | 财政拨款 | 其他资金 under each kind of money."""
    filled = row.filled
    if len(filled) < 2 or not all(lexicon.knows_source(slot.text) for slot in filled):
        return False
    if not row.exact:
        return not row.slots[0].text
    money = [slot for slot in header.filled if lexicon.column(slot.text) in MONEY_COLUMNS]
    return bool(money) and all(slot.start >= money[0].start for slot in filled)


def _looks_like_label(text: str, lexicon: Lexicon) -> bool:
    return lexicon.is_level1(text) and normalise(text) not in words("indicator_word")

"""The kinds of rows in the order in which they are tried (行类总表).

The first kind that may follow the state and that the row looks like is the row's. To add one, write what it looks
like (over `Facts`) and what it does to the drafts, and put a line in its place here.
"""

from __future__ import annotations

from collections.abc import Callable

from parsers.interpret.drafting import Drafting, Table
from parsers.interpret.facts import Facts, State
from parsers.interpret.kinds import funding, goals, heads, indicators
from parsers.interpret.kinds.model import RowKind


def _kind(
    name: str,
    zh: str,
    looks: Callable[[Facts], bool],
    take: Callable[[Drafting, Facts], None],
    *after: State,
    block: Table | None = None,
) -> RowKind:
    return RowKind(name, zh, looks, take, frozenset(after), block)


KINDS: tuple[RowKind, ...] = (
    _kind("more_heads", "列标题（续行）", heads.continues_heads, heads.take_more_heads, "heads"),
    _kind("column_numbers", "列号行", heads.numbers_columns, heads.take_column_numbers),
    _kind("title", "标题", heads.is_title_row, heads.take_title),
    _kind("head_line", "表头行（年度、单位等）", heads.is_head_line, heads.take_head_line),
    _kind("spending_heads", "支出明细表的列标题", heads.heads_spending, heads.take_spending_heads),
    _kind("project_heads", "项目清单的列标题", heads.heads_projects, heads.take_spending_heads),
    _kind("indicator_heads", "指标表的列标题", heads.heads_indicators, heads.take_indicator_heads),
    _kind("funding_heads", "资金表的列标题", heads.heads_funding, heads.take_funding_heads),
    _kind("side_amounts", "资金构成", funding.is_side_amounts, funding.take_side_amounts, "funding", block="funding"),
    _kind("total", "总分行", indicators.is_total_row, indicators.take_total, "indicators", block="indicators"),
    _kind("beyond_total", "表后另一张表的列标题", indicators.is_beyond_total, heads.take_spending_heads, "indicators"),
    _kind("reason", "偏差原因行", indicators.is_reason_row, indicators.take_reason, "indicators", block="indicators"),
    _kind(
        "funds_below", "资金（指标表之后）", funding.is_below_total, funding.take_pairs, "indicators", block="funding"
    ),
    _kind("note_line", "表中的注", indicators.is_note_line, indicators.pass_over, "indicators", block="indicators"),
    _kind(
        "indicator", "指标行", indicators.is_indicator_row, indicators.take_indicators, "indicators", block="indicators"
    ),
    _kind("goal_heads", "总体目标的列标题", goals.heads_goals, goals.take_goal_heads),
    _kind("labelled_goal", "总体目标", goals.is_labelled_goal, goals.take_labelled_goal),
    _kind("funding_line", "资金行", funding.is_funding_line, funding.take_funding_line, "funding", block="funding"),
    _kind("figures", "其他数表的行", heads.is_figures_row, heads.take_loose, "figures"),
    _kind(
        "funding_pairs",
        "资金（标签与金额并列）",
        funding.is_pairs,
        funding.take_pairs,
        "open",
        "funding",
        block="funding",
    ),
    _kind("unknown_heads", "资金行（列标题不在词库）", funding.is_bare, funding.take_bare, "open", block="funding"),
    _kind("late_total", "总分行（表后）", indicators.is_late_total, indicators.take_total, block="indicators"),
    _kind("head", "表头（名称、单位等）", heads.is_head_row, heads.take_head),
    _kind("goal_text", "总体目标（正文）", goals.is_goal_text, goals.take_goal_text, "goal"),
    _kind("figures_total", "其他数表的合计行", heads.is_total_of_figures, heads.take_loose),
    _kind("tail", "表尾（等级、日期等）", heads.is_tail_row, heads.take_tail),
    _kind("note", "说明、签署", heads.is_note, heads.take_note),
    _kind("told_funds", "资金（一格文字）", funding.is_told, funding.take_told),
    _kind("other", "其他行（未归类）", heads.always, heads.take_loose),
)

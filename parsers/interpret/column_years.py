"""Columns of several years or periods: which one is the report's (分年度、分期的列)."""

from __future__ import annotations

from dataclasses import replace

from parsers.interpret.column import Column
from parsers.interpret.concepts import MONEY_COLUMNS, OTHER_YEAR
from schemas.vocabulary import names_any, pattern

_BY_YEAR = frozenset({"target", "actual", "points", "score"})
_OF_OTHER_PERIODS = {
    **dict.fromkeys(MONEY_COLUMNS, "other_money"),
    **dict.fromkeys(_BY_YEAR, OTHER_YEAR),
    "execution_rate": "other_rate",
}
"""What columns are whose heads name another period than the year, where the table has one of the year as well."""
_YEAR = pattern("year")
_OTHER_PERIODS = (pattern("part_of_year"), pattern("other_than_year"))


def of_the_year(columns: list[Column]) -> list[Column]:
    """1-6月执行数 beside 全年执行数, 上年完成值 beside 本年完成值: neither is the year's."""
    others = [any(kind.search(head) for kind in _OTHER_PERIODS for head in column.path) for column in columns]
    yearly = {column.concept for column, other in zip(columns, others, strict=True) if not other}
    return [
        replace(column, concept=_OF_OTHER_PERIODS[column.concept], guessed=False)
        if other and column.concept in yearly and column.concept in _OF_OTHER_PERIODS
        else column
        for column, other in zip(columns, others, strict=True)
    ]


def by_year(columns: list[Column]) -> list[Column]:
    """Money or results of several years side by side (2021年决算数 | 2022年预算数): the last year is the report's.

    Of years with targets, the last that has results as well: 2024年目标值 | 2024年完成值 | 2025年目标值.
    """
    years = [match[1] if (match := _YEAR.search(column.header)) else None for column in columns]
    done = [year for column, year in zip(columns, years, strict=True) if year and column.concept == "actual"]
    last = max(done or [year for year in years if year], default=None)
    resolved = list(columns)
    for index, (column, year) in enumerate(zip(columns, years, strict=True)):
        settled = column.concept == "unknown" and names_any("settled_head", column.header)
        if column.concept in _BY_YEAR and year not in (None, last):
            resolved[index] = replace(column, concept=OTHER_YEAR)
        if year is None or not (settled or column.concept in MONEY_COLUMNS):
            continue
        if year != last:
            resolved[index] = replace(column, concept="other_money")
        elif settled:
            resolved[index] = replace(column, concept="executed", inferred=True)
    return resolved

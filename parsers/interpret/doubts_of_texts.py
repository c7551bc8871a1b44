"""Cells whose text is no value as anybody prints one: printed twice, with a strange mark for its point, a formula that
failed (写法存疑的单元格)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.doubts import row_doubt
from schemas.records import Indicator
from schemas.vocabulary import pattern

_FORMULA_ERROR = pattern("formula_error")
_TWICE = pattern("text_twice")
_ODD_POINT = pattern("odd_point")
_ODD_THOUSANDS = pattern("odd_thousands")
_ODD_WITH_UNIT = pattern("odd_with_unit")
_TWO_FIGURES = pattern("two_figures_with_units")
_TWO_SIGNED = pattern("two_signed")
_CORRECTED = pattern("corrected")
_LIST_MARKS = frozenset("-—:：、/")
"""Marks that stand between two numbers as often: a time, a range, a list."""
_PERCENT = "%"
_HIGHEST_PERCENT = Decimal(1000)
_HIGHEST_MULTIPLE = 10


def text_doubts(indicators: Sequence[Indicator]) -> list[Problem]:
    """Doubts about what single cells of the rows print."""
    return [problem for one in indicators for problem in _of_row(one)]


def formula_error(text: str | None) -> bool:
    """Whether a cell shows a formula that could not be worked out, or a figure too wide for its column."""
    return _FORMULA_ERROR.search(text or "") is not None


def printed_twice(text: str | None) -> bool:
    """Whether a text is one and the same words twice (其他资金其他资金); figures alone may repeat themselves (1212)."""
    return _TWICE.fullmatch(text or "") is not None


def _is_two(text: str | None) -> bool:
    """Whether two figures of one unit, or a figure and a percentage, stand in one cell with nothing between."""
    return any(both.fullmatch(text or "") for both in (_TWO_SIGNED, _TWO_FIGURES))


def _of_row(one: Indicator) -> Iterator[Problem]:
    name = one.level3 or ""
    for text in (one.target_raw, one.actual_raw, one.points_raw, one.score_raw):
        if formula_error(text):
            yield row_doubt(one, "cell_not_number", f"“{name}”的一格印作“{text}”，是公式出错或列宽不够，没有数值")
    for text in (one.level1, one.level2, one.level3, one.target_raw, one.actual_raw):
        if printed_twice(text) or _is_two(text):
            yield row_doubt(one, "cell_fused", f"“{name}”的一格印作“{text}”，像是两格连在一起或印了两遍")
    odd = next(filter(None, (_odd_figure(one, "target"), _odd_figure(one, "actual"))), None)
    if odd is not None:
        yield row_doubt(one, "cell_not_number", f"“{name}”的一格印作“{odd}”，不是单一数值")
    if _is_beyond_percent(one):
        yield row_doubt(one, "cell_fused", f"“{name}”以百分比为目标而完成值印作“{one.actual_raw}”，像是多了数字")


def _odd_figure(one: Indicator, column: str) -> str | None:
    """The text of a target or a result that is a figure but for its marks (99,1; 1'781), in a row of figures."""
    text: str = getattr(one, f"{column}_raw") or ""
    other = "actual" if column == "target" else "target"
    if not text or getattr(one, f"{column}_value") is not None or getattr(one, f"{other}_value") is None:
        return None
    unit = getattr(one, f"{other}_unit") or ""
    if unit and text.endswith(unit) and _ODD_WITH_UNIT.fullmatch(text.removesuffix(unit)):
        return text
    if _ODD_THOUSANDS.fullmatch(text) or _CORRECTED.fullmatch(text):
        return text
    found = _ODD_POINT.fullmatch(text)
    if found is None:
        return None
    falls = Decimal(found["whole"]) > Decimal(found["rest"])
    in_percent = _PERCENT in (found["unit"], getattr(one, f"{other}_unit"))
    return text if found["mark"] not in _LIST_MARKS or (falls and in_percent) else None


def _is_beyond_percent(one: Indicator) -> bool:
    """Whether a result is a thousand percent or more and many times what was to be reached: a digit of a neighbour, or
    an old figure beside the new one."""
    if one.target_unit != _PERCENT or one.target_value is None or one.actual_value is None:
        return False
    in_percent = one.actual_unit in (None, _PERCENT)
    return in_percent and one.actual_value >= max(_HIGHEST_PERCENT, one.target_value * _HIGHEST_MULTIPLE)

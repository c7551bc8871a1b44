"""Values that belong to a neighbour: to the row above or below, to the column beside (错行、错列的值).

A cell that was copied a row too high, a column that begins a row too low or two columns exchanged leave every cell
filled with something of the right kind. What tells are the units and signs of the cells beside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from parsers.document import Problem
from parsers.interpret.doubts import row_doubt
from schemas.lexicon import normalise
from schemas.quantities import is_blank
from schemas.records import Indicator
from schemas.units import begins_with_relation
from schemas.vocabulary import words

_TARGET, _ACTUAL = "target", "actual"
_WHOLE = 100
_ZH = {_TARGET: "目标值", _ACTUAL: "完成值"}
_OTHER = {_TARGET: _ACTUAL, _ACTUAL: _TARGET}


def values_of_neighbours(indicators: Sequence[Indicator]) -> list[Problem]:
    """Targets and results that have another unit than their row, and the unit of a row beside it that lacks its own."""
    found: list[Problem] = []
    for at, one in enumerate(indicators):
        for column in (_TARGET, _ACTUAL):
            beside = (indicators[i] for i in (at - 1, at + 1) if 0 <= i < len(indicators))
            if any(_belongs_to(one, other, column) for other in beside):
                value = getattr(one, f"{column}_raw")
                what = f"{_ZH[column]}“{value}”与该行不合，与相邻一行相合，可能错行"
                found.append(_doubt(one, what))
    return [*found, *_exchanged_values(indicators)]


def _exchanged_values(indicators: Sequence[Indicator]) -> Iterator[Problem]:
    """Targets, then results, of two rows one below the other that stand in each other's place."""
    pairs = list(pairwise(indicators))
    for above, below in pairs:
        if _has_other_kind(above) and _has_other_kind(below) and _is_rate(above) != _is_rate(below):
            yield _doubt(below, f"指标值“{below.target_raw}”与上一行的“{above.target_raw}”可能互换")
    for above, below in pairs:
        if _exchanged(above, below):
            yield _doubt(below, f"完成值“{below.actual_raw}”与上一行的“{above.actual_raw}”可能互换")


def _has_other_kind(one: Indicator) -> bool:
    """Whether a rate is to reach a count, or what is counted a percentage, and its result does not say the same."""
    unit, name = _unit(one, _TARGET), normalise(one.level3 or "")
    if not unit or unit == _unit(one, _ACTUAL) or name.endswith(words("degree_end")):
        return False
    return _is_rate(one) != (unit in ("%", "‰"))


def _is_rate(one: Indicator) -> bool:
    return normalise(one.level3 or "").endswith(words("rate_head"))


def _exchanged(above: Indicator, below: Indicator) -> bool:
    """Whether the results of two rows stand in each other's place: words beside the figure to be reached, and a figure
    with the unit of that one beside the words, or those very words asked for there."""
    return any(_holds_words_of(one, other) for one, other in ((above, below), (below, above)))


def _holds_words_of(one: Indicator, other: Indicator) -> bool:
    if one.target_value is None or other.target_value is not None or is_blank(other.target_raw or ""):
        return False
    if one.actual_raw == other.target_raw and other.actual_raw != other.target_raw:
        return True
    unit = _unit(other, _ACTUAL)
    has_its_unit = unit not in ("", "%") and unit == _unit(one, _TARGET)
    return _is_words(one.actual_raw or "") and other.actual_value is not None and has_its_unit


def _is_words(text: str) -> bool:
    return not (is_blank(text) or any(map(str.isdigit, text)))


def _belongs_to(one: Indicator, other: Indicator, column: str) -> bool:
    """Whether the value of a row is that of another: its unit fits there and not here, and the other has none that
    fits, or the same once more."""
    own, here, there = _unit(one, column), _unit(one, _OTHER[column]), _unit(other, _OTHER[column])
    text, beside = (getattr(row, f"{column}_raw") or "" for row in (one, other))
    if text == beside and (_is_in_words(one, other, column) or _is_a_figure_for_words(one, other, column)):
        return True
    if not own or not here or own == here:
        return False
    if text == beside and there in ("", own):
        return True
    left = _unit(other, column)
    return own == there and (is_blank(beside) or (bool(left) and left != there))


def _is_in_words(one: Indicator, other: Indicator, column: str) -> bool:
    """Whether a result is the words (保持稳定) of a row that asks for them, beside a figure to be reached."""
    told, asked = other.actual_raw, other.target_raw
    in_words = bool(told) and told == asked and (other.actual_value, other.target_value) == (None, None)
    return column == _ACTUAL and in_words and one.target_value is not None


def _is_a_figure_for_words(one: Indicator, other: Indicator, column: str) -> bool:
    """Whether a result is the figure (91%, not the whole) of a row that asks for one, beside words to be reached."""
    figure, asked = one.actual_value, other.target_value
    told = column == _ACTUAL and figure is not None and asked is not None and figure not in (0, _WHOLE)
    return told and bool(one.target_raw) and one.target_value is None


def _unit(indicator: Indicator, column: str) -> str:
    return normalise(getattr(indicator, f"{column}_unit") or "")


def signs_of_results(indicators: Sequence[Indicator]) -> list[Problem]:
    """Results with a sign (≥98%) beside targets of one bare figure: the two columns are exchanged in that row."""
    return [
        _doubt(one, f"目标值印作“{one.target_raw}”而完成值印作“{one.actual_raw}”，两格可能互换")
        for one in indicators
        if one.target_value is not None and _signed(one.actual_raw) and not _signed(one.target_raw)
    ]


def _signed(text: str | None) -> bool:
    return begins_with_relation(text or "")


def _doubt(indicator: Indicator, what: str) -> Problem:
    return row_doubt(indicator, "uncertain_columns", f"指标“{indicator.level3 or ''}”的{what}")

"""What is doubtful in a table of indicators and is said to be so (存疑之处)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.align import DOUBTFUL, Assigned
from parsers.said import place_of
from schemas.lexicon import Lexicon, normalise
from schemas.numerals import fold, separates_numbers
from schemas.quantities import is_blank, parse_actual, parse_number, parse_percent
from schemas.records import Indicator
from schemas.units import is_relation, is_unit
from schemas.vocabulary import pattern, words

_FUSED = pattern("fused_percent")
_FUSED_LENGTH = 20
_TWO_VALUES = pattern("two_values")
_TWO_FIGURES = pattern("two_figures")
_TWO_LABELS = pattern("two_labels")
_LEVEL_AND_MORE = pattern("level_and_more")
_DOUBLED_MARK = pattern("doubled_mark")
_SIGN_AS_DIGIT = pattern("sign_as_digit")
_WHOLE = Decimal(100)
_FEWEST_SCORED = 2
"""Rows with a score that tell that a row without one is not as the others are."""
_FEWEST_WHOLE = 3
"""Rows of a table from which the only one with a blank tells something."""
DOUBTFUL_LABEL = 0.7
"""Confidence of a label's cell below which the rows it spans are a guess."""


def missing_labels(indicators: list[Indicator]) -> list[Problem]:
    """Rows without a level-1 label in a table that has them: the label's extent could not be told."""
    if not any(indicator.level1 for indicator in indicators):
        return []
    return [
        row_doubt(indicator, "label_missing", f"指标“{indicator.level3}”的一级指标未能确定，已留空")
        for indicator in indicators
        if not indicator.level1
    ]


def with_upper_levels(indicators: list[Indicator], lexicon: Lexicon) -> tuple[list[Indicator], list[Problem]]:
    """Rows whose level-1 label was not printed under that of their level 2, where the table uses that name."""
    printed = {one.level1 for one in indicators if one.level1}
    usual = printed <= set(lexicon.upper_levels.values())
    found: list[Indicator] = []
    problems: list[Problem] = []
    for one in indicators:
        upper = None if one.level1 else _upper_level(one, found[-1] if found else None, lexicon)
        if upper is None or not (usual or upper in printed):
            found.append(one)
            continue
        sure = DOUBTFUL_LABEL if one.confidence is None else min(one.confidence, DOUBTFUL_LABEL)
        found.append(replace(one, level1=upper, confidence=sure))
        said = f"指标“{one.level3 or ''}”没有读到一级指标，按二级指标“{one.level2}”推定为“{upper}”"
        problems.append(row_doubt(one, "label_inferred", said))
    return found, problems


def _upper_level(indicator: Indicator, above: Indicator | None, lexicon: Lexicon) -> str | None:
    level2 = indicator.level2 or ""
    upper = lexicon.upper_levels.get(normalise(level2))
    if upper is None and above is not None and above.level1 and lexicon.is_level2(level2):
        # What may stand under several goes on under the label above (成本指标 behind 时效指标).
        shared = lexicon.is_level1(level2) and not lexicon.is_foreign(level2, above.level1)
        return above.level1 if shared else None
    return upper


def missing_names(indicators: list[Indicator]) -> list[Problem]:
    """Rows without a name in a table that has names: merged with the row above, or lost."""
    if not any(indicator.level3 for indicator in indicators):
        return []
    return [
        row_doubt(indicator, "label_missing", "该行没有读到三级指标名称（可能与上一行合并，也可能缺失），已留空")
        for indicator in indicators
        if not indicator.level3
    ]


def fused_values(indicators: list[Indicator]) -> list[Problem]:
    """Targets and results in which one number follows the % of another, or stands apart from it by white space: two
    cells printed as one (100%95%, 12 14座). So are two points in a row (92..5%), and a figure that
    begins with 0 and has no point (011).

    So is a sign that was taken for a digit: 290% beside 95% is ≥90%.
    """
    fused = [
        row_doubt(indicator, "cell_fused", f"指标“{indicator.level3}”的一格印作“{text}”，像是两格连在一起")
        for indicator in indicators
        for text in (indicator.target_raw, indicator.actual_raw)
        if text and len(text) <= _FUSED_LENGTH and _is_fused(text)
    ]
    misread = [
        row_doubt(
            indicator, "cell_fused", f"指标“{indicator.level3}”的目标值印作“{indicator.target_raw}”，像是符号认作了数字"
        )
        for indicator in indicators
        if _is_sign_misread(indicator)
    ]
    return [*fused, *misread]


def glued_labels(indicators: list[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Rows with two labels in one: that of the total behind theirs (满意度指标总分), two levels (产出指标数量指标), a
    level and the name (数量指标维修间数)."""
    levels = ((one, label) for one in indicators for label in (one.level1, one.level2) if label)
    return [
        *(_glued(one, one.level3) for one in indicators if one.level3 and _TWO_LABELS.search(one.level3)),
        *(
            _glued(one, label)
            for one, label in levels
            if _TWO_LABELS.search(label) or _begins_with_level(label, lexicon)
        ),
    ]


def _glued(indicator: Indicator, label: str) -> Problem:
    return row_doubt(indicator, "cells_in_one_column", f"“{label}”像是两格连在一起")


def _begins_with_level(label: str, lexicon: Lexicon) -> bool:
    """Whether a label that is none of a level itself goes on behind the whole label of one."""
    match = _LEVEL_AND_MORE.match(label)
    if match is None or lexicon.is_level(label):
        return False
    return lexicon.is_level(match["level"])


def figures_as_reasons(indicators: list[Indicator]) -> list[Problem]:
    """Rows whose reason is a bare figure, or a result beside a name that is that of their level 2: a cell is doubled,
    the row is shifted. A reason of 0 says that nothing deviates."""
    return [
        row_doubt(
            indicator, "uncertain_columns", f"指标“{indicator.level3}”的原因一栏印的是数字“{indicator.deviation}”"
        )
        for indicator in indicators
        if indicator.deviation and (_is_bare_figure(indicator.deviation) or _repeats_level(indicator))
    ]


def _is_bare_figure(text: str) -> bool:
    """Whether a text is a number other than 0, or two of them."""
    found = parse_number(text)
    return _TWO_FIGURES.fullmatch(text) is not None if found is None else found.value != 0


def _repeats_level(indicator: Indicator) -> bool:
    """Whether the name is the level-2 label once more and a value stands in the place of the reason."""
    doubled = indicator.level3 is not None and indicator.level3 == indicator.level2
    return doubled and parse_actual(indicator.deviation or "").value is not None


def points_as_results(indicators: list[Indicator]) -> tuple[list[Indicator], list[Problem]]:
    """Rows whose result is the figure of their points once more, without the score that others have or scored in full
    although far from the target: a cell is lost.

    Their columns are uncertain; the other rows come back as they are.
    """
    scored = sum(indicator.score is not None for indicator in indicators)
    shifted = [one for one in indicators if scored >= _FEWEST_SCORED and _repeats_points(one)]
    told = [
        row_doubt(one, "uncertain_columns", f"指标“{one.level3}”的实际完成值与分值同为“{one.actual_raw}”，可能错位")
        for one in shifted
    ]
    return [_unsure(one) if one in shifted else one for one in indicators], told


def lone_blanks(indicators: list[Indicator]) -> tuple[list[Indicator], list[Problem]]:
    """The only row without a score beside its points, without points beside its score, without a target, or without a
    result: left open, or a cell is lost and those behind it moved, or its value stands in a neighbour's place.
    """
    alone = [
        (rows[0], what)
        for what, rows in (
            ("得分", [one for one in indicators if one.points is not None and _prints_nothing(one.score_raw)]),
            ("分值", [one for one in indicators if one.score is not None and _prints_nothing(one.points_raw)]),
            ("指标值", _without_target(indicators)),
            ("完成值", _without_result(indicators)),
        )
        if len(rows) == 1 and len(indicators) > _FEWEST_WHOLE
    ]
    told = [
        row_doubt(one, "uncertain_columns", f"只有指标“{one.level3}”没有{what}，是漏填还是单元格缺失后错位未能确定")
        for one, what in alone
    ]
    unsure = [one for one, _ in alone]
    return [_unsure(one) if one in unsure else one for one in indicators], told


def _prints_nothing(raw: str | None) -> bool:
    """Whether a cell prints nothing at all; — says that there is nothing."""
    return not (raw or "").strip()


def _without_target(indicators: list[Indicator]) -> list[Indicator]:
    """Rows with a result, or points where no results are asked for, and of a target no more than its sign or unit."""
    reported = any(one.actual_raw for one in indicators)
    filled = [one for one in indicators if one.actual_raw or (one.points is not None and not reported)]
    return [one for one in filled if _prints_nothing(one.target_raw) or _states_no_value(one.target_raw or "")]


def _states_no_value(target: str) -> bool:
    return is_unit(target) or is_relation(target)


def _without_result(indicators: list[Indicator]) -> list[Indicator]:
    """Rows with a target and no result."""
    return [one for one in indicators if one.target_raw and _prints_nothing(one.actual_raw)]


def _repeats_points(indicator: Indicator) -> bool:
    if not indicator.points or not _is_number(indicator.actual_raw or "", indicator.points):
        return False
    return indicator.score is None or _in_full_for_nothing(indicator)


def _in_full_for_nothing(indicator: Indicator) -> bool:
    """Whether a bare number far below a target in percent is scored in full: 92.3% | 10 | 10 | 10."""
    target = parse_percent(indicator.target_raw or "")
    low = target is not None and indicator.points is not None and indicator.points * 2 < target.value
    return low and indicator.score == indicator.points


def shared_names(rows: Sequence[Assigned]) -> list[Problem]:
    """The name that stands in one cell beside all rows is that of their block: the column of names was not found."""
    named = [slot for row in rows for slot in row.slots("level3") if slot.text]
    if len(named) < _FEWEST_SCORED or len({id(slot.cell) for slot in named}) > 1:
        return []
    place, slot = rows[0].row.place, named[0]
    text = f"{place.locator}：各行的指标名称同在一格“{slot.text}”，指标名称一列未能确定，请核对原文。"
    return [Problem("uncertain_columns", text, place)]


def names_twice(rows: Sequence[Assigned]) -> list[Problem]:
    """Names under two heads alike, each with its own values: two tables side by side that could not be parted."""
    heads = [column.path for row in rows[:1] for column in row.columns if column.concept == "level3"]
    if len(heads) == len(set(heads)):
        return []
    place = rows[0].row.place
    text = f"{place.locator}：“{'/'.join(heads[0])}”一列有两处，左右各半的指标未能分开，请核对原文。"
    return [Problem("uncertain_columns", text, place)]


def _unsure(indicator: Indicator) -> Indicator:
    sure = DOUBTFUL if indicator.confidence is None else min(indicator.confidence, DOUBTFUL)
    return replace(indicator, confidence=sure)


def _is_number(text: str, value: Decimal) -> bool:
    found = parse_number(text)
    return found is not None and found.value == value


def _is_fused(text: str) -> bool:
    if _FUSED.search(text) or _DOUBLED_MARK.search(text):
        return True
    return _TWO_VALUES.fullmatch(text) is not None and separates_numbers(fold(text))


def _is_sign_misread(indicator: Indicator) -> bool:
    """Whether a target of 2…% is above 100 % while the result lies between 100 % and the rest of it.

    Or a target of 28 beside a result of 8 has its full points.
    """
    full = indicator.points is not None and indicator.points == indicator.score
    if full and indicator.actual_raw and indicator.target_raw == f"2{indicator.actual_raw}":
        return parse_actual(indicator.actual_raw).value is not None
    match = _SIGN_AS_DIGIT.match(indicator.target_raw or "")
    done = parse_percent(indicator.actual_raw or "")
    return match is not None and done is not None and Decimal(match["rest"]) <= done.value <= _WHOLE


def row_doubt(indicator: Indicator, code: str, what: str) -> Problem:
    """A doubt about a row of indicators."""
    return Problem(code, f"{indicator.locator}：{what}，请核对原文。", place_of(indicator))


def name_alone(assigned: Assigned, lexicon: Lexicon) -> list[Problem]:
    """A name with nothing beside it in a form that is filled: the rest of the row above, or an indicator left out."""
    name = "".join(slot.text for slot in assigned.slots("level3") if slot.own)
    if is_blank(name) or lexicon.is_placeholder(name.strip("()（）[]【】")):
        return []
    place = assigned.row.place
    text = f"{place.locator}：只印有“{name[:40]}”，没有数值，是上一行的续行还是未填写的指标未能确定，请核对原文。"
    return [Problem("row_without_values", text, place)]


def is_orphan(assigned: Assigned) -> bool:
    """A cell or two left of a lost row: no name, no number."""
    return not assigned.row.exact and len(assigned.filled) <= 1 and not assigned.text("level3")


def lost_row(assigned: Assigned) -> Problem:
    text = "、".join(slot.text for slot in assigned.filled)
    place = assigned.row.place
    return Problem("lost_row", f"{place.locator}：只剩“{text[:40]}”，所在的指标行在原文件中已残缺，未能读取。", place)


def inferred_labels(rows: list[Assigned]) -> list[Problem]:
    """One problem for a table without rules where the layout leaves open how far some label reaches."""
    slots = [slot for row in rows for name in ("level1", "level2") for slot in row.slots(name) if slot.text]
    doubtful = next((slot for slot in slots if slot.cell.confidence < DOUBTFUL_LABEL), None)
    if rows[0].text("level1") and doubtful is None:
        return []
    place = rows[0].row.place
    named = f"“{doubtful.text[:20]}”等" if doubtful is not None else ""
    text = f"{place.locator}：表格没有框线，{named}一级、二级指标名称管到哪几行按版面推定，请核对原文。"
    return [Problem("label_inferred", text, place)]


def odd_labels(indicators: list[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Rows of a table without rules whose labels contradict each other, or are no names beside others that are."""
    known = [bool(i.level1 and (lexicon.category(i.level1) or lexicon.is_level1(i.level1))) for i in indicators]
    usual = 2 * sum(known) > len(known)
    return [
        row_doubt(i, "label_odd", f"一级指标“{i.level1}”与二级指标“{i.level2 or ''}”不相配，表格没有框线")
        for i, is_known in zip(indicators, known, strict=True)
        if i.level1 and ((usual and not is_known) or _is_mismatched(i, lexicon))
    ]


def mismatched_labels(indicators: list[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Rows whose level-2 name belongs under another level-1 name: rows that moved, or a level-1 name that is lost."""
    return [
        row_doubt(i, "label_odd", f"一级指标“{i.level1}”与二级指标“{i.level2}”不相配")
        for i in indicators
        if (i.level2 or "").endswith(words("indicator_word")) and _is_mismatched(i, lexicon)
    ]


def _is_mismatched(indicator: Indicator, lexicon: Lexicon) -> bool:
    """Whether the level-2 name is known to belong under another level-1 name."""
    level1, level2 = indicator.level1, indicator.level2
    if level1 is None or level2 is None:
        return False
    return lexicon.is_foreign(level2, level1)


def shifted_labels(indicators: list[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Rows in which another level's label stands where the name should: moved by a cell that was lost or doubled."""
    return [
        row_doubt(i, "label_odd", f"“{i.level3}”是上一级指标的名称，却印在三级指标一列，该行可能错位")
        for i in indicators
        if i.level3 and i.level3 != i.level2 and _has_values(i) and _is_upper_label(i.level3, lexicon)
    ]


def _has_values(indicator: Indicator) -> bool:
    return bool(indicator.target_raw or indicator.actual_raw)


def _is_upper_label(name: str, lexicon: Lexicon) -> bool:
    """Whether a name is a label of a level above and says so (…指标)."""
    return name.endswith(words("indicator_word")) and lexicon.is_level(name)

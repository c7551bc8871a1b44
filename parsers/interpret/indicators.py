"""Indicator rows: drafts → records (绩效指标)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from parsers.document import Problem
from parsers.interpret.align import Assigned, doubt_short_rows
from parsers.interpret.assigned_cells import level_beside, unknown_headers
from parsers.interpret.concepts import LEVEL_COLUMNS, OTHER_YEAR
from parsers.interpret.cut_rows import join_cut_rows
from parsers.interpret.doubts import (
    figures_as_reasons,
    fused_values,
    glued_labels,
    inferred_labels,
    is_orphan,
    lone_blanks,
    lost_row,
    mismatched_labels,
    missing_labels,
    missing_names,
    name_alone,
    names_twice,
    odd_labels,
    points_as_results,
    shared_names,
    shifted_labels,
    with_upper_levels,
)
from parsers.interpret.doubts_of_neighbours import signs_of_results, values_of_neighbours
from parsers.interpret.doubts_of_shape import shape_doubts
from parsers.interpret.group_heads import group_heads, points_of_group, section_in_names
from parsers.interpret.indicator_columns import ordered_scores, points_apart, with_level_columns, with_shared_names
from parsers.interpret.indicator_record import bounded, points_parser, read_indicator
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import row_amount
from parsers.interpret.score_columns import within_points
from schemas.lexicon import Lexicon
from schemas.quantities import (
    Quantity,
    is_blank,
    parse_actual,
    parse_number,
    parse_percent,
    parse_points,
    parse_target,
)
from schemas.records import Amount, Indicator
from schemas.vocabulary import pattern, words

_EXTRA = {
    "other_score",
    "completion_rate",
    "coefficient",
    "other_rate",
    "level2_points",
    "deducted",
    OTHER_YEAR,
    "unknown",
}
"""Concepts whose figures have no column in the dataset."""
_TWICE = frozenset({"points", "score", "actual", "target"})
"""Concepts that a table may have two columns of (单项指标得分 beside 折算得分); the record has the first."""
_TAKEN = (_EXTRA - {"unknown"}) | {
    "adjusted_target",
    *LEVEL_COLUMNS,
    *("level1_points", "levels", "name", "side", "blank", "sequence", "core", "criteria", "coefficient"),
    *("relation", "target", "target_unit", "actual", "points", "score", "deviation"),
}
"""Concepts of columns that a table of indicators may have."""
_OPENED = regex.compile(r"[(（][^()（）]*$")
_CLOSED = regex.compile(r"^[^()（）]*[)）]")
_SYMBOL_ONLY = pattern("symbol_only")
_SECTION_NUMBER = pattern("section_number")


@dataclass(frozen=True, slots=True)
class IndicatorResult:
    """The indicators of a form, figures of columns that have no place in them, and what could not be read."""

    indicators: list[Indicator]
    extras: list[Amount]
    problems: list[Problem]
    skeletons: int


def indicator_rows(rows: list[Assigned], lexicon: Lexicon) -> IndicatorResult:
    """Carry merged labels, join rows cut by page breaks, and read every row."""
    rows = with_level_columns(doubt_short_rows(rows), lexicon)
    rows = within_points(ordered_scores([points_apart(row) for row in with_shared_names(rows)]))
    whole_rows = join_cut_rows(rows, lexicon)
    result = _read_rows(whole_rows, lexicon)
    result.problems.extend(unknown_headers("指标表", rows, lambda text: not is_blank(text), _TAKEN))
    has_level1 = any(column.concept == "level1" for row in rows[:1] for column in row.columns)
    return _doubted(result, whole_rows, has_level1, lexicon)


def _read_rows(rows: list[Assigned], lexicon: Lexicon) -> IndicatorResult:
    """Every row that is an indicator, the figures beside them, and the rows that could be none."""
    result = IndicatorResult([], [], [], 0)
    carried: dict[str, str] = {}
    skeletons = 0
    empty: list[Problem] = []
    in_sections = any(_section(row, lexicon) for row in rows)
    parsers = {concept: points_parser(rows, concept) for concept in ("points", "score")}
    heads = group_heads(rows)
    for index, (assigned, printed) in enumerate(zip(rows, _printed_labels(rows, lexicon), strict=True)):
        if section := _section(assigned, lexicon) or (in_sections and _numbered_alone(assigned)):
            carried = {"level1": section}
            continue
        if index in heads and (group := section_in_names(assigned)):
            printed = {**printed, "level1": group}
        labels = _labels(_below_section(printed, in_sections, lexicon), carried)
        if index in heads:
            carried["level1_points"] = assigned.text("points")
            result.extras.extend(points_of_group(assigned, labels["level1"]))
            continue
        if _is_skeleton(assigned, labels, lexicon):
            skeletons += 1
            empty.extend(name_alone(assigned, lexicon))
            continue
        if is_orphan(assigned):
            result.problems.append(lost_row(assigned))
            continue
        indicator, problems = read_indicator(assigned, labels, len(result.indicators), lexicon, parsers)
        result.indicators.append(indicator)
        result.problems.extend(problems)
        result.extras.extend(_extras(assigned, indicator))
    result.problems.extend(empty if result.indicators else [])
    return replace(result, skeletons=skeletons)


def _doubted(result: IndicatorResult, rows: list[Assigned], has_level1: bool, lexicon: Lexicon) -> IndicatorResult:
    """`result` with levels put in where they follow, and with what its rows together make doubtful said."""
    indicators, problems = result.indicators, list(result.problems)
    if has_level1:
        indicators, inferred = with_upper_levels(indicators, lexicon)
        problems += inferred
    problems += [*missing_labels(indicators), *missing_names(indicators), *shared_names(rows), *names_twice(rows)]
    problems += [*fused_values(indicators), *figures_as_reasons(indicators), *glued_labels(indicators, lexicon)]
    indicators, shifted = points_as_results(indicators)
    indicators, alone = lone_blanks(indicators)
    beside = [
        *alone,
        *values_of_neighbours(indicators),
        *signs_of_results(indicators),
        *shape_doubts(rows, indicators, lexicon),
    ]
    problems += [*shifted, *_not_yet_told(beside, problems), *shifted_labels(indicators, lexicon)]
    if rows and _stands_in_the_middle(rows):
        problems += [*inferred_labels(rows), *odd_labels(indicators, lexicon)]
    else:
        problems += mismatched_labels(indicators, lexicon)
    return replace(result, indicators=indicators, problems=problems)


def _not_yet_told(fresh: Sequence[Problem], problems: Sequence[Problem]) -> list[Problem]:
    """The problems of rows of which nothing is said yet."""
    told = {problem.place.locator for problem in problems if problem.place is not None}
    return [problem for problem in fresh if problem.place is None or problem.place.locator not in told]


# -- one row ----------------------------------------------------------------------------------------------------


def _section(assigned: Assigned, lexicon: Lexicon) -> str | None:
    """The level-1 label that a row of one cell gives to the rows below it (一、产出指标)."""
    filled = assigned.filled
    if len(filled) != 1 or _stands_as_name(assigned):
        return None
    return lexicon.section_label(filled[0].text)


def _stands_as_name(assigned: Assigned) -> bool:
    """Whether the only cell of a row stands in the column of names, beside the label of level 1 that goes on there: the
    rest of a name (受助家庭 | 满意度)."""
    names = [slot for slot in assigned.slots("level3") if slot.own and slot.text]
    return len(names) == 1 and names[0].stop - names[0].start == 1 and bool(assigned.reaching("level1"))


def _numbered_alone(assigned: Assigned) -> str | None:
    """The name that a row of one numbered cell (四、预算执行率) gives the rows below, among others of known names."""
    text = assigned.filled[0].text if len(assigned.filled) == 1 else ""
    return _SECTION_NUMBER.sub("", text) or None if _SECTION_NUMBER.match(text) else None


def _below_section(printed: dict[str, str], in_sections: bool, lexicon: Lexicon) -> dict[str, str]:
    """The labels of a row of a table in sections: names of level 2 under the head of level 1 are what they say."""
    name = printed.get("level1", "")
    if not in_sections or "level2" in printed or lexicon.is_level1(name) or not lexicon.is_level2(name):
        return printed
    return {**printed, "level1": "", "level2": name}


def _labels(printed: dict[str, str], carried: dict[str, str]) -> dict[str, str]:
    """Level 1 and 2 of a row; a blank label repeats the one above until a higher level changes."""
    for name in ("level1", "level2"):
        text = printed.get(name)
        if text:
            if name == "level1" and carried.get("level1") != text:
                carried.pop("level2", None)
                carried.pop("level1_points", None)
            carried[name] = text
    if points := printed.get("level1_points"):
        carried["level1_points"] = points
    return dict(carried)


def _printed_labels(rows: list[Assigned], lexicon: Lexicon) -> list[dict[str, str]]:
    """The level labels printed in each row, with labels that a page break or a narrow column took apart made whole."""
    labels: list[dict[str, str]] = [{} for _ in rows]
    texts = [""] * len(rows)
    for name, known in (("level1", lexicon.is_level1), ("level2", lexicon.is_level2)):
        beside = (assigned.text(name) or level_beside(assigned, name, lexicon) for assigned in rows)
        printed = [_without_side(text, known, lexicon) for text in beside]
        texts = _made_whole(["" if text in words("ditto") else text for text in printed], texts, known, lexicon)
        first = next((index for index, text in enumerate(texts) if text), 0)
        if rows and _stands_in_the_middle(rows):
            # Without rules a label may stand in the middle of its rows: those above the first can only be its own.
            texts[:first] = [texts[first]] * first
        for index, text in enumerate(texts):
            if text:
                labels[index][name] = lexicon.unnumbered(text)
    for assigned, found in zip(rows, labels, strict=True):
        if points := assigned.text("level1_points"):
            found["level1_points"] = points
    return labels


def _without_side(text: str, known: Callable[[str], bool], lexicon: Lexicon) -> str:
    """A level label without the side label that stands before it in one cell (绩效指标 成本指标)."""
    if not text or known(text):
        return text
    rests = (text[end:] for end in range(1, len(text)) if lexicon.key(text[:end]) == "side")
    return next(filter(known, rests), text)


def _stands_in_the_middle(rows: list[Assigned]) -> bool:
    """Whether labels may stand in the middle of their rows with nothing to say how far they reach."""
    return rows[0].row.grid.geometry == "slots" and rows[0].row.place.bbox is not None


def _made_whole(texts: list[str], higher: Sequence[str], known: Callable[[str], bool], lexicon: Lexicon) -> list[str]:
    """`时效指` … `标` below it are one label, for all rows of both, under one label of the `higher` level; the vertical
    side label is none."""
    stretches: list[tuple[str, list[int]]] = []
    for index, text in enumerate(texts):
        if text and stretches and stretches[-1][0] == text:
            stretches[-1][1].append(index)
        elif text:
            stretches.append((text, [index]))
    whole = list(texts)
    for (upper, above), (lower, below) in pairwise(stretches):
        joined = upper + lower
        makes_one = known(joined) or lexicon.key(joined) == "side" or _cuts_brackets(upper, lower)
        if higher[below[0]] not in ("", higher[above[-1]]):
            continue
        if not known(lower) and makes_one and (not known(upper) or lower in words("indicator_word")):
            for index in (*above, *below):
                whole[index] = joined
    return ["" if text and not known(text) and lexicon.key(text) == "side" else text for text in whole]


def _cuts_brackets(upper: str, lower: str) -> bool:
    """Whether a bracket that the upper text opens is closed in the lower one (效益目标（预期 | 效益）)."""
    opened, closed = _OPENED.search(upper), _CLOSED.search(lower)
    return opened is not None and closed is not None


def _is_skeleton(assigned: Assigned, labels: dict[str, str], lexicon: Lexicon) -> bool:
    """A row of the blank form: no indicator name of its own and no result, or only sample text."""
    name = assigned.text("level3")
    values = [assigned.text(concept) for concept in ("target", "actual", "score")]
    if "level3" not in {c.concept for c in assigned.columns}:
        name = labels.get("level2", "")
    if assigned.strays or any(not is_blank(value) and not _SYMBOL_ONLY.match(value) for value in values):
        return False
    return is_blank(name) or lexicon.is_placeholder(name) or (not any(v for v in values) and not _has_points(assigned))


def _has_points(assigned: Assigned) -> bool:
    return parse_points(assigned.text("points")) is not None


def _quantity(text: str, concept: str) -> Quantity | None:
    """The figure under a head that has no column; results of another year (210万页) and targets keep their own unit."""
    if not text:
        return None
    parse = parse_target if concept == "target" else parse_actual if concept in (OTHER_YEAR, "actual") else None
    result = parse(text) if parse else None
    if result is not None and result.value is not None and result.step is not None:
        unit = result.unit or ""
        return Quantity(result.value, unit, unit, result.step, text)
    return parse_number(text) or parse_percent(text)


def _extras(assigned: Assigned, indicator: Indicator) -> list[Amount]:
    """Numbers under headers that have no column in the dataset: kept as amounts."""
    extras = []
    original = "target" if not is_blank(assigned.text("adjusted_target")) else ""
    for column, slots in zip(assigned.columns, assigned.cells, strict=True):
        second = column.concept in _TWICE and assigned.column(column.concept) is not column
        if not second and column.concept not in (_EXTRA | {original}):
            continue
        printed = [slot.text for slot in slots if slot.own]
        quantity = _quantity("".join(printed), column.concept)
        if quantity is None or sum(map(is_figure, printed)) > 1:  # two figures are no number
            continue
        extras.append(
            replace(
                row_amount(assigned.row, slots, quantity, known=assigned.known),
                label=(None if column.concept == "level2_points" else indicator.level3) or indicator.level2 or "",
                measure=column.header,
                value=bounded(quantity.value),
                context="绩效指标表",
            )
        )
    return extras

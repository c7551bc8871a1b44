"""What each column of a table means: header rows → columns (列的含义).

Header rows may be one or several, with merged parents (`年度指标值` over `指标性质 | 指标值 | 度量单位`), a vertical
side label before them, blank heads, and words nobody listed. Columns are matched by word here and confirmed by the
kind of values under them in `align`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.interpret.column import Column, inferred
from parsers.interpret.column_results import (
    with_bare_results,
    with_blanks_inferred,
    with_goal_as_target,
    with_plan_as_target,
    with_remark_as_result,
)
from parsers.interpret.column_years import by_year, of_the_year
from parsers.interpret.concepts import LEVEL_COLUMNS, LEVEL_POINTS, MONEY_COLUMNS, PART
from parsers.interpret.header_paths import header_paths
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon, normalise
from schemas.vocabulary import names_any, words

_MONEY_NEEDED = frozenset({"initial_budget", "annual_budget", "executed"})
_NAMED_BY_TWO = frozenset({*MONEY_COLUMNS, "target", "actual"})
_RESULTS = frozenset({"target", "adjusted_target", "actual", "points", "score", "deviation"})
_POINTS = frozenset({"points", *LEVEL_POINTS})


def header_columns(rows: Sequence[Row], lexicon: Lexicon) -> tuple[Column, ...]:
    """The columns that header `rows` (one or more, consecutive) define."""
    paths = header_paths(rows, lexicon)
    columns = _resolve(tuple(_column(start, stop, path, lexicon) for start, stop, path in paths), lexicon)
    return _with_cores(columns, rows) if rows[0].exact else _spread_levels(columns)


def _with_cores(columns: tuple[Column, ...], rows: Sequence[Row]) -> tuple[Column, ...]:
    """The columns with the places of their own headers, the lowest row of a header counting."""
    if rows[0].grid.geometry == "spans":
        return columns
    cores: dict[int, tuple[int, int]] = {}
    for index, column in enumerate(columns):
        for row in rows:
            for slot in row.filled:
                if column.start < slot.stop and slot.start < column.stop:
                    cores[index] = (max(slot.start, column.start), min(slot.stop, column.stop))
    return tuple(replace(column, core=cores.get(index)) for index, column in enumerate(columns))


def _spread_levels(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """In a sequence, one header over several levels (评价内容) stands for as many cells in the rows below."""
    concepts = [column.concept for column in columns]
    if "levels" not in concepts or {"level1", "level2"} & set(concepts):
        return columns
    position = concepts.index("levels")
    names = LEVEL_COLUMNS[:2] if "level3" in concepts else LEVEL_COLUMNS
    spread = [replace(columns[position], concept=name) for name in names]
    laid = [*columns[:position], *spread, *columns[position + 1 :]]
    return tuple(replace(column, start=index, stop=index + 1) for index, column in enumerate(laid))


def _column(start: int, stop: int, path: tuple[str, ...], lexicon: Lexicon) -> Column:
    """The column under a path of heads; the lowest head that says something decides."""
    if not path:
        return Column(start, stop, "blank", path)
    if len(path) > 1 and (joined := lexicon.column("".join(path[-2:]))) in {"adjusted_target", "other_score"}:
        return Column(start, stop, joined, path)
    found = [(concept, text) for text in reversed(path) if (concept := lexicon.column(text))]
    if found:
        # 名称 under 一级指标 says nothing of its own.
        concept, text = next(((concept, text) for concept, text in found if concept != "name"), found[-1])
        named = lexicon.column(normalise(text))
        if concept in _POINTS and named in LEVEL_COLUMNS:
            # 三级指标（分值） heads the names, with their points in brackets.
            return Column(start, stop, named, path)
        return Column(start, stop, concept, path, guessed=lexicon.guesses_column(text))
    names_block = lexicon.key(path[-1]) in {"side", "funding", "goal"}
    return Column(start, stop, _as_one_word(path, lexicon) or ("side" if names_block else "unknown"), path)


def _as_one_word(path: tuple[str, ...], lexicon: Lexicon) -> str | None:
    """What two heads that say nothing alone name together: 预算 over 年初, 资金 over 到位, 实际 over 数值."""
    upper, lower = (*path[-2:], "")[:2]
    words = (f"{lower}{upper}", f"{upper}{lower}") if lower else ()
    named = (concept for word in words if (concept := lexicon.column(word)) in _NAMED_BY_TWO)
    return next(named, None)


def _resolve(columns: tuple[Column, ...], lexicon: Lexicon) -> tuple[Column, ...]:
    """Settle what one header word alone cannot tell."""
    has_levels = any(column.concept in LEVEL_COLUMNS for column in columns)
    resolved = _with_block_names(columns, lexicon)
    resolved = _with_stand_ins(_with_units_of_results(resolved), lexicon)
    resolved = with_plan_as_target(with_goal_as_target(with_bare_results(resolved), lexicon))
    resolved = by_year(of_the_year(_without_parts(_level_points(resolved), lexicon)))
    if not has_levels:
        resolved = _sources_across(_without_block_name(_without_derived(resolved, lexicon)), lexicon)
    resolved = _with_twins_told_apart(_with_names_as_level3(resolved))
    if has_levels:
        resolved = with_remark_as_result(_with_bare_result(resolved))
    return with_blanks_inferred(tuple(_without_false_guesses(resolved, lexicon)), lexicon)


def _with_block_names(columns: tuple[Column, ...], lexicon: Lexicon) -> list[Column]:
    """With the heads that only name the block as its side label, which no cell is a value of."""
    concepts = [column.concept for column in columns]
    first_level = next((i for i, concept in enumerate(concepts) if concept in LEVEL_COLUMNS), 0)
    resolved = list(columns)
    for index, column in enumerate(columns):
        if _is_side_label(index, columns, first_level, lexicon):
            resolved[index] = replace(column, concept="side")
        elif _sorts_the_named(index, concepts):
            resolved[index] = replace(column, concept="blank")
        elif column.concept == "levels" and (level := _level_of_twin(index, concepts)):
            resolved[index] = replace(column, concept=level, inferred=True)
        elif column.concept == "levels" and {"level1", "level2"} & set(concepts):
            # 评价内容 behind 项目权重 names what is judged; over or left of the levels it names the block.
            names = index > first_level and not {"level2", "level3", "name"} & set(concepts)
            resolved[index] = replace(column, concept="level3" if names else "side")
    return resolved


def _sorts_the_named(index: int, concepts: Sequence[str]) -> bool:
    """Whether an upper level stands once more behind the names: 指标类型 (定量, 定性) is none."""
    before = concepts[:index]
    return concepts[index] in LEVEL_COLUMNS[:2] and concepts[index] in before and "level3" in before


def _level_of_twin(index: int, concepts: Sequence[str]) -> str | None:
    """The level that one of two heads over levels names where no other head does: 评价内容 | 评价指标 | 评价标准."""
    twins = [at for at, concept in enumerate(concepts) if concept == "levels"]
    if len(twins) != 2 or {*LEVEL_COLUMNS, "name"} & set(concepts):
        return None
    return "level1" if index == twins[0] else "level3"


def _is_side_label(index: int, columns: tuple[Column, ...], first_level: int, lexicon: Lexicon) -> bool:
    """Whether a head names the block, by its word or because it stands left of the levels alone."""
    column, concepts = columns[index], [one.concept for one in columns]
    results_before = sum(concept in _RESULTS for concept in concepts[:first_level])
    if results_before == 1 and index < first_level and column.concept in _RESULTS:
        # 年度绩效指标完成情况 left of the levels is the name of the block, whatever else the word may head; of several
        # such heads (得分 | 完成值 | 三级指标) each heads its column.
        return True
    if index or not column.path:
        return False
    if (
        column.concept == "level3"
        and "level3" in concepts[1:]
        and not set(concepts[: _last(concepts, "level3")]) & _RESULTS
    ):
        return True  # 指标 left of 一级指标 | 二级指标 | 三级指标
    if lexicon.key(column.path[-1]) == "funding" and any(concept in MONEY_COLUMNS for concept in concepts[1:]):
        return True
    says_side = len(column.path) == 1 and lexicon.key(column.path[0]) == "side"
    heads_levels = column.stop - column.start > 1 and _heads_levels(column, concepts)
    return says_side and not heads_levels and any(concept in LEVEL_COLUMNS for concept in concepts)


def _last(concepts: Sequence[str], concept: str) -> int:
    return len(concepts) - 1 - list(reversed(concepts)).index(concept)


_TWINS = (
    ("annual_budget", "initial_budget", 0),
    ("points", "score", -1),
    ("score", "points", 0),
    ("actual", "target", 0),
    ("level1", "level2", -1),
    ("level2", "level1", 0),
)
"""Heads that a table has twice where it has none for what the first, or the last, of the two holds."""


def _with_twins_told_apart(columns: list[Column]) -> list[Column]:
    resolved = columns
    for concept, lacking, which in _TWINS:
        twins = [index for index, column in enumerate(resolved) if column.concept == concept]
        alike = len({resolved[index].header for index in twins}) < len(twins)
        is_doubled = alike and concept in LEVEL_COLUMNS
        if len(twins) == 2 and not is_doubled and not any(column.concept == lacking for column in resolved):
            resolved = inferred(resolved, _twin_to_name(twins, which, resolved), lacking)
    return resolved


def _twin_to_name(twins: Sequence[int], which: int, columns: Sequence[Column]) -> int:
    """The one of two heads alike that holds what the table lacks: of two budgets the one that nobody adjusted."""
    plain = [index for index in twins if not names_any("adjusted", columns[index].header)]
    return plain[0] if len(plain) == 1 else twins[which]


def _with_names_as_level3(columns: list[Column]) -> list[Column]:
    """The names of the indicators, where no column is headed as level 3."""
    if any(column.concept == "level3" for column in columns):
        return columns
    position = next((index for index, column in enumerate(columns) if column.concept == "name"), None)
    return columns if position is None else inferred(columns, position, "level3")


def _heads_levels(column: Column, concepts: Sequence[str]) -> bool:
    """Whether a head stands over the upper levels, which no other column has (绩效指标 over `产出 | 数量`)."""
    return column.concept == "levels" and not {"level1", "level2"} & set(concepts)


def _with_units_of_results(columns: list[Column]) -> list[Column]:
    """数值 | 单位 under one head of results are one column: its cells make the value with its unit.

    So is a second column of units, behind the results.
    """
    resolved: list[Column] = []
    for column in columns:
        last = resolved[-1] if resolved else None
        beside = last is not None and last.concept == "actual" and last.stop == column.start
        second = any(one.concept == "target_unit" for one in resolved)
        if last and beside and column.concept == "target_unit" and (second or _under_one_head(last, column)):
            resolved[-1] = replace(last, stop=column.stop)
        else:
            resolved.append(column)
    return resolved


def _with_bare_result(columns: list[Column]) -> list[Column]:
    """实际 right of the targets heads the results, in a table that has no other column of them."""
    if any(column.concept == "actual" for column in columns):
        return columns
    beside = (
        index
        for index, (left, column) in enumerate(pairwise(columns), 1)
        if left.concept == "target" and column.concept == "unknown" and column.path[-1] in words("bare_result_head")
    )
    position = next(beside, None)
    return columns if position is None else inferred(columns, position, "actual")


def _under_one_head(left: Column, right: Column) -> bool:
    return len(right.path) > 1 and right.path[0] == left.path[0]


def _with_stand_ins(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """拨付数 is what was executed, 下达数 the budget, in a table that has no column for that; else other money."""
    concepts = {column.concept for column in columns}
    resolved = list(columns)
    for index, column in enumerate(columns):
        place = lexicon.column_stands_for(column.concept)
        if place is not None:
            fills = place not in concepts
            resolved[index] = replace(column, concept=place if fills else "other_money", guessed=fills)
            concepts.add(place)
    return resolved


def _without_false_guesses(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """A head guessed to be other money that may be the budget or the spending its table lacks is unknown instead."""
    concepts = {column.concept for column in columns}
    if not concepts & set(MONEY_COLUMNS):
        return columns
    hints = [hint for lacking in _MONEY_NEEDED - concepts for hint in lexicon.column_hints(lacking)]
    return [
        replace(column, concept="unknown", guessed=False)
        if column.guessed and column.concept == "other_money" and any(hint in column.header for hint in hints)
        else column
        for column in columns
    ]


def _without_block_name(columns: list[Column]) -> list[Column]:
    """A word for a budget over the labels names the block: 年度预算 | 资金来源 | 年初预算数 | 调整预算数 | 执行数."""
    concepts = [column.concept for column in columns]
    first = next((index for index, concept in enumerate(concepts) if concept in MONEY_COLUMNS), None)
    if first is None:
        return columns
    labels_follow = first == 0 and len(concepts) > 1 and concepts[1] in ("funding_label", "blank", "name", "unknown")
    labels_follow = labels_follow and any(concept in MONEY_COLUMNS for concept in concepts[1:])
    later = concepts[first + 1 :]
    third_budget = concepts[first] == "annual_budget" and {"initial_budget", "annual_budget"} <= set(later)
    if not labels_follow and not third_budget:
        return columns
    return [*columns[:first], replace(columns[first], concept="blank"), *columns[first + 1 :]]


def _without_derived(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """What is worked out from others (C=A-B) is neither the budget itself, beside another of that name, nor unknown."""
    concepts = [column.concept for column in columns]
    has_money = any(concept in MONEY_COLUMNS for concept in concepts)
    twice = {concept for concept in MONEY_COLUMNS if concepts.count(concept) > 1}
    others = twice | ({"unknown", "other_money"} if has_money else set())
    return [
        replace(column, concept="other_money", guessed=False)
        if column.concept in others and lexicon.is_derived(column.header)
        else column
        for column in columns
    ]


def _sources_across(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """Money by source side by side (中央 | 省 | 本级 | 合计 | 执行数): the sum is the budget, the sources its parts.

    Beside a budget they are parts of it.
    """
    open_heads = [index for index, column in enumerate(columns) if column.concept == "unknown" and column.path]
    sums = [index for index in open_heads if lexicon.is_funding_total(columns[index].path[-1])]
    sources = [index for index in open_heads if index not in sums and lexicon.knows_source(columns[index].path[-1])]
    if any(column.concept in MONEY_COLUMNS[:2] for column in columns):
        return [replace(column, concept=PART) if index in sources else column for index, column in enumerate(columns)]
    if len(sums) != 1 or not sources:
        return columns
    budget = {sums[0]: "annual_budget"}
    parts = {index: PART for index in open_heads if min(sources) <= index < sums[0]}
    meaning = {**parts, **budget}
    return [
        replace(column, concept=meaning[index], inferred=True) if index in meaning else column
        for index, column in enumerate(columns)
    ]


def _level_points(columns: list[Column]) -> list[Column]:
    """Points right behind level 1 or 2, with a deeper level to come, are that level's (一级指标 | 权重 | 二级指标)."""
    resolved = list(columns)
    for index, column in enumerate(columns[1:], 1):
        level = columns[index - 1].concept
        deeper = LEVEL_COLUMNS[LEVEL_COLUMNS.index(level) + 1 :] if level in LEVEL_COLUMNS else ()
        if column.concept == "points" and any(later.concept in deeper for later in columns[index + 1 :]):
            resolved[index] = replace(column, concept=f"{level}_points")
    return resolved


def _without_parts(columns: list[Column], lexicon: Lexicon) -> list[Column]:
    """Of several money columns under one head (全年预算数: 总额 | 财政拨款 | 其他资金) one states the whole.

    One under the head alone, beside others with heads of their own, has lost its own.
    """
    resolved = list(columns)
    for concept in MONEY_COLUMNS:
        heads: dict[tuple[str, ...], list[int]] = {}
        for index, column in enumerate(columns):
            if column.concept == concept and len(column.path) > 1 and not lexicon.column(column.path[-1]):
                heads.setdefault(column.path[:-1], []).append(index)
        for head, named in heads.items():
            members = sorted({*named, *(index for index in _next_to(named, columns) if columns[index].path == head)})
            whole = next((i for i in named if lexicon.is_funding_total(columns[i].path[-1])), members[0])
            for index in members:
                if index != whole:
                    resolved[index] = replace(columns[index], concept=PART)
    return resolved


def _next_to(indexes: Sequence[int], columns: Sequence[Column]) -> list[int]:
    return [index for index in (min(indexes) - 1, max(indexes) + 1) if 0 <= index < len(columns)]

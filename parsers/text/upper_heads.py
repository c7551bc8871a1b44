"""Heads in two rows of which the order alone is left → one row of heads (两行列标题并作一行).

Where merged cells are left out, 年度指标值 | 实际完成值 | 分值 stands above 一级指标 | … | 指标性质 | 指标值: the lower
heads belong under the levels' side label and the head of the target, those of the upper row go on behind them. Where
the levels stand above, the parts of target and score stand below: 符号 | 值 | 单位 | 单项指标得分 | 折算得分.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.header_paths import under_parents
from parsers.interpret.recognise import is_figure
from parsers.text.placing import header_of
from schemas.lexicon import lexicon

_ABOVE_LEVELS = frozenset({"levels", *LEVEL_COLUMNS})
"""What may stand over all levels (绩效指标, 指标名称)."""
_SCORED = frozenset({"points", "score", "other_score"})
_RESULTS = frozenset({"target", "actual", "points", "score"})


def first_level(texts: Sequence[str]) -> int:
    """Where the heads of the levels begin; 0 where there are none. 指标名称 may stand above all of them."""
    levels = [at for at, text in enumerate(texts) if lexicon().column(text) in LEVEL_COLUMNS]
    highest = [at for at in levels[:-1] if lexicon().column(texts[at]) == "level1"]
    return next(iter([*highest, *levels]), 0)


def are_upper(texts: Sequence[str]) -> bool:
    """Whether heads before those of the levels are an upper row of them: no goals with what was to be done."""
    words = lexicon()
    states_goals = any(words.key(text) == "goal" for text in texts)
    if states_goals and not all(map(words.column, texts)):
        return False
    return len({words.column(text) for text in texts} & _RESULTS) > 1


def in_one_row(texts: Sequence[str]) -> list[str]:
    """The heads of both rows one after the other, the upper row's first, as the one row they stand for."""
    level = first_level(texts)
    if are_upper(texts[:level]):
        return _levels_below(texts[:level], texts[level:])
    start = _parts_start(texts)
    merged = under_parents([(text,) for text in texts[:start]], list(texts[start:]), lexicon()) if start else None
    return list(texts) if merged is None else _with_value([_head(path) for path in merged], texts[:start])


def joined_heads(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Two rows of heads as one; nothing where the lower is no row of heads, or they head no indicators together."""
    if any(map(is_figure, (*upper, *lower))):
        return []
    if parted := _with_parts_of_scores(upper, lower):
        return parted
    known = sum(lexicon().column(text) is not None for text in lower)
    joined = in_one_row([*upper, *lower]) if known > 1 and known >= len(lower) - 1 else []
    return [] if joined in ([], [*upper, *lower]) or header_of(joined) is None else joined


def _with_parts_of_scores(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The heads of both rows where points and scores stand below the last ones above: 指标 | 县级 over 分值 | 评分.

    None of those says by itself what stands below it; nothing where the rows are no such heads.
    """
    column = lexicon().column
    split = len(upper) - len(lower)
    are_parts = len(lower) > 1 and all(column(text) in _SCORED for text in lower)
    over = [column(text) for text in upper[split:]]
    leveled = any(column(text) in LEVEL_COLUMNS for text in upper[: max(split, 0)])
    bare = leveled and not _RESULTS.intersection(over)
    joined = (
        [f"{above}{below}" for above, below in zip(upper[split:], lower, strict=True)] if are_parts and bare else []
    )
    return [*upper[:split], *joined] if joined else []


def _levels_below(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    words = lexicon()
    levels = [text for text in lower if words.column(text) in LEVEL_COLUMNS]
    parts = [text for text in lower if text not in levels]
    row = list(levels)
    for text in upper:
        concept = words.column(text)
        if concept == "target" and parts:
            row += [_head((text, part)) for part in parts]
        elif concept not in _ABOVE_LEVELS and words.key(text) != "side":
            row.append(text)
    return row


def _with_value(row: list[str], upper: Sequence[str]) -> list[str]:
    """The heads with that of the target itself behind 符号, where the head of its values (值) was lost."""
    words = lexicon()
    concepts = [words.column(text) for text in row]
    target = next((text for text in upper if words.column(text) == "target"), "")
    if "target" in concepts or "relation" not in concepts or not target:
        return row
    behind = concepts.index("relation") + 1
    return [*row[:behind], target, *row[behind:]]


def _parts_start(texts: Sequence[str]) -> int:
    """Where the parts of the target begin behind the heads of the results (… 自评得分 | 符号 值 单位 …); 0 where none
    do."""
    concepts = [lexicon().column(text) for text in texts]
    result = next((at for at, concept in enumerate(concepts) if concept in ("actual", "score")), len(texts))
    return next((at for at, concept in enumerate(concepts) if concept == "relation" and at > result), 0)


def _head(path: Sequence[str]) -> str:
    """The lowest word over a column that says something: 值 under 指标值 does not."""
    return next((word for word in reversed(path) if lexicon().column(word)), path[-1])

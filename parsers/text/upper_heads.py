"""Heads in two rows of which the order alone is left → one row of heads (两行列标题并作一行).

Where merged cells are left out, 年度指标值 | 实际完成值 | 分值 stands above 一级指标 | … | 指标性质 | 指标值: the lower
heads belong under the levels' side label and the head of the target, those of the upper row go on behind them.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.concepts import LEVEL_COLUMNS
from schemas.lexicon import lexicon

_RESULTS = frozenset({"target", "actual", "points", "score"})


def first_level(texts: Sequence[str]) -> int:
    """Where the heads of the levels begin; 0 where there are none."""
    return next((at for at, text in enumerate(texts) if lexicon().column(text) in LEVEL_COLUMNS), 0)


def are_upper(texts: Sequence[str]) -> bool:
    """Whether heads before those of the levels are an upper row of them."""
    return len({lexicon().column(text) for text in texts} & _RESULTS) > 1


def in_one_row(texts: Sequence[str]) -> list[str]:
    """The heads of both rows one after the other, the upper row's first, as the one row they stand for."""
    words = lexicon()
    level = first_level(texts)
    upper, lower = texts[:level], texts[level:]
    if not are_upper(upper):
        return list(texts)
    levels = [text for text in lower if words.column(text) in LEVEL_COLUMNS]
    parts = [text for text in lower if text not in levels]
    row = list(levels)
    for text in upper:
        concept = words.column(text)
        if concept == "target" and parts:
            row += [part if words.column(part) else text for part in parts]
        elif concept != "levels" and words.key(text) != "side":
            row.append(text)
    return row

"""Lists of the evaluations of several projects, a line and a score each (自评结果清单、汇总表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.document import Problem
from parsers.interpret.drafts import Context
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon

_FEWEST = 2
"""Lines from which a table under such heads is a list."""


def evaluation_lists(contexts: Sequence[Context], lexicon: Lexicon) -> Iterator[Problem]:
    """A problem for each list of projects with a score each: it is no evaluation of one of them, and is said."""
    for context in contexts:
        for at, row in enumerate(context.loose):
            lines = _lines_below(context.loose[at + 1 :], row) if _heads_list(row, lexicon) else 0
            if lines >= _FEWEST:
                yield _problem(row, lines)


def _heads_list(row: Row, lexicon: Lexicon) -> bool:
    names = any(lexicon.key(slot.text) == "project_name" for slot in row.filled)
    scores = any(lexicon.column(slot.text) == "score" for slot in row.filled)
    return names and scores and not any(is_figure(slot.text) for slot in row.filled)


def _lines_below(rows: Sequence[Row], head: Row) -> int:
    """How many lines with a figure stand below the heads in their table."""
    return sum(row.grid is head.grid and any(is_figure(slot.text) for slot in row.filled) for row in rows)


def _problem(row: Row, lines: int) -> Problem:
    place = row.place
    said = f"{place.locator}：这是多个项目的自评结果清单（{lines} 行，各有名称和得分），不是某个项目的自评，没有读取。"
    return Problem("list_of_evaluations", f"{said}请取得各项目的自评表或自评报告。", place)

"""Heads of a form that stand outside every table: the form below them was not read (表外的列标题)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.document import Paragraph, Problem
from parsers.interpret.columns import LEVEL_COLUMNS, MONEY_COLUMNS
from schemas.lexicon import Lexicon, squeeze

_HEADS = frozenset({*MONEY_COLUMNS, *LEVEL_COLUMNS, "execution_rate", "points", "score", "target", "actual"})
_FEWEST = 3
"""Different heads one after the other from which they are those of a table."""
_LONGEST_HEAD = 14
_SHOWN = 40


def stray_heads(lines: Sequence[Paragraph], lexicon: Lexicon) -> Iterator[Problem]:
    """A problem for each run of heads among the lines of a report, in one line or one below the other."""
    run: list[Paragraph] = []
    found: list[str] = []
    for line in lines:
        heads = _heads(line.text, lexicon)
        if heads:
            run.append(line)
            found.extend(heads)
            continue
        if len(set(found)) >= _FEWEST:
            yield _problem(run)
        run, found = [], []
    if len(set(found)) >= _FEWEST:
        yield _problem(run)


def _heads(text: str, lexicon: Lexicon) -> list[str]:
    """The columns that a line heads; none where anything else stands in it."""
    named = [_head(piece, lexicon) for piece in text.split()]
    return [concept for concept in named if concept] if all(named) else []


def _head(piece: str, lexicon: Lexicon) -> str | None:
    concept = lexicon.column(piece) if len(piece) <= _LONGEST_HEAD and not lexicon.guesses_column(piece) else None
    return concept if concept in _HEADS else None


def _problem(run: Sequence[Paragraph]) -> Problem:
    shown = "、".join(squeeze(line.text) for line in run)[:_SHOWN]
    place = run[0].place
    text = f"{place.locator}：“{shown}”是表的列标题，其下的表没有还原，没有读取，请核对原文。"
    return Problem("heads_outside_table", text, place)

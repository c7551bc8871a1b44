"""Heads of a form outside every table, and rows without any heads: the form was not read (表外的列标题、无头的表)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from parsers.document import Paragraph, Problem
from parsers.interpret.concepts import LEVEL_COLUMNS, MONEY_COLUMNS
from parsers.interpret.ownership import Report
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Row
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import fold
from schemas.vocabulary import names_any, pattern

_HEADS = frozenset({*MONEY_COLUMNS, *LEVEL_COLUMNS, "execution_rate", "points", "score", "target", "actual"})
"""Columns of which a few make a line the head of a form; others may stand among them."""
_FEWEST = 3
"""Different ones of them one after the other from which they are those of a table."""
_LONGEST_HEAD = 14
_LEVEL_ROW = pattern("level_row")
_SHOWN = 40


def stray_heads(report: Report, lexicon: Lexicon) -> Iterator[Problem]:
    """A problem for each run of heads outside the tables of a report, in one line or one below the other.

    Rows of one cell are lines, too: a table that fell into its cells.
    """
    yield from _runs(report.paragraphs, lexicon)
    lone = [row for context in report.contexts for row in context.loose if len(row.filled) == 1]
    yield from _runs([Paragraph(row.filled[0].text, row.place) for row in lone], lexicon)


def _runs(lines: Sequence[Paragraph], lexicon: Lexicon) -> Iterator[Problem]:
    run: list[Paragraph] = []
    found: list[str] = []
    for line in lines:
        heads = _heads(line.text, lexicon)
        if heads:
            run.append(line)
            found.extend(heads)
            continue
        if len(_HEADS.intersection(found)) >= _FEWEST:
            yield _problem(run)
        run, found = [], []
    if len(_HEADS.intersection(found)) >= _FEWEST:
        yield _problem(run)


def headless_rows(report: Report, lexicon: Lexicon) -> Problem | None:
    """Said of rows of a form whose heads were cut off or torn: the sum of the funds with its figures.

    Or rows of indicators: level, name, sign and figure, over and over; None where too few stand there to be a form.
    """
    lines = report.lines
    loose = [row for context in report.contexts for row in context.loose]
    cut = (Paragraph(_with_rest(row, below), row.place) for row, below in zip_longest(loose, loose[1:]))
    for line in (*lines, *cut):
        if _is_row_of_funds(line.text, lexicon):
            place, shown = line.place, squeeze(line.text)[:_SHOWN]
            said = f"{place.locator}：“{shown}”像是资金表的一行，但表头没有还原，没有读取，请核对原文。"
            return Problem("heads_missing", said, place)
    rows = [(match, line) for line in lines for match in _LEVEL_ROW.finditer(fold(squeeze(line.text)))]
    if len(rows) < _FEWEST:
        return None
    first, place = rows[0][0][0], rows[0][1].place
    text = f"{place.locator}：“{first[:_SHOWN]}”起像是绩效指标，但没有表头，各格是什么无法确定，没有读取，请核对原文。"
    return Problem("heads_missing", text, place)


def _with_rest(row: Row, below: Row | None) -> str:
    """The cells of a row, with those of the row below where that begins with a figure: it is the rest of it."""
    rest = below.filled if below is not None and below.filled and is_figure(below.filled[0].text) else ()
    return " ".join(slot.text for slot in (*row.filled, *rest))


def _is_row_of_funds(text: str, lexicon: Lexicon) -> bool:
    """年度资金总额：1 52.80 52.80 100% 30.80 58.33%."""
    first, *rest = text.split() or [""]
    named = names_any("funding_whole", first) and lexicon.is_funding_total(first)
    return named and sum(map(is_figure, rest)) >= _FEWEST


def _heads(text: str, lexicon: Lexicon) -> list[str]:
    """The columns that a line heads; none where anything else stands in it."""
    named = [_head(piece, lexicon) for piece in text.split()]
    return [concept for concept in named if concept] if all(named) else []


def _head(piece: str, lexicon: Lexicon) -> str | None:
    return lexicon.column(piece) if len(piece) <= _LONGEST_HEAD and not lexicon.guesses_column(piece) else None


def _problem(run: Sequence[Paragraph]) -> Problem:
    shown = "、".join(squeeze(line.text) for line in run)[:_SHOWN]
    place = run[0].place
    text = f"{place.locator}：“{shown}”是表的列标题，其下的表没有还原，没有读取，请核对原文。"
    return Problem("heads_outside_table", text, place)

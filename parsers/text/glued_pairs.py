"""Labels of money and their figures with nothing between (标签与金额连写): 预算数62.73到位数62.73执行数62.73100.00.

The lines of sources below repeat their label as often as the first line has labels (其中:财政资金62.73其中:财政…).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import regex

from parsers.document import Problem
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.text.flow_rows import PARTIAL, WHOLE
from parsers.text.grids import grid_of
from parsers.text.lines import line_place
from parsers.text.regions import TextRegion
from schemas.lexicon import lexicon, squeeze
from schemas.quantities import parse_money, parse_percent

_PAIR = regex.compile(r"(?P<label>[^\d.,，%\s]*\p{Han}[:：]?)(?P<figures>\d[\d.,]*)?")
_FIGURE = regex.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?")
_FEWEST = 3
_RATE = "execution_rate"
_FULL = Decimal(100)

Pairs = list[tuple[str, str]]


def regions(lines: Sequence[str]) -> list[TextRegion]:
    """Where such lines stand in a file, in order."""
    return [region for index in range(1, len(lines)) if (region := _region(lines, index)) is not None]


def _region(lines: Sequence[str], index: int) -> TextRegion | None:
    pairs = _pairs(lines[index].strip())
    concepts = [lexicon().column(label) for label, _ in pairs]
    if len(pairs) < _FEWEST or len(set(concepts)) < len(concepts) or not set(concepts) <= set(MONEY_COLUMNS):
        return None
    row = _with_rate(pairs, concepts, _rate_label(squeeze(lines[index - 1])))
    if row is None:
        return None
    rows = [row, *_rows_of_sources(lines, index + 1, len(pairs))]
    places = [line_place(index + at) for at in range(len(rows))]
    grid = grid_of(rows, places, "slots", [WHOLE if row[-1] else PARTIAL for row in rows])
    said = f"{places[0].locator}：标签与金额连写在一起，没有分隔，各数按小数与执行率分开，请核对原文。"
    return TextRegion(index, index + len(rows), (grid,), (Problem("cells_parted", said, places[0]),))


def _pairs(text: str) -> Pairs:
    """The labels and figures that make up a text; none where anything else stands in it."""
    found = list(_PAIR.finditer(text))
    whole = "".join(match[0] for match in found) == text
    return [(match["label"], match["figures"] or "") for match in found] if whole else []


def _rate_label(above: str) -> str:
    """The head of the rate that the line of the blocks' names above ends with: …资金执行情况预算执行进度(%)."""
    ends = (above[start:] for start in range(len(above)))
    return next((end for end in ends if lexicon().column(end) == _RATE and lexicon().key(end) is None), "")


def _with_rate(pairs: Pairs, concepts: Sequence[str | None], rate_label: str) -> list[str] | None:
    """The first line's cells, the rate behind the last amount parted by what it is; None where that is not certain."""
    *first, (last, figures) = pairs
    amounts = dict(zip(concepts, (figure for _, figure in pairs), strict=True))
    cells = [cell for pair in first for cell in pair]
    if not rate_label:
        return [*cells, last, figures] if _FIGURE.fullmatch(figures) else None
    ways = list(_parted(figures, amounts.get("annual_budget") or amounts.get("initial_budget") or ""))
    return [*cells, last, *ways[0][:1], rate_label, *ways[0][1:]] if len(ways) == 1 else None


def _parted(figures: str, budget: str) -> Iterator[tuple[str, str]]:
    """The ways to part an amount from its rate of the budget behind it."""
    planned = parse_money(budget)
    for cut in range(1, len(figures)):
        spent, rate = figures[:cut], figures[cut:]
        if not (_FIGURE.fullmatch(spent) and _FIGURE.fullmatch(rate)):
            continue
        executed, stated = parse_money(spent), parse_percent(rate)
        if not planned or not planned.value or executed is None or stated is None:
            continue
        if abs(executed.value / planned.value * _FULL - stated.value) <= stated.width:
            yield spent, rate


def _rows_of_sources(lines: Sequence[str], start: int, count: int) -> Iterator[list[str]]:
    """The lines below that print one source as often as there are amounts of the total."""
    for line in lines[start:]:
        pairs = _pairs(line.strip())
        labels = {label for label, _ in pairs}
        if len(pairs) != count or len(labels) != 1 or not lexicon().knows_source(next(iter(labels))):
            return
        yield [cell for pair in pairs for cell in pair]

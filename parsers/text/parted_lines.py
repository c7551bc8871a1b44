"""Rows joined by blanks that line breaks part, made whole (空格分列的断行).

Heads of two lines (年度 实际 above 指标值 完成值), the unit of a block below its name (项目资金 above (万元)), and
figures that stand in a line of their own below the words of their row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import regex

from parsers.text.paired_funds import labelled
from parsers.text.upper_heads import joined_heads
from schemas.lexicon import lexicon, normalise
from schemas.vocabulary import pattern

_UNIT_ALONE = regex.compile(r"[(（][^()（）\s]{1,8}[)）]")
_NUMERIC = pattern("number_in_line")
_FEWEST_HEADS = 2
_MOST_FIGURES = 4
"""Figures of a row that stand in a line of their own: points and score, and what may be beside them."""


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The fields of a row and the first and last line it is printed in."""

    fields: tuple[str, ...]
    first: int
    last: int


def whole_rows(rows: Sequence[FieldRow]) -> list[FieldRow]:
    """The rows, those joined that line breaks part."""
    whole: list[FieldRow] = []
    for row in rows:
        above = whole.pop() if whole else None
        whole += [row] if above is None else _joined(above, row)
    return whole


def _joined(above: FieldRow, row: FieldRow) -> list[FieldRow]:
    heads = _completed_heads(above.fields, row.fields) or joined_heads(above.fields, row.fields)
    if heads:
        return [FieldRow(tuple(heads), above.first, row.last)]
    funds = labelled(above.fields, row.fields)
    if funds is not None:
        return [FieldRow(tuple(funds), above.first, row.last)]
    if _goes_on_in_figures(above.fields, row.fields):
        return [FieldRow((*above.fields, *row.fields), above.first, row.last)]
    if _is_unit_of(above.fields[0], row.fields):
        named = (above.fields[0] + row.fields[0], *above.fields[1:])
        return [replace(above, fields=named), replace(row, fields=row.fields[1:])]
    return [above, row]


def _completed_heads(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...] | None:
    """Heads of which those below are the second halves, in order; None where one is not."""
    if len(lower) >= len(upper) or sum(map(_is_head, upper)) < _FEWEST_HEADS:
        return None
    rest = list(lower)
    heads = list(upper)
    for at, head in enumerate(upper):
        if rest and _is_head(head + rest[0]):
            heads[at] = head + rest.pop(0)
    return None if rest else tuple(heads)


def _goes_on_in_figures(above: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a line holds nothing but the figures of the row above it, which has none."""
    figures = len(below) <= _MOST_FIGURES and all(map(_NUMERIC.fullmatch, below))
    return figures and not any(map(_NUMERIC.fullmatch, above)) and sum(map(_is_head, above)) < _FEWEST_HEADS


def _is_unit_of(name: str, below: Sequence[str]) -> bool:
    """Whether a line begins with the unit in brackets of a block of funds named above."""
    unit = len(below) > 1 and _UNIT_ALONE.fullmatch(below[0]) is not None
    return unit and lexicon().key(name + below[0]) == "funding"


def _is_head(text: str) -> bool:
    """Whether a text is, letter by letter, a head of a column."""
    plain = normalise(text)
    return any(plain in concept.words for concept in lexicon().columns)

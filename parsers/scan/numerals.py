"""Numerals of one or two strokes in labels set downwards, told from dashes and equals signs (竖排的一、二).

In 一级指标 with a line for each character the numeral stands alone in its line, as a dash does that fills a cell.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from parsers.scan.lines import TextLine
from parsers.scan.place import WIDE_FROM
from parsers.scan.reading import ReadLine
from parsers.scan.strokes import DASH, EQUALS

NUMERALS = {DASH: "一", EQUALS: "二"}
"""Numerals by the signs that look like them."""
WIDE_STROKE = 0.6
"""Em from which a stroke is as wide as a Chinese character."""
ASIDE, STEP = 0.3, 1.7
"""Em by which the middles of two characters below each other differ at most, across and down."""


def with_upright_numerals(lines: Sequence[ReadLine], em: float) -> list[ReadLine]:
    """The lines of a page, the signs right above a Chinese character of their cell as the numerals they are."""
    characters: dict[int, list[TextLine]] = defaultdict(list)
    for one in lines:
        if len(one.reads) == 1 and one.reads[0].text > WIDE_FROM:
            characters[one.line.cell].append(one.line)
    return [_as_numeral(one, characters[one.line.cell], em) for one in lines]


def _as_numeral(one: ReadLine, characters: Sequence[TextLine], em: float) -> ReadLine:
    numeral = NUMERALS.get(one.reads[0].text) if len(one.reads) == 1 else None
    if numeral is None or one.line.width < WIDE_STROKE * em:
        return one
    if not any(_stands_below(character, one.line, em) for character in characters):
        return one
    return replace(one, reads=(replace(one.reads[0], text=numeral),))


def _stands_below(lower: TextLine, upper: TextLine, em: float) -> bool:
    """Whether a character stands right below another, middle below middle."""
    (x0, top, x1, bottom), (left, above, right, under) = lower.box, upper.box
    aside = abs(x0 + x1 - left - right) / 2
    step = (top + bottom - above - under) / 2
    return aside < ASIDE * em and 0 < step < STEP * em

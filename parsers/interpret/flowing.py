"""The text of a cell as its sentences go on, whatever the width of the cell (单元格内的折行)."""

from __future__ import annotations

import re
from itertools import pairwise

from parsers.document import Cell
from parsers.printed import columns_of, joined_text
from schemas.vocabulary import pattern

_LIST_NUMBER = pattern("title_number")
_ENDS = re.compile(r"[。！？!?；;：:]\s*$")
_WORD_START = re.compile(r"[\d.,，A-Za-z%％]*")
_SLACK = 4
"""Columns (a Han character takes two) that a full line may fall short of the fullest of its cell."""


def flowing_text(cell: Cell) -> str:
    """A cell's text with the lines joined that only the cell's width ended, so that no figure is cut in two.

    On a page with positions a line that fills the cell goes on in the next one, unless that begins an item of a list.
    Elsewhere somebody has set each line break.
    """
    if cell.bbox is None or "\n" not in cell.text:
        return cell.text
    lines = cell.text.split("\n")
    fullest = max(map(columns_of, lines))
    text = lines[0]
    for above, line in pairwise(lines):
        text = joined_text(text, line) if _goes_on(above, line, fullest) else f"{text}\n{line}"
    return text


def _goes_on(above: str, line: str, fullest: int) -> bool:
    if _LIST_NUMBER.match(line) or _ENDS.search(above):
        return False
    unbroken = _WORD_START.match(line)
    return columns_of(above) + len(unbroken[0] if unbroken else "") + _SLACK >= fullest

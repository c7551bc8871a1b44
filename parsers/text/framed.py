"""Tables whose cells stand one a line between lone bars, rows with one at both ends (每格上下各有一道竖线).

`| 1 | 甲 | | 2 | 乙 |`, line by line: two bars on end part two rows, each one more is a blank cell at the end of a row.
The cells that a merged one covers are left out, as between pipes in one line.
"""

from __future__ import annotations

import re

from parsers.text.lines import cell_text, is_blank
from parsers.text.pipes import PipeRow, grid_of_rows
from parsers.text.regions import TextRegion

_BAR = re.compile(r"[|｜]")
_BARS = ("|", "｜")
_FEWEST = 6
"""Cells between two bars from which they are how the text parts its cells."""
_NEARLY = 0.9
_PARTING = 2


def regions(lines: list[str]) -> list[TextRegion]:
    """The table of a text that is written so; none of any other."""
    bars = [index for index, line in enumerate(lines) if line.strip() in _BARS]
    if not are_framed(lines, bars):
        return []
    rows = _rows(lines, range(bars[0], len(lines)))
    return [TextRegion(bars[0], len(lines), (grid_of_rows(rows),))]


def are_framed(lines: list[str], bars: list[int]) -> bool:
    """Whether nearly every line from the first of the bars on is a bar, or a cell between two of them."""
    written = [index for index in range(bars[0], bars[-1] + 1) if not is_blank(lines[index])] if bars else []
    cells = [index for index in written if not _BAR.search(lines[index])]
    between = sum(lines[at - 1].strip() in _BARS and lines[at + 1].strip() in _BARS for at in cells)
    alone = len(cells) + len(bars) >= _NEARLY * len(written)
    return len(cells) >= _FEWEST and alone and between >= _NEARLY * len(cells)


def _rows(lines: list[str], stretch: range) -> list[PipeRow]:
    rows: list[PipeRow] = []
    bars = _PARTING
    for index in stretch:
        text = lines[index].strip()
        if text in _BARS or not text:
            bars += bool(text)
            continue
        if bars < _PARTING and rows:
            last = rows[-1]
            rows[-1] = PipeRow([*last.cells, cell_text(text)], last.first, index)
        else:
            if rows:
                rows[-1].cells.extend([""] * (bars - _PARTING))
            rows.append(PipeRow([cell_text(text)], index, index))
        bars = 0
    return rows

"""Forms whose cells stand one behind the other with nothing between (各格相连): where they are.

They are told by heads of columns that follow each other at once. In a long line the form is that line with those
around it; where its rows have lines of their own, it reaches from its first label to the next title or heading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from parsers.interpret.recognise import is_title
from parsers.text.glued_words import begins_form, glued_runs
from parsers.text.lines import is_heading
from parsers.text.placing import names_column
from schemas.lexicon import lexicon, squeeze
from schemas.traditional import simplified

_LONG_LINE = 100
_SHORTEST_RUN = 8
_LONGEST_FORM = 20_000
"""Characters of the longest form that is parted."""
_PROSE = 300
_REACH = 60
"""Lines before its heads in which a form begins."""
_LONGEST_REACH = 500
"""Lines behind them in which it ends."""
_OTHER_DIALECT = regex.compile(r"[\t|｜│┃║]")
_CELL_END = regex.compile(r"[\t|｜]")
_FEWEST_HEADS = 3
_BARS = "|｜"
_FRAME = " \t\u3000\xa0" + _BARS
_SHORTEST_FRAMED = 80


def glued_lines(lines: Sequence[str]) -> list[range]:
    """The stretches of lines that a glued form reaches over."""
    stretches: list[range] = []
    for index, line in enumerate(lines):
        done = stretches[-1].stop if stretches else 0
        if (
            index < done
            or not _SHORTEST_RUN <= len(line) <= _LONGEST_FORM
            or _OTHER_DIALECT.search(line)
            or not glued_runs(line)
        ):
            continue
        reach = _long if len(squeeze(line)) >= _LONG_LINE else _short
        stretches.append(reach(lines, index, done))
    return stretches


def without_frames(lines: list[str]) -> list[str]:
    """The lines, a glued form that fills the only cell of a row between bars without those bars (整表连写在一格里)."""
    return [_without_frame(line) for line in lines]


def _without_frame(line: str) -> str:
    cell = line.strip(_FRAME)
    framed = line.rstrip().endswith(tuple(_BARS)) and not _OTHER_DIALECT.search(cell)
    return cell if framed and len(cell) >= _SHORTEST_FRAMED and glued_runs(simplified(cell)) else line


def summaries(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """Forms glued into one of several cells of a row (内容概述 of a web page): line, the other cells, the form.

    Where heads of columns stand elsewhere in the text, too, the table itself follows, and its summary is left alone.
    """
    for index, line in enumerate(lines):
        cells = [cell.strip() for cell in _CELL_END.split(line) if cell.strip()]
        form = max(cells, key=len, default="")
        framed = len(cells) > 1 and len(form) >= _SHORTEST_FRAMED and glued_runs(form)
        if framed and not _heads_elsewhere(lines, index):
            yield index, " ".join(cell for cell in cells if cell != form), form


def _heads_elsewhere(lines: Sequence[str], index: int) -> bool:
    others = (cell for at, line in enumerate(lines) if at != index for cell in _CELL_END.split(line))
    return len({lexicon().column(cell.strip()) for cell in others if names_column(cell.strip())}) >= _FEWEST_HEADS


def _long(lines: Sequence[str], index: int, done: int) -> range:
    """The line and those that neither a blank one nor bars part from it."""
    start, end = index, index + 1
    while start > done and _goes_on(lines[start - 1]):
        start -= 1
    while end < len(lines) and _goes_on(lines[end]):
        end += 1
    whole = range(start, end)
    return whole if sum(len(lines[at]) for at in whole) <= _LONGEST_FORM else range(index, index + 1)


def _goes_on(line: str) -> bool:
    return bool(line.strip()) and not _OTHER_DIALECT.search(line)


def _short(lines: Sequence[str], index: int, done: int) -> range:
    """From the first label of the form, or from its heads where there is none, to what is no part of it."""
    first = index
    for at in range(index - 1, max(done, index - _REACH) - 1, -1):
        if _is_outside(lines[at]):
            break
        first = at if begins_form(lines[at]) else first
    end = index + 1
    while end < min(len(lines), index + _LONGEST_REACH) and not _is_outside(lines[end]):
        end += 1
    return range(first, end)


def _is_outside(line: str) -> bool:
    plain = squeeze(line)
    if is_title(plain, lexicon()) or _OTHER_DIALECT.search(line):
        return True
    return is_heading(plain) or len(plain) > _PROSE

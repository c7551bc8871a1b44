"""Hard-wrapped text made whole (硬换行的文字): lines of a fixed width, of mail, of `pdftotext`.

A line that fills the width goes on in the next one, unless that begins something of its own. Outside such text a line
that ends inside a number goes on, too: `12,` before `345.60万元` is one figure, never two.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise

from parsers.printed import columns_of, cut_in_number, joined_text
from parsers.text.blanks import is_whole_row
from parsers.text.lines import is_blank, is_heading
from schemas.lexicon import lexicon, squeeze
from schemas.vocabulary import pattern, words

_QUOTED = re.compile(r"^(?:> ?)+")
_SHORTEST_WIDTH = 16
_FEWEST_COLUMNS = 2 * _SHORTEST_WIDTH
"""Characters, or columns (a Han character takes two), of the narrowest text that is wrapped."""
_NARROWEST = 8
"""Characters of the narrowest running text, whose lines all but fill the width."""
_NARROW_SLACK = 1
_FEWEST_NARROW = 5
_MARKED = 4
"""One in so many lines of a narrow running text has a mark of punctuation inside."""
_WIDEST = 200
"""Characters of the longest line of a text that is wrapped."""
_LONGEST_LABEL = 12
_FEWEST_CELLS = 3
"""Cells of a row."""
_SLACK = 4
_COLUMN_SLACK = 6
"""A line ends earlier by three Han characters where the next one may not begin it."""
_FEWEST_FULL = 3
_FULL_SHARE = 0.6
"""Share of the lines that others follow at once that must fill the width."""
_WITHIN_SHARE = 0.75
"""Share of those lines that must not be longer than the width."""
_LOOKED_AT = 200
"""Characters of a joined text that are looked at: all of it again for each line would take time in the square."""
_TABULAR = re.compile(r"[\t|｜│┃]| {3,}|\u3000{2,}\S")
_LIST_NUMBER = re.compile(r"\s*(?:[(（]?\d{1,2}[)）、]|\d{1,2}[.．](?!\d)|[①-⑳])")
_INDENT = re.compile(r"[ \u3000]{2,}|\u3000")
_SENTENCE_END = re.compile(r"[。！？!?]$")
_FIGURES = 5
"""One in so many lines of a table with one cell a line is a figure."""
_FIGURE = re.compile(r"\s*\d[\d.,]*%?\s*")
_ENDS_IN_FIGURES = re.compile(r"(?:^|\s)\d[\d.,]*%?\s+\d[\d.]*%?$")
_GOES_ON_IN_FIGURE = re.compile(r"[\d.,，：:]$")
_MARK_INSIDE = re.compile(r"[，。；、：,;].")
_MARK = re.compile(r"[，。；、：,;!！?？]")
_ENDED = re.compile(r"[。！？!?；;：:]$")
_BROKEN_OFF = pattern("broken_off")
_FIGURE_FIRST = pattern("figure_first")
_YEAR_FIRST = pattern("year_first")
_LABEL = re.compile(r"[\u4e00-\u9fff]{2,8}[:：]")


def unwrapped(lines: list[str]) -> list[str]:
    """The lines with wrapped ones joined to the first of them; the others are left blank, so that numbers stay."""
    lines = _without_quotes(lines)
    # Between tabs a line break may belong to a cell.
    tabbed = [index for index, line in enumerate(lines) if "\t" in line]
    inside = range(tabbed[0], tabbed[-1] + 1) if tabbed else range(0)
    outside = [line for index, line in enumerate(lines) if index not in inside]
    fills = _never if _is_one_cell_a_line(outside) else _filling(outside)
    joined = list(lines)
    first = 0
    for index in range(1, len(lines)):
        if index in inside or not _continues(lines, index, joined[first][-_LOOKED_AT:], fills):
            first = index
            continue
        joined[first] = joined_text(joined[first].rstrip(), lines[index].strip())
        joined[index] = ""
    return joined


def _is_one_cell_a_line(lines: Sequence[str]) -> bool:
    """Whether so many lines are a figure alone that lines are cells, which are as long as each other by chance."""
    written = [line for line in lines if not is_blank(line)]
    return _FIGURES * sum(_FIGURE.fullmatch(line) is not None for line in written) > len(written)


def _never(line: str) -> bool:
    return False


def _without_quotes(lines: list[str]) -> list[str]:
    """Mail that was answered has `> ` before every line."""
    written = [line for line in lines if not is_blank(line)]
    if not written or 2 * sum(line.startswith(">") for line in written) < len(written):
        return lines
    return [_QUOTED.sub("", line) for line in lines]


def _continues(lines: list[str], index: int, so_far: str, fills: Callable[[str], bool]) -> bool:
    """Whether a line goes on; `so_far` is the end of the text it would be joined to."""
    above, line = lines[index - 1].rstrip(), lines[index]
    if is_blank(above) or is_blank(line) or _TABULAR.search(above.strip()) or _TABULAR.search(line.strip()):
        return False
    if _ENDS_IN_FIGURES.search(above) and line.lstrip()[:1].isdecimal():
        return False  # points and score end a row, the number of the next begins it
    if not _LIST_NUMBER.match(line) and cut_in_number(so_far.rstrip(), line):
        return True
    if _lacks_its_figure(so_far.rstrip(), line):
        return True
    if _has_cells(above) and _has_cells(line):
        return False
    return fills(above) and not (is_whole_row(above) or _begins_anew(above, line))


def _has_cells(line: str) -> bool:
    """Whether a line is several texts apart from each other and no sentence; a reason may end it."""
    texts = line.split()
    return len(texts) >= _FEWEST_CELLS and not any(_MARK.search(text) for text in texts[:-1])


def _lacks_its_figure(so_far: str, line: str) -> bool:
    """Whether a sentence breaks off before a figure that the next line begins with: …自评，自评得分 above 95 分，…."""
    is_open = _BROKEN_OFF.search(so_far) is not None
    return is_open and (_FIGURE_FIRST.match(line) is not None or _is_year_of(so_far, line))


def _is_year_of(so_far: str, line: str) -> bool:
    return _YEAR_FIRST.match(line) is not None and so_far.endswith(words("before_year"))


def _begins_anew(above: str, line: str) -> bool:
    """Whether a line begins a heading, a list or a paragraph of its own."""
    text = line.lstrip()
    if is_heading(text) or _LABEL.match(text) or (_LIST_NUMBER.match(line) and not above[-1:].isdecimal()):
        return True
    if text.isdecimal() and not _GOES_ON_IN_FIGURE.search(above):
        return True  # the number of a row
    if _begins_row(text):
        return True
    ended = _SENTENCE_END.search(above) is not None
    return _is_label(text, ended=ended) or (ended and _INDENT.match(line) is not None)


def _begins_row(text: str) -> bool:
    """Whether a line begins with a level and has the cells of a row behind it, or with a form's label and a value."""
    first, *others = text.split()
    if lexicon().is_level(first):
        return len(others) >= _FEWEST_CELLS
    return bool(others) and lexicon().whole_key(first) is not None


def _is_label(text: str, *, ended: bool) -> bool:
    """Whether a line is a level or a total and nothing else; behind the end of a sentence any label of a form."""
    plain, known = squeeze(text), lexicon()
    if len(plain) > _LONGEST_LABEL:
        return False
    key = known.key(plain)
    of_rows = key == "total" or known.is_level(plain)
    return of_rows or (ended and (key is not None or known.column(plain) is not None))


def _filling(lines: list[str]) -> Callable[[str], bool]:
    """Whether a line fills the width at which the text is wrapped, in characters or in columns; never for other text.

    In other text, lines end where their paragraphs do.
    """
    followed = list(_followed(lines))
    for measure, slack, least in ((len, _SLACK, _SHORTEST_WIDTH), (columns_of, _COLUMN_SLACK, _FEWEST_COLUMNS)):
        if width := _width([measure(line) for line in followed], slack, least):
            fills = partial(_fills, measure=measure, least=width - slack, most=width)
            if _break_off([line for line in followed if fills(line)]):
                return fills
    if narrow := _width([len(line) for line in followed], _NARROW_SLACK, _NARROWEST):
        fills = partial(_fills, measure=len, least=narrow - _NARROW_SLACK, most=narrow)
        if _is_running([line for line in followed if fills(line)]):
            return fills
    return _filling_exactly(
        [line.rstrip() for line in lines if len(line) >= _SHORTEST_WIDTH and _is_prose(line)], followed
    )


def _filling_exactly(written: Sequence[str], followed: Sequence[str]) -> Callable[[str], bool]:
    """Where many paragraphs are short: whether a line is as long as the longest, as several are, within sentences."""
    if max(map(len, written), default=0) > _WIDEST:
        return _never
    for measure, slack, least in ((len, 0, _SHORTEST_WIDTH), (columns_of, 1, _FEWEST_COLUMNS)):
        width = max(map(measure, written), default=0)
        fills = partial(_fills, measure=measure, least=width - slack, most=width)
        full = [line for line in followed if fills(line)]
        ended = sum(_ENDED.search(line) is not None for line in full)
        if width >= least and len(full) >= _FEWEST_FULL and ended * _FEWEST_FULL < len(full):
            return fills
    return _never


def _break_off(full: Sequence[str]) -> bool:
    """Whether most lines end within a sentence; else they are paragraphs that happen to be as long as each other."""
    return 2 * sum(_SENTENCE_END.search(line) is None for line in full) >= len(full)


def _is_running(full: Sequence[str]) -> bool:
    """Whether narrow lines are of a running text, not names of one length: enough of them, with marks inside many."""
    marked = sum(_MARK_INSIDE.search(line) is not None for line in full)
    return len(full) >= _FEWEST_NARROW and _MARKED * marked >= len(full) and _break_off(full)


def _fills(line: str, *, measure: Callable[[str], int], least: int, most: int) -> bool:
    return least <= measure(line) <= most


def _width(sizes: Sequence[int], slack: int, least: int) -> int:
    """The width that most lines fill, but for a few longer ones of the page around the text; 0 where there is none."""
    for width in sorted(set(sizes), reverse=True):
        within = [size for size in sizes if size <= width]
        if width < least or len(within) < _WITHIN_SHARE * len(sizes):
            return 0
        if sum(size >= width - slack for size in within) >= max(_FEWEST_FULL, _FULL_SHARE * len(within)):
            return width
    return 0


def _followed(lines: list[str]) -> Iterator[str]:
    """The lines of prose that a line of prose follows at once."""
    for line, below in pairwise(lines):
        goes_on = not _is_numbered(below) and not _is_title(line)
        if goes_on and _is_prose(line) and _is_prose(below):
            yield line.rstrip()


def _is_prose(line: str) -> bool:
    return not is_blank(line) and not _TABULAR.search(line.strip())


def _is_numbered(line: str) -> bool:
    return is_heading(line.lstrip()) or _LIST_NUMBER.match(line) is not None


def _is_title(line: str) -> bool:
    """Whether a line is a heading by itself, which fills no width."""
    return _is_numbered(line) and len(line.strip()) < _SHORTEST_WIDTH

"""Characters to text lines and words (字符成行、成词).

Characters come in the producer's order, which need not be reading order: everything here goes by position, but for
characters drawn upon each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise
from operator import attrgetter

import numpy as np

from parsers.pdf.chars import Chars, chars_of
from parsers.pdf.paint import Floats, Indices
from parsers.pdf.shapes import Char, Line, maker_of

LINE_SHARE = 0.45
"""A character joins a line whose middle is nearer than this share of the larger size: raised and lowered small
figures join, the next line of the tightest setting (1 em away) does not."""
BLANK_GAP = 0.3
"""Gap in em that stands for a blank between Latin letters or digits (a blank is 0.25 em in the narrowest fonts, but
digits set one by one can stand that far apart)."""
WIDE_BLANK_GAP = 0.8
"""The same beside a Chinese character, where justified lines and mixed scripts stand apart without a blank."""
DRAWN_BLANK_GAP = 0.12
"""A drawn blank counts when the gap between its visible neighbours is at least this many em; a producer that draws
a blank and steps back over it printed none."""
OVERLAID = 0.5
"""Share of their widths by which two characters must overlap to be in the order they were drawn in: some producers
squeeze a wrapped line into too narrow a cell."""
THINNEST = 0.1
"""Characters that are less than this many em wide join no word."""
WORD_GAP = 0.8
"""Gap in em that parts two words: what is nearer can be one cell of a table without rules."""


def drawn_words(chars: Chars, cells: Indices, gap: float | Floats = DRAWN_BLANK_GAP) -> tuple[list[Char], Indices]:
    """Characters of one cell that are drawn one after the other as one `Char` with all their text, and its first place.

    They stand level from left to right, apart by less than `gap` em (that between the first and the second, and so on).
    White space stays by itself, and so does what is too thin or lies upon its neighbour.
    """
    if not len(chars):
        return [], np.empty(0, dtype=np.int64)
    x0, top, x1, bottom, size = chars.x0, chars.top, chars.x1, chars.bottom, chars.size
    width = x1 - x0
    joins = chars.ink & chars.upright & (width >= THINNEST * size)
    left, right = slice(None, -1), slice(1, None)
    level = (top[left] == top[right]) & (bottom[left] == bottom[right])
    after = (x0[right] - x0[left] >= OVERLAID * width[left]) & (x1[right] >= x1[left])
    near = x0[right] - x1[left] < gap * size[left]
    goes_on = joins[left] & joins[right] & level & after & near & (cells[left] == cells[right])
    starts = np.concatenate([[0], np.flatnonzero(~goes_on) + 1])
    ends = np.append(starts[1:], len(chars))
    texts = map("".join, map(chars.texts.__getitem__, map(slice, starts.tolist(), ends.tolist())))
    box = x0[starts], top[starts], x1[ends - 1], bottom[starts]
    words = chars_of(texts, *box, size[starts], chars.upright[starts], chars.run[starts])
    return list(words), starts


def lines_of_page(chars: Chars) -> list[Line]:
    """What `group_lines` makes of many characters, quicker, as it goes by words."""
    words, starts = drawn_words(chars, np.zeros(len(chars), dtype=np.int64))
    lines = _lines_of_words(words)
    if not lines:
        return [] if lines is not None else group_lines(chars)
    firsts = starts.tolist()
    spans = zip(words, firsts, [*firsts[1:], len(chars)], strict=True)
    members = {id(word): chars.each[first:after] for word, first, after in spans}
    return [line._replace(chars=tuple(chain.from_iterable(members[id(word)] for word in line.chars))) for line in lines]


def lines_of_words(words: Sequence[Char], characters: Callable[[], Iterable[Char]]) -> list[Line]:
    """The lines of a cell from its `drawn_words`; from its characters where those lie across each other."""
    if all(map(is_plain, words)) and all(map(_is_below, words[1:], words)):
        return list(map(line_of_word, words))
    lines = _lines_of_words(words)
    return group_lines(characters()) if lines is None else lines


def _lines_of_words(words: Sequence[Char]) -> list[Line] | None:
    """The lines that words make, None where those lie across each other."""
    if not all(map(_is_upright, words)):
        return None
    rows = _rows(words)
    if any(any(map(_lie_across, row, row[1:])) for row in rows):
        return None
    return [line for line in map(_line, rows) if line.text]


def is_plain(word: Char) -> bool:
    """Whether a word stands upright and leaves ink."""
    return word.upright and not word.text.isspace()


def _is_below(lower: Char, upper: Char) -> bool:
    """Whether two words are lines of their own, one under the other."""
    size = lower.size if lower.size > upper.size else upper.size
    return (lower.top + lower.bottom) / 2 - (upper.top + upper.bottom) / 2 > LINE_SHARE * size


_as_line = maker_of(Line)


def line_of_word(word: Char) -> Line:
    """A word that is a line of its own."""
    text, x0, top, x1, bottom, _, _, _ = word
    return _as_line((text, (word,), x0, top, x1, bottom))


def _lie_across(left: Char, right: Char) -> bool:
    """Whether a word reaches into what follows it on its line; of single characters, `_rows` takes care."""
    return right.x0 < left.x1 - THINNEST / 2 * left.size and len(left.text) + len(right.text) > 2


def group_lines(chars: Iterable[Char]) -> list[Line]:
    """Visual text lines from top to bottom, blanks where gaps are wide; text set sideways comes last."""
    upright: list[Char] = []
    sideways: list[Char] = []
    for char in chars:
        (upright if char.upright else sideways).append(char)
    lines = [_line(row) for row in _rows(upright)]
    lines.extend(_sideways_lines(sideways))
    return [line for line in lines if line.text]


def lines_of_runs(runs: Sequence[Sequence[Char]]) -> list[Line]:
    """What `group_lines` makes of runs of text, each on one line from left to right."""
    firsts = [run[0] for run in runs]
    if all(map(_is_level, runs)) and all(map(_is_below, firsts[1:], firsts)):
        return [line for line in map(_line, runs) if line.text]
    return group_lines(chain.from_iterable(runs))


def _is_level(run: Sequence[Char]) -> bool:
    """Whether the characters of a run stand upright at one height."""
    return run[0].upright and len({char.top for char in run}) == len({char.bottom for char in run}) == 1


def group_words(chars: Iterable[Char], gap: float = WORD_GAP) -> list[Line]:
    """Runs of text on one line with no gap of `gap` em or more in them, in reading order."""
    words: list[Line] = []
    for line in group_lines(chars):
        run: list[Char] = []
        for char in line.chars:
            if run and char.x0 - run[-1].x1 >= gap * max(char.size, run[-1].size):
                words.append(_line(run))
                run = []
            run.append(char)
        words.append(_line(run))
    return words


def visible(chars: Iterable[Char]) -> list[Char]:
    """The characters that leave ink."""
    return [char for char in chars if not char.text.isspace()]


def _rows(chars: Sequence[Char]) -> list[list[Char]]:
    """Characters by line, each from left to right."""
    middles = [(char.top + char.bottom) / 2 for char in chars]
    if middles and max(middles) - min(middles) <= LINE_SHARE * min([char.size for char in chars]):
        rows = [list(chars)]
    else:
        rows = _by_height(chars, middles)
    for row in rows:
        row.sort(key=_by_x0)
        if any(map(_overlaid, row, row[1:])):
            _put_in_drawn_order(row, chars)
    return rows


def _by_height(chars: Sequence[Char], middles: Sequence[float]) -> list[list[Char]]:
    """Characters by line: sorted by their middle, a line ends where the middle moves on by nearly half an em."""
    rows: list[list[Char]] = []
    row: list[Char] = []
    middle = size = 0.0
    length = 0
    for here, index in sorted(zip(middles, range(len(chars)), strict=True)):
        char = chars[index]
        if row and here - middle <= LINE_SHARE * (size if size > char.size else char.size):
            row.append(char)
            length += len(char.text)
            middle += (here - middle) * len(char.text) / length
            size = size if size > char.size else char.size
        else:
            row = [char]
            rows.append(row)
            middle, size, length = here, char.size, len(char.text)
    return rows


_by_x0 = attrgetter("x0")
_is_upright = attrgetter("upright")


def _overlaid(left: Char, right: Char) -> bool:
    """Whether two characters of one run lie upon each other, so that their places do not tell their order."""
    start, end, after = left.x0, left.x1, right.x0
    if after - start >= OVERLAID * (end - start):
        return False
    return end - after > OVERLAID * (right.x1 - after) and left.run == right.run


def _put_in_drawn_order(row: list[Char], drawn: Sequence[Char]) -> None:
    """Exchange neighbours that lie upon each other as long as they stand against the producer's order."""
    order = {id(char): index for index, char in enumerate(drawn)}
    for end in range(1, len(row)):
        at = end
        while at and _overlaid(row[at - 1], row[at]) and order[id(row[at])] < order[id(row[at - 1])]:
            row[at - 1], row[at] = row[at], row[at - 1]
            at -= 1


def _line(row: Sequence[Char]) -> Line:
    ink = visible(row)
    if not ink:
        return Line("", (), 0.0, 0.0, 0.0, 0.0)
    blanks = [char.x0 + char.x1 for char in row if char.text.isspace()] if len(ink) < len(row) else []
    left = ink[0]
    text, first, top, right_edge, bottom, size, _, _ = left
    parts, end = [text], right_edge
    for char in ink[1:]:
        text, x0, upper, x1, lower, em, _, _ = char
        if x0 - end >= DRAWN_BLANK_GAP * size and _blank_between(left, char, blanks):
            parts.append(" ")
        parts.append(text)
        top = upper if upper < top else top
        right_edge = x1 if x1 > right_edge else right_edge
        bottom = lower if lower > bottom else bottom
        left, end, size = char, x1, em
    return Line("".join(parts), tuple(ink), first, top, right_edge, bottom)


def _blank_between(left: Char, right: Char, blanks: Sequence[float]) -> bool:
    """Whether a gap that could hold a blank holds one."""
    if any(left.x0 + left.x1 < blank < right.x0 + right.x1 for blank in blanks):
        return True
    wide = left.text[-1:] > "\u2e7f" or right.text > "\u2e7f"
    return right.x0 - left.x1 >= (WIDE_BLANK_GAP if wide else BLANK_GAP) * max(left.size, right.size)


def _sideways_lines(chars: Sequence[Char]) -> list[Line]:
    """Text turned by a quarter: laid flat, grouped, and put back. Which way it runs, the producer's order tells."""
    if not chars:
        return []
    steps = sum((b.top > a.top) - (b.top < a.top) for a, b in pairwise(chars) if abs(b.x0 - a.x0) < a.size / 2)
    down = steps >= 0
    lines: list[Line] = []
    for row in _rows([_quarter_turn(char, left=down) for char in chars]):
        line = _line(row)
        back = tuple(_quarter_turn(char, left=not down)._replace(upright=False) for char in line.chars)
        if back:
            lines.append(
                Line(
                    line.text,
                    back,
                    min(c.x0 for c in back),
                    min(c.top for c in back),
                    max(c.x1 for c in back),
                    max(c.bottom for c in back),
                )
            )
    return lines


def _quarter_turn(char: Char, left: bool) -> Char:
    """The character turned about the page's corner to the left or to the right."""
    if left:
        return Char(char.text, char.top, -char.x1, char.bottom, -char.x0, char.size, run=char.run)
    return Char(char.text, -char.bottom, char.x0, -char.top, char.x1, char.size, run=char.run)

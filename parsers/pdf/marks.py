"""Marks on text: rules that strike it out, raised digits of notes and powers (删除线、上标).

What is struck out is withdrawn, and a note's number is no digit of the number before it; both are set aside. A power
(m², 10⁴) stays, in raised characters, so that no digits run together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from statistics import median

import numpy as np

from parsers.pdf.chars import Chars
from parsers.pdf.paint import Flags, Indices
from parsers.pdf.shapes import Aside, Char, Edge
from parsers.printed import raised

STRUCK = 0.16
"""Share of the em box, up and down from its middle, in which a rule strikes a character out; underlines are lower, and
some touch the feet of the digits."""
OVERHANG = 1.2
"""Em by which a rule that strikes out may reach over its text."""
FULL_ROW = 6
"""Characters from which a longer rule through their middles strikes a whole row."""
FULL_SHARE = 0.2
"""Share of such a rule's length that its characters must take."""
SMALL = 0.8
"""Raised type is smaller than this share of the type it stands beside."""
RAISED = 0.2
"""Em of the type beside it by which its baseline is higher, or lower."""
NEAR = 0.4
"""Em by which it may stand off."""

_MARKS = frozenset("0123456789[]()（）〔〕*※①②③④⑤⑥⑦⑧⑨⑩")


def without_marks(
    chars: Chars, edges: Sequence[Edge], strikes: Iterable[Edge]
) -> tuple[Chars, tuple[Edge, ...], tuple[Aside, ...]]:
    """The characters that count, the rules that are rules, and what was set aside; `strikes` can be nothing else."""
    asides = []
    struck, used = _struck(chars, [*edges, *strikes])
    if struck.any():
        asides.append(Aside("struck", tuple(chars.take(struck))))
        chars = chars.take(~struck)
    if _has_small(chars):
        text, notes = _lowered(list(chars))
        chars = Chars.of(text)
        asides += [Aside("note_mark", tuple(notes))] if notes else []
    rules = tuple(edge for edge in edges if id(edge) not in used) if used else tuple(edges)
    return chars, rules, tuple(asides)


# -- struck out --------------------------------------------------------------------------------------------------------


def _struck(chars: Chars, edges: Sequence[Edge]) -> tuple[Flags, set[int]]:
    """Which characters are struck out, and the ids of the rules that strike them."""
    level = sorted((edge for edge in edges if edge.orientation == "h" and edge.kind != "fill"), key=lambda e: e.pos)
    struck = np.zeros(len(chars), dtype=bool)
    used: set[int] = set()
    for edge, touched in _crossed(chars, level):
        if _strikes(edge, list(chars.take(touched))):
            struck[touched] = True
            used.add(id(edge))
    return struck, used


def _crossed(chars: Chars, level: Sequence[Edge]) -> Iterator[tuple[Edge, Indices]]:
    """The rules of a page, sorted by height, that run near the middles of characters, and the places of those."""
    if not len(chars) or not level:
        return
    heights = [edge.pos for edge in level]
    reach = STRUCK * chars.size
    first = np.searchsorted(heights, chars.y - reach, side="left")
    after = np.searchsorted(heights, chars.y + reach, side="right")
    near = np.flatnonzero((after > first) & chars.upright & chars.ink)
    x = chars.x
    for at in sorted({rule for index in near.tolist() for rule in range(first[index], after[index])}):
        mine = near[(first[near] <= at) & (at < after[near])]
        touched = mine[(level[at].start <= x[mine]) & (x[mine] <= level[at].end)]
        if len(touched):
            yield level[at], touched


def _strikes(edge: Edge, chars: Sequence[Char]) -> bool:
    """Whether a rule goes through these characters and not past them, as a border of cells does."""
    slack = OVERHANG * max(char.size for char in chars)
    fits = edge.start >= min(c.x0 for c in chars) - slack and edge.end <= max(c.x1 for c in chars) + slack
    width = sum(char.x1 - char.x0 for char in chars)
    return fits or (len(chars) >= FULL_ROW and width >= FULL_SHARE * edge.length)


# -- raised ------------------------------------------------------------------------------------------------------------


def _has_small(chars: Chars) -> bool:
    """Whether some characters are smaller than the page's usual and may be raised beside others."""
    if not len(chars) or chars.size.min() >= SMALL * chars.size.max():
        return False
    small = np.flatnonzero((chars.size < SMALL * np.median(chars.size)) & chars.upright)
    return any(chars.texts[at] in _MARKS for at in small.tolist())


def _lowered(chars: Sequence[Char]) -> tuple[list[Char], list[Char]]:
    """The characters with powers in raised characters and without the marks of notes; and those marks."""
    usual = median(char.size for char in chars)
    small = [char for char in chars if char.size < SMALL * usual and char.text in _MARKS and char.upright]
    large = [char for char in chars if char.size >= SMALL * usual and char.upright and not char.text.isspace()]
    if not large:
        return list(chars), []
    bases: dict[int, Char] = {}
    for mark in sorted(small, key=lambda char: char.x0):
        base = _base_of(mark, large) or _shared_base(mark, small, bases)
        if base is not None:
            bases[id(mark)] = base
    text, notes = [], []
    for char in chars:
        base = bases.get(id(char))
        if base is None:
            text.append(char)
        elif kept := _kept(char, base, large):
            text.append(char._replace(text=kept))
        else:
            notes.append(char)
    return text, notes


def _base_of(mark: Char, large: Sequence[Char]) -> Char | None:
    """The character that a small one is raised beside."""
    for base in large:
        follows = -NEAR * mark.size <= mark.x0 - base.x1 <= NEAR * base.size
        if follows and mark.size < SMALL * base.size and (_is_raised(mark, base) or _is_lowered(mark, base)):
            return base
    return None


def _is_raised(mark: Char, base: Char) -> bool:
    higher = base.bottom - mark.bottom - 0.12 * (base.size - mark.size)
    return higher >= RAISED * base.size and mark.bottom > base.top


def _is_lowered(mark: Char, base: Char) -> bool:
    """Whether a digit is set below the line of another: an index, no digit of the number."""
    lower = mark.bottom - base.bottom + 0.12 * (base.size - mark.size)
    return base.text.isdecimal() and lower >= RAISED * base.size and mark.top < base.bottom


def _shared_base(mark: Char, small: Sequence[Char], bases: dict[int, Char]) -> Char | None:
    """The base of the mark to the left that this one goes on."""
    for left in small:
        near = -NEAR * mark.size <= mark.x0 - left.x1 <= NEAR * mark.size
        if near and id(left) in bases and abs(left.top - mark.top) < mark.size / 4:
            return bases[id(left)]
    return None


def _kept(mark: Char, base: Char, large: Sequence[Char]) -> str:
    """What is kept of a raised character beside `base`; "" of the mark of a note."""
    if not mark.text.isdecimal():
        return ""
    before = next((c for c in large if abs(c.x1 - base.x0) < NEAR * base.size and abs(c.top - base.top) < 1), None)
    return raised((before.text if before else "") + base.text, mark.text)[0]

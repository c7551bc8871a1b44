"""Forms whose cells stand one behind the other with nothing between (各格相连): found, and left for what they are.

Where one cell ends and the next begins cannot be told for certain there (`66.00` is 6 and 6.00), so that such a form
is not read but said. Its title and what stands before its first label stay text.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import regex

from schemas.lexicon import lexicon, squeeze

_SHORTEST_TEXT = 100
_BLANKS = 0.04
"""Share of blanks in a text whose cells are glued, at most."""
_FEWEST_HEADS = 3
_LEVELS = frozenset({"level1", "level2", "level3", "levels"})


def is_glued(line: str) -> bool:
    """Whether a line is a form, or a piece of one, whose cells are glued together."""
    plain = squeeze(line)
    if len(plain) < _SHORTEST_TEXT or len(line) - len(plain) > max(_BLANKS * len(line), 1) + _foot_blanks(line):
        return False
    return any(_holds_levels(match[0]) for match in _run_of_heads().finditer(plain))


def head_and_body(line: str) -> tuple[str, str]:
    """A glued form cut before the first label of its head."""
    match = _label().search(line)
    return (line[: match.start()], line[match.start() :]) if match else (line, "")


def _foot_blanks(line: str) -> int:
    """Blanks to write on (填表人：      ) say nothing about the cells."""
    return sum(len(match[0]) for match in regex.finditer(r"[:：]\s+", line))


def _holds_levels(run: str) -> bool:
    return any(lexicon().column(match[0]) in _LEVELS for match in _head().finditer(run))


@cache
def _head() -> regex.Pattern[str]:
    listed = {word for concept in lexicon().columns for word in concept.words if len(word) > 1}
    return regex.compile(rf"(?:{_alternatives(listed)})(?:[(（][A-Za-z/％%×*]{{1,8}}[)）])?")


@cache
def _run_of_heads() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{_head().pattern}){{{_FEWEST_HEADS},}}")


@cache
def _label() -> regex.Pattern[str]:
    labels = (concept for concept in lexicon().keys if concept.name in ("project_name", "department", "unit"))
    return regex.compile(_alternatives({word for concept in labels for word in concept.words if len(word) > 3}))


def _alternatives(words: set[str]) -> str:
    return "|".join(map(regex.escape, sorted(words, key=lambda word: (-len(word), word))))


def glued_lines(lines: Sequence[str]) -> list[range]:
    """The stretches of lines, without blank ones between, that a glued form reaches over."""
    stretches: list[range] = []
    for index, line in enumerate(lines):
        if not is_glued(line):
            continue
        start = end = index
        while start > 0 and lines[start - 1].strip() and (not stretches or start > stretches[-1].stop):
            start -= 1
        while end + 1 < len(lines) and lines[end + 1].strip():
            end += 1
        if not stretches or start >= stretches[-1].stop:
            stretches.append(range(start, end + 1))
    return stretches

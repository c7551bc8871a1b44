"""Uprights that nobody drew, told by where level rules begin and end (横线端点所示的竖线).

A form with level rules only still shows its joined cells: a rule between the rows beside a joined cell begins at that
cell's side. There, from the rule above the cell to the rule below it, a column begins.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from parsers.pdf.shapes import Edge

ALIKE = 3.0
"""Points by which ends of rules differ that are meant to be one."""
LEAST_SHARE = 0.25
"""Share of the widest rule that a rule has at least: shorter ones are underlines."""
LEAST_RULES = 4
"""A form has more level rules than a three-line table."""


def implied_uprights(level: Sequence[Edge]) -> list[Edge]:
    """Where columns begin or end beside joined cells, by the level rules of a page."""
    widest = max((edge.length for edge in level), default=0.0)
    rules = sorted((edge for edge in level if edge.length >= LEAST_SHARE * widest), key=lambda edge: edge.pos)
    whole = [edge for edge in rules if edge.length >= widest - ALIKE]
    if len(rules) < LEAST_RULES or len(whole) < 2:
        return []
    left, right = whole[0].start, whole[0].end
    begun = [rule for rule in rules if abs(rule.end - right) <= ALIKE and rule.start > left + ALIKE]
    ended = [rule for rule in rules if abs(rule.start - left) <= ALIKE and rule.end < right - ALIKE]
    return [
        *_uprights([(rule.pos, rule.start) for rule in begun], [(rule.pos, rule.start) for rule in rules]),
        *_uprights([(rule.pos, -rule.end) for rule in ended], [(rule.pos, -rule.end) for rule in rules], side=-1),
    ]


def _uprights(
    begun: Sequence[tuple[float, float]], rules: Sequence[tuple[float, float]], side: int = 1
) -> Iterator[Edge]:
    """One upright for every joined cell: `rules` as height and end, the larger the further inside."""
    seen: set[tuple[float, float]] = set()
    for height, end in begun:
        across = [pos for pos, other in rules if other < end - ALIKE]
        top = max((pos for pos in across if pos < height), default=None)
        bottom = min((pos for pos in across if pos > height), default=None)
        if top is not None and bottom is not None and (top, bottom) not in seen:
            seen.add((top, bottom))
            yield Edge("v", side * end, top, bottom, "line")

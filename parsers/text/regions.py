"""Stretches of a text that one dialect has claimed (已识别的区段)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Block, Problem


@dataclass(frozen=True, slots=True)
class TextRegion:
    """Lines `start` to `end` (exclusive) with the blocks read from them."""

    start: int
    end: int
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...] = ()


def in_order(*claims: Sequence[TextRegion]) -> list[TextRegion]:
    """The regions of all dialects from the first line to the last; of two that overlap, the earlier dialect's."""
    kept: list[TextRegion] = []
    for regions in claims:
        kept += [one for one in regions if not any(one.start < other.end and other.start < one.end for other in kept)]
    return sorted(kept, key=lambda region: region.start)

"""The cells of a dump in order (逐格)."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.lexicon import squeeze


@dataclass(frozen=True, slots=True)
class Token:
    """One cell's text with the index of the line it stands in.

    A `glued` one may hold several cells with nothing between; `gaps` are the places where a blank was.
    """

    text: str
    line: int
    glued: bool = False
    gaps: frozenset[int] = frozenset()

    @property
    def plain(self) -> str:
        return squeeze(self.text)

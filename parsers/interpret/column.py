"""What a column of a table means (列)."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the grid columns [start, stop) (or cell indexes in a sequence), its concept and its header path.

    `concept` is a concept of the lexicon, or `side` (a vertical label), `blank` (no header), `unknown` (a header
    nobody listed). `inferred` tells that the meaning was concluded from order and values, not read, `guessed` that only
    a part of the word is listed. `core` are the grid columns the header's own cell covers, where it was taken to reach
    further over blanks.
    """

    start: int
    stop: int
    concept: str
    path: tuple[str, ...]
    inferred: bool = False
    guessed: bool = False
    core: tuple[int, int] | None = None

    @property
    def header(self) -> str:
        return "/".join(self.path)


def inferred(columns: list[Column], position: int, concept: str) -> list[Column]:
    """The columns with what one of them means concluded, not read."""
    changed = replace(columns[position], concept=concept, inferred=True)
    return [*columns[:position], changed, *columns[position + 1 :]]

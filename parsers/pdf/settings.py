"""The tolerances of table finding, in one place (表格识别参数)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TableSettings:
    """Distances in points unless said otherwise. The defaults hold for type of 6 points and up."""

    snap: float = 3.0
    """Parallel rules nearer than this are one: double lines, the two sides of a frame, borders of neighbours."""
    join: float = 3.0
    """Pieces of one rule may be this far apart: clipped ends, cell spacing."""
    dash_gap: float = 7.0
    """Short pieces (`dash_length`) may be this far apart: dashes and dots drawn one by one."""
    dash_length: float = 12.0
    min_edge: float = 5.0
    """Rules shorter than this after joining bound no cell: glyph outlines, ticks."""
    meet: float = 3.5
    """A rule may end this far before the rule it meets."""
    min_slot: float = 4.5
    """Rows and columns are at least this wide; no type fits into less."""
    outer_column: float = 0.25
    """Share of a table's width that an outer column takes at most, whose side no level rule meets."""
    covered: float = 0.5
    """Share of a slot's side that a rule must cover to bound it, and all but `min_slot` of a long one: an underline
    ends with its text, a rule at the next rule."""
    max_slots: int = 100_000
    """Slots of one table: 200 rows of 60 columns are 12,000."""
    max_edges: int = 3000
    """Joined rules of one page that are looked at; maps and charts have more."""
    straddle: float = 0.35
    """Share of a character's width on the far side of a rule that makes it cross the rule."""
    touch: float = 0.6
    """Text this near to a rule touches it: cells keep more padding than that."""
    column_gap: float = 2.0
    """Gap in em that parts columns inside one cell: a frame around a table without inner rules."""


DEFAULT = TableSettings()

"""Which figures are to be found where, and the engine for each format (复读的对象)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.records import BBox

Seen = bool | None
"""Whether the second engine found the figure at its place; None where it could not look there."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A figure as it was read, and where it stands (待复读的数).

    `raw` is its text; `row` other texts of its row, by which a table's row is known again; `bbox` in points from the
    page's top left; `line`, the first of its row, counts from 1.
    """

    raw: str
    row: tuple[str, ...] = ()
    page: int | None = None
    bbox: BBox | None = None
    line: int | None = None


def read_again(path: Path, kind: str | None, encoding: str | None, spots: Sequence[Spot]) -> list[Seen]:
    """For each spot whether another engine reads the same digits there; never raises."""
    engine = _engine(kind, encoding)
    if engine is None:
        return [None] * len(spots)
    try:
        return engine(path, spots)
    except Exception:
        # The second engines fail in ways of their own on damaged files, and a second look must not cost the first.
        return [None] * len(spots)


def _engine(kind: str | None, encoding: str | None) -> Callable[[Path, Sequence[Spot]], list[Seen]] | None:
    if kind == "pdf":
        from parsers.second_reading.pdf import look_in_pdf

        return look_in_pdf
    if kind == "docx":
        from parsers.second_reading.docx import look_in_docx

        return look_in_docx
    if kind == "txt":
        from parsers.second_reading.text import look_in_text

        return lambda path, spots: look_in_text(path, encoding or "utf-8", spots)
    return None

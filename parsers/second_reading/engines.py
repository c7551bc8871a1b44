"""The second engine for each format (复读的程序)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from parsers.second_reading.spots import Seen, Spot


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


def has_second_engine(kind: str | None) -> bool:
    """Whether files of this format can be read by another engine at all."""
    return _engine(kind, None) is not None


def _engine(kind: str | None, encoding: str | None) -> Callable[[Path, Sequence[Spot]], list[Seen]] | None:
    # Late, so that one format's libraries do not delay a run that only meets another's.
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

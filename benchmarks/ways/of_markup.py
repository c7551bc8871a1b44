"""Damage to markup and separated values as text: tags left open, marks not quoted (标记与分隔符的损坏)."""

from __future__ import annotations

import csv
import io
import re
from random import Random

from benchmarks.ways.way import Way

_TAG = re.compile(rb"</?(?:td|th|tr)\b[^>]*>", re.IGNORECASE)
_END = re.compile(rb"</(?:td|th|tr)>", re.IGNORECASE)
_OPEN_AGAIN = re.compile(rb"<(td|th|tr)\b", re.IGNORECASE)


def lose_tag(data: bytes, rng: Random) -> bytes:
    """A tag of a row or a cell missing."""
    tags = list(_TAG.finditer(data))
    if not tags:
        return data
    one = rng.choice(tags)
    return data[: one.start()] + data[one.end() :]


def lose_end_tags(data: bytes, rng: Random) -> bytes:
    """No row and no cell closed: nothing to read wrongly."""
    return _END.sub(b"", data)


def lose_start_tags(data: bytes, rng: Random) -> bytes:
    """Some cells and rows never opened."""
    return _TAG.sub(lambda tag: b"" if tag[0][1:2] != b"/" and rng.random() < 0.03 else tag[0], data)


def twist_tag(data: bytes, rng: Random) -> bytes:
    """The name of a tag misspelt."""
    tags = list(_OPEN_AGAIN.finditer(data))
    if not tags:
        return data
    one = rng.choice(tags)
    return data[: one.start(1)] + b"x" + data[one.start(1) :]


MARKUP_WAYS: tuple[tuple[str, Way], ...] = tuple(
    (change.__name__, change) for change in (lose_tag, lose_end_tags, lose_start_tags, twist_tag)
)


def lose_quotes(data: bytes, rng: Random) -> bytes:
    """Fields written without the quotes around their commas and line breaks."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return "\r\n".join(",".join(row) for row in rows).encode("utf-8")


def lose_quote(data: bytes, rng: Random) -> bytes:
    """One of the quotes missing."""
    quotes = [at for at, char in enumerate(data) if char == ord('"')]
    at = rng.choice(quotes) if quotes else rng.randrange(len(data))
    return data[:at] + data[at + 1 :]


def lose_comma(data: bytes, rng: Random) -> bytes:
    """A comma between two fields missing."""
    commas = [at for at, char in enumerate(data) if char == ord(",")]
    at = rng.choice(commas) if commas else rng.randrange(len(data))
    return data[:at] + data[at + 1 :]


CSV_WAYS: tuple[tuple[str, Way], ...] = tuple(
    (change.__name__, change) for change in (lose_quotes, lose_quote, lose_comma)
)

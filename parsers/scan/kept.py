"""Readings of pages kept by content, so that a page is recognised once, and a long file in several sittings (识别缓存).

What is kept is plain JSON, compressed; a file that cannot be read back is as good as none.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from parsers.pdf.shapes import Char, Edge, PageContent, Scan
from parsers.scan.models import MODELS_VERSION
from parsers.scan.warp import Bend, Projection, SeenPage, Warp
from schemas.errors import Postponed, Unfinished

READING_VERSION = "14"
"""Raised when pages are read differently: what was kept before is not used again."""
SITTING = 0.5
"""Share of a file's time after which no further page is begun in one sitting."""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where readings are kept, and the time by `time.monotonic` from which on no further page is begun.

    `counter` is a file that all workers of a run write a byte to for every page; past `most_pages` none is begun.
    """

    folder: Path
    until: float
    counter: Path | None
    most_pages: int | None

    def count(self) -> None:
        """Note that a page was recognised."""
        if self.counter is not None and self.most_pages is not None:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.counter.open("ab") as stream:
                stream.write(b".")

    @property
    def is_used_up(self) -> bool:
        """Whether the run has recognised as many pages as it may."""
        if self.counter is None or self.most_pages is None or not self.counter.exists():
            return False
        return self.counter.stat().st_size >= self.most_pages


Parts = tuple[PageContent, ...]
"""What one page holds: itself, or both pages where it shows two side by side."""
_sitting: Sitting | None = None
"""Of this process; readings are not kept where nobody said where."""


@contextmanager
def keeping(folder: Path, seconds: float, counter: Path | None = None, most_pages: int | None = None) -> Iterator[None]:
    """Keep readings in `folder`; a file that needs more than its share of `seconds` raises Unfinished.

    Once the workers of a run, who count in `counter`, have recognised `most_pages`, files with more raise Postponed.
    """
    global _sitting
    until = time.monotonic() + SITTING * seconds
    before, _sitting = _sitting, Sitting(folder, until, counter, most_pages)
    try:
        yield
    finally:
        _sitting = before


class Pages:
    """The pages of one file that are read from their pictures."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._digest = ""
        self._read = 0

    def page(self, number: int, read: Callable[[], Parts]) -> Parts:
        """Page `number` as it was kept, otherwise as `read` reads it. Raises Unfinished, Postponed."""
        if _sitting is None:
            return read()
        place = _sitting.folder / f"{MODELS_VERSION}-{READING_VERSION}" / f"{self._name()}-{number}"
        found = _loaded(place, number)
        if found is not None:
            return found
        if _sitting.is_used_up:
            raise Postponed(
                f"{self._path.name}：本次运行可识别的图片页数（{_sitting.most_pages}）已用完，已识别的页已保存，"
                "下次运行先读此文件。"
            )
        if self._read and time.monotonic() > _sitting.until:
            raise Unfinished(f"{self._path.name}：图片页较多，已识别的页已保存，将继续识别其余的页。")
        content = read()
        self._read += 1
        _sitting.count()
        _save(place, content)
        return content

    def _name(self) -> str:
        if not self._digest:
            with self._path.open("rb") as stream:
                self._digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return self._digest


def _save(place: Path, parts: Parts) -> None:
    """Write a page where its name says; a full disk costs only the time of reading it again."""
    values = [_values(content, content.scan) for content in parts if content.scan is not None]
    if not values:
        return
    with suppress(OSError):
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = place.with_name(f"{place.name}.{os.getpid()}")
        draft.write_bytes(zlib.compress(json.dumps(values, ensure_ascii=False).encode()))
        draft.replace(place)


def _values(content: PageContent, scan: Scan) -> dict[str, Any]:
    return {
        "size": (content.width, content.height),
        "chars": list(content.chars),
        "sure": [scan.sure.get(char, 1.0) for char in content.chars],
        "others": [scan.others.get(char) for char in content.chars],
        "edges": list(content.edges),
        "unread": scan.unread,
        "points": scan.as_seen.points,
        "warp": [_step(step) for step in scan.as_seen.warp.steps],
    }


def _loaded(place: Path, number: int) -> Parts | None:
    try:
        parts = json.loads(zlib.decompress(place.read_bytes()))
        return tuple(_content(values, number) for values in parts)
    except (OSError, zlib.error, ValueError, KeyError, TypeError):
        return None


def _content(values: Mapping[str, Any], number: int) -> PageContent:
    chars = tuple(Char(*char) for char in values["chars"])
    edges = tuple(Edge(*edge) for edge in values["edges"])
    unread = tuple((x0, top, x1, bottom) for x0, top, x1, bottom in values["unread"])
    seen = SeenPage(Warp(tuple(_made(step) for step in values["warp"])), values["points"])
    sure = dict(zip(chars, values["sure"], strict=True))
    others = {char: other for char, other in zip(chars, values["others"], strict=True) if other is not None}
    scan = Scan(sure, unread, seen, others)
    width, height = values["size"]
    return PageContent(number, width, height, chars, edges, 1.0, 0, "recognised", scan)


def _step(step: Projection | Bend) -> dict[str, Any]:
    if isinstance(step, Projection):
        return {"matrix": step.matrix.tolist()}
    return {
        "down": step.down.tolist(),
        "across": step.across.tolist(),
        "centre": step.centre,
        "reach": step.reach,
    }


def _made(values: dict[str, Any]) -> Projection | Bend:
    if "matrix" in values:
        return Projection(np.array(values["matrix"], dtype=np.float64))
    centre: Sequence[float] = values["centre"]
    return Bend(np.array(values["down"]), np.array(values["across"]), (centre[0], centre[1]), values["reach"])

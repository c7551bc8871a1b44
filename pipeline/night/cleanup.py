"""Downloads and unpacked archives that nothing needs any more are removed after a while (清理)."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.dataset.store import open_dataset
from pipeline.reading.unpacking import STATE

_PLACES = ("downloads", "unpacked")


def clean(output: Path, days: float, now: datetime) -> int:
    """Remove what has lain below the state folder for `days` and is no source of a row; returns how many folders.

    What the current state of the dataset was read from stays for ever, and so does what a source was seen to have
    within `days`. Raises StoreError; what cannot be removed stays for the next time.
    """
    oldest = now - timedelta(days=days)
    needed = set(_of_rows(output)) | set(_of_sources(output / STATE, oldest))
    removed = 0
    for place in _PLACES:
        for folder in sorted((output / STATE / place).glob("*")):
            age = datetime.fromtimestamp(folder.stat().st_mtime, UTC)
            if folder.is_dir() and age < oldest and f"{place}/{folder.name}" not in needed:
                with suppress(OSError):
                    shutil.rmtree(folder)
                    removed += 1
    return removed


def _of_rows(output: Path) -> Iterator[str]:
    """The folders below the state folder that rows of the dataset were read from."""
    for path in open_dataset(output).read("documents", ["local_path"])["local_path"].to_pylist():
        if path is not None and path.startswith(f"{STATE}/"):
            yield _folder(path.removeprefix(f"{STATE}/"))


def _of_sources(state: Path, oldest: datetime) -> Iterator[str]:
    """The folders of files that a source was seen to have since `oldest`; archives are among them."""
    file = state / "sources.sqlite"
    if not file.exists():
        return
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as base:
        query = "SELECT path FROM files WHERE checked >= ?"
        yield from (_folder(path) for (path,) in base.execute(query, (oldest.isoformat(),)))


def _folder(path: str) -> str:
    """`downloads/0123…/a.pdf` lies in `downloads/0123…`."""
    return "/".join(path.split("/")[:2])

"""`ziping verify`: every file the output keeps, compared with what was written (核验)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipeline.dataset.integrity import damage_of, digest_of
from pipeline.dataset.store import Snapshot, readable_snapshots
from schemas.errors import StoreError

_DIGITS = 16
"""Of the SHA-256 of a download, in the name of its folder."""


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that is not what was written (核验发现): `heals` says whether the next run makes it again by itself."""

    path: str
    message: str
    heals: bool


def verify(output: Path) -> tuple[int, list[BadFile]]:
    """How many files were compared, and those that are damaged or missing. Raises StoreError without a dataset."""
    found, broken = readable_snapshots(output)
    if not found and not broken:
        raise StoreError(f"{output} 中还没有数据集；请先运行 ziping ingest。")
    newest = max((snapshot.number for snapshot in found), default=0)
    findings = [BadFile(str(path), f"版本清单损坏（{why}）", _is_current(path, output)) for path, why in broken]
    checked = len(broken)
    seen: set[tuple[int, int]] = set()
    for snapshot in reversed(found):
        checked += len(snapshot.segments)
        findings += _damaged(snapshot, seen, heals=snapshot.number == newest)
    downloads = list(_downloads(output))
    findings += [finding for finding in (_download(path) for path in downloads) if finding is not None]
    memory = output / "state" / "sources.sqlite"
    if memory.exists() and not _is_sound_database(memory):
        findings.append(BadFile(str(memory), "来源记录损坏", True))
    return checked + len(downloads), findings


def _is_current(path: Path, output: Path) -> bool:
    return path.parent == (output / "dataset").resolve()


def _damaged(snapshot: Snapshot, seen: set[tuple[int, int]], *, heals: bool) -> Iterator[BadFile]:
    """Damaged parts of a snapshot; a file that newer snapshots share is named once, with the newest."""
    for segment in snapshot.segments:
        damage = damage_of(segment)
        for table in damage.tables if damage is not None else ():
            path = segment.path(table)
            key = (path.stat().st_dev, path.stat().st_ino) if path.exists() else (0, hash(path))
            if key not in seen:
                seen.add(key)
                yield BadFile(str(path), "与写入时不同" if path.exists() else "不见了", heals)


def _downloads(output: Path) -> Iterator[Path]:
    folder = output / "state" / "downloads"
    return (path for path in sorted(folder.glob("*/*")) if path.is_file())


def _download(path: Path) -> BadFile | None:
    if digest_of(path)[:_DIGITS] == path.parent.name:
        return None
    return BadFile(str(path), "下载的原件与下载时不同，请删去，下次重新下载", False)


def _is_sound_database(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as base:
            return bool(base.execute("PRAGMA quick_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False

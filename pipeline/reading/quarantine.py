"""Files whose last reading failed (隔离清单): why, since when, by which version.

They are not read again until their bytes, the extractor or the user asks for it; what went away by itself is tried by
every run.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from pipeline.dataset.store import open_dataset
from pipeline.reading.one_file import TRANSIENT
from pipeline.sourcing.local_files import bytes_at

_COLUMNS = (
    "source_uri",
    "status",
    "failed_since",
    "failed_version",
    "failed_code",
    "failed_error",
    "missing_since",
    "local_path",
)


@dataclass(frozen=True, slots=True)
class Quarantined:
    """One file whose last reading failed; `kept` if an earlier reading of it stands in the dataset (隔离中的文件)."""

    source_uri: str
    code: str
    message: str
    since: datetime
    version: str | None
    kept: bool
    path: str

    @property
    def transient(self) -> bool:
        """Whether every run tries it again; a source is always asked again for what it did not deliver."""
        return self.code in TRANSIENT or self.version is None


def quarantined(output: Path) -> list[Quarantined]:
    """The files that wait, the latest failure first; files gone from their source are left out. Raises StoreError."""
    rows = open_dataset(output).read("documents", list(_COLUMNS))
    waiting = rows.filter(pc.and_(pc.is_valid(rows["failed_since"]), pc.is_null(rows["missing_since"])))
    found = [
        Quarantined(
            row["source_uri"],
            row["failed_code"],
            row["failed_error"],
            row["failed_since"],
            row["failed_version"],
            row["status"] != "failed",
            bytes_at(row["source_uri"], row["local_path"], output),
        )
        for row in waiting.to_pylist()
    ]
    return sorted(found, key=lambda each: (-each.since.timestamp(), each.source_uri))


def present(files: Iterable[Quarantined]) -> list[str]:
    """The addresses of those whose bytes are here."""
    return [each.source_uri for each in files if os.path.isfile(each.path)]


def to_json(files: Sequence[Quarantined]) -> list[dict[str, Any]]:
    """One object per file."""
    return [
        {
            "source_uri": each.source_uri,
            "code": each.code,
            "message": each.message,
            "since": each.since.isoformat(),
            "extractor_version": each.version,
            "earlier_reading_kept": each.kept,
            "retried_every_run": each.transient,
        }
        for each in files
    ]


def as_text(files: Sequence[Quarantined]) -> str:
    """The list for a person (隔离清单)."""
    if not files:
        return "没有未能读取的文件。"
    return "\n".join([f"未能读取、等待处理的文件 {len(files)} 个：", *(_entry(each) for each in files)])


def _entry(each: Quarantined) -> str:
    since = each.since.astimezone().strftime("%Y-%m-%d %H:%M")
    retry = "每次运行都会重试" if each.transient else "程序升级、文件改动或 --retry 时重试"
    kept = "；数据集中保留先前的结果" if each.kept else ""
    reason = f"[{each.code}] {each.message}"
    version = f"程序版本 {each.version}" if each.version else "来源未能交出"
    return f"  {each.source_uri}\n    {reason}\n    自 {since} 起，{version}，{retry}{kept}"

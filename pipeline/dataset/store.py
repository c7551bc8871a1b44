"""The snapshots on disk and how they are read: the current one, those kept, one as of a day (快照).

<output>/dataset                    the current snapshot, a symbolic link
<output>/snapshots/<n>/<table>/     part files
<output>/snapshots/<n>/manifest.json
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.dataset.integrity import checked, signed
from pipeline.dataset.part_files import Segment, read_part, sync
from schemas.errors import StoreError
from schemas.tables import TABLES, arrow_schema

POINTER = "dataset"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the whole dataset, never changed again (快照)."""

    path: Path
    number: int
    created_at: datetime
    fingerprint: str
    segments: tuple[Segment, ...]

    def count(self, table: str) -> int:
        return sum(segment.rows.get(table, 0) for segment in self.segments)

    def documents(self, columns: Sequence[str]) -> pa.Table:
        """`columns` of the documents table; those an older snapshot lacks are null."""
        schema = pa.schema([arrow_schema("documents").field(name) for name in columns])
        return pa.concat_tables(
            [schema.empty_table(), *(read_part(segment, "documents", columns) for segment in self.segments)]
        )


@dataclass(frozen=True, slots=True)
class Dataset:
    """One snapshot to read several tables from: they agree with each other whatever runs meanwhile (数据集)."""

    path: Path

    def folder(self, table: str) -> Path:
        return self.path / table

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        import pyarrow.parquet as pq

        try:
            result: pa.Table = pq.read_table(self.folder(table), columns=columns, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as error:
            raise _unreadable(self.folder(table), error) from error
        return result

    def where(self, table: str, column: str, values: Iterable[str]) -> pa.Table:
        """The rows of a table whose `column` is one of `values`; of the others only that column is decoded."""
        import duckdb

        files = str(self.folder(table) / "*.parquet")
        query = f"select * from read_parquet(?) where {column} in (select unnest(?))"
        try:
            with duckdb.connect() as connection:
                found: pa.Table = connection.sql(query, params=[files, list(values)]).to_arrow_table()
        except (OSError, duckdb.Error) as error:
            raise _unreadable(self.folder(table), error) from error
        return found


def _unreadable(folder: Path, error: Exception) -> StoreError:
    return StoreError(f"{folder} 无法读取（{error}）；请运行 ziping verify 查看哪些文件损坏。")


def current_snapshot(output: Path) -> Snapshot | None:
    """The snapshot the pointer names, None before the first run. Raises StoreError."""
    pointer = output / POINTER
    if not os.path.lexists(pointer):
        return None
    if not pointer.is_symlink():
        raise StoreError(f"{pointer} 应是指向快照的链接，却是文件或文件夹；请移开它，或换一个输出目录。")
    try:
        return load(pointer.resolve(strict=True))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"{pointer} 无法识别（{error}）；请从备份恢复，或换一个输出目录。") from error


def open_dataset(output: Path, as_of: date | datetime | None = None) -> Dataset:
    """The current state of `<output>/dataset`, the pointer resolved once; with `as_of` the state at that time.

    A date stands for its end, a datetime without a zone for local time. Raises StoreError when there is none.
    """
    current = current_snapshot(output)
    if current is None:
        raise StoreError(f"{output} 中还没有数据集；请先运行 ziping ingest。")
    if as_of is None:
        return Dataset(current.path)
    moment = as_of if isinstance(as_of, datetime) else datetime.combine(as_of, clock.max)
    made = [each for each in snapshots(output) if each.created_at <= moment.astimezone(UTC)]
    if not made:
        raise StoreError(f"{output} 中没有 {as_of} 或更早的版本；请运行 ziping snapshots 查看现有各版。")
    return Dataset(made[-1].path)


def snapshots(output: Path) -> list[Snapshot]:
    """Every snapshot kept up to the current one, oldest first. Raises StoreError when there is none."""
    current = current_snapshot(output)
    if current is None:
        raise StoreError(f"{output} 中还没有数据集；请先运行 ziping ingest。")
    found = [current]
    for path in finished(current.path.parent):
        with suppress(OSError, ValueError, KeyError):  # pruned by a run that goes on meanwhile
            if int(path.name) < current.number:
                found.append(load(path))
    return sorted(found, key=lambda snapshot: snapshot.number)


def readable_snapshots(output: Path) -> tuple[list[Snapshot], list[tuple[Path, str]]]:
    """The snapshots on disk, oldest first, and the manifests that cannot be read with the reason."""
    folder = output / "snapshots"
    found: list[Snapshot] = []
    broken: list[tuple[Path, str]] = []
    for path in finished(folder) if folder.is_dir() else ():
        try:
            found.append(load(path))
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            broken.append((path / MANIFEST, str(error)))
    return found, broken


def describe(snapshot: Snapshot) -> dict[str, Any]:
    """A snapshot as plain data: number, time, rows by table, folder."""
    rows = {table: snapshot.count(table) for table in TABLES}
    created = snapshot.created_at.isoformat()
    return {"number": snapshot.number, "created_at": created, "rows": rows, "path": str(snapshot.path)}


def load(path: Path) -> Snapshot:
    """The snapshot in a folder, by its manifest. Raises OSError, ValueError, KeyError."""
    manifest = checked(json.loads((path / MANIFEST).read_text(encoding="utf-8")))
    return Snapshot(
        path,
        manifest["number"],
        datetime.fromisoformat(manifest["created_at"]),
        manifest["schema"],
        tuple(Segment(path, each["name"], each["rows"], each.get("sha256") or {}) for each in manifest["segments"]),
    )


def write_manifest(path: Path, snapshot: Snapshot) -> None:
    """Write the manifest of a snapshot, whole or not at all (清单)."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(json.dumps(signed(_to_json(snapshot)), ensure_ascii=False), encoding="utf-8")
    sync(partial)
    partial.replace(path)


def _to_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "number": snapshot.number,
        "created_at": snapshot.created_at.isoformat(),
        "schema": snapshot.fingerprint,
        "segments": [
            {"name": segment.name, "rows": segment.rows, "sha256": segment.digests} for segment in snapshot.segments
        ],
    }


def finished(folder: Path) -> list[Path]:
    """The folders of sealed snapshots, oldest first."""
    return sorted((path for path in folder.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))

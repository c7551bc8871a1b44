"""The dataset on disk: immutable snapshots and one pointer that is replaced atomically (存储).

    <output>/dataset                    the current snapshot, a symbolic link
    <output>/snapshots/<n>/<table>/     part files; those that did not change are hard links
    <output>/snapshots/<n>/manifest.json
    <output>/.staging, <output>/.lock   a run's own

All tables change together, at the instant the pointer is replaced. A run that dies before it leaves the dataset as it
was; its remains are removed by the next one. The lock is held for the whole of a run.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.changes import Edit, Plan, Seen, plan_changes
from pipeline.segments import (
    Segment,
    Unit,
    link,
    part_path,
    plan_merges,
    read_part,
    rewritten,
    schema_fingerprint,
    sync,
    write_parquet,
    write_segment,
)
from schemas.errors import StoreError
from schemas.tables import TABLES, arrow_schema

POINTER = "dataset"
MANIFEST = "manifest.json"
EMPTY_PART = "empty"

PROBE_BYTES = 1 << 20
"""Written before the work starts: an output that is read-only or full is said then."""

RECENT_SNAPSHOTS = 10
KEEP_ALL_FOR = timedelta(days=1)
KEEP_DAILY_FOR = timedelta(days=400)


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


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: `kept` are addresses whose earlier good reading was kept, `duplicates` name their owner."""

    snapshot: Snapshot
    kept: tuple[str, ...]
    duplicates: dict[str, str]


@dataclass(frozen=True, slots=True)
class Dataset:
    """One snapshot to read several tables from: they agree with each other whatever runs meanwhile (数据集)."""

    path: Path

    def folder(self, table: str) -> Path:
        return self.path / table

    def read(self, table: str, columns: list[str] | None = None) -> pa.Table:
        import pyarrow.parquet as pq

        result: pa.Table = pq.read_table(self.folder(table), columns=columns)
        return result


def open_dataset(output: Path) -> Dataset:
    """The current state of `<output>/dataset`, the pointer resolved once. Raises StoreError when there is none."""
    pointer = output / POINTER
    try:
        return Dataset(pointer.resolve(strict=True))
    except OSError as error:
        raise StoreError(f"{output} 中还没有数据集；请先运行 ziping ingest。") from error


class Store:
    """The output folder of ziping (输出目录)."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.staging = output / ".staging"
        self._snapshots = output / "snapshots"

    @contextmanager
    def session(self, on_wait: Callable[[str], None]) -> Iterator[Store]:
        """Hold the output for one run: checked to be writable, locked, cleared of what a dead run left behind.

        Raises StoreError. Where another run holds it, `on_wait` is told and this one waits.
        """
        with ExitStack() as stack:
            with explained(self.output):
                self.output.mkdir(parents=True, exist_ok=True)
                lock = stack.enter_context(open(self.output / ".lock", "a+", encoding="utf-8"))
            _acquire(lock.fileno(), lambda: on_wait(_holder(self.output)))
            with explained(self.output):
                lock.truncate(0)
                lock.write(f"{os.getpid()} {datetime.now().astimezone():%Y-%m-%d %H:%M:%S}")
                lock.flush()
                self._clear()
                self._probe()
            try:
                yield self
            finally:
                shutil.rmtree(self.staging, ignore_errors=True)

    def current(self) -> Snapshot | None:
        """The snapshot the pointer names, None before the first run. Raises StoreError."""
        pointer = self.output / POINTER
        if not os.path.lexists(pointer):
            return None
        if not pointer.is_symlink():
            raise StoreError(f"{pointer} 应是指向快照的链接，却是文件或文件夹；请移开它，或换一个输出目录。")
        try:
            return _load(pointer.resolve(strict=True))
        except (OSError, ValueError, KeyError) as error:
            raise StoreError(f"{pointer} 无法识别（{error}）；请从备份恢复，或换一个输出目录。") from error

    def commit(self, batches: Sequence[Segment]) -> Committed:
        """Make the next snapshot of the current one and the staged `batches`, and point to it. Raises StoreError."""
        with explained(self.output):
            base = self.current()
            segments = [*(base.segments if base else ()), *batches]
            plan = _plan(segments, len(segments) - len(batches))
            snapshot = self._write(base, segments, plan, len(batches))
            self._point_to(snapshot.path)
            self._prune(snapshot.created_at)
            return Committed(snapshot, plan.kept, plan.duplicates)

    def _clear(self) -> None:
        """Remove what a run that died left: its staging folder, and snapshots that never became current.

        Where snapshots stand but the pointer is missing (a copy that left links out), the last one becomes current.
        """
        shutil.rmtree(self.staging, ignore_errors=True)
        self._snapshots.mkdir(exist_ok=True)
        for path in self.output.glob(f".{POINTER}-*"):
            path.unlink()
        finished = self._finished()
        current = self.current()
        if current is None and finished:
            self._point_to(finished[-1])
            current = self.current()
        for path in self._snapshots.iterdir():
            if path not in finished or (current is not None and int(path.name) > current.number):
                shutil.rmtree(path)

    def _finished(self) -> list[Path]:
        """The folders of sealed snapshots, oldest first."""
        return sorted(
            (path for path in self._snapshots.iterdir() if path.name.isdigit()), key=lambda path: int(path.name)
        )

    def _probe(self) -> None:
        self.staging.mkdir()
        probe = self.staging / "probe"
        probe.write_bytes(bytes(PROBE_BYTES))
        sync(probe)
        probe.unlink()

    def _write(self, base: Snapshot | None, segments: Sequence[Segment], plan: Plan, staged: int) -> Snapshot:
        number = base.number + 1 if base else 1
        upgrade = base is not None and base.fingerprint != schema_fingerprint()
        folder = self._snapshots / f".new-{token_hex(4)}"
        for table in TABLES:
            (folder / table).mkdir(parents=True)
        units = _units(segments, plan.edits, len(segments) - staged)
        written = []
        for index, group in enumerate(plan_merges(units)):
            only = group[0]
            if len(group) == 1 and not only.staged and only.edit is None and not upgrade:
                written.append(_linked(only.segment, folder))
            else:
                name = f"{number:06d}-{index:03d}-{token_hex(3)}"
                written.append(write_segment(folder, name, group, upgrade=upgrade))
        kept = [segment for segment in written if segment.total]
        _fill_empty_tables(folder, kept)
        return self._seal(folder, number, kept)

    def _seal(self, folder: Path, number: int, segments: Sequence[Segment]) -> Snapshot:
        """Write the manifest, see everything to the disk, give the snapshot its number."""
        path = self._snapshots / f"{number:06d}"
        snapshot = Snapshot(
            path,
            number,
            datetime.now(UTC),
            schema_fingerprint(),
            tuple(Segment(path, segment.name, segment.rows) for segment in segments),
        )
        manifest = folder / MANIFEST
        manifest.write_text(json.dumps(_to_json(snapshot), ensure_ascii=False), encoding="utf-8")
        for each in (manifest, *(folder / table for table in TABLES), folder):
            sync(each)
        folder.rename(path)
        sync(self._snapshots)
        return snapshot

    def _point_to(self, snapshot: Path) -> None:
        temporary = self.output / f".{POINTER}-{token_hex(4)}"
        temporary.symlink_to(snapshot.relative_to(self.output), target_is_directory=True)
        os.replace(temporary, self.output / POINTER)
        sync(self.output)

    def _prune(self, now: datetime) -> None:
        """Remove old snapshots by the keep rule; parts that newer ones share stay."""
        created = {path: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in self._finished()}
        for path in created.keys() - snapshots_to_keep(created, now):
            with suppress(OSError):  # a reader or a backup may hold it: the next run tries again
                doomed = path.with_name(f".old-{path.name}")
                path.rename(doomed)
                shutil.rmtree(doomed)


def snapshots_to_keep(created: dict[Path, datetime], now: datetime) -> set[Path]:
    """The snapshots to keep, given when each was made: the newest, all of the last day, one a day, then one a month.

    The last of each day is kept, so "what did the dataset say on that day" has an answer; after a good year, the last
    of each month.
    """
    ordered = sorted(created, key=lambda path: int(path.name))
    kept = set(ordered[-RECENT_SNAPSHOTS:])
    last: dict[str, Path] = {}
    for path in ordered:
        age = now - created[path]
        day = created[path].astimezone().date().isoformat()
        if age <= KEEP_ALL_FOR:
            kept.add(path)
        else:
            last[day if age <= KEEP_DAILY_FOR else day[:7]] = path
    return kept | set(last.values())


@contextmanager
def explained(output: Path) -> Iterator[None]:
    """Errors of the file system as StoreError, with what to do."""
    try:
        yield
    except OSError as error:
        raise StoreError(_explain(output, error)) from error


def _explain(output: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return f"输出目录 {output} 所在磁盘空间不足，原有数据集未改动；请腾出空间后重新运行。"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"输出目录 {output} 不可写，未写入任何内容；请检查权限或用 --output 另选目录。"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"输出位置 {output} 不是文件夹；请用 --output 另选目录。"
    return f"写入输出目录 {output} 时出错（{error}），原有数据集未改动；请检查磁盘后重新运行。"


def _acquire(descriptor: int, on_wait: Callable[[], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return
    except BlockingIOError:
        on_wait()
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        time.sleep(0.2)


def _holder(output: Path) -> str:
    """Who holds the lock: process number and since when."""
    words = (output / ".lock").read_text(encoding="utf-8").split(" ", 1)
    return f"进程 {words[0]}，始于 {words[1]}" if len(words) == 2 else "进程未知"


def _plan(segments: Sequence[Segment], n_base: int) -> Plan:
    """Plan the changes of the batches `segments[n_base:]` to the base `segments[:n_base]`."""
    new = [row for unit in range(n_base, len(segments)) for row in _seen(unit, segments[unit], None)]
    if not new:
        return Plan({}, (), {})
    uris = pa.array([row.uri for row in new], pa.string())
    contents = pa.array([row.document_id for row in new if row.document_id is not None], pa.string())
    old = [row for unit in range(n_base) for row in _seen(unit, segments[unit], (uris, contents))]
    return plan_changes([*old, *new])


def _seen(unit: int, segment: Segment, concerned: tuple[pa.Array, pa.Array] | None) -> list[Seen]:
    rows = read_part(segment, "documents", ["source_uri", "document_id", "status", "duplicate_of"])
    if concerned is not None:
        uris, contents = concerned
        by_address = pc.or_(pc.is_in(rows["source_uri"], uris), pc.is_in(rows["duplicate_of"], uris))
        rows = rows.filter(pc.or_(by_address, pc.is_in(rows["document_id"], contents)))
    return [
        Seen(
            unit,
            row["source_uri"],
            row["document_id"],
            row["status"] == "failed",
            row["duplicate_of"],
            concerned is None,
        )
        for row in rows.to_pylist()
    ]


def _units(segments: Sequence[Segment], edits: dict[int, Edit], n_base: int) -> list[Unit]:
    return [
        Unit(segment, edits.get(at), at >= n_base, rewritten(edits[at].add, segments) if at in edits else None)
        for at, segment in enumerate(segments)
    ]


def _linked(segment: Segment, folder: Path) -> Segment:
    for table in segment.rows:
        link(segment.path(table), part_path(folder, table, segment.name))
    return Segment(folder, segment.name, segment.rows)


def _fill_empty_tables(folder: Path, segments: Sequence[Segment]) -> None:
    """A table without rows is a file without rows, so that any reader finds its columns."""
    for table in TABLES:
        if not any(segment.rows.get(table) for segment in segments):
            write_parquet(part_path(folder, table, EMPTY_PART), arrow_schema(table).empty_table())


def _to_json(snapshot: Snapshot) -> dict[str, Any]:
    return {
        "number": snapshot.number,
        "created_at": snapshot.created_at.isoformat(),
        "schema": snapshot.fingerprint,
        "segments": [{"name": segment.name, "rows": segment.rows} for segment in snapshot.segments],
    }


def _load(path: Path) -> Snapshot:
    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    return Snapshot(
        path,
        manifest["number"],
        datetime.fromisoformat(manifest["created_at"]),
        manifest["schema"],
        tuple(Segment(path, each["name"], each["rows"]) for each in manifest["segments"]),
    )

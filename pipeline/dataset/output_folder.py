"""The output folder of a run (输出目录): immutable snapshots and one pointer that is replaced atomically.

    <output>/dataset                    the current snapshot, a symbolic link
    <output>/snapshots/<n>/<table>/     part files; those that did not change are hard links
    <output>/snapshots/<n>/manifest.json
    <output>/.staging, <output>/.lock   a run's own
    <output>/.recognised                pages read from pictures, kept by content; may be deleted

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

import pyarrow as pa

from pipeline.dataset.current_filings import settle_filings
from pipeline.dataset.description import datapackage
from pipeline.dataset.integrity import Damage, damage_of, digest_of, segments_in
from pipeline.dataset.part_files import (
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
    write_table,
)
from pipeline.dataset.planning import plan_commit
from pipeline.dataset.retention import believable, snapshots_to_keep
from pipeline.dataset.row_changes import Edit, Plan
from pipeline.dataset.store import (
    MANIFEST,
    POINTER,
    Dataset,
    Snapshot,
    current_snapshot,
    finished,
    load,
    write_manifest,
)
from schemas.errors import StoreError
from schemas.tables import TABLES, arrow_schema

DESCRIPTION = "datapackage.json"
"""What the tables mean, for programs: see `pipeline.dataset.description`."""
DAMAGED = "damaged.json"
EMPTY_PART = "empty"
ACROSS = "across-"
"""How the parts with the checks across forms begin."""

AcrossForms = Callable[[Dataset, pa.Table | None, AbstractSet[str]], pa.Table]
"""Makes the checks across the forms of a dataset: of those before it, and of the contents that changed since."""

PROBE_BYTES = 1 << 20
"""Written before the work starts: an output that is read-only or full is said then."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit did: `kept` are addresses whose earlier good reading was kept, `duplicates` name their owner."""

    snapshot: Snapshot
    kept: tuple[str, ...]
    duplicates: dict[str, str]


class Store:
    """The output folder of ziping (输出目录)."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.staging = output / ".staging"
        self._snapshots = output / "snapshots"
        self.damage: tuple[Damage, ...] = ()
        self.healed: list[str] = []

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
                self._inspect()
            try:
                yield self
            finally:
                shutil.rmtree(self.staging, ignore_errors=True)

    def current(self) -> Snapshot | None:
        """The snapshot the pointer names, None before the first run. Raises StoreError."""
        return current_snapshot(self.output)

    def commit(
        self,
        batches: Sequence[Segment],
        known: AbstractSet[str] = frozenset(),
        changes: Mapping[str, Mapping[str, Any]] | None = None,
        across: AcrossForms | None = None,
    ) -> Committed:
        """Make the next snapshot of the current one and the staged `batches`, and point to it. Raises StoreError.

        `known` are the addresses in the batches whose content was recognised, not read; `changes` are columns of
        documents to be changed, by address. Where there is nothing to change the current snapshot stays. `across` makes
        the checks that look across forms, where contents came or went.
        """
        with explained(self.output):
            damaged = self.damaged()
            base = self.sound()
            kept = [each for each in (base.segments if base else ()) if not _is_across(each)]
            segments = [*kept, *(batch for batch in batches if batch.total)]
            n_base = len(kept)
            new = len(segments) > n_base or bool(changes)
            if base is not None and not new and not damaged and not _is_outdated(base):
                return Committed(base, (), {})
            plan = plan_commit(segments, n_base, known, changes or {})
            snapshot = self._write(base, segments, plan, len(segments) - n_base, across)
            self._point_to(snapshot.path)
            self._prune(snapshot.created_at)
            return Committed(snapshot, plan.kept, plan.duplicates)

    def _clear(self) -> None:
        """Remove what a run that died left: its staging folder, and snapshots that never became current.

        Where snapshots stand but the pointer is missing (a copy that left links out), the last one becomes current.
        """
        shutil.rmtree(self.staging, ignore_errors=True)
        self._snapshots.mkdir(exist_ok=True)
        self._heal_manifest()
        for path in self.output.glob(f".{POINTER}-*"):
            path.unlink()
        sealed = finished(self._snapshots)
        current = self.current()
        if current is None and sealed:
            self._point_to(sealed[-1])
            current = self.current()
        for path in self._snapshots.iterdir():
            if path not in sealed or (current is not None and int(path.name) > current.number):
                shutil.rmtree(path)

    def _heal_manifest(self) -> None:
        """Where the manifest of the current snapshot cannot be read, make it anew of the parts that lie there."""
        pointer = self.output / POINTER
        if not pointer.is_symlink() or not pointer.exists():
            return
        path = pointer.resolve(strict=True)
        try:
            load(path)
        except (OSError, ValueError, KeyError, TypeError):
            made = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found = tuple(segments_in(path, TABLES))
            if not found:
                return
            # the schema is unknown, so all parts are written anew by the next commit
            snapshot = Snapshot(path, int(path.name), made, "", found)
            (path / MANIFEST).rename(path / f"{MANIFEST}.damaged") if (path / MANIFEST).exists() else None
            write_manifest(path / MANIFEST, snapshot)
            self.healed.append(f"{path / MANIFEST} 已损坏，已由同处的数据文件重建；其中的数据如常。")

    def _inspect(self) -> None:
        """Look through the current snapshot, and keep for the commit which segments it must not carry on."""
        current = self.current()
        found = [damage for each in (current.segments if current else ()) if (damage := damage_of(each)) is not None]
        self.damage = tuple(found)
        if found:
            names = [each.segment.name for each in found]
            (self.staging / DAMAGED).write_text(json.dumps(names), encoding="utf-8")

    def damaged(self) -> frozenset[str]:
        """The names of the segments this run found damaged."""
        try:
            return frozenset(json.loads((self.staging / DAMAGED).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return frozenset()

    def sound(self) -> Snapshot | None:
        """The current snapshot without the segments this run found damaged. Raises StoreError."""
        current, damaged = self.current(), self.damaged()
        if current is None or not damaged:
            return current
        return replace(current, segments=tuple(each for each in current.segments if each.name not in damaged))

    def _probe(self) -> None:
        self.staging.mkdir()
        probe = self.staging / "probe"
        probe.write_bytes(bytes(PROBE_BYTES))
        sync(probe)
        probe.unlink()

    def _write(
        self,
        base: Snapshot | None,
        segments: Sequence[Segment],
        plan: Plan,
        staged: int,
        across: AcrossForms | None,
    ) -> Snapshot:
        number = base.number + 1 if base else 1
        upgrade = base is not None and _is_outdated(base)
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
        kept = settle_filings([segment for segment in written if segment.total])
        _fill_empty_tables(folder, kept)
        if across is not None:
            kept += _across_forms(base, folder, number, _changed(segments, plan, staged), across)
        return self._seal(folder, number, kept)

    def _seal(self, folder: Path, number: int, segments: Sequence[Segment]) -> Snapshot:
        """Write the manifest, see everything to the disk, give the snapshot its number."""
        path = self._snapshots / f"{number:06d}"
        snapshot = Snapshot(
            path,
            number,
            datetime.now(UTC),
            schema_fingerprint(),
            tuple(replace(segment, root=path, digests=_digests(segment)) for segment in segments),
        )
        manifest = folder / MANIFEST
        write_manifest(manifest, snapshot)
        described = folder / DESCRIPTION
        described.write_text(json.dumps(datapackage(), ensure_ascii=False, indent=1), encoding="utf-8")
        for each in (manifest, described, *(folder / table for table in TABLES), folder):
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
        created = {path: datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in finished(self._snapshots)}
        now = believable(now, created)
        for path in created.keys() - snapshots_to_keep(created, now):
            with suppress(OSError):  # a reader or a backup may hold it: the next run tries again
                doomed = path.with_name(f".old-{path.name}")
                path.rename(doomed)
                shutil.rmtree(doomed)


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


def _is_across(segment: Segment) -> bool:
    """Whether a segment holds the checks across forms: they belong to no document alone, and are never merged."""
    return segment.name.startswith(ACROSS)


def _changed(segments: Sequence[Segment], plan: Plan, staged: int) -> set[str]:
    """The contents that a commit brings or takes away."""
    dropped = {content for edit in plan.edits.values() for content in edit.drop_content}
    new = (read_part(segment, "evaluations", ["document_id"]) for segment in segments[len(segments) - staged :])
    return dropped.union(*(rows["document_id"].to_pylist() for rows in new))


def _across_forms(
    base: Snapshot | None, folder: Path, number: int, changed: set[str], across: AcrossForms
) -> list[Segment]:
    """The segment of the checks across the forms that lie in `folder`: that of `base` where nothing of it changes."""
    before = next((each for each in (base.segments if base else ()) if _is_across(each)), None)
    goes_on = before is not None and base is not None and not _is_outdated(base)
    if before is not None and goes_on and not changed:
        return [_linked(before, folder)]
    rows = across(Dataset(folder), read_part(before, "checks") if before is not None and goes_on else None, changed)
    name = f"{ACROSS}{number:06d}"
    count = write_table(part_path(folder, "checks", name), "checks", rows)
    if count:
        part_path(folder, "checks", EMPTY_PART).unlink(missing_ok=True)
    return [Segment(folder, name, {"checks": count})] if count else []


def _is_outdated(snapshot: Snapshot) -> bool:
    """Whether it was written by another schema than today's."""
    return snapshot.fingerprint != schema_fingerprint()


def _units(segments: Sequence[Segment], edits: dict[int, Edit], n_base: int) -> list[Unit]:
    return [
        Unit(segment, edits.get(at), at >= n_base, rewritten(edits[at].add, segments) if at in edits else None)
        for at, segment in enumerate(segments)
    ]


def _linked(segment: Segment, folder: Path) -> Segment:
    for table in segment.rows:
        link(segment.path(table), part_path(folder, table, segment.name))
    return replace(segment, root=folder, digests=_carried(segment, folder))


def _carried(segment: Segment, folder: Path) -> dict[str, str]:
    """The digests of files that were linked on: of the very file that was verified, nothing is computed again."""
    return {
        table: digest
        for table, digest in segment.digests.items()
        if os.path.samefile(segment.path(table), part_path(folder, table, segment.name))
    }


def _digests(segment: Segment) -> dict[str, str]:
    """The digests of all files of a segment that is being sealed; a part that was replaced since has another."""
    return {table: segment.digests.get(table) or digest_of(segment.path(table)) for table in segment.rows}


def _fill_empty_tables(folder: Path, segments: Sequence[Segment]) -> None:
    """A table without rows is a file without rows, so that any reader finds its columns."""
    for table in TABLES:
        if not any(segment.rows.get(table) for segment in segments):
            write_parquet(part_path(folder, table, EMPTY_PART), arrow_schema(table), ())

"""Which files need no reading: the dataset knows what their bytes gave (已知文件).

A file is read once per content and extractor version. Address, size and time of last change
recognise it without opening it, unless it was written just before it was read, when a later change could have left
both as they were. Where they differ, the bytes decide: the worker takes their hash and reads only what nobody read.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache, reduce
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dataset.integrity import Damage, damage_of
from pipeline.dataset.output_folder import Store
from pipeline.dataset.part_files import read_part
from pipeline.dataset.store import Snapshot, open_dataset, snapshots
from pipeline.reading.one_file import EPOCH, TRANSIENT, Known, KnownContents
from pipeline.sourcing.local_files import JOIN, Provenance, Refused, SourceFile, Sources, Trouble, bytes_at, source_uri
from schemas.errors import Postponed
from schemas.version import EXTRACTOR_VERSION, JUDGED_BY

SETTLED = timedelta(seconds=3)
"""A file last changed so long before it was read cannot have changed since at the same time: clocks of file systems
are as coarse as two seconds."""

DATASET = "数据集"
"""The name troubles of the dataset itself go by."""

OWN_RULES = Path(__file__).parents[1] / "checks" / "rules.toml"
CHECK_ROOMS = ("pipeline/checks", "pipeline/localise", "pipeline/findings", "pipeline/dataset/keys")
"""Packages whose code decides what is found about a form, or worked out of it."""

_PROVENANCE = tuple(each.name for each in fields(Provenance))

_COLUMNS = (
    "source_uri",
    "document_id",
    "size_bytes",
    "status",
    "extractor_version",
    "ingested_at",
    "modified_at",
    "missing_since",
    "rules_version",
    "failed_since",
    "failed_version",
    "failed_code",
    "first_seen_at",
    *_PROVENANCE,
)

NO_FAILURE: Mapping[str, None] = dict.fromkeys(("failed_since", "failed_version", "failed_code", "failed_error"))

Changes = dict[str, dict[str, datetime | str | None]]


@dataclass(frozen=True, slots=True)
class FirstSeen:
    """When the dataset first saw the content `document_id` at some address (首次见到)."""

    document_id: str | None
    at: datetime


@dataclass(slots=True)
class Work:
    """What a run has to do (待办): `known` names for a file the contents of its size that need no reading.

    `first_seen` is, by address, what the dataset holds of files that are to be read, the first `postponed` of which an
    earlier run had no time for. `refused` are to be noted anew;
    `unchanged` and `quarantined` files are left alone; `contents` are the documents they hold.
    """

    files: list[SourceFile] = field(default_factory=list)
    known: dict[str, KnownContents] = field(default_factory=dict)
    first_seen: dict[str, FirstSeen] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    postponed: int = 0
    unchanged: int = 0
    quarantined: int = 0
    contents: set[str] = field(default_factory=set)
    changes: Changes = field(default_factory=dict)

    def read(self, file: SourceFile, row: dict[str, Any] | None) -> None:
        """`file` is to be read; `row` is what the dataset says of it. What the last run left comes first."""
        if row is not None and row["failed_code"] == Postponed.code:
            self.files.insert(self.postponed, file)
            self.postponed += 1
        else:
            self.files.append(file)
        if row is not None:
            seen = timedelta(microseconds=row["first_seen_at"] or row["ingested_at"])
            self.first_seen[file.uri] = FirstSeen(row["document_id"], EPOCH + seen)


def rules_version(rules_file: Path | None) -> str:
    """A digest of the checks: their code, the words they judge by, and the rules (a file read before)."""
    digest = hashlib.sha256(_code_of_the_checks())
    digest.update((rules_file or OWN_RULES).read_bytes())
    return digest.hexdigest()[:8]


@cache
def _code_of_the_checks() -> bytes:
    """One digest over the sources that decide what is found about a form."""
    root = Path(__file__).parents[2]
    sources = [path for room in CHECK_ROOMS for path in (root / room).rglob("*.py")]
    sources += [root / "schemas" / name for name in (*JUDGED_BY, "judgement.py", "intervals.py", "base_units.py")]
    digest = hashlib.sha256()
    for path in sorted(sources):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.digest()


def known_files(output: Path, uris: Iterable[str]) -> Sources:
    """The files at addresses the dataset knows, with what it knows of where they came from. Raises StoreError."""
    rows = open_dataset(output).read("documents", ["source_uri", *_PROVENANCE])
    wanted = rows.filter(pc.is_in(rows["source_uri"], pa.array(list(uris), pa.string())))
    return Sources(tuple(_original_files(wanted.to_pylist(), output)))


def _original_files(rows: Iterable[Mapping[str, Any]], output: Path) -> list[SourceFile]:
    """The files that rows of `documents` speak of."""
    return [
        SourceFile(
            bytes_at(row["source_uri"], row["local_path"], output),
            row["source_uri"],
            Provenance(*(row[name] for name in _PROVENANCE)),
        )
        for row in rows
    ]


def with_originals(sources: Sources, store: Store) -> Sources:
    """`sources`, and where parts of the dataset are damaged the files whose rows stood there, to be read again.

    What was damaged, and which originals are gone, is said as troubles of the dataset itself.
    """
    troubles = [Trouble(DATASET, str(store.output), "healed", sentence) for sentence in store.healed]
    files = {file.uri: file for file in sources.files}
    for damage in store.damage:
        lost = _original_files(_documents_of(damage, store), store.output)
        there = [file for file in lost if os.path.isfile(file.path)]
        files.update((file.uri, files.get(file.uri, file)) for file in there)
        gone = [file.uri for file in lost if not os.path.isfile(file.path) and file.uri not in files]
        message = f"数据文件已损坏，不再沿用：{damage}；已由原件重读 {len(there)} 个文件。"
        if gone:
            message += f"另有 {len(gone)} 个文件的原件已不在，其各行须从备份恢复：{'、'.join(gone[:5])}"
        troubles.append(Trouble(DATASET, str(store.output), "damaged_part", message))
    return replace(sources, files=tuple(files.values()), troubles=(*sources.troubles, *troubles))


def _documents_of(damage: Damage, store: Store) -> list[dict[str, Any]]:
    """The document rows of a damaged segment: its own, or where those are damaged the rows that older snapshots had."""
    columns = ["source_uri", *_PROVENANCE]
    if "documents" not in damage.tables:
        return cast("list[dict[str, Any]]", read_part(damage.segment, "documents", columns).to_pylist())
    sound = store.sound()
    known = set(sound.documents(["source_uri"])["source_uri"].to_pylist()) if sound is not None else set()
    rows: dict[str, dict[str, Any]] = {}
    for snapshot in snapshots(store.output):
        for segment in snapshot.segments:
            if damage_of(segment) is None:
                part = read_part(segment, "documents", columns).to_pylist()
                rows.update((row["source_uri"], row) for row in part if row["source_uri"] not in known)
    return list(rows.values())


def sort_out(sources: Sources, snapshot: Snapshot | None, rules: str, *, force: bool) -> Work:
    """Which files of `sources` to read, given what the dataset at `snapshot` knows; with `force` all of them."""
    work = Work()
    if snapshot is None:
        return Work(list(sources.files), refused=list(sources.refused))
    documents = snapshot.documents(_COLUMNS)
    files = sources.files if force else _look_past(sources.files, documents, work)
    uris = [*(each.uri for each in files), *(each.uri for each in sources.refused)]
    rows = {row["source_uri"]: row for row in _rows(documents, "source_uri", pa.array(uris, pa.string()))}
    sizes: dict[str, int] = {}
    for file in files:
        row = rows.get(file.uri)
        try:
            stat = os.stat(file.path)
        except OSError:
            work.read(file, row)  # its reading says why
            continue
        known = None if row is None or force or not _same_file(file, row, stat) else _known(row)
        if row is None or known is None:
            work.read(file, row)
            sizes[file.path] = stat.st_size
            continue
        work.quarantined += known.quarantined
        work.unchanged += not known.quarantined
        work.contents.add(row["document_id"])
        if changes := _caught_up(file, row, known):
            work.changes[file.uri] = changes
    for each in sources.refused:
        if force or not _noted(each, rows.get(each.uri)):
            work.refused.append(each)
        else:
            work.quarantined += 1
    contents = {} if force else _contents_by_size(documents, set(sizes.values()), rules)
    work.known = {path: contents[size] for path, size in sizes.items() if size in contents}
    return work


def _look_past(files: Sequence[SourceFile], documents: pa.Table, work: Work) -> list[SourceFile]:
    """Leave alone the files whose row says nothing but that they were read as they are; give the others.

    In a folder that keeps everything nearly all are such, so they are told by whole columns. Of the others each is
    looked at by itself.
    """
    stats = pa.array([_size_and_time(file) for file in files], pa.struct({"size": pa.int64(), "time": pa.int64()}))
    where = pc.index_in(pa.array([file.uri for file in files], pa.string()), documents["source_uri"].combine_chunks())
    rows = _in_microseconds(documents).take(where)
    source = pa.array([file.provenance.source_name for file in files], pa.string())
    conditions = [
        pc.equal(rows["size_bytes"], stats.field("size")),
        pc.equal(rows["modified_at"], stats.field("time")),
        pc.greater_equal(pc.subtract(rows["ingested_at"], rows["modified_at"]), SETTLED // timedelta(microseconds=1)),
        pc.equal(rows["extractor_version"], EXTRACTOR_VERSION),
        pc.not_equal(rows["status"], "failed"),
        pc.is_valid(rows["document_id"]),
        pc.or_kleene(pc.is_null(source), pc.equal(rows["source_name"], source)),
        *(pc.is_null(rows[name]) for name in ("missing_since", "failed_version", "failed_code")),
    ]
    plain = pc.fill_null(reduce(pc.and_kleene, conditions), False)
    work.unchanged += pc.sum(plain).as_py() or 0
    work.contents |= set(rows["document_id"].filter(plain).to_pylist())
    return [file for file, known in zip(files, plain.to_pylist(), strict=True) if not known]


def _size_and_time(file: SourceFile) -> tuple[int, int] | None:
    """Size and time of last change, in microseconds, of a file that lies where its address says; None of another."""
    if file.provenance.local_path is not None:
        return None
    try:
        stat = os.stat(file.path)
    except OSError:
        return None
    return stat.st_size, stat.st_mtime_ns // 1000


def _caught_up(file: SourceFile, row: dict[str, Any], known: Known) -> dict[str, datetime | str | None]:
    """What the row of an unchanged file has to say anew: it is there, it can be had, and it came from there."""
    changes: dict[str, datetime | str | None] = {}
    if row["missing_since"] is not None:
        changes["missing_since"] = None
    if row["failed_code"] is not None and not known.quarantined:
        changes |= NO_FAILURE
    if file.provenance.source_name is not None:
        provenance = asdict(file.provenance)
        if any(row[name] != value for name, value in provenance.items()):
            changes |= provenance
    return changes


def _noted(refused: Refused, row: dict[str, Any] | None) -> bool:
    """Whether the dataset already says that the source did not hand the file over, for the same reason."""
    return row is not None and (row["failed_version"], row["failed_code"]) == (None, refused.code)


def gone(sources: Sources, snapshot: Snapshot | None, now: datetime) -> Changes:
    """The change of every row whose file a folder or source of `sources` held before and no longer holds."""
    if snapshot is None or not (sources.folders or sources.complete):
        return {}
    rows = snapshot.documents(["source_uri", "source_name", "missing_since"])
    mask = pc.is_in(rows["source_name"], pa.array(sorted(sources.complete), pa.string()))
    for folder in sources.folders:
        mask = pc.or_(mask, pc.starts_with(rows["source_uri"], source_uri(folder).rstrip("/") + "/"))
    there = [*(each.uri for each in sources.files), *(each.uri for each in sources.refused), *sources.waiting]
    absent = pc.invert(pc.is_in(rows["source_uri"], pa.array(there, pa.string())))
    mask = pc.and_(pc.and_(mask, pc.is_null(rows["missing_since"])), absent)
    closed = (
        *(f"{source_uri(path)}/" for path in sources.closed),
        *(f"{uri}{JOIN}" for uri in (*sources.waiting, *(each.uri for each in sources.refused))),
    )
    return {
        uri: {"missing_since": now}
        for uri in rows.filter(mask)["source_uri"].to_pylist()
        if not uri.startswith(closed) and (os.path.isdir(uri) or not os.path.lexists(uri))
    }


def findings(snapshot: Snapshot, contents: set[str]) -> Mapping[str, int]:
    """How many contradictions the checks of `contents` found, by severity."""
    if not contents or not snapshot.count("checks"):
        return {}
    rows = pq.read_table(
        snapshot.path / "checks",
        columns=["document_id", "severity"],
        filters=(pc.field("outcome") == "inconsistent"),
    )
    concerned = rows.filter(pc.is_in(rows["document_id"], pa.array(contents, pa.string())))
    counts = concerned["severity"].value_counts().to_pylist()
    return {count["values"]: count["counts"] for count in counts}


def last_new(snapshot: Snapshot) -> datetime | None:
    """When the dataset last got content it had not seen; None while it is empty."""
    rows = snapshot.documents(["document_id", "first_seen_at", "ingested_at"])
    rows = rows.filter(pc.is_valid(rows["document_id"]))
    # a clock that ran ahead for a night must not keep "nothing new" quiet for as long
    times = pc.coalesce(rows["first_seen_at"], rows["ingested_at"])
    rows = rows.filter(pc.less_equal(times, pa.scalar(datetime.now(UTC), times.type)))
    latest: datetime | None = pc.max(pc.coalesce(rows["first_seen_at"], rows["ingested_at"])).as_py()
    return latest


def _rows(documents: pa.Table, column: str, values: pa.Array) -> Iterable[dict[str, Any]]:
    """Document rows, their times in microseconds: numbers come out of Arrow a hundred times faster than datetimes."""
    found: list[dict[str, Any]] = _in_microseconds(documents.filter(pc.is_in(documents[column], values))).to_pylist()
    return found


def _in_microseconds(rows: pa.Table) -> pa.Table:
    plain = [pa.field(each.name, pa.int64() if pa.types.is_timestamp(each.type) else each.type) for each in rows.schema]
    return rows.cast(pa.schema(plain))


def _same_file(file: SourceFile, row: dict[str, Any], stat: os.stat_result) -> bool:
    """Whether the bytes are those the row speaks of; a download's place names its content."""
    if file.provenance.local_path is not None and row["document_id"] is not None:
        return (row["local_path"], row["size_bytes"]) == (file.provenance.local_path, stat.st_size)
    return (
        row["document_id"] is not None
        and (row["size_bytes"], row["modified_at"]) == (stat.st_size, stat.st_mtime_ns // 1000)
        and timedelta(microseconds=row["ingested_at"] - row["modified_at"]) >= SETTLED
    )


def _known(row: dict[str, Any]) -> Known | None:
    """What is known of the row's content; None when it is to be read."""
    if row["failed_version"] == EXTRACTOR_VERSION and row["failed_code"] not in TRANSIENT:
        return Known(row["status"], quarantined=True)
    current = row["status"] != "failed" and row["extractor_version"] == EXTRACTOR_VERSION
    return Known(row["status"], quarantined=False) if current else None


def _contents_by_size(documents: pa.Table, sizes: set[int], rules: str) -> dict[int, dict[str, Known]]:
    by_size: defaultdict[int, dict[str, Known]] = defaultdict(dict)
    for row in _rows(documents, "size_bytes", pa.array(sizes, pa.int64())):
        known = _known(row)
        if known is not None and row["document_id"] is not None and row["rules_version"] == rules:
            by_size[row["size_bytes"]][row["document_id"]] = known
    return dict(by_size)

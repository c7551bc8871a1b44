"""Which files need no reading: the dataset knows what their bytes gave (已知文件).

A file is read once per content, extractor version and rules of the checks. Address, size and time of last change
recognise it without opening it, unless it was written just before it was read, when a later change could have left
both as they were. Where they differ, the bytes decide: the worker takes their hash and reads only what nobody read.
"""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.process import TRANSIENT, Known, KnownContents, modification_time
from pipeline.sources import Sources, source_uri
from pipeline.store import Snapshot
from schemas.version import EXTRACTOR_VERSION

SETTLED = timedelta(seconds=3)
"""A file last changed so long before it was read cannot have changed since at the same time: clocks of file systems
are as coarse as two seconds."""

OWN_RULES = Path(__file__).parent / "checks" / "rules.toml"

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
    "failed_version",
    "failed_code",
)

Changes = dict[str, dict[str, datetime | None]]


@dataclass(slots=True)
class Work:
    """What a run has to do (待办): `known` names for a file the contents of its size that need no reading.

    `unchanged` and `quarantined` files are left alone; `contents` are the documents they hold.
    """

    files: list[str] = field(default_factory=list)
    known: dict[str, KnownContents] = field(default_factory=dict)
    unchanged: int = 0
    quarantined: int = 0
    contents: set[str] = field(default_factory=set)
    changes: Changes = field(default_factory=dict)


def rules_version(rules_file: Path | None) -> str:
    """A digest of the rules of the checks; the file has been read before."""
    return hashlib.sha256((rules_file or OWN_RULES).read_bytes()).hexdigest()[:8]


def sort_out(files: Sequence[str], snapshot: Snapshot | None, rules: str, *, force: bool) -> Work:
    """Which of `files` to read, given what the dataset at `snapshot` knows; with `force` all of them."""
    if snapshot is None or force:
        return Work(list(files))
    work = Work()
    uris = [source_uri(path) for path in files]
    rows = {row["source_uri"]: row for row in _rows(snapshot, "source_uri", pa.array(uris, pa.string()))}
    sizes: dict[str, int] = {}
    for uri, path in zip(uris, files, strict=True):
        row = rows.get(uri)
        try:
            stat = os.stat(path)
        except OSError:
            work.files.append(path)  # its reading says why
            continue
        known = None if row is None or not _same_file(row, stat) else _known(row, rules)
        if row is None or known is None:
            work.files.append(path)
            sizes[path] = stat.st_size
            continue
        work.quarantined += known.quarantined
        work.unchanged += not known.quarantined
        work.contents.add(row["document_id"])
        if row["missing_since"] is not None:
            work.changes[uri] = {"missing_since": None}
    contents = _contents_by_size(snapshot, set(sizes.values()), rules)
    work.known = {path: contents[size] for path, size in sizes.items() if size in contents}
    return work


def gone(sources: Sources, snapshot: Snapshot | None, now: datetime) -> Changes:
    """The change of every row whose file a folder of `sources` held before and no longer holds."""
    if snapshot is None or not sources.folders:
        return {}
    rows = snapshot.documents(["source_uri", "missing_since"])
    prefixes = [folder.rstrip("/") + "/" for folder in map(source_uri, sources.folders)]
    below = [pc.starts_with(rows["source_uri"], prefix) for prefix in prefixes]
    mask = below[0]
    for each in below[1:]:
        mask = pc.or_(mask, each)
    found = pa.array([source_uri(path) for path in sources.files], pa.string())
    mask = pc.and_(pc.and_(mask, pc.is_null(rows["missing_since"])), pc.invert(pc.is_in(rows["source_uri"], found)))
    closed = tuple(f"{source_uri(path)}/" for path in sources.closed)
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


def _rows(snapshot: Snapshot, column: str, values: pa.Array) -> Iterable[dict[str, Any]]:
    rows = snapshot.documents(_COLUMNS)
    found: list[dict[str, Any]] = rows.filter(pc.is_in(rows[column], values)).to_pylist()
    return found


def _same_file(row: dict[str, Any], stat: os.stat_result) -> bool:
    modified_at = modification_time(stat)
    return (
        modified_at is not None
        and row["document_id"] is not None
        and (row["size_bytes"], row["modified_at"]) == (stat.st_size, modified_at)
        and row["ingested_at"] - modified_at >= SETTLED
    )


def _known(row: dict[str, Any], rules: str) -> Known | None:
    """What is known of the row's content; None when it is to be read."""
    if row["failed_version"] == EXTRACTOR_VERSION and row["failed_code"] not in TRANSIENT:
        return Known(row["status"], quarantined=True)
    current = (row["extractor_version"], row["rules_version"]) == (EXTRACTOR_VERSION, rules)
    return Known(row["status"], quarantined=False) if row["status"] != "failed" and current else None


def _contents_by_size(snapshot: Snapshot, sizes: set[int], rules: str) -> dict[int, dict[str, Known]]:
    by_size: defaultdict[int, dict[str, Known]] = defaultdict(dict)
    for row in _rows(snapshot, "size_bytes", pa.array(sizes, pa.int64())):
        known = _known(row, rules)
        if known is not None and row["document_id"] is not None:
            by_size[row["size_bytes"]][row["document_id"]] = known
    return dict(by_size)

"""Whether the files of a dataset still are what was written (完整性).

Disks flip bits, and a Parquet file with a flipped bit often reads as other numbers. So each part has its SHA-256 in
the manifest and checksums in its pages, and the manifest has a SHA-256 of itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.dataset.part_files import Segment

_OWN_DIGEST = "sha256"
_PREFIX = "part-"


@dataclass(frozen=True, slots=True)
class Damage:
    """A segment of which some tables are not what was written (损坏的数据段)."""

    segment: Segment
    tables: tuple[str, ...]

    def __str__(self) -> str:
        return "、".join(str(self.segment.path(table)) for table in self.tables)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def damage_of(segment: Segment) -> Damage | None:
    """What of `segment` is damaged or missing; parts of old manifests without digests are only read."""
    tables = tuple(table for table in segment.rows if not _is_sound(segment, table))
    return Damage(segment, tables) if tables else None


def _is_sound(segment: Segment, table: str) -> bool:
    path = segment.path(table)
    try:
        known = segment.digests.get(table)
        return digest_of(path) == known if known is not None else is_readable(path)
    except OSError:
        return False


def is_readable(path: Path) -> bool:
    """Whether every page of a Parquet file can be read and agrees with its checksum, where it has one."""
    try:
        file = pq.ParquetFile(path, page_checksum_verification=True)
        for group in range(file.num_row_groups):
            file.read_row_group(group, use_threads=False)
    except (OSError, pa.ArrowException):
        return False
    return True


def signed(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """The manifest with its own digest."""
    return {**manifest, _OWN_DIGEST: _digest(manifest)}


def checked(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest, if it is as it was signed; those of earlier versions are not. Raises ValueError."""
    told = manifest.pop(_OWN_DIGEST, None)
    if told is not None and told != _digest(manifest):
        raise ValueError("校验和不符")
    return manifest


def _digest(manifest: Mapping[str, Any]) -> str:
    plain = json.dumps(manifest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()


def segments_in(folder: Path, tables: Sequence[str]) -> list[Segment]:
    """The segments whose parts lie in a snapshot without a manifest; what cannot be read counts as damaged."""
    names = sorted({path.stem.removeprefix(_PREFIX) for table in tables for path in (folder / table).glob("*.parquet")})
    return [segment for segment in (_segment_of(folder, name, tables) for name in names) if segment.total]


def _segment_of(folder: Path, name: str, tables: Sequence[str]) -> Segment:
    bare = Segment(folder, name)
    rows: dict[str, int] = {}
    digests: dict[str, str] = {}
    for table in tables:
        path = bare.path(table)
        if not path.exists():
            continue
        if is_readable(path):
            rows[table], digests[table] = pq.read_metadata(path).num_rows, digest_of(path)
        else:
            rows[table], digests[table] = 1, ""  # no file has this digest
    return Segment(folder, name, {table: count for table, count in rows.items() if count}, digests)

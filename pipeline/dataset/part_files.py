"""Part files: how rows become Parquet, and how few and well sized the files stay (数据文件).

A segment is one part file per table, `<root>/<table>/part-<name>.parquet`, holding every row of a set of documents.
Files are never changed once written. Small segments are merged as they gather, four of a size into one, until a
segment is full; so a night's few rows rewrite few others, and a thousand nights leave a handful of files.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dataset.row_changes import Edit, Rewrite
from schemas.tables import TABLES, arrow_schema

FULL_ROWS = 200_000
"""Rows of all tables together from which on a segment is not merged any more."""

STILL_FULL = 0.75
"""A segment that was full and has lost less than a quarter since is not merged either: of four such would come one that
is four times as dear to rewrite whenever one of its documents changes."""

FAN = 4
"""So many segments of a size become one."""

SMALLEST_TIER_ROWS = 1_000

ROW_GROUP_ROWS = 32_768

SORT_KEYS: dict[str, tuple[str, ...]] = {
    "documents": ("source_uri",),
    "evaluations": ("document_id", "ordinal"),
    "funding": ("fiscal_year", "unit_name", "evaluation_id", "ordinal"),
    "indicators": ("fiscal_year", "unit_name", "evaluation_id", "ordinal"),
    "amounts": ("fiscal_year", "document_id", "ordinal"),
    "sections": ("document_id", "ordinal"),
    "checks": ("outcome", "severity", "document_id", "check_id"),
    "problems": ("document_id", "ordinal"),
}

OF_THE_ADDRESS = (
    "source_uri",
    "file_name",
    "ingested_at",
    "duplicate_of",
    "modified_at",
    "missing_since",
    "source_name",
    "found_on",
    "link_text",
    "first_seen_at",
    "local_path",
)
"""Columns of `documents` that belong to the address; the others belong to the reading of its content."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part file per table under `root`; `rows` counts them, tables without rows have no file (数据段).

    `digests` are the SHA-256 of the files as they were written; one that is still being made has none.
    """

    root: Path
    name: str
    rows: dict[str, int] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.rows.values())

    def path(self, table: str) -> Path:
        return part_path(self.root, table, self.name)


@dataclass(frozen=True, slots=True)
class Unit:
    """A segment with what is to change in it (待写单元)."""

    segment: Segment
    edit: Edit | None
    staged: bool = False
    additions: pa.Table | None = None


def part_path(root: Path, table: str, name: str) -> Path:
    return root / table / f"part-{name}.parquet"


@cache
def schema_fingerprint() -> str:
    """Changes when a column or its type does: then parts written before are rewritten."""
    return json.dumps({table: str(arrow_schema(table).remove_metadata()) for table in TABLES}, sort_keys=True)


def read_part(segment: Segment, table: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of one part in today's schema: columns that did not exist when it was written are null."""
    schema = arrow_schema(table)
    if columns is not None:
        schema = pa.schema([schema.field(name) for name in columns])
    if not segment.rows.get(table):
        return schema.empty_table()
    stored = pq.ParquetFile(segment.path(table), page_checksum_verification=True)
    there = set(stored.schema_arrow.names)
    found = stored.read([name for name in schema.names if name in there], use_threads=False)
    arrays = [found.column(f.name).cast(f.type) if f.name in there else pa.nulls(len(found), f.type) for f in schema]
    return pa.table(arrays, schema=schema)


def plan_merges(units: Sequence[Unit]) -> list[list[Unit]]:
    """Groups of units that become one segment each; a group of one unit may stay as it is."""
    groups = _pack([unit for unit in units if unit.staged])
    groups += [[unit] for unit in units if not unit.staged]
    while True:
        tiers: dict[int, list[list[Unit]]] = {}
        for group in groups:
            rows = _rows(group)
            if rows < FULL_ROWS * STILL_FULL:
                tiers.setdefault(_tier(rows), []).append(group)
        crowded = next((tiers[tier] for tier in sorted(tiers) if len(tiers[tier]) >= FAN), None)
        if crowded is None:
            return groups
        merged = _pack([unit for group in crowded for unit in group])
        groups = [group for group in groups if group not in crowded] + merged


def _pack(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units side by side until a segment is full: a long run leaves full segments, and none becomes much more."""
    groups: list[list[Unit]] = []
    for unit in units:
        if not groups or _rows(groups[-1]) >= FULL_ROWS:
            groups.append([])
        groups[-1].append(unit)
    return groups


def _rows(group: Iterable[Unit]) -> int:
    return sum(unit.segment.total for unit in group)


def _tier(rows: int) -> int:
    tier, bound = 0, SMALLEST_TIER_ROWS
    while rows >= bound:
        tier, bound = tier + 1, bound * FAN
    return tier


def write_segment(root: Path, name: str, group: Sequence[Unit], *, upgrade: bool) -> Segment:
    """The rows of `group` with their edits as one new segment under `root`, table by table."""
    dropped = [_dropped_evaluations(unit) for unit in group]
    rows: dict[str, int] = {}
    for table in TABLES:
        target = part_path(root, table, name)
        if not upgrade and len(group) == 1 and not group[0].staged and not _touches(group[0], table):
            count = group[0].segment.rows.get(table, 0)
            if count:
                link(group[0].segment.path(table), target)
        else:
            parts = [_edited(unit, table, gone) for unit, gone in zip(group, dropped, strict=True)]
            count = write_table(target, table, pa.concat_tables(parts))
        if count:
            rows[table] = count
    return Segment(root, name, rows)


def _touches(unit: Unit, table: str) -> bool:
    return unit.edit is not None and (table == "documents" or bool(unit.edit.drop_content))


def _dropped_evaluations(unit: Unit) -> pa.Array:
    if unit.edit is None or not unit.edit.drop_content:
        return pa.array([], pa.string())
    evaluations = read_part(unit.segment, "evaluations", ["evaluation_id", "document_id"])
    mask = pc.is_in(evaluations["document_id"], _strings(unit.edit.drop_content))
    return evaluations.filter(mask)["evaluation_id"].combine_chunks()


def _edited(unit: Unit, table: str, dropped_evaluations: pa.Array) -> pa.Table:
    rows = read_part(unit.segment, table)
    if unit.edit is None:
        return rows
    if table == "documents":
        rows = _without(rows, "source_uri", _strings(unit.edit.drop_uris))
        return rows if unit.additions is None else pa.concat_tables([rows, unit.additions])
    if "document_id" in rows.schema.names:
        return _without(rows, "document_id", _strings(unit.edit.drop_content))
    return _without(rows, "evaluation_id", dropped_evaluations)


def _without(rows: pa.Table, column: str, values: pa.Array) -> pa.Table:
    return rows if not len(values) else rows.filter(pc.invert(pc.is_in(rows[column], values)))


def _strings(values: Iterable[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def rewritten(rewrites: Sequence[Rewrite], segments: Sequence[Segment]) -> pa.Table | None:
    """The document rows of `rewrites` as they are to be written, read from the segments they stand in now."""
    if not rewrites:
        return None
    wanted: dict[int, set[str]] = {}
    for each in rewrites:
        for seen in (each.row, each.reading):
            if seen is not None:
                wanted.setdefault(seen.unit, set()).add(seen.uri)
    rows = {(unit, row["source_uri"]): row for unit, uris in wanted.items() for row in _documents(segments[unit], uris)}
    written = []
    for each in rewrites:
        row = dict(rows[each.row.unit, each.row.uri])
        if each.reading is not None:
            reading = rows[each.reading.unit, each.reading.uri]
            row.update({key: value for key, value in reading.items() if key not in OF_THE_ADDRESS})
        written.append(row | {"duplicate_of": each.duplicate_of} | dict(each.changes))
    return pa.Table.from_pylist(written, schema=arrow_schema("documents"))


def _documents(segment: Segment, uris: set[str]) -> list[dict[str, Any]]:
    documents = read_part(segment, "documents")
    found: list[dict[str, Any]] = documents.filter(pc.is_in(documents["source_uri"], _strings(uris))).to_pylist()
    return found


def write_table(target: Path, table: str, rows: pa.Table) -> int:
    """Write `rows` sorted for the usual filters and put them on the disk for good; nothing is written for no rows.

    They are put in order a row group at a time: a full segment need not be in memory twice.
    """
    if not len(rows):
        return 0
    keys = [(key, "ascending") for key in SORT_KEYS[table]]
    order = pc.sort_indices(rows, sort_keys=keys)
    groups = (rows.take(order.slice(at, ROW_GROUP_ROWS)) for at in range(0, len(rows), ROW_GROUP_ROWS))
    write_parquet(target, rows.schema, groups, sorting=pq.SortingColumn.from_ordering(rows.schema, keys))
    return len(rows)


def write_parquet(target: Path, schema: pa.Schema, row_groups: Iterable[pa.Table], *, sorting: Any = None) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(
        target, schema, compression="zstd", sorting_columns=sorting, write_page_checksum=True
    ) as writer:
        for rows in row_groups:
            writer.write_table(rows)
    sync(target)


def link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
        sync(target)


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

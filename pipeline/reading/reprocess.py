"""Reading again what an older version read, and what that changed in the dataset (重读与差异)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.dataset.store import Dataset
from pipeline.sourcing.local_files import bytes_at
from schemas.errors import ConfigError
from schemas.tables import TABLES

SHOWN = 20
_ROWS_AT_A_TIME = 5_000

KEYS: dict[str, tuple[str, ...]] = {
    "documents": ("source_uri",),
    "evaluations": ("evaluation_id",),
    "funding": ("evaluation_id", "ordinal"),
    "indicators": ("evaluation_id", "ordinal"),
    "amounts": ("document_id", "ordinal"),
    "sections": ("document_id", "ordinal"),
    "checks": ("check_id",),
    "problems": ("document_id", "ordinal"),
}
"""What makes a row of a table the same row in another state of the dataset."""

OF_THE_RUN = frozenset({"extractor_version", "ingested_at", "modified_at", "rules_version"})
"""Columns that say when and by what a row was made: a row that differs in nothing else is not changed."""


@dataclass(frozen=True, slots=True)
class Outdated:
    """What an older version read (旧版本读取的内容): addresses to read, one for each content, and those now empty."""

    files: tuple[str, ...]
    gone: tuple[str, ...]
    contents: frozenset[str]


@dataclass(frozen=True, slots=True)
class TableChange:
    """How many rows of a table came, went, and say something else (一个表的变化)."""

    added: int
    removed: int
    changed: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What lies between two states of the dataset (差异): by table, and the evaluations concerned with their source."""

    tables: dict[str, TableChange]
    evaluations: dict[str, str]


def outdated(dataset: Dataset, bound: str, output: Path) -> Outdated:
    """What a version older than `bound` read into the dataset at `output`.

    Raises ConfigError when `bound` is no version.
    """
    limit = _order(bound)
    if not limit[0]:
        raise ConfigError(
            f"--older-than 的取值 {bound} 不是版本号；应如 0.2.0，现有版本见 documents 表的 extractor_version。"
        )
    rows = dataset.read("documents", ["source_uri", "document_id", "extractor_version", "missing_since", "local_path"])
    files: dict[str, str] = {}
    gone: list[str] = []
    contents: set[str] = set()
    for row in rows.to_pylist():
        if not _older(_order(row["extractor_version"]), limit):
            continue
        uri, content = row["source_uri"], row["document_id"]
        contents.update([content] if content else [])
        if row["missing_since"] is None and os.path.isfile(bytes_at(uri, row["local_path"], output)):
            files.setdefault(content or uri, uri)
        else:
            gone.append(uri)
    return Outdated(tuple(files.values()), tuple(gone), frozenset(contents))


def _order(version: str) -> tuple[tuple[int, ...], str]:
    """A version as its numbers and, where it names them, the words it read with."""
    numbers, _, words = version.partition("+")
    parts = re.fullmatch(r"\d+(\.\d+)*", numbers)
    return tuple(map(int, numbers.split("."))) if parts else (), words


def _older(version: tuple[tuple[int, ...], str], bound: tuple[tuple[int, ...], str]) -> bool:
    """Words have no order: with the same numbers, other words than the bound names count as older."""
    return version[0] < bound[0] or (version[0] == bound[0] and bound[1] not in ("", version[1]))


def compare(before: Dataset, after: Dataset, contents: Iterable[str], files: Iterable[str]) -> Difference:
    """What changed between two states in the rows of `contents`, and of what `files` hold now."""
    rows = after.read("documents", ["source_uri", "document_id"])
    now = rows.filter(pc.is_in(rows["source_uri"], _strings(files)))["document_id"].drop_null().to_pylist()
    documents = _strings({*contents, *now})
    tables: dict[str, TableChange] = {}
    concerned: set[str] = set()
    for table in TABLES:
        was, is_now = (dict(_digests(dataset, table, documents)) for dataset in (before, after))
        added, removed = is_now.keys() - was.keys(), was.keys() - is_now.keys()
        changed = {key for key in is_now.keys() & was.keys() if is_now[key] != was[key]}
        tables[table] = TableChange(len(added), len(removed), len(changed))
        concerned |= {
            evaluation
            for state, keys in ((is_now, added | changed), (was, removed))
            for key in keys
            if (evaluation := state[key][1]) is not None
        }
    return Difference(tables, _sources(concerned, before, after))


def _digests(dataset: Dataset, table: str, documents: pa.Array) -> Iterator[tuple[tuple[Any, ...], tuple[int, Any]]]:
    """Each row's key with a digest of what it says and its evaluation."""
    rows = dataset.read(table)
    if "document_id" in rows.column_names:
        rows = rows.filter(pc.is_in(rows["document_id"], documents))
    else:
        owners = dataset.read("evaluations", ["evaluation_id", "document_id"])
        owners = owners.filter(pc.is_in(owners["document_id"], documents))
        rows = rows.filter(pc.is_in(rows["evaluation_id"], owners["evaluation_id"].combine_chunks()))
    rows = rows.drop_columns([name for name in rows.column_names if name in OF_THE_RUN])
    for batch in rows.to_batches(max_chunksize=_ROWS_AT_A_TIME):
        for row in batch.to_pylist():
            yield tuple(row[name] for name in KEYS[table]), (hash(repr(sorted(row.items()))), row.get("evaluation_id"))


def _sources(evaluations: set[str], *datasets: Dataset) -> dict[str, str]:
    found: dict[str, str] = {}
    for dataset in datasets:
        rows = dataset.read("evaluations", ["evaluation_id", "document_id"])
        rows = rows.filter(pc.is_in(rows["evaluation_id"], _strings(evaluations)))
        documents = dataset.read("documents", ["document_id", "source_uri", "duplicate_of"])
        owners = documents.filter(pc.is_null(documents["duplicate_of"])).to_pydict()
        uris = dict(zip(owners["document_id"], owners["source_uri"], strict=True))
        found |= {row["evaluation_id"]: uris[row["document_id"]] for row in rows.to_pylist()}
    return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0])))


def _strings(values: Iterable[str]) -> pa.Array:
    return pa.array(sorted(values), pa.string())


def to_json(difference: Difference, gone: Sequence[str]) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "tables": {
            table: {"added": each.added, "removed": each.removed, "changed": each.changed}
            for table, each in difference.tables.items()
        },
        "evaluations": [{"evaluation_id": key, "source_uri": uri} for key, uri in difference.evaluations.items()],
        "source_gone": list(gone),
    }


def as_text(difference: Difference, gone: Sequence[str]) -> str:
    """The difference for a person (差异)."""
    return "\n".join(_lines(difference, gone))


def _lines(difference: Difference, gone: Sequence[str]) -> Iterator[str]:
    moved = {table: each for table, each in difference.tables.items() if each.added or each.removed or each.changed}
    yield "数据集的变化：" if moved else "数据集的内容没有变化。"
    for table, each in moved.items():
        yield f"  {table}：新增 {each.added} 行，减少 {each.removed} 行，改动 {each.changed} 行"
    if difference.evaluations:
        yield f"涉及自评 {len(difference.evaluations)} 份："
        yield from _first([f"  {key}（{uri}）" for key, uri in difference.evaluations.items()])
    if gone:
        yield f"来源已不在、保留原有结果的文件 {len(gone)} 个："
        yield from _first([f"  {uri}" for uri in gone])


def _first(lines: list[str]) -> Iterator[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  ……另有 {len(lines) - SHOWN} 个，见 --json"

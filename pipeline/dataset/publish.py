"""The dataset where other machines read it: a folder or object storage (发布).

    DEST/parts/<table>/<SHA-256>.parquet   each part once, under the name of its content
    DEST/states/<number>-<time>.json       what one state consists of
    DEST/current.json                      the same of the state that counts, written last

A reader of `current.json` has a whole state, whatever is published meanwhile: parts are never changed. What the last
states do not name is removed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Protocol

from pipeline.dataset.integrity import damage_of, digest_of
from pipeline.dataset.output_folder import EMPTY_PART, Store
from pipeline.dataset.part_files import part_path, schema_fingerprint
from pipeline.dataset.store import Snapshot
from pipeline.sourcing.s3 import connect
from schemas.errors import StoreError
from schemas.tables import TABLES

POINTER = "current.json"
STATES_KEPT = 30
_S3 = "s3://"
_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict")
_CLIENT = {"connect_timeout": 10, "read_timeout": 120, "retries": {"max_attempts": 5, "mode": "standard"}}


class Destination(Protocol):
    """Where a dataset is published to; names have forward slashes (发布地)."""

    address: str

    def names(self, folder: str) -> list[str]:
        """The names of everything below `folder`."""

    def put(self, name: str, source: Path) -> None:
        """Copy a file there, whole or not at all."""

    def read(self, name: str) -> tuple[bytes, str] | None:
        """A small file and the mark of its state; None where there is none."""

    def write(self, name: str, body: bytes) -> None:
        """Write a small file."""

    def replace(self, name: str, body: bytes, mark: str | None) -> bool:
        """Write a small file if it still is in the state `mark` (None: absent); whether it was."""

    def remove(self, name: str) -> None:
        """Remove a file."""


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did (发布结果)."""

    number: int
    parts: int
    sent: int
    pointer: str


def publish(output: Path, destination: str, endpoint: str | None = None) -> Published:
    """Bring the current state of the dataset at `output` to `destination`, a folder or `s3://bucket/prefix`.

    Raises StoreError: no dataset, a damaged part, a place that cannot be written, or a newer state already there.
    """
    snapshot = Store(output).current()
    if snapshot is None:
        raise StoreError(f"{output} 中还没有数据集；请先运行 ziping ingest。")
    try:
        place = _place(destination, endpoint)
        return _publish(snapshot, place)
    except OSError as error:
        raise StoreError(
            f"无法写入发布地 {destination}（{error}）；请检查地址、网络和权限，原有内容未改动。"
        ) from error


def _publish(snapshot: Snapshot, place: Destination) -> Published:
    before = place.read(POINTER)
    told = json.loads(before[0]) if before is not None else {}
    if told.get("number", 0) > snapshot.number:
        raise StoreError(
            f"{place.address} 已有更新的第 {told['number']} 版，本机是第 {snapshot.number} 版，未发布；请核对输出目录。"
        )
    parts = list(_parts(snapshot))
    there = set(place.names("parts"))
    new = [(name, path) for name, path in parts if name not in there]
    for name, path in new:
        place.put(name, path)
    state = _state(snapshot, place.address, [name for name, _ in parts])
    body = json.dumps(state, ensure_ascii=False, indent=1).encode("utf-8")
    place.write(f"states/{snapshot.number:06d}-{snapshot.created_at:%Y%m%dT%H%M%S}.json", body)
    if not place.replace(POINTER, body, before[1] if before is not None else None):
        raise StoreError(f"{place.address} 刚被另一处发布改动，本次未生效；请重新运行 ziping publish。")
    _clean(place)
    return Published(snapshot.number, len(parts), len(new), f"{place.address}/{POINTER}")


def _parts(snapshot: Snapshot) -> Iterator[tuple[str, Path]]:
    """The name by its content and the file of every part. Raises StoreError where one is damaged."""
    damaged = [damage for segment in snapshot.segments if (damage := damage_of(segment)) is not None]
    if damaged:
        raise StoreError(f"数据文件已损坏，未发布：{damaged[0]}；请先运行 ziping nightly 或 ingest，由原件重建。")
    for table in TABLES:
        paths = [segment.path(table) for segment in snapshot.segments if segment.rows.get(table)]
        digests = [segment.digests.get(table) for segment in snapshot.segments if segment.rows.get(table)]
        if not paths:
            paths, digests = [part_path(snapshot.path, table, EMPTY_PART)], [None]
        for path, digest in zip(paths, digests, strict=True):
            yield f"parts/{table}/{digest or digest_of(path)}.parquet", path


def _state(snapshot: Snapshot, address: str, names: list[str]) -> dict[str, Any]:
    by_table = {table: [name for name in names if name.startswith(f"parts/{table}/")] for table in TABLES}
    return {
        "number": snapshot.number,
        "created_at": snapshot.created_at.isoformat(),
        "schema": schema_fingerprint(),
        "rows": {table: snapshot.count(table) for table in TABLES},
        "parts": by_table,
        "files": {table: [f"{address}/{name}" for name in found] for table, found in by_table.items()},
    }


def _clean(place: Destination) -> None:
    """Remove the oldest states and the parts that none of the others names."""
    states = sorted(place.names("states"))
    kept: set[str] = set()
    for name in states[-STATES_KEPT:]:
        found = place.read(name)
        if found is None:
            return
        kept.update(part for parts in json.loads(found[0])["parts"].values() for part in parts)
    if len(states) > STATES_KEPT:
        for name in set(place.names("parts")) - kept:
            place.remove(name)
        for name in states[:-STATES_KEPT]:
            place.remove(name)


def _place(destination: str, endpoint: str | None) -> Destination:
    if destination.startswith(_S3):
        return _Bucket(destination, endpoint)
    if "://" in destination:
        raise StoreError(f"不能发布到 {destination}；可用文件夹，或 s3://桶名/前缀。")
    return _Folder(Path(destination))


class _Folder:
    """A folder, local or mounted."""

    def __init__(self, root: Path) -> None:
        self._root = root.absolute()
        self.address = self._root.as_posix()

    def names(self, folder: str) -> list[str]:
        files = (path for path in (self._root / folder).rglob("*.*") if path.is_file() and path.suffix != ".part")
        return [path.relative_to(self._root).as_posix() for path in files]

    def put(self, name: str, source: Path) -> None:
        self._write(name, source.read_bytes())

    def read(self, name: str) -> tuple[bytes, str] | None:
        try:
            body = (self._root / name).read_bytes()
        except FileNotFoundError:
            return None
        return body, hashlib.sha256(body).hexdigest()

    def write(self, name: str, body: bytes) -> None:
        self._write(name, body)

    def replace(self, name: str, body: bytes, mark: str | None) -> bool:
        now = self.read(name)
        if (now[1] if now is not None else None) != mark:
            return False
        self._write(name, body)
        return True

    def remove(self, name: str) -> None:
        (self._root / name).unlink(missing_ok=True)

    def _write(self, name: str, body: bytes) -> None:
        target = self._root / name
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{token_hex(4)}.part")
        with partial.open("wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)


class _Bucket:
    """A bucket or a part of it, in storage that speaks S3; the pointer is put only over the state it was read in."""

    def __init__(self, url: str, endpoint: str | None) -> None:
        self.address = url.rstrip("/")
        self._storage, self._failures = connect(endpoint, "发布到对象存储", _CLIENT)

    def names(self, folder: str) -> list[str]:
        root = self.address.removeprefix(_S3) + "/"
        return [key.removeprefix(root) for key in self._tried(self._storage.find, f"{self.address}/{folder}")]

    def put(self, name: str, source: Path) -> None:
        self._tried(self._storage.put_file, str(source), f"{self.address}/{name}")

    def read(self, name: str) -> tuple[bytes, str] | None:
        address = f"{self.address}/{name}"
        if not self._tried(self._storage.exists, address):
            return None
        # the mark first: what is put over it later is put only if nobody came between
        mark = str(self._tried(self._storage.info, address, refresh=True)["ETag"])
        return bytes(self._tried(self._storage.cat_file, address)), mark

    def write(self, name: str, body: bytes) -> None:
        self._tried(self._storage.pipe_file, f"{self.address}/{name}", body)

    def replace(self, name: str, body: bytes, mark: str | None) -> bool:
        condition = {"IfNoneMatch": "*"} if mark is None else {"IfMatch": mark}
        bucket, _, key = f"{self.address}/{name}".removeprefix(_S3).partition("/")
        try:
            self._storage.call_s3("put_object", Bucket=bucket, Key=key, Body=body, **condition)
        except self._failures as error:
            if any(code in f"{error} {error.__cause__}" for code in _REFUSED):
                return False
            raise OSError(str(error)) from error
        return True

    def remove(self, name: str) -> None:
        self._tried(self._storage.rm_file, f"{self.address}/{name}")

    def _tried(self, call: Callable[..., Any], *given: Any, **named: Any) -> Any:
        try:
            return call(*given, **named)
        except self._failures as error:
            raise OSError(str(error) or type(error).__name__) from error

"""What machines that read together pass to each other: a shared folder or object storage (交换区).

    <exchange>/<run>/parcels/000001.zip     the files of a batch, with what is to be known of them
    <exchange>/<run>/open/000001            the parcel is whole and waits for a reader
    <exchange>/<run>/claims/000001.<reader> that reader is at it
    <exchange>/<run>/beats/<reader>         changes as long as the reader lives
    <exchange>/<run>/results/…zip, done/000001   its rows, staged; the latter names the former
    <exchange>/<run>/closed                 nothing more will come

Nothing here has to be exclusive: what a batch gives does not depend on who reads it, so a parcel read twice costs time
and nothing else, and storage that can only put, get and list is enough.
"""

from __future__ import annotations

import importlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.sourcing.s3 import connect
from schemas.errors import ConfigError, StoreError

BEATS_IN_PATIENCE = 6
"""A reader shows so many signs of life in the time after which it is given up."""

MOST_CLAIMS = 3
"""After so many readers were lost over a parcel, the run itself has to read it."""

_CLIENT = {"connect_timeout": 10, "read_timeout": 120, "retries": {"max_attempts": 5, "mode": "standard"}}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a run and its readers meet (交换区的地址).

    `patience` are seconds without a sign of life; `version` is the extractor's: rows of two versions must not mix.
    """

    url: str
    run: str
    endpoint: str | None
    patience: float
    version: str


@dataclass(frozen=True, slots=True)
class ExchangeView:
    """What lies in the exchange at one moment: parcels that wait, who claims them, what is done (一览)."""

    open: tuple[int, ...]
    claims: Mapping[int, tuple[str, ...]]
    done: tuple[int, ...]
    beats: Mapping[str, object]
    closed: bool


@dataclass(slots=True)
class Pulse:
    """Who is alive, by this machine's own clock: clocks of machines and storage need not agree (存活)."""

    patience: float
    _seen: dict[str, tuple[object, float]] = field(default_factory=dict)

    def alive(self, reader: str, view: ExchangeView) -> bool:
        """Whether `reader` gave a sign of life lately; one never seen before gets its time."""
        beat = view.beats.get(reader)
        now = time.monotonic()
        before = self._seen.get(reader)
        if before is None or before[0] != beat:
            self._seen[reader] = (beat, now)
            return True
        return now - before[1] < self.patience

    def claimed(self, number: int, view: ExchangeView) -> bool:
        """Whether a living reader is at the parcel."""
        return any(self.alive(reader, view) for reader in view.claims.get(number, ()))


class Exchange:
    """One run's part of the exchange (一次运行的交换区). Its methods raise StoreError."""

    def __init__(self, address: Address) -> None:
        self._files, self._failures = _storage(address)
        self._root = f"{address.url.removeprefix('s3://').rstrip('/')}/{address.run}"
        self._local = "://" not in address.url
        self.address = address

    def view(self) -> ExchangeView:
        with self._explained():
            found = self._files.find(self._root, detail=True)
        names: dict[str, dict[str, Any]] = {}
        for path, info in found.items():
            kind, _, name = path.rpartition(self._root + "/")[2].partition("/")
            names.setdefault(kind, {})[name] = info
        claims: dict[int, tuple[str, ...]] = {}
        for name in names.get("claims", {}):
            number, _, reader = name.partition(".")
            claims[int(number)] = (*claims.get(int(number), ()), reader)
        return ExchangeView(
            open=tuple(sorted(int(name) for name in names.get("open", {}))),
            claims=claims,
            done=tuple(sorted(int(name) for name in names.get("done", {}))),
            beats={name: _mark(info) for name, info in names.get("beats", {}).items()},
            closed="closed" in names,
        )

    def post(self, number: int, parcel: Path) -> None:
        """Offer a parcel to the readers."""
        self._upload(parcel, f"parcels/{number:06d}.zip")
        self._write(f"open/{number:06d}", "")

    def claim(self, number: int, reader: str) -> None:
        self._write(f"claims/{number:06d}.{reader}", "")

    def fetch(self, number: int, target: Path) -> bool:
        """The parcel to `target`; False when it was finished meanwhile."""
        return self._download(f"parcels/{number:06d}.zip", target)

    def deliver(self, number: int, reader: str, result: Path) -> None:
        """Hand over what reading the parcel gave."""
        name = f"{number:06d}.{reader}.zip"
        self._upload(result, f"results/{name}")
        self._write(f"done/{number:06d}", name)

    def take(self, number: int, target: Path) -> None:
        """The result of a parcel to `target`, and everything about the parcel out of the exchange."""
        with self._explained():
            name = self._files.cat_file(self._path(f"done/{number:06d}")).decode()
        if not self._download(f"results/{name}", target):
            raise StoreError(f"交换区 {self._root} 中的结果 {name} 不见了；请检查是否有其他程序在清理该处。")
        self.forget(number)

    def forget(self, number: int) -> None:
        """Take a parcel out of the exchange."""
        for kind in ("open", "done", "parcels", "results", "claims"):
            with self._explained():
                for path in self._files.glob(self._path(f"{kind}/{number:06d}*")):
                    self._remove(path)

    def beat(self, reader: str, count: int) -> None:
        self._write(f"beats/{reader}", str(count))

    def close(self) -> None:
        """Say that nothing more will come."""
        self._write("closed", "")

    def clear(self) -> None:
        """Remove the run from the exchange; readers that still look find it closed or gone."""
        with suppress(*self._failures):
            self._files.rm(self._root, recursive=True)

    def _remove(self, path: str) -> None:
        with suppress(FileNotFoundError):
            self._files.rm_file(path)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _write(self, name: str, text: str) -> None:
        with self._explained():
            self._folder(name)
            self._files.pipe_file(self._path(name), text.encode())

    def _upload(self, source: Path, name: str) -> None:
        with self._explained():
            self._folder(name)
            self._files.put_file(str(source), self._path(name))

    def _download(self, name: str, target: Path) -> bool:
        with self._explained():
            try:
                self._files.get_file(self._path(name), str(target))
            except FileNotFoundError:
                return False
        return True

    def _folder(self, name: str) -> None:
        if self._local:
            self._files.makedirs(self._path(name).rpartition("/")[0], exist_ok=True)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            reason = str(error) or type(error).__name__
            raise StoreError(
                f"交换区 {self._root} 无法读写（{reason}）；请检查 [scale] 的 exchange 和权限。"
            ) from error


def _storage(address: Address) -> tuple[Any, tuple[type[Exception], ...]]:
    """The storage, and the exceptions that mean it could not be reached or refused."""
    if address.url.startswith("s3://"):
        return connect(address.endpoint, "[scale] ", _CLIENT)
    if "://" in address.url:
        raise ConfigError(f"[scale] 的 exchange“{address.url}”应为文件夹或 s3:// 开头的地址。")
    try:
        return importlib.import_module("fsspec").filesystem("file"), (OSError,)
    except ImportError as error:
        raise ConfigError("[scale] 需要 fsspec；请运行 pip install 'zipingbiao[s3]'。") from error


def _mark(info: Mapping[str, Any]) -> object:
    """What differs after a file was written again."""
    return info.get("ETag") or (info.get("mtime"), info.get("size"))


@contextmanager
def beating(exchange: Exchange, reader: str) -> Iterator[None]:
    """Give signs of life as long as the block runs; the storage failing now and then is no death."""
    over = threading.Event()

    def beat() -> None:
        count = 0
        while not over.is_set():
            count += 1
            with suppress(StoreError):
                exchange.beat(reader, count)
            over.wait(exchange.address.patience / BEATS_IN_PATIENCE)

    exchange.beat(reader, 0)
    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()

"""Batches read by several machines (多机读取): one run hands out and commits, any number of readers read.

Readers come and go: what a lost one was at is read by another, and what nobody reads the run reads itself. The result
is that of one machine, for a batch gives the same rows wherever it is read, and one process commits them.
"""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from pipeline.night.settings import Scale
from pipeline.reading.ingest import Batch, BatchResult, read_batch
from pipeline.reading.workers import stop_workers
from pipeline.several_machines.exchange import MOST_CLAIMS, Address, Exchange, ExchangeView, Pulse, beating
from pipeline.several_machines.parcels import pack, pack_result, take_result, unpacked
from schemas.errors import StoreError
from schemas.version import EXTRACTOR_VERSION

POLL_SECONDS = 0.5
PARCELS_PER_READER = 3
"""Parcels offered ahead for each reader: enough to keep it busy, few enough to bound what lies in the exchange."""

LEFT_NUMBER = 500_000
"""From here on are numbered the batches of files that could not be packed."""

Place = Callable[[Address, int], AbstractContextManager[None]]
"""Starts so many readers at an address, wherever they run, and sees to their end."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class ReaderAtWork:
    """One reader at work (读取端): its name in the exchange, and where it unpacks."""

    name: str
    exchange: Exchange
    pulse: Pulse
    folder: Path

    def read(self, number: int) -> int:
        """Read one parcel and deliver what it gave; returns how many files, 0 if somebody else had finished."""
        self.exchange.claim(number, self.name)
        with tempfile.TemporaryDirectory(dir=self.folder) as place:
            folder = Path(place)
            parcel = folder / "parcel.zip"
            if not self.exchange.fetch(number, parcel):
                return 0
            result = read_batch(unpacked(parcel, folder), _nothing)
            packed = folder / "result.zip"
            pack_result(result, packed)
            self.exchange.deliver(number, self.name, packed)
        return result.tally.by_status.total()

    def free(self, view: ExchangeView) -> int | None:
        """The first parcel no living reader is at."""
        waiting = (number for number in view.open if number not in view.done)
        return next((number for number in waiting if not self.pulse.claimed(number, view)), None)


def read_shared(address: Address, say: Say) -> int:
    """Read parcels until the run has no more; returns how many files were read. Raises StoreError.

    Started on every machine that helps; each uses the cores it has.
    """
    if address.version != EXTRACTOR_VERSION:
        raise StoreError(
            f"本机的程序版本（{EXTRACTOR_VERSION}）与发起运行的机器（{address.version}）不同；请各机安装同一版本。"
        )
    exchange = Exchange(address)
    files = 0
    with tempfile.TemporaryDirectory(prefix="ziping-") as place:
        reader = ReaderAtWork(_name(), exchange, Pulse(address.patience), Path(place))
        try:
            with beating(exchange, reader.name):
                while not _is_over(view := exchange.view()):
                    number = reader.free(view)
                    if number is None or len(view.claims.get(number, ())) >= MOST_CLAIMS:
                        time.sleep(POLL_SECONDS)
                        continue
                    read = reader.read(number)
                    say(f"第 {number} 批：{read} 个文件")
                    files += read
        finally:
            stop_workers()
    return files


def _is_over(view: ExchangeView) -> bool:
    return view.closed and not view.open


def _name() -> str:
    """Different for every reader that ever was."""
    return f"{socket.gethostname().replace('.', '-')}-{os.getpid()}-{token_hex(3)}"


def spread(
    batches: Iterable[Batch], scale: Scale, rules_file: Path | None, place: Place, on_file: Callable[[], None]
) -> Iterator[BatchResult]:
    """Have `batches` read by readers that `place` starts; their results, as they come, in no order. Raises StoreError.

    What readers do not read in time this process reads itself.
    """
    address = Address(scale.exchange, f"run-{token_hex(6)}", scale.endpoint, scale.patience, EXTRACTOR_VERSION)
    exchange = Exchange(address)
    rules = None if rules_file is None else rules_file.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="ziping-") as folder:
        run = _SpreadRun(exchange, Pulse(address.patience), Path(folder), rules, on_file)
        try:
            with place(address, scale.readers):
                yield from run.through(iter(batches), scale.readers * PARCELS_PER_READER)
        finally:
            exchange.clear()


class _SpreadRun:
    """The side that hands out (发起端)."""

    def __init__(
        self, exchange: Exchange, pulse: Pulse, folder: Path, rules: str | None, on_file: Callable[[], None]
    ) -> None:
        self._exchange = exchange
        self._self = ReaderAtWork(_name(), exchange, pulse, folder)
        self._folder = folder
        self._rules = rules
        self._on_file = on_file
        self._out: dict[int, Batch] = {}
        self._left: list[Batch] = []
        self._alone_since = time.monotonic()

    def through(self, batches: Iterator[Batch], ahead: int) -> Iterator[BatchResult]:
        """Hand out, take back, until nothing is out."""
        more = True
        while more or self._out:
            while more and len(self._out) < ahead:
                batch = next(batches, None)
                if batch is None:
                    more = False
                    self._exchange.close()
                else:
                    self._post(batch)
            view = self._exchange.view()
            taken = [self._take(number) for number in view.done if number in self._out]
            yield from taken
            if not taken and not self._help(view):
                time.sleep(POLL_SECONDS)
        for number, batch in enumerate(self._left, LEFT_NUMBER):
            yield read_batch(replace(batch, number=number), self._on_file)

    def _post(self, batch: Batch) -> None:
        parcel = self._folder / "parcel.zip"
        packed = pack(batch, self._rules, parcel)
        if packed.left.files:
            self._left.append(packed.left)
        self._exchange.post(batch.number, parcel)
        self._out[batch.number] = batch

    def _take(self, number: int) -> BatchResult:
        batch = self._out.pop(number)
        packed = self._folder / "result.zip"
        self._exchange.take(number, packed)
        result = take_result(packed, batch.staging, number)
        for _ in range(result.tally.by_status.total()):
            self._on_file()
        return result

    def _help(self, view: ExchangeView) -> bool:
        """Read a parcel here if no reader does: none came, all are gone, or several were lost over it."""
        if any(self._self.pulse.alive(reader, view) for reader in view.beats if reader != self._self.name):
            self._alone_since = time.monotonic()
        alone = time.monotonic() - self._alone_since >= self._exchange.address.patience
        number = self._self.free(view)
        if number is None or not (alone or len(view.claims.get(number, ())) >= MOST_CLAIMS):
            return False
        with beating(self._exchange, self._self.name):
            self._self.read(number)
        return True


def _nothing() -> None:
    """Nobody watches a reader file by file."""

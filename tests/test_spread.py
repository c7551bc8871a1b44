"""Several readers at one run: the rows are those of one machine, whoever is lost on the way."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_ingest import FORM, no_prefect
from test_nightly import CONTRADICTION, UNKNOWN, put

from pipeline.dataset.store import open_dataset
from pipeline.night.settings import Scale
from pipeline.reading import ingest
from pipeline.reading.known_files import OWN_RULES, FirstSeen
from pipeline.reading.one_file import Known
from pipeline.reading.progress import Quiet
from pipeline.reading.run_summary import to_json
from pipeline.reading.workers import Limits
from pipeline.several_machines import parcels
from pipeline.several_machines.exchange import Address, Exchange, ExchangeView, Pulse
from pipeline.several_machines.spread import read_shared, spread
from pipeline.sourcing.local_files import Provenance, Refused, SourceFile, find_files
from schemas.errors import ConfigError, StoreError
from schemas.tables import TABLES
from schemas.version import EXTRACTOR_VERSION

__all__ = ["no_prefect"]

pytestmark = pytest.mark.usefixtures("no_prefect")

OF_THE_RUN = {"ingested_at", "first_seen_at", "failed_since", "local_path"}


def rows(output: Path, *but: str) -> dict[str, list[str]]:
    """Everything the dataset says, without what differs from run to run and the columns `but`."""
    dataset = open_dataset(output)
    return {
        table: sorted(
            repr(sorted((key, value) for key, value in row.items() if key not in OF_THE_RUN.union(but)))
            for row in dataset.read(table).to_pylist()
        )
        for table in TABLES
    }


def told(summary: Any) -> dict[str, Any]:
    """What a summary says, without what differs from run to run."""
    found = to_json(summary)
    for name in ("dataset", "seconds", "last_new_at"):
        del found[name]
    for name in ("failed", "partial"):
        found[name].sort(key=lambda note: note["source_uri"])
    found["new"]["contradictions"].sort(key=lambda each: each["source_uri"])
    return found


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for number in range(120):
        put(folder / f"{number:03d}.txt", FORM.replace("道路养护", f"道路养护{number}"))
    put(folder / "copy of 7.txt", FORM.replace("道路养护", "道路养护7"))
    put(folder / "contradiction.txt", CONTRADICTION)
    put(folder / "unknown.txt", UNKNOWN)
    put(folder / "broken.pdf", b"%PDF-1.7\nbroken")
    put(folder / "empty.txt", b"")
    put(folder / os.fsdecode("自评表.txt".encode("gb18030")), FORM.replace("道路", "隧道"))
    return folder


def run(reports: Path, output: Path, read: ingest.ReadBatches = ingest.read_in_turn, rules: Path | None = None) -> Any:
    options = ingest.Options(output, 2, Limits(), rules)
    return ingest.run(lambda: find_files([str(reports)]), options, Quiet(print), read_batches=read)


def help_out(address: dict[str, Any]) -> None:
    read_shared(Address(**address), print)


class Helpers:
    """Readers in processes of their own, as on other machines."""

    def __init__(self) -> None:
        self.processes: list[Any] = []

    @contextmanager
    def place(self, address: Address, readers: int) -> Iterator[None]:
        context = multiprocessing.get_context("spawn")
        for _ in range(readers):
            self.processes.append(context.Process(target=help_out, args=(asdict(address),)))
            self.processes[-1].start()
        try:
            yield
        finally:
            for process in self.processes:
                process.join(60)


def spreading(exchange: Path, place: Any, rules: Path | None = None, patience: float = 3.0) -> ingest.ReadBatches:
    scale = Scale(exchange.as_posix(), readers=2, pool="x", patience=patience)
    return lambda batches, on_file: spread(batches, scale, rules, place, on_file)


def test_the_rows_are_those_of_one_machine(reports: Path, tmp_path: Path) -> None:
    rules = put(tmp_path / "rules.toml", OWN_RULES.read_text(encoding="utf-8") + "\n# mine\n")
    helpers = Helpers()
    spread_out = run(reports, tmp_path / "many", spreading(tmp_path / "x", helpers.place, rules), rules)
    alone = run(reports, tmp_path / "one", rules=rules)
    assert rows(tmp_path / "many") == rows(tmp_path / "one")
    assert told(spread_out) == told(alone)
    assert [process.exitcode for process in helpers.processes] == [0, 0]
    assert not list((tmp_path / "x").iterdir())


def test_what_a_killed_reader_was_at_is_read_by_others(reports: Path, tmp_path: Path) -> None:
    helpers = Helpers()
    killed: list[int] = []

    def one_is_killed(batches: Iterator[ingest.Batch], on_file: Callable[[], None]) -> Iterator[ingest.BatchResult]:
        results = spreading(tmp_path / "x", helpers.place)(batches, on_file)
        for result in results:
            if not killed:
                claims = [path.name for path in (tmp_path / "x").glob("run-*/claims/*")]
                pids = {process.pid for process in helpers.processes}
                busy = [pid for pid in pids if any(f"-{pid}-" in claim for claim in claims)]
                os.kill((busy or sorted(pids))[0], signal.SIGKILL)
                killed.append(1)
            yield result

    run(reports, tmp_path / "many", one_is_killed)
    run(reports, tmp_path / "one")
    assert killed and rows(tmp_path / "many") == rows(tmp_path / "one")
    assert sorted(process.exitcode for process in helpers.processes) == [-signal.SIGKILL, 0]


@contextmanager
def nobody(address: Address, readers: int) -> Iterator[None]:
    yield


def test_the_run_reads_by_itself_what_nobody_reads(reports: Path, tmp_path: Path) -> None:
    few = tmp_path / "few"
    for name in ("001.txt", "broken.pdf"):
        put(few / name, (reports / name).read_bytes())
    begun = time.monotonic()
    run(few, tmp_path / "many", spreading(tmp_path / "x", nobody, patience=1.0))
    assert time.monotonic() - begun > 1.0
    run(few, tmp_path / "one")
    assert rows(tmp_path / "many") == rows(tmp_path / "one")


def test_files_that_cannot_be_packed_are_read_where_they_are(tmp_path: Path) -> None:
    put(tmp_path / "in" / "a.txt", FORM)
    os.mkfifo(tmp_path / "in" / "pipe.txt")
    done = run(tmp_path / "in", tmp_path / "many", spreading(tmp_path / "x", nobody, patience=0.5))
    assert dict(done.totals.by_status) == {"ok": 1, "failed": 1}
    run(tmp_path / "in", tmp_path / "one")
    assert rows(tmp_path / "many") == rows(tmp_path / "one")


def test_a_run_that_ends_early_leaves_nothing_in_the_exchange(reports: Path, tmp_path: Path) -> None:
    def broken(batches: Iterator[ingest.Batch], on_file: Callable[[], None]) -> Iterator[ingest.BatchResult]:
        for result in spreading(tmp_path / "x", nobody, patience=0.5)(batches, on_file):
            yield result
            raise StoreError("cut")

    with pytest.raises(StoreError, match="cut"):
        run(reports, tmp_path / "many", broken)
    assert not list((tmp_path / "x").iterdir())
    assert not (tmp_path / "many" / "dataset").exists()


def test_another_version_does_not_read(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="请各机安装同一版本"):
        read_shared(Address(str(tmp_path), "run", None, 1.0, "0.0.1+old"), print)


def test_an_exchange_that_is_not_to_be_had_is_said(tmp_path: Path) -> None:
    put(tmp_path / "file", "")
    exchange = Exchange(Address(str(tmp_path / "file"), "run", None, 1.0, EXTRACTOR_VERSION))
    with pytest.raises(StoreError, match=r"交换区 .* 无法读写"):
        exchange.close()
    with pytest.raises(ConfigError, match="s3://"):
        Exchange(Address("ftp://x", "run", None, 1.0, EXTRACTOR_VERSION))


def test_without_s3fs_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ConfigError, match=r"zipingbiao\[s3\]"):
        Exchange(Address("s3://bucket", "run", None, 1.0, EXTRACTOR_VERSION))


def test_a_reader_is_given_up_when_it_stays_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("pipeline.several_machines.exchange.time.monotonic", lambda: now[0])
    pulse = Pulse(patience=10.0)

    def claimed(beat: object) -> bool:
        return pulse.claimed(1, ExchangeView((1,), {1: ("r",)}, (), {"r": beat}, False))

    assert claimed("a")
    now[0] += 9
    assert claimed("a")
    now[0] += 2
    assert not claimed("a")
    assert claimed("b")
    assert not pulse.claimed(2, ExchangeView((1, 2), {1: ("r",)}, (), {}, False))


texts = st.text(max_size=20)


@given(st.lists(st.tuples(texts, st.binary(max_size=50), st.none() | texts), max_size=4), st.none() | texts)
def test_a_parcel_carries_a_batch_unchanged(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, bytes, str | None]], label: str | None
) -> None:
    folder = tmp_path_factory.mktemp("parcel")
    chosen = []
    for number, (uri, content, _) in enumerate(files):
        path = put(folder / "in" / f"{number}.txt", content)
        chosen.append(SourceFile(str(path), f"{number}{uri}", Provenance("来源", None, label)))
    now = datetime.now(UTC)
    seen = {each.uri: FirstSeen(content, now) for each, (_, _, content) in zip(chosen, files, strict=True)}
    batch = ingest.Batch(
        number=3,
        files=tuple(chosen),
        refused=(Refused("r", "code", "说明", "来源"),),
        known={chosen[0].path: {"x": Known("ok", quarantined=True)}} if chosen else {},
        first_seen=seen,
        staging=folder,
        workers=1,
        limits=Limits(5, 600),
        rules=None,
        rules_version="v",
    )
    packed = parcels.pack(batch, None, folder / "p.zip")
    back = parcels.unpacked(folder / "p.zip", folder / "out")
    assert (packed.files, packed.left.files) == (len(files), ())
    assert [(each.uri, each.provenance) for each in back.files] == [(each.uri, each.provenance) for each in chosen]
    assert [Path(each.path).read_bytes() for each in back.files] == [content for _, content, _ in files]
    assert [os.stat(each.path).st_mtime_ns for each in back.files] == [
        os.stat(each.path).st_mtime_ns for each in chosen
    ]
    assert (back.refused, back.first_seen, back.limits) == (batch.refused, seen, batch.limits)
    assert list(back.known.values()) == list(batch.known.values())

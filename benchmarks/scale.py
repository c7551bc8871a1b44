"""What a hundred thousand reports cost, and the thousandth night (规模：十万份报告与第一千夜).

    python benchmarks/scale.py files [--files 100000] [--room FOLDER]
    python benchmarks/scale.py nights [--nights 1000] [--known 5000] [--emptied] [--room FOLDER]

`files` reads a hundredth, a tenth and all of so many reports, each into a dataset of its own, and each again with
nothing changed. `nights` has a bureau bring some new reports and a changed one every night, into a folder that keeps
everything or an inbox that is emptied; the snapshots are set back a day after every night, so that the keep rule
prunes them as it would. The nights before those that are compared do everything but parse. All is made in the room
and removed again.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import pickle
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import ParamSpec, TypeVar
from unittest.mock import patch

from ingest import Run, report, ziping  # of this folder

from pipeline.dataset.store import POINTER
from pipeline.reading.ingest import Batch, BatchResult, Options, commit, read_batch, run
from pipeline.reading.one_file import FileResult, Identity, KnownContents, identify, read_file
from pipeline.reading.progress import Quiet
from pipeline.sourcing.local_files import find_files

PER_FOLDER = 1_000
NEW, AGAIN = 20, 5
"""Reports a night brings: new ones, and, in an inbox, ones it brought before."""

MODELS = 200
"""Reports that are read so that others can be said to be like them."""

RECENT, OLD_EVERY = 200, 10
"""Corrections are of the latest reports, except every so many nights: then of any report."""

SECOND_EDITION = 1_000_000
"""From here on the numbers of the contents that replace others."""

SETTLED_SECONDS = 3_600
DAY_SECONDS = 86_400

WINDOW = 10
LONG_WINDOW = 100
MILESTONES = (15, 50, 100, 200, 400, 600, 800)
"""Windows of nights that end here; the tenth night is in the middle of the first."""

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Night:
    """One nightly run: the files it was given, its seconds, and those of its steps."""

    files: int
    seconds: float
    reading: float
    commit: float

    @property
    def sorting(self) -> float:
        """Finding the files, telling the known from the new, and what their checks had found."""
        return self.seconds - self.reading - self.commit


@dataclass(frozen=True, slots=True)
class Disk:
    """What lies in an output folder: the current part files, the snapshots kept, and what all of it takes."""

    parts: int
    largest_mb: float
    current_mb: float
    snapshots: int
    all_mb: float


@dataclass(frozen=True, slots=True)
class Model:
    """What reading one report gave, pickled, with the hashes in it that are a report's own."""

    pickled: bytes
    document_id: str
    check_ids: tuple[str, ...]


class Copier:
    """Stands in for the workers: says of a report what reading another gave, under this one's own hashes (替身).

    Only for the nights between those that are compared: the dataset grows as it would, in a fraction of the time.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        results = [read_file(str(path)) for path in paths]
        self.models = [
            Model(pickle.dumps(each), each.document.document_id, tuple(check.check_id for check in each.checks))
            for each in results
        ]

    def read(
        self,
        paths: Sequence[str],
        rules: object = None,
        known: Mapping[str, KnownContents] | None = None,
        pages: Path | None = None,
    ) -> Iterator[FileResult]:
        for path in paths:
            identity = identify(path)
            contents = (known or {}).get(path, {})
            if identity.document_id in contents:
                yield read_file(path, None, contents)
            else:
                yield self._copy(identity)

    def _copy(self, identity: Identity) -> FileResult:
        own = identity.document_id
        model = self.models[int(own, 16) % len(self.models)]
        pickled = model.pickled.replace(model.document_id.encode(), own.encode())
        pickled = pickled.replace(_in_evaluation(model.document_id), _in_evaluation(own))
        for number, check_id in enumerate(model.check_ids):
            mine = hashlib.sha256(f"{own}{number}".encode()).hexdigest()[: len(check_id)]
            pickled = pickled.replace(check_id.encode(), mine.encode())
        result: FileResult = pickle.loads(pickled)
        document = replace(
            result.document,
            size_bytes=identity.size_bytes,
            modified_at=identity.modified_at,
            ingested_at=datetime.now(UTC),
        )
        return replace(result, records=replace(result.records, document=document))


def _in_evaluation(document_id: str) -> bytes:
    """What the ids of evaluations have of the hash of their document."""
    return document_id[:31].encode()


class Bureau:
    """An office, its folder of reports, which it keeps for ever or empties after every night, its dataset (单位)."""

    def __init__(self, room: Path, known: int, *, emptied: bool) -> None:
        self.reports = room / "reports"
        self.output = room / "out"
        self.emptied = emptied
        self.chance = random.Random(1)
        self.contents: list[int] = []
        self.nights = 0
        self._write(self._new(known))

    def bring(self) -> None:
        """New reports and a changed one; where the inbox is emptied, also some as they were."""
        if self.emptied:
            shutil.rmtree(self.reports)
        self.nights += 1
        known = range(len(self.contents))
        changed = self.chance.choice(known if self.nights % OLD_EVERY == 0 else known[-RECENT:])
        again = self.chance.sample(known, AGAIN) if self.emptied else []
        new = self._new(NEW)
        self.contents[changed] = SECOND_EDITION + len(self.contents)
        self._write({changed, *again, *new})

    def _new(self, count: int) -> range:
        first = len(self.contents)
        self.contents += range(first, first + count)
        return range(first, first + count)

    def _write(self, numbers: Iterable[int]) -> None:
        """Write reports, as if a while ago: a file just written is not recognised by its time."""
        written = time.time() - SETTLED_SECONDS
        for number in numbers:
            path = place(self.reports, number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(report(self.contents[number]), encoding="utf-8")
            os.utime(path, (written, written))


def place(reports: Path, number: int) -> Path:
    return reports / f"{number // PER_FOLDER:04d}" / f"{number:07d}.txt"


def disk(output: Path) -> Disk:
    parts = [path.stat().st_size for path in (output / POINTER).glob("*/*.parquet")]
    files = {stat.st_ino: stat.st_blocks * 512 for stat in (path.lstat() for path in output.rglob("*"))}
    kept = len(list((output / "snapshots").iterdir()))
    return Disk(len(parts), _mb(max(parts)), _mb(sum(parts)), kept, _mb(sum(files.values())))


def _mb(size: int) -> float:
    return size / (1 << 20)


def many_files(room: Path, files: int) -> None:
    """Read ever more reports, and each lot again."""
    reports = Bureau(room, files, emptied=False).reports
    local = without_prefect(room)
    print("files     run     seconds  reports/s  main MB  x fewest  all MB  x fewest  part files  largest MB  all MB")
    for name in ("first", "again"):
        fewest: Run | None = None
        for count in (files // 100, files // 10, files):
            output = room / f"out-{count}"
            done = ziping(*_folders(reports, count), "--output", str(output), environment=local)
            fewest = fewest or done
            found = disk(output)
            print(
                f"{count:<9} {name:6} {done.seconds:8.1f}  {count / done.seconds:9.0f}"
                f"  {done.main_mb:7.0f}  {done.main_mb / fewest.main_mb:8.2f}"
                f"  {done.all_mb:6.0f}  {done.all_mb / fewest.all_mb:8.2f}"
                f"  {found.parts:10}  {found.largest_mb:10.1f}  {found.current_mb:6.0f}",
                flush=True,
            )


def without_prefect(room: Path) -> dict[str, str]:
    local = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    return {**local, "PREFECT_HOME": str(room / "home")}


def _folders(reports: Path, count: int) -> Iterator[str]:
    for number in range(0, count, PER_FOLDER):
        yield str(place(reports, number).parent)


def many_nights(room: Path, nights: int, known: int, *, emptied: bool) -> None:
    """Night after night; at the end the first nights of another bureau in turn with the last ones of this."""
    print(f"{'an inbox that is emptied' if emptied else 'a folder that keeps everything'}, {known} reports at first")
    print("nights         files  median s  sorting  reading  commit  part files  largest MB  snapshots  disk MB")
    old = Bureau(room / "old", known, emptied=emptied)
    young = Bureau(room / "young", known, emptied=emptied)
    copier = Copier(sorted(old.reports.rglob("*.txt"))[:MODELS])
    done: list[Night] = []
    with patch("pipeline.reading.ingest.workers_for", lambda count, limits: copier):
        for bureau in (old, young):
            one_night(bureau)
        for number in range(1, nights - WINDOW + 1):
            done.append(next_night(old))
            if number in MILESTONES:
                _print_window(number, done[-WINDOW:], disk(old.output))
        for _ in range(MILESTONES[0] - WINDOW):
            next_night(young)
    in_turn(young, old)
    _print_means(done)


def in_turn(young: Bureau, old: Bureau) -> None:
    """A window of nights of each as the command they are, in turn: what else the machine does weighs on both."""
    environment = without_prefect(young.reports.parent)
    runs: dict[Bureau, list[Run]] = {young: [], old: []}
    for _ in range(WINDOW):
        for bureau, done in runs.items():
            grow_older(bureau.output)
            bureau.bring()
            done.append(ziping(str(bureau.reports), "--output", str(bureau.output), environment=environment))
    print("\nin turn        files  median s  x first  main MB  x first  part files  largest MB  snapshots  disk MB")
    first, first_mb = (median(run.seconds for run in runs[young]), median(run.main_mb for run in runs[young]))
    for bureau, done in runs.items():
        seconds, main_mb = median(run.seconds for run in done), median(run.main_mb for run in done)
        found = disk(bureau.output)
        print(
            f"{bureau.nights - WINDOW + 1:>6}-{bureau.nights:<5} {done[-1].summary['files']:7}"
            f"  {seconds:8.2f}  {seconds / first:7.2f}  {main_mb:7.0f}  {main_mb / first_mb:7.2f}"
            f"  {found.parts:10}  {found.largest_mb:10.1f}  {found.snapshots:9}  {found.all_mb:7.0f}",
            flush=True,
        )


def next_night(bureau: Bureau) -> Night:
    grow_older(bureau.output)
    bureau.bring()
    return one_night(bureau)


def _print_window(number: int, recent: Sequence[Night], found: Disk) -> None:
    print(
        f"{number - WINDOW + 1:>6}-{number:<5} {recent[-1].files:7}"
        f"  {median(night.seconds for night in recent):8.3f}  {median(night.sorting for night in recent):7.3f}"
        f"  {median(night.reading for night in recent):7.3f}  {median(night.commit for night in recent):6.3f}"
        f"  {found.parts:10}  {found.largest_mb:10.1f}  {found.snapshots:9}  {found.all_mb:7.0f}",
        flush=True,
    )


def _print_means(done: Sequence[Night]) -> None:
    """The merges of part files, which the median of a few nights does not see, are in the mean of many."""
    for name, some in (("first", done[:LONG_WINDOW]), ("last", done[-LONG_WINDOW:])):
        seconds = [night.seconds for night in some]
        print(f"mean of the {name} {len(some)} nights {mean(seconds):.3f} s, the dearest {max(seconds):.3f} s")


def one_night(bureau: Bureau) -> Night:
    reading: list[float] = []
    committing: list[float] = []
    summary = run(
        lambda: find_files([str(bureau.reports)]),
        Options(bureau.output, os.cpu_count() or 1),
        Quiet(print),
        read_batches=timed(read_all, reading),
        commit=timed(commit, committing),
    )
    return Night(summary.totals.files, summary.seconds, sum(reading), sum(committing))


def read_all(batches: Iterator[Batch], on_file: Callable[[], None]) -> list[BatchResult]:
    """Read the batches before anything else is done, so that it can be timed."""
    return [read_batch(batch, on_file) for batch in batches]


def timed(step: Callable[P, T], spent: list[float]) -> Callable[P, T]:
    """`step`, its seconds put into `spent`."""

    def watched(*arguments: P.args, **named: P.kwargs) -> T:
        begun = time.perf_counter()
        try:
            return step(*arguments, **named)
        finally:
            spent.append(time.perf_counter() - begun)

    return watched


def grow_older(output: Path) -> None:
    """A day passes for the snapshots: the keep rule goes by the time of their folders."""
    for path in (output / "snapshots").iterdir():
        then = path.stat().st_mtime - DAY_SECONDS
        os.utime(path, (then, then))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["files", "nights"])
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--nights", type=int, default=1_000)
    parser.add_argument("--known", type=int, default=5_000)
    parser.add_argument("--emptied", action="store_true")
    parser.add_argument("--room", type=Path, help="where the data is made (default: where temporary files go)")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.room) as folder:
        if chosen.what == "files":
            many_files(Path(folder), chosen.files)
        else:
            many_nights(Path(folder), chosen.nights, chosen.known, emptied=chosen.emptied)


if __name__ == "__main__":
    main()

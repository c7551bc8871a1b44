"""Nothing is lost when runs are killed: `ziping ingest` ended by SIGKILL at random instants (随机终止试验).

    python benchmarks/kill.py [--kills 200] [--files 20] [--seed 1]

Before every run some reports are new, some changed, some gone, so that there is always something to commit. After every
kill the dataset is looked into: every table reads, no row is doubled, all tables agree, and it says exactly what it
said before the run or exactly what the finished run says. At the end one run goes undisturbed, and its dataset is
compared, row by row, with one read from the same reports in one go. Exits with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from ingest import report  # of this folder

from pipeline.dataset.store import POINTER, open_dataset
from pipeline.reading.reprocess import KEYS
from schemas.tables import TABLES

INDICATORS = 18
"""Rows of every report made here."""

OF_THE_RUN = {"ingested_at", "failed_since", "first_seen_at"}
PATIENCE = 300.0

State = dict[str, str]
"""What the dataset says: the content (SHA-256) by address."""


class Wrong(Exception):
    """What must never be."""


class Trial:
    """A folder of reports that changes, and the dataset made of it (试验)."""

    def __init__(self, folder: Path, files: int, seed: int) -> None:
        self.reports = folder / "reports"
        self.output = folder / "out"
        self.chance = random.Random(seed)
        self.environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        self.environment["PREFECT_HOME"] = str(folder / "home")
        self.editions = 0
        self.reports.mkdir()
        (self.reports / "broken.pdf").write_bytes(b"%PDF-1.7\nbroken")
        for _ in range(files):
            self._write(f"{self.editions:06d}.txt")

    def _write(self, name: str) -> None:
        self.editions += 1
        (self.reports / name).write_text(report(self.editions), encoding="utf-8")

    def change(self) -> None:
        """A night passes: a new report, a changed one, now and then one less."""
        names = sorted(path.name for path in self.reports.glob("*.txt"))
        self._write(self.chance.choice(names))
        self._write(f"{self.editions:06d}.txt")
        if self.chance.random() < 0.5:
            (self.reports / self.chance.choice(names)).unlink()

    def start(self, output: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "pipeline.cli", "ingest", str(self.reports), "--output", str(output)]
        return subprocess.Popen(
            command, env=self.environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )

    def run(self, output: Path) -> float:
        """One undisturbed run; its seconds."""
        begun = time.monotonic()
        code = self.start(output).wait(PATIENCE)
        if code != 3:  # there is always one broken file
            raise Wrong(f"an undisturbed run ended with {code}")
        return time.monotonic() - begun

    def kill(self, usual_seconds: float) -> bool:
        """Start a run and kill it: at any instant, or while it reads and commits. Says whether there was a run left."""
        process = self.start(self.output)
        if self.chance.random() < 0.5:
            delay = self.chance.uniform(0, usual_seconds * 1.1)
        else:
            delay = self.chance.uniform(0, usual_seconds * 0.3)
            while process.poll() is None and not list(self.output.glob(".staging/batch-*")):
                time.sleep(0.001)
        with suppress(subprocess.TimeoutExpired):
            process.wait(delay)
        alive = process.poll() is None
        if alive and self.chance.random() < 0.5:
            process.kill()  # its workers are to notice
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return alive

    def state(self) -> State:
        """What the folder holds now."""
        return {path.as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in self.reports.iterdir()}


def tables(output: Path) -> dict[str, list[dict[str, Any]]]:
    dataset = open_dataset(output)
    return {table: dataset.read(table).to_pylist() for table in TABLES}


def examine(rows: dict[str, list[dict[str, Any]]]) -> State:
    """What the dataset says, once it is found to be whole. Raises Wrong."""
    for table, found in rows.items():
        keys = Counter(tuple(row[name] for name in KEYS[table]) for row in found)
        doubled = [key for key, count in keys.items() if count > 1]
        if doubled:
            raise Wrong(f"{table} has rows twice: {doubled[:3]}")
    contents = {row["document_id"] for row in rows["documents"]}
    evaluations = Counter(row["document_id"] for row in rows["evaluations"])
    expected = {row["document_id"]: row["evaluation_count"] for row in rows["documents"] if row["evaluation_count"]}
    if dict(evaluations) != expected:
        raise Wrong("documents and evaluations do not agree")
    indicators = Counter(row["evaluation_id"] for row in rows["indicators"])
    if indicators != Counter({row["evaluation_id"]: INDICATORS for row in rows["evaluations"]}):
        raise Wrong("evaluations and indicators do not agree")
    if not {row["evaluation_id"] for row in rows["funding"]} == set(indicators):
        raise Wrong("evaluations and funding do not agree")
    for table in ("amounts", "sections", "checks", "problems"):
        if not {row["document_id"] for row in rows[table]} <= contents:
            raise Wrong(f"{table} has rows of no document")
    return {row["source_uri"]: row["document_id"] for row in rows["documents"]}


def said(rows: dict[str, list[dict[str, Any]]], present: State) -> Iterator[tuple[str, Counter[str]]]:
    """The rows of each table that belong to the files `present`, without what differs from run to run."""
    contents = set(present.values())
    owner = {row["evaluation_id"]: row["document_id"] for row in rows["evaluations"]}
    for table, found in rows.items():
        mine = [row for row in found if (row.get("document_id") or owner[row["evaluation_id"]]) in contents]
        if table == "documents":
            mine = [row for row in mine if row["source_uri"] in present]
        yield (
            table,
            Counter(repr(sorted((key, value) for key, value in row.items() if key not in OF_THE_RUN)) for row in mine),
        )


def trial(folder: Path, kills: int, files: int, seed: int) -> None:
    """The whole trial. Raises Wrong."""
    here = Trial(folder, files, seed)
    usual = here.run(here.output)
    committed = examine(tables(here.output))
    if committed != here.state():
        raise Wrong("the first run missed something")
    outcome: Counter[str] = Counter()
    done = 0
    while done < kills:
        here.change()
        target = committed | here.state()
        left = os.readlink(here.output / POINTER)
        if here.kill(usual):
            done += 1
            finished = os.readlink(here.output / POINTER) != left
            outcome["after the commit" if finished else "before the commit"] += 1
            outcome["left something to clear"] += (here.output / ".staging").exists()
        else:
            outcome["ended by themselves"] += 1
            usual *= 0.95  # the machine has become quicker: aim earlier
        now = examine(tables(here.output))
        if now not in (committed, target):
            raise Wrong(f"after kill {done} the dataset says neither what it said nor what it should")
        committed = now
    print(f"{done} kills of runs of {usual:.1f} s: " + ", ".join(f"{count} {what}" for what, count in outcome.items()))
    here.run(here.output)
    here.run(folder / "reference")
    rows, reference = tables(here.output), tables(folder / "reference")
    present = here.state()
    if examine(rows) != committed | present or examine(reference) != present:
        raise Wrong("the last run missed something")
    for (table, mine), (_, theirs) in zip(said(rows, present), said(reference, present), strict=True):
        if mine != theirs:
            raise Wrong(f"{table} differs from an undisturbed run in {len((mine - theirs) + (theirs - mine))} rows")
        print(f"{table:12} {mine.total():7} rows the same")
    left = [path.name for path in here.output.iterdir() if path.name.startswith(".") and path.name != ".lock"]
    if left or list((here.output / "snapshots").glob(".*")):
        raise Wrong(f"the last run left remains: {left}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--files", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            trial(Path(folder), chosen.kills, chosen.files, chosen.seed)
        except Wrong as error:
            print(f"wrong: {error}", file=sys.stderr)
            return 1
    print("nothing lost, nothing doubled")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Reading files into the dataset, free of any engine (入库).

`run` is the whole of it. Its two steps, `read_batch` and `commit`, are plain functions of plain arguments: the same
are called here one after the other, or handed in wrapped as tasks of an engine.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.dataset.output_folder import Committed, Store, explained
from pipeline.dataset.part_files import Segment
from pipeline.dataset.store import POINTER, Dataset, Snapshot
from pipeline.prefect_api import LOCAL, Engine
from pipeline.reading.check_again import ByRules, CheckedAgain, check_again
from pipeline.reading.known_files import (
    Changes,
    FirstSeen,
    Work,
    findings,
    gone,
    known_files,
    last_new,
    rules_version,
    sort_out,
    with_originals,
)
from pipeline.reading.one_file import FileResult, KnownContents, not_delivered
from pipeline.reading.run_summary import RunTotals, Summary, Tally
from pipeline.reading.staging import BatchWriter, warm_up
from pipeline.reading.unpacking import open_archives
from pipeline.reading.workers import Limits, stop_workers, workers_for
from pipeline.sourcing.local_files import Refused, SourceFile, Sources, find_files
from schemas.tables import TABLES, arrow_schema

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.checks.config import Rules

SMALLEST_BATCH = 25
LARGEST_BATCH = 200
BATCHES_AIMED_AT = 20


@dataclass(frozen=True, slots=True)
class Options:
    """Where to and how files are read (选项)."""

    output: Path
    workers: int
    limits: Limits = field(default_factory=Limits)
    rules_file: Path | None = None
    """The user's own rules for the checks; None: the project's."""
    force: bool = False
    """Read also what is known."""


RECOGNISED = ".recognised"
"""Folder of the output where what was read from pictures of pages is kept, by content."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that one step reads, and where it puts what it read (一批文件).

    `known` names, by path, the contents that need not be read if found there; `first_seen`, by address, what the
    dataset holds of it; `refused` are files to be noted as not to be had.
    """

    number: int
    files: tuple[SourceFile, ...]
    refused: tuple[Refused, ...]
    known: dict[str, KnownContents]
    first_seen: dict[str, FirstSeen]
    staging: Path
    workers: int
    limits: Limits
    rules: Rules | None
    rules_version: str


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch: its rows, staged, and the counts (一批的结果).

    `known` are the addresses whose content was recognised, not read.
    """

    segment: Segment
    tally: Tally
    known: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What a run brings into the dataset: staged rows, and changes of rows that are there (入库内容)."""

    segments: tuple[Segment, ...]
    known: frozenset[str]
    changes: Changes
    rules: Rules | None = None


class Listener(Protocol):
    """Is told how a run goes on (进度)."""

    def started(self, files: int) -> None:
        """The number of files is known."""

    def file_done(self) -> None:
        """One more file has been read."""

    def waiting(self, holder: str) -> None:
        """Another run holds the output; this one waits."""


ReadBatches = Callable[[Iterator[Batch], Callable[[], None]], Iterable[BatchResult]]
"""Reads batches, one after the other or side by side; their results may come in any order."""

Commit = Callable[[Path, Intake], Committed]


def read_batch(batch: Batch, on_file: Callable[[], None]) -> BatchResult:
    """Read the files of `batch` in worker processes and stage their rows. Doing it again replaces what it staged.

    Raises StoreError when the output cannot be written.
    """
    tally = Tally()
    known: list[str] = []
    workers = workers_for(batch.workers, batch.limits)
    warm_up()
    paths = [file.path for file in batch.files]
    with explained(batch.staging.parent), BatchWriter(batch.staging, f"batch-{batch.number:06d}") as writer:
        results = workers.read(paths, batch.rules, batch.known, batch.staging.with_name(RECOGNISED))
        for file, result in zip(batch.files, results, strict=True):
            tally.count(writer.add(file.path, _signed(result, file, batch)))
            if result.known is not None:
                known.append(file.uri)
            on_file()
        for refused in batch.refused:
            tally.count(writer.add(refused.uri, not_delivered(refused)))
            on_file()
        return BatchResult(writer.finish(), tally, tuple(known))


def _signed(result: FileResult, file: SourceFile, batch: Batch) -> FileResult:
    """The result with what the run knows of the file: its address, where it came from, when it was first seen."""
    document = result.document
    before = batch.first_seen.get(file.uri)
    same = before is not None and before.document_id == (document.document_id or None)
    document = replace(
        document,
        source_uri=file.uri,
        rules_version=batch.rules_version,
        first_seen_at=before.at if before is not None and same else document.ingested_at,
        **asdict(file.provenance),
    )
    return replace(result, records=replace(result.records, document=document))


def read_in_turn(batches: Iterator[Batch], on_file: Callable[[], None]) -> Iterator[BatchResult]:
    """Read one batch after the other in this process."""
    return (read_batch(batch, on_file) for batch in batches)


def commit(output: Path, intake: Intake) -> Committed:
    """Make what a run brings part of the dataset, all tables at once. Raises StoreError."""
    return Store(output).commit(intake.segments, intake.known, intake.changes, partial(_across, intake.rules))


def _across(rules: Rules | None, dataset: Dataset, before: pa.Table | None, changed: AbstractSet[str]) -> pa.Table:
    """The checks across forms. What goes wrong in them costs them alone, till the next run makes all of them again."""
    from pipeline.findings.cross import kept_up

    try:
        return kept_up(rules, dataset, before, changed)
    except Exception:
        logging.getLogger(__name__).exception("跨表核对未能完成，本次入库不含跨表核对的结果；下次运行时全部重作。")
        return arrow_schema("checks").empty_table()


def sources_of(inputs: Sequence[str], output: Path, *, again: bool) -> Sources:
    """The files, folders and patterns a user names; with `again`, addresses of files the dataset at `output` knows.

    Raises ConfigError, StoreError.
    """
    return known_files(output, inputs) if again else find_files(inputs, leave_out=output)


def run(
    find: Callable[[], Sources],
    options: Options,
    listener: Listener,
    *,
    engine: Engine = LOCAL,
    read_batches: ReadBatches = read_in_turn,
    commit: Commit = commit,
) -> Summary:
    """Read the files that `find` finds into the dataset at `options.output`; it is asked while the output is held.

    Raises ConfigError or StoreError, and what `find` raises; the dataset is then as it was.
    """
    begun = time.monotonic()
    rules = _rules(options.rules_file)
    totals = RunTotals()
    try:
        with Store(options.output).session(listener.waiting) as store:
            sources = with_originals(open_archives(find(), options.output, options.limits), store)
            listener.started(len(sources.files) + len(sources.refused))
            base = store.sound()
            version = rules_version(options.rules_file)
            work = sort_out(sources, base, version, force=options.force)
            totals.leave(work.unchanged, work.quarantined, work.contents)
            missing = gone(sources, base, datetime.now(UTC))
            for _ in range(work.unchanged + work.quarantined):
                listener.file_done()
            batches = _batches(work, options, rules, version, store.staging)
            read, known = _tallied(read_batches(batches, listener.file_done), totals)
            changes = work.changes | missing
            checked = _check_again(base, ByRules(rules, version), work, changes, options)
            committed = commit(options.output, Intake((*read, *checked.segments), known, changes, rules))
            totals.add_findings(findings(committed.snapshot, totals.left))
    finally:
        stop_workers()
    return Summary(
        totals=totals,
        skipped=sources.skipped,
        kept=committed.kept,
        duplicates=committed.duplicates,
        missing=tuple(missing),
        dataset=str((options.output / POINTER).absolute()),
        snapshot=committed.snapshot.number,
        total_rows={table: committed.snapshot.count(table) for table in TABLES},
        seconds=time.monotonic() - begun,
        engine=engine,
        troubles=(*sources.troubles, *checked.troubles),
        checked_again=checked.contents,
        waiting=sources.waiting,
        last_new_at=last_new(committed.snapshot),
    )


def _tallied(results: Iterable[BatchResult], totals: RunTotals) -> tuple[list[Segment], frozenset[str]]:
    """The staged rows of all batches in their order, and the addresses recognised; each is counted as it comes in."""
    segments: list[Segment] = []
    known: set[str] = set()
    for result in results:
        totals.take(result.tally)
        segments.append(result.segment)
        known.update(result.known)
    return sorted(segments, key=lambda segment: segment.name), frozenset(known)


def _check_again(base: Snapshot | None, by: ByRules, work: Work, changes: Changes, options: Options) -> CheckedAgain:
    """What the dataset has by other rules, checked again, except what was read in this run."""
    if base is None:
        return CheckedAgain()
    read = {file.uri for file in work.files} | {refused.uri for refused in work.refused}
    workers = partial(workers_for, options.workers, options.limits)
    return check_again(base, by, read, changes, Store(options.output).staging, workers)


def _rules(path: Path | None) -> Rules | None:
    if path is None:
        return None
    from pipeline.checks import rules_from  # only here: this process makes no checks itself

    return rules_from(path)


def _batches(work: Work, options: Options, rules: Rules | None, rules_version: str, staging: Path) -> Iterator[Batch]:
    files = work.files
    size = min(LARGEST_BATCH, max(SMALLEST_BATCH, len(files) // BATCHES_AIMED_AT))
    workers = min(options.workers, max(len(files), 1))
    for number, start in enumerate(range(0, max(len(files), bool(work.refused)), size)):
        chosen = tuple(files[start : start + size])
        known = {file.path: work.known[file.path] for file in chosen if file.path in work.known}
        seen = {file.uri: work.first_seen[file.uri] for file in chosen if file.uri in work.first_seen}
        refused = () if number else tuple(work.refused)
        yield Batch(number, chosen, refused, known, seen, staging, workers, options.limits, rules, rules_version)

"""Files are read where they can be stopped: worker processes with a deadline and a memory limit (隔离).

A file that runs too long, takes too much memory, or takes its process down (a native library's crash, kill -9) costs
only itself. Nothing here or below imports Prefect: every worker would import it again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import TimeoutError as FutureTimeout
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from multiprocessing import forkserver, get_context, parent_process
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from uuid import uuid4

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.reading import messages
from pipeline.reading.one_file import (
    NOT_READ,
    FileResult,
    Identity,
    KnownContents,
    SittingLimit,
    failed,
    identify,
    read_file,
)
from schemas.errors import LimitExceeded, ReadError, Unfinished

if TYPE_CHECKING:
    from pipeline.checks.config import Rules

T = TypeVar("T")
Job = tuple[str, Callable[[], T]]
"""A file, and what is to be called in a worker about it."""
Running = tuple[Job[T], "ProcessFuture[T]"]

FILES_PER_WORKER = 100
"""A worker is replaced after so many files, so that what a library leaks does not add up."""

AHEAD_PER_WORKER = 4
"""Files handed out ahead of the one awaited: enough to keep every worker busy, few enough to bound memory."""

GRACE_SECONDS = 20.0
"""How long past its deadline an answer may take before the pool itself is taken for stuck and replaced."""

PRELOADED = ["pipeline.reading.one_file", "parsers.extract", "pipeline.checks"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds and megabytes of memory; and what a run may (读取的限制).

    `picture_pages` are the pages recognised from pictures in one run, None for all there are; the rest is read first in
    the next run.
    """

    seconds: float = 120.0
    memory_mb: int = 1536
    picture_pages: int | None = None


def counter_of(pages: Path, run: str) -> Path:
    """The file in which the workers of a run count the pages they recognise, beside those kept in `pages`."""
    return pages / f"run-{run}"


class Workers:
    """Worker processes that read files; `stop` ends them (读取进程)."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._count = count
        self._limits = limits
        self._pool = self._new_pool()

    def read(
        self,
        paths: Iterable[str],
        rules: Rules | None = None,
        known: Mapping[str, KnownContents] | None = None,
        pages: Path | None = None,
    ) -> Iterator[FileResult]:
        """One result per path, in the order of the paths, a bounded number of files ahead.

        `rules` are for the checks; `known` names, by path, the contents that need not be read if found there. `pages`
        is the folder where recognised pages are kept: with it, a long scan is read in several sittings.
        """

        run = uuid4().hex

        def job(path: str) -> Job[FileResult]:
            reader: Callable[..., FileResult] = read_file
            if pages is not None:
                sitting = SittingLimit(
                    str(pages), self._limits.seconds, str(counter_of(pages, run)), self._limits.picture_pages
                )
                reader = partial(reader, sitting=sitting)
            if rules is not None:
                reader = partial(reader, rules=rules)
            if known and path in known:
                reader = partial(reader, known=known[path])
            return path, partial(reader, path)

        for path, answer in self.each(map(job, paths)):
            yield self._lost(path, answer) if isinstance(answer, ReadError) else answer
        if pages is not None:
            counter_of(pages, run).unlink(missing_ok=True)

    def each(self, jobs: Iterable[Job[T]]) -> Iterator[tuple[str, T | ReadError]]:
        """The file of each of `jobs` with what it gives in a worker, or why it gives nothing: in their order.

        A bounded number are under way at a time. A job that ends its sitting unfinished is taken up again.
        """
        waiting = iter(jobs)
        running: deque[Running[T]] = deque()
        suspect = None
        while True:
            if not self._pool.active:
                running = self._restart(running)
            for job in islice(waiting, self._count * AHEAD_PER_WORKER - len(running)):
                running.append(self._hand_out(job))
            if not running:
                return
            job, future = running[0]
            path = job[0]
            answer: T | ReadError
            try:
                answer = self._answer(path, future)
            except Unfinished:
                running[0] = self._hand_out(job)
                continue
            except ReadError as error:
                answer = error
            except BrokenProcessPool:
                running = self._restart(running)
                if path != suspect:
                    suspect = path  # perhaps not its fault: once more, in a new pool
                    continue
                answer = ReadError(messages.crashed(path, None), code="crashed")
            running.popleft()
            yield path, answer

    def call(self, function: Callable[..., T], path: str, *arguments: object) -> T:
        """What `function(path, *arguments)` gives in a worker. Raises what it raises, and ReadError past a limit."""
        try:
            return self._answer(path, self._schedule(function, path, *arguments))
        except BrokenProcessPool as error:
            raise ReadError(messages.crashed(path, None), code="crashed") from error

    def stop(self) -> None:
        """End the worker processes, whatever they are doing."""
        self._pool.stop()
        joining = threading.Thread(target=self._pool.join, daemon=True)  # a stuck pool may not be joined at all
        joining.start()
        joining.join(GRACE_SECONDS)

    def _schedule(self, function: Callable[..., T], *arguments: object) -> ProcessFuture[T]:
        return self._pool.schedule(function, args=arguments, timeout=self._limits.seconds)

    def _answer(self, path: str, future: ProcessFuture[T]) -> T:
        """The answer for `path`. Raises BrokenProcessPool when the pool died or hangs, perhaps no fault of the file."""
        try:
            return future.result(timeout=self._limits.seconds + GRACE_SECONDS)
        except FutureTimeout as error:
            if not future.done():
                raise BrokenProcessPool("no answer after the deadline") from error
            raise LimitExceeded(messages.timeout(path, self._limits.seconds), code="timeout") from error
        except ProcessExpired as error:
            raise ReadError(messages.crashed(path, error.exitcode), code="crashed") from error
        except MemoryError as error:
            raise LimitExceeded(messages.memory(path), code="memory") from error

    def _lost(self, path: str, reason: ReadError) -> FileResult:
        """The result of a file whose reader was lost; its hash is taken in a worker again, for the disk may hang."""
        identity = Identity(NOT_READ, 0)
        with suppress(ReadError):
            identity = self.call(identify, path)
        return failed(path, identity, reason.code, str(reason))

    def _hand_out(self, job: Job[T]) -> Running[T]:
        return job, self._schedule(job[1])

    def _restart(self, running: Iterable[Running[T]]) -> deque[Running[T]]:
        """A new pool, and the jobs that were under way handed out again."""
        self.stop()
        self._pool = self._new_pool()
        return deque(self._hand_out(job) for job, _ in running)

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=self._count,
            max_tasks=FILES_PER_WORKER,
            initializer=_prepare_worker,
            initargs=(self._limits.memory_mb,),
            context=_context(),
        )


def warm_up() -> None:
    """Let the process that workers start from load its code while this one still prepares."""
    if sys.platform == "linux":
        _context()
        forkserver.ensure_running()


_running: dict[tuple[int, Limits], Workers] = {}


def workers_for(count: int, limits: Limits) -> Workers:
    """The workers of this process with these limits: started when first asked for, kept until `stop_workers`."""
    key = (count, limits)
    if key not in _running:
        _running[key] = Workers(count, limits)
    return _running[key]


def stop_workers() -> None:
    """End every worker of this process."""
    while _running:
        _running.popitem()[1].stop()


def _context() -> BaseContext:
    """forkserver where there is one: workers start from a clean, small process that has the code loaded."""
    if sys.platform == "linux":
        context = get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        return context
    return get_context("spawn")


def _prepare_worker(memory_mb: int) -> None:
    """Run once in every new worker."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # die at once, also in the middle of a C call
    logging.disable(logging.WARNING)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    with suppress(ImportError):
        import resource

        limit = memory_mb << 20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _leave_with_parent() -> None:
    """A worker whose parent was killed has nobody to answer to."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

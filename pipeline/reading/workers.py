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

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from pipeline.reading import messages
from pipeline.reading.one_file import (
    NOT_READ,
    FileResult,
    Identity,
    KnownContents,
    Sitting,
    failed,
    identify,
    read_file,
)
from schemas.errors import LimitExceeded, ReadError, Unfinished

if TYPE_CHECKING:
    from pipeline.checks.config import Rules

T = TypeVar("T")
Running = tuple[str, "ProcessFuture[FileResult]"]
HandOut = Callable[[str], Running]

FILES_PER_WORKER = 100
"""A worker is replaced after so many files, so that what a library leaks does not add up."""

AHEAD_PER_WORKER = 4
"""Files handed out ahead of the one awaited: enough to keep every worker busy, few enough to bound memory."""

GRACE_SECONDS = 20.0
"""How long past its deadline an answer may take before the pool itself is taken for stuck and replaced."""

PRELOADED = ["pipeline.reading.one_file", "parsers.extract", "pipeline.checks"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: seconds and megabytes of memory (单个文件的限制)."""

    seconds: float = 120.0
    memory_mb: int = 1536


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

        def hand_out(path: str) -> Running:
            reader: Callable[..., FileResult] = read_file
            if pages is not None:
                reader = partial(reader, sitting=Sitting(str(pages), self._limits.seconds))
            if rules is not None:
                reader = partial(reader, rules=rules)
            if known and path in known:
                reader = partial(reader, known=known[path])
            return path, self._schedule(reader, path)

        waiting = iter(paths)
        running: deque[Running] = deque()
        suspect = None
        while True:
            if not self._pool.active:
                running = self._restart(hand_out, running)
            for path in islice(waiting, self._count * AHEAD_PER_WORKER - len(running)):
                running.append(hand_out(path))
            if not running:
                return
            path, future = running[0]
            try:
                result = self._answer(path, future)
            except Unfinished:
                running[0] = hand_out(path)
                continue
            except ReadError as error:
                result = self._lost(path, error)
            except BrokenProcessPool:
                running = self._restart(hand_out, running)
                if path != suspect:
                    suspect = path  # perhaps not its fault: once more, in a new pool
                    continue
                result = self._lost(path, ReadError(messages.crashed(path, None), code="crashed"))
            running.popleft()
            yield result

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

    def _restart(self, hand_out: HandOut, running: Iterable[Running]) -> deque[Running]:
        """A new pool, and the files that were under way handed out again."""
        self.stop()
        self._pool = self._new_pool()
        return deque(hand_out(path) for path, _ in running)

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

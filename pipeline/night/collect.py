"""From the sources of a ziping.toml to the files to read (收集各来源).

Sources are visited side by side, those that share a host one after the other: a site never has two requests at a time.
Whatever one of them cannot give costs only that: it is listed, and the others go on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

from pipeline.night.settings import Settings
from pipeline.reading.unpacking import STATE, below
from pipeline.sourcing.config import Source, WebSource
from pipeline.sourcing.found import Gathered
from pipeline.sourcing.gather import gather
from pipeline.sourcing.local_files import Provenance, Refused, SourceFile, Sources, Trouble, printable
from schemas.errors import ConfigError, ReadError, ZipingError
from schemas.privacy import redact

AT_ONCE = 32
"""Groups of sources visited at the same time: most of a visit is waiting for its site."""

Gather = Callable[[Source, Path, Path], Gathered]


def gather_source(source: Source, state: Path, output: Path) -> Gathered:
    """One visit to one source; the output is never taken for a part of it."""
    return gather(source, state, leave_out=output)


def collect(settings: Settings, gather: Gather = gather_source) -> Sources:
    """Visit every source: the files they have now, each address once, and what they could not hand over.

    Raises StoreError and OSError when the output cannot be written.
    """
    state = settings.output / STATE
    files: dict[str, SourceFile] = {}
    refused: dict[str, Refused] = {}
    waiting: list[str] = []
    troubles: list[Trouble] = []
    complete: set[str] = set()
    skipped: Counter[str] = Counter()
    for source, found in visited(settings, state, gather):
        if not isinstance(found, Gathered):  # this source's own setting; the others are not to suffer
            troubles.append(Trouble(source.name, source.name, found.code, str(found)))
            continue
        skipped += found.skipped
        for each in _delivered(found, settings):
            if isinstance(each, Refused):
                refused.setdefault(each.uri, each)
            else:
                files.setdefault(each.uri, each)
        troubles += (
            Trouble(found.source, printable(problem.address), problem.error.code, str(problem.error))
            for problem in found.problems
            if not problem.of_file
        )
        waiting += found.waiting
        if found.complete:
            complete.add(found.source)
    return Sources(
        tuple(files.values()),
        dict(skipped.most_common()),
        complete=frozenset(complete),
        refused=tuple(each for uri, each in refused.items() if uri not in files),
        waiting=tuple(waiting),
        troubles=tuple(troubles),
    )


def visited(settings: Settings, state: Path, gather: Gather) -> Iterator[tuple[Source, Gathered | ZipingError]]:
    """What each source gave, in the order of the configuration, whichever came first."""

    def visit(group: Sequence[Source]) -> list[Gathered | ZipingError]:
        found: list[Gathered | ZipingError] = []
        for source in group:
            try:
                found.append(gather(source, state, settings.output))
            except (ConfigError, ReadError) as error:
                found.append(error)
        return found

    groups = side_by_side(settings.sources)
    with ThreadPoolExecutor(min(len(groups), AT_ONCE), "gather") as pool:
        # the context says who runs this: an engine knows its tasks by it
        futures = [pool.submit(copy_context().run, visit, group) for group in groups]
        by_name = {
            source.name: found
            for group, future in zip(groups, futures, strict=True)
            for source, found in zip(group, future.result(), strict=True)
        }
    yield from ((source, by_name[source.name]) for source in settings.sources)


def side_by_side(sources: Sequence[Source]) -> list[list[Source]]:
    """Sources in groups that may be visited at the same time: those that share a host stand in one group."""
    groups: list[tuple[set[str], list[Source]]] = []
    for source in sources:
        hosts = set(source.hosts) if isinstance(source, WebSource) else {source.name}
        sharing = [group for group in groups if group[0] & hosts]
        merged = (
            hosts.union(*(group[0] for group in sharing)),
            [*(each for group in sharing for each in group[1]), source],
        )
        groups = [group for group in groups if group not in sharing] + [merged]
    return [members for _, members in groups]


def _delivered(found: Gathered, settings: Settings) -> Iterator[SourceFile | Refused]:
    for item in found.items:
        provenance = Provenance(
            source_name=found.source,
            found_on=item.origin.page if item.origin else None,
            link_text=redact(item.origin.label) if item.origin and item.origin.label else None,
            local_path=below(item.path, settings.output) if item.origin else None,
        )
        yield SourceFile(str(item.path), item.address, provenance)
    for problem in found.problems:
        if problem.of_file:
            yield Refused(printable(problem.address), problem.error.code, str(problem.error), found.source)

"""A night's work: visit the sources, read what is new, tell who has to know (夜间运行)."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline import ingest
from pipeline.collect import Gather, collect, gather_source
from pipeline.engine import LOCAL, Engine
from pipeline.notify import Notice, notice_of, notice_of_failure, send
from pipeline.settings import Settings
from pipeline.sources import Sources
from pipeline.store import explained
from pipeline.summary import Summary


@dataclass(frozen=True, slots=True)
class Night:
    """How a night ended (一夜的结果): `notice` is what a person has to know, `unsent` what could not be told."""

    summary: Summary
    notice: Notice | None
    unsent: tuple[str, ...]

    @property
    def needs_somebody(self) -> bool:
        return self.notice is not None or bool(self.unsent)


def run_night(
    settings: Settings,
    listener: ingest.Listener,
    *,
    engine: Engine = LOCAL,
    gather: Gather = gather_source,
    read_batch: ingest.ReadBatch = ingest.read_batch,
    commit: ingest.Commit = ingest.commit,
) -> Night:
    """Everything a night has to do. A run that fails is told of before its error is raised.

    Raises ConfigError, StoreError.
    """
    options = ingest.Options(settings.output, settings.workers, settings.limits, settings.rules_file)

    def find() -> Sources:
        with explained(settings.output):
            return collect(settings, gather)

    try:
        summary = ingest.run(find, options, listener, engine=engine, read_batch=read_batch, commit=commit)
    except Exception as error:
        send(settings.notify, notice_of_failure(error))
        raise
    notice = notice_of(summary, settings.notify)
    return Night(summary, notice, send(settings.notify, notice) if notice is not None else ())

"""A night's work: visit the sources, read what is new, tell who has to know (夜间运行)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pipeline.dataset.output_folder import explained
from pipeline.night.cleanup import clean
from pipeline.night.collect import Gather, collect, gather_source
from pipeline.night.notify import Notice, notice_of, notice_of_failure, send
from pipeline.night.settings import Settings
from pipeline.prefect_api import LOCAL, Engine
from pipeline.reading import ingest
from pipeline.reading.run_summary import Summary
from pipeline.reading.unpacking import STATE
from pipeline.sourcing.local_files import Sources
from schemas.errors import ConfigError


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
    read_batches: ingest.ReadBatches | None = None,
    commit: ingest.Commit = ingest.commit,
    force: bool = False,
) -> Night:
    """Everything a night has to do. A run that fails is told of before its error is raised.

    Without `read_batches` this process reads by itself. Raises ConfigError, StoreError.
    """
    if settings.scale is not None and read_batches is None:
        raise ConfigError(
            f"{settings.path} 的 [scale] 需要 Prefect 服务；请设置 PREFECT_API_URL，或用 ziping schedule。"
        )
    options = ingest.Options(settings.output, settings.workers, settings.limits, settings.rules_file, force)

    def find() -> Sources:
        with explained(settings.output):
            return collect(settings, gather)

    memory = settings.output / STATE / "untold.json"
    try:
        summary = ingest.run(
            find, options, listener, engine=engine, read_batches=read_batches or ingest.read_in_turn, commit=commit
        )
    except Exception as error:
        send(settings.notify, notice_of_failure(error), memory)
        raise
    clean(settings.output, settings.keep_downloads_days, datetime.now(UTC))
    notice = notice_of(summary, settings.notify)
    return Night(summary, notice, send(settings.notify, notice, memory))

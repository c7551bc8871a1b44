"""Reading in Prefect: files a user names, and a night's work (入库流程与夜间流程)."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from pipeline import prefect_api
from pipeline.dataset.output_folder import Committed
from pipeline.dataset.store import open_dataset
from pipeline.flows import artifacts
from pipeline.flows.readers import spread_over
from pipeline.night import nightly
from pipeline.night.collect import gather_source
from pipeline.night.settings import Settings, load_settings
from pipeline.reading import ingest, quarantine, reprocess
from pipeline.reading.progress import Quiet
from pipeline.reading.run_summary import Summary, as_text
from pipeline.reading.workers import Limits
from pipeline.sourcing.config import Source
from pipeline.sourcing.found import Gathered
from schemas.errors import ConfigError, ZipingError
from schemas.version import EXTRACTOR_VERSION


@dataclass(slots=True)
class _Caller:
    """Who started the flow in this process: is told of the progress, and gets the outcome even if the API goes away."""

    listener: ingest.Listener
    summary: Summary | None = None
    night: nightly.Night | None = None


_caller: ContextVar[_Caller | None] = ContextVar("_caller", default=None)


def _calling() -> _Caller:
    """Who started the flow; a run that a schedule started has nobody to tell but its log.

    A function of its own, for the flows themselves are sent to clusters, and a ContextVar cannot be.
    """
    return _caller.get() or _Caller(Quiet(get_run_logger().warning))


NEEDS_ATTENTION = "NeedsAttention"

_LASTING = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT})


def passes(task: Any, run: Any, state: State[Any]) -> bool:
    """Whether a task that failed may do better at once: not where the settings, the disk or the file are to blame."""
    try:
        state.result()
    except ZipingError as error:
        return bool(getattr(error, "transient", False))
    except OSError as error:
        return error.errno not in _LASTING
    except (TypeError, ValueError, KeyError, AttributeError, AssertionError):
        return False
    except Exception:
        return True
    return False


@task(
    name="gather",
    task_run_name="gather-{source.name}",
    retries=1,
    retry_delay_seconds=60,
    retry_condition_fn=passes,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def gather(source: Source, state: Path, output: Path) -> Gathered:
    """Visit one source; what it could not hand over is listed, not a failure of the task."""
    found = gather_source(source, state, output)
    logger = get_run_logger()
    logger.info("%s：文件 %d 个，等待 %d 个", source.name, len(found.items), len(found.waiting))
    for problem in found.problems:
        logger.warning("%s [%s] %s", problem.address, problem.error.code, problem.error)
    return found


@task(
    name="read-batch",
    task_run_name="read-batch-{batch.number}",
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=passes,
    cache_policy=NO_CACHE,
    persist_result=False,
)
def read_batch(batch: ingest.Batch, on_file: Callable[[], None]) -> ingest.BatchResult:
    """Read a batch of files; a file that cannot be read is a row of its own, not a failure of the task."""
    result = ingest.read_batch(batch, on_file)
    logger = get_run_logger()
    logger.info("%s", dict(result.tally.by_status))
    for note in result.tally.failed:
        logger.warning("%s [%s] %s", note.source_uri, note.code, note.message)
    return result


def read_in_turn(batches: Iterator[ingest.Batch], on_file: Callable[[], None]) -> Iterator[ingest.BatchResult]:
    """One task after the other."""
    return (read_batch(batch, on_file) for batch in batches)


@task(name="commit", cache_policy=NO_CACHE, persist_result=False)
def commit(output: Path, intake: ingest.Intake, done: list[Committed]) -> Committed:
    """Make what a run brings part of the dataset, all tables at once; `done` gets the outcome as well."""
    done.append(ingest.commit(output, intake))
    return done[0]


def _surely_committed(output: Path, intake: ingest.Intake) -> Committed:
    """Commit as a task. A server that is lost after the dataset was written makes no failure of it."""
    done: list[Committed] = []
    try:
        return commit(output, intake, done)
    except Exception as error:
        if not done:
            raise
        logging.getLogger(__name__).warning("数据集已更新，但向 Prefect 报告时出错：%s", error)
        return done[0]


@flow(name="ziping-ingest", flow_run_name="ziping-ingest-{output}", persist_result=False, validate_parameters=False)
def ingest_flow(
    paths: list[str],
    output: str,
    workers: int = 1,
    timeout_seconds: float = 120.0,
    memory_mb: int = 1536,
    rules: str | None = None,
    force: bool = False,
    again: bool = False,
) -> State[None]:
    """Read files, folders and patterns into the dataset at `output`; `force` reads what is known, too.

    `rules` is a file of the user's own rules. With `again`, `paths` are addresses of files the dataset knows.
    """
    caller = _calling()
    options = ingest.Options(
        Path(output), workers, Limits(timeout_seconds, memory_mb), Path(rules) if rules else None, force
    )
    sources = ingest.sources_of(paths, options.output, again=again)
    caller.summary = ingest.run(
        lambda: sources,
        options,
        caller.listener,
        engine=prefect_api.PREFECT,
        read_batches=read_in_turn,
        commit=_surely_committed,
    )
    _leave_artifacts("ziping-ingest", caller.summary)
    return Completed(message=as_text(caller.summary).splitlines()[0])


def _reading(settings: Settings) -> ingest.ReadBatches:
    """How the batches of a night are read: here, or by readers on other machines."""
    return read_in_turn if settings.scale is None else spread_over(settings.scale, settings.rules_file)


@flow(name="ziping-nightly", flow_run_name="ziping-nightly", persist_result=False)
def nightly_flow(sources: list[str] | None = None, force: bool = False) -> State[None]:
    """Visit the sources of this service's ziping.toml, read what is new, tell who has to know.

    `sources` names those to be visited (all by default); `force` reads known files, too.
    """
    caller = _calling()
    settings = _settings(sources)
    caller.night = night = nightly.run_night(
        settings,
        caller.listener,
        engine=prefect_api.PREFECT,
        gather=gather,
        read_batches=_reading(settings),
        commit=_surely_committed,
        force=force,
    )
    _leave_artifacts("ziping-nightly", night.summary)
    logger = get_run_logger()
    for sentence in night.unsent:
        logger.error(sentence)
    message = as_text(night.summary).splitlines()[0]
    if night.notice is None:
        return Completed(message=message)
    # not green: the run did its work, and a person has to look
    return Failed(name=NEEDS_ATTENTION, message=night.notice.text.splitlines()[0])


@flow(name="ziping-reprocess", flow_run_name="ziping-reprocess", persist_result=False)
def reprocess_flow(older_than: str = EXTRACTOR_VERSION) -> State[None]:
    """Read again what versions of the program before `older_than` read."""
    settings = _settings(None)
    work = reprocess.outdated(open_dataset(settings.output), older_than, settings.output)
    return _read_again(settings, "ziping-reprocess", work.files)


@flow(name="ziping-retry", flow_run_name="ziping-retry", persist_result=False)
def retry_flow(timeout_seconds: float = 600.0) -> State[None]:
    """Read again the files in quarantine, with more time for each."""
    settings = _settings(None)
    files = quarantine.present(quarantine.quarantined(settings.output))
    return _read_again(
        replace(settings, limits=replace(settings.limits, seconds=timeout_seconds)), "ziping-retry", files
    )


def _read_again(settings: Settings, key: str, uris: Sequence[str]) -> State[None]:
    """Read files the dataset knows, whatever it knows of them."""
    if not uris:
        return Completed(message="没有要重读的文件")
    options = ingest.Options(settings.output, settings.workers, settings.limits, settings.rules_file, force=True)
    summary = ingest.run(
        lambda: ingest.sources_of(uris, settings.output, again=True),
        options,
        _calling().listener,
        engine=prefect_api.PREFECT,
        read_batches=read_in_turn,
        commit=_surely_committed,
    )
    _leave_artifacts(key, summary)
    message = as_text(summary).splitlines()[0]
    return Failed(name=NEEDS_ATTENTION, message=message) if summary.totals.failed else Completed(message=message)


def _settings(sources: Sequence[str] | None) -> Settings:
    """The settings this process is bound to, with only the named sources. Raises ConfigError."""
    config = os.environ.get(prefect_api.CONFIG)
    if config is None:
        raise ConfigError("没有指明 ziping.toml：请用 ziping nightly 或 ziping schedule 运行。")
    settings = load_settings(Path(config))
    if not sources:
        return settings
    unknown = set(sources) - {source.name for source in settings.sources}
    if unknown:
        raise ConfigError(f"{config} 里没有来源“{'、'.join(sorted(unknown))}”。")
    return replace(settings, sources=tuple(source for source in settings.sources if source.name in sources))


def run_ingest_flow(
    api: str,
    paths: Sequence[str],
    options: ingest.Options,
    listener: ingest.Listener,
    say: Callable[[str], None],
    *,
    again: bool,
) -> Summary:
    """Run the flow here and now, its history kept at `api`; if that goes away, without it.

    Raises what `ingest.run` raises.
    """
    arguments: dict[str, Any] = {
        "paths": list(paths),
        "output": str(options.output),
        "workers": options.workers,
        "timeout_seconds": options.limits.seconds,
        "memory_mb": options.limits.memory_mb,
        "rules": str(options.rules_file) if options.rules_file else None,
        "force": options.force,
        "again": again,
    }
    caller = _Caller(listener)
    if not _ran(api, ingest_flow, arguments, caller, say):
        return ingest.run(lambda: ingest.sources_of(paths, options.output, again=again), options, listener)
    if caller.summary is None:
        raise RuntimeError("the flow ended without a summary")
    return caller.summary


def run_nightly_flow(api: str, config: Path, listener: ingest.Listener, say: Callable[[str], None]) -> nightly.Night:
    """Like `run_ingest_flow`, for a night's work. Raises what `run_night` raises."""
    caller = _Caller(listener)
    os.environ[prefect_api.CONFIG] = str(config)
    if not _ran(api, nightly_flow, {}, caller, say):
        return nightly.run_night(replace(load_settings(config), scale=None), listener)
    if caller.night is None:
        raise RuntimeError("the flow ended without a result")
    return caller.night


def _ran(
    api: str, chosen: Callable[..., Any], arguments: dict[str, Any], caller: _Caller, say: Callable[[str], None]
) -> bool:
    """Run the flow `chosen` for `caller`; False when the API went away before the work was done."""
    token = _caller.set(caller)
    try:
        state = chosen(**arguments, return_state=True)
        if caller.summary is None and caller.night is None:
            state.result()  # raises what the flow raised
    except ZipingError:
        raise
    except Exception as error:
        if caller.summary is None and caller.night is None:
            if prefect_api.answers(api):
                raise
            say(f"Prefect API {api} 中途失去应答，改在本进程内重新读取。")
            return False
        say(f"数据集已更新，但向 Prefect 报告结果时出错（{error}）；运行记录可能不完整。")
    finally:
        _caller.reset(token)
    return True


def _leave_artifacts(key: str, summary: Summary) -> None:
    """What a person reads on the run's page: the digest, and its tables. The dataset does not depend on it."""
    try:
        create_markdown_artifact(artifacts.as_markdown(summary), key=key, description="ziping 运行小结")
        for name, rows in artifacts.tables(summary).items():
            create_table_artifact(rows, key=f"{key}-{name}", description=f"ziping {name}")
    except Exception as error:  # whatever a server that went away makes of it
        logging.getLogger(__name__).warning("数据集已更新，但运行小结没有留在 Prefect：%s", error)

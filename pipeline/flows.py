"""The flows of ziping in Prefect: the only module that imports it (Prefect 流程).

The steps are those of `pipeline.ingest` and `pipeline.nightly`, wrapped as tasks. What ends up in the dataset never
depends on Prefect's own database: it loses events in bursts, the store does not.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline import engine, ingest  # engine first: Prefect reads its settings when it is imported

# isort: split

from prefect import flow, get_run_logger, serve, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron
from prefect.states import Cancelled, Completed, Crashed
from prefect.types.entrypoint import EntrypointType

from pipeline import digest, nightly
from pipeline.collect import gather_source
from pipeline.isolation import Limits
from pipeline.progress import Quiet
from pipeline.settings import load_settings
from pipeline.sourcing.config import Source
from pipeline.sourcing.found import Gathered
from pipeline.store import Committed
from pipeline.summary import Summary, as_text
from schemas.errors import ConfigError, ZipingError

TAGS = ["ziping"]


def _spare_workers() -> None:
    """Worker processes import the main module again: Prefect's takes seconds, and nothing of it runs in them."""
    main = sys.modules["__main__"]
    if main.__spec__ is not None and main.__spec__.name.startswith("prefect."):
        main.__spec__ = None
        main.__dict__.pop("__file__", None)


_spare_workers()


@dataclass(slots=True)
class _Caller:
    """Who started the flow in this process: is told of the progress, and gets the outcome even if the API goes away."""

    listener: ingest.Listener
    summary: Summary | None = None
    night: nightly.Night | None = None


_caller: ContextVar[_Caller | None] = ContextVar("_caller", default=None)


@task(
    name="gather",
    task_run_name="gather-{source.name}",
    tags=TAGS,
    retries=1,
    retry_delay_seconds=60,
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
    tags=TAGS,
    retries=2,
    retry_delay_seconds=[2, 10],
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


@task(name="commit", tags=TAGS, cache_policy=NO_CACHE, persist_result=False)
def commit(output: Path, intake: ingest.Intake) -> Committed:
    """Make what a run brings part of the dataset, all tables at once."""
    return ingest.commit(output, intake)


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
    caller = _caller.get() or _Caller(Quiet(get_run_logger().warning))
    options = ingest.Options(
        Path(output), workers, Limits(timeout_seconds, memory_mb), Path(rules) if rules else None, force
    )
    sources = ingest.sources_of(paths, options.output, again=again)
    caller.summary = ingest.run(
        lambda: sources, options, caller.listener, engine=engine.PREFECT, read_batch=read_batch, commit=commit
    )
    _leave_artifacts("ziping-ingest", caller.summary)
    return Completed(message=as_text(caller.summary).splitlines()[0])


@flow(name="ziping-nightly", flow_run_name="ziping-nightly", persist_result=False, validate_parameters=False)
def nightly_flow(config: str) -> State[None]:
    """Visit the sources that the ziping.toml at `config` names, read what is new, tell who has to know."""
    caller = _caller.get() or _Caller(Quiet(get_run_logger().warning))
    settings = load_settings(Path(config))
    caller.night = night = nightly.run_night(
        settings, caller.listener, engine=engine.PREFECT, gather=gather, read_batch=read_batch, commit=commit
    )
    _leave_artifacts("ziping-nightly", night.summary)
    logger = get_run_logger()
    for sentence in night.unsent:
        logger.error(sentence)
    message = as_text(night.summary).splitlines()[0]
    if night.notice is None:
        return Completed(message=message)
    return Completed(name="NeedsAttention", message=night.notice.text.splitlines()[0])


def serve_nightly(
    config: Path, cron: str, timezone: str, name: str, on_ready: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Register the nightly run under `name` and start it on time, one at a time, until stopped.

    Raises ConfigError when `cron` or `timezone` is none.
    """
    try:
        schedule = Cron(cron, timezone=timezone)
        deployment = RunnerDeployment.from_flow(
            nightly_flow,
            name,
            schedule=schedule,
            parameters={"config": str(config)},
            tags=TAGS,
            description=f"ziping 夜间运行：{config}",
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
    except ValueError as error:
        raise ConfigError(f"定时“{cron}”（{timezone}）有误；应如 0 2 * * * 和 Asia/Shanghai。") from error
    # on SIGTERM the runner forgets to await its own end, and says so on stderr; the process ends all the same
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
    for sentence in _clear(f"{nightly_flow.name}/{name}"):
        say(sentence)
    on_ready()
    serve(deployment, limit=1, pause_on_shutdown=False, print_starting_message=False)


def _clear(deployment: str) -> list[str]:
    """What an earlier life of this machine left: runs that never ended, and all but the last of those not begun.

    Nobody else runs this deployment, so a run that goes on now has no process any more.
    """
    told = []
    with get_client(sync_client=True) as client:
        try:
            known = DeploymentFilter(id=DeploymentFilterId(any_=[client.read_deployment_by_name(deployment).id]))
        except ObjectNotFound:
            return []
        for run in _runs(client, known, StateType.RUNNING, StateType.PENDING, StateType.CANCELLING):
            client.set_flow_run_state(run.id, Crashed(message="运行的进程已不在（被终止或机器重启）"), force=True)
            told.append(f"上次的运行 {run.name} 没有结束，已记为中断。")
        due = [run for run in _runs(client, known, StateType.SCHEDULED) if _is_due(run)]
        for run in due[:-1]:
            client.set_flow_run_state(run.id, Cancelled(message="停机期间错过，由其后的运行代替"), force=True)
        if due:
            told.append(f"停机期间错过 {len(due)} 次，现在补一次。")
    return told


def _runs(client: SyncPrefectClient, deployment: DeploymentFilter, *states: StateType) -> list[FlowRun]:
    chosen = FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(states))))
    return client.read_flow_runs(
        flow_run_filter=chosen, deployment_filter=deployment, sort=FlowRunSort.EXPECTED_START_TIME_ASC
    )


def _is_due(run: FlowRun) -> bool:
    return run.expected_start_time is not None and run.expected_start_time < datetime.now(UTC)


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
    if not _ran(api, nightly_flow, {"config": str(config)}, caller, say):
        return nightly.run_night(load_settings(config), listener)
    if caller.night is None:
        raise RuntimeError("the flow ended without a result")
    return caller.night


def _ran(
    api: str, chosen: Callable[..., Any], arguments: dict[str, Any], caller: _Caller, say: Callable[[str], None]
) -> bool:
    """Run the flow `chosen` for `caller`; False when the API went away before the work was done."""
    token = _caller.set(caller)
    try:
        chosen(**arguments)
    except ZipingError:
        raise
    except Exception as error:
        if caller.summary is None and caller.night is None:
            if engine.answers(api):
                raise
            say(f"Prefect API {api} 中途失去应答，改在本进程内重新读取。")
            return False
        say(f"数据集已更新，但向 Prefect 报告结果时出错（{error}）；运行记录可能不完整。")
    finally:
        _caller.reset(token)
    return True


def _leave_artifacts(key: str, summary: Summary) -> None:
    """What a person reads on the run's page: the digest, and its tables."""
    create_markdown_artifact(digest.as_markdown(summary), key=key, description="ziping 运行小结")
    for name, rows in digest.tables(summary).items():
        create_table_artifact(rows, key=f"{key}-{name}", description=f"ziping {name}")

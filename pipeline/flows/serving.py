"""The nightly run as a deployment that starts itself on time (定时)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import Flow, serve
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron, Schedule
from prefect.states import Cancelled, Crashed
from prefect.types.entrypoint import EntrypointType

from pipeline.flows import TAGS
from pipeline.flows.runs import nightly_flow, reprocess_flow, retry_flow
from schemas.errors import ConfigError


def serve_nightly(
    config: Path, cron: str, timezone: str, name: str, on_ready: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Register the nightly run under `name` and start it on time, one at a time, until stopped.

    Raises ConfigError when `cron` or `timezone` is none.
    """
    try:
        schedule = Cron(cron, timezone=timezone)
        deployment = _deployment(nightly_flow, name, f"ziping 夜间运行：{config}", schedule)
    except ValueError as error:
        raise ConfigError(f"定时“{cron}”（{timezone}）有误；应如 0 2 * * * 和 Asia/Shanghai。") from error
    # on SIGTERM the runner forgets to await its own end, and says so on stderr; the process ends all the same
    warnings.filterwarnings("ignore", message="coroutine 'Runner.astop' was never awaited")
    for sentence in _clear(f"{nightly_flow.name}/{name}"):
        say(sentence)
    on_ready()
    by_hand = [
        _deployment(reprocess_flow, name, f"重读旧版本程序读过的文件：{config}"),
        _deployment(retry_flow, name, f"重试隔离中的文件：{config}"),
    ]
    serve(deployment, *by_hand, limit=1, pause_on_shutdown=False, print_starting_message=False)


def _deployment(
    flow: Flow[..., Any], name: str, description: str, schedule: Schedule | None = None
) -> RunnerDeployment:
    """A deployment of `flow`; the ziping.toml is that of this process, no parameter of a run."""
    return RunnerDeployment.from_flow(
        flow,
        name,
        schedule=schedule,
        tags=TAGS,
        description=description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


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

"""Readers on several machines: in the workers of a Prefect work pool, or in a Dask cluster (读取端)."""

from __future__ import annotations

import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from pathlib import Path
from uuid import UUID

from prefect import flow, get_run_logger, task
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.deployments import run_deployment
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled, Completed, Crashed
from prefect.types.entrypoint import EntrypointType

from pipeline.flows import TAGS
from pipeline.night.settings import LOCAL_CLUSTER, Scale
from pipeline.reading.ingest import Batch, BatchResult, ReadBatches
from pipeline.several_machines.exchange import Address
from pipeline.several_machines.spread import read_shared, spread
from schemas.errors import ConfigError

SEE_OFF_SECONDS = 30.0


@flow(name="ziping-reader", flow_run_name="ziping-reader-{run}", persist_result=False)
def reader_flow(url: str, run: str, endpoint: str | None, patience: float, version: str) -> State[None]:
    """Help the run `run`, which hands out its files at `url`, until nothing is left to read."""
    files = read_shared(Address(url, run, endpoint, patience, version), get_run_logger().info)
    return Completed(message=f"读取 {files} 个文件")


@task(name="read-shared", cache_policy=NO_CACHE, persist_result=False)
def read_task(url: str, run: str, endpoint: str | None, patience: float, version: str) -> int:
    """The same as a task, for clusters that take tasks; returns how many files were read.

    Dask's processes are daemons, which may have no children: those of this project end with their parent all the same.
    """
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    return read_shared(Address(url, run, endpoint, patience, version), get_run_logger().info)


def spread_over(scale: Scale, rules_file: Path | None) -> ReadBatches:
    """Batches read by readers in the work pool or cluster that `scale` names."""
    place = partial(_in_pool, scale.pool) if scale.pool is not None else partial(_on_dask, scale.dask or "")

    def read(batches: Iterator[Batch], on_file: Callable[[], None]) -> Iterator[BatchResult]:
        return spread(batches, scale, rules_file, place, on_file)

    return read


@contextmanager
def _in_pool(pool: str, address: Address, readers: int) -> Iterator[None]:
    """Readers as flow runs in a work pool: its workers, on whatever machines, start them."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(pool)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        deployment = RunnerDeployment.from_flow(
            reader_flow, pool, work_pool_name=pool, tags=TAGS, entrypoint_type=EntrypointType.MODULE_PATH
        )
        deployment.apply()
        runs = [_start(f"{reader_flow.name}/{pool}", address) for _ in range(readers)]
        try:
            yield
        finally:
            _see_off(client, runs)


def _start(deployment: str, address: Address) -> UUID:
    run = run_deployment(deployment, parameters=asdict(address), timeout=0)
    assert isinstance(run, FlowRun)  # a coroutine only where an event loop runs
    return run.id


def _see_off(client: SyncPrefectClient, runs: list[UUID]) -> None:
    """Let readers end by themselves; one that was killed, or never began, would be shown as going on for ever."""
    deadline = time.monotonic() + SEE_OFF_SECONDS
    while going := [run for run in map(client.read_flow_run, runs) if run.state is None or not run.state.is_final()]:
        if time.monotonic() > deadline:
            break
        time.sleep(1)
    for run in going:
        begun = run.start_time is not None
        state: State[None] = Crashed(message="没有等到它结束") if begun else Cancelled(message="没有轮到它开始")
        client.set_flow_run_state(run.id, state, force=True)


@contextmanager
def _on_dask(scheduler: str, address: Address, readers: int) -> Iterator[None]:
    """Readers as tasks of a Dask cluster: the one at `scheduler`, or one on this machine."""
    try:
        prefect_dask = importlib.import_module("prefect_dask")
    except ImportError as error:
        raise ConfigError("[scale] 的 dask 需要 prefect-dask；请运行 pip install 'zipingbiao[dask]'。") from error
    if scheduler == LOCAL_CLUSTER:
        runner = prefect_dask.DaskTaskRunner(cluster_kwargs={"n_workers": readers, "threads_per_worker": 1})
    else:
        runner = prefect_dask.DaskTaskRunner(address=scheduler)
    with runner:
        futures = [runner.submit(read_task, parameters=asdict(address)) for _ in range(readers)]
        yield
        for future in futures:
            future.wait(SEE_OFF_SECONDS)
            if not future.state.is_completed():
                get_run_logger().warning("读取端没有做完：%s", future.state.message)

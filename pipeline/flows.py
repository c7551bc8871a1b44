"""The flow of ziping in Prefect: the only module that imports it (Prefect 流程).

The steps are those of `pipeline.ingest`, wrapped as tasks of a batch each. What ends up in the dataset never depends
on Prefect's own database: it loses events in bursts, the store does not.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path

from pipeline import engine, ingest  # engine first: Prefect reads its settings when it is imported

# isort: split

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from pipeline.isolation import Limits
from pipeline.progress import Quiet
from pipeline.store import Committed
from pipeline.summary import STATUS_ZH, Summary, as_text
from schemas.errors import ZipingError

TAGS = ["ziping"]
ARTIFACT_KEY = "ziping-ingest"


@dataclass(slots=True)
class _Caller:
    """Who started the flow in this process: is told of the progress, and gets the summary even if the API goes away."""

    listener: ingest.Listener
    summary: Summary | None = None


_caller: ContextVar[_Caller | None] = ContextVar("_caller", default=None)


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
) -> State[None]:
    """Read files, folders and patterns into the dataset at `output`; `force` reads what is known, too.

    `rules` is a file of the user's own rules.
    """
    caller = _caller.get() or _Caller(Quiet(get_run_logger().warning))
    options = ingest.Options(
        Path(output), workers, Limits(timeout_seconds, memory_mb), Path(rules) if rules else None, force
    )
    caller.summary = ingest.run(
        paths, options, caller.listener, engine=engine.PREFECT, read_batch=read_batch, commit=commit
    )
    _leave_artifacts(caller.summary)
    return Completed(message=as_text(caller.summary).splitlines()[0])


def run_flow(
    api: str,
    paths: Sequence[str],
    options: ingest.Options,
    listener: ingest.Listener,
    say: Callable[[str], None],
) -> Summary:
    """Run the flow here and now, its history kept at `api`; if that goes away, without it.

    Raises what `ingest.run` raises.
    """
    caller = _Caller(listener)
    token = _caller.set(caller)
    try:
        ingest_flow(
            list(paths),
            str(options.output),
            options.workers,
            options.limits.seconds,
            options.limits.memory_mb,
            str(options.rules_file) if options.rules_file else None,
            options.force,
        )
    except ZipingError:
        raise
    except Exception as error:
        if caller.summary is None:
            if engine.answers(api):
                raise
            say(f"Prefect API {api} 中途失去应答，改在本进程内重新读取。")
            return ingest.run(paths, options, listener)
        say(f"数据集已更新，但向 Prefect 报告结果时出错（{error}）；运行记录可能不完整。")
    finally:
        _caller.reset(token)
    if caller.summary is None:
        raise RuntimeError("the flow ended without a summary")
    return caller.summary


def _leave_artifacts(summary: Summary) -> None:
    create_markdown_artifact(f"```\n{as_text(summary)}\n```", key=ARTIFACT_KEY, description="ziping 入库小结")
    totals = summary.totals
    rows = [("文件", totals.files), *((f"文件：{STATUS_ZH[status]}", n) for status, n in totals.by_status.items())]
    rows += [(name, count) for name, count in totals.counts._asdict().items()]
    create_table_artifact(
        [{"项目": name, "数量": count} for name, count in rows],
        key=f"{ARTIFACT_KEY}-counts",
        description="ziping 入库计数",
    )

"""What each command of `ziping` does; stdout is data, stderr is talk (各命令)."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import cli
from pipeline.isolation import Limits, stop_workers, warm_up, workers_for
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.ingest import Listener, Options
    from pipeline.summary import Summary


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def ingest(options: Namespace) -> int:
    """`ziping ingest`: read files into the dataset."""
    warm_up()
    from pipeline.ingest import Options
    from pipeline.progress import progress
    from pipeline.summary import as_text, to_json

    rules = Path(options.rules) if options.rules else None
    limits = Limits(options.timeout, options.memory)
    settings = Options(Path(options.output), options.workers, limits, rules, options.force)
    with progress(say) as listener:
        summary = _run(options.paths, settings, listener)
    say(as_text(summary))
    if options.json:
        print(json.dumps(to_json(summary), ensure_ascii=False, indent=2))
    if unreadable(summary):
        return cli.UNREADABLE
    totals = summary.totals
    errors = totals.counts.errors + totals.known_errors
    fatal = {"error": errors, "warning": errors + totals.counts.warnings + totals.known_warnings}
    return cli.FINDINGS if fatal.get(options.fail_on) else cli.OK


def unreadable(summary: Summary) -> bool:
    """Whether a file of the run could not be read, in this run or before."""
    return bool(summary.totals.failed or summary.totals.by_status["quarantined"])


def _run(paths: Sequence[str], settings: Options, listener: Listener) -> Summary:
    """In Prefect where its API is configured and answers, else the same steps right here."""
    from pipeline import engine
    from pipeline import ingest as plain

    api = engine.configured_api()
    if api is None:
        say("未配置 Prefect API，在本进程内直接运行。")
    elif not engine.answers(api):
        say(f"Prefect API {api} 没有应答，在本进程内直接运行；请检查 PREFECT_API_URL 或启动该服务。")
    else:
        say(f"经 Prefect 运行（{api}）。")
        from pipeline.flows import run_flow

        return run_flow(api, paths, settings, listener, say)
    return plain.run(paths, settings, listener)


def show(options: Namespace) -> int:
    """`ziping show`: what was understood from one file."""
    if (options.page is None) != (options.image is None):
        raise ConfigError("--page 和 --image 要一起使用：画哪一页，存到哪个图片文件。")
    workers = workers_for(1, Limits(options.timeout, options.memory))
    try:
        if options.image is not None:
            from pipeline.picture import draw

            workers.call(draw, options.file, options.page, options.image)
            say(f"第 {options.page} 页已画到 {options.image}。")
            return cli.OK
        (result,) = workers.read([options.file])
    finally:
        stop_workers()
    from pipeline import show as shown

    if options.json:
        print(json.dumps(shown.as_json(result), ensure_ascii=False, indent=2))
    else:
        shown.show(result)
    return cli.UNREADABLE if result.document.status == "failed" else cli.OK


def audit(options: Namespace) -> int:
    """`ziping audit`: what does not add up in the dataset, and decisions about it."""
    from pipeline.audit.command import audit as run

    return run(options, say)


def schema(options: Namespace) -> int:
    """`ziping schema`: the data dictionary."""
    from pipeline import dictionary

    if options.json:
        print(json.dumps(dictionary.as_json(), ensure_ascii=False, indent=2))
    elif options.markdown:
        print(dictionary.as_markdown(), end="")
    else:
        dictionary.show()
    return cli.OK

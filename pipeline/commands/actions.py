"""What each command of `ziping` does; stdout is data, stderr is talk (各命令)."""

from __future__ import annotations

import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import exit_codes
from pipeline.reading.workers import Limits, stop_workers, warm_up, workers_for
from schemas.errors import ConfigError

if TYPE_CHECKING:
    from pipeline.reading.ingest import Listener, Options
    from pipeline.reading.run_summary import Summary

MEMORY_POOL = ("ARROW_DEFAULT_MEMORY_POOL", "system")
"""pyarrow reads this when it is imported: its own allocator keeps what it once had, the system's gives it back."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _get_ready() -> None:
    """Before anything is imported that reads files or writes the dataset."""
    os.environ.setdefault(*MEMORY_POOL)
    warm_up()


def ingest(options: Namespace) -> int:
    """`ziping ingest`: read files into the dataset."""
    summary = _read(options, options.paths, force=options.force, again=False)
    if options.json:
        from pipeline.reading.run_summary import to_json

        print(json.dumps(to_json(summary), ensure_ascii=False, indent=2))
    if unreadable(summary):
        return exit_codes.UNREADABLE
    totals = summary.totals
    errors = totals.counts.errors + totals.known_errors
    fatal = {"error": errors, "warning": errors + totals.counts.warnings + totals.known_warnings}
    return exit_codes.FINDINGS if fatal.get(options.fail_on) else exit_codes.OK


def _read(options: Namespace, paths: Sequence[str], *, force: bool, again: bool) -> Summary:
    """Read `paths` as the options of a command say, and tell a person what came of it.

    With `again` they are addresses of the dataset.
    """
    _get_ready()
    from pipeline.reading.ingest import Options
    from pipeline.reading.progress import progress
    from pipeline.reading.run_summary import as_text

    rules = Path(options.rules) if options.rules else None
    limits = Limits(options.timeout, options.memory)
    settings = Options(Path(options.output), options.workers, limits, rules, force)
    with progress(say) as listener:
        summary = _run(paths, settings, listener, again=again)
    say(as_text(summary))
    return summary


def unreadable(summary: Summary) -> bool:
    """Whether a file of the run could not be read, in this run or before."""
    return bool(summary.totals.failed or summary.totals.by_status["quarantined"])


def _run(paths: Sequence[str], settings: Options, listener: Listener, *, again: bool) -> Summary:
    """In Prefect where its API is configured and answers, else the same steps right here."""
    from pipeline.reading import ingest as plain

    api = _api()
    if api is not None:
        from pipeline.flows.runs import run_ingest_flow

        return run_ingest_flow(api, paths, settings, listener, say, again=again)
    sources = plain.sources_of(paths, settings.output, again=again)
    return plain.run(lambda: sources, settings, listener)


def _api() -> str | None:
    """The Prefect API to run in, None where the steps are taken in this process; says which."""
    from pipeline import prefect_api

    api = prefect_api.configured_api()
    if api is None:
        say("未配置 Prefect API，在本进程内直接运行。")
    elif not prefect_api.answers(api):
        say(f"Prefect API {api} 没有应答，在本进程内直接运行；请检查 PREFECT_API_URL 或启动该服务。")
        return None
    else:
        say(f"经 Prefect 运行（{api}）。")
    return api


def nightly(options: Namespace) -> int:
    """`ziping nightly`: visit the sources of ziping.toml, read what is new, tell who has to know."""
    _get_ready()
    from pipeline.night.nightly import run_night
    from pipeline.night.settings import load_settings
    from pipeline.reading.progress import progress
    from pipeline.reading.run_summary import as_text, to_json

    settings = load_settings(Path(options.config))
    with progress(say) as listener:
        api = _api()
        if api is not None:
            from pipeline.flows.runs import run_nightly_flow

            night = run_nightly_flow(api, settings.path, listener, say)
        else:
            night = run_night(settings, listener)
    say(as_text(night.summary))
    for sentence in night.unsent:
        say(sentence)
    if night.notice is not None:
        say("需要处理：" + "；".join(reason.text for reason in night.notice.reasons))
    if options.json:
        reasons = [reason.code for reason in night.notice.reasons] if night.notice else []
        told = {**to_json(night.summary), "needs_attention": reasons, "notify_failures": list(night.unsent)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    return exit_codes.UNREADABLE if night.needs_somebody else exit_codes.OK


def sources(options: Namespace) -> int:
    """`ziping sources`: what ziping.toml names; with `--check` what is there now, without keeping anything."""
    from pipeline.night import survey
    from pipeline.night.settings import load_settings

    settings = load_settings(Path(options.config))
    if not options.check:
        listed = [{"name": source.name, "at": survey.place_of(source)} for source in settings.sources]
        lines = "\n".join(f"{each['name']}  {each['at']}" for each in listed)
        print(json.dumps(listed, ensure_ascii=False, indent=2) if options.json else lines)
        return exit_codes.OK
    checked = list(survey.check(settings))
    told = json.dumps(survey.to_json(checked), ensure_ascii=False, indent=2) if options.json else None
    print(told or survey.as_text(checked))
    return exit_codes.UNREADABLE if any(each.problems for each in checked) else exit_codes.OK


def schedule(options: Namespace) -> int:
    """`ziping schedule`: serve the nightly run on time, with a Prefect server where there is none."""
    from pipeline.flows.schedule import ServicePlan, serve, systemd_unit
    from pipeline.night.settings import load_settings

    settings = load_settings(Path(options.config))
    plan = ServicePlan(options.cron, options.timezone, options.name, options.port)
    if options.systemd:
        print(systemd_unit(settings, plan), end="")
        return exit_codes.OK
    serve(settings, plan, say)
    return exit_codes.OK


def show(options: Namespace) -> int:
    """`ziping show`: what was understood from one file."""
    if options.page is not None and options.image is None:
        raise ConfigError("--page 要与 --image 一起使用：画哪一页，存到哪个图片文件。")
    workers = workers_for(1, Limits(options.timeout, options.memory))
    try:
        if options.image is not None:
            from pipeline.commands.page_picture import draw

            workers.call(draw, options.file, options.page, options.image)
            say(f"{f'第 {options.page} 页' if options.page else '文件自身的表格'}已画到 {options.image}。")
            return exit_codes.OK
        if options.why:
            from pipeline.commands import why

            why.show(workers.call(why.explain, options.file))
            return exit_codes.OK
        (result,) = workers.read([options.file])
    finally:
        stop_workers()
    from pipeline.commands import show as shown

    if options.json:
        print(json.dumps(shown.as_json(result), ensure_ascii=False, indent=2))
    else:
        shown.show(result)
    return exit_codes.UNREADABLE if result.document.status == "failed" else exit_codes.OK


def audit(options: Namespace) -> int:
    """`ziping audit`: what does not add up in the dataset, and decisions about it."""
    from pipeline.audit.command import audit as run

    return run(options, say)


def quarantine(options: Namespace) -> int:
    """`ziping quarantine`: the files whose last reading failed; with `--retry` read once more."""
    from pipeline.reading import quarantine as waiting

    output = Path(options.output)
    files = waiting.quarantined(output)
    code = exit_codes.OK
    if options.retry and (uris := waiting.present(files)):
        code = exit_codes.UNREADABLE if unreadable(_read(options, uris, force=True, again=True)) else exit_codes.OK
        files = waiting.quarantined(output)
    if options.json:
        print(json.dumps(waiting.to_json(files), ensure_ascii=False, indent=2))
    else:
        print(waiting.as_text(files))
    return code


def reprocess(options: Namespace) -> int:
    """`ziping reprocess`: read again what an older version read, and tell what that changed."""
    from pipeline.dataset.store import open_dataset
    from pipeline.reading import reprocess as again

    output = Path(options.output)
    before = open_dataset(output)
    work = again.outdated(before, options.older_than, output)
    if not work.files:
        say(f"没有早于 {options.older_than} 的程序读取、来源还在的文件。")
    summary = _read(options, work.files, force=True, again=True)
    difference = again.compare(before, open_dataset(output), work.contents | summary.checked_again, work.files)
    if options.json:
        print(json.dumps(again.to_json(difference, work.gone), ensure_ascii=False, indent=2))
    else:
        print(again.as_text(difference, work.gone))
    return exit_codes.UNREADABLE if unreadable(summary) else exit_codes.OK


def snapshots(options: Namespace) -> int:
    """`ziping snapshots`: the states of the dataset that are kept."""
    from pipeline.dataset import store

    kept = store.snapshots(Path(options.output))
    if options.json:
        print(json.dumps([store.describe(each) for each in kept], ensure_ascii=False, indent=2))
        return exit_codes.OK
    for each in kept:
        rows = sum(segment.total for segment in each.segments)
        made = each.created_at.astimezone().strftime("%Y-%m-%d %H:%M:%S")
        print(f"第 {each.number} 版  {made}  文件 {each.count('documents')} 个  共 {rows} 行  {each.path}")
    return exit_codes.OK


def desk(options: Namespace) -> int:
    """`ziping desk`: the auditor's desk in a browser."""
    _get_ready()
    from pipeline.desk.command import desk as run

    return run(options, say)


def export(options: Namespace) -> int:
    """`ziping export`: the dataset for other tools."""
    from pipeline.export.command import export as run

    return run(options, say)


def profile(options: Namespace) -> int:
    """`ziping profile`: the dataset as one page to look at."""
    try:
        from pipeline.export.profile.page import write_profile
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"画图要用的 {error.name} 没有安装；请运行 pip install 'zipingbiao[profile]' 后重试。"
        ) from error

    write_profile(Path(options.output), Path(options.html))
    say(f"数据概览已写入 {options.html}。")
    return exit_codes.OK


def verify(options: Namespace) -> int:
    """`ziping verify`: whether every file the output keeps is as it was written."""
    from dataclasses import asdict

    from pipeline.dataset import verify as integrity

    checked, found = integrity.verify(Path(options.output))
    if options.json:
        told = {"checked": checked, "damaged": [asdict(each) for each in found]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print(f"核验 {checked} 处，损坏 {len(found)} 处")
        for each in found:
            print(f"  {each.path}\n    {each.message}" + ("；下一次运行会修复" if each.heals else ""))
    return exit_codes.UNREADABLE if found else exit_codes.OK


def publish(options: Namespace) -> int:
    """`ziping publish`: the current state of the dataset where other machines read it."""
    from pipeline.dataset import publish as publishing

    done = publishing.publish(Path(options.output), options.destination, options.endpoint)
    say(f"第 {done.number} 版已发布：{done.pointer}（数据文件 {done.parts} 个，新送 {done.sent} 个）")
    return exit_codes.OK


def schema(options: Namespace) -> int:
    """`ziping schema`: the data dictionary."""
    from pipeline.commands import dictionary

    if options.json:
        print(json.dumps(dictionary.as_json(), ensure_ascii=False, indent=2))
    elif options.markdown:
        print(dictionary.as_markdown(), end="")
    else:
        dictionary.show()
    return exit_codes.OK

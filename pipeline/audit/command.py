"""`ziping audit`: the findings of the dataset, and what people decide about them (审核命令)."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path

from pipeline import exit_codes
from pipeline.audit import terminal
from pipeline.audit.coverage import Coverage, coverage
from pipeline.audit.cross import look_across
from pipeline.audit.decisions import Verdict, record
from pipeline.audit.findings import Filters, Finding, findings_of, rule_titles
from pipeline.audit.loading import Desk, open_desk
from pipeline.checks import rules_from
from pipeline.console import stdout_console
from schemas.errors import ConfigError, StoreError

FEWEST_ID_CHARACTERS = 6


def audit(options: Namespace, say: Callable[[str], None]) -> int:
    """Show what does not add up in the dataset, or note a decision. Raises ConfigError, StoreError."""
    output = Path(options.output)
    desk = look_across(open_desk(output, rules_from(Path(options.rules)) if options.rules else None))
    decided = _decision(options)
    if decided is not None:
        verdict, ids = decided
        _decide(output, desk, verdict, ids, options.note or "", say)
        return exit_codes.OK
    if options.note is not None:
        raise ConfigError("--note 要与 --accept、--dismiss 或 --undo 一起使用：说明对哪一处发现作何决定。")
    return _report(desk, _filters(options), options, say)


def _filters(options: Namespace) -> Filters:
    known = rule_titles()
    for rule in options.rule:
        if rule not in known:
            raise ConfigError(f"--rule 的取值 {rule} 不是规则代码，可选：{'、'.join(known)}。")
    return Filters(options.year, options.unit, options.region, tuple(options.rule), options.min_severity)


def _report(desk: Desk, filters: Filters, options: Namespace, say: Callable[[str], None]) -> int:
    everything = findings_of(desk, Filters(filters.year, filters.unit, filters.region, filters.rules))
    findings = [one for one in everything if one.check.severity in filters.severities]
    covered = coverage(desk, filters)
    stale = _stale(desk)
    if options.json:
        print(json.dumps(terminal.as_json(findings, covered, stale), ensure_ascii=False, indent=2))
    elif not options.xlsx and not options.html:
        terminal.show(findings, stdout_console())
    if options.xlsx or options.html:
        _write_reports(desk, findings, covered, filters, options, say)
    say(terminal.summary(findings, covered, len(everything) - len(findings), stale))
    return exit_codes.FINDINGS if any(_counts(one) for one in findings) else exit_codes.OK


def _write_reports(
    desk: Desk,
    findings: Sequence[Finding],
    covered: Coverage,
    filters: Filters,
    options: Namespace,
    say: Callable[[str], None],
) -> None:
    from pipeline.audit.pictures import draw_pictures, file_name, first_pictures, folder_of, write_folder

    for report in filter(None, (options.xlsx, options.html)):
        if not Path(report).absolute().parent.is_dir():
            raise StoreError(f"无法写入 {report}：所在的文件夹不存在；请先建立，或另选位置。")
    drawn = draw_pictures(findings)
    if options.html:
        from pipeline.audit.html import write_html

        folder = write_html(Path(options.html), desk, findings, covered, filters, drawn)
        beside = f"，部分截图在 {folder}，请一并转交" if folder else ""
        say(f"网页报告已写入 {options.html}{beside}。")
    if options.xlsx:
        from pipeline.audit.excel import write_workbook

        path = Path(options.xlsx)
        folder = folder_of(path)
        pictures = first_pictures(findings, drawn)
        links = {check_id: f"{folder.name}/{file_name(picture)}" for check_id, picture in pictures.items()}
        write_workbook(path, desk, findings, covered, filters, links)
        write_folder(folder, {file_name(picture): picture for picture in pictures.values()})
        say(f"发现与重算已写入 {options.xlsx}{f'，截图在 {folder}，请一并转交' if pictures else ''}。")


def _counts(one: Finding) -> bool:
    """Whether a finding makes the exit code 1: an error that nobody has dismissed."""
    return one.check.severity == "error" and not (one.decision and one.decision.verdict == "dismissed")


def _stale(desk: Desk) -> int:
    """Decisions in force that no finding of the dataset answers to any more."""
    if not desk.decisions:
        return 0
    found = findings_of(desk, Filters(ids=tuple(desk.decisions)))
    return len(desk.decisions) - sum(one.decision is not None for one in found)


def _decision(options: Namespace) -> tuple[Verdict, Sequence[str]] | None:
    asked: dict[Verdict, Sequence[str]] = {
        "accepted": options.accept,
        "dismissed": options.dismiss,
        "reopened": options.undo,
    }
    given = [(verdict, ids) for verdict, ids in asked.items() if ids]
    if len(given) > 1:
        raise ConfigError("--accept、--dismiss、--undo 一次只能用一个。")
    return given[0] if given else None


def _decide(
    output: Path, desk: Desk, verdict: Verdict, ids: Sequence[str], note: str, say: Callable[[str], None]
) -> None:
    """Note the decision about all of `ids`, or about none where one of them is unknown or cannot be undone."""
    for given in ids:
        if len(given) < FEWEST_ID_CHARACTERS:
            raise ConfigError(f"核对编号 {given} 太短，至少要写前 {FEWEST_ID_CHARACTERS} 个字符。")
    findings = findings_of(desk, Filters(ids=tuple(ids)))
    chosen = list(dict.fromkeys(_named(findings, given) for given in ids))
    if verdict == "reopened":
        for one in chosen:
            if one.decision is None:
                raise ConfigError(f"发现 {one.check.check_id} 没有可撤销的决定。")
    made = record(output, verdict, note, [(one.check.check_id, one.numbers) for one in chosen])
    for one, decision in zip(chosen, made, strict=True):
        say(f"{one.check.check_id[: terminal.SHORT_ID]} {decision.shown}\n  {one.check.message}")


def _named(findings: Sequence[Finding], given: str) -> Finding:
    """The one finding whose id begins with `given`."""
    found = [one for one in findings if one.check.check_id.startswith(given)]
    if not found:
        raise ConfigError(f"数据集中没有编号为 {given} 的发现；编号见 ziping audit 的清单。")
    if len(found) > 1:
        raise ConfigError(f"编号 {given} 对应 {len(found)} 处发现，请写得更长一些。")
    return found[0]

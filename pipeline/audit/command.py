"""`ziping audit`: the findings of the dataset, and what people decide about them (审核命令)."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline import exit_codes
from pipeline.audit import terminal
from pipeline.audit.coverage import Coverage, coverage
from pipeline.audit.decisions import Verdict, record
from pipeline.audit.filters import Filters, matching
from pipeline.audit.findings import AuditFinding, findings_of, rule_titles
from pipeline.audit.journal import user
from pipeline.audit.loading import AuditData, open_desk
from pipeline.checks import rules_from
from pipeline.console import paged, stdout_console
from schemas.errors import ConfigError, StoreError

FEWEST_ID_CHARACTERS = 6
MOST_NAMES = 8
"""Years, units or regions named where a filter matches nothing."""


def audit(options: Namespace, say: Callable[[str], None]) -> int:
    """Show what does not add up in the dataset, or note a decision. Raises ConfigError, StoreError."""
    output = Path(options.output)
    desk = open_desk(output, rules_from(Path(options.rules)) if options.rules else None)
    decided = _decision(options)
    if decided is not None:
        verdict, ids = decided
        _decide(output, desk, verdict, ids, options.note or "", say)
        return exit_codes.OK
    if options.import_ is not None:
        return _import(output, desk, Path(options.import_), say)
    if options.note is not None:
        raise ConfigError("--note 要与 --accept、--dismiss 或 --undo 一起使用：说明对哪一处发现作何决定。")
    return _report(desk, _filters(options), options, say)


def _filters(options: Namespace) -> Filters:
    known = rule_titles()
    for rule in options.rule:
        if rule not in known:
            raise ConfigError(f"--rule 的取值 {rule} 不是规则代码，可选：{'、'.join(known)}。")
    return Filters(
        options.year,
        options.unit,
        options.department,
        options.region,
        options.document,
        tuple(options.rule),
        options.min_severity,
    )


def _report(desk: AuditData, filters: Filters, options: Namespace, say: Callable[[str], None]) -> int:
    _check_that_some_match(desk, filters)
    everything = findings_of(desk, filters.any_severity)
    findings = [one for one in everything if one.check.severity in filters.severities]
    covered = coverage(desk, filters)
    stale = _stale(desk)
    if options.json:
        print(json.dumps(terminal.as_json(findings, covered, stale), ensure_ascii=False, indent=2))
    elif not options.xlsx and not options.html and not options.docx:
        with paged(stdout_console()) as console:
            terminal.show(() if options.summary else findings[: options.limit], console)
    if options.xlsx or options.html:
        html, xlsx = (Path(each) if each else None for each in (options.html, options.xlsx))
        _write_reports(_Reports(desk, findings, covered, filters), html, xlsx, say)
    if options.docx:
        from pipeline.audit.papers import write_papers

        templates = Path(options.templates) if options.templates else None
        written = write_papers(Path(options.docx), findings, options.author or user(), templates)
        say(f"底稿与问题清单共 {len(written)} 份，已写入 {options.docx}。")
    say(terminal.summary(findings, covered, len(everything) - len(findings), stale))
    return exit_codes.FINDINGS if any(_counts(one) for one in findings) else exit_codes.OK


def write_reports(output: Path, *, html: Path | None = None, xlsx: Path | None = None) -> None:
    """The findings of the dataset, contradictions and doubts, as a page or a workbook. Raises StoreError."""
    desk, filters = open_desk(output), Filters(min_severity="warning")
    findings, covered = findings_of(desk, filters), coverage(desk, filters)
    _write_reports(_Reports(desk, findings, covered, filters), html, xlsx, lambda text: None)


@dataclass(frozen=True, slots=True)
class _Reports:
    """What is written: the data, the findings chosen, how they were chosen."""

    desk: AuditData
    findings: Sequence[AuditFinding]
    covered: Coverage
    filters: Filters


def _check_that_some_match(desk: AuditData, filters: Filters) -> None:
    """Raises ConfigError naming what the dataset holds where nothing passes the filters."""
    found = matching(desk, filters)
    if not filters.names_forms and (found or not filters.document):
        return
    if any(evaluation_id is not None for _, evaluation_id in found):
        return
    rows = desk.evaluations.values()
    held = {
        "年度": sorted({str(row.fiscal_year) for row in rows if row.fiscal_year}),
        "单位": sorted({row.unit or row.department or "" for row in rows} - {""}),
        "地区": sorted({row.region for row in rows if row.region}),
        "文件": sorted({row.file_name for row in desk.documents.values()}) if filters.document else [],
    }
    told = "；".join(f"{title}：{_some(names)}" for title, names in held.items() if names)
    beside = f"，{told}" if told else ""
    asked = filters.any_severity.told()
    raise ConfigError(f"没有符合所给条件（{asked}）的自评。数据集中有自评 {len(rows)} 份{beside}。")


def _some(names: Sequence[str]) -> str:
    return "、".join(names[:MOST_NAMES]) + (f"等 {len(names)} 个" if len(names) > MOST_NAMES else "")


def _write_reports(what: _Reports, html: Path | None, xlsx: Path | None, say: Callable[[str], None]) -> None:
    from pipeline.audit.pictures import draw_pictures, excerpt_texts, file_name, first_pictures, folder_of, write_folder

    for report in filter(None, (xlsx, html)):
        if not report.absolute().parent.is_dir():
            raise StoreError(f"无法写入 {report}：所在的文件夹不存在；请先建立，或另选位置。")
    drawn = draw_pictures(what.findings)
    if html:
        from pipeline.audit.html import write_html

        folder = write_html(html, what.desk, what.findings, what.covered, what.filters, drawn)
        beside = f"，部分截图在 {folder}，请一并转交" if folder else ""
        say(f"网页报告已写入 {html}{beside}。")
    if xlsx:
        from pipeline.audit.excel import write_workbook

        folder = folder_of(xlsx)
        pictures = first_pictures(what.findings, drawn)
        links = {check_id: f"{folder.name}/{file_name(picture)}" for check_id, picture in pictures.items()}
        excerpts = excerpt_texts(what.findings, drawn)
        write_workbook(xlsx, what.desk, what.findings, what.covered, what.filters, links, excerpts)
        write_folder(folder, {file_name(picture): picture for picture in pictures.values()})
        say(f"发现与重算已写入 {xlsx}{f'，截图在 {folder}，请一并转交' if pictures else ''}。")


def _import(output: Path, desk: AuditData, workbook: Path, say: Callable[[str], None]) -> int:
    """Take the decisions of a returned workbook; what is not understood is listed."""
    from pipeline.audit.replies import import_decisions

    done = import_decisions(output, workbook, findings_of(desk, Filters()))
    say(
        f"读回 {workbook}：记下决定 {done.taken} 项，未变 {done.unchanged} 项，未能理解 {len(done.not_understood)} 处。"
    )
    for sentence in done.not_understood:
        say(f"  {sentence}")
    return exit_codes.FINDINGS if done.not_understood else exit_codes.OK


def _counts(one: AuditFinding) -> bool:
    """Whether a finding makes the exit code 1: an error that nobody has dismissed."""
    return one.check.severity == "error" and not (one.decision and one.decision.verdict == "dismissed")


def _stale(desk: AuditData) -> int:
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
    output: Path, desk: AuditData, verdict: Verdict, ids: Sequence[str], note: str, say: Callable[[str], None]
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


def _named(findings: Sequence[AuditFinding], given: str) -> AuditFinding:
    """The one finding whose id begins with `given`."""
    found = [one for one in findings if one.check.check_id.startswith(given)]
    if not found:
        raise ConfigError(f"数据集中没有编号为 {given} 的发现；编号见 ziping audit 的清单。")
    if len(found) > 1:
        raise ConfigError(f"编号 {given} 对应 {len(found)} 处发现，请写得更长一些。")
    return found[0]

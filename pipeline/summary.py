"""What a run did, for a person and for a machine (运行小结)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from pipeline.process import FileResult

SHOWN = 20
"""Files named in the summary a person reads; `--json` names all."""

STATUS_ZH = {"ok": "已读", "partial": "部分读出", "empty": "无自评", "failed": "未能读取"}


@dataclass(frozen=True, slots=True)
class Note:
    """A file and what is to be said of it (文件说明)."""

    source_uri: str
    code: str
    message: str


@dataclass(slots=True)
class Tally:
    """Counts over files; tallies of batches add up (计数)."""

    files: int = 0
    by_status: Counter[str] = field(default_factory=Counter)
    evaluations: int = 0
    rows: Counter[str] = field(default_factory=Counter)
    checks: int = 0
    findings: Counter[str] = field(default_factory=Counter)
    failed: list[Note] = field(default_factory=list)
    partial: list[Note] = field(default_factory=list)

    def add(self, result: FileResult) -> None:
        """Count one file."""
        document, records = result.document, result.records
        self.files += 1
        self.by_status[document.status] += 1
        self.evaluations += len(records.evaluations)
        self.rows["funding"] += sum(len(part.funding) for part in records.evaluations)
        self.rows["indicators"] += sum(len(part.indicators) for part in records.evaluations)
        self.rows["amounts"] += sum(len(part.amounts) for part in records.evaluations) + len(records.amounts)
        self.rows["sections"] += sum(len(part.sections) for part in records.evaluations) + len(records.sections)
        self.checks += len(result.checks)
        self.findings.update(check.severity for check in result.checks if check.outcome == "inconsistent")
        note = Note(document.source_uri, document.error_code or "", document.error or "")
        if document.status == "failed":
            self.failed.append(note)
        elif document.status == "partial":
            self.partial.append(note)

    def __iadd__(self, other: Tally) -> Tally:
        self.files += other.files
        self.by_status += other.by_status
        self.evaluations += other.evaluations
        self.rows += other.rows
        self.checks += other.checks
        self.findings += other.findings
        self.failed += other.failed
        self.partial += other.partial
        return self


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole run: `kept` failed this time but keep an earlier reading, `duplicates` name the file counted (小结)."""

    tally: Tally
    skipped: dict[str, int]
    kept: tuple[str, ...]
    duplicates: dict[str, str]
    dataset: str
    snapshot: int
    total_rows: dict[str, int]
    seconds: float
    engine: Literal["prefect", "local"]


def to_json(summary: Summary) -> dict[str, Any]:
    """The summary as plain data: counts, then every file that needs somebody, by name and reason."""
    tally = summary.tally
    return {
        "files": tally.files,
        "by_status": dict(tally.by_status),
        "evaluations": tally.evaluations,
        "rows": dict(tally.rows),
        "checks": tally.checks,
        "findings": {severity: tally.findings[severity] for severity in ("error", "warning")},
        "failed": [asdict(note) for note in tally.failed],
        "partial": [asdict(note) for note in tally.partial],
        "duplicates": summary.duplicates,
        "kept_earlier_reading": list(summary.kept),
        "skipped_by_suffix": summary.skipped,
        "dataset": summary.dataset,
        "snapshot": summary.snapshot,
        "dataset_rows": summary.total_rows,
        "seconds": round(summary.seconds, 3),
        "engine": summary.engine,
    }


def as_text(summary: Summary) -> str:
    """The summary in a few lines (给人看的小结)."""
    return "\n".join(_lines(summary))


def _lines(summary: Summary) -> Iterable[str]:
    tally = summary.tally
    parts = "，".join(f"{zh} {tally.by_status[status]}" for status, zh in STATUS_ZH.items() if tally.by_status[status])
    yield f"文件 {tally.files} 个（{parts}），用时 {summary.seconds:.1f} 秒"
    yield (
        f"自评 {tally.evaluations} 份：资金 {tally.rows['funding']} 行，指标 {tally.rows['indicators']} 行，"
        f"其他数额 {tally.rows['amounts']} 个，正文 {tally.rows['sections']} 节"
    )
    errors, warnings = tally.findings["error"], tally.findings["warning"]
    yield f"核对 {tally.checks} 项：数字自相矛盾 {errors} 处，存疑 {warnings} 处"
    yield from _notes("未能读取", tally.failed)
    yield from _notes("部分读出", tally.partial)
    if summary.kept:
        yield f"其中 {len(summary.kept)} 个文件先前读过，数据集中保留先前的结果"
    if summary.duplicates:
        yield f"内容重复 {len(summary.duplicates)} 个，自评只计一次："
        pairs = [f"  {uri} 与 {owner} 相同" for uri, owner in summary.duplicates.items()]
        yield from _first(pairs)
    if summary.skipped:
        kinds = "，".join(f"{suffix} {count}" for suffix, count in list(summary.skipped.items())[:8])
        yield f"跳过其他类型的文件 {sum(summary.skipped.values())} 个（{kinds}）"
    yield f"数据集：{summary.dataset}（第 {summary.snapshot} 版，现有文件 {summary.total_rows['documents']} 个）"


def _notes(title: str, notes: list[Note]) -> Iterable[str]:
    if notes:
        yield f"{title} {len(notes)} 个："
        yield from _first([f"  {note.source_uri}\n    [{note.code}] {note.message}" for note in notes])


def _first(lines: list[str]) -> Iterable[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  ……另有 {len(lines) - SHOWN} 个，见 --json 或数据集的 documents 表"

"""What a run did, for a person and for a machine (运行小结)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from operator import add
from typing import Any, NamedTuple

from pipeline.prefect_api import Engine
from pipeline.reading.one_file import NOT_READ, FileResult
from pipeline.sourcing.local_files import Trouble
from pipeline.streams import one_line

SHOWN = 20
"""Files named in the summary a person reads; `--json` names all."""

NEWS_NAMED = 1_000
"""Contradictions and words a run names at most; `ziping audit` has all."""

UNCHANGED, QUARANTINED = "unchanged", "quarantined"
STATUS_ZH = {
    "ok": "已读",
    "partial": "部分读出",
    "empty": "无自评",
    "failed": "未能读取",
    UNCHANGED: "未变",
    QUARANTINED: "隔离中",
}


@dataclass(frozen=True, slots=True)
class Note:
    """A file and what is to be said of it (文件说明)."""

    source_uri: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Printed numbers that contradict each other, in a report that came in with this run (新发现的矛盾)."""

    source_uri: str
    check_id: str
    rule: str
    message: str


class Counts(NamedTuple):
    """What one content gave, in numbers; counts add up item by item (计数)."""

    evaluations: int = 0
    funding: int = 0
    indicators: int = 0
    amounts: int = 0
    sections: int = 0
    checks: int = 0
    errors: int = 0
    warnings: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*map(add, self, other))


@dataclass(slots=True)
class News:
    """What a night's new reports brought that a person should look at (新情况).

    `contradictions` name the first of them, `contradicted` counts all. `reports` are files with a self-evaluation or
    with a table whose words nobody listed; `unknown` are the latter, `words` how many files print each such word.
    """

    files: int = 0
    contradictions: list[Contradiction] = field(default_factory=list)
    contradicted: int = 0
    reports: int = 0
    unknown: int = 0
    words: Counter[str] = field(default_factory=Counter)

    @property
    def unknown_pct(self) -> float:
        """Share of the reports that have words nobody listed, in percent."""
        return 100 * self.unknown / self.reports if self.reports else 0.0

    def note(self, result: FileResult) -> None:
        """Look at one file whose bytes were seen; content seen here before is no news, whatever had it read again."""
        document = result.document
        if document.document_id == NOT_READ or document.first_seen_at != document.ingested_at:
            return
        self.files += 1
        words = {problem.word for problem in result.records.problems if problem.word}
        self.words.update(words)
        self.unknown += bool(words)
        self.reports += bool(words) or document.evaluation_count > 0
        errors = [check for check in result.checks if check.severity == "error" and check.outcome == "inconsistent"]
        self.contradicted += len(errors)
        self._show(Contradiction(document.source_uri, each.check_id, each.rule, each.message) for each in errors)

    def add(self, other: News) -> None:
        self.files += other.files
        self.contradicted += other.contradicted
        self.reports += other.reports
        self.unknown += other.unknown
        self.words += other.words
        self._show(other.contradictions)

    def _show(self, found: Iterable[Contradiction]) -> None:
        self.contradictions += islice(found, NEWS_NAMED - len(self.contradictions))


@dataclass(slots=True)
class Tally:
    """What became of the files of a batch (一批的计数)."""

    by_status: Counter[str] = field(default_factory=Counter)
    by_content: dict[str, Counts] = field(default_factory=dict)
    failed: list[Note] = field(default_factory=list)
    partial: list[Note] = field(default_factory=list)
    recognised: set[str] = field(default_factory=set)
    news: News = field(default_factory=News)

    def count(self, result: FileResult) -> None:
        """Count one file; the same bytes under another name are another file, not another content."""
        document = result.document
        if result.known is not None:
            self.by_status[QUARANTINED if result.known.quarantined else UNCHANGED] += 1
            self.recognised.add(document.document_id)
            return
        self.by_status[document.status] += 1
        self.news.note(result)
        note = Note(document.source_uri, document.error_code or "", document.error or "")
        if document.status == "failed":
            self.failed.append(note)
            return
        if document.status == "partial":
            self.partial.append(note)
        self.by_content[document.document_id] = _counts(result)


@dataclass(slots=True)
class RunTotals:
    """What became of all files of a run; tallies of its batches add up (合计).

    `counts` are of what was read; `known_errors` and `known_warnings` of the contents in `left`, known and not read.
    """

    by_status: Counter[str] = field(default_factory=Counter)
    counts: Counts = Counts()
    failed: list[Note] = field(default_factory=list)
    partial: list[Note] = field(default_factory=list)
    contents: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    known_errors: int = 0
    known_warnings: int = 0
    news: News = field(default_factory=News)

    @property
    def files(self) -> int:
        return self.by_status.total()

    def take(self, tally: Tally) -> None:
        """Add a batch; content that an earlier batch had too is counted once."""
        self.by_status += tally.by_status
        self.failed += tally.failed
        self.partial += tally.partial
        for content in tally.by_content.keys() - self.contents:
            self.counts = self.counts.plus(tally.by_content[content])
        self.contents |= tally.by_content.keys()
        self.left |= tally.recognised
        self.news.add(tally.news)

    def leave(self, unchanged: int, quarantined: int, contents: set[str]) -> None:
        """Add the files that were not even opened, and what they hold."""
        self.by_status += Counter({UNCHANGED: unchanged, QUARANTINED: quarantined})
        self.left |= contents

    def add_findings(self, by_severity: Mapping[str, int]) -> None:
        """Add what the checks of the contents in `left` had found."""
        self.known_errors += by_severity.get("error", 0)
        self.known_warnings += by_severity.get("warning", 0)


def _counts(result: FileResult) -> Counts:
    records, parts = result.records, result.records.evaluations
    findings = Counter(check.severity for check in result.checks if check.outcome == "inconsistent")
    return Counts(
        evaluations=len(parts),
        funding=sum(len(part.funding) for part in parts),
        indicators=sum(len(part.indicators) for part in parts),
        amounts=sum(len(part.amounts) for part in parts) + len(records.amounts),
        sections=sum(len(part.sections) for part in parts) + len(records.sections),
        checks=len(result.checks),
        errors=findings["error"],
        warnings=findings["warning"],
    )


@dataclass(frozen=True, slots=True)
class Summary:
    """A whole run (小结).

    `kept` failed this time but keep an earlier reading, `duplicates` name the file counted, `missing` are newly gone,
    `troubles` are sources that could not be looked through, `waiting` files still being written, `checked_again` known
    contents that other rules had checked. `last_new_at` is when the dataset last got content it had not seen.
    """

    totals: RunTotals
    skipped: dict[str, int]
    kept: tuple[str, ...]
    duplicates: dict[str, str]
    missing: tuple[str, ...]
    dataset: str
    snapshot: int
    total_rows: dict[str, int]
    seconds: float
    engine: Engine
    troubles: tuple[Trouble, ...] = ()
    waiting: tuple[str, ...] = ()
    checked_again: frozenset[str] = frozenset()
    last_new_at: datetime | None = None


def to_json(summary: Summary) -> dict[str, Any]:
    """The summary as plain data: counts, then every file that needs somebody, by name and reason."""
    totals = summary.totals
    return {
        "files": totals.files,
        "by_status": dict(totals.by_status),
        **totals.counts._asdict(),
        "known_errors": totals.known_errors,
        "known_warnings": totals.known_warnings,
        "checked_again": len(summary.checked_again),
        "failed": [asdict(note) for note in totals.failed],
        "partial": [asdict(note) for note in totals.partial],
        "duplicates": summary.duplicates,
        "kept_earlier_reading": list(summary.kept),
        "missing": list(summary.missing),
        "new": _news_json(totals.news),
        "source_troubles": [asdict(trouble) for trouble in summary.troubles],
        "waiting": list(summary.waiting),
        "last_new_at": summary.last_new_at.isoformat() if summary.last_new_at else None,
        "skipped_by_suffix": summary.skipped,
        "dataset": summary.dataset,
        "snapshot": summary.snapshot,
        "dataset_rows": summary.total_rows,
        "seconds": round(summary.seconds, 3),
        "engine": summary.engine,
    }


def _news_json(news: News) -> dict[str, Any]:
    return {
        "files": news.files,
        "contradictions": [asdict(each) for each in news.contradictions],
        "contradictions_total": news.contradicted,
        "reports": news.reports,
        "reports_with_unknown_words": news.unknown,
        "unknown_words": dict(news.words.most_common(NEWS_NAMED)),
    }


def as_text(summary: Summary) -> str:
    """The summary in a few lines (给人看的小结)."""
    return "\n".join(_lines(summary))


def _lines(summary: Summary) -> Iterable[str]:
    totals, counts = summary.totals, summary.totals.counts
    parts = "，".join(
        f"{zh} {totals.by_status[status]}" for status, zh in STATUS_ZH.items() if totals.by_status[status]
    )
    yield f"文件 {totals.files} 个（{parts}），用时 {summary.seconds:.1f} 秒"
    if totals.counts != Counts() or (totals.files and not totals.left):
        yield from _read(counts)
    if summary.checked_again:
        yield f"规则有变：{len(summary.checked_again)} 份已按库中记录重新核对，未重读文件"
    if totals.left:
        yield f"未变的文件先前核对：数字自相矛盾 {totals.known_errors} 处，存疑 {totals.known_warnings} 处"
    if totals.by_status[QUARANTINED]:
        yield f"隔离中 {totals.by_status[QUARANTINED]} 个先前未能读取，未再重试；原因见 ziping quarantine"
    yield from _troubles(summary)
    yield from _notes("未能读取", totals.failed)
    yield from _notes("部分读出", totals.partial)
    if summary.kept:
        yield f"其中 {len(summary.kept)} 个文件先前读过，数据集中保留先前的结果"
    if summary.duplicates:
        yield f"内容重复 {len(summary.duplicates)} 个，自评只计一次："
        pairs = [f"  {one_line(uri)} 与 {one_line(owner)} 相同" for uri, owner in summary.duplicates.items()]
        yield from _first(pairs)
    if summary.missing:
        yield f"来源不再存在 {len(summary.missing)} 个，各行保留："
        yield from _first([f"  {one_line(uri)}" for uri in summary.missing])
    if summary.skipped:
        kinds = "，".join(f"{suffix} {count}" for suffix, count in list(summary.skipped.items())[:8])
        yield f"跳过其他类型的文件 {sum(summary.skipped.values())} 个（{kinds}）"
    yield f"数据集：{summary.dataset}（第 {summary.snapshot} 版，现有文件 {summary.total_rows['documents']} 个）"


def _read(counts: Counts) -> Iterable[str]:
    yield (
        f"自评 {counts.evaluations} 份：资金 {counts.funding} 行，指标 {counts.indicators} 行，"
        f"其他数额 {counts.amounts} 个，正文 {counts.sections} 节"
    )
    yield f"核对 {counts.checks} 项：数字自相矛盾 {counts.errors} 处，存疑 {counts.warnings} 处"


def _troubles(summary: Summary) -> Iterable[str]:
    if summary.troubles:
        yield f"来源有问题 {len(summary.troubles)} 处："
        yield from _first(
            [f"  {one_line(each.source_name)}\n    [{each.code}] {one_line(each.message)}" for each in summary.troubles]
        )
    if summary.waiting:
        yield f"仍在写入、留待下次 {len(summary.waiting)} 个："
        yield from _first([f"  {one_line(uri)}" for uri in summary.waiting])


def _notes(title: str, notes: list[Note]) -> Iterable[str]:
    if notes:
        yield f"{title} {len(notes)} 个："
        yield from _first(
            [f"  {one_line(note.source_uri)}\n    [{note.code}] {one_line(note.message)}" for note in notes]
        )


def _first(lines: list[str]) -> Iterable[str]:
    yield from lines[:SHOWN]
    if len(lines) > SHOWN:
        yield f"  ……另有 {len(lines) - SHOWN} 个，见 --json 或数据集的 documents 表"

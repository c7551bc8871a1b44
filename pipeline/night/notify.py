"""Who is told what after a night (通知): a command the user names, or a webhook."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from pipeline.night.robots import kind_of, message, refusal
from pipeline.night.settings import Notify
from pipeline.reading.run_summary import Summary, as_text, to_json

SECONDS = 60.0
"""How long the user's command or the webhook may take."""

MOST_UNTOLD = 20
"""Notices that wait to be told, at most: the last ones."""


@dataclass(frozen=True, slots=True)
class NoticeReason:
    """Why a person is told: a stable code and a sentence (通知的缘由)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told (通知)."""

    reasons: tuple[NoticeReason, ...]
    body: str
    summary: dict[str, Any] | None = None

    @property
    def text(self) -> str:
        return "\n".join(["ziping 夜间运行：" + "；".join(each.text for each in self.reasons), "", self.body])


def notice_of(summary: Summary, notify: Notify) -> Notice | None:
    """What a finished run has to tell; None when nothing needs a person."""
    reasons = tuple(_reasons(summary, notify))
    return Notice(reasons, as_text(summary), to_json(summary)) if reasons else None


def notice_of_failure(error: BaseException) -> Notice:
    """What a run that ended early has to tell."""
    return Notice((NoticeReason("run_failed", "运行失败，数据集未改动"),), str(error) or type(error).__name__)


def _reasons(summary: Summary, notify: Notify) -> Iterator[NoticeReason]:
    news = summary.totals.news
    if summary.troubles:
        names = "、".join(dict.fromkeys(each.source_name for each in summary.troubles))
        yield NoticeReason("source_trouble", f"来源有问题（{names}）")
    if summary.totals.failed:
        yield NoticeReason("unreadable", f"{len(summary.totals.failed)} 个文件未能取得或读取")
    if notify.nothing_new_days is not None and (days := _days_without_news(summary)) >= notify.nothing_new_days:
        yield NoticeReason("nothing_new", f"已有 {days} 天没有新报告")
    if notify.unknown_forms_pct is not None and news.unknown_pct > notify.unknown_forms_pct:
        share = f"{news.unknown_pct:.0f}%（{news.unknown}/{news.reports}）"
        yield NoticeReason("unknown_forms", f"新报告中 {share} 有词库之外的列标题")


def _days_without_news(summary: Summary) -> int:
    """Whole days since anything new came; none while nothing ever came, for then the sources say what is wrong."""
    return (datetime.now(UTC) - summary.last_new_at).days if summary.last_new_at is not None else 0


def send(notify: Notify, notice: Notice | None, memory: Path) -> tuple[str, ...]:
    """Tell those whom `notify` names, with what they were not told before; returns, in sentences, what was not sent.

    What somebody could not be told is kept in the file `memory`, for the next time.
    """
    untold = _untold(memory)
    ways: dict[str, Callable[[str], str | None]] = {}
    if notify.command:
        ways["command"] = lambda text: _run(notify.command, text)
    if notify.webhook is not None:
        address, kind = notify.webhook, notify.webhook_kind or kind_of(notify.webhook)
        ways["webhook"] = lambda text: _post(address, kind, text, notice)
    failures: list[str] = []
    still: dict[str, list[str]] = {}
    for way, tell in ways.items():
        waiting = untold.get(way, [])
        if notice is None and not waiting:
            continue
        problem = tell(_with_untold(notice, waiting))
        if problem:
            still[way] = [*waiting, *([notice.text] if notice is not None else [])][-MOST_UNTOLD:]
            failures.append(_failure(way, notify, problem))
    _keep(memory, still)
    return tuple(failures)


def _failure(way: str, notify: Notify, problem: str) -> str:
    if way == "command":
        return f"通知命令 {notify.command[0]} 未成功（{problem}），下次再通知；请检查 ziping.toml 的 notify.command。"
    return f"通知地址未接受消息（{problem}），下次再通知；请检查 ziping.toml 的 notify.webhook。"


def _with_untold(notice: Notice | None, waiting: Sequence[str]) -> str:
    """The text of today, with what is still to be told of other days behind it."""
    texts = [] if notice is None else [notice.text]
    if waiting:
        heads = [text.splitlines()[0] for text in waiting]
        texts.append("\n".join([f"先前有 {len(waiting)} 次通知没有送达：", *heads, "", waiting[-1]]))
    return "\n\n".join(texts)


def _untold(memory: Path) -> dict[str, list[str]]:
    try:
        kept = json.loads(memory.read_text(encoding="utf-8"))
        return {str(way): [str(text) for text in texts] for way, texts in kept.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}


def _keep(memory: Path, untold: Mapping[str, list[str]]) -> None:
    with suppress(OSError):  # a disk that is full: the failure itself is told all the same
        if not untold:
            memory.unlink(missing_ok=True)
            return
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps(untold, ensure_ascii=False), encoding="utf-8")


def _run(command: Sequence[str], text: str) -> str | None:
    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8", "replace"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return f"{SECONDS:g} 秒内没有结束"
    except OSError as error:
        return error.strerror or str(error)
    told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"退出码 {done.returncode} {told}".strip() if done.returncode else None


def _post(address: str, kind: str, text: str, notice: Notice | None) -> str | None:
    """POST the text as robots of this kind take it; an answer with an error code inside is no acceptance."""
    body = message(kind, text)
    if kind == "plain" and notice is not None:
        body |= {"reasons": [each.code for each in notice.reasons], "summary": notice.summary}
    try:
        answer = httpx.post(address, json=body, timeout=SECONDS)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return str(error) or type(error).__name__
    return f"HTTP {answer.status_code}" if not answer.is_success else refusal(answer.text)

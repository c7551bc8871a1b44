"""Who is told what after a night (通知): a command the user names, or a webhook."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

from pipeline.night.settings import Notify
from pipeline.reading.run_summary import Summary, as_text, to_json

SECONDS = 60.0
"""How long the user's command or the webhook may take."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a person is told: a stable code and a sentence (通知的缘由)."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told (通知)."""

    reasons: tuple[Reason, ...]
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
    return Notice((Reason("run_failed", "运行失败，数据集未改动"),), str(error) or type(error).__name__)


def _reasons(summary: Summary, notify: Notify) -> Iterator[Reason]:
    news = summary.totals.news
    if summary.troubles:
        names = "、".join(dict.fromkeys(each.source_name for each in summary.troubles))
        yield Reason("source_trouble", f"来源有问题（{names}）")
    if summary.totals.failed:
        yield Reason("unreadable", f"{len(summary.totals.failed)} 个文件未能取得或读取")
    if notify.nothing_new_days is not None and (days := _days_without_news(summary)) >= notify.nothing_new_days:
        yield Reason("nothing_new", f"已有 {days} 天没有新报告")
    if notify.unknown_forms_pct is not None and news.unknown_pct > notify.unknown_forms_pct:
        share = f"{news.unknown_pct:.0f}%（{news.unknown}/{news.reports}）"
        yield Reason("unknown_forms", f"新报告中 {share} 有词库之外的列标题")


def _days_without_news(summary: Summary) -> int:
    """Whole days since anything new came; none while nothing ever came, for then the sources say what is wrong."""
    return (datetime.now(UTC) - summary.last_new_at).days if summary.last_new_at is not None else 0


def send(notify: Notify, notice: Notice) -> tuple[str, ...]:
    """Tell those whom `notify` names; returns, in sentences, what could not be sent."""
    failures = []
    if notify.command and (problem := _run(notify.command, notice)):
        failures.append(f"通知命令 {notify.command[0]} 未成功（{problem}）；请检查 ziping.toml 的 notify.command。")
    if notify.webhook is not None and (problem := _post(notify.webhook, notice)):
        failures.append(f"通知地址未接受消息（{problem}）；请检查 ziping.toml 的 notify.webhook。")
    return tuple(failures)


def _run(command: Sequence[str], notice: Notice) -> str | None:
    try:
        done = subprocess.run(
            command, input=notice.text.encode(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=SECONDS
        )
    except subprocess.TimeoutExpired:
        return f"{SECONDS:g} 秒内没有结束"
    except OSError as error:
        return error.strerror or str(error)
    told = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
    return f"退出码 {done.returncode} {told}".strip() if done.returncode else None


def _post(address: str, notice: Notice) -> str | None:
    """POST the message in the form the robots of WeCom and DingTalk take, with the whole summary beside it."""
    message = {
        "msgtype": "text",
        "text": {"content": notice.text},
        "reasons": [each.code for each in notice.reasons],
        "summary": notice.summary,
    }
    try:
        answer = httpx.post(address, json=message, timeout=SECONDS)
    except httpx.HTTPError as error:
        return str(error) or type(error).__name__
    return f"HTTP {answer.status_code}" if answer.is_error else None

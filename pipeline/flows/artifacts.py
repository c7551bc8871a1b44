"""What a run leaves for the pages of an engine: a text and tables (运行摘要)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pipeline.reading.run_summary import STATUS_ZH, Summary, as_text
from pipeline.streams import one_line

Rows = list[dict[str, Any]]

_MARKS = re.compile(r"[\\`*_{}\[\]()#+!|>~:]")

SHOWN = 100
"""Rows of a table at most: the pages are for a first look, the dataset has everything."""


def as_markdown(summary: Summary) -> str:
    """The whole run on one page (入库小结)."""
    return "\n".join(_lines(summary))


def _lines(summary: Summary) -> Iterator[str]:
    news = summary.totals.news
    # nothing that a name holds may end the block it stands in
    text = as_text(summary).replace("```", "···")
    yield f"```\n{text}\n```"
    yield f"## 新来的内容\n\n新文件 {news.files} 个，其中自评报告 {news.reports} 个"
    if news.contradictions:
        yield f"\n## 新发现的数字矛盾 {news.contradicted} 处\n"
        yield from _table(contradictions(summary))
    if news.words:
        yield f"\n## 词库之外的列标题（{news.unknown} 个报告，占 {news.unknown_pct:.0f}%）\n"
        yield from _table(words(summary))
    if summary.totals.failed or summary.troubles:
        yield "\n## 未能取得或读取\n"
        yield from _table(unreadable(summary))


def tables(summary: Summary) -> dict[str, Rows]:
    """The tables of the run, by name; those without rows are left out, but for the counts."""
    named = {
        "contradictions": contradictions(summary),
        "unreadable": unreadable(summary),
        "unknown-words": words(summary),
    }
    return {"counts": counts(summary)} | {name: rows for name, rows in named.items() if rows}


def counts(summary: Summary) -> Rows:
    totals = summary.totals
    rows = [("文件", totals.files), *((f"文件：{STATUS_ZH[status]}", n) for status, n in totals.by_status.items())]
    rows += [("新内容的文件", totals.news.files), ("来源问题", len(summary.troubles))]
    rows += list(totals.counts._asdict().items())
    return [{"项目": name, "数量": count} for name, count in rows]


def contradictions(summary: Summary) -> Rows:
    found = summary.totals.news.contradictions[:SHOWN]
    return [{"说明": each.message, "文件": each.source_uri, "规则": each.rule, "编号": each.check_id} for each in found]


def unreadable(summary: Summary) -> Rows:
    rows = [{"说明": each.message, "来源": each.source_name, "原因": each.code} for each in summary.troubles]
    rows += [{"说明": each.message, "来源": each.source_uri, "原因": each.code} for each in summary.totals.failed]
    return rows[:SHOWN]


def words(summary: Summary) -> Rows:
    return [{"列标题": word, "报告数": count} for word, count in summary.totals.news.words.most_common(SHOWN)]


def _table(rows: Rows) -> Iterator[str]:
    yield "| " + " | ".join(rows[0]) + " |"
    yield "|" + " --- |" * len(rows[0])
    for row in rows:
        yield "| " + " | ".join(_plain(str(value)) for value in row.values()) + " |"


def _plain(text: str) -> str:
    """A name or sentence as Markdown shows it: no line, link or picture of its own."""
    return _MARKS.sub(r"\\\g<0>", one_line(text)).replace("<", "&lt;")

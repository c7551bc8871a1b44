"""The `[[sources]]` of ziping.toml: where a nightly run looks for new reports (来源配置)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.sourcing.config_tables import ConfigSection
from schemas.errors import ConfigError

PAGE_NUMBER = "{n}"
"""In `paging`: the number of a list page; a pattern without it is a regular expression for the link to the next."""

_NAME = re.compile(r"[\w.-]{1,80}")
_MB = 1 << 20


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder, local or a network mount, with everything below it (文件夹).

    `patterns`: file names or paths below the folder, with wildcards; empty: every known suffix.
    """

    name: str
    path: Path
    patterns: tuple[str, ...] = ()
    settle_seconds: float = 60.0
    """A file changed less long ago is taken to be still being written."""


@dataclass(frozen=True, slots=True)
class WebSource:
    """List pages of one web site (网站).

    `pages`: addresses of list pages. `articles`: patterns of links to pages that carry attachments; empty: the usual
    words of such titles. `attachments`: patterns of links to attachments; empty: every link with a known suffix or the
    look of a download. Patterns are regular expressions found in the address or the text of a link. `hosts`: where
    requests and redirects may go; `allow_private`: those of them that may be in a private network.
    """

    name: str
    pages: tuple[str, ...]
    articles: tuple[re.Pattern[str], ...] = ()
    attachments: tuple[re.Pattern[str], ...] = ()
    paging: str | None = None
    max_pages: int = 100
    """List pages at most, for each address in `pages`."""
    hosts: frozenset[str] = frozenset()
    allow_private: frozenset[str] = frozenset()
    delay_seconds: float = 2.0
    max_bytes: int = 100 * _MB
    recheck_days: float = 7.0
    """A known article or attachment is asked for again after so many days; list pages every time."""
    leave_out: tuple[re.Pattern[str], ...] = ()
    """Links that a person chose not to follow: no trouble, and no row."""
    user_agent: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    http_instead: bool = False
    """Whether a site that does not answer by HTTPS may be asked by HTTP."""


@dataclass(frozen=True, slots=True)
class S3Source:
    """A bucket or a part of it, in storage that speaks S3 (对象存储).

    Credentials come from the environment or the AWS configuration, never from ziping.toml.
    """

    name: str
    url: str
    endpoint: str | None = None
    patterns: tuple[str, ...] = ()
    max_bytes: int = 100 * _MB


Source = FolderSource | WebSource | S3Source


def sources_in(path: Path, settings: Mapping[str, Any]) -> tuple[Source, ...]:
    """The `[[sources]]` of the ziping.toml at `path`, in its order; relative folders start at the folder of that file.

    Raises ConfigError.
    """
    entries = settings.get("sources", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ConfigError(f"配置文件 {path} 的 sources 应写成 [[sources]]，一个来源一段。")
    sources = tuple(_source(_entry(path, number, entry)) for number, entry in enumerate(entries, 1))
    names = [source.name for source in sources]
    for number, name in enumerate(names, 1):
        if name in names[: number - 1]:
            raise ConfigError(f"配置文件 {path} 第 {number} 个来源的 name“{name}”与前面的重复；请换一个名称。")
    return sources


def _entry(path: Path, number: int, values: dict[str, Any]) -> ConfigSection:
    name = values.get("name")
    title = f"“{name}”" if isinstance(name, str) else ""
    return ConfigSection(path, f"第 {number} 个来源{title}", values)


def _source(entry: ConfigSection) -> Source:
    kind = entry.text("kind")
    if kind not in _KINDS:
        raise entry.wrong(f"的 kind“{kind}”无效；应为 {'、'.join(_KINDS)} 之一。")
    if not _NAME.fullmatch(entry.text("name")):
        raise entry.wrong("的 name 只能用汉字、字母、数字和 . _ -，不超过 80 个字。")
    return _KINDS[kind](entry)


def _folder(entry: ConfigSection) -> FolderSource:
    entry.only("kind", "name", "path", "patterns", "settle_seconds")
    return FolderSource(
        name=entry.text("name"),
        path=entry.located(entry.text("path")),
        patterns=entry.texts("patterns"),
        settle_seconds=entry.number_from("settle_seconds", 60, 0, 86_400),
    )


def _web(entry: ConfigSection) -> WebSource:
    entry.only(
        "kind", "name", "pages", "articles", "attachments", "paging", "max_pages", "hosts", "allow_private",
        "delay_seconds", "max_mb", "recheck_days", "leave_out", "user_agent", "headers", "http_instead",
    )  # fmt: skip
    pages = entry.texts("pages")
    if not pages:
        raise entry.wrong("缺少 pages；请写上列表页的地址。")
    netlocs = [entry.web_address("pages", page) for page in pages]
    paging = entry.optional_text("paging")
    if paging is not None and PAGE_NUMBER in paging:
        netlocs.append(entry.web_address("paging", paging.replace(PAGE_NUMBER, "1")))
    elif paging is not None:
        entry.regex("paging", paging)
    hosts = frozenset(host.lower() for host in entry.texts("hosts")) | frozenset(netlocs)
    allow_private = frozenset(host.lower() for host in entry.texts("allow_private"))
    for host in sorted(hosts | allow_private):
        if "/" in host or "@" in host or "*" in host:
            raise entry.wrong(f"的 hosts、allow_private 里“{host}”应为主机名，例如 czj.example.gov.cn。")
    return WebSource(
        name=entry.text("name"),
        pages=pages,
        articles=entry.regexes("articles"),
        attachments=entry.regexes("attachments"),
        paging=paging,
        max_pages=int(entry.number_from("max_pages", 100, 1, 10_000)),
        hosts=hosts,
        allow_private=allow_private,
        delay_seconds=entry.number_from("delay_seconds", 2, 0, 600),
        max_bytes=int(entry.number_from("max_mb", 100, 0.001, 10_000) * _MB),
        recheck_days=entry.number_from("recheck_days", 7, 0, 3_650),
        leave_out=entry.regexes("leave_out"),
        user_agent=entry.header("user_agent", entry.optional_text("user_agent")),
        headers={name: entry.header("headers", value) or "" for name, value in entry.text_table("headers").items()},
        http_instead=entry.flag("http_instead"),
    )


def _s3(entry: ConfigSection) -> S3Source:
    entry.only("kind", "name", "url", "endpoint", "patterns", "max_mb")
    url = entry.text("url")
    if not re.fullmatch(r"s3://[^/\s*?]+(/[^*?]*)?", url):
        raise entry.wrong(f"的 url“{url}”应为 s3://桶名 或 s3://桶名/前缀，不带通配符。")
    endpoint = entry.optional_text("endpoint")
    if endpoint is not None:
        entry.web_address("endpoint", endpoint)
    return S3Source(
        name=entry.text("name"),
        url=url.rstrip("/"),
        endpoint=endpoint,
        patterns=entry.texts("patterns"),
        max_bytes=int(entry.number_from("max_mb", 100, 0.001, 10_000) * _MB),
    )


_KINDS: Mapping[str, Callable[[ConfigSection], Source]] = {"folder": _folder, "web": _web, "s3": _s3}

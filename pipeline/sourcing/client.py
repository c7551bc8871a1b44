"""One polite HTTP client for one site: robots.txt, delay, retries, limits, resumed downloads (网站客户端).

One request at a time. Redirects are followed by hand, so that each target passes the same tests as the first address.
"""

from __future__ import annotations

import email.utils
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from protego import Protego

from pipeline.sourcing.addresses import CheckedTransport, ForbiddenAddress, is_allowed
from pipeline.sourcing.config import WebSource
from pipeline.sourcing.visited import Memory, Remembered
from schemas.errors import FileUnavailable, LimitExceeded, ReadError
from schemas.web import WEB

AGENT = "ziping"
"""The name robots.txt may speak to."""
MAX_PAGE_BYTES = 10 << 20
MOZILLA = f"Mozilla/5.0 (compatible; {AGENT})"
"""What sites are told unless ziping.toml says otherwise: many refuse a name that does not begin like a browser's."""

_MAX_REDIRECTS = 5
_MAX_ROBOTS_BYTES = 512 << 10
_LONGEST_DELAY = 60.0
"""Seconds: a robots.txt or Retry-After that asks for more is answered by leaving the site alone until the next run."""
_TRANSIENT_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAGE_TYPE = re.compile(r"html|xml$|json|javascript|x-www-form|octet-stream")
_FILE_MARKS = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"{\\rtf", b"\x1f\x8b")
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to wait for a site, in seconds (等待与重试)."""

    attempts: int = 3
    backoff: float = 2.0
    """Before the second attempt; doubles each time."""
    timeout: float = 30.0
    """For a connection, and for each piece of an answer; twice as long for its head as a whole."""
    answer: float = 900.0
    """For a file as a whole."""
    page: float = 90.0
    """For a page as a whole: one that drips is not waited for as a large file is."""
    visit: float = 4 * 3600.0
    """For one visit to one source; the next visit goes on from there."""


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came; `url` is where redirects ended. `is_file`: a file answered, and its bytes were not taken."""

    url: str
    body: bytes
    content_type: str
    is_file: bool = False


@dataclass(frozen=True, slots=True)
class Download:
    """A whole file in its temporary place, and what the server said of it."""

    partial: Path
    etag: str | None
    last_modified: str | None
    disposition: bytes | None


class _TryAgain(Exception):
    """This attempt failed in a way that may pass; `after` is the wait the server asked for."""

    def __init__(self, error: ReadError, after: float = 0.0) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


class Client:
    """Talks to the hosts of one source. Its methods raise ReadError; `transient` says that a later run may help."""

    def __init__(self, source: WebSource, memory: Memory, partials: Path, patience: Patience) -> None:
        self._source = source
        self._memory = memory
        self._partials = partials
        self._patience = patience
        self._robots: dict[str, Protego | ReadError] = {}
        self._last: dict[str, float] = {}
        self._transport = CheckedTransport(source.allow_private)
        self._http = httpx.Client(
            transport=self._transport,
            timeout=patience.timeout,
            headers={
                "User-Agent": source.user_agent or MOZILLA,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Language": "zh-CN,zh;q=0.9",
                **source.headers,
            },
            trust_env=False,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def page(self, url: str, referer: str | None = None, *, post: bool = False) -> FetchedPage:
        """One page of at most MAX_PAGE_BYTES, asked for as from a link on `referer`.

        `post`: the query is sent as a form, for addresses that only give data so.
        """

        def take(response: httpx.Response, final: str) -> FetchedPage:
            content_type = response.headers.get("Content-Type", "")
            if _is_file(response):
                return FetchedPage(final, b"", content_type, is_file=True)
            blocks = self._body(response, response.iter_bytes(), 0, MAX_PAGE_BYTES, self._patience.page)
            first = next(blocks, b"")
            if first.startswith(_FILE_MARKS):
                return FetchedPage(final, b"", content_type, is_file=True)
            return FetchedPage(final, first + b"".join(blocks), content_type)

        return self._ask(url, lambda: _from(referer), take, self._permit, post=post)

    def download(self, url: str, known: Remembered | None, referer: str | None = None) -> Download | None:
        """The file at `url`, resumed if an earlier attempt broke off; None if it still is what `known` remembers."""
        self._partials.mkdir(parents=True, exist_ok=True)
        partial = self._partials / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.part"

        def headers() -> Mapping[str, str]:
            wanted = {"Accept-Encoding": "identity", **_from(referer)}
            validator = self._memory.validator(url)
            if validator is not None and partial.exists() and partial.stat().st_size:
                return wanted | {"Range": f"bytes={partial.stat().st_size}-", "If-Range": validator}
            if known is not None and known.etag:
                wanted["If-None-Match"] = known.etag
            elif known is not None and known.last_modified:
                wanted["If-Modified-Since"] = known.last_modified
            return wanted

        def take(response: httpx.Response, final: str) -> Download | None:
            if response.status_code == 304:
                return None
            self._save(response, url, partial)
            return Download(
                partial,
                response.headers.get("ETag"),
                response.headers.get("Last-Modified"),
                next((value for key, value in response.headers.raw if key.lower() == b"content-disposition"), None),
            )

        return self._ask(url, headers, take, self._permit)

    def _save(self, response: httpx.Response, url: str, partial: Path) -> None:
        """The body into `partial`, behind what is there already if the server goes on from there."""
        if response.status_code == 416:
            self._start_over(url, partial)
            raise _TryAgain(FileUnavailable(f"{url} 无法续传，请稍后重试。", code="resume"))
        offset = 0
        total: int | None = None
        if response.status_code == 206:
            span = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", "").strip())
            offset = partial.stat().st_size if partial.exists() else 0
            if span is None or int(span[1]) != offset:
                self._start_over(url, partial)
                raise _TryAgain(FileUnavailable(f"{url} 续传的位置不符，请稍后重试。", code="resume"))
            total = None if span[2] == "*" else int(span[2])
        encoded = response.headers.get("Content-Encoding", "identity").lower() != "identity"
        if not offset:
            self._start_over(url, partial)
            partial.touch()
            if not encoded:
                self._memory.remember_validator(url, _validator(response))
        blocks = response.iter_bytes() if encoded else response.iter_raw()
        try:
            with partial.open("ab") as file:
                for block in self._body(response, blocks, offset, self._source.max_bytes, self._patience.answer):
                    file.write(block)
        except LimitExceeded:
            self._start_over(url, partial)
            raise
        if total is not None and partial.stat().st_size != total:
            self._start_over(url, partial)
            raise _TryAgain(FileUnavailable(f"{url} 续传后大小不符，请稍后重试。", code="resume"))

    def _start_over(self, url: str, partial: Path) -> None:
        self._memory.remember_validator(url, None)
        partial.unlink(missing_ok=True)

    def _body(
        self, response: httpx.Response, blocks: Iterator[bytes], offset: int, most: int, seconds: float
    ) -> Iterator[bytes]:
        """The blocks of a body as long as it keeps to the limits of size and time."""
        started = time.monotonic()
        length = response.headers.get("Content-Length", "")
        size = offset + (int(length) if length.isdecimal() else 0)
        too_large = LimitExceeded(
            f"{response.request.url} 超过 {most / (1 << 20):g} MB，未下载；确需下载请调大 max_mb。",
            code="download_size",
        )
        if size > most:
            raise too_large
        size = offset
        for block in blocks:
            size += len(block)
            if size > most:
                raise too_large
            if time.monotonic() - started > seconds:
                message = f"{response.request.url} 下载超过 {seconds:g} 秒，留待下次。"
                raise FileUnavailable(message, code="download_time")
            yield block

    def _ask(
        self,
        url: str,
        headers: Callable[[], Mapping[str, str]],
        take: Callable[[httpx.Response, str], _T],
        permit: Callable[[str], None],
        *,
        post: bool = False,
    ) -> _T:
        """Ask until it works or cannot work; `headers` is asked again for each attempt, `permit` for each redirect."""
        wait = self._patience.backoff
        for attempt in range(1, self._patience.attempts + 1):
            try:
                return self._follow(url, headers(), take, permit, post=post)
            except _TryAgain as again:
                pause = max(wait, again.after)
                if attempt == self._patience.attempts or pause > _LONGEST_DELAY:
                    if self._source.http_instead and url.startswith("https:") and again.error.code == "connection":
                        return self._ask("http:" + url.removeprefix("https:"), headers, take, permit, post=post)
                    raise again.error from again
                time.sleep(pause)
                wait *= 2
        raise AssertionError("at least one attempt")

    def _follow(
        self,
        url: str,
        headers: Mapping[str, str],
        take: Callable[[httpx.Response, str], _T],
        permit: Callable[[str], None],
        *,
        post: bool,
    ) -> _T:
        """One request and its redirects. Raises _TryAgain, ReadError."""
        for _ in range(_MAX_REDIRECTS + 1):
            if not is_allowed(url, self._source.hosts):
                raise ForbiddenAddress(f"{url} 不在该来源允许的主机之内，未访问；确需访问请把主机名写入 hosts。")
            permit(url)
            site = urlsplit(url).netloc
            self._pause(site)
            # A server that sends its head byte by byte meets every timeout; this one it does not.
            watch = threading.Timer(2 * self._patience.timeout, self._transport.hang_up)
            watch.daemon = True
            watch.start()
            try:
                with self._request(url, headers, post=post) as response:
                    watch.cancel()
                    target = response.headers.get("Location") if response.is_redirect else None
                    if target is None:
                        _raise_for_status(response, url)
                        return take(response, url)
                    url = urljoin(url, target).partition("#")[0]
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise _TryAgain(_unreachable(url, error)) from error
            except (httpx.InvalidURL, ValueError) as error:
                raise ReadError(f"网址 {url} 不正确（{error}），请检查网页上的链接。", code="bad_url") from error
            finally:
                watch.cancel()
                self._last[site] = time.monotonic()
        raise ReadError(f"{url} 重定向超过 {_MAX_REDIRECTS} 次，未下载；请用浏览器核实。", code="redirects")

    def _request(self, url: str, headers: Mapping[str, str], *, post: bool) -> AbstractContextManager[httpx.Response]:
        if not post:
            return self._http.stream("GET", url, headers=dict(headers))
        address, _, query = url.partition("?")
        return self._http.stream("POST", address, headers=dict(headers), data=dict(parse_qsl(query)))

    def _pause(self, site: str) -> None:
        """Wait until the delay since the last answer of `site` is over."""
        robots = self._robots.get(site)
        asked = robots.crawl_delay(AGENT) if isinstance(robots, Protego) else None
        delay = max(self._source.delay_seconds, float(asked or 0))
        if site in self._last:
            time.sleep(max(0.0, self._last[site] + delay - time.monotonic()))

    def _permit(self, url: str) -> None:
        """Raises ReadError when the site's robots.txt asks to leave `url` alone."""
        parts = urlsplit(url)
        if parts.netloc not in self._robots:
            self._robots[parts.netloc] = self._read_robots(f"{parts.scheme}://{parts.netloc}/robots.txt")
        robots = self._robots[parts.netloc]
        if isinstance(robots, ReadError):
            raise robots
        if not robots.can_fetch(url, AGENT):
            raise ReadError(f"{parts.netloc} 的 robots.txt 不允许访问 {url}，未下载；请向网站索取。", code="robots")

    def _read_robots(self, url: str) -> Protego | ReadError:
        """The rules of a site: none when it has no robots.txt; the error when it cannot be asked for it (RFC 9309)."""

        def take(response: httpx.Response, final: str) -> bytes:
            return b"".join(self._body(response, response.iter_bytes(), 0, _MAX_ROBOTS_BYTES, self._patience.page))

        try:
            body = self._ask(url, dict, take, lambda _: None)
        except ReadError as error:
            if error.transient or error.code == "private_address":
                return error
            body = b""
        rules = Protego.parse(body.decode("utf-8-sig", "replace"))
        delay = rules.crawl_delay(AGENT)
        if delay is not None and float(delay) > _LONGEST_DELAY:
            message = f"{urlsplit(url).netloc} 的 robots.txt 要求每次间隔 {delay} 秒，未访问；请向网站索取。"
            return ReadError(message, code="robots")
        return rules


def _raise_for_status(response: httpx.Response, url: str) -> None:
    status = response.status_code
    if status in (200, 203, 206, 304, 416):
        return
    if status in _TRANSIENT_STATUS:
        message = f"{url} 暂时无法访问（HTTP {status}），留待下次。"
        raise _TryAgain(FileUnavailable(message, code=f"http_{status}"), _retry_after(response))
    if status in WEB.refusals:
        message = f"{url} 拒绝访问（HTTP {status}）：网站拦截了程序；请用浏览器核实，或设置 user_agent、headers。"
        raise ReadError(message, code=f"http_{status}")
    raise ReadError(f"{url} 无法访问（HTTP {status}），请用浏览器核实链接。", code=f"http_{status}")


def _from(referer: str | None) -> Mapping[str, str]:
    return {} if referer is None else {"Referer": referer}


def _is_file(response: httpx.Response) -> bool:
    """Whether the head of an answer says that a file follows, not a page."""
    if response.headers.get("Content-Disposition", "").strip().lower().startswith("attachment"):
        return True
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind.startswith(("application/", "image/", "video/", "audio/")) and not _PAGE_TYPE.search(kind)


def _retry_after(response: httpx.Response) -> float:
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return email.utils.parsedate_to_datetime(value).timestamp() - time.time()
    except (TypeError, ValueError):
        return 0.0


def _validator(response: httpx.Response) -> str | None:
    """What If-Range needs to resume this body later; weak tags do not serve."""
    if response.headers.get("Accept-Ranges", "").lower() == "none":
        return None
    etag: str = response.headers.get("ETag", "")
    last_modified: str | None = response.headers.get("Last-Modified")
    return etag if etag.startswith('"') else last_modified


def _unreachable(url: str, error: Exception) -> FileUnavailable:
    if isinstance(error, httpx.TimeoutException):
        return FileUnavailable(f"{url} 没有在规定时间内应答，留待下次。", code="timeout")
    return FileUnavailable(f"{url} 连接失败（{error}），留待下次。", code="connection")

"""Reports from the list pages of web sites (网站来源).

List pages → articles → attachments. Known articles and attachments are asked for again only after `recheck_days`, and
then with the ETag or date of the last time.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import unquote

from parsers.detect import detect_format
from parsers.formats import usual_suffix
from pipeline.sourcing.client import Client, Download, Patience
from pipeline.sourcing.config import PAGE_NUMBER, WebSource
from pipeline.sourcing.found import Gathered, Item, Origin, Problem, keep_download
from pipeline.sourcing.pages import Link, attachment_suffix, file_name, find_links
from pipeline.sourcing.visited import Memory, Remembered
from schemas.errors import FileUnavailable, LimitExceeded, ReadError

_FAILURES_IN_A_ROW = 5
"""So many transient failures one after the other, and the site is left alone until the next visit."""
_NEVER_HTML = frozenset({".pdf", ".docx", ".xlsx", ".zip"})


class _Stop(Exception):
    """The visit ends here; what was found so far is kept."""


def gather_web(source: WebSource, state: Path, *, patience: Patience | None = None) -> Gathered:
    """Every attachment the source's pages lead to, new and changed ones downloaded below `state` (网站来源的收集).

    Downloads lie in `<state>/downloads`, the memory in `<state>/sources.sqlite`. Addresses are those of the links.
    Whatever a page, an attachment or the site refuses is a problem; a list page or article that could not be read
    makes the result incomplete, and so do list pages that lead nowhere. Raises StoreError, and OSError when the
    disk is full.
    """
    with Memory(state) as memory:
        patience = patience or Patience()
        with Client(source, memory, state / "partial", patience) as client:
            return _Visit(source, state, memory, client, patience.visit).run()


class _Visit:
    """One visit to one source: its findings as they come in."""

    def __init__(self, source: WebSource, state: Path, memory: Memory, client: Client, seconds: float) -> None:
        self._source = source
        self._state = state
        self._memory = memory
        self._client = client
        self._rules = "\n".join(pattern.pattern for pattern in source.attachments)
        self._ends = monotonic() + seconds
        self._items: list[Item] = []
        self._problems: list[Problem] = []
        self._complete = True
        self._failures = 0

    def run(self) -> Gathered:
        attachments: dict[str, tuple[Link, str]] = {}
        articles: dict[str, Link] = {}
        try:
            for page, links in self._list_pages():
                for link in links:
                    if self._is_attachment(link):
                        attachments.setdefault(link.url, (link, page))
                    elif _matches(self._source.articles, link):
                        articles.setdefault(link.url, link)
            if self._complete and not attachments and not articles:
                self._nothing_found()
            for article in articles:
                for link in self._article(article):
                    attachments.setdefault(link.url, (link, article))
            for link, page in attachments.values():
                self._attachment(link, page)
        except _Stop:
            self._complete = False
        return Gathered(self._source.name, tuple(self._items), problems=tuple(self._problems), complete=self._complete)

    def _list_pages(self) -> Iterable[tuple[str, list[Link]]]:
        for start in self._source.pages:
            yield from self._list_from(start)
        if self._source.paging is not None and PAGE_NUMBER in self._source.paging:
            yield from self._numbered_pages(self._source.paging)

    def _list_from(self, start: str) -> Iterable[tuple[str, list[Link]]]:
        """A list page and the pages its paging links lead to, each once."""
        numbered = self._source.paging is None or PAGE_NUMBER in self._source.paging
        paging = () if numbered else (re.compile(self._source.paging or ""),)
        queue = deque([start])
        queued = {start}
        read = 0
        while queue:
            if read == self._source.max_pages:
                self._too_many_pages(start)
                return
            read += 1
            url = queue.popleft()
            links = self._links(url)
            if links is None:
                continue
            yield url, links
            for link in links:
                if link.url not in queued and _matches(paging, link):
                    queued.add(link.url)
                    queue.append(link.url)

    def _numbered_pages(self, template: str) -> Iterable[tuple[str, list[Link]]]:
        """Pages 1, 2, 3 … until one is missing or brings nothing new; page 1 may be missing (it is the list itself)."""
        seen: set[str] = set()
        for number in range(1, self._source.max_pages + 1):
            url = template.replace(PAGE_NUMBER, str(number))
            links = self._links(url, may_miss=True)
            if links is not None:
                new = {link.url for link in links} - seen
                if not new:
                    return
                seen |= new
                yield url, links
            elif number > 1:
                return
        self._too_many_pages(template)

    def _nothing_found(self) -> None:
        """A site that was rebuilt, or that answers with a page for browsers only, looks like this."""
        self._complete = False
        url = self._source.pages[0]
        message = f"{url} 上没有找到文章或附件；网站可能已改版，请用浏览器核实并检查 articles、attachments。"
        self._problems.append(Problem(url, FileUnavailable(message, code="nothing_found")))

    def _too_many_pages(self, url: str) -> None:
        self._complete = False
        message = f"{url} 起的列表超过 {self._source.max_pages} 页，其余未看；请调大 max_pages。"
        self._problems.append(Problem(url, LimitExceeded(message, code="paging_limit")))

    def _article(self, url: str) -> list[Link]:
        known = self._memory.article(self._source.name, url, self._rules)
        now = datetime.now(UTC)
        if known is not None and not self._is_due(known[0], now):
            return [Link(*one) for one in known[1]]
        links = self._links(url)
        if links is None:
            return [] if known is None else [Link(*one) for one in known[1]]
        found = [link for link in links if self._is_attachment(link)]
        self._memory.remember_article(self._source.name, url, self._rules, now, [(one.url, one.text) for one in found])
        return found

    def _links(self, url: str, *, may_miss: bool = False) -> list[Link] | None:
        """The links of a page; None, noted as a problem, if it cannot be read."""
        self._check_time()
        try:
            page = self._client.page(url)
        except ReadError as error:
            if may_miss and error.code in ("http_404", "http_410"):
                return None
            self._complete = False
            self._note(url, error)
            return None
        self._failures = 0
        return find_links(page.body, page.content_type, page.url)

    def _is_attachment(self, link: Link) -> bool:
        """A known suffix and, if there are patterns, a match; without a suffix the address itself has to match."""
        patterns = self._source.attachments
        if attachment_suffix(link) is not None:
            return not patterns or _matches(patterns, link)
        return any(pattern.search(unquote(link.url)) for pattern in patterns)

    def _attachment(self, link: Link, page: str) -> None:
        known = self._memory.file(self._source.name, link.url)
        if known is not None and not known.is_here(self._state):
            known = None
        now = datetime.now(UTC)
        if known is not None and not self._is_due(known.checked_at, now):
            self._hand_over(known, fresh=False)
            return
        self._check_time()
        try:
            got = self._client.download(link.url, known)
            if got is None and known is not None:
                file, fresh = _checked_again(known, now), False
            elif got is not None:
                file = self._kept(link, page, got, known, now)
                fresh = known is None or known.sha256 != file.sha256
            else:
                raise ReadError(f"{link.url} 没有给出内容（HTTP 304），请用浏览器核实链接。", code="http_304")
        except ReadError as error:
            self._note(link.url, error, of_file=True)
            return
        self._failures = 0
        self._memory.remember(file)
        self._memory.remember_validator(link.url, None)
        self._hand_over(file, fresh=fresh)

    def _kept(self, link: Link, page: str, got: Download, known: Remembered | None, now: datetime) -> Remembered:
        name = file_name(link, got.disposition)
        content = detect_format(got.partial)
        suffix = Path(name).suffix.lower()
        if content == "html" and (suffix in _NEVER_HTML or attachment_suffix(link) is None):
            got.partial.unlink()
            raise ReadError(f"{link.url} 给出的是网页而不是附件，未收入；请用浏览器核实链接。", code="not_attachment")
        if not suffix or len(suffix) > 6:
            name += usual_suffix(content)
        size = got.partial.stat().st_size
        path, sha256 = keep_download(got.partial, self._state / "downloads", name)
        first_seen = known.first_seen if known else now.isoformat()
        return Remembered(
            self._source.name, link.url, path.relative_to(self._state).as_posix(), sha256, size,
            got.etag, got.last_modified, page, link.text, first_seen, now.isoformat(),
        )  # fmt: skip

    def _hand_over(self, file: Remembered, *, fresh: bool) -> None:
        origin = Origin(file.address, file.first_seen_at, file.page, file.label, file.etag, file.last_modified)
        self._items.append(Item(file.address, self._state / file.path, origin, fresh))

    def _is_due(self, checked: datetime, now: datetime) -> bool:
        return not timedelta(0) <= now - checked < timedelta(days=self._source.recheck_days)

    def _note(self, url: str, error: ReadError, *, of_file: bool = False) -> None:
        self._problems.append(Problem(url, error, of_file))
        if error.transient:
            self._failures += 1
        elif error.code.startswith("http_"):
            self._failures = 0  # the site answers; what was not even asked for says nothing about it
        if self._failures == _FAILURES_IN_A_ROW:
            message = f"来源“{self._source.name}”连续 {self._failures} 次无法访问，其余留待下次；请检查网络和网站。"
            self._problems.append(Problem(url, FileUnavailable(message, code="site_unavailable")))
            raise _Stop

    def _check_time(self) -> None:
        if monotonic() > self._ends:
            message = f"来源“{self._source.name}”本次收集时间已到，其余留待下次。"
            self._problems.append(Problem(self._source.pages[0], FileUnavailable(message, code="visit_time")))
            raise _Stop


def _checked_again(file: Remembered, now: datetime) -> Remembered:
    return Remembered(
        file.source, file.address, file.path, file.sha256, file.size, file.etag, file.last_modified, file.page,
        file.label, file.first_seen, now.isoformat(),
    )  # fmt: skip


def _matches(patterns: Sequence[re.Pattern[str]], link: Link) -> bool:
    return any(pattern.search(unquote(link.url)) or pattern.search(link.text) for pattern in patterns)

"""The list pages of a web source, one after the other (列表页)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.sourcing.browse import BrowsedPage, Browser, IsFile
from pipeline.sourcing.config import PAGE_NUMBER, WebSource
from pipeline.sourcing.found import Survey
from pipeline.sourcing.links import PageLink, same_address
from pipeline.sourcing.listing import has_dead_paging, is_paging, other_pages, printed_total
from schemas.errors import FileUnavailable, LimitExceeded, ReadError
from schemas.web import WEB

_NO_PAGE = frozenset({"http_404", "http_410", "lost_page"})

Note = Callable[[str, ReadError], None]


@dataclass(slots=True)
class _OpenList:
    """One list while it is read."""

    start: str
    queue: deque[tuple[str, str | None, bool]] = field(default_factory=deque)
    """Address, the page that names it, and whether it is a guess that may miss."""
    queued: set[str] = field(default_factory=set)
    read: int = 0
    total: int | None = None
    dead: bool = False

    def push(self, url: str, referer: str | None, *, guessed: bool = False) -> None:
        key = same_address(url)
        if key not in self.queued:
            self.queued.add(key)
            self.queue.append((url, referer, guessed))


class Lists:
    """Walks the list pages of a source; `note` is told what cannot be read, which costs the visit its completeness."""

    def __init__(self, browser: Browser, source: WebSource, survey: Survey, note: Note) -> None:
        self._browser = browser
        self._source = source
        self._survey = survey
        self._note = note
        self._seen: set[str] = set()
        self._read: set[str] = set()

    def walk(self) -> Iterator[BrowsedPage]:
        """Every page of every list that ziping.toml names."""
        for start in self._source.pages:
            yield from self.walk_from(start)
        if self._source.paging is not None and PAGE_NUMBER in self._source.paging:
            yield from self._numbered_pages(self._source.paging)

    def was_read(self, url: str) -> bool:
        return same_address(url) in self._read

    def walk_from(self, start: str, referer: str | None = None) -> Iterator[BrowsedPage]:
        """A list page and the pages its paging leads to, each once."""
        one = _OpenList(start)
        one.push(start, referer)
        while one.queue:
            if one.read == self._source.max_pages:
                self._too_many(start)
                return
            url, page, guessed = one.queue.popleft()
            view = self._view(url, page, may_miss=guessed, configured=start if not one.read else "")
            if view is None:
                continue
            one.read += 1
            self._survey.paged += one.read > 1
            yield view
            self._look_on(one, view)
        if one.read:
            self._said_more(one)

    def _look_on(self, one: _OpenList, view: BrowsedPage) -> None:
        """Queue the pages that `view` leads to; one that brought nothing new leads nowhere new."""
        new = {same_address(link.url) for link in view.links} - self._seen
        self._seen |= new
        for part in view.parts:
            total = printed_total(part)
            one.total = max(filter(None, (one.total, total)), default=None)
        if not new and one.read > 1:
            return
        before = len(one.queued)
        for link in self._configured(view.links):
            one.push(link.url, view.main.url)
        for part in view.parts:
            further, guessed = other_pages(part)
            for url in further:
                one.push(url, part.url, guessed=guessed)
        if len(one.queued) == before:
            one.dead |= one.read == 1 and any(has_dead_paging(part) for part in view.parts)

    def _configured(self, links: list[PageLink]) -> list[PageLink]:
        """The links that a person's own pattern calls paging."""
        paging = self._source.paging
        if paging is None or PAGE_NUMBER in paging:
            return []
        pattern = re.compile(paging)
        return [link for link in links if pattern.search(link.url) or pattern.search(link.text)]

    def is_paging(self, link: PageLink, page: str) -> bool:
        return is_paging(link, page) or link in self._configured([link])

    def _numbered_pages(self, template: str) -> Iterator[BrowsedPage]:
        """Pages 1, 2, 3 … until one is missing or brings nothing new; page 1 may be missing (it is the list itself)."""
        seen: set[str] = set()
        for number in range(1, self._source.max_pages + 1):
            url = template.replace(PAGE_NUMBER, str(number))
            if number == 1 and self.was_read(url):
                continue
            view = self._view(url, self._source.pages[0], may_miss=True)
            if view is not None:
                new = {link.url for link in view.links} - seen
                if not new:
                    return
                seen |= new
                self._survey.paged += 1
                yield view
            elif number > 1:
                return
        self._too_many(template)

    def _view(self, url: str, referer: str | None, *, may_miss: bool, configured: str = "") -> BrowsedPage | None:
        """A list page; None, noted as a problem, if it cannot be read."""
        if self.was_read(url):
            return None
        self._read.add(same_address(url))
        try:
            view = self._browser.filled(self._browser.view(url, referer), configured)
        except IsFile:
            self._note(url, ReadError(f"{url} 给出的是文件而不是列表页；请检查 pages。", code="not_a_page"))
            return None
        except ReadError as error:
            if not (may_miss and error.code in _NO_PAGE):
                self._note(url, error)
            return None
        self._survey.pages += 1
        for address, missing in view.missing:
            self._note(address, missing)
        if any(part.garbled for part in view.parts):
            message = f"{url} 的文字编码与所说的不符，个别文字无法识别；请用浏览器核实其中的链接。"
            self._note(url, ReadError(message, code="charset"))
        return view

    def _said_more(self, one: _OpenList) -> None:
        """A list that says it has more pages than were read, or offers more that only a script would bring."""
        by_number = self._source.paging is not None and PAGE_NUMBER in self._source.paging
        if by_number or not (one.dead or (one.total or 0) > one.read):
            return
        more = f"共有 {one.total} 页" if one.total and one.total > one.read else "还有下一页"
        message = f"{one.start} 起的列表看来{more}，只读到 {one.read} 页；请在 paging 里写明翻页的网址。"
        self._note(one.start, FileUnavailable(message, code="paging_unread"))

    def _too_many(self, url: str) -> None:
        message = f"{url} 起的列表超过 {self._source.max_pages} 页，其余未看；请调大 max_pages。"
        self._note(url, LimitExceeded(message, code="paging_limit"))


def is_neighbour(link: PageLink) -> bool:
    """Whether a link leads to the article before or after, or back to the list."""
    return WEB.neighbours.search(link.text) is not None

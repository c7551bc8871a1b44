"""Reports from the list pages of web sites (网站来源).

List pages → articles → attachments. Known articles and attachments are asked for again only after `recheck_days`, and
then with the ETag or date of the last time. What is not followed is a problem, a row or a number: never nothing.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from urllib.parse import unquote, urlsplit

from pipeline.sourcing.addresses import ForbiddenAddress, is_allowed
from pipeline.sourcing.attachments import Fetcher, PageInstead
from pipeline.sourcing.browse import BrowsedPage, Browser, IsFile
from pipeline.sourcing.client import Client, Patience
from pipeline.sourcing.config import WebSource
from pipeline.sourcing.found import FoundFile, Gathered, NotDelivered, Origin, Survey
from pipeline.sourcing.links import (
    PageLink,
    attachment_suffix,
    is_static_page,
    left_out_suffix,
    looks_like_download,
    may_be_file,
    names_a_file,
    same_address,
)
from pipeline.sourcing.listing import columns_below
from pipeline.sourcing.lists import Lists, is_neighbour
from pipeline.sourcing.visited import Article, Memory, Remembered, healed
from schemas.errors import FileUnavailable, ReadError
from schemas.web import WEB

_FAILURES_IN_A_ROW = 5
"""So many transient failures one after the other, and the site is left alone until the next visit."""
_MAX_COLUMNS = 40
"""Columns below a list page without entries of its own that are looked into."""


class _Stop(Exception):
    """The visit ends here; what was found so far is kept."""


def gather_web(source: WebSource, state: Path, *, patience: Patience | None = None, downloads: bool = True) -> Gathered:
    """Every attachment the source's pages lead to, new and changed ones downloaded below `state` (网站来源的收集).

    Downloads lie in `<state>/downloads`, the memory in `<state>/sources.sqlite`. Addresses are those of the links,
    without what changes from visit to visit. Whatever a page, an attachment or the site refuses is a problem; a list
    page or article that could not be read makes the result incomplete, and so do list pages that lead nowhere. Without
    `downloads` attachments are counted, not fetched. Raises StoreError, and OSError when the disk is full.
    """
    with Memory(state) as memory:
        patience = patience or Patience()
        with Client(source, memory, state / "partial", patience) as client:
            return _Visit(source, state, memory, client, patience.visit, downloads).run()


class _Visit:
    """One visit to one source: its findings as they come in."""

    def __init__(
        self, source: WebSource, state: Path, memory: Memory, client: Client, seconds: float, downloads: bool
    ) -> None:
        self._source = source
        self._state = state
        self._memory = memory
        self._articles = source.articles or WEB.articles
        self._rules = "\n".join(pattern.pattern for pattern in (*source.attachments, *self._articles))
        self._ends = monotonic() + seconds
        self._downloads = downloads
        self._items: list[FoundFile] = []
        self._problems: list[NotDelivered] = []
        self._skipped: Counter[str] = Counter()
        self._survey = Survey()
        self._complete = True
        self._failures = 0
        self._browser = Browser(client, source, self._check_time)
        self._lists = Lists(self._browser, source, self._survey, self._page_failed)
        self._fetcher = Fetcher(source, state, memory, client, self._browser)
        self._wanted: dict[str, tuple[PageLink, str]] = {}
        self._queue: deque[tuple[PageLink, str, int]] = deque()
        self._queued: set[str] = set()

    def run(self) -> Gathered:
        if self._memory.healed is not None:
            self._problems.append(healed(self._memory.healed))
        try:
            for view in self._lists.walk():
                self._take_list(view, 0)
            if self._complete and not self._wanted and not self._queued:
                self._nothing_found()
            while self._queue:
                self._article(*self._queue.popleft())
            self._fetch_all()
        except _Stop:
            self._complete = False
        self._survey.attachments = len(self._wanted)
        return Gathered(
            self._source.name, tuple(self._items), problems=tuple(self._problems), complete=self._complete,
            skipped=self._skipped, survey=self._survey,
        )  # fmt: skip

    def _take_list(self, view: BrowsedPage, depth: int) -> None:
        """Sort the links of a list page into attachments, articles, and what is left out."""
        page = view.main.url
        before = len(self._wanted) + len(self._queued)
        for link in view.links:
            if self._lists.is_paging(link, page) or self._is_left_out(link):
                continue
            if self._is_attachment(link, on_list=True):
                self._want(link, page)
            elif link.place == "link" and self._may_be_article(link):
                self._queue_article(link, page, depth)
        for text in view.dead:
            if _matches(self._articles, PageLink("", text)):
                self._dead_link(page, text)
        nothing = len(self._wanted) + len(self._queued) == before
        if nothing and depth == 0 and self._lists.was_read(page) and self._survey.paged == 0:
            self._columns(view)

    def _columns(self, view: BrowsedPage) -> None:
        """A list page without entries of its own: its columns may have them."""
        if any(same_address(start) == same_address(view.main.url) for start in self._source.pages):
            for link in columns_below(view.main)[:_MAX_COLUMNS]:
                for below in self._lists.walk_from(link.url, view.main.url):
                    self._take_list(below, 1)

    def _queue_article(self, link: PageLink, page: str, depth: int) -> None:
        key = same_address(link.url)
        if key in self._queued or self._lists.was_read(link.url):
            return
        self._queued.add(key)
        self._queue.append((link, page, depth))

    def _want(self, link: PageLink, page: str) -> None:
        self._wanted.setdefault(same_address(link.url), (link, page))

    def _article(self, link: PageLink, page: str, depth: int) -> None:
        """One article: its attachments, itself if it is a report, or a row that says there was neither."""
        known = self._memory.article(self._source.name, same_address(link.url), self._rules)
        if known is not None and not self._is_due(known.checked, datetime.now(UTC)) and self._has_pages(link, known):
            self._hand_over_known(link, page, known.links)
            return
        if not is_allowed(link.url, self._source.hosts):
            self._elsewhere(link)
            return
        try:
            view = self._browser.view(link.url, page)
            if not self._found_in(view) and view.report is None:
                view = self._browser.filled(view)
        except IsFile:
            self._want(replace(link, place="file"), page)
            self._remember(link, [replace(link, place="file")])
            self._survey.articles += 1
            return
        except ReadError as error:
            self._page_failed(link.url, error)
            if known is not None:
                self._hand_over_known(link, page, known.links)
            return
        self._failures = 0
        self._read_article(view, link, page, depth)

    def _has_pages(self, link: PageLink, known: Article) -> bool:
        """Whether the page of an article that is a report itself still lies where it was kept."""
        return all(each.place != "frame" for each in known.links) or self._fetcher.known(link) is not None

    def _found_in(self, view: BrowsedPage) -> list[PageLink]:
        return [each for each in view.links if self._is_attachment(each) and not self._is_left_out(each)]

    def _read_article(self, view: BrowsedPage, link: PageLink, page: str, depth: int) -> None:
        if not self._is_meant(link, view):
            self._remember(link, [])
            self._survey.leave_out("标题不符")
            return
        self._survey.articles += 1
        found = self._found_in(view)
        for each in found:
            self._want(each, view.main.url)
        for address, error in view.missing:
            self._page_failed(address, error)
        for text in view.dead if found else ():
            if names_a_file(PageLink("", text)):
                self._dead_link(view.main.url, text)
        self._count_left_out(view)
        report = view.report
        if report is not None and self._fetcher.reads_pages:
            self._survey.reports += 1
            file = self._fetcher.keep_page(view.page, link, page) if self._downloads else None
            if file is not None:
                self._hand_over(*file)
            found = [*found, replace(link, place="frame")]
        elif not found and self._leads_on(view, page, depth):
            return  # a list within the list: read again each time, as lists are
        if found:
            self._remember(link, found)
        else:
            self._nothing_there(link, view)

    def _is_meant(self, link: PageLink, view: BrowsedPage) -> bool:
        """Whether an article whose title the list cut short is one of those wanted, now that its own title is known."""
        if _matches(self._articles, link):
            return True
        return _matches(self._articles, PageLink(link.url, f"{view.main.title} {view.main.text[:300]}"))

    def _leads_on(self, view: BrowsedPage, page: str, depth: int) -> bool:
        """Whether the article is a list of articles nobody has seen yet; they are queued."""
        if depth >= 2:
            return False
        before = len(self._queued)
        self._lists_within(view, depth)
        return len(self._queued) > before

    def _lists_within(self, view: BrowsedPage, depth: int) -> None:
        fitting = [
            link
            for link in view.links
            if link.place == "link" and not is_neighbour(link) and self._may_be_article(link)
            and not self._is_left_out(link)
        ]  # fmt: skip
        new = [link for link in fitting if same_address(link.url) not in self._queued]
        if not new:
            return
        for link in new:
            self._queue_article(link, view.main.url, depth + 1)
        for below in self._lists.walk_from(view.main.url):
            self._take_list(below, depth + 1)

    def _hand_over_known(self, link: PageLink, page: str, links: Sequence[PageLink]) -> None:
        """What the article had the last time it was read."""
        self._survey.articles += 1
        for each in links:
            if each.place == "frame":
                file = self._fetcher.known(link)
                if file is not None:
                    self._survey.reports += 1
                    self._hand_over(file, fresh=False)
            else:
                self._want(each, page if each.place == "file" else link.url)
        if not links:
            self._no_attachment(link, "")

    def _nothing_there(self, link: PageLink, view: BrowsedPage) -> None:
        dead = [text for text in view.dead if WEB.download_labels.search(text)]
        pictures = max(part.pictures for part in view.parts)
        why = ""
        if dead:
            why = f"（有 {len(dead)} 个链接只能由脚本打开，如“{dead[0][:20]}”）"
        elif view.report is not None:
            why = "（网页本身像是报告，暂不读取网页）"
        elif pictures:
            why = f"（有 {pictures} 张图片）"
        self._no_attachment(link, why)

    def _no_attachment(self, link: PageLink, why: str) -> None:
        self._survey.without += 1
        message = f"文章“{link.text[:80]}”没有附件，本身也不是自评报告{why}；请用浏览器核实。"
        self._problems.append(
            NotDelivered(same_address(link.url), ReadError(message, code="no_attachment"), of_file=True)
        )

    def _dead_link(self, page: str, text: str) -> None:
        message = f"{page} 上的“{text[:80]}”只能由脚本打开，未能取得；请用浏览器核实。"
        self._problems.append(NotDelivered(f"{page}#{text[:80]}", ReadError(message, code="script_link"), of_file=True))

    def _elsewhere(self, link: PageLink) -> None:
        """An article on a host that ziping.toml does not name: a row of its own, so that it is told once."""
        self._survey.leave_out(f"其他网站 {urlsplit(link.url).hostname}")
        error = ForbiddenAddress(
            f"文章“{link.text[:80]}”在 {urlsplit(link.url).netloc}，不在该来源允许的主机之内，未访问；"
            "确需访问请把主机名写入 hosts，不需要请写入 leave_out。"
        )
        self._problems.append(NotDelivered(same_address(link.url), error, of_file=True))

    def _count_left_out(self, view: BrowsedPage) -> None:
        """Files of an article that nobody reads: films, programs, formats of the past."""
        for link in view.links:
            suffix = left_out_suffix(link)
            if suffix is not None and link.place == "link":
                self._skipped[suffix] += 1
                self._survey.leave_out(suffix)

    def _may_be_article(self, link: PageLink) -> bool:
        """A match, or a title that the list cut short before anything could match."""
        return _matches(self._articles, link) or WEB.cut_text.search(link.text) is not None

    def _is_attachment(self, link: PageLink, *, on_list: bool = False) -> bool:
        """A known suffix or the look of a download, and a match if there are patterns.

        The links of a list are mostly the site's own: there a download has to be wanted by its text as well.
        """
        patterns = self._source.attachments
        if link.place in ("file", "data"):
            return link.place == "file"
        if on_list and is_static_page(urlsplit(link.url).path):
            return False
        if attachment_suffix(link) is not None:
            return not patterns or _matches(patterns, link)
        if any(pattern.search(unquote(link.url)) for pattern in patterns):
            return True
        if link.place == "frame" or _matches(patterns, link) < bool(patterns):
            return False
        wanted = _matches(self._articles, link)
        if looks_like_download(link) or (not on_list and names_a_file(link)):
            return not on_list or wanted
        return wanted and not on_list and may_be_file(link)

    def _is_left_out(self, link: PageLink) -> bool:
        left_out = bool(self._source.leave_out) and _matches(self._source.leave_out, link)
        if left_out:
            self._survey.leave_out("leave_out")
        return left_out

    def _fetch_all(self) -> None:
        """Fetch what is wanted; a page that came in a file's place may lead to the file."""
        queue = deque((link, page, True) for link, page in self._wanted.values())
        while queue:
            link, page, follow = queue.popleft()
            if not self._downloads:
                continue
            instead = self._attachment(link, page)
            if instead is None:
                continue
            inner = [each for each in instead.links if self._is_attachment(each)] if follow else []
            new = [each for each in inner if same_address(each.url) not in self._wanted]
            if inner and not instead.lost:
                self._wanted |= {same_address(each.url): (each, instead.url) for each in new}
                queue.extend((replace(each, text=each.text or link.text), instead.url, False) for each in new)
            else:
                self._no_file(link)

    def _no_file(self, link: PageLink) -> None:
        if attachment_suffix(link) is None and link.place != "file" and not names_a_file(link):
            self._survey.left_out["网页"] += 1  # only its look spoke of a file
            return
        message = f"{link.url} 给出的是网页而不是附件，未收入；请用浏览器核实链接。"
        self._note(same_address(link.url), ReadError(message, code="not_attachment"), of_file=True)

    def _attachment(self, link: PageLink, page: str) -> PageInstead | None:
        """Hand over the file behind `link`; the page that came in its place, if one did."""
        known = self._fetcher.known(link)
        if known is not None and not self._is_due(known.checked_at, datetime.now(UTC)):
            self._hand_over(known, fresh=False)
            return None
        self._check_time()
        try:
            file, fresh = self._fetcher.fetch(link, page, known)
        except PageInstead as instead:
            return instead
        except ReadError as error:
            self._note(same_address(link.url), error, of_file=True)
            return None
        self._failures = 0
        self._hand_over(file, fresh=fresh)
        return None

    def _hand_over(self, file: Remembered, fresh: bool) -> None:
        origin = Origin(file.address, file.first_seen_at, file.page, file.label, file.etag, file.last_modified)
        self._items.append(FoundFile(file.address, self._state / file.path, origin, fresh))

    def _remember(self, link: PageLink, found: Sequence[PageLink]) -> None:
        if self._downloads:
            address = same_address(link.url)
            self._memory.remember_article(self._source.name, address, self._rules, datetime.now(UTC), found)

    def _is_due(self, checked: datetime, now: datetime) -> bool:
        return not timedelta(0) <= now - checked < timedelta(days=self._source.recheck_days)

    def _nothing_found(self) -> None:
        """A site that was rebuilt, or that answers with a page for browsers only, looks like this."""
        url = self._source.pages[0]
        message = f"{url} 上没有找到文章或附件；网站可能已改版，请用浏览器核实并检查 articles、attachments。"
        self._page_failed(url, FileUnavailable(message, code="nothing_found"))

    def _page_failed(self, url: str, error: ReadError) -> None:
        self._complete = False
        self._note(url, error)

    def _note(self, url: str, error: ReadError, *, of_file: bool = False) -> None:
        self._problems.append(NotDelivered(url, error, of_file))
        if error.transient and error.code not in _OF_THE_PAGE:
            self._failures += 1
        elif error.code.startswith("http_"):
            self._failures = 0  # the site answers; what was not even asked for says nothing about it
        if self._failures == _FAILURES_IN_A_ROW:
            message = f"来源“{self._source.name}”连续 {self._failures} 次无法访问，其余留待下次；请检查网络和网站。"
            self._problems.append(NotDelivered(url, FileUnavailable(message, code="site_unavailable")))
            raise _Stop

    def _check_time(self) -> None:
        if monotonic() > self._ends:
            message = f"来源“{self._source.name}”本次收集时间已到，其余留待下次。"
            self._problems.append(NotDelivered(self._source.pages[0], FileUnavailable(message, code="visit_time")))
            raise _Stop


_OF_THE_PAGE = frozenset({"nothing_found", "paging_unread"})
"""Transient, and yet the site answered."""


def _matches(patterns: Sequence[re.Pattern[str]], link: PageLink) -> bool:
    return any(pattern.search(unquote(link.url)) or pattern.search(link.text) for pattern in patterns)

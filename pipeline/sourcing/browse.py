"""Pages read as a person sees them: sent on, with their frames, filled with the data they ask for (浏览)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from pipeline.sourcing.addresses import is_allowed
from pipeline.sourcing.client import Client, FetchedPage
from pipeline.sourcing.config import WebSource
from pipeline.sourcing.links import PageLink, attachment_suffix, same_address
from pipeline.sourcing.listing import first_data, is_paging
from pipeline.sourcing.pages import WebContent, decode_page, read_page
from pipeline.sourcing.scripts import Scripts
from schemas.errors import FileUnavailable, ReadError
from schemas.web import WEB

_MAX_FORWARDS = 5
_MAX_PARTS = 6
"""Frames, scripts or data addresses of one page that are asked for."""


@dataclass(frozen=True, slots=True)
class BrowsedPage:
    """A page with its frames and the answers it is filled from (一页所见).

    `parts` are those, the page itself first; `page` is its bytes. `missing`: parts that could not be had.
    """

    page: FetchedPage
    parts: tuple[WebContent, ...]
    missing: tuple[tuple[str, ReadError], ...] = ()

    @property
    def links(self) -> list[PageLink]:
        """The links of all parts, each address once."""
        found: dict[str, PageLink] = {}
        for part in self.parts:
            for link in part.links:
                found.setdefault(same_address(link.url), link)
        return list(found.values())

    @property
    def main(self) -> WebContent:
        return self.parts[0]

    @property
    def dead(self) -> list[str]:
        return [text for part in self.parts for text in part.dead]

    @property
    def report(self) -> WebContent | None:
        """The part that prints a self-evaluation itself."""
        return next((part for part in self.parts if part.kind == "html" and part.is_report), None)


class IsFile(Exception):
    """The address of a page answers with a file."""


class Browser:
    """Reads the pages of one source by its client; scripts of the site are read once a visit."""

    def __init__(self, client: Client, source: WebSource, tick: Callable[[], None]) -> None:
        self._client = client
        self._source = source
        self._tick = tick
        self._scripts: dict[str, str] = {}

    def view(self, url: str, referer: str | None) -> BrowsedPage:
        """The page at `url` with its frames. Raises ReadError, also when a guard of the site answers; IsFile."""
        page, content = self._open(url, referer)
        content = self._with_site_scripts(page, content)
        parts = [content]
        missing: list[tuple[str, ReadError]] = []
        frames = self._frames(content)
        while frames and len(parts) + len(missing) <= _MAX_PARTS:
            link = frames.pop(0)
            before = len(parts)
            self._part(link.url, page.url, parts, missing, said=True)
            for inner in parts[before:]:
                frames += [each for each in self._frames(inner) if each.url not in {part.url for part in parts}]
        return BrowsedPage(page, tuple(parts), tuple(missing))

    def filled(self, view: BrowsedPage, configured: str = "") -> BrowsedPage:
        """`view` with what its scripts ask for; `configured` is its address as a person wrote it. Raises nothing."""
        parts, missing = list(view.parts), list(view.missing)
        for address in list(self._data(parts, configured)):
            self._part(address, view.page.url, parts, missing, said=False)
        return BrowsedPage(view.page, tuple(parts), tuple(missing))

    def instead(self, body: bytes, content_type: str, url: str) -> WebContent:
        """What a page says that came in the place of a file."""
        return read_page(body, content_type, url)

    def _open(self, url: str, referer: str | None, *, post: bool = False) -> tuple[FetchedPage, WebContent]:
        seen = {url}
        for _ in range(_MAX_FORWARDS):
            self._tick()
            page = self._client.page(url, referer, post=post)
            if page.is_file:
                raise IsFile
            content = read_page(page.body, page.content_type, page.url)
            forward = content.forward
            if content.is_challenge and (forward is None or forward in seen):
                raise challenge(url)
            if forward is None or forward in seen or content.links:
                if content.is_lost and not any(attachment_suffix(link) for link in content.links):
                    raise ReadError(f"{url} 显示“{content.text[:40]}”，没有内容；请用浏览器核实。", code="lost_page")
                return page, content
            seen.add(forward)
            url, referer = forward, page.url
        raise ReadError(f"{url} 一再转往别处，未读；请用浏览器核实。", code="redirects")

    def _with_site_scripts(self, page: FetchedPage, content: WebContent) -> WebContent:
        """The page read once more with the site's own scripts, where its links call what it does not define."""
        wanted = [text for text in content.dead if not WEB.neighbours.search(text)]
        own = [each for each in content.scripts if self._is_own(each)]
        if not wanted or not own:
            return content
        scripts = Scripts()
        for address in own[-_MAX_PARTS:]:
            if address not in self._scripts:
                self._scripts[address] = self._code(address, page.url)
            scripts.learn(self._scripts[address])
        return read_page(page.body, page.content_type, page.url, scripts) if scripts.functions else content

    def _code(self, address: str, referer: str) -> str:
        self._tick()
        try:
            page = self._client.page(address, referer)
        except ReadError:
            return ""  # links that only this script could follow are reported as such
        return decode_page(page.body, page.content_type)[0]

    def _is_own(self, url: str) -> bool:
        return is_allowed(url, self._source.hosts)

    def _frames(self, content: WebContent) -> list[PageLink]:
        frames = [link for link in content.links if link.place == "frame" and attachment_suffix(link) is None]
        return [link for link in frames if self._is_own(link.url)][:_MAX_PARTS]

    def _data(self, parts: list[WebContent], configured: str) -> Iterator[str]:
        own = urlsplit(parts[0].url).netloc
        asked = [*first_data(parts[0], configured or parts[0].url)]
        for part in parts:
            asked += [link.url for link in part.links if link.place == "data" and not is_paging(link, part.url)]
        likely = [each for each in asked if urlsplit(each).netloc == own and each != parts[0].url]
        likely.sort(key=lambda each: WEB.data_address.search(each) is None)
        yield from list(dict.fromkeys(likely))[:_MAX_PARTS]

    def _part(
        self, url: str, referer: str, parts: list[WebContent], missing: list[tuple[str, ReadError]], *, said: bool
    ) -> None:
        """Add the frame or answer at `url`; one that cannot be had is noted where the page shows a place for it."""
        try:
            try:
                _, content = self._open(url, referer)
            except ReadError as error:
                if said or error.code != "http_405":
                    raise
                _, content = self._open(url, referer, post=True)
        except IsFile:
            parts[0] = _with_file(parts[0], url)
        except ReadError as error:
            if said or error.transient:
                missing.append((url, error))
        else:
            parts.append(content)


def challenge(url: str) -> FileUnavailable:
    """What is to be said of a page that a guard of the site answered for."""
    message = f"{url} 给出的是网站的验证页（脚本设置 Cookie 或要求验证），不是内容；请用浏览器核实，或请网站放行。"
    return FileUnavailable(message, code="challenge")


def _with_file(content: WebContent, url: str) -> WebContent:
    """A page one of whose frames turned out to be a file."""
    links = tuple(replace(link, place="file") if link.url == url else link for link in content.links)
    return replace(content, links=links)

"""Files fetched from a web site and kept, with what is remembered of them (附件)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from parsers.detect import detect_format
from parsers.formats import BY_NAME, usual_suffix
from pipeline.sourcing.browse import Browser, challenge
from pipeline.sourcing.client import MAX_PAGE_BYTES, Client, Download, FetchedPage
from pipeline.sourcing.config import WebSource
from pipeline.sourcing.found import keep_download
from pipeline.sourcing.links import PageLink, attachment_suffix, file_name, same_address, shown_files
from pipeline.sourcing.visited import Memory, Remembered
from schemas.errors import ReadError

_HTML = BY_NAME["html"]
_NEVER_HTML = frozenset({".pdf", ".docx", ".xlsx", ".zip", ".ofd", ".rar", ".7z"})
_TEXT = frozenset(BY_NAME["txt"].suffixes)
_HEAD = 200
_LONGEST_SUFFIX = 6


class PageInstead(Exception):
    """A page came where a file was expected: its address, its links; `lost` if it says that there is nothing."""

    def __init__(self, url: str, links: Sequence[PageLink], lost: bool) -> None:
        super().__init__(url)
        self.url = url
        self.links = links
        self.lost = lost


class Fetcher:
    """Fetches the attachments of one source. Its methods raise ReadError, PageInstead, StoreError and OSError."""

    def __init__(self, source: WebSource, state: Path, memory: Memory, client: Client, browser: Browser) -> None:
        self._source = source
        self._state = state
        self._memory = memory
        self._client = client
        self._browser = browser

    @property
    def reads_pages(self) -> bool:
        """Whether a page that is a report itself can be read."""
        return _HTML.role == "report"

    def known(self, link: PageLink) -> Remembered | None:
        """What an earlier visit kept of the file behind `link`, if it is still there."""
        known = self._memory.file(self._source.name, same_address(link.url))
        return known if known is not None and known.is_here(self._state) else None

    def fetch(self, link: PageLink, page: str, known: Remembered | None) -> tuple[Remembered, bool]:
        """The file behind `link`, at the first of its addresses that has one; whether it is another than `known`."""
        addresses = (link.url, *link.others)
        for at, url in enumerate(addresses):
            try:
                return self._fetch_at(url, link, page, known)
            except ReadError as error:
                if error.transient or at == len(addresses) - 1:
                    raise
            except PageInstead:
                if at == len(addresses) - 1:
                    raise
        raise AssertionError("a link has an address")

    def _fetch_at(self, url: str, link: PageLink, page: str, known: Remembered | None) -> tuple[Remembered, bool]:
        now = datetime.now(UTC)
        got = self._client.download(url, known, page)
        if got is None and known is None:
            raise ReadError(f"{url} 没有给出内容（HTTP 304），请用浏览器核实链接。", code="http_304")
        file = _checked_again(known, now) if got is None and known is not None else None
        if file is None:
            assert got is not None
            file = self._kept(url, link, page, got, known, now)
        self._memory.remember(file)
        self._memory.remember_validator(url, None)
        return file, got is not None and (known is None or known.sha256 != file.sha256)

    def _kept(
        self, url: str, link: PageLink, page: str, got: Download, known: Remembered | None, now: datetime
    ) -> Remembered:
        name = file_name(link, got.disposition)
        content = detect_format(got.partial)
        suffix = Path(name).suffix.lower()
        if content == "html" or (content == "txt" and suffix not in _TEXT and _is_markup(got.partial)):
            self._refuse_page(url, link, got, suffix)
        if not suffix or len(suffix) > _LONGEST_SUFFIX:
            name += usual_suffix(content)
        return self._remembered(link, page, got, name, known, now)

    def _remembered(
        self, link: PageLink, page: str, got: Download, name: str, known: Remembered | None, now: datetime
    ) -> Remembered:
        size = got.partial.stat().st_size
        path, sha256 = keep_download(got.partial, self._state / "downloads", name)
        first_seen = known.first_seen if known else now.isoformat()
        return Remembered(
            self._source.name, same_address(link.url), path.relative_to(self._state).as_posix(), sha256, size,
            got.etag, got.last_modified, page, link.text, first_seen, now.isoformat(),
        )  # fmt: skip

    def _refuse_page(self, url: str, link: PageLink, got: Download, suffix: str) -> None:
        """Raises where HTML is not the file but a page about it; Word and Excel save as HTML under their own names."""
        body = got.partial.read_bytes()[:MAX_PAGE_BYTES]
        content = self._browser.instead(body, "", url)
        may_be_html = suffix not in _NEVER_HTML and attachment_suffix(link) is not None
        if content.is_challenge:
            got.partial.unlink()
            raise challenge(url)
        if may_be_html and not content.is_lost and content.forward is None:
            return
        got.partial.unlink()
        forward = [] if content.forward is None else [PageLink(content.forward, link.text, "file")]
        shown = [PageLink(each, link.text, "file") for each in shown_files(url, surely=True)]
        raise PageInstead(url, [*forward, *shown, *content.links], content.is_lost)

    def keep_page(self, page: FetchedPage, link: PageLink, found_on: str) -> tuple[Remembered, bool]:
        """The page itself as a file: a report that a site prints instead of attaching it."""
        now = datetime.now(UTC)
        partials = self._state / "partial"
        partials.mkdir(parents=True, exist_ok=True)
        partial = partials / f"page-{abs(hash(page.url)):x}.part"
        partial.write_bytes(page.body)
        known = self.known(link)
        got = Download(partial, None, None, None)
        file = self._remembered(link, found_on, got, f"{link.text or '网页'}{_HTML.suffixes[0]}", known, now)
        self._memory.remember(file)
        return file, known is None or known.sha256 != file.sha256


def _is_markup(path: Path) -> bool:
    """Whether a text begins as a page does, though it is too short to be one."""
    with path.open("rb") as file:
        return file.read(_HEAD).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _checked_again(file: Remembered, now: datetime) -> Remembered:
    return Remembered(
        file.source, file.address, file.path, file.sha256, file.size, file.etag, file.last_modified, file.page,
        file.label, file.first_seen, now.isoformat(),
    )  # fmt: skip

"""One answer of a site, read: what it leads to and what it is (网页)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

from parsers.html.encoding import decode_page as decode
from pipeline.sourcing.links import PageLink, same_address
from pipeline.sourcing.markup import PageReader, gone_to
from pipeline.sourcing.records import as_json, read_json, read_xml
from pipeline.sourcing.scripts import Scripts
from schemas.web import WEB

_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_XML = re.compile(r"^\s*<\?xml|^\s*<(?:datastore|rss|feed|urlset|response|root|data|records?)\b", re.IGNORECASE)
_XHTML = re.compile(r"<html[\s>]", re.IGNORECASE)
_EMPTY_CHARACTERS = 300
"""A page that prints less, and leads nowhere, shows nothing to a person."""

Kind = Literal["html", "json", "xml"]


@dataclass(frozen=True, slots=True)
class WebContent:
    """A page as it is to be understood (网页内容).

    `forward` is where it sends its reader, `dead` are texts of links only a script could follow, `code` its scripts.
    `text` is what a person reads, `linked` how many of its characters are in links. `garbled`: bytes that no encoding
    explains. `value`: what a JSON answer holds.
    """

    url: str
    kind: Kind
    links: tuple[PageLink, ...]
    text: str
    title: str = ""
    code: str = ""
    forward: str | None = None
    dead: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    linked: int = 0
    pictures: int = 0
    garbled: bool = False
    value: Any = None
    raw: str = ""

    @property
    def is_challenge(self) -> bool:
        """Whether a guard of the site answered instead of the page: a script that sets a cookie, a test, a refusal."""
        if self.kind != "html":
            return False
        short = len(self.text) < _EMPTY_CHARACTERS
        if short and WEB.challenge_words.search(f"{self.title} {self.text}"):
            return True
        bare = len(self.text) < _EMPTY_CHARACTERS // 5 and not self.links
        return bare and WEB.challenge_scripts.search(self.code) is not None

    @property
    def is_lost(self) -> bool:
        """Whether the page says that there is none: an error page sent as if all were well."""
        head = f"{self.title} {self.text}"[:_EMPTY_CHARACTERS]
        return len(self.text) < _EMPTY_CHARACTERS and WEB.lost_words.search(head) is not None

    @property
    def is_report(self) -> bool:
        """Whether the page itself prints a self-evaluation, by the words such reports are made of."""
        words = sum(pattern.search(self.text) is not None for pattern in WEB.report_words)
        return words >= WEB.report_words_needed and len(self.text) >= WEB.report_characters


def decode_page(body: bytes, content_type: str) -> tuple[str, str]:
    """The text of a page and its encoding, given what the server says of it."""
    said = _HEADER_CHARSET.search(content_type)
    return decode(body, said[1] if said else None)


def read_page(body: bytes, content_type: str, url: str, scripts: Scripts | None = None) -> WebContent:
    """Everything the answer `body` from `url` leads to; `scripts` are functions known from elsewhere."""
    text, encoding = decode_page(body, content_type)
    scripts = scripts or Scripts()
    reader = PageReader(url, encoding, scripts)
    kind: Kind = "html"
    value = as_json(text)
    if value is not None:
        kind = "json"
        read_json(value, reader)
    elif _XML.match(text) and not _XHTML.search(text[:1000]) and read_xml(text, reader):
        kind = "xml"
    else:
        reader.page(text)
    found = reader.found
    forward = found.forward
    if forward is None and kind == "html" and len(found.text) < _EMPTY_CHARACTERS // 3 and not found.links:
        target = gone_to(found.code, scripts)
        forward = urljoin(url, target) if target else None
    return WebContent(
        url, kind, _once(found.links), found.text, found.title, found.code, forward, tuple(found.dead),
        tuple(found.scripts), found.linked, found.pictures,
        "\ufffd" in text, value, "" if kind == "html" else text,
    )  # fmt: skip


def _once(links: list[PageLink]) -> tuple[PageLink, ...]:
    """Each address once, in the order of the page, with the first text and name that any of its links has."""
    found: dict[str, PageLink] = {}
    for link in links:
        key = same_address(link.url)
        before = found.get(key)
        if before is None:
            found[key] = link
        elif _tells_more(link, before):
            found[key] = PageLink(
                before.url, link.text or before.text, link.place, link.name or before.name, before.others
            )
    return tuple(found.values())


def _tells_more(link: PageLink, before: PageLink) -> bool:
    named = bool(link.text and not before.text) or bool(link.name and not before.name)
    return named or (link.place == "link" and before.place == "said" and bool(link.text))

"""Web pages: decoded, their links resolved (网页)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urljoin, urlsplit, urlunsplit

import lxml.etree
import lxml.html

from parsers.formats import FETCHED_SUFFIXES

_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]{2,20})""", re.IGNORECASE)
_HEADER_CHARSET = re.compile(r"""charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
_META_WITHIN = 4096
_GB = frozenset({"gb2312", "gbk", "gb_2312-80", "x-gbk", "cp936", "gb18030"})
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_SAFE = "/:?#[]@!$&'()*+,;=%~"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a page: its full address without fragment, and its text or title (链接)."""

    url: str
    text: str


def decode_page(body: bytes, content_type: str) -> tuple[str, str]:
    """The text of a page and its encoding: what page and server say if it fits, else UTF-8 or GB18030."""
    said = [*_HEADER_CHARSET.findall(content_type), *(m.decode("ascii") for m in _CHARSET.findall(body[:_META_WITHIN]))]
    candidates = ["gb18030" if name.lower() in _GB else name.lower() for name in said]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates.insert(0, "utf-16")
    for encoding in (*candidates, "utf-8", "gb18030"):
        try:
            return body.decode(encoding).removeprefix("\ufeff"), encoding
        except (UnicodeDecodeError, LookupError):
            continue
    # A page with a few broken bytes still has its links.
    encoding = "gb18030" if "gb18030" in candidates else "utf-8"
    return body.decode(encoding, "replace"), encoding


def find_links(body: bytes, content_type: str, url: str) -> list[Link]:
    """The HTTP(S) links of a page in its order, each address once, resolved against `url` and the page's <base>.

    A page that is no HTML has none.
    """
    text, encoding = decode_page(body, content_type)
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return []
    base = next((str(one) for one in root.xpath("//base/@href")), "")
    base = _resolve(url, base, encoding) or url
    found: dict[str, Link] = {}
    for anchor in root.xpath("//a[@href] | //area[@href]"):
        target = _resolve(base, anchor.get("href"), encoding)
        if target is None:
            continue
        label = " ".join(anchor.text_content().split()) or anchor.get("title") or anchor.get("alt") or ""
        if target not in found or not found[target].text:
            found[target] = Link(target, label)
    return list(found.values())


def attachment_suffix(link: Link) -> str | None:
    """The suffix of the file behind `link` as its path, its query or its text names it; None if no known one."""
    parts = urlsplit(link.url)
    names = [parts.path, *(value for _, value in parse_qsl(parts.query)), link.text]
    for name in names:
        match = _SUFFIX.search(unquote(name).strip())
        if match and match[0].lower() in FETCHED_SUFFIXES:
            return match[0].lower()
    return None


def file_name(link: Link, disposition: bytes | None) -> str:
    """The best name for a download: what the server says, else what the address or the link's text names."""
    if disposition and (said := _said_name(disposition)):
        return said
    parts = urlsplit(link.url)
    names = [parts.path.rpartition("/")[2], *(value for _, value in parse_qsl(parts.query)), link.text]
    plain = [unquote(name).strip().rpartition("/")[2] for name in names]
    for name in plain:
        match = _SUFFIX.search(name)
        if match and match[0].lower() in FETCHED_SUFFIXES:
            return name
    return link.text.strip() or plain[0] or "附件"


def _said_name(disposition: bytes) -> str | None:
    """The file name in a Content-Disposition header; servers write UTF-8, GBK or percent signs where ASCII belongs."""
    extended = re.search(rb"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", disposition, re.IGNORECASE)
    if extended:
        try:
            return unquote(extended[2].decode("ascii"), extended[1].decode("ascii"), "strict").rpartition("/")[2]
        except (UnicodeDecodeError, LookupError):
            pass
    plain = re.search(rb'filename\s*=\s*(?:"([^"]*)"|([^;]*))', disposition, re.IGNORECASE)
    raw = (plain[1] or plain[2] or b"").strip() if plain else b""
    for encoding in ("utf-8", "gb18030"):
        try:
            return unquote(raw.decode(encoding)).replace("\\", "/").rpartition("/")[2] or None
        except UnicodeDecodeError:
            continue
    return None


def _resolve(base: str, href: str, encoding: str) -> str | None:
    """A link as browsers resolve it: the path in UTF-8, the query in the page's encoding."""
    try:
        parts = urlsplit(urldefrag(urljoin(base, "".join(href.split("\n")).strip().replace("\t", "")))[0])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = host if parts.port is None else f"{host}:{parts.port}"
    except ValueError:
        return None
    query = quote(parts.query, safe=_SAFE, encoding=encoding, errors="replace")
    return urlunsplit((parts.scheme, netloc, quote(parts.path or "/", safe=_SAFE), query, ""))

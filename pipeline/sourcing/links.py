"""Addresses as pages print them: resolved as browsers do, told apart, named (链接与地址)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, quote, unquote, urldefrag, urlencode, urljoin, urlsplit, urlunsplit

from parsers.formats import FETCHED_SUFFIXES, REPORT_SUFFIXES
from schemas.web import WEB

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{2,5}$")
_PAGE_SUFFIXES = frozenset(
    {".html", ".htm", ".shtml", ".xhtml", ".jhtml", ".jsp", ".jspx", ".do", ".action", ".asp", ".aspx", ".php", ".vsb"}
)
_STATIC_PAGES = frozenset({".html", ".htm", ".shtml", ".xhtml"})
_BRACKETS = " 【】[]（）()《》"
_SAFE = "/:?#[]@!$&'()*+,;=%~"
_NO_PAGE = re.compile(r"(?:javascript|data|mailto|tel|about):", re.IGNORECASE)
_MARKUP = frozenset("<>{}|\"'\n\r\t")

Place = Literal["link", "frame", "said", "data", "file"]
"""link   a person can follow it.
frame  its content is shown within the page.
said   a file's address in an attribute or a script.
data   a script asks it for what the page shows.
file   it has answered with a file."""


@dataclass(frozen=True, slots=True)
class PageLink:
    """An address a page names: full, without fragment (链接).

    `text` is what a person reads there, whole where the page cut it short; `name` what the page calls the file.
    `others` are addresses the file may have instead, tried in their order.
    """

    url: str
    text: str
    place: Place = "link"
    name: str = ""
    others: tuple[str, ...] = ()


def resolve(base: str, href: str, encoding: str) -> str | None:
    """A link as browsers resolve it: the path in UTF-8, the query in the page's encoding. None if it is no web page."""
    plain = "".join(href.split("\n")).strip().replace("\t", "")
    if not _NO_PAGE.match(plain):
        path, mark, query = plain.partition("?")
        plain = path.replace("\\", "/") + mark + query
    try:
        parts = urlsplit(urldefrag(urljoin(base, plain))[0])
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = host if parts.port is None else f"{host}:{parts.port}"
    except ValueError:
        return None
    query = quote(parts.query, safe=_SAFE, encoding=encoding, errors="replace")
    return urlunsplit((parts.scheme, netloc, quote(parts.path or "/", safe=_SAFE), query, ""))


def suffix_of(name: str) -> str:
    """The suffix at the end of a path or a name, in small letters; empty if there is none."""
    match = _SUFFIX.search(unquote(WEB.session_path.sub("", name)).strip())
    return match[0].lower() if match else ""


def is_file_name(text: str) -> bool:
    """Whether `text` ends like a file that sources fetch; pages of a site are no such files."""
    suffix = suffix_of(text)
    return suffix in FETCHED_SUFFIXES and suffix not in _PAGE_SUFFIXES


def is_page_name(path: str) -> bool:
    return suffix_of(path) in _PAGE_SUFFIXES


def attachment_suffix(link: PageLink) -> str | None:
    """The suffix of the file behind `link` as its path, its query or its texts name it; None if no known one."""
    parts = urlsplit(link.url)
    names = [parts.path, *(value for _, value in parse_qsl(parts.query)), link.name]
    if not is_static_page(parts.path):
        names.append(WEB.counters.sub("", link.text).strip(_BRACKETS))
    return next((suffix_of(name) for name in names if is_file_name(name)), None)


def is_static_page(path: str) -> bool:
    return suffix_of(path) in _STATIC_PAGES


def names_a_file(link: PageLink) -> bool:
    """Whether the text of a link is a file's name, or says that it is an attachment."""
    text = WEB.counters.sub("", link.text).strip(_BRACKETS)
    return is_file_name(text) or WEB.attachment_labels.search(text) is not None


def looks_like_download(link: PageLink) -> bool:
    """Whether the address or the text of a link speaks of a file, though neither names one with a suffix."""
    if is_static_page(urlsplit(link.url).path):
        return False
    if WEB.download_address.search(link.url.partition("://")[2].partition("/")[2]):
        return True
    return WEB.download_labels.search(link.text) is not None


def may_be_file(link: PageLink) -> bool:
    """Whether the last part of the address has no suffix at all, so that only the answer tells what it is."""
    parts = urlsplit(link.url)
    last = parts.path.rpartition("/")[2]
    return bool(last) and "." not in last


def left_out_suffix(link: PageLink) -> str | None:
    """The suffix of what is behind `link` when it is a file that sources do not fetch: a film, a program."""
    suffix = suffix_of(urlsplit(link.url).path)
    if not suffix or suffix in _PAGE_SUFFIXES or suffix in FETCHED_SUFFIXES or suffix in REPORT_SUFFIXES:
        return None
    return None if suffix[1:].isdigit() or len(suffix) > 5 else suffix


def shown_files(url: str, *, surely: bool = False) -> list[str]:
    """The files a viewer's address names in its query: `viewer.html?file=/f/1.pdf`, also in Base64.

    `surely`: the address is known to give a page, whatever it is called.
    """
    parts = urlsplit(url)
    if not surely and not WEB.viewer_address.search(parts.netloc + parts.path):
        return []
    found = []
    for _, value in parse_qsl(parts.query):
        for each in (value, _from_base64(value)):
            if each and is_file_name(urlsplit(each).path) and (target := resolve(url, each, "utf-8")):
                found.append(target)
    return found


def _from_base64(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode("utf-8") if len(value) > 8 else ""
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""


def same_address(url: str) -> str:
    """`url` without what changes from visit to visit: session numbers, and queries that only outwit caches.

    What is left still has to tell one file from another: a path with a suffix, or another parameter.
    """
    parts = urlsplit(WEB.session_path.sub("", url))
    pairs = parse_qsl(parts.query, keep_blank_values=True, encoding="latin-1")
    kept = [pair for pair in pairs if not _is_volatile(*pair)]
    if len(kept) == len(pairs) or not (kept or suffix_of(parts.path)):
        return urlunsplit(parts)
    return urlunsplit(parts._replace(query=urlencode(kept, encoding="latin-1", safe="/:@,")))


def _is_volatile(name: str, value: str) -> bool:
    return name.lower() in WEB.volatile_parameters and WEB.volatile_value.match(value) is not None


def is_address(text: str) -> bool:
    """Whether a string of a script or a record may be an address: a path, a page, a file."""
    if not text or len(text) > 2000 or _MARKUP & set(text):
        return False
    if is_file_name(urlsplit_path(text)):
        return True
    if " " in text:
        return False
    rooted = text.startswith(("http://", "https://", "//", "/", "./", "../", "?"))
    return (rooted and len(text) > 1) or is_page_name(urlsplit_path(text))


def urlsplit_path(text: str) -> str:
    """The part of an address before its query; never an error."""
    return text.partition("?")[0].partition("#")[0]


def file_name(link: PageLink, disposition: bytes | None) -> str:
    """The best name for a download: what the server says, else what page, address or the link's text name."""
    said = _said_name(disposition) if disposition else None
    if said:
        return said
    parts = urlsplit(WEB.session_path.sub("", link.url))
    text = WEB.counters.sub("", link.text).strip()
    names = [parts.path.rpartition("/")[2], *(value for _, value in parse_qsl(parts.query)), text]
    plain = [link.name, *(unquote(name).strip().rpartition("/")[2] for name in names)]
    for name in plain:
        if is_file_name(name):
            return name
    return text or plain[1] or "附件"


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

"""The other pages of a list, as the publishing systems of government sites number them (翻页).

TRS, Hanweb, jpaas, gkmlpt, UCAP, VSB and lists of `?page=N` are known by what they print; any other list by its links
to the next page, the last one, or a number.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from pipeline.sourcing.links import PageLink, urlsplit_path
from pipeline.sourcing.pages import WebContent
from schemas.web import WEB

_HTML_SUFFIX = ".html"
_HAS_WORD = re.compile(r"\w")
_MOST = 2000
"""Pages that a total makes up at most."""


def first_data(content: WebContent, configured: str) -> list[str]:
    """Addresses that the first page of a list asks for its entries, told by its publishing system."""
    column = urlsplit(configured).fragment
    parts = urlsplit(content.url)
    root = WEB.gkmlpt_path.match(parts.path)
    site = WEB.gkmlpt_site.search(content.code)
    if root and site and column.isdigit():
        path = WEB.gkmlpt_api.format(root=root[1], column=column, site=site[1])
        return [urljoin(content.url, path)]
    return []


def other_pages(content: WebContent) -> tuple[list[str], bool]:
    """Addresses of further pages of the list that `content` is a page of, and whether they are only guessed."""
    found = [
        *_numbered_by_script(content),
        *(link.url for link in content.links if is_paging(link, content.url)),
        *_hanweb(content),
        *_jpaas(content),
    ]
    guessed = not found
    if guessed:
        found = _counted_up(content)
    return [each for each in dict.fromkeys(found) if each != content.url], guessed


def is_paging(link: PageLink, page: str) -> bool:
    """Whether a link of a list leads to another of its pages."""
    if link.place == "said" or urlsplit(link.url).netloc != urlsplit(page).netloc:
        return False
    if WEB.hanweb_address.search(link.url) and WEB.hanweb_address.search(page):
        return True
    text = link.text
    if WEB.next_page.search(text) or WEB.last_page.search(text):
        return _alike(link.url, page) or _HAS_WORD.search(text) is not None
    return WEB.page_number.match(text) is not None and _alike(link.url, page)


def _alike(one: str, other: str) -> bool:
    """Whether two addresses may be pages of one list: the same folder, or the same path with another query."""
    first, second = urlsplit(one), urlsplit(other)
    return first.path.rpartition("/")[0] == second.path.rpartition("/")[0] or first.path == second.path


def printed_total(content: WebContent) -> int | None:
    """How many pages the list says it has."""
    totals = [int(match[match.lastindex or 0]) for match in WEB.page_totals.finditer(content.text[-4000:])]
    for source in (content.code, content.raw):
        totals += [int(match[match.lastindex or 0]) for match in WEB.page_totals.finditer(source)]
        totals += [int(match[1]) for match in WEB.trs_paging.finditer(source)]
        records, size = WEB.record_totals.search(source), WEB.page_sizes.search(source)
        if records and size and int(_number(size)):
            totals.append(-(-_number(records) // _number(size)))
    return max(totals, default=None)


def has_dead_paging(content: WebContent) -> bool:
    """Whether the page offers more that only a script would bring."""
    return any(WEB.next_page.search(text) or WEB.more_rows.search(text) for text in content.dead)


def _number(match: re.Match[str]) -> int:
    return int(match[match.lastindex or 0])


def _numbered_by_script(content: WebContent) -> Iterator[str]:
    """TRS and UCAP: `createPageHTML(5, 0, "index", "html")`, or the number of pages in a variable."""
    match = WEB.trs_paging.search(content.code)
    if match and not _number_in(content.url, match[3]):  # the first page names all others
        pages, current = int(match[1]), int(match[2])
        stem, suffix = match[3], match[4]
        # systems that count from nought have their second page at _1, the others at _2
        first = 2 if current else 1
        last = pages if current else pages - 1
        for number in range(first, min(last, _MOST) + 1):
            yield urljoin(content.url, f"{stem}_{number}.{suffix}")


def _number_in(url: str, stem: str) -> int:
    """The number a page of a script-numbered list has in its address; nought for the first."""
    name = urlsplit(url).path.rpartition("/")[2].partition(".")[0]
    number = name.removeprefix(stem).lstrip("_-")
    return int(number) if number.isdigit() else 0


def _hanweb(content: WebContent) -> Iterator[str]:
    """Hanweb without a link to the next group: its records asked for by their numbers."""
    later = "startrecord" in content.url
    if later or not WEB.hanweb_address.search(content.code + content.url):
        return
    records = WEB.record_totals.search(content.code)
    size = WEB.page_sizes.search(content.code)
    address = next((link.url for link in content.links if WEB.hanweb_address.search(link.url)), None)
    if records is None or size is None or address is None:
        return
    if not _number(size):
        return
    parts = urlsplit(address)
    given = {key: value for key, value in parse_qsl(parts.query) if key not in WEB.hanweb_span}
    for match in re.finditer(r"[\"']?(\w+)[\"']?\s*:\s*[\"']?([^\"',\s{}]*)", content.code):
        if match[1] in WEB.hanweb_parameters:
            given.setdefault(match[1], match[2])
    total, per = _number(records), _number(size)
    for start in range(1, min(total, _MOST * per) + 1, per):
        span = zip(WEB.hanweb_span, (start, min(start + per - 1, total), per), strict=True)
        yield urlunsplit(parts._replace(query=urlencode({**given, **{key: str(value) for key, value in span}})))


def _jpaas(content: WebContent) -> Iterator[str]:
    """jpaas: the next page by its `paramJson`, as long as the answers have entries."""
    if content.kind == "html" or not WEB.jpaas_address.search(content.url) or not content.links:
        return
    parts = urlsplit(content.url)
    given = dict(parse_qsl(parts.query))
    try:
        asked = json.loads(given.get(WEB.jpaas_page, "{}"))
    except ValueError:
        asked = {}
    number = _as_int(asked.get("pageNo"), 1) + 1
    total = printed_total(content)
    if total is not None and number > total:
        return
    asked = {"pageNo": number, "pageSize": _as_int(asked.get("pageSize"), 15)}
    query = urlencode({**given, WEB.jpaas_page: json.dumps(asked, separators=(",", ":"))})
    yield urlunsplit(parts._replace(query=query))


def _counted_up(content: WebContent) -> list[str]:
    """The pages after this one where the list only says how many there are, or gives data page by page."""
    total = printed_total(content)
    parts = urlsplit(content.url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    for at, (key, value) in enumerate(pairs):
        if key.lower() in WEB.page_parameters and value.isdigit():
            number = int(value)
            if (total is None and content.kind != "html") or (total is not None and number < total):
                query = urlencode([*pairs[:at], (key, str(number + 1)), *pairs[at + 1 :]])
                return [urlunsplit(parts._replace(query=query))] if content.links else []
            return []
    made = list(_made_by_script(content, total))
    if made or total is None or total < 2:
        return made
    return _by_name(content.url, total)


def _made_by_script(content: WebContent, total: int | None) -> Iterator[str]:
    """The pages whose addresses a script of the list makes; one after the other where it does not say how many."""
    for match in WEB.paging_parameter.finditer(content.code):
        if match[2].lower() in WEB.page_parameters:
            given = dict(parse_qsl(urlsplit(content.url).query))
            current = _as_int(given.get(match[2]), 1)
            last = min(total, _MOST) if total is not None else current + 1
            yield from (urljoin(content.url, f"{match[1]}{number}") for number in range(current + 1, last + 1))
            return
    named = WEB.paging_name.search(content.code)
    if named and total is not None:
        for number in range(1, min(total, _MOST) + 1):
            yield urljoin(content.url, f"{named[1]}{number}{named[2]}")


def _by_name(url: str, total: int) -> list[str]:
    """Pages whose names carry their number; the first of a list in a folder is `index`."""
    parts = urlsplit(url)
    folder, _, name = parts.path.rpartition("/")
    numbered = WEB.numbered_name.match(name)
    if numbered and (numbered[1] or numbered[4]):
        number = int(numbered[3]) + 1
        if number > total:
            return []
        named = f"{numbered[1] or ''}{numbered[2] or ''}{number}{numbered[4] or ''}"
        return [urlunsplit(parts._replace(path=f"{folder}/{named}"))]
    stem, dot, suffix = (name or f"index{_HTML_SUFFIX}").rpartition(".")
    if not dot or parts.query:
        return []
    return [urlunsplit(parts._replace(path=f"{folder}/{stem}_{number}.{suffix}")) for number in range(1, total + 1)]


def _as_int(value: Any, default: int) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdigit()) else default


def columns_below(content: WebContent) -> list[PageLink]:
    """Links to pages below this one: its own columns, where it has no entries of its own (下级栏目)."""
    own = urlsplit_path(content.url)
    folder = own.rpartition("/")[0] + "/"
    links = (link for link in content.links if link.place == "link" and link.url.startswith(folder))
    return [link for link in links if urlsplit_path(link.url) != own]

"""The ways of real sites, each found with the settings a person would write, or said."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from serving import running
from site_patterns import PATTERNS, Pattern
from test_sourcing_web import QUICK, Answer, Site, codes

from pipeline.sourcing.config import sources_in
from pipeline.sourcing.found import Gathered
from pipeline.sourcing.links import same_address
from pipeline.sourcing.listing import other_pages, printed_total
from pipeline.sourcing.pages import read_page
from pipeline.sourcing.web import gather_web


@pytest.fixture(scope="module")
def sites() -> Iterator[Site]:
    with running(Site()) as server:
        for number, pattern in enumerate(PATTERNS):
            _put(server, f"s{number}", pattern)
        yield server


def _put(site: Site, folder: str, pattern: Pattern) -> None:
    for path, text in pattern.pages.items():
        body = _filled(text, folder, site)
        site.routes[f"/{folder}/{_filled(path, folder, site)}"] = body.encode(pattern.encoding)
    for path in pattern.files:
        site.routes[f"/{folder}/{path}"] = _file(f"{folder}/{path}")


def _file(name: str) -> Answer:
    return lambda handler: handler.say(200, _body(name), Content_Type="application/pdf")


def visited(site: Site, number: int, state: Path) -> Gathered:
    pattern = PATTERNS[number]
    fragment = f"#{pattern.fragment}" if pattern.fragment else ""
    entry = {
        "kind": "web", "name": f"s{number}", "pages": [f"http://{site.netloc}/s{number}/{pattern.start}{fragment}"],
        "articles": ["自评"], "allow_private": ["127.0.0.1"], "delay_seconds": 0,
    }  # fmt: skip
    (source,) = sources_in(state / "ziping.toml", {"sources": [entry]})
    return gather_web(source, state, patience=QUICK)  # type: ignore[arg-type]


@pytest.mark.parametrize("number", range(len(PATTERNS)), ids=[pattern.name for pattern in PATTERNS])
def test_every_report_of_a_site_is_found_or_what_is_wrong_is_said(sites: Site, tmp_path: Path, number: int) -> None:
    pattern = PATTERNS[number]
    found = visited(sites, number, tmp_path)
    wanted = {same_address(f"http://{sites.netloc}/s{number}/{path}") for path in pattern.files}
    assert ({item.path.read_bytes() for item in found.items}, codes(found)) == (
        {_body(f"s{number}/{path}") for path in pattern.files},
        [pattern.said] if pattern.said else [],
    )
    assert {item.address for item in found.items} == wanted or "sends on" in pattern.name or "download" in pattern.name


def _filled(text: str, folder: str, site: Site) -> str:
    return text.replace("{p}", f"/{folder}").replace("{n}", folder).replace("{host}", site.netloc)


def _body(name: str) -> bytes:
    return b"%PDF-1.4\n1 0 obj <<>> endobj\n" + name.encode()


@given(st.integers(0, 2**32))
@settings(max_examples=150)
def test_no_page_however_broken_ends_a_visit(seed: int) -> None:
    chance = random.Random(seed)
    texts = [text for pattern in PATTERNS for text in pattern.pages.values()]
    body = bytearray(chance.choice(texts).encode())
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(body) + 1)
        other = chance.choice(texts).encode()
        begin = chance.randrange(len(other))
        del body[at : at + chance.randint(0, 20)]
        body[at:at] = chance.choice([other[begin : begin + 50], b"'", b'"', b"<", b"\\u12", b"http://[x", b"\xff\xfe"])
    content = read_page(bytes(body), "text/html", "http://h.cn/a/index.html?id=3")
    other_pages(content)
    printed_total(content)
    assert content.is_report in (True, False) and content.is_challenge in (True, False)

"""Web sites: a real HTTP server on the loopback address, well-behaved and hostile."""

from __future__ import annotations

import multiprocessing
import random
import socket
import sqlite3
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from serving import running

from pipeline.night.settings import load_settings
from pipeline.sourcing import addresses
from pipeline.sourcing.addresses import is_allowed, is_public
from pipeline.sourcing.client import Patience
from pipeline.sourcing.config import WebSource
from pipeline.sourcing.found import Gathered
from pipeline.sourcing.web import gather_web
from schemas.errors import StoreError

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n" + b"x" * 5000
QUICK = Patience(attempts=2, backoff=0.01, timeout=0.5, answer=1.0, visit=20.0)

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers from the site's table of routes and notes every request."""

    protocol_version = "HTTP/1.1"
    server: Site

    def do_GET(self) -> None:
        self.server.requests.append((self.path, dict(self.headers.items()), time.monotonic()))
        answer = self.server.routes.get(self.path)
        if callable(answer):
            answer(self)
        elif answer is None:
            self.say(404, b"gone")
        else:
            self.say(200, answer)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Site(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.routes: dict[str, bytes | Answer] = {}
        self.requests: list[tuple[str, dict[str, str], float]] = []

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.requests]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with running(Site()) as server:
        yield server


def links(*hrefs: str) -> bytes:
    return "".join(f'<li><a href="{href}">{href}</a></li>' for href in hrefs).encode()


def visit(site: Site, state: Path, more: str = "", *, private: bool = True, patience: Patience = QUICK) -> Gathered:
    """One visit as configured in a real ziping.toml; `more` are further lines of it."""
    config = state.parent / "ziping.toml"
    allow = '["127.0.0.1"]' if private else "[]"
    delay = "" if "delay_seconds" in more else "delay_seconds = 0\n"
    config.write_text(
        f'[[sources]]\nkind = "web"\nname = "站"\npages = ["http://{site.netloc}/index.html"]\n'
        f"allow_private = {allow}\n{delay}{more}\n",
        encoding="utf-8",
    )
    source = load_settings(config).sources[0]
    assert isinstance(source, WebSource)
    return gather_web(source, state, patience=patience)


def names(found: Gathered) -> list[str]:
    return [item.path.name for item in found.items]


def codes(found: Gathered) -> list[str]:
    return [problem.error.code for problem in found.problems]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def test_articles_and_attachments_with_their_origin(site: Site, state: Path) -> None:
    page = (
        '<base href="/files/"><a href="../a/1.html">绩效自评</a><a href="b.docx#x">附件</a><a href="/c.html">其他</a>'
    )
    site.routes["/index.html"] = f'<meta charset="gbk">{page}'.encode("gbk")
    article = (
        '<meta charset=gb2312><a href="/x/表.pdf">自评表.pdf</a> <a href="/x/表.pdf">下载</a><a href="/y.rar">包</a>'
    )
    site.routes["/a/1.html"] = article.encode("gbk")
    site.routes["/x/%E8%A1%A8.pdf"] = lambda h: h.say(200, PDF, ETag='"1"')
    site.routes["/files/b.docx"] = b"PK\x03\x04 not really"
    found = visit(site, state, 'articles = ["自评"]')
    assert names(found) == ["b.docx", "表.pdf"]
    assert codes(found) == ["http_404"] and found.complete
    item = found.items[1]
    assert item.address == f"http://{site.netloc}/x/%E8%A1%A8.pdf" and item.path.read_bytes() == PDF and item.fresh
    assert item.path.is_relative_to(state / "downloads")
    assert item.origin is not None
    assert (item.origin.page, item.origin.label, item.origin.etag) == (
        f"http://{site.netloc}/a/1.html",
        "自评表.pdf",
        '"1"',
    )
    assert site.paths()[0] == "/robots.txt" and site.paths().count("/x/%E8%A1%A8.pdf") == 1


def test_unchanged_files_are_not_sent_again(site: Site, state: Path) -> None:
    body = [PDF]

    def tagged(handler: Handler) -> None:
        tag = f'"{len(body[0])}"'
        if handler.headers.get("If-None-Match") == tag:
            handler.say(304, b"")
        else:
            handler.say(200, body[0], ETag=tag)

    def dated(handler: Handler) -> None:
        moment = "Mon, 02 Jan 2023 00:00:00 GMT"
        handler.say(304 if handler.headers.get("If-Modified-Since") == moment else 200, b"dated", Last_Modified=moment)

    site.routes |= {"/index.html": links("/a.pdf", "/b.txt"), "/a.pdf": tagged, "/b.txt": dated}
    first = visit(site, state, "recheck_days = 0")
    second = visit(site, state, "recheck_days = 0")
    assert [item.fresh for item in first.items + second.items] == [True, True, False, False]
    assert [item.path for item in first.items] == [item.path for item in second.items]
    body[0] = PDF + b"new"
    third = visit(site, state, "recheck_days = 0")
    assert [item.fresh for item in third.items] == [True, False] and third.items[0].path.read_bytes() == body[0]
    assert first.items[0].path.read_bytes() == PDF
    assert third.items[0].origin and first.items[0].origin
    assert third.items[0].origin.first_seen == first.items[0].origin.first_seen
    site.requests.clear()
    assert len(visit(site, state).items) == 2 and site.paths() == ["/robots.txt", "/index.html"]
    third.items[0].path.unlink()
    assert visit(site, state).items[0].path.read_bytes() == body[0]


def test_a_broken_download_goes_on_where_it_stopped(site: Site, state: Path) -> None:
    body = bytes(range(256)) * 400
    ranges: list[str | None] = []

    def breaking(handler: Handler) -> None:
        asked = handler.headers.get("Range")
        ranges.append(asked)
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        if asked:
            assert handler.headers.get("If-Range") == '"v1"'
            handler.send_response(206)
            handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            handler.send_response(200)
            handler.send_header("ETag", '"v1"')
        handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        handler.wfile.write(body[start : start + 40_000])
        handler.close_connection = True

    site.routes |= {"/index.html": links("/a.txt"), "/a.txt": breaking}
    first = visit(site, state)
    assert codes(first) == ["connection"] and first.problems[0].error.transient and not first.items
    second = visit(site, state)
    assert second.items[0].path.read_bytes() == body
    assert ranges[0] is None and all(ranges[1:]) and len(ranges) == 3
    assert not list((state / "partial").iterdir())


def test_a_file_replaced_between_the_parts_starts_over(site: Site, state: Path) -> None:
    old, new = b"old " * 5000, b"new text " * 3000

    def replaced(handler: Handler) -> None:
        if handler.headers.get("Range"):
            handler.say(200, new, ETag='"2"')
        else:
            handler.send_response(200)
            handler.send_header("ETag", '"1"')
            handler.send_header("Content-Length", str(len(old)))
            handler.end_headers()
            handler.wfile.write(old[:9000])
            handler.close_connection = True

    site.routes |= {"/index.html": links("/a.txt"), "/a.txt": replaced}
    assert visit(site, state).items[0].path.read_bytes() == new


def test_robots_are_obeyed(site: Site, state: Path) -> None:
    site.routes |= {
        "/robots.txt": b"User-agent: *\nDisallow: /private/\nDisallow: /*.txt$\nCrawl-delay: 0.2\n",
        "/index.html": links("/private/a.pdf", "/c.txt", "/b.pdf"),
        "/b.pdf": PDF,
    }
    found = visit(site, state)
    assert names(found) == ["b.pdf"] and codes(found) == ["robots"] * 2
    assert site.paths() == ["/robots.txt", "/index.html", "/b.pdf"]
    site.routes["/robots.txt"] = lambda h: h.say(503, b"")
    site.requests.clear()
    found = visit(site, state)
    assert codes(found) == ["http_503"] and not found.complete and set(site.paths()) == {"/robots.txt"}
    site.routes["/robots.txt"] = b"User-agent: ziping\nDisallow: /\n"
    assert codes(visit(site, state)) == ["robots"]
    site.routes["/robots.txt"] = b"User-agent: *\nCrawl-delay: 86400\n"
    assert codes(visit(site, state)) == ["robots"]


def test_one_request_at_a_time_with_the_delay(site: Site, state: Path) -> None:
    site.routes |= {"/index.html": links("/a.pdf", "/b.pdf"), "/a.pdf": PDF, "/b.pdf": PDF}
    assert len(visit(site, state, "delay_seconds = 0.15").items) == 2
    moments = [moment for _, _, moment in site.requests]
    assert all(later - earlier >= 0.149 for earlier, later in pairwise(moments))


def test_redirects_stay_on_allowed_hosts(site: Site, state: Path) -> None:
    def to(target: str) -> Answer:
        return lambda handler: handler.say(302, b"", Location=target)

    site.routes |= {
        "/index.html": links("/a.pdf", "/b.pdf", "/c.pdf", "/d.pdf", "/e.pdf", "http://other.invalid/f.pdf"),
        "/a.pdf": to("/real.pdf"),
        "/real.pdf": PDF,
        "/b.pdf": to("http://other.invalid/b.pdf"),
        "/c.pdf": to(f"http://localhost:{site.server_port}/real.pdf"),
        "/d.pdf": to("/d.pdf"),
        "/e.pdf": to("file:///etc/passwd"),
    }
    found = visit(site, state)
    assert names(found) == ["a.pdf"] and found.items[0].address.endswith("/a.pdf")
    assert codes(found) == ["forbidden_address"] * 2 + ["redirects"] + ["forbidden_address"] * 2
    # A host on the list is still refused when its address is a private one.
    found = visit(site, state, f'hosts = ["localhost:{site.server_port}"]')
    assert codes(found)[1] == "private_address" and site.paths().count("/real.pdf") == 1


def test_private_addresses_are_refused_unless_configured(site: Site, state: Path) -> None:
    found = visit(site, state, private=False)
    assert codes(found) == ["private_address"] and not found.complete and not site.requests
    for address in (
        "10.1.2.3", "127.0.0.1", "169.254.169.254", "192.168.1.1", "100.64.0.1", "0.0.0.0", "224.0.0.1", "::1", "::",
        "fe80::1%eth0", "fc00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    ):  # fmt: skip
        assert not is_public(address), address
    assert is_public("1.1.1.1") and is_public("2606:4700::1111") and is_public("::ffff:8.8.8.8")


def test_hosts_and_ports() -> None:
    hosts = {"a.cn", "b.cn:8080"}
    assert (
        is_allowed("https://a.cn/x", hosts)
        and is_allowed("http://A.cn:80/", hosts)
        and is_allowed("http://b.cn:8080/", hosts)
    )
    for url in (
        "http://a.cn:22/",
        "http://b.cn/",
        "ftp://a.cn/",
        "http://x@a.cn/",
        "http://a.cn.evil.cn/",
        "http://[x/",
    ):
        assert not is_allowed(url, hosts), url


def test_a_name_is_resolved_once_for_check_and_connection(
    site: Site, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo
    asked: list[str] = []

    def first_public_then_private(host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host != "rebind.invalid":
            return real(host, port, *args, **more)
        asked.append(host)
        address = "192.0.2.1" if len(asked) % 2 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", first_public_then_private)
    site.routes["/index.html"] = links(f"http://rebind.invalid:{site.server_port}/a.pdf")
    found = visit(site, state, f'hosts = ["rebind.invalid:{site.server_port}"]')
    assert codes(found) == ["private_address"] and site.paths() == ["/robots.txt", "/index.html"]


def certificate(folder: Path, name: str) -> Path:
    """A self-signed certificate for `name` with its key, in one file."""
    x509 = pytest.importorskip("cryptography.x509", reason="TLS tests make certificates with cryptography")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    title = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(title, title, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(made.public_bytes(pem) + private)
    return path


@pytest.mark.parametrize(("name", "expected"), [("localhost", []), ("other.invalid", ["connection"])])
def test_certificates_are_checked_for_the_name_not_the_address(
    site: Site, state: Path, monkeypatch: pytest.MonkeyPatch, name: str, expected: list[str]
) -> None:
    pem = certificate(state.parent, name)
    secure = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    secure.load_cert_chain(pem)
    site.socket = secure.wrap_socket(site.socket, server_side=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    addresses._certificates.cache_clear()
    site.routes |= {"/index.html": links("/a.pdf"), "/a.pdf": PDF}
    url = f"https://localhost:{site.server_port}/index.html"
    hosts = frozenset({f"localhost:{site.server_port}"})
    source = WebSource("站", (url,), hosts=hosts, allow_private=frozenset({"localhost"}), delay_seconds=0)
    found = gather_web(source, state, patience=QUICK)
    addresses._certificates.cache_clear()
    assert codes(found) == expected and len(found.items) == (0 if expected else 1)


def test_huge_and_endless_answers_stop(site: Site, state: Path) -> None:
    def huge(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(10 << 30))
        handler.end_headers()

    def endless(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(10_000):
            handler.wfile.write(bytes(65536))

    def dripping(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.05)

    def dripping_head(handler: Handler) -> None:
        for _ in range(100):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.05)

    def silent(handler: Handler) -> None:
        time.sleep(1)
        handler.close_connection = True

    hrefs = ["/huge.pdf", "/endless.pdf", "/drip.pdf", "/head.pdf", "/silent.pdf", "/good.pdf"]
    site.routes |= {
        "/index.html": links(*hrefs), "/huge.pdf": huge, "/endless.pdf": endless, "/drip.pdf": dripping,
        "/head.pdf": dripping_head, "/silent.pdf": silent, "/good.pdf": PDF,
    }  # fmt: skip
    started = time.monotonic()
    quick = Patience(attempts=1, backoff=0.01, timeout=0.3, answer=0.4, visit=20.0)
    found = visit(site, state, "max_mb = 0.5", patience=quick)
    assert codes(found) == ["download_size", "download_size", "download_time", "connection", "timeout"]
    assert names(found) == ["good.pdf"] and found.complete and time.monotonic() - started < 5


def test_passing_and_lasting_failures(site: Site, state: Path) -> None:
    tries: list[int] = []

    def second_time(handler: Handler) -> None:
        tries.append(1)
        handler.say(503 if len(tries) == 1 else 200, PDF, Retry_After="0")

    site.routes |= {
        "/index.html": links("/a.pdf", "/gone.pdf", "/later.pdf", "/soft.pdf"),
        "/a.pdf": second_time,
        "/later.pdf": lambda h: h.say(429, b"", Retry_After="3600"),
        "/soft.pdf": b"<!DOCTYPE html><html><body>404</body></html>",
    }
    found = visit(site, state)
    assert names(found) == ["a.pdf"] and codes(found) == ["http_404", "http_429", "not_attachment"]
    assert [problem.error.transient for problem in found.problems] == [False, True, False]
    assert site.paths().count("/gone.pdf") == 1 and site.paths().count("/later.pdf") == 1


def test_a_site_that_is_down_is_left_alone(site: Site, state: Path) -> None:
    hrefs = [f"/{number}.pdf" for number in range(20)]
    site.routes["/index.html"] = links(*hrefs)
    for href in hrefs:
        site.routes[href] = lambda h: h.say(500, b"")
    found = visit(site, state)
    assert codes(found) == ["http_500"] * 5 + ["site_unavailable"] and not found.complete
    site.server_close()
    site.shutdown()


def test_paging_by_links_ends(site: Site, state: Path) -> None:
    for number in range(1, 4):
        site.routes[f"/p{number}.html"] = links(f"/{number}.pdf", f"/p{number % 3 + 1}.html", "/index.html")
        site.routes[f"/{number}.pdf"] = PDF + bytes([number])
    site.routes["/index.html"] = links("/p1.html", "/1.pdf")
    found = visit(site, state, 'paging = "/p\\\\d"')
    assert names(found) == ["1.pdf", "2.pdf", "3.pdf"] and found.complete
    assert sorted(site.paths()) == sorted({*site.paths()})
    short = visit(site, state, 'paging = "/p\\\\d"\nmax_pages = 2')
    assert codes(short) == ["paging_limit"] and not short.complete


def test_paging_by_number_ends(site: Site, state: Path) -> None:
    site.routes["/index.html"] = links("/0.pdf")
    for number in range(3):
        site.routes[f"/{number}.pdf"] = PDF + bytes([number])
    site.routes |= {"/index_2.html": links("/1.pdf"), "/index_3.html": links("/2.pdf")}
    paging = f'paging = "http://{site.netloc}/index_{{n}}.html"'
    found = visit(site, state, paging)
    assert names(found) == ["0.pdf", "1.pdf", "2.pdf"] and found.complete
    for number in range(4, 10):
        site.routes[f"/index_{number}.html"] = links("/2.pdf")
    assert visit(site, state, paging).complete and "/index_5.html" not in site.paths()


def test_a_rebuilt_site_is_noticed(site: Site, state: Path) -> None:
    site.routes["/index.html"] = b"<script>render()</script>"
    found = visit(site, state)
    assert codes(found) == ["nothing_found"] and not found.complete
    site.routes["/index.html"] = b""
    assert codes(visit(site, state)) == ["nothing_found"]


def test_names_from_headers_and_queries(site: Site, state: Path) -> None:
    def named(value: bytes) -> Answer:
        return lambda handler: handler.say(200, PDF, Content_Disposition=value.decode("latin-1"))

    site.routes |= {
        "/index.html": links("/down?id=1", "/down?id=2", "/down?id=3", "/get?f=%E8%87%AA%E8%AF%84.pdf"),
        "/down?id=1": named('attachment; filename="自评一.pdf"'.encode("gbk")),
        "/down?id=2": named(b"attachment; filename*=UTF-8''%E8%87%AA%E8%AF%84%E4%BA%8C.pdf"),
        "/down?id=3": named(b'attachment; filename="../../../etc/x.pdf"'),
        "/get?f=%E8%87%AA%E8%AF%84.pdf": PDF,
    }
    found = visit(site, state, 'attachments = ["down.id", "自评"]')
    assert names(found) == ["自评一.pdf", "自评二.pdf", "x.pdf", "自评.pdf"]
    assert all(item.path.is_relative_to(state / "downloads") for item in found.items)


def test_known_articles_are_read_again_only_when_due_or_by_other_rules(site: Site, state: Path) -> None:
    site.routes |= {
        "/index.html": b'<a href="/1.html">\xe8\x87\xaa\xe8\xaf\x84</a>',
        "/1.html": links("/a.pdf", "/b.pdf"),
    }
    site.routes |= {"/a.pdf": PDF, "/b.pdf": PDF + b"b"}
    assert names(visit(site, state, 'articles = ["自评"]\nattachments = ["a"]')) == ["a.pdf"]
    assert names(visit(site, state, 'articles = ["自评"]\nattachments = ["a"]')) == ["a.pdf"]
    assert site.paths().count("/1.html") == 1
    assert names(visit(site, state, 'articles = ["自评"]')) == ["a.pdf", "b.pdf"]


def test_a_damaged_memory_is_put_aside_and_said(site: Site, state: Path) -> None:
    site.routes |= {"/index.html": links("/a.pdf"), "/a.pdf": PDF}
    visit(site, state)
    memory = state / "sources.sqlite"
    body = bytearray(memory.read_bytes())
    for damaged in (b"no database at all" * 100, bytes(body[:5000]) + bytes(len(body) - 5000)):
        memory.write_bytes(damaged)
        found = visit(site, state)
        assert codes(found) == ["healed"] and names(found) == ["a.pdf"] and found.complete
    assert len(list(state.glob("sources.sqlite.damaged-*"))) >= 1 and not codes(visit(site, state))


def test_a_memory_that_cannot_be_opened_says_what_to_do(site: Site, state: Path) -> None:
    (state / "sources.sqlite").mkdir(parents=True)
    with pytest.raises(StoreError, match="移走"):
        visit(site, state)


def test_killed_visits_lose_nothing(site: Site, state: Path) -> None:
    """Visits killed at random moments, then one to the end: the same files as in one undisturbed visit."""
    bodies = {f"/{number}.txt": bytes([65 + number]) * 150_000 for number in range(6)}

    def part(handler: Handler) -> None:
        body = bodies[handler.path]
        asked = handler.headers.get("Range")
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked else 0
        more = {"Content_Range": f"bytes {start}-{len(body) - 1}/{len(body)}"} if asked else {}
        handler.send_response(206 if asked else 200)
        for name, value in more.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("ETag", f'"{handler.path}"')
        handler.send_header("Content-Length", str(len(body) - start))
        handler.end_headers()
        for at in range(start, len(body), 30_000):
            handler.wfile.write(body[at : at + 30_000])
            time.sleep(0.02)

    site.routes |= {"/index.html": links(*bodies)} | dict.fromkeys(bodies, part)
    chance = random.Random(5)
    forked = multiprocessing.get_context("fork")
    for _ in range(8):
        process = forked.Process(target=visit, args=(site, state))
        wanted = len(site.requests) + chance.randint(1, 5)
        process.start()
        while process.is_alive() and len(site.requests) < wanted:
            time.sleep(0.002)
        time.sleep(chance.uniform(0, 0.08))
        process.kill()
        process.join()
    found = visit(site, state)
    assert any("Range" in headers for _, headers, _ in site.requests), "no visit was killed within a download"
    assert {
        item.address.removeprefix(f"http://{site.netloc}"): item.path.read_bytes() for item in found.items
    } == bodies
    kept = [path for path in (state / "downloads").rglob("*") if path.is_file()]
    assert sorted(path.name for path in kept) == sorted(names(found)) and not list((state / "partial").iterdir())


def test_the_memory_names_where_a_file_came_from(site: Site, state: Path) -> None:
    site.routes |= {"/index.html": links("/a.pdf"), "/a.pdf": PDF}
    visit(site, state)
    base = sqlite3.connect(state / "sources.sqlite")
    assert base.execute("SELECT source, page, label FROM files").fetchall() == [
        ("站", f"http://{site.netloc}/index.html", "/a.pdf")
    ]
    base.close()


def test_requests_say_where_they_come_from_and_what_a_person_wants_them_to_say(site: Site, state: Path) -> None:
    site.routes |= {"/index.html": '<a href="/a.html">自评</a>'.encode(), "/a.html": links("/f.pdf"), "/f.pdf": PDF}
    found = visit(site, state, 'user_agent = "Mozilla/5.0 (office)"\nheaders = { X-Office = "7" }')
    assert names(found) == ["f.pdf"]
    asked = {path: headers for path, headers, _ in site.requests}
    base = f"http://{site.netloc}"
    assert (asked["/a.html"]["Referer"], asked["/f.pdf"]["Referer"]) == (f"{base}/index.html", f"{base}/a.html")
    assert {(each["User-Agent"], each["X-Office"]) for each in asked.values()} == {("Mozilla/5.0 (office)", "7")}


def test_a_page_that_drips_has_a_deadline_of_its_own(site: Site, state: Path) -> None:
    def dripping(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        for _ in range(200):
            handler.wfile.write(b"<p>")
            time.sleep(0.05)

    site.routes |= {"/index.html": dripping}
    started = time.monotonic()
    patience = Patience(attempts=1, backoff=0.01, timeout=1.0, answer=900.0, page=0.5, visit=20.0)
    found = visit(site, state, patience=patience)
    assert codes(found) == ["download_time"] and not found.complete and time.monotonic() - started < 5


def test_links_a_person_leaves_out_are_no_trouble(site: Site, state: Path) -> None:
    page = '<a href="http://elsewhere.invalid/a.html">绩效自评</a><a href="/f.pdf">自评</a>'
    site.routes |= {"/index.html": page.encode(), "/f.pdf": PDF}
    found = visit(site, state, 'leave_out = ["elsewhere"]')
    assert names(found) == ["f.pdf"] and codes(found) == [] and found.complete
    assert found.survey.left_out == {"leave_out": 1}

"""The page of findings as a browser, a printer and an attacker meet it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from audit_build import ingest
from PIL import Image

from pipeline import cli, exit_codes
from pipeline.audit import html
from pipeline.audit.coverage import coverage
from pipeline.audit.decisions import record
from pipeline.audit.evidence import GONE, NOT_DRAWN, wanted
from pipeline.audit.filters import Filters
from pipeline.audit.findings import AuditFinding, cards, findings_of
from pipeline.audit.html import write_html
from pipeline.audit.loading import open_desk
from pipeline.audit.pictures import folder_of
from pipeline.originals.drawing import draw
from pipeline.originals.model import Drawn
from pipeline.reading.one_file import read_file
from pipeline.reading.workers import Limits, Workers
from schemas.errors import StoreError

SAMPLES = Path(__file__).parents[1] / "samples"
PDF, TEXT = SAMPLES / "pdf" / "errors_scores_ruled.pdf", SAMPLES / "txt" / "errors_funding_tabs_utf-8.txt"
ATTACK = "<script>alert(1)</script>"
HOSTILE_NAME = '<img src=x onerror=alert(1)>".txt'
VOID = {"meta", "img", "input", "br", "link", "hr"}


class Page(HTMLParser):
    """A page taken apart: every element with its attributes, and its text; wrong nesting is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def all(self, tag: str, style: str = "") -> list[dict[str, str | None]]:
        return [
            found
            for name, found in self.elements
            if name == tag and style in ["", *(found.get("class") or "").split(" ")]
        ]

    @property
    def words(self) -> str:
        return "".join(self.text)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(1, Limits(seconds=30.0))
    yield pool
    pool.stop()


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """A dataset of a PDF and of a text file that means harm by its name and its words."""
    pdf = shutil.copy(PDF, tmp_path / "得分.pdf")
    text = tmp_path / HOSTILE_NAME
    text.write_text(TEXT.read_text(encoding="utf-8").replace("财政拨款", f"财政拨款{ATTACK}"), encoding="utf-8")
    ingest(tmp_path / "output", *(read_file(str(path)).records for path in (pdf, text)))
    return tmp_path / "output"


def found(output: Path) -> list[AuditFinding]:
    return findings_of(open_desk(output), Filters())


def drawn(output: Path, workers: Workers) -> Drawn:
    return draw(wanted(found(output)), workers, 1)


def another(one: AuditFinding) -> AuditFinding:
    """The same finding with a root of its own."""
    return replace(one, check=replace(one.check, check_id="f" * 24, root_id=None))


def write(output: Path, pictures: Drawn) -> Path:
    path, desk = output.parent / "report.html", open_desk(output)
    write_html(path, desk, found(output), coverage(desk, Filters()), Filters(), pictures)
    return path


def test_the_page_is_whole_asks_nothing_of_the_network_and_is_the_same_each_time(
    output: Path, workers: Workers
) -> None:
    pictures = drawn(output, workers)
    path = write(output, pictures)
    first = path.read_bytes()
    page = Page(first.decode())
    assert len(found(output)) > len(page.all("article")) == len(cards(found(output))) > 5
    assert not folder_of(path).exists()
    for _, attributes in page.elements:
        for name in ("src", "href"):
            assert re.match(r"data:image/png;base64,|#|file:///", attributes.get(name) or "#")
    assert not re.search(r"@import|url\(", first.decode())
    write(output, drawn(output, workers))
    assert path.read_bytes() == first


def test_names_and_cells_stay_text(output: Path, workers: Workers) -> None:
    text = write(output, drawn(output, workers)).read_text()
    page = Page(text)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    assert page.all("script") == [{}]
    assert ATTACK in page.words and HOSTILE_NAME in page.words
    assert not any(name.startswith("on") or name == "style" for _, found in page.elements for name in found)
    (policy,) = (meta["content"] for meta in page.all("meta") if meta.get("http-equiv"))
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert policy and f"script-src 'sha256-{digest}'" in policy and "default-src 'none'" in policy


def test_a_pdf_shows_its_rows_with_the_values_boxed(output: Path, workers: Workers) -> None:
    page = Page(write(output, drawn(output, workers)).read_text())
    leads = [card.lead for card in cards(found(output))]
    red = 0
    for image in page.all("img"):
        picture = Image.open(BytesIO(b64decode(str(image["src"]).partition(",")[2]))).convert("RGB")
        assert picture.size == (int(image["width"] or 0), int(image["height"] or 0))
        colours = [colour for _, colour in picture.getcolors(1 << 24) or []]
        reported = any(r > 150 and g < 90 and b < 90 for r, g, b in colours)
        assert reported or any(r < 90 and b > 150 for r, _, b in colours)
        red += reported
    assert red == sum(one.document.format == "pdf" for one in leads)


def test_text_shows_its_rows_as_a_table_with_the_values_marked(output: Path, workers: Workers) -> None:
    text = write(output, drawn(output, workers)).read_text()
    assert '<mark class="main">' in text and '<mark class="part">' in text
    assert "原文件" not in Page(text).words


def test_a_changed_or_missing_file_is_said_and_its_rows_are_shown(output: Path, workers: Workers) -> None:
    (output.parent / "得分.pdf").write_bytes(PDF.read_bytes() + b"\n")
    (output.parent / HOSTILE_NAME).unlink()
    page = Page(write(output, drawn(output, workers)).read_text())
    assert page.words.count(GONE) == len(page.all("article")) == page.words.count("原文件")
    assert not page.all("img") and page.all("mark", "main")


def test_a_file_that_cannot_be_drawn_costs_only_its_own_pictures(output: Path, workers: Workers) -> None:
    broken = output.parent / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    document_id = hashlib.sha256(broken.read_bytes()).hexdigest()
    findings = found(output)
    document = replace(findings[0].document, document_id=document_id, source_uri=str(broken), format="pdf")
    one = next(each for each in findings if each.document.format == "pdf")
    twin = another(one)
    bad = replace(twin, cells=tuple(replace(cell, document=document) for cell in one.cells))
    pictures = draw(wanted([bad, one]), workers, 1)
    desk = open_desk(output)
    path = output.parent / "report.html"
    write_html(path, desk, [bad, one], coverage(desk, Filters()), Filters(), pictures)
    page = Page(path.read_text())
    assert page.words.count(NOT_DRAWN) == 1 and page.all("img")


def test_pictures_beyond_the_limit_stand_beside_the_page(
    output: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = drawn(output, workers)
    monkeypatch.setattr(html, "INLINE_BYTES", 0)
    path = write(output, pictures)
    folder = folder_of(path)
    sources = {str(image["src"]) for image in Page(path.read_text()).all("img")}
    assert sources == {f"report_files/{file.name}" for file in folder.iterdir()}
    (folder / "notes.txt").write_text("auditor's own")
    monkeypatch.undo()
    write(output, pictures)
    assert [file.name for file in folder.iterdir()] == ["notes.txt"]


def test_the_same_picture_is_kept_once(output: Path, workers: Workers) -> None:
    one = next(each for each in found(output) if each.document.format == "pdf")
    twin = another(one)
    desk, path = open_desk(output), output.parent / "report.html"
    write_html(path, desk, [one, twin], coverage(desk, Filters()), Filters(), draw(wanted([one, twin]), workers, 1))
    images = Page(path.read_text()).all("img")
    inside = [image for image in images if image.get("src")]
    assert len(images) == 2 * len(inside)
    assert {f"picture-{image['data-same']}" for image in images if not image.get("src")} == {
        image["id"] for image in inside
    }


def test_questions_and_decisions_look_different_from_accusations(output: Path, workers: Workers) -> None:
    findings = found(output)
    first, second = (card.lead for card in cards(findings)[:2])
    record(output, "accepted", f"已核实{ATTACK}", [(first.check.check_id, first.numbers)])
    record(output, "dismissed", "另有说明", [(second.check.check_id, second.numbers)])
    desk, path = open_desk(output), output.parent / "report.html"
    asked = [replace(one, question=one.check == first.check) for one in findings_of(desk, Filters())]
    write_html(path, desk, asked, coverage(desk, Filters()), Filters(), drawn(output, workers))
    page = Page(path.read_text())
    assert len(page.all("article", "question")) == 1 and page.words.count("这是问题，不是定论。") == 1
    decided = page.all("article", "decided")
    assert sorted(str(card["data-decision"]).split()[0] for card in decided) == ["accepted", "dismissed"]
    assert f"：已核实{ATTACK}" in page.words and "：另有说明" in page.words


def test_summaries_count_and_link(output: Path, workers: Workers) -> None:
    page = Page(write(output, drawn(output, workers)).read_text())
    findings = found(output)
    for rule in {one.check.rule for one in findings}:
        assert any(link["href"] == f"#rule={rule}" for link in page.all("a"))
    assert f"发现 {len(findings)} 处" in page.words


def test_what_one_cause_explains_stands_under_one_card(output: Path, workers: Workers) -> None:
    page = Page(write(output, drawn(output, workers)).read_text())
    whole = next(card for card in cards(found(output)) if card.others)
    article = page.words[page.words.index(whole.lead.check.message) :]
    assert f"同一原因的另 {len(whole.others)} 处" in article
    assert all(one.check.message in article for one in whole.others)


def test_an_unwritable_place_is_said(output: Path) -> None:
    desk = open_desk(output)
    with pytest.raises(StoreError, match="无法写入"):
        write_html(output / "nowhere" / "r.html", desk, [], coverage(desk, Filters()), Filters(), Drawn({}, {}))


def test_the_command_writes_the_page(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = output.parent / "发现.html"
    assert cli.main(["audit", "--output", str(output), "--html", str(path)]) == exit_codes.FINDINGS
    assert len(Page(path.read_text()).all("img")) > 1
    assert "网页报告已写入" in capsys.readouterr().err
    assert (
        cli.main(["audit", "--output", str(output), "--html", str(output / "nowhere" / "r.html")])
        == exit_codes.WRONG_USE
    )


BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium to open the page in")
def test_a_browser_filters_and_sorts_by_the_address(output: Path, workers: Workers) -> None:
    path = write(output, drawn(output, workers))
    findings = found(output)
    rule = findings[-1].check.rule
    address = f"{path.as_uri()}#rule={rule}&sort=document"
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", address]
    done = subprocess.run(command, capture_output=True, timeout=60, check=True)
    articles = Page(done.stdout.decode()).all("article")
    shown = [str(card["data-rule"]).split() for card in articles if "hidden" not in card]
    wanted_cards = [card for card in cards(findings) if rule in {one.check.rule for one in (card.lead, *card.others)}]
    assert len(shown) == len(wanted_cards) and all(rule in rules for rules in shown)
    files = [str(card["data-file"]) for card in articles]
    assert len(files) == len(cards(findings)) and all(
        files.index(name) + files.count(name) > at for at, name in enumerate(files)
    )

"""The page that shows what a dataset holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.exit_codes import OK
from pipeline.export.profile.charts import questions

SAMPLES = Path(__file__).parents[1] / "samples"
pytest.importorskip("vl_convert", reason="画图的库没有安装（extra profile）")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("profile")
    files = [str(SAMPLES / name) for name in ("docx/national.docx", "txt/errors_funding_tabs_utf-8.txt")]
    assert main(["ingest", *files, "--output", str(folder), "--workers", "1"]) == OK
    assert main(["profile", "--output", str(folder), "--html", str(folder / "page.html")]) == OK
    return (folder / "page.html").read_text(encoding="utf-8")


def test_every_mark_leads_to_its_rows(page: str) -> None:
    links = set(re.findall(r'xlink:href="#([^"]+)"', page))
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert links and links <= anchors


def test_every_question_has_its_place(page: str) -> None:
    assert all(f'id="{question.id}"' in page for question in questions())


def test_the_page_needs_nothing_from_outside(page: str) -> None:
    outside = re.findall(r'(?:src|href)="(?!#|data:)([^"]+)"', page.replace("xlink:href", "href"))
    assert not outside
    assert "<script" not in page

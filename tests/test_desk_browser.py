"""An auditor's morning at the desk, in a real browser: find, decide, correct, sign off, by mouse and by keys."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.audit.decisions import read_decisions
from pipeline.cli import main
from pipeline.exit_codes import OK

SAMPLES = Path(__file__).parents[1] / "samples"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("没有安装 Chromium（apt-get install chromium）", allow_module_level=True)
playwright = pytest.importorskip("playwright.sync_api", reason="没有安装 playwright")


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    files = [str(SAMPLES / name) for name in ("pdf/errors_scores_ruled.pdf", "txt/errors_funding_tabs_utf-8.txt")]
    assert main(["ingest", *files, "--output", str(folder), "--workers", "1"]) == OK
    return folder


@pytest.fixture(scope="module")
def address(output: Path) -> Iterator[str]:
    command = [sys.executable, "-m", "pipeline.cli", "desk", "--output", str(output), "--who", "审计员甲"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8") as server:
        assert server.stderr is not None
        found = next(match for line in server.stderr if (match := re.search(r"http://\S+", line)))
        yield found[0]
        server.terminate()


@pytest.fixture(scope="module")
def page(address: str) -> Iterator[Any]:
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.goto(address)
        yield page
        browser.close()
        assert not troubles


def test_the_overview_leads_to_the_findings_of_a_unit(page: Any) -> None:
    page.click("table.matrix th[scope=row] a")
    assert "/findings?unit=" in page.url
    assert page.locator("tr[data-row]").count() > 3


def test_fifty_findings_are_decided_with_two_clicks(page: Any, output: Path) -> None:
    page.goto(page.url.split("/findings")[0] + "/findings?state=open&severity=warning")
    listed = page.locator("tr[data-row]").count()
    page.check("#all")
    assert page.inner_text("#chosen") == f"已选 {listed} 项"
    page.fill("form#decide input[name=note]", "已核对原件")
    page.click("form#decide button[value=accepted]")
    assert page.locator("tr[data-row]").count() == 0
    assert len(read_decisions(output)) == listed


def test_a_finding_is_decided_by_keys_alone(page: Any, output: Path) -> None:
    page.goto(page.url.split("/findings")[0] + "/findings?state=open&file=errors_scores_ruled.pdf")
    before = len(read_decisions(output))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("d")
    assert len(read_decisions(output)) == before + 1


def test_a_click_on_either_side_shows_the_other(page: Any) -> None:
    page.goto(page.url.split("/findings")[0] + "/findings?severity=error&file=errors_scores_ruled.pdf")
    page.click("tr[data-row] td:nth-child(3) a")
    cell = page.locator("button.cell.marked").first
    cell.click()
    key = cell.get_attribute("data-cell")
    assert page.locator(f'svg.page rect.current[data-cell="{key}"]').count() == 1
    other = page.locator("svg.page rect:not(.current)").nth(5)
    key = other.get_attribute("data-cell")
    other.click()
    assert page.locator(f'button.cell.current[data-cell="{key}"]').count() == 1


def test_a_misread_value_is_corrected_and_the_checks_run_again(page: Any) -> None:
    page.goto(page.url.split("/findings")[0] + "/findings?state=open&money=1000")
    page.click("tr[data-row] td:nth-child(3) a")
    page.locator(".paper td.marked").first.wait_for()
    assert page.locator(".paper td.marked").count() == page.locator("button.cell.marked").count() > 1
    page.locator('button.cell.marked[data-raw="1900000.00"]').click()
    assert page.locator(".paper td.current").inner_text() == "1900000.00"
    page.fill("#correct input[name=value]", "190")
    page.click("#correct button:not([type=button])")
    assert "不再不符" in page.inner_text("#changes")
    assert page.locator("button.cell.corrected ins").inner_text() == "190"


def test_the_page_holds_at_twice_the_size(page: Any) -> None:
    page.set_viewport_size({"width": 700, "height": 450})
    width = page.evaluate("document.documentElement.scrollWidth")
    page.set_viewport_size({"width": 1400, "height": 900})
    assert width <= 700

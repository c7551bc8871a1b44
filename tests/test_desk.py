"""The auditor's desk: who gets in, what is shown, what is decided, corrected, signed off and handed over."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from pipeline.audit.corrections import read_corrections, understood
from pipeline.audit.decisions import read_decisions
from pipeline.cli import main
from pipeline.desk.app import Desk, create_app
from pipeline.desk.security import Guard
from pipeline.desk.workbench import Workbench
from pipeline.exit_codes import OK
from pipeline.reading.workers import stop_workers
from schemas.errors import ConfigError

SAMPLES = Path(__file__).parents[1] / "samples"
READ = ("pdf/errors_scores_ruled.pdf", "txt/errors_funding_tabs_utf-8.txt", "docx/national.docx")
SECRET = "the secret of the address"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    files = [str(SAMPLES / name) for name in READ]
    assert main(["ingest", *files, "--output", str(folder), "--workers", "1"]) == OK
    return folder


@pytest.fixture
def output(dataset: Path, tmp_path: Path) -> Path:
    """A copy of the dataset that a test may write decisions beside."""
    shutil.copytree(dataset, tmp_path / "output", symlinks=True)
    return tmp_path / "output"


@pytest.fixture
def browser(output: Path) -> Iterator[TestClient]:
    app = create_app(Desk(Workbench(output), "审计员甲", Guard(SECRET, frozenset({"desk.test"}))))
    with TestClient(app, base_url="http://desk.test") as client:
        assert client.get("/enter", params={"key": SECRET}).status_code == 200
        yield client
    stop_workers()


def token(page: str) -> str:
    found = re.search(r'name="token" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def findings(browser: TestClient, **asked: str) -> list[str]:
    page = browser.get("/findings", params=asked).text
    return re.findall(r'name="id" value="([0-9a-f]+)"', page)


def send(browser: TestClient, path: str, **fields: object) -> str:
    fields = {"token": token(browser.get("/findings").text), "here": "/findings", **fields}
    answer = browser.post(path, data=fields)
    assert answer.status_code == 200, answer.text
    return answer.text


# -- who gets in ------------------------------------------------------------------------------------------------


def test_nobody_gets_in_without_the_secret(output: Path) -> None:
    app = create_app(Desk(Workbench(output), "某人", Guard(SECRET, frozenset({"desk.test"}))))
    with TestClient(app, base_url="http://desk.test") as stranger:
        for path in ("/", "/findings", "/files", "/export", "/enter?key=guess", "/enter"):
            assert stranger.get(path).status_code == 403
    with TestClient(app, base_url="http://other.example") as rebound:
        assert rebound.get("/enter", params={"key": SECRET}).status_code == 403


def test_a_form_of_another_site_changes_nothing(browser: TestClient, output: Path) -> None:
    (finding, *_) = findings(browser)
    answer = browser.post("/decide", data={"id": finding, "verdict": "dismissed", "token": "made up"})
    assert answer.status_code == 403
    assert not read_decisions(output)


def test_every_answer_says_what_may_run(browser: TestClient) -> None:
    for path in ("/", "/findings", "/no such page"):
        policy = browser.get(path).headers["content-security-policy"]
        assert "default-src 'none'" in policy and "unsafe-inline" not in policy


@pytest.mark.parametrize("name", ["../decisions.jsonl", "..%2f..%2fetc%2fpasswd", "nothing.html"])
def test_no_path_leads_out_of_the_folder_of_what_was_made(browser: TestClient, name: str) -> None:
    assert browser.get(f"/export/{name}").status_code in (400, 404)


def test_the_way_back_stays_in_the_desk(browser: TestClient) -> None:
    (finding, *_) = findings(browser)
    page = browser.get("/findings").text
    fields = {"id": finding, "verdict": "accepted", "token": token(page), "here": "//evil.example/"}
    answer = browser.post("/decide", data=fields, follow_redirects=False)
    assert answer.headers["location"] == "/"


# -- what is shown ----------------------------------------------------------------------------------------------


def test_the_overview_counts_and_leads_to_the_list(browser: TestClient) -> None:
    page = browser.get("/").text
    assert "曲塘县应急保障站" in page and "资金分项之和与总额" in page
    assert f"共 {len(findings(browser))} 项" in page


def test_the_list_is_filtered_by_materiality(browser: TestClient) -> None:
    everything, large = (findings(browser, severity="error", money=money) for money in ("", "1000"))
    assert 0 < len(large) < len(everything)
    assert large == everything[: len(large)], "what moves most money stands first"
    assert not findings(browser, unit="没有这个单位")


def test_a_sample_can_be_drawn_again_by_its_seed(browser: TestClient) -> None:
    first = findings(browser, sample="3", seed="abc")
    assert len(first) == 3 and first == findings(browser, sample="3", seed="abc")
    assert any(findings(browser, sample="3", seed=seed) != first for seed in "123")


def test_a_pdf_is_shown_as_its_page_with_a_box_for_every_cell(browser: TestClient) -> None:
    (finding, *_) = findings(browser, file="errors_scores_ruled.pdf")
    page = browser.get(f"/findings/{finding}").text
    picture = re.search(r'<image href="([^"]+)"', page)
    assert picture
    answer = browser.get(picture[1])
    assert answer.headers["content-type"] == "image/png" and answer.content.startswith(b"\x89PNG")
    boxes = set(re.findall(r'<rect data-cell="([^"]+)"', page))
    cells = set(re.findall(r'<button[^>]* data-cell="([^"]+)"', page))
    assert len(boxes) > 10 and boxes <= cells


@pytest.mark.parametrize("file", ["errors_funding_tabs_utf-8.txt"])
def test_a_text_is_shown_as_its_own_rows(browser: TestClient, file: str) -> None:
    (finding, *_) = findings(browser, file=file)
    page = browser.get(f"/findings/{finding}").text
    source, _, understood_side = page.partition('<section class="understood"')
    there = set(re.findall(r'data-locator="([^"]+)"', source))
    named = set(re.findall(r'<tr class="[^"]*" data-locator="(line[^"]+)"', understood_side))
    assert named and named <= there


def test_what_a_report_contains_is_never_markup(browser: TestClient, output: Path) -> None:
    page = browser.get("/findings", params={"unit": "<script>alert(1)</script>"}).text
    assert "<script>alert" not in page


# -- decisions --------------------------------------------------------------------------------------------------


def test_many_findings_are_decided_at_once_with_who_and_why(browser: TestClient, output: Path) -> None:
    ids = findings(browser)[:4]
    send(browser, "/decide", id=ids, verdict="dismissed", note="附注另有说明")
    made = read_decisions(output)
    assert set(made) == set(ids)
    assert {(one.who, one.note, one.verdict) for one in made.values()} == {("审计员甲", "附注另有说明", "dismissed")}
    assert set(findings(browser, state="dismissed")) == set(ids)
    assert not set(findings(browser, state="open")) & set(ids)


def test_a_finding_goes_through_its_states_and_keeps_its_history(browser: TestClient) -> None:
    (finding, *_) = findings(browser)
    for verdict in ("accepted", "notified", "rectified"):
        send(browser, "/decide", id=finding, verdict=verdict)
    page = browser.get(f"/findings/{finding}").text
    assert "已整改" in page and "经过（3）" in page


def test_nothing_chosen_is_told(browser: TestClient) -> None:
    fields = {"token": token(browser.get("/findings").text), "verdict": "accepted"}
    answer = browser.post("/decide", data=fields)
    assert answer.status_code == 400 and "请先勾选发现" in answer.text


# -- corrections ------------------------------------------------------------------------------------------------


def slip_of_units(browser: TestClient) -> tuple[str, dict[str, str]]:
    """The finding about 1900000 printed for 190 万元, and the cell that is wrong."""
    finding = findings(browser, money="1000")[0]
    page = browser.get(f"/findings/{finding}").text
    button = next(b for b in re.findall(r"<button[^>]*class=\"cell marked[^>]*>", page) if 'data-raw="1900000.00"' in b)
    cell = {name: re.findall(f'data-{name}="([^"]*)"', button)[0] for name in ("table", "ordinal", "column")}
    evaluation = re.findall(r'name="evaluation" value="([^"]+)"', page)[0]
    return finding, {"evaluation": evaluation, **cell}


def test_a_corrected_reading_makes_the_checks_again_and_leaves_what_was_read(browser: TestClient, output: Path) -> None:
    finding, cell = slip_of_units(browser)
    page = send(browser, "/correct", here=f"/findings/{finding}", value="190", why="看错列", **cell)
    assert "更正后重新核对" in page and "不再不符" in page
    (correction,) = read_corrections(output).values()
    assert (correction.raw, correction.corrected, correction.who) == ("1900000.00", "190", "审计员甲")
    assert Workbench(output).ask("select count(*) as n from funding where executed_wanyuan = 1900000")[0]["n"] == 1
    send(browser, "/correct", here=f"/findings/{finding}", value="", **cell)
    assert not read_corrections(output)


def test_what_is_no_number_is_told_and_changes_nothing(browser: TestClient, output: Path) -> None:
    _, cell = slip_of_units(browser)
    fields = {"token": token(browser.get("/findings").text), "value": "很多", **cell}
    answer = browser.post("/correct", data=fields)
    assert answer.status_code == 400 and "不是可以填入此处的数" in answer.text
    assert not read_corrections(output)


def test_a_correction_is_read_in_the_unit_that_is_printed() -> None:
    assert understood("620000", "executed_wanyuan", "元") == "62.0000"
    assert understood("62", "executed_wanyuan", "万元") == "62"
    assert understood("93.5%", "execution_rate_pct", None) == "93.5"
    with pytest.raises(ConfigError):
        understood("62 63", "executed_wanyuan", "万元")


# -- files and handing over -------------------------------------------------------------------------------------


def test_a_file_is_signed_off_only_when_nothing_is_open(browser: TestClient, output: Path) -> None:
    page = browser.get("/files").text
    documents = dict(re.findall(r'<a href="/files/([0-9a-f]{64})">([^<]+)</a>', page))
    wrong = next(key for key, name in documents.items() if name == "errors_scores_ruled.pdf")
    fields = {
        "token": token(browser.get("/findings").text),
        "document": wrong,
        "done": "yes",
        "here": f"/files/{wrong}",
    }
    refused = browser.post("/sign", data=fields)
    assert refused.status_code == 400 and "没有处理，不能签收" in refused.text
    send(browser, "/decide", id=findings(browser, file="errors_scores_ruled.pdf"), verdict="accepted")
    assert "读完签收" in browser.post("/sign", data=fields).text


def test_a_page_for_handing_over_is_made_and_downloaded(browser: TestClient) -> None:
    send(browser, "/export", kind="findings-html")
    answer = browser.get("/export/发现清单.html")
    assert answer.status_code == 200 and "<html" in answer.text


def test_a_line_nobody_could_have_written_is_named(browser: TestClient, output: Path) -> None:
    (output / "corrections.jsonl").write_text(json.dumps({"table": "funding"}) + "\n", encoding="utf-8")
    (finding, *_) = findings(browser)
    answer = browser.get(f"/findings/{finding}")
    assert answer.status_code == 400 and "第 1 行无法识别" in answer.text


def test_a_snapshot_that_is_replaced_is_taken_up(browser: TestClient, output: Path) -> None:
    before = len(findings(browser))
    more = SAMPLES / "txt" / "errors_scores_cells_gb18030.txt"
    assert main(["ingest", str(more), "--output", str(output), "--workers", "1"]) == OK
    assert len(findings(browser)) > before
    assert "比上一版" in browser.get("/").text

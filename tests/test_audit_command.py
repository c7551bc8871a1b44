"""`ziping audit` as a person and a script meet it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from audit_build import ingest, named
from test_audit_findings import WRONG_PART
from test_checks_forms import amount, national, records

from pipeline.cli import main

RULES = Path(__file__).parents[1] / "pipeline" / "checks" / "rules.toml"


def audit(output: Path, *options: str) -> int:
    return main(["audit", "--output", str(output), *options])


def listed(output: Path, capsys: pytest.CaptureFixture[str], *options: str) -> list[dict[str, Any]]:
    audit(output, "--json", *options)
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return found


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    ingest(tmp_path, named(national(WRONG_PART, unit="某局", project_name="某项目"), "a.txt"))
    return tmp_path


def test_the_list_shows_the_sum_as_on_paper(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit(wrong) == 1
    told = capsys.readouterr()
    lines = [" ".join(line.split()) for line in told.out.splitlines()]
    at = lines.index("“当年财政拨款”的全年执行数 2612000.00万元")
    assert lines[at + 1] == "＋ “上年结转资金”的全年执行数 104.00万元"
    assert lines[at + 3] == "＝ 复算 2612154.00万元"
    assert lines[at + 4] == "填列 “年度资金总额”的全年执行数 415.20万元"
    assert lines[at + 5].endswith("-2611738.8万元")
    assert any("/reports/a.txt" in line for line in lines)
    assert "自评 1 份" in told.err and "自相矛盾 1 处" in told.err


def test_a_long_list_of_indicators_is_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from test_checks_forms import indicator

    rows = [indicator(i, f"指标{i}", points="9", score="9") for i in range(10)]
    ingest(tmp_path, named(records((), rows, total_points="90", total_score="99"), "a.txt"))
    assert audit(tmp_path) == 1
    assert "10 项指标的得分" in capsys.readouterr().out


def test_exit_code_0_without_errors(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(), "a.txt"))
    assert audit(tmp_path) == 0
    assert audit(tmp_path, "--json") == 0


def test_json_has_every_number_as_printed_with_its_place(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = listed(wrong, capsys, "--rule", "funding_sum")
    assert found["severity"] == "error" and found["source_uri"] == "/reports/a.txt" and found["unit"] == "某局"
    assert found["cells"][1]["printed"] == "2612000.00万元"
    assert found["cells"][1]["value"] == "2612000"
    assert found["decision"] is None


def test_a_dismissed_error_is_shown_but_no_longer_counts(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    errors = [one["check_id"] for one in listed(wrong, capsys, "--min-severity", "error")]
    assert audit(wrong, "--dismiss", *(one[:12] for one in errors), "--note", "附注另有说明") == 0
    capsys.readouterr()
    assert audit(wrong, "--min-severity", "error") == 0
    assert "附注另有说明" in capsys.readouterr().out
    assert audit(wrong, "--undo", *errors) == 0
    assert audit(wrong, "--min-severity", "error") == 1
    assert audit(wrong, "--accept", *errors) == 0
    assert audit(wrong, "--min-severity", "error") == 1


def test_a_decision_that_no_finding_answers_to_is_told(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = listed(wrong, capsys, "--rule", "funding_sum")
    audit(wrong, "--dismiss", found["check_id"])
    ingest(wrong, named(national({1: {"executed": "2612000.10"}}), "a.txt"))
    capsys.readouterr()
    assert audit(wrong) == 1
    assert "先前的决定有 1 条不再对应现有的发现" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--accept", "abcdef123456"), "没有编号为 abcdef123456 的发现"),
        (("--accept", "abc"), "太短"),
        (("--rule", "nonsense"), "不是规则代码"),
        (("--note", "无的放矢"), "--note 要与"),
        (("--rules", "/nowhere/rules.toml"), "无法读取"),
        (("--accept", "abcdef123456", "--undo", "abcdef123456"), "一次只能用一个"),
    ],
)
def test_wrong_use_is_explained(wrong: Path, options: tuple[str, ...], said: str, capsys: Any) -> None:
    assert audit(wrong, *options) == 2
    assert said in capsys.readouterr().err
    assert not (wrong / "decisions.jsonl").exists()


def test_nothing_can_be_undone_that_was_not_decided(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (found,) = listed(wrong, capsys, "--rule", "funding_sum")
    assert audit(wrong, "--undo", found["check_id"]) == 2
    assert "没有可撤销的决定" in capsys.readouterr().err


def test_rules_of_the_users_own(wrong: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        RULES.read_text(encoding="utf-8").replace("[severity]", '[severity]\nfunding_sum = "info"'), encoding="utf-8"
    )
    assert audit(wrong, "--rules", str(own)) == 0
    (found,) = listed(wrong, capsys, "--rules", str(own), "--rule", "funding_sum", "--min-severity", "info")
    assert found["severity"] == "info"
    own.write_text("[severity]\nfunding_sum = 3\n", encoding="utf-8")
    assert audit(wrong, "--rules", str(own)) == 2
    assert "缺少 funding" in capsys.readouterr().err


def test_ingest_takes_rules_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from test_cli import CONTRADICTION

    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    own, report, output = tmp_path / "own.toml", tmp_path / "a.txt", tmp_path / "out"
    report.write_text(CONTRADICTION, encoding="utf-8")
    text = RULES.read_text(encoding="utf-8")
    own.write_text(
        text.replace("[severity]", '[severity]\nexecution_rate = "info"\nexecution_score = "info"'), encoding="utf-8"
    )
    command = ["ingest", str(report), "--output", str(output), "--workers", "1"]
    assert main([*command, "--rules", str(own), "--fail-on", "error"]) == 0
    assert main([*command, "--fail-on", "error"]) == 1
    own.write_text(text.replace("[doubt]", "[daubt]"), encoding="utf-8")
    assert main([*command, "--rules", str(own)]) == 2


def test_the_workbook_is_written_beside_the_talk(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = wrong / "发现.xlsx"
    assert audit(wrong, "--xlsx", str(path)) == 1
    assert capsys.readouterr().out == ""
    assert openpyxl.load_workbook(path)["发现"].max_row >= 2


def test_figures_of_prose_are_laid_out_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = (
        amount(0, "支出", "executed", "9.00", origin="prose", role="sum", total_of="c"),
        amount(1, "支出/甲", "executed", "4.00", origin="prose", role="part", part_of="c"),
        amount(2, "支出/乙", "executed", "4.00", origin="prose", role="part", part_of="c"),
    )
    ingest(tmp_path, named(records(amounts=said), "a.txt"))
    assert audit(tmp_path) == 1
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines[lines.index("“支出/甲”的数额 4.00万元") + 1] == "＋ “支出/乙”的数额 4.00万元"


def test_a_filter_that_matches_nothing_says_what_there_is(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["audit", "--output", str(wrong), "--year", "1999"]) == 2
    told = capsys.readouterr()
    assert "没有符合所给条件（1999 年度）" in told.err + told.out and "年度：" in told.err + told.out


def test_the_list_can_be_cut_short_or_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sample = Path(__file__).parents[1] / "samples" / "txt" / "errors_funding_tabs_utf-8.txt"
    assert main(["ingest", str(sample), "--output", str(tmp_path), "--workers", "1"]) == 0
    shown = []
    for options in ([], ["--limit", "1"], ["--summary"]):
        capsys.readouterr()
        main(["audit", "--output", str(tmp_path), *options])
        told = capsys.readouterr()
        shown.append(len(told.out.splitlines()))
        assert "发现" in told.err
    everything, first, nothing = shown
    assert everything > first > nothing == 0


def test_what_is_piped_has_no_blanks_at_its_line_ends(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    audit(wrong)
    lines = capsys.readouterr().out.splitlines()
    assert lines and all(line == line.rstrip() for line in lines)

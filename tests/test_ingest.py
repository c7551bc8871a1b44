"""Whatever lies in the folder: every file ends with its own status and a sentence that says what to do."""

from __future__ import annotations

import ctypes
import json
import os
import random
import resource
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from dataset_build import reading

from pipeline.cli import main
from pipeline.dataset.output_folder import PROBE_BYTES
from pipeline.dataset.store import open_dataset
from pipeline.reading import workers
from pipeline.reading.one_file import FileResult

FORM = """项目支出绩效自评表
（2022年度）
项目名称\t城区道路养护
主管部门\t某市城市管理局\t实施单位\t市政养护所
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t100.00\t100.00\t90.00\t10\t90.00%\t9.00
\t其中：当年财政拨款\t100.00\t100.00\t90.00\t—\t90.00%\t—
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t养护里程\t≥50公里\t52公里\t50\t50\t
效益指标\t社会效益指标\t道路完好率\t≥95%\t96%\t30\t30\t
满意度指标\t服务对象满意度指标\t市民满意度\t≥90%\t92%\t10\t10\t
总分\t\t\t\t\t100\t99.00\t
"""
OTHER_FORM = FORM.replace("道路养护", "公园绿化").replace("市政养护所", "园林绿化所")


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))


def ingest(capsys: pytest.CaptureFixture[str], output: Path, *arguments: str | Path) -> tuple[int, dict[str, Any]]:
    code = main(["ingest", *map(str, arguments), "--output", str(output), "--json", "--workers", "2"])
    return code, json.loads(capsys.readouterr().out)


def documents(output: Path) -> dict[str, dict[str, Any]]:
    return {row["file_name"]: row for row in open_dataset(output).read("documents").to_pylist()}


def test_reports_become_rows_and_rows_are_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    reports = tmp_path / "报告 2022"
    reports.mkdir()
    (reports / "道路 养护.txt").write_text(FORM, encoding="utf-8")
    (reports / "公园.txt").write_text(OTHER_FORM, encoding="gb18030")
    code, summary = ingest(capsys, tmp_path / "out", reports)
    assert code == 0
    assert (summary["files"], summary["evaluations"], summary["indicators"]) == (2, 2, 6)
    row = documents(tmp_path / "out")["道路 养护.txt"]
    assert row["source_uri"] == (reports / "道路 养护.txt").as_posix()
    assert row["status"] == "ok"
    code, summary = ingest(capsys, tmp_path / "out", reports / "公园.txt")
    assert code == 0
    assert summary["dataset_rows"]["documents"] == 2
    assert summary["dataset_rows"]["indicators"] == 6


def test_the_same_report_under_two_names_is_counted_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(FORM, encoding="utf-8")
    code, summary = ingest(capsys, tmp_path / "out", tmp_path / "甲.txt", tmp_path / "乙.txt")
    assert code == 0
    assert summary["duplicates"] == {str(tmp_path / "乙.txt"): str(tmp_path / "甲.txt")}
    assert (summary["files"], summary["evaluations"], summary["dataset_rows"]["evaluations"]) == (2, 1, 1)
    assert documents(tmp_path / "out")["乙.txt"]["duplicate_of"] == str(tmp_path / "甲.txt")


def test_what_cannot_be_read_is_named_and_the_rest_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    noise = random.Random(1)
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(FORM, encoding="utf-8")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "binary.txt").write_bytes(noise.randbytes(50_000))
    (folder / "nul.txt").write_bytes(bytes(50_000))
    (folder / "truncated.pdf").write_bytes(b"%PDF-1.7\n" + noise.randbytes(1000))
    (folder / "not a zip.docx").write_bytes(b"PK\x03\x04" + noise.randbytes(1000))
    with (folder / "large.txt").open("wb") as stream:
        stream.write(FORM.encode())
        stream.truncate(200_000_000)
    (folder / "one line.txt").write_text("预算绩效" * (50_000_000 // 12), encoding="utf-8")
    (folder / "letter.txt").write_text("关于召开会议的通知\n各单位：请按时参加。\n", encoding="utf-8")
    (folder / "~$good.docx").write_bytes(b"\x06user" + bytes(157))
    for number in range(2000):
        (folder / f"{number}.mp4").touch()
    code, summary = ingest(capsys, tmp_path / "out", folder)
    assert code == 3
    assert summary["by_status"] == {"ok": 1, "empty": 2, "failed": 7}
    assert summary["skipped_by_suffix"] == {".mp4": 2000}
    found = documents(tmp_path / "out")
    assert found["good.txt"]["status"] == "ok"
    assert found["letter.txt"]["status"] == "empty"
    assert found["~$good.docx"]["error_code"] == "temporary"
    for name in ("empty.txt", "binary.txt", "nul.txt", "truncated.pdf", "not a zip.docx", "large.txt", "one line.txt"):
        row = found[name]
        assert row["status"] == "failed", name
        assert len(row["document_id"]) == 64
        assert name in row["error"]
        assert "请" in row["error"]
        assert row["error_code"] != "internal"
    assert {Path(note["source_uri"]).name for note in summary["failed"]} == {
        name for name, row in found.items() if row["status"] == "failed"
    }


def test_a_file_that_is_no_file_and_one_that_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.txt").write_text(FORM, encoding="utf-8")
    os.mkfifo(tmp_path / "pipe.txt")
    code, summary = ingest(
        capsys, tmp_path / "out", tmp_path / "good.txt", tmp_path / "pipe.txt", tmp_path / "gone.txt"
    )
    assert code == 3
    assert {note["code"] for note in summary["failed"]} == {"unsupported", "unavailable"}
    assert documents(tmp_path / "out")["gone.txt"]["document_id"] is None


def test_a_file_of_unknown_type_named_by_itself_is_read_by_its_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.dat").write_text(FORM, encoding="utf-8")
    (tmp_path / "picture.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    code, summary = ingest(capsys, tmp_path / "out", tmp_path / "report.dat", tmp_path / "picture.jpg")
    assert code == 3
    assert summary["by_status"] == {"ok": 1, "failed": 1}


def test_globs_and_nested_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    deep = tmp_path / "2022" / "区县"
    deep.mkdir(parents=True)
    (deep / "a.txt").write_text(FORM, encoding="utf-8")
    (deep / "b.TXT").write_text(OTHER_FORM, encoding="utf-8")
    (tmp_path / "2022" / ".hidden").mkdir()
    (tmp_path / "2022" / ".hidden" / "c.txt").write_text(FORM, encoding="utf-8")
    _, summary = ingest(capsys, tmp_path / "one", tmp_path / "2022")
    assert summary["files"] == 2
    _, summary = ingest(capsys, tmp_path / "two", tmp_path / "**" / "a.*")
    assert summary["files"] == 1


def test_names_in_another_encoding_can_be_stored(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name = os.fsencode(tmp_path) + b"/" + "自评报告.txt".encode("gb18030")
    with open(name, "wb") as stream:
        stream.write(FORM.encode())
    code, _ = ingest(capsys, tmp_path / "out", tmp_path)
    assert code == 0
    assert list(documents(tmp_path / "out")) == ["自评报告.txt"]


def bound_by_permissions() -> None:
    """From the next exec on, permissions bind root too: it gives up the capabilities that go past them."""
    drop_from_bounding_set, past_permissions, past_read_permissions = 24, 1, 2
    libc = ctypes.CDLL(None)
    libc.prctl(drop_from_bounding_set, past_permissions)
    libc.prctl(drop_from_bounding_set, past_read_permissions)


def ziping(*arguments: str | Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pipeline.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parents[1],
        timeout=240,
        **options,
    )


def test_no_permission_to_read(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(FORM, encoding="utf-8")
    (tmp_path / "secret.txt").write_text(FORM, encoding="utf-8")
    (tmp_path / "closed").mkdir()
    (tmp_path / "closed").chmod(0o000)
    (tmp_path / "secret.txt").chmod(0o000)
    done = ziping("ingest", tmp_path, "--output", tmp_path / "out", preexec_fn=bound_by_permissions)
    assert done.returncode == 3, done.stderr
    assert "secret.txt”没有读取权限" in done.stderr
    assert "closed”没有读取权限" in done.stderr
    assert documents(tmp_path / "out")["good.txt"]["status"] == "ok"
    (tmp_path / "closed").chmod(0o755)


def test_an_output_that_is_read_only_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(FORM, encoding="utf-8")
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o555)
    done = ziping("ingest", tmp_path, "--output", tmp_path / "out", preexec_fn=bound_by_permissions)
    assert done.returncode == 2
    assert "不可写" in done.stderr
    assert list((tmp_path / "out").iterdir()) == []


def on_a_small_disk(*arguments: str) -> int:
    """Run ziping where no file can grow past the size at which the check of the output still succeeds."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (PROBE_BYTES, PROBE_BYTES))
    workers.read_file = noisy
    return main(arguments)


def noisy(path: str, **_: object) -> FileResult:
    """A reading whose rows do not compress, as large as no report of a few kilobytes is."""
    noise = random.Random(2)
    result = reading(path, "x")
    (part,) = result.records.evaluations
    indicators = (replace(part.indicators[0], deviation=noise.randbytes(1000).hex()) for _ in range(4000))
    part = replace(part, indicators=tuple(indicators))
    return replace(result, records=replace(result.records, evaluations=(part,)))


def test_a_disk_that_fills_up_leaves_the_dataset_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(FORM, encoding="utf-8")
    assert ziping("ingest", tmp_path / "good.txt", "--output", tmp_path / "out").returncode == 0
    before = os.readlink(tmp_path / "out" / "dataset")
    code = "import sys, test_ingest; sys.exit(test_ingest.on_a_small_disk(*sys.argv[1:]))"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            code,
            "ingest",
            str(tmp_path / "good.txt"),
            "--force",
            "--output",
            str(tmp_path / "out"),
        ],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).parent,
        timeout=240,
    )
    assert done.returncode == 2, done.stderr
    assert "空间不足" in done.stderr
    assert os.readlink(tmp_path / "out" / "dataset") == before
    assert list(documents(tmp_path / "out")) == ["good.txt"]
    assert not (tmp_path / "out" / ".staging").exists()

"""The command line as a person and a script meet it."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from test_ingest import FORM, ziping

from pipeline.cli import main
from pipeline.commands.command_line import build_parser

DOCUMENTS = [Path(__file__).parents[1] / name for name in ("README.md", "README.zh-CN.md")]
CONTRADICTION = FORM.replace("90.00\t10\t90.00%", "90.00\t10\t79.00%")


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))


def commands() -> dict[str, argparse.ArgumentParser]:
    parser = build_parser()
    (sub,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return dict(sub.choices)


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("name", commands())
def test_every_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([name, "--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"用法：ziping {name}")
    assert "例：" in told
    assert all(action.help for action in commands()[name]._actions)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_command_is_in_the_readme(document: Path) -> None:
    if not document.exists():
        pytest.skip(f"{document.name} is not written yet")
    text = document.read_text(encoding="utf-8")
    assert [name for name in commands() if f"ziping {name}" not in text] == []


def test_exit_codes_are_in_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["ingest", "--help"])
    told = capsys.readouterr().out
    assert all(f"\n  {code} " in told for code in (0, 1, 2, 3, 130))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ingest"], "缺少参数 路径"),
        (["ingest", "x", "--workers", "0"], "--workers 的取值 '0' 有误"),
        (["ingest", "x", "--memory", "10"], "--memory 的取值 '10' 有误"),
        (["ingest", "x", "--timeout", "-1"], "--timeout 的取值 '-1' 有误"),
        (["ingest", "x", "--fail-on", "all"], "--fail-on 的取值 'all' 有误"),
        (["ingest", "x", "--speed"], "无法识别的参数 --speed"),
        (["schema", "--json", "--markdown"], "不能与 --json 同用"),
    ],
)
def test_wrong_usage_is_said_in_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert said in told.err
    assert told.err.count("\n") == 1
    assert told.out == ""


def test_inputs_that_name_nothing_are_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.mp4").touch()
    for given, said in (("gone.txt", "不存在"), ("*.pdf", "没有文件符合"), ("photos", "跳过其他类型的文件 1 个")):
        assert main(["ingest", str(tmp_path / given), "--output", str(tmp_path / "out")]) == 2
        assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_findings_decide_the_exit_code_only_when_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    output = str(tmp_path / "out")
    clean, wrong = write(tmp_path / "clean.txt", FORM), write(tmp_path / "wrong.txt", CONTRADICTION)
    assert main(["ingest", wrong, "--output", output]) == 0
    assert main(["ingest", wrong, "--output", output, "--fail-on", "error"]) == 1
    assert main(["ingest", clean, "--output", output, "--fail-on", "error"]) == 0


def test_stdout_is_data_and_stderr_is_talk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = write(tmp_path / "a.txt", FORM)
    assert main(["ingest", report, "--output", str(tmp_path / "out")]) == 0
    quiet = capsys.readouterr()
    assert quiet.out == ""
    assert "文件 1 个" in quiet.err
    assert "未配置 Prefect API" in quiet.err
    assert main(["ingest", report, "--output", str(tmp_path / "out"), "--json", "--force"]) == 0
    assert json.loads(capsys.readouterr().out)["evaluations"] == 1


def test_show_tells_what_was_understood_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    report = write(tmp_path / "a.txt", CONTRADICTION)
    assert main(["show", report]) == 0
    told = capsys.readouterr().out
    assert all(word in told for word in ("养护里程", "52公里", "市政养护所", "line 9", "自相矛盾"))
    assert os.listdir(tmp_path) == ["a.txt"]
    assert main(["show", report, "--why"]) == 0
    why = capsys.readouterr().out
    assert all(word in why for word in ("资金表的列标题", "列：全年执行数", "词库整词", "指标行"))
    assert main(["show", report, "--json"]) == 0
    records = json.loads(capsys.readouterr().out)
    funding = records["records"]["evaluations"][0]["funding"][0]
    assert funding["executed_wanyuan"] == "90.00"
    assert any(check["outcome"] == "inconsistent" for check in records["checks"])


def test_show_of_what_cannot_be_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", str(tmp_path / "gone.txt")]) == 3
    assert "不存在" in capsys.readouterr().out
    report = write(tmp_path / "a.txt", FORM)
    assert main(["show", report, "--page", "1"]) == 2
    assert main(["show", report, "--page", "1", "--image", str(tmp_path / "p.png")]) == 2
    assert "应以 .html 结尾" in capsys.readouterr().err


def test_an_api_that_does_not_answer_is_said_and_the_work_done(tmp_path: Path) -> None:
    report = write(tmp_path / "a.txt", FORM)
    environment = {**os.environ, "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = ziping("ingest", report, "--output", tmp_path / "out", env=environment)
    assert done.returncode == 0
    assert "http://127.0.0.1:9/api 没有应答" in done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_says_so_and_leaves_the_dataset(tmp_path: Path, stop: signal.Signals) -> None:
    report = write(tmp_path / "a.txt", FORM)
    assert ziping("ingest", report, "--output", tmp_path / "out").returncode == 0
    before = os.readlink(tmp_path / "out" / "dataset")
    for number in range(300):
        write(tmp_path / f"{number}.txt", FORM.replace("道路养护", f"道路养护{number}"))
    command = [sys.executable, "-m", "pipeline.cli", "ingest", str(tmp_path), "--output", str(tmp_path / "out")]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, cwd=Path(__file__).parents[1], text=True, encoding="utf-8"
    )
    while not list((tmp_path / "out").glob(".staging/batch-*")):
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)
    process.send_signal(stop)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "已中断，数据集未改动" in told
    assert "Traceback" not in told
    assert os.readlink(tmp_path / "out" / "dataset") == before
    assert not (tmp_path / "out" / ".staging").exists()


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom pipeline.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print(sorted({'prefect', 'pyarrow', 'pandas', 'rich', 'pebble'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8")
    assert done.stderr.strip() == "[]"


def test_without_a_command_the_commands_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        main([])
    assert done.value.code == 0
    assert "ingest" in capsys.readouterr().out

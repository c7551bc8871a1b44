"""Consoles that know few characters, and names that would write lines of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from test_ingest import FORM

from pipeline.flows.artifacts import as_markdown
from pipeline.reading.run_summary import Note, RunTotals, Summary, as_text
from pipeline.streams import one_line

FORGED = "a\n数据集：/tmp/evil（第 9 版）\u202e\x1b[2J ![x](http://evil.invalid/x.png) ``` <img src=http://evil.invalid/y>.pdf"


def test_a_console_in_gbk_never_ends_a_command(tmp_path: Path) -> None:
    report = tmp_path / "a.txt"
    report.write_text(FORM.replace("52公里", "52km²"), encoding="utf-8")
    environment = {**os.environ, "PYTHONIOENCODING": "gbk"}
    done = subprocess.run(
        [sys.executable, "-m", "pipeline.cli", "show", str(report)], env=environment, capture_output=True
    )
    assert done.returncode == 0 and "52km?".encode("gbk") in done.stdout, done.stderr


def test_names_forge_no_lines_and_load_no_pictures() -> None:
    totals = RunTotals(by_status=Counter(failed=1), failed=[Note(FORGED, "damaged", f"“{FORGED}”已损坏")])
    summary = Summary(totals, {}, (), {FORGED: FORGED}, (FORGED,), "out", 1, {"documents": 1}, 1.0, "local")
    lines = as_text(summary).splitlines()
    assert [line for line in lines if line.startswith("数据集：")] == ["数据集：out（第 1 版，现有文件 1 个）"]
    assert "\x1b" not in as_text(summary) and one_line("自评 表.pdf") == "自评 表.pdf"
    page = as_markdown(summary)
    _, block, table = page.split("```")
    assert "evil.invalid" in block and "![" not in table and "<img" not in table

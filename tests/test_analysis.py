"""The questions of docs/analysis.md are answered by the lines that stand there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import pipeline
from pipeline.cli import main
from pipeline.exit_codes import OK
from pipeline.frames import Frames

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")
QUESTIONS = re.findall(r"^### (\d+ .+?)$.*?```sql\n(.+?)\n```.*?```python\n(.+?)\n```", TEXT, re.MULTILINE | re.DOTALL)
READ = ("docx/national.docx", "docx/prose.docx", "docx/shanghai.docx", "pdf/national_ruled.pdf", "docx/transfer.docx")


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    folder = tmp_path_factory.mktemp("analysis")
    files = [str(ROOT / "samples" / name) for name in READ]
    assert main(["ingest", *files, "--output", str(folder), "--workers", "1"]) == OK
    return pipeline.open_dataset(folder)


def test_there_are_twelve_questions() -> None:
    assert len(QUESTIONS) == 12


@pytest.mark.parametrize(("title", "sql", "python"), QUESTIONS, ids=[title.split()[0] for title, _, _ in QUESTIONS])
def test_each_question_is_one_query_and_one_expression(data: Frames, title: str, sql: str, python: str) -> None:
    assert data.sql(sql) is not None
    assert eval(python, {"data": data}) is not None


def test_spending_is_what_the_samples_print(data: Frames) -> None:
    executed = data.sql(QUESTIONS[0][1]).executed
    printed = data.sql(
        "select sum(executed_wanyuan) as s from funding f join evaluations e using (evaluation_id)"
        " where e.is_current and f.role = 'total'"
    )
    assert executed.sum() == pytest.approx(printed.s[0])

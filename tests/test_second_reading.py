"""Figures of contradictions looked up again by another engine, in files of each format."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from form_build import as_text, blocks, write_docx
from pdf_build import pdf
from reportlab.pdfgen.canvas import Canvas

from parsers.extract import extract
from parsers.second_reading import Spot, read_again
from pipeline.findings import look_in_file, looked_at_twice, run_checks
from schemas.records import Check, DocumentRecords

FORM = """项目支出绩效自评表
（2023年度）
项目名称 | 河道清淤项目 | < | < | < | <
项目资金（万元） | 资金来源 | 全年预算数 | 全年执行数 | 分值 | 得分
^ | 年度资金总额 | 81.50 | 50.25 | 10 | 10
^ | 其中：财政拨款 | 40.00 | 40.25 | — | —
^ | 其他资金 | 10.00 | 10.00 | — | —
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 清淤长度 | ≥5公里 | 5公里 | 90 | 90"""


def written(kind: str, folder: Path) -> Path:
    path = folder / f"form.{kind}"
    if kind == "docx":
        write_docx(FORM, path)
    elif kind == "txt":
        path.write_text(as_text(FORM, "tabs"), encoding="utf-8")
    else:
        pdf(path, drawn)
    return path


def drawn(canvas: Canvas) -> None:
    """The form on a page: lines of the head, and a ruled table below."""
    canvas.setFont("STSong-Light", 9)
    title, year, table = blocks(FORM)
    assert isinstance(title, str) and isinstance(year, str) and isinstance(table, list)
    canvas.drawString(200, 790, title)
    canvas.drawString(220, 775, year)
    for at, row in enumerate(table):
        for column, text in enumerate(row):
            x, y = 40 + 85 * column, 740 - 20 * at
            canvas.rect(x, y, 85, 20)
            canvas.drawString(x + 3, y + 6, text if text not in "<^" else "")


def records_of(path: Path) -> DocumentRecords:
    return extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=1)


def errors(records: DocumentRecords) -> list[Check]:
    return [one for one in run_checks(records) if one.rule == "funding_sum" and one.outcome == "inconsistent"]


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_a_contradiction_that_both_engines_read_is_said_to_be_read_twice(kind: str, tmp_path: Path) -> None:
    path = written(kind, tmp_path)
    records = records_of(path)
    (before,) = errors(records)
    assert before.severity == "error" and "两次读取" not in before.message
    (after,) = errors(looked_at_twice(records, run_checks(records), look_in_file(path, records.document)))
    assert after.severity == "error"
    assert after.message.endswith("；两次读取一致。")
    assert after.check_id == before.check_id


@pytest.mark.parametrize("kind", ["txt", "docx", "pdf"])
def test_where_the_second_engine_reads_other_digits_it_is_a_question(kind: str, tmp_path: Path) -> None:
    path = written(kind, tmp_path)
    records = records_of(path)
    first, *rest = records.evaluations[0].funding
    misread = replace(
        first,
        annual_budget_raw="87.50",
        cells=tuple(replace(c, raw="87.50") if c.column == "annual_budget_wanyuan" else c for c in first.cells),
    )
    wrong = replace(records, evaluations=(replace(records.evaluations[0], funding=(misread, *rest)),))
    (found,) = errors(looked_at_twice(wrong, run_checks(wrong), look_in_file(path, wrong.document)))
    assert found.severity == "warning"
    assert "请先核对原文" in found.message


def test_a_form_without_contradictions_is_not_looked_at_twice(tmp_path: Path) -> None:
    records = records_of(written("txt", tmp_path))
    assert looked_at_twice(records, (), look_in_file(tmp_path / "gone.txt", records.document)) is records


@pytest.mark.parametrize(("kind", "name"), [("pdf", "a.pdf"), ("docx", "a.docx"), ("txt", "a.txt"), ("html", "a.html")])
def test_a_file_the_second_engine_cannot_read_says_nothing(kind: str, name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"%PDF-1.4 nothing of the kind")
    spot = Spot("81.50", ("年度资金总额",), 1, (0.0, 0.0, 10.0, 10.0))
    assert read_again(tmp_path / name, kind, None, [spot]) == [None]

"""Rows whose cells do not fill their width: aligned by kind from both ends, or left open and said, never shifted."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from form_build import write_docx

from parsers.extract import extract
from schemas.records import DocumentRecords

FORM = """
项目支出绩效自评表
（2022年度）
项目名称|桥梁加固|<|<|<|<|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|300.00|320.00|288.00|10|90.00%|9
^|其中：财政拨款|250.00|260.00|234.00|—|90.00%|—
^|其他资金|50.00|60.00|54.00|—|90.00%|—
一级指标|二级指标|三级指标|指标值|完成值|分值|得分|偏差原因
产出指标|数量指标|加固桥梁|≥6座|7座|30|28|一座返工
^|质量指标|验收合格率|100%|100%|20|20|
效益指标|社会效益指标|通行能力|提升|提升|40|40|
总分|<|<|<|<|100|97|
"""
MONEY, NAMES = 3, 7
"""Rows of the table: 其中：财政拨款, 验收合格率."""
PIPES = """
项目支出绩效自评表(2022年度) | ||||||||
项目名称 | 桥梁加固 | ||||||||
项目资金 | 资金来源(万元) | 年初预算 | 全年预算数 | 全年执行数 | 执行率 | 分值 | 得分 | |
年度资金总额 | 300.00 | 320.00 | 288.00 | 90.00% | 10 | 9 | ||
其中:财政拨款 | 250.00 | 260.00 | 234.00 | 90.00% | / | / | ||
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 分值 | 得分
产出指标 | 数量指标 | 加固桥梁 | ≥ | 6 | 座 | 7 | 30 | 28 |
质量指标 | 验收合格率 | = | 100 | % | 100 | 60 | 60 | |
合计 | 100 | 97 | |||||||
"""


def damaged(folder: Path, row: int, lost: int | None = None, doubled: int | None = None) -> DocumentRecords:
    """The form as DOCX with one `w:tc` of a row taken out or written twice."""
    path = folder / "form.docx"
    write_docx(FORM, path)
    document = docx.Document(str(path))
    cells = document.tables[0]._tbl.tr_lst[row].tc_lst
    if lost is not None:
        cells[lost].getparent().remove(cells[lost])
    if doubled is not None:
        cells[doubled].addnext(deepcopy(cells[doubled]))
    document.save(str(path))
    return extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)


def codes(records: DocumentRecords) -> set[str]:
    return {problem.code for problem in records.problems}


def test_of_two_amounts_for_three_columns_none_is_guessed(tmp_path: Path) -> None:
    records = damaged(tmp_path, MONEY, lost=3)
    row = records.evaluations[0].funding[1]
    assert (row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan) == (None, None, None)
    assert row.execution_rate_pct == 90
    assert row.confidence < 0.8
    assert "uncertain_columns" in codes(records)


@pytest.mark.parametrize("cell", range(1, 8))
def test_a_lost_cell_of_a_docx_row_is_never_a_shift(cell: int, tmp_path: Path) -> None:
    for number in (MONEY, NAMES):
        records = damaged(tmp_path, number, lost=cell)
        assert records.document.status == "partial", (number, cell)
        whole = damaged(tmp_path, number)
        for table in ("funding", "indicators"):
            rows, right = getattr(records.evaluations[0], table), getattr(whole.evaluations[0], table)
            for one, other in zip(rows, right, strict=True):
                for name in ("annual_budget_wanyuan", "executed_wanyuan", "points", "score", "target_raw", "level3"):
                    assert getattr(one, name, None) in (None, getattr(other, name, None)), (number, cell, name)


@pytest.mark.parametrize("cell", range(2, 7))
def test_a_doubled_cell_of_a_docx_row_is_left_out_and_said(cell: int, tmp_path: Path) -> None:
    records = damaged(tmp_path, NAMES, doubled=cell)
    one = records.evaluations[0].indicators[1]
    read = (one.level3, one.target_raw, one.actual_raw, one.points, one.score)
    right = ("验收合格率", "100%", "100%", Decimal(20), Decimal(20))
    assert all(value in (None, wanted) for value, wanted in zip(read, right, strict=True))
    assert {"uncertain_columns", "stray_cell"} <= codes(records)


def test_pipes_without_the_spanned_cells_are_aligned_by_kind(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(PIPES, encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)
    (form,) = records.evaluations
    money = [(f.initial_budget_wanyuan, f.annual_budget_wanyuan, f.executed_wanyuan, f.points) for f in form.funding]
    assert money == [
        (300, 320, 288, 10),
        (250, 260, 234, None),
    ]
    assert [(i.level1, i.level2, i.level3, i.target_raw, i.actual_raw, i.points, i.score) for i in form.indicators] == [
        ("产出指标", "数量指标", "加固桥梁", "≥6座", "7", 30, 28),
        ("产出指标", "质量指标", "验收合格率", "=100%", "100", 60, 60),
    ]
    assert all(row.confidence < 1 for row in (*form.funding, *form.indicators))
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 97)


def test_a_row_whose_name_is_the_label_of_an_upper_level_is_said(tmp_path: Path) -> None:
    records = damaged(tmp_path, NAMES, doubled=1)
    assert records.document.status == "partial"

"""Damaged and unusual rows: what cannot be certain is null or reported, never silently another number."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import as_text, read, read_one

from parsers.extract import extract
from schemas.records import DocumentRecords

FORM = """
项目支出绩效自评表
（2022年度）
项目名称|校舍维修|<|<|<|<|<|<|<
项目资金（万元）|<|年初预算数|全年预算数|全年执行数|分值|执行率|得分|备注
年度资金总额|<|100.00|120.00|114.00|10|95.00%|9.5|
其中：中央财政资金|<|60.00|80.00|74.00|^|92.50%|^|
省级财政资金|<|40.00|40.00|40.00|^|100.00%|^|
一级指标|二级指标|三级指标|指标值|完成值|分值|得分|扣分|原因
产出指标|数量指标|维修间数|≥30间|32间|20|20|0|
^|^|维修面积|≥900平方米|950平方米|^|^|^|
^|质量指标|验收合格率|100%|95%|30|28|2|一处返工
效益指标|社会效益指标|使用年限|延长|延长|40|40|0|
总分|<|<|<|<|100|97.5|2|
"""
FORMATS = pytest.mark.parametrize("kind", ["tabs", "cells", "docx"])


def damaged(old: str, new: str, folder: Path, dialect: str = "tabs") -> DocumentRecords:
    text = as_text(FORM, dialect)
    assert old in text
    path = folder / "damaged.txt"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)


def codes(records: DocumentRecords) -> set[str]:
    return {problem.code for problem in records.problems}


@FORMATS
def test_a_figure_over_several_rows_belongs_to_the_first(kind: str, tmp_path: Path) -> None:
    form = read_one(FORM, kind, tmp_path)
    assert [(f.points, f.score) for f in form.funding] == [(10, Decimal("9.5")), (None, None), (None, None)]
    assert [(i.points, i.score) for i in form.indicators] == [(20, 20), (None, None), (30, 28), (40, 40)]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, Decimal("97.5"))
    assert [(a.label, a.value) for a in form.amounts if a.measure == "扣分"] == [
        ("维修间数", 0),
        ("验收合格率", 2),
        ("使用年限", 0),
        ("总分", 2),
    ]


def test_a_lost_cell_shifts_no_row_silently(tmp_path: Path) -> None:
    for lost in ("114.00\t", "≥30间\t", "32间\t", "74.00\t"):
        assert damaged(lost, "", tmp_path).document.status == "partial", lost


@pytest.mark.parametrize("dialect", ["tabs", "cells"])
def test_two_scores_in_one_cell_are_no_score(dialect: str, tmp_path: Path) -> None:
    between = "\t" if dialect == "tabs" else "\n\t"
    records = damaged(f"30{between}28", f"3028{between}", tmp_path, dialect)
    assert records.evaluations[0].indicators[2].points is None
    assert "cell_not_number" in codes(records)


def test_two_percentages_in_one_cell_are_reported(tmp_path: Path) -> None:
    records = damaged("100%\t95%", "100%95%\t", tmp_path)
    assert codes(records) == {"cell_fused"}
    assert records.evaluations[0].indicators[2].target_value is None


def test_a_row_without_its_name_is_reported(tmp_path: Path) -> None:
    records = damaged("使用年限", "", tmp_path)
    assert codes(records) == {"label_missing"}
    assert records.evaluations[0].indicators[3].level3 is None


def test_a_name_without_values_is_reported(tmp_path: Path) -> None:
    records = damaged("总分\t", "\t\t（含新建部分）\t\t\t\t\t\t\n总分\t", tmp_path)
    assert codes(records) == {"row_without_values"}
    assert len(records.evaluations[0].indicators) == 4


def test_masked_digits_keep_their_column(tmp_path: Path) -> None:
    records = damaged("\t120.00\n", "\t1**.00\n", tmp_path, "cells")
    total = records.evaluations[0].funding[0]
    assert (total.initial_budget_wanyuan, total.annual_budget_wanyuan) == (100, None)
    assert (total.executed_wanyuan, total.points) == (114, 10)
    assert codes(records) == {"cell_not_number"}


@FORMATS
def test_points_in_percent(kind: str, tmp_path: Path) -> None:
    form = """
2022年度项目支出绩效自评表
项目名称|校舍维修|<|<|<|<|<
一级指标|二级指标|三级指标|目标值|实际值|权重|自评分
产出指标|数量指标|维修间数|≥30间|32间|60%|60分
效益指标|社会效益指标|使用年限|延长|延长|40%|38分
合计|<|<|<|<|100%|98分
"""
    records = read_one(form, kind, tmp_path)
    assert [(i.points, i.score) for i in records.indicators] == [(60, 60), (40, 38)]
    assert records.evaluation.total_score == 98


@FORMATS
def test_a_total_row_shifted_by_its_grade(kind: str, tmp_path: Path) -> None:
    form = """
2022年度项目支出绩效自评表
项目名称|校舍维修|<|<|<|<|<
一级指标|二级指标|三级指标|目标值|实际值|分值|得分
产出指标|数量指标|维修间数|≥30间|32间|60|60
效益指标|社会效益指标|使用年限|延长|延长|40|38
总分|<|<|<|100|98|优
"""
    head = read_one(form, kind, tmp_path).evaluation
    assert (head.total_points, head.total_score, head.grade) == (100, 98, "优")


@FORMATS
def test_money_of_another_year_is_not_this_budget(kind: str, tmp_path: Path) -> None:
    form = """
项目支出绩效自评表
项目名称|校舍维修|<|<|<|<
项目资金（万元）|2021年决算数|2022年预算数|2022年决算数|结余|执行率
年度资金总额|90.00|120.00|114.00|6.00|95.00%
其中：财政拨款|90.00|120.00|114.00|6.00|95.00%
一级指标|二级指标|三级指标|目标值|实际值|得分
产出指标|数量指标|维修间数|≥30间|32间|60
"""
    records = read_one(form, kind, tmp_path)
    total = records.funding[0]
    assert (total.initial_budget_wanyuan, total.annual_budget_wanyuan, total.executed_wanyuan) == (None, 120, 114)
    others = [(a.measure, a.fiscal_year, a.value) for a in records.amounts if a.label == total.label]
    assert others == [("2021年决算数", 2021, 90), ("结余", None, 6)]


def test_income_is_no_part_of_spending(tmp_path: Path) -> None:
    form = """
2023年度单位整体支出绩效自评表
填报单位：湖滨区档案馆    金额单位：万元
预算执行情况|年初预算|全年预算|决算数|分值|得分
收入合计|320.50|350.60|350.60||
支出合计|320.50|350.60|340.10|10|9.7
其中：基本支出|220.50|230.60|230.60||
项目支出|100.00|120.00|109.50||
"""
    records = read(form, "tabs", tmp_path)
    assert [f.role for f in records.evaluations[0].funding] == ["total", "total", "component", "component"]


def test_money_fused_with_the_points_beside_it(tmp_path: Path) -> None:
    records = damaged("114.00\t10", "114.0010\t", tmp_path)
    total = records.evaluations[0].funding[0]
    assert (total.executed_wanyuan, total.executed_raw, total.points) == (None, "114.0010", None)
    assert codes(records) == {"cell_fused"}


def test_points_of_the_budget_above_a_hundred_are_two_cells(tmp_path: Path) -> None:
    records = damaged("10\t95.00%\t9.5", "109.5\t95.00%\t", tmp_path)
    assert records.evaluations[0].funding[0].points is None
    assert codes(records) == {"cell_not_number"}


def test_figures_under_a_head_of_another_table_are_reported(tmp_path: Path) -> None:
    records = damaged("执行率\t得分", "执行率\t完成情况", tmp_path)
    assert codes(records) == {"unknown_header"}
    assert any("完成情况" in problem.message for problem in records.problems)


def test_a_sign_taken_for_a_digit_is_said(tmp_path: Path) -> None:
    assert codes(damaged("100%\t95%", "290%\t95%", tmp_path)) == {"cell_fused"}
    assert codes(damaged("100%\t95%", "150%\t95%", tmp_path)) == set()
    assert codes(damaged("≥30间\t32间", "230间\t30间", tmp_path)) == {"cell_fused"}
    assert codes(damaged("≥30间\t32间\t20\t20", "230间\t30间\t20\t9", tmp_path)) == set()
    assert codes(damaged("≥30间\t32间", "230间\t31间", tmp_path)) == set()


def test_a_row_between_pipes_that_lost_its_target_or_its_result_is_said(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "松林县项目支出绩效自评表（2023年度）\n"
        "项目名称 | 农村供水工程 |||||||\n"
        "绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |\n"
        "产出指标 | 数量指标 | 新建蓄水池 | ≥6座 | 6座 | 10 | 10 ||\n"
        "铺设管道（公里） | 12 | 20 | 18 |||||\n"
        "质量指标 | 工程验收合格率 | 100% | 100% | 20 | 20 |||\n"
        "效益指标 | 社会效益指标 | 受益群众 | ≥300人 | 310人 | 50 | 50 ||\n",
        encoding="utf-8",
    )
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    assert ("uncertain_columns", "line 5") in [(problem.code, problem.locator) for problem in found.problems]
    (row,) = [row for row in found.evaluations[0].indicators if row.level3 == "铺设管道（公里）"]
    assert (row.points, row.score) == (20, 18)
    assert row.confidence < 0.8

"""What a table's own figures and words tell where its heads alone do not: scores, labels, where the table ends."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

from parsers.extract import extract

HEAD = "项目支出绩效自评表\n（2023年度）\n项目名称|桥梁加固|<|<|<|<|<\n"


def test_the_score_of_two_columns_is_the_one_within_the_points(tmp_path: Path) -> None:
    form = HEAD + (
        "一级指标|二级指标|三级指标|指标分值|预期指标值|单项指标得分|折算得分\n"
        "产出指标|数量指标|加固座数|40|≥12座|100|40\n"
        "效益指标|社会效益指标|受益人数|60|≥1500人|90|54\n"
    )
    evaluation = read_one(form, "docx", tmp_path)
    assert [row.score for row in evaluation.indicators] == [Decimal(40), Decimal(54)]
    assert {amount.value for amount in evaluation.amounts} == {Decimal(100), Decimal(90)}


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_labels_under_a_head_that_numbers_rows_are_labels(tmp_path: Path, kind: str) -> None:
    form = (
        "林业转移支付区域绩效自评表\n（2023年度）\n转移支付名称|林业资金|<|<|<|<\n"
        "资金情况（万元）|行次|全年预算数（A）|统筹整合资金数（B）|扣除后预算数（C=A-B）|全年执行数（E）\n"
        "^|年度资金总额|860|60|800|744\n^|其中：中央财政资金|500|0|500|460\n^|地方财政资金|360|60|300|284\n"
        "一级指标|二级指标|三级指标|指标值|全年实际完成值|未完成原因\n产出指标|数量指标|造林面积|≥5000亩|5120亩|\n"
        "满意度指标|满意度指标|林农满意度|≥85%|88%|\n"
    )
    rows = read_one(form, kind, tmp_path).funding
    assert [(row.label, row.annual_budget_wanyuan, row.executed_wanyuan) for row in rows] == [
        ("年度资金总额", 860, 744),
        ("其中：中央财政资金", 500, 460),
        ("地方财政资金", 360, 284),
    ]


def test_points_and_score_of_the_execution_in_percent_are_points(tmp_path: Path) -> None:
    form = HEAD + (
        "项目资金（万元）|年初预算数|全年预算数|全年执行数|权重|执行率|得分\n"
        "年度资金总额|84.60|79.30|71.37|10%|90.00%|9.00%\n"
        "一级指标|二级指标|三级指标|指标值|完成值|权重|得分\n"
        "产出指标|数量指标|加固座数|≥12座|12座|50%|50%\n满意度指标|满意度指标|满意度|≥90%|95%|40%|40%\n"
        "总分|<|<|<|<|100%|99%\n"
    )
    (row,) = read_one(form, "docx", tmp_path).funding
    assert (row.points, row.score, row.execution_rate_pct) == (10, 9, 90)


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_a_table_below_the_total_is_no_part_of_the_form(tmp_path: Path, kind: str) -> None:
    form = HEAD + (
        "一级指标|二级指标|三级指标|指标值|完成值|分值|得分\n"
        "产出指标|数量指标|加固座数|≥12座|12座|60|60\n满意度指标|满意度指标|满意度|≥90%|95%|40|38\n"
        "总分|<|<|<|<|100|98\n"
        "资产名称|<|<|数量|<|金额（元）|<\n电脑|<|<|12|<|58000|<\n合计|<|<|12|<|58000|<\n"
    )
    (evaluation,) = read(form, kind, tmp_path).evaluations
    assert [row.level3 for row in evaluation.indicators] == ["加固座数", "满意度"]
    assert (evaluation.evaluation.total_points, evaluation.evaluation.total_score) == (100, 98)


def test_labels_of_the_head_are_read_beside_the_name_of_their_block(tmp_path: Path) -> None:
    form = (
        "预算项目绩效自评表\n（2023年度）\n一、基本情况|项目名称|智慧校园|<|实施单位|青石县一中|<\n"
        "^|主管部门|青石县教育局|<|项目级次|本级|<\n"
        "一级指标|二级指标|三级指标|指标值|完成值|分值|得分\n产出指标|数量指标|教室|≥12间|12间|100|100\n"
    )
    evaluation = read_one(form, "docx", tmp_path).evaluation
    assert (evaluation.project_name, evaluation.unit) == ("智慧校园", "青石县一中")


def test_a_row_that_numbers_the_columns_leaves_no_figure_unread(tmp_path: Path) -> None:
    form = HEAD + (
        "项目资金（万元）|年初预算数|全年预算数|全年执行数|分值|执行率|得分\n行次|1|2|3|4|5=3/2|6\n"
        "年度资金总额|84.60|79.30|71.37|10|90.00%|9.00\n"
        "一级指标|二级指标|三级指标|指标值|完成值|分值|得分\n"
        "产出指标|数量指标|加固座数|≥12座|12座|50|50\n满意度指标|满意度指标|满意度|≥90%|95%|40|40\n"
        "总分|<|<|<|<|100|99\n"
    )
    assert len(read_one(form, "docx", tmp_path).funding) == 1


def test_a_sheet_with_points_only_is_no_evaluation(tmp_path: Path) -> None:
    form = "项目支出绩效自评表\n项目名称||<|<|<|<|<\n" + (
        "一级指标|二级指标|三级指标|指标值|完成值|分值|得分\n"
        "产出指标|数量指标|加固座数|||60|\n满意度指标|满意度指标|满意度|||40|\n总分|<|<|<|<|100|\n"
    )
    records = read(form, "docx", tmp_path)
    assert (records.document.status, records.evaluations) == ("empty", ())
    assert [problem.code for problem in records.problems] == ["unfilled_form"]


def test_a_lost_sum_beside_a_score_without_points_leaves_the_sums_open(tmp_path: Path) -> None:
    path = tmp_path / "表.txt"
    lines = [
        "专项资金绩效自评表", "（2024年度）", "项目名称  桥梁加固补助",
        "主管部门  安陵市交通局  实施单位  安陵市公路中心",
        "项目资金（元）  年初预算数  全年预算数(A)  全年执行数(B)  分值  执行率(B/A)  得分",
        "年度资金总额  1,340,000.00  1,273,000.00  10  95.00%  9.5",
        "其中：中央财政资金  800,000.00  800,000.00  762,500.00  -  -  -",
        "市级资金  540,000.00  540,000.00  510,500.00  -  -  -",
        "一级指标  二级指标  三级指标  年度指标值  实际完成值  分值  得分  偏差原因分析及改进措施",
        "产出指标  数量指标  加固座数  ≥12座  12座  40  40", "质量指标  合格率  ≥85%  88.7%  20  20",
        "效益指标  社会效益指标  受益人数  ≥260人  274人  20  20",
        "满意度指标  服务对象满意度指标  群众满意度  ≥90%  93.5%  10  10", "总分  100  99.5",
    ]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)
    total = records.evaluations[0].funding[0]
    assert (total.annual_budget_wanyuan, total.executed_wanyuan, total.score) == (None, None, Decimal("9.5"))
    assert "uncertain_columns" in {problem.code for problem in records.problems}


def test_a_score_printed_as_the_reason_is_said(tmp_path: Path) -> None:
    form = HEAD + (
        "一级指标|二级指标|三级指标|指标值|完成值|得分|偏差原因\n"
        "产出指标|数量指标|加固座数|≥12座|12座|60|60\n满意度指标|满意度指标|满意度|≥90%|95%|40|无\n"
    )
    assert "uncertain_columns" in {problem.code for problem in read(form, "docx", tmp_path).problems}

"""Rows that are neither indicator nor total: sections, subtotals, units in head rows, sums of other tables."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import as_text, read, read_one

from parsers.document import Cell, Document, Grid, Paragraph, Place
from parsers.extract import extract
from parsers.interpret.document import interpret
from pipeline.findings import run_checks
from schemas.lexicon import lexicon
from schemas.records import DocumentRow

FORMATS = pytest.mark.parametrize("kind", ["tabs", "cells", "docx"])
SECTIONS = """
2022年度项目支出绩效自评表
项目名称|教师培训|<|<|<|<
二级指标|三级指标|指标值|完成值|分值|得分
一、产出指标（60分）|<|<|<|<|<
数量指标|培训人数|300人|320人|40|40
质量指标|结业率|95%|97%|20|20
二、效益指标（40分）|<|<|<|<|<
社会效益指标|教学水平|提升|提升|40|38
总分|<|<|<|100|98
"""
SUBTOTALS = """
2022年度项目支出绩效自评表
项目名称|教师培训|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|培训人数|300人|320人|40|40
^|质量指标|结业率|95%|97%|20|20
^|小计|<|<|<|60|60
效益指标|社会效益指标|教学水平|提升|提升|40|38
^|小计|<|<|<|40|38
合计|<|<|<|<|100|98
"""
HEAD_UNIT = """
2022年度项目支出绩效自评表|<|<|<|<
填报单位：柳河县教师进修学校|<|<|单位：元|<
项目名称|教师培训|<|<|<
项目资金||年初预算数|全年预算数|全年执行数
^|年度资金总额|1000000|1200000|1140000
一级指标|二级指标|三级指标|指标值|完成值
产出指标|数量指标|培训人数|300人|320人
"""
OTHER_TABLE = """
2023年度部门整体支出绩效自评表
单位名称|白石区司法局|<|<|<
三公经费（万元）|上年决算数|本年预算数|本年决算数|变动率
公务接待费|2.10|2.00|1.60|-23.81%
公务用车运行维护费|6.50|6.00|5.80|-10.77%
合计|8.60|8.00|7.40|-13.95%
部门预算（万元）|年初预算数|全年预算数|全年执行数|执行率
年度资金总额|860.00|905.50|881.23|97.32%
一级指标|二级指标|三级指标|完成值|得分
产出指标|数量指标|调解案件|652件|50
效益指标|社会效益指标|普法知晓率|88%|40
总分|<|<|<|99.73
"""
LOST_ROW = """
2022年度项目支出绩效自评表
项目名称|教师培训|<|<|<|<|<
年度资金总额（万元）|年初预算|100|全年预算|120|执行数|执行率95%
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|培训人数|300人|320人|90|90
"""


@FORMATS
def test_a_row_of_one_cell_names_the_level_of_the_rows_below(kind: str, tmp_path: Path) -> None:
    form = read_one(SECTIONS, kind, tmp_path)
    assert [(i.level1, i.level1_points, i.level2, i.level3) for i in form.indicators] == [
        ("产出指标", 60, "数量指标", "培训人数"),
        ("产出指标", 60, "质量指标", "结业率"),
        ("效益指标", 40, "社会效益指标", "教学水平"),
    ]
    assert form.evaluation.total_score == 98


def test_sections_in_rows_joined_by_blanks(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(as_text(SECTIONS, "tabs").replace("\t\t", "\t").replace("\t", " "), encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)
    assert [i.level1 for i in records.evaluations[0].indicators] == ["产出指标", "产出指标", "效益指标"]


@FORMATS
def test_subtotals_are_no_indicators(kind: str, tmp_path: Path) -> None:
    form = read_one(SUBTOTALS, kind, tmp_path)
    assert [(i.level1, i.level2, i.level3) for i in form.indicators] == [
        ("产出指标", "数量指标", "培训人数"),
        ("产出指标", "质量指标", "结业率"),
        ("效益指标", "社会效益指标", "教学水平"),
    ]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 98)


@FORMATS
def test_a_unit_in_a_row_of_the_head(kind: str, tmp_path: Path) -> None:
    form = read_one(HEAD_UNIT, kind, tmp_path)
    assert (form.funding[0].annual_budget_wanyuan, form.funding[0].unit_raw) == (120, "元")
    assert form.evaluation.unit == "柳河县教师进修学校"


@FORMATS
def test_the_sum_of_another_table_is_a_figure_not_the_score(kind: str, tmp_path: Path) -> None:
    records = read(OTHER_TABLE, kind, tmp_path)
    form = records.evaluations[0]
    sums = [(a.measure, a.value) for a in form.amounts if a.label == "合计"]
    assert sums == [
        ("上年决算数", Decimal("8.6")),
        ("本年预算数", 8),
        ("本年决算数", Decimal("7.4")),
        ("变动率", Decimal("-13.95")),
    ]
    assert [f.label for f in form.funding] == ["年度资金总额"]
    assert form.evaluation.total_score == Decimal("99.73")
    # 9.73 of 10 points for 97.32% are in the total without being printed.
    assert not [c.message for c in run_checks(records) if c.severity == "error"]


@FORMATS
def test_funds_that_fit_no_table_are_reported(kind: str, tmp_path: Path) -> None:
    records = read(LOST_ROW, kind, tmp_path)
    assert records.document.status == "partial"
    assert "row_not_read" in {problem.code for problem in records.problems}


@pytest.mark.parametrize(
    "title, foreign",
    [
        ("食品安全抽查检测项目支出绩效自评表", False),
        ("低保核查经费项目支出绩效自评表", False),
        ("购买第三方服务项目支出绩效自评表", False),
        ("项目支出绩效自评抽查复核表", True),
        ("财政局对部门绩效自评的重点评价表", True),
        ("项目支出绩效运行监控表", True),
    ],
)
def test_whose_assessment_a_form_is(title: str, foreign: bool, tmp_path: Path) -> None:
    records = read(SUBTOTALS.replace("2022年度项目支出绩效自评表", title), "tabs", tmp_path)
    assert (records.document.error_code == "foreign_form") is foreign
    assert len(records.evaluations) == (0 if foreign else 1)


@FORMATS
def test_a_form_in_traditional_characters(kind: str, tmp_path: Path) -> None:
    form = read_one(
        """
項目支出績效自評表
（2022年度）
項目名稱|教師培訓|<|<|<|<|<
主管部門|柳河縣教育局|<|<|實施單位|柳河縣進修學校|<
項目資金（元）||年初預算數|全年預算數|全年執行數|執行率|得分
^|年度資金總額|1,000,000|120萬元|1,140,000|95.00%|9.5
一級指標|二級指標|三級指標|年度指標值|實際完成值|分值|得分
產出指標（90分）|數量指標|參訓人數|不少於1.2萬人|1.25萬人|90|90
總分|<|<|<|<|100|99.5
""",
        kind,
        tmp_path,
    )
    head = form.evaluation
    assert (head.project_name, head.unit, head.region) == ("教師培訓", "柳河縣進修學校", "柳河縣")
    assert (head.kind, head.total_score) == ("project", Decimal("99.5"))
    (total,) = form.funding
    assert (total.role, total.initial_budget_wanyuan, total.annual_budget_wanyuan) == ("total", 100, 120)
    (indicator,) = form.indicators
    assert (indicator.level1, indicator.level1_points, indicator.category) == ("產出指標", 90, "output.quantity")
    assert (indicator.target_op, indicator.target_value, indicator.actual_raw) == (">=", Decimal("1.2"), "1.25萬人")


def test_a_row_cut_behind_its_label_is_no_section(tmp_path: Path) -> None:
    cells = [
        (0, 0, 1, 1, "一级指标"), (0, 1, 1, 1, "三级指标"), (0, 2, 1, 1, "目标值"), (0, 3, 1, 1, "分值"),
        (1, 0, 1, 1, "产出指标"), (1, 1, 1, 1, "巡查次数"), (1, 2, 1, 1, "≥12次"), (1, 3, 1, 1, "50"),
        (2, 0, 2, 1, "效益指标"), (2, 1, 1, 1, ""), (2, 2, 1, 1, ""), (2, 3, 1, 1, ""),
        (3, 1, 1, 1, "服务能力"), (3, 2, 1, 1, "提升"), (3, 3, 1, 1, "40"),
    ]  # fmt: skip
    grid = Grid(
        tuple(Cell(row, col, text, rows, cols) for row, col, rows, cols, text in cells),
        tuple(Place(f"row {row}") for row in range(4)),
        4,
        "spans",
        1,
        (3,),
    )
    title = Paragraph("2022年度项目支出绩效自评表", Place("line 1"))
    row = DocumentRow("0" * 64, "form", "form", 0, "1")
    records = interpret(Document("pdf", (title, grid)), row, lexicon())
    assert [i.level3 for i in records.evaluations[0].indicators] == ["巡查次数", "服务能力"]


@FORMATS
def test_a_funding_block_on_its_side(kind: str, tmp_path: Path) -> None:
    form = read_one(
        """
2022年度项目支出绩效自评表
项目名称|教师培训|<|<|<|<
项目资金（元）|资金类别|合计|<|财政拨款|其他资金
^|年初预算数|1000000|<|900000|100000
^|全年预算数|1200000|<|1100000|100000
^|全年执行数|1140000|<|1040000|100000
^|执行率|95.00%|<|94.55%|100.00%
一级指标|二级指标|三级指标|目标值|完成值|得分
产出指标|数量指标|培训人数|300人|320人|90
""",
        kind,
        tmp_path,
    )
    assert [
        (f.label, f.role, f.initial_budget_wanyuan, f.annual_budget_wanyuan, f.executed_wanyuan, f.execution_rate_pct)
        for f in form.funding
    ] == [
        ("合计", "total", 100, 120, 114, 95),
        ("财政拨款", "component", 90, 110, 104, Decimal("94.55")),
        ("其他资金", "component", 10, 10, 10, 100),
    ]
    assert form.amounts == ()


NUMBERED = """
2022年度项目支出绩效自评评分表
项目名称：教师培训
序号|评价内容|分值|自评得分|评分说明
一|项目决策|10|10|
1|立项规范性|5|5|
2|目标明确性|5|5|
二|项目产出|90|{}|
1|培训场次|60|60|
2|培训人数|30|27|报名不足
合计|<|100|97|
"""


@FORMATS
def test_heads_with_the_points_of_their_group_are_no_indicators(kind: str, tmp_path: Path) -> None:
    records = read_one(NUMBERED.format("87"), kind, tmp_path)
    assert [row.level3 for row in records.indicators] == ["立项规范性", "目标明确性", "培训场次", "培训人数"]
    assert [row.level1_points for row in records.indicators] == [Decimal(10)] * 2 + [Decimal(90)] * 2
    assert [row.value for row in records.amounts if row.label == "项目产出"] == [Decimal(90), Decimal(87)]

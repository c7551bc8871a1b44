"""Heads that say more than one word each: points of every level, parts of a sum, units of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

from parsers.interpret.pairs import inline_pairs
from pipeline.findings import run_checks
from schemas.lexicon import lexicon
from schemas.records import EvaluationRecords

LEVEL_POINTS = """
2022年度部门整体支出绩效自评表
单位名称|青溪县林业局|<|<|<|<|<|<|<
一级指标|权重|二级指标|权重|三级指标|权重|完成情况说明|自评得分|扣分原因
履职效能|60|产出|40|造林面积|25|完成三千亩|25|
^|^|^|^|抚育面积|15|完成二千亩|13|雨季偏长
^|^|效果|20|森林覆盖率|20|有所提高|20|
管理效率|40|预算管理|40|编制质量|40|规范|40|
合计|100||100||100||98|
"""
NAMED_POINTS = """
2023年度项目支出绩效自评表
项目名称|苗圃改造|<|<|<|<|<|<|<
评价指标|<|<|<|<|<|目标值|完成值|自评分
一级指标|<|二级指标|<|三级指标|<|^|^|^
名称|权重|名称|权重|名称|权重|^|^|^
投入|20|资金管理|20|资金使用合规性|20|合规|合规|20
产出|60|数量指标|35|改造苗圃|35|3处|3处|35
^|^|质量指标|25|验收合格率|25|100%|100%|25
效益|20|社会效益|20|供苗能力|20|提高|提高|18
合计|100||100||100|||98
"""
LUMPED_POINTS = """
2023年度项目支出绩效自评表
项目名称|苗圃改造|<|<|<|<|<|<
一级指标|<|二级指标|<|三级指标|指标值|实际完成值|得分
产出|50|数量指标|50|改造苗圃|3处|3处|50
效益|50|社会效益|50|供苗能力|提高|提高|48
"""
PARTS = """
部门整体支出绩效自评表
（2023年度）
部门（单位）名称|青溪县水利局|<|<|<|<|<|<|<|<
年度主要任务|任务名称|全年预算数（万元）|<|<|全年执行数（万元）|<|<|分值|得分
^|^|总额|财政拨款|其他资金|总额|财政拨款|其他资金|^|^
^|河道治理|300|280|20|300|280|20|-|-
^|供水保障|200|200|0|150|150|0|-|-
^|金额合计|500|480|20|450|430|20|10|9
一级指标|二级指标|三级指标|指标值|<|实际完成值|<|<|分值|得分
产出指标|数量指标|整治河段|6公里|<|6公里|<|<|50|50
效益指标|社会效益指标|受益人口|3万人|<|3万人|<|<|40|40
总分|<|<|<|<|<|<|<|100|99
"""
UNITS = """
专项资金绩效自评表
（2021年度）
专项名称|农田整治|<|<|<
资金投入情况||年初预算（亿元）|实际支出（万元）|支出进度
^|合计|1.25|12,250.00|98.00%
^|其中：中央财政资金|0.80|8,000.00|100.00%
^|市财政资金|4500万元|4,250.00|94.44%
一级指标|二级指标|三级指标|指标值|完成值
产出指标|数量指标|整治面积|9万亩|9万亩
"""
SIDE_CELLS = """
2023年度部门整体绩效自评表
部门名称|青溪县商务局|<|<|<|<|<
预算执行情况（万元）|<|年初预算数|全年预算数|全年执行数|分值|得分
部门预算总额|<|860.00|905.50|881.23|10|9.73
资金来源|财政性资金|860.00|900.00|875.73||
^|其他资金|0.00|5.50|5.50||
资金结构|基本支出|520.00|540.00|538.00||
^|项目支出|340.00|365.50|343.23||
自评得分|97.3|<|<|<|<|<
"""
FORMATS = pytest.mark.parametrize("kind", ["tabs", "cells", "docx"])


def points(form: EvaluationRecords) -> list[tuple[object, ...]]:
    return [(i.level1, i.level1_points, i.level2, i.level3, i.points, i.score) for i in form.indicators]


@FORMATS
def test_each_level_has_points_of_its_own(kind: str, tmp_path: Path) -> None:
    form = read_one(LEVEL_POINTS, kind, tmp_path)
    assert points(form) == [
        ("履职效能", 60, "产出", "造林面积", 25, 25),
        ("履职效能", 60, "产出", "抚育面积", 15, 13),
        ("履职效能", 60, "效果", "森林覆盖率", 20, 20),
        ("管理效率", 40, "预算管理", "编制质量", 40, 40),
    ]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 98)
    levels = [(a.label, a.value) for a in form.amounts]
    assert levels == [("产出", 40), ("效果", 20), ("预算管理", 40), ("合计", 100), ("合计", 100)]
    assert [(i.actual_raw, i.deviation) for i in form.indicators][1] == ("完成二千亩", "雨季偏长")


@FORMATS
def test_names_and_points_under_the_heads_of_the_levels(kind: str, tmp_path: Path) -> None:
    form = read_one(NAMED_POINTS, kind, tmp_path)
    assert points(form) == [
        ("投入", 20, "资金管理", "资金使用合规性", 20, 20),
        ("产出", 60, "数量指标", "改造苗圃", 35, 35),
        ("产出", 60, "质量指标", "验收合格率", 25, 25),
        ("效益", 20, "社会效益", "供苗能力", 20, 18),
    ]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 98)


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_points_in_a_second_cell_under_the_head_of_a_level(kind: str, tmp_path: Path) -> None:
    form = read_one(LUMPED_POINTS, kind, tmp_path)
    assert [(i.level1, i.level1_points, i.level2, i.points) for i in form.indicators] == [
        ("产出", 50, "数量指标", None),
        ("效益", 50, "社会效益", None),
    ]


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_parts_of_a_budget_beside_the_whole(kind: str, tmp_path: Path) -> None:
    form = read_one(PARTS, kind, tmp_path)
    assert [(f.annual_budget_wanyuan, f.executed_wanyuan, f.points, f.score) for f in form.funding] == [
        (300, 300, None, None),
        (200, 150, None, None),
        (500, 450, 10, 9),
    ]
    parts = [(a.label, a.measure, a.value) for a in form.amounts if "供水保障" in a.label]
    assert parts == [
        ("供水保障", "全年预算数（万元）/财政拨款", 200),
        ("供水保障", "全年预算数（万元）/其他资金", 0),
        ("供水保障", "全年执行数（万元）/财政拨款", 150),
        ("供水保障", "全年执行数（万元）/其他资金", 0),
    ]


@FORMATS
def test_a_unit_in_a_head_rules_its_column(kind: str, tmp_path: Path) -> None:
    records = read(UNITS, kind, tmp_path)
    assert [(f.initial_budget_wanyuan, f.executed_wanyuan) for f in records.evaluations[0].funding] == [
        (12500, 12250),
        (8000, 8000),
        (4500, 4250),
    ]
    assert not [c.message for c in run_checks(records) if c.severity == "error"]


@FORMATS
def test_vertical_labels_are_no_part_of_a_row_label(kind: str, tmp_path: Path) -> None:
    form = read_one(SIDE_CELLS, kind, tmp_path)
    assert [(f.label, f.executed_wanyuan) for f in form.funding] == [
        ("部门预算总额", Decimal("881.23")),
        ("财政性资金", Decimal("875.73")),
        ("其他资金", Decimal("5.5")),
        ("基本支出", Decimal(538)),
        ("项目支出", Decimal("343.23")),
    ]


@FORMATS
def test_two_numbers_in_one_column_are_never_one(kind: str, tmp_path: Path) -> None:
    fused = (
        UNITS.replace("实际支出（万元）|支出进度", "实际支出（万元）|<")
        .replace("|98.00%", "|98.00")
        .replace("100.00%", "")
    )
    records = read(fused, kind, tmp_path)
    values = [f.executed_wanyuan for one in records.evaluations for f in one.funding]
    assert Decimal("122500098") not in values and all(v is None or v <= 12250 for v in values)
    assert records.document.status == "partial"


@FORMATS
def test_a_budget_word_over_the_labels_names_the_block(kind: str, tmp_path: Path) -> None:
    form = read_one(
        """
部门整体支出绩效自评表
（2023年度）
部门名称|海湾区应急管理局|<|<|<|<|<
预算执行|年度预算数（万元）|年初预算|调整后预算数|预算执行数|预算执行率|得分
^|总额|300.00|280.00|266.00|95.00%|9.5
^|其中：财政资金|300.00|280.00|266.00|95.00%|/
自评得分|95.5|<|<|<|<|<
""",
        kind,
        tmp_path,
    )
    assert [(f.label, f.initial_budget_wanyuan, f.annual_budget_wanyuan) for f in form.funding] == [
        ("总额", 300, 280),
        ("其中：财政资金", 300, 280),
    ]


@FORMATS
def test_goals_headed_by_names_of_the_block(kind: str, tmp_path: Path) -> None:
    form = read_one(
        """
2022年部门预算项目支出绩效自评表
项目名称|卫生院改造|<|<|<|<
基本情况|1.目标完成情况|项目年度目标|<|年度目标完成情况|<
^|^|改造十二所卫生院。|<|已改造十二所。|<
^|2.项目实施内容及过程概述|按计划采购并验收。|<|<|<
一级指标|二级指标|三级指标|目标值|完成值|得分
产出指标|数量指标|改造数量|12所|12所|90
""",
        kind,
        tmp_path,
    )
    assert (form.evaluation.goal_expected, form.evaluation.goal_actual) == ("改造十二所卫生院。", "已改造十二所。")


def test_a_name_shared_by_rows_of_a_spreadsheet_dump(tmp_path: Path) -> None:
    form = read_one(
        """
2022年度项目支出绩效自评表
项目名称|教师培训|<|<|<|<|<
一级指标|二级指标|三级指标|<|目标值|完成值|得分
产出指标|数量指标|培训人数|线上|300人|320人|40
^|^|^|线下|200人|200人|40
效益指标|社会效益指标|教学水平|<|提升|提升|20
""",
        "tabs",
        tmp_path,
    )
    assert [i.level3 for i in form.indicators] == ["培训人数线上", "培训人数线下", "教学水平"]


def test_money_told_in_the_goals_is_read(tmp_path: Path) -> None:
    """The head of a goal is printed twice where a merge was lost."""
    form = read_one(
        """
2023年度项目支出绩效自评表
项目名称|村级经费|实施单位|青禾镇人民政府
年度总体目标|预期目标|预期目标|实际完成情况
年度总体目标|申请资金90万元。其中：60万元用于道路；30万元用于绿化。||完成资金89.5万元，养护道路12公里。
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|养护道路|≥12公里
""",
        "docx",
        tmp_path,
    )
    assert form.evaluation.goal_actual == "完成资金89.5万元，养护道路12公里。"
    told = [(row.value, row.measure, row.role) for row in form.amounts]
    assert told == [(90, None, "total"), (60, None, "part"), (30, None, "part"), (Decimal("89.5"), "executed", None)]


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("填报单位：白石镇水务站 2024年2月6日", [("report_date", "2024年2月6日"), ("unit", "白石镇水务站")]),
        ("填报单位：白石镇水务站　　2024年 2月 6日", [("report_date", "2024年 2月 6日"), ("unit", "白石镇水务站")]),
        ("主管部门：白石县水利局 2023年度", [("department", "白石县水利局")]),
        ("实施单位：2023年项目办", [("unit", "2023年项目办")]),
    ],
)
def test_the_day_or_year_behind_an_office_is_no_part_of_its_name(line: str, pairs: list[tuple[str, str]]) -> None:
    assert [(pair.concept, pair.value) for pair in inline_pairs(line, lexicon())] == pairs


UNKNOWN_LABELS = """
二级项目支出绩效目标表
项目编码：|330101200000000000001|<|项目名称：|河道保洁
经办股室：|水务股|<|主管部门：|青溪县水务局
实施期限：|3|<|项目类型：|经常性
项目单位：|青溪县河道所|<|分配方式：|因素法
一级指标|二级指标|三级指标|指标值|指标解释
产出|数量|保洁河道|12条|按清单计
效益|社会效益|投诉处理|及时|按台账计
"""


def test_a_known_label_behind_an_unknown_one_is_read_and_years_of_a_period_are_no_data(tmp_path: Path) -> None:
    form = read_one(UNKNOWN_LABELS, "docx", tmp_path)
    assert (form.evaluation.department, form.evaluation.unit) == ("青溪县水务局", "青溪县河道所")
    assert form.evaluation.project_name == "河道保洁"


SPENDING = """
2023年度项目支出绩效自评表
项目名称|苗圃改造|<|<
项目资金（万元）|年初预算数|全年执行数|执行率
年度资金总额|60|54|90%
一级指标|三级指标|指标值|实际完成值
产出指标|改造苗圃|3处|3处

支出明细
支出内容|实际支出数|经办人数|备注
购置喷灌设备|41|2|
平整土地|13|4|
"""


def test_money_of_another_table_is_in_the_unit_of_the_funds(tmp_path: Path) -> None:
    amounts = read(SPENDING, "docx", tmp_path).evaluations[0].amounts
    assert [(a.value, a.unit) for a in amounts] == [(41, "wanyuan"), (2, "number"), (13, "wanyuan"), (4, "number")]


SIGNED = """
2023年度项目支出绩效自评表
项目名称|苗圃改造|<|<
项目资金（万元）|年初预算数|全年执行数|执行率
年度资金总额|￥600,000.00|￥540,000.00|90%
一级指标|三级指标|指标值|实际完成值
产出指标|改造苗圃|3处|3处
"""


def test_a_sign_of_yuan_under_a_head_in_another_unit_is_said_and_unsure(tmp_path: Path) -> None:
    records = read(SIGNED, "docx", tmp_path)
    assert "yuan_sign" in {problem.code for problem in records.problems}
    assert max(row.confidence or 0 for row in records.evaluations[0].funding) < 0.8


YEAR_BESIDE_UNIT = """
河道治理专项绩效自评表
（2021年度）|<|<|金额单位：元|<
项目名称|河道清淤|<|<|<
评价类型|□事前 ☑事后|<|自评结论|□优 ☑良 □中
单位名称|（盖章）青溪县水利局|<|项目编码|2021-0417-03
指标|年初预算|调整预算|实际支出|执行率
资金总额|4500000|4300000|3870000|90%
一级指标|二级指标|三级指标|指标值|实际完成值
产出指标|数量指标|清淤长度|≥20公里|21公里
"""
UNIT_IN_A_CELL = """
2021年度项目支出绩效自评表
项目名称|河道清淤|资金单位|元
资金来源|预算数|调整后预算数|执行数
总金额|4500000|4300000|3870000
一级指标|三级指标|指标值|实际完成值
产出指标|清淤长度|≥20公里|21公里
"""


def test_year_and_unit_of_a_form_may_stand_side_by_side_in_its_first_row(tmp_path: Path) -> None:
    form = read_one(YEAR_BESIDE_UNIT, "docx", tmp_path)
    assert (form.evaluation.fiscal_year, form.funding[0].executed_wanyuan) == (2021, Decimal(387))


def test_a_grade_behind_a_label_that_nobody_listed_is_read(tmp_path: Path) -> None:
    assert read_one(YEAR_BESIDE_UNIT, "docx", tmp_path).evaluation.grade == "良"


def test_lines_of_money_may_stand_under_the_head_of_indicators(tmp_path: Path) -> None:
    assert read_one(YEAR_BESIDE_UNIT, "docx", tmp_path).funding[0].label == "资金总额"


def test_the_place_of_a_seal_is_no_part_of_a_name_before_or_behind_it(tmp_path: Path) -> None:
    assert read_one(YEAR_BESIDE_UNIT, "docx", tmp_path).evaluation.unit == "青溪县水利局"


def test_a_code_in_several_parts_is_read_whole(tmp_path: Path) -> None:
    records = read(YEAR_BESIDE_UNIT, "docx", tmp_path)
    assert records.evaluations[0].evaluation.budget_code == "2021-0417-03"
    assert not [problem for problem in records.problems if problem.code == "unread_figure"]


def test_the_unit_of_money_may_stand_beside_its_label(tmp_path: Path) -> None:
    assert read_one(UNIT_IN_A_CELL, "docx", tmp_path).funding[0].executed_wanyuan == Decimal(387)


REASONS_AND_MEASURES = """
2021年度项目支出绩效自评表
项目名称|河道清淤|<|<|<|<
一级指标|三级指标|预期目标|实际完成|未完成原因|整改措施
产出指标|清淤长度|≥20公里|17公里|汛期停工|六月补齐
产出指标|清淤方量|≥3万方|3.1万方|无|
"""


def test_reasons_and_measures_in_two_columns_are_both_kept(tmp_path: Path) -> None:
    form = read_one(REASONS_AND_MEASURES, "docx", tmp_path)
    assert [row.deviation for row in form.indicators] == ["汛期停工；六月补齐", None]
    assert form.indicators[0].target_raw == "≥20公里"


NUMBERED_LABELS = """
2022年度项目支出绩效自评表
1.项目名称|绿地养护|<|2.（一）主管部门|城管局
3.资金（万元）|年初预算|120|调整后预算|110
^|实际支出|108.35|执行率|98.5%
一级指标|三级指标|计划|完成|得分
一、产出指标（50分）|<|<|<|<
数量|养护绿地面积|≥86万平方米|87.2万平方米|50
二、效益指标（40分）|<|<|<|<
社会效益|投诉件数|≤12件|14件|36
"""
WORDS_OF_TWO_LEVELS = """
2020年度整体支出绩效自评表
部门名称|青川县文化馆|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|评分
投入|预算|编制合理性|合理|合理|10
过程|执行|支出进度|≥95%|95.9%|18
"""


def test_labels_of_a_head_may_be_numbered(tmp_path: Path) -> None:
    found = read_one(NUMBERED_LABELS, "docx", tmp_path).evaluation
    assert (found.project_name, found.department) == ("绿地养护", "城管局")


def test_a_sum_may_go_on_in_the_next_row_of_labels_and_values(tmp_path: Path) -> None:
    (row,) = read_one(NUMBERED_LABELS, "docx", tmp_path).funding
    assert (row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan) == (
        120,
        110,
        Decimal("108.35"),
    )
    assert row.execution_rate_pct == Decimal("98.5")


def test_names_of_level_two_below_a_section_are_of_level_two(tmp_path: Path) -> None:
    rows = read_one(NUMBERED_LABELS, "docx", tmp_path).indicators
    assert [(row.level1, row.level2) for row in rows] == [("产出指标", "数量"), ("效益指标", "社会效益")]


def test_labels_under_two_labels_of_the_level_above_are_never_made_one(tmp_path: Path) -> None:
    rows = read_one(WORDS_OF_TWO_LEVELS, "docx", tmp_path).indicators
    assert [row.level2 for row in rows] == ["预算", "执行"]


@pytest.mark.parametrize("name", ["219001-青溪镇人民政府", "[314002]青溪镇人民政府", "219001青溪镇人民政府"])
def test_the_code_before_the_name_of_an_office_is_no_part_of_it(name: str, tmp_path: Path) -> None:
    form = LEVEL_POINTS.replace("青溪县林业局", name)
    assert read_one(form, "tabs", tmp_path).evaluation.unit == "青溪镇人民政府"


def test_a_number_that_an_office_is_called_by_stays(tmp_path: Path) -> None:
    form = LEVEL_POINTS.replace("青溪县林业局", "120急救中心")
    assert read_one(form, "tabs", tmp_path).evaluation.unit == "120急救中心"


def test_a_form_without_a_head_is_that_of_the_office_and_project_of_its_title(tmp_path: Path) -> None:
    form = NAMED_POINTS.replace("2023年度项目支出绩效自评表", "青溪县林业局2023年度苗圃改造项目绩效自评表")
    form = form.replace("项目名称|苗圃改造|<|<|<|<|<|<|<\n", "")
    evaluation = read_one(form, "tabs", tmp_path).evaluation
    assert (evaluation.unit, evaluation.project_name, evaluation.kind) == ("青溪县林业局", "苗圃改造项目", "project")

"""Heads, labels and totals of one short word, which say what they do by what stands beside them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from form_build import read, read_one

SHORT = """
2020年项目自评表
项目名称|农村厕所改造|单位|万元
预算|300|支出|285
执行率|95%|结余|15
指标|目标|完成|得分
改厕户数|2000户|1960户|29.4
农户满意度|≥90%|94%|30
得分|||59.4
"""
NAMES_OF_TWO_LEVELS = """
2023年度项目支出绩效自评表
项目名称|河道保洁|<|<|<|<
项目资金（万元）|资金性质|年初批复金额|年中调整后金额|累计支出金额|支出进度
^|小计|560|548|531.56|97%
^|本级财政|400|388|371.56|95.76%
^|转移支付|160|160|160|100%
指标类型|指标内容及名称|<|计划完成|实际完成|得分
产出|数量|保洁河道长度|≥128千米|131千米|20
效益|社会|投诉处理率|100%|100%|40
合计|<|<|<|<|60
"""


def test_labels_of_one_word_with_their_money_are_one_line(tmp_path: Path) -> None:
    (row,) = read_one(SHORT, "docx", tmp_path).funding
    assert (row.annual_budget_wanyuan, row.executed_wanyuan, row.execution_rate_pct) == (300, 285, 95)


def test_what_was_done_stands_beside_what_was_to_be_done(tmp_path: Path) -> None:
    rows = read_one(SHORT, "docx", tmp_path).indicators
    assert [(row.level3, row.actual_raw) for row in rows] == [("改厕户数", "1960户"), ("农户满意度", "94%")]


def test_a_score_alone_below_the_indicators_is_the_total(tmp_path: Path) -> None:
    assert read_one(SHORT, "docx", tmp_path).evaluation.total_score == Decimal("59.4")


def test_a_head_over_names_of_two_levels_parts_them(tmp_path: Path) -> None:
    rows = read_one(NAMES_OF_TWO_LEVELS, "docx", tmp_path).indicators
    assert [(row.level1, row.level2, row.level3) for row in rows] == [
        ("产出", "数量", "保洁河道长度"),
        ("效益", "社会", "投诉处理率"),
    ]


def test_a_subtotal_above_all_others_is_their_whole(tmp_path: Path) -> None:
    rows = read_one(NAMES_OF_TWO_LEVELS, "docx", tmp_path).funding
    assert [row.source for row in rows] == ["total", "local", "other"]


GROUPS_BY_SCORE = """
乡镇项目支出绩效自评表（2023）
项目名称|病虫害防治|<|<
预算执行|年初预算96万元，调整后预算92万元，实际支出88.6万元|<|<
指标|目标|实绩|自评分
（一）产出指标|||50
1.防治面积|≥45万亩|46.2万亩|25
2.物资合格率|100%|100%|25
（二）效益指标|||40
1.挽回损失|≥1.8万吨|1.92万吨|40
"""


def test_heads_of_groups_are_told_by_their_scores_where_no_points_are_printed(tmp_path: Path) -> None:
    rows = read_one(GROUPS_BY_SCORE, "docx", tmp_path).indicators
    assert [(row.level1, row.level3) for row in rows] == [
        ("产出指标", "1.防治面积"),
        ("产出指标", "2.物资合格率"),
        ("效益指标", "1.挽回损失"),
    ]


def test_a_title_may_end_with_its_year_alone(tmp_path: Path) -> None:
    assert read_one(GROUPS_BY_SCORE, "docx", tmp_path).evaluation.fiscal_year == 2023


def test_amounts_told_in_a_cell_beside_the_name_of_the_block_are_read(tmp_path: Path) -> None:
    told = {(one.measure, one.value) for one in read_one(GROUPS_BY_SCORE, "docx", tmp_path).amounts}
    assert {("initial_budget", 96), ("annual_budget", 92), ("executed", Decimal("88.6"))} <= told


LIST_OF_PROJECTS = """
2021年项目绩效自评得分情况
序号|项目单位|项目名称|年初预算（万元）|实际支出（万元）|自评得分
1|甲局|信访维稳|50|49.2|97
2|乙局|档案整理|20|18|92
"""


def test_scores_in_a_list_beside_money_are_no_money_and_its_numbers_no_figures(tmp_path: Path) -> None:
    records = read(LIST_OF_PROJECTS, "docx", tmp_path)
    amounts = [*records.amounts, *(one for part in records.evaluations for one in part.amounts)]
    told = {(one.measure, one.unit) for one in amounts}
    assert told == {("年初预算（万元）", "wanyuan"), ("实际支出（万元）", "wanyuan"), ("自评得分", "number")}

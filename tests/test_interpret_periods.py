"""Columns of another period than the year, of another person's score, and heads that only two rows together name."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

from schemas.units import stated_money_unit

HEAD = """
2023年度项目支出绩效自评表
项目名称|街面保洁|<|<|<|<|<|<
实施单位|河湾区环卫所|<|<|<|<|<|<
"""


@pytest.mark.parametrize(
    ("first", "second"),
    [("1-6月", "7-12月"), ("上半年", "下半年"), ("第一季度", "二、三、四季度"), ("上年", "截至6月")],
)
def test_what_a_part_of_the_year_saw_is_not_the_years(first: str, second: str, tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
资金来源（万元）|全年预算数|{first}执行数|{second}执行数|全年执行数|执行率|分值|得分
年度资金总额|300|120|150|270|90%|10|9
一级指标|二级指标|三级指标|年度指标值|{first}完成值|全年完成值|分值|得分
产出指标|数量指标|清运垃圾|≥9吨|4.6吨|9.3吨|50|50
效益指标|社会效益指标|投诉下降|≥10%|6%|8.5%|40|38
"""
    found = read(form, "docx", tmp_path)
    funding, rows = found.evaluations[0].funding[0], found.evaluations[0].indicators
    assert (funding.annual_budget_wanyuan, funding.executed_wanyuan) == (300, 270)
    assert [row.actual_raw for row in rows] == ["9.3吨", "8.5%"]
    assert found.document.figures_unread == 0


def test_the_total_of_another_persons_score_is_not_the_total(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
绩效指标|<|年度目标|实际完成|自评分|复评分|佐证材料|<
清运垃圾|<|≥9吨|9.3吨|60|60|台账|<
投诉下降|<|≥10%|8.5%|38|37|台账|<
合计|<|||98|97||<
"""
    assert read(form, "docx", tmp_path).evaluations[0].evaluation.total_score == 98


def test_words_over_several_heads_belong_to_them(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|<|街面保洁|<|<|<|<|<|<|<
指标体系|<|<|计划|<|<|实际|<|评分|<
一级|二级|三级|符号|数值|单位|数值|单位|分值|得分
产出指标|数量指标|清运垃圾|≥|9|吨|9.3|吨|50|50
效益指标|社会效益指标|投诉下降|≥|10|%|8.5|%|40|38
"""
    rows = read_one(form, "docx", tmp_path).indicators
    assert [(row.target_raw, row.actual_raw, row.points, row.score) for row in rows] == [
        ("≥9吨", "9.3吨", 50, 50),
        ("≥10%", "8.5%", 40, 38),
    ]


def test_a_value_that_looks_like_a_head_makes_no_heads(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
一级指标|二级指标|三级指标|<|年度指标值|实际完成值|分值|得分
产出指标|数量指标|处理能力|<|3万吨|3万吨|50|50
效益指标|生态效益指标|出水水质|<|一级A|一级A|40|40
"""
    rows = read_one(form, "docx", tmp_path).indicators
    assert [(row.level3, row.target_raw, row.score) for row in rows] == [
        ("处理能力", "3万吨", 50),
        ("出水水质", "一级A", 40),
    ]


def test_a_head_nobody_listed_left_of_the_names_heads_level_1_where_its_words_reach_over_rows(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
重点工作事项|绩效指标|<|目标值|完成值|<|分值|得分
街面清扫|清扫面积|<|≥9万平方米|9.3万平方米|<|50|50
^|投诉下降|<|≥10%|8.5%|<|40|38
垃圾清运|清运及时率|<|100%|100%|<|10|10
"""
    rows = read(form, "docx", tmp_path).evaluations[0].indicators
    assert [(row.level1, row.level3) for row in rows] == [
        ("街面清扫", "清扫面积"),
        ("街面清扫", "投诉下降"),
        ("垃圾清运", "清运及时率"),
    ]


def test_the_direction_of_an_indicator_is_no_part_of_its_target(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|<|街面保洁|<|<|<|<|<|<
序号|一级指标|三级指标|指标方向|计量单位|上年完成值|本年目标值|本年完成值|得分
1|产出指标|办理时限|反向|天|3|3|2|20
2|^|办结件数|正向|件|46|45|47|20
3|效益指标|投诉|反向|件|3|3|1|20
"""
    found = read(form, "docx", tmp_path)
    rows = found.evaluations[0].indicators
    assert [(row.target_raw, row.actual_raw) for row in rows] == [("3天", "2"), ("45件", "47"), ("3件", "1")]
    assert found.document.figures_unread == 0


def test_labels_stand_under_a_head_between_the_name_of_the_block_and_its_money(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
年度预算（万元）|支出分类|预算数|<|执行数|执行率|分值|得分
^|基本支出|352.18|<|350.02|99.39%||
^|项目支出|186.4|<|171.49|92%||
^|合计|538.58|<|521.51|96.83%|10|9.68
一级指标|二级指标|三级指标|<|目标值|完成值|分值|得分
产出指标|数量指标|清运垃圾|<|≥9吨|9.3吨|50|50
"""
    rows = read(form, "docx", tmp_path).evaluations[0].funding
    assert [(row.label, row.annual_budget_wanyuan) for row in rows] == [
        ("基本支出", Decimal("352.18")),
        ("项目支出", Decimal("186.4")),
        ("合计", Decimal("538.58")),
    ]


def test_brackets_of_vertical_text_hold_the_unit() -> None:
    unit = stated_money_unit("项\n目\n资\n金\n︵\n万\n元\n︶")
    assert unit is not None and unit.raw == "万元"


def test_the_target_of_the_whole_project_is_not_the_years(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
一级指标|二级指标|三级指标|中期指标值|年度指标值|实际完成值|分值|得分
产出指标|数量指标|改造站房|≥24处|≥8处|8处|50|50
效益指标|社会效益指标|投诉下降|≥30%|≥10%|11%|40|38
"""
    found = read(form, "docx", tmp_path)
    assert [row.target_raw for row in found.evaluations[0].indicators] == ["≥8处", "≥10%"]
    assert found.document.figures_unread == 0


def test_a_target_that_was_adjusted_keeps_the_first_one_among_the_amounts(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
一级指标|二级指标|三级指标|年初目标值|调整目标值|实际完成值|分值|得分
产出指标|数量指标|清运垃圾|≥300吨|≥360吨|372吨|50|50
效益指标|社会效益指标|投诉下降|≥10%||11%|40|38
"""
    found = read(form, "docx", tmp_path)
    assert [row.target_raw for row in found.evaluations[0].indicators] == ["≥360吨", "≥10%"]
    assert found.document.figures_unread == 0


def test_a_numbered_row_alone_names_the_rows_below_where_others_do(tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
指标名称|<|目标值|完成值|<|分值|得分|备注
一、产出指标|<|<|<|<|<|<|<
清运垃圾|<|≥9吨|9.3吨|<|60|60|
二、资金支付进度|<|<|<|<|<|<|<
支付比例|<|100%|98%|<|40|39|
"""
    rows = read_one(form, "docx", tmp_path).indicators
    assert [(row.level1, row.level3) for row in rows] == [("产出指标", "清运垃圾"), ("资金支付进度", "支付比例")]


def test_a_form_with_the_review_beside_it_is_the_units_own(tmp_path: Path) -> None:
    form = """
2023年度重点项目绩效自评及复核表
项目名称|<|街面保洁|<|<|<|<
一级指标|三级指标|目标值|完成值|分值|自评得分|复核得分
产出指标|清运垃圾|≥9吨|9.3吨|60|60|58
效益指标|投诉下降|≥10%|8.5%|40|38|37
合计|<|<|<|100|98|95
"""
    evaluation = read_one(form, "docx", tmp_path).evaluation
    assert (evaluation.total_points, evaluation.total_score) == (100, 98)
    reviewed = read(form.replace("自评及复核表", "自评复核表"), "docx", tmp_path)
    assert not reviewed.evaluations


def test_pairs_of_money_go_on_in_the_row_below_and_a_lone_number_of_the_total_is_the_score(tmp_path: Path) -> None:
    form = """
小额专项资金绩效自评表（2021年度）
项目名称|街面保洁|<|<
预算金额|12.5万元|实际支出|11.875万元
执行率|95%|结余金额|0.625万元
绩效指标|目标值|完成值|自评分
清运垃圾|≥9吨|9.3吨|60
投诉下降|≥10%|8.5%|38
自评总分|98|自评等级|优
"""
    found = read_one(form, "docx", tmp_path)
    (funding,) = found.funding
    assert (funding.annual_budget_wanyuan, funding.executed_wanyuan) == (Decimal("12.5"), Decimal("11.875"))
    assert funding.execution_rate_pct == 95
    assert (found.evaluation.total_score, found.evaluation.grade) == (98, "优")

"""Rows whose cells moved, heads that were lost, pages that are missing: read right, or said (错位与缺失)."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_build import read

from schemas.records import DocumentRecords

HEAD = """
2023年度项目支出绩效自评表
项目名称|街面保洁|<|<|<|<|<|<
实施单位|河湾区环卫所|<|<|<|<|<|<
"""
RELATIONS = """
一级指标|三级指标|指标性质|指标值|度量单位|完成值|分值|得分
产出指标|清运垃圾|{row}
效益指标|投诉下降|≥|10|%|11|40|40
合计|<|||||100|100
"""


def codes(records: DocumentRecords) -> set[str]:
    return {problem.code for problem in records.problems}


def test_a_figure_where_the_relation_stands_is_said(tmp_path: Path) -> None:
    whole = read(HEAD.rstrip() + RELATIONS.format(row="≥|9|吨|9.3|60|60"), "docx", tmp_path)
    assert whole.document.status == "ok"
    moved = read(HEAD.rstrip() + RELATIONS.format(row="9|≥|9.3|吨|60|60"), "docx", tmp_path)
    assert "uncertain_columns" in codes(moved)


def test_a_label_of_money_twice_side_by_side_is_said(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|<|街面保洁|<|<|<|<|<
预算数|36.84|到位数|36.84|执行数|30.12|执行率(%)|81.76
其中：财政资金|36.84|其中：财政资金|36.84|{row}
"""
    whole = read(form.format(row="其中：财政资金|30.12||"), "docx", tmp_path)
    assert "uncertain_columns" not in codes(whole)
    doubled = read(form.format(row="其中：财政资金|其中：财政资金|30.12|"), "docx", tmp_path)
    assert "uncertain_columns" in codes(doubled)


def test_a_column_under_a_wide_head_that_lost_its_own_is_a_part(tmp_path: Path) -> None:
    form = """
2023年度部门整体支出绩效自评表
部门名称|河湾区环卫局|<|<|<|<|<|<|<
任务名称|全年预算数（万元）|<|<|全年执行数（万元）|<|<|分值|得分
^|总额|财政拨款||总额|财政拨款|其他资金|^|^
任务1|820|800|20|810|800|10|—|—
金额合计|820|800|20|810|800|10|10|9.88
"""
    rows = read(form, "docx", tmp_path).evaluations[0].funding
    assert [(row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan) for row in rows] == [
        (None, 820, 810),
        (None, 820, 810),
    ]


@pytest.mark.parametrize("tail", ["填报人|陈某|<|<|填报日期|2024-03-01|<|<", "评价结论|优|<|<|<|<|<|<"])
def test_points_that_make_no_whole_are_said_although_the_tail_of_the_form_stands(tail: str, tmp_path: Path) -> None:
    form = f"""{HEAD.rstrip()}
资金来源（万元）|全年预算数|全年执行数|执行率|<|分值|得分|备注
资金总额|300|270|90%|<|10|9|
一级指标|二级指标|三级指标|<|指标值|完成值|分值|得分
产出指标|数量指标|清运垃圾|<|≥9吨|9.3吨|22.5|22.5
{tail}
"""
    assert "form_cut_off" in codes(read(form, "docx", tmp_path))


ROWS = """
一级指标|三级指标|目标值|完成值|分值|得分|复核得分|复核意见
产出指标|清运垃圾|≥9吨|9.3吨|20|20|20|
^|清扫面积|≥3公顷|3.2公顷|30|30|30|
{row}
满意度指标|居民满意度|≥90%|93%|10|10|10|
"""
WHOLE = "效益指标|投诉下降|≥10%|8.5%|40|38|37|降幅未达"


@pytest.mark.parametrize(
    "row",
    [
        "效益指标|投诉下降|≥10%|8.5%|38||37|降幅未达",  # the points are gone
        "效益指标|投诉下降||≥10%|8.5|40|38|37",  # a blank came in
        "效益指标|≥10%|8.5%|40|38|37|降幅未达|",  # the name is gone
    ],
)
def test_the_only_row_that_differs_in_what_it_leaves_open_is_said(row: str, tmp_path: Path) -> None:
    whole = read(HEAD.rstrip() + ROWS.format(row=WHOLE), "docx", tmp_path)
    assert "uncertain_columns" not in codes(whole)
    assert "uncertain_columns" in codes(read(HEAD.rstrip() + ROWS.format(row=row), "docx", tmp_path))


def test_a_dash_for_a_score_is_no_blank(tmp_path: Path) -> None:
    dashed = WHOLE.replace("|38|37|", "|—|—|")
    assert "uncertain_columns" not in codes(read(HEAD.rstrip() + ROWS.format(row=dashed), "docx", tmp_path))

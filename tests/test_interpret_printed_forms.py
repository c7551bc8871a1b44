"""Forms as offices print them: heads nobody listed, sample rows, blocks named like their figures (实印表式)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read_one

FORMATS = pytest.mark.parametrize("kind", ["tabs", "cells", "docx"])
HEADS_BELOW = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<|<
一级指标|二级指标|三级指标|绩效指标值|<|实际完成值|分值|得分
^|^|^|{first}|{second}|^|^|^
产出指标|数量指标|改造站点|≥|14处|15处|60|60
效益指标|社会效益指标|预报合格率|≥|92%|93%|40|38
总分|<|<|<|<|<|100|98
"""
SKELETON = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|指标1：改造站点|≥14处|15处|60|60
效益指标|生态效益指标|指标1：{none}|{none}|||
^|社会效益指标|指标1：预报合格率|≥92%|93%|40|38
总分|<|<|<|<|100|98
"""
BLOCK_OF_FIGURES = """
项目支出绩效自评表
项目名称|水文站网改造|<|项目单位|<|青浦河水文站|<
预算资金（万元）|<|{budget}|<|实际支出（万元）|<|{executed}
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|改造站点|≥14处|15处|60|60
效益指标|社会效益指标|预报合格率|≥92%|93%|40|38
总分|<|<|<|<|100|98
"""
GUIDANCE = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<|<|<
预算执行情况（10分）|项目（万元）|年初预算数|全年预算数|全年执行数|执行率|分值|得分|原因
^|总额|30|30|30|100.00%|10|10|未达到90%的须说明（100字以内）；30日内报送。
^|其他资金|||||/|/|^
绩效指标（90分）|一级指标|二级指标|三级指标|指标值|完成值|分值|得分|原因
^|产出指标|数量指标|改造站点|≥14处|15处|50|50|
^|效益指标|社会效益指标|预报合格率|≥92%|93%|40|38|
总分|<|<|<|<|<|100|98|
"""
PART_HEADS = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<|<|<
项目资金（万元）|项目|年初预算数|<|全年执行数|<|执行率|分值|得分
^|^|合计|财政拨款|合计|财政拨款|^|^|^
^|项目资金|500|450|498|449|99.60%|10|9.96
绩效指标|一级指标|二级指标|三级指标|<|指标值|完成值|分值|得分
^|产出指标|数量指标|改造站点|<|≥14处|15处|50|50
^|效益指标|社会效益指标|预报合格率|<|≥92%|93%|40|38
总分|<|<|<|<|<|<|100|97.96
"""
TWO_GOALS = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<
年度绩效目标|<|改造水文站点14处以上。|<|<|完成15处改造。|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|改造站点|≥14处|15处|60|60
效益指标|社会效益指标|预报合格率|≥92%|93%|40|38
总分|<|<|<|<|100|98
"""


@pytest.mark.parametrize(("first", "second"), [("运算符号", "数值及单位"), ("符号", "数量"), ("性质", "具体数值")])
def test_words_below_heads_that_reach_over_two_rows_are_heads(first: str, second: str, tmp_path: Path) -> None:
    form = read_one(HEADS_BELOW.format(first=first, second=second), "docx", tmp_path)
    assert [(i.level3, i.target_raw, i.actual_raw) for i in form.indicators] == [
        ("改造站点", "≥14处", "15处"),
        ("预报合格率", "≥92%", "93%"),
    ]


@FORMATS
@pytest.mark.parametrize("none", ["/", "—", "无"])
def test_a_numbered_sample_with_a_stroke_is_no_indicator(kind: str, none: str, tmp_path: Path) -> None:
    form = read_one(SKELETON.format(none=none), kind, tmp_path)
    assert [i.level3 for i in form.indicators] == ["指标1：改造站点", "指标1：预报合格率"]


@FORMATS
@pytest.mark.parametrize(("budget", "executed"), [("5.00", "4.96"), ("1,250", "1,250"), ("0.8", "0.65")])
def test_the_name_of_a_block_beside_a_figure_is_its_label(
    kind: str, budget: str, executed: str, tmp_path: Path
) -> None:
    (row,) = read_one(BLOCK_OF_FIGURES.format(budget=budget, executed=executed), kind, tmp_path).funding
    plain = [Decimal(text.replace(",", "")) for text in (budget, executed)]
    assert [row.annual_budget_wanyuan, row.executed_wanyuan] == plain


def test_figures_in_words_that_span_rows_take_none_from_the_rows_themselves(tmp_path: Path) -> None:
    form = read_one(GUIDANCE, "docx", tmp_path)
    assert [(f.points, f.execution_rate_pct, f.score) for f in form.funding] == [(10, 100, 10)]


def test_a_line_that_has_only_the_name_of_the_block_goes_by_it(tmp_path: Path) -> None:
    (row,) = read_one(PART_HEADS, "docx", tmp_path).funding
    assert (row.label, row.initial_budget_wanyuan, row.executed_wanyuan, row.score) == (
        "项目资金",
        500,
        498,
        Decimal("9.96"),
    )


@FORMATS
def test_two_texts_beside_the_goal_are_the_goal_and_what_became_of_it(kind: str, tmp_path: Path) -> None:
    evaluation = read_one(TWO_GOALS, kind, tmp_path).evaluation
    assert (evaluation.goal_expected, evaluation.goal_actual) == ("改造水文站点14处以上。", "完成15处改造。")

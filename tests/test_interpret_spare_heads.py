"""Spare heads: the name of a block over labels or levels, 项目 alone, goals headed by one word (简略的表头)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read_one

FORM = """
2023年度项目支出绩效自评表
项目|茶园道路养护|预算单位|松岭县农业农村局|<|<|<
年度预算资金（万元）|预算数|<|执行数|<|执行率|<
其中：基本支出|30|<|30|<|100%|<
项目支出|52.5|<|50|<|95.24%|<
合计|82.5|<|80|<|96.97%|<
年度目标|预期|<|<|完成|<|<
^|养护茶园道路36公里|<|<|养护35公里|<|<
绩效指标|指标名称|指标值|完成值|分值|得分|备注
数量|养护里程|36公里|35公里|50|48.6|
满意度|茶农满意度|≥90%|92%|50|50|
"""


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_heads_of_one_word_are_understood_beside_others(kind: str, tmp_path: Path) -> None:
    read = read_one(FORM, kind, tmp_path)
    form = read.evaluation
    assert (form.project_name, form.unit) == ("茶园道路养护", "松岭县农业农村局")
    assert (form.goal_expected, form.goal_actual) == ("养护茶园道路36公里", "养护35公里")
    assert [(row.label, row.role, row.annual_budget_wanyuan) for row in read.funding] == [
        ("其中：基本支出", "component", Decimal(30)),
        ("项目支出", "component", Decimal("52.5")),
        ("合计", "total", Decimal("82.5")),
    ]
    assert [(row.level2, row.level3) for row in read.indicators] == [("数量", "养护里程"), ("满意度", "茶农满意度")]


ANNEX = """
附件2：项目支出绩效自评表
填报单位：松岭县农业农村局|<|2023年|单位：万元|<
项目名称|茶园道路养护|<|<|<
年度目标|完成情况|<|<|<
养护36公里|养护35公里|<|<|<
一级指标|三级指标|年度指标值|年终实际|得分
产出指标|养护里程|36公里|35公里|58.3
满意度指标|茶农满意度|≥90%|92%|40
总分|98.3|<|<|<
偏差大或目标未完成原因分析|雨季较长|<|<|<
"""


def test_an_annex_and_a_year_between_labels_belong_to_the_form(tmp_path: Path) -> None:
    read = read_one(ANNEX, "docx", tmp_path)
    form = read.evaluation
    assert (form.title, form.fiscal_year, form.goal_actual) == ("项目支出绩效自评表", 2023, "养护35公里")
    assert [row.actual_raw for row in read.indicators] == ["35公里", "92%"]


SUMS = """
2022年项目支出绩效自评表
项目名称|学校午餐配送|<|<|<
年度总金额（万元）|420|其中财政资金|400|
实际支出|410.5|其中财政资金|390.5|
指标|指标值|完成值|分值|得分
数量指标：供餐学校|32所|32所|100|100
合计|||100|100
"""


def test_the_unit_in_one_label_holds_for_the_money_behind_it(tmp_path: Path) -> None:
    read = read_one(SUMS, "docx", tmp_path)
    assert {(amount.value, amount.unit) for amount in read.amounts} == {
        (Decimal(value), "wanyuan") for value in ("420", "400", "410.5", "390.5")
    }

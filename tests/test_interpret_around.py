"""Self-evaluations inside the budget or the accounts that carry them."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_build import read


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_a_budget_around_a_form_is_no_part_of_it(kind: str, tmp_path: Path) -> None:
    budget = """某县水务局2023年部门预算公开
2023年部门收支预算总表
收入 | 金额（万元）
财政拨款收入 | 900
其他收入 | 100
收入总计 | 900
支出预算900万元，其中：基本支出500万元，项目支出400万元，均为一般公共预算，未安排政府性基金支出。"""
    form = """项目支出绩效自评表
（2023年度）
项目名称 | 河道清淤项目 | < | < | < | <
项目资金（万元） | 项目 | 全年预算数 | 全年执行数 | 分值 | 得分
^ | 年度资金总额 | 50.00 | 50.00 | 10 | 10
一级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
产出指标 | 清淤长度 | ≥5公里 | 5公里 | 90 | 90"""
    found = read(f"{budget}\n{form}", kind, tmp_path)
    assert len(found.evaluations) == 1
    assert found.evaluations[0].amounts == ()
    assert "支出预算" in {amount.label for amount in found.amounts}


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_a_table_of_the_budget_ends_a_report_put_into_it(kind: str, tmp_path: Path) -> None:
    report = """浦溪县2023年度农村公路养护项目绩效自评报告
一、项目资金情况
2023年全年预算160万元，实际支出152万元，预算执行率95%，资金全部用于农村公路的日常养护与小修，全年没有发生挤占、挪用资金的情况。
二、自评结论
项目自评得分95分，等级为优。
2023年部门支出预算总表
项目 | 合计 | 基本支出 | 项目支出
行政运行 | 900 | 500 | 300"""
    found = read(report, kind, tmp_path)
    assert [amount.origin for amount in found.evaluations[0].amounts] == ["prose"] * 4
    assert {amount.evaluation_id for amount in found.amounts} == {None}

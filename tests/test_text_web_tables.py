"""Tables as the text of web pages gives them: cells on indented lines, forms inside a cell, heads that are missing."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.extract import extract
from schemas.records import DocumentRecords

INDENTED = """松林县文化馆2022年免费开放项目绩效自评表
项目名称
        | 文化馆免费开放
        | 实施单位
        | 松林县文化馆
资金
    （万元）
        | 年初预算数
        | 全年执行数
        | 执行率
        | 得分
年度资金总额
        | 20
        | 18.5
        | 92.5%
        | 9.25
绩效
    指标
        | 一级指标
        | 二级指标
        | 三级指标
        | 年度指标值
        | 实际完成值
        | 分值
        | 得分
产出指标
        | 数量指标
        | 举办展览
        | ≥5场
        | 6场
        | 30
        | 30
        | |
成本指标
        | 成本
        | 20万元
        | 18.5万元
        | 20
        | 20
        | |
效益指标
        | 社会效益指标
        | 参观
          人次
        | ≥3000人次
        | 3210人次
        | 40
        | 40
        | |
"""
SUMMARY = """索引号 | 113417/202504-00006 | 组配分类 | 部门项目 |
发布机构 | 松林市农业农村局 | 发文日期 | 2025-04-15 11:58 |
信息名称 | 粮油增产补助绩效目标自评表 | 内容概述 | 松林市转移支付绩效目标自评表（2024年度）转移支付（项目）名称\
粮油增产补助中央主管部门农业农村部地方主管部门松林省农业农村厅资金使用单位松林市农业农村局资金投入情况（万元）全年预算数（A）\
全年执行数（B）预算执行率（B/A×100%）年度资金总额：1484631.00%其中：中央财政资金10200%地方资金4646100%\
其他资金资金管理情况情况说明分配科学性分配科学合理 |
松林市转移支付绩效目标自评表 | |||||||
转移支付（项目）名称 | 粮油增产补助 | ||||||
"""
DESCRIBED = """松林县民政局2020年度预算项目绩效自评表
一、基本情况 项目名称: 高龄老人津贴 是否为专项资金: 实施(主管)单位 314002-松林县民政局 金额单位: 万元
二、预算执行情况 预算安排情况(调整后) 资金到位情况 资金执行情况 预算执行进度(%)
预算数 6.84 到位数 6.84 执行数 6.84 100.00
四、年度绩效指标完成情况 一级指标 二级指标 三级指标 指标分值 预期指标值 单项指标实际完成值 单项指标完成情况 自评得分
符号 值 单位(文字描述) 单项指标得分 权重占比(%) 单项指标折算得分
产出指标 质量指标 申报对象覆盖率 享受政策人数占申报对象总数的比例 >= 98 %(百分比) 100% 完成 25.00 25.00 6.25
时效指标 完成率 按照要求每月及时完成审批的比例 >= 99 %(百分比) 100% 完成 25.00 25.00 6.25
效果指标 社会效益指标 补贴发放率 高龄补贴发放完成的比例 >= 75 %(百分比) 100% 完成 30.00 30.00 9.00
"""


def read(folder: Path, text: str) -> DocumentRecords:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(text))


def test_rows_whose_cells_stand_on_indented_lines_are_rows(tmp_path: Path) -> None:
    (form,) = read(tmp_path, INDENTED).evaluations
    assert (form.evaluation.project_name, form.evaluation.unit) == ("文化馆免费开放", "松林县文化馆")
    (total,) = form.funding
    assert (total.initial_budget_wanyuan, total.executed_wanyuan) == (Decimal(20), Decimal("18.5"))
    found = [(one.level2, one.level3, one.target_raw, one.actual_raw, one.score) for one in form.indicators]
    assert found == [
        ("数量指标", "举办展览", "≥5场", "6场", Decimal(30)),
        ("成本指标", "成本", "20万元", "18.5万元", Decimal(20)),
        ("社会效益指标", "参观人次", "≥3000人次", "3210人次", Decimal(40)),
    ]


def test_a_form_glued_into_one_cell_of_a_pages_head_is_read_where_its_table_is_cut_off(tmp_path: Path) -> None:
    found = read(tmp_path, SUMMARY)
    (form,) = found.evaluations
    assert found.document.status == "partial"
    assert (form.evaluation.project_name, form.evaluation.fiscal_year) == ("粮油增产补助", 2024)
    lines = [(row.annual_budget_wanyuan, row.executed_wanyuan, row.execution_rate_pct) for row in form.funding]
    assert lines == [(148, 46, 31), (102, 0, 0), (46, 46, 100)]


def test_a_form_glued_into_a_cell_is_left_alone_where_the_table_itself_follows(tmp_path: Path) -> None:
    heads = "一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 |\n"
    table = heads + "产出指标 | 数量指标 | 推广面积 | 3万亩 | 3.1万亩 |\n"
    found = read(tmp_path, SUMMARY + table)
    assert [len(one.indicators) for one in found.evaluations] == [1]


def test_a_text_behind_every_name_that_no_head_names_is_no_part_of_the_name(tmp_path: Path) -> None:
    (form,) = read(tmp_path, DESCRIBED).evaluations
    assert (form.evaluation.unit, form.evaluation.project_name) == ("松林县民政局", "高龄老人津贴")
    assert [(one.level3, one.actual_raw, one.score) for one in form.indicators] == [
        ("申报对象覆盖率", "100%", 25),
        ("完成率", "100%", 25),
        ("补贴发放率", "100%", 30),
    ]


@pytest.mark.parametrize("figures", ["14463.00%", "2020", "1484699.00%"])
def test_glued_funds_that_nothing_bears_out_are_never_read_in_part(tmp_path: Path, figures: str) -> None:
    found = read(tmp_path, SUMMARY.replace("1484631.00%", figures))
    rows = [row for one in found.evaluations for row in one.funding if row.label.startswith("年度资金总额")]
    printed = [(row.annual_budget_wanyuan, row.executed_wanyuan, row.execution_rate_pct) for row in rows]
    assert printed in ([], [(20, 20, None)])


def test_a_ledger_that_would_hold_more_than_all_funds_is_not_in_their_unit(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "2020年度农村公路养护项目绩效自评表\n"
        "项目名称\t农村公路养护\n"
        "资金（万元）\t年初预算数\t全年预算数\t全年执行数\n"
        "年度资金总额\t70\t70\t70\n"
        "支出内容\t实际支出数\t会计凭证号\n"
        "劳务费\t350,000.00\t记账9号\n"
        "修缮费\t350,000.00\t记账12号\n",
    )
    ledger = [one for row in found.evaluations for one in row.amounts if one.measure == "实际支出数"]
    assert [(one.value, one.unit) for one in ledger] == [(350_000, "number")] * 2


def test_figures_on_the_line_below_the_name_of_their_indicator_are_its_own(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "项目支出绩效自评表 |\n"
        "项目名称 | 经营主体扶持项目 | |||||\n"
        "一级指标 | 二级指标 | 三级指标 | 年初目标值(A) | 实际完成值(B) | 得分 |\n"
        "产出指标 | 数量指标 | 扶持经营主体 (个) |\n15 | 6 | 8.0 | |\n"
        "数量指标 | 带动农户(人) | 11442 | 4164 | 7.3 | ||\n"
        "效益指标 | 经济效益指标 | 助农增收 (元) |\n1980 | 2074 | 10.5 | ||\n"
        "总分 | 25.8 | |||||\n",
    )
    rows = [(one.level3, one.target_raw, one.actual_raw, one.score) for one in found.evaluations[0].indicators]
    assert rows == [
        ("扶持经营主体(个)", "15", "6", Decimal("8.0")),
        ("带动农户(人)", "11442", "4164", Decimal("7.3")),
        ("助农增收(元)", "1980", "2074", Decimal("10.5")),
    ]

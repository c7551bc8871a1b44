"""What a row is: totals, rows that number columns, side labels, tables after a form, forms that break off."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

from parsers.extract import extract

FORMATS = pytest.mark.parametrize("kind", ["tabs", "cells", "docx"])
NUMBERED = """
2023年度转移支付绩效自评表
项目名称|林木良种补助|<|<|<
单位：万元|<|<|<|<
项目资金|资金来源|全年预算数|全年执行数|执行率
^|列次|{one}|{two}|{three}
^|年度资金总额|80.00|72.00|90%
^|其中：中央财政资金|50.00|45.00|90%
一级指标|二级指标|三级指标|指标值|完成值
产出指标|数量指标|育苗面积|≥60亩|64亩
"""
NAMED_SIDE = """
2022年度项目支出绩效自评表
项目名称|渠系改造|<|<|<|<|<
年度绩效指标完成情况|一级指标|二级指标|三级指标|指标值|分值|得分
^|产出指标|数量指标|改造渠段|≥5段|60|55
^|效益指标|社会效益指标|灌溉保证率|≥80%|40|40
总分|<|<|<|<|100|95
"""
NAMED_TOTAL = """
2022年度项目支出绩效自评表
项目名称|社区食堂|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|就餐人次|≥3000人次|3200人次|30|30
合计|数量指标|新设网点|≥2个|2个|30|28
效益指标|社会效益指标|老人就餐便利|提升|提升|40|40
|<|<|<|<|100|98
"""
TABLE_AFTER = """
2022年度项目支出绩效自评表
项目名称|社区食堂|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|就餐人次|≥3000人次|3200人次|60|60
效益指标|社会效益指标|老人就餐便利|提升|提升|40|38
总分|<|<|<|<|100|98
附：收支明细
科目|上年|本年
食材|12.30|13.40
人工|20.00|21.50
合计|32.30|34.90
"""
GRANTED = """
2022年度项目支出绩效自评表
项目名称|社区食堂|主管部门|松林县民政局|<|<
财政拨款（元）|5,000,000.00|实际支出（元）|4,800,000.00|执行率|96%
自筹资金（元）|200,000.00|实际支出（元）|200,000.00|执行率|100%
一级指标|二级指标|三级指标|分值|得分|扣分原因
决策|项目立项|立项依据充分性|60|60|
效益|社会效益|老人就餐便利|40|37|投诉
合计|<|<|100|97|
"""
CUT = """
2022年度项目支出绩效自评表
项目名称|社区食堂|<|<|<|<|<
项目资金（万元）||全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|100|95|10|95%|9.5
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|就餐人次|≥3000人次|3200人次|30|30
^|质量指标|食材抽检合格率|100%|100%|20|20
"""


@FORMATS
@pytest.mark.parametrize("marks", ["123", "ABC", "①②③", ["A", "B", "C=B/A"], ["(1)", "(2)", "(3)"]])
def test_a_row_that_numbers_the_columns_is_no_money(kind: str, marks: list[str], tmp_path: Path) -> None:
    form = read_one(NUMBERED.format(one=marks[0], two=marks[1], three=marks[2]), kind, tmp_path)
    assert [(f.label, f.annual_budget_wanyuan, f.executed_wanyuan) for f in form.funding] == [
        ("年度资金总额", 80, 72),
        ("其中：中央财政资金", 50, 45),
    ]


@FORMATS
def test_the_name_of_the_block_is_no_value_of_its_rows(kind: str, tmp_path: Path) -> None:
    form = read_one(NAMED_SIDE, kind, tmp_path)
    assert [(i.level1, i.level3, i.actual_raw, i.points, i.score) for i in form.indicators] == [
        ("产出指标", "改造渠段", None, 60, 55),
        ("效益指标", "灌溉保证率", None, 40, 40),
    ]


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_a_row_with_a_name_is_no_total_and_a_row_of_sums_is_one(kind: str, tmp_path: Path) -> None:
    records = read(NAMED_TOTAL, kind, tmp_path)
    (form,) = records.evaluations
    assert [i.level3 for i in form.indicators] == ["就餐人次", "新设网点", "老人就餐便利"]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 98)


@FORMATS
def test_a_table_after_a_finished_form_is_a_table_of_its_own(kind: str, tmp_path: Path) -> None:
    (form,) = read(TABLE_AFTER, kind, tmp_path).evaluations
    assert len(form.indicators) == 2
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 98)
    assert {(a.label, a.value) for a in form.amounts} >= {("食材", Decimal("13.40")), ("合计", Decimal("34.90"))}


@FORMATS
def test_a_form_without_its_end_is_partial(kind: str, tmp_path: Path) -> None:
    whole = CUT + "效益指标|社会效益指标|老人就餐便利|提升|提升|40|38\n"
    for form, cut in (
        (CUT, True),
        (CUT.split("一级指标")[0], True),
        (whole, False),
        (CUT + "总分|<|<|<|<|60|59.5\n", False),
    ):
        records = read(form, kind, tmp_path)
        assert records.document.status == ("partial" if cut else "ok"), form
        assert ("form_cut_off" in {problem.code for problem in records.problems}) == cut


PARTS_OF_A_HEAD = """
2019年度部门整体支出绩效自评报告
机构名称|支出合计|基本支出|<|<|项目支出|结余
^|^|小计|人员支出|公用支出|^|^
汇总|900.50|600.50|480.25|120.25|300.00|40.00
1、局本级|560.50|380.50|300.25|80.25|180.00|25.00
2、河道站|340.00|220.00|180.00|40.00|120.00|15.00
本单位自评得分93分。
"""


@FORMATS
def test_a_subtotal_among_heads_is_a_head(kind: str, tmp_path: Path) -> None:
    read_heads = [a.measure for a in read_one(PARTS_OF_A_HEAD, kind, tmp_path).amounts if a.label == "1、局本级"]
    assert read_heads == ["支出合计", "基本支出/小计", "基本支出/人员支出", "基本支出/公用支出", "项目支出", "结余"]


@FORMATS
def test_what_a_source_gave_beside_what_was_spent_is_funding(kind: str, tmp_path: Path) -> None:
    (evaluation,) = read(GRANTED, kind, tmp_path).evaluations
    lines = [(row.label, row.annual_budget_wanyuan, row.executed_wanyuan) for row in evaluation.funding]
    assert lines == [("财政拨款", 500, 480), ("自筹资金", 20, 20)]
    assert [row.execution_rate_pct for row in evaluation.funding] == [96, 100]
    assert evaluation.amounts == ()


@pytest.mark.parametrize("above", [True, False])
def test_the_score_in_a_table_of_its_own_is_the_form_s(tmp_path: Path, above: bool) -> None:
    heads = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")
    rows = (("项目名称", "路灯维护", "单位", "松林镇"), heads, ("产出", "数量指标", "路灯", "≥5盏", "6盏", "100", "97"))
    cells = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    form, score = (
        f"<table>{cells}</table>",
        "<table><tr><td>自评得分</td><td>97</td><td>自评等级</td><td>优</td></tr></table>",
    )
    page = tmp_path / "form.html"
    body = score + form if above else form + score
    page.write_text(f"<h3>2022年度项目支出绩效自评表</h3>{body}", encoding="utf-8")
    records = extract(page, document_id="0" * 64, source_uri="", file_name=page.name, size_bytes=1)
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.total_score, evaluation.grade) == (Decimal(97), "优")


def test_of_two_levels_of_projects_the_lower_one_is_evaluated(tmp_path: Path) -> None:
    form = NAMED_SIDE.replace("项目名称|渠系改造|<|<", "一级项目名称|水利发展资金|二级项目名称|渠系改造")
    assert read_one(form, "tabs", tmp_path).evaluation.project_name == "渠系改造"

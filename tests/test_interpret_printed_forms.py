"""Forms as offices print them: heads nobody listed, sample rows, blocks named like their figures (实印表式)."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from form_build import read, read_one, write_docx

from parsers.extract import extract

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


LEVELS_AND_GOAL = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<
{levels}|<|绩效内容|绩效目标|完成情况|分值|得分
产出指标|数量指标|改造站点|≥14处|15处|60|60
效益指标|社会效益指标|预报合格率|≥92%|93%|40|38
总分|<|<|<|<|100|98
"""
ADJUSTED_BY = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<
资金（万元）|年初预算数|{change}|{after}|实际支出数|执行率
合计|1200|-50|1150|1127|98%
其中：财政拨款|1200|-50|1150|1127|98%
一级指标|二级指标|三级指标|指标值|完成值|得分
产出指标|数量指标|改造站点|≥14处|15处|60
效益指标|社会效益指标|预报合格率|≥92%|93%|38
"""
POINTS_IN_HEAD = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<
一级指标|二级指标|三级指标{brackets}|指标值|完成值|得分
产出指标|数量指标|改造站点（60分）|≥14处|15处|60
效益指标|社会效益指标|预报合格率（40分）|≥92%|93%|38
总分|<|<|<|<|98
"""
SPENDING = """
部门整体支出绩效自评表
单位名称|青浦河水文站|<|<|<|<|<
整体支出（元）|{head}|年初预算数|调整预算数|实际支出数|执行率|自评得分
^|合计|8,564,210.00|9,012,345.67|8,999,999.99|99.86%|9.99
^|基本支出|6,000,000.00|6,312,345.67|6,300,000.00|99.80%|
一级指标|二级指标|三级指标|指标值|完成值|权重|得分
履职效能|重点工作|改造站点|≥14处|15处|60|60
社会效应|社会效益|预报合格率|≥92%|93%|30|28
"""
REASON = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分|自评说明
产出指标|数量指标|改造站点|≥14处|15处|60|60|{reason}
效益指标|社会效益指标|预报合格率|≥92%|93%|40|38|{reason}
总分|<|<|<|<|100|98|
"""


@pytest.mark.parametrize(
    ("kind", "levels"),
    [("docx", "绩效指标"), ("tabs", "绩效指标"), ("docx", "评价内容"), ("tabs", "评价内容"), ("cells", "评价内容")],
)
def test_a_goal_behind_the_levels_heads_the_targets(kind: str, levels: str, tmp_path: Path) -> None:
    form = read_one(LEVELS_AND_GOAL.format(levels=levels), kind, tmp_path)
    assert [(i.level1, i.level2, i.level3, i.target_raw) for i in form.indicators] == [
        ("产出指标", "数量指标", "改造站点", "≥14处"),
        ("效益指标", "社会效益指标", "预报合格率", "≥92%"),
    ]


@FORMATS
@pytest.mark.parametrize(
    ("change", "after"), [("预算调整数", "调整后预算数"), ("年中调整预算数", "全年预算数"), ("调整数", "调整预算数")]
)
def test_what_a_budget_was_adjusted_by_is_not_the_budget(kind: str, change: str, after: str, tmp_path: Path) -> None:
    form = read_one(ADJUSTED_BY.format(change=change, after=after), kind, tmp_path)
    assert [(f.initial_budget_wanyuan, f.annual_budget_wanyuan) for f in form.funding] == [(1200, 1150), (1200, 1150)]


@FORMATS
@pytest.mark.parametrize("brackets", ["（分值）", "（权重）", "(分值)"])
def test_points_in_brackets_behind_a_level_leave_it_the_level(kind: str, brackets: str, tmp_path: Path) -> None:
    form = read_one(POINTS_IN_HEAD.format(brackets=brackets), kind, tmp_path)
    assert [(i.level3, i.points, i.score) for i in form.indicators] == [("改造站点", 60, 60), ("预报合格率", 40, 38)]


@FORMATS
@pytest.mark.parametrize("head", ["支出项目", "支出内容", "支出类别"])
def test_spending_by_kind_with_rates_and_scores_is_the_funding_block(kind: str, head: str, tmp_path: Path) -> None:
    form = read_one(SPENDING.format(head=head), kind, tmp_path)
    assert [(f.label, f.annual_budget_wanyuan, f.score) for f in form.funding] == [
        ("合计", Decimal("901.234567"), Decimal("9.99")),
        ("基本支出", Decimal("631.234567"), None),
    ]


@FORMATS
@pytest.mark.parametrize("reason", ["支付率92%", "93%", "迟1个月"])
def test_figures_of_a_reason_are_read_with_it(kind: str, reason: str, tmp_path: Path) -> None:
    form = read_one(REASON.format(reason=reason), kind, tmp_path)
    assert [i.deviation for i in form.indicators] == [reason, reason]


HEADS_OF_TWO_ROWS = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<|<|<
绩效指标|<|<|年度指标值|<|<|实际完成值|分值|得分
一级指标|二级指标|三级指标|指标性质|指标值|度量单位|^|^|^
产出指标|数量指标|改造站点|≥|14|处|15|60|60
效益指标|社会效益指标|预报合格率|≥|92|%|93|40|38
总分|<|<|<|<|<|<|100|98
"""


DOUBLED_HEAD = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出指标|数量指标|改造站点|≥14处|15处|60|60
效益指标|社会效益指标|预报合格率|≥92%|93%|40|38
总分|<|<|<|<|<|98
"""
PROJECTS = """
2022年度项目支出绩效自评情况表
序号|项目名称|年初预算数|全年预算数|全年执行数|执行率|{score}
1|堤防加固|200|180|180|100%|98.5
2|站网改造|1200|1150|1035|90%|92
"""
DERIVED = """
2023年度转移支付绩效自评表
项目名称|林木良种补助|<|<|<|<
单位：万元|<|<|<|<|<
资金来源|全年预算数|统筹整合资金数|{head}|全年执行数|执行率
列次|A|B|C=A-B|D|D/C
年度资金总额|80.00|8.00|72.00|72.00|100%
其中：中央财政资金|50.00|5.00|45.00|45.00|100%
一级指标|二级指标|三级指标|指标值|完成值|说明
产出指标|数量指标|育苗面积|≥60亩|64亩|
"""


@pytest.mark.parametrize("doubled", ["指标值", "完成值", "分值"])
def test_heads_that_hold_a_cell_twice_give_no_values_in_silence(doubled: str, tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    write_docx(DOUBLED_HEAD, path)
    document = docx.Document(str(path))
    cell = next(cell for row in document.tables[0].rows for cell in row.cells if cell.text == doubled)._tc
    cell.addnext(deepcopy(cell))
    document.save(str(path))
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)
    assert records.document.status == "partial"


@pytest.mark.parametrize("score", ["自评得分", "自评分", "得分"])
def test_a_list_of_projects_with_their_scores_is_no_funding_and_is_said(score: str, tmp_path: Path) -> None:
    records = read(PROJECTS.format(score=score), "docx", tmp_path)
    assert records.document.status == "partial"
    assert not any(part.funding for part in records.evaluations)


@FORMATS
@pytest.mark.parametrize("head", ["扣除整合后的预算", "整合后预算", "可用预算"])
def test_a_budget_worked_out_from_others_is_other_money(kind: str, head: str, tmp_path: Path) -> None:
    form = read_one(DERIVED.format(head=head), kind, tmp_path)
    assert [(f.annual_budget_wanyuan, f.executed_wanyuan) for f in form.funding] == [(80, 72), (50, 45)]


@pytest.mark.parametrize("lost", ["指标性质", "指标值", "度量单位", "三级指标"])
def test_heads_that_lost_a_cell_give_no_values_in_silence(lost: str, tmp_path: Path) -> None:
    path = tmp_path / "form.docx"
    write_docx(HEADS_OF_TWO_ROWS, path)
    document = docx.Document(str(path))
    cell = next(cell for row in document.tables[0].rows for cell in row.cells if cell.text == lost)._tc
    cell.getparent().remove(cell)
    document.save(str(path))
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)
    assert records.document.status == "partial"


CUT_BRACKETS = """
项目支出绩效自评表
项目名称|水文站网改造|<|<|<|<|<
一级指标|二级指标|三级指标|指标值|完成值|分值|得分
产出目标|数量指标|改造站点|≥14处|15处|60|60
{upper}|社会效益|预报合格率|≥92%|93%|20|19
{lower}|满意度|群众满意度|≥92%|93%|20|19
总分|<|<|<|<|100|98
"""


@FORMATS
@pytest.mark.parametrize(("upper", "lower"), [("影响力（预期", "实现的效益）"), ("长效(管护", "与更新)")])
def test_a_label_whose_brackets_close_below_is_one(kind: str, upper: str, lower: str, tmp_path: Path) -> None:
    form = read_one(CUT_BRACKETS.format(upper=upper, lower=lower), kind, tmp_path)
    assert [i.level1 for i in form.indicators] == ["产出目标", upper + lower, upper + lower]

"""Goals and funds that stand side by side, in more columns or more rows than usual (目标、资金并列)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read as read_form
from form_build import read_one

from parsers.extract import extract

ADJUSTED = """
2023年度项目绩效自评表
项目名称|校舍维修|<|<|<|<|<|<
年度总目标|年初设定目标|<|全年（调整）目标|<|全年目标实际完成情况|<|<
^|维修校舍12所|<|维修校舍14所|<|维修校舍13所|<|<
指标名称|计量单位|指标性质|年初指标值|调整指标值|全年完成值|指标权重|指标得分
维修学校数|所|=|12|14|13|100|92.8
"""


def test_a_goal_adjusted_within_the_year_is_kept_beside_the_first_one(tmp_path: Path) -> None:
    read = read_one(ADJUSTED, "docx", tmp_path)
    assert (read.evaluation.goal_expected, read.evaluation.goal_actual) == ("维修校舍12所", "维修校舍13所")
    assert [(one.heading, one.kind, one.text) for one in read.sections] == [
        ("全年（调整）目标", "goals", "维修校舍14所")
    ]


TASKS = """
2021年度项目绩效自评表
项目名称|村庄环境整治|<|<|<
目标完成情况|目标内容|计划|实际|评分
^|污水管网（60分）|6.5公里|6.8公里|60
^|村民满意度（40分）|90%|96%|40
自评得分|<|<|<|100
"""


def test_planned_and_actual_head_a_table_of_tasks(tmp_path: Path) -> None:
    read = read_one(TASKS, "docx", tmp_path)
    assert [(row.level3, row.target_raw, row.actual_raw, row.points, row.score) for row in read.indicators] == [
        ("污水管网", "6.5公里", "6.8公里", Decimal(60), Decimal(60)),
        ("村民满意度", "90%", "96%", Decimal(40), Decimal(40)),
    ]
    assert read.evaluation.total_score == Decimal(100)


BESIDE = """
2022年度项目支出绩效自评表
项目名称|古树保护|<|<|<|<
资金信息|项目资金总额（万元）|28.5|其中财政资金（万元）|20.5|<
^|实际到位（万元）|28.5|到位率（%）|100|<
^|实际支出（万元）|26.79|支出率（%）|94|<
一级指标|二级指标|三级指标|年初目标|年末实现|自评分
产出|数量|挂牌保护|≥210株|212株|60
效益|社会|群众知晓率|≥80%|78%|38
总得分|<|<|<|<|98
"""


def test_rows_of_labels_and_values_say_more_of_the_sum_above_and_parts_are_rows(tmp_path: Path) -> None:
    rows = read_one(BESIDE, "docx", tmp_path).funding
    assert [(row.label, row.annual_budget_wanyuan, row.arrived_wanyuan, row.executed_wanyuan) for row in rows] == [
        ("项目资金总额", Decimal("28.5"), Decimal("28.5"), Decimal("26.79")),
        ("其中财政资金", Decimal("20.5"), None, None),
    ]
    assert rows[0].execution_rate_pct == Decimal(94)


BELOW = """
2020年度项目绩效自评表
项目名称|职业技能提升|<|<|<|<
一级指标|指标名称|年初目标值|年末完成值|权重|评分
产出|培训人数|5000人次|5126人次|60|60
满意度|学员满意度|90%|94%|40|40
合计|<|<|<|100|100
年初预算|380万元|调整后预算|365万元|支出|358.4万元
"""


def test_funds_told_below_the_total_are_no_indicator(tmp_path: Path) -> None:
    read = read_one(BELOW, "docx", tmp_path)
    assert [row.level3 for row in read.indicators] == ["培训人数", "学员满意度"]
    assert [(row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan) for row in read.funding] == [
        (Decimal(380), Decimal(365), Decimal("358.4"))
    ]


TOLD = """
2022年度项目支出绩效自评表
项目名称|法律援助|<|<|<|<
指标|年初设定|年末完成|得分|<|<
数量：援助案件|≥600件|634件|60|<|<
满意度：受援人满意度|≥95%|96.4%|39.5|<|<
自评总分|{told}|<|<|<|<
"""


@pytest.mark.parametrize(
    ("told", "grade"),
    [
        ("合计99.5分，等级：优", "优"),
        ("99.5分（优秀）", "优秀"),
        ("优（99.5分）", "优"),
        ("99.5 优", "优"),
        ("满分100分，得99.5分", None),
        ("99.5/100", None),
    ],
)
def test_the_total_may_be_told_in_words(told: str, grade: str | None, tmp_path: Path) -> None:
    read = read_one(TOLD.format(told=told), "docx", tmp_path)
    assert (read.evaluation.total_score, read.evaluation.grade) == (Decimal("99.5"), grade)
    assert [row.target_raw for row in read.indicators] == ["≥600件", "≥95%"]


def test_a_total_that_words_hide_is_said_to_be_unread(tmp_path: Path) -> None:
    read = read_form(TOLD.format(told="综合为九成又99点5"), "docx", tmp_path)
    assert read.document.status == "partial"
    assert "unread_figure" in {problem.code for problem in read.problems}


HEADED = """
2022年度项目支出绩效自评表
项目名称|社会救助|<|<|<|<
自评得分|98.5分（优秀）|<|自评等级|优秀|<
一级指标|二级指标|三级指标|指标值|完成值|得分
产出指标|数量|救助人数|≥60人|62人|98.5
"""


def test_a_score_told_beside_the_grade_above_the_table_is_the_total(tmp_path: Path) -> None:
    read = read_one(HEADED, "docx", tmp_path)
    assert (read.evaluation.total_score, read.evaluation.grade) == (Decimal("98.5"), "优秀")


LISTS = """
2022年度单位整体支出绩效自评表
部门名称|临泽县信访局|<|<|<
收入|金额（万元）|支出|金额（万元）|执行率
财政拨款|486.2|人员经费|301.5|99.9%
其他收入|12.8|公用经费|58.7|97.8%
一级指标|二级指标|指标值|完成值|得分
产出|数量|≥1200件|1286件|60
满意度|群众满意率|≥85%|91%|40
合计|<|<|<|100
"""


def test_figures_of_two_lists_side_by_side_have_each_its_own_name(tmp_path: Path) -> None:
    read = read_one(LISTS, "docx", tmp_path)
    assert [(one.label, one.value) for one in read.amounts if one.unit == "wanyuan"] == [
        ("财政拨款", Decimal("486.2")),
        ("人员经费", Decimal("301.5")),
        ("其他收入", Decimal("12.8")),
        ("公用经费", Decimal("58.7")),
    ]


SPANS_LEFT_OUT = """2022年度项目支出绩效自评表
| 项目基本信息 | 项目名称 | 古树名木保护 | 项目类别 | 一次性 |
| 主管部门 | 青峰市园林局 | 实施单位 | 园林处 |
| 预算执行情况（万元） | 预算数 | 35 | 执行数 | 34.1 | 执行率 | 97.43% |
| 其中：财政拨款 | 30 | 其中：财政拨款 | 29.5 |
| 年度总体目标 | 年初设定目标 | 全年实际完成情况 |
| 挂牌保护210株。 | 挂牌保护212株。 |
| 一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 |
| 产出指标 | 数量指标 | 挂牌保护 | ≥210株 | 212株 | 30 | 30 |
| 质量指标 | 成活率 | ≥98% | 98.6% | 20 | 20 |
| 满意度指标 | 满意度指标 | 群众满意度 | ≥90% | 95% | 50 | 50 |
| 总分 | 100 | 100 |
"""


@pytest.mark.parametrize("mark", [" | ", "\t"])
def test_labels_goals_and_sources_keep_their_order_where_a_text_leaves_out_spans(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    lines = SPANS_LEFT_OUT.splitlines()
    plain = [line.removeprefix("| ").removesuffix(" |").replace(" | ", mark) for line in lines]
    path.write_text(SPANS_LEFT_OUT if mark == " | " else "\n".join(plain), encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=1)
    (found,) = records.evaluations
    form = found.evaluation
    assert (form.project_name, form.unit) == ("古树名木保护", "园林处")
    assert (form.goal_expected, form.goal_actual) == ("挂牌保护210株。", "挂牌保护212株。")
    assert [(row.annual_budget_wanyuan, row.executed_wanyuan) for row in found.funding] == [
        (Decimal(35), Decimal("34.1")),
        (Decimal(30), Decimal("29.5")),
    ]
    assert [(row.level1, row.level2, row.level3) for row in found.indicators] == [
        ("产出指标", "数量指标", "挂牌保护"),
        ("产出指标", "质量指标", "成活率"),
        ("满意度指标", "满意度指标", "群众满意度"),
    ]


def test_a_form_of_which_only_sentences_were_read_is_said_to_be_unread(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    title, told = (
        "2020年度技能提升项目绩效自评表（2020年度）",
        "本项目年初预算380万元，全年支出358.4万元，执行率94.32%。",
    )
    path.write_text(
        f"{title}\n填报单位：怀远县人社局\n{told}全年开展培训12期，培训5126人次，学员反映良好。", encoding="utf-8"
    )
    records = extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=1)
    assert records.document.status == "partial"
    assert "self_evaluation_not_read" in {problem.code for problem in records.problems}


YEARS = """
2023年度项目支出绩效自评表
项目名称|智慧图书馆|<|<|<|<
资金情况（万元）|年份|2021年|2022年|2023年|合计
^|预算数|120|135|150|405
^|执行数|118.6|130.2|146.9|395.7
^|执行率|98.83%|96.44%|97.93%|97.70%
一级指标|二级指标|三级指标|指标值|完成值|得分
产出|数量|新增藏书|≥6万册|6.3万册|60
满意度|对象|读者满意度|≥92%|91%|39
合计|<|<|<|<|99
"""


def test_of_funds_of_several_years_those_of_the_title_are_the_forms(tmp_path: Path) -> None:
    read = read_one(YEARS, "docx", tmp_path)
    assert [(row.annual_budget_wanyuan, row.executed_wanyuan, row.execution_rate_pct) for row in read.funding] == [
        (Decimal(150), Decimal("146.9"), Decimal("97.93"))
    ]
    assert {one.value for one in read.amounts} >= {Decimal(120), Decimal("130.2"), Decimal(405)}


@pytest.mark.parametrize("heads", ["评价维度|一级指标|评价指标", "维度|指标类型|指标名称", "大类|小类|名称"])
def test_the_second_of_two_heads_of_the_highest_level_heads_the_next(heads: str, tmp_path: Path) -> None:
    form = f"""
2022年度项目支出绩效自评表
项目名称|法律援助|<|<|<|<|<
{heads}|指标值|完成值|分值|得分
产出|产出数量|办理案件|≥12件|13件|60|60
效果|社会影响|群众知晓率|≥90%|88%|40|39
总分|<|<|<|<|100|99
"""
    found = read_one(form, "docx", tmp_path).indicators
    assert [(row.level1, row.level2, row.level3) for row in found] == [
        ("产出", "产出数量", "办理案件"),
        ("效果", "社会影响", "群众知晓率"),
    ]


def test_a_column_between_two_years_moves_no_figure_of_the_year(tmp_path: Path) -> None:
    form = YEARS.replace("2021年|2022年|2023年|合计", "2022年|增减|2023年|合计")
    read = read_one(form, "docx", tmp_path)
    assert [row.annual_budget_wanyuan for row in read.funding] == [Decimal(150)]

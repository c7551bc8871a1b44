"""Heads whose meaning only the table around them tells: over several levels, years, sources, plans (列标题因表而异)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read_one

from schemas.records import EvaluationRecords

TITLE = "2023年度项目支出绩效自评表\n单位：万元\n"
LEVELS = "一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分"
ROWS = """产出指标|数量指标|修缮校舍|6栋|6栋|50|50
效益指标|社会效益指标|惠及学生|≥800人|815人|40|40
"""


def form(text: str, folder: Path) -> EvaluationRecords:
    return read_one(TITLE + text, "docx", folder)


def test_a_task_is_named_by_its_name_not_by_what_is_done_in_it(tmp_path: Path) -> None:
    part = form(
        """
主要任务完成情况|任务名称|主要内容|完成情况|全年预算数|全年执行数|执行率
^|校舍修缮|修缮六栋教学楼|已完成|120|114|95%
^|设备更新|更换课桌|已完成|30|30|100%
^|金额合计|<|<|150|144|96%
"""
        + LEVELS
        + "\n"
        + ROWS,
        tmp_path,
    )
    assert [(row.label, row.annual_budget_wanyuan, row.executed_wanyuan) for row in part.funding] == [
        ("校舍修缮", 120, 114),
        ("设备更新", 30, 30),
        ("金额合计", 150, 144),
    ]


@pytest.mark.parametrize(
    ("budgets", "figures"),
    [
        ("年初预算数|调整预算数|全年预算数", "100|-10|90"),  # a difference beside the sum
        ("年初预算数|调整预算数", "100|90"),  # the only budget of the year
    ],
)
def test_an_adjusted_budget_is_the_year_s_where_no_other_is(budgets: str, figures: str, tmp_path: Path) -> None:
    part = form(f"\n资金来源|{budgets}|全年执行数\n年度资金总额|{figures}|81\n", tmp_path)
    (row,) = part.funding
    assert (row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan) == (100, 90, 81)


def test_a_budget_headed_over_two_rows(tmp_path: Path) -> None:
    part = form(
        """
资金性质|预算|<|执行数|执行率
^|年初|调整后|^|^
资金总额|100|90|81|90%
财政拨款|100|90|81|90%
""",
        tmp_path,
    )
    assert [(row.initial_budget_wanyuan, row.annual_budget_wanyuan) for row in part.funding] == [(100, 90), (100, 90)]


def test_sources_across_may_leave_a_rate_blank(tmp_path: Path) -> None:
    part = form(
        f"""
预算执行情况|<|指标|合计|省级|县级|其他
^|<|预算数|160|100|60|0
^|<|执行数|137|92|45|0
^|<|执行率|85.63%|92%|75%|
{LEVELS}
{ROWS}""",
        tmp_path,
    )
    assert [(row.label, row.executed_wanyuan, row.execution_rate_pct) for row in part.funding] == [
        ("合计", 137, Decimal("85.63")),
        ("省级", 92, 92),
        ("县级", 45, 75),
        ("其他", 0, None),
    ]


@pytest.mark.parametrize(
    ("heads", "rows"),
    [
        ("绩效指标|指标名称", ("产出指标（50分）|修缮校舍", "^|验收合格率", "效益指标（40分）|惠及学生")),
        ("指标|<|<", ("产出|数量|修缮校舍", "^|质量|验收合格率", "效益|社会效益|惠及学生")),
    ],
)
def test_level_1_stands_under_the_name_of_the_block(heads: str, rows: tuple[str, ...], tmp_path: Path) -> None:
    values = ("6栋|6栋|30|30", "100%|100%|20|19", "≥800人|815人|40|40")
    lines = "\n".join(f"{row}|{value}" for row, value in zip(rows, values, strict=True))
    part = form(f"\n{heads}|目标值|完成值|分值|得分\n{lines}\n", tmp_path)
    assert [(str(i.level1)[:2], i.level3, i.score) for i in part.indicators] == [
        ("产出", "修缮校舍", 30),
        ("产出", "验收合格率", 19),
        ("效益", "惠及学生", 40),
    ]


def test_of_results_of_several_years_the_last_is_the_report_s(tmp_path: Path) -> None:
    part = form(
        """
一级指标|二级指标|三级指标|2021年完成值|2022年完成值|2023年指标值|2023年完成值|得分
产出指标|数量指标|修缮校舍|2栋|4栋|6栋|5栋|50
效益指标|社会效益指标|惠及学生|300人|520人|≥800人|815人|40
""",
        tmp_path,
    )
    assert [(i.target_raw, i.actual_raw) for i in part.indicators] == [("6栋", "5栋"), ("≥800人", "815人")]
    assert {(a.measure, a.value_raw) for a in part.amounts} >= {("2021年完成值", "2栋"), ("2022年完成值", "520人")}


def test_a_plan_behind_the_levels_is_the_target_and_a_numbered_conclusion_ends_them(tmp_path: Path) -> None:
    part = form(
        """
一级指标|二级指标|三级指标|单位|计划数|完成数|分值|得分
产出指标|数量指标|修缮校舍|栋|6|5|50|45
效益指标|社会效益指标|惠及学生|人|800|815|40|40
四、自评结论|<|自评得分85分，等级为良。|<|<|<|<|<
""",
        tmp_path,
    )
    assert [(i.target_raw, i.actual_raw) for i in part.indicators] == [("6栋", "5"), ("800人", "815")]


def test_two_scores_in_a_total_row_are_no_points(tmp_path: Path) -> None:
    part = form(
        """
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|单项指标得分|折算得分
产出指标|数量指标|修缮校舍|6栋|5栋|60|50|50
效益指标|社会效益指标|惠及学生|≥800人|815人|40|40|40
合计|<|<||||90|90
""",
        tmp_path,
    )
    assert (part.evaluation.total_points, part.evaluation.total_score) == (None, 90)

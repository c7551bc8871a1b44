"""What stands beside the usual columns: rates below sums, reasons between rows, other years, papers (旁列与插行)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

TITLE = "\n2024年度项目支出绩效自评表\n"
NAMES = "项目名称|河堤绿化|<|<|<|<\n实施单位|（公章）河湾县水利站|<|<|<|<\n"
HEADS = "一级指标|二级指标|三级指标|目标值|完成值|得分\n"
ROWS = "产出指标|数量指标|种植乔木|≥300株|312株|50\n满意度指标|居民|居民满意度|≥90%|93%|40\n"


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_rates_below_a_source_are_those_of_the_sums_above_it(kind: str, tmp_path: Path) -> None:
    funds = (
        "年初预算（万元）|60|调整预算数|64|决算数|60.8\n"
        "其中：财政拨款|50|其中：财政拨款|54|其中：财政拨款|51.3\n"
        "预算执行率|95%|得分|9.5|结余|3.2\n"
    )
    whole, source = read_one(TITLE + NAMES + funds + HEADS + ROWS, kind, tmp_path).funding
    assert (whole.initial_budget_wanyuan, whole.annual_budget_wanyuan, whole.executed_wanyuan) == (
        Decimal(60),
        Decimal(64),
        Decimal("60.8"),
    )
    assert (whole.execution_rate_pct, whole.score) == (95, Decimal("9.5"))
    assert (source.annual_budget_wanyuan, source.execution_rate_pct, source.score) == (54, None, None)


@pytest.mark.parametrize(
    ("printed", "total", "score"), [("96.5", Decimal("96.5"), None), ("9.5", None, Decimal("9.5"))]
)
def test_the_score_of_a_form_beside_its_rate_is_no_score_of_its_funds(
    printed: str, total: Decimal | None, score: Decimal | None, tmp_path: Path
) -> None:
    funds = f"预算数（万元）|64|<|执行数|60.8|<\n预算执行率|95%|<|自评得分|{printed}|<\n"
    form = read_one(TITLE + NAMES + funds + HEADS + ROWS, "docx", tmp_path)
    assert (form.evaluation.total_score, form.funding[0].score) == (total, score)
    assert form.evaluation.unit == "河湾县水利站"


def test_a_reason_between_the_rows_is_that_of_the_row_above_it(tmp_path: Path) -> None:
    rows = (
        "绩效指标|一级指标|二级指标|三级指标|目标值|完成值|得分\n"
        "^|产出指标|数量指标|种植乔木|≥300株|288株|48\n"
        "^|^|偏差原因及改进措施|苗木供应不足，已补订。|<|<|<\n"
        "^|^|质量指标|成活率|≥95%|96%|40\n"
    )
    names = "项目名称|河堤绿化|<|<|<|<|<\n实施单位|河湾县水利站|<|<|<|<|<\n"
    short, whole = read_one(TITLE + names + rows, "docx", tmp_path).indicators
    assert (short.level3, short.deviation) == ("种植乔木", "苗木供应不足，已补订。")
    assert (whole.level1, whole.level3, whole.deviation) == ("产出指标", "成活率", None)


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_targets_of_a_year_to_come_are_not_those_of_the_year_with_results(kind: str, tmp_path: Path) -> None:
    rows = (
        "一级指标|三级指标|2024年目标值|2024年完成值|2025年目标值|得分\n"
        "产出指标|种植乔木|≥300株|312株|≥500株|50\n满意度指标|居民满意度|≥90%|93%|≥92%|40\n"
    )
    first = read_one(TITLE + NAMES + rows, kind, tmp_path).indicators[0]
    assert (first.target_raw, first.actual_raw) == ("≥300株", "312株")


def test_the_name_of_the_block_is_no_head_of_names(tmp_path: Path) -> None:
    rows = (
        "指标|一级指标|二级指标|三级指标|目标值|完成值|得分\n"
        "^|产出指标|数量指标|种植乔木|≥300株|312株|50\n^|满意度指标|居民|居民满意度|≥90%|93%|40\n"
    )
    names = "项目名称|河堤绿化|<|<|<|<|<\n实施单位|河湾县水利站|<|<|<|<|<\n"
    form = read_one(TITLE + names + rows, "docx", tmp_path)
    assert [row.level3 for row in form.indicators] == ["种植乔木", "居民满意度"]


def test_papers_beside_the_sources_are_no_part_of_their_names(tmp_path: Path) -> None:
    funds = (
        "资金（万元）|指标文号|资金来源|预算数|执行数|执行率\n"
        "^|河财预〔2024〕3号|财政拨款|50|47.5|95%\n^|合计|<|50|47.5|95%\n"
    )
    form = read_one(TITLE + NAMES + funds + HEADS + ROWS, "docx", tmp_path)
    assert [row.label for row in form.funding] == ["财政拨款", "合计"]


def test_blocks_under_numbered_names_have_heads_of_their_own(tmp_path: Path) -> None:
    rows = (
        "部门名称|河湾县水利站|<|<|<|<\n"
        "一、预算执行（20分）|<|<|<|<|<\n"
        "指标|预算数（万元）|决算数（万元）|评分标准|分值|得分\n"
        "基本支出|486|481.14|≥95%得满分|20|20\n"
        "二、履职效能（60分）|<|<|<|<|<\n"
        "指标|目标值|完成值|评分标准|分值|得分\n"
        "巡查河段|≥300公里|312公里|完成得满分|60|60\n"
        "三、社会效应（20分）|<|<|<|<|<\n"
        "指标|目标值|完成值|评分标准|分值|得分\n"
        "群众满意率|≥90%|93%|完成得满分|20|20\n"
    )
    form = read_one("\n2024年度部门整体支出绩效自评表\n" + rows, "docx", tmp_path)
    assert [(row.annual_budget_wanyuan, row.executed_wanyuan, row.score) for row in form.funding] == [
        (486, Decimal("481.14"), 20)
    ]
    assert [(row.level1, row.level3) for row in form.indicators] == [
        ("履职效能", "巡查河段"),
        ("社会效应", "群众满意率"),
    ]


def test_what_was_planned_of_indicators_in_halves_is_no_money(tmp_path: Path) -> None:
    rows = (
        "项目名称|<|<|<|<|河堤绿化|<|<|<|<\n实施单位|<|<|<|<|河湾县水利站|<|<|<|<\n"
        "指标名称|计划数|完成数|分值|得分|指标名称|计划数|完成数|分值|得分\n"
        "种植乔木|300株|312株|50|50|居民满意度|≥90%|93%|40|40\n"
    )
    form = read_one(TITLE + rows, "docx", tmp_path)
    assert [(row.level3, row.target_raw, row.actual_raw, row.score) for row in form.indicators] == [
        ("种植乔木", "300株", "312株", 50),
        ("居民满意度", "≥90%", "93%", 40),
    ]
    assert not form.funding


def test_one_head_over_two_levels_and_two_heads_over_three(tmp_path: Path) -> None:
    lumped = (
        "指标类型|<|指标内容|目标值|完成值|得分\n"
        "产出|数量|种植乔木|≥300株|312株|50\n"
        "满意度|居民|居民满意度|≥90%|93%|40\n"
    )
    first, second = read_one(TITLE + NAMES + lumped, "docx", tmp_path).indicators
    assert (first.level1, first.level2, second.level1, second.level2) == ("产出", "数量", "满意度", "居民")
    judged = (
        "评价内容|评价指标|评价标准|标准分|自评分|自评说明\n"
        "过程（20分）|制度健全|健全得满分|20|20|有办法\n产出（60分）|种植乔木|达到300株|60|60|312株\n"
    )
    first, second = read_one(TITLE + NAMES + judged, "docx", tmp_path).indicators
    assert (first.level1, first.level3, second.level1, second.level3) == ("过程", "制度健全", "产出", "种植乔木")


def test_units_behind_results_are_theirs_without_a_head_over_both(tmp_path: Path) -> None:
    rows = (
        "一级指标|三级指标|指标值|计量单位|完成值|计量单位\n"
        "产出指标|种植乔木|300|株|312|株\n满意度指标|居民满意度|90|%|93|%\n"
    )
    found = read_one(TITLE + NAMES + rows, "docx", tmp_path).indicators
    assert [(row.target_raw, row.actual_raw) for row in found] == [("300株", "312株"), ("90%", "93%")]


@pytest.mark.parametrize(
    "rows",
    [
        "绩效指标||目标值|完成值|分值|得分\n^|种植乔木|≥300株|312株|50|50\n^|居民满意度|≥90%|93%|40|40\n",
        "一级指标|三级指标|目标值|完成值|分值|得分\n"
        "产出指标|种植乔木|≥300株|312株|50|50\n满意度指标|居民满意度|93%|10|10|10\n",
    ],
    ids=["the block's name for all names", "a result in full far from its target"],
)
def test_cells_that_have_moved_are_said(rows: str, tmp_path: Path) -> None:
    assert read(TITLE + NAMES + rows, "docx", tmp_path).document.status == "partial"


def test_a_rate_once_more_is_no_points_in_percent(tmp_path: Path) -> None:
    funds = "资金来源|预算数（万元）|执行数（万元）|执行率|权重|得分\n总额|50|48|96%|{}|9.6\n"
    right = read(TITLE + NAMES + funds.format("10%") + HEADS + ROWS, "docx", tmp_path)
    assert right.evaluations[0].funding[0].points == 10
    doubled = read(TITLE + NAMES + funds.format("96%") + HEADS + ROWS, "docx", tmp_path)
    assert doubled.evaluations[0].funding[0].points is None
    assert doubled.document.status == "partial"


def test_labels_and_figures_below_one_head_each_are_funds(tmp_path: Path) -> None:
    funds = (
        "二、预算执行情况（万元）|<|<|<|<|<|<\n"
        "预算安排情况|<|资金到位情况|<|资金执行情况|<|预算执行进度\n"
        "预算数：|96.3|到位数：|96.3|执行数：|94.37|98%\n"
        "其中：财政资金|90|其中：财政资金|90|其中：财政资金|88.2|98%\n"
    )
    names = "项目名称|河堤绿化|<|<|<|<|<\n实施单位|河湾县水利站|<|<|<|<|<\n"
    rows = "一级指标|二级指标|三级指标|目标值|<|完成值|得分\n产出指标|数量指标|种植乔木|≥300株|<|312株|50\n"
    whole, source = read_one(TITLE + names + funds + rows, "docx", tmp_path).funding
    assert (whole.annual_budget_wanyuan, whole.arrived_wanyuan, whole.executed_wanyuan) == (
        Decimal("96.3"),
        Decimal("96.3"),
        Decimal("94.37"),
    )
    assert (source.label, source.annual_budget_wanyuan, source.executed_wanyuan) == (
        "其中：财政资金",
        90,
        Decimal("88.2"),
    )


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_funds_with_their_labels_in_the_same_cells(kind: str, tmp_path: Path) -> None:
    funds = "预算金额（万元）：230.00|<|支出金额（万元）：218.50|<|执行率：95.00%|<\n"
    (whole,) = read_one(TITLE + NAMES + funds + HEADS + ROWS, kind, tmp_path).funding
    assert (whole.annual_budget_wanyuan, whole.executed_wanyuan, whole.execution_rate_pct) == (
        230,
        Decimal("218.5"),
        95,
    )


def test_heads_of_years_are_what_they_are_of_this_year(tmp_path: Path) -> None:
    rows = (
        "一级指标|三级指标|2022年完成|2023年目标|2023年完成|得分\n"
        "产出指标|种植乔木|280株|≥300株|312株|50\n满意度指标|居民满意度|88%|≥90%|93%|40\n"
    )
    first = read_one(TITLE + NAMES + rows, "docx", tmp_path).indicators[0]
    assert (first.target_raw, first.actual_raw) == ("≥300株", "312株")


def test_sums_of_groups_and_numbers_of_rows_in_the_column_of_names(tmp_path: Path) -> None:
    rows = (
        "指标|<|目标|实际|分值|得分\n"
        "一、项目管理（40分）|<|||40|39\n"
        "1|资金到位|足额|足额|20|20\n2|制度健全|健全|基本健全|20|19\n"
        "二、项目产出（60分）|<|||60|58\n"
        "3|种植乔木|300株|288株|60|58\n"
        "合计|<|||100|97\n"
    )
    form = read_one(TITLE + NAMES + rows, "docx", tmp_path)
    assert [(row.level1, row.level3, row.actual_raw, row.score) for row in form.indicators] == [
        ("项目管理", "资金到位", "足额", 20),
        ("项目管理", "制度健全", "基本健全", 19),
        ("项目产出", "种植乔木", "288株", 58),
    ]
    assert form.evaluation.total_score == 97


@pytest.mark.parametrize(
    "row",
    ["满意度指标|居民|居民满意度|93%|||", "产出指标|质量指标|质量指标|验收合格率≥|100%|98%|"],
    ids=["a result in the place of the target", "a level doubled"],
)
def test_a_cell_lost_or_doubled_in_a_row_without_scores_is_said(row: str, tmp_path: Path) -> None:
    names = "项目名称|河堤绿化|<|<|<|<|<\n实施单位|河湾县水利站|<|<|<|<|<\n"
    others = (
        "一级指标|二级指标|三级指标|目标值|完成值|未完成原因|\n"
        "产出指标|数量指标|种植乔木|≥300株|312株||\n"
        "效益指标|生态|覆盖率|≥30%|31%||\n"
        "产出指标|数量指标|补种|≥20株|22株||\n"
    )
    assert read(TITLE + names + others + row + "\n", "docx", tmp_path).document.status == "partial"

"""Forms whose cells stand one behind the other with nothing between."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.extract import extract
from parsers.text.glued_rows import funding_rows, indicator_rows
from parsers.text.placing import header_of
from parsers.text.tokens import Token
from schemas.records import DocumentRecords

HEAD = "松林县项目支出绩效自评表（2023年度）项目名称农村供水工程主管部门松林县水利局实施单位松林镇人民政府"
FUNDS = (
    "项目资金（万元）全年预算数（A）全年执行数（B）分值执行率（B/A）得分"
    "年度资金总额：40.540.510100%10其中：本年财政拨款40.540.5其他资金"
)
GOALS = "年度总体目标预期目标实际完成情况新建蓄水池。已建成。"
INDICATORS = (
    "绩效指标一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"
    "产出指标（50分）数量指标新建蓄水池≥6座61010铺设管道12公里12公里2018质量指标工程验收合格率100%100%2020"
    "效益指标（30分）社会效益指标居民饮水安全效果明显达成预期指标3030"
    "满意度指标（10分）服务对象满意度指标群众满意度≥90%94%1010总分10098"
)
ROWS = [
    ("数量指标", "新建蓄水池", "≥6座", "6", 10, 10),
    ("数量指标", "铺设管道", "12公里", "12公里", 20, 18),
    ("质量指标", "工程验收合格率", "100%", "100%", 20, 20),
    ("社会效益指标", "居民饮水安全", "效果明显", "达成预期指标", 30, 30),
    ("服务对象满意度指标", "群众满意度", "≥90%", "94%", 10, 10),
]


def read(folder: Path, text: str) -> DocumentRecords:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(text))


@pytest.mark.parametrize(
    "text",
    [
        HEAD + FUNDS + GOALS + INDICATORS,
        "\n".join(
            [
                *("松林县项目支出绩效自评表", "（2023年度）", "", "项目名称农村供水工程"),
                *("主管部门松林县水利局实施单位松林镇人民政府", "", FUNDS[:28], FUNDS[28:56], FUNDS[56:], "", GOALS),
                *(INDICATORS.replace("质量指标", "\n\n质量指标").replace("效益指标（", "\n效益指标（"), ""),
            ]
        ),
    ],
    ids=["in one line", "its rows in lines of their own"],
)
def test_a_glued_form_is_parted_by_its_words_and_figures_and_that_is_said(text: str, tmp_path: Path) -> None:
    found = read(tmp_path, text)
    (form,) = found.evaluations
    assert (found.document.status, found.document.error_code) == ("partial", "cells_parted")
    assert (form.evaluation.project_name, form.evaluation.unit) == ("农村供水工程", "松林镇人民政府")
    assert [(row.label.strip("：:"), row.annual_budget_wanyuan, row.execution_rate_pct) for row in form.funding] == [
        ("年度资金总额", Decimal("40.5"), 100),
        ("其中：本年财政拨款", Decimal("40.5"), None),
    ]
    read_rows = [(i.level2, i.level3, i.target_raw, i.actual_raw, i.points, i.score) for i in form.indicators]
    assert read_rows == ROWS
    assert form.evaluation.total_score == 98


def test_what_two_readings_share_is_read_and_the_rest_is_left_blank() -> None:
    header = header_of(["一级指标", "二级指标", "三级指标", "分值", "得分"])
    assert header is not None
    (row,) = indicator_rows([Token("资料归档1111", 0, glued=True)], header)
    assert row.slots[2] == "资料归档" and set(row.slots[3:]) <= {"", "11"}


FUND_HEADS = ["资金情况", "全年预算数", "全年执行数", "分值", "执行率", "得分"]


@pytest.mark.parametrize(
    ("figures", "cells"),
    [
        ("202010100.00%10", ("20", "20", "10", "100.00%", "10")),
        ("43.237.241086.20%9", ("43.2", "37.24", "10", "86.20%", "9")),
        ("1.561.5610110", ("1.56", "1.56", "10", "1", "10")),
        (".32.06.579.27107.93", ("", "", "", "", "")),
    ],
)
def test_glued_funds_are_parted_where_the_rate_or_equal_amounts_bear_it_out(
    figures: str, cells: tuple[str, ...]
) -> None:
    header = header_of(FUND_HEADS)
    assert header is not None
    tokens = [Token("年度资金总额", 0), Token(figures, 0, glued=True)]
    assert funding_rows(0, tokens, header, ())[0].slots[1:] == cells


def test_glued_figures_of_a_part_are_read_beside_those_of_the_whole() -> None:
    header = header_of(FUND_HEADS)
    assert header is not None
    whole = ("年度资金总额", "20", "20", "10", "100%", "10")
    row = funding_rows(0, [Token("其中：财政拨款", 0), Token("2020", 0, glued=True)], header, whole)[0]
    assert row.slots[1:] == ("20", "20", "", "", "")


NAMES = st.sampled_from(["蓄水池数量", "工程合格率", "农户增收", "补助及时率", "管护制度健全性", "培训班期数"])
POINTS = st.sampled_from(["5", "8", "10", "15", "20", "7.5"])
COUNTS = st.tuples(st.sampled_from(["≥", "=", ""]), st.integers(1, 400), st.sampled_from(["座", "户", "%", "万元"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(NAMES, COUNTS, POINTS), min_size=1, max_size=3, unique_by=lambda row: row[0]))
def test_a_row_met_in_full_is_read_as_printed_or_left_blank(rows: list[tuple[str, tuple[str, int, str], str]]) -> None:
    header = header_of(["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"])
    assert header is not None
    printed = [(name, f"{sign}{n}{unit}", f"{n}{unit}", points, points) for name, (sign, n, unit), points in rows]
    text = "".join("".join(row) for row in printed)
    found = indicator_rows([Token(text, 0, glued=True)], header)
    assert len(found) == len(printed)
    for row, cells in zip(found, printed, strict=True):
        assert all(got in ("", wanted) for got, wanted in zip(row.slots[2:], cells, strict=True))


def test_a_glued_text_whose_cells_cannot_be_told_is_said_not_lost(tmp_path: Path) -> None:
    form = (
        "农村公路补助资金绩效目标自评表(2023年度)项目名称农村公路补助实施单位松林县交通运输局项目资金(万元)全年预算数(A)"
        "全年执行数(B)执行率(B/A)年度资金总额:40004000100%绩效指标一级指标二级指标三级指标指标值全年实际完成值"
        "产出指标数量指标建设二级公路32.1公里2020质量指标建设符合验收要求2020时效指标按期完成投资1010"
    )
    path = tmp_path / "form.txt"
    path.write_text(form, encoding="utf-8")
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(form))
    assert any("建设二级公路32.1公里2020" in problem.message for problem in found.problems)


EMERGENCY = (
    "项目支出绩效自评表（2022年度）项目名称急救指挥平台主管部门松林县卫生健康局实施单位松林县急救中心"
    "项目资金（万元）年初预算数全年预算数全年执行数分值执行率得分年度资金总额5050481096%9.6"
    "其中：当年财政拨款505048—96%—绩效指标一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"
    "产出指标数量指标120急救电话接听量≥8000次8650次1010急救车辆维护12辆12辆1010"
    "质量指标2022年新购车辆验收合格率100%100%10102022年培训人次≥300人次310人次1010时效指标3分钟内出车率≥95%96%1010"
    "效益指标社会效益指标1号站点服务半径不超过5公里4.8公里3030"
    "满意度指标服务对象满意度指标患者满意度不低于90%93%1010总分10099.6"
)


def test_names_that_begin_with_a_figure_and_values_that_begin_with_a_word_are_whole(tmp_path: Path) -> None:
    (form,) = read(tmp_path, EMERGENCY).evaluations
    total = form.funding[0]
    amounts = (total.annual_budget_wanyuan, total.executed_wanyuan, total.points, total.score)
    assert amounts == (50, 48, 10, Decimal("9.6"))
    assert [(row.level2, row.level3, row.target_raw) for row in form.indicators] == [
        ("数量指标", "120急救电话接听量", "≥8000次"),
        ("数量指标", "急救车辆维护", "12辆"),
        ("质量指标", "2022年新购车辆验收合格率", "100%"),
        ("质量指标", "2022年培训人次", "≥300人次"),
        ("时效指标", "3分钟内出车率", "≥95%"),
        ("社会效益指标", "1号站点服务半径", "不超过5公里"),
        ("服务对象满意度指标", "患者满意度", "不低于90%"),
    ]


TRADITIONAL = (
    "2021年度林區防火經費項目績效自評表單位名稱:松林區林業局項目名稱林區防火經費主管部門松林區林業局"
    "預算執行情況(萬元)資金來源預算數(A)執行數(B)執行率(B/A)一般預算內撥款6262100%合計6262100%"
    "年度績效目標完成情況一級指標二級指標三級指標年初目標值實際完成值未完成原因及改進措施"
    "產出指標產出數量滅火設備配備率100%900件達成預期指標巡護隊數不少于5支6支達成預期指標"
    "效益指標社會效益群眾防火意識是否明顯提高是達成預期指標"
)


def test_a_glued_form_in_traditional_characters_is_parted_and_kept_as_printed(tmp_path: Path) -> None:
    (form,) = read(tmp_path, TRADITIONAL).evaluations
    assert [(row.label, row.executed_wanyuan, row.execution_rate_pct) for row in form.funding] == [
        ("一般預算內撥款", 62, 100),
        ("合計", 62, 100),
    ]
    assert [(row.level3, row.target_raw, row.actual_raw) for row in form.indicators] == [
        ("滅火設備配備率", "100%", "900件"),
        ("巡護隊數", "不少于5支", "6支"),
        ("群眾防火意識是否明顯提高", "是", "達成預期指標"),
    ]


def test_the_score_of_a_form_in_disorder_is_read_by_its_label(tmp_path: Path) -> None:
    jumbled = (
        "松林县财政项目绩效目标自评表 填报日期:2022 年 8 月 项目名称 项目主管单 位 自评总分: "
        "95 项目实施单位 松林县交通运输局 项目负责人 1、常年性 2、延续性□ 中央 省、地 本级 其他"
        " 合计 执行数 执行 (万元) (万元) (万元) 率 309 309 来源 项目年度目 标 乡村道"
        "路养护项目 项目属性 项目资金 日 309 100 % 1.完成道路养护 300 公里; 项目权重 "
        "评价内容 分值 自评分 项目决策 2 分 决策依据 2 2 复核分 评价标准及依据 有项目年度计划计"
        " 2 分。 财务制度 3 3 组织机构 项目管理 13 分 2 2 一级 指标 二级 指标名称 年初"
        "指 年终完 自评 复核 评价标准 指标 (三级指标) 标值 成值 分 分 道路里程 300 公 30"
        "0 公 15 数量指 标 15 分 数。 验收合格率 质量指 标 12 分 产出 指标 40 分"
    )
    found = read(tmp_path, "松林县交通运输局2021年度乡村道路项目自评表\n" + jumbled)
    (form,) = found.evaluations
    assert found.document.status == "partial"
    assert form.evaluation.total_score == 95


STATIONS = (
    "项目支出绩效自评表（2023年度）项目名称泵站改造主管部门松林县水利局实施单位松林县河道站"
    "绩效指标一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因分析及改进措施"
    "产出指标数量指标1号泵站改造台数=2台2台20202号泵站改造台数=3台2台2013.33设备未到货"
    "质量指标验收合格率≥98%100%1010时效指标24小时内抢修到位率≥95%96%1010总分10093.33"
)


def test_the_number_of_a_name_behind_points_and_score_is_the_names(tmp_path: Path) -> None:
    (form,) = read(tmp_path, STATIONS).evaluations
    assert [(row.level3, row.points, row.score) for row in form.indicators] == [
        ("1号泵站改造台数", 20, 20),
        ("2号泵站改造台数", 20, Decimal("13.33")),
        ("验收合格率", 10, 10),
        ("24小时内抢修到位率", 10, 10),
    ]


@pytest.mark.parametrize("frame", ["{}", "| {} |", "{} | |||"])
def test_a_form_glued_into_the_only_cell_of_a_row_is_parted(tmp_path: Path, frame: str) -> None:
    around = ("附件3 |", frame.format(HEAD + FUNDS + GOALS + INDICATORS), "上一篇 | 下一篇 |")
    records = read(tmp_path, "\n".join(around))
    (evaluation,) = records.evaluations
    assert [(row.level2, row.level3, row.points) for row in evaluation.indicators] == [
        (level2, level3, points) for level2, level3, _, _, points, _ in ROWS
    ]
    assert evaluation.evaluation.total_score == Decimal(98)


HEBEI = """2021年度预算项目绩效自评表
一、基本情况项目名称:2020年政法转移支付资金是否为专项资金:实施(主管)单位松林县人民法院金额单位:万元
二、预算执行情况预算安排情况(调整后)资金到位情况资金执行情况预算执行进度(%)
预算数62.73到位数62.73执行数31.3750.01
其中:财政资金62.73其中:财政资金62.73其中:财政资金31.37
三、目标完成情况年度预期目标具体完成情况总体完成率(%)
有序开展工作提供了良好的保障100
四、年度绩效指标完成情况一级指标二级指标三级指标指标分值预期指标值单项指标实际完成值单项指标完成情况自评得分
符号单位(文字描述)单项指标得分权重占比(%)单项指标折算得分
产出指标数量指标办理案件数量10>=50006418件完成100 10 10
质量指标采购装备达标率20>=90%88%未完成97.78 20 19.56
社会效益指标提高办案质量15文字描述
维护公共利益,提高办案质量维护了公共利益,提高了办案质量完成100 15 15
预算执行率预算执行率预算执行进度10=100%50.01%未完成50 10 5
自评总分49.56
"""


def test_glued_forms_of_four_blocks_are_parted_by_what_their_figures_say_of_each_other(tmp_path: Path) -> None:
    found = read(tmp_path, HEBEI)
    (form,) = found.evaluations
    assert found.document.status == "partial"
    named = (form.evaluation.project_name, form.evaluation.unit, form.evaluation.total_score)
    assert named == ("2020年政法转移支付资金", "松林县人民法院", Decimal("49.56"))
    total, fiscal = form.funding
    assert (total.executed_wanyuan, total.execution_rate_pct) == (Decimal("31.37"), Decimal("50.01"))
    assert (fiscal.annual_budget_wanyuan, fiscal.executed_wanyuan) == (Decimal("62.73"), Decimal("31.37"))
    assert [(one.level3, one.target_raw, one.actual_raw, one.points, one.score) for one in form.indicators] == [
        ("办理案件数量", ">=5000", "6418件", 10, 10),
        ("采购装备达标率", ">=90%", "88%", 20, Decimal("19.56")),
        ("提高办案质量", "维护公共利益,提高办案质量", "维护了公共利益,提高了办案质量", 15, 15),
        ("预算执行进度", "=100%", "50.01%", 10, 5),
    ]


def test_glued_funds_whose_rate_is_not_that_of_their_amounts_are_left_open(tmp_path: Path) -> None:
    (form,) = read(tmp_path, HEBEI.replace("执行数31.3750.01", "执行数31.3790.01")).evaluations
    assert all(row.executed_wanyuan is None for row in form.funding)


@pytest.mark.parametrize(
    ("printed", "grade"), [("总分 100 96 优", "优"), ("总分 100 88 良好", "良好"), ("总分 100 96", None)]
)
def test_the_grade_behind_the_total_of_a_form_in_one_line_is_its_grade(
    printed: str, grade: str | None, tmp_path: Path
) -> None:
    text = (
        "松林县项目支出绩效自评表 （2023年度） 项目名称 农村供水工程 主管部门 松林县水利局 项目资金（万元） "
        "全年预算数 全年执行数 分值 执行率 得分 年度资金总额 40.5 40.5 10 100% 10 其中：本年财政拨款 40.5 40.5 "
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施 "
        "产出指标 数量指标 新建蓄水池 ≥6座 6座 50 46 效益指标 社会效益指标 受益户数 ≥90户 94户 40 40 "
    )
    (form,) = read(tmp_path, text + printed).evaluations
    assert form.evaluation.grade == grade


@pytest.mark.parametrize(
    ("funds", "points"),
    [
        ("年初预算数全年（调整）预算数全年执行数执行率执行率权重执行率得分", "指标权重（分）"),
        ("年初预算数全年(调整)预算数全年执行数执行率(%)执行率权重执行率得分(分)", "指标权重"),
        ("年初预算数全年（调整）预算数全年执行数执行率执行率权重执行率得分", "指标分值"),
    ],
)
def test_heads_with_a_bracket_inside_and_points_behind_a_name_are_heads(
    funds: str, points: str, tmp_path: Path
) -> None:
    text = (
        "松林县林业局2022年度部门整体绩效自评表主管部门松林县林业局自评总分（分）97.9"
        f"{funds}年度总金额120.50132.00104.2879.00%107.9其中财政拨款120.50132.00104.2879.00%107.9"
        f"绩效指标指标名称计量单位指标性质指标值{points}全年完成值指标得分（分）说明"
        "管护任务完成率%≥901010010火灾受害率‰≤0.92002020"
    )
    (form,) = read(tmp_path, text).evaluations
    assert form.evaluation.total_score == Decimal("97.9")
    assert [row.executed_wanyuan for row in form.funding] == [Decimal("104.28")] * 2

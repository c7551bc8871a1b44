"""Headings, kinds and keywords of sections; statements about the evaluation as a whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from parsers.document import Paragraph, Place
from parsers.interpret.prose import read_figures, read_sections


def paragraphs(*texts: str) -> list[Paragraph]:
    return [Paragraph(text, Place(f"line {number}")) for number, text in enumerate(texts, 1)]


def outline(*texts: str) -> list[tuple[str | None, str, str]]:
    return [(section.heading, section.kind, section.text) for section in read_sections(paragraphs(*texts))]


def test_headings_make_paths() -> None:
    assert outline(
        "某县财政局", "2023年度道路项目绩效自评报告", "一、项目基本概况", "（一）立项背景", "为了出行。", "1.背景",
        "路不好。",
        "二、绩效分析", "（一）资金使用情况。全部用完。", "（二）产出", "路修好了。", "三、存在的问题", "进度慢。",
        "四、有关建议", "加快。",
        "五、其他", "无",
    ) == [
        ("一、项目基本概况/（一）立项背景", "overview", "为了出行。\n1.背景\n路不好。"),
        ("二、绩效分析/（一）资金使用情况", "funding", "全部用完。"),
        ("二、绩效分析/（二）产出", "results", "路修好了。"),
        ("三、存在的问题", "problems", "进度慢。"),
        ("四、有关建议", "suggestions", "加快。"),
        ("五、其他", "other", "无"),
    ]  # fmt: skip


def test_a_number_that_goes_on_outside_belongs_outside() -> None:
    headings = [heading for heading, _, _ in outline(
        "1、 单位基本情况", "（一）职能", "1、拟定规划；", "2、组织实施。", "二、支出情况", "(一)基本支出情况",
        "用完。",
        "(2) 项目支出情况", "没有。", "3、 基金支出情况", "没有。", "四、绩效情况", "良好。",
    )]  # fmt: skip
    assert headings == [
        "1、 单位基本情况/（一）职能", "二、支出情况/(一)基本支出情况", "二、支出情况/(2) 项目支出情况", 
        "3、 基金支出情况", "四、绩效情况",
    ]  # fmt: skip


def test_numbered_sentences_are_no_headings() -> None:
    lines = ["（1）组长职责：审批方案；", "（2）副组长职责：修改方案。", "（三）这句话很长，里面有逗号，不是标题。"]
    assert outline("一、工作职责", *lines) == [("一、工作职责", "overview", "\n".join(lines))]


def test_parts_annexes_and_the_text_before_the_first_heading() -> None:
    assert outline(
        "根据文件要求，我单位开展了绩效自评工作。",
        "第一部分 概况",
        "有三个科室。",
        "附件1",
        "情况说明见后，数据截至年底。",
    ) == [
        (None, "overview", "根据文件要求，我单位开展了绩效自评工作。"),
        ("第一部分 概况", "overview", "有三个科室。"),
        (None, "overview", "情况说明见后，数据截至年底。"),
    ]


def test_sections_are_free_of_private_data() -> None:
    (section,) = read_sections(
        paragraphs("一、组织情况", "组  长： 王小明", "成  员： 赵刚、孙向国", "电话：13900000000")
    )
    assert section.text == "组  长： [姓名]\n成  员： [姓名]、[姓名]\n电话：[电话]"


def test_keywords_tell_the_subject() -> None:
    text = "全县农村公路养护里程增加，农村公路路面状况改善，养护资金及时拨付，公路沿线群众出行方便。" * 2
    (section,) = read_sections(paragraphs("一、项目概况", text))
    assert "公路" in section.keywords[:3] and "养护" in section.keywords[:3]
    assert read_sections(paragraphs("一、概况", "很短。"))[0].keywords == ()


@pytest.mark.parametrize(
    ("texts", "score", "grade"),
    [
        (["本项目自评分为94.8分，评价等级为优等级，达到预期绩效目标。"], "94.8", "优"),
        (["自评综合得分98.62分，评价等级为“优秀”。"], "98.62", "优秀"),
        (["经自评，该项目总分为95分，等次为良。"], "95", "良"),
        (["自评得分为94.8，等级为优。"], "94.8", "优"),
        (["根据评分标准，我单位2022年度部门整体支出绩效自评得分为96.5分，自评等级：优。"], "96.5", "优"),
        (["项目自评总分100分，自评得分为90.5分，评为良好"], "90.5", "良好"),
        (["满分100分，产出指标得分48分，某医院综合得分99分。"], None, None),
        (["上传数据质量综合评分均达到90分以上。"], None, None),
        (["90（含）-100分为优、80-90分为良，评价等级为优、良、中、差。"], None, None),
        (["评价等级分为优、良、中、差。"], None, None),
    ],
)
def test_score_and_grade(texts: list[str], score: str | None, grade: str | None) -> None:
    stated = read_figures(paragraphs(*texts))
    assert (stated.total_score and stated.total_score[0]) == (score and Decimal(score))
    assert (stated.grade and stated.grade[0]) == grade


def test_cover_lines() -> None:
    stated = read_figures(
        paragraphs("某县财政局", "2023年度农村道路建设项目支出绩效自评报告", "2024年3月5日", "道路建成。")
    )
    assert stated.project_name is not None and stated.project_name[0] == "农村道路建设项目"
    assert stated.unit is not None and stated.unit[0] == "某县财政局"
    assert stated.fiscal_year is not None and stated.fiscal_year[0] == 2023
    assert stated.report_date is not None and stated.report_date[0] == date(2024, 3, 5)
    assert stated.project_name[1].locator == "line 2"


def test_a_whole_unit_title_on_two_lines_names_no_project() -> None:
    stated = read_figures(paragraphs("某区2022年度部门整体支出", "绩效自评报告"))
    assert stated.project_name is None
    assert stated.fiscal_year is not None and stated.fiscal_year[0] == 2022

"""What prose says of the whole: whose evaluation it is, of which office, project and year, with which score."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.document import Paragraph, Place
from parsers.extract import extract
from parsers.interpret.localities import locality_of
from parsers.interpret.prose import read_amounts
from parsers.interpret.prose_scores import total_score
from parsers.interpret.titles import opening_names, publisher_in, title_parts
from parsers.text.encoding import guess
from parsers.text.lines import split_lines
from schemas.records import DocumentRecords

FILLER = "单位按照要求成立工作小组，查阅账簿凭证，核对项目资料，听取业务科室意见，认真开展了各项工作。" * 3


def read(folder: Path, *lines: str) -> DocumentRecords:
    path = folder / "report.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


@pytest.mark.parametrize(
    ("sentence", "score"),
    [
        ("执行率100%，自评分20分。", None),
        ("二、预算执行情况（自评得分10分）", None),
        ("标准分10分，自评得分9.5分。", None),
        ("产出指标自评得分48分。", None),
        ("校园维修项目自评得分92.3分，图书采购项目自评得分88分。", None),
        ("校园维修项目自评得分92.3分，评价等级为优。", "92.3"),
        ("自评得分92.45，综合评价结果为优。", "92.45"),
        ("绩效自评得分为94.4（满分100）。", "94.4"),
        ("综合得分：92（百分制）", "92"),
        ("经综合自评，得分97.3分。", "97.3"),
        ("执行率得分9.5（满分10），项目总得分94.1（满分100）。", "94.1"),
        ("产出指标得分38（满分40）。", None),
        ("部门整体支出绩效自评分为85分。", "85"),
        ("满分100分，自评得分95分。", "95"),
        ("根据指标体系打分，项目得96.4分，评价结果为优秀。", "96.4"),
        ("产出指标50分，自评得50分。", None),
        ("绩效评价得分为九十二点五分，评定等级为优秀。", "92.5"),
        ("一、自评结论（一）自评得分 92.5", "92.5"),
        ("质量指标自评得分15分，项目综合得分48分。", "48"),
    ],
)
def test_a_part_is_not_the_total(sentence: str, score: str | None) -> None:
    stated = total_score([Paragraph(sentence, Place("line 1"))])
    assert (stated and stated[0]) == (score and Decimal(score))


@pytest.mark.parametrize(
    ("title", "office", "year", "project"),
    [
        ("2022年度松林县教育局部门整体支出绩效自评报告", "松林县教育局", 2022, None),
        ("松林县教育局2022年度部门整体支出绩效自评报告.pdf", "松林县教育局", 2022, None),
        ("关于松林县教育局2022年度部门整体支出绩效自评的报告", "松林县教育局", 2022, None),
        ("2022年度松林县教育局校园维修项目绩效自评报告", "松林县教育局", 2022, "校园维修项目"),
        ("松林县水利局关于2023年度农村饮水安全项目绩效自评工作总结", "松林县水利局", 2023, "农村饮水安全项目"),
        ("松林镇供水工程2023年度绩效自评报告", None, 2023, "松林镇供水工程"),
        ("2019年度项目绩效自评报告（电子商务进农村示范项目资金）", None, 2019, "电子商务进农村示范项目资金"),
        ("青禾县财政支出项目绩效评价自评报告（优抚）", None, None, "优抚"),
        ("项目支出绩效自评表", None, None, None),
    ],
)
def test_titles_name_office_year_and_project(
    title: str, office: str | None, year: int | None, project: str | None
) -> None:
    parts = title_parts(title)
    assert parts is not None
    assert (parts.office, parts.year, parts.project) == (office, year, project)


def test_an_opening_names_the_project() -> None:
    parts = opening_names("我局对2023年青禾县中央农业防灾减灾资金开展了绩效自评，现将情况报告如下")
    assert parts is not None and (parts.project, parts.year) == ("中央农业防灾减灾资金", 2023)


@pytest.mark.parametrize(
    ("line", "office"),
    [
        ("索引号 0152-5 发布机构 松林县商务局", "松林县商务局"),
        ("发布时间：2021-01-18 来源：松林县科技商务局 浏览：", "松林县科技商务局"),
        ("主办单位：松林县人民政府办公室 某ICP备1234号", None),
        ("来源：松林县财政局", None),
    ],
)
def test_publishers_are_offices_but_no_footers(line: str, office: str | None) -> None:
    assert publisher_in(line) == office


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("北川街道市场监督管理局", None),
        ("青禾县市场监督管理局", "青禾县"),
        ("河湾灌区管理所", None),
        ("219-池州市贵池区某镇人民政府", "池州市贵池区"),
        ("四川广元市利州区财政局", "四川广元市利州区"),
        ("臨河區農牧局", "臨河區"),
        ("城市管理局", None),
        ("疫情期间区域卫生管理局", None),
        ("青禾区别墅管理局", None),
    ],
)
def test_regions_are_cut_at_real_places(name: str, place: str | None) -> None:
    assert locality_of(name) == place


def test_the_year_is_that_of_the_period_never_of_the_filing_date(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "青禾县财政支出项目绩效评价自评报告",
        "项目名称        优 抚",
        "项目单位     青禾县民政局",
        "报告日期：2017 年7 月 15  日",
        "项目起止时间：2016年1月起至2016年12月止",
        "一、项目概况",
        "计划安排资金170万元，实际支出179.6万元，绩效自评得分95分。" + FILLER,
    )
    (form,) = found.evaluations
    assert (form.evaluation.fiscal_year, form.evaluation.project_name) == (2016, "优抚")
    assert form.evaluation.total_score == Decimal(95)


def test_a_report_without_a_title_is_read_by_its_opening(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "发布机构：青禾县水务局",
        "为做好2023年青禾县中央农业防灾减灾资金发放工作，我局对2023年青禾县中央农业防灾减灾资金开展了绩效自评，现报告如下：",
        "一、资金情况",
        "上级下达补助资金118万元，已拨付118万元。" + FILLER,
    )
    (form,) = found.evaluations
    evaluation = form.evaluation
    assert (evaluation.kind, evaluation.fiscal_year, evaluation.unit) == ("transfer", 2023, "青禾县水务局")
    assert evaluation.project_name == "中央农业防灾减灾资金"


@pytest.mark.parametrize(
    "lines",
    [
        ("青禾县项目绩效评价报告", "评价机构：某某会计师事务所", "经评价，项目得分92分，自评得分95分。" + FILLER),
        ("青禾县项目绩效自评报告", "评价方式：部门自评□ 财政评价√ 第三方机构√", "项目支出10万元，得分92分。" + FILLER),
        ("项目绩效自评报告范文精选6篇", "篇一：我局开展了绩效自评，支出10万元，自评得分92分。" + FILLER),
        ("某某项目绩效自评报告", "（主管部门自评提纲）", "一、项目概况", "说明项目立项的依据和主要内容。" * 8),
    ],
)
def test_what_somebody_else_or_nobody_wrote_is_no_self_evaluation(lines: tuple[str, ...], tmp_path: Path) -> None:
    found = read(tmp_path, *lines)
    assert found.evaluations == () and found.document.status == "empty"


def test_a_text_that_names_itself_a_self_evaluation_and_gives_none_is_partial(tmp_path: Path) -> None:
    found = read(tmp_path, "2022年度松林县教育局项目绩效自评报告", "一、基本情况", "内容见附件。")
    assert (found.document.status, found.document.error_code) == ("partial", "self_evaluation_not_read")
    assert "line 1" in (found.document.error or "")


def test_indicators_told_in_sentences_are_indicators(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "松林县水利局2023年度农村供水项目绩效自评报告",
        "（一）产出指标",
        "1.数量指标：新建蓄水池，年初目标值6座，实际完成值6座，分值10分，自评得分10分；铺设管道，年初目标值18公里，"
        "实际完成值17公里，分值10分，自评得分9分。",
        "（二）满意度指标",
        "群众满意度目标值为90%，实际完成值为94%，自评得分10分。",
        "自评得分96分，投资控制在150—160万元。",
    )
    (form,) = found.evaluations
    told = [(i.level1, i.level2, i.level3, i.target_raw, i.actual_raw, i.score) for i in form.indicators]
    assert told == [
        ("产出指标", "数量指标", "新建蓄水池", "6座", "6座", Decimal(10)),
        ("产出指标", "数量指标", "铺设管道", "18公里", "17公里", Decimal(9)),
        ("满意度指标", None, "群众满意度", "90%", "94%", Decimal(10)),
    ]
    assert form.evaluation.total_score == Decimal(96)
    assert [problem.code for problem in found.problems] == ["range_in_text"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "2022年、2023年项目预算分别为120.50万元和138.00万元，实际支出分别为118.20万元、130.75万元。",
            [("项目预算", 2022), ("项目预算", 2023), ("实际支出", 2022), ("实际支出", 2023)],
        ),
        ("2021—2023年拨款分别为5万元、6万元、7万元。", [("拨款", 2021), ("拨款", 2022), ("拨款", 2023)]),
        ("甲项目、乙项目的预算分别为10万元和20万元。", [("甲项目预算", 2024), ("乙项目预算", 2024)]),
        (
            "投入10分、产出50分，自评得分分别为9.8分、49.5分。",
            [("投入", 2024), ("产出", 2024), ("投入自评得分", 2024), ("产出自评得分", 2024)],
        ),
        ("资金下达1000万元，已拨付700万元。", [("资金下达", 2024), ("已拨付", 2024)]),
        ("支出（单位：万元）：人员经费120.50，公用经费33.2。", [("人员经费", 2024), ("公用经费", 2024)]),
    ],
)
def test_figures_have_names_and_years_of_their_own(sentence: str, expected: list[tuple[str, int]]) -> None:
    figures = read_amounts([Paragraph(sentence, Place("line 1"))], 2024)
    assert [(figure.label, figure.fiscal_year) for figure in figures] == expected


def test_what_was_paid_out_is_executed_and_parts_of_a_part_are_its_own() -> None:
    paid = read_amounts([Paragraph("下达1000万元，已完成拨付700万元，尚未支付300万元。", Place("line 1"))], 2024)
    assert [figure.measure for figure in paid] == ["allocated", "executed", "balance"]
    text = "项目支出300万元，其中工程费250万元，监理费50万元，工程费中清淤180万元、闸门70万元。"
    parts = read_amounts([Paragraph(text, Place("line 1"))], 2024)
    assert [figure.label for figure in parts][3:] == ["项目支出/工程费/清淤", "项目支出/工程费/闸门"]


@pytest.mark.parametrize(
    "text", ["café", "café naïve señor\n" * 4, "松林县水利局绩效自评", "名称：张䶮、李犇，得分九十"]
)
def test_valid_utf8_is_utf8(text: str) -> None:
    assert guess(text.encode()) in ("utf-8", "utf-8-sig")


def test_readings_in_brackets_are_left_out() -> None:
    assert split_lines("專項資金轉(zhuǎn)移支付績效評(píng)價(A)")[0] == ["專項資金轉移支付績效評價(A)"]


@pytest.mark.parametrize(
    "lines",
    [
        ("2023年项目年初预算数为48.", "75万元，全年执行数为45.", "60万元，自评得分93分。"),
        ("2023年项目年初预算数为48.75万元，全年执行数为45", ".60万元，自评得分93分。"),
        ("2023年项目年初预算数为48.75万元，全年执行数为4", "5.60万元，自评得分93分。"),
        ("2023年项目年初预算数为48.75", "万元，全年执行数为45.60万", "元，自评得分93分。"),
    ],
)
def test_a_line_that_breaks_off_in_a_number_goes_on(lines: tuple[str, ...], tmp_path: Path) -> None:
    records = read(tmp_path, "柳沟镇河道保洁项目绩效自评报告", "", "一、资金情况", "", *lines, FILLER)
    (one,) = records.evaluations
    assert [row.value for row in one.amounts if row.unit == "wanyuan"] == [Decimal("48.75"), Decimal("45.60")]


@pytest.mark.parametrize(
    "lines",
    [
        ("按照要求，本部门对", "2023 年项目开展绩效自评，自评得分", "95.5 分，等级为优。全年支出", "45.60万元。"),
        ("经评价，项目自评得分", "95.5分，全年支出45.60万元。"),
        ("自评情况如下：一是全年支出45.60万元，执行率", "98%；二是自评得分", "95.5 分。"),
    ],
)
def test_a_sentence_that_breaks_off_before_its_figure_goes_on(lines: tuple[str, ...], tmp_path: Path) -> None:
    (one,) = read(tmp_path, "柳沟镇河道保洁项目绩效自评报告", "一、资金情况", *lines).evaluations
    assert one.evaluation.total_score == Decimal("95.5")


@pytest.mark.parametrize(
    ("lines", "kind", "unit"),
    [
        (("索引号： | A/1 | 部门： | 松林县财政局 |", "栏目： | 专项资金 | 日期： | 2022-04-06 |"), "transfer", None),
        (("来源：规划财务处", "我县下达资金30万元。"), "transfer", None),
        (("来源：松林县柳沟镇", "我县下达资金30万元。"), "transfer", None),
        (("• 索引号", "• 795-2", "• 发布机构", "• 松林县文化局", "• 文号"), "transfer", "松林县文化局"),
        (("[ 发布机构 ]", "松林县民政局", "[ 有效性 ]", "有效"), "transfer", "松林县民政局"),
        (("来源：松林县柳沟镇", "我镇下达资金30万元。"), "transfer", "松林县柳沟镇"),
    ],
)
def test_who_publishes_is_not_always_the_unit(
    lines: tuple[str, ...], kind: str, unit: str | None, tmp_path: Path
) -> None:
    title = "松林县2021年度中央彩票公益金支持社会公益事业资金绩效自评报告"
    (one,) = read(tmp_path, title, *lines, "2021年度下达补助资金200万元。", FILLER).evaluations
    assert (one.evaluation.kind, one.evaluation.unit) == (kind, unit)


def test_a_short_line_that_breaks_off_behind_its_word_goes_on(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "某县水利局水渠项目2023年度绩效自评报告",
        "年初预算3,",
        "150.40万元，执行3,020.10万元。",
        "自评得分96.",
        "5分。",
    )
    assert [row.value_raw for row in found.evaluations[0].amounts if row.unit == "wanyuan"] == [
        "3,150.40万元",
        "3,020.10万元",
    ]
    assert found.evaluations[0].evaluation.total_score == Decimal("96.5")


@pytest.mark.parametrize(
    "figure",
    ["466。2万元", "48O万元", "480.00.00万元", "466..2万元", "97,13%", "1'480万元", "1,4662.2万元", "466.2→468.2万元"],
)
def test_a_figure_written_as_none_is_said(figure: str, tmp_path: Path) -> None:
    lines = (
        "某县林业局造林项目2023年度绩效自评报告",
        f"全年预算480万元，全年执行数为{figure}，已用于造林。自评得分97分。",
    )
    assert [problem.code for problem in read(tmp_path, *lines).problems] == ["odd_figure_in_text"]


def test_lists_and_groups_of_thousands_are_well_written(tmp_path: Path) -> None:
    lines = (
        "某县林业局造林项目2023年度绩效自评报告",
        "三年预算分别为10、12、15万元，今年预算1,480万元，执行1，466.2万元，完成第3，4标段。自评得分97分。",
    )
    assert not read(tmp_path, *lines).problems


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        (("（木材检查站租金项目）",), "木材检查站租金项目"),
        (("松林市国家文物保护2020年度专项资金绩效自评报告",), "松林市国家文物保护专项资金"),
        (("农村饮水安全2020年度项目绩效自评报告",), "农村饮水安全项目"),
    ],
)
def test_a_project_is_named_by_its_bracket_and_by_both_sides_of_the_year(
    lines: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    text = ("一、基本情况", "2020年安排11.2万元。", "二、绩效自评工作开展情况", FILLER)
    (one,) = read(tmp_path, *lines, *text).evaluations
    assert one.evaluation.project_name == name


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("（一）省级下达转移支付预算和绩效目标情况。", "transfer"),
        ("（一）转移支付概况。", "transfer"),
        ("（一）项目概况。", "project"),
    ],
)
def test_a_project_whose_headings_tell_of_a_transfer_is_one(heading: str, kind: str, tmp_path: Path) -> None:
    lines = ("松林市文物保护2020年度专项资金绩效自评报告", "一、基本情况", heading, "2020年下达873万元。", FILLER)
    (one,) = read(tmp_path, *lines).evaluations
    assert one.evaluation.kind == kind


@pytest.mark.parametrize("boxes", ["□优  ☑良  □中  □差", "优□ 良☑ 中□ 差□", "（ ）优 （√）良 （ ）中 （ ）差"])
def test_the_ticked_grade_of_a_sentence_is_the_grade(boxes: str, tmp_path: Path) -> None:
    lines = (
        "柳沟镇河道保洁项目绩效自评报告",
        "全年预算数60万元，执行数57万元。自评得分86分。",
        f"评价等级：{boxes}",
        FILLER,
    )
    (one,) = read(tmp_path, *lines).evaluations
    assert one.evaluation.grade == "良"


def test_statements_that_begin_with_words_of_heads_are_no_table(tmp_path: Path) -> None:
    lines = ("全年预算为540万元。", "全年实际支出为486万元。", "预算执行率为90%，较好。")
    (one,) = read(tmp_path, "2024年度青坪县民政局项目支出绩效自评报告", FILLER, *lines, "自评得分94.5分。").evaluations
    assert {row.value for row in one.amounts if row.unit == "wanyuan"} == {Decimal(540), Decimal(486)}


def test_years_told_with_any_verb_behind_respectively() -> None:
    text = "2023年、2024年分别保障儿童212人、198人，分别支出40.6万元、43.2万元。"
    found = [(row.quantity.raw, row.fiscal_year) for row in read_amounts([Paragraph(text, Place("line 1"))], 2024)]
    assert found == [("212人", 2023), ("198人", 2024), ("40.6万元", 2023), ("43.2万元", 2024)]

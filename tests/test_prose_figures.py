"""Figures in sentences: what each is called, what it is of, which make a sum."""

from __future__ import annotations

import pytest

from parsers.document import Paragraph, Place
from parsers.interpret.prose import AmountDraft, read_amounts
from parsers.interpret.prose_indicators import told_indicators
from schemas.lexicon import lexicon


def amounts(text: str) -> list[AmountDraft]:
    return read_amounts([Paragraph(text, Place("line 1"))], 2023)


def test_an_amount_behind_a_count_goes_on_with_its_name() -> None:
    count, money = amounts("年初批复预算8个项目985万元。")
    assert (count.label, money.label, money.measure) == ("年初批复预算项目", "年初批复预算项目", "initial_budget")


def test_counted_things_in_a_row_have_each_its_own_name() -> None:
    found = amounts("购置了28个展架以及174台电脑、30台打印机、4台投影仪。")
    assert [one.label for one in found] == ["购置展架", "电脑", "打印机", "投影仪"]


@pytest.mark.parametrize(
    ("text", "value", "measure"),
    [
        ("投入中央资金29.6万，执行数29.6万，执行率100%。", "29.6", "executed"),
        ("青禾站50万元；松林站58万元；救助站86万。", "86", None),
        ("2023年下达中央转移支付资金30万元。", "30", "allocated"),
    ],
)
def test_money_is_money_and_of_its_kind(text: str, value: str, measure: str | None) -> None:
    assert (value, measure) in [(f"{one.quantity.value.normalize():f}", one.measure) for one in amounts(text)]


def test_a_number_in_a_list_of_amounts_that_counts_people_is_no_money() -> None:
    found = amounts("投入50万元、30万元，惠及群众3万。")
    assert [one.quantity.raw for one in found] == ["50万元", "30万元"]


def test_a_year_of_founding_is_not_the_year_of_a_figure() -> None:
    (found,) = amounts("我局成立于1958年，属于行政单位，设17个科室。")
    assert found.fiscal_year == 2023


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年，实施项目15个（含2023年结转项目5个），年初批复预算985万元。", [2024, 2023, 2024]),
        ("2024年支出88万元（其中2022年结转资金5万元），结余2万元。", [2024, 2022, 2024]),
        ("某工程（2022年）投入资金30万元。", [2022]),
        ("完成2019年稽查整改；组织验收54个项目；2022年支出3万元；结余1万元。", [2023, 2022, 2022]),
        ("收入90万元，比2022年增加5万元；事业收入4万元。", [2023, 2022, 2023]),
    ],
)
def test_a_year_in_a_bracket_holds_for_what_stands_in_it(text: str, years: list[int]) -> None:
    assert [one.fiscal_year for one in amounts(text)] == years


@pytest.mark.parametrize(
    "text",
    [
        "按每人每月100元、200元、300元标准给予补贴。",
        "每亩补助50元、80元、120元三档。",
        "最低工资标准为1500元、1600元、1700元。",
    ],
)
def test_amounts_in_a_list_without_names_are_called_alike(text: str) -> None:
    first, *others = amounts(text)
    assert first.label and {one.label for one in others} == {first.label}


@pytest.mark.parametrize(
    ("text", "label", "measure"),
    [
        ("下达彩票公益金支出项目276万元。", "下达彩票公益金支出项目", "allocated"),
        ("社区服务支出项目45万元。", "社区服务支出项目", None),
        ("全年支出项目资金45万元。", "全年支出项目资金", "executed"),
        ("省级下拨护理费3.89万元。", "省级下拨护理费", "allocated"),
        ("收到上级下拨生活补助149.63万元。", "收到上级下拨生活补助", "arrived"),
        ("2023年初预算安排120万元。", "年初预算安排", "initial_budget"),
        ("2023年初中教育支出120万元。", "初中教育支出", "executed"),
    ],
)
def test_what_is_only_a_name_is_no_measure(text: str, label: str, measure: str | None) -> None:
    (found,) = amounts(text)
    assert (found.label, found.measure) == (label, measure)


def test_broken_document_numbers_are_no_part_of_a_name() -> None:
    first, second = amounts("《关于下达2023年补助资金的通知》松财社〔202344号下达240万元；松财社202345号)结转24万元。")
    assert (first.label, second.label) == ("下达", "结转")


def test_a_name_begins_behind_the_one_who_speaks() -> None:
    (found,) = amounts("二、资金使用情况我单位2023年项目支出决算为150万元。")
    assert found.label == "项目支出决算"


def test_a_score_without_a_name_has_that_of_its_item() -> None:
    first, second = amounts("（1）管理制度健全性：1、成立了领导小组，得2分；2、建立了财务制度，得3分。")
    assert (first.label, second.label) == ("管理制度健全性", "管理制度健全性")


def test_a_sum_in_the_next_sentence_is_the_sum_of_the_list_before() -> None:
    found = amounts("下达甲项目40万元；乙项目2.75万元；丙项目25.85万元。共计下达转移支付资金68.6万元。")
    assert [one.role for one in found] == ["part", "part", "part", "sum"]


def test_a_second_list_behind_a_semicolon_is_not_added_to_the_first() -> None:
    found = amounts("下达资金200万元，其中：中央资金150万元，省级资金50万元；用于补助120万元、用于项目80万元。")
    assert [one.role for one in found] == ["total", "part", "part", None, None]


def test_indicators_told_one_by_one() -> None:
    text = "1、产出数量指标：第一，新建泵站年初指标值为不低于8座，全年实际完成值9座。"
    late = "2、产出时效指标：完工时间年初指标值为2023年12月底，实际在规定时间内完成。"
    first, second = told_indicators([Paragraph(text, Place("line 1")), Paragraph(late, Place("line 2"))], lexicon())
    assert (first.level2, first.level3, first.target_raw, first.actual_raw) == (
        "产出数量指标",
        "新建泵站",
        "不低于8座",
        "9座",
    )
    assert (second.level2, second.actual_raw) == ("产出时效指标", "在规定时间内完成")


def test_a_verb_behind_respectively_belongs_to_every_name() -> None:
    found = amounts("甲镇、乙镇、丙镇分别安排12万元、8万元、5万元。")
    assert [(one.label, one.measure) for one in found] == [
        ("甲镇安排", "allocated"),
        ("乙镇安排", "allocated"),
        ("丙镇安排", "allocated"),
    ]


def test_a_sum_keeps_its_name() -> None:
    assert amounts("市级安排3600万元，区县配套1200万元，合计4800万元。")[-1].label == "合计"


def test_what_became_of_the_money_is_no_part_of_it() -> None:
    found = amounts("应到位资金300万元，其中中央200万元、省级100万元，实际到位300万元，支出290万元。")
    assert [one.role for one in found] == ["total", "part", "part", None, None]


def test_a_list_that_begins_the_next_paragraph_belongs_to_the_amount_it_adds_up_to() -> None:
    above, below = "全年预算300万元，支出290万元。", "其中，基本支出200万元，项目支出90万元。"
    found = read_amounts([Paragraph(above, Place("line 1")), Paragraph(below, Place("line 2"))], 2023)
    assert [one.role for one in found] == [None, "total", "part", "part"]
    other = read_amounts([Paragraph(above, Place("line 1")), Paragraph(below[:10] + "。", Place("line 2"))], 2023)
    assert {one.role for one in other} == {None}


def test_the_score_of_a_part_is_named_as_its_points() -> None:
    points, score = amounts("二、自评情况：产出指标50分，自评得48分。")
    assert (points.label, score.label, score.measure) == ("产出指标", "产出指标", "score")


def test_the_total_said_again_is_no_part_of_itself() -> None:
    found = amounts("项目总投资61.8万元，其中中央资金30.9万元，县级资金30.9万元，2023年度共到账资金61.8万元。")
    assert [one.role for one in found] == ["total", "part", "part", None]


def test_a_rate_may_be_of_a_number_of_things() -> None:
    (found,) = amounts("为自1951年有记录以来最低，火灾发生率为0.064次/10万公顷。")
    assert (found.quantity.unit, found.fiscal_year) == ("次/10万公顷", 2023)


def test_quoted_papers_are_no_part_of_a_name() -> None:
    found = amounts(
        "《关于补助的意见》（财农〔2023〕5号）和《关于预算的通知》（财农〔2023〕6号）下达中央资金30.9万元。"
    )
    assert [one.label for one in found] == ["下达中央资金"]


def test_an_indicator_told_with_a_sign() -> None:
    line = Paragraph("数量指标：布防飞机数量≥6架，实际布防7架；完工率≥80%，实际完", Place("line 1"))
    (told,) = told_indicators([line], lexicon())
    assert (told.level3, told.target_raw, told.actual_raw) == ("布防飞机数量", "≥6架", "7架")


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("项目实施期限为2021年6月--2024年6月,音乐创作费2万元。", 2023),
        ("2021—2022年总投资300万元。", None),
        ("2022年1月至2022年12月支出60万元。", 2022),
        ("2021-2022年建成，2022年支付尾款8万元。", 2022),
    ],
)
def test_years_together_are_not_the_year_of_a_figure(text: str, year: int | None) -> None:
    assert amounts(text)[-1].fiscal_year == year


def test_a_statement_that_begins_with_a_year_ends_a_list_without_a_mark() -> None:
    text = "2023年收到资金230万元，其中：中央资金130万元，其他资金100万元2023年支出210万元，其中中央资金120万元。"
    found = amounts(text)
    assert [draft.label for draft in found] == [
        "收到资金",
        "收到资金/中央资金",
        "收到资金/其他资金",
        "支出",
        "支出/中央资金",
    ]


def test_an_amount_in_a_bracket_is_called_by_what_is_quoted_before_it() -> None:
    text = "将该笔资金下拨，用于实施“青石水库除险加固项目”（723万元）和“白河治理项目”(577万元)。"
    found = amounts(text)
    assert [draft.label for draft in found] == ["青石水库除险加固项目", "白河治理项目"]


def test_a_list_behind_a_list_is_not_taken_for_the_parts_of_its_last_part() -> None:
    found = amounts("2023年支出500万元，其中：基本支出300万元，项目支出200万元；其中：人员经费250万元。")
    assert [(one.label, one.role) for one in found] == [
        ("支出", "total"),
        ("支出/基本支出", "part"),
        ("支出/项目支出", "part"),
        ("人员经费", None),
    ]


def test_a_heading_tells_the_unit_of_the_bare_amounts_below_it() -> None:
    lines = (
        "一、资金情况（单位：万元）",
        "年初预算120.00，全年预算数131.50，全年执行数126.24，执行率96.00%，惠及学校3所，见表2。",
        "二、结论",
        "年初预算120.00。",
    )
    paragraphs = [Paragraph(line, Place(f"line {number}")) for number, line in enumerate(lines, 1)]
    found = {(one.measure, str(one.quantity.value)) for one in read_amounts(paragraphs, 2022)}
    assert {("initial_budget", "120.00"), ("annual_budget", "131.50"), ("executed", "126.24")} <= {
        (measure, f"{float(value):.2f}") for measure, value in found
    }
    assert len(found) == 5


def test_the_points_got_for_an_indicator_are_its_score() -> None:
    told = told_indicators(
        [Paragraph("招聘会场次：年度指标值≥24场，实际完成26场，得10分。", Place("line 1"))], lexicon()
    )
    assert [(one.level3, one.score) for one in told] == [("招聘会场次", 10)]


def test_a_second_respectively_goes_on_with_the_names_of_the_first() -> None:
    found = amounts("城市低保、农村低保分别安排资金120万元、260万元，分别支出118.5万元、255.2万元。")
    assert [(one.label, one.measure) for one in found[2:]] == [
        ("城市低保支出", "executed"),
        ("农村低保支出", "executed"),
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("数量指标：计划改造24个，实际改造24个，分值20分，得分19分。", ("改造", "24个", "24个", 20, 19)),
        ("质量指标：投诉处理率目标100%，实际95.8%，得分9分。", ("投诉处理率", "100%", "95.8%", None, 9)),
        ("1.数量指标。我局2022年计划培训500人，实际培训520人。", ("培训", "500人", "520人", None, None)),
        (
            "产出-数量目标-参保人数-2022年>2700人-目标已完成，实际完成2745人。",
            ("参保人数", ">2700人", "2745人", None, None),
        ),
        ("2022年计划支出500万元，实际支出480万元，得分9.6分。", None),
        ("全年计划招聘5人，实际招聘3人。", None),
    ],
)
def test_an_indicator_told_by_its_plan(line: str, told: tuple[str, str, str, int | None, int | None] | None) -> None:
    found = told_indicators([Paragraph(line, Place("line 1"))], lexicon())
    rows = [(one.level3, one.target_raw, one.actual_raw, one.points, one.score) for one in found]
    assert rows == ([told] if told else [])


def test_a_level_does_not_reach_into_the_next_section() -> None:
    lines = ("（一）数量指标完成情况", "计划开班3期，完成3期。", "（二）存在问题", "计划招聘5人，实际招聘3人。")
    found = told_indicators([Paragraph(line, Place(f"line {at}")) for at, line in enumerate(lines)], lexicon())
    assert [(one.level2, one.level3) for one in found] == [("数量指标", "开班")]


@pytest.mark.parametrize("text", ["分2批次将141.8万补助资金发放到位。", "将141.8万元补助资金发放到位。"])
def test_an_amount_may_be_named_by_the_money_behind_it(text: str) -> None:
    *_, money = amounts(text)
    assert (money.label, str(money.quantity.value), money.quantity.unit) == ("补助资金发放到位", "141.80000", "wanyuan")


@pytest.mark.parametrize("text", ["惠及3万户补助资金。", "2万名农户的补助资金。", "下达2.5万亩退耕资金任务。"])
def test_what_is_counted_before_money_is_no_money(text: str) -> None:
    assert "wanyuan" not in [one.quantity.unit for one in amounts(text)]


def test_a_share_behind_a_bracket_is_that_of_what_the_bracket_lists() -> None:
    found = amounts(
        "专题节目制作经费50万元，其中：商品和服务支出39.98万元（其中：办公费36.36万元，劳务费3.62万元），"
        "占总支出的79.96%；其他资本性支出10.02万元。"
    )
    share = next(one for one in found if one.role == "share")
    goods = next(one for one in found if one.label.endswith("商品和服务支出"))
    assert (share.label, share.part_of) == (goods.label, goods.part_of)


def test_the_score_of_an_indicator_told_in_a_sentence_has_its_name() -> None:
    found = amounts("1.免疫密度，年初目标值≥90%，实际完成值≥90%，自评得分20分；2.满意率，目标值≥90%，自评得分15分；")
    assert [(one.label, one.quantity.value) for one in found if one.measure == "score"] == [
        ("免疫密度", 20),
        ("满意率", 15),
    ]

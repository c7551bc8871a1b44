"""Checks of the figures in sentences, on what the prose reader makes of real sentences."""

from __future__ import annotations

from itertools import count

import pytest
from test_checks_forms import ID, findings, funding, records

from parsers.document import Paragraph, Place
from parsers.interpret.identity import owned
from parsers.interpret.prose import amount_records, read_amounts
from pipeline.findings import run_checks
from schemas.records import Amount, Check


def amounts(*sentences: str) -> list[Amount]:
    paragraphs = [Paragraph(text, Place(locator=f"line {i + 1}")) for i, text in enumerate(sentences)]
    return list(owned(amount_records(read_amounts(paragraphs, 2022)), count(), ID, "e0"))


def made(*sentences: str) -> list[Check]:
    checks = run_checks(records(amounts=amounts(*sentences), fiscal_year=2022))
    return [one for one in checks if one.rule.startswith("prose") and one.outcome != "not_checkable"]


def outcomes(*sentences: str) -> list[tuple[str, str, str]]:
    return [(one.rule, one.outcome, one.severity) for one in made(*sentences)]


def test_parts_and_shares_that_hold() -> None:
    found = outcomes(
        "2022年基本支出232.90万元，其中：人员经费175.65万元，占基本支出的75.42%，公用经费57.25万元，占基本支出的24.58%。"
    )
    assert found == [
        ("prose_composition", "consistent", "info"),
        ("prose_share", "consistent", "info"),
        ("prose_share", "consistent", "info"),
    ]


def test_a_share_that_does_not_hold() -> None:
    found = [
        one
        for one in made("基本支出232.90万元，其中：人员经费175.65万元，占基本支出的57.42%。")
        if one.rule == "prose_share"
    ]
    assert [one.severity for one in found] == ["error"]
    assert "57.42" in found[0].message and "75.42" in found[0].message


def test_a_stated_sum_must_be_the_sum() -> None:
    found = made("县级配套35.00万元，上年结余42.00万元，共计66.25万元。")
    assert [(one.rule, one.outcome, one.severity) for one in found] == [("prose_composition", "inconsistent", "error")]
    assert "66.25" in found[0].message and "77" in (found[0].expected or "")


def test_what_was_spent_and_what_is_left_make_the_whole() -> None:
    assert outcomes("安排资金500万元，其中已支付420万元，未支付60万元。") == [
        ("prose_composition", "inconsistent", "warning")
    ]


@pytest.mark.parametrize(
    ("sentence", "computed"),
    [
        ("完成支出640万元，占全年预算800万元的90%。", "80%"),
        ("预算600万元，支出540万元，结余60万元，结余率15%。", "10%"),
        ("计划资金300万元，实际到位240万元，资金到位率90%。", "80%"),
        ("全年预算数260万元，实际拨付208万元，拨付率85%。", "80%"),
    ],
)
def test_a_percentage_is_computed_from_the_figures_beside_it(sentence: str, computed: str) -> None:
    (found,) = [one for one in made(sentence) if one.rule in ("prose_rate", "prose_share")]
    assert (found.outcome, found.severity, found.expected) == ("inconsistent", "error", computed)
    assert f"经复算为{computed}" in found.message and found.difference


def test_parts_may_fall_short_of_a_total_but_not_exceed_it() -> None:
    assert outcomes("项目支出100.00万元，其中：培训费60.00万元，印刷费20.00万元。") == []
    assert outcomes("项目支出100.00万元，其中：培训费60.00万元，印刷费70.00万元。") == [
        ("prose_composition", "inconsistent", "error")
    ]


def test_one_sum_in_mixed_units() -> None:
    assert outcomes("收入合计1.20亿元，其中：财政拨款11000.00万元，事业收入1000.00万元。")[0][1] == "consistent"


def test_counts_that_overlap_are_no_error() -> None:
    assert {severity for _, _, severity in outcomes("职工10人，其中：党员8人，女职工6人。")} <= {"info"}


def test_rate_in_a_sentence() -> None:
    right = "项目全年预算数为200.00万元，执行数为184.50万元，完成预算的92.25%。"
    assert ("prose_rate", "consistent", "info") in outcomes(right)
    wrong = "项目全年预算数为200.00万元，执行数为66.86万元，完成预算的100%。"
    assert ("prose_rate", "inconsistent", "error") in outcomes(wrong)


def test_what_a_year_has_more_than_the_last_is_no_base_of_a_rate() -> None:
    told = outcomes("项目资金共计860万元，实际支出835万元，执行率97.09%，比上年增加35万元。")
    assert all(outcome != "inconsistent" for _, outcome, _ in told)


def test_the_same_figure_in_form_and_prose() -> None:
    row = funding(0, "年度资金总额", "200.00", "200.00", "184.50")
    same = amounts("项目全年预算数为200.00万元，执行数为184.50万元。")
    assert findings(records([row], amounts=same, fiscal_year=2022), "form_prose") == []
    other = amounts("本项目全年预算数为210.00万元，执行数为184.50万元。")
    found = findings(records([row], amounts=other, fiscal_year=2022), "form_prose")
    assert [one.severity for one in found] == ["warning"]
    assert "210.00" in found[0].message and "200.00" in found[0].message


def test_prose_that_neither_names_the_project_nor_tells_a_score_may_be_of_another_office() -> None:
    row = funding(0, "年度资金总额", "200.00", "200.00", "184.50")
    budget = amounts("全年预算数为5210.00万元，执行数为4984.50万元。")
    assert findings(records([row], amounts=budget, fiscal_year=2022), "form_prose") == []
    report = amounts("全年预算数为210.00万元，执行数为184.50万元。", "自评得分为96.5分。")
    assert len(findings(records([row], amounts=report, total_score="96.5", fiscal_year=2022), "form_prose")) == 1


def test_a_bare_nothing_among_decimals_widens_no_sum() -> None:
    wrong = "三公经费支出8.6万元，其中公务接待费1.4万元，公务用车运行维护费7.8万元，因公出国费0万元。"
    assert ("prose_composition", "inconsistent", "error") in outcomes(wrong)
    right = wrong.replace("7.8", "7.2")
    assert outcomes(right) == [("prose_composition", "consistent", "info")]


@pytest.mark.parametrize(("part", "outcome"), [("0.9", "inconsistent"), ("0.8", "consistent"), ("0.7", "consistent")])
def test_extents_in_ten_thousands_are_rounded(part: str, outcome: str) -> None:
    said = outcomes(f"建设高标准农田1.2万亩，其中东片{part}万亩、西片0.5万亩。")
    assert [one[1] for one in said if one[0] == "prose_composition"] == [outcome]


def test_figures_of_something_else_are_not_compared_with_the_form() -> None:
    row = funding(0, "年度资金总额", "200.00", "200.00", "184.50")
    other = amounts("培训场地租赁支出12.00万元，印刷费支出3.00万元。")
    assert findings(records([row], amounts=other, fiscal_year=2022), "form_prose") == []


def test_score_in_form_and_prose() -> None:
    said = amounts("经自评，本项目自评得分为96.5分。")
    assert findings(records(amounts=said, total_score="96.5", fiscal_year=2022), "form_prose") == []
    assert findings(records(amounts=said, total_score="69.5", fiscal_year=2022), "form_prose")[0].severity == "warning"


def test_a_list_ends_with_its_sentence_unless_the_next_makes_the_sum() -> None:
    open_end = "预算收入70万元，其中年初预算58万元，调整追加12万元。其他资金来源20万元。"
    assert outcomes(open_end) == [("prose_composition", "consistent", "info")]
    goes_on = "预算总额100万元，其中：人员经费60万元。公用经费40万元。"
    assert outcomes(goes_on) == [("prose_composition", "consistent", "info")]


def test_a_list_ends_at_the_next_heading() -> None:
    found = outcomes(
        "（二）公务车购置及运行费20万元，其中：公务用车购置费0万元，与上年持平；公务用车运行费20万元，与上年持平。",
        "（三）公务接待费3万元。与上年持平。",
    )
    assert found == [("prose_composition", "consistent", "info")]


def test_what_something_differs_by_from_another_year_is_no_part_of_a_list() -> None:
    for difference in ("比2021年预算增加60万元", "与上年相比增加60万元", "较上年减少60万元", "增加60万元"):
        found = outcomes(f"收入预算500万元，其中：财政拨款收入500万元，{difference}；事业收入0万元；其他收入0万元。")
        assert found == [("prose_composition", "consistent", "info")], difference


def test_the_parts_of_a_part_are_counted_under_it() -> None:
    found = made(
        "项目总支出500万元，其中：基本支出300万元，专项支出200万元；基本支出中，人员经费280万元，公用经费50万元。"
    )
    assert [(one.outcome, one.severity) for one in found] == [("consistent", "info"), ("inconsistent", "error")]
    assert "330" in (found[1].expected or "")


def test_of_several_totals_the_one_that_adds_up_is_meant() -> None:
    found = outcomes("项目总投资500万元，2022年到位300万元，其中省级200万元，市级300万元。")
    assert found == [("prose_composition", "consistent", "info")]


def test_where_no_total_adds_up_and_several_may_be_meant_it_is_a_question() -> None:
    found = outcomes("项目总投资500万元，市级安排300万元，其中甲镇250万元，乙镇300万元。")
    assert found == [("prose_composition", "inconsistent", "warning")]


def test_extents_are_no_heads_that_may_be_counted_twice() -> None:
    area = "地上建筑面积为8013平方米（其中计容面积7998平方米，不计容面积105平方米）。"
    assert outcomes(area) == [("prose_composition", "inconsistent", "error")]
    people = "参训8人，其中党员5人，女性6人。"
    assert outcomes(people) == [("prose_composition", "inconsistent", "info")]


def test_what_was_paid_of_what_was_allotted() -> None:
    found = outcomes("资金下达1000万元，已完成拨付700万元，执行率97%。")
    assert ("prose_rate", "inconsistent", "error") in found
    assert ("prose_rate", "consistent", "info") in outcomes("资金下达1000万元，已拨付700万元，支付率70%。")


def test_the_base_of_a_rate_may_stand_in_the_sentence_before() -> None:
    found = [one for one in outcomes("安排资金1000万元。支付900万元，支付率95%。") if one[0] == "prose_rate"]
    assert found == [("prose_rate", "inconsistent", "warning")]
    apart = [one for one in outcomes("安排资金1000万元。", "支付900万元，支付率95%。") if one[0] == "prose_rate"]
    assert apart == [("prose_rate", "inconsistent", "warning")]


def test_of_several_amounts_told_before_the_one_that_fits_is_meant() -> None:
    told = ("共安排资金1000万元。", "到位资金950万元。")
    fits = [one for one in outcomes(*told, "支付900万元，支付率90%，尚未支付100万元。") if "inconsistent" in one]
    assert fits == []
    neither = [one for one in outcomes(*told, "支付900万元，支付率85%。") if "inconsistent" in one]
    assert neither == [("prose_rate", "inconsistent", "warning")]
    unclear = outcomes(*told, "另安排资金120万元。", "支付900万元，支付率85%。")
    assert [one for one in unclear if "inconsistent" in one] == []
    wrong = [one for one in outcomes(*told, "支付900万元，支付率90%，尚未支付120万元。") if "inconsistent" in one]
    assert wrong == [("prose_balance", "inconsistent", "warning")]


def test_a_rate_beside_its_budget_takes_the_spending_told_before() -> None:
    for rate, outcome in (("95%", "consistent"), ("59%", "inconsistent")):
        found = outcomes("全年支出950万元。", f"全年预算1000万元，预算执行率{rate}。")
        assert [one[1] for one in found if one[0] == "prose_rate"] == [outcome]


def test_what_was_brought_in_belongs_to_the_balance() -> None:
    for left, outcome in (("30", "consistent"), ("80", "inconsistent")):
        found = outcomes(f"2023年初结转和结余20万元，本年收入100万元，本年支出90万元，年末结转和结余{left}万元。")
        assert [one[1] for one in found if one[0] == "prose_balance"] == [outcome]


def test_a_share_named_after_its_list() -> None:
    for share, outcome in (("60%", "consistent"), ("66%", "inconsistent")):
        listed = "土建工程60万元，设备购置30万元，监理费10万元，共计100万元。"
        found = outcomes(listed, f"土建工程支出占总支出的{share}。")
        assert [one[1] for one in found if one[0] == "prose_share"] == [outcome]


def test_parts_named_in_the_next_paragraph() -> None:
    for part, outcome in (("40", "consistent"), ("70", "inconsistent")):
        found = outcomes("本年支出100万元。", f"本年支出中，基本支出60万元，项目支出{part}万元。")
        assert [one[1] for one in found if one[0] == "prose_composition"] == [outcome]


def test_balances_in_sentences() -> None:
    for wrong in (
        "全年安排资金100万元，支出80万元，结余10万元。",
        "全年收入100万元，支出80万元，结余30万元。",
        "年初预算100万元，追加20万元，全年预算130万元。",
        "年初预算100万元，调减20万元，全年预算90万元。",
    ):
        found = [one for one in outcomes(wrong) if one[0] == "prose_balance"]
        assert found == [("prose_balance", "inconsistent", "warning")], wrong
    for right in (
        "全年安排资金100万元，支出80万元，结余20万元。",
        "年初预算100万元，追加20万元，调减5万元，全年预算115万元。",
        "全年收入100万元，支出80万元，上年结余30万元。",
    ):
        found = [one for one in outcomes(right) if one[0] == "prose_balance" and one[1] == "inconsistent"]
        assert found == [], right


def test_money_in_sentences_that_lost_its_ten_thousand() -> None:
    found = findings(
        records(amounts=amounts("本项目年初预算100元，执行数33.78元。"), fiscal_year=2022), "lost_ten_thousand"
    )
    assert [one.severity for one in found] == ["warning"]


def test_a_part_that_stands_there_twice_is_a_question() -> None:
    (check,) = [
        one
        for one in made("支出50.00万元，其中：人员经费30.00万元，办公费20.00万元，办公费20.00万元。")
        if one.subjects
    ]
    assert (check.outcome, check.severity) == ("inconsistent", "warning")
    assert "“办公费”一行填列了两次，去掉一次即相符" in check.message
    other = outcomes("支出50.00万元，其中：人员经费30.00万元，办公费20.00万元，办公费25.00万元。")
    assert ("prose_composition", "inconsistent", "error") in other


def test_measured_counts_are_added_in_the_unit_they_are_printed_in() -> None:
    found = [
        one
        for one in made("改造护岸2.6万平方米，其中北岸1.5万平方米、南岸1.7万平方米。")
        if one.outcome == "inconsistent"
    ]
    assert "经复算为3.2万平方米（北岸1.5万平方米＋南岸1.7万平方米），写为2.6万平方米" in found[0].message
    assert "差异6000平方米" in found[0].message
    assert found[0].difference == "-6000平方米"


def test_a_bare_share_is_that_of_the_figure_before_it() -> None:
    for share, outcome in (("90%", "consistent"), ("80%", "inconsistent")):
        found = outcomes("当年下达1000万元。", f"全年完成支出900万元，占下达资金的{share}。")
        assert [one[1] for one in found if one[0] == "prose_share"] == [outcome]


def test_what_was_handed_down_of_what_was_planned() -> None:
    for amount, outcome in (("1000", "consistent"), ("950", "inconsistent")):
        found = outcomes(f"计划投入资金1000万元。当年下达{amount}万元，下达率100%。")
        assert [one[1] for one in found if one[0] == "prose_rate"] == [outcome]


def test_what_arrived_from_one_source_is_no_base_of_all_that_arrived() -> None:
    before = "年初预算安排800万元，追加46万元，全年预算846万元。"
    after = "资金到位846万元，其中：省级资金600万元，县级配套资金246万元，到位率{}。"
    assert ("prose_rate", "consistent", "info") in outcomes(before + after.format("100%"))
    odd = [one for one in made(before + after.format("90%")) if one.rule == "prose_rate"]
    assert [one.severity for one in odd] == ["warning"]


def test_the_initial_budget_with_what_was_added() -> None:
    assert outcomes("项目年初预算安排800万元，年中追加64万元，全年预算846万元。") == [
        ("prose_balance", "inconsistent", "warning")
    ]
    assert outcomes("项目年初预算安排800万元，年中追加46万元，全年预算846万元。") == [
        ("prose_balance", "consistent", "info")
    ]


def test_what_was_not_paid_beside_the_budget_of_the_sentence_before() -> None:
    before = "年初预算安排800万元，年中追加46万元，全年预算846万元。"
    found = [one for one in made(before, "实际支出790万元，未支付156万元。") if "未支付" in one.message]
    assert [(one.rule, one.outcome) for one in found] == [("prose_balance", "inconsistent")]


def test_a_list_with_commas_ends_at_the_semicolon() -> None:
    text = "新修道路62公里，其中：硬化路{}公里，砂石路20公里；衬砌渠道88公里。"
    assert ("prose_composition", "consistent", "info") in outcomes(text.format("42"))
    wrong = [one for one in made(text.format("49")) if one.rule == "prose_composition"]
    assert len(wrong) == 1 and "69公里" in (wrong[0].expected or "") and "88" not in wrong[0].message


def odd(*sentences: str) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in made(*sentences) if one.outcome == "inconsistent"]


def test_an_amount_opens_its_parts() -> None:
    assert odd("购机补贴320万元中，拖拉机补贴180万元，收割机补贴150万元。") == [("prose_composition", "error")]
    assert not odd("购机补贴320万元中，拖拉机补贴180万元，收割机补贴140万元。")


def test_what_is_handed_on_is_the_rest_of_the_year() -> None:
    told = "上年结转35万元，本年收入605万元，本年支出622万元，年末结转{}万元。"
    assert odd(told.format(28)) == [("prose_balance", "warning")]
    assert not odd(told.format(18))


def test_more_is_paid_than_arrived() -> None:
    assert odd("计划安排资金95万元，实际到位资金95万元，实际支出98.6万元。") == [("prose_balance", "warning")]
    assert not odd("实际到位资金95万元，上年结余8万元，实际支出98.6万元。")


def test_a_rate_of_the_amount_of_the_sentence_before() -> None:
    told = "省财政下达资金480万元。截至年底，已支付384万元。支付率为{}%。"
    assert odd(told.format(90)) == [("prose_rate", "warning")]
    assert not odd(told.format(80))


def test_a_satisfaction_above_the_whole_in_a_sentence() -> None:
    checks = run_checks(records(amounts=amounts("群众满意度达到104%。"), fiscal_year=2022))
    assert [one.severity for one in checks if one.rule == "share_above_whole"] == ["warning"]


def test_a_list_of_a_goal_that_lacks_what_the_other_goal_lists() -> None:
    told = "预算资金200000元，其中村级运转40000元，组长报酬25000元，事务补助90000元。"
    done = "完成资金130000元，其中村级运转40000元，组长报酬25000元，事务补助{}元。"
    for last, found in (("65000", ["warning"]), ("60000", [])):
        checks = run_checks(records(fiscal_year=2022, goal_expected=told, goal_actual=done.format(last)))
        assert [c.severity for c in checks if (c.rule, c.outcome) == ("goal_composition", "inconsistent")] == found


def test_each_of_several_rates_is_that_of_what_is_told_before_it() -> None:
    told = "甲项目预算120万元，支出114万元，执行率95%；乙项目预算80万元，支出60万元，执行率{}%。"
    assert odd(told.format(85)) == [("prose_rate", "warning")]
    assert not odd(told.format(75))

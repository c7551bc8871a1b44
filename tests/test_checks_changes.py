"""Sentences on last year, on a plan, and on points that make a score."""

from __future__ import annotations

import pytest
from test_checks_forms import findings, records
from test_checks_prose import amounts


def said(text: str, rule: str) -> list[tuple[str, str]]:
    found = findings(records(amounts=amounts(text), fiscal_year=2022), rule)
    return [(one.severity, one.expected or "") for one in found]


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("培训费支出62.7万元，比上年减少5.8万元，下降{}。", "8.47%", "4.87%"),
    ("租赁费支出90万元，比上年增加15万元，增长{}。", "20%", "16.67%"),
])  # fmt: skip
def test_a_change_against_last_year_has_the_rate_of_last_years_amount(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "prose_change") == []
    assert said(text.format(wrong), "prose_change") == [("warning", right)]


def test_two_rates_are_as_many_points_apart_as_is_said() -> None:
    text = "农村公路优良路率由上年的81.2%提高到84.6%，提高{}个百分点。"
    assert said(text.format("3.4"), "prose_change") == []
    assert said(text.format("4.3"), "prose_change") == [("warning", "3.4个百分点")]


@pytest.mark.parametrize("text", [
    "培训费支出62.7万元，比年初预算减少5.8万元，下降4.87%。",
    "培训费支出62.7万元，购置设备5.8万元，下降4.87%。",
    "支出合计720万元，其中：基本支出600万元，比上年增加20万元，增长2.86%。",
    "因公出国费0万元，比上年增加0万元，增长0%。",
])  # fmt: skip
def test_a_change_of_anything_else_is_not_judged(text: str) -> None:
    assert said(text, "prose_change") == []


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("计划修补路面3.2万平方米，实际修补3.36万平方米，完成计划的{}。", "105%", "115%"),
    ("全年完成水库除险加固21座，计划20座，完成率{}。", "105%", "110%"),
])  # fmt: skip
def test_a_share_of_the_plan_is_that_of_the_counts_before_it(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "plan_rate") == []
    assert said(text.format(wrong), "plan_rate") == [("warning", right)]


def test_the_points_of_a_sentence_make_its_total() -> None:
    text = "决策类得分18分，过程类得分21.5分，产出类得分{}分，效益类得分26.5分，自评总分95分。"
    assert said(text.format("29"), "prose_score") == []
    assert said(text.format("27"), "prose_score") == [("warning", "93分")]
    assert said("过程类得分21.5分，产出类得分29分，效益类得分26.5分，自评总分95分。", "prose_score") == []


def test_a_list_that_ends_with_the_rest_leaves_nothing_out() -> None:
    text = "收入总额580万元，其中：财政拨款收入500万元，事业收入{}万元，其他收入30万元。"
    assert said(text.format("50"), "prose_composition") == []
    assert [severity for severity, _ in said(text.format("40"), "prose_composition")] == ["warning"]


def test_purchases_are_no_share_of_all_that_was_spent() -> None:
    text = "全年支出5693万元。政府采购预算826万元，实际采购金额793.79万元，政府采购执行率96.1%。"
    assert said(text, "prose_rate") == []


def test_shares_in_a_row_are_of_what_the_list_makes() -> None:
    text = "全年支出1558.44万元。养护支出934.2万元，占59.94%；小修支出412.64万元，占{}；抢通支出211.6万元，占13.58%。"
    assert said(text.format("26.48%"), "prose_share") == []
    assert said(text.format("24.68%"), "prose_share") == [("warning", "26.48%")]
    assert said(text.replace("1558.44", "1700").format("24.68%"), "prose_share") == []


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("收入合计12486.35万元，其中：财政拨款收入12000万元。比上年增加842.6万元，增长{}。", "7.24%", "17.24%"),
    ("三公经费预算24.8万元，实际支出19.64万元。较2021年度决算数减少2.11万元，下降{}。", "9.7%", "7.9%"),
])  # fmt: skip
def test_a_change_of_its_own_sentence_is_that_of_the_total_before_it(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "prose_change") == []
    assert said(text.format(wrong), "prose_change") == [("warning", right)]


def test_scores_of_a_sentence_make_the_total_of_the_next() -> None:
    text = "项目决策15分，自评得分15分；项目过程25分，自评得分{}分；项目产出60分，自评得分58分。综合得分96.5分。"
    assert said(text.format("23.5"), "prose_score") == []
    assert said(text.format("22.5"), "prose_score") == [("warning", "95.5分")]


def test_a_sum_word_behind_a_comparison_adds_up_nothing() -> None:
    text = "财政拨款收入总计1614.63万元，与2021年相比增加540.23万元；财政拨款支出总计1870.91万元。"
    assert said(text, "prose_composition") == []


def test_what_was_brought_in_and_what_came_makes_what_was_spent_and_is_left() -> None:
    text = "收入合计1200万元。支出合计1150万元。年初结转和结余80万元，年末结转和结余{}万元。"
    assert said(text.format(130), "prose_balance") == []
    assert said(text.format(50), "prose_balance") == []  # where the income holds what was brought in
    assert said(text.format(103), "prose_balance") == [("warning", "130万元")]


def test_two_digits_swapped_tell_a_slip_from_a_list_that_lacks_a_part() -> None:
    text = "项目总投资2368万元，其中：中央资金1184万元，省级配套{}万元，县级配套473.6万元。"
    assert said(text.format("710.4"), "prose_composition") == []
    assert said(text.format("701.4"), "prose_composition") == [("warning", "2359万元")]
    assert said(text.format("655.2"), "prose_composition") == []


def test_a_named_change_is_that_of_the_amount_of_its_name() -> None:
    text = "全年拨付培训补贴1724.22万元。与上年相比，培训补贴支出增加164.22万元，增长{}。"
    assert said(text.format("10.53%"), "prose_change") == []
    assert said(text.format("15.03%"), "prose_change") == [("warning", "10.53%")]


def test_what_was_done_of_a_plan_may_stand_in_the_sentence_before() -> None:
    text = "全年培训12860人次。计划培训12000人次，完成计划的{}。"
    assert said(text.format("107.17%"), "plan_rate") == []
    assert said(text.format("117.17%"), "plan_rate") == [("warning", "107.17%")]


def test_counts_change_against_last_year_as_money_does() -> None:
    text = "受益群众4356人，比上年增加316人，增长{}。"
    assert said(text.format("7.82%"), "prose_change") == []
    assert said(text.format("8.72%"), "prose_change") == [("warning", "7.82%")]


def test_a_share_of_what_was_handed_down_is_of_the_amount_told_so() -> None:
    text = "省财政下达危房改造补助资金2640万元。各县区累计支出2534.4万元，占下达资金的{}。"
    assert said(text.format("96%"), "prose_share") == []
    assert said(text.format("69%"), "prose_share") == [("warning", "96%")]

"""So much for each, how many there are, and how much together; one figure in two years (单价、数量与总额，前后两数)."""

from __future__ import annotations

import pytest
from test_checks_changes import said


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("资助12个村，每村补助7.5万元，共计{}万元。", "90", "96"),
        ("举办培训班8期，每期45人，共培训{}人次。", "360", "630"),
        ("按每人每月600元标准发放补贴，共发放150人、10个月，合计{}万元。", "90", "60"),
        ("更换路灯26盏×1.5万元={}万元。", "39", "93"),
        ("铺设步道2.4万平方米，单价85元/平方米，投资{}万元。", "204", "240"),
        ("公务接待费1.44万元。公务接待18批次，共240人次，人均接待费用{}元。", "60", "80"),
    ],
)
def test_a_total_is_how_many_times_so_much_for_each(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "prose_product") == []
    assert [severity for severity, _ in said(text.format(wrong), "prose_product")] == ["warning"]


@pytest.mark.parametrize(
    "text",
    [
        "资助12个村，每村补助不超过8万元，共计90万元。",
        "全年预算100万元，资助12个村，每村补助7.5万元。",
        "资助12个村，每村补助7.5万元，已支付60万元。",
        "聘用护林员560名，每人每年补助1万元，两年发放1120万元。",
        "每万人口拥有图书1200册，图书总量300万册。",
        "下达补助资金1536万元。实际发放1505.28万元。补助12544户，户均补助1200元。",
    ],
)
def test_a_total_of_something_else_is_not_accused(text: str) -> None:
    assert said(text, "prose_product") == []


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("投诉量由320起下降至285起，降幅{}%。", "10.94", "14.09"),
        ("受益人口由上年的2.15万人增加到{}万人，增加0.21万人。", "2.36", "2.63"),
        ("管网漏损率由{}%下降到14.2%。", "18.6", "12.6"),
        ("接待费支出5.48万元，比上年的6.12万元减少{}万元。", "0.64", "0.46"),
        ("养护公路1260公里，比计划1200公里多{}公里。", "60", "90"),
    ],
)
def test_one_figure_in_two_years_moves_as_it_is_said(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "prose_change") == []
    assert [severity for severity, _ in said(text.format(wrong), "prose_change")] == ["warning"]


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        ("更换水表2160块，完成计划的{}%（计划更换2000块）。", "108", "118"),
        ("建设管网62.8公里，其中城北21.4公里、河西41.4公里，目标值60公里，完成率{}%。", "104.67", "107.64"),
        ("目标任务1200人，实际完成1260人，超额完成{}%。", "5", "8"),
    ],
)
def test_a_rate_of_a_plan_is_of_the_plan_told_beside_it(text: str, right: str, wrong: str) -> None:
    assert said(text.format(right), "plan_rate") == []
    assert [severity for severity, _ in said(text.format(wrong), "plan_rate")] == ["warning"]


def test_what_a_year_began_with_counts_though_told_in_another_sentence() -> None:
    text = "年初结转和结余18.62万元。全年收入合计786.4万元。全年支出合计774.85万元。年末结转和结余{}万元。"
    assert said(text.format("30.17"), "prose_balance") == []
    assert said(text.format("31.07"), "prose_balance") == [("warning", "30.17万元")]


def test_what_is_owed_of_a_contract_is_what_is_not_paid() -> None:
    text = "合同金额4980万元，已支付4482万元，占合同金额的90%，尚欠工程款{}万元。"
    assert said(text.format("498"), "prose_balance") == []
    assert [severity for severity, _ in said(text.format("948"), "prose_balance")] == ["warning"]


def test_all_answers_of_a_survey_make_what_came_back() -> None:
    text = "收回问卷386份，其中满意{}份、基本满意18份、不满意6份。"
    assert said(text.format("362"), "prose_composition") == []
    assert [severity for severity, _ in said(text.format("326"), "prose_composition")] == ["warning"]


def test_each_rate_may_be_of_what_was_told_under_its_name_before() -> None:
    text = (
        "分解下达资金300万元，其中：甲区160万元、乙区140万元。甲区支出152万元，执行率95%；乙区支出126万元，执行率{}%。"
    )
    assert said(text.format("90"), "prose_rate") == []
    assert said(text.format("95"), "prose_rate") == [("warning", "90%")]


def test_a_colon_at_once_behind_an_amount_opens_its_list() -> None:
    text = "全年总支出162.8万元：工资支出112.4万元，办公支出{}万元，维修支出4万元。"
    assert said(text.format("46.4"), "prose_composition") == []
    assert [severity for severity, _ in said(text.format("64.4"), "prose_composition")] == ["error"]


def test_a_list_down_to_the_last_part_of_a_known_family_lacks_nothing() -> None:
    text = "基本支出532.65万元，其中人员经费{}万元，公用经费51.3万元。"
    assert said(text.format("481.35"), "prose_composition") == []
    assert [severity for severity, _ in said(text.format("418.35"), "prose_composition")] == ["warning"]
    assert [severity for severity, _ in said(text.format("484.35"), "prose_composition")] == ["error"]


def test_what_is_left_of_a_contract_is_not_set_against_the_budget() -> None:
    text = "项目预算580万元，中标价526.8万元，节约53.2万元，已支付421.44万元，剩余105.36万元。"
    assert said(text, "prose_balance") == []

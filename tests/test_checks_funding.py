"""Checks of the funding table on printed cells."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from test_checks_forms import errors, findings, funding, indicator, national, records

from pipeline.findings import run_checks
from schemas.records import FundingRow, ProblemRow, Subject


def only(document, rule):  # type: ignore[no-untyped-def]
    found = findings(document, rule)
    assert len(found) == 1, [one.message for one in found]
    return found[0]


def test_parts_above_the_total_contradict_it() -> None:
    found = only(national({0: {"annual_budget": "479.97"}}), "funding_sum")
    assert found.severity == "error"
    assert (found.reported, found.expected, found.difference) == ("479.97万元", "480.00万元", "-0.03万元")
    assert "479.97" in found.message and "经复算为480.00万元" in found.message
    assert Subject("funding", 0, "annual_budget_wanyuan") in found.subjects


def test_total_of_nothing_beside_real_parts() -> None:
    assert only(national({0: {"initial_budget": "0.00"}}), "funding_sum").severity == "error"


def test_rounding_to_wanyuan_is_no_contradiction() -> None:
    rows = [
        funding(0, "资金总额", annual="100.01"),
        funding(1, "其中：财政拨款", annual="33.34"),
        funding(2, "上年结转资金", annual="33.34"),
        funding(3, "其他资金", annual="33.34"),
    ]
    checks = [one for one in run_checks(records(rows)) if one.rule == "funding_sum"]
    assert [one.outcome for one in checks] == ["consistent"]
    assert "在四舍五入范围内" in checks[0].message


def test_amounts_in_yuan_are_shown_as_printed_and_in_wanyuan() -> None:
    rows = [
        funding(0, "资金总额", annual="94581500.00", unit="元"),
        funding(1, "其中：中央资金", annual="5439700.00", unit="元"),
        funding(2, "其他资金", annual="89930000.00", unit="元"),
    ]
    found = only(records(rows), "funding_sum")
    assert found.reported == "94581500.00元（9458.15万元）"
    assert found.expected == "95369700.00元（9536.97万元）"


def test_a_partial_list_may_fall_short_but_not_exceed() -> None:
    short = [funding(0, "资金总额", annual="100.00"), funding(1, "其中：财政拨款", annual="60.00")]
    assert only(records(short), "funding_sum").severity == "info"
    over = [funding(0, "资金总额", annual="100.00"), funding(1, "其中：财政拨款", annual="160.00")]
    assert only(records(over), "funding_sum").severity == "error"


def test_a_list_that_is_whole_in_another_column_is_odd_when_short() -> None:
    rows = [
        funding(0, "资金总额", annual="100.00", executed="90.00"),
        funding(1, "其中：财政拨款", annual="60.00", executed="60.00"),
        funding(2, "上年结转资金", annual="40.00", executed="20.00"),
    ]
    assert only(records(rows), "funding_sum").severity == "warning"


def test_a_blank_part_may_hide_the_difference() -> None:
    rows = [
        funding(0, "资金总额", annual="100.00"),
        funding(1, "其中：财政拨款", annual="60.00"),
        funding(2, "其他资金", annual="—"),
    ]
    assert only(records(rows), "funding_sum").severity == "warning"


LEVELS = ("其中：财政拨款", "其中：中央", "省级资金", "市县资金", "其他资金")


def nested(*annual: str) -> list[FundingRow]:
    labels = ("资金总额", *LEVELS)
    return [funding(i, label, annual=raw) for i, (label, raw) in enumerate(zip(labels, annual, strict=True))]


def test_levels_under_a_source_are_not_counted_twice() -> None:
    assert findings(records(nested("100.00", "80.00", "50.00", "20.00", "10.00", "20.00"))) == []


def test_lines_that_look_nested_may_stand_beside_each_other() -> None:
    rows = [
        funding(0, "资金总额", annual="100.00"),
        funding(1, "财政拨款", annual="40.00"),
        funding(2, "省级资金", annual="30.00"),
        funding(3, "其他资金", annual="30.00"),
    ]
    assert findings(records(rows)) == []


def test_levels_above_their_source_contradict_it() -> None:
    found = findings(records(nested("100.00", "80.00", "50.00", "20.00", "100.00", "20.00")))
    assert [(one.rule, one.severity) for one in found] == [("funding_nested_sum", "error")]


def test_a_total_line_at_the_foot_takes_the_lines_above() -> None:
    rows = [funding(0, "财政拨款", annual="60"), funding(1, "其他资金", annual="30"), funding(2, "合计", annual="100")]
    assert only(records(rows), "funding_sum").severity == "error"


@pytest.mark.parametrize(
    ("row", "column", "raw", "words"),
    [
        (1, "executed", "2612000.00", "以元填写"),
        (1, "executed", "26.12", "少写十倍"),
        (0, "executed", "451.20", "相邻数字颠倒"),
        (2, "annual_budget", "1500.00", "多写十倍"),
    ],
)
def test_the_one_slip_that_explains_is_named(row: int, column: str, raw: str, words: str) -> None:
    found = only(national({row: {column: raw}}), "funding_sum")
    assert found.likely_cause is not None and words in found.likely_cause and raw in found.likely_cause


def test_a_slip_that_fits_two_cells_names_both() -> None:
    rows = [
        funding(0, "资金总额", annual="2728.46"),
        funding(1, "其中：财政拨款", annual="2278.46"),
        funding(2, "其他资金", annual="0.00"),
    ]
    cause = only(records(rows), "funding_sum").likely_cause
    assert cause is not None and "“资金总额”" in cause and "“财政拨款”" in cause


def test_no_cause_rather_than_a_guess() -> None:
    rows = [
        funding(0, "资金总额", annual="391.73"),
        funding(1, "其中：当年财政拨款", annual="101.18"),
        funding(2, "上年结转资金", annual="152.36"),
        funding(3, "其他资金", annual="177.21"),
    ]
    assert only(records(rows), "funding_sum").likely_cause is None


def test_rate_against_any_base_fits_and_says_which() -> None:
    for raw, base in (("86.50%", "全年预算数"), ("83.04%", "年初预算数")):
        made = run_checks(national({0: {"execution_rate": raw, "score": "8.65"}}))
        rate = next(one for one in made if one.rule == "execution_rate")
        assert rate.outcome == "consistent" and base in rate.message


def test_rate_against_what_arrived() -> None:
    row = funding(0, "资金总额", annual="200.00", arrived="80.00", executed="60.00", rate="75%")
    assert findings(records([row]), "execution_rate") == []


@pytest.mark.parametrize(
    ("annual", "executed", "rate", "severity"),
    [
        ("100.00", "129.60", "43%", "error"),
        ("0.00", "207.45", "100%", "error"),
        ("0.00", "207.45", "0.00%", "warning"),
        ("100.00", "129.60", "100%", "warning"),
        ("300000.00", "100000.00", "33.34%", "error"),
        ("300000.00", "200000.00", "66.66%", "warning"),
        ("300000.00", "200000.00", "66.69%", "error"),
        ("200.00", "66.86", "100%", "error"),
    ],
)
def test_wrong_rates(annual: str, executed: str, rate: str, severity: str) -> None:
    row = funding(0, "资金总额", annual=annual, executed=executed, rate=rate)
    assert only(records([row]), "execution_rate").severity == severity


@pytest.mark.parametrize(
    ("annual", "executed", "rate"),
    [("100.00", "129.60", "129.6%"), ("3.00", "1.00", "33%"), ("0.00", "0.00", "0.00"), ("0.00", "0.00", "100%")],
)
def test_right_rates(annual: str, executed: str, rate: str) -> None:
    row = funding(0, "资金总额", annual=annual, executed=executed, rate=rate)
    assert findings(records([row]), "execution_rate") == []


def test_placeholder_rates_of_parts_are_not_contradictions() -> None:
    made = run_checks(national({i: {"execution_rate": "0.00"} for i in (1, 2, 3)}))
    assert {one.outcome for one in made if one.rule == "execution_rate"} == {"consistent", "not_checkable"}


def test_the_same_digits_at_another_scale() -> None:
    row = funding(0, "资金总额", initial="352.10", annual="3521000.00", executed="3521000.00")
    found = findings(records([row]), "amount_scale")
    assert [one.severity for one in found] == ["warning", "warning"]


@pytest.mark.parametrize(
    ("budget", "target", "slips"),
    [("352100.00", "≤35.21万元", True), ("35.21", "≤35.21万元", False), ("3000.00", "≤0.3万元", False)],
)
def test_a_cost_target_shows_that_the_budget_is_in_another_unit(budget: str, target: str, slips: bool) -> None:
    total = funding(0, "资金总额", annual=budget)
    cost = replace(indicator(0, "围栏更换总成本", target=target), category="cost")
    found = findings(records([total], [cost]), "cost_scale")
    assert [one.severity for one in found] == ["warning"] * slips


def test_executed_above_every_budget_is_worth_a_look() -> None:
    row = funding(0, "资金总额", initial="80.00", annual="100.00", executed="129.60")
    assert only(records([row]), "executed_over_budget").severity == "warning"


def test_a_poorly_read_row_makes_a_question_of_an_error() -> None:
    from dataclasses import replace

    document = national({0: {"annual_budget": "391.73"}})
    one = document.evaluations[0]
    unsure = replace(one, funding=(replace(one.funding[0], confidence=0.4), *one.funding[1:]))
    asked = findings(replace(document, evaluations=(unsure,)), "funding_sum")[0]
    assert asked.severity == "warning" and "核对原文" in asked.message


def test_a_half_read_table_makes_questions_of_errors() -> None:
    problem = ProblemRow("0" * 64, 0, "row_cut", "第3行残缺")
    assert errors(national({0: {"annual_budget": "391.73"}}, problems=(problem,))) == []
    notice = ProblemRow("0" * 64, 0, "unfilled_form", "空表")
    assert errors(national({0: {"annual_budget": "391.73"}}, problems=(notice,)))


def test_difference_and_tolerance_fit_the_dataset() -> None:
    rows = [
        funding(0, "资金总额", annual="38065600.123456", unit="元"),
        funding(1, "财政拨款", annual="3806.123456", unit="元"),
        funding(2, "其他资金", annual="0.00", unit="元"),
    ]
    found = only(records(rows), "funding_sum")
    assert found.difference_value is not None
    assert found.difference_value == found.difference_value.quantize(Decimal("0.000001"))


def lines(*cells: tuple[str, str]) -> list[FundingRow]:
    return [funding(i, label, annual=raw) for i, (label, raw) in enumerate(cells)]


def test_a_total_broken_down_twice() -> None:
    rows = lines(("资金总额", "100"), ("财政拨款", "70"), ("其他资金", "30"), ("设备购置", "60"), ("委托业务", "40"))
    assert findings(records(rows)) == []


def test_two_totals_each_with_its_parts() -> None:
    rows = lines(("资金总额", "100"), ("财政拨款", "70"), ("其他资金", "30"), ("支出合计", "90"), ("其他资金", "95"))
    assert "支出合计" in only(records(rows), "funding_sum").message


def test_of_income_beside_spending_only_the_spending_makes_the_total() -> None:
    def rows(project: str) -> list[FundingRow]:
        return [
            funding(0, "收入一般公共预算", annual="560.00", executed="560.00"),
            funding(1, "其他收入", annual="40.00", executed="35.00"),
            funding(2, "支出基本支出", annual="400.00", executed="398.00"),
            funding(3, "项目支出", annual="200.00", executed=project),
            funding(4, "合计", annual="600.00", executed="588.00"),
        ]

    assert not findings(records(rows("190.00")), "funding_sum")
    found = only(records(rows("290.00")), "funding_sum")
    assert (found.severity, found.expected) == ("error", "688.00万元")


def test_a_rate_whose_usual_base_is_blank_in_its_row_alone_is_a_question() -> None:
    total = funding(0, "年度资金总额", "260.00", None, "231.80", "10", "93.28%", "9.33")
    part = funding(1, "财政拨款", "260.00", "248.50", "231.80")
    assert [one.severity for one in findings(records([total, part]), "execution_rate")] == ["warning"]
    bare = funding(1, "财政拨款", "260.00", None, "231.80")
    assert [one.severity for one in findings(records([total, bare]), "execution_rate")] == ["error"]


def test_a_line_under_its_source_that_stands_there_twice_is_a_question() -> None:
    rows = [
        funding(0, "年度资金总额", annual="300", executed="270"),
        funding(1, "当年财政拨款", annual="300", executed="270"),
        funding(2, "其中：中央资金", annual="200", executed="180"),
        funding(3, "省级资金", annual="100", executed="90"),
        funding(4, "省级资金", annual="100", executed="90"),
    ]
    found = [one for rule in ("funding_sum", "funding_nested_sum") for one in findings(records(rows), rule)]
    assert {one.severity for one in found if one.outcome == "inconsistent"} <= {"warning", "info"}


def test_a_total_above_its_lines_in_every_column_lacks_a_line() -> None:
    rows = [
        funding(0, "年度资金总额", annual="300", executed="270"),
        funding(1, "中央资金", annual="200", executed="180"),
        funding(2, "县级资金", annual="80", executed="72"),
        funding(3, "其他资金", annual="0", executed="0"),
    ]
    found = findings(records(rows), "funding_sum")
    assert len(found) == 2 and {one.severity for one in found} == {"warning"}
    assert all("各栏都少，疑似缺一行分项" in one.message for one in found)


def test_a_list_short_by_half_of_the_last_digit_is_short() -> None:
    rows = [
        funding(0, "资金总额", annual="3"),
        funding(1, "其中：上级补助", annual="1"),
        funding(2, "本级安排", annual="0"),
        funding(3, "其他", annual="1"),
    ]
    assert errors(records(rows)) == []


def test_a_total_in_another_unit_lacks_no_line() -> None:
    totals = {"initial_budget": "3000000", "annual_budget": "4800000", "executed": "4428000"}
    found = [one for one in findings(national({0: totals})) if one.rule == "funding_sum"]
    assert found and all("缺一行" not in one.message for one in found)


@pytest.mark.parametrize(("executed", "severity"), [("129.60", "warning"), ("1000000", "error")])
def test_a_hundred_percent_of_far_more_than_the_budget_is_no_overspending(executed: str, severity: str) -> None:
    row = funding(0, "财政拨款", annual="100.00", executed=executed, rate="100.00%")
    found = only(records([row]), "execution_rate")
    assert found.severity == severity and ("超预算" in found.message) == (severity == "warning")

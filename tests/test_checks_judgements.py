"""Judgements of indicators, dates, reasons and what was left unfilled: each on a form made odd in one way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from test_checks_forms import findings, funding, indicator, national, records

from schemas.records import Check, Indicator


def of(rule: str, *rows: Indicator, **head: Any) -> list[Check]:
    return findings(records(indicators=rows, **head), rule)


def row(ordinal: int = 0, name: str = "清淤长度", **printed: Any) -> Indicator:
    given: dict[str, Any] = {"points": "10", "score": "10"} | printed
    return indicator(ordinal, name, **given)


def test_a_clean_form_is_not_odd() -> None:
    assert findings(national()) == []


@pytest.mark.parametrize(("name", "target", "actual"), [
    ("群众满意度", "≥95%", "105%"), ("工程合格率", "110%", "100%"), ("政策知晓率", "≥90%", "120%"),
])  # fmt: skip
def test_shares_above_the_whole(name: str, target: str, actual: str) -> None:
    assert [one.severity for one in of("share_above_whole", row(name=name, target=target, actual=actual))] == [
        "warning"
    ]


def test_a_bare_actual_is_in_the_unit_of_its_target() -> None:
    assert len(of("share_above_whole", row(name="受检妇女满意度", target="≥85%", actual="169.1"))) == 1


@pytest.mark.parametrize(("name", "target", "actual"), [
    ("收入增长率", "≥110%", "120%"), ("群众满意度", "≥95%", "100%"), ("产值占比增长率", "≥101%", "105%"),
])  # fmt: skip
def test_rates_that_may_be_above_the_whole(name: str, target: str, actual: str) -> None:
    assert of("share_above_whole", row(name=name, target=target, actual=actual)) == []


@pytest.mark.parametrize(("target", "actual", "odd"), [
    ("≥5000平方米", "8亩", True), ("=19(家)", "100", True), ("≥300人", "95%", True),
    ("≥300人次", "310人", False), ("≥100万元", "90000元", False), ("≥91万元", "100", False),
    ("≤18.5万元/公里", "17.92元/公里", True), ("≤18.5万元/公里", "179200元/公里", False),
])  # fmt: skip
def test_units_of_target_and_actual(target: str, actual: str, odd: bool) -> None:
    assert bool(of("unit_of_actual", row(target=target, actual=actual))) is odd


@pytest.mark.parametrize(("name", "target", "actual", "odd"), [
    ("培训人次", "300人次", "250人次", True), ("发放及时率", "95%", "90%", True),
    ("项目成本", "50万元", "60万元", True), ("项目成本", "50万元", "45万元", False),
    ("信访投诉量", "5件", "8件", True), ("培训人次", "300人次", "350人次", False),
    ("故障响应时间", "46小时", "50小时", False), ("受益群众", "8200人", "7350人", True),
    ("带动农户", "60户", "66户", False), ("安全事故伤亡", "2人", "1人", False),
    ("森林火灾受害率", "0.9%", "0%", False), ("有害生物成灾率", "0.4%", "0.1%", False),
    ("突发事件发生率", "1%", "3%", True), ("疫苗接种率", "95%", "90%", True),
])  # fmt: skip
def test_targets_without_a_sign_are_judged_by_what_they_are_about(
    name: str, target: str, actual: str, odd: bool
) -> None:
    assert bool(of("target_missed_full_score", row(name=name, target=target, actual=actual))) is odd


def test_it_is_said_how_many_could_not_be_compared() -> None:
    rows = [row(0, "设备台数", target="5台", actual="4台"), row(1, "办理时长", target="12天", actual="10天")]
    (check,) = [one for one in all_of(rows) if one.rule == "target_not_comparable"]
    assert check.outcome == "not_checkable"
    assert "2项" in check.message and "其中" in check.message


def all_of(rows: list[Indicator]) -> tuple[Check, ...]:
    from pipeline.findings import run_checks

    return run_checks(records(indicators=rows))


def test_a_cost_target_that_asks_for_more() -> None:
    cost = replace(row(name="项目总成本", target="≥50万元", actual="50万元"), category="cost")
    assert len(of("cost_target_direction", cost)) == 1
    fine = replace(row(name="成本节约率", target="≥5%", actual="6%"), category="cost")
    assert of("cost_target_direction", fine) == []


@pytest.mark.parametrize(("target", "actual", "odd"), [
    ("≥8", "87%", True), ("1%", "92%", True), ("≧9%", "95%", True), ("≥80%", "95%", False), ("≥1", "100%", False),
    ("≤5%", "60%", False), ("≥95%", "9", True), ("≥85%", "6%", True), ("≥90%", "0.95", False),
    ("≥9%", "95", True), ("≥9", "95", False),
])  # fmt: skip
def test_a_share_far_from_its_target_has_lost_a_digit_or_its_unit(target: str, actual: str, odd: bool) -> None:
    assert bool(of("unit_of_actual", row(name="验收合格率", target=target, actual=actual))) is odd


@pytest.mark.parametrize(("bare", "odd"), [(1, True), (2, False)])
def test_the_only_result_without_percent_has_lost_it(bare: int, odd: bool) -> None:
    rows = [row(i, f"第{i}项合格率", target="≥90%", actual="95" if i < bare else "95%") for i in range(6)]
    assert bool(of("unit_of_actual", *rows)) is odd


def test_the_same_indicator_twice() -> None:
    twice = [row(i, "培训人次", target="≥300人次", actual="310人次") for i in range(2)]
    assert len(of("indicator_twice", *twice)) == 1
    apart = [row(i, "培训人次", target=f"≥{300 + i}人次", actual="310人次") for i in range(2)]
    assert of("indicator_twice", *apart) == []


def test_far_above_the_target() -> None:
    assert [one.severity for one in of("over_fulfilled", row(target="≥100人", actual="350人"))] == ["info"]
    assert of("over_fulfilled", row(target="≥1篇", actual="3篇")) == []


@pytest.mark.parametrize("actual", ["未完成", "尚未验收", "设备未启动采购", "部分完成", "正在实施"])
def test_unfinished_with_full_marks(actual: str) -> None:
    assert len(of("unfinished_full_score", row(target="全部完成", actual=actual))) == 1
    assert of("unfinished_full_score", row(target="全部完成", actual=actual, score="6")) == []


@pytest.mark.parametrize(("target", "actual", "odd"), [
    ("2022年10月底前", "2022年12月完成", True), ("12月31日前", "2023年3月", True), ("10月底前", "11月15日", True),
    ("2022年12月底前", "2022年11月", False), ("12月底前", "12月30日", False),
])  # fmt: skip
def test_a_missed_deadline_with_full_marks(target: str, actual: str, odd: bool) -> None:
    found = of("overdue_full_score", row(target=target, actual=actual), fiscal_year=2022)
    assert bool(found) is odd


@pytest.mark.parametrize(("text", "odd"), [
    ("13月底前", True), ("2022年2月30日前", True), ("9月31日前", True), ("2023年2月29日", True),
    ("2024年2月29日前", False), ("12月31日前", False), ("1至12月", False),
])  # fmt: skip
def test_dates_that_do_not_exist(text: str, odd: bool) -> None:
    assert bool(of("impossible_date", row(target=text, actual="完成"))) is odd


def test_a_period_that_ends_before_it_begins() -> None:
    backwards = {"period_start": date(2022, 12, 1), "period_end": date(2022, 1, 31)}
    assert len(of("period_backwards", **backwards)) == 1
    forwards = {"period_start": date(2022, 1, 1), "period_end": date(2022, 12, 31)}
    assert of("period_backwards", **forwards) == []
    late = row(target="2024年6月底前", actual="完成")
    assert len(of("period_backwards", late, **forwards)) == 1


def test_years_of_title_and_period() -> None:
    period = {"period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)}
    assert len(of("year_of_title", title="2022年度项目支出绩效自评表", **period)) == 1
    assert of("year_of_title", title="2023年度项目支出绩效自评表", **period) == []
    assert of("year_of_title", title="2023年度项目支出绩效自评表", project_name="2022—2023年度道路养护", **period) == []


def test_reasons() -> None:
    for phrase in ("客观原因", "受客观因素影响"):
        empty = row(target="≥10次", actual="8次", score="8", deviation=phrase)
        assert [one.severity for one in of("empty_reason", empty)] == ["warning"]
    contrary = row(target="≥10次", actual="12次", deviation="受天气影响未完成计划")
    assert len(of("reason_without_shortfall", contrary)) == 1
    same = [row(i, f"第{i}项", score="9", deviation="部分乡镇报送数据不及时，下一步督促") for i in range(3)]
    assert [one.severity for one in of("same_reason", *same)] == ["info"]


def test_what_was_left_of_the_sample() -> None:
    assert len(of("placeholder_left", row(name="XX项目完成数", target="≥**个", actual="5个"))) == 2
    assert of("placeholder_left", row(name="完成改造数", target="≥5个", actual="5个")) == []


@pytest.mark.parametrize("target", ["≥*个", "≥X公里", "不少于＊场", "≥〇〇公里"])
def test_a_mark_in_place_of_the_number(target: str) -> None:
    assert len(of("placeholder_left", row(target=target, actual="5个"))) == 1
    assert of("placeholder_left", row(target="≥5*2次", actual="10次")) == []


def test_a_name_and_goals_left_as_in_the_sample() -> None:
    assert len(of("placeholder_left", row(), project_name="××河堤防维护", goal_expected="整治河道X公里等……")) == 1
    assert len(of("placeholder_left", row(), project_name="堤防维护", goal_expected="整治河道不少于X公里")) == 1
    assert of("placeholder_left", row(), project_name="堤防维护", goal_expected="整治河道5公里，清淤……") == []


def test_a_project_carried_over_keeps_its_first_year() -> None:
    title = {"title": "2023年度项目支出绩效自评表", "project_name": "2022年道路养护"}
    carried = replace(funding(1, "上年结转资金", "10.00", "10.00", "10.00"), source="carryover")
    assert [one.severity for one in findings(records([carried], **title), "year_of_title")] == ["info"]
    assert [one.severity for one in findings(records([], **title), "year_of_title")] == ["warning"]
    later = title | {"project_name": "2024年道路养护"}
    assert [one.severity for one in findings(records([carried], **later), "year_of_title")] == ["warning"]


def test_a_dimension_without_indicators() -> None:
    rows = [replace(row(i, f"第{i}项"), level1=name) for i, name in enumerate(("产出指标", "产出指标", "效益指标"))]
    (found,) = of("missing_dimension", *rows)
    assert "满意度" in found.message
    whole = [*rows, replace(row(3, "群众满意度"), level1="满意度指标")]
    assert of("missing_dimension", *whole) == []


def test_points_of_the_execution_left_out_of_the_total() -> None:
    line = funding(0, "年度资金总额", annual="100.00", executed="100.00", rate="100%", points="20", score="20")
    rows = [row(i, f"第{i}项", points="50", score="50") for i in range(2)]
    found = findings(records([line], rows, total_points="100"), "points_beside_execution")
    assert [one.expected for one in found] == ["120分"]


def test_all_outputs_done_with_little_money() -> None:
    line = funding(0, "年度资金总额", annual="100.00", executed="20.00")
    rows = [replace(row(i, f"第{i}项"), category="output.quantity") for i in range(2)]
    assert len(findings(records([line], rows), "outputs_without_money")) == 1
    lost = [replace(each, score=each.points / 2) for each in rows if each.points]
    assert findings(records([line], lost), "outputs_without_money") == []


def test_money_that_lost_its_ten_thousand() -> None:
    small = funding(0, "年度资金总额", annual="100", executed="33.78", unit="元")
    assert len(findings(records([small]), "lost_ten_thousand")) == 1
    usual = funding(0, "年度资金总额", annual="100000", executed="33780", unit="元")
    assert findings(records([usual]), "lost_ten_thousand") == []


def test_an_execution_that_is_an_indicator_counts_once() -> None:
    rows = [
        row(0, "预算执行率", points="10", score="9.5", target="100%", actual="95%"),
        row(1, "清淤长度", points="90", score="90", target="≥5公里", actual="5公里"),
    ]
    table = [funding(0, "年度资金总额", annual="100", executed="95", rate="95%", points="10")]
    form = records(rows=table, indicators=rows, total_points="100", total_score="99.5")
    told = {one.rule for one in findings(form)}
    assert not told & {"points_beside_execution", "points_total", "score_total"}


@pytest.mark.parametrize(("reason", "odd"), [
    ("因客观原因所致", True), ("受客观因素影响，下一步加强管理。", True), ("汛期塌方，道路中断28天", False),
    ("由于客观原因，设备到货晚两个月", False),
])  # fmt: skip
def test_reasons_of_stock_phrases_alone(reason: str, odd: bool) -> None:
    found = of("empty_reason", row(target="≥10公里", actual="9公里", score="9", deviation=reason))
    assert bool(found) is odd


def test_a_reason_for_a_shortfall_where_nothing_fell_short_and_no_points_are_given() -> None:
    found = of(
        "reason_without_shortfall",
        row(target="≥86所", actual="88所", points=None, score=None, deviation="未完成，两所学校停办"),
    )
    assert [one.severity for one in found] == ["warning"]
    assert "已达到指标值" in found[0].message


@pytest.mark.parametrize(("score", "odd"), [("9.5", False), ("5.9", True), ("10", False)])
def test_an_execution_score_without_points_takes_what_the_total_leaves(score: str, odd: bool) -> None:
    table = [funding(0, "年度资金总额", annual="100", executed="95", rate="95%", score=score)]
    rows = [row(0, points="90", score="90", target="≥5公里", actual="5公里")]
    form = records(rows=table, indicators=rows, total_points="100", total_score=str(90 + float(score)))
    found = findings(form, "execution_score")
    assert [one.severity for one in found] == (["warning"] if odd else [])


def test_how_many_complaints_were_dealt_with_is_the_better_the_more() -> None:
    rows = [
        indicator(0, "群众投诉处理率", "100%", "95.8%", "10", "9"),
        indicator(1, "患者随访控制数", "380人", "322人", "10", "9"),
    ]
    assert findings(records(indicators=rows), "target_met_points_lost") == []

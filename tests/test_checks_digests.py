"""Reports on several projects, and what a form says twice."""

from __future__ import annotations

import pytest
from test_checks_forms import findings, funding, indicator, records
from test_checks_prose import amounts

from schemas.records import Check

DIGEST = """我局2023年度共有{count}个项目纳入自评，预算资金合计{budget}万元，实际支出{spent}万元，自评平均得分{mean}分。
1.绿化补植项目：预算安排386万元，实际支出374.42万元，执行率97%，自评得分97.8分，等级为优。
2.公厕改造项目：预算安排460万元，实际支出386.4万元，执行率84%，自评得分88.4分，等级为{grade}。"""
RIGHT = {"count": "2", "budget": "846", "spent": "760.82", "mean": "93.1", "grade": "良"}


def digest(**told: str) -> list[Check]:
    rows = records(amounts=amounts(*DIGEST.format(**RIGHT | told).split("\n")), fiscal_year=2023)
    return [one for rule in ("prose_digest", "prose_grade") for one in findings(rows, rule)]


def test_what_is_said_of_all_projects_comes_from_each() -> None:
    assert digest() == []


@pytest.mark.parametrize(("told", "right"), [
    ({"budget": "864"}, "846万元"),
    ({"spent": "706.82"}, "760.82万元"),
    ({"mean": "91.3"}, "93.1分"),
    ({"count": "3"}, "2个"),
    ({"grade": "优"}, "良"),
])  # fmt: skip
def test_a_wrong_summary_of_projects_is_found(told: dict[str, str], right: str) -> None:
    assert [(one.severity, one.expected) for one in digest(**told)] == [("warning", right)]


def test_projects_that_are_not_all_told_are_not_added_up() -> None:
    assert digest(count="5", budget="2150", spent="1980.4", mean="94.6") == []


def goals(done: str) -> list[str]:
    rows = [
        indicator(0, "改善灌溉面积", "≥1.25万亩", "1.27万亩"),
        indicator(1, "监测企业数", "≥320家", "326家"),
    ]
    found = findings(records(indicators=rows, goal_actual=done, fiscal_year=2023), "goal_indicator")
    return [one.severity for one in found]


@pytest.mark.parametrize(("done", "found"), [
    ("改善灌溉面积1.27万亩，完成企业监测326家。", []),
    ("改善灌溉面积12700亩。", []),
    ("改善灌溉面积1.72万亩。", ["warning"]),
    ("完成企业监测362家。", ["warning"]),
    ("完成企业监测320家。", ["info"]),
    ("完成企业监测320家以上。", []),
    ("完成设备监测18台。", []),
])  # fmt: skip
def test_a_figure_of_the_goal_cell_is_that_of_the_indicator_of_its_name(done: str, found: list[str]) -> None:
    assert goals(done) == found


def rates(actual: str, **row: str) -> list[str]:
    total = funding(0, "年度资金总额", **{"annual": "126.80", "executed": "120.46", "rate": "95.00%"} | row)
    one = indicator(0, "预算执行率", "100%", actual)
    return [check.severity for check in findings(records([total], [one]), "rate_twice")]


def test_the_execution_rate_stands_alike_in_the_indicators_and_the_funds() -> None:
    assert rates("95.00%") == []
    assert rates("97%") == ["warning"]
    assert rates("100%", executed="139.48", rate="110%") == []


def test_more_is_spent_than_arrived_though_not_than_was_planned() -> None:
    total = funding(0, "年度资金总额", annual="126.80", arrived="112.80", executed="120.46")
    assert [one.severity for one in findings(records([total]), "executed_over_budget")] == ["warning"]

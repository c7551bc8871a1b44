"""Checks of points, scores, grades, single indicators and dates on printed cells."""

from __future__ import annotations

from datetime import date

import pytest
from test_checks_forms import findings, funding, indicator, national, records

from pipeline.findings import run_checks
from schemas.records import ProblemRow


def only(document, rule):  # type: ignore[no-untyped-def]
    found = findings(document, rule)
    assert len(found) == 1, [one.message for one in found]
    return found[0]


@pytest.mark.parametrize(
    ("rate", "score", "severity"),
    [
        ("79.75%", "6.98", "error"),
        ("100.00%", "9.00", "error"),
        ("86.00%", "9.00", "warning"),
        ("86.00%", "8.00", "warning"),
        ("86.00%", "6.00", "warning"),
        ("86.00%", "10.00", "warning"),
        ("96.99%", "10", "warning"),
        ("35.00%", "10.00", "error"),
        ("86.00%", "8.06", "error"),
    ],
)
def test_execution_scores_that_do_not_follow(rate: str, score: str, severity: str) -> None:
    row = funding(0, "资金总额", points="10", rate=rate, score=score)
    found = only(records([row]), "execution_score")
    assert found.severity == severity
    assert score in found.message


@pytest.mark.parametrize(
    ("rate", "score"),
    [("86.00%", "9"), ("92.25%", "9.23"), ("129.60%", "10"), ("99.74%", "9.97"), ("99.60%", "10")],
)
def test_execution_scores_that_follow(rate: str, score: str) -> None:
    assert findings(records([funding(0, "资金总额", points="10", rate=rate, score=score)]), "execution_score") == []


def test_a_score_by_the_amounts_is_not_blamed_for_a_wrong_rate() -> None:
    found = findings(national({0: {"execution_rate": "73.45%"}}))
    assert [one.rule for one in found] == ["execution_rate"]


def test_points_above_the_total() -> None:
    found = only(national(cells={0: {"points": "35"}}), "points_total")
    assert found.severity == "error"
    assert "100" in found.message and "105" in found.message


def test_points_short_of_the_total_though_the_scores_add_up() -> None:
    assert only(national(cells={2: {"points": "28.5"}}), "points_total").severity == "error"


def test_points_and_scores_short_alike_are_missing_rows() -> None:
    document = national()
    from dataclasses import replace

    one = document.evaluations[0]
    cut = replace(document, evaluations=(replace(one, indicators=one.indicators[:-1]),))
    found = findings(cut)
    assert [(one.rule, one.severity) for one in found] == [("incomplete_table", "warning")]
    assert "缺行" in found[0].message and "90" in found[0].message


def test_half_rows_are_missing_rows() -> None:
    rows = [indicator(i, f"指标{'甲乙丙'[i]}", points="15", score=score) for i, score in enumerate(("15", None, "14"))]
    found = findings(records(indicators=rows, total_score="100"))
    assert [(one.rule, one.severity) for one in found if one.rule != "score_lost_no_reason"] == [
        ("incomplete_table", "warning")
    ]


def test_half_rows_without_any_total() -> None:
    rows = [indicator(i, f"指标{'甲乙丙'[i]}", points="15", score=score) for i, score in enumerate(("15", None, "15"))]
    assert "45分" in only(records(indicators=rows), "incomplete_table").message


def test_execution_may_count_or_not() -> None:
    rows = [indicator(0, "甲", points="60", score="60"), indicator(1, "乙", points="40", score="39")]
    execution = funding(0, "资金总额", points="10", rate="90%", score="9")
    assert findings(records([execution], rows, total_points="100", total_score="99"), "score_total") == []
    found = only(records([execution], rows, total_points="110", total_score="99"), "score_total")
    assert found.likely_cause is not None and "108分" in found.likely_cause and "漏加预算执行" in found.likely_cause


def test_wrong_score_total() -> None:
    found = only(national(total_score="99.15"), "score_total")
    assert found.severity == "error"
    assert "97.15" in found.message and "99.15" in found.message


def test_computed_scores_stand_for_what_rounds_to_them() -> None:
    rows = [indicator(i, f"第{i}项", points="3.33", score="3.33") for i in range(3)]
    assert findings(records(indicators=rows, total_points="10", total_score="10")) == []


def test_whole_total_of_scores_with_decimals() -> None:
    assert findings(national(total_score="97")) == []


def test_bonus_rows_may_exceed() -> None:
    rows = [indicator(0, "甲", points="100", score="100"), indicator(1, "附加分", points="0", score="2")]
    found = findings(records(indicators=rows, total_points="100", total_score="102"))
    assert {one.severity for one in found} == {"info", "warning"}


def test_score_above_points() -> None:
    found = only(national(cells={1: {"score": "20.5"}}, total_score="97.65"), "score_over_points")
    assert found.severity == "error" and "20.5" in (found.reported or "")


def test_level_points() -> None:
    rows = [
        indicator(0, "甲", points="30", level1_points="50"),
        indicator(1, "乙", points="20", level1_points="50"),
        indicator(2, "丙", points="25", level1="效益指标", level1_points="30"),
    ]
    found = only(records(indicators=rows, total_points="75"), "level_points")
    assert "效益指标" in found.message and found.severity == "error"


@pytest.mark.parametrize(
    ("printed", "score", "severity"),
    [
        ("优", "97.5", None),
        ("良好", "85", None),
        ("A", "90", None),
        ("不合格", "41", None),
        ("优", "50", "error"),
        ("良", "96.21", "error"),
        ("优", "86", "warning"),
        ("合格", "82", "warning"),
    ],
)
def test_grades(printed: str, score: str, severity: str | None) -> None:
    found = findings(records(total_score=score, grade=printed), "grade")
    assert [one.severity for one in found] == ([severity] if severity else [])
    assert all(score in one.message and printed in one.message for one in found)


def test_grade_of_a_form_with_other_total_points() -> None:
    assert findings(records(total_points="120", total_score="110", grade="优"), "grade") == []
    assert only(records(total_points="120", total_score="97", grade="优"), "grade").severity == "warning"


def test_unknown_grade_is_not_checkable() -> None:
    made = [one for one in run_checks(records(total_score="97", grade="三星")) if one.rule == "grade"]
    assert [one.outcome for one in made] == ["not_checkable"]


@pytest.mark.parametrize(
    ("row", "rule", "severity"),
    [
        (indicator(0, "人数", "≥900人", "880人", "10", "10"), "target_missed_full_score", "warning"),
        (indicator(0, "成本", "≤5万元", "62000元", "10", "10"), "target_missed_full_score", "warning"),
        (indicator(0, "人数", "≥900人", "960人", "10", "8"), "target_met_points_lost", "warning"),
        (indicator(0, "人数", "≥900人", "960人", "10", "8", "数据报送迟"), "target_met_points_lost", "info"),
        (indicator(0, "用户", "≥6000.00(人)", "0", "10", "5.00", "建设中"), "score_beyond_completion", "warning"),
        (indicator(0, "环境", "改善", "有所改善", "10", "8"), "score_lost_no_reason", "info"),
        (indicator(0, "人数", "≥900人", "880人"), "target_missed_no_reason", "info"),
    ],
)
def test_judgements_about_indicators(row, rule: str, severity: str) -> None:  # type: ignore[no-untyped-def]
    found = findings(records(indicators=[row]), rule)
    assert [one.severity for one in found] == [severity]


@pytest.mark.parametrize(
    ("target", "actual", "level2"),
    [
        ("≥900人", "88%", "数量指标"),  # a share of completion is no count
        ("≥95%", "0.97", "质量指标"),  # a ratio or a percentage: nobody can tell
        ("46小时", "50", "质量指标"),  # no sign: direction unknown
        ("=100万元", "98万元", "成本指标"),  # cheaper than planned
        ("=19.00(家)", "100", "数量指标"),
        ("及时", "100%", "时效指标"),
        ("8-10月", "9月", "时效指标"),
    ],
)
def test_no_judgement_without_comparable_figures(target: str, actual: str, level2: str) -> None:
    row = indicator(0, "某项", target, actual, "10", "10", level2=level2)
    assert findings(records(indicators=[row]), "target_missed_full_score") == []


def test_a_lost_point_without_reason_among_rows_that_explain() -> None:
    found = only(national(cells={3: {"score": "9"}}, total_score="96.15"), "score_lost_no_reason")
    assert found.severity == "warning" and "群众满意度" in found.message


@pytest.mark.parametrize(("day", "count"), [(date(2022, 4, 26), 1), (date(2022, 12, 31), 0), (date(2023, 3, 1), 0)])
def test_report_before_its_year_ended(day: date, count: int) -> None:
    assert len(findings(national(report_date=day), "report_date")) == count


def test_a_problem_on_another_page_does_not_concern_the_form() -> None:
    from dataclasses import replace

    document = national(total_score="99.15", problems=(ProblemRow("0" * 64, 0, "row_cut", "残缺", page=9),))
    one = document.evaluations[0]
    paged = replace(one, evaluation=replace(one.evaluation, page=1))
    assert findings(replace(document, evaluations=(paged,)), "score_total")[0].severity == "error"


def test_every_rule_says_what_it_made_of_an_empty_form() -> None:
    made = run_checks(records())
    assert {one.outcome for one in made} == {"not_checkable"}
    assert all(one.message.endswith("。") for one in made)


def test_rows_under_the_wrong_level_are_a_question() -> None:
    rows = [
        indicator(0, "甲", points="30", level1_points="50"),
        indicator(1, "乙", points="50", level1="效益指标", level1_points="30"),
    ]
    assert {one.severity for one in findings(records(indicators=rows, total_points="80"), "level_points")} == {
        "warning"
    }


def test_execution_points_that_are_not_printed() -> None:
    rows = [indicator(0, "甲", points="90", score="88")]
    execution = funding(0, "资金总额", rate="95%", score="9.5")
    document = records([execution], rows, total_points="100", total_score="97.5")
    assert [one for one in findings(document) if one.rule != "score_lost_no_reason"] == []


def test_sums_that_only_touch_what_rounds_to_the_total_do_not_agree() -> None:
    scores = ("13", "15", "10", "10", "27", "9")
    rows = [indicator(i, f"第{i}项", points=score, score=score) for i, score in enumerate(scores)]
    line = funding(0, "年度资金总额", annual="100.00", executed="86.00", rate="86.00%", points="10", score="9")
    found = findings(records([line], rows, total_points="94", total_score="94"), "score_total")
    assert [(one.severity, one.expected, one.difference) for one in found] == [("error", "93分", "1分")]


def test_a_numbered_head_with_the_sum_of_its_rows_is_not_added_to_them() -> None:
    rows = [
        indicator(0, "一、项目产出", points="60", score="60"),
        indicator(1, "1、清淤长度", points="20", score="20"),
        indicator(2, "2、清淤方量", points="40", score="40"),
        indicator(3, "二、项目效益", points="40", score="38"),
        indicator(4, "1、行洪能力", points="15", score="15"),
        indicator(5, "2、岸线环境", points="25", score="23", deviation="部分岸线尚未绿化"),
    ]
    right = findings(records(indicators=rows, total_points="100", total_score="98"))
    assert [one.rule for one in right if one.difference] == []
    wrong = findings(records(indicators=rows, total_points="100", total_score="95"), "score_total")
    assert [one.expected for one in wrong] == ["98分"]


def test_points_and_scores_that_fall_short_alike_are_missing_rows() -> None:
    lines = [funding(0, "年度资金总额", "200.00", "200.00", "186.00", "20", "93.00%", "18.6")]
    rows = [
        indicator(0, "开放天数", "≥250天", "262天", "20", "20"),
        indicator(1, "到馆读者", "≥5000人次", "5210人次", "30", "30"),
    ]
    cut = records(lines, rows, total_score="98.6")
    assert findings(cut, "score_total") == []
    assert [one.severity for one in findings(cut, "incomplete_table")] == ["warning"]
    wrong = records(lines, [*rows, indicator(2, "读者满意度", "≥90%", "94%", "30", "30")], total_score="89.6")
    assert [one.severity for one in findings(wrong, "score_total")] == ["error"]


def test_a_funding_line_that_stands_there_twice_counts_once() -> None:
    line = ("年度资金总额", "200.00", "200.00", "186.00", "20", "93.00%", "18.6")
    rows = [indicator(0, "开放天数", "≥250天", "262天", "80", "80")]
    twice = records([funding(0, *line), funding(1, *line)], rows, total_points="100", total_score="98.6")
    assert findings(twice, "score_total") == findings(twice, "points_total") == []


@pytest.mark.parametrize(("total", "severities"), [("109", []), ("99", []), ("104", ["error"])])
def test_points_left_out_of_their_total_are_no_wrong_score(total: str, severities: list[str]) -> None:
    rows = [indicator(0, "甲", points="60", score="60"), indicator(1, "乙", points="40", score="39")]
    execution = funding(0, "资金总额", points="10", rate="100%", score="10")
    document = records([execution], rows, total_points="100", total_score=total)
    assert len(findings(document, "points_beside_execution")) == 1
    assert [one.severity for one in findings(document, "score_total")] == severities
    assert findings(document, "score_over_points") == []


def test_a_line_of_zero_totals_of_points_and_scores_is_one_finding() -> None:
    rows = [indicator(0, "甲", points="60", score="60"), indicator(1, "乙", points="30", score="30")]
    found = [one for one in findings(records([], rows, total_points="0", total_score="0")) if one.severity == "error"]
    assert {one.rule for one in found} == {"points_total", "score_total"}
    assert len({one.root_id for one in found}) == 1


def test_a_row_without_a_name_is_told_by_its_place() -> None:
    row = indicator(2, "", points="10", score="12", level1="", level2="")
    assert only(records(indicators=[row]), "score_over_points").message.startswith("“第3行”得分")


def test_rows_without_a_level_1_may_be_of_any_level() -> None:
    rows = [
        indicator(0, "新建泵站", points="10", score="10", level1=""),
        indicator(1, "验收合格率", points="30", score="30", level1_points="40"),
    ]
    assert findings(records(indicators=rows, total_points="40"), "level_points") == []


@pytest.mark.parametrize(("blank", "severity"), [(None, "warning"), ("20", "error")])
def test_a_score_left_blank_that_may_be_what_is_short_is_a_question(blank: str | None, severity: str) -> None:
    rows = [
        indicator(0, "新建泵站", points="80", score="80" if blank is None else "70"),
        indicator(1, "验收合格率", points="20", score=blank),
    ]
    found = only(records(indicators=rows, total_points="100", total_score="99"), "score_total")
    assert found.severity == severity and ("有1行没有得分" in found.message) == (blank is None)


def test_a_row_that_stands_there_twice_beside_points_that_were_not_read_is_a_question() -> None:
    rows = [indicator(i, name, "1座", "1座", "45", "45") for i, name in enumerate(("新建泵站", "改造泵站", "改造泵站"))]
    found = only(records(indicators=rows, total_points="100", total_score="100"), "points_total")
    assert found.severity == "warning" and "“改造泵站”一行填列了两次" in found.message


def test_a_page_bound_in_twice_is_a_question_in_every_sum() -> None:
    page = (("新建泵站", "60", "60"), ("验收合格率", "40", "38"))
    rows = [
        indicator(at, name, "1座", "1座", points, score, level1_points="100")
        for at, (name, points, score) in enumerate((*page, *page))
    ]
    document = records(indicators=rows, total_points="100", total_score="98")
    found = [only(document, rule) for rule in ("points_total", "score_total", "level_points")]
    assert {one.severity for one in found} == {"warning"}
    assert all("“新建泵站”等2行填列了两次，去掉一次即相符" in one.message for one in found)


def test_a_payment_rate_beside_the_execution_is_an_indicator_of_its_own() -> None:
    total = funding(0, "资金总额", annual="100", executed="100", points="10", rate="100%", score="10")
    rows = [
        indicator(0, "款项按期支付率", target="100%", actual="100%", points="10", score="10"),
        indicator(1, "清淤长度", target="8公里", actual="8公里", points="80", score="80"),
    ]
    found = findings(records([total], rows, total_points="100", total_score="100"))
    assert not {one.rule for one in found} & {"incomplete_table", "points_total", "score_total"}


def test_a_total_that_only_fits_an_execution_score_before_rounding_is_a_question() -> None:
    rows = [indicator(0, "造林面积", points="90", score="89.4")]

    def total(score: str) -> list[tuple[str, str]]:
        found = findings(
            records([funding(0, "资金总额", points="10", rate="86.00%", score="9")], rows, total_score=score),
            "score_total",
        )
        return [(one.severity, one.expected or "") for one in found]

    assert total("98.4") == []
    assert total("98.0") == [("warning", "98.4分")]


def test_the_row_of_the_execution_rate_loses_points_by_rule() -> None:
    rows = [
        indicator(0, "造林面积", points="50", score="45", deviation="苗木供应推迟，已补植"),
        indicator(1, "预算执行率", points="10", score="9.8", level2="预算执行率"),
    ]
    assert findings(records(indicators=rows), "score_lost_no_reason") == []


def test_rows_under_a_level_whose_next_name_is_lost_are_a_question() -> None:
    rows = [
        indicator(0, "管网长度", points="50", score="50", level1="产出指标", level1_points="50"),
        indicator(1, "受益人口", points="30", score="30", level1="产出指标", level1_points="50", level2="社会效益指标"),
        indicator(2, "用水户满意度", points="10", score="10", level1="满意度指标", level1_points="10"),
    ]
    total = funding(0, "资金总额", points="10", rate="100%", score="10")
    found = only(records([total], rows, total_points="100", total_score="100"), "level_points")
    assert found.severity == "warning" and "名称缺失" in found.message


def test_a_row_under_no_stated_level_may_be_what_another_level_lacks() -> None:
    rows = [
        indicator(0, "水质达标率", points="9", score="9", level1="一级指标"),
        indicator(1, "管网长度", points="41", score="41", level1="产出指标", level1_points="50"),
        indicator(2, "受益人口", points="40", score="40", level1="效益指标", level1_points="40"),
    ]
    total = funding(0, "资金总额", points="10", rate="100%", score="10")
    found = only(records([total], rows, total_points="100", total_score="100"), "level_points")
    assert found.severity == "warning" and "归属" in found.message


def test_a_row_that_stands_twice_is_told_with_the_sum_it_is_too_much_in() -> None:
    rows = [
        indicator(0, "管网长度", points="80", score="80"),
        indicator(1, "用水户满意度", points="10", score="10"),
        indicator(2, "用水户满意度", points="10", score="10"),
    ]
    total = funding(0, "资金总额", points="10", rate="98.50%", score="9.85")
    found = only(records([total], rows, total_points="100", total_score="99.85"), "score_total")
    assert "经复算为109.85分（预算执行9.85分＋3项指标100分）" in found.message and "去掉一次即相符" in found.message


def test_a_date_years_before_the_form_is_rather_not_its_own() -> None:
    found = only(national(report_date=date(2015, 5, 25)), "report_date")
    assert found.severity == "info" and "可能不是本表" in found.message


def test_a_level_with_a_row_too_many_of_its_own_dimension_is_wrong() -> None:
    rows = [
        indicator(0, "管网长度", points="40", score="40", level1="产出指标", level1_points="40"),
        indicator(1, "水质达标率", points="10", score="10", level1="产出指标", level1_points="40", level2="质量指标"),
        indicator(2, "用水户满意度", points="40", score="40", level1="效益指标", level1_points="40"),
    ]
    total = funding(0, "资金总额", points="10", rate="100%", score="10")
    found = only(records([total], rows, total_points="100", total_score="100"), "level_points")
    assert found.severity == "error"

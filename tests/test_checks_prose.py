"""Checks of the figures in sentences, on what the prose reader makes of real sentences."""

from __future__ import annotations

from test_checks_forms import ID, findings, funding, records

from parsers.document import Paragraph, Place
from parsers.interpret.prose import amount_records, read_amounts
from pipeline.checks import run_checks
from schemas.records import Amount, Check


def amounts(*sentences: str) -> list[Amount]:
    paragraphs = [Paragraph(text, Place(locator=f"line {i + 1}")) for i, text in enumerate(sentences)]
    return amount_records(read_amounts(paragraphs, 2022), ID, "e0", 0)


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


def test_parts_may_fall_short_of_a_total_but_not_exceed_it() -> None:
    assert outcomes("项目支出100.00万元，其中：培训费60.00万元，印刷费20.00万元。") == [
        ("prose_composition", "inconsistent", "info")
    ]
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


def test_the_same_figure_in_form_and_prose() -> None:
    row = funding(0, "年度资金总额", "200.00", "200.00", "184.50")
    same = amounts("项目全年预算数为200.00万元，执行数为184.50万元。")
    assert findings(records([row], amounts=same, fiscal_year=2022), "form_prose") == []
    other = amounts("项目全年预算数为210.00万元，执行数为184.50万元。")
    found = findings(records([row], amounts=other, fiscal_year=2022), "form_prose")
    assert [one.severity for one in found] == ["warning"]
    assert "210.00" in found[0].message and "200.00" in found[0].message


def test_figures_of_something_else_are_not_compared_with_the_form() -> None:
    row = funding(0, "年度资金总额", "200.00", "200.00", "184.50")
    other = amounts("培训场地租赁支出12.00万元，印刷费支出3.00万元。")
    assert findings(records([row], amounts=other, fiscal_year=2022), "form_prose") == []


def test_score_in_form_and_prose() -> None:
    said = amounts("经自评，本项目自评得分为96.5分。")
    assert findings(records(amounts=said, total_score="96.5", fiscal_year=2022), "form_prose") == []
    assert findings(records(amounts=said, total_score="69.5", fiscal_year=2022), "form_prose")[0].severity == "warning"

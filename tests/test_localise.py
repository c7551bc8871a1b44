"""Which cell is wrong: each kind of slip in a form, alone and with another."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from test_checks_forms import INDICATORS, amount, findings, funding, indicator, national, records

from pipeline.findings import run_checks
from pipeline.localise import Cause, localise
from pipeline.localise.sentence import limits
from schemas.intervals import Interval
from schemas.records import DocumentRecords, ProblemRow, Subject


def causes(document: DocumentRecords) -> tuple[Cause, ...]:
    return localise(document.evaluations[0], document.problems)


def only(document: DocumentRecords) -> Cause:
    (found,) = causes(document)
    return found


def money(ordinal: int, column: str) -> Subject:
    return Subject("funding", ordinal, f"{column}_wanyuan")


def test_a_consistent_form_has_no_cause() -> None:
    assert causes(national()) == ()


@pytest.mark.parametrize(
    ("row", "column", "raw", "kind", "proposed"),
    [
        (1, "executed", "2612000.00", "unit_slip", "261.20万元"),
        (2, "executed", "14.00", "dropped_digit", "104.00万元"),
        (2, "executed", "1004.00", "doubled_digit", "104.00万元"),
        (0, "executed", "451.20", "transposed", "415.20万元"),
        (1, "executed", "26120", "dropped_point", "261.20万元"),
        (3, "executed", "-50.00", "sign", "50.00万元"),
        (0, "annual_budget", "0.00", "total_zero", "480.00万元"),
        (2, "executed", "261.20", "neighbour", "104.00万元"),
        (1, "executed", "261.70", "one_digit", "261.20万元"),
        (0, "annual_budget", "391.73", "value", "480.00万元"),
    ],
)
def test_the_cell_and_the_kind_of_slip(row: int, column: str, raw: str, kind: str, proposed: str) -> None:
    found = causes(national({row: {column: raw}}))
    best = found[0]
    assert (best.kind, best.changes[0].cell) == (kind, money(row, column))
    assert best.changes[0].text == proposed and proposed in best.sentence and raw in best.sentence


def test_the_sentence_says_cell_value_slip_and_what_agrees() -> None:
    found = only(national({1: {"executed": "2612000.00"}}))
    assert found.sentence == "若“当年财政拨款”的全年执行数为261.20万元（现为2612000.00万元，疑似以元填写），则合计相符"


def test_values_are_shown_in_the_unit_of_the_table() -> None:
    rows = [
        funding(0, "年度资金总额", annual="1285000.00", executed="900000.00", unit="元"),
        funding(1, "其中：当年财政拨款", annual="128.50", executed="900000.00", unit="元"),
        funding(2, "其他资金", annual="0.00", executed="0.00", unit="元"),
    ]
    found = only(records(rows))
    assert found.changes[0].text == "1285000.00元（128.5万元）" and "疑似以万元填写" in found.sentence


def test_total_and_only_part_explain_equally_and_both_are_shown() -> None:
    rows = [
        funding(0, "资金总额", annual="2728.46"),
        funding(1, "其中：财政拨款", annual="2278.46"),
        funding(2, "其他资金", annual="0.00"),
    ]
    document = records(rows)
    assert {cause.changes[0].cell for cause in causes(document)} == {
        money(0, "annual_budget"),
        money(1, "annual_budget"),
    }
    (check,) = findings(document, "funding_sum")
    assert check.likely_cause is not None and "；也可能：" in check.likely_cause


def test_other_columns_tell_total_and_part_apart() -> None:
    found = only(national({0: {"executed": "451.20"}}))
    assert found.changes[0].cell == money(0, "executed")  # the rate and the score speak for the parts


def test_whole_numbers_propose_their_sum_and_nothing_between() -> None:
    rows = [
        funding(0, "资金总额", annual="79"),
        funding(1, "财政拨款", annual="30"),
        funding(2, "其他资金", annual="40"),
    ]
    texts = {cause.changes[0].text for cause in causes(records(rows))}
    assert "70万元" in texts
    assert texts <= {"70万元", "39万元", "49万元"}


def test_a_vague_rate_gives_limits_not_a_guess() -> None:
    rows = [funding(0, "资金总额", annual="3172.00", executed="2315.00", points="10", rate="86%", score="8.6")]
    found = causes(records(rows))
    for cause in found:
        if cause.changes[0].cell.column != "execution_rate_pct":
            assert "之间" in cause.sentence and cause.changes[0].proposed.low < cause.changes[0].proposed.high


def test_where_any_of_four_cells_could_be_wrong_the_total_is_and_no_hint_is_given() -> None:
    rows = [
        funding(0, "资金总额", annual="391.73"),
        funding(1, "其中：当年财政拨款", annual="101.18"),
        funding(2, "上年结转资金", annual="152.36"),
        funding(3, "其他资金", annual="177.21"),
    ]
    (cause,) = causes(records(rows))
    assert cause.changes[0].cell == money(0, "annual_budget") and cause.restates


def test_a_missing_row_explains_all_columns_at_once() -> None:
    document = national()
    e = document.evaluations[0]
    short = replace(document, evaluations=(replace(e, funding=(e.funding[0], e.funding[1], e.funding[3])),))
    found = only(short)
    assert found.kind == "missing_row" and len(found.repairs) == 3
    assert "漏列一行（年初预算数150.00万元、全年预算数150.00万元、全年执行数104.00万元）" in found.sentence
    assert [change.printed for change in found.changes] == [None] * 3


def test_a_blank_part_is_named() -> None:
    found = only(national({2: {"executed": "—"}}))
    assert found.kind == "missing_row" and found.changes[0].cell == money(2, "executed")
    assert "空白的“上年结转资金”应填全年执行数104.00万元" in found.sentence


def test_a_score_rounded_to_whole_points() -> None:
    found = only(national({0: {"score": "9.00"}}, total_score="97.50"))
    assert found.kind == "rounded_score" and found.changes[0].text == "8.65分"
    assert [change.cell.column for change in found.changes[1:]] == ["total_score"]


def test_a_total_without_the_execution_score() -> None:
    found = only(national(total_score="88.5", grade=None))
    assert found.kind == "total_without_execution" and found.changes[0].text == "97.15分"


def test_rate_and_score_against_different_bases() -> None:
    found = only(national({0: {"score": "8.30"}}, total_score="96.80"))  # 415.2 of the initial 500, the rate of 480
    assert (found.kind, found.changes[0].cell.column) == ("other_base", "score")
    assert "年初预算数" in found.sentence and found.changes[0].text == "8.65分"


def test_a_rate_of_another_line() -> None:
    found = only(national({0: {"execution_rate": "93.29%"}}))
    assert found.changes[0].cell.column == "execution_rate_pct" and found.changes[0].text == "86.50%"


def test_points_that_no_longer_make_the_total() -> None:
    found = only(national(cells={1: {"points": "25"}}))
    assert found.changes[0].cell == Subject("indicators", 1, "points") and found.changes[0].text == "20分"


def test_a_score_above_its_points_and_the_total_that_follows_from_it() -> None:
    found = only(national(cells={1: {"score": "21"}}, total_score="98.15"))
    assert [change.cell for change in found.changes] == [
        Subject("indicators", 1, "score"),
        Subject("evaluations", 0, "total_score"),
    ]
    assert [change.text for change in found.changes] == ["20分", "97.15分"]


def test_a_grade_that_is_not_the_scores() -> None:
    found = only(national(grade="中"))
    assert found.changes[0].cell == Subject("evaluations", 0, "grade") and found.changes[0].text == "“优”"


def test_two_mistakes_that_share_a_check() -> None:
    found = causes(national({0: {"annual_budget": "4800000.00", "executed": "4152000.00", "execution_rate": "68.50%"}}))
    named = {change.cell for cause in found for change in cause.changes}
    assert {money(0, "annual_budget"), money(0, "executed")} <= named


def test_two_mistakes_apart_have_a_cause_each() -> None:
    found = causes(national({1: {"executed": "2612000.00"}}, cells={1: {"points": "25"}}))
    assert [cause.kind for cause in found] == ["unit_slip", "value"]
    assert not set(found[0].repairs) & set(found[1].repairs)


def test_what_would_be_repaired_and_what_would_still_fail() -> None:
    document = national({1: {"executed": "2612000.00"}, 0: {"score": "7.20"}}, total_score="95.70")
    by_id = {check.check_id: check.rule for check in run_checks(document)}
    slip = next(cause for cause in causes(document) if cause.kind == "unit_slip")
    assert [by_id[i] for i in slip.repairs] == ["funding_sum"]
    assert not set(slip.repairs) & set(slip.remaining)


def test_a_poorly_read_row_is_a_question() -> None:
    document = national({1: {"executed": "2612000.00"}})
    e = document.evaluations[0]
    rows = tuple(replace(row, confidence=0.4) if row.ordinal == 1 else row for row in e.funding)
    doubtful = replace(document, evaluations=(replace(e, funding=rows),))
    assert only(doubtful).sentence.startswith("请先核对原文：若")


def test_a_half_read_table_is_a_question() -> None:
    document = national({1: {"executed": "2612000.00"}})
    trouble = replace(document, problems=(ProblemRow(document.document.document_id, 0, "unreadable_cell", ""),))
    assert only(trouble).sentence.startswith("请先核对原文：若")


def test_a_cell_the_reader_is_unsure_of_is_the_likelier_one() -> None:
    rows = [
        funding(0, "资金总额", annual="2728.46"),
        replace(funding(1, "其中：财政拨款", annual="2278.46"), confidence=0.3),
        funding(2, "其他资金", annual="0.00"),
    ]
    assert causes(records(rows))[0].changes[0].cell == money(1, "annual_budget")


def test_spending_over_budget_alone_is_no_slip() -> None:
    rows = [funding(0, "资金总额", "100.00", "120.00", "151.37")]
    assert findings(records(rows), "executed_over_budget") != []
    assert causes(records(rows)) == ()


def test_the_same_digits_at_another_scale() -> None:
    rows = [funding(0, "资金总额", "57.00", "57.00", "570000.00", rate="100.00%")]
    found = only(records(rows))
    assert found.kind == "unit_slip" and found.changes[0].cell == money(0, "executed")


def test_other_tables_have_causes_too() -> None:
    cells = [
        amount(0, "三公经费合计", "本年决算", "12.60"),
        amount(1, "公务接待费", "本年决算", "2.10"),
        amount(2, "公务用车运行维护费", "本年决算", "75000.00"),
        amount(3, "因公出国费", "本年决算", "3.00"),
    ]
    found = only(records(amounts=cells))
    assert found.kind == "unit_slip" and found.changes[0].cell == Subject("amounts", 2, "value")


def test_amounts_of_other_tables_have_causes() -> None:
    cells = (
        amount(0, "三公经费合计", "本年决算", "12.60"),
        amount(1, "公务接待费", "本年决算", "2.10"),
        amount(2, "公务用车运行维护费", "本年决算", "75000.00"),
        amount(3, "因公出国费", "本年决算", "3.00"),
    )
    assert [check.likely_cause is not None for check in findings(records(amounts=cells), "amount_sum")] == [True]


def test_causes_are_the_same_every_time_and_change_nothing() -> None:
    document = national({1: {"executed": "2612000.00"}}, cells={1: {"points": "25"}})
    before = repr(document)
    assert localise(document.evaluations[0]) == localise(document.evaluations[0]) != ()
    assert repr(document) == before


def test_points_without_scores_to_speak_for_a_row() -> None:
    rows = [replace(row, score=None, score_raw=None) for row in INDICATORS]
    rows[1] = indicator(1, "验收合格率", "≥95%", "96%", "25", level2="质量指标")
    document = records(national().evaluations[0].funding, rows, total_points="100")
    for cause in causes(document):
        assert "若" in cause.sentence  # several rows explain equally: named together, or not at all


def test_limits_of_a_value_are_never_the_wrong_way_round() -> None:
    between = Interval(Decimal("129.52"), Decimal("129.95"))
    assert limits(between, Decimal(1)) == (Decimal("129.6"), Decimal("129.9"))
    assert limits(Interval(Decimal("128.2"), Decimal("131.7")), Decimal(1)) == (Decimal(129), Decimal(131))


def test_a_grade_that_stays_what_it_is_does_not_follow() -> None:
    document = national({0: {"score": "9.00"}}, total_score="70.00")
    assert all("（现为优）" not in cause.sentence or "“优”" not in cause.sentence for cause in causes(document))


def test_money_is_written_in_yuan_rather_than_in_a_unit_above_the_tables() -> None:
    rows = [funding(0, "预算数", annual="437.79", executed="4390200.00", rate="100.3%")]
    found = only(records([replace(rows[0], role="total")]))
    assert found.changes[0].cell == money(0, "executed") and found.kind == "unit_slip"


def test_the_only_amount_that_is_not_round_is_the_wrong_one() -> None:
    rows = [
        funding(0, "资金总额", initial="3070.00", annual="2947.20", executed="2623.00", rate="85.4%"),
        funding(1, "其中：财政资金", initial="0.00", annual="0.00", executed="0.00"),
        funding(2, "其他资金", initial="3070.00", annual="3070.00", executed="2623.00", rate="85.4%"),
    ]
    assert only(records(rows)).changes[0].cell == money(0, "annual_budget")


def test_a_number_that_begins_with_0_lost_its_point() -> None:
    rows = [funding(0, "预算数", annual="0.47", executed="047", rate="100%")]
    found = only(records([replace(rows[0], role="total")]))
    assert (found.kind, found.changes[0].cell) == ("dropped_point", money(0, "executed"))

"""What an audit finds in a dataset: the values, their places, what matters first, what could not be checked."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from audit_build import ingest, named
from hypothesis import given
from hypothesis import strategies as st
from test_checks_forms import amount, national

from pipeline.audit.calculation import calculation
from pipeline.audit.coverage import coverage
from pipeline.audit.filters import Filters, YearRange
from pipeline.audit.findings import AuditFinding, load_findings
from pipeline.audit.loading import open_desk
from pipeline.checks.config import default_rules
from schemas.errors import StoreError
from schemas.records import CellPlace, DocumentRecords, FundingRow, ProblemRow
from schemas.stored import from_arrow, to_arrow

WRONG_PART = {1: {"executed": "2612000.00"}}
"""The current year's money executed, in 元 where the table is in 万元."""


def rules_of(findings: list[AuditFinding]) -> list[str]:
    return [one.check.rule for one in findings]


def test_a_finding_has_its_values_as_printed_with_their_places(tmp_path: Path) -> None:
    document = named(national(WRONG_PART, unit="某局"), "a.pdf")
    (part,) = document.evaluations
    places = (CellPlace("executed_wanyuan", 2, (10.0, 20.0, 30.0, 40.0), "p2 table 1 row 4"),)
    rows = (replace(part.funding[0], cells=places), replace(part.funding[1], locator="line 7"), *part.funding[2:])
    ingest(tmp_path, replace(document, evaluations=(replace(part, funding=rows),)))
    (found,) = [one for one in load_findings(tmp_path) if one.check.rule == "funding_sum"]
    assert [cell.full_name for cell in found.cells] == [
        "“年度资金总额”的全年执行数",
        "“当年财政拨款”的全年执行数",
        "“上年结转资金”的全年执行数",
        "“其他资金”的全年执行数",
    ]
    assert [cell.shown for cell in found.cells[:2]] == ["415.20万元", "2612000.00万元"]
    assert found.cells[0].value == Decimal("415.2")
    assert found.place == places[0]
    assert found.cells[1].place == CellPlace("executed_wanyuan", locator="line 7")
    assert [row.ordinal for row in found.rows] == [0, 1, 2, 3]
    assert found.document.source_uri == "/reports/a.pdf"
    assert found.evaluation is not None and found.evaluation.unit == "某局"
    assert found.decision is None and not found.question


def test_the_calculation_is_the_sum_quotient_or_product_it_is(tmp_path: Path) -> None:
    ingest(tmp_path, named(national({0: {"execution_rate": "43.00%"}, **WRONG_PART}), "a.txt"))
    made = {one.check.rule: calculation(one) for one in load_findings(tmp_path)}
    added = made["funding_sum"]
    assert [term.sign for term in added.terms] == ["", "＋", "＋"]
    assert added.printed is not None and added.printed.shown == "415.20万元"
    assert added.result == "2612154.00万元"
    share = made["execution_rate"]
    assert [(term.sign, term.cell.shown) for term in share.terms] == [("", "415.20万元"), ("÷", "480.00万元")]
    assert [cell.shown for cell in share.others] == ["500.00万元"]
    assert share.result == "86.50%"


def test_a_part_that_was_reduced_is_taken_away(tmp_path: Path) -> None:
    said = (
        amount(0, "预算", "annual_budget", "120.00", origin="prose", role="sum", total_of="c1"),
        amount(1, "年初", "initial_budget", "100.00", origin="prose", role="part", part_of="c1"),
        amount(2, "调减", "reduced", "10.00", origin="prose", role="part", part_of="c1"),
    )
    document = national()
    part = replace(document.evaluations[0], amounts=said)
    ingest(tmp_path, named(replace(document, evaluations=(part,)), "a.txt"))
    (found,) = load_findings(tmp_path, Filters(rules=("prose_composition",)))
    assert [(term.sign, term.cell.shown) for term in calculation(found).terms] == [
        ("", "100.00万元"),
        ("－", "10.00万元"),
    ]


def test_errors_come_first_then_what_is_large_where_much_money_is(tmp_path: Path) -> None:
    small = national({0: {"executed": "415.17", "execution_rate": "86.49%"}})
    ingest(
        tmp_path,
        named(small, "small.txt"),
        named(national(WRONG_PART), "large.txt"),
        named(national(fiscal_year=2022, grade="良"), "grade.txt"),
    )
    found = load_findings(tmp_path)
    severities = [one.check.severity for one in found]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    sums = [one.document.file_name for one in found if one.check.rule == "funding_sum"]
    assert sums == ["large.txt", "small.txt"]
    assert load_findings(tmp_path) == found


def test_findings_of_one_form_stand_together(tmp_path: Path) -> None:
    wrong = {0: {"execution_rate": "43.00%"}, **WRONG_PART}
    ingest(tmp_path, *(named(national(wrong), f"{name}.txt") for name in "abc"))
    errors = [one.document.file_name for one in load_findings(tmp_path) if one.check.severity == "error"]
    assert len(errors) > len(set(errors)) == 3
    assert errors == sorted(errors)


@pytest.mark.parametrize(
    ("filters", "files"),
    [
        (Filters(), {"a.txt", "b.txt"}),
        (Filters(years=YearRange(2021, 2021)), {"b.txt"}),
        (Filters(unit="卫生"), {"a.txt"}),
        (Filters(unit="卫 生"), {"a.txt"}),
        (Filters(unit="财政局"), {"b.txt"}),
        (Filters(region="甲县"), {"a.txt"}),
        (Filters(years=YearRange(2020, 2021)), {"b.txt"}),
        (Filters(document="a.t"), {"a.txt"}),
        (Filters(document="c.txt"), set()),
        (Filters(years=YearRange(2021, 2021), unit="卫生"), set()),
        (Filters(rules=("grade",)), set()),
        (Filters(rules=("funding_sum",), min_severity="error"), {"a.txt", "b.txt"}),
    ],
)
def test_filters(tmp_path: Path, filters: Filters, files: set[str]) -> None:
    ingest(
        tmp_path,
        named(national(WRONG_PART, unit="区卫生信息中心", region="某市甲县"), "a.txt"),
        named(national(WRONG_PART, fiscal_year=2021, department="乙县财政局"), "b.txt"),
    )
    assert {one.document.file_name for one in load_findings(tmp_path, filters)} == files


def test_figures_outside_any_form_are_not_findings(tmp_path: Path) -> None:
    def loose(name: str, year: int) -> DocumentRecords:
        document = named(national(fiscal_year=year), name)
        said = (
            replace(
                amount(0, "支出", "executed", "9.00", origin="prose", role="sum", total_of="c"), evaluation_id=None
            ),
            replace(amount(1, "甲", "executed", "4.00", origin="prose", role="part", part_of="c"), evaluation_id=None),
            replace(amount(2, "乙", "executed", "4.00", origin="prose", role="part", part_of="c"), evaluation_id=None),
        )
        own = tuple(replace(row, document_id=document.document.document_id) for row in said)
        return replace(document, amounts=own)

    ingest(tmp_path, loose("a.txt", 2022), loose("b.txt", 2021))
    assert load_findings(tmp_path) == []


def test_a_poor_reading_makes_a_question_of_it(tmp_path: Path) -> None:
    document = national(WRONG_PART)
    (part,) = document.evaluations
    poor = replace(part, funding=(part.funding[0], replace(part.funding[1], confidence=0.3), *part.funding[2:]))
    half = national(WRONG_PART, problems=[ProblemRow("", 0, "row_cut", "第 3 行残缺。")])
    ingest(
        tmp_path,
        named(replace(document, evaluations=(poor,)), "poor.txt"),
        named(half, "half.txt"),
        named(document, "sure.txt"),
    )
    found = {one.document.file_name: one for one in load_findings(tmp_path, Filters(rules=("funding_sum",)))}
    assert {name: one.question for name, one in found.items()} == {
        "poor.txt": True,
        "half.txt": True,
        "sure.txt": False,
    }
    assert found["sure.txt"].weight < found["poor.txt"].weight


def test_coverage_tells_what_was_checked_and_why_not(tmp_path: Path) -> None:
    failed = replace(national().document, document_id="", source_uri="/reports/x.pdf", status="failed", error="坏了。")
    ingest(
        tmp_path,
        named(national(WRONG_PART), "a.txt"),
        named(national(grade=None, fiscal_year=2021), "b.txt"),
        DocumentRecords(failed),
    )
    desk = open_desk(tmp_path)
    covered = coverage(desk, Filters())
    rules = {rule.rule: rule for rule in covered.rules}
    assert covered.forms == 2
    assert (rules["funding_sum"].inconsistent, rules["funding_sum"].forms) == (1, 2)
    (reason,) = rules["grade"].reasons
    assert (reason.text, reason.count, reason.document.file_name) == (
        "没有读到评价等次，等次与得分无法核对。",
        1,
        "b.txt",
    )
    assert [row.source_uri for row in covered.unread] == ["/reports/x.pdf"]
    assert sum(rule.inconsistent for rule in coverage(desk, Filters(years=YearRange(2021, 2021))).rules) == 0


def test_checks_made_again_by_the_same_rules_are_the_same(tmp_path: Path) -> None:
    odd = national({0: {"executed": "415.17"}}, {0: {"score": "31"}, 1: {"score": "12.5"}}, grade="差")
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"), named(odd, "b.txt"))
    stored, again = open_desk(tmp_path), open_desk(tmp_path, default_rules())
    key = [("check_id", "ascending")]
    assert again.checks.sort_by(key).equals(stored.checks.sort_by(key))


def test_without_a_dataset_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="还没有数据集"):
        load_findings(tmp_path)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.text(max_size=5), st.sampled_from([None, 0.5]))
def test_records_come_back_from_arrow_as_they_went_in(value: Decimal, label: str, confidence: float | None) -> None:
    places = (CellPlace("score", 1, (1.0, 2.0, 3.5, 4.0), "p1"), CellPlace("points"))
    row = FundingRow(
        "e", 0, label, initial_budget_wanyuan=value, bbox=(0.5, 1.0, 2.0, 3.0), confidence=confidence, cells=places
    )
    (back,) = from_arrow("funding", to_arrow("funding", [row]))
    assert back == row
    assert str(back.initial_budget_wanyuan) == f"{value:f}".rstrip("0").rstrip(".") or value == 0

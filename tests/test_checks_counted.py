"""Rates of counts in sentences and tables, what is left of the funds, totals at the foot of a table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from test_checks_forms import amount, findings, funding, records
from test_checks_prose import amounts

from schemas.records import Amount, Check


def rates(text: str) -> list[tuple[str, str]]:
    found = findings(records(amounts=amounts(text), fiscal_year=2022), "counted_rate")
    return [(one.severity, one.expected or "") for one in found]


@pytest.mark.parametrize(("text", "right", "wrong", "expected"), [
    ("发放问卷260份，收回有效问卷250份，其中满意235份，满意度{}。", "94%", "98.4%", "94%"),
    ("查处隐患640处，整改608处，整改率{}。", "95%", "97%", "95%"),
    ("编制人数50人，实有在职人员46人，控制率{}。", "92%", "109%", "92%"),
])  # fmt: skip
def test_a_rate_beside_its_counts(text: str, right: str, wrong: str, expected: str) -> None:
    assert rates(text.format(right)) == []
    assert rates(text.format(wrong)) == [("warning", expected)]


@pytest.mark.parametrize("text", [
    "收回问卷250份，其中满意200份，基本满意35份，满意度94%。",
    "检查企业640家次，整改隐患608处，整改率99%。",
    "整改608处，整改率99%。",
])  # fmt: skip
def test_a_rate_whose_counts_are_not_told_for_sure(text: str) -> None:
    assert rates(text) == []


def staff(ordinal: int, measure: str, value: str, unit: str) -> Amount:
    figure = amount(ordinal, "人员情况", measure, value, locator="table 1 row 1")
    return replace(figure, value=Decimal(value), unit=unit, unit_raw=None)


def test_the_control_rate_of_a_table_of_staff() -> None:
    def of(rate: str) -> list[Check]:
        cells = [
            staff(0, "编制数", "50", "number"),
            staff(1, "实际在职人数", "46", "number"),
            staff(2, "控制率", rate, "pct"),
        ]
        return findings(records(amounts=cells), "counted_rate")

    assert of("92.00") == []
    assert [one.expected for one in of("108.70")] == ["92%"]


def test_what_is_left_of_the_funds() -> None:
    line = replace(funding(0, "县级财政", annual="104.20", executed="91.90"), locator="table 1 row 3")

    def left(value: str) -> list[tuple[str, str]]:
        beside = amount(0, "县级财政", "结余数", value, locator="table 1 row 3")
        found = findings(records([line], amounts=[beside]), "funding_balance")
        return [(one.severity, one.expected or "") for one in found]

    assert left("12.30") == []
    assert left("21.30") == [("warning", "12.30万元")]


def test_a_total_at_the_foot_that_its_rows_make_in_another_column() -> None:
    def table(last: str) -> list[Check]:
        columns = {"计划支出数": ("78.5", "46.2", "39.5", "164.2"), "实际支出数": ("71.4", "44.7", "35.8", last)}
        names = ("灯光设备", "图书", "阅读设备", "支出合计")
        cells = [
            (name, measure, value)
            for measure, values in columns.items()
            for name, value in zip(names, values, strict=True)
        ]
        return findings(records(amounts=[amount(at, *cell) for at, cell in enumerate(cells)]), "amount_sum")

    assert table("151.9") == []
    assert [(one.severity, one.expected) for one in table("159.1")] == [("warning", "151.9万元")]


@pytest.mark.parametrize(("text", "right", "wrong"), [
    ("核定编制86人，年末在职81人。在职人员控制率{}。", "94.19%", "91.49%"),
    ("全年政府采购预算1260万元，实际采购1171.8万元。政府采购执行率{}。", "93%", "96%"),
    ("发放问卷420份，收回408份，有效回收率{}。", "97.14%", "94.17%"),
])  # fmt: skip
def test_a_rate_of_a_known_name_has_its_part_and_base_in_the_sentence_before(text: str, right: str, wrong: str) -> None:
    assert rates(text.format(right)) == []
    assert rates(text.format(wrong)) == [("warning", right)]


def test_a_satisfaction_of_somebody_is_that_of_the_answers() -> None:
    assert rates("回收问卷500份，满意486份，群众满意度97.2%。") == []
    assert rates("回收问卷500份，满意486份，群众满意度92.7%。") == [("warning", "97.2%")]

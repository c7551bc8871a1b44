"""Names, places and units made comparable, and which of several filings counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from pipeline.dataset.keys.filings import Filing, Standing, standings
from pipeline.dataset.keys.keys import with_keys
from schemas.base_units import base_unit
from schemas.records import (
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
)
from schemas.regions import region_at, region_of


@pytest.mark.parametrize(
    ("text", "printed", "codes"),
    [
        ("四川省成都市金牛区教育局", "四川省成都市金牛区", {"510106"}),
        ("北川街道市场监督管理局", None, set()),
        ("北川县财政局", "北川县", {"510726"}),
        ("凉山州会东县水利局", "凉山州会东县", {"513426"}),
        ("通州区教育局", "通州区", {"110112", "320612"}),
        ("江苏省通州区", "江苏省通州区", {"320612"}),
        ("四川成都市财政局", "四川成都市", {"510100"}),
        ("西城区域管理中心", None, set()),
        ("密云县园林局", "密云县", {"110118"}),
        ("某县教育局", None, set()),
        ("", None, set()),
    ],
)
def test_place_names_are_found_by_the_official_list(text: str, printed: str | None, codes: set[str]) -> None:
    found = region_at(text)
    assert (text[: found.end] if found else None) == printed
    assert {each.code for each in (found.candidates if found else ())} == codes


def test_a_later_text_decides_between_places_of_one_name() -> None:
    found = region_of("通州区教育局", "江苏省南通市2023年度部门决算")
    assert found is not None and found.region is not None and found.region.code == "320612"


@pytest.mark.parametrize(
    ("printed", "base", "factor"),
    [
        ("万人次", "人次", 10_000),
        ("公顷", "平方米", 10_000),
        ("万尾", "尾", 10_000),
        ("万元", "元", 10_000),
        ("克", "千克", Decimal("0.001")),
        ("亩", "亩", 1),
        ("%", "%", 1),
        ("万千瓦时", "千瓦时", 10_000),
    ],
)
def test_units_come_down_to_one_that_compares(printed: str, base: str, factor: int) -> None:
    unit = base_unit(printed)
    assert unit is not None and (unit.name, unit.factor) == (base, factor)


def keyed(**columns: str) -> EvaluationRecords:
    part = EvaluationRecords(
        Evaluation("e", "d", 0, "project", **columns),  # type: ignore[arg-type]
        (FundingRow("e", 0, "年度资金总额", annual_budget_wanyuan=Decimal(80), executed_wanyuan=Decimal(60)),),
        (Indicator("e", 0, level3="★1.放流 鱼苗", target_op=">=", target_value=Decimal(3), target_unit="万尾"),),
    )
    return with_keys(DocumentRecords(DocumentRow("d", "f", "f"), (part,))).evaluations[0]


def test_the_same_project_has_one_key_over_years_and_phases() -> None:
    first = keyed(project_name="2022年道路改造一期项目", unit="寿县 交通局")
    second = keyed(project_name="道路改造（二期）2023年度", unit="寿县交通局")
    assert first.evaluation.project_key == second.evaluation.project_key == "寿县交通局/道路改造"
    assert (first.evaluation.region_code, first.evaluation.city) == ("340422", "淮南市")


def test_derived_values_stand_in_columns_of_their_own() -> None:
    part = keyed(project_name="放流")
    assert (part.funding[0].execution_rate_pct, part.funding[0].execution_rate_pct_derived) == (None, 75)
    indicator = part.indicators[0]
    assert (indicator.target_value_base_derived, indicator.target_base_unit_derived) == (30_000, "尾")
    assert indicator.indicator_key == "放流鱼苗|尾|>="


def filing(name: str, document: str = "", **columns: object) -> Filing:
    values: dict[str, object] = {
        "kind": "project",
        "fiscal_year": 2023,
        "unit_key": "寿县交通局",
        "project_name": "道路改造",
        "budget_code": None,
        "content_key": name,
        "report_date": None,
        "first_seen_on": None,
    }
    return Filing(evaluation_id=name, document_id=document or name, **{**values, **columns})  # type: ignore[arg-type]


def test_a_later_report_supersedes_the_earlier() -> None:
    old, new = filing("b", report_date=date(2024, 1, 5)), filing("a", report_date=date(2024, 3, 1))
    assert standings([old, new]) == {"b": Standing(is_current=False, superseded_by="a")}


def test_the_same_figures_in_another_carrier_are_a_duplicate() -> None:
    found = standings([filing("page", content_key="x"), filing("doc", content_key="x")])
    assert list(found.values()) == [Standing(is_current=False, duplicate_of="page")]


def test_budget_codes_and_missing_names_keep_forms_apart() -> None:
    assert not standings([filing("a", budget_code="1"), filing("b", budget_code="2")])
    assert not standings([filing("a", project_name=None), filing("b", project_name=None)])
    assert not standings([filing("a", fiscal_year=None), filing("b", fiscal_year=None)])


def test_forms_of_one_document_supersede_nothing() -> None:
    assert not standings([filing("a", document="d"), filing("b", document="d")])

"""Confidence: what a reading rests on makes it more or less sure, and the sums of a form bear witness."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from form_build import as_text
from hypothesis import given
from hypothesis import strategies as st

from parsers.confidence.witness import relations
from parsers.extract import extract
from schemas.confidence import model, step
from schemas.records import DocumentRecords, EvaluationRecords, FundingRow, Indicator

FORM = """
项目支出绩效自评表
（2023年度）
项目名称|灌渠清淤|<|实施单位|柳沟镇水管站|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|120.00|131.50|130.20|10|99.01%|9.90
^|其中：财政拨款|100.00|111.50|110.20|-|98.83%|-
^|其他资金|20.00|20.00|20.00|-|100.00%|-
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|清淤长度|≥18公里|18.6公里|50|50|
效益指标|社会效益指标|受益农户|≥900户|912户|40|38.5|年内7户搬离
总分|<|<|<|<|100|98.40|
"""
SIGNS = sorted(model().signs)


def reading(form: str, folder: Path) -> DocumentRecords:
    path = folder / "form.txt"
    path.write_text(as_text(form, "tabs"), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


def shares(row: FundingRow | Indicator) -> dict[str, float]:
    return {cell.column: cell.confidence for cell in row.cells if cell.confidence is not None}


def part(records: DocumentRecords) -> EvaluationRecords:
    (only,) = records.evaluations
    return only


def test_a_form_whose_sums_agree_is_read_with_near_certainty(tmp_path: Path) -> None:
    rows = part(reading(FORM, tmp_path))
    assert all((row.confidence or 0) > 0.99 for row in (*rows.funding, *rows.indicators))


def test_a_value_that_the_sums_bear_out_is_surer_than_the_same_one_against_them(tmp_path: Path) -> None:
    right = shares(part(reading(FORM, tmp_path)).funding[1])["executed_wanyuan"]
    wrong = shares(part(reading(FORM.replace("110.20", "119.20"), tmp_path)).funding[1])["executed_wanyuan"]
    assert wrong < right


def test_a_contradiction_alone_does_not_make_a_clear_reading_doubtful(tmp_path: Path) -> None:
    rows = part(reading(FORM.replace("110.20", "119.20"), tmp_path))
    assert all((row.confidence or 0) > 0.9 for row in rows.funding)


def test_a_row_with_a_cell_lost_is_doubtful_and_its_neighbours_less_sure(tmp_path: Path) -> None:
    whole = part(reading(FORM, tmp_path))
    rows = part(reading(FORM.replace("受益农户|≥900户|912户|40|38.5|", "受益农户|≥900户|912户|40|"), tmp_path))
    assert (rows.indicators[1].confidence or 1) < 0.9
    assert (rows.indicators[0].confidence or 1) < (whole.indicators[0].confidence or 0)


def test_money_without_a_printed_unit_is_doubtful_and_points_beside_it_are_not(tmp_path: Path) -> None:
    row = part(reading(FORM.replace("（万元）", ""), tmp_path)).funding[0]
    assert shares(row)["executed_wanyuan"] < 0.95 < shares(row)["points"]
    assert (row.confidence or 1) < 0.9


@given(st.sampled_from(sorted(model().source)), st.floats(0, 1), st.sets(st.sampled_from(SIGNS)))
def test_a_share_is_between_the_limits_and_no_sign_against_raises_it(
    source: str, sureness: float, signs: set[str]
) -> None:
    share = model().share_right(source, sureness, signs)
    assert model().lowest <= share <= model().highest
    assert model().share_of_rows(share) <= share
    for sign in SIGNS:
        more = model().share_right(source, sureness, signs | {sign})
        assert sign in signs or (more >= share) == (model().signs[sign] >= 1) or more == share


@given(st.sampled_from(sorted(model().source)), st.floats(0, 1), st.floats(0, 1))
def test_a_surer_reading_is_never_less_right(source: str, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert model().share_right(source, low, ()) <= model().share_right(source, high, ())


def test_every_sureness_of_a_step_is_a_share() -> None:
    assert all(0 < step(name) < 1 for name in model().steps)


@pytest.mark.parametrize("column", ["annual_budget_wanyuan", "executed_wanyuan"])
def test_a_column_of_zeros_bears_no_witness(column: str, tmp_path: Path) -> None:
    rows = part(reading(FORM, tmp_path))
    empty = replace(rows, funding=tuple(replace(row, **{column: Decimal(0)}) for row in rows.funding))
    assert not [one for one in relations(empty) if {ref[2] for ref in one.values} == {column}]

"""Forms whose indicators stand in other layouts: on their side, in halves, columns the other way round (另排的表)."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_build import read

from schemas.records import DocumentRecords

HEAD = """
2023年度项目支出绩效自评表
项目名称|山塘清淤|<|<|<|<
实施单位|河湾县水利站|<|<|<|<
预算资金（万元）|85|执行资金（万元）|83.3|执行率|98%
"""
ON_ITS_SIDE = """
一级指标|产出指标|<|<|效益指标|满意度指标
二级指标|数量指标|质量指标|时效指标|社会效益指标|服务对象满意度
三级指标|清淤山塘|验收完成率|按期完成率|灌溉受益|农户满意度
年度指标值|≥12座|100%|100%|≥3.6万人|≥90%
实际完成值|13座|100%|95%|3.8万人|93%
分值|30|20|10|30|10
得分|30|20|9.5|30|10
"""
ALL_LISTED = [
    ("产出指标", "数量指标", "清淤山塘", "≥12座", "13座", 30, 30),
    ("产出指标", "质量指标", "验收完成率", "100%", "100%", 20, 20),
    ("产出指标", "时效指标", "按期完成率", "100%", "95%", 10, 9.5),
    ("效益指标", "社会效益指标", "灌溉受益", "≥3.6万人", "3.8万人", 30, 30),
    ("满意度指标", "服务对象满意度", "农户满意度", "≥90%", "93%", 10, 10),
]
BACKWARDS = """
得分|分值|完成值|目标值|三级指标|一级指标
30|30|13座|≥12座|清淤山塘|产出指标
20|20|100%|100%|验收完成率|^
8|10|93%|≥95%|农户满意度|满意度指标
58|60|||合计|
"""
HALVES = """
2023年度项目支出绩效自评表
项目名称|<|山塘清淤|<|<|<|<|<|<|<
实施单位|<|河湾县水利站|<|<|<|<|<|<|<
指标名称|目标值|完成值|分值|得分|指标名称|目标值|完成值|分值|得分
清淤山塘|≥12座|13座|30|30|灌溉受益|≥3.6万人|3.8万人|30|30
验收完成率|100%|100%|20|20|农户满意度|≥90%|93%|10|9
合计|<|<|90|89|||||
"""


def indicators(records: DocumentRecords) -> list[tuple[object, ...]]:
    rows = records.evaluations[0].indicators
    return [(r.level1, r.level2, r.level3, r.target_raw, r.actual_raw, r.points, r.score) for r in rows]


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_a_table_on_its_side_is_read_like_one_that_stands(kind: str, tmp_path: Path) -> None:
    records = read(HEAD.rstrip() + ON_ITS_SIDE, kind, tmp_path)
    found = indicators(records)
    assert [row[2:] for row in found] == [row[2:] for row in ALL_LISTED]
    if kind == "docx":
        assert found == ALL_LISTED
        assert (records.document.status, records.document.figures_unread) == ("ok", 0)


def test_values_of_a_table_on_its_side_say_where_they_are_printed(tmp_path: Path) -> None:
    records = read(HEAD.rstrip() + ON_ITS_SIDE, "docx", tmp_path)
    places = {place.column: place.locator for place in records.evaluations[0].indicators[2].cells}
    assert places["points"] == "table 1 row 9 cell 4"
    assert places["score"] == "table 1 row 10 cell 4"


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_columns_may_stand_the_other_way_round(kind: str, tmp_path: Path) -> None:
    records = read(HEAD.rstrip() + BACKWARDS, kind, tmp_path)
    rows = records.evaluations[0].indicators
    assert [(r.level3, r.target_raw, r.actual_raw, r.points, r.score) for r in rows] == [
        ("清淤山塘", "≥12座", "13座", 30, 30),
        ("验收完成率", "100%", "100%", 20, 20),
        ("农户满意度", "≥95%", "93%", 10, 8),
    ]
    total = records.evaluations[0].evaluation
    assert (total.total_points, total.total_score) == (60, 58)


def test_the_right_half_of_a_table_goes_on_with_the_left_one(tmp_path: Path) -> None:
    records = read(HALVES, "docx", tmp_path)
    rows = records.evaluations[0].indicators
    assert [(r.level3, r.points, r.score) for r in rows] == [
        ("清淤山塘", 30, 30),
        ("验收完成率", 20, 20),
        ("灌溉受益", 30, 30),
        ("农户满意度", 10, 9),
    ]
    total = records.evaluations[0].evaluation
    assert (total.total_points, total.total_score) == (90, 89)
    assert records.document.figures_unread == 0

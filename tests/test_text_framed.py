"""Tables whose cells stand between lone bars, and score sheets with rules of points."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.extract import extract
from parsers.text.upper_heads import joined_heads
from schemas.records import DocumentRecords

ROWS = [
    ["序号", "一级指标", "二级指标", "三级指标", "评分标准", "分值", "自评得分"],
    ["1", "决策（10）", "项目立项", "民主议事", "记录完整，得2分；不完整的扣1分", "2", "2"],
    ["2", "申报审批", "审批文件齐全，得3分", "3", "1"],
    ["3", "过程（30）", "组织实施", "工作安排", "纳入重点工作，得2分", "2", "2"],
    ["4", "项目管理", "管理制度健全，得4分；不健全的扣2分", "4", "4"],
    ["账目清楚，得1分", "1", "1"],
    ["5", "项目管护", "管护制度健全，得2分", "2", ""],
]


def framed(rows: list[list[str]]) -> str:
    """Each row between bars at both ends, a cell or a bar a line."""
    return "".join("|\n" + "".join(f"{cell}\n|\n" if cell else "|\n" for cell in row) for row in rows)


def read(folder: Path, text: str) -> DocumentRecords:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(text))


@pytest.mark.parametrize("title", ["", "松林县水利局\n"])
def test_a_table_in_frames_of_bars_is_read_by_its_rows(title: str, tmp_path: Path) -> None:
    heads = [["2021年度农村饮水工程绩效自评表"], ["填报单位：松林县水利局", "", ""]]
    found = read(tmp_path, title + framed([*heads, *ROWS]))
    (form,) = found.evaluations
    assert [(row.level1, row.level2, row.level3) for row in form.indicators] == [
        ("决策", "项目立项", "民主议事"),
        ("决策", "项目立项", "申报审批"),
        ("过程", "组织实施", "工作安排"),
        ("过程", "组织实施", "项目管理"),
        ("过程", "组织实施", None),
        ("过程", "组织实施", "项目管护"),
    ]
    assert [row.score for row in form.indicators] == [2, 1, 2, 4, 1, None]


def test_a_rule_with_its_points_is_no_total(tmp_path: Path) -> None:
    (form,) = read(tmp_path, framed([["2021年度农村饮水工程绩效自评表"], *ROWS])).evaluations
    assert (form.evaluation.total_points, form.evaluation.total_score) == (None, None)


@pytest.mark.parametrize(
    ("upper", "lower", "heads"),
    [
        (["三级指标", "指标", "自评"], ["分值", "得分"], ["三级指标", "指标分值", "自评得分"]),
        (["一级指标", "三级指标", "指标", "县级"], ["分值", "评分"], ["一级指标", "三级指标", "指标分值", "县级评分"]),
        (["一级指标", "三级指标", "分值", "得分"], ["分值", "评分"], []),
    ],
)
def test_points_and_score_below_other_heads_are_theirs(upper: list[str], lower: list[str], heads: list[str]) -> None:
    assert joined_heads(upper, lower) == heads

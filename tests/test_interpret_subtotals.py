"""A 小计 below all rows: the form's total where nothing else is one and it sums up all points (小计即总分)."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.extract import extract
from schemas.records import Evaluation

ROWS = (
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ("产出指标", "数量指标", "加固堤段", "≥6公里", "6.2公里", "60", "60"),
    ("效益指标", "社会效益指标", "受益人口", "≥9000人", "8700人", "40", "38.7"),
)


def evaluation(folder: Path, *last: tuple[str, ...]) -> Evaluation:
    path = folder / "form.html"
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in (*ROWS, *last))
    path.write_text(f"<p>2023年度堤防加固项目支出绩效自评表</p><table>{body}</table>", encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    return records.evaluations[0].evaluation


@pytest.mark.parametrize(
    ("last", "total"),
    [
        ([("小计", "", "", "", "", "100", "98.7")], "98.7"),
        ([("小计", "", "", "", "", "60", "60")], "None"),
        ([("小计", "", "", "", "", "100", "98.7"), ("总分", "", "", "", "", "100", "98.2")], "98.2"),
    ],
)
def test_a_subtotal_of_all_points_is_the_total_where_there_is_no_other(
    last: list[tuple[str, ...]], total: str, tmp_path: Path
) -> None:
    assert str(evaluation(tmp_path, *last).total_score) == total

"""Prose in columns is read column by column; fields side by side are not prose."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_build import put, read
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Paragraph

LEFT = [
    "一、资金情况。本项目全年预算",
    "203.75万元，全年执行197.",
    "62万元，预算执行率96.99%",
    "，其中财政拨款150.00万元。",
]
RIGHT = ["二、自评结论。清淤渠道39公里", "，更换闸门26座，经综合评定", "自评得分98.90分，等级为优", "，群众较为满意。"]
THIRD = ["三、存在的问题。汛前完工率", "92%，未达到100%的目标，", "下一步提前安排工期，确保", "全部按期完工。"]


def text_of(path: Path, columns: list[tuple[float, list[str]]], title: str = "", drop: float = 0) -> str:
    def draw(canvas: Canvas) -> None:
        if title:
            put(canvas, 200, 60, title)
        for number, (x, lines) in enumerate(columns):
            for at, line in enumerate(lines):
                put(canvas, x, 90 + 16 * at + drop * number, line)

    return "\n".join(b.text for b in read(path, draw).blocks if isinstance(b, Paragraph))


@pytest.mark.parametrize("columns", [[(50, LEFT), (320, RIGHT)], [(50, LEFT), (225, RIGHT), (400, THIRD)]])
def test_prose_in_columns_is_read_column_by_column(tmp_path: Path, columns: list[tuple[float, list[str]]]) -> None:
    text = text_of(tmp_path / "a.pdf", columns, "河湾灌区渠道清淤项目绩效自评报告")
    assert text.startswith("河湾灌区渠道清淤项目绩效自评报告\n")
    assert "全年执行197.62万元，预算执行率96.99%，其中财政拨款150.00万元" in text
    assert "更换闸门26座，经综合评定自评得分98.90分，等级为优" in text


def test_columns_whose_baselines_differ_are_read_column_by_column(tmp_path: Path) -> None:
    text = text_of(tmp_path / "a.pdf", [(50, LEFT), (320, RIGHT)], drop=5)
    assert "全年执行197.62万元，预算执行率96.99%，其中财政拨款150.00万元" in text
    assert "更换闸门26座，经综合评定自评得分98.90分，等级为优" in text


def test_fields_side_by_side_stay_on_their_lines(tmp_path: Path) -> None:
    left = ["填报单位：水管站", "单位负责人：签章", "填报日期：2024"]
    right = ["联系电话：0531", "复核：签章处", "第一页"]
    text = text_of(tmp_path / "a.pdf", [(50, left), (320, right)])
    assert text.replace(" ", "").startswith("填报单位：水管站联系电话：0531")

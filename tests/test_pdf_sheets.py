"""Sheets wider than their paper, marks over and beside what is printed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.extract import extract
from schemas.records import DocumentRecords

FONT = "STSong-Light"
ROWS = (
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"),
    ("产出指标", "数量指标", "整治渠段", "≥12公里", "13公里", "50", "48", ""),
    ("效益指标", "社会效益指标", "受益农户", "≥900户", "912户", "30", "28", ""),
    ("满意度指标", "满意度指标", "农户满意度", "≥90%", "95%", "20", "20", ""),
    ("总分", "", "", "", "", "100", "96", ""),
)
TITLE = "2023年度项目支出绩效自评表"
HEIGHT = 28.0
TOP = A4[1] - 110


def table(canvas: Canvas, edges: Sequence[float], order: Sequence[int]) -> None:
    canvas.setLineWidth(0.5)
    for row in range(len(ROWS) + 1):
        canvas.line(edges[0], TOP - HEIGHT * row, edges[-1], TOP - HEIGHT * row)
    for edge in edges:
        canvas.line(edge, TOP, edge, TOP - HEIGHT * len(ROWS))
    canvas.setFont(FONT, 9)
    for row, texts in enumerate(ROWS):
        for edge, at in zip(edges, order, strict=False):
            canvas.drawString(edge + 4, TOP - HEIGHT * (row + 1) + 9, texts[at])


def sheet(canvas: Canvas, edges: list[float], title_at: float, unit_at: float) -> None:
    canvas.setFont(FONT, 16)
    canvas.drawString(title_at, A4[1] - 60, TITLE)
    canvas.setFont(FONT, 10)
    canvas.drawString(edges[0] + 5, A4[1] - 85, "项目名称：灌渠清淤")
    canvas.drawString(unit_at, A4[1] - 85, "实施单位：柳沟镇水管站")
    table(canvas, edges, range(len(ROWS[0])))


def read(path: Path) -> DocumentRecords:
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


def scores(records: DocumentRecords) -> list[str]:
    return [str(row.score) for part in records.evaluations for row in part.indicators]


@pytest.mark.parametrize("title_at", [380, 455, 500])
def test_a_title_cut_by_the_edge_of_two_pages_is_whole_and_the_head_stays_in_two(title_at: int, tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    edges = [float(edge) for edge in accumulate((40, 110, 130, 130, 130, 130, 120, 120, 145))]
    canvas = Canvas(str(tmp_path / "sheet.pdf"), pagesize=A4)
    for left, right in ((edges[0], edges[4]), (edges[4], edges[-1])):
        canvas.saveState()
        canvas.translate(40 - left, 0)
        window = canvas.beginPath()
        window.rect(left - 1, 0, right - left + 2, A4[1])
        canvas.clipPath(window, stroke=0, fill=0)
        sheet(canvas, edges, title_at, 700)
        canvas.restoreState()
        canvas.showPage()
    canvas.save()
    records = read(tmp_path / "sheet.pdf")
    head = records.evaluations[0].evaluation
    assert (head.title, head.project_name, head.unit) == (TITLE, "灌渠清淤", "柳沟镇水管站")
    assert scores(records) == ["48", "28", "20"]


def tiles(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFillColorRGB(0.8, 0.8, 0.8)
    for at in range(28):
        canvas.saveState()
        canvas.translate(40 + 130 * (at % 4), TOP - 30 * (at // 4))
        canvas.rotate(25)
        canvas.drawString(0, 0, "柳沟财政20230615")
        canvas.restoreState()


def raised(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFont(FONT, 5)
    canvas.drawString(x + 9.5, y + 4.5, "1")


def lowered(canvas: Canvas, x: float, y: float) -> None:
    canvas.setFont(FONT, 5)
    canvas.drawString(x + 9.5, y - 2, "3")


@pytest.mark.parametrize("mark", [tiles, raised, lowered])
def test_what_is_printed_over_or_beside_a_score_is_no_part_of_it(
    mark: Callable[[Canvas, float, float], None], tmp_path: Path
) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    edges = [float(edge) for edge in accumulate((30, 70, 70, 80, 70, 70, 40, 40, 80))]
    canvas = Canvas(str(tmp_path / "form.pdf"), pagesize=A4)
    sheet(canvas, edges, 150, 300)
    mark(canvas, edges[6] + 4, TOP - HEIGHT * 2 + 9)
    canvas.save()
    assert scores(read(tmp_path / "form.pdf")) == ["48", "28", "20"]


def test_two_forms_of_as_many_rows_under_titles_of_their_own_are_no_halves_of_one_sheet(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(tmp_path / "two.pdf"), pagesize=A4)
    for first, order in ((60.0, (0, 1, 2, 3, 4, 5, 6)), (52.0, (0, 1, 2, 5, 6, 3, 4))):
        widths = (60, 75, 85, 70, 70, 45, 45) if first == 60.0 else (90, 60, 70, 50, 50, 70, 76)
        edges = [float(edge) for edge in accumulate((first, *widths))]
        canvas.setFont(FONT, 16)
        canvas.drawCentredString((edges[0] + edges[-1]) / 2, A4[1] - 60, TITLE)
        table(canvas, edges, order)
        canvas.showPage()
    canvas.save()
    records = read(tmp_path / "two.pdf")
    assert len(records.evaluations) == 2
    assert scores(records) == ["48", "28", "20"] * 2

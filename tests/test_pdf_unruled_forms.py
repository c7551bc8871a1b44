"""Forms printed without any rule: labels of the form and sources left blank begin rows of their own (无框线的表)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.extract import extract
from schemas.records import DocumentRecords

FONT, SIZE, PITCH = "STSong-Light", 9, 16
PLACES = (40, 150, 260, 380, 480, 580, 640, 690)


def printed(path: Path, rows: Sequence[Sequence[str]]) -> DocumentRecords:
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=landscape(A4))
    canvas.setFont(FONT, 14)
    canvas.drawCentredString(420, 550, "2023年度项目支出绩效自评表")
    canvas.setFont(FONT, SIZE)
    for number, row in enumerate(rows):
        for place, text in zip(PLACES, row, strict=False):
            canvas.drawString(place, 520 - PITCH * number, text)
    canvas.save()
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


ROWS = (
    ("主管部门", "柳沟县水务局", "", "实施单位", "柳沟县水务局"),
    ("项目名称", "灌渠清淤"),
    ("资金（万元）", "资金来源", "", "年初预算数", "全年预算数", "全年执行数"),
    ("", "年度资金总额", "", "120.5", "126", "119.7"),
    ("", "其中：当年财政拨款", "", "120.5", "126", "119.7"),
    ("", "上年结转资金"),
    ("", "其他资金"),
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ("产出指标", "数量指标", "清淤长度", "≥36公里", "37公里", "50", "50"),
    ("效益指标", "社会效益指标", "受益农户", "≥900户", "912户", "40", "38"),
    ("满意度指标", "满意度指标", "农户满意度", "≥90%", "95%", "10", "10"),
    ("总分", "", "", "", "", "100", "98"),
)


def test_the_name_of_the_project_below_the_offices_is_its_own_row(tmp_path: Path) -> None:
    (form,) = printed(tmp_path / "form.pdf", ROWS).evaluations
    assert form.evaluation.project_name == "灌渠清淤"


def test_sources_left_blank_below_each_other_are_two(tmp_path: Path) -> None:
    (form,) = printed(tmp_path / "form.pdf", ROWS).evaluations
    labels = [line.label for line in form.funding]
    assert not any("结转资金其他" in label for label in labels)
    assert labels[:2] == ["年度资金总额", "其中：当年财政拨款"]


def test_a_side_label_glued_to_a_level_is_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    rows = (
        ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
        ("绩效指标产出指标", "数量指标", "清淤长度", "≥36公里", "37公里", "50", "50"),
        ("效益指标", "社会效益指标", "受益农户", "≥900户", "912户", "50", "48"),
    )
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    path.write_text(f"<p>2023年度项目支出绩效自评表</p><table>{body}</table>", encoding="utf-8")
    (form,) = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1).evaluations
    assert [row.level1 for row in form.indicators] == ["产出指标", "效益指标"]


def test_a_unit_alone_beside_the_funds_is_theirs(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    rows = (
        ("项目资金", "资金来源", "全年预算数", "全年执行数"),
        ("（元）", "年度资金总额", "1260000", "1197000"),
        ("", "财政拨款", "1260000", "1197000"),
        ("一级指标", "三级指标", "年度指标值", "实际完成值"),
        ("产出指标", "清淤长度", "≥36公里", "37公里"),
    )
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in row) + "</tr>" for row in rows)
    path.write_text(f"<p>2023年度项目支出绩效自评表</p><table>{body}</table>", encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    assert [str(line.annual_budget_wanyuan) for line in records.evaluations[0].funding] == ["126.0000", "126.0000"]
    assert not [problem for problem in records.problems if problem.code == "unit_not_stated"]

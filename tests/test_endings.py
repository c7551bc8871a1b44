"""A form without its end is said to be cut off; one that is whole is not."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from form_build import as_text
from pypdf import PdfReader, PdfWriter
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Table, TableStyle

from parsers.document import LeftOut, Place
from parsers.extract import extract
from parsers.pagination import PAGE_NUMBER, missing_pages
from schemas.records import DocumentRecords

FORM = """
项目支出绩效自评表
（2023年度）
项目名称|灌渠清淤|<|实施单位|柳沟镇水管站|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|120.00|131.50|130.20|10|99.01%|9.90
年度总体目标|预期目标|<|<|实际完成情况|<|<
^|清淤18公里|<|<|清淤18.6公里|<|<
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|清淤长度|≥18公里|18.6公里|50|50|
效益指标|社会效益指标|受益农户|≥900户|912户|30|30|
满意度指标|服务对象满意度指标|农户满意度|≥90%|95%|10|10|
总分|<|<|<|<|100|99.90|
"""


def said(path: Path) -> set[str]:
    records: DocumentRecords = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    return {problem.code for problem in records.problems}


def of_text(form: str, folder: Path) -> set[str]:
    path = folder / "form.txt"
    path.write_text(as_text(form, "tabs"), encoding="utf-8")
    return said(path)


def up_to(mark: str) -> str:
    """The form cut off before a mark."""
    return FORM[: FORM.index(mark)]


def test_a_whole_form_is_not_cut_off(tmp_path: Path) -> None:
    assert of_text(FORM, tmp_path) == set()


@pytest.mark.parametrize("mark", ["一级指标", "产出指标", "效益指标", "≥900户", "满意度指标", "95%|10"])
def test_a_form_that_breaks_off_anywhere_in_its_indicators_says_so(mark: str, tmp_path: Path) -> None:
    assert "form_cut_off" in of_text(up_to(mark), tmp_path)


def test_a_total_printed_above_the_funds_is_no_end(tmp_path: Path) -> None:
    above = FORM.replace("项目资金（万元）", "自评总分|99.90|<|评价等级|优|<|<\n项目资金（万元）", 1)
    assert "form_cut_off" in of_text(above[: above.index("一级指标")], tmp_path)


# -- pages -------------------------------------------------------------------------------------------------------------


def rows_of(count: int, total: bool) -> list[list[str]]:
    head = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    rows = [["产出指标", "数量指标", f"整治渠段{at:02d}", "≥1公里", "1公里", "2", "2"] for at in range(1, count)]
    last = [
        "满意度指标",
        "满意度指标",
        "农户满意度",
        "≥90%",
        "95%",
        str(100 - 2 * (count - 1)),
        str(100 - 2 * (count - 1)),
    ]
    return [head, *rows, last, *([["总分", "", "", "", "", "100", "100"]] if total else [])]


def drawn(path: Path, rows: Sequence[list[str]], height: float, numbers: Sequence[str] = ()) -> Path:
    """A page with a table from the upper margin down, rows of `height`, and page numbers at the foot."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path), pagesize=A4)
    for number in numbers or [""]:
        canvas.setFont("STSong-Light", 14)
        canvas.drawString(200, A4[1] - 50, "2023年度项目支出绩效自评表")
        table = Table(rows, rowHeights=height, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black)]))
        table.setStyle(TableStyle([("FONT", (0, 0), (-1, -1), "STSong-Light", 9)]))
        _, tall = table.wrap(500, 800)
        table.drawOn(canvas, 40, A4[1] - 60 - tall)
        canvas.setFont("STSong-Light", 9)
        canvas.drawString(290, 25, number)
        canvas.showPage()
    canvas.save()
    return path


def test_a_table_that_fills_the_last_page_without_an_end_may_go_on(tmp_path: Path) -> None:
    full = (A4[1] - 60 - 45) / 22
    assert "form_cut_off" in said(drawn(tmp_path / "a.pdf", rows_of(21, total=False), full))
    assert "form_cut_off" not in said(drawn(tmp_path / "b.pdf", rows_of(20, total=True), full))
    assert "form_cut_off" not in said(drawn(tmp_path / "c.pdf", rows_of(21, total=False), full - 5))


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_a_page_that_is_missing_by_its_number_is_said(lost: int, tmp_path: Path) -> None:
    whole = drawn(tmp_path / "whole.pdf", rows_of(10, total=True), 20, [f"第{n}页 共3页" for n in (1, 2, 3)])
    assert "pages_missing" not in said(whole)
    writer = PdfWriter()
    for index, page in enumerate(PdfReader(io.BytesIO(whole.read_bytes())).pages):
        if index != lost:
            writer.add_page(page)
    writer.write(tmp_path / "less.pdf")
    assert "pages_missing" in said(tmp_path / "less.pdf")


def numbers(*texts: str) -> list[LeftOut]:
    return [LeftOut(PAGE_NUMBER, text, Place(f"p{at}", at)) for at, text in enumerate(texts, 1) if text]


@pytest.mark.parametrize(
    "printed",
    [
        ("1", "2", "3"),
        ("- 35 -", "- 36 -"),
        ("", "2", "", "4"),
        ("1/2", "2/2", "1/1"),
        ("第1页 共2页", ""),
        ("2", "3", "1", "2"),
        ("i", "ii", "1", "2"),
        ("5", "120"),
    ],
)
def test_page_numbers_that_go_on_speak_of_no_missing_page(printed: tuple[str, ...]) -> None:
    assert missing_pages(numbers(*printed), len(printed)) == []


@pytest.mark.parametrize(
    "printed", [("1", "2", "4"), ("1/3", "2/3"), ("2/2",), ("1/2", "1/1"), ("-1-", "-3-"), ("第3页 共4页",)]
)
def test_page_numbers_with_a_gap_speak_of_missing_pages(printed: tuple[str, ...]) -> None:
    assert missing_pages(numbers(*printed), len(printed))


def test_rows_that_tell_parts_have_no_points_of_their_own(tmp_path: Path) -> None:
    rows = ["绩效目标自评表", "项目名称 | 松林村种养项目 |"]
    rows += ["一级指标 | 二级指标 | 三级指标 | 指标值 | 完成值 | 分值 | 得分 |"]
    rows += ["产出指标 | 数量指标 | 种植面积 | 9亩 | 9亩 | 40 | 40 |"]
    rows += ["其中桃树面积 | 4亩 | 4亩 |", "其中梨树面积 | 5亩 | 5亩 |"]
    path = tmp_path / "form.txt"
    path.write_text("\n".join([*rows, "质量指标 | 成活率 | 95% | 96% | 20 | 20 |"]), encoding="utf-8")
    assert "form_cut_off" in said(path)


def test_a_last_row_without_the_result_that_all_others_have_is_cut_off(tmp_path: Path) -> None:
    rows = ["就业补助资金转移支付项目绩效目标自评表", "一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 |"]
    rows += ["产出指标 | 数量指标 | 补贴人次 | ≥500人次 | 620 |", "质量指标 | 合规率 | 100"]
    path = tmp_path / "form.txt"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert "form_cut_off" in said(path)


def test_a_form_cut_behind_the_heads_of_its_funds_is_no_empty_file(tmp_path: Path) -> None:
    rows = ["部门预算项目支出绩效自评表(2023年度) | |", "项目名称 | 松林县巡查经费 | |"]
    path = tmp_path / "form.txt"
    path.write_text("\n".join([*rows, "年度预算数(万元) | 年初预算 | 调整后预算数 | 预算执行数 |"]), encoding="utf-8")
    assert "self_evaluation_not_read" in said(path)


def test_funds_of_a_transfer_without_its_targets_are_cut_off(tmp_path: Path) -> None:
    rows = ["中央对地方转移支付区域绩效目标自评表", "（2021年度）", "转移支付（项目）名称 | 农房改造补助 | |"]
    rows += ["项目资金（万元） | 全年预算数(A) | 全年执行数(B) | 预算执行率 |", "年度资金总额 | 860 | 731 | 85% |"]
    path = tmp_path / "form.txt"
    path.write_text("\n".join(rows), encoding="utf-8")
    assert "form_cut_off" in said(path)

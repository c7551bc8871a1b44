"""Rows that damage gave another shape than their neighbours: said, and no row of a whole form is."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from form_build import read, read_one

from parsers.extract import extract
from parsers.office.rtf import read_rtf
from parsers.sheets.xlsx import read_xlsx
from schemas.records import DocumentRecords

FORM = """
项目支出绩效自评表
（2022年度）
项目名称|河道清淤|<|<|<|<|<|<
项目资金（万元）|<|年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额|<|100.00|100.00|95.00|10|95.00%|9.5
其中：财政拨款|<|80.00|80.00|75.00|—|—|—
其他资金|<|20.00|20.00|20.00|—|—|—
一级指标|二级指标|三级指标|指标值|完成值|分值|得分|原因
产出指标|数量指标|清淤河道|≥7公里|7.2公里|20|20|
^|^|清淤土方|≥5200立方米|5310立方米|20|20|
^|质量指标|验收合格率|≥95%|98%|10|10|
效益指标|社会效益指标|受益村民满意程度|明显改善|明显改善|20|20|
^|可持续影响指标|管护机制|健全|健全|10|10|
满意度指标|服务对象满意度指标|村民满意度|≥90%|93%|10|10|
总分|<|<|<|<|100|99.5|
"""
FORMATS = pytest.mark.parametrize("kind", ["tabs", "docx"])


def said_of(old: str, new: str, kind: str, folder: Path) -> set[str]:
    assert old in FORM
    records = read(FORM.replace(old, new, 1), kind, folder)
    return {problem.code for problem in records.problems}


@FORMATS
def test_a_whole_form_has_no_odd_row(kind: str, tmp_path: Path) -> None:
    assert len(read_one(FORM, kind, tmp_path).indicators) == 6


@FORMATS
def test_a_row_cut_in_two_is_said(kind: str, tmp_path: Path) -> None:
    cut = "受益村民|明显|明显|20|20|\n^|^|满意程度|改善|改善|||"
    assert "row_without_values" in said_of("受益村民满意程度|明显改善|明显改善|20|20|", cut, kind, tmp_path)


@FORMATS
def test_a_level_cut_into_two_rows_is_one_level(kind: str, tmp_path: Path) -> None:
    torn = "满意度|服务对象满意度指标|村民满意度|≥90%|93%|5|5|\n指标|^|企业满意度|≥90%|92%|5|5|"
    form = read_one(FORM.replace("满意度指标|服务对象满意度指标|村民满意度|≥90%|93%|10|10|", torn), kind, tmp_path)
    assert [row.level1 for row in form.indicators[-2:]] == ["满意度指标", "满意度指标"]


@FORMATS
@pytest.mark.parametrize("figures", ["10|—|—", "—|—|9.5"])
def test_a_part_of_the_funds_with_points_or_a_score_alone_is_said(kind: str, figures: str, tmp_path: Path) -> None:
    said = said_of("80.00|75.00|—|—|—", f"80.00|75.00|{figures}", kind, tmp_path)
    assert "uncertain_columns" in said


@FORMATS
def test_a_name_and_target_copied_over_those_of_the_next_row_are_said(kind: str, tmp_path: Path) -> None:
    assert "uncertain_columns" in said_of("清淤土方|≥5200立方米", "清淤河道|≥7公里", kind, tmp_path)


@FORMATS
def test_a_result_in_the_words_of_the_row_above_is_said(kind: str, tmp_path: Path) -> None:
    assert "uncertain_columns" in said_of("≥90%|93%", "≥90%|健全", kind, tmp_path)


@FORMATS
def test_a_level_glued_to_a_name_is_said(kind: str, tmp_path: Path) -> None:
    assert "cells_in_one_column" in said_of("|质量指标|验收合格率", "|质量指标验收合格|验收合格率", kind, tmp_path)


def test_a_target_that_reaches_into_the_next_row_is_said(tmp_path: Path) -> None:
    assert "uncertain_columns" in said_of("清淤土方|≥5200立方米", "清淤土方|^", "docx", tmp_path)


@FORMATS
def test_a_figure_of_the_total_under_a_head_of_words_is_said(kind: str, tmp_path: Path) -> None:
    assert "stray_cell" in said_of("总分|<|<|<|<|100|99.5|", "总分|<|<|<|<|100|99|5", kind, tmp_path)


@FORMATS
def test_a_percent_sign_at_the_front_is_that_of_the_cell_before(kind: str, tmp_path: Path) -> None:
    assert "cell_fused" in said_of("≥90%|93%", "≥90|%93%", kind, tmp_path)


@FORMATS
def test_a_table_that_lost_its_names_is_said(kind: str, tmp_path: Path) -> None:
    form = FORM
    for name in ("清淤河道", "清淤土方", "验收合格率", "受益村民满意程度", "管护机制", "村民满意度"):
        form = form.replace(f"|{name}|", "||")
    assert "label_missing" in {problem.code for problem in read(form, kind, tmp_path).problems}


@pytest.mark.parametrize(
    ("old", "new"), [("^|可持续影响指标|", "^||"), ("满意度指标|服务对象满意度指标|", "|服务对象满意度指标|")]
)
def test_a_label_that_is_gone_from_its_own_cell_is_not_taken_from_above(old: str, new: str, tmp_path: Path) -> None:
    assert "label_missing" in said_of(old, new, "docx", tmp_path)


@FORMATS
def test_a_level_in_the_place_of_the_side_label_is_one(kind: str, tmp_path: Path) -> None:
    form = """
项目支出绩效自评表
项目名称|路灯维护|<|<|<|<|<|<
绩效指标|一级指标|二级指标|三级指标|指标值|完成值|分值|得分
^|产出指标|数量指标|维护路灯|≥120盏|125盏|40|40
^|^|质量指标|完好率|≥98%|98%|30|30
效益指标||社会效益指标|夜间出行|更加方便|更加方便|30|30
总分|<|<|<|<|<|100|100
"""
    assert [row.level1 for row in read_one(form, kind, tmp_path).indicators] == ["产出指标", "产出指标", "效益指标"]


@FORMATS
@pytest.mark.parametrize("ditto", ["同上", "〃"])
def test_ditto_in_the_place_of_a_label_is_the_label_above(ditto: str, kind: str, tmp_path: Path) -> None:
    form = FORM.replace("^|质量指标", f"{ditto}|质量指标").replace("^|^|清淤土方", f"^|{ditto}|清淤土方")
    rows = [(row.level1, row.level2) for row in read_one(form, kind, tmp_path).indicators[:3]]
    assert rows == [("产出指标", "数量指标"), ("产出指标", "数量指标"), ("产出指标", "质量指标")]


@FORMATS
def test_signs_left_as_their_names_in_markup_are_signs(kind: str, tmp_path: Path) -> None:
    form = read_one(FORM.replace("≥7公里", "&ge;7公里"), kind, tmp_path)
    assert form.indicators[0].target_raw == "≥7公里"


@FORMATS
@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#####"])
def test_a_formula_that_failed_is_said(error: str, kind: str, tmp_path: Path) -> None:
    assert "cell_not_number" in said_of("7.2公里", error, kind, tmp_path)


def test_a_level_that_goes_on_in_the_place_of_the_name_is_said(tmp_path: Path) -> None:
    form = """
项目支出绩效自评表
项目名称|路灯维护|<|<|<|<|<|<
一级指标|二级|指标|三级指标|指标值|完成值|分值|得分
产出指标|数量|指标|维护路灯|≥120盏|125盏|40|40
^|质量|指标|完好率|≥98%|98%|30|30
效益指标|社会效|益指标|夜间出行|更加方便|更加方便|30|30
总分|<|<|<|<|<|100|100
"""
    assert read(form, "docx", tmp_path).document.status == "partial"


@FORMATS
def test_the_rest_of_a_sentence_is_no_name(kind: str, tmp_path: Path) -> None:
    assert "label_odd" in said_of("|村民满意度|", "|的金额，村民满意度|", kind, tmp_path)


def test_funds_that_stand_twice_in_one_table_are_said(tmp_path: Path) -> None:
    funds = [line for line in FORM.strip().split("\n") if line.count("|") == 7][1:5]
    twice = "\n".join([*funds, "项目名称|河道清淤|<|<|<|<|<|<", *funds])
    assert "uncertain_columns" in said_of("\n".join(funds), twice, "docx", tmp_path)


@FORMATS
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("其他资金|<|20.00", "年度资金总额|<|100.00|100.00|95.00|10|95.00%|9.5\n其他资金|<|20.00"),
        ("95.00%|9.5", "00%|9.5"),
        ("95.00%|9.5", "00.00%|9.5"),
        ("|服务对象满意度指标|", "|服务对象满意度指|"),
        ("≥5200立方米", "s5200立方米"),
        ("≥95%|98%", "d95%|98%"),
        (
            "管护机制|健全|健全|10|10|\n满意度指标|服务对象满意度指标|村民满意度|≥90%|93%",
            "管护机制|健全|93%|10|10|\n满意度指标|服务对象满意度指标|村民满意度|≥90%|93%",
        ),
    ],
)
def test_rows_twice_and_texts_that_lack_a_character_are_said(old: str, new: str, kind: str, tmp_path: Path) -> None:
    assert said_of(old, new, kind, tmp_path)


@FORMATS
def test_a_total_of_funds_without_a_block_of_funds_is_said(kind: str, tmp_path: Path) -> None:
    heads = "项目资金（万元）|<|年初预算数|全年预算数|全年执行数|分值|执行率|得分\n"
    assert said_of(heads, "", kind, tmp_path)


def test_a_sign_before_words_is_that_of_another_row(tmp_path: Path) -> None:
    form = """
项目支出绩效自评表
项目名称|路灯维护|<|<|<|<|<|<
一级指标|二级指标|三级指标|指标性质|指标值|完成值|分值|得分
产出指标|数量指标|维护路灯|≥|120盏|125盏|40|40
^|质量指标|完好率|≥|98%|98%|30|30
效益指标|社会效益指标|夜间出行|{sign}|更加方便|更加方便|30|30
总分|<|<|<|<|<|100|100
"""
    assert read(form.format(sign=""), "docx", tmp_path).document.status == "ok"
    assert read(form.format(sign="≥"), "docx", tmp_path).document.status == "partial"


def test_the_name_of_the_block_that_lost_its_rows_is_no_part_of_a_label(tmp_path: Path) -> None:
    form = """
部门整体支出绩效自评表
部门名称|某某局|<|<|<|<|<
|资金来源|年初预算数|全年预算数|全年执行数|执行率|得分
|总额|300.00|300.00|270.00|90%|9
部门整体支出（万元）|财政资金|300.00|300.00|270.00|—|—
|其他资金|0.00|0.00|0.00|—|—
"""
    labels = [row.label for part in read(form, "tabs", tmp_path).evaluations for row in part.funding]
    assert labels == ["总额", "财政资金", "其他资金"]


def test_a_transfer_that_ends_with_its_outputs_is_cut_off(tmp_path: Path) -> None:
    form = """
区域绩效目标自评表
项目名称|水利救灾资金|<|<|<
资金情况（万元）|<|全年预算数(A)|全年执行数(B)|预算执行率(B/A)
年度资金总额|<|50.00|50.00|100%
一级指标|二级指标|三级指标|指标值|全年实际完成值
产出指标|数量指标|修复堤防|≥3处|3处
^|^|购置水泵|≥12台|12台
^|质量指标|验收合格率|100%|100%
^|时效指标|完成时间|2022年6月底前|2022年6月
"""
    assert "form_cut_off" in {problem.code for problem in read(form, "docx", tmp_path).problems}


def test_a_row_of_separated_values_of_another_length_is_said(tmp_path: Path) -> None:
    rows = [line.replace("<", "").replace("^", "") for line in FORM.strip().split("\n") if "|" in line]
    whole = "\n".join(rows).replace("|", ",")
    assert _csv(whole, tmp_path).document.status == "ok"
    assert _csv(whole.replace("5310立方米,20", "5310立方米20"), tmp_path).document.status == "partial"


def test_bytes_of_separated_values_that_fit_no_encoding_are_said(tmp_path: Path) -> None:
    path = tmp_path / "form.csv"
    rows = [line.replace("|", ",").replace("<", "").replace("^", "") for line in FORM.strip().split("\n")]
    data = "\n".join(rows).encode()
    path.write_bytes(data.replace("清淤土方".encode(), "清淤土方".encode()[1:]))
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)
    assert "bad_bytes" in {problem.code for problem in found.problems}


def _csv(text: str, folder: Path) -> DocumentRecords:
    path = folder / "form.csv"
    path.write_text(f"项目支出绩效自评表,,,,,,,\n{text}", encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)


def test_a_workbook_without_the_formats_of_its_cells_is_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("执行率", "得分"), (0.985, 9.85), (1, 10)):
        sheet.append(row)
    sheet["A2"].number_format = "0.0%"
    whole, spoiled = tmp_path / "whole.xlsx", tmp_path / "spoiled.xlsx"
    book.save(whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(spoiled, "w") as target:
        for name in source.namelist():
            if not name.endswith("styles.xml"):
                target.writestr(name, source.read(name))
    said = [{problem.code for problem in read_xlsx(path).problems} for path in (whole, spoiled)]
    assert said == [set(), {"formats_missing"}]


@pytest.mark.parametrize(("lost", "is_said"), [(0, False), (1, True), (12, True)])
def test_a_rich_text_that_breaks_off_is_said(lost: int, is_said: bool, tmp_path: Path) -> None:
    whole = r"{\rtf1\ansi\uc1 {\b budget \{2022\}}\par\pard one\par}"
    path = tmp_path / "form.rtf"
    path.write_text(whole[: len(whole) - lost], encoding="ascii")
    assert ("file_cut_off" in {problem.code for problem in read_rtf(path).problems}) is is_said


def test_a_misspelt_tag_of_a_table_is_said(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    row = "<tr><td>{0}</td><td>1</td><td>2</td></tr>"
    table = f"<table>{row.format('甲')}{row.format('乙')}</table>"
    page = "<html><head><meta charset='utf-8'></head><body><p>{0}</p></body></html>"
    for body, is_said in ((table, False), (table.replace("<td>乙", "<xtd>乙"), True)):
        path.write_text(page.format(body), encoding="utf-8")
        found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0)
        assert ("page_damaged" in {problem.code for problem in found.problems}) == is_said

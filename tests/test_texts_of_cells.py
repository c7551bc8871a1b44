"""Cells that damage left with another text than anybody prints, or that reach over rows of their own: said."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read, read_one

from parsers.extract import extract

FORM = """
项目支出绩效自评表
（2023年度）
项目名称|水厂改造|<|<|<|<|<|<
项目资金（万元）|<|年初预算数|全年预算数|全年执行数|分值|执行率|得分
年度资金总额|<|210.00|240.00|228.00|10|95.00%|9.5
其中：财政拨款|<|170.00|170.00|160.00|—|—|—
自筹资金|<|30.00|60.00|58.00|—|—|—
其他资金|<|10.00|10.00|10.00|—|—|—
一级指标|二级指标|三级指标|指标值|完成值|分值|得分|原因
产出指标|数量指标|更换管道|≥18公里|18.4公里|15|15|
^|^|安装水表|≥2600块|2650块|15|15|
^|质量指标|水质达标率|≥98%|98.6%|20|20|
效益指标|社会效益指标|用水便利程度|明显改善|明显改善|20|20|
^|可持续影响指标|设施使用年限|≥15年|15年|10|10|
满意度指标|服务对象满意度指标|用户满意度|≥90%|94%|10|10|
总分|<|<|<|<|100|99.5|
"""
FORMATS = pytest.mark.parametrize("kind", ["tabs", "docx"])


def said_of(old: str, new: str, kind: str, folder: Path) -> set[str]:
    assert old in FORM
    return {problem.code for problem in read(FORM.replace(old, new, 1), kind, folder).problems}


@FORMATS
def test_nothing_is_said_of_the_whole_form(kind: str, tmp_path: Path) -> None:
    assert said_of("水厂", "水厂", kind, tmp_path) == set()


@FORMATS
@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("98.6%", "98,6%", "cell_not_number"),
        ("2650块", "2'650块", "cell_not_number"),
        ("98.6%", "98-6%", "cell_not_number"),
        ("18.4公里", "18.4→18.6公里", "cell_not_number"),
        ("≥18公里", "≥18公里≥20公里", "cell_fused"),
        ("安装水表", "安装水表安装水表", "cell_fused"),
        ("94%|10", "9410%|10", "cell_fused"),
        ("18.4公里", "18公里19公里", "cell_fused"),
        ("18.4公里", "l8公里", "cell_not_number"),
        ("94%|10|10", "94%|#N/A|10", "cell_not_number"),
        ("94%|10|10|", "94%|||10 10", "uncertain_columns"),
        ("其他资金", "其他资金其他资金", "uncertain_columns"),
        ("其中：财政拨款|<|170.00|170.00", "其中：财政拨款|<|170.00|#N/A", "uncertain_columns"),
        (
            "明显改善|20|20|\n^|可持续影响指标|设施使用年限|≥15年|15年",
            "15年|20|20|\n^|可持续影响指标|设施使用年限|≥15年|明显改善",
            "uncertain_columns",
        ),
    ],
)
def test_a_text_that_is_no_value_is_said(old: str, new: str, code: str, kind: str, tmp_path: Path) -> None:
    assert code in said_of(old, new, kind, tmp_path)


@FORMATS
def test_ranges_lists_and_words_alike_are_values(kind: str, tmp_path: Path) -> None:
    assert said_of("18.4公里", "18-19公里", kind, tmp_path) == set()
    assert said_of("安装水表", "安装常常", kind, tmp_path) == set()


@FORMATS
def test_labels_of_funds_in_one_cell_are_said(kind: str, tmp_path: Path) -> None:
    glued = FORM.replace("其中：财政拨款|", "其中：财政拨款自筹资金|").replace("\n自筹资金|", "\n|")
    assert "uncertain_columns" in {problem.code for problem in read(glued, kind, tmp_path).problems}


def test_an_amount_over_two_rows_of_funds_is_said(tmp_path: Path) -> None:
    assert "cells_in_one_column" in said_of("自筹资金|<|30.00|60.00", "自筹资金|<|^|60.00", "docx", tmp_path)


def test_a_score_over_rows_with_points_of_their_own_is_said(tmp_path: Path) -> None:
    assert "cells_in_one_column" in said_of("2650块|15|15", "2650块|15|^", "docx", tmp_path)
    assert said_of("2650块|15|15", "2650块|^|^", "docx", tmp_path) == set()


@FORMATS
def test_amounts_left_out_of_a_column_that_does_not_add_up_are_said(kind: str, tmp_path: Path) -> None:
    blank = FORM.replace("|170.00|170.00|", "||170.00|").replace("|30.00|60.00|", "||60.00|")
    assert "uncertain_columns" in {problem.code for problem in read(blank, kind, tmp_path).problems}


@FORMATS
def test_the_only_level_without_a_name_below_it_is_said(kind: str, tmp_path: Path) -> None:
    bare = FORM.replace("^|可持续影响指标|设施使用年限|≥15年|15年|10|10|\n", "").replace("社会效益指标|", "|")
    assert "label_missing" in {problem.code for problem in read(bare, kind, tmp_path).problems}


def test_a_label_gone_from_a_cell_over_two_rows_is_said(tmp_path: Path) -> None:
    assert "label_missing" in said_of("数量指标|", "|", "docx", tmp_path)


@FORMATS
def test_scores_under_another_head_are_said(kind: str, tmp_path: Path) -> None:
    heads = FORM.index("一级指标")
    moved = "\n".join(line.rsplit("|", 2)[0] + "||" for line in FORM[heads:].splitlines()[1:])
    records = read(FORM[:heads] + FORM[heads:].splitlines()[0] + "\n" + moved, kind, tmp_path)
    assert "uncertain_columns" in {problem.code for problem in records.problems}


@FORMATS
def test_a_note_among_the_rows_is_no_level(kind: str, tmp_path: Path) -> None:
    note = "注：1.执行率=B/A×100%；2.得分不得超过分值10分。|<|<|<|<|<|<|<\n效益指标|社会"
    form = read_one(FORM.replace("效益指标|社会", note, 1), kind, tmp_path)
    assert [row.level1 for row in form.indicators][-3:] == ["效益指标", "效益指标", "满意度指标"]
    assert len(form.indicators) == 6


def test_figures_alike_under_two_heads_are_two(tmp_path: Path) -> None:
    """Where every slot of a joined cell holds its text, two neighbours may print the same all the same."""
    rows = [line.split("|") for line in FORM.strip().splitlines()[2:]]
    filled: list[list[str]] = []
    for row in rows:
        made: list[str] = []
        for at, text in enumerate(row):
            made.append(made[-1] if text == "<" else filled[-1][at] if text == "^" else text)
        filled.append(made)
    path = "\n".join(["项目支出绩效自评表", "（2023年度）", *("|".join(row) for row in filled)])
    form = read_one(f"\n{path}\n", "docx", tmp_path)
    assert [(row.initial_budget_wanyuan, row.annual_budget_wanyuan) for row in form.funding] == [
        (Decimal(210), Decimal(240)),
        (Decimal(170), Decimal(170)),
        (Decimal(30), Decimal(60)),
        (Decimal(10), Decimal(10)),
    ]


def test_marks_of_markdown_are_no_text_of_a_cell(tmp_path: Path) -> None:
    marked = (
        FORM.replace("|240.00|", "|**240.00**|").replace("228.00", "~~230.00~~228.00").replace("更换管道", "`更换管道`")
    )
    marked = marked.replace("≥2600块|2650块", "\\>=2600块|*2650块*[^1]").replace("|98.6%|", "|**%|")
    rows = [
        line.replace("<", "").replace("^", "") if "[^1]" not in line else line
        for line in marked.strip().splitlines()[2:]
    ]
    lines = [
        "# 项目支出绩效自评表",
        "",
        "（2023年度）",
        "",
        f"|{rows[0]}|",
        "|" + "---|" * 8,
        *(f"|{row}|" for row in rows[1:]),
    ]
    path = tmp_path / "form.md"
    path.write_text("\n".join(lines).replace("|^|安装", "||安装"), encoding="utf-8")
    (form,) = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=0).evaluations
    assert (form.funding[0].annual_budget_wanyuan, form.funding[0].executed_wanyuan) == (240, 228)
    told = [(row.level3, row.target_raw, row.actual_raw, row.actual_value) for row in form.indicators[:3]]
    assert told == [
        ("更换管道", "≥18公里", "18.4公里", Decimal("18.4")),
        ("安装水表", ">=2600块", "2650块", 2650),
        ("水质达标率", "≥98%", "**%", None),
    ]


@FORMATS
def test_a_form_that_stands_twice_is_said(kind: str, tmp_path: Path) -> None:
    assert {problem.code for problem in read(FORM + FORM, kind, tmp_path).problems} == {"form_twice"}
    other = FORM.replace("94%|10|10", "95%|10|10")
    assert not read(FORM + other, kind, tmp_path).problems


@FORMATS
def test_a_total_of_funds_without_what_its_parts_have_is_said(kind: str, tmp_path: Path) -> None:
    parts = FORM.replace("自筹资金|<|30.00|60.00|58.00|—|—|—\n其他资金|<|10.00|10.00|10.00|—|—|—\n", "")
    records = read(parts.replace("210.00|240.00|228.00", "210.00||228.00"), kind, tmp_path)
    assert "uncertain_columns" in {problem.code for problem in records.problems}


@FORMATS
def test_a_lone_character_that_looks_like_a_dash_is_none(kind: str, tmp_path: Path) -> None:
    form = read_one(FORM.replace("160.00|—|—|—", "160.00|一|一|一").replace("94%|10|10", "94%|10|一"), kind, tmp_path)
    assert (form.funding[1].points, form.funding[1].execution_rate_pct, form.funding[1].score) == (None, None, None)
    assert form.indicators[-1].score is None
    of_nothing = FORM.replace("10.00|10.00|10.00|—|—|—", "0|0|0|—|#DIV/0!|—")
    assert not read(of_nothing, kind, tmp_path).problems


@FORMATS
def test_figures_in_words_of_a_target_form_that_are_hashes_are_said(kind: str, tmp_path: Path) -> None:
    declared = """
项目支出绩效目标申报表
（2023年度）
项目名称|水厂改造|<|<
项目资金（万元）|年度资金总额：|####|<
^|其中：财政拨款：|####|<
一级指标|二级指标|三级指标|指标值
产出指标|数量指标|更换管道|≥18公里
^|质量指标|水质达标率|≥98%
效益指标|社会效益指标|受益户数|≥2600户
满意度指标|服务对象满意度指标|用户满意度|≥90%
"""
    assert "row_not_read" in {problem.code for problem in read(declared, kind, tmp_path).problems}


def test_the_rest_of_a_name_that_is_the_name_of_a_level_is_no_level(tmp_path: Path) -> None:
    cut = "用户|≥90%|94%|10|10|\n^|^|满意度|||||"
    assert "row_without_values" in said_of("用户满意度|≥90%|94%|10|10|", cut, "docx", tmp_path)


@FORMATS
def test_a_level_that_goes_on_in_the_place_of_the_name_is_said(kind: str, tmp_path: Path) -> None:
    torn = FORM.replace("产出指标|数量指标|更换管道", "产出|数量指标|指标")
    assert "label_odd" in {problem.code for problem in read(torn, kind, tmp_path).problems}

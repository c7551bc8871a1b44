"""Values in a neighbour's place, figures lost from a row, joined cells copied: read right, or said (错行)."""

from __future__ import annotations

from pathlib import Path

import pytest
from form_build import read

from parsers.copied_cells import with_copies_joined
from parsers.document import Cell, Grid, Place
from schemas.records import DocumentRecords

HEAD = """
2023年度项目支出绩效自评表
项目名称|<|桥梁检测|<|<|<|<|<
实施单位|<|柳河县公路站|<|<|<|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
"""
FUNDS = """
^|年度资金总额|300.00|310.00|294.50|10|95.00%|9.50
^|其中：中央补助|200.00|200.00|190.00|—|95.00%|—
^|省级资金|80.00|80.00|76.00|—|95.00%|—
^|其他资金|20.00|30.00|28.50|—|95.00%|—
"""
INDICATORS = """
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|检测桥梁|≥42座|43座|20|20|
^|质量指标|报告合格率|≥98%|99.1%|20|20|
^|时效指标|检测时限|≤30天|28天|10|10|
效益指标|社会效益指标|限载投诉下降率|≥10%|12%|30|30|
满意度指标|服务对象满意度|司机满意度|≥90%|93%|10|10|
总分|<|<|<|<|100|99.50|
"""
TWO_ROWS = "≥42座|{}|20|20|\n^|质量指标|报告合格率|≥98%|{}"
TOTAL_AND_PART = "10|95.00%|{}\n^|其中：中央补助|200.00|200.00|190.00|—|95.00%|{}"
FORM = HEAD.rstrip() + FUNDS.rstrip() + INDICATORS


def said(records: DocumentRecords) -> set[str]:
    return {problem.code for problem in records.problems}


def changed(old: str, new: str, folder: Path) -> DocumentRecords:
    assert old in FORM
    return read(FORM.replace(old, new), "docx", folder)


def test_the_form_itself_is_read_without_a_word(tmp_path: Path) -> None:
    records = read(FORM, "docx", tmp_path)
    assert (records.document.status, said(records)) == ("ok", set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TWO_ROWS.format("43座", "99.1%"), TWO_ROWS.format("99.1%", "43座")),
        ("≥98%|99.1%", "99.1%|≥98%"),
        ("≥98%|99.1%|20|20|", "≥98%|99.1%||20|"),
        ("≥98%|99.1%|20|20|", "≥98%||20|20|"),
        ("≥98%|99.1%|20|20|", "%|99.1%|20|20|"),
        ("≥98%|99.1%|20|20|", "≥98%|99..1%|20|20|"),
        ("≥98%|99.1%|20|20|", "≥98%|99.1%|20||20"),
    ],
    ids=["results exchanged", "sign", "no points", "no result", "no target", "two points", "score as reason"],
)
def test_a_value_in_the_place_of_another_is_said(old: str, new: str, tmp_path: Path) -> None:
    assert said(changed(old, new, tmp_path)) & {"uncertain_columns", "cell_fused"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (TOTAL_AND_PART.format("9.50", "—"), TOTAL_AND_PART.format("", "9.50")),
        ("省级资金|80.00|80.00|76.00|—|95.00%", "省级资金|||76.00|—|95.00%"),
        ("省级资金|80.00|80.00|76.00|—|95.00%", "省级资金||80.00|76.00|—|95.00%"),
        ("省级资金|80.00|80.00|76.00|—|95.00%", "省级资金|80.00|80.00||—|95.00%"),
        ("省级资金|80.00|80.00|76.00|—|95.00%", "省级资金||||—|"),
        ("^|年度资金总额|300.00|310.00|294.50|10|95.00%|9.50\n", ""),
    ],
    ids=["score of the whole", "no budget", "no first budget", "no spending", "no figures", "no whole"],
)
def test_figures_lost_from_the_funds_are_said(old: str, new: str, tmp_path: Path) -> None:
    assert "uncertain_columns" in said(changed(old, new, tmp_path))


def test_a_source_that_nobody_used_is_no_loss(tmp_path: Path) -> None:
    whole = "其他资金|20.00|30.00|28.50|—|95.00%|—\n"
    assert said(changed(whole, whole + "^|上年结转资金||||—||—\n", tmp_path)) == set()


def test_a_lost_block_of_funds_is_said_by_the_points_that_it_had(tmp_path: Path) -> None:
    funds = "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分" + FUNDS
    assert "form_cut_off" in said(changed(funds, "", tmp_path))


def test_a_score_that_lost_its_end_is_unread(tmp_path: Path) -> None:
    assert "unread_figure" in said(changed("|100|99.50|", "|100|99.|", tmp_path))


def test_of_two_budgets_in_either_order_the_adjusted_one_is_that_of_the_year(tmp_path: Path) -> None:
    heads = "年初预算数|全年预算数"
    for folder, (first, second) in zip("ab", (("调整后预算数", "预算数"), ("预算数", "调整后预算数")), strict=True):
        (tmp_path / folder).mkdir()
        row = changed(heads, f"{first}|{second}", tmp_path / folder).evaluations[0].funding[0]
        budgets = (row.initial_budget_wanyuan, row.annual_budget_wanyuan)
        assert budgets == ((310, 300) if first.startswith("调整") else (300, 310))


def test_names_under_two_heads_alike_are_said(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|桥梁检测|<|<|<|<|<|<
指标名称|目标值|分值|得分|指标名称|目标值|目标值|得分
检测桥梁|42座|50|50|报告份数|42份|42份|10
检测涵洞|30座|40|40|归档份数|42份|42份|10
"""
    assert "uncertain_columns" in said(read(form, "docx", tmp_path))


def as_copied(form: str) -> str:
    """The form with the text of each joined cell in every slot that it covers."""
    rows: list[list[str]] = []
    lines = []
    for line in form.strip().split("\n"):
        if "|" not in line:
            lines.append(line)
            continue
        cells = line.split("|")
        for at, text in enumerate(cells):
            cells[at] = cells[at - 1] if text == "<" else rows[-1][at] if text == "^" else text
        rows.append(cells)
        lines.append("|".join(cells))
    return "\n".join(lines)


@pytest.mark.parametrize("kind", ["docx", "tabs"])
def test_joined_cells_that_were_copied_into_every_slot_are_one(kind: str, tmp_path: Path) -> None:
    wide = FORM.replace("年初预算数|全年预算数", "年初预算数|<").replace("300.00|310.00", "310.00|<")
    wide = wide.replace("200.00|200.00", "200.00|<").replace("80.00|80.00", "80.00|<").replace("20.00|30.00", "30.00|<")
    copied = read(as_copied(wide), kind, tmp_path)
    assert copied.document.status == "ok"
    one = copied.evaluations[0]
    assert (one.evaluation.project_name, str(one.evaluation.total_score)) == ("桥梁检测", "99.50")
    assert [(row.label, row.initial_budget_wanyuan) for row in one.funding][1:] == [
        ("其中：中央补助", 200), ("省级资金", 80), ("其他资金", 30),
    ]  # fmt: skip
    assert [row.score for row in one.indicators] == [20, 20, 10, 30, 10]


def test_two_heads_alike_are_no_copies(tmp_path: Path) -> None:
    texts = (("得分", "得分", "备注"), ("20", "20", ""), ("合格", "合格", ""))
    cells = tuple(Cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row))
    grid = Grid(cells, tuple(Place(f"row {r}") for r in range(3)), 3, "spans", 1)
    assert with_copies_joined(grid) is grid


def test_a_total_row_swallowed_by_the_last_indicator_is_said(tmp_path: Path) -> None:
    assert "cells_in_one_column" in said(changed("\n满意度指标|", "\n满意度指标总分|", tmp_path))


def test_a_label_without_figures_among_the_funds_is_said(tmp_path: Path) -> None:
    line = "^|省级资金|80.00|80.00|76.00|—|95.00%|—\n"
    assert "row_without_values" in said(changed(line, f"{line}^|补助||||||\n", tmp_path))


def test_a_side_label_that_begins_beside_the_first_line_is_not_its_label(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|桥梁检测|<|<|<
费用|项目|预算数（万元）|执行数（万元）|执行率
支出安|检测|60|57|95%
^|养护|40|36|90%
三级指标|目标值|完成值|分值|得分
检测桥梁|≥42座|43座|50|50
检测涵洞|≥30座|30座|50|50
"""
    assert [row.label for row in read(form, "docx", tmp_path).evaluations[0].funding] == ["检测", "养护"]


def test_figures_whose_heads_are_gone_are_said(tmp_path: Path) -> None:
    heads = "项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分\n"
    records = changed(heads, "", tmp_path)
    assert said(records) & {"heads_missing", "row_not_read", "unread_figure", "form_cut_off"}


def test_a_figure_run_together_with_its_head_is_unread(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
项目名称|桥梁检测|<|<|<
全年预算数（万元）|360|全年执行数（万元）342|执行率|95%
三级指标|目标值|完成值|分值|得分
检测桥梁|≥42座|43座|50|50
检测涵洞|≥30座|30座|50|50
"""
    assert "unread_figure" in said(read(form, "docx", tmp_path))


def test_a_form_cut_before_its_satisfaction_is_said_although_its_points_may_be_all(tmp_path: Path) -> None:
    cut = FORM[: FORM.index("满意度指标|")].replace("|10|95.00%|9.50", "|—|95.00%|—")
    assert "form_cut_off" in said(read(cut, "docx", tmp_path))

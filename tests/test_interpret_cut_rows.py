"""Rows of indicators over a page break: the rest of a row is put back, two rows stay two (跨页的指标行)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read

from parsers.document import Cell, Document, Grid, Paragraph, Place
from parsers.interpret.document import interpret
from schemas.lexicon import lexicon
from schemas.records import DocumentRow, Indicator

HEAD = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分")


def indicators(*lines: tuple[str, ...], cut: int, reach: int = 1) -> list[Indicator]:
    """The indicators of a form whose line `cut` is the first on page 2; its level 1 reaches over `reach` rows."""
    texts = [HEAD, *lines]
    spans = {(cut + 1, 0): reach}
    cells = tuple(
        Cell(row, col, text, row_span=spans.get((row, col), 1), page=1 + (row > cut))
        for row, line in enumerate(texts)
        for col, text in enumerate(line)
        if not (col == 0 and cut + 1 < row < cut + 1 + reach)
    )
    rows = tuple(Place(f"p{1 + (row > cut)} table 1 row {row + 1}", 1 + (row > cut)) for row in range(len(texts)))
    grid = Grid(cells, rows, len(HEAD), "spans", 1, (cut + 1,))
    title = Paragraph("2023年度项目支出绩效自评表", Place("paragraph 1", 1))
    records = interpret(Document("pdf", (title, grid)), DocumentRow("0" * 64, "", ""), lexicon())
    return list(records.evaluations[0].indicators)


def test_a_row_cut_inside_its_words_is_one() -> None:
    rows = indicators(
        ("产出指标", "数量指标", "新建泵站", "3座", "3座", "40", "40"),
        ("效益指标", "社会效益", "排涝受益", "≥900", "930", "50", "48"),
        ("", "指标", "面积", "亩", "亩", "", ""),
        cut=2,
    )
    assert [(i.level2, i.level3, i.target_raw, i.actual_raw) for i in rows[1:]] == [
        ("社会效益指标", "排涝受益面积", "≥900亩", "930亩")
    ]


def test_a_label_cut_with_its_row_is_whole_for_the_rows_below_it() -> None:
    rows = indicators(
        ("产出指", "数量指", "新建", "3座", "3座", "20", "20"),
        ("标", "标", "泵站", "", "", "", ""),
        ("", "质量指标", "验收合格率", "100%", "100%", "20", "20"),
        ("", "时效指标", "完工及时率", "100%", "95%", "20", "19"),
        cut=1,
        reach=3,
    )
    assert [(i.level1, i.level2, i.level3) for i in rows] == [
        ("产出指标", "数量指标", "新建泵站"),
        ("产出指标", "质量指标", "验收合格率"),
        ("产出指标", "时效指标", "完工及时率"),
    ]


@pytest.mark.parametrize(
    ("above", "below"),
    [
        # A blank item of the form above the break, and the next item below it.
        (("指标2：", "", "", "", ""), ("指标1：完工及时率", "100%", "95%", "10", "9.5")),
        # The parts of a starred indicator have targets, the starred ones points.
        (("红薯面积", "5亩", "5亩", "", ""), ("★补助蔬菜面积", "", "", "10", "10")),
        (("红薯面积", "5亩", "5亩", "", ""), ("补助蔬菜面积", "", "", "10", "10")),
    ],
)
def test_two_rows_on_both_sides_of_a_break_stay_two(above: tuple[str, ...], below: tuple[str, ...]) -> None:
    rows = indicators(
        ("产出指标", "数量指标", "补助粮食面积", "", "", "10", "10"),
        ("", "", "玉米面积", "7亩", "7亩", "", ""),
        ("", "", *above),
        ("", "时效指标", *below),
        ("效益指标", "社会效益指标", "带动户数", "≥90户", "93户", "30", "30"),
        cut=3,
    )
    assert below[0] in [i.level3 for i in rows]
    (last,) = [i for i in rows if i.level3 == below[0]]
    assert (last.target_raw or "", last.score) == (below[1], Decimal(below[4]))


def test_a_row_under_another_label_is_no_rest() -> None:
    rows = indicators(
        ("产出指标", "数量指标", "新建泵站", "3座", "3座", "", ""),
        ("效益指标", "社会效益指标", "受益面积", "≥900亩", "930亩", "50", "48"),
        cut=1,
    )
    assert [(i.level1, i.level3) for i in rows] == [("产出指标", "新建泵站"), ("效益指标", "受益面积")]


def test_the_number_of_an_item_over_its_name_is_one_row_with_it() -> None:
    rows = indicators(
        ("产出指标", "时效指标", "指标1", "11月底完", "100%", "40", "40"),
        ("", "", "年底前完成验收", "成100%", "", "", ""),
        cut=1,
    )
    assert [(i.level3, i.target_raw, i.score) for i in rows] == [("指标1年底前完成验收", "11月底完成100%", 40)]


def test_a_label_left_behind_on_the_first_page_is_that_of_its_level_2() -> None:
    rows = indicators(
        ("", "数量指标", "新建泵站", "3座", "3座", "30", "30"),
        ("产出指标", "质量指标", "验收合格率", "100%", "100%", "20", "20"),
        ("成本指标", "经济成本指标", "单座造价", "≤90万元", "88万元", "10", "10"),
        cut=1,
    )
    assert [i.level1 for i in rows] == ["产出指标", "产出指标", "成本指标"]


LACKING_A_CELL = """
2023年度项目支出绩效自评表
项目名称|苗圃改造|<|<|<|<
一级指标|三级指标|指标值|实际完成值|分值|得分
产出指标|改造苗圃|3处|3处|40|40
^|完工时间|10月底前|30|30|
效益指标|供苗能力|提高|提高|30|28
"""


def test_a_result_that_is_the_points_again_beside_no_score_is_doubted(tmp_path: Path) -> None:
    records = read(LACKING_A_CELL, "docx", tmp_path)
    assert "uncertain_columns" in {problem.code for problem in records.problems}
    assert [(row.confidence or 0) < 0.8 for row in records.evaluations[0].indicators] == [False, True, False]

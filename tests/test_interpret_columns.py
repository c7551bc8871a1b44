"""Headers of one or several rows, with merges known, unknown or collapsed."""

from __future__ import annotations

import pytest

from parsers.document import Cell, Document, Geometry, Grid, Place
from parsers.interpret.align import assign
from parsers.interpret.columns import header_columns
from parsers.interpret.document import interpret
from parsers.interpret.head import grade_of
from parsers.interpret.header_rows import is_funding_header, is_indicator_header
from parsers.interpret.indicators import indicator_rows
from parsers.interpret.rows import Row, rows_of
from parsers.interpret.sorting import sort_blocks
from schemas.lexicon import lexicon
from schemas.records import DocumentRow


def grid_of(rows: list[list[str]], geometry: Geometry = "slots") -> Grid:
    """A grid with one cell per text."""
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    places = tuple(Place(f"line {r + 1}") for r in range(len(rows)))
    return Grid(cells, places, max(len(row) for row in rows), geometry, 1)


def concepts(rows: list[Row]) -> list[str]:
    return [column.concept for column in header_columns(rows, lexicon())]


def test_split_target_columns_by_position() -> None:
    rows = rows_of(
        grid_of(
            [
                ["绩效指标", "", "", "年度指标值", "", "", "实际完成值", "分值", "得分", "偏差原因分析"],
                ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "", "", "", ""],
            ]
        )
    )
    assert concepts(rows) == [
        "level1", "level2", "level3", "relation", "target", "target_unit", "actual", "points", "score", "deviation",
    ]  # fmt: skip


def test_split_target_columns_with_collapsed_merges() -> None:
    rows = rows_of(
        grid_of(
            [
                ["绩效指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析"],
                ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "", "", "", ""],
            ],
            "sequence",
        )
    )
    assert concepts(rows)[3:9] == ["relation", "target", "target_unit", "actual", "points", "score"]


def test_parts_of_a_figure_table_under_collapsed_merges() -> None:
    header = grid_of(
        [
            ["单位名称", "支出合计", "其中：", "结余"],
            ["", "", "基本支出", "其中：", "项目支出", ""],
            ["", "", "", "人员支出", "公用支出", "", ""],
        ],
        "sequence",
    )
    paths = [column.path for column in header_columns(rows_of(header), lexicon())]
    assert paths == [
        ("单位名称",),
        ("支出合计",),
        ("其中：", "基本支出"),
        ("其中：", "其中：", "人员支出"),
        ("其中：", "其中：", "公用支出"),
        ("其中：", "项目支出"),
        ("结余",),
    ]


def test_lost_heads_follow_the_usual_order() -> None:
    rows = rows_of(grid_of([["一级指标", "二级指标", "三级指标", "", "", "", "", ""]], "sequence"))
    columns = header_columns(rows, lexicon())
    assert [column.concept for column in columns[3:]] == ["target", "actual", "points", "score", "deviation"]
    assert all(column.inferred for column in columns[3:])


@pytest.mark.parametrize(
    ("texts", "indicator", "funding"),
    [
        (["一级指标", "二级指标", "三级指标", "指标值", "完成值"], True, False),
        (["指标名称", "计量单位", "指标性质", "指标值", "指标权重", "全年完成值", "指标得分"], True, False),
        (["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"], False, True),
        (["资金情况", "全年预算数（A）", "全年执行数（B）", "预算执行率（B/A×100%）"], False, True),
        (["预期目标", "实际完成情况"], False, False),
        (["项目名称", "某项目"], False, False),
    ],
)
def test_which_rows_are_headers(texts: list[str], indicator: bool, funding: bool) -> None:
    row = rows_of(grid_of([texts]))[0]
    assert is_indicator_header(row, lexicon()) is indicator
    assert is_funding_header(row, lexicon()) is funding


def test_a_short_row_finds_its_columns_by_the_kind_of_its_values() -> None:
    grid = grid_of(
        [
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
            ["质量指标", "设备合格率", "≥95%", "97%", "10", "9.5", "个别设备返修"],
        ],
        "sequence",
    )
    header, row = rows_of(grid)
    (assigned,) = assign(row, header_columns([header], lexicon()), lexicon(), grid.n_cols)
    assert [assigned.text(c) for c in ("level1", "level2", "level3", "target", "actual", "points", "score")] == [
        "", "质量指标", "设备合格率", "≥95%", "97%", "10", "9.5",
    ]  # fmt: skip
    assert assigned.certain < 1


def test_two_glued_rows_are_parted() -> None:
    grid = grid_of(
        [
            ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"],
            [
                "产出指标",
                "数量指标",
                "巡查次数",
                "≥12次",
                "13次",
                "10",
                "10",
                "",
                "质量指标",
                "合格率",
                "≥9%",
                "9%",
                "5",
                "5",
            ],
        ],
        "sequence",
    )
    header, row = rows_of(grid)
    parts = assign(row, header_columns([header], lexicon()), lexicon(), grid.n_cols)
    assert [part.text("level3") for part in parts] == ["巡查次数", "合格率"]
    assert [part.text("score") for part in parts] == ["10", "5"]


@pytest.mark.parametrize(
    ("printed", "grade"),
    [
        ("□优  √良  □中  □差", "良"),
        ("优☑ 良□ 中□ 差□", "优"),
        ("优□ 良√ 中□", "良"),
        ("☑ 优秀 □ 良好", "优秀"),
        ("优", "优"),
        ("—", None),
        ("√优 良 中 差", "优"),
        ("[√]良好 [ ]一般", "良好"),
        ("£优 þ良 £中", "良"),
    ],
)
def test_the_ticked_grade(printed: str, grade: str | None) -> None:
    assert grade_of(printed, lexicon()) == grade


def test_a_row_under_cells_of_the_row_above_is_its_rest() -> None:
    heads = ["一级指标", "二级指标", "三级指标", "指标值", "完成值", "分值", "得分", "偏差原因"]
    row = ["产出指标", "数量指标", "巡查次数", "≥12次", "9次", "10", "7", "雨季长，"]
    cells = [Cell(0, column, text) for column, text in enumerate(heads)]
    cells += [Cell(1, column, text, row_span=2 if column < 7 else 1) for column, text in enumerate(row)]
    cells.append(Cell(2, 7, "下年补上。"))
    grid = Grid(tuple(cells), (Place("1"), Place("2"), Place("3")), 8, "spans", 1, (2,))
    records = interpret(
        Document("pdf", (grid,)), DocumentRow(document_id="0" * 64, source_uri="x", file_name="x"), lexicon()
    )
    (form,) = records.evaluations
    assert [(i.level3, i.points, i.score, i.deviation) for i in form.indicators] == [
        ("巡查次数", 10, 7, "雨季长，下年补上。")
    ]
    assert form.evaluation.total_score is None


def test_cells_crowded_into_one_column_are_reported() -> None:
    heads = (("一级指标", 0, 1), ("三级指标", 1, 1), ("指标值", 2, 2), ("完成值", 4, 1), ("分值", 5, 1), ("得分", 6, 1))
    cells = [Cell(0, column, text, col_span=span) for text, column, span in heads]
    row = ("产出指标", "巡查次数", "≥12次", "14次", "", "100", "100")
    cells += [Cell(1, column, text) for column, text in enumerate(row) if text]
    grid = Grid(tuple(cells), (Place("1"), Place("2")), 7, "slots", 1)
    records = interpret(
        Document("pdf", (grid,)), DocumentRow(document_id="0" * 64, source_uri="x", file_name="x"), lexicon()
    )
    assert [problem.code for problem in records.problems] == ["cells_in_one_column"]
    assert records.document.status == "partial"


def test_a_header_stands_over_a_cell_rather_than_one_that_reaches_there_over_blanks() -> None:
    heads = (("一级指标", 0), ("二级指标", 2), ("三级指标", 3), ("指标值", 4), ("完成值", 5), ("分值", 6), ("得分", 7))
    cells = [Cell(0, column, text) for text, column in heads]
    cells += [Cell(1, 0, "产出指标"), Cell(1, 1, "数量指标", col_span=2)]
    cells += [Cell(1, column, text) for column, text in enumerate(("巡查次数", "≥12次", "14次", "10", "9"), 3)]
    grid = Grid(tuple(cells), (Place("1"), Place("2")), 8, "slots", 1)
    rows = rows_of(grid)
    (assigned,) = assign(rows[1], header_columns([rows[0]], lexicon()), lexicon(), grid.n_cols)
    assert (assigned.text("level1"), assigned.text("level2")) == ("产出指标", "数量指标")


def test_heads_on_lines_of_their_own_above_and_below_the_others_belong_to_them() -> None:
    rows = [
        ["", "", "目标值", "", "完成值", "", ""],
        ["一级指标", "三级指标", "", "", "", "", "得分"],
        ["", "", "数值", "单位", "数值", "单位", ""],
        ["产出指标", "修补路面", "1200", "平方米", "1250", "平方米", "40"],
        ["效益指标", "受益居民", "3600", "户", "3720", "户", "20"],
    ]
    (context,) = sort_blocks([grid_of(rows)], lexicon()).contexts
    found = indicator_rows(context.forms[0].indicators, lexicon()).indicators
    assert [(row.level3, row.target_raw, row.actual_raw, row.score) for row in found] == [
        ("修补路面", "1200平方米", "1250平方米", 40),
        ("受益居民", "3600户", "3720户", 20),
    ]


@pytest.mark.parametrize(
    ("heads", "told"),
    [
        (["半年完成值", "全年完成值", "分值", "得分"], ["other_year", "actual", "points", "score"]),
        (["实际完成值", "分值", "得分率", "得分"], ["actual", "points", "completion_rate", "score"]),
    ],
)
def test_results_of_half_a_year_and_shares_of_points_are_not_those_of_the_row(
    heads: list[str], told: list[str]
) -> None:
    rows = rows_of(grid_of([["一级指标", "二级指标", "三级指标", "年度指标值", *heads]]))
    assert concepts(rows) == ["level1", "level2", "level3", "target", *told]

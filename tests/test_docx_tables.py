"""Tables of Word documents: every cell in its exact grid slots."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from docx_build import grid_of, grids, lines, p, placed, r, read, tbl, tc, tr
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Grid
from parsers.docx import read_docx
from schemas.errors import LimitExceeded

SPAN2 = '<w:gridSpan w:val="2"/>'
RESTART = '<w:vMerge w:val="restart"/>'
CONTINUE = "<w:vMerge/>"


def width(twips: int) -> str:
    return f'<w:tcW w:w="{twips}" w:type="dxa"/>'


@st.composite
def merge_layouts(draw: st.DrawFn) -> tuple[int, int, list[tuple[int, int, int, int]]]:
    """Rows, columns, and rectangles (row, col, row_span, col_span) that cover the grid without overlap."""
    n_rows, n_cols = draw(st.integers(1, 6)), draw(st.integers(2, 6))
    free = {(row, col) for row in range(n_rows) for col in range(n_cols)}
    found = []
    for row, col in sorted(free):
        if (row, col) not in free:
            continue
        wide = draw(st.integers(1, 3))
        while not all((row, col + i) in free for i in range(wide)):
            wide -= 1
        tall = draw(st.integers(1, 3))
        while not all((row + j, col + i) in free for i in range(wide) for j in range(tall)):
            tall -= 1
        free -= {(row + j, col + i) for i in range(wide) for j in range(tall)}
        found.append((row, col, tall, wide))
    return n_rows, n_cols, found


@settings(max_examples=40, deadline=None)
@given(merge_layouts())
def test_any_merge_layout_of_python_docx_reads_back_exactly(
    layout: tuple[int, int, list[tuple[int, int, int, int]]],
) -> None:
    n_rows, n_cols, rectangles = layout
    document = docx.Document()
    table = document.add_table(n_rows, n_cols)
    for row, col, tall, wide in rectangles:
        table.cell(row, col).merge(table.cell(row + tall - 1, col + wide - 1)).text = f"{row},{col}"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "merged.docx"
        document.save(str(path))
        blocks = read_docx(path).blocks
    if len(rectangles) == 1:
        assert [block.text for block in blocks if not isinstance(block, Grid)] == ["0,0"]
        return
    (grid,) = blocks
    assert isinstance(grid, Grid)
    assert (grid.n_rows, grid.n_cols, grid.geometry) == (n_rows, n_cols, "spans")
    assert [(c.row, c.col, c.row_span, c.col_span) for c in grid.cells] == sorted(rectangles)
    assert all(cell.text == f"{cell.row},{cell.col}" for cell in grid.cells)


def test_spans_places_and_locators(tmp_path: Path) -> None:
    body = p("标题") + tbl(
        tr(tc("项目名称", SPAN2), tc("绿道养护")),
        tr(tc("绩效指标", RESTART), tc("数量指标"), tc("≥5公里")),
        tr(tc("", CONTINUE), tc("质量指标"), tc("合格")),
    )
    document = read(tmp_path, body)
    (grid,) = grids(document)
    assert placed(grid) == {
        "项目名称": (0, 0, 1, 2),
        "绿道养护": (0, 2, 1, 1),
        "绩效指标": (1, 0, 2, 1),
        "数量指标": (1, 1, 1, 1),
        "≥5公里": (1, 2, 1, 1),
        "质量指标": (2, 1, 1, 1),
        "合格": (2, 2, 1, 1),
    }
    assert [place.locator for place in grid.rows] == ["table 1 row 1", "table 1 row 2", "table 1 row 3"]
    assert grid.place.page is None and grid.breaks == ()
    assert (document.format, document.page_count, document.blocks[0].place.locator) == ("docx", None, "paragraph 1")


def test_rows_that_start_late_and_end_early(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("一"), tc("二"), tc("三"), tc("四")),
        tr(tc("中", SPAN2), properties='<w:gridBefore w:val="1"/><w:gridAfter w:val="1"/>'),
    )
    (grid,) = grids(read(tmp_path, body))
    assert placed(grid)["中"] == (1, 1, 1, 2)
    assert (grid.n_rows, grid.n_cols) == (2, 4)


def test_merge_without_its_start_keeps_every_text(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("产出指标"), tc("a")),
        tr(tc("", CONTINUE), tc("b")),
        tr(tc("效益指标", CONTINUE), tc("c")),
        tr(tc("", CONTINUE), tc("d")),
    )
    (grid,) = grids(read(tmp_path, body))
    assert placed(grid)["产出指标"] == (0, 0, 2, 1)
    assert placed(grid)["效益指标"] == (2, 0, 2, 1)


def test_merge_with_another_width_starts_anew(tmp_path: Path) -> None:
    body = tbl(tr(tc("宽", SPAN2 + RESTART), tc("a")), tr(tc("窄", CONTINUE), tc("b"), tc("c")))
    (grid,) = grids(read(tmp_path, body))
    assert placed(grid) == {
        "宽": (0, 0, 1, 2),
        "a": (0, 2, 1, 1),
        "窄": (1, 0, 1, 1),
        "b": (1, 1, 1, 1),
        "c": (1, 2, 1, 1),
    }


def test_text_hidden_under_a_proper_merge_is_not_printed(tmp_path: Path) -> None:
    body = tbl(tr(tc("总额", RESTART), tc("1")), tr(tc("旧字", CONTINUE), tc("2")))
    (grid,) = grids(read(tmp_path, body))
    assert placed(grid) == {"总额": (0, 0, 2, 1), "1": (0, 1, 1, 1), "2": (1, 1, 1, 1)}


def test_legacy_horizontal_merge(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("年度资金", '<w:hMerge w:val="restart"/>'), tc("", "<w:hMerge/>"), tc("9")),
        tr(tc("a"), tc("b"), tc("c")),
    )
    (grid,) = grids(read(tmp_path, body))
    assert placed(grid)["年度资金"] == (0, 0, 1, 2)
    assert placed(grid)["9"] == (0, 2, 1, 1)


@pytest.mark.parametrize("grid", [grid_of(1000, 1000, 1000, 1000), ""])
def test_missing_spans_are_taken_from_the_widths(tmp_path: Path, grid: str) -> None:
    body = tbl(
        tr(*(tc(text, width(1000)) for text in "甲乙丙丁")),
        tr(tc("宽", width(3010)), tc("窄", width(990))),
        grid=grid,
    )
    (found,) = grids(read(tmp_path, body))
    assert placed(found)["宽"] == (1, 0, 1, 3)
    assert placed(found)["窄"] == (1, 3, 1, 1)


def test_widths_that_meet_no_grid_line_change_nothing(tmp_path: Path) -> None:
    body = tbl(tr(*(tc(text, width(1000)) for text in "甲乙丙")), tr(tc("左", width(1500)), tc("右", width(1500))))
    (found,) = grids(read(tmp_path, body))
    assert placed(found)["左"] == (1, 0, 1, 1)
    assert placed(found)["右"] == (1, 1, 1, 1)


def test_nested_table_follows_its_outer_one(tmp_path: Path) -> None:
    inner = tbl(tr(tc("内一"), tc("内二")))
    body = tbl(tr(f"<w:tc>{p('外前')}{inner}{p('外后')}</w:tc>", tc("旁")), tr(tc("下左"), tc("下右"))) + p("后文")
    document = read(tmp_path, body)
    outer, nested = grids(document)
    assert outer.cells[0].text == "外前\n外后"
    assert placed(nested) == {"内一": (0, 0, 1, 1), "内二": (0, 1, 1, 1)}
    assert (outer.number, nested.number, nested.rows[0].locator) == (1, 2, "table 2 row 1")
    assert lines(document) == ["后文"]


def test_a_single_cell_is_a_frame_around_what_it_holds(tmp_path: Path) -> None:
    inner = tbl(tr(tc("项目名称"), tc("绿道养护")))
    body = tbl(tr(f"<w:tc>{p('一、概况')}{p('正文')}{inner}{p('落款')}</w:tc>"))
    document = read(tmp_path, body)
    assert [block.place.locator for block in document.blocks] == [
        "paragraph 1",
        "paragraph 2",
        "table 1",
        "paragraph 3",
    ]
    assert lines(document) == ["一、概况", "正文", "落款"]


def test_rows_and_cells_in_content_controls(tmp_path: Path) -> None:
    def control(content: str) -> str:
        return f"<w:sdt><w:sdtPr/><w:sdtContent>{content}</w:sdtContent></w:sdt>"

    body = control(
        tbl(
            control(tr(tc("a"), control(tc("b")))),
            "<w:customXml>" + tr(tc("c"), "<w:tc>" + control(p("d")) + "</w:tc>") + "</w:customXml>",
        )
    )
    (grid,) = grids(read(tmp_path, body))
    assert [cell.text for cell in grid.cells] == ["a", "b", "c", "d"]


def test_deleted_hidden_and_inserted_rows_and_cells(tmp_path: Path) -> None:
    body = tbl(
        tr(tc("留一"), tc("留二")),
        tr(tc("删一"), tc("删二"), properties='<w:del w:id="1"/>'),
        tr(tc("隐一"), tc("隐二"), properties="<w:hidden/>"),
        tr(tc("增一"), tc("删格", '<w:cellDel w:id="2"/>'), tc("增二"), properties='<w:ins w:id="3"/>'),
    )
    (grid,) = grids(read(tmp_path, body))
    assert [cell.text for cell in grid.cells] == ["留一", "留二", "增一", "增二"]
    assert grid.n_rows == 2


def test_old_properties_of_a_tracked_change_do_not_count(tmp_path: Path) -> None:
    old = f'<w:tcPrChange w:id="1"><w:tcPr>{SPAN2}{RESTART}</w:tcPr></w:tcPrChange>'
    (grid,) = grids(read(tmp_path, tbl(tr(tc("a", old), tc("b")), tr(tc("c"), tc("d")))))
    assert placed(grid)["a"] == (0, 0, 1, 1)


def test_lines_of_a_cell(tmp_path: Path) -> None:
    cell = f"<w:tc>{p('　目标1：按期完成 ')}{p('')}<w:p>{r('目标2：')}<w:r><w:br/></w:r>{r('满意 度')}</w:p></w:tc>"
    (grid,) = grids(read(tmp_path, tbl(tr(cell, tc("x")))))
    assert grid.cells[0].text == "目标1：按期完成\n目标2：\n满意 度"


def test_absurd_span_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="列数过多"):
        read(tmp_path, tbl(tr(tc("a", '<w:gridSpan w:val="999999999"/>'), tc("b"))))


def test_table_without_printed_rows_is_no_table(tmp_path: Path) -> None:
    document = read(tmp_path, tbl() + tbl("<w:tr/>") + tbl(tr(tc("a"), tc("b"))))
    assert [grid.number for grid in grids(document)] == [1]

"""Tables over page breaks become one; headers, footers and page numbers are left out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pdf_build import HEIGHT, Cell, grids, lettered, line, put, read, ruled, segments, shape
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Paragraph

XS = (50.0, 120.0, 200.0, 320.0, 430.0, 480.0, 540.0)
HEAD = ("一级指标", "二级指标", "三级指标", "指标值", "分值", "得分")

PLAIN = tuple(("甲", "乙", f"指标{n}", "≥5%", "5", "5") for n in range(3))


def rows(*texts: Sequence[str], first: int = 0) -> list[Cell]:
    return [(first + row, col, 1, 1, text) for row, cells in enumerate(texts) for col, text in enumerate(cells)]


def table(cells: Sequence[Cell], top: float, high: float = 30.0) -> Callable[[Canvas], None]:
    ys = [top + high * row for row in range(max(c[0] + c[2] for c in cells) + 1)]

    def draw(canvas: Canvas) -> None:
        ruled(canvas, cells, XS, ys)
        lettered(canvas, cells, XS, ys)

    return draw


def indicators(count: int, first: int, start: int = 0) -> list[Cell]:
    return [
        (first + row, col, 1, 1, text)
        for row in range(count)
        for col, text in enumerate(("", "", f"指标{start + row}", f"≥{start + row}%", "5", "4.5"))
        if col > 1
    ]


FIRST = [
    *rows(HEAD),
    (1, 0, 4, 1, "产出指标"),
    (1, 1, 2, 1, "数量指标"),
    (3, 1, 2, 1, "质量指标"),
    *indicators(4, 1, 10),
]
BOTTOM = HEIGHT - 60 - 150


def test_a_table_over_a_break_is_one_with_its_labels(tmp_path: Path) -> None:
    second = [(0, 0, 3, 1, ""), (0, 1, 1, 1, ""), (1, 1, 2, 1, "时效指标"), *indicators(3, 0, 14)]
    (grid,) = grids(read(tmp_path / "a.pdf", table(FIRST, BOTTOM), table(second, 60)))
    found = shape(grid)
    assert (1, 0, 7, 1, "产出指标") in found and (3, 1, 3, 1, "质量指标") in found and (6, 1, 2, 1, "时效指标") in found
    assert grid.breaks == (5,) and grid.n_rows == 8
    assert [row.page for row in grid.rows] == [1] * 5 + [2] * 3
    assert grid.rows[5].locator == "p2 table 1 row 6"


def test_a_label_whose_word_the_break_parts_is_one_cell_and_heads_are_no_rest_of_labels(tmp_path: Path) -> None:
    first = [*rows(HEAD), (1, 0, 4, 1, "产出"), (1, 1, 2, 1, "数量指标"), (3, 1, 2, 1, "质量"), *indicators(4, 1, 10)]
    second = [(0, 0, 3, 1, "指标"), (0, 1, 1, 1, "指标"), (1, 1, 2, 1, "时效指标"), *indicators(3, 0, 14)]
    (grid,) = grids(read(tmp_path / "a.pdf", table(first, BOTTOM), table(second, 60)))
    found = shape(grid)
    assert (1, 0, 7, 1, "产出指标") in found and (3, 1, 3, 1, "质量指标") in found
    heads = rows(("指标", "单位", "计划值", "完成值", "分值", "得分"), ("甲", "个", "5", "5", "5", "5"))
    texts = [
        cell.text
        for grid in grids(read(tmp_path / "b.pdf", table(first, BOTTOM), table(heads, 60)))
        for cell in grid.cells
    ]
    assert "产出" in texts and "指标" in texts


def test_a_side_label_over_a_whole_page_leaves_its_column_there(tmp_path: Path) -> None:
    first = [
        *rows(HEAD),
        (1, 0, 4, 1, "绩效指标"),
        *indicators(4, 1, 10),
        (1, 1, 2, 1, "数量指标"),
        (3, 1, 2, 1, "质量指标"),
    ]
    second = [(0, 0, 3, 1, ""), (0, 1, 1, 1, ""), (1, 1, 2, 1, "时效指标"), *indicators(3, 0, 14)]
    ys = [60.0 + 30 * row for row in range(4)]

    def open_page(canvas: Canvas) -> None:
        for side in segments(second, XS, ys):
            if side[0] == "v" or side[1] not in (ys[0], ys[-1]):
                line(canvas, side)
        lettered(canvas, second, XS, ys)

    (grid,) = grids(read(tmp_path / "a.pdf", table(first, BOTTOM), open_page))
    assert (1, 0, 7, 1, "绩效指标") in shape(grid) and (6, 1, 2, 1, "时效指标") in shape(grid)


def test_a_repeated_header_is_dropped_and_a_repeated_label_is_one_cell(tmp_path: Path) -> None:
    second = [*rows(HEAD), (1, 0, 2, 1, "产出指标"), (1, 1, 2, 1, "时效指标"), *indicators(2, 1, 14)]
    (grid,) = grids(read(tmp_path / "a.pdf", table(FIRST, BOTTOM), table(second, 60)))
    assert (1, 0, 6, 1, "产出指标") in shape(grid) and (5, 1, 2, 1, "时效指标") in shape(grid)
    assert grid.n_rows == 7 and grid.breaks == (5,)


def test_a_cut_row_is_joined_where_that_is_certain(tmp_path: Path) -> None:
    first = rows(HEAD, *PLAIN, ("甲", "乙", "新建及改造农村集中饮水点", "3处", "5", "5"))
    second = rows(("", "", "工程数量", "", "", ""), ("甲", "乙", "合格率", "≥9%", "5", "5"))
    (grid,) = grids(read(tmp_path / "a.pdf", table(first, BOTTOM), table(second, 60)))
    assert grid.n_rows == 6 and grid.breaks == (5,)
    cut = [cell.text for cell in grid.cells if cell.row == 4]
    assert cut == ["甲", "乙", "新建及改造农村集中饮水点\n工程数量", "3处", "5", "5"]
    assert grid.rows[4].locator == "p1-2 table 1 row 5"


def test_an_uncertain_cut_is_left_with_its_break(tmp_path: Path) -> None:
    first = rows(
        HEAD, *(("甲", "乙", f"指标{n}", "≥5%", "5", "5") for n in range(3)), ("甲", "乙", "上年结转", "3处", "5", "5")
    )
    second = rows(("", "", "其他资金", "", "", ""), ("甲", "乙", "合格率", "≥9%", "5", "5"))
    (grid,) = grids(read(tmp_path / "a.pdf", table(first, BOTTOM), table(second, 60)))
    assert grid.n_rows == 7 and grid.breaks == (5,)


def without_rule(cells: Sequence[Cell], top: float, missing: float, right: float = XS[-1]) -> Callable[[Canvas], None]:
    """A table that lacks the rule at height `missing` from the left up to x `right`."""
    ys = [top + 30 * row for row in range(max(c[0] + c[2] for c in cells) + 1)]

    def page(canvas: Canvas) -> None:
        for side in segments(cells, XS, ys):
            if not (side[0] == "h" and side[1] == missing and side[3] <= right):
                line(canvas, side)
        lettered(canvas, cells, XS, ys)

    return page


@pytest.mark.parametrize(
    "below", [("", "", "合格率", "≥9%", "5", "5"), ("", "", "其他指标", "", "", ""), ("", "", "…", "", "", "")]
)
def test_whole_rows_stay_apart_where_the_last_rule_of_a_page_is_missing(below: Sequence[str], tmp_path: Path) -> None:
    """Browsers leave it out when borders collapse."""
    first = without_rule(rows(HEAD, *PLAIN), BOTTOM, BOTTOM + 120)
    second = table(rows(below, ("甲", "乙", "及时率", "≥9%", "5", "5")), 60)
    (grid,) = grids(read(tmp_path / "a.pdf", first, second))
    assert grid.n_rows == 6 and grid.breaks == (4,)
    assert [c.text for c in grid.cells if c.row == 3] == list(PLAIN[2])
    assert tuple(c.text for c in grid.cells if c.row == 4) == below


def test_a_cut_row_without_a_rule_is_joined_where_text_runs_on(tmp_path: Path) -> None:
    first = rows(HEAD, *PLAIN, ("甲", "乙", "新建及改造农村集中饮水点", "3处", "5", "5"))
    second = rows(("", "", "工程数量", "", "", ""), ("甲", "乙", "合格率", "≥9%", "5", "5"))
    (grid,) = grids(read(tmp_path / "a.pdf", without_rule(first, BOTTOM, BOTTOM + 150), without_rule(second, 60, 60)))
    assert grid.n_rows == 6
    assert [c.text for c in grid.cells if c.row == 4][2:] == ["新建及改造农村集中饮水点\n工程数量", "3处", "5", "5"]


def test_cells_the_break_leaves_open_are_one(tmp_path: Path) -> None:
    """Some producers draw no rule where the page cuts a merged cell."""
    second = [(0, 0, 2, 1, ""), (0, 1, 2, 1, ""), *indicators(2, 0, 14)]

    (grid,) = grids(
        read(
            tmp_path / "a.pdf",
            without_rule(FIRST, BOTTOM, BOTTOM + 150, XS[2]),
            without_rule(second, 60, 60, XS[2]),
        )
    )
    assert (1, 0, 6, 1, "产出指标") in shape(grid) and (3, 1, 4, 1, "质量指标") in shape(grid)


@pytest.mark.parametrize("between", ["另一张表", "续表"])
def test_a_title_between_parts_two_tables_a_continuation_mark_does_not(between: str, tmp_path: Path) -> None:
    def second(canvas: Canvas) -> None:
        put(canvas, 250, 90, between)
        table(rows(HEAD, *(("甲", "乙", "丙", "1", "2", "3"),) * 2), 110)(canvas)

    found = grids(read(tmp_path / "a.pdf", table(FIRST, BOTTOM), second))
    assert len(found) == (2 if between == "另一张表" else 1)


def test_forms_on_pages_of_their_own_stay_apart(tmp_path: Path) -> None:
    form = rows(("项目名称", "甲", "", "", "", ""), *(("甲", "乙", "丙", "1", "2", "3"),) * 3)
    other = rows(("项目名称", "乙", "", "", "", ""), *(("甲", "乙", "丙", "4", "5", "6"),) * 3)
    assert len(grids(read(tmp_path / "a.pdf", table(form, 100), table(other, 100)))) == 2


@pytest.mark.parametrize("number", ["- {} -", "第 {} 页 共 3 页", "{}", "{} / 3", "— {} —"])
def test_page_furniture_is_left_out(number: str, tmp_path: Path) -> None:
    def page(index: int) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            put(canvas, 60, 40, "某县财政局 绩效自评材料")
            put(canvas, 280, HEIGHT - 30, number.format(index))
            put(canvas, 60, 120 + index, f"正文之{'一二三'[index - 1]}。")

        return draw

    document = read(tmp_path / "a.pdf", *(page(index) for index in (1, 2, 3)))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["正文之一。", "正文之二。", "正文之三。"]


def test_a_large_title_on_every_page_is_kept(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 16)
        put(canvas, 200, 50, "项目支出绩效自评表")
        canvas.setFont("STSong-Light", 9)
        for row in range(5):
            put(canvas, 60, 120 + 40 * row, "正文一句。")

    document = read(tmp_path / "a.pdf", page, page)
    assert sum(isinstance(b, Paragraph) and b.text == "项目支出绩效自评表" for b in document.blocks) == 2


def test_wrapped_lines_are_one_paragraph(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 68, 100, "本项目年初预算四百五十万元，" + "全年执行" * 11)
        put(canvas, 50, 114, "三百万元。")
        put(canvas, 68, 128, "下一段。")

    texts = [b.text for b in read(tmp_path / "a.pdf", page).blocks if isinstance(b, Paragraph)]
    assert len(texts) == 2 and texts[0].endswith("全年执行三百万元。") and texts[1] == "下一段。"


def test_a_title_as_wide_as_the_lines_below_it_is_a_paragraph_of_its_own(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 180, 100, "区级项目支出绩效自评表")
        put(canvas, 50, 114, "填报单位：某区住建局    单位：万元")

    texts = [b.text for b in read(tmp_path / "a.pdf", page).blocks if isinstance(b, Paragraph)]
    assert texts[0] == "区级项目支出绩效自评表" and len(texts) == 2


def test_a_sentence_over_a_page_break_is_one_paragraph(tmp_path: Path) -> None:
    def first(canvas: Canvas) -> None:
        put(canvas, 68, 700, "本项目年初预算四百五十万元，" + "全年执行" * 11)
        put(canvas, 50, 714, "三" * 59)

    def second(canvas: Canvas) -> None:
        put(canvas, 50, 80, "百万元。")
        put(canvas, 68, 94, "下一段。")

    blocks = [b for b in read(tmp_path / "a.pdf", first, second).blocks if isinstance(b, Paragraph)]
    assert [b.text[-5:] for b in blocks] == ["三百万元。", "下一段。"]
    assert [b.place.locator for b in blocks] == ["p1 paragraph 1", "p2 paragraph 1"]


def titled_form(name: str, top: float, title: str = "项目支出绩效自评表") -> Callable[[Canvas], None]:
    cells = rows(("主管部门", "甲局", "", "", "", ""), ("项目名称", name, "", "", "", ""), HEAD, *PLAIN * 6)

    def draw(canvas: Canvas) -> None:
        put(canvas, 230, 50, title)
        put(canvas, 270, 64, "（2023年度）")
        table(cells, top)(canvas)

    return draw


@pytest.mark.parametrize("names", ["甲乙", "甲乙丙丁"])
def test_a_title_repeated_over_the_form_of_each_page_is_kept(names: str, tmp_path: Path) -> None:
    document = read(tmp_path / "a.pdf", *(titled_form(name, 80) for name in names))
    assert len(grids(document)) == len(names)
    assert sum(isinstance(b, Paragraph) and b.text == "项目支出绩效自评表" for b in document.blocks) == len(names)


def test_forms_that_fill_their_pages_stay_apart_with_their_head_rows(tmp_path: Path) -> None:
    found = grids(read(tmp_path / "a.pdf", *(titled_form(name, 140) for name in "甲乙")))
    assert [[c.text for c in grid.cells if c.row < 2 and c.text] for grid in found] == [
        ["主管部门", "甲局", "项目名称", name] for name in "甲乙"
    ]
    assert [{row.page for row in grid.rows} for grid in found] == [{1}, {2}]


def test_a_running_header_is_left_out_over_prose_and_over_the_tables_between(tmp_path: Path) -> None:
    def page(body: Callable[[Canvas], None]) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            put(canvas, 60, 40, "某县财政局 绩效自评材料")
            body(canvas)

        return draw

    def prose(canvas: Canvas) -> None:
        for row in range(9):
            put(canvas, 60, 90 + 14 * row, "本项目实施单位为某县财政局所属事业单位" * 2 + "。")

    second = rows(*(("甲", "乙", f"指标{n}", "≥5%", "5", "5") for n in range(5)))
    document = read(tmp_path / "a.pdf", *map(page, (prose, prose, table(FIRST, BOTTOM), table(second, 60), prose)))
    assert not any("绩效自评材料" in b.text for b in document.blocks if isinstance(b, Paragraph))
    assert [grid.n_rows for grid in grids(document)] == [10]


def test_a_sheet_wider_than_its_paper_is_one_table(tmp_path: Path) -> None:
    left = [(r, c, 1, 1, text) for r, row in enumerate(WIDE) for c, text in enumerate(row[:2])]
    right = [(r, c, 1, 1, text) for r, row in enumerate(WIDE) for c, text in enumerate(row[2:])]
    (grid,) = grids(read(tmp_path / "a.pdf", wide(left), wide(right, (60.0, 160.0, 240.0))))
    assert [[c.text for c in grid.cells if c.row == r] for r in range(len(WIDE))] == [list(row) for row in WIDE]
    assert grid.rows[1].locator == "p1-2 table 1 row 2"


def test_a_table_that_goes_on_below_is_not_put_beside_itself(tmp_path: Path) -> None:
    one = [(r, c, 1, 1, text) for r, row in enumerate(WIDE) for c, text in enumerate(row[:2])]
    other = [(r, c, 1, 1, text) for r, row in enumerate(WIDE) for c, text in enumerate(row[2:])]
    assert all(grid.n_cols == 2 for grid in grids(read(tmp_path / "a.pdf", wide(one), wide(other))))


def test_forms_of_one_make_on_page_after_page_stay_apart(tmp_path: Path) -> None:
    one = [(r, c, 1, 1, text) for r, row in enumerate(WIDE) for c, text in enumerate(row[:2])]
    other = [(r, c, 1, 1, text if c == 0 else f"{r}7.5") for r, c, _, _, text in one]
    assert len(grids(read(tmp_path / "a.pdf", wide(one), wide(other)))) == 2


WIDE = (
    ("指标", "年初预算数", "执行数", "得分"),
    ("资金总额", "120.00", "118.20", "9.85"),
    ("财政拨款", "100.00", "98.20", "—"),
    ("清淤长度", "18公里", "18.6公里", "50"),
    ("受益农户", "900户", "912户", "38.5"),
)


def wide(
    cells: list[tuple[int, int, int, int, str]], xs: tuple[float, ...] = (80.0, 300.0, 520.0)
) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        ys = tuple(100.0 + 30 * row for row in range(len(WIDE) + 1))
        ruled(canvas, cells, xs, ys)
        lettered(canvas, cells, xs, ys)

    return draw


def test_a_page_number_on_a_low_page_parts_no_table(tmp_path: Path) -> None:
    height = 320.0

    def low(cells: Sequence[Cell], top: float, number: str) -> Callable[[Canvas], None]:
        def draw(canvas: Canvas) -> None:
            canvas.setPageSize((595.0, height))
            canvas.translate(0, height - HEIGHT)
            table(cells, top)(canvas)
            put(canvas, 280, height - 45, number)

        return draw

    first, second = [*rows(HEAD, *PLAIN)], [*rows(*PLAIN)]
    document = read(tmp_path / "a.pdf", low(first, 130, "— 1 —"), low(second, 60, "— 2 —"))
    (grid,) = grids(document)
    assert grid.n_rows == 7 and [left.code for left in document.left_out] == ["page_number", "page_number"]

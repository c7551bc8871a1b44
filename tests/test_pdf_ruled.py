"""Ruled tables come out with exact cells and spans, however the rules are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdf_build import FORM, HEIGHT, WIDTH, XS, YS, Cell, bar, grids, lettered, line, put, read, ruled, segments, shape
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Grid, Paragraph
from parsers.pdf.edges import whole_edges
from parsers.pdf.lattice import build_lattice
from parsers.pdf.settings import DEFAULT
from parsers.pdf.shapes import Edge


def thin_rectangles(canvas: Canvas) -> None:
    for side in segments(FORM):
        bar(canvas, side)


def pieces(length: float, gap: float) -> Callable[[Canvas], None]:
    def draw(canvas: Canvas) -> None:
        for orientation, pos, start, end in segments(FORM):
            at = start
            while at < end:
                bar(canvas, (orientation, pos, at, min(at + length, end)))
                at += length + gap

    return draw


def dash_pattern(canvas: Canvas) -> None:
    canvas.setDash(3, 3)
    ruled(canvas)


def double_lines(canvas: Canvas) -> None:
    canvas.setLineWidth(0.4)
    for side in segments(FORM):
        line(canvas, side, -1)
        line(canvas, side, 1)


def rounded_boxes(canvas: Canvas) -> None:
    for row, col, row_span, col_span, _ in FORM:
        high = YS[row + row_span] - YS[row]
        canvas.roundRect(XS[col], HEIGHT - YS[row + row_span], XS[col + col_span] - XS[col], high, 6)


def straight_curves(canvas: Canvas) -> None:
    for orientation, pos, start, end in segments(FORM):
        path, third = canvas.beginPath(), (end - start) / 3
        if orientation == "h":
            path.moveTo(start, HEIGHT - pos)
            path.curveTo(start + third, HEIGHT - pos, end - third, HEIGHT - pos, end, HEIGHT - pos)
        else:
            path.moveTo(pos, HEIGHT - start)
            path.curveTo(pos, HEIGHT - start - third, pos, HEIGHT - end + third, pos, HEIGHT - end)
        canvas.drawPath(path)


def clipped_floods(canvas: Canvas) -> None:
    for orientation, pos, start, end in segments(FORM):
        canvas.saveState()
        path = canvas.beginPath()
        if orientation == "h":
            path.rect(start, HEIGHT - pos - 0.3, end - start, 0.6)
        else:
            path.rect(pos - 0.3, HEIGHT - end, 0.6, end - start)
        canvas.clipPath(path, stroke=0)
        canvas.rect(0, 0, WIDTH, HEIGHT, stroke=0, fill=1)
        canvas.restoreState()


def overlapping_pieces(canvas: Canvas) -> None:
    for orientation, pos, start, end in segments(FORM):
        middle = (start + end) / 2
        line(canvas, (orientation, pos, start - 2, middle + 5))
        line(canvas, (orientation, pos, middle - 5, end + 2))


def short_pieces(canvas: Canvas) -> None:
    for orientation, pos, start, end in segments(FORM):
        line(canvas, (orientation, pos, start + 1.5, end - 1.5))


def one_path(canvas: Canvas) -> None:
    path = canvas.beginPath()
    for orientation, pos, start, end in segments(FORM):
        if orientation == "h":
            path.rect(start, HEIGHT - pos - 0.3, end - start, 0.6)
        else:
            path.rect(pos - 0.3, HEIGHT - end, 0.6, end - start)
    canvas.drawPath(path, stroke=0, fill=1)


def box_per_cell(canvas: Canvas) -> None:
    for row, col, row_span, col_span, _ in FORM:
        top, bottom = YS[row], YS[row + row_span]
        canvas.rect(XS[col], HEIGHT - bottom, XS[col + col_span] - XS[col], bottom - top)


def backgrounds(canvas: Canvas) -> None:
    for index, (row, col, row_span, col_span, _) in enumerate(FORM):
        canvas.setFillGray(0.8 if index % 2 else 0.9)
        top, bottom = YS[row], YS[row + row_span]
        canvas.rect(XS[col], HEIGHT - bottom, XS[col + col_span] - XS[col], bottom - top, stroke=0, fill=1)


def lines_and_shades(canvas: Canvas) -> None:
    backgrounds(canvas)
    ruled(canvas)


def form_object(canvas: Canvas) -> None:
    canvas.beginForm("table")
    ruled(canvas)
    canvas.endForm()
    canvas.doForm("table")


def scaled(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.scale(0.1, 0.1)
    canvas.setLineWidth(5)
    for orientation, pos, start, end in segments(FORM):
        if orientation == "h":
            canvas.line(start * 10, (HEIGHT - pos) * 10, end * 10, (HEIGHT - pos) * 10)
        else:
            canvas.line(pos * 10, (HEIGHT - start) * 10, pos * 10, (HEIGHT - end) * 10)
    canvas.restoreState()


def framed(canvas: Canvas) -> None:
    canvas.rect(30, HEIGHT - 400, WIDTH - 60, 360)
    ruled(canvas)


def inner_rules_only(canvas: Canvas) -> None:
    for side in segments(FORM):
        orientation, pos, _, _ = side
        if pos not in ((YS[0], YS[-1]) if orientation == "h" else (XS[0], XS[-1])):
            line(canvas, side)


def with_clutter(canvas: Canvas) -> None:
    ruled(canvas)
    canvas.circle(300, HEIGHT - 150, 60)
    canvas.line(60, HEIGHT - 500, 200, HEIGHT - 430)
    canvas.line(XS[3] + 3, HEIGHT - YS[2] - 22, XS[3] + 40, HEIGHT - YS[2] - 22)


STYLES = [
    ruled, thin_rectangles, dash_pattern, pieces(3, 2), pieces(8, 5), pieces(0.6, 2), double_lines, rounded_boxes,
    straight_curves, clipped_floods, overlapping_pieces, short_pieces, one_path, box_per_cell, backgrounds,
    lines_and_shades, form_object, scaled, framed, inner_rules_only, with_clutter,
]  # fmt: skip


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__qualname__)
def test_every_way_of_drawing_gives_the_same_cells(style: Callable[[Canvas], None], tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        style(canvas)
        lettered(canvas)

    (grid,) = grids(read(tmp_path / "a.pdf", page))
    assert shape(grid) == set(FORM)
    assert (grid.geometry, grid.n_rows, grid.n_cols) == ("spans", 7, 7)
    assert all(cell.confidence == 1 for cell in grid.cells)


def test_cells_know_their_place(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 200, 60, "自评表")
        ruled(canvas)
        lettered(canvas)
        put(canvas, 50, 330, "填表日期")

    title, grid, note = read(tmp_path / "a.pdf", page).blocks
    assert isinstance(title, Paragraph) and title.text == "自评表" and title.place.locator == "p1 paragraph 1"
    assert isinstance(note, Paragraph) and note.text == "填表日期"
    assert isinstance(grid, Grid) and grid.rows[4].locator == "p1 table 1 row 5"
    cell = next(c for c in grid.cells if c.text == "98.6%")
    assert cell.page == 1 and cell.bbox == pytest.approx((XS[4], YS[6], XS[5], YS[7]), abs=1)


def test_several_tables_and_a_table_in_a_cell(tmp_path: Path) -> None:
    small = ((0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙"), (1, 0, 1, 1, "1"), (1, 1, 1, 1, "2"))
    inner = ([160.0, 190, 240], [445.0, 465, 485])
    outer = ((0, 0, 1, 1, "外"), (0, 1, 1, 1, "说明"), (1, 0, 1, 1, "内"), (1, 1, 1, 1, ""))

    def page(canvas: Canvas) -> None:
        for cells, xs, ys in ((FORM, XS, YS), (outer, [50.0, 150, 300], [400.0, 430, 500]), (small, *inner)):
            ruled(canvas, cells, xs, ys)
            lettered(canvas, cells, xs, ys)

    found = grids(read(tmp_path / "a.pdf", page))
    assert [shape(grid) for grid in found] == [set(FORM), set(outer), set(small)]
    assert [grid.number for grid in found] == [1, 2, 3]


def test_text_set_downwards_is_one_word(tmp_path: Path) -> None:
    cells = ((0, 0, 2, 1, ""), (0, 1, 1, 1, "甲"), (1, 1, 1, 1, "乙"))

    def page(canvas: Canvas) -> None:
        ruled(canvas, cells, [50.0, 70, 200], [100.0, 160, 220])
        lettered(canvas, cells, [50.0, 70, 200], [100.0, 160, 220])
        for index, char in enumerate("绩效指标"):
            put(canvas, 55, 130 + 14 * index, char)

    (grid,) = grids(read(tmp_path / "a.pdf", page))
    assert grid.cells[0].text == "绩效指标" and grid.cells[0].row_span == 2


def downwards(canvas: Canvas, x: float, y: float, text: str, step: float = 10.0) -> None:
    for char in text:
        if char.isascii():
            canvas.saveState()
            canvas.translate(x + 1, HEIGHT - y + 8)
            canvas.rotate(-90)
            canvas.drawString(0, 0, char)
            canvas.restoreState()
            y += 4.5
        else:
            put(canvas, x, y, char)
            y += step


@pytest.mark.parametrize(
    ("columns", "step"), [(("年度总体", "目标完成"), 10.0), (("产出指标（50分）",), 10.0), (("年度绩效指标",), 1.0)]
)
def test_text_set_downwards_comes_in_the_order_it_was_drawn(
    columns: tuple[str, ...], step: float, tmp_path: Path
) -> None:
    """Columns from right to left, figures on their side, glyphs upon each other."""
    cells = ((0, 0, 2, 1, ""), (0, 1, 1, 1, "甲"), (1, 1, 1, 1, "乙"))

    def page(canvas: Canvas) -> None:
        ruled(canvas, cells, [50.0, 90, 200], [100.0, 160, 220])
        lettered(canvas, cells, [50.0, 90, 200], [100.0, 160, 220])
        for index, column in enumerate(columns):
            downwards(canvas, 70 - 12 * index, 120, column, step)

    (grid,) = grids(read(tmp_path / "a.pdf", page))
    assert grid.cells[0].text == "".join(columns)


def test_a_word_over_a_rule_stays_whole_and_is_doubtful(tmp_path: Path) -> None:
    """The rule goes through the middle of a digit, however wide the machine's font draws it."""
    cells = ((0, 0, 1, 1, ""), (0, 1, 1, 1, ""), (1, 0, 1, 1, "甲"), (1, 1, 1, 1, "乙"))

    def page(canvas: Canvas) -> None:
        ruled(canvas, cells, [50.0, 93.5, 200], [100.0, 130, 160])
        lettered(canvas, cells, [50.0, 93.5, 200], [100.0, 130, 160])
        put(canvas, 60, 120, "1234567.89")

    (grid,) = grids(read(tmp_path / "a.pdf", page))
    assert [cell.text for cell in grid.cells] == ["1234567.89", "", "甲", "乙"]
    assert grid.cells[0].confidence < 1 and grid.cells[2].confidence == 1


def test_a_word_whose_rest_lies_beyond_a_rule_stays_whole(tmp_path: Path) -> None:
    cells: tuple[Cell, ...] = tuple((row, col, 1, 1, "") for row in range(3) for col in range(3))

    def page(canvas: Canvas) -> None:
        ruled(canvas, cells, XS[:4], YS[:4])
        put(
            canvas, XS[0] + 2, YS[1] + 10, "购置炊具（含"
        )  # the bracket hangs over the rule, the last sign lies behind it
        put(canvas, XS[1] + 3, YS[1] + 22, "≥42套")

    (grid,) = grids(read(tmp_path / "a.pdf", page))
    texts = {(cell.row, cell.col): cell.text for cell in grid.cells if cell.text}
    assert texts == {(1, 0): "购置炊具（含", (1, 1): "≥42套"}


def test_rules_without_columns_are_no_lattice(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        for y in (100, 125, 400):
            canvas.line(50, HEIGHT - y, 540, HEIGHT - y)
        canvas.rect(40, HEIGHT - 420, 510, 340)
        for row in range(9):
            for x, text in zip((60, 200, 350, 480), ("名称", "预算数", "执行数", "得分"), strict=True):
                put(canvas, x, 118 + 30 * row, text if row == 0 else f"{row}.5")

    assert all(grid.geometry != "spans" for grid in grids(read(tmp_path / "a.pdf", page)))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(12, 80), min_size=1, max_size=8),
    st.lists(st.integers(12, 60), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_any_lattice_of_merged_cells_comes_back(widths: list[int], heights: list[int], random) -> None:  # type: ignore[no-untyped-def]  # a Random of hypothesis
    xs = [sum(widths[:index]) + 20.0 for index in range(len(widths) + 1)]
    ys = [sum(heights[:index]) + 20.0 for index in range(len(heights) + 1)]
    free = {(row, col) for row in range(len(heights)) for col in range(len(widths))}
    cells = []
    for row, col in sorted(free):
        if (row, col) not in free:
            continue
        col_span = row_span = 1
        while random.random() < 0.3 and (row, col + col_span) in free:
            col_span += 1
        while random.random() < 0.3 and all((row + row_span, col + c) in free for c in range(col_span)):
            row_span += 1
        free -= {(row + r, col + c) for r in range(row_span) for c in range(col_span)}
        cells.append((row, col, row_span, col_span, ""))
    edges = [
        Edge(orientation, pos, start, end, "line")  # type: ignore[arg-type]  # "h" or "v"
        for orientation, pos, start, end in segments(cells, xs, ys)
    ]
    lattice = build_lattice(whole_edges(edges, DEFAULT), DEFAULT)
    assert lattice is not None
    expected = {(xs[c], ys[r], xs[c + cs], ys[r + rs]) for r, c, rs, cs, _ in cells}
    assert {lattice.bounds(box) for box in lattice.boxes} == expected
    assert all(box.sure for box in lattice.boxes)

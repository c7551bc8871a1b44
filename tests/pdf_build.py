"""Small PDFs drawn cell by cell, with the table they show (测试用 PDF)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Document, Grid
from parsers.pdf.reader import read_pdf

FONT = "STSong-Light"
SIZE = 9.0
WIDTH, HEIGHT = A4
PADDING = 3.0

Cell = tuple[int, int, int, int, str]
"""row, col, row_span, col_span, text"""
Segment = tuple[str, float, float, float]
"""orientation, position, start, end"""

FORM: tuple[Cell, ...] = (
    (0, 0, 1, 2, "项目名称"),
    (0, 2, 1, 5, "农村供水管网改造"),
    (1, 0, 3, 1, "资金"),
    (1, 1, 1, 2, "来源"),
    (1, 3, 1, 1, "预算数"),
    (1, 4, 1, 1, "执行数"),
    (1, 5, 1, 1, "分值"),
    (1, 6, 1, 1, "得分"),
    (2, 1, 1, 2, "资金总额"),
    (2, 3, 1, 1, "4,532.92"),
    (2, 4, 1, 1, "4184.34"),
    (2, 5, 1, 1, "10"),
    (2, 6, 1, 1, "9.23"),
    (3, 1, 1, 2, "其中：财政拨款"),
    (3, 3, 1, 1, "0.00"),
    (3, 4, 1, 1, "—"),
    (3, 5, 1, 1, ""),
    (3, 6, 1, 1, ""),
    (4, 0, 3, 1, "产出指标"),
    (4, 1, 2, 1, "数量"),
    (4, 2, 1, 1, "培训人次（含线上）不低于上年同期的水平"),
    (4, 3, 1, 1, "≥1,200人次"),
    (4, 4, 1, 1, "1,350人次"),
    (4, 5, 1, 1, "10"),
    (4, 6, 1, 1, "10"),
    (5, 2, 1, 1, "设备数量"),
    (5, 3, 1, 1, "≤12台（套）"),
    (5, 4, 1, 1, "12"),
    (5, 5, 1, 1, "5.5"),
    (5, 6, 1, 1, "5.50"),
    (6, 1, 1, 1, "质量"),
    (6, 2, 1, 1, "合格率"),
    (6, 3, 1, 1, "≥98%"),
    (6, 4, 1, 1, "98.6%"),
    (6, 5, 1, 1, "10"),
    (6, 6, 1, 1, "9.8"),
)
XS = (50.0, 100.0, 150.0, 270.0, 340.0, 410.0, 470.0, 540.0)
YS = tuple(90.0 + 30 * row for row in range(8))


def segments(cells: Sequence[Cell], xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> list[Segment]:
    """The sides of all cells, each once."""
    sides: set[Segment] = set()
    for row, col, row_span, col_span, _ in cells:
        x0, x1, top, bottom = xs[col], xs[col + col_span], ys[row], ys[row + row_span]
        sides |= {("h", top, x0, x1), ("h", bottom, x0, x1), ("v", x0, top, bottom), ("v", x1, top, bottom)}
    return sorted(sides)


def line(canvas: Canvas, side: Segment, shift: float = 0.0) -> None:
    orientation, pos, start, end = side
    if orientation == "h":
        canvas.line(start, HEIGHT - pos - shift, end, HEIGHT - pos - shift)
    else:
        canvas.line(pos + shift, HEIGHT - start, pos + shift, HEIGHT - end)


def bar(canvas: Canvas, side: Segment, thick: float = 0.6, fill: int = 1) -> None:
    orientation, pos, start, end = side
    if orientation == "h":
        canvas.rect(start, HEIGHT - pos - thick / 2, end - start, thick, stroke=0, fill=fill)
    else:
        canvas.rect(pos - thick / 2, HEIGHT - end, thick, end - start, stroke=0, fill=fill)


def ruled(canvas: Canvas, cells: Sequence[Cell] = FORM, xs: Sequence[float] = XS, ys: Sequence[float] = YS) -> None:
    canvas.setLineWidth(0.5)
    for side in segments(cells, xs, ys):
        line(canvas, side)


def wrapped(text: str, width: float) -> list[str]:
    lines, current = [], ""
    for char in text:
        if current and pdfmetrics.stringWidth(current + char, FONT, SIZE) > width:
            lines.append(current)
            current = ""
        current += char
    return [*lines, current] if current else lines


def put(canvas: Canvas, x: float, y: float, text: str) -> None:
    canvas.drawString(x, HEIGHT - y, text)


def lettered(
    canvas: Canvas,
    cells: Sequence[Cell] = FORM,
    xs: Sequence[float] = XS,
    ys: Sequence[float] = YS,
    write: Callable[[Canvas, float, float, str], None] = put,
) -> None:
    """The text of the cells, wrapped and centred vertically."""
    canvas.setFillGray(0)
    for row, col, row_span, col_span, text in cells:
        lines = wrapped(text, xs[col + col_span] - xs[col] - 2 * PADDING)
        y = (ys[row] + ys[row + row_span]) / 2 - len(lines) * SIZE * 0.55 + SIZE * 0.88
        for part in lines:
            write(canvas, xs[col] + PADDING, y, part)
            y += SIZE * 1.1


def form_page(canvas: Canvas) -> None:
    """The form with plain rules."""
    ruled(canvas)
    lettered(canvas)


def pdf(path: Path, *pages: Callable[[Canvas], None]) -> Path:
    """A PDF of one page for each function."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    canvas = Canvas(str(path), pagesize=A4)
    for draw in pages:
        canvas.setFont(FONT, SIZE)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return path


def read(path: Path, *pages: Callable[[Canvas], None]) -> Document:
    return read_pdf(pdf(path, *pages))


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def shape(grid: Grid) -> set[Cell]:
    """The cells of a grid with wrapped lines put together."""
    return {(c.row, c.col, c.row_span, c.col_span, c.text.replace("\n", "")) for c in grid.cells}

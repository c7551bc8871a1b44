"""Forms drawn on a canvas with ReportLab: rules as lines, thin rectangles, dashes, double lines, fills, or none."""

from __future__ import annotations

from pathlib import Path
from random import Random

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

from benchmarks.corpus.model import Cell, Document, Line, Table

FILES = {
    "zenhei": "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "uming": "/usr/share/fonts/truetype/arphic/uming.ttc",
    "ukai": "/usr/share/fonts/truetype/arphic/ukai.ttc",
}
LOOKS = ("lines", "rects", "dashed", "double", "filled", "threeline", "borderless")
MARGIN = 40.0
MARKS = str.maketrans("☑", "√")  # a mark few of the fonts have


def fonts() -> list[str]:
    """Names of the fonts that can be drawn: files found here, and a CID font that is not embedded."""
    names = []
    for name, path in FILES.items():
        if Path(path).exists():
            try:
                pdfmetrics.registerFont(TTFont(name, path))
                names.append(name)
            except TTFError:
                continue
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return [*names, "STSong-Light"]


class Pen:
    """A canvas with a height that is left, and the manner of its rules."""

    def __init__(self, path: Path, look: str, rng: Random, broad: bool) -> None:
        self.size = landscape(A4) if broad else A4
        self.turned = broad and rng.random() < 0.5
        self.canvas = Canvas(str(path), pagesize=self.size, invariant=1)
        self.begin()
        self.look, self.font, self.points = look, rng.choice(fonts()), rng.choice((7.0, 8.0, 9.0))
        self.y = self.size[1] - MARGIN
        self.numbered = rng.random() < 0.5
        self.page = 1

    def begin(self) -> None:
        """Set up a page; a turned one is drawn sideways on portrait paper and shown by /Rotate."""
        if self.turned:
            self.canvas.setPageRotation(90)
            self.canvas.translate(A4[0], 0)
            self.canvas.rotate(90)

    def turn(self) -> None:
        """Go to the next page."""
        if self.numbered:
            self.canvas.setFont(self.font, 8)
            self.canvas.drawCentredString(self.size[0] / 2, 20, f"— {self.page} —")
        self.canvas.showPage()
        self.begin()
        self.page += 1
        self.y = self.size[1] - MARGIN

    def wrap(self, text: str, width: float, points: float | None = None) -> list[str]:
        """Lines of `text` that fit."""
        size = points or self.points
        out: list[str] = []
        text = text.translate(MARKS)
        for part in text.split("\n"):
            line = ""
            for char in part:
                if line and pdfmetrics.stringWidth(line + char, self.font, size) > width:
                    out.append(line)
                    line = ""
                line += char
            out.append(line)
        return out or [""]

    def rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A rule between two points, horizontal or vertical."""
        c = self.canvas
        if self.look == "rects":
            c.rect(min(x0, x1) - 0.25, min(y0, y1) - 0.25, abs(x1 - x0) + 0.5, abs(y1 - y0) + 0.5, stroke=0, fill=1)
            return
        c.setLineWidth(0.6)
        c.setDash(3, 2) if self.look == "dashed" else c.setDash()
        c.line(x0, y0, x1, y1)
        if self.look == "double":
            dx, dy = (1.4, 0) if x0 == x1 else (0, 1.4)
            c.line(x0 + dx, y0 + dy, x1 + dx, y1 + dy)


def write(document: Document, path: Path, look: str, rng: Random) -> None:
    """Draw the document; raises OSError where the folder is not writable."""
    pen = Pen(path, look, rng, document.broad)
    for block in document.blocks:
        if isinstance(block, Line):
            _line(pen, block)
        else:
            _table(pen, block)
    if pen.numbered:
        pen.canvas.setFont(pen.font, 8)
        pen.canvas.drawCentredString(pen.size[0] / 2, 20, f"— {pen.page} —")
    pen.canvas.save()


def _line(pen: Pen, line: Line) -> None:
    if line.page_break:
        pen.turn()
    big = {"title": 6.0, "cover": 9.0}.get(line.style, 0.0)
    size = pen.points + big
    for text in pen.wrap(line.text, pen.size[0] - 2 * MARGIN, size):
        if pen.y < MARGIN + size:
            pen.turn()
        pen.y -= size * 1.6
        pen.canvas.setFont(pen.font, size)
        if line.style in ("title", "sub", "cover"):
            pen.canvas.drawCentredString(pen.size[0] / 2, pen.y, text)
        elif line.style == "unit":
            pen.canvas.drawRightString(pen.size[0] - MARGIN, pen.y, text)
        else:
            pen.canvas.drawString(MARGIN, pen.y, text)
    pen.y -= pen.points * 0.6


def _table(pen: Pen, table: Table) -> None:
    width = pen.size[0] - 2 * MARGIN
    total = sum(table.relative) or 1.0
    edges = [MARGIN]
    for share in table.relative:
        edges.append(edges[-1] + width * share / total)
    placed = table.placed()
    lead = pen.points * 1.25
    heights = [lead + 5.0] * len(table.rows)
    for span in sorted({cell.rows for _, _, cell in placed}):
        for r, c, cell in placed:
            if cell.rows == span:
                need = len(pen.wrap(cell.text, edges[c + cell.cols] - edges[c] - 5)) * lead + 5
                lack = need - sum(heights[r : r + cell.rows])
                if lack > 0:
                    heights[r + cell.rows - 1] += lack
    start = 0
    while start < len(heights):
        end, used = start, 0.0
        while end < len(heights) and used + heights[end] <= pen.y - MARGIN:
            used += heights[end]
            end += 1
        if end == start:
            if pen.y < pen.size[1] - MARGIN - 1:
                pen.turn()
                continue
            end = start + 1
        _part(pen, table, placed, edges, heights, start, end)
        start = end
        if start < len(heights):
            pen.turn()
    pen.y -= pen.points


def _part(
    pen: Pen,
    table: Table,
    placed: list[tuple[int, int, Cell]],
    edges: list[float],
    heights: list[float],
    start: int,
    end: int,
) -> None:
    """The rows start..end of a table on this page; a cell over the break keeps its text on its first page."""
    tops = [pen.y]
    for r in range(start, end):
        tops.append(tops[-1] - heights[r])
    lead = pen.points * 1.25
    heads = {
        r for r, _, cell in placed if cell.head and cell.text.replace("\n", "") in ("一级指标", "三级指标", "指标名称")
    }
    for r, c, cell in placed:
        first, last = max(r, start), min(r + cell.rows, end)
        if first >= last:
            continue
        x0, x1, y0, y1 = edges[c], edges[c + cell.cols], tops[last - start], tops[first - start]
        if pen.look == "filled" and cell.head:
            pen.canvas.setFillGray(0.88)
            pen.canvas.rect(x0, y0, x1 - x0, y1 - y0, stroke=0, fill=1)
            pen.canvas.setFillGray(0)
        if pen.look not in ("threeline", "borderless"):
            for ends in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
                pen.rule(*ends)
        if pen.look == "threeline" and r in heads and cell.rows == 1:
            pen.rule(x0, y0, x1, y0)
        if r < start:
            continue
        lines = pen.wrap(cell.text, x1 - x0 - 5)
        y = (y0 + y1) / 2 + lead * len(lines) / 2 - pen.points
        pen.canvas.setFont(pen.font, pen.points)
        for text in lines:
            if cell.align == "right":
                pen.canvas.drawRightString(x1 - 2.5, y, text)
            elif cell.align == "left":
                pen.canvas.drawString(x0 + 2.5, y, text)
            else:
                pen.canvas.drawCentredString((x0 + x1) / 2, y, text)
            y -= lead
    if pen.look == "threeline":
        for y in (tops[0], tops[-1]):
            pen.rule(edges[0], y, edges[-1], y)
    pen.y = tops[-1]

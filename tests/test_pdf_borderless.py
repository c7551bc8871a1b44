"""Forms without rules, drawn on real pages, from the bytes to the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path

from pdf_build import FONT, HEIGHT, PADDING, SIZE, Cell, pdf, wrapped
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from parsers.extract import extract
from schemas.records import DocumentRecords, EvaluationRecords, Indicator

_FIGURE = re.compile(r"[\d.,%—０-９．]+")
HEADS = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因")
XS = (40.0, 80.0, 130.0, 200.0, 275.0, 345.0, 415.0, 465.0, 510.0, 560.0)
"""Edges of nine columns: a side label, the eight of `HEADS`."""
ROWS = (
    ("产出指标", "数量指标", "修补路面面积", "≥1200平方米", "1250平方米", "20", "20"),
    ("产出指标", "数量指标", "更换路灯", "≥35盏", "36盏", "15", "15"),
    ("产出指标", "质量指标", "验收合格率", "100%", "100%", "15", "15"),
    ("效益指标", "社会效益指标", "投诉下降比例", "≥10%", "9%", "20", "18"),
    ("效益指标", "社会效益指标", "夜间照明覆盖率", "≥95%", "96%", "10", "10"),
    ("满意度指标", "服务对象满意度指标", "居民满意度", "≥90%", "93%", "10", "10"),
)
FUNDS = (
    ("年度资金总额", "120", "150", "135", "10", "90%", "9"),
    ("其中：财政拨款", "100", "130", "115", "—", "—", "—"),
    ("其他资金", "20", "20", "20", "—", "—", "—"),
)
FUND_HEADS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")


def across(text: str, figures: str) -> str:
    return figures if _FIGURE.fullmatch(text) else "center"


def draw(canvas: Canvas, cells: Sequence[Cell], xs: Sequence[float], ys: Sequence[float], figures: str) -> None:
    """Cells without rules, all in the middle of their height, figures at one side of their width."""
    for row, col, rows, cols, text in cells:
        lines = [line for part in text.split("\n") for line in wrapped(part, xs[col + cols] - xs[col] - 2 * PADDING)]
        y = (ys[row] + ys[row + rows]) / 2 - len(lines) * SIZE * 0.55 + SIZE * 0.88
        for line in lines:
            width = pdfmetrics.stringWidth(line, FONT, SIZE)
            place = {
                "left": xs[col] + PADDING,
                "right": xs[col + cols] - PADDING - width,
                "center": (xs[col] + xs[col + cols] - width) / 2,
            }[across(text, figures)]
            canvas.drawString(place, HEIGHT - y, line)
            y += SIZE * 1.1


def indicator_cells(first: int, heads: Sequence[str] = HEADS, side: str = "绩效指标") -> list[Cell]:
    """Header and rows from row `first` on, with merged labels; the side label over all of them."""
    cells: list[Cell] = [(first, 0, len(ROWS) + 1, 1, side)] if side else []
    cells += [(first, 1 + col, 1, 1, text) for col, text in enumerate(heads)]
    for index, row in enumerate(ROWS):
        for level in (0, 1):
            above = ROWS[index - 1][: level + 1] if index else ()
            if row[: level + 1] != above:
                span = sum(other[: level + 1] == row[: level + 1] for other in ROWS)
                cells.append((first + 1 + index, 1 + level, span, 1, row[level]))
        cells += [(first + 1 + index, 3 + col, 1, 1, text) for col, text in enumerate(row[2:])]
    return cells


def form_cells(heads: Sequence[str] = HEADS, side: str = "绩效指标") -> list[Cell]:
    """A whole form in 18 rows."""
    cells: list[Cell] = [
        (0, 0, 1, 2, "项目名称"),
        (0, 2, 1, 7, "背街小巷整治"),
        (1, 0, 1, 2, "主管部门"),
        (1, 2, 1, 2, "市政管理局"),
        (1, 4, 1, 2, "实施单位"),
        (1, 6, 1, 3, "市政养护所"),
        (2, 0, 4, 1, "项目资金\n（万元）"),
        *((2, 3 + col, 1, 1, text) for col, text in enumerate(FUND_HEADS)),
    ]
    for index, row in enumerate(FUNDS):
        cells.append((3 + index, 1, 1, 2, row[0]))
        cells += [(3 + index, 3 + col, 1, 1, text) for col, text in enumerate(row[1:])]
    cells += [
        (6, 0, 2, 1, "年度总体目标"),
        (6, 1, 1, 4, "预期目标"),
        (6, 5, 1, 4, "实际完成情况"),
        (7, 1, 1, 4, "整治背街小巷，改善出行条件，提升居民的获得感和满意程度。"),
        (7, 5, 1, 4, "全部完成年度任务，道路平整，照明良好。"),
        *indicator_cells(8, heads, side),
        (15, 0, 1, 6, "总分"),
        (15, 6, 1, 1, "100"),
        (15, 7, 1, 1, "97"),
    ]
    return cells


def page(
    cells: Sequence[Cell], figures: str = "center", xs: Sequence[float] = XS, below: Sequence[str] = ()
) -> Callable[[Canvas], None]:
    def drawn(canvas: Canvas) -> None:
        canvas.setFont(FONT, 14)
        canvas.drawCentredString(300, HEIGHT - 60, "2023年度项目支出绩效自评表")
        canvas.setFont(FONT, SIZE)
        ys = [80.0 + 34 * row for row in range(1 + max(row + rows for row, _, rows, _, _ in cells))]
        draw(canvas, cells, xs, ys, figures)
        for index, line in enumerate(below):
            canvas.drawString(xs[0] + PADDING, HEIGHT - ys[-1] - 20 - 16 * index, line)

    return drawn


def read(path: Path, *pages: Callable[[Canvas], None]) -> DocumentRecords:
    drawn = pdf(path, *pages)
    return extract(
        drawn, document_id=drawn.stem, source_uri=str(drawn), file_name=drawn.name, size_bytes=drawn.stat().st_size
    )


def form_of(records: DocumentRecords) -> EvaluationRecords:
    (found,) = records.evaluations
    return found


def row_of(indicator: Indicator) -> tuple[str | None, ...]:
    figures = (indicator.points, indicator.score)
    texts = (indicator.level1, indicator.level2, indicator.level3, indicator.target_raw, indicator.actual_raw)
    return (*texts, *(None if figure is None else str(figure.to_integral()) for figure in figures))


def assert_whole(records: DocumentRecords) -> None:
    """Every row, label and figure of `form_cells` is there."""
    form = form_of(records)
    assert [row_of(indicator) for indicator in form.indicators] == list(ROWS)
    assert [fund.label for fund in form.funding] == [row[0] for row in FUNDS]
    for fund, row in zip(form.funding, FUNDS, strict=True):
        read_figures = (fund.initial_budget_wanyuan, fund.annual_budget_wanyuan, fund.executed_wanyuan)
        assert read_figures == tuple(map(Decimal, row[1:4]))
    assert form.funding[0].execution_rate_pct == 90 and form.funding[0].score == 9
    assert (form.evaluation.total_points, form.evaluation.total_score) == (100, 97)


def test_figures_at_either_side_of_wide_columns_keep_their_heads(tmp_path: Path) -> None:
    xs = (40.0, 110.0, 170.0, 260.0, 360.0, 460.0, 560.0, 620.0, 700.0, 790.0)

    def wide(figures: str) -> Callable[[Canvas], None]:
        def drawn(canvas: Canvas) -> None:
            canvas.setPageSize((842, HEIGHT))
            page(form_cells(), figures, xs)(canvas)

        return drawn

    for figures in ("left", "center", "right"):
        assert_whole(read(tmp_path / f"{figures}.pdf", wide(figures)))


def test_words_set_with_blanks_between_their_characters_are_words(tmp_path: Path) -> None:
    spaced = {
        "分值": "分  值",
        "得分": "得  分",
        "数量指标": "数 量 指 标",
        "质量指标": "质 量 指 标",
        "总分": "总 分",
        "项目名称": "项 目 名 称",
    }
    cells = [(*cell[:4], spaced.get(cell[4], cell[4])) for cell in form_cells()]
    assert_whole(read(tmp_path / "a.pdf", page(cells)))


def test_who_signed_is_no_label_of_the_rows_above(tmp_path: Path) -> None:
    below = ["填表人：        联系电话：        填报日期：2024-03-05"]

    def signed(canvas: Canvas) -> None:
        page(form_cells())(canvas)
        for x, text in ((45, "填表人："), (100, "联系电话："), (160, "填报日期：2024-03-05")):
            canvas.drawString(x, HEIGHT - 80 - 34 * 17 + 14, text)

    assert_whole(read(tmp_path / "a.pdf", page(form_cells(), below=below)))
    records = read(tmp_path / "b.pdf", signed)
    assert_whole(records)
    assert str(form_of(records).evaluation.report_date) == "2024-03-05"


def test_a_total_in_the_middle_of_its_wide_cell_or_behind_the_grade_is_the_total(tmp_path: Path) -> None:
    cells = [cell for cell in form_cells() if cell[0] != 15]
    graded: list[Cell] = [
        (15, 0, 1, 2, "评价等级"),
        (15, 2, 1, 1, "优"),
        (15, 3, 1, 3, "总分"),
        (15, 6, 1, 1, "100"),
        (15, 7, 1, 1, "97"),
    ]
    records = read(tmp_path / "a.pdf", page([*cells, *graded]))
    assert_whole(records)
    assert form_of(records).evaluation.grade == "优"

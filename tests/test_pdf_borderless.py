"""Forms without rules, drawn on real pages, from the bytes to the records."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from pdf_build import FONT, HEIGHT, PADDING, SIZE, Cell, pdf, wrapped
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfgen.canvas import Canvas

from parsers.extract import extract
from parsers.pdf.unruled_words import are_several_labels
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
    cells: Sequence[Cell],
    figures: str = "center",
    xs: Sequence[float] = XS,
    below: Sequence[str] = (),
    title: str = "2023年度项目支出绩效自评表",
    pitch: float = 34.0,
) -> Callable[[Canvas], None]:
    def drawn(canvas: Canvas) -> None:
        canvas.setFont(FONT, 14)
        canvas.drawCentredString(300, HEIGHT - 60, title)
        canvas.setFont(FONT, SIZE)
        ys = [80.0 + pitch * row for row in range(1 + max(row + rows for row, _, rows, _, _ in cells))]
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


def test_lines_of_the_head_are_no_cells(tmp_path: Path) -> None:
    def headed(canvas: Canvas) -> None:
        cells = [cell for cell in form_cells() if cell[4] != "项目资金\n（万元）"]
        page([*cells, (2, 0, 4, 1, "项目资金")])(canvas)
        canvas.drawString(45, HEIGHT - 74, "部门：市政管理局")
        canvas.drawString(300, HEIGHT - 74, "附表14")
        canvas.drawString(500, HEIGHT - 74, "单位：元")

    form = form_of(read(tmp_path / "a.pdf", headed))
    assert form.evaluation.unit == "市政养护所"
    assert [fund.executed_wanyuan for fund in form.funding] == [Decimal(n) / 10000 for n in (135, 115, 20)]
    assert len(form.indicators) == len(ROWS)


def test_a_result_in_a_line_below_is_no_label(tmp_path: Path) -> None:
    def scored(canvas: Canvas) -> None:
        page([cell for cell in form_cells() if cell[0] != 15])(canvas)
        canvas.drawString(80, HEIGHT - 80 - 34 * 15 - 14, "自评总得分：97分")
        canvas.drawString(200, HEIGHT - 80 - 34 * 15 - 14, "自评等级：优")

    form = form_of(read(tmp_path / "a.pdf", scored))
    assert [row_of(indicator) for indicator in form.indicators] == list(ROWS)
    assert (form.evaluation.total_score, form.evaluation.grade) == (97, "优")


def numbered(cells: Sequence[Cell]) -> list[Cell]:
    """The form with a column that counts its indicators in place of the side label."""
    kept = [cell for cell in cells if not (cell[1] == 0 and cell[0] == 8)]
    return [*kept, (8, 0, 1, 1, "序号"), *((9 + index, 0, 1, 1, str(index + 1)) for index in range(len(ROWS)))]


def test_labels_beside_a_column_that_counts_the_rows_span_theirs(tmp_path: Path) -> None:
    assert_whole(read(tmp_path / "a.pdf", page(numbered(form_cells()))))


def test_a_label_in_the_line_of_its_middle_row_spans_the_rows_around_it(tmp_path: Path) -> None:
    names = ("修补路面", "更换路灯", "清淘管网", "验收合格率", "投诉下降比例", "居民满意度")
    seconds = (*["数量指标"] * 3, "质量指标", "社会效益指标", "服务对象满意度指标")
    firsts = (*["产出指标"] * 4, "效益指标", "满意度指标")
    cells: list[Cell] = [cell for cell in form_cells() if not (9 <= cell[0] <= 14 and cell[1])]
    cells += [
        (9, 1, 4, 1, "产出指标"),
        (13, 1, 1, 1, "效益指标"),
        (14, 1, 1, 1, "满意度指标"),
        (9, 2, 3, 1, "数量指标"),
    ]
    cells += [(12 + index, 2, 1, 1, text) for index, text in enumerate(seconds[3:])]
    for index, name in enumerate(names):
        cells += [(9 + index, 3 + col, 1, 1, text) for col, text in enumerate((name, "≥12处", "13处", "15", "14"))]
    form = form_of(read(tmp_path / "a.pdf", page(cells)))
    assert [(i.level1, i.level2, i.level3) for i in form.indicators] == list(zip(firsts, seconds, names, strict=True))


def test_a_remark_above_the_total_is_a_row_of_its_own(tmp_path: Path) -> None:
    cells = [cell for cell in form_cells() if cell[0] != 15]
    cells += [(15, 0, 1, 2, "其他需要说明事项"), (15, 2, 1, 7, "无"), (16, 0, 1, 6, "总分")]
    records = read(tmp_path / "a.pdf", page([*cells, (16, 6, 1, 1, "100"), (16, 7, 1, 1, "97")]))
    assert_whole(records)


def test_labels_that_contradict_each_other_are_reported(tmp_path: Path) -> None:
    rows = [("产出指标", "社会效益指标"), ("效益指标", "数量指标"), ("满意度指标", "服务对象满意度指标")]
    cells: list[Cell] = [(0, 1 + col, 1, 1, text) for col, text in enumerate(HEADS)]
    for index, labels in enumerate(rows):
        texts = (*labels, f"指标甲{index}", "≥12处", "13处", "30", "30")
        cells += [(1 + index, 1 + col, 1, 1, text) for col, text in enumerate(texts)]
    records = read(tmp_path / "a.pdf", page(cells))
    odd = [problem for problem in records.problems if problem.code == "label_odd"]
    assert len(odd) == 2 and records.document.status == "partial"
    assert all(problem.locator and "不相配" in problem.message for problem in odd)


def test_heads_of_two_lines_right_below_funds_are_whole(tmp_path: Path) -> None:
    heads = ("一级指标", "二级指标", "三级指标", "年度指\n标值", "实际完成值", "分\n值", "得分", "偏差\n原因")
    funds = [cell for cell in form_cells() if cell[0] < 6]
    cells = [
        *funds,
        *indicator_cells(6, heads, side=""),
        (13, 0, 1, 6, "总分"),
        (13, 6, 1, 1, "100"),
        (13, 7, 1, 1, "97"),
    ]
    assert_whole(read(tmp_path / "heads.pdf", page(cells)))


def cells_of(form: str) -> list[Cell]:
    """The cells of a form of one line a row, parted by bars; `<` goes on with the cell before it."""
    cells: list[Cell] = []
    for number, line in enumerate(form.strip().splitlines()):
        texts = line.split("|")
        starts = [*(col for col, text in enumerate(texts) if text != "<"), len(texts)]
        cells += [(number, a, 1, b - a, texts[a]) for a, b in pairwise(starts)]
    return cells


@pytest.mark.parametrize(
    ("lines", "several"),
    [
        (("成本", "指标", "经济效", "益指标"), True),
        (("产出", "指标", "产出", "指标", "产出"), True),
        (("产出", "指标"), False),
        (("履职产出", "指标"), False),
        (("公共服务", "均等化"), False),
    ],
)
def test_lines_of_several_known_labels_are_no_single_label(lines: Sequence[str], several: bool) -> None:
    assert are_several_labels(lines) is several


SHORT_LABELS = """
部门名称|<|<|青川县文化馆|预算年度|2020
实施单位|<|<|青川县文化馆|<|<
一级指标|二级指标|三级指标|计划|完成|得分
投入|预算|编制合理性|合理|合理|10
过程|执行|支出进度|≥95%|95.9%|18
产出|活动|文化活动|60场|63场|36
效果|效益|参与群众|2万人次|2.3万人次|20
效果|满意|群众满意率|≥90%|94%|10
综合得分|<|<|<|<|94
"""


def test_short_labels_right_below_each_other_are_labels_of_one_row(tmp_path: Path) -> None:
    xs = (40.0, 100.0, 160.0, 250.0, 340.0, 430.0, 520.0)
    drawn = page(cells_of(SHORT_LABELS), xs=xs, title="部门整体支出绩效自评表", pitch=1.8 * SIZE)
    form = form_of(read(tmp_path / "short.pdf", drawn))
    assert [row.level2 for row in form.indicators] == ["预算", "执行", "活动", "效益", "满意"]
    assert form.evaluation.fiscal_year == 2020

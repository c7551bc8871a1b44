"""Lines of the funding block that a page break cuts are one line again, and other rows stay rows (跨页的资金行)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from parsers.document import Cell, Document, Grid, Paragraph, Place
from parsers.interpret.document import interpret
from schemas.lexicon import lexicon
from schemas.records import DocumentRow, FundingRow

HEAD = ("项目资金（万元）", "", "全年预算数", "全年执行数", "执行率", "得分")
INDICATORS = [
    ("一级指标", "二级指标", "三级指标", "指标值", "分值", "得分"),
    ("产出指标", "数量指标", "维修堤段", "≥3公里", "50", "50"),
    ("效益指标", "社会效益指标", "保护人口", "≥2万人", "40", "39"),
]


def funding(*lines: tuple[str, ...], cut: int) -> list[FundingRow]:
    """The funding rows of a form whose line number `cut` (from 0, below the heads) is the first on page 2."""
    texts = [HEAD, *lines, *INDICATORS]
    cells = tuple(
        Cell(row, col, text, page=1 + (row > cut)) for row, line in enumerate(texts) for col, text in enumerate(line)
    )
    rows = tuple(Place(f"p{1 + (row > cut)} table 1 row {row + 1}", 1 + (row > cut)) for row in range(len(texts)))
    grid = Grid(cells, rows, len(HEAD), "spans", 1, (cut + 1,))
    title = Paragraph("2023年度项目支出绩效自评表", Place("paragraph 1", 1))
    records = interpret(Document("pdf", (title, grid)), DocumentRow("0" * 64, "", ""), lexicon())
    return list(records.evaluations[0].funding)


TOTAL = ("", "年度资金总额", "12000.00", "11400.00", "95%", "9.5")


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        (("", "其中：中央资", "1200", "1140", "95", ""), ("", "金", "0.00", "0.00", "%", "")),
        (("", "中央财政", "12000.00", "11400.00", "95%", ""), ("", "资金：", "", "", "", "")),
        (("", "中央", "12000", "11400", "95%", ""), ("", "", ".00", ".00", "", "")),
    ],
)
def test_a_line_that_a_page_break_cuts_is_one(upper: tuple[str, ...], lower: tuple[str, ...]) -> None:
    total, part = funding(TOTAL, upper, lower, cut=2)
    assert (part.label, part.annual_budget_wanyuan, part.executed_wanyuan) == (upper[1] + lower[1], 12000, 11400)
    assert (part.execution_rate_pct, part.page, total.score) == (95, 1, Decimal("9.5"))


@pytest.mark.parametrize(("upper", "lower"), [("年度资", "金总额"), ("年度", "资金总额"), ("项目", "总投资")])
def test_a_label_that_is_none_without_its_rest_is_made_whole(upper: str, lower: str) -> None:
    first, second = ("", upper, "12000", "11400", "95%", "9.5"), ("", lower, ".00", ".00", "", "")
    (total,) = funding(first, second, cut=1)
    assert (total.label, total.annual_budget_wanyuan, total.score) == (upper + lower, 12000, Decimal("9.5"))


@pytest.mark.parametrize("label", ["其他资金", "其中：省级资金", "上年结转"])
def test_a_line_of_its_own_on_the_next_page_stays_one(label: str) -> None:
    rows = funding(TOTAL, ("", label, "0.00", "0.00", "0%", ""), cut=1)
    assert [(row.label, row.annual_budget_wanyuan) for row in rows] == [("年度资金总额", 12000), (label, 0)]


def test_a_whole_label_nobody_listed_is_no_beginning_of_the_next() -> None:
    rows = funding(
        TOTAL, ("", "矿区资金", "2000.00", "1900.00", "95%", ""), ("", "其他资金", "0.00", "0.00", "", ""), cut=2
    )
    assert [(row.label, row.executed_wanyuan) for row in rows[1:]] == [("矿区资金", 1900), ("其他资金", 0)]

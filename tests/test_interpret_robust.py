"""No arrangement of a form's own words breaks the interpreter, and what it invents is bounded by what is there."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Block, Cell, Document, Geometry, Grid, Paragraph, Place
from parsers.interpret.document import interpret
from pipeline.findings import run_checks
from schemas.lexicon import lexicon
from schemas.records import DocumentRow
from schemas.stored import to_arrow

PRINTED = """
一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因 产出指标 数量指标 年度资金总额 其中：财政拨款
全年预算数 全年执行数 执行率 项目名称 主管部门 实施单位 总分 合计 100 95.5 10 ≥95% — 某项目 说明 预期目标
实际完成情况 项目资金（万元） 2023年度自评表 指标性质 指标值 度量单位 其中： 优 预算数： 支出内容 绩效指标
年初预算数 1,234.56 100% 评分等级
"""
WORDS = st.sampled_from(["", *PRINTED.split()])


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    geometry: Geometry = draw(st.sampled_from(["spans", "slots", "sequence"]))
    rows = draw(st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=1, max_size=12))
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    places = tuple(Place(f"line {r + 1}") for r in range(len(rows)))
    breaks = tuple(draw(st.sets(st.integers(1, 12), max_size=2)))
    return Grid(cells, places, max(map(len, rows)), geometry, 1, breaks)


PARAGRAPHS = st.lists(WORDS, min_size=1, max_size=5).map(lambda words: Paragraph(" ".join(words), Place("line 1")))


@settings(max_examples=150)
@given(st.lists(grids() | PARAGRAPHS, max_size=4))
def test_any_words_in_any_grid_are_understood_or_left(blocks: list[Block]) -> None:
    row = DocumentRow(document_id="0" * 64, source_uri="x", file_name="x")
    records = interpret(Document("txt", tuple(blocks)), row, lexicon())
    printed = sum(bool(cell.text) for block in blocks if isinstance(block, Grid) for cell in block.cells)
    assert sum(len(form.indicators) + len(form.funding) for form in records.evaluations) <= printed
    assert records.document.evaluation_count == len(records.evaluations)
    to_arrow("checks", run_checks(records))
    to_arrow("indicators", (indicator for form in records.evaluations for indicator in form.indicators))

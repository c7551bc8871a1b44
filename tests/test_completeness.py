"""Every printed figure is in a record, left out for a reason, or said to be unread."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from form_build import as_text, read
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.completeness.account import account
from parsers.completeness.law import UNREAD, accounted
from parsers.document import Cell, Document, Grid, Paragraph, Place
from parsers.interpret.document import interpret
from parsers.readers import read_document
from schemas.left_out import left_out
from schemas.lexicon import lexicon
from schemas.records import DocumentRecords, DocumentRow, EvaluationRecords

FORM = """
项目支出绩效自评表
（2023年度）
项目名称|灌渠清淤|<|实施单位|柳沟镇水管站|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|120.00|131.50|130.20|10|99.01%|9.90
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|清淤长度|≥18公里|18.6公里|50|50|
效益指标|社会效益指标|受益农户|≥900户|912户|40|38.5|年内7户搬离
总分|<|<|<|<|100|98.40|
"""
ROW = DocumentRow("0" * 64, "", "")


def reading(tmp_path: Path, form: str = FORM) -> tuple[Document, DocumentRecords]:
    path = tmp_path / "form.txt"
    path.write_text(as_text(form, "tabs"), encoding="utf-8")
    document = read_document(path)
    return document, interpret(document, ROW, lexicon())


def with_parts(records: DocumentRecords, **changes: object) -> DocumentRecords:
    (part,) = records.evaluations
    return replace(records, evaluations=(replace(part, **changes),))


def part_of(records: DocumentRecords) -> EvaluationRecords:
    (part,) = records.evaluations
    return part


def test_a_form_that_is_read_whole_accounts_for_every_figure(tmp_path: Path) -> None:
    document, records = reading(tmp_path)
    row = accounted(document, records).document
    assert (row.status, row.figures_unread) == ("ok", 0)
    assert row.figures_printed == row.figures_read + row.figures_left_out == 18  # type: ignore[operator]
    assert row.left_out_reasons == ("date 1",)


def test_an_indicator_that_no_record_has_is_said_with_its_row(tmp_path: Path) -> None:
    document, records = reading(tmp_path)
    found = accounted(document, with_parts(records, indicators=part_of(records).indicators[:1]))
    assert found.document.status == "partial"
    assert found.document.figures_unread == 5
    (problem,) = [p for p in found.problems if p.code == UNREAD]
    assert problem.locator == part_of(records).indicators[1].locator
    assert all(figure in problem.message for figure in ("900", "912", "40", "38.5"))


def test_a_score_that_went_missing_from_its_record_is_said(tmp_path: Path) -> None:
    document, records = reading(tmp_path)
    first = replace(part_of(records).indicators[0], score=None, score_raw=None)
    found = accounted(document, with_parts(records, indicators=(first, *part_of(records).indicators[1:])))
    assert [entry.text for entry in account(document, found) if entry.fate == "unread"] == ["50"]
    assert found.document.status == "partial"


def test_a_printed_text_without_a_value_is_not_read(tmp_path: Path) -> None:
    document, records = reading(tmp_path)
    rows = tuple(replace(row, executed_wanyuan=None) for row in part_of(records).funding)
    assert accounted(document, with_parts(records, funding=rows)).document.figures_unread == 1


def test_a_row_that_another_problem_names_is_not_listed_again(tmp_path: Path) -> None:
    document, records = reading(tmp_path, FORM.replace("98.40", "9 840"))
    found = accounted(document, records)
    assert len({p.locator for p in found.problems}) == len(found.problems)


def test_a_second_table_that_looks_like_a_form_is_accounted_for(tmp_path: Path) -> None:
    document, records = reading(tmp_path)
    rows = (("产出指标", "清淤", "18", "17"), ("效益指标", "灌溉", "900", "840"))
    cells = tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    second = Grid(cells, (Place("table 9 row 1"), Place("table 9 row 2")), 4, "spans", 9)
    whole = replace(document, blocks=(*document.blocks, second))
    assert accounted(whole, records).document.figures_unread == 4


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("填报日期：2024年3月15日", "date"),
        ("联系电话：0531-8812345", "person"),
        ("根据柳财预〔2023〕15号", "document_number"),
        ("3.组织开展清淤", "clause_number"),
        ("项目编码：371402230001", "code_number"),
        ("01525910-3-/2022-0803002", "code_number"),
        ("01526405-X/-20240326-00132", "code_number"),
        ("得分=执行率×10分", "formula"),
    ],
)
def test_figures_that_are_no_data_are_left_out_for_a_reason(text: str, code: str) -> None:
    digit = next(index for index, char in enumerate(text) if char.isdigit())
    end = next((i for i in range(digit, len(text)) if not text[i].isdigit()), len(text))
    assert left_out().reason_for(text, digit, end) == code
    assert left_out().name_of(code) != code


def test_an_amount_has_no_reason_to_be_left_out() -> None:
    for text in ("356.40", "≥95%", "18.6公里", "1,864.00万元", "98"):
        start = next(index for index, char in enumerate(text) if char.isdigit())
        assert left_out().reason_for(text, start, start + 2, in_cell=True) is None


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.text("0123456789.,%≥ 元年产出指标合计()", max_size=12), min_size=1, max_size=6), max_size=6)
)
def test_printed_is_always_read_plus_left_out_plus_unread(rows: list[list[str]]) -> None:
    cells = tuple(Cell(r, c, text.strip()) for r, row in enumerate(rows) for c, text in enumerate(row))
    places = tuple(Place(f"table 1 row {n}") for n in range(1, len(rows) + 1))
    grids = (Grid(cells, places, max(map(len, rows)), "slots", 1),) if rows else ()
    document = Document("txt", (Paragraph("项目支出绩效自评表", Place("line 1")), *grids))
    row = accounted(document, interpret(document, ROW, lexicon())).document
    assert row.figures_printed == (row.figures_read or 0) + (row.figures_left_out or 0) + (row.figures_unread or 0)


@pytest.mark.parametrize(("cell", "said"), [("", True), ("|<|<", False)])
def test_a_source_of_funds_without_a_cell_for_its_amount_is_said(cell: str, said: bool) -> None:
    texts = {
        0: ("项目名称", "灌渠清淤", "实施单位", "柳沟镇水管站"),
        1: ("项目资金（万元）", "年初预算数", "全年预算数", "全年执行数"),
        2: ("年度资金总额", "120.00", "120.00", "120.00"),
        3: ("其他资金", *(("", "", "") if cell else ())),
    }
    cells = [Cell(row, col, text) for row, line in texts.items() for col, text in enumerate(line)]
    grid = Grid(tuple(cells), tuple(Place(f"table 1 row {row + 1}") for row in texts), 4, "spans", 1)
    title = Paragraph("项目支出绩效自评表", Place("paragraph 1"))
    document = Document("docx", (title, grid))
    records = accounted(document, interpret(document, ROW, lexicon()))
    assert (records.document.status == "partial") == said


def test_an_amount_among_words_beside_a_source_of_funds_is_no_wording(tmp_path: Path) -> None:
    document, records = reading(tmp_path, FORM.replace("年度资金总额|120.00", "年度资金总额|120元120元（含材料80）"))
    assert "120" in [entry.text for entry in account(document, records) if entry.fate == "unread"]


@pytest.mark.parametrize("cell", ["4O0", "l5.5", "1,2O0.00", "9O%"])
def test_a_figure_with_a_letter_for_a_digit_is_said_not_taken_for_a_code(cell: str, tmp_path: Path) -> None:
    document, records = reading(tmp_path, FORM.replace("一级指标|二级", f"核定金额|{cell}|<|<|<|<|<|<\n一级指标|二级"))
    unread = [entry.text for entry in account(document, records) if entry.fate == "unread"]
    assert unread and set("".join(unread)) <= set(cell)


def test_heads_that_stand_alone_excuse_no_row_behind_another_form(tmp_path: Path) -> None:
    form = """
2023年度项目支出绩效自评表
一级指标|二级指标|三级指标|指标值|实际完成值|得分
项目名称|<|校舍修缮|<|<|<
项目资金（万元）|<|全年预算数|全年执行数|执行率|得分
年度资金总额|<|100|95|95%|9.5
其中：财政拨款|<|100|95|95%|-
年度总体目标|<|预期目标|<|实际完成情况|<
^|<|修缮校舍六栋。|<|已修缮。|<
产出指标|数量指标|修缮校舍|6栋|5栋|50
效益指标|社会效益指标|惠及学生|≥800人|815人|40
"""
    found = read(form, "docx", tmp_path)
    assert found.document.status == "partial"

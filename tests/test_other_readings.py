"""What a recognised figure may be instead: kept from recognition on, tried against the sums, offered, never put in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from form_build import write_docx

from parsers.completeness.law import accounted
from parsers.confidence.doubted_words import DOUBTED_WORD, with_doubted_words
from parsers.confidence.other_readings import OTHER_READING, with_other_readings
from parsers.confidence.weigh import weighed
from parsers.document import Cell, Document, Grid, Place
from parsers.interpret.document import interpret
from parsers.pdf.shapes import Char, Scan
from parsers.readers import read_document
from parsers.scan.warp import SeenPage, Warp
from pipeline.checks.config import default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.run import made_on
from schemas.lexicon import lexicon
from schemas.records import DocumentRecords, DocumentRow, FundingRow

FORM = """
项目支出绩效自评表
（2023年度）
项目名称|渡槽加固|<|实施单位|石桥沟水管站|<|<|<
项目资金（万元）||年初预算数|全年预算数|全年执行数|分值|执行率|得分
^|年度资金总额|1200.00|1315.00|1302.00|10|99.01%|9.90
^|其中：财政拨款|1000.00|1115.00|1102.00|-|98.83%|-
^|其他资金|200.00|200.00|200.00|-|100.00%|-
一级指标|二级指标|三级指标|年度指标值|实际完成值|分值|得分|偏差原因
产出指标|数量指标|加固长度|≥18公里|18.6公里|50|50|
效益指标|社会效益指标|受益农户|≥900户|912户|40|38.5|年内7户搬离
总分|<|<|<|<|100|98.40|
"""
Doubt = tuple[float, tuple[str, ...]]
"""How sure a cell was read, and what else it may be."""


def recognised(form: str, doubts: Mapping[str, Doubt], folder: Path) -> DocumentRecords:
    """The form as if its page had been a picture; `doubts` by the text of the cell, the first of them."""
    document = _drawn(form, folder)
    waiting = dict(doubts)
    blocks = tuple(_pictured(block, waiting) if isinstance(block, Grid) else block for block in document.blocks)
    assert not waiting
    seen = replace(document, blocks=blocks, text_source="ocr", recognised_pages=(1,))
    return read(seen)


def _drawn(form: str, folder: Path) -> Document:
    write_docx(form, folder / "form.docx")
    return read_document(folder / "form.docx")


def _pictured(grid: Grid, doubts: dict[str, Doubt]) -> Grid:
    cells = tuple(_seen(cell, *doubts.pop(cell.text, (1.0, ()))) for cell in grid.cells)
    return replace(grid, cells=cells, rows=tuple(Place(row.locator, 1, row.bbox) for row in grid.rows))


def _seen(cell: Cell, sure: float, others: tuple[str, ...]) -> Cell:
    box = (cell.col * 50.0, cell.row * 20.0, cell.col * 50.0 + 50, cell.row * 20.0 + 20)
    return cell._replace(page=1, bbox=box, confidence=sure, others=others)


def read(document: Document) -> DocumentRecords:
    records = accounted(document, interpret(document, DocumentRow("0" * 64, "", "form.pdf"), lexicon()))
    return weighed(document, with_doubted_words(document, with_other_readings(document, records)))


def offered(records: DocumentRecords) -> list[str]:
    return [problem.message for problem in records.problems if problem.code == OTHER_READING]


def line(records: DocumentRecords, at: int) -> FundingRow:
    return records.evaluations[0].funding[at]


def sure_of(row: FundingRow, column: str) -> float:
    return next(cell.confidence or 0.0 for cell in row.cells if cell.column == column)


def severities(records: DocumentRecords, rule: str) -> list[str]:
    (form,) = forms_of(records, default_rules())
    made = (one.check for one in made_on(form, default_rules()))
    return [check.severity for check in made if check.rule == rule and check.outcome == "inconsistent"]


@pytest.mark.parametrize(
    ("printed", "misread", "column", "at"),
    [
        ("1102.00", "1162.00", "executed_wanyuan", 1),
        ("9.90", "9.96", "score", 0),
        ("98.83%", "93.83%", "execution_rate_pct", 1),
    ],
)
def test_a_reading_that_would_agree_is_offered_and_not_put_in(
    printed: str, misread: str, column: str, at: int, tmp_path: Path
) -> None:
    records = recognised(FORM.replace(printed, misread), {misread: (0.97, ("7.77", printed))}, tmp_path)
    (message,) = offered(records)
    assert f"“{misread}”" in message
    assert f"若为“{printed}”则" in message
    kept = next(cell.raw for cell in line(records, at).cells if cell.column == column)
    assert kept == misread
    assert sure_of(line(records, at), column) < 0.8
    assert records.document.status == "partial"


def test_nothing_is_offered_where_the_figures_agree_as_read(tmp_path: Path) -> None:
    records = recognised(FORM, {"1102.00": (0.6, ("1162.00", "1102.60")), "98.83%": (0.9, ("93.83%",))}, tmp_path)
    assert offered(records) == []


def test_nothing_is_offered_where_no_reading_would_agree(tmp_path: Path) -> None:
    records = recognised(FORM.replace("1102.00", "1162.00"), {"1162.00": (0.97, ("1182.00", "116200"))}, tmp_path)
    assert offered(records) == []


def test_a_doubtful_figure_that_a_sum_bears_out_is_sure_and_one_borne_out_by_a_rate_alone_is_not(
    tmp_path: Path,
) -> None:
    summed = recognised(FORM, {"1102.00": (0.4, ())}, tmp_path)
    assert sure_of(line(summed, 1), "executed_wanyuan") > 0.8
    alone = FORM.replace(
        "^|其中：财政拨款|1000.00|1115.00|1102.00|-|98.83%|-\n^|其他资金|200.00|200.00|200.00|-|100.00%|-\n", ""
    )
    rated = recognised(alone, {"1302.00": (0.4, ())}, tmp_path)
    assert sure_of(line(rated, 0), "executed_wanyuan") < sure_of(line(summed, 1), "executed_wanyuan")


def test_a_doubtful_target_gains_nothing_by_the_score_beside_it(tmp_path: Path) -> None:
    records = recognised(FORM, {"≥18公里": (0.4, ())}, tmp_path)
    row = records.evaluations[0].indicators[0]
    assert (row.confidence or 1) < 0.8


def test_a_contradiction_on_a_picture_is_a_question_unless_every_figure_of_it_agrees_elsewhere(tmp_path: Path) -> None:
    wrong_rate = FORM.replace("|98.83%|", "|95.83%|")
    assert severities(recognised(wrong_rate, {}, tmp_path), "execution_rate") == ["warning"]
    wrong_part = FORM.replace("|1115.00|", "|1125.00|")
    assert set(severities(recognised(wrong_part, {}, tmp_path), "funding_sum")) == {"warning"}
    total_rate = FORM.replace("|99.01%|9.90", "|95.01%|9.50").replace("|98.40|", "|98.00|")
    assert severities(recognised(total_rate, {}, tmp_path), "execution_rate") == ["error"]


def test_a_page_drawn_in_a_file_with_pictures_is_read_as_drawn(tmp_path: Path) -> None:
    document = _drawn(FORM.replace("|98.83%|", "|95.83%|"), tmp_path)
    blocks = tuple(_pictured(block, {}) if isinstance(block, Grid) else block for block in document.blocks)
    mixed = replace(document, format="pdf", blocks=blocks, text_source="mixed", recognised_pages=(2,))
    assert severities(read(mixed), "execution_rate") == ["error"]
    assert line(read(mixed), 1).executed_wanyuan == Decimal(1102)


def test_a_word_that_stands_elsewhere_with_another_character_is_doubted(tmp_path: Path) -> None:
    form = FORM.replace("加固长度", "渡槽加因长度")
    (problem,) = [
        problem
        for problem in recognised(form, {"渡槽加因长度": (0.97, ("渡槽加固长度",))}, tmp_path).problems
        if problem.code == DOUBTED_WORD
    ]
    assert "“渡槽加因”识别不清，他处印作“渡槽加固”" in problem.message
    assert problem.locator == "table 1 row 7"


def test_a_word_read_alike_everywhere_or_unlike_all_others_is_not_doubted(tmp_path: Path) -> None:
    doubts = {
        "加固长度": (0.97, ("加因长度",)),
        "受益农户": (0.6, ("受益农产",)),
        "其中：财政拨款": (0.6, ("其中:财政拨款",)),
    }
    assert [p for p in recognised(FORM, doubts, tmp_path).problems if p.code == DOUBTED_WORD] == []


def test_what_a_cell_of_a_picture_may_say_otherwise_is_told_by_its_characters() -> None:
    text, sure, others = "12.5", (0.9, 0.6, 0.9, 0.7), {1: "7", 3: ""}
    chars = [Char(char, 10.0 * at, 0.0, 10.0 * at + 8, 10.0, 10.0) for at, char in enumerate(text)]
    scan = Scan(
        dict(zip(chars, sure, strict=True)),
        (),
        SeenPage(Warp(), 1.0),
        {chars[at]: other for at, other in others.items()},
    )
    box = (-1.0, -1.0, 50.0, 11.0)
    assert scan.other_texts(box, "12.5") == ("17.5", "12.", "17.")
    assert scan.other_texts(box, "something else") == ()

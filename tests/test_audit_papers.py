"""What is handed over: Word papers from templates, and decisions read back from a returned workbook."""

from __future__ import annotations

import shutil
from pathlib import Path

import docx
import openpyxl
import pytest

from pipeline.audit.decisions import read_decisions
from pipeline.audit.papers import LIST_OF_PROBLEMS, OWN_TEMPLATES, WORKING_PAPER
from pipeline.cli import main
from pipeline.exit_codes import FINDINGS, OK, WRONG_USE

SAMPLES = Path(__file__).parents[1] / "samples"
READ = ("pdf/errors_scores_ruled.pdf", "txt/errors_funding_tabs_utf-8.txt")


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers")
    assert main(["ingest", *(str(SAMPLES / name) for name in READ), "--output", str(folder), "--workers", "1"]) == OK
    return folder


@pytest.fixture
def output(dataset: Path, tmp_path: Path) -> Path:
    shutil.copytree(dataset, tmp_path / "output", symlinks=True)
    return tmp_path / "output"


def audit(output: Path, *options: object) -> int:
    return main(["audit", "--output", str(output), *map(str, options)])


def text_of(path: Path) -> str:
    paper = docx.Document(str(path))
    cells = [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in paper.paragraphs), *cells])


def test_each_unit_has_a_working_paper_and_each_department_a_list(output: Path, tmp_path: Path) -> None:
    audit(output, "--docx", tmp_path / "papers", "--author", "审计员甲")
    (paper,) = (tmp_path / "papers").glob("审计工作底稿_曲塘县应急保障站.docx")
    text = text_of(paper)
    assert "审计员甲" in text and "1900000.00万元" in text and "复算" in text
    assert "{{" not in text and "{%" not in text
    assert docx.Document(str(paper)).inline_shapes, "the place on the page is shown"
    (problems,) = (tmp_path / "papers").glob("问题清单_*.docx")
    assert "书面反馈" in text_of(problems)


def test_a_template_of_the_users_own_is_taken(output: Path, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("本局底稿：{{ unit }}，共 {{ items | length }} 项")
    (tmp_path / "templates").mkdir()
    own.save(str(tmp_path / "templates" / WORKING_PAPER))
    audit(output, "--docx", tmp_path / "papers", "--templates", tmp_path / "templates")
    (paper,) = (tmp_path / "papers").glob("审计工作底稿_*.docx")
    assert text_of(paper).startswith("本局底稿：曲塘县应急保障站，共")
    assert (OWN_TEMPLATES / LIST_OF_PROBLEMS).exists()


def test_a_template_with_a_mistake_is_named(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = docx.Document()
    wrong.add_paragraph("{% for item in items %}没有结束")
    (tmp_path / "templates").mkdir()
    wrong.save(str(tmp_path / "templates" / WORKING_PAPER))
    assert audit(output, "--docx", tmp_path / "papers", "--templates", tmp_path / "templates") == WRONG_USE
    assert WORKING_PAPER in capsys.readouterr().err


def returned(output: Path, tmp_path: Path) -> Path:
    path = tmp_path / "清单.xlsx"
    audit(output, "--xlsx", path)
    return path


def test_decisions_come_back_from_the_workbook_whatever_the_order_of_its_rows(output: Path, tmp_path: Path) -> None:
    path = returned(output, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["发现"]
    heads = [cell.value for cell in sheet[1]]
    ids = [row[heads.index("核对编号")].value for row in sheet.iter_rows(min_row=2)]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))[::-1]
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(line, column, value)
    sheet.cell(2, heads.index("决定") + 1, "已整改")
    sheet.cell(2, heads.index("反馈") + 1, "已重新公开")
    sheet.delete_rows(4)
    book.save(path)
    assert audit(output, "--import", path) == OK
    (decision,) = read_decisions(output).values()
    assert (decision.check_id, decision.verdict, decision.note) == (ids[-1], "rectified", "已重新公开")
    assert audit(output, "--import", path) == OK
    assert len(read_decisions(output)) == 1, "read twice, decided once"


def test_what_is_not_understood_is_listed_and_the_rest_taken(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = returned(output, tmp_path)
    book = openpyxl.load_workbook(path)
    sheet = book["发现"]
    heads = [cell.value for cell in sheet[1]]
    decision, identity = heads.index("决定") + 1, heads.index("核对编号") + 1
    sheet.cell(2, decision, "再说吧")
    sheet.cell(3, decision, "不成立")
    sheet.cell(4, identity, "of another dataset")
    sheet.cell(4, decision, "属实")
    book.save(path)
    assert audit(output, "--import", path) == FINDINGS
    told = capsys.readouterr().err
    assert "第 2 行的决定“再说吧”不认识" in told and "第 4 行的编号“of another dataset”不在这个数据集中" in told
    assert len(read_decisions(output)) == 1


def test_another_file_is_no_list(output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.xlsx"
    other.write_text("text")
    assert audit(output, "--import", other) == WRONG_USE
    openpyxl.Workbook().save(other)
    assert audit(output, "--import", other) == WRONG_USE
    assert "没有“核对编号”和“决定”两列" in capsys.readouterr().err


def test_ids_are_protected_and_decisions_chosen_from_a_list(output: Path, tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(returned(output, tmp_path))["发现"]
    heads = [cell.value for cell in sheet[1]]
    assert sheet.protection.sheet
    assert sheet.cell(2, heads.index("核对编号") + 1).protection.locked
    assert not sheet.cell(2, heads.index("决定") + 1).protection.locked
    assert any("不成立" in str(rule.formula1) for rule in sheet.data_validations.dataValidation)

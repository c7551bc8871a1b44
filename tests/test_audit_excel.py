"""The workbook as an auditor and as a spreadsheet program meet it."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from audit_build import ingest, named
from test_audit_findings import WRONG_PART
from test_checks_forms import amount, national

from parsers.extract import extract
from pipeline.audit.coverage import coverage
from pipeline.audit.excel import write_workbook
from pipeline.audit.filters import Filters
from pipeline.audit.findings import findings_of
from pipeline.audit.loading import open_desk
from pipeline.audit.recompute import AGREES, DIFFERS, PARTIAL, recompute
from pipeline.checks.config import default_rules
from pipeline.checks.form import form_of
from pipeline.findings import run_checks
from schemas.errors import StoreError

SAMPLES = Path(__file__).parents[1] / "samples" / "txt"
INJECTIONS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "=cmd|' /C calc'!A1",
    '=HYPERLINK("http://x","y")',
)


def workbook(output: Path, **kinds: Any) -> openpyxl.Workbook:
    """The workbook of everything in the dataset, as openpyxl reads it."""
    path = output / "findings.xlsx"
    desk, filters = open_desk(output), Filters()
    write_workbook(path, desk, findings_of(desk, filters), coverage(desk, filters), filters, {})
    return openpyxl.load_workbook(path, **kinds)


def column(sheet: Any, title: str) -> list[Any]:
    (at,) = (cell.column for cell in sheet[1] if cell.value == title)
    return [row[at - 1].value for row in sheet.iter_rows(min_row=2)]


def test_a_row_for_each_finding_with_frozen_head_and_filter(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART, unit="某局", project_name="某项目"), "a.txt"))
    sheet = workbook(tmp_path)["发现"]
    findings = findings_of(open_desk(tmp_path), Filters())
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:{sheet.cell(1, sheet.max_column).column_letter}{len(findings) + 1}"
    assert column(sheet, "核对编号") == [one.check.check_id for one in findings]
    assert column(sheet, "说明") == [one.check.message for one in findings]
    at = column(sheet, "规则代码").index("funding_sum")
    (difference,) = (cell for cell in sheet[at + 2] if sheet.cell(1, cell.column).value == "差异")
    assert difference.value == pytest.approx(-2611738.8)
    assert difference.number_format == '#,##0.######"万元"'
    assert all(cell.hyperlink for cell in sheet[2] if sheet.cell(1, cell.column).value in ("文件", "重算"))


def test_a_picture_is_linked_beside_the_workbook(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"))
    desk, filters = open_desk(tmp_path), Filters()
    findings = findings_of(desk, filters)
    path = tmp_path / "发现.xlsx"
    pictures = {findings[0].check.check_id: "发现_files/a.png"}
    write_workbook(path, desk, findings, coverage(desk, filters), filters, pictures)
    sheet = openpyxl.load_workbook(path)["发现"]
    shown = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value == "看图"]
    assert [cell.hyperlink.target for cell in shown] == ["发现_files\\a.png"]  # as Excel itself writes it
    files = {cell.hyperlink.target for row in sheet.iter_rows() for cell in row if cell.value == "a.txt"}
    assert files == {"FILE:///reports/a.txt"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    document = national(WRONG_PART, {0: {"score": "31"}}, unit=text, department=text, project_name=text, region=text)
    (part,) = document.evaluations
    rows = (part.funding[0], replace(part.funding[1], label=text, locator=text), *part.funding[2:])
    indicators = (replace(part.indicators[0], level3=text), *part.indicators[1:])
    amounts = (
        amount(0, text, "executed", "9.00", origin="prose", role="sum", total_of="c"),
        amount(1, text, "executed", "8.00", origin="prose", role="part", part_of="c"),
    )
    part = replace(part, funding=rows, indicators=indicators, amounts=amounts)
    named_so = named(replace(document, evaluations=(part,)), "a.txt")
    named_so = replace(named_so, document=replace(named_so.document, file_name=text, source_uri=text))
    ingest(tmp_path, named_so)
    book = workbook(tmp_path)
    found = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.title in ("重算", "其他数额")
                    assert text not in cell.value
                elif isinstance(cell.value, str) and _bare(cell.value).startswith(tuple("=+-@")):
                    found += 1
                    assert cell.quotePrefix, (sheet.title, cell.coordinate)
    assert found > 5


def _bare(text: str) -> str:
    """Without white space in front; a carriage return is written `_x000D_` in the file, which openpyxl leaves so."""
    return text.removeprefix("_x000D_").lstrip()


def test_verdicts_are_those_of_the_checks() -> None:
    """On every text sample: what the sheet calls 不符 is what the checks found, and nothing else."""
    rules = default_rules()
    looked_at = 0
    for path in sorted(SAMPLES.glob("*.txt")):
        read = extract(path, document_id=path.name, source_uri=str(path), file_name=path.name, size_bytes=1)
        checks = run_checks(read)
        for part in read.evaluations:
            mine = [check for check in checks if check.evaluation_id == part.evaluation.evaluation_id]
            lines = recompute(form_of(read, part, rules), rules)
            odd = [line for line in lines if line.verdict and line.verdict.value in (DIFFERS, PARTIAL)]
            wrong = {_line_of(check) for check in mine if check.outcome == "inconsistent"} - {None}
            assert len(odd) == len(wrong), (path.name, odd, wrong)
            looked_at += 1
    assert looked_at > 5


def _line_of(check: Any) -> tuple[str, int] | None:
    """The line of the sheet whose verdict speaks of a check: sums of one row share theirs, so do both totals."""
    kinds = {"execution_rate": "row", "execution_score": "row", "points_total": "total", "score_total": "total"}
    if check.rule not in (*kinds, "funding_sum", "funding_nested_sum", "level_points"):
        return None
    return kinds.get(check.rule, check.rule), check.subjects[0].ordinal


def test_every_formula_carries_its_result(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"), named(national({0: {"annual_budget": "0.00"}}), "b.txt"))
    workbook(tmp_path)
    path = tmp_path / "findings.xlsx"
    text, values = openpyxl.load_workbook(path)["重算"], openpyxl.load_workbook(path, data_only=True)["重算"]
    formulas = [cell for row in text.iter_rows() for cell in row if cell.data_type == "f"]
    assert len(formulas) > 20
    verdicts = {values[cell.coordinate].value for cell in formulas if cell.value.startswith("=IF")}
    assert {AGREES, DIFFERS} <= verdicts
    sums = [row[4] for row in text.iter_rows() if row[1].value == "“年度资金总额”各分项之和"]
    assert sums[0].value == "=SUM(E4:E6)"
    assert sorted(values[cell.coordinate].value for cell in sums) == pytest.approx([415.2, 2612154])


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_spreadsheet_program_computes_the_same(tmp_path: Path) -> None:
    spent = {0: {"execution_rate": "43.00%", "score": "4.3"}, 2: {"executed": "10.40"}}
    ingest(tmp_path, named(national(spent), "a.txt"), named(national({0: {"annual_budget": "0"}}), "b.txt"))
    bare = workbook(tmp_path)  # openpyxl drops the results, so that they must be computed anew
    expected = openpyxl.load_workbook(tmp_path / "findings.xlsx", data_only=True)
    bare.save(tmp_path / "bare.xlsx")
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        "soffice",
        home,
        "--headless",
        "--convert-to",
        "xlsx:Calc MS Excel 2007 XML",
        "--outdir",
        "out",
        "bare.xlsx",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    computed = openpyxl.load_workbook(tmp_path / "out" / "bare.xlsx", data_only=True)
    compared = 0
    for sheet in bare:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    ours, theirs = (book[sheet.title][cell.coordinate].value for book in (expected, computed))
                    assert (theirs or "") == (ours or "") or theirs == pytest.approx(ours, abs=1e-6), cell.coordinate
                    compared += 1
    assert compared > 30


def test_coverage_is_in_the_workbook(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(grade=None), "a.txt"))
    told = [cell.value for row in workbook(tmp_path)["核对范围"].iter_rows() for cell in row if cell.value]
    assert "没有读到评价等次，等次与得分无法核对。" in told
    assert "资金分项之和与总额" in told


def test_an_empty_dataset_and_an_impossible_place(tmp_path: Path) -> None:
    ingest(tmp_path, named(replace(national(), evaluations=()), "a.txt"))
    assert workbook(tmp_path).sheetnames == ["发现", "重算", "其他数额", "得分分布", "核对范围", "汇总"]
    desk = open_desk(tmp_path)
    with pytest.raises(StoreError, match="无法写入"):
        write_workbook(tmp_path / "no" / "x.xlsx", desk, [], coverage(desk, Filters()), Filters())

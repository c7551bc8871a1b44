"""Word documents as other programs write them: LibreOffice, the shared real, robust and truth-bearing files."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
import unicodedata
from pathlib import Path

import pytest
from docx_build import grids

from parsers.document import Grid
from parsers.docx import read_docx
from schemas.errors import ReadError

SHARED = Path(__file__).parents[1].parent / "shared"
SOFFICE = shutil.which("soffice")

HTML = """<html><head><meta charset="utf-8"></head><body><p>自评表</p><table border="1">
<tr><td rowspan="3">项目资金</td><td>来源</td><td colspan="2">预算与执行</td></tr>
<tr><td>总额</td><td>100.00</td><td rowspan="2">95%</td></tr>
<tr><td>其中：财政拨款</td><td>60.00</td></tr>
<tr><td colspan="3">合计</td><td>98.5</td></tr>
</table></body></html>"""


@pytest.mark.skipif(SOFFICE is None, reason="soffice is not installed")
def test_table_written_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(HTML, "utf-8")
    subprocess.run(
        [
            str(SOFFICE),
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--writer",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "a.html",
        ],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (grid,) = grids(read_docx(tmp_path / "a.docx"))
    assert [(c.row, c.col, c.row_span, c.col_span, c.text) for c in grid.cells] == [
        (0, 0, 3, 1, "项目资金"),
        (0, 1, 1, 1, "来源"),
        (0, 2, 1, 2, "预算与执行"),
        (1, 1, 1, 1, "总额"),
        (1, 2, 1, 1, "100.00"),
        (1, 3, 2, 1, "95%"),
        (2, 1, 1, 1, "其中：财政拨款"),
        (2, 2, 1, 1, "60.00"),
        (3, 0, 1, 3, "合计"),
        (3, 3, 1, 1, "98.5"),
    ]


def _bare(text: str | None) -> str:
    return re.sub(r"[\s（）()：:，,。；;、“”]+", "", unicodedata.normalize("NFKC", text or ""))


def _rows(grid: Grid) -> list[set[str]]:
    rows: list[set[str]] = [set() for _ in grid.rows]
    for cell in grid.cells:
        for row in range(cell.row, cell.row + cell.row_span):
            rows[row].add(_bare(cell.text))
    return rows


@pytest.mark.skipif(not (SHARED / "devset").exists(), reason="the shared development set is not there")
def test_every_true_value_stands_in_its_row() -> None:
    truth = json.loads((SHARED / "devset" / "truth.json").read_text("utf-8"))
    files = [name for name in truth if name.endswith(".docx")]
    assert files
    for name in files:
        rows = [row for grid in grids(read_docx(SHARED / "devset" / name)) for row in _rows(grid)]
        for form in truth[name]:
            for line in form["funding"]:
                wanted = {
                    _bare(line[key]) for key in ("label", "initial", "annual", "executed", "points", "rate", "score")
                }
                assert any(wanted - {""} <= row for row in rows), (name, line)
            for line in form["indicators"]:
                wanted = {_bare(line[key]) for key in ("l2", "l3", "actual", "points", "score", "deviation")}
                assert any(wanted - {""} <= row for row in rows), (name, line)


def _all_files(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((SHARED / folder).glob("*"))]


@pytest.mark.skipif(not (SHARED / "robust").exists(), reason="the shared robust files are not there")
def test_every_shared_file_ends_with_a_document_or_a_reason() -> None:
    for path in _all_files("robust/docx", "real/docx", "real/doc", "real/xls"):
        started = time.process_time()
        try:
            document = read_docx(path)
        except ReadError as error:
            assert path.name in str(error)
        else:
            for grid in (block for block in document.blocks if isinstance(block, Grid)):
                _assert_disjoint(grid)
        assert time.process_time() - started < 20, path.name


def _assert_disjoint(grid: Grid) -> None:
    slots = [
        (row, col)
        for cell in grid.cells
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    ]
    assert len(slots) == len(set(slots))
    assert all(row < grid.n_rows and col < grid.n_cols for row, col in slots)
    assert [(c.row, c.col) for c in grid.cells] == sorted((c.row, c.col) for c in grid.cells)

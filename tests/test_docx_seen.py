"""What Word shows is read; what is struck out, raised or in the colour of its ground is not part of a value."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_build import p, package, r, tbl, tc, text_box, tr

from parsers.document import Document, Grid, Paragraph
from parsers.docx import read_docx


def cell_of(tmp_path: Path, runs: str, styles: str = "", cell: str = "") -> tuple[str, Document]:
    """The text of a table's second cell, which holds one paragraph of `runs`."""
    body = tbl(tr(tc("全年执行数"), f"<w:tc><w:tcPr>{cell}</w:tcPr><w:p>{runs}</w:p></w:tc>"))
    parts = {"styles": styles} if styles else {}
    document = read_docx(package(tmp_path / "a.docx", body, **parts))
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    return grid.cells[1].text, document


STYLE = '<w:style w:type="character" w:styleId="S"><w:rPr>{}</w:rPr></w:style>'
DERIVED = STYLE + '<w:style w:type="character" w:styleId="T"><w:basedOn w:val="S"/></w:style>'


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>"])
@pytest.mark.parametrize("by", ["run", "style", "derived style"])
def test_struck_out_text_is_withdrawn(tmp_path: Path, mark: str, by: str) -> None:
    styles = DERIVED.format(mark) if by != "run" else ""
    own = {"run": mark, "style": '<w:rStyle w:val="S"/>', "derived style": '<w:rStyle w:val="T"/>'}[by]
    text, document = cell_of(tmp_path, r("179.20", own) + r("197.62"), styles)
    assert text == "197.62"
    assert [(left.code, left.text) for left in document.left_out] == [("struck", "179.20")]


def test_a_strike_that_is_switched_off_strikes_nothing(tmp_path: Path) -> None:
    off = '<w:rStyle w:val="S"/><w:strike w:val="0"/>'
    assert cell_of(tmp_path, r("197.62", off), STYLE.format("<w:strike/>"))[0] == "197.62"


@pytest.mark.parametrize("colour", ["FFFFFF", "FDFDFD"])
def test_white_on_white_is_not_read_and_is_told(tmp_path: Path, colour: str) -> None:
    text, document = cell_of(tmp_path, r("197.62") + r("35", f'<w:color w:val="{colour}"/>'))
    assert text == "197.62"
    assert [problem.code for problem in document.problems] == ["hidden_text"]


@pytest.mark.parametrize("where", ["run", "cell"])
def test_white_on_a_dark_ground_is_read(tmp_path: Path, where: str) -> None:
    shading = '<w:shd w:val="clear" w:fill="1F4E79"/>'
    own = '<w:color w:val="FFFFFF"/>' + (shading if where == "run" else "")
    assert cell_of(tmp_path, r("197.62", own), cell=shading if where == "cell" else "")[0] == "197.62"


RAISED = '<w:vertAlign w:val="superscript"/>'


@pytest.mark.parametrize(
    ("before", "mark", "own", "read"),
    [
        ("197.62", "1", RAISED, "197.62"),
        ("197.62", "[2]", RAISED, "197.62"),
        ("≥98%", "①", RAISED, "≥98%"),
        ("26座", "1,2", RAISED, "26座"),
        ("26", "1", '<w:position w:val="8"/><w:sz w:val="12"/>', "26"),
        ("500m", "2", RAISED, "500m²"),
        ("10", "4", RAISED, "10⁴"),
        ("2×10", "3", RAISED, "2×10³"),
        ("110", "2", RAISED, "110"),
    ],
)
def test_a_raised_mark_is_no_digit_and_a_power_stays_raised(
    tmp_path: Path, before: str, mark: str, own: str, read: str
) -> None:
    assert cell_of(tmp_path, r(before) + r(mark, own))[0] == read


def test_a_mark_raised_by_a_style_is_no_digit(tmp_path: Path) -> None:
    assert cell_of(tmp_path, r("197.62") + r("1", '<w:rStyle w:val="T"/>'), DERIVED.format(RAISED))[0] == "197.62"


def test_a_line_that_stands_higher_as_a_whole_is_read(tmp_path: Path) -> None:
    assert cell_of(tmp_path, r("197", '<w:position w:val="8"/>') + r(".62", '<w:position w:val="8"/>'))[0] == "197.62"


def nested(tmp_path: Path, inside: str) -> str:
    body = tbl(tr(tc("全年执行数"), f"<w:tc><w:tcPr/>{inside}<w:p/></w:tc>"), tr(tc("得分"), tc("9")))
    document = read_docx(package(tmp_path / "a.docx", body))
    return next(block for block in document.blocks if isinstance(block, Grid)).cells[1].text


def test_a_value_in_a_nested_table_or_box_is_its_cells_value(tmp_path: Path) -> None:
    assert nested(tmp_path, tbl(tr(tc("197.62")))) == "197.62"
    assert nested(tmp_path, tbl(tr(tc("197.62"), tc("万元")))) == "197.62\n万元"
    assert nested(tmp_path, f"<w:p>{text_box(p('197.62'))}</w:p>") == "197.62"
    assert nested(tmp_path, f"<w:p>{r('150')}{text_box(p('197.62'))}</w:p>") == "150\n197.62"


PROMPT = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"


def test_a_cell_that_shows_its_prompt_keeps_its_place(tmp_path: Path) -> None:
    body = tbl(tr(tc("a"), PROMPT.format(tc("单击此处输入文字。")), tc("c")))
    document = read_docx(package(tmp_path / "a.docx", body))
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    assert [(cell.col, cell.text) for cell in grid.cells] == [(0, "a"), (1, ""), (2, "c")]


def test_a_value_left_under_the_mark_of_a_prompt_is_a_value(tmp_path: Path) -> None:
    run = r("98.5", '<w:rStyle w:val="PlaceholderText"/>')
    styled = f"<w:p>{run}</w:p>"
    document = read_docx(package(tmp_path / "a.docx", PROMPT.format(styled)))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == ["98.5"]


def test_a_picture_in_a_cell_is_said(tmp_path: Path) -> None:
    picture = "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"
    text, document = cell_of(tmp_path, picture)
    assert text == ""
    assert [(q.code, q.place.locator) for q in document.problems if q.place] == [("picture_in_cell", "table 1 row 1")]


def test_the_unit_in_a_page_header_is_read_and_the_rest_of_it_left_out(tmp_path: Path) -> None:
    header = p("单位：元") + p("某县财政局2023")
    document = read_docx(package(tmp_path / "a.docx", p("正文"), header=header))
    assert [b.text for b in document.blocks if isinstance(b, Paragraph)] == ["单位：元", "正文"]
    assert [(left.code, left.text) for left in document.left_out] == [("running_line", "某县财政局2023")]


def test_any_embedded_document_is_said_and_a_formula_is_not(tmp_path: Path) -> None:
    def codes(program: str) -> list[str]:
        thing = f'<w:p>{r("附件")}<w:r><w:object><o:OLEObject ProgID="{program}"/></w:object></w:r></w:p>'
        return [q.code for q in read_docx(package(tmp_path / "a.docx", thing)).problems]

    assert codes("AcroExch.Document.DC") == codes("Package") == codes("Excel.Sheet.12") == ["embedded_object"]
    assert codes("Equation.3") == []

"""What a reader of a page does not take for text: struck out, white, raised marks, automatic numbers, in any format."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
import xlsxwriter
from docvortex.analyzers.native.office.doc.formatting import CharacterRun, FormattingRuns
from docvortex.analyzers.native.office.doc.pieces import TextStream

from parsers.document import Document, Grid
from parsers.html.reader import read_html
from parsers.office.raised import mark_raised
from parsers.office.rtf import read_rtf
from parsers.opendocument.reader import read_opendocument
from parsers.sheets.xlsx import read_xlsx

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMES = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table", "style"))
_STYLES = (
    '<style:style style:name="gone"><style:text-properties style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="kept" style:parent-style-name="gone">'
    '<style:text-properties style:text-line-through-style="none"/></style:style>'
    '<style:style style:name="up"><style:text-properties style:text-position="33% 58%"/></style:style>'
    '<style:style style:name="white"><style:text-properties fo:color="#ffffff"/></style:style>'
    '<text:list-style style:name="l"><text:list-level-style-number text:level="1" style:num-format="1" '
    'style:num-suffix="."/></text:list-style>'
)


def _texts(document: Document) -> list[str]:
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    return [cell.text for cell in grid.cells]


def _left_out(document: Document) -> list[tuple[str, str]]:
    return [(one.code, one.text) for one in document.left_out]


def _odt(tmp_path: Path, *cells: str) -> Document:
    path = tmp_path / "表.fodt"
    row = "".join(f"<table:table-cell>{cell}</table:table-cell>" for cell in cells)
    path.write_text(
        f'<office:document {_NAMES} xmlns:fo="{_ODF}xsl-fo-compatible:1.0" office:mimetype="application/vnd.oasis.'
        f'opendocument.text"><office:automatic-styles>{_STYLES}</office:automatic-styles><office:body><office:text>'
        f"<table:table><table:table-row>{row}</table:table-row></table:table></office:text></office:body>"
        "</office:document>",
        encoding="utf-8",
    )
    return read_opendocument(path)


def _span(style: str, text: str) -> str:
    return f'<text:span text:style-name="{style}">{text}</text:span>'


def test_opendocument_text_is_read_as_it_is_seen(tmp_path: Path) -> None:
    document = _odt(
        tmp_path,
        f"<text:p>{_span('gone', '419')}431</text:p>",
        f'<text:p text:style-name="gone">12{_span("kept", "15")}</text:p>',
        f"<text:p>277.32{_span('up', '2')}</text:p>",
        f"<text:p>30m{_span('up', '2')}</text:p>",
        f"<text:p>{_span('white', '95%')}90%</text:p>",
    )
    assert _texts(document) == ["431", "15", "277.32", "30m²", "90%"]
    assert _left_out(document) == [("struck", "419"), ("struck", "12"), ("note_mark", "2")]


def test_a_page_header_of_opendocument_states_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "表.fodt"
    path.write_text(
        f'<office:document {_NAMES} office:mimetype="application/vnd.oasis.opendocument.text"><office:master-styles>'
        "<style:master-page><style:header><text:p>单位：元</text:p><text:p>第3版</text:p></style:header>"
        "</style:master-page></office:master-styles><office:body><office:text><text:p>正文</text:p></office:text>"
        "</office:body></office:document>",
        encoding="utf-8",
    )
    document = read_opendocument(path)
    assert [getattr(block, "text", None) for block in document.blocks] == ["单位：元", "正文"]
    assert _left_out(document) == [("running_line", "第3版")]


def test_an_automatic_number_before_a_cells_only_line_is_no_part_of_it(tmp_path: Path) -> None:
    def numbered(*lines: str) -> str:
        items = "".join(f"<text:list-item><text:p>{line}</text:p></text:list-item>" for line in lines)
        return f'<text:list text:style-name="l">{items}</text:list>'

    document = _odt(tmp_path, numbered("64.5公里"), numbered("修渠"), numbered("建成渠道", "种树"))
    assert _texts(document) == ["64.5公里", "修渠", "1.建成渠道\n2.种树"]
    assert _left_out(document) == [("clause_number", "1."), ("clause_number", "1.")]


def test_a_value_in_a_table_inside_a_cell_is_the_cells(tmp_path: Path) -> None:
    inner = (
        "<table:table><table:table-row><table:table-cell><text:p>71.37</text:p></table:table-cell></table:table-row>"
        "</table:table>"
    )
    assert _texts(_odt(tmp_path, "<text:p>执行数</text:p>", inner)) == ["执行数", "71.37"]


def test_rich_text_is_read_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "表.rtf"
    path.write_bytes(
        rb"{\rtf1\ansi\trowd\cellx1000\cellx2000\cellx3000"
        rb"\pard\intbl {\strike 40}45\cell 71.37{\super 2}\cell 3m{\super 2}\cell\row}"
    )
    document = read_rtf(path)
    assert _texts(document) == ["45", "71.37", "3m²"]
    assert _left_out(document) == [("struck", "40"), ("note_mark", "2")]


def test_text_of_rtf_raised_by_hand_is_raised(tmp_path: Path) -> None:
    path = tmp_path / "表.rtf"
    path.write_bytes(rb"{\rtf1\ansi\trowd\cellx1000\cellx2000\pard\intbl 71.37{\fs12\up8 2}\cell {\up6 45}\cell\row}")
    assert _texts(read_rtf(path)) == ["71.37", "45"]


def test_text_of_word_97_raised_by_hand_is_raised() -> None:
    text = TextStream(list("30.006\r45\r"), list(range(10)), list(range(10)), [0] * 10)
    up = struct.pack("<Hh", 0x4845, 8)
    runs = FormattingRuns(
        [CharacterRun(0, 5, b""), CharacterRun(5, 7, up), CharacterRun(7, 9, up), CharacterRun(9, 10, b"")], []
    )
    mark_raised(text, runs)
    raised = struct.pack("<HB", 0x2A48, 1)
    assert [run.grpprl.endswith(raised) for run in runs.characters] == [False, True, False, False]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<s>190.00</s>198.64", "198.64"),
        ('<span style="text-decoration: line-through">9</span>8', "8"),
        ("277.32<sup>3</sup>", "277.32"),
        ("30m<sup>2</sup>", "30m²"),
        ('277.32<span style="vertical-align: super; font-size: 60%">3</span>', "277.32"),
        ('<span style="mso-text-raise:2pt">277.32</span>', "277.32"),
        ('277.32<span style="position:relative; top:-0.5em">3</span>', "277.32"),
        ("55<sup>a</sup>台", "55台"),
        ('45<font color="#FFFFFF">9</font>', "45"),
        ('<span style="background:#036;color:white">45</span>', "45"),
        ('<span style="opacity:0">88</span>45', "45"),
        ('<span style="font-size:0">88</span>45', "45"),
        ("<table><tr><td>71.37</td></tr></table>", "71.37"),
    ],
)
def test_web_text_is_read_as_it_is_seen(cell: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "页.html"
    rows = "".join(f"<tr><td>{name}</td><td>1</td><td>2</td></tr>" for name in "甲乙丙")
    path.write_text(f"<table border=1>{rows}<tr><td>丁</td><td>{cell}</td><td>3</td></tr></table>", encoding="utf-8")
    assert _texts(read_html(path))[-2] == text


def test_cells_of_a_workbook_are_read_as_they_are_seen(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        struck, up, box = (
            book.add_format({"font_strikeout": True}),
            book.add_format({"font_script": 1}),
            book.add_format({"border": 1}),
        )
        sheet.write_rich_string(0, 0, struck, "40", "45套", box)
        sheet.write_rich_string(0, 1, "71.37", up, "1", box)
        sheet.write(0, 2, "旧值", book.add_format({"font_color": "#FFFFFF", "border": 1}))
        sheet.write(0, 3, "白字", book.add_format({"font_color": "#FFFFFF", "bg_color": "#003366", "border": 1}))
        sheet.write(0, 4, 12.5, book.add_format({"font_strikeout": True, "border": 1}))
        sheet.write(0, 5, "末格", box)
    document = read_xlsx(path)
    assert [text for text in _texts(document) if text] == ["45套", "71.37", "白字", "末格"]
    assert _left_out(document) == [("struck", "40"), ("note_mark", "1"), ("struck", "12.5")]
    assert [problem.code for problem in document.problems] == ["hidden_text"]


def test_a_figure_in_a_text_box_over_an_empty_cell_is_its_value(tmp_path: Path) -> None:
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet, box = book.add_worksheet(), book.add_format({"border": 1})
        for row in range(3):
            sheet.write_row(row, 0, ["资金总额", "100", None if row == 1 else "95"], box)
        sheet.insert_textbox(1, 2, "277.32")
        sheet.insert_textbox(8, 2, "盖章处")
    document = read_xlsx(path)
    assert _texts(document)[5] == "277.32"
    assert [block.text for block in document.blocks if not isinstance(block, Grid)] == ["盖章处"]

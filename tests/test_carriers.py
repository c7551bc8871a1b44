"""The carriers: what each shows is read, what it hides is said, damage is one named error."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest
import xlsxwriter
from docvortex.analyzers.native.office.legacy.ole import BoundedOleReader
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.document import Document, Grid, Paragraph
from parsers.office.packages import embedded_in
from parsers.readers import read_document
from parsers.sheets.numberformat import shown_number
from schemas.errors import DamagedFile, EncryptedFile, LimitExceeded, ReadError

SAMPLES = Path(__file__).parents[1] / "samples" / "carriers"
ODF = "urn:oasis:names:tc:opendocument:xmlns:"


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def rows(document: Document, number: int = 1) -> list[list[str]]:
    """The texts of a grid's rows, each cell in the row it begins in."""
    grid = [block for block in document.blocks if isinstance(block, Grid)][number - 1]
    return [[cell.text for cell in grid.cells if cell.row == row] for row in range(grid.n_rows)]


def codes(document: Document) -> list[str]:
    return [problem.code for problem in document.problems]


@pytest.fixture
def page(tmp_path: Path) -> Callable[[str | bytes], Document]:
    def read(html: str | bytes) -> Document:
        path = tmp_path / "a.html"
        path.write_bytes(html if isinstance(html, bytes) else html.encode())
        return read_document(path)

    return read


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.985, "0.0%", "98.5%"),
        (1234567.891, "#,##0.00_ ", "1,234,567.89 "),
        (1.005, "0.00", "1.01"),
        (0, '#,##0.00;-#,##0.00;"-"', "-"),
        (-5, "0.00_);(0.00)", "(5.00)"),
        (45000, 'yyyy"年"m"月"', "2023年3月"),
        (45000.5, "yyyy/m/d h:mm", "2023/3/15 12:00"),
        (123456789012, "General", "1.23457E+11"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678, '0.00,,"百万"', "12.35百万"),
        (3, '[>=5]"高";[<5]"低"0', "低3"),
        (7, "[DBNum1]0", "七"),
        (5.5, "# ?/?", "5 1/2"),
        (0, "0.00;-0.00;;@", ""),
    ],
)
def test_a_number_is_what_its_format_shows(value: float, code: str, shown: str) -> None:
    assert shown_number(value, code) == shown


@given(st.floats(allow_nan=False, allow_infinity=False), st.text('0#?.,%;-E+ymdhs@"[]/_*$(）万年', max_size=12))
def test_any_number_under_any_format_shows_something(value: float, code: str) -> None:
    assert isinstance(shown_number(value, code), str)


def test_hidden_parts_of_a_workbook_are_left_out_and_said() -> None:
    document = read_document(SAMPLES / "yunnan.xlsx")
    assert not any("核对用" in text for text in texts(document))
    assert codes(document) == ["hidden_content", "hidden_content"]
    cells = [cell for block in document.blocks if isinstance(block, Grid) for cell in block.cells]
    assert {cell.locator for cell in cells} >= {'表"项目1" A4', '表"项目1" C4'}


def test_a_formula_without_a_stored_value_is_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("自评")
        for row, line in enumerate((["资金总额", "其中", "执行数"], ["全年", 5, 6])):
            sheet.write_row(row, 0, line)
        sheet.write_formula(2, 1, "=B2+1", None, "")
    document = read_document(tmp_path / "a.xlsx")
    assert codes(document) == ["formula_without_value"]
    assert "B3" in document.problems[0].message


def test_forms_below_each_other_are_tables_of_their_own(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet, boxed = book.add_worksheet(), book.add_format({"border": 1})
        for start in (0, 6):
            sheet.merge_range(start, 0, start, 2, "绩效自评表")
            for row in range(3):
                sheet.write_row(start + 1 + row, 0, ["指标", "值", "分"], boxed)
            sheet.write(start + 4, 0, "填表人：张某")
    document = read_document(tmp_path / "a.xlsx")
    assert texts(document) == ["绩效自评表", "填表人：张某"] * 2
    assert sum(isinstance(block, Grid) for block in document.blocks) == 2


def test_a_sheet_of_a_million_blanks_is_read_at_once(tmp_path: Path) -> None:
    rows_ = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="XFD{n}" s="0"/></row>' for n in range(3, 100_000))
    text = '<row r="1"><c r="A1" t="inlineStr"><is><t>自评</t></is></c></row>'
    namespace = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        package = "http://schemas.openxmlformats.org/package/2006/relationships"
        link = f'<Relationship Id="r1" Type="{links}/worksheet" Target="worksheets/sheet1.xml"/>'
        out.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}">{link}</Relationships>')
        book = f'<workbook {namespace} xmlns:r="{links}"><sheets><sheet name="一" r:id="r1"/></sheets></workbook>'
        out.writestr("xl/workbook.xml", book)
        out.writestr(
            "xl/worksheets/sheet1.xml", f"<worksheet {namespace}><sheetData>{text}{rows_}</sheetData></worksheet>"
        )
    assert texts(read_document(tmp_path / "a.xlsx")) == ["自评"]


def test_a_csv_is_a_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes('绩效自评表,,\r\n"指标","值","分"\r\n"培训\n人数","1,200",20\r\n'.encode("gb18030"))
    document = read_document(path)
    assert texts(document) == ["绩效自评表"] and document.encoding == "gb18030"
    assert rows(document) == [["指标", "值", "分"], ["培训\n人数", "1,200", "20"]]


def test_an_xml_table_of_excel_2003_under_the_name_of_xls(tmp_path: Path) -> None:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    cells = [
        '<ss:Cell><ss:Data ss:Type="String">执行率</ss:Data></ss:Cell>',
        '<ss:Cell ss:StyleID="p"><ss:Data ss:Type="Number">0.985</ss:Data></ss:Cell>',
        '<ss:Cell ss:Index="4"><ss:Data ss:Type="Number">10</ss:Data></ss:Cell>',
    ]
    style = '<ss:Styles><ss:Style ss:ID="p"><ss:NumberFormat ss:Format="0.0%"/></ss:Style></ss:Styles>'
    table = f"<ss:Table><ss:Row>{''.join(cells)}</ss:Row><ss:Row>{''.join(cells)}</ss:Row></ss:Table>"
    sheet = f'<ss:Worksheet ss:Name="自评">{table}</ss:Worksheet>'
    path = tmp_path / "a.xls"
    path.write_text(f'<?xml version="1.0"?><ss:Workbook xmlns:ss="{name}">{style}{sheet}</ss:Workbook>', "utf-8")
    assert rows(read_document(path)) == [["执行率", "98.5%", "10"]] * 2


# -- web pages --------------------------------------------------------------------------------------------------


def test_a_page_is_its_article() -> None:
    document = read_document(SAMPLES / "national.html")
    everything = "".join([*texts(document), *(cell for row in rows(document) for cell in row)])
    assert document.encoding == "gb18030"
    assert not any(word in everything for word in ("首页", "ICP备", "主办单位", "上一篇", "发布时间", "2031", "99"))


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("said", ["utf-8", "gb2312", "iso-8859-1", ""])
def test_a_page_that_says_a_wrong_encoding(page: Callable[[bytes], Document], encoding: str, said: str) -> None:
    line = "云山县财政局绩效自评报告，执行数一百万元。"
    html = f'<html><head><meta charset="{said}"></head><body><p>{line}</p></body></html>'
    assert texts(page(html.encode(encoding))) == [line]


@pytest.mark.parametrize(("end", "said"), [("", True), ("</tr>", True), ("</table>", False), ("</body></html>", False)])
def test_a_page_that_breaks_off_inside_a_table_is_said(page: Callable[[str], Document], end: str, said: bool) -> None:
    document = page(f"<html><body><p>绩效自评表</p><table><tr><td>产出指标<td>植树<td>300株{end}")
    assert codes(document) == ["page_cut_off"] * said


def test_spans_line_ends_and_what_is_not_shown(page: Callable[[str], Document]) -> None:
    document = page(
        "<style>.gone{display:none}</style><table><caption>表一</caption>"
        "<tr><th rowspan=2>名称<br>（全称）<th colspan=2>资金<th>面积</tr>"
        "<tr><td>1<td>2<span class=gone>9</span><td>3m<sup>2</sup></tr>"
        "<tr style='display:none'><td>x<td>y<td>z<td>w</tr>"
        "<tr height=0><td style='border:none'><td style='border:none'><td><td></tr></table>"
    )
    assert texts(document) == ["表一"]
    assert rows(document) == [["名称\n（全称）", "资金", "面积"], ["1", "2", "3m²"]]


def test_layout_tables_do_not_swallow_the_prose(page: Callable[[str], Document]) -> None:
    prose = "本项目全年预算数一百万元，执行数九十八万元。" * 30
    inner = "<table><tr><td>a<td>b<td>c<tr><td>d<td>e<td>f</table>"
    menu = "<a href=1>首页</a><a href=2>公开</a>"
    document = page(f"<table><tr><td>{menu}<td><p>{prose}</p>{inner}<p>此致</p></table>")
    assert texts(document) == [prose, "此致"] and rows(document) == [["a", "b", "c"], ["d", "e", "f"]]


def test_a_table_of_blocks_is_a_table(page: Callable[[str], Document]) -> None:
    lines = [["一级指标", "二级指标", "得分"], ["产出", "数量", "10"], ["效益", "社会效益", "20"]]
    body = "".join(
        f"<div class=row>{''.join(f'<div class=cell>{text}</div>' for text in line)}</div>" for line in lines
    )
    assert rows(page(f"<div>{body}</div>")) == lines


def test_the_office_named_as_source_is_kept_as_a_line(page: Callable[[str], Document]) -> None:
    document = page(
        "<h1>绩效自评报告公开</h1><div><span>发布时间：2031-01-02</span><span>来源：云山县水务局</span>"
        "<span>浏览次数：5</span></div><p>一、项目概况</p><p>主要内容见附件。</p>"
    )
    assert texts(document) == ["绩效自评报告公开", "一、项目概况", "主要内容见附件。", "来源：云山县水务局"]


ARTICLE = "<p>古城县林业站实施管护项目，年初预算126万元。</p><p>古城县林业站</p><p>2023年3月12日</p>"
SITE = {
    "notes below each other": "<ul><li>索引号：A-1</li><li>发布机构：某市审计局</li>"
    "<li>发文日期：2025年6月18日</li></ul><h3>{}</h3>",
    "a menu of years": "<div>公开</div><ul><li>2026年度绩效自评</li></ul><div>某市规划局</div><div class=tit>{}</div>",
    "the hour of publication": "<p class=bt>{}</p><p>2025年06月18日 09:12 某市规划局 浏览量：88</p>",
}


@pytest.mark.parametrize("site", SITE.values(), ids=SITE)
def test_what_a_site_sets_above_an_article_is_no_part_of_it(page: Callable[[str], Document], site: str) -> None:
    title = "2022年度公益林管护项目绩效自评报告"
    document = page(f"<title>{title}_某市人民政府</title><body>{site.format(title)}{ARTICLE}</body>")
    article = [text for text in texts(document) if not text.startswith("发布机构")]
    assert article == [title, "古城县林业站实施管护项目，年初预算126万元。", "古城县林业站", "2023年3月12日"]
    assert any("2025" in left.text or "2026" in left.text for left in document.left_out), "what is left out is told"


def test_the_title_in_the_head_of_a_page_is_not_lost(page: Callable[[str], Document]) -> None:
    head = "<title>2023年度防汛项目绩效自评报告_云山县水务局网站</title>"
    assert (
        texts(page(f"<html><head>{head}</head><body><p>一、概况</p></body></html>"))[0]
        == "2023年度防汛项目绩效自评报告"
    )


def test_an_mht_gives_its_page(tmp_path: Path) -> None:
    body = "<html><body><p>绩效自评报告</p></body></html>".encode("gb18030").hex("=").upper()
    message = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        f"Content-Type: text/html; charset=gb2312\nContent-Transfer-Encoding: quoted-printable\n\n={body}\n--b--\n"
    )
    (tmp_path / "a.mht").write_text(message)
    document = read_document(tmp_path / "a.mht")
    assert document.format == "mht" and texts(document) == ["绩效自评报告"]


def test_nesting_beyond_the_limit_is_said(page: Callable[[str], Document]) -> None:
    with pytest.raises(LimitExceeded):
        page("<html>" + "<div>" * 5_000 + "自评")


# -- Word's older formats, OpenDocument, OFD ----------------------------------------------------------------------


def test_edges_that_differ_by_a_twip_are_one_line(tmp_path: Path) -> None:
    cell = "\\pard\\intbl {}\\cell"
    row = "\\trowd\\cellx{}\\cellx{}\\cellx3000" + cell.format("a") + cell.format("b") + cell.format("c") + "\\row\n"
    (tmp_path / "a.rtf").write_text("{\\rtf1\\ansi " + row.format(1000, 2000) + row.format(1012, 1990) + "}")
    grid = next(block for block in read_document(tmp_path / "a.rtf").blocks if isinstance(block, Grid))
    assert grid.n_cols == 3 and {cell.col_span for cell in grid.cells} == {1}


def test_list_numbers_of_an_opendocument_text_are_printed(tmp_path: Path) -> None:
    names = " ".join(f'xmlns:{name}="{ODF}{name}:1.0"' for name in ("office", "text", "style"))
    level = '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    items = "".join(f"<text:list-item><text:p>{text}</text:p></text:list-item>" for text in ("概况", "资金"))
    (tmp_path / "a.fodt").write_text(
        f'<?xml version="1.0"?><office:document {names}><office:automatic-styles>'
        f'<text:list-style style:name="L">{level}</text:list-style></office:automatic-styles><office:body>'
        f'<office:text><text:list text:style-name="L">{items}</text:list></office:text></office:body>'
        "</office:document>",
        "utf-8",
    )
    assert texts(read_document(tmp_path / "a.fodt")) == ["一、概况", "二、资金"]


def test_pages_and_boxes_of_an_ofd() -> None:
    document = read_document(SAMPLES / "shanghai.ofd")
    grid = next(block for block in document.blocks if isinstance(block, Grid))
    assert document.page_count == 2 and grid.rows[0].page == 1 and grid.rows[0].locator == "p1 table 1 row 1"
    assert all(cell.bbox is not None for cell in grid.cells)


# -- files inside -------------------------------------------------------------------------------------------------

PACKAGE = "\x02\x00汇总表.xlsx\x00C:\\桌面\\汇总表.xlsx\x00".encode("gb18030")


def test_files_inside_an_rtf_are_named(tmp_path: Path) -> None:
    digits = (b"\x01\x05\x00\x00\x02\x00\x00\x00\x08\x00\x00\x00Package\x00" + bytes(12) + PACKAGE).hex()
    path = tmp_path / "a.rtf"
    objects = "{\\object\\objemb{\\*\\objclass %s}{\\*\\objdata %s}}"
    body = objects % ("Package", digits) + objects % ("Excel.Sheet.8", "00") + objects % ("Equation.3", "00")
    path.write_text("{\\rtf1\\ansi text" + body + "\\par}", "ascii")
    (problem,) = read_document(path).problems
    assert problem.code == "embedded_object"
    assert "“汇总表.xlsx”" in problem.message and "“Excel 工作簿”" in problem.message
    assert "Equation" not in problem.message


def test_files_inside_a_doc_are_named() -> None:
    class Ole:
        def stream_names(self, *, prefix: str) -> tuple[str, ...]:
            return (f"{prefix}_1/\x01Ole10Native", f"{prefix}_2/Workbook", f"{prefix}_3/Equation Native")

        def read_stream(self, name: str) -> bytes:
            return b"\x40\x00\x00\x00" + PACKAGE

    assert list(embedded_in(cast("BoundedOleReader", Ole()))) == ["汇总表.xlsx", "Excel 工作簿"]


# -- bad input ----------------------------------------------------------------------------------------------------


def repacked(source: Path, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


@pytest.mark.parametrize("name", ["yunnan.xlsx", "transfer.odt", "sichuan.ods", "shanghai.ofd"])
def test_an_entity_bomb_is_not_opened(name: str, tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def change(part: str, data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + bomb + rest if part.endswith(".xml") and mark else data

    (tmp_path / name).write_bytes(repacked(SAMPLES / name, change))
    with pytest.raises(DamagedFile):
        read_document(tmp_path / name)


def test_encrypted_opendocument_and_ofd_say_so(tmp_path: Path) -> None:
    manifest = b"<manifest:encryption-data/>"
    odt = repacked(SAMPLES / "transfer.odt", lambda name, data: manifest if "manifest" in name else data)
    (tmp_path / "a.odt").write_bytes(odt)
    ofd = repacked(
        SAMPLES / "shanghai.ofd", lambda name, data: data.replace(b"</ofd:OFD>", b"<ofd:Encryptions/></ofd:OFD>")
    )
    (tmp_path / "a.ofd").write_bytes(ofd)
    for name in ("a.odt", "a.ofd"):
        with pytest.raises(EncryptedFile):
            read_document(tmp_path / name)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.iterdir() if path.suffix != ".zip"))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_damage_is_a_named_error_or_a_document(name: str, tmp_path: Path, data: st.DataObject) -> None:
    whole = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(0, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / name
    path.write_bytes(whole[: data.draw(st.integers(1, len(whole)))])
    try:
        read_document(path)
    except ReadError as error:
        assert path.name in str(error)

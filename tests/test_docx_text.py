"""Text of Word documents as it is printed."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from docx_build import STRICT, grids, lines, p, package, r, read, tbl, tc, text_box, tr

from parsers.document import Paragraph
from parsers.docx import read_docx


def field(kind: str, form: str = "") -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}">{form}</w:fldChar></w:r>'


def instruction(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(f'{r("甲")}<w:ins w:id="1">{r("乙")}</w:ins>', "甲乙", id="insertion accepted"),
        pytest.param(f'{r("甲")}<w:del w:id="1"><w:r><w:delText>乙</w:delText></w:r></w:del>', "甲", id="deletion"),
        pytest.param(
            f'<w:moveFrom w:id="1">{r("搬")}</w:moveFrom>{r("家")}<w:moveTo w:id="2">{r("搬")}</w:moveTo>',
            "家搬",
            id="moved once",
        ),
        pytest.param(r("显") + r("隐", "<w:vanish/>") + r("显", '<w:vanish w:val="0"/>'), "显显", id="hidden"),
        pytest.param(
            "<w:r><w:t>12</w:t><w:noBreakHyphen/><w:t>3</w:t><w:softHyphen/><w:t>4</w:t></w:r>", "12-34", id="hyphens"
        ),
        pytest.param(r("一\u00ad百\u200b万"), "一百万", id="invisible characters"),
        pytest.param("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t></w:r>", "甲\t乙", id="tab"),
        pytest.param("<w:r><w:t>甲</w:t><w:br/><w:t>乙</w:t><w:cr/><w:t>丙</w:t></w:r>", "甲\n乙\n丙", id="breaks"),
        pytest.param("<w:r><w:t> 甲 </w:t></w:r><w:r><w:t>乙</w:t></w:r>", "甲乙", id="blanks not preserved"),
        pytest.param(
            f"<w:hyperlink>{r('链接')}</w:hyperlink><w:smartTag>{r('地名')}</w:smartTag>", "链接地名", id="wrappers"
        ),
        pytest.param(
            f"<w:r><w:ruby><w:rt>{r('zì')}</w:rt><w:rubyBase>{r('自')}</w:rubyBase></w:ruby></w:r>{r('评')}",
            "自评",
            id="ruby",
        ),
        pytest.param(
            "<m:oMath><m:r><m:t>x=</m:t></m:r><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2"
            "</m:t></m:r></m:den></m:f></m:oMath>",
            "x=1/2",
            id="fraction",
        ),
        pytest.param(
            "<m:oMath><m:sSup><m:e><m:r><m:t>10</m:t></m:r></m:e><m:sup><m:r><m:t>4</m:t></m:r></m:sup></m:sSup>"
            "</m:oMath>",
            "10^4",
            id="power",
        ),
        pytest.param(r("10") + r("4", '<w:vertAlign w:val="superscript"/>') + r("m2"), "10⁴m2", id="raised digits"),
        pytest.param(
            '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/><w:t>是</w:t><w:sym w:font="Wingdings 2" w:char="00A3"/>'
            "<w:t>否</w:t></w:r>",
            "☑是□否",
            id="check boxes",
        ),
        pytest.param(
            '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>',
            "☑□",
            id="wingdings",
        ),
        pytest.param('<w:r><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r>', "≥95%", id="relation"),
        pytest.param(
            r("R", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>'), "☑", id="letter in a symbol font"
        ),
        pytest.param(r("\uf0a3", '<w:rFonts w:ascii="Wingdings 2"/>') + r("优"), "□优", id="private use"),
        pytest.param('<w:r><w:sym w:font="Wingdings" w:char="F028"/></w:r>', "\ufffd", id="unknown symbol"),
        pytest.param(
            field("begin") + instruction(" PAGE ") + field("separate") + r("7") + field("end"), "7", id="field result"
        ),
        pytest.param(
            field("begin")
            + instruction(" IF ")
            + field("begin")
            + instruction(" =1 ")
            + field("separate")
            + r("1")
            + field("end")
            + field("separate")
            + r("通过")
            + field("end")
            + r("。"),
            "通过。",
            id="nested field",
        ),
        pytest.param(f'<w:fldSimple w:instr=" SUM(ABOVE) ">{r("128.50")}</w:fldSimple>', "128.50", id="simple field"),
        pytest.param(r("前") + field("begin") + r("未完"), "前未完", id="field without an end loses nothing"),
        pytest.param(
            field("begin") + instruction(r" eq \o\ac(○,3)") + field("end") + r("其他"), "③其他", id="number in a circle"
        ),
        pytest.param(
            field("begin") + instruction(r" EQ \o\ac(□,√)") + field("end") + r("优"), "☑优", id="tick in a box"
        ),
        pytest.param(
            field("begin") + instruction(r" SYMBOL 163 \f &quot;Wingdings 2&quot; \s 12") + field("end"),
            "□",
            id="symbol field",
        ),
        pytest.param(
            field("begin", '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>')
            + instruction(" FORMCHECKBOX ")
            + field("separate")
            + field("end")
            + r("优"),
            "☑优",
            id="form check box",
        ),
        pytest.param(
            field(
                "begin",
                '<w:ffData><w:ddList><w:result w:val="1"/><w:listEntry w:val="优"/><w:listEntry w:val="良"/>'
                "</w:ddList></w:ffData>",
            )
            + instruction(" FORMDROPDOWN ")
            + field("separate")
            + field("end"),
            "良",
            id="form list",
        ),
        pytest.param(
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + r("单击此处输入文字。", '<w:rStyle w:val="a3"/>')
            + f"</w:sdtContent></w:sdt>{r('元')}",
            "元",
            id="prompt of an unfilled control",
        ),
        pytest.param(
            f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{r('35')}</w:sdtContent></w:sdt>{r('元')}",
            "35元",
            id="filled control",
        ),
        pytest.param(
            '<mc:AlternateContent><mc:Choice Requires="wpsCustomData"><w:r><w:t>新</w:t></w:r></mc:Choice>'
            f"<mc:Fallback>{r('旧')}</mc:Fallback></mc:AlternateContent>",
            "旧",
            id="extension nobody understands",
        ),
    ],
)
def test_paragraph_text(tmp_path: Path, content: str, expected: str) -> None:
    document = read(tmp_path, f"<w:p>{content}</w:p>")
    assert lines(document) == ([expected] if expected else [])
    assert not document.problems


def test_text_box_follows_its_paragraph_and_counts_once(tmp_path: Path) -> None:
    box = p("框内文字") + tbl(tr(tc("项目名称"), tc("绿道养护")))
    document = read(tmp_path, f"<w:p>{r('前文')}{text_box(box)}</w:p>{p('后文')}")
    assert lines(document) == ["前文", "框内文字", "后文"]
    (grid,) = grids(document)
    assert [cell.text for cell in grid.cells] == ["项目名称", "绿道养护"]


def test_words_in_a_text_box_inside_a_cell_are_not_the_cells_text(tmp_path: Path) -> None:
    cell = f"<w:tc><w:p>{r('单元格')}{text_box(p('印章'))}</w:p></w:tc>"
    document = read(tmp_path, tbl(tr(cell, tc("x"))))
    assert grids(document)[0].cells[0].text == "单元格"
    assert lines(document) == ["印章"]


def test_legacy_text_box_alone(tmp_path: Path) -> None:
    shape = f"<v:shape><v:textbox><w:txbxContent>{p('旧式文本框')}</w:txbxContent></v:textbox></v:shape>"
    assert lines(read(tmp_path, f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>")) == ["旧式文本框"]


def test_removed_paragraph_mark_joins_lines(tmp_path: Path) -> None:
    body = (
        p("全年执", '<w:rPr><w:del w:id="1"/></w:rPr>')
        + p("行数")
        + p("标题", "<w:rPr><w:vanish/></w:rPr>")
        + p("正文")
    )
    assert lines(read(tmp_path, body)) == ["全年执行数", "标题正文"]
    before_table = p("说明", '<w:rPr><w:del w:id="1"/></w:rPr>') + tbl(tr(tc("a"), tc("b"))) + p("后")
    document = read(tmp_path, before_table)
    assert [block.place.locator for block in document.blocks] == ["paragraph 1", "table 1", "paragraph 2"]


def test_heading_levels(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="my"><w:basedOn w:val="1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/></w:style>'
        '<w:style w:type="character" w:styleId="secret"><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    body = (
        p("样式", '<w:pStyle w:val="my"/>')
        + p("直接", '<w:outlineLvl w:val="2"/>')
        + p("降为正文", '<w:pStyle w:val="1"/><w:outlineLvl w:val="9"/>')
        + p("循环", '<w:pStyle w:val="loop"/>')
        + "<w:p>"
        + r("见")
        + r("不见", '<w:rStyle w:val="secret"/>')
        + "</w:p>"
    )
    blocks = read(tmp_path, body, styles=styles).blocks
    assert [(b.text, b.level) for b in blocks if isinstance(b, Paragraph)] == [
        ("样式", 1),
        ("直接", 3),
        ("降为正文", None),
        ("循环", None),
        ("见", None),
    ]


def test_notes_come_last_with_their_own_locator(tmp_path: Path) -> None:
    def note(kind: str, number: int) -> str:
        return f'<w:r><w:{kind}Reference w:id="{number}"/></w:r>'

    footnotes = (
        f'<w:footnote w:id="2">{p("数据来自决算。")}</w:footnote><w:footnote w:id="3">{p("无人引用")}</w:footnote>'
    )
    document = read(
        tmp_path,
        f"<w:p>{r('支出5万元')}{note('footnote', 2)}{note('endnote', 7)}</w:p>{p('完')}",
        footnotes=footnotes,
        endnotes=f'<w:endnote w:id="7">{p("尾注。")}</w:endnote>',
    )
    assert [(b.text, b.place.locator) for b in document.blocks if isinstance(b, Paragraph)] == [
        ("支出5万元", "paragraph 1"),
        ("完", "paragraph 2"),
        ("数据来自决算。", "footnote 1"),
        ("尾注。", "endnote 1"),
    ]


def test_headers_and_footers_stay_outside(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    document.add_paragraph("正文")
    document.save(str(tmp_path / "a.docx"))
    assert lines(read_docx(tmp_path / "a.docx")) == ["正文"]


def test_strict_namespaces_read_alike(tmp_path: Path) -> None:
    body = p("标题", '<w:outlineLvl w:val="0"/>') + tbl(tr(tc("a", '<w:gridSpan w:val="2"/>')), tr(tc("b"), tc("c")))
    strict = read_docx(package(tmp_path / "s.docx", body, namespaces=STRICT))
    assert strict == read_docx(package(tmp_path / "t.docx", body))
    assert grids(strict)[0].n_cols == 2


def test_what_cannot_be_read_is_named(tmp_path: Path) -> None:
    workbook = '<w:r><w:object><o:OLEObject ProgID="Excel.Sheet.12"/></w:object></w:r>'
    formula = '<w:r><w:object><o:OLEObject ProgID="Equation.3"/></w:object></w:r>'
    table = tbl(tr(f"<w:tc><w:p>{workbook}</w:p></w:tc>", tc("x")))
    body = f"<w:p>{r('附表')}{workbook}{formula}</w:p>{table}<w:altChunk/>"
    problems = read(tmp_path, body).problems
    assert [(q.code, q.place.locator if q.place else None) for q in problems] == [
        ("embedded_object", "paragraph 1"),
        ("embedded_object", "table 1 row 1"),
        ("external_part", None),
    ]
    assert "Excel.Sheet.12" in problems[0].message and "报告.docx" in problems[0].message


def test_a_form_that_is_a_picture_below_its_title_is_said(tmp_path: Path) -> None:
    picture = "<w:p><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r></w:p>"
    text = p("正文" * 300)
    (said,) = read(tmp_path, text + p("附表2 项目支出绩效自评表") + picture).problems
    assert said.code == "form_is_picture"
    assert not read(tmp_path, text + p("活动照片") + picture).problems
    assert not read(tmp_path, text + p("项目支出绩效自评表") + tbl(tr(tc("甲"), tc("乙"))) + picture).problems


def test_document_of_pictures_says_so(tmp_path: Path) -> None:
    picture = "<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"
    assert [q.code for q in read(tmp_path, f"<w:p>{picture}</w:p>").problems] == ["image_only"]
    assert [q.code for q in read(tmp_path, f"<w:p>{picture}{r('项目自评表')}</w:p>").problems] == ["image_only"]
    assert not read(tmp_path, f"<w:p>{picture}{r('正文' * 300)}</w:p>").problems

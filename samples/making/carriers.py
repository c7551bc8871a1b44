"""Sheets and prose to the other carriers: web page, workbook, OpenDocument, RTF, OFD, ZIP (其他载体)."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from xml.sax.saxutils import escape

import xlsxwriter

from making.model import Box, Page, Sheet
from making.writers import ZIP_TIME, slots

_NUMBER = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|0|[1-9]\d{0,10})(?P<decimals>\.\d+)?(?P<percent>%)?")


def write_html(pages: Sequence[Page], path: Path) -> None:
    """An article of a publishing system in GB 2312, with layout tables, navigation, notes and a footer around it."""
    title = _title(pages)
    body = "".join(f"<p>{escape(page)}</p>" if isinstance(page, str) else _html_sheet(page) for page in pages)
    path.write_bytes(_PAGE.format(title=escape(title), body=body).encode("gb18030"))


_PAGE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>{title}_云山县人民政府门户网站</title></head><body>
<div class="nav"><ul><li><a href="/">首页</a></li><li><a href="/2031/">2031年预算公开</a></li></ul></div>
<table width="1000" align="center"><tr><td>当前位置：<a href="/">首页</a> &gt; <a href="/jx/">绩效自评</a></td></tr>
<tr><td><h1>{title}</h1></td></tr>
<tr><td align="center">发布时间：2031-05-06 09:30　来源：本站　浏览次数：<span id="hits">125</span></td></tr>
<tr><td><div class="TRS_Editor">{body}</div></td></tr>
<tr><td><script>var t="<table><tr><td>99</td></tr></table>";</script>
上一篇：<a href="1.html">2030年决算公开</a></td></tr>
<tr><td>版权所有　主办单位：云山县数据中心　某ICP备00000000号</td></tr></table></body></html>
"""


def _title(pages: Sequence[Page]) -> str:
    first = pages[0]
    return first if isinstance(first, str) else first.before[0]


def _html_sheet(sheet: Sheet) -> str:
    rows = ("".join(_html_cell(box) for box in row) for row in sheet.rows)
    table = "".join(f"<tr>{row}</tr>\n" for row in rows)
    lines = ["".join(f"<p>{escape(line)}</p>" for line in part) for part in (sheet.before, sheet.after)]
    return f"{lines[0]}<table border=1 cellspacing=0>{table}</table>{lines[1]}"


def _html_cell(box: Box) -> str:
    spans = f' colspan="{box.cols}"' * (box.cols > 1) + f' rowspan="{box.rows}"' * (box.rows > 1)
    return f"<td{spans}><p>{escape(box.text).replace(chr(10), '<br>') or '&nbsp;'}</p></td>"


def write_xlsx(pages: Sequence[Page], path: Path) -> None:
    """A workbook, a sheet for each form: figures as numbers under their formats, a hidden sheet and a hidden row."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})
        for number, sheet in enumerate((page for page in pages if isinstance(page, Sheet)), 1):
            _xlsx_sheet(book, book.add_worksheet(f"项目{number}"), sheet)
        draft = book.add_worksheet("初稿")
        draft.write(0, 0, "全年执行数")
        draft.write(0, 1, 1)
        draft.hide()
    path.write_bytes(buffer.getvalue())


def _xlsx_sheet(book: xlsxwriter.Workbook, target: xlsxwriter.workbook.Worksheet, sheet: Sheet) -> None:
    row = 0
    for line in sheet.before:
        target.write(row, 0, line)
        row += 1
    for covered in slots(sheet):
        for column, (box, left, top) in enumerate(covered):
            if left and top:
                _xlsx_cell(book, target, row, column, box)
        row += 1
    for line in sheet.after:
        target.write(row, 0, line)
        row += 1
    target.write(row, 0, "核对用")
    target.set_row(row, None, None, {"hidden": True})


def _xlsx_cell(
    book: xlsxwriter.Workbook, target: xlsxwriter.workbook.Worksheet, row: int, column: int, box: Box
) -> None:
    number = _NUMBER.fullmatch(box.text)
    code = "General" if number is None else _code(number)
    style = book.add_format({"border": 1, "num_format": code, "text_wrap": True})
    value: str | float = box.text if number is None else _value(number)
    if box.cols > 1 or box.rows > 1:
        target.merge_range(row, column, row + box.rows - 1, column + box.cols - 1, value, style)
    else:
        target.write(row, column, value, style)


def _code(number: re.Match[str]) -> str:
    whole = "#,##0" if "," in number["whole"] else "0"
    decimals = "." + "0" * (len(number["decimals"]) - 1) if number["decimals"] else ""
    return whole + decimals + (number["percent"] or "")


def _value(number: re.Match[str]) -> float:
    plain = float(number["whole"].replace(",", "") + (number["decimals"] or ""))
    return plain / 100 if number["percent"] else plain


def write_odt(pages: Sequence[Page], path: Path) -> None:
    content = "".join(_odf_lines([page]) if isinstance(page, str) else _odt_sheet(page) for page in pages)
    _write_odf(path, "text", f"<office:text>{content}</office:text>")


def write_ods(pages: Sequence[Page], path: Path) -> None:
    tables = "".join(_ods_sheet(page, n) for n, page in enumerate(pages, 1) if isinstance(page, Sheet))
    _write_odf(path, "spreadsheet", f"<office:spreadsheet>{tables}</office:spreadsheet>")


_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_ODF_NAMES = " ".join(f'xmlns:{name}="{_ODF}{name}:1.0"' for name in ("office", "text", "table", "style"))
_ODF_NAMES += f' xmlns:fo="{_ODF}xsl-fo-compatible:1.0"'
_ODF_BOX = '<style:style style:name="c" style:family="table-cell">'
_ODF_BOX += '<style:table-cell-properties fo:border="0.5pt solid #000000"/></style:style>'


def _write_odf(path: Path, kind: str, body: str) -> None:
    media = f"application/vnd.oasis.opendocument.{kind}"
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {_ODF_NAMES} office:version="1.2">'
        f"<office:automatic-styles>{_ODF_BOX}</office:automatic-styles>"
        f"<office:body>{body}</office:body></office:document-content>"
    )
    names = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = (
        f'<?xml version="1.0" encoding="UTF-8"?><manifest:manifest xmlns:manifest="{names}">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    write_zip(
        {"mimetype": media.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": manifest.encode()}, path
    )


def _odf_lines(lines: Sequence[str]) -> str:
    return "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)


def _odf_rows(sheet: Sheet) -> str:
    rows = []
    for covered in slots(sheet):
        cells = (
            f'<table:table-cell table:style-name="c" table:number-columns-spanned="{box.cols}"'
            f' table:number-rows-spanned="{box.rows}">{_odf_lines(box.text.split(chr(10)))}</table:table-cell>'
            if left and top
            else "<table:covered-table-cell/>"
            for box, left, top in covered
        )
        rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    return "".join(rows)


def _odt_sheet(sheet: Sheet) -> str:
    return f"{_odf_lines(sheet.before)}<table:table>{_odf_rows(sheet)}</table:table>{_odf_lines(sheet.after)}"


def _ods_sheet(sheet: Sheet, number: int) -> str:
    def lines(texts: Sequence[str]) -> str:
        cells = (f"<table:table-cell>{_odf_lines([text])}</table:table-cell>" for text in texts)
        return "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells)

    rows = f"{lines(sheet.before)}{_odf_rows(sheet)}{lines(sheet.after)}"
    return f'<table:table table:name="项目{number}">{rows}</table:table>'


def write_rtf(pages: Sequence[Page], path: Path) -> None:
    body = "".join(_rtf_line(page) if isinstance(page, str) else _rtf_sheet(page) for page in pages)
    path.write_bytes(f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}\n{body}}}".encode("ascii"))


def _rtf_text(text: str) -> str:
    signs = {"\\": "\\\\", "{": "\\{", "}": "\\}", "\n": "\\line "}
    return "".join(signs.get(c) or (c if ord(c) < 128 else f"\\u{(ord(c) + 0x8000) % 0x10000 - 0x8000}?") for c in text)


def _rtf_line(text: str) -> str:
    return f"\\pard {_rtf_text(text)}\\par\n"


def _rtf_sheet(sheet: Sheet) -> str:
    rows = "".join(_rtf_row(covered) for covered in slots(sheet))
    return "".join(map(_rtf_line, sheet.before)) + rows + "".join(map(_rtf_line, sheet.after))


def _rtf_row(covered: Sequence[tuple[Box, bool, bool]]) -> str:
    defined, texts = [], []
    for column, (box, left, top) in enumerate(covered):
        if left:
            merge = "" if box.rows == 1 else "\\clvmgf" if top else "\\clvmrg"
            defined.append(f"{merge}\\cellx{1000 * (column + box.cols)}")
            texts.append(f"\\pard\\intbl {_rtf_text(box.text) if top else ''}\\cell")
    return f"\\trowd{''.join(defined)}{''.join(texts)}\\row\n"


_ROW_MM, _SIZE_MM, _MARGIN_MM = 8.0, 2.8, 12.0


def write_ofd(pages: Sequence[Page], path: Path) -> None:
    """A page for each form: text objects with distances between characters, rules as paths."""
    names = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    files: dict[str, str] = {}
    sheets = [page for page in pages if isinstance(page, Sheet)]
    for number, sheet in enumerate(sheets):
        height = (len(sheet.before) + len(sheet.rows) * 1.5 + len(sheet.after)) * _ROW_MM + 2 * _MARGIN_MM
        area = f"<ofd:Area><ofd:PhysicalBox>0 0 297 {height:.1f}</ofd:PhysicalBox></ofd:Area>"
        objects = "".join(_ofd_objects(sheet))
        layer = f'<ofd:Content><ofd:Layer ID="1" Type="Body">{objects}</ofd:Layer></ofd:Content>'
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = f"<ofd:Page {names}>{area}{layer}</ofd:Page>"
    listed = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(sheets)))
    files["Doc_0/Document.xml"] = (
        f"<ofd:Document {names}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 297 210</ofd:PhysicalBox>"
        f"</ofd:PageArea></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"
    )
    files["OFD.xml"] = (
        f'<ofd:OFD {names} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot>'
        "</ofd:DocBody></ofd:OFD>"
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    write_zip({name: (head + files[name]).encode() for name in sorted(files)}, path)


def _ofd_objects(sheet: Sheet) -> Iterator[str]:
    top = _MARGIN_MM
    for line in sheet.before:
        yield from _ofd_text(line, _MARGIN_MM, top, 260.0)
        top += _ROW_MM
    width = 270.0 / sheet.n_cols
    grid = slots(sheet)
    tops = [top]
    for covered in grid:
        lines = max(_line_count(box, width) for box, _, _ in covered if box.rows == 1) if covered else 1
        tops.append(tops[-1] + max(_ROW_MM, lines * _SIZE_MM * 1.4 + 2))
    for row, covered in enumerate(grid):
        for column, (box, left, begins) in enumerate(covered):
            if left and begins:
                x0, x1 = _MARGIN_MM + column * width, _MARGIN_MM + (column + box.cols) * width
                yield _ofd_box(x0, tops[row], x1, tops[row + box.rows])
                yield from _ofd_text(box.text, x0 + 1, tops[row] + 1, x1 - x0 - 2)
    top = tops[-1] + 2
    for line in sheet.after:
        yield from _ofd_text(line, _MARGIN_MM, top, 260.0)
        top += _ROW_MM


def _line_count(box: Box, width: float) -> int:
    return sum(1 for part in box.text.split("\n") for _ in _wrapped(part, width * box.cols - 2))


def _wrapped(text: str, width: float) -> Iterator[str]:
    fits = max(1, int(width / _SIZE_MM))
    yield from (text[at : at + fits] for at in range(0, max(1, len(text)), fits))


def _ofd_text(text: str, x: float, top: float, width: float) -> Iterator[str]:
    for part in (piece for line in text.split("\n") for piece in _wrapped(line, width)):
        if part.strip():
            widths = [_SIZE_MM if ord(char) > 0xFF else _SIZE_MM / 2 for char in part]
            same = f"g {len(part) - 1} {widths[0]}" if len(set(widths)) == 1 else " ".join(map(str, widths[:-1]))
            steps = f' DeltaX="{same}"' if len(part) > 1 else ""
            boundary = f"{x:.2f} {top:.2f} {sum(widths):.2f} {_SIZE_MM}"
            yield (
                f'<ofd:TextObject ID="2" Boundary="{boundary}" Font="1" Size="{_SIZE_MM}">'
                f'<ofd:TextCode X="0" Y="{_SIZE_MM * 0.85:.2f}"{steps}>{escape(part)}</ofd:TextCode></ofd:TextObject>'
            )
        top += _SIZE_MM * 1.4


def _ofd_box(x0: float, top: float, x1: float, bottom: float) -> str:
    wide, high = x1 - x0, bottom - top
    return (
        f'<ofd:PathObject ID="3" Boundary="{x0:.2f} {top:.2f} {wide:.2f} {high:.2f}" LineWidth="0.2">'
        f"<ofd:AbbreviatedData>M 0 0 L {wide:.2f} 0 L {wide:.2f} {high:.2f} L 0 {high:.2f} C</ofd:AbbreviatedData>"
        "</ofd:PathObject>"
    )


def write_zip(members: Mapping[str, bytes], path: Path) -> None:
    """A ZIP that is the same on every day; its first member is stored, as formats made of a ZIP want it."""
    with zipfile.ZipFile(path, "w") as target:
        for number, (name, data) in enumerate(members.items()):
            info = zipfile.ZipInfo(name, ZIP_TIME)
            info.compress_type = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            target.writestr(info, data, compresslevel=9)

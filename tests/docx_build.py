"""Builds small DOCX packages from raw WordprocessingML, for what python-docx cannot write."""

from __future__ import annotations

import zipfile
from pathlib import Path

from parsers.document import Document, Grid, Paragraph
from parsers.docx import read_docx

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "wpsCustomData": "http://www.wps.cn/officeDocument/2013/wpsCustomData",
}
STRICT = {
    **NAMESPACES,
    "w": "http://purl.oclc.org/ooxml/wordprocessingml/main",
    "m": "http://purl.oclc.org/ooxml/officeDocument/math",
}
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def element(name: str, content: str, namespaces: dict[str, str] | None = None) -> str:
    declared = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in (namespaces or NAMESPACES).items())
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} {declared}>{content}</w:{name}>'


def p(text: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{r(text)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def tr(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def tbl(*rows: str, grid: str = "") -> str:
    return f"<w:tbl><w:tblPr/>{grid}{''.join(rows)}</w:tbl>"


def grid_of(*widths: int) -> str:
    columns = (f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tblGrid>{''.join(columns)}</w:tblGrid>"


def text_box(content: str) -> str:
    shape = f"<wps:wsp><wps:txbx><w:txbxContent>{content}</w:txbxContent></wps:txbx></wps:wsp>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor>'
        f"{shape}</wp:anchor></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>"
        f"<w:txbxContent>{content}</w:txbxContent></v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def package(
    path: Path,
    body: str,
    *,
    main: str = "word/document.xml",
    main_type: str = MAIN_TYPE,
    namespaces: dict[str, str] | None = None,
    **parts: str,
) -> Path:
    """Writes a package; `parts` are further parts by relationship kind: styles=…, numbering=…, footnotes=…"""
    folder, _, base = main.rpartition("/")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Override PartName="/{main}" ContentType="{main_type}"/></Types>',
        )
        archive.writestr("_rels/.rels", _links({"officeDocument": main}))
        archive.writestr(main, element("document", f"<w:body>{body}</w:body>", namespaces))
        archive.writestr(f"{folder}/_rels/{base}.rels", _links({kind: f"{kind}.xml" for kind in parts}))
        for kind, content in parts.items():
            archive.writestr(f"{folder}/{kind}.xml", element(kind, content, namespaces))
    return path


def _links(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="r{i}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets.items())
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )


def read(tmp_path: Path, body: str, **parts: str) -> Document:
    return read_docx(package(tmp_path / "报告.docx", body, **parts))


def lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def grids(document: Document) -> list[Grid]:
    return [block for block in document.blocks if isinstance(block, Grid)]


def placed(grid: Grid) -> dict[str, tuple[int, int, int, int]]:
    """Text to row, column, row span, column span, for the cells with text."""
    return {cell.text: (cell.row, cell.col, cell.row_span, cell.col_span) for cell in grid.cells if cell.text}

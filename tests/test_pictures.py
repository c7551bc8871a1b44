"""Documents that are nothing but pictures of forms are read as scans are (只有图片的文档)."""

from __future__ import annotations

import base64
import zipfile
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from parsers.document import Document, Grid
from parsers.readers import read_document
from parsers.scan.models import are_installed

SAMPLE = Path(__file__).parent.parent / "samples/scan/national_scanned.pdf"
pytestmark = pytest.mark.skipif(not are_installed(), reason="recognition is not installed")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@pytest.fixture(scope="module")
def picture() -> bytes:
    """The top of a scanned form."""
    page = pdfium.PdfDocument(SAMPLE)[0]
    image = page.render(scale=150 / 72).to_pil().convert("L")
    out = BytesIO()
    image.crop((0, 0, image.width, image.height // 3)).save(out, "JPEG", quality=85)
    return out.getvalue()


def shows_the_form(document: Document) -> bool:
    cells = [cell.text for block in document.blocks if isinstance(block, Grid) for cell in block.cells]
    return document.text_source == "ocr" and "项目名称" in cells


def test_a_picture_that_a_web_page_holds_is_read(tmp_path: Path, picture: bytes) -> None:
    page = tmp_path / "page.html"
    source = "data:image/jpeg;base64," + base64.b64encode(picture).decode()
    page.write_text(f'<html><body><p><img src="{source}"></p></body></html>', encoding="utf-8")
    assert shows_the_form(read_document(page))


def test_a_picture_below_the_title_of_a_web_page_is_read(tmp_path: Path, picture: bytes) -> None:
    page = tmp_path / "page.html"
    (tmp_path / "form.jpg").write_bytes(picture)
    page.write_text('<html><body><p>绩效自评结果公开</p><img src="form.jpg"></body></html>', encoding="utf-8")
    assert shows_the_form(read_document(page))


def test_only_pictures_beside_a_web_page_are_looked_at(tmp_path: Path, picture: bytes) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "outside.jpg").write_bytes(picture)
    page = tmp_path / "site/page.html"
    page.write_text('<html><body><img src="../outside.jpg"><img src="http://x/y.jpg"></body></html>', encoding="utf-8")
    assert [problem.code for problem in read_document(page).problems] == ["image_only"]


def test_a_word_file_that_is_one_picture_is_read(tmp_path: Path, picture: bytes) -> None:
    path = tmp_path / "scan.docx"
    relationships = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    blip = '<a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"/>'
    with zipfile.ZipFile(path, "w") as package:
        package.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relationships}"><Relationship Id="r1" Type="{office}" Target="word/document.xml"/>'
            "</Relationships>",
        )
        package.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{WORD}"><w:body><w:p><w:r><w:drawing>{blip}</w:drawing></w:r></w:p></w:body>'
            "</w:document>",
        )
        package.writestr("word/media/image1.jpeg", picture)
        package.writestr("word/media/image2.png", b"no picture")
    assert shows_the_form(read_document(path))

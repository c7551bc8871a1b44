"""Scans and photographs: what is read from a picture is what the drawn page says (扫描件与照片)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageOps
from PIL.TiffImagePlugin import TiffImageFile

from parsers.document import Cell, Document, Grid
from parsers.readers import read_document
from parsers.scan.models import are_installed
from schemas.errors import DamagedFile, Postponed, ReadError, Unfinished

SAMPLES = Path(__file__).parent.parent / "samples"
pytestmark = pytest.mark.skipif(not are_installed(), reason="recognition is not installed")


def cells(document: Document) -> Iterator[Cell]:
    return (cell for block in document.blocks if isinstance(block, Grid) for cell in block.cells)


def texts(document: Document) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.col): "".join(cell.text.split()) for cell in cells(document)}


@pytest.fixture(scope="module")
def drawn() -> Document:
    return read_document(SAMPLES / "pdf/national_ruled.pdf")


@pytest.fixture(scope="module", params=["national_scanned.pdf", "national_photo.jpg"])
def scan(request: pytest.FixtureRequest) -> Document:
    return read_document(SAMPLES / "scan" / request.param)


def test_the_grid_of_a_scan_is_that_of_the_drawn_page(scan: Document, drawn: Document) -> None:
    assert scan.text_source == "ocr"
    assert {(c.row, c.col, c.row_span, c.col_span) for c in cells(scan)} == {
        (c.row, c.col, c.row_span, c.col_span) for c in cells(drawn)
    }


def test_every_figure_of_a_scan_is_right_or_not_sure(scan: Document, drawn: Document) -> None:
    printed = texts(drawn)
    figures = [cell for cell in cells(scan) if any(map(str.isdigit, printed[cell.row, cell.col]))]
    wrong = [cell for cell in figures if "".join(cell.text.split()) != printed[cell.row, cell.col]]
    assert len(figures) > 30
    assert [cell for cell in wrong if cell.confidence >= 0.8 and cell.text.replace(".", "").isdigit()] == []
    assert len(wrong) <= 2


def test_a_cell_of_a_photograph_has_its_place_on_the_photograph(scan: Document) -> None:
    title = next(cell for cell in cells(scan) if cell.text == "项目名称")
    total = next(cell for cell in cells(scan) if cell.text == "总分")
    assert title.bbox is not None
    assert total.bbox is not None
    assert title.bbox[1] < total.bbox[1]
    assert 0 <= title.bbox[0] < title.bbox[2] < 842


def test_a_long_scan_is_read_in_several_sittings(tmp_path: Path) -> None:
    from parsers.scan.kept import keeping

    pages = [Image.new("L", (400, 560), 255) for _ in range(2)]
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    with keeping(tmp_path / "kept", 0.0), pytest.raises(Unfinished):
        read_document(tmp_path / "two.tif")
    with keeping(tmp_path / "kept", 0.0):
        assert read_document(tmp_path / "two.tif").page_count == 2


def test_a_run_recognises_no_more_pages_than_it_may_and_the_next_goes_on(tmp_path: Path) -> None:
    from parsers.scan.kept import keeping

    pages = [Image.new("L", (400, 560), 255) for _ in range(3)]
    pages[0].save(tmp_path / "three.tif", save_all=True, append_images=pages[1:])
    for run in ("first", "second"):
        with keeping(tmp_path / "kept", 100.0, tmp_path / run, 1), pytest.raises(Postponed):
            read_document(tmp_path / "three.tif")
    with keeping(tmp_path / "kept", 100.0, tmp_path / "third", 1):
        assert read_document(tmp_path / "three.tif").page_count == 3


def test_what_a_run_had_no_pages_left_for_is_read_first_by_the_next() -> None:
    from pipeline.reading.known_files import Work
    from pipeline.sourcing.local_files import SourceFile

    work = Work()
    row = {"document_id": None, "first_seen_at": 0, "ingested_at": 0}
    for name, code in (("a", None), ("b", "postponed"), ("c", "changing"), ("d", "postponed")):
        work.read(SourceFile(f"{name}.pdf", f"file:///{name}.pdf"), row | {"failed_code": code})
    assert [file.path for file in work.files] == ["b.pdf", "d.pdf", "a.pdf", "c.pdf"]


@pytest.mark.parametrize("name", ["dot.png", "cut.jpg"])
def test_a_picture_that_cannot_be_read_says_so(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    Image.new("RGB", (1, 1) if name == "dot.png" else (600, 600), "white").save(path)
    if name == "cut.jpg":
        path.write_bytes(path.read_bytes()[:400])
    with pytest.raises(DamagedFile):
        read_document(path)


@pytest.mark.parametrize("mode", ["CMYK", "I;16", "LA"])
def test_pictures_in_any_colour_space_are_read(tmp_path: Path, mode: str) -> None:
    path = tmp_path / ("page.tif" if mode == "CMYK" else "page.png")
    Image.new(mode, (400, 560)).save(path)
    try:
        document = read_document(path)
    except ReadError as error:
        pytest.fail(str(error))
    assert document.page_count == 1


@pytest.mark.parametrize("size", [(20000, 20), (200, 20000)])
def test_a_strip_with_nothing_on_it_says_so(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "strip.png"
    Image.new("L", size, 255).save(path)
    assert [problem.code for problem in read_document(path).problems] == ["page_without_text"]


def test_a_screen_scrolled_through_is_as_wide_as_a_page() -> None:
    from parsers.scan.images import _dpi

    strip = Image.new("L", (1080, 20000), 255)
    assert 125 < _dpi(strip, strip) < 135
    scrolled = Image.new("L", (100, 20000), 255)
    assert 20000 * 72 / _dpi(scrolled, scrolled) <= 14000


@pytest.mark.parametrize("coding", ["DCTDecode", "JPXDecode", "JBIG2Decode"])
def test_a_picture_that_cannot_be_decoded_is_damaged_not_blank(tmp_path: Path, coding: str) -> None:
    path = tmp_path / "scan.pdf"
    Image.new("L", (400, 560), 255).save(path, "PDF")
    data = path.read_bytes()
    begins = data.index(b"stream\n", data.index(b"DCTDecode")) + len(b"stream\n")
    broken = data[:begins] + b"\x00" * 400 + data[begins + 400 :]
    path.write_bytes(broken.replace(b"/DCTDecode", f"/{coding}".encode().ljust(10)))
    with pytest.raises(DamagedFile):
        read_document(path)


def jbig2(picture: Image.Image) -> bytes:
    """A bilevel picture as the segments of JBIG2 that a PDF holds: the page, and one region coded as a fax is."""
    fax = BytesIO()
    ImageOps.invert(picture.convert("L")).convert("1").save(
        fax, "TIFF", compression="group4", tiffinfo={278: picture.height}
    )
    with Image.open(fax) as image:
        assert isinstance(image, TiffImageFile)
        start, length = image.tag_v2[273][0], image.tag_v2[279][0]
    coded = fax.getvalue()[start : start + length]
    page = struct.pack(">IIIIBH", *picture.size, 0, 0, 0, 0)
    region = struct.pack(">IIIIBB", *picture.size, 0, 0, 0, 1) + coded
    parts = ((48, page), (38, region))
    return b"".join(struct.pack(">IBBBI", at, kind, 0, 1, len(data)) + data for at, (kind, data) in enumerate(parts))


def test_a_picture_in_jbig2_is_seen_as_any_other(tmp_path: Path) -> None:
    from parsers.scan.picture import picture_of_page

    picture = Image.new("1", (400, 560), 1)
    ImageDraw.Draw(picture).rectangle((100, 100, 300, 200), fill=0)
    data, drawing = jbig2(picture), b"q 400 0 0 560 0 0 cm /I Do Q"
    head = b"/Subtype/Image/Width 400/Height 560/ColorSpace/DeviceGray/BitsPerComponent 1/Filter/JBIG2Decode"
    page = b"/Type/Page/Parent 2 0 R/MediaBox[0 0 400 560]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<<" + page + b">>",
        b"<</Type/XObject" + head + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream",
        b"<</Length %d>>stream\n" % len(drawing) + drawing + b"\nendstream",
    ]
    bodies = (b"%d 0 obj\n" % number + body + b"\nendobj\n" for number, body in enumerate(objects, 1))
    path = tmp_path / "scan.pdf"
    path.write_bytes(b"%PDF-1.5\n" + b"".join(bodies) + b"trailer<</Size 6/Root 1 0 R>>\n%%EOF")
    document = pdfium.PdfDocument(path)
    seen = picture_of_page(document[0])
    dark = (seen.pixels[:, :, 0] < 128).mean()
    assert dark == pytest.approx(201 * 101 / (400 * 560), rel=0.05)
    assert seen.dpi == 200
    document.close()

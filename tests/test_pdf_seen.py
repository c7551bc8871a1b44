"""What a reader of the page sees is read; what nobody sees, what is struck out or printed over the page is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pdf_build import FONT, FORM, HEIGHT, SIZE, WIDTH, lettered, pdf, ruled
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Document, Grid, Paragraph
from parsers.pdf.reader import read_pdf

SCORE = (475.0, 165.0)
"""Where a score of the form stands: 9.23, in the cell that begins there."""


def plain(canvas: Canvas) -> None:
    ruled(canvas)
    lettered(canvas)


def cell(document: Document, row: int, col: int) -> str:
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    return next(c.text for c in grid.cells if (c.row, c.col) == (row, col))


def drawn(tmp_path: Path, over: Callable[[Canvas], None]) -> Document:
    """The form with something drawn over it."""

    def both(canvas: Canvas) -> None:
        plain(canvas)
        canvas.saveState()
        over(canvas)
        canvas.restoreState()

    return read_pdf(pdf(tmp_path / "form.pdf", both))


def box(canvas: Canvas, colour: tuple[float, float, float], alpha: float = 1.0) -> None:
    canvas.setFillColorRGB(*colour, alpha=alpha)
    canvas.rect(412, HEIGHT - 178, 56, 24, stroke=0, fill=1)


def write(canvas: Canvas, x: float, y: float, text: str, size: float = SIZE) -> None:
    canvas.setFont("Helvetica", size)
    canvas.drawString(x, HEIGHT - y, text)


def test_what_lies_under_a_later_box_is_not_read(tmp_path: Path) -> None:
    for colour in ((1, 1, 1), (0, 0, 0), (0.9, 0.9, 0.6)):
        document = drawn(tmp_path, lambda canvas, colour=colour: box(canvas, colour))
        assert cell(document, 2, 5) == ""
        assert [p.code for p in document.problems] == ["hidden_text"]


def test_what_is_printed_on_the_box_is_read_although_the_same_lies_below(tmp_path: Path) -> None:
    def corrected(canvas: Canvas) -> None:
        box(canvas, (1, 1, 1))
        canvas.setFillColorRGB(0, 0, 0)
        write(canvas, 414, 168, "12")

    assert cell(drawn(tmp_path, corrected), 2, 5) == "12"


def test_a_picture_hides_what_is_below_it_and_one_with_holes_does_not(tmp_path: Path) -> None:
    white = ImageReader(Image.new("RGB", (20, 20), "white"))
    seal = ImageReader(Image.new("RGBA", (20, 20), (255, 0, 0, 0)))
    covered = drawn(tmp_path, lambda c: c.drawImage(white, 412, HEIGHT - 178, 56, 24))
    sealed = drawn(tmp_path, lambda c: c.drawImage(seal, 412, HEIGHT - 178, 56, 24, mask="auto"))
    assert (cell(covered, 2, 5), cell(sealed, 2, 5)) == ("", "10")


def test_a_highlight_that_lets_the_text_through_hides_nothing(tmp_path: Path) -> None:
    assert cell(drawn(tmp_path, lambda canvas: box(canvas, (1, 1, 0), alpha=0.4)), 2, 5) == "10"


@pytest.mark.parametrize("ink", [(1, 1, 1, 1.0), (0.98, 0.98, 0.98, 1.0), (0, 0, 0, 0.02)])
def test_ink_nobody_can_tell_from_the_paper_is_not_read(tmp_path: Path, ink: tuple[float, ...]) -> None:
    def pale(canvas: Canvas) -> None:
        canvas.setFillColorRGB(*ink[:3], alpha=ink[3])
        write(canvas, 430, 168, "35")

    assert cell(drawn(tmp_path, pale), 2, 5) == "10"


def test_specks_too_small_to_be_seen_are_no_digits(tmp_path: Path) -> None:
    assert cell(drawn(tmp_path, lambda canvas: write(canvas, 417, 165, "888", size=0.01)), 2, 5) == "10"


def test_white_on_a_dark_ground_is_read(tmp_path: Path) -> None:
    def inverted(canvas: Canvas) -> None:
        box(canvas, (0.1, 0.2, 0.5))
        canvas.setFillColorRGB(1, 1, 1)
        write(canvas, 414, 168, "77")

    assert cell(drawn(tmp_path, inverted), 2, 5) == "77"


def test_what_a_clip_cuts_off_is_not_read_and_a_number_cut_in_two_is_said(tmp_path: Path) -> None:
    def clipped(canvas: Canvas) -> None:
        path = canvas.beginPath()
        path.rect(341, HEIGHT - 178, 28, 24)
        canvas.clipPath(path, stroke=0)
        write(canvas, 345, 175, "123456789")

    document = drawn(tmp_path, clipped)
    assert "89" not in cell(document, 2, 4) + cell(document, 2, 5)
    assert "number_cut" in {p.code for p in document.problems}


@pytest.mark.parametrize(
    "strike",
    [
        lambda c: c.line(412, HEIGHT - 165, 426, HEIGHT - 165),
        lambda c: c.rect(412, HEIGHT - 165.3, 13, 0.6, stroke=0, fill=1),
        lambda c: c.line(55, HEIGHT - 165, 535, HEIGHT - 165),
    ],
)
def test_struck_out_text_is_withdrawn(tmp_path: Path, strike: Callable[[Canvas], None]) -> None:
    document = drawn(tmp_path, strike)
    assert cell(document, 2, 5) == ""
    assert any(left.code == "struck" and "10" in left.text for left in document.left_out)


def test_an_underline_strikes_nothing_out(tmp_path: Path) -> None:
    assert cell(drawn(tmp_path, lambda c: c.line(412, HEIGHT - 170, 426, HEIGHT - 170)), 2, 5) == "10"


@pytest.mark.parametrize(("mark", "read"), [("1", "10"), ("①", "10"), ("[2]", "10"), ("12", "10")])
def test_a_raised_mark_is_no_digit_of_the_number(tmp_path: Path, mark: str, read: str) -> None:
    def raised(canvas: Canvas) -> None:
        canvas.setFont(FONT if mark == "①" else "Helvetica", 5)
        canvas.drawString(542 - 120 + 45, HEIGHT - 284, mark)

    def both(canvas: Canvas) -> None:
        ruled(canvas)
        lettered(canvas, [c for c in FORM if c[:2] != (6, 5)])
        canvas.setFont("Helvetica", 9)
        canvas.drawString(455, HEIGHT - 288, "18")
        raised(canvas)

    document = read_pdf(pdf(tmp_path / "form.pdf", both))
    assert cell(document, 6, 5) == "18"
    assert any(left.code == "note_mark" for left in document.left_out)


def test_a_power_stays_in_raised_digits(tmp_path: Path) -> None:
    def area(canvas: Canvas) -> None:
        write(canvas, 50, 60, "Area 500 m")
        write(canvas, 50 + canvas.stringWidth("Area 500 m", "Helvetica", 9), 56, "2", 5)

    document = drawn(tmp_path, area)
    assert any(isinstance(b, Paragraph) and "m²" in b.text for b in document.blocks)


@pytest.mark.parametrize(
    ("angle", "size", "grey"), [(0, 30, 0.85), (0, 12, 0.7), (10, 40, 0.8), (45, 40, 0.3), (5, 14, 0)]
)
def test_a_watermark_is_no_text_of_the_cells(tmp_path: Path, angle: float, size: float, grey: float) -> None:
    expected = [c.text for c in _grid(drawn(tmp_path, lambda c: None)).cells]

    def watermark(canvas: Canvas) -> None:
        canvas.setFillColorRGB(grey, grey, grey)
        canvas.setFont(FONT, size)
        canvas.translate(200, HEIGHT - 240)
        canvas.rotate(angle)
        canvas.drawString(0, 0, "内部资料2024注意保存")

    document = drawn(tmp_path, watermark)
    assert [c.text for c in _grid(document).cells] == expected
    assert not any("内部" in b.text for b in document.blocks if isinstance(b, Paragraph))


def _grid(document: Document) -> Grid:
    (grid,) = [block for block in document.blocks if isinstance(block, Grid)]
    return grid


@pytest.mark.parametrize("angle", [1, -2, 7, 178, -175])
def test_a_page_that_slants_is_read_like_a_straight_one(tmp_path: Path, angle: float) -> None:
    straight = _grid(drawn(tmp_path, lambda c: None))

    def slanting(canvas: Canvas) -> None:
        canvas.translate(WIDTH / 2, HEIGHT / 2)
        canvas.rotate(angle)
        canvas.translate(-WIDTH / 2, -HEIGHT / 2)
        plain(canvas)

    slanted = _grid(read_pdf(pdf(tmp_path / "slant.pdf", slanting)))
    assert [(c.row, c.col, c.text) for c in slanted.cells] == [(c.row, c.col, c.text) for c in straight.cells]


# -- what viewers add --------------------------------------------------------------------------------------------------


def annotated(tmp_path: Path, *annotations: dict[str, object], **fields: object) -> Path:
    """The form with annotations that have no stored appearance."""
    writer = PdfWriter(PdfReader(pdf(tmp_path / "plain.pdf", plain)))
    page = writer.pages[0]
    added = ArrayObject()
    for one in annotations:
        entries = {NameObject(key): value for key, value in one.items()}
        added.append(writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/Annot"), **entries})))
    page[NameObject("/Annots")] = added
    if fields:
        form = DictionaryObject({NameObject("/Fields"): added, NameObject("/DA"): TextStringObject("/Helv 9 Tf 0 g")})
        writer._root_object[NameObject("/AcroForm")] = writer._add_object(form)
    path = tmp_path / "annotated.pdf"
    writer.write(path)
    return path


def rect(x0: float, top: float, x1: float, bottom: float) -> ArrayObject:
    return ArrayObject(FloatObject(value) for value in (x0, HEIGHT - bottom, x1, HEIGHT - top))


BLANK = rect(412, 182, 468, 208)
"""The empty cell in row 3, column 5."""


def test_a_remark_typed_into_a_cell_is_the_cells_text(tmp_path: Path) -> None:
    remark = {"/Subtype": NameObject("/FreeText"), "/Contents": TextStringObject("8.5"), "/Rect": BLANK}
    assert cell(read_pdf(annotated(tmp_path, remark)), 3, 5) == "8.5"


def test_a_hidden_remark_is_not_read(tmp_path: Path) -> None:
    from pypdf.generic import NumberObject

    remark = {
        "/Subtype": NameObject("/FreeText"),
        "/Contents": TextStringObject("8.5"),
        "/Rect": BLANK,
        "/F": NumberObject(2),
    }
    assert cell(read_pdf(annotated(tmp_path, remark)), 3, 5) == ""


def test_a_filled_field_without_an_appearance_is_read(tmp_path: Path) -> None:
    field = {
        "/Subtype": NameObject("/Widget"),
        "/FT": NameObject("/Tx"),
        "/T": TextStringObject("score"),
        "/V": TextStringObject("7.25"),
        "/DA": TextStringObject("/Helv 9 Tf 0 g"),
        "/Rect": BLANK,
    }
    assert cell(read_pdf(annotated(tmp_path, field, fields=True)), 3, 5) == "7.25"


def test_a_strike_out_annotation_withdraws_the_text(tmp_path: Path) -> None:
    quad = ArrayObject(
        FloatObject(v) for v in (412, HEIGHT - 160, 426, HEIGHT - 160, 412, HEIGHT - 171, 426, HEIGHT - 171)
    )
    strike = {"/Subtype": NameObject("/StrikeOut"), "/QuadPoints": quad, "/Rect": rect(412, 160, 426, 171)}
    assert cell(read_pdf(annotated(tmp_path, strike)), 2, 5) == ""


def test_files_inside_a_file_are_named(tmp_path: Path) -> None:
    writer = PdfWriter(PdfReader(pdf(tmp_path / "plain.pdf", plain)))
    writer.add_attachment("项目自评表.txt", "自评得分 95".encode())
    path = tmp_path / "cover.pdf"
    writer.write(path)
    (problem,) = [p for p in read_pdf(path).problems if p.code == "embedded_file"]
    assert "项目自评表.txt" in problem.message


def test_a_hidden_layer_is_not_read(tmp_path: Path) -> None:
    from pypdf.generic import ContentStream, StreamObject

    writer = PdfWriter(PdfReader(pdf(tmp_path / "plain.pdf", plain)))
    page = writer.pages[0]
    layer = writer._add_object(
        DictionaryObject({NameObject("/Type"): NameObject("/OCG"), NameObject("/Name"): TextStringObject("旧稿")})
    )
    page["/Resources"][NameObject("/Properties")] = DictionaryObject({NameObject("/L1"): layer})
    content = ContentStream(page.get_contents(), writer).get_data()
    content += b"\n/OC /L1 BDC BT /F1 9 Tf 1 0 0 1 430 %d Tm (35) Tj ET EMC" % int(HEIGHT - 168)
    stream = StreamObject()
    stream.set_data(content)
    page[NameObject("/Contents")] = writer._add_object(stream)
    for shown in (True, False):
        default = DictionaryObject({NameObject("/OFF"): ArrayObject([] if shown else [layer])})
        properties = {NameObject("/OCGs"): ArrayObject([layer]), NameObject("/D"): default}
        writer._root_object[NameObject("/OCProperties")] = DictionaryObject(properties)
        path = tmp_path / f"layer{shown}.pdf"
        writer.write(path)
        assert ("35" in cell(read_pdf(path), 2, 5)) == shown

"""Text layers as they come: doubled, hidden, turned, unmapped, missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pdf_build import FONT, FORM, HEIGHT, SIZE, WIDTH, grids, lettered, pdf, put, read, ruled, shape
from PIL import Image, ImageDraw
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Paragraph
from parsers.pdf.primitives import Char, group_lines, group_words, read_pages
from parsers.pdf.reader import read_pdf
from parsers.pdf.shapes import UNREADABLE
from parsers.pdf.symbols import from_symbol_font, printed, symbol_table


def twice(canvas: Canvas, x: float, y: float, text: str) -> None:
    put(canvas, x, y, text)
    put(canvas, x + 0.3, y, text)


def one_by_one(canvas: Canvas, x: float, y: float, text: str) -> None:
    for char in text:
        put(canvas, x, y, char)
        x += pdfmetrics.stringWidth(char, FONT, SIZE)


def hidden(canvas: Canvas, x: float, y: float, text: str) -> None:
    words = canvas.beginText(x, HEIGHT - y)
    words.setFont(FONT, SIZE)
    words.setTextRenderMode(3)
    words.textOut(text)
    canvas.drawText(words)


def form(*writers: Callable[[Canvas, float, float, str], None]) -> Callable[[Canvas], None]:
    def page(canvas: Canvas) -> None:
        ruled(canvas)
        for write in writers:
            lettered(canvas, write=write)

    return page


def stamped(canvas: Canvas, x: float, y: float, text: str) -> None:
    put(canvas, x, y, text)
    put(canvas, x + 0.7 * SIZE, y, "某局专章")


def shuffled(canvas: Canvas) -> None:
    ruled(canvas)
    words: list[tuple[float, float, str]] = []
    lettered(canvas, write=lambda _, x, y, text: words.append((x, y, text)))
    random.Random(7).shuffle(words)
    for x, y, text in words:
        put(canvas, x, y, text)


@pytest.mark.parametrize("page", [form(twice), form(put, twice), form(one_by_one), form(put, hidden), shuffled])
def test_text_is_read_once_and_in_order(page: Callable[[Canvas], None], tmp_path: Path) -> None:
    document = read(tmp_path / "a.pdf", page)
    assert shape(grids(document)[0]) == set(FORM)
    assert document.text_source == "native" and not document.problems


def test_a_hidden_layer_that_shows_nothing_is_not_read_but_said(tmp_path: Path) -> None:
    document = read(tmp_path / "a.pdf", form(hidden))
    assert not document.blocks
    assert {problem.code for problem in document.problems} == {"text_layer_differs", "page_without_text"}


def test_a_lone_character_is_read_whatever_fonts_the_machine_has(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 50, 100, "减少群众出行支")
        put(canvas, 50, 110, "出")
        hidden(canvas, 50, 200, "优")

    (content,) = read_pages(pdf(tmp_path / "lone.pdf", page))
    assert "".join(char.text for char in content.chars) == "减少群众出行支出"


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_rotation_is_seen_through(rotation: int, tmp_path: Path) -> None:
    """/Rotate over upright content shows it sideways; it is read all the same, with boxes as the page is seen."""
    straight = pdf(tmp_path / "a.pdf", form(put))
    document = pdfium.PdfDocument(straight)
    document[0].set_rotation(rotation)
    document.save(tmp_path / "b.pdf")
    document.close()
    (grid,) = grids(read_pdf(tmp_path / "b.pdf"))
    assert shape(grid) == set(FORM)
    x0, top, x1, bottom = next(c.bbox for c in grids(read_pdf(straight))[0].cells if c.text == "98.6%" and c.bbox)
    seen = {
        90: (HEIGHT - bottom, x0, HEIGHT - top, x1),
        180: (WIDTH - x1, HEIGHT - bottom, WIDTH - x0, HEIGHT - top),
        270: (top, WIDTH - x1, bottom, WIDTH - x0),
    }[rotation]
    assert next(c.bbox for c in grid.cells if c.text == "98.6%") == pytest.approx(seen, abs=0.1)


def test_rotation_that_sets_sideways_content_upright(tmp_path: Path) -> None:
    def sideways(canvas: Canvas) -> None:
        canvas.setPageSize((HEIGHT, WIDTH))
        canvas.translate(HEIGHT, 0)
        canvas.rotate(90)
        canvas.setPageRotation(0)
        form(put)(canvas)

    path = pdf(tmp_path / "a.pdf", sideways)
    document = pdfium.PdfDocument(path)
    document[0].set_rotation(90)
    document.save(tmp_path / "b.pdf")
    document.close()
    for name in ("a.pdf", "b.pdf"):
        assert shape(grids(read_pdf(tmp_path / name))[0]) == set(FORM)


def test_a_picture_of_a_table_in_which_nothing_is_recognised_is_named(tmp_path: Path) -> None:
    picture = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(picture)
    for at in range(6):
        pen.line((120, 200 + 120 * at, 1120, 200 + 120 * at), "black", 4)
        pen.line((120 + 200 * at, 200, 120 + 200 * at, 800), "black", 4)
    picture.save(tmp_path / "scan.png")

    def scan(canvas: Canvas) -> None:
        canvas.drawImage(str(tmp_path / "scan.png"), 0, 0, WIDTH, HEIGHT)

    document = read(tmp_path / "a.pdf", form(put), scan)
    assert [(p.code, p.place and p.place.page) for p in document.problems] == [("page_without_text", 2)]
    assert len(grids(document)) == 1
    assert not read(tmp_path / "b.pdf", scan).blocks


def test_an_unmapped_font_gives_no_guesses(tmp_path: Path) -> None:
    pdfmetrics.registerFont(TTFont("Vera", "Vera.ttf"))

    def page(canvas: Canvas) -> None:
        form(put)(canvas)
        canvas.setFont("Vera", 10)
        put(canvas, 60, 500, "ŁŽšœ†‡ĐđĦħ")

    data = pdf(tmp_path / "a.pdf", page).read_bytes()
    (tmp_path / "b.pdf").write_bytes(data.replace(b"/ToUnicode", b"/XoUnicode"))
    assert any(isinstance(b, Paragraph) and "ŁŽšœ" in b.text for b in read_pdf(tmp_path / "a.pdf").blocks)
    document = read_pdf(tmp_path / "b.pdf")
    texts = [block.text for block in document.blocks if isinstance(block, Paragraph)]
    assert texts and set("".join(texts)) == {UNREADABLE}
    assert [problem.code for problem in document.problems] == ["garbled_text"]

    def only(canvas: Canvas) -> None:
        canvas.setFont("Vera", 10)
        put(canvas, 60, 500, "ŁŽšœ†‡ĐđĦħ")

    data = pdf(tmp_path / "c.pdf", only).read_bytes()
    (tmp_path / "d.pdf").write_bytes(data.replace(b"/ToUnicode", b"/XoUnicode"))
    assert read_pdf(tmp_path / "d.pdf").text_source == "ocr", "what is seen is read, not what the layer claims"


def test_codes_become_what_is_printed() -> None:
    assert printed(ord("⾦")) == "金" and printed(ord("⻔")) == "门" and printed(0xF90A) == "金"
    assert printed(0xA0) == " " and printed(0x200B) == "" and printed(0xAD) == "-"
    assert printed(ord("，")) == "，" and printed(ord("１")) == "１" and printed(ord("²")) == "²"
    table = symbol_table("ABCDEF+SymbolMT")
    assert table is not None and from_symbol_font(0xF0B3, table) == "≥" and from_symbol_font(0xA3, table) == "≤"
    assert symbol_table("SimSun") is None


def chars(text: str, x: float = 0.0, y: float = 0.0, size: float = 10.0, gap: float = 0.0) -> list[Char]:
    made = []
    for char in text:
        wide = size if char > "\u2e7f" else size / 2
        made.append(Char(char, x, y, x + wide, y + size, size))
        x += wide + gap
    return made


def test_lines_come_by_position_with_blanks_where_gaps_are_wide() -> None:
    second = chars("第二行", y=12)
    first = chars("预算", x=35) + chars("Total", x=0)
    assert [line.text for line in group_lines([*second, *first])] == ["Total 预算", "第二行"]
    assert [line.text for line in group_lines(chars("1463.50", gap=1))] == ["1463.50"]
    assert [line.text for line in group_lines([*chars("5m"), Char("2", 11, -1, 14, 5, 6)])] == ["5m2"]


def test_a_drawn_blank_counts_only_where_there_is_a_gap() -> None:
    apart = [*chars("ab"), Char(" ", 10, 0, 12.5, 10, 10), *chars("cd", x=12.5)]
    over = [*chars("ab"), Char(" ", 10, 0, 12.5, 10, 10), *chars("cd", x=10)]
    assert [line.text for line in group_lines(apart)] == ["ab cd"]
    assert [line.text for line in group_lines(over)] == ["abcd"]


def test_characters_drawn_upon_each_other_keep_the_producers_order() -> None:
    squeezed = [*chars("一级"), Char("指", 19.9, 0, 29.5, 10, 10), Char("标", 19.8, 0, 29.8, 10, 10)]
    assert [line.text for line in group_lines(squeezed)] == ["一级指标"]
    apart = [char._replace(run=index) for index, char in enumerate(reversed(squeezed))]
    assert [line.text for line in group_lines(apart)] == ["一级标指"]


def test_words_part_at_wide_gaps() -> None:
    words = group_words([*chars("数量指标"), *chars("95%", x=60), *chars("10", x=90)])
    assert [(word.text, word.x0) for word in words] == [("数量指标", 0), ("95%", 60), ("10", 90)]


def test_pages_come_one_at_a_time(tmp_path: Path) -> None:
    pages = read_pages(pdf(tmp_path / "a.pdf", form(put), form(put)))
    first = next(pages)
    assert (first.number, first.turn, first.text_quality) == (1, 0, "native")
    assert (first.width, first.height) == pytest.approx((WIDTH, HEIGHT))
    pages.close()


def test_a_watermark_is_not_in_the_cells(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        form(put)(canvas)
        canvas.saveState()
        canvas.translate(150, HEIGHT - 250)
        canvas.rotate(40)
        canvas.setFont(FONT, 40)
        canvas.drawString(0, 0, "内部资料")
        canvas.restoreState()

    assert shape(grids(read(tmp_path / "a.pdf", page))[0]) == set(FORM)


def test_a_filled_field_is_text(tmp_path: Path) -> None:
    def page(canvas: Canvas) -> None:
        put(canvas, 50, 100, "预算数：")
        canvas.acroForm.textfield(
            name="budget", value="4532.92", x=100, y=HEIGHT - 105, width=90, height=14, fontSize=9
        )

    (paragraph,) = read(tmp_path / "a.pdf", page).blocks
    assert isinstance(paragraph, Paragraph) and paragraph.text.replace(" ", "") == "预算数：4532.92"


def test_two_texts_in_one_place_are_said(tmp_path: Path) -> None:
    """A stamp set as text, or a neighbour's text that overflows: the characters of both stand mixed in the cell."""
    found = read(tmp_path / "stamped.pdf", form(stamped))
    assert {problem.code for problem in found.problems} == {"text_overprinted"}
    assert not read(tmp_path / "twice.pdf", form(twice)).problems

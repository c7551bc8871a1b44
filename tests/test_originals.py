"""A place can be seen in every format: the page where there is one, else the source's own rows and lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from parsers.document import Cell, Document, Grid, Paragraph, Place
from parsers.extract import extract
from parsers.readers import read_document
from pipeline.audit.evidence import Cutting
from pipeline.audit.word_excerpts import word_excerpts
from pipeline.commands.page_picture import draw
from pipeline.originals.excerpts import ExcerptReader, pieces
from pipeline.originals.model import (
    ExcerptCell,
    LinesExcerpt,
    MarkedBox,
    PagePlace,
    PlacedValue,
    TableExcerpt,
    TextPlace,
    Value,
)
from pipeline.originals.pages import page_picture, page_sizes, pictures
from pipeline.originals.plain import MOST, as_text
from schemas.errors import ConfigError, ReadError
from schemas.records import DocumentRecords

SAMPLES = Path(__file__).parents[1] / "samples"
WITHOUT_PAGES = [
    *("carriers/national.html", "carriers/national.rtf", "carriers/shanghai.xlsx", "carriers/sichuan.ods"),
    *("carriers/sichuan.xls", "carriers/transfer.odt", "carriers/yunnan.doc", "docx/national.docx"),
    *("txt/national_tabs_utf-8.txt", "txt/national_blanks_utf-8.txt", "txt/cost_cells_utf-8-sig.txt"),
]


def understood(path: Path) -> DocumentRecords:
    return extract(path, document_id="", source_uri="", file_name=path.name, size_bytes=path.stat().st_size)


def marked(part: TableExcerpt | LinesExcerpt) -> Iterator[str]:
    if isinstance(part, TableExcerpt):
        yield from (cell.value.text for row in part.rows for cell in row or () if cell.value.mark)
    else:
        yield from (piece.text for _, line in part.lines for piece in line if piece.mark)


@pytest.mark.parametrize("name", WITHOUT_PAGES)
def test_every_value_of_a_record_is_found_again_in_the_source(name: str) -> None:
    reader = ExcerptReader(SAMPLES / name, read_document(SAMPLES / name))
    rows = [row for part in understood(SAMPLES / name).evaluations for row in (*part.funding, *part.indicators)]
    places = [place for row in rows for place in row.cells if place.raw]
    assert places
    for place in places:
        found = reader.excerpts(TextPlace((PlacedValue(place.locator or "", place.raw or "", True),)))
        texts = [text for part in found.parts for text in marked(part)]
        assert found.complete and len(texts) == 1, place
        raw, text = ("".join(each.split()) for each in (place.raw or "", texts[0]))
        assert raw in text or text in raw


def test_an_excerpt_has_the_rows_around_and_the_heads_above() -> None:
    path = SAMPLES / "docx/national.docx"
    (row,) = (row for row in understood(path).evaluations[0].indicators if row.ordinal == 2)
    (place,) = (place for place in row.cells if place.column == "score")
    reader = ExcerptReader(path, read_document(path))
    (part,) = reader.excerpts(TextPlace((PlacedValue(place.locator or "", place.raw or "", True),))).parts
    assert isinstance(part, TableExcerpt)
    heads = [[cell.value.text for cell in row] for row in part.rows if row and row[-1].head]
    assert heads and "实际完成值" in "".join(heads[0])
    assert None in part.rows, "what is left out shows"
    assert sum(bool(cell.value.mark) for row in part.rows for cell in row or ()) == 1


def test_of_two_figures_alike_in_a_line_the_one_read_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("指标\t分值\t得分\n巡查\t10\t10\n", "utf-8")
    reader = ExcerptReader(path, read_document(path))
    (part,) = reader.excerpts(TextPlace((PlacedValue("line 2 cell 3", "10", True),))).parts
    assert isinstance(part, LinesExcerpt)
    assert part.lines[1] == ("2", (Value("巡查\t10\t"), Value("10", "main")))


def test_a_place_that_names_only_the_row_is_found_by_what_is_printed(tmp_path: Path) -> None:
    path = SAMPLES / "docx/national.docx"
    reader = ExcerptReader(path, read_document(path))
    (part,) = reader.excerpts(TextPlace((PlacedValue("table 1 row 4", "356.40", False),))).parts
    assert list(marked(part)) == ["356.40"]
    nowhere = reader.excerpts(TextPlace((PlacedValue("table 1 row 4", "9.99", False),)))
    assert not nowhere.complete and not list(marked(nowhere.parts[0]))
    assert reader.excerpts(TextPlace((PlacedValue("table 9 row 4", "1", True),))).parts == ()


def test_a_figure_in_prose_is_marked_in_its_paragraph() -> None:
    text = "甲" * 500 + "投入12.5万元，其中112.5万元不计" + "乙" * 500
    document = Document("html", (Paragraph(text, Place("paragraph 3")),))
    found = ExcerptReader(Path("a.html"), document).excerpts(TextPlace((PlacedValue("paragraph 3", "12.5万元", True),)))
    (part,) = found.parts
    assert found.complete and list(marked(part)) == ["12.5万元"]
    assert isinstance(part, LinesExcerpt) and sum(len(piece.text) for piece in part.lines[0][1]) < 400


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=12), st.integers(0, 11))
def test_the_rows_of_an_excerpt_cover_its_width_however_cells_span(spans: list[tuple[int, int]], which: int) -> None:
    cells, taken = [], set()
    for number, (height, width) in enumerate(spans):
        row = number // 3
        col = next(at for at in range(40) if (row, at) not in taken)
        covered = {(r, c) for r in range(row, row + height) for c in range(col, col + width)}
        if covered & taken:
            height, width, covered = 1, 1, {(row, col)}
        taken |= covered
        cells.append(Cell(row, col, str(number), height, width, locator=f"c{number}"))
    rows = tuple(Place(f"table 1 row {row}") for row in range(1, 2 + max(row for row, _ in taken)))
    width = 1 + max(col for _, col in taken)
    holes = [Cell(r, c, "x") for r in range(len(rows)) for c in range(width) if (r, c) not in taken]
    grid = Grid(tuple(sorted([*cells, *holes], key=lambda cell: (cell.row, cell.col))), rows, width, "spans", 1)
    reader = ExcerptReader(Path("a.docx"), Document("docx", (grid,)))
    (part,) = reader.excerpts(TextPlace((PlacedValue(f"c{which % len(cells)}", "", True),))).parts
    assert isinstance(part, TableExcerpt)
    area = sum(cell.row_span * cell.col_span for row in part.rows for cell in row or ())
    assert area == part.n_cols * sum(row is not None for row in part.rows)


def test_the_end_of_a_longer_number_is_not_that_figure() -> None:
    assert [piece.text for piece in pieces("112.5和12.5、12.56", {"12.5": "main"}) if piece.mark] == ["12.5"]


def test_a_word_paper_shows_the_excerpt_as_a_table_and_its_text_as_text() -> None:
    hostile = '<w:p/>]]>&"\x07\ud800'
    rows = (
        (ExcerptCell(Value(hostile), 2), ExcerptCell(Value("金额"), head=True)),
        (ExcerptCell(Value("5", "main")),),
        None,
        (ExcerptCell(Value("末"), 1, 2),),
    )
    xml = str(word_excerpts([Cutting(TableExcerpt(("a", "b"), rows, 2), "表1")]))
    assert word_excerpts([]) == ""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    root = etree.fromstring(f'<w:body xmlns:w="{space}">{xml}</w:body>')
    names = {"w": space}
    assert [len(row.findall("w:tc", names)) for row in root.iterfind(".//w:tr", names)] == [2, 2, 1, 1]
    assert len(root.findall(".//w:vMerge", names)) == 2
    assert '<w:p/>]]>&"' in "".join(root.itertext())


def test_an_excerpt_too_long_for_a_cell_is_left_out() -> None:
    short, long = (TableExcerpt(("", ""), ((ExcerptCell(Value(text, "part")),),), 1) for text in ("12", "长" * MOST))
    assert as_text([short]) == "【12】" and as_text([short, long]) == ""


# -- OFD ------------------------------------------------------------------------------------------------------------


def test_a_page_of_ofd_is_drawn_with_its_place_boxed() -> None:
    path = SAMPLES / "carriers/shanghai.ofd"
    (row, *_) = understood(path).evaluations[0].funding
    assert row.bbox and row.page
    (picture,) = pictures(path, [PagePlace(row.page, (row.bbox,), (MarkedBox(row.bbox, True),))])
    root = etree.fromstring(picture.content)
    assert picture.kind == "svg" and root.get("viewBox")
    text = "".join(root.itertext())
    assert "86.00" in text and "满意" not in text, "only what may show in the picture is in it"
    assert {etree.QName(element).localname for element in root.iter()} <= {"svg", "g", "rect", "text", "path", "image"}
    assert page_sizes(path, [1, 99]).keys() == {1}


def test_what_an_ofd_says_is_never_markup(tmp_path: Path) -> None:
    import zipfile

    path, source = tmp_path / "a.ofd", SAMPLES / "carriers/shanghai.ofd"
    evil = escape('</text><script>alert("1")</script>')
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace("社区图书流动站运行".encode(), evil.encode()))
    box = (0.0, 0.0, 800.0, 500.0)
    (picture,) = pictures(path, [PagePlace(1, (box,), ())])
    root = etree.fromstring(picture.content)
    assert b"alert" in picture.content and not root.findall(".//{*}script")


def test_drawings_that_hold_themselves_end(tmp_path: Path) -> None:
    import zipfile

    path, source = tmp_path / "a.ofd", SAMPLES / "carriers/shanghai.ofd"
    ten = '<ofd:CompositeObject ID="9" ResourceID="7" Boundary="0 0 9 9"/>' * 10
    unit = f'<ofd:CompositeGraphicUnit ID="7"><ofd:Content>{ten}</ofd:Content></ofd:CompositeGraphicUnit>'
    resources = (
        '<ofd:Res xmlns:ofd="http://www.ofdspec.org/2016"><ofd:CompositeGraphicUnits>'
        f"{unit}</ofd:CompositeGraphicUnits></ofd:Res>"
    )
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            text = old.read(name).decode()
            text = text.replace("<ofd:CommonData>", "<ofd:CommonData><ofd:PublicRes>Res.xml</ofd:PublicRes>")
            new.writestr(name, text.replace("</ofd:Layer>", f"{ten}</ofd:Layer>"))
        new.writestr("Doc_0/Res.xml", resources)
    box = (0.0, 0.0, 800.0, 500.0)
    (picture,) = pictures(path, [PagePlace(1, (box,), ())])
    assert b"</svg>" in picture.content


# -- ziping show --image --------------------------------------------------------------------------------------------


def test_show_draws_pages_where_there_are_pages_and_tables_where_not(tmp_path: Path) -> None:
    draw(str(SAMPLES / "carriers/shanghai.ofd"), 1, str(tmp_path / "a.svg"))
    assert "executed" in (tmp_path / "a.svg").read_text("utf-8")
    draw(str(SAMPLES / "carriers/shanghai.xlsx"), None, str(tmp_path / "a.html"))
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<i>executed</i>79.12" in page and "<script" not in page


@pytest.mark.parametrize(
    ("name", "page", "image", "said"),
    [
        ("carriers/shanghai.ofd", 1, "a.png", r"\.svg"),
        ("carriers/shanghai.ofd", None, "a.svg", "--page"),
        ("carriers/shanghai.xlsx", 1, "a.html", "没有页码"),
        ("docx/national.docx", None, "a.png", r"\.html"),
        ("pdf/national_ruled.pdf", 1, "a.html", r"\.png"),
    ],
)
def test_show_says_what_picture_a_format_gives(
    tmp_path: Path, name: str, page: int | None, image: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said):
        draw(str(SAMPLES / name), page, str(tmp_path / image))
    with pytest.raises(ReadError):
        draw(str(SAMPLES / "carriers/reports.zip"), None, str(tmp_path / "a.html"))


def test_a_page_of_a_pdf_is_drawn_in_the_shape_it_is_said_to_have() -> None:
    path = next(SAMPLES.glob("pdf/*.pdf"))
    picture = page_picture(path, 1)
    width, height = page_sizes(path, [1, 999])[1]
    assert picture.content.startswith(b"\x89PNG")
    assert picture.width / picture.height == pytest.approx(width / height, rel=0.01)

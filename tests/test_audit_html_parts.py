"""What the page is made of: figures under each other, pictures of places, places in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from audit_build import ingest, named
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from test_checks_forms import amount, national, records

from pipeline.audit.evidence import GONE, exhibits, source
from pipeline.audit.figures import FigureLine, figures
from pipeline.audit.filters import Filters
from pipeline.audit.findings import AuditFinding, findings_of
from pipeline.audit.loading import open_desk
from pipeline.originals.crops import places
from pipeline.originals.model import Drawn, MarkedBox
from pipeline.originals.pages import crop
from pipeline.originals.raster import MAX_HEIGHT, MAX_WIDTH
from schemas.errors import DamagedFile, ReadError
from schemas.records import BBox, DocumentRecords

NOTHING = Drawn({}, {})


def finding(output: Path, rule: str, document: DocumentRecords) -> AuditFinding:
    ingest(output, named(document, "a.txt"))
    found = findings_of(open_desk(output), Filters(rules=(rule,)))
    return found[0]


def shown(line: FigureLine) -> str:
    return f"{line.sign}{line.name} {line.whole}{line.fraction}{line.text}{line.unit}"


def test_a_sum_stands_as_on_paper_with_its_points_under_each_other(tmp_path: Path) -> None:
    made = figures(finding(tmp_path, "funding_sum", national({1: {"executed": "2612000.00"}})))
    assert made.caption == "全年执行数"
    assert [shown(line) for line in made.lines] == [
        "当年财政拨款 2,612,000万元",
        "＋上年结转资金 104万元",
        "＋其他资金 50万元",
        "＝复算 2,612,154万元",
        "填列 年度资金总额 415.2万元",
        "差异 −2,611,738.8万元",
    ]
    assert {len(line.fraction + line.padding) for line in made.lines} == {2}


def test_a_quotient_names_its_other_bases(tmp_path: Path) -> None:
    made = figures(finding(tmp_path, "execution_rate", national({0: {"execution_rate": "43.00%"}})))
    assert made.caption == "年度资金总额"
    assert [shown(line) for line in made.lines] == [
        "全年执行数 415.2万元",
        "÷全年预算数 480万元",
        "＝复算 86.5%",
        "填列 执行率 43%",
        "差异 −43.5个百分点",
        "另一基数 年初预算数 500万元",
    ]


def test_what_is_printed_in_another_unit_says_so(tmp_path: Path) -> None:
    rows = [("收入合计", "1000000", "元"), ("财政拨款", "600000", "元"), ("其他收入", "300000", "元")]
    table = records(amounts=[amount(at, label, "决算数", raw, unit) for at, (label, raw, unit) in enumerate(rows)])
    made = figures(finding(tmp_path, "amount_sum", table))
    assert [line.printed_as for line in made.lines if line.kind == "printed"] == ["原文 1000000元（100万元）"]


def test_a_long_sum_ends_in_one_line_for_the_rest(tmp_path: Path) -> None:
    rows = [amount(0, "合计/甲", "汇总", "1"), *(amount(at, f"合计/甲/{at}", "汇总", "2") for at in range(1, 41))]
    made = figures(finding(tmp_path, "amount_sum", records(amounts=rows)))
    rest = next(line for line in made.lines if line.name.startswith("其余"))
    assert (rest.name, rest.whole) == ("其余 16 项", "32")


def test_text_is_shown_by_its_row_and_sentence(tmp_path: Path) -> None:
    sentence = "支出共计100万元，其中：基本支出60万元，项目支出160万元。"
    kinds = {"context": sentence, "origin": "prose"}
    total = amount(0, "支出", None, "100万元", total_of="x", role="sum", **kinds)
    parts = (amount(1, "基本支出", None, "60万元", part_of="x", role="part", **kinds),)
    parts += (amount(2, "项目支出", None, "160万元", part_of="x", role="part", **kinds),)
    prose = finding(tmp_path / "prose", "prose_composition", records(amounts=[total, *parts]))
    (exhibit,) = exhibits(prose, NOTHING)
    assert not exhibit.tables and not exhibit.note
    assert [(piece.text, piece.mark) for piece in exhibit.sentences[0] if piece.mark] == [
        ("100万元", "main"),
        ("60万元", "part"),
        ("160万元", "part"),
    ]
    assert "".join(piece.text for piece in exhibit.sentences[0]) == sentence


def test_a_row_is_shown_with_its_values_marked_and_a_changed_file_is_named(tmp_path: Path) -> None:
    one = finding(tmp_path, "execution_rate", national({0: {"execution_rate": "43.00%"}}))
    (exhibit,) = exhibits(one, Drawn({}, {(source(one.document), None): "changed"}))
    (table,) = exhibit.tables
    marks = {title: (value.text, value.mark) for title, value in zip(table.head, table.rows[0], strict=True)}
    assert marks["执行率"] == ("43.00%", "main") and marks["全年执行数"] == ("415.20", "part")
    assert marks["得分"][1] == "" and exhibit.note == GONE


def row_of(top: float, height: float) -> BBox:
    return (50.0, top, 500.0, top + height)


@given(st.lists(st.builds(row_of, st.floats(0, 800), st.floats(1, 60)), min_size=1, max_size=20))
def test_every_box_is_in_one_picture(rows: list[BBox]) -> None:
    boxes = [MarkedBox(row, at == 0) for at, row in enumerate(dict.fromkeys(rows))]
    found = list(places(1, rows, boxes))
    assert sorted(box.bbox for place in found for box in place.boxes) == sorted(box.bbox for box in boxes)
    tops = [min(row[1] for row in place.rows) for place in found]
    assert tops == sorted(tops)


def drawing(path: Path, size: tuple[float, float] = (595.0, 842.0), sideways: bool = False) -> Path:
    """A page with a green bar whose box, in reading orientation, is (100, 200, 300, 215)."""
    canvas = Canvas(str(path), pagesize=size[::-1] if sideways else size)
    if sideways:  # written from the foot of a landscape page upwards, without saying so
        canvas.transform(0, 1, -1, 0, size[1], 0)
    for at in range(40):
        canvas.drawString(60, size[1] - 60 - 14 * at, "some words that show which way the text runs")
    canvas.setFillColorRGB(0, 0.8, 0)
    canvas.rect(100, size[1] - 215, 200, 15, stroke=0, fill=1)
    canvas.save()
    return path


@pytest.mark.parametrize("sideways", [False, True])
def test_a_picture_shows_its_place_boxed_in_reading_orientation(tmp_path: Path, sideways: bool) -> None:
    png = crop(drawing(tmp_path / "a.pdf", sideways=sideways), 1, [(100.0, 200.0, 300.0, 215.0)])
    picture = Image.open(BytesIO(png)).convert("RGB")
    pixels = picture.load()
    assert pixels is not None
    spots = {
        kind: [(x, y) for x in range(picture.width) for y in range(picture.height) if fits(pixels[x, y])]
        for kind, fits in (
            ("bar", lambda p: p[1] > 120 and p[0] < 90 and p[2] < 90),
            ("box", lambda p: p[0] > 150 and p[1] < 90 and p[2] < 90),
        )
    }
    bar, box = ((min(spot), max(spot)) for spot in (spots["bar"], spots["box"]))
    assert box[0][0] <= bar[0][0] and bar[1][0] <= box[1][0]
    assert abs((bar[1][0] - bar[0][0]) / (200 * 120 / 72) - 1) < 0.05
    assert picture.height < 150 < 800 < picture.width


def test_a_huge_page_gives_a_picture_in_bounds(tmp_path: Path) -> None:
    path = drawing(tmp_path / "huge.pdf", (14000.0, 14000.0))
    picture = Image.open(BytesIO(crop(path, 1, [(0.0, 0.0, 14000.0, 13000.0)])))
    assert picture.width <= MAX_WIDTH and picture.height <= MAX_HEIGHT


@pytest.mark.parametrize("box", [(9e9, 9e9, 9e9, 9e9), (-5.0, -5.0, -4.0, -4.0), (300.0, 215.0, 100.0, 200.0)])
def test_boxes_off_the_page_or_upside_down_give_some_picture(tmp_path: Path, box: BBox) -> None:
    assert crop(drawing(tmp_path / "a.pdf"), 1, [box]).startswith(b"\x89PNG")


def test_a_page_or_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="没有第 9 页"):
        crop(drawing(tmp_path / "a.pdf"), 9, [row_of(100, 10)])
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(DamagedFile):
        crop(tmp_path / "b.pdf", 1, [row_of(100, 10)])


@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=2, max_size=6))
def test_figures_keep_their_value_and_their_points_align(values: list[Decimal]) -> None:
    one = _sum_of(values)
    lines = [line for line in figures(one).lines if line.whole]
    assert len({len(line.fraction + line.padding) for line in lines}) == 1
    read = [Decimal((line.whole + line.fraction).replace(",", "").replace("−", "-")) for line in lines]
    assert read[: len(values)] == values


_KEPT: list[AuditFinding] = []


def _sum_of(values: list[Decimal]) -> AuditFinding:
    """A sum with these parts, made from one real finding."""
    one = _KEPT[0]
    total, part = one.cells[0], one.cells[1]
    cells = (total, *(replace(part, value=value, shown=f"{value}万元") for value in values))
    return replace(one, cells=cells, check=replace(one.check, roles=("result", *("plus" for _ in values))))


@pytest.fixture(autouse=True, scope="module")
def _real_finding(tmp_path_factory: pytest.TempPathFactory) -> None:
    output = tmp_path_factory.mktemp("sum")
    _KEPT.append(finding(output, "funding_sum", national({1: {"executed": "2612000.00"}})))

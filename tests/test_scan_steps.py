"""The steps of reading a picture, one by one: rules, dirt, seals, and what several readings say (识别的各步)."""

from __future__ import annotations

import pytest

from parsers.scan.models import are_installed

pytestmark = pytest.mark.skipif(not are_installed(), reason="recognition is not installed")
cv2 = pytest.importorskip("cv2")
np = pytest.importorskip("numpy")

from parsers.scan.agreement import agreed, least, voted  # noqa: E402
from parsers.scan.arrays import Grey, Pixels  # noqa: E402
from parsers.scan.doubts import checked  # noqa: E402
from parsers.scan.fills import turned_over  # noqa: E402
from parsers.scan.fold import fold_in  # noqa: E402
from parsers.scan.light import darkened, without_seals  # noqa: E402
from parsers.scan.lines import TextLine, ink_of, text_lines, without_dirt  # noqa: E402
from parsers.scan.margins import without_margins, without_punch_holes  # noqa: E402
from parsers.scan.models import models  # noqa: E402
from parsers.scan.numerals import with_upright_numerals  # noqa: E402
from parsers.scan.place import characters  # noqa: E402
from parsers.scan.reading import ReadLine, read_lines, without_specks  # noqa: E402
from parsers.scan.recognise import LineReader, Read  # noqa: E402
from parsers.scan.rules import rules_in  # noqa: E402

DPI = 200.0
EM = 28.0


def paper(height: int = 600, width: int = 800) -> Grey:
    return np.full((height, width), 255, np.uint8)


def reading(text: str, *sure: float) -> tuple[Read, ...]:
    return tuple(
        Read(char, value, float(index), "", 0.0) for index, (char, value) in enumerate(zip(text, sure, strict=True))
    )


def text_of(reads: tuple[Read, ...]) -> str:
    return "".join(read.text for read in reads)


def test_four_readings_outvote_one_and_the_doubt_stays() -> None:
    comma = reading("7,00", 0.9, 0.5, 0.9, 0.9)
    point = reading("7.00", 0.9, 0.9, 0.9, 0.9)
    said = voted((comma, point, point, point))
    assert text_of(said) == "7.00"
    assert least(said) == pytest.approx(0.675)


def test_a_reading_of_another_length_costs_confidence() -> None:
    whole, short = reading("12", 0.9, 0.9), reading("1", 0.99)
    assert least(voted((whole, whole, whole, short))) == pytest.approx(0.675)


def test_the_bar_of_a_sign_is_lost_more_easily_than_made_up() -> None:
    assert text_of(agreed(reading(">9", 0.9, 0.9), reading("≥9", 0.9, 0.9))) == "≥9"
    assert text_of(voted((reading(">9", 0.9, 0.9),) * 3 + (reading("≥9", 0.6, 0.9),))) == "≥9"
    assert text_of(agreed(reading("≧9", 0.9, 0.9), reading("≥9", 0.8, 0.9))) == "≧9"


def test_a_short_line_is_read_between_others() -> None:
    def drawn(text: str) -> Grey:
        picture = np.full((60, 34 * len(text) + 10), 255, np.uint8)
        cv2.putText(picture, text, (5, 48), cv2.FONT_HERSHEY_COMPLEX, 1.6, 0, 3, cv2.LINE_AA)
        return picture

    reads = LineReader(models()).read_between([drawn("5")], [drawn("97")])[0]
    assert text_of(reads) == "5"
    assert 0 <= reads[0].middle <= drawn("5").shape[1]


class Asked:
    """A reader that counts how often it is asked, and always says the same."""

    def __init__(self, text: str, sure: float) -> None:
        self.said, self.times = reading(text, *[sure] * len(text)), 0

    def read(self, _line: Grey, _stretch: float = 1.0) -> tuple[Read, ...]:
        self.times += 1
        return self.said

    def read_between(self, lines: list[Grey], _neighbours: list[Grey]) -> list[tuple[Read, ...]]:
        return [self.read(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "sure", "times"), [("4532.92", 0.999, 1), ("4532.92", 0.9, 2), ("≥92%", 0.999, 2), ("452.7", 0.5, 4)]
)
def test_a_line_is_read_again_only_where_it_is_not_sure_or_may_have_lost_a_bar(
    text: str, sure: float, times: int
) -> None:
    page = paper()
    page[100:120, 100:200:3] = 0
    line = TextLine((100, 100, 200, 120), 0, (90, 90, 210, 130))
    asked = Asked(text, sure)
    found = read_lines(page, ink_of(page), [line], EM, asked)
    assert asked.times == times
    assert text_of(found[0].reads) == text


def test_specks_far_from_print_are_dirt_and_points_are_not() -> None:
    page = paper()
    cv2.rectangle(page, (100, 100), (112, 120), 0, -1)  # a digit
    page[116:120, 118:122] = 0  # a point beside it
    page[300:304, 500:504] = 0  # a speck
    _, ink = without_dirt(page, ink_of(page), np.zeros_like(page), EM)
    assert ink[118, 120]
    assert not ink[302, 502]


def test_a_grey_seal_is_lifted_off_dark_print() -> None:
    page = paper()
    cv2.circle(page, (400, 300), 150, 140, 6)
    for x in range(100, 700, 40):
        cv2.rectangle(page, (x, 420), (x + 20, 445), 30, 3)
    lifted = without_seals(page, DPI)
    assert lifted[150, 400] == 255
    assert lifted[420, 110] == 30


def test_faint_print_is_made_dark_and_dark_print_left_alone() -> None:
    page = paper()
    page[100:110, 100:400] = 180
    assert int(darkened(page)[105, 200]) == pytest.approx(125, abs=2)
    page[100:110, 100:400] = 60
    assert (darkened(page) == page).all()


def grid_with(stroke_grey: int, stroke: tuple[int, int, int]) -> set[int]:
    """The uprights found in a table with one more straight piece of ink: x, from, to."""
    page = paper()
    for y in (100, 160, 220, 280):
        page[y : y + 3, 50:750] = 60
    for x in (50, 300, 747):
        page[100:283, x : x + 3] = 60
        page[280:500, x : x + 3] = 60
    x, start, end = stroke
    page[start:end, x : x + 3] = stroke_grey
    return {round(rule.pos) for rule in rules_in(page, DPI).rules if rule.orientation == "v"}


def test_strokes_in_line_are_paler_than_rules_and_none() -> None:
    assert 501 in grid_with(60, (500, 160, 223))
    assert 501 not in grid_with(175, (500, 160, 223))


def test_a_rule_between_two_pixels_of_the_scan_is_one_and_rows_of_pale_strokes_are_none() -> None:
    assert 501 in grid_with(200, (500, 160, 283))
    assert 501 not in grid_with(200, (500, 170, 275))


def test_a_stroke_that_lengthens_a_rule_is_cut_off() -> None:
    assert 501 in grid_with(60, (500, 141, 283))


def test_uprights_of_a_row_that_a_page_break_cuts_end_together_without_a_rule() -> None:
    def uprights(ends: tuple[int, ...]) -> int:
        page = paper()
        page[240:243, 50:750] = 60
        for x, end in zip((50, 200, 380, 560, 747), ends, strict=True):
            page[end:240, x : x + 3] = 60
        return sum(rule.orientation == "v" for rule in rules_in(page, DPI).rules)

    assert uprights((120,) * 5) == 5
    assert uprights((120, 150, 90, 170, 60)) == 0


def test_paper_between_two_columns_without_rules_stays_and_within_a_cell_it_may_be_a_wide_space() -> None:
    def gap(cell: int) -> float:
        """Em between the two figures of a line, which stand 0.45 em apart."""
        reads = tuple(Read(char, 1.0, EM * at, "", 0.0) for char, at in zip("方3", (0.5, 1.73), strict=True))
        line = TextLine((0, 0, 60, 28), cell, (0, 0, 60, 28))
        (left, _), (right, _) = characters(ReadLine(line, reads), EM, 1.0, 0)
        return (right.x0 - left.x1) / EM

    assert gap(-1) == pytest.approx(0.45)
    assert gap(0) == 0


def head_of(fill: int, print_: int) -> Grey:
    """A title, and below it a row of filled cells between white rules."""
    page = paper()
    cv2.putText(page, "TITLE", (90, 70), cv2.FONT_HERSHEY_COMPLEX, 1.8, 0, 8, cv2.LINE_AA)
    page[100:160, 50:750] = fill
    for x in (180, 420, 560):
        page[100:160, x : x + 2] = 255
    for text, x in (("HEAD", 60), ("COLUMN", 190), ("OF", 440), ("WORDS", 580)):
        cv2.putText(page, text, (x, 145), cv2.FONT_HERSHEY_COMPLEX, 1.0, print_, 3, cv2.LINE_AA)
    return page


def test_dark_heads_are_turned_over_with_their_white_print_and_rules_and_titles_are_not() -> None:
    page = head_of(40, 255)
    light = turned_over(page, DPI)
    assert (light[:90] == page[:90]).all()
    head = light[108:152, 60:740]
    assert float(np.median(head)) > 200
    assert int((head < 80).sum()) > 500
    for y in (99, 160):
        assert (light[y - 4 : y + 5, 60:740].min(axis=0) < 80).mean() > 0.9
    assert int(light[130, 421]) < 80


def test_rules_of_a_dark_head_that_are_darker_than_it_are_rules() -> None:
    page = head_of(60, 255)
    page[100:160, 300:302] = 10
    assert float(turned_over(page, DPI)[104:156, 300:302].mean()) < 40


def bordered(page: Grey) -> Pixels:
    """The page as a copier shows it that is larger than the paper: dark above and on the right."""
    framed = page.copy()
    framed[:18] = 20
    framed[:, -25:] = 12
    return np.repeat(framed[:, :, np.newaxis], 3, axis=2)


def test_the_dark_margins_of_a_copy_are_paper_and_the_print_stays() -> None:
    page = head_of(225, 0)
    freed = without_margins(bordered(page), DPI)
    assert freed.min(axis=2)[:24].min() > 200
    assert (freed[60:170, :760, 0] == page[60:170, :760]).all()


def test_holes_punched_near_an_edge_are_paper_and_bold_print_beside_them_stays() -> None:
    page = head_of(225, 0)
    punched = np.repeat(page[:, :, np.newaxis], 3, axis=2)
    cv2.circle(punched, (30, 300), 18, (25, 25, 25), -1)
    freed = without_punch_holes(punched, DPI)
    assert freed[280:320, 10:50].min() > 200
    assert (freed[:200, :, 0] == page[:200]).all()


def test_a_dark_head_that_reaches_the_edge_of_a_picture_is_no_margin() -> None:
    cropped = np.repeat(head_of(40, 255)[100:, 50:750, np.newaxis], 3, axis=2)
    assert (without_margins(cropped, DPI) == cropped).all()


def test_heads_with_black_print_are_left_as_they_are_even_in_the_shadow() -> None:
    page = head_of(120, 20)
    assert (turned_over(page, DPI) == page).all()


def wide_sheet(crossed: bool) -> Grey:
    """Print on both halves of a wide sheet, with a rule over both where it is one table."""
    page = paper(1200, 1700)
    for x in (100, 950):
        for y in range(100, 1100, 60):
            page[y : y + 26, x : x + 600 : 2] = 0
    if crossed:
        page[500:502, 100:1550] = 0
    return page


def test_two_pages_side_by_side_are_told_from_one_wide_table() -> None:
    fold = fold_in(wide_sheet(crossed=False), DPI)
    assert fold is not None
    assert 700 < fold < 950
    assert fold_in(wide_sheet(crossed=True), DPI) is None
    assert fold_in(wide_sheet(crossed=False)[:, :800], DPI) is None


def lines_of(page: Grey) -> list[tuple[int, int, int, int]]:
    return [line.box for line in text_lines(ink_of(page), [], EM)]


def characters_at(page: Grey, *lefts: int) -> None:
    for x in lefts:
        cv2.rectangle(page, (x, 100), (x + 24, 124), 0, 3)


def test_the_blank_half_of_a_bracket_parts_no_columns() -> None:
    page = paper()
    characters_at(page, 100, 128, 184)
    assert len(lines_of(page)) == 2
    cv2.ellipse(page, (182, 112), (9, 13), 0, 110, 250, 0, 2)  # （
    assert len(lines_of(page)) == 1


def test_a_numeral_of_level_strokes_is_one_with_the_comma_behind_it() -> None:
    page = paper()
    characters_at(page, 152, 180)
    page[104:107, 104:118] = page[121:124, 100:122] = 0  # 二
    page[118:125, 126:130] = 0  # 、
    assert len(lines_of(page)) == 1


def said_of(text: str, sure: float, barred: bool, level: bool = False) -> tuple[str, float]:
    """What is left of a reading whose first character was printed as > or ≥ (two level bars where `level`)."""
    page = paper(60, 200)
    if level:
        page[18:21, 8:30] = page[30:33, 8:30] = 0
    else:
        cv2.polylines(page, [np.array([(8, 8), (30, 20), (8, 32)], np.int32)], False, 0, 2)
    if barred:
        cv2.line(page, (8, 40), (24, 32), 0, 3)
    cv2.rectangle(page, (38, 8), (54, 40), 0, 3)
    box = (8, 8, 55, 42)
    middles = (19.0, 46.0)
    reads = tuple(Read(char, sure, middle, "", 0.0) for char, middle in zip(text, middles, strict=True))
    found = checked(ReadLine(TextLine(box, 0, box), reads), ink_of(page), page)
    return text_of(found.reads), least(found.reads)


def test_a_stroke_right_above_a_character_of_its_cell_is_a_numeral_and_elsewhere_a_dash() -> None:
    def line(text: str, cell: int, x: int, y: int, width: int = 26, height: int = 26) -> ReadLine:
        box = (x, y, x + width, y + height)
        return ReadLine(TextLine(box, cell, box), reading(text, *[0.9] * len(text)))

    lines = [
        line("-", 1, 100, 112, height=4),  # 一 over 级
        line("级", 1, 100, 140),
        line("=", 2, 200, 110, height=10),
        line("级", 2, 200, 140),
        line("-", 3, 300, 112, height=4),  # a value left open, and the label of another cell
        line("-", 1, 100, 400, width=8, height=4),  # a hyphen
        line("级", 1, 100, 420),
    ]
    assert [text_of(one.reads) for one in with_upright_numerals(lines, EM)] == ["一", "级", "二", "级", "-", "-", "级"]


def test_the_bar_of_a_sign_is_there_where_its_arms_say_so() -> None:
    assert said_of(">0", 0.99, barred=True) == ("≥0", pytest.approx(0.84, abs=0.01))
    assert said_of(">0", 0.99, barred=False) == (">0", 0.99)
    text, sure = said_of("≥0", 0.8, barred=False)
    assert text == "≥0"
    assert sure < 0.5


def test_bars_before_a_figure_are_an_equals_sign_and_a_letter_is_doubted() -> None:
    assert said_of("一0", 0.95, barred=False, level=True)[0] == "=0"
    assert said_of("M0", 0.95, barred=True)[1] < 0.5
    assert said_of("一0", 0.95, barred=False)[1] < 0.5


def test_ink_beside_a_figure_that_no_character_explains_is_said() -> None:
    page = paper(60, 300)
    for x in (8, 40, 80):
        cv2.rectangle(page, (x, 8), (x + 18, 40), 0, 3)
    box = (8, 8, 99, 41)
    reads = (Read("5", 0.99, 17.0, "", 0.0), Read("0", 0.99, 49.0, "", 0.0))
    assert least(checked(ReadLine(TextLine(box, 0, box), reads), ink_of(page), page).reads) < 0.5


def figure(text: str, dot: tuple[int, int, int, int] | None, middles: tuple[float, ...]) -> tuple[str, float]:
    """What is made of a figure read as `text`, with a piece of ink at `dot` (left, top, width, height)."""
    page = paper(60, 300)
    for x in (8, 52, 84):
        cv2.rectangle(page, (x, 8), (x + 18, 40), 0, 3)
    if dot is not None:
        x, y, width, height = dot
        page[y : y + height, x : x + width] = 0
    box = (7, 7, 104, 48)
    reads = tuple(Read(char, 0.99, middle, "", 0.0) for char, middle in zip(text, middles, strict=True))
    found = checked(ReadLine(TextLine(box, 0, box), reads), ink_of(page), page)
    return text_of(found.reads), least(found.reads)


@pytest.mark.parametrize(
    ("dot", "text"),
    [
        ((38, 37, 5, 5), "6.00"),  # on the line
        ((38, 24, 5, 5), "6.00"),  # in the middle, as in wide type
        ((38, 38, 5, 10), "6,00"),  # hangs below the line
        ((59, 24, 5, 5), "600"),  # within a digit
        ((38, 24, 2, 2), "600"),  # dirt
        (None, "600"),
    ],
)
def test_a_point_that_recognition_drops_is_seen_and_never_sure(
    dot: tuple[int, int, int, int] | None, text: str
) -> None:
    said, sure = figure("600", dot, (17.0, 61.0, 93.0))
    assert said == text
    assert text == "600" or sure < 0.5


def test_a_middle_dot_between_digits_is_a_point() -> None:
    assert figure("6·00", (38, 24, 5, 5), (17.0, 40.0, 61.0, 93.0))[0] == "6.00"
    assert figure("6·月0", None, (17.0, 40.0, 61.0, 93.0))[0] == "6·月0"


@pytest.mark.parametrize(
    ("read", "meant"), [('60"', "60%"), ('6"a', "6%"), ("60″", "60%"), ("60x", "60x"), ('"60', '"60')]
)
def test_marks_behind_a_figure_are_a_percent_sign_that_lost_its_strokes(read: str, meant: str) -> None:
    said, sure = figure(read, None, (17.0, 61.0, 93.0))
    assert said == meant
    assert meant[-1] != "%" or sure < 0.5


def test_a_point_of_small_type_is_no_dirt_and_specks_elsewhere_are() -> None:
    em = 24.0
    page = paper(120, 300)
    for x in (20, 48, 66):
        cv2.rectangle(page, (x, 40), (x + 11, 56), 0, 3)
    point, above, inside, below, beside = (39, 55), (39, 42), (25, 47), (25, 66), (90, 55)
    for x, y in (point, above, inside, below, beside):
        page[y : y + 2, x : x + 2] = 0
    print_, ink = without_dirt(page, ink_of(page), np.zeros_like(page), em)
    assert [int(print_[y, x]) for x, y in (point, above, inside, below, beside)] == [0, 255, 255, 255, 255]
    assert ink[point[1], point[0]] == 1


def test_a_point_far_from_the_wide_digits_on_both_sides_is_no_dirt() -> None:
    em = 24.0
    page = paper(120, 300)
    for x in (20, 72):
        cv2.rectangle(page, (x, 40), (x + 12, 56), 0, 3)
    for x in (50, 110):
        page[46:50, x : x + 4] = 0
    _, ink = without_dirt(page, ink_of(page), np.zeros_like(page), em)
    assert ink[48, 52] == 1
    assert ink[48, 112] == 0


@pytest.mark.parametrize(
    ("read", "left"),
    [
        ("·巡堤里程", "巡堤里程"),
        ("巡堤里程·", "巡堤里程"),
        ("省级．资金", "省级资金"),
        ("其中：省级.", "其中：省级"),
        (".有所提升", "有所提升"),
        ("98.5%.", "98.5%"),
        ("一.巡堤里程", "一.巡堤里程"),
        ("阿里木·买买提", "阿里木·买买提"),
        ("3.5公里", "3.5公里"),
        ("·5", "·5"),
    ],
)
def test_dots_that_noise_leaves_around_words_are_none_and_points_of_figures_stay(read: str, left: str) -> None:
    assert text_of(without_specks(reading(read, *[0.9] * len(read)))) == left


def test_uprights_that_type_crowds_are_open_like_the_clear_ones_beside_them() -> None:
    page = paper(300, 900)
    page[200:203, 100:803] = 0
    for at in range(100, 801, 100):
        page[80:203, at : at + 3] = 0
    page[120:150, 506:530] = 0  # print close to one of them
    uprights = [rule for rule in rules_in(page, DPI).rules if rule.orientation == "v"]
    assert len(uprights) == 8

"""Tables without cell borders, from characters set by a small typesetter of the test's own."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Cell
from parsers.pdf.primitives import Char, Edge, read_pages
from parsers.pdf.unruled import UnruledTable, find_parts, find_tables
from parsers.pdf.unruled_join import on_one_lattice

SHARED = Path(__file__).parents[1].parent / "shared"
WIDTH, HEIGHT = 595.0, 842.0
LEFT = 40.0


@dataclass(frozen=True)
class Set:
    """One cell to set: its text, the rows and columns it spans, and how it stands."""

    text: str
    rows: int = 1
    cols: int = 1
    across: str = "left"
    down: str = ""


@dataclass(frozen=True)
class Style:
    size: float = 9.0
    pitch: float = 11.0
    pad: float = 3.0
    side: float = 3.0
    down: str = "middle"
    label_down: str = "middle"


Plan = Sequence[Sequence[Set]]


def wrapped(text: str, room: float, size: float) -> list[str]:
    lines: list[str] = []
    for part in text.split("\n"):
        line = ""
        for char in part:
            if line and width_of(line + char, size) > room:
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return [line for line in lines if line]


def width_of(text: str, size: float) -> float:
    return sum(size if char > "\u2e7f" else size / 2 for char in text)


def set_line(text: str, x: float, top: float, size: float) -> list[Char]:
    chars: list[Char] = []
    for char in text:
        width = width_of(char, size)
        chars.append(Char(char, x, top, x + width, top + size, size))
        x += width
    return chars


def typeset(plan: Plan, widths: Sequence[float], style: Style, top: float = 100.0) -> tuple[list[Char], list[float]]:
    """The characters cell by cell, and the edges of the rows."""
    grid: dict[tuple[int, int], tuple[int, int, Set]] = {}
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(plan):
        c = 0
        for cell in row:
            while (r, c) in taken:
                c += 1
            taken.update((y, x) for y in range(r, r + cell.rows) for x in range(c, c + cell.cols))
            grid[r, c] = (r, c, cell)
            c += cell.cols
    lines = {
        place: wrapped(cell.text, sum(widths[c : c + cell.cols]) - 2 * style.side, style.size)
        for place, (_, c, cell) in grid.items()
    }
    heights = [
        max([len(lines[p]) for p, (y, _, cell) in grid.items() if y == r and cell.rows == 1] or [1]) * style.pitch
        + 2 * style.pad
        for r in range(len(plan))
    ]
    edges = [top]
    for height in heights:
        edges.append(edges[-1] + height)
    chars: list[Char] = []
    for (r, c), (_, _, cell) in sorted(grid.items()):
        x0 = LEFT + sum(widths[:c])
        x1 = x0 + sum(widths[c : c + cell.cols])
        block = len(lines[r, c]) * style.pitch
        down = cell.down or (style.label_down if cell.rows > 1 else style.down)
        y = edges[r] + style.pad
        if down == "middle":
            y = (edges[r] + edges[r + cell.rows] - block) / 2
        for line in lines[r, c]:
            width = width_of(line, style.size)
            x = {"left": x0 + style.side, "right": x1 - style.side - width, "center": (x0 + x1 - width) / 2}[
                cell.across
            ]
            chars.extend(set_line(line, x, y + (style.pitch - style.size) / 2, style.size))
            y += style.pitch
    return chars, edges


INDICATORS = [
    ("产出指标", "数量指标", "开展巡查次数", "≥12次", "14次", "10", "10", ""),
    ("产出指标", "数量指标", "培训人次", "≥300人", "312人", "10", "9.5", "部分人员未能参加，下一年度将统筹安排时间。"),
    ("产出指标", "数量指标", "编制规划文本及图册数量", "=2册", "2册", "5", "5", "无"),
    ("产出指标", "质量指标", "验收合格率", "100%", "100%", "10", "10", ""),
    ("产出指标", "时效指标", "任务按期完成率", "≥95%", "96%", "5", "5", ""),
    ("产出指标", "时效指标", "资金拨付及时性", "及时", "及时", "10", "10", ""),
    ("效益指标", "社会效益指标", "提升公共服务水平", "有效提升", "有效提升", "15", "15", ""),
    ("效益指标", "社会效益指标", "受益群众覆盖面", "不低于85%", "88.2%", "15", "13", "宣传力度不够。"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%", "93%", "10", "10", ""),
]
HEADER = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析")
WIDTHS = (48.0, 64.0, 96.0, 66.0, 66.0, 34.0, 34.0, 104.0)


def indicator_rows(across: str = "left", figures: str = "left") -> list[list[Set]]:
    rows = [[Set(text, across="center" if figures != "left" else "left") for text in HEADER]]
    for index, row in enumerate(INDICATORS):
        cells: list[Set] = []
        for column in (0, 1):
            if index and INDICATORS[index - 1][: column + 1] == row[: column + 1]:
                continue
            span = sum(other[: column + 1] == row[: column + 1] for other in INDICATORS)
            cells.append(Set(row[column], rows=span, across=across))
        cells += [Set(row[2], across=across)] + [Set(text, across=figures) for text in row[3:7]] + [Set(row[7])]
        rows.append(cells)
    return rows


def form(across: str = "left", figures: str = "left") -> list[list[Set]]:
    """A whole form: head, funding, goals, indicators, total."""
    goal = "完成全年各项巡查与培训任务，改善基础条件，保障资金规范安全使用，切实增强群众的获得感。"
    head = [
        [Set("项目名称", cols=2), Set("河道管护经费", cols=6)],
        [Set("主管部门", cols=2), Set("县水务局", cols=2), Set("实施单位"), Set("县河道管理所", cols=3)],
    ]
    money = [
        ["", "年初预算数", "全年预算数", "执行数", "执行率"],
        ["年度资金总额", "100.00", "120.00", "90.00", "75.00%"],
        ["其中：财政拨款", "80.00", "100.00", "70.00", "—"],
    ]
    funding = [[Set(row[0]), *(Set(t, cols=2 if t == row[3] else 1, across=figures) for t in row[1:])] for row in money]
    funding[0].insert(0, Set("项目资金（万元）", rows=3, cols=2))
    goals = [
        [Set("年度总体目标", rows=2), Set("预期目标", cols=3), Set("实际完成情况", cols=4)],
        [Set(goal, cols=3), Set("年度任务全部完成，资金使用规范，达到预期目标。", cols=4)],
    ]
    total = [[Set("总分", cols=5), Set("90", across=figures), Set("87.5", across=figures), Set("")]]
    return [*head, *funding, *goals, *indicator_rows(across, figures), *total]


def moved_down(chars: list[Char], label: str, top: float, by: float) -> list[Char]:
    """The characters with those of a label in the second column, printed within a row below `top`, moved."""
    column = range(int(LEFT + WIDTHS[0]), int(LEFT + sum(WIDTHS[:2])))
    return [
        c._replace(top=c.top + by, bottom=c.bottom + by)
        if c.text in label and int(c.x0) in column and top <= c.top < top + 17
        else c
        for c in chars
    ]


def by_line(chars: list[Char]) -> list[Char]:
    return sorted(chars, key=lambda char: (round(char.bottom), char.x0))


def shuffled(chars: list[Char]) -> list[Char]:
    mixed = list(chars)
    random.Random(7).shuffle(mixed)
    return mixed


def as_written(chars: list[Char]) -> list[Char]:
    return chars


def read_rows(tables: Iterable[UnruledTable]) -> list[tuple[str, ...]]:
    """The indicator rows as a reader of the grid sees them: columns under their headers, labels carried down."""
    found: list[tuple[str, ...]] = []
    columns: list[tuple[int, int]] = []
    carried = ["", ""]
    for table in tables:
        for r in range(len(table.rows)):
            here = [cell for cell in table.cells if cell.row <= r < cell.row + cell.row_span]
            texts = {cell.text.replace("\n", "") for cell in here}
            if "三级指标" in texts:
                columns = [span_of(here, word) for word in HEADER]
                continue
            if not columns or "总分" in texts:
                continue
            row = ["".join(c.text.replace("\n", "") for c in here if covers(span, c)) for span in columns]
            for level in (0, 1):
                carried[level] = row[level] = row[level] or carried[level]
            found.append(tuple(row))
    return found


def span_of(cells: Iterable[Cell], word: str) -> tuple[int, int]:
    cell = next(cell for cell in cells if cell.text.replace("\n", "") == word)
    return cell.col, cell.col + cell.col_span


def covers(span: tuple[int, int], cell: Cell) -> bool:
    return span[0] <= cell.col < span[1]


@pytest.mark.parametrize("order", [as_written, by_line, shuffled])
@pytest.mark.parametrize("down", ["top", "middle"])
@pytest.mark.parametrize("pad", [0.4, 3.0])
@pytest.mark.parametrize("figures", ["left", "center", "right"])
def test_every_row_of_a_form_is_read_exactly(
    order: Callable[[list[Char]], list[Char]], down: str, pad: float, figures: str
) -> None:
    chars, _ = typeset(form(figures=figures), WIDTHS, Style(pad=pad, down=down))
    tables = find_tables(order(chars), [], 1, HEIGHT)
    assert len(tables) == 1
    assert read_rows(tables) == INDICATORS


@pytest.mark.parametrize("label_down", ["top", "middle"])
def test_labels_know_their_rows(label_down: str) -> None:
    chars, _ = typeset(indicator_rows(), WIDTHS, Style(label_down=label_down))
    (table,) = find_tables(chars, [], 1, HEIGHT)
    spans = {cell.text: (cell.row, cell.row_span) for cell in table.cells if cell.col < 2}
    if label_down == "middle":
        assert spans["产出指标"] == (1, 6)
        assert spans["数量指标"] == (1, 3)
        assert spans["社会效益指标"] == (7, 2)
    else:
        assert {text: start for text, (start, _) in spans.items()}["社会效益指标"] == 7
    assert read_rows([table]) == INDICATORS


def test_the_label_of_a_section_is_no_line_of_the_heads_above_it() -> None:
    plan: list[list[Set]] = [[Set(text, across="center") for text in ("序号", *HEADER[1:])]]
    plan.append([Set("", cols=3), Set("一、产出指标", cols=2, across="center"), Set("", cols=3)])
    plan += [
        [Set(str(at)), *(Set(text, across="center") for text in row[1:])] for at, row in enumerate(INDICATORS[:6], 1)
    ]
    chars, _ = typeset(plan, WIDTHS, Style(pad=3.0))
    (table,) = find_tables(chars, [], 1, HEIGHT)
    rows = {cell.text: cell.row for cell in table.cells}
    assert rows["年度指标值"] == rows["实际完成值"] == 0
    assert rows["一、产出指标"] == 1


def test_a_wide_cell_does_not_hide_the_columns_of_other_bands() -> None:
    chars, _ = typeset(form(), WIDTHS, Style())
    (table,) = find_tables(chars, [], 1, HEIGHT)
    texts = {cell.text.replace("\n", ""): cell for cell in table.cells}
    assert texts["90.00"].row == texts["120.00"].row == texts["年度资金总额"].row
    goal = next(cell for text, cell in texts.items() if text.startswith("完成全年"))
    assert goal.text.count("\n") >= 1
    assert goal.col_span > 1
    assert texts["总分"].row == texts["87.5"].row == len(table.rows) - 1


def test_figures_at_the_right_belong_to_headers_in_the_middle() -> None:
    widths = (110.0, 120.0, 120.0, 120.0)
    plan = [[Set(t, across="center") for t in ("指标名称", "分值", "得分", "执行数")]]
    plan += [[Set(f"第{i}项工作任务"), *[Set(v, across="right") for v in ("10", "9", f"{i}.50")]] for i in range(1, 6)]
    chars, _ = typeset(plan, widths, Style())
    (table,) = find_tables(chars, [], 1, HEIGHT)
    assert table.n_cols == 4
    assert [cell.text for cell in table.cells if cell.col == 2] == ["得分", "9", "9", "9", "9", "9"]


def test_rules_between_rows_say_which_rows_a_label_spans() -> None:
    """The label stands at the bottom of its rows: neither the middle nor the top, but the rules tell."""
    rows = indicator_rows()
    chars, edges = typeset(rows, WIDTHS, Style(label_down="top"))
    lowered = moved_down(chars, "数量指标", edges[1], 17.0)
    right = LEFT + sum(WIDTHS)
    starts = [0, 0, 2, 2, 1, 1, 2, 0, 2, 0, 0]
    rules = [Edge("h", y, LEFT + sum(WIDTHS[:k]), right, "line") for y, k in zip(edges, starts, strict=True)]
    (table,) = find_tables(lowered, rules, 1, HEIGHT)
    spans = {cell.text: (cell.row, cell.row_span) for cell in table.cells if cell.col < 2}
    assert spans["产出指标"] == (1, 6)
    assert spans["时效指标"] == (5, 2)


def test_a_head_of_two_lines_between_two_rules_is_one_row() -> None:
    """Though its first line keeps the columns of the funding rows above."""
    lines: list[tuple[str, float, float]] = [("年初预算", 214, 130), ("全年预算", 272, 130), ("实际支出", 322, 130)]
    lines += [("权重", 381, 130), ("执行率", 440, 130), ("得分", 510, 130)]
    for row, label in enumerate(("资金总额", "财政拨款", "其他资金")):
        y = 160.0 + 30 * row
        lines += [(label, 137, y), *((f"{435 - 100 * row}.08", x, y) for x in (230, 284, 332))]
        lines += [("10", 386, y), ("81.80", 443, y), ("8.18", 513, y)]
    lines += [("项目资金", 66, 186), ("一级", 52, 251), ("自评得", 377, 251), ("指标", 52, 269), ("分", 387, 269)]
    heads = (("二级指标", 85), ("指标名称", 147), ("目标值", 222), ("完成值", 278), ("权重", 335), ("未完成原因", 422))
    lines += [(text, x, 260.0) for text, x in heads]
    for row in range(6):
        y = 290.0 + 30 * row
        lines += [(f"第{row}类指标", 80, y), ("完成项目", 137, y), ("16台", 226, y), ("16台", 284, y)]
        lines += [("7", 344, y), ("7", 389, y), ("受汛期影响，部分推迟", 417, y)]
    chars = [char for text, x, top in lines for char in set_line(text, x, top, 12.0)]
    levels = (120.0, *range(150, 241, 30), *range(282, 463, 30))
    tables = find_tables(chars, [Edge("h", y, 48.0, 545.0, "line") for y in levels], 1, HEIGHT)
    found = [cell for table in tables for cell in table.cells if cell.text in ("一级\n指标", "二级指标", "自评得\n分")]
    assert len(found) == 3
    assert len({cell.row for cell in found}) == 1


def test_rules_between_columns_part_texts_that_touch() -> None:
    widths = (60.0, 60.0, 60.0, 60.0)
    plan = [[Set("名称甲乙丙丁"), Set("指标值甲乙丙"), Set("分值"), Set("得分")]]
    plan += [[Set("完成项目建设"), Set(f"不少于{i}百个"), Set("10"), Set("10")] for i in range(1, 6)]
    chars, edges = typeset(plan, widths, Style(size=10.0, pitch=12.0, side=0.0))
    rules = [Edge("v", LEFT + 60.0 * k, edges[0], edges[-1], "line") for k in range(5)]
    (table,) = find_tables(chars, rules, 1, HEIGHT)
    assert table.n_cols == 4
    assert [cell.text for cell in table.cells if cell.row == 3] == ["完成项目建设", "不少于3百个", "10", "10"]


def test_text_around_a_table_stays_outside() -> None:
    title = set_line("项目支出绩效自评表", 220.0, 60.0, 16.0)
    year = set_line("（2023年度）", 265.0, 84.0, 9.0)
    chars, edges = typeset(form(), WIDTHS, Style())
    note = "本表由项目实施单位填报，经主管部门审核后报送财政部门，并随部门决算一并向社会公开接受监督，特此说明。"
    after = [c for k in range(3) for c in set_line(note, LEFT, edges[-1] + 20 + 14 * k, 9.0)]
    (table,) = find_tables([*title, *year, *chars, *after], [], 1, HEIGHT)
    assert table.cells[0].text == "项目名称"
    assert not any("特此说明" in cell.text for cell in table.cells)


def test_two_forms_under_two_headings_are_two_tables() -> None:
    first, edges = typeset(indicator_rows(), WIDTHS, Style())
    heading = set_line("第二个项目自评表", 220.0, edges[-1] + 20, 14.0)
    second, _ = typeset(indicator_rows(), WIDTHS, Style(), top=edges[-1] + 50)
    tables = find_tables([*first, *heading, *second], [], 1, HEIGHT)
    assert [read_rows([table]) for table in tables] == [INDICATORS, INDICATORS]


def test_the_rest_of_a_table_needs_the_page_before() -> None:
    page = indicator_rows()
    first, _ = typeset(page[:-1], WIDTHS, Style(), top=600.0)
    (upper,) = find_tables(first, [], 1, HEIGHT)
    second, _ = typeset(page[-1:], WIDTHS, Style(), top=40.0)
    assert find_tables(second, [], 2, HEIGHT) == []
    (lower,) = find_tables(second, [], 2, HEIGHT, upper)
    joined = on_one_lattice(upper, lower)
    assert joined[0].n_cols == joined[1].n_cols
    assert read_rows(joined) == INDICATORS


def test_a_label_set_sideways_is_a_label() -> None:
    chars, edges = typeset(indicator_rows(), [20.0 + WIDTHS[0], *WIDTHS[1:]], Style())
    moved = [char._replace(x0=char.x0 + 20, x1=char.x1 + 20) for char in chars]
    middle = (edges[1] + edges[-1]) / 2
    side = [
        Char(text, LEFT + 3, middle - 18 + 9 * k, LEFT + 12, middle - 9 + 9 * k, 9.0, upright=False)
        for k, text in enumerate("绩效指标")
    ]
    (table,) = find_tables([*side, *moved], [], 1, HEIGHT)
    label = next(cell for cell in table.cells if "绩" in cell.text)
    assert label.col == 0
    assert label.row_span >= len(INDICATORS) - 1


PROSE = (
    "为进一步规范预算绩效管理，提高财政资金使用效益，我单位对本年度项目支出开展了绩效自评。",
    "项目全年预算数为1,463.50万元，执行数为1,280.36万元，完成预算的87.5%。",
    "一是加强组织领导，明确责任分工；二是强化资金监管，确保专款专用。",
    "截至年底，累计开展培训12期，参训人员3,560人次，满意度达到96.8%。",
)


def prose(width: float, x: float = LEFT, seed: int = 1, stretch: bool = False) -> list[Char]:
    """A page of paragraphs; `stretch` spreads the characters of each line to its full width."""
    pick = random.Random(seed)
    chars: list[Char] = []
    y = 60.0
    while y < 760:
        text = "　　" + "".join(pick.choice(PROSE) for _ in range(5))
        for line in wrapped(text, width, 10.5):
            spare = width - width_of(line, 10.5)
            step = spare / max(len(line) - 1, 1) if stretch and spare < 40 else 0.0
            chars += [
                c._replace(x0=c.x0 + k * step, x1=c.x1 + k * step)
                for k, c in enumerate(set_line(line, x, y, 10.5))
                if c.text != "　"
            ]
            y += 16.0
        y += pick.choice([0.0, 6.0])
    return chars


@pytest.mark.parametrize("seed", range(4))
def test_prose_gives_no_table(seed: int) -> None:
    assert find_tables(prose(510.0, seed=seed), [], 1, HEIGHT) == []
    assert find_tables(prose(510.0, seed=seed, stretch=True), [], 1, HEIGHT) == []
    newspaper = prose(160.0, seed=seed) + prose(160.0, LEFT + 175, seed + 10) + prose(160.0, LEFT + 350, seed + 20)
    assert find_tables(newspaper, [], 1, HEIGHT) == []


def test_a_table_of_contents_gives_no_table() -> None:
    chars: list[Char] = []
    for k in range(12):
        y = 80.0 + 18 * k
        chars += set_line(f"{k + 1}.", 60.0, y, 10.5)
        chars += set_line(PROSE[k % 4][: 6 + k % 5], 90.0, y, 10.5)
        chars += set_line(str(2 * k + 1), 500.0, y, 10.5)
    assert find_tables(chars, [], 1, HEIGHT) == []
    dotted = [*chars, *(c for k in range(12) for c in set_line("." * 50, 240.0, 80.0 + 18 * k, 10.5))]
    assert find_tables(dotted, [], 1, HEIGHT) == []


def test_a_crowded_page_ends_in_bounded_time() -> None:
    pick = random.Random(3)
    page = [
        char
        for y in range(200)
        for x in range(0, 100, 4)
        for char in set_line(
            "".join(pick.choice("项目资金12.5") for _ in range(4)), 10 + x * 5.5 + pick.random(), 20 + y * 4, 3.0
        )
    ]
    assert len(page) == 20_000
    start = time.process_time()
    find_tables(page, [], 1, HEIGHT)
    assert time.process_time() - start < 10


def test_nothing_gives_nothing() -> None:
    assert find_tables([], [], 1, HEIGHT) == []
    assert find_tables([Char(" ", 10, 10, 15, 20, 10)], [], 1, HEIGHT) == []
    assert find_parts([], [], HEIGHT) == []


WORDS = st.text(alphabet="项目资金绩效指标完成率12345.%—≥", min_size=0, max_size=14)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(WORDS, min_size=5, max_size=5), min_size=4, max_size=9),
    st.sampled_from(["top", "middle"]),
    st.sampled_from([0.0, 1.0, 4.0]),
)
def test_no_character_is_lost_or_doubled_and_no_slot_filled_twice(
    texts: list[list[str]], down: str, pad: float
) -> None:
    chars, _ = typeset([[Set(t) for t in row] for row in texts], (100.0,) * 5, Style(down=down, pad=pad))
    for table in find_tables(chars, [], 1, HEIGHT):
        taken: set[tuple[int, int]] = set()
        for cell in table.cells:
            slots = {
                (r, c)
                for r in range(cell.row, cell.row + cell.row_span)
                for c in range(cell.col, cell.col + cell.col_span)
            }
            assert not slots & taken
            taken |= slots
        assert all(r < len(table.rows) and c < table.n_cols for r, c in taken)
        x0, top, x1, bottom = table.bbox
        inside = [c.text for c in chars if x0 <= c.x0 and c.x1 <= x1 and top <= c.top and c.bottom <= bottom]
        assert sorted(inside) == sorted("".join("".join(cell.text.split()) for cell in table.cells))


def test_cells_stand_where_their_text_stands() -> None:
    chars, _ = typeset(form(), WIDTHS, Style())
    (table,) = find_tables(chars, [], 3, HEIGHT)
    for cell in table.cells:
        assert cell.pages == (3,)
        assert cell.bbox[0] < cell.bbox[2]
    tops = [row.bbox[1] for row in table.rows]
    assert tops == sorted(tops)


def test_doubt_lowers_the_confidence() -> None:
    chars, _ = typeset(indicator_rows(), WIDTHS, Style())
    (table,) = find_tables(chars, [], 1, HEIGHT)
    assert {cell.confidence for cell in table.cells if cell.col >= 2} == {1.0}
    top = next(cell.bbox[1] for cell in table.cells if cell.text == "社会效益指标" and cell.bbox)
    moved = moved_down(chars, "社会效益指标", top - 2, -6.0)
    (doubtful,) = find_tables(by_line(moved), [], 1, HEIGHT)
    assert min(cell.confidence for cell in doubtful.cells) < 1.0


def shared_file(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"{name} is not on this machine")
    return path


def test_ten_forms_of_a_word_processor() -> None:
    """Of 222 rows in 20 pages, all but those cut by a page break have their name, values and deviation in one row."""
    truth = json.loads(shared_file("bench/truth.json").read_text())
    pages = list(read_pages(shared_file("bench/borderless_tt.pdf")))
    rows = 0
    last: UnruledTable | None = None
    for page in pages:
        tables = find_tables(page.chars, page.edges, page.number, page.height, last)
        last = tables[-1] if tables else None
        printed = {
            tuple("".join(cell.text.split()) for cell in sorted(group, key=lambda cell: cell.col))
            for table in tables
            for r in range(len(table.rows))
            for group in [[c for c in table.cells if c.row == r and c.row_span == 1]]
        }
        for wanted in (tuple(v for v in row[2:] if v) for report in truth for row in report["rows"]):
            rows += any(row[-len(wanted) :] == wanted for row in printed)
    assert rows >= 200


def test_drawn_three_line_and_borderless_forms() -> None:
    truth = json.loads(shared_file("devset/truth.json").read_text())
    for name, (report, *_) in truth.items():
        if not name.endswith(("_threeline.pdf", "_borderless.pdf")):
            continue
        texts: set[str] = set()
        for page in read_pages(shared_file(f"devset/{name}")):
            for table in find_tables(page.chars, page.edges, page.number, page.height):
                texts.update("".join(cell.text.split()) for cell in table.cells)
        names = [indicator["l3"] for indicator in report["indicators"]]
        assert [text for text in names if "".join(text.split()) not in texts] == []


def test_a_rule_that_begins_beside_a_joined_cell_shows_where_its_column_ends() -> None:
    from parsers.pdf.implied import implied_uprights
    from parsers.pdf.shapes import Edge

    ends = [(100.0, 40.0), (130.0, 90.0), (150.0, 140.0), (170.0, 90.0), (200.0, 40.0), (220.0, 40.0)]
    level = [Edge("h", pos, start, 550.0, "line") for pos, start in ends]
    assert {(e.pos, e.start, e.end) for e in implied_uprights(level)} == {(90.0, 100.0, 200.0), (140.0, 130.0, 170.0)}
    assert implied_uprights(level[::5]) == []

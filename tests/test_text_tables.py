"""Tables dumped into text: what was dumped is read back, cell by cell, in every dialect and encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Document, Grid, Paragraph
from parsers.text.dialects import blocks_of
from parsers.text.reader import read_text
from parsers.text.wrap import unwrapped

WORDS = [
    "管网改造",
    "水质达标",
    "120.50",
    "≥95%",
    "98%",
    "—",
    "云山县水务局",
    "已完成",
    "其中：",
    "(A)",
    "2,300.00万元",
    "优",
]
CODECS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"]

filled = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map("".join)
spaced = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
cell = st.one_of(st.just(""), filled, spaced)
tall_cell = st.one_of(cell, st.lists(filled, min_size=2, max_size=4).map("\n".join))


def grids(document: Document | list[Grid | Paragraph]) -> list[Grid]:
    blocks = document.blocks if isinstance(document, Document) else document
    return [block for block in blocks if isinstance(block, Grid)]


def paragraphs(document: Document | list[Grid | Paragraph]) -> list[str]:
    blocks = document.blocks if isinstance(document, Document) else document
    return [block.text for block in blocks if isinstance(block, Paragraph)]


def table(grid: Grid) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in grid.rows]
    for each in grid.cells:
        assert each.col == len(rows[each.row])
        rows[each.row].append(each.text)
    return rows


def read(text: str) -> list[Grid | Paragraph]:
    return blocks_of(text.split("\n"))[0]


def one_table(text: str) -> list[list[str]]:
    (grid,) = grids(read(text))
    return table(grid)


def tall_dump(rows: list[list[str]]) -> str:
    return "\n".join("".join(f"\t{text}\n" for text in row) for row in rows)


# --- tab-separated rows -----------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.integers(3, 9).flatmap(lambda width: st.lists(st.lists(cell, min_size=width, max_size=width), min_size=2)))
def test_tab_separated_rows_come_back(rows: list[list[str]]) -> None:
    document = read("项目支出绩效自评表\n" + "\n".join(map("\t".join, rows)) + "\n\n填表人：\n")
    (grid,) = grids(document)
    assert (table(grid), grid.geometry) == (rows, "slots")
    assert paragraphs(document) == ["项目支出绩效自评表", "填表人："]
    assert [place.locator for place in grid.rows] == [f"line {at + 2}" for at in range(len(rows))]


@given(st.lists(st.tuples(st.lists(cell, min_size=2, max_size=8), filled), min_size=2, max_size=12))
def test_rows_without_blank_cells_at_their_end(rows: list[tuple[list[str], str]]) -> None:
    ragged = [[*cells, last] for cells, last in rows]
    assert one_table("\n".join(map("\t".join, ragged))) == ragged


def test_a_blank_line_parts_forms() -> None:
    form = "自评表\t\t\t\n项目名称\t\t路灯改造\t\n总分\t100\t98\t优"
    first, second = grids(read(f"{form}\n\n{form}\n"))
    assert table(first) == table(second)
    assert (first.number, second.number) == (1, 2)
    assert first.rows[0].locator == "line 1"
    assert second.rows[0].locator == "line 5"


def test_forms_parted_by_their_titles_only() -> None:
    form = "项目名称\t路灯改造\t\n总分\t100\t98"
    document = read(f"附件1\n自评表\n{form}\n填表人：   联系电话：\n附件2\n自评表\n{form}\n")
    assert [len(grid.rows) for grid in grids(document)] == [2, 2]
    assert paragraphs(document) == ["附件1", "自评表", "填表人：   联系电话：", "附件2", "自评表"]


def test_rows_cut_by_line_breaks_in_cells_are_joined() -> None:
    text = "\n".join(
        [
            "一级\t二级\t三级\t指标值\t得分\t原因",
            "产出\t数量\t管网\t≥5\t10\t",
            "目标\t任务一：改造；",
            "任务二：维修。\t\t\t\t",
            "效益\t社会\t满意\t≥90\t10\t无",
        ]
    )
    rows = one_table(text)
    assert rows[2] == ["目标", "任务一：改造；\n任务二：维修。", "", "", "", ""]
    assert len(rows) == 4


def test_spreadsheet_quotes_hold_line_breaks() -> None:
    rows = one_table('项目\t金额\t说明\n甲\t5\t"第一行\n第二行""加引号"""\t备注\n乙\t"6"\t无\n')
    assert rows == [["项目", "金额", "说明"], ["甲", "5", '第一行\n第二行"加引号"', "备注"], ["乙", '"6"', "无"]]


def test_a_blank_line_after_every_row() -> None:
    rows = ["项目名称\t路灯改造\t", "一级指标\t三级指标\t得分", "产出\t路灯\t10", "\t亮灯率\t10"]
    assert one_table("自评表\n\n" + "\n\n".join(rows) + "\n\n\n填表人：\n") == [row.split("\t") for row in rows]


def test_a_tabbed_line_of_the_head_is_a_paragraph() -> None:
    assert paragraphs(read("绩效自评报告\n填报单位：\t云山县水务局\n\n一、概况")) == [
        "绩效自评报告",
        "填报单位： 云山县水务局",
        "一、概况",
    ]


def test_a_table_of_contents_is_no_table() -> None:
    document = read("目录\n一、项目概况\t1\n二、绩效分析\t3\n三、存在问题\t12\n")
    assert not grids(document)
    assert len(paragraphs(document)) == 4


def test_counts_under_labels_are_a_table() -> None:
    assert one_table("编制数\t5\n在职人数\t6\n退休人数\t7") == [["编制数", "5"], ["在职人数", "6"], ["退休人数", "7"]]


# --- one cell per line ------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.lists(tall_cell, min_size=2, max_size=8), st.lists(st.lists(tall_cell, min_size=1, max_size=9), min_size=1))
def test_one_cell_per_line_comes_back(first: list[str], others: list[list[str]]) -> None:
    rows = [first, *others]
    document = read(f"附件1\n自评表\n{tall_dump(rows)}\n\n填表人：   填报日期：2024-01-15\n")
    (grid,) = grids(document)
    assert (table(grid), grid.geometry) == (rows, "sequence")
    assert paragraphs(document) == ["附件1", "自评表", "填表人：   填报日期：2024-01-15"]


def test_a_row_of_several_lines_says_which() -> None:
    (grid,) = grids(read("自评表\n\t项目\n资金\n\t\n\t得分\n\n\t总额\n\t5\n"))
    assert [place.locator for place in grid.rows] == ["line 2-5", "line 7-8"]


def test_blank_lines_inside_a_cell() -> None:
    text = (
        "\t编制数\n\t5\n\t实有人数\n\t5\n\n"
        "\t年度任务\n\t任务1：新建泵站。\n\n任务2：改造管网。\n任务3：水质检测。\n\n任务4：巡查。\n\n"
        "\t目标\n\t任务1：甲\n\n任务2：乙\n\t1、甲已完成。\n\n2、乙已完成。\n\n"
        "\t整体\n\n定量目标\n\n完成情况\n\t评价内容\n\t完成情况\n\n"
        "\t得分\n\t95分\n"
    )
    assert one_table(text) == [
        ["编制数", "5", "实有人数", "5"],
        ["年度任务", "任务1：新建泵站。\n任务2：改造管网。\n任务3：水质检测。\n任务4：巡查。"],
        ["目标", "任务1：甲\n任务2：乙", "1、甲已完成。\n2、乙已完成。"],
        ["整体\n定量目标\n完成情况", "评价内容", "完成情况"],
        ["得分", "95分"],
    ]


def test_a_label_centred_by_blank_lines() -> None:
    row = "\t\n\t\n\t社会\n\t满意\n\t5\n"
    text = f"{row}\n{row}\n\t\n\t\n\n\n\n效益指标\n(30分)\n\t满意\n\t5\n\n{row}"
    assert one_table(text)[2] == ["", "效益指标\n(30分)", "满意", "5"] or one_table(text)[2][1] == "效益指标\n(30分)"


def test_a_cell_that_ends_with_blank_lines() -> None:
    row = "\t\n\t质量\n\t验收\n\t≥5\n\t已完成\n"
    text = f"{row}\n\t\n\t产出目标\n\n\n\t验收\n\t≥5\n\t已完成\n\n{row}"
    assert one_table(text)[1] == ["", "产出目标", "验收", "≥5", "已完成"]


def test_prose_between_tables_is_prose() -> None:
    row = "\t产出\n\t数量\n\t10\n\t\n"
    text = (
        f"自评表\n{row}\n{row}\n\n说明：本表由单位填写。\n\n附件3\n\n自评报告\n\n\n一、概况\n本单位职责为供水。\n"
        f"二、问题\n资金不足。\n\n\n附件4\n2023年度项目支出绩效自评表\n{row}\n{row}\n\n\n第一行结语。\n"
    )
    document = read(text)
    assert [len(grid.rows) for grid in grids(document)] == [2, 2]
    assert paragraphs(document)[-1] == "第一行结语。"
    assert all("说明" not in each.text for grid in grids(document) for each in grid.cells)


def test_a_heading_after_a_long_last_cell_is_prose() -> None:
    row = "\t产出\n\t数量\n\t10\n\t雨季施工，进度有所滞后。\n"
    document = read(f"{row}\n{row}\n二、存在问题\n资金不足。\n\n{row}\n{row}")
    assert [len(grid.rows) for grid in grids(document)] == [2, 2]
    assert paragraphs(document) == ["二、存在问题", "资金不足。"]


def test_a_signature_block_stays_in_its_cell() -> None:
    rows = one_table(
        "\t等次\n\t优\n\n\t单位意见：\n\n      负责人（签字）：\n\n      年    月    日\n\n\n\n\n填报人：\n"
    )
    assert rows[1] == ["单位意见：\n负责人（签字）：\n年    月    日"]


def test_rows_cut_by_damage_are_said_to_be() -> None:
    row = "\t产出\n\t数量\n\t完好率\n\t≥95%\n\t5\n"
    blocks, problems = blocks_of(f"{row}\n\t质量\n\t规范\n \t及时率\n\t5\n\n{row}".split("\n"))
    (grid,) = grids(blocks)
    assert table(grid)[1:3] == [["质量", "规范"], ["及时率", "5"]]
    assert [(problem.code, problem.place.locator) for problem in problems if problem.place] == [
        ("row_cut", "line 7-10")
    ]
    assert {each.row for each in grid.cells if each.confidence < 1} == {1, 2}


def test_a_blank_before_every_tab_means_nothing() -> None:
    blocks, problems = blocks_of([" \t产出", " \t5", "", " \t效益", " \t6", ""])
    assert [table(grid) for grid in grids(blocks)] == [[["产出", "5"], ["效益", "6"]]]
    assert not problems


def test_tabs_as_indents_are_prose() -> None:
    text = (
        "\t一、项目概况\n\t本项目由云山县水务局实施，主要用于城区老旧供水管网改造和水质检测。\n"
        "\t全年预算数为120.50万元，执行数为118.20万元，完成预算的98.09%。\n\n\t附件1\n"
    )
    assert not grids(read(text))
    assert len(paragraphs(read(text))) == 4


# --- rows joined by blanks, rows between pipes ------------------------------------------------------------------------

HEAD = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(
            st.lists(st.sampled_from(["管网改造", "水质达标", "已完成"]), min_size=1, max_size=4), st.integers(0, 99)
        ),
        min_size=1,
        max_size=15,
    ),
    st.sampled_from([" ", "  ", "\u3000"]),
)
def test_rows_joined_by_blanks_come_back(rows: list[tuple[list[str], int]], blank: str) -> None:
    cells = [HEAD, *([*words, "98%", str(points), "5"] for words, points in rows)]
    document = read("（2023年度）\n" + "\n".join(map(blank.join, cells)) + "\n填表人：   联系电话：\n")
    (grid,) = grids(document)
    assert (table(grid), grid.geometry) == (cells, "sequence")
    assert paragraphs(document) == ["（2023年度）", "填表人：   联系电话："]


def test_blank_cells_between_single_blanks_are_kept_where_all_rows_agree() -> None:
    cells = [HEAD, ["产出", "数量", "管网", "5", "5", "10", "10"], ["", "质量", "水质", "", "98%", "5", "4"]]
    cells.append(["总分", "", "", "", "", "100", "99"])
    (grid,) = grids(read("\n".join(map(" ".join, cells))))
    assert (table(grid), grid.geometry) == (cells, "slots")


def test_a_form_joined_by_blanks_with_words_parted() -> None:
    text = (
        "项目名称 老旧管网改造\n主管部门 云山县水务局 实施单位 云山县供水中心\n"
        "项目资金（万元） 年初预算数 全年 预算数 全年执行数 分值 执行率 得分\n"
        "其中：当年财政 拨款 120.50 120.50 118.20 — 98.09% —\n"
        "年度总体目标 预期目标 实际完成情况\n完成管网改造，保障供水。 管网改造已完成，供水正常。\n"
        "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及 改进措施\n"
        "产出指标 时效指标 完成时间 2023年12月底前 2023年12月 10 8 雨季施工，进度滞后。\n"
    )
    rows = one_table(text)
    assert rows[2] == ["项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    assert rows[3] == ["其中：当年财政拨款", "120.50", "120.50", "118.20", "—", "98.09%", "—"]
    assert rows[6][-1] == "偏差原因分析及改进措施"
    assert rows[7][-1] == "雨季施工，进度滞后。"


def test_prose_with_blanks_is_prose() -> None:
    text = (
        "项目实施年度： 2023年度  开始时间  2023.01  完成时间 2023.12\n"
        "（一） 全年投入 30 万元，完成 5 项工作。\n（二） 培训 20 次，覆盖 300 人。\n（三） 检测 9 次，合格 9 次。\n"
        "填表人：某某     联系电话：     填报日期：2024-01-15\n"
    )
    assert not grids(read(text))
    assert len(paragraphs(read(text))) == 5


def test_rows_between_pipes() -> None:
    text = "资金表\n| 项目 | 预算 | 执行 |\n|---|---|---|\n| 甲 | 5.00 | |\n| 乙 | 6.00 | 3.00 |\n说明：无\n"
    assert one_table(text) == [["项目", "预算", "执行"], ["甲", "5.00", ""], ["乙", "6.00", "3.00"]]
    drawn = "┌──┬──┐\n│甲│5│\n├──┼──┤\n│乙│6│\n└──┴──┘"
    assert one_table(drawn) == [["甲", "5"], ["乙", "6"]]


# --- all of it as a file ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_both_dialects_in_every_encoding(tmp_path: Path, codec: str, newline: str) -> None:
    rows = [
        ["项目名称", "老旧供水管网改造", "", ""],
        ["资金（万元）", "全年预算数", "全年执行数", "得分"],
        ["", "120.50", "≥98%", "9.8"],
    ]
    text = f"云山县绩效自评表\n{chr(10).join(map(chr(9).join, rows))}\n\n概况如下。\n\n{tall_dump(rows)}\n\n完。\n"
    path = tmp_path / "自评 表.txt"
    path.write_bytes(text.replace("\n", newline).encode(codec))
    document = read_text(path)
    assert [table(grid) for grid in grids(document)] == [rows, rows]
    assert [grid.geometry for grid in grids(document)] == ["slots", "sequence"]
    assert paragraphs(document) == ["云山县绩效自评表", "概况如下。", "完。"]
    assert document.encoding == {"utf-16": "utf-16-le"}.get(codec, codec)
    assert document.problems == ()


HEADS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"]


def test_rows_of_one_cell_a_line_end_in_figures_that_no_head_names() -> None:
    """A column of points whose head is missing is a column of its own, never part of the results."""
    cells = ["产出指标", "数量指标", "指标1:检查批次", "100批", "120批", "6", "指标2:公示率", "100%", "100%", "4"]
    rows = one_table("\n\n".join([*HEADS, *cells, "质量指标", "指标1:合格率", "≥95%", "97%", "5"]))
    assert [row[2:] for row in rows[1:]] == [
        ["指标1:检查批次", "100批", "120批", "6"],
        ["指标2:公示率", "100%", "100%", "4"],
        ["指标1:合格率", "≥95%", "97%", "5"],
    ]


def test_a_numbered_name_begins_a_row_even_where_the_one_before_is_not_filled() -> None:
    lines = ["一级", "指标", "二级指标 三级指标 指标值 完成值", "", "质量指标 指标1.验收率 100% 100%", "指标2.处置率"]
    rows = one_table("\n".join([*lines, "指标3:覆盖率 ≥80% 85%", "时效指标 完成时间 2023年底 2023年底"]))
    assert [row[2:] for row in rows[1:]] == [
        ["指标1.验收率", "100%", "100%"],
        ["指标2.处置率", "", ""],
        ["指标3:覆盖率", "≥80%", "85%"],
        ["完成时间", "2023年底", "2023年底"],
    ]


def test_blank_lines_between_heads_and_rows_do_not_part_a_table() -> None:
    head = "一级指标 二级指标 三级指标 指标值 完成值 未完成原因和改进措施"
    lines = ["数量指标 指标1:乡镇 覆盖12个乡镇。 已覆盖12个乡镇。", "指标2:村组 覆盖30个村。 已覆盖30个村。"]
    rows = one_table("\n".join([head, "", "", *lines]))
    assert [row[2:5] for row in rows[1:]] == [
        ["指标1:乡镇", "覆盖12个乡镇。", "已覆盖12个乡镇。"],
        ["指标2:村组", "覆盖30个村。", "已覆盖30个村。"],
    ]


def test_what_a_blank_form_left_before_the_total_does_not_hide_it() -> None:
    heads = [*HEADS, "分值", "得分"]
    cells = ["产出指标", "数量指标", "指标1:检查批次", "100批", "120批", "90", "88", "指标2:", "……", "总分", "90", "88"]
    assert one_table("\n".join([*heads, *cells]))[-1] == ["总分", "", "", "", "", "90", "88"]


def test_a_list_number_below_an_amount_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(
        "项目资金（万元）情况如下，单位负责\n（一）财政拨款小计 6.30\n1、一般公共预算 6.30\n", encoding="utf-8"
    )
    texts = [block.text for block in read_text(path).blocks if isinstance(block, Paragraph)]
    assert "1、一般公共预算 6.30" in texts


def test_a_few_lines_of_the_same_full_width_among_short_ones_are_wrapped() -> None:
    whole = ["松林县第二人民医院公共卫生服务项目补助资金2023年度绩效自评报告", "一、资金情况", "资金已到位。"]
    whole += [
        "松林县财政局下达松林县第二人民医院公共卫生服务项目补助资金2.00万元，截至12月31日已用2.00万元。",
        "二、结论",
    ]
    wrapped = [line[at : at + 30] for line in whole for at in range(0, len(line), 30)]
    wrapped[-1:] = ["三、其他说明", "医院按照下达的额度组织实施有关项目并结合本地安排统筹使用财政", "资金，做好工作。"]
    assert [line for line in unwrapped(wrapped) if line][:1] == whole[:1]


@pytest.mark.parametrize("width", [9, 11, 14, 17, 20, 22])
def test_a_text_wrapped_at_a_narrow_width_is_whole_again(width: int) -> None:
    told = "本项目年初安排资金2,084.60万元，年中追加315.40万元，全年支出2,351.28万元，支出进度为97.97%，"
    told += "结余48.72万元，已按规定全部交回县财政。"
    wrapped = [told[at : at + width] for at in range(0, len(told), width)]
    assert [line for line in unwrapped(wrapped) if line] == [told]


def test_names_of_one_length_below_each_other_are_no_wrapped_text() -> None:
    names = [f"云山县第{number}中心小学" for number in "一二三四五六七八"]
    assert [line for line in unwrapped(names) if line] == names

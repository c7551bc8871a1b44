"""Rows that a form left blank, in texts and sheets: labels alone, blank lines, strokes, totals set apart (空着的行)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from parsers.extract import extract
from schemas.records import DocumentRecords

TITLE = "2023年度项目支出绩效自评表"
OFFICE = [["项目名称", "泵站维护"], ["主管部门", "松林县水务局"]]
HEADS = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因"]
ROWS = [
    ["产出指标", "数量指标", "检修泵站", "≥12座", "12座", "40", "40"],
    ["时效指标", "检修完成时间", "2023年12月底前", "11月20日", "10", "10"],
    ["成本指标"],
    ["效益指标", "经济效益指标"],
    ["社会效益指标", "排涝能力", "明显提升", "有所提升", "40", "38", "设备老旧"],
    ["生态效益指标"],
    ["可持续影响指标"],
    ["满意度指标", "服务对象满意度指标", "农户满意度", "≥90%", "92%", "10", "10"],
]
READ = [
    ("产出指标", "数量指标", "检修泵站", "≥12座", "12座", 40, 40, None),
    ("产出指标", "时效指标", "检修完成时间", "2023年12月底前", "11月20日", 10, 10, None),
    ("效益指标", "社会效益指标", "排涝能力", "明显提升", "有所提升", 40, 38, "设备老旧"),
    ("满意度指标", "服务对象满意度指标", "农户满意度", "≥90%", "92%", 10, 10, None),
]
TOTAL = ["总　分", "100", "98"]


def read_file(path: Path) -> DocumentRecords:
    return extract(path, document_id="x" * 64, source_uri=str(path), file_name=path.name, size_bytes=1)


def read_text(text: str, folder: Path) -> DocumentRecords:
    path = folder / "form.txt"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def indicators(records: DocumentRecords) -> list[tuple[object, ...]]:
    (evaluation,) = records.evaluations
    return [
        (one.level1, one.level2, one.level3, one.target_raw, one.actual_raw, one.points, one.score, one.deviation)
        for one in evaluation.indicators
    ]


def total_of(records: DocumentRecords) -> Decimal | None:
    return records.evaluations[0].evaluation.total_score


def one_cell_a_line(rows: list[list[str]]) -> str:
    return "\n".join(cell for row in rows for cell in row)


def joined_by_blanks(rows: list[list[str]]) -> str:
    return "\n".join(" ".join(row) for row in rows)


@pytest.mark.parametrize("written", [one_cell_a_line, joined_by_blanks])
def test_dimensions_without_indicators_shift_no_label(written, tmp_path: Path) -> None:
    records = read_text(f"{TITLE}\n{written([*OFFICE, HEADS, *ROWS, TOTAL])}", tmp_path)
    assert indicators(records) == READ
    assert total_of(records) == 98


def test_blank_lines_between_rows_end_no_table(tmp_path: Path) -> None:
    rows = [joined_by_blanks([row]) for row in [*OFFICE, HEADS, *ROWS, TOTAL]]
    text = "\n".join([TITLE, *rows[:5], "", *rows[5:8], "", *rows[8:]])
    records = read_text(text, tmp_path)
    assert indicators(records) == READ
    assert total_of(records) == 98


def test_a_stroke_in_place_of_a_name_is_no_level_of_the_next_row(tmp_path: Path) -> None:
    stroke = [["无"]]
    records = read_text(f"{TITLE}\n{one_cell_a_line([*OFFICE, HEADS, *ROWS[:5], *stroke, *ROWS[5:], TOTAL])}", tmp_path)
    assert [row[:3] for row in indicators(records)] == [row[:3] for row in READ]


def test_numbered_rows_keep_their_numbers_apart(tmp_path: Path) -> None:
    numbered = [[str(at), *row] for at, row in enumerate(ROWS, 1)]
    records = read_text(f"{TITLE}\n{one_cell_a_line([*OFFICE, ['序号', *HEADS], *numbered, TOTAL])}", tmp_path)
    assert indicators(records) == READ


def test_qualitative_rows_need_no_unit(tmp_path: Path) -> None:
    heads = [*HEADS[:4], "计量单位", *HEADS[4:]]
    rows = [["产出指标", "数量指标", "检修泵站", "12", "座", "12", "40", "40"], *ROWS[4:]]
    records = read_text(f"{TITLE}\n{joined_by_blanks([*OFFICE, heads, *rows, TOTAL])}", tmp_path)
    assert indicators(records)[1][2:5] == ("排涝能力", "明显提升", "有所提升")


def test_a_name_like_its_label_begins_no_row(tmp_path: Path) -> None:
    last = ["满意度指标", "服务对象满意度指标", "服务对象满意度", "≥90%", "92%", "10", "10"]
    records = read_text(f"{TITLE}\n{one_cell_a_line([*OFFICE, HEADS, *ROWS[:-1], last, TOTAL])}", tmp_path)
    assert indicators(records)[-1][:3] == ("满意度指标", "服务对象满意度指标", "服务对象满意度")


def test_a_pair_between_single_bars_stands_above_a_table_of_many(tmp_path: Path) -> None:
    rows = [*OFFICE, HEADS, ROWS[0] + [""], ROWS[-1] + [""], ["总分", "", "", "", "", "100", "98", ""]]
    records = read_text("\n".join([TITLE, *(" | ".join(row) for row in rows)]), tmp_path)
    assert records.evaluations[0].evaluation.project_name == "泵站维护"
    assert total_of(records) == 98


@pytest.mark.parametrize(
    "total", ["<table><tr><td colspan=5>总分</td><td>100</td><td>98</td></tr></table>", "<p>总分　　100　　98</p>"]
)
def test_a_total_set_apart_from_its_table_is_read(total: str, tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADS, ROWS[0], ROWS[-1]))
    path.write_text(f"<meta charset=utf-8><h2>{TITLE}</h2><table>{rows}</table>{total}", encoding="utf-8")
    records = read_file(path)
    assert total_of(records) == 98
    assert records.evaluations[0].evaluation.total_points == 100


@pytest.mark.parametrize("gap", [1, 2])
def test_empty_rows_of_a_sheet_part_no_total_from_its_table(gap: int, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([TITLE], *OFFICE, HEADS, ROWS[0], ROWS[-1], *([] for _ in range(gap))):
        sheet.append(row)
    for column, text in ((1, "总分"), (6, "100"), (7, "98")):
        sheet.cell(7 + gap, column, text)
    path = tmp_path / "form.xlsx"
    book.save(path)
    assert total_of(read_file(path)) == 98


def test_a_merged_cell_of_a_sheet_reaches_over_rows_left_blank(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in ([TITLE], *OFFICE, HEADS, ROWS[0], ROWS[-1]):
        sheet.append(row)
    sheet.merge_cells("A6:A8")
    for column, text in ((1, "总分"), (6, "100"), (7, "98")):
        sheet.cell(9, column, text)
    path = tmp_path / "form.xlsx"
    book.save(path)
    assert total_of(read_file(path)) == 98


HEADS_ABOVE = ["绩效指标", "指标名称", *HEADS[3:]]


def in_tabs(rows: list[list[str]]) -> str:
    return "\n".join("\t".join(row) for row in rows)


@pytest.mark.parametrize("written", [one_cell_a_line, joined_by_blanks, in_tabs])
def test_heads_in_two_rows_with_a_head_over_all_levels(written, tmp_path: Path) -> None:
    rows = [*OFFICE, HEADS_ABOVE, HEADS[:3], ROWS[0], ROWS[4], ROWS[7], TOTAL]
    records = read_text(f"{TITLE}\n{written(rows)}", tmp_path)
    (evaluation,) = records.evaluations
    assert [(one.level3, one.target_raw, one.points, one.score) for one in evaluation.indicators] == [
        ("检修泵站", "≥12座", 40, 40),
        ("排涝能力", "明显提升", 40, 38),
        ("农户满意度", "≥90%", 10, 10),
    ]


@pytest.mark.parametrize("written", [one_cell_a_line, joined_by_blanks])
def test_sections_above_numbered_rows_are_their_level(written, tmp_path: Path) -> None:
    heads = ["序号", *HEADS[1:]]
    rows = [
        *OFFICE,
        heads,
        ["一、产出指标"],
        ["1", *ROWS[0][1:]],
        ["2", "成本指标", "检修成本", "≤9万元", "9万元", "5", "5"],
    ]
    rows += [["二、效益指标"], ["3", *ROWS[4]], ["三、满意度指标"], ["4", *ROWS[7][1:]], TOTAL]
    assert [row[:3] for row in indicators(read_text(f"{TITLE}\n{written(rows)}", tmp_path))] == [
        ("产出指标", "数量指标", "检修泵站"),
        ("产出指标", "成本指标", "检修成本"),
        ("效益指标", "社会效益指标", "排涝能力"),
        ("满意度指标", "服务对象满意度指标", "农户满意度"),
    ]


@pytest.mark.parametrize("written", [one_cell_a_line, joined_by_blanks])
def test_funds_without_labels_and_with_labels_nobody_listed(written, tmp_path: Path) -> None:
    plain = [["预算资金（万元）", "年初预算数", "全年执行数", "执行率"], ["80", "76", "95%"]]
    records = read_text(f"{TITLE}\n{written([*OFFICE, *plain, HEADS, ROWS[0], ROWS[7], TOTAL])}", tmp_path)
    (fund,) = records.evaluations[0].funding
    assert (fund.initial_budget_wanyuan, fund.executed_wanyuan) == (80, 76)
    labelled = [["项目资金（万元）", "年初预算数", "全年执行数", "执行率"], ["年度资金总额", "80", "76", "95%"]]
    labelled += [["基本支出", "50", "48", "96%"], ["项目支出", "30", "28", "93.33%"]]
    records = read_text(f"{TITLE}\n{written([*OFFICE, *labelled, HEADS, ROWS[0], ROWS[7], TOTAL])}", tmp_path)
    assert [(one.label, one.executed_wanyuan) for one in records.evaluations[0].funding] == [
        ("年度资金总额", 76),
        ("基本支出", 48),
        ("项目支出", 28),
    ]


def test_the_row_of_the_execution_rate_has_labels_of_its_own(tmp_path: Path) -> None:
    rate = ["预算执行", "预算执行率", "预算资金执行率", "100%", "95%", "10", "9.5"]
    records = read_text(f"{TITLE}\n{one_cell_a_line([*OFFICE, HEADS, rate, *ROWS, TOTAL])}", tmp_path)
    assert indicators(records)[0][:5] == ("预算执行", "预算执行率", "预算资金执行率", "100%", "95%")
    assert indicators(records)[1:] == READ


def test_reasons_of_one_length_are_no_wrapped_text(tmp_path: Path) -> None:
    reason = "因汛期提前部分检修推迟到次年春季"
    rows = [[*row, reason] if len(row) > 5 and row[-1].isdecimal() else row for row in ROWS]
    records = read_text(f"{TITLE}\n{one_cell_a_line([*OFFICE, HEADS, *rows, TOTAL])}", tmp_path)
    assert [row[:3] for row in indicators(records)] == [row[:3] for row in READ]


def test_a_score_told_below_the_heads_of_points_and_score_is_the_score(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in (HEADS, ROWS[0], ROWS[-1]))
    total = "<tr><td colspan=5>总得分</td><td colspan=3>98分</td></tr>"
    path.write_text(f"<meta charset=utf-8><h2>{TITLE}</h2><table>{rows}{total}</table>", encoding="utf-8")
    assert total_of(read_file(path)) == 98


def test_rows_and_heads_that_fill_a_width_by_chance_are_not_joined(tmp_path: Path) -> None:
    heads = ["序号", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    rows = [
        ["1", "检修泵站数量", "≥12座", "12座", "20", "20"],
        ["2", "清理河道长度", "≥30公里", "31公里", "20", "20"],
        ["3", "排涝受益农户", "≥900户", "930户", "20", "19"],
        ["4", "检修验收合格率", "100%", "100%", "20", "20"],
        ["5", "周边农户满意度", "≥90%", "92%", "20", "20"],
    ]
    records = read_text(f"{TITLE}\n{joined_by_blanks([*OFFICE, heads, *rows, ['总分', '100', '99']])}", tmp_path)
    assert [(row[2], row[5], row[6]) for row in indicators(records)] == [
        ("检修泵站数量", 20, 20),
        ("清理河道长度", 20, 20),
        ("排涝受益农户", 20, 19),
        ("检修验收合格率", 20, 20),
        ("周边农户满意度", 20, 20),
    ]

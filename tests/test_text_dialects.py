"""Forms as web pages, mails and converters leave them in a text: read in every dialect, or said to be unread."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.document import Paragraph
from parsers.extract import extract
from parsers.text.dialects import blocks_of
from schemas.numerals import without_blanks
from schemas.quantities import parse_money, parse_number
from schemas.records import DocumentRecords, EvaluationRecords

CELLS = [
    *("项目支出绩效自评表", "（2023年度）"),
    *("项目名称", "松林镇农村供水保障工程", "主管部门", "松林县水利局", "实施单位", "松林镇人民政府"),
    *("项目资金", "（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"),
    *("年度资金总额", "320.50", "300.00", "288.60", "10", "96.20%", "9.62"),
    *("其中：当年财政拨款", "320.50", "300.00", "288.60", "—", "—", "—"),
    *("上年结转资金", "其他资金"),
    *("年度总体目标", "预期目标", "实际完成情况", "新建蓄水池6座。", "新建蓄水池6座，受益1262户。"),
    *("绩效指标", "一级", "指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    "偏差原因分析及改进措施",
    *("产出指标（50分）", "数量指标", "新建蓄水池", "≥6座", "6座", "20", "20"),
    *("铺设供水管道", "≥18公里", "18.4公里", "20", "20"),
    *("时效指标", "按期完工率", "≥95%", "91%", "10", "8.5", "雨季停工，", "下一步提前安排工期"),
    *("效益指标", "社会效益指标", "受益户数", "≥1250户", "1262户", "30", "30"),
    *("满意度指标", "服务对象满意度", "指标", "群众满意度", "≥90%", "94%", "10", "10"),
    *("总分", "100", "98.12"),
]

PIPES = """松林县项目支出绩效自评表 | |||||||
（2023年度） | |||||||
项目名称 | 松林镇农村供水保障工程 | ||||||
主管部门 | 松林县水利局 | 实施单位 | 松林镇人民政府 | ||||
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
年度资金总额 | 320.50 | 300.00 | 288.60 | 10 | 96.20% | 9.62 ||
其中：当年财政拨款 | 320.50 | 300.00 | 288.60 | — | — | — ||
上年结转资金 | | | | — | — | — ||
其他资金 | | | | — | — | — ||
年度总体目标 | 预期目标 | 实际完成情况 | |||||
新建蓄水池6座。 | 新建蓄水池6座，受益1262户。 | ||||||
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
产出指标 | 数量指标 | 新建蓄水池 | ≥6座 | 6座 | 20 | 20 ||
铺设供水管道 | ≥18公里 | 18.4公里 | 20 | 20 ||||
时效指标 | 按期完工率 | ≥95% | 91% | 10 | 8.5 | 雨季停工，下一步提前安排工期 ||
效益指标 | 社会效益指标 | 受益户数 | ≥1250户 | 1262户 | 30 | 30 ||
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 94% | 10 | 10 ||
总分 | 100 | 98.12 ||||||
"""

MARKDOWN = """# 松林县项目支出绩效自评表（2023年度）

| 项目名称 | 松林镇农村供水保障工程 | 主管部门 | 松林县水利局 | 实施单位 | 松林镇人民政府 | | |
|---|---|---|---|---|---|---|---|
| 项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
| | 年度资金总额 | 320.50 | 300.00 | 288.60 | 10 | 96.20% | 9.62 |
| | 其中：当年财政拨款 | 320.50 | 300.00 | 288.60 | — | — | — |
| | 上年结转资金 | | | | — | — | — |
| | 其他资金 | | | | — | — | — |
| 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施 |
| 产出指标 | 数量指标 | 新建蓄水池 | ≥6座 | 6座 | 20 | 20 | |
| | | 铺设供水<br>管道 | ≥18公里 | 18.4公里 | 20 | 20 | |
| | 时效指标 | 按期完工率 | ≥95% | 91% | 10 | 8.5 | 雨季停工，<br/>下一步提前安排工期 |
| 效益指标 | 社会效益指标 | 受益户数 | ≥1250户 | 1262户 | 30 | 30 | |
| 满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 94% | 10 | 10 | |
| 总分 | | | | | 100 | 98.12 | |
"""


def _html() -> str:
    rows = [line.strip().strip("|").split("|") for line in MARKDOWN.splitlines() if line.startswith("| ")]
    cells = ("".join(f"<td>{cell.strip()}</td>" for cell in row) for row in rows)
    return (
        "# 松林县项目支出绩效自评表（2023年度）\n\n说明<table>"
        + "".join(f"<tr>{row}</tr>\n" for row in cells)
        + "</table>"
    )


def _markdown_csv(mark: str) -> str:
    rows = [line.strip().strip("|").split("|") for line in MARKDOWN.splitlines() if line.startswith("| ")]
    lines = []
    for row in rows:
        cells = [cell.strip().replace("<br>", "").replace("<br/>", "\n") for cell in row]
        lines.append(mark.join(f'"{cell}"' if "\n" in cell else cell for cell in cells))
    title = mark.join(["松林县项目支出绩效自评表（2023年度）", *[""] * 7])
    return "\n".join([title, *lines])


DIALECTS = {
    "one cell a line, blank lines between": "\n\n".join(CELLS),
    "one cell a line": "\n".join(CELLS),
    "a whole form in one line": "松林县人民政府门户网站 发布时间：2024-03-01 " + " ".join(CELLS) + "\n",
    "pipes without the cells under merged ones": PIPES,
    "pipes whose rows are parted by line breaks inside cells": PIPES.replace("指标 | ", "指标 |\n").replace(
        "| 10 | ", "| 10 |\n"
    ),
    "Markdown": MARKDOWN,
    "commas": _markdown_csv(","),
    "semicolons": _markdown_csv(";"),
    "HTML inside Markdown": _html(),
}


def read(folder: Path, text: str) -> DocumentRecords:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(text))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_one_form_reads_the_same_in_every_dialect(dialect: str, tmp_path: Path) -> None:
    found = read(tmp_path, DIALECTS[dialect])
    (form,) = found.evaluations
    evaluation = form.evaluation
    assert found.document.status == "ok", found.document.error
    assert (evaluation.fiscal_year, evaluation.project_name) == (2023, "松林镇农村供水保障工程")
    assert (evaluation.department, evaluation.unit) == ("松林县水利局", "松林镇人民政府")
    assert (evaluation.total_points, evaluation.total_score) == (Decimal(100), Decimal("98.12"))
    assert funding(form) == [
        ("年度资金总额", "320.50", "300.00", "288.60", "10", "96.20", "9.62"),
        ("其中：当年财政拨款", "320.50", "300.00", "288.60", None, None, None),
    ]
    assert [(one.level2, one.level3, one.target_raw, one.actual_raw, str(one.score)) for one in form.indicators] == [
        ("数量指标", "新建蓄水池", "≥6座", "6座", "20"),
        ("数量指标", "铺设供水管道", "≥18公里", "18.4公里", "20"),
        ("时效指标", "按期完工率", "≥95%", "91%", "8.5"),
        ("社会效益指标", "受益户数", "≥1250户", "1262户", "30"),
        ("服务对象满意度指标", "群众满意度", "≥90%", "94%", "10"),
    ]
    assert "".join((form.indicators[2].deviation or "").split()) == "雨季停工，下一步提前安排工期"


def funding(form: EvaluationRecords) -> list[tuple[str | None, ...]]:
    columns = ("initial_budget_wanyuan", "annual_budget_wanyuan", "executed_wanyuan")
    columns += ("points", "execution_rate_pct", "score")
    values = [[getattr(row, column) for column in columns] for row in form.funding]
    texts = [[None if value is None else str(value) for value in row] for row in values]
    return [(row.label, *text) for row, text in zip(form.funding, texts, strict=True)]


@pytest.mark.parametrize(
    "dialect", ["one cell a line", "a whole form in one line", "pipes without the cells under merged ones"]
)
def test_rows_made_of_cells_alone_are_less_certain_than_a_grid(dialect: str, tmp_path: Path) -> None:
    (form,) = read(tmp_path, DIALECTS[dialect]).evaluations
    assert all(row.confidence < 1 for row in (*form.funding, *form.indicators) if row.ordinal)


def test_a_form_whose_cells_lost_their_order_is_said_to_be_unread(tmp_path: Path) -> None:
    at = CELLS.index("产出指标（50分）")
    body = CELLS[at:-3]
    found = read(tmp_path, " ".join([*CELLS[:at], *body[::3], *body[1::3], *body[2::3]]))
    assert (found.document.status, found.document.error_code) == ("partial", "rows_lost")


def test_a_figure_that_finds_no_place_is_said(tmp_path: Path) -> None:
    at = CELLS.index("总分")
    found = read(tmp_path, "\n".join([*CELLS[:at], "12", "13.5", "14", *CELLS[at:]]))
    assert found.document.status == "partial"
    assert "line 8" in (found.document.error or "")


@pytest.mark.parametrize("width", [24, 31, 38])
def test_text_of_a_fixed_width_is_made_whole(width: int) -> None:
    sentence = (
        "2023年松林镇农村供水保障工程全年预算2,037.75万元，全年实际执行1,976.62万元，预算执行率97.00%，全部用于蓄水池。"
    )
    paragraph = sentence * 3
    lines = [paragraph[at : at + width] for at in range(0, len(paragraph), width)]
    blocks, problems = blocks_of(["一、资金情况", "", *lines, "", "二、存在问题", "无。"])
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "一、资金情况",
        paragraph,
        "二、存在问题",
        "无。",
    ]
    assert problems == []


def test_answered_mail_is_read_without_its_marks() -> None:
    blocks, _ = blocks_of(["> 项目全年预算120.50万元，", "> 执行118.20万元。"])
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == [
        "项目全年预算120.50万元，",
        "执行118.20万元。",
    ]


@pytest.mark.parametrize(
    ("above", "below", "whole"),
    [
        ("2024年松林镇供水工程全年预算数为12,", "345.60万元，全部到位。", "12,345.60万元"),
        ("2024年松林镇供水工程全年预算数为12,34", "5.60万元，全部到位。", "12,345.60万元"),
        ("2024年松林镇供水工程全年预算数为12345.", "60万元，全部到位。", "12345.60万元"),
    ],
)
def test_a_number_broken_by_a_line_is_one_number(above: str, below: str, whole: str) -> None:
    blocks, _ = blocks_of([above, below])
    (paragraph,) = (block.text for block in blocks if isinstance(block, Paragraph))
    assert whole in paragraph


@pytest.mark.parametrize(
    ("printed", "kept"),
    [
        ("150 46.30", "150 46.30"),
        ("12 14座", "12 14座"),
        ("1 864.00", "1864.00"),
        ("1 234 567", "1234567"),
        ("1,46 3.50", "1,463.50"),
        ("12345\n.67", "12345.67"),
        ("优 抚", "优抚"),
    ],
)
def test_a_blank_between_two_numbers_is_a_border(printed: str, kept: str) -> None:
    assert without_blanks(printed) == kept


def test_two_numbers_in_one_cell_are_no_value() -> None:
    assert parse_money("150 46.30") is None and parse_number("9 8") is None
    quantity = parse_money("1 864.00")
    assert quantity is not None and quantity.value == Decimal(1864)


BROKEN_HEADS = """松林县项目支出绩效自评表
（2023年度）
项目名称 松林镇农村供水保障工程
主管部门 松林县水利局 实施单位 松林镇人民政府
项目资金
（万元）
年初预算数 全年预算数 全年执行数 分值 执行率 得分
年度资金总额： 320.50 300.00 288.60 10 96.20% 9.62
上年结转资金 - -
年度总体目标 预期目标 实际完成情况
新建蓄水池6座。 新建蓄水池6座，受益1262户。
绩效指标 一级
指标
二级指标 三级指标 年度指标值 实际完成值 分值 得分 偏差原因分析及改进措施


（50分）
数量指标 指标1：新建蓄水池 ≥6座 6座 20 20
指标2：铺设供水管道 ≥18公里 18.4公里 20 20
……
时效指标 指标1：雨季前完工 10 8.5
指标2：
效益指标
（30分）
社会效益
指标
受益户数 ≥1250户 1262户 30 30
满意度指标
（10分）
服务对象
满意度指标
群众满意度 ≥90% 94% 10 10
总分 100 98.12
"""


def test_heads_and_levels_that_line_breaks_take_apart_are_whole(tmp_path: Path) -> None:
    found = read(tmp_path, BROKEN_HEADS)
    (form,) = found.evaluations
    assert [row.executed_wanyuan for row in form.funding] == [Decimal("288.60")]
    assert [(i.level1, i.level2, i.level3, i.points, i.score) for i in form.indicators] == [
        ("产出指标", "数量指标", "指标1：新建蓄水池", 20, 20),
        ("产出指标", "数量指标", "指标2：铺设供水管道", 20, 20),
        ("产出指标", "时效指标", "指标1：雨季前完工", 10, Decimal("8.5")),
        ("效益指标", "社会效益指标", "受益户数", 30, 30),
        ("满意度指标", "服务对象满意度指标", "群众满意度", 10, 10),
    ]
    assert form.evaluation.total_score == Decimal("98.12")
    # The label of the first rows is lost but for its points: it follows from level 2, and that is said.
    assert found.document.status == "partial"
    assert [problem.code for problem in found.problems] == ["label_inferred"] * 3


def test_wrapped_text_below_longer_lines_of_a_page_is_made_whole() -> None:
    banner = (
        "本站所有内容均由用户上传，本站不对文档的完整性、权威性及其观点立场的正确性作任何保证或承诺，请自行鉴别。" * 2
    )
    text = "2023年财政预算安排本单位专项资金：饮水监测36.4万元、非税成本17万元、疾病防控39.11万元，用于监测(aefi)等。"
    lines = [text[at : at + 20] for at in range(0, len(text), 20)]
    blocks, _ = blocks_of(["疾病防控项目绩效自评报告", banner, "一、专项概况", *lines])
    assert [block.text for block in blocks if isinstance(block, Paragraph)][-1] == text


def test_labels_with_their_values_on_lines_alike_are_not_joined() -> None:
    lines = [
        "项目名称：松林县农村公路养护",
        "项目单位：松林县公路养护中心",
        "主管部门：松林县交通运输局",
        "评价方式：部门单位绩效自评",
    ]
    blocks, _ = blocks_of(lines)
    assert [block.text for block in blocks if isinstance(block, Paragraph)] == lines

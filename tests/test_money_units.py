"""A unit of money is the whole word, and the nearest one that is printed rules (金额单位)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read

from schemas.units import MoneyUnit, is_money_unit, stated_money_unit, units

D = Decimal
FORM = """
2022年度项目支出绩效自评表
{line}
项目名称 | 渠道清淤 | < | <
实施单位 | 河湾县水利站 | < | <
{side} | 年初预算数{initial} | 全年预算数{annual} | 全年执行数{executed}
年度资金总额{label} | 100 | 200 | {cell}
其中：财政拨款 | 100 | 200 | 150
一级指标 | 三级指标 | 指标值 | 实际完成值
产出指标 | 清淤长度 | ≥20公里 | 21公里
"""


def form(**texts: str) -> str:
    parts = {
        "line": "（2022年度）",
        "side": "项目资金",
        "initial": "",
        "annual": "",
        "executed": "",
        "label": "",
        "cell": "150",
    }
    return FORM.format(**parts | texts)


@pytest.mark.parametrize("word", list(units().money))
@pytest.mark.parametrize(
    "printed", ["（{}）", "单位：{}", "金额单位:人民币{}", "年初预算数（{}）", "（A，{}）", "（{}、%）"]
)
def test_every_unit_of_the_table_is_understood_as_the_whole_word(word: str, printed: str) -> None:
    assert stated_money_unit(printed.format(word)) == MoneyUnit(word, units().money[word])


@pytest.mark.parametrize("word", ["万美元", "港元", "百欧元", "新台币千元", "元/人", "万元/公里", "万港币", "USD"])
@pytest.mark.parametrize("printed", ["（{}）", "单位：{}", "全年预算数（{}）"])
def test_other_money_and_rates_are_units_that_cannot_be_converted(word: str, printed: str) -> None:
    assert stated_money_unit(printed.format(word)) == MoneyUnit(word, None)


@pytest.mark.parametrize(
    "text",
    ["（2022年度）", "（20分）", "（100万元）", "（B/A×100%）", "单位：元旦活动中心", "单位：元氏县教育局",
     "单位：万安县水利局", "各单位万元以上支出", "教学楼（3单元）", "（含结转资金）", "单位：个"],
)  # fmt: skip
def test_words_that_only_look_like_a_unit_state_none(text: str) -> None:
    assert stated_money_unit(text) is None


@pytest.mark.parametrize("value", ["万元", "百元", "人民币百元", "元（保留两位小数）", "万美元"])
def test_a_unit_is_never_an_office(value: str, tmp_path: Path) -> None:
    assert is_money_unit(value)
    records = read(
        f"2022年度项目支出绩效自评表\n单位：{value}\n"
        + FORM.format(line="", side="项目资金", initial="", annual="", executed="", label="", cell="150")
        .replace("实施单位 | 河湾县水利站 | < | <\n", "")
        .split("\n", 3)[3],
        "tabs",
        tmp_path,
    )
    assert records.evaluations[0].evaluation.unit is None


@pytest.mark.parametrize(
    ("texts", "total", "part", "unit_raw"),
    [
        ({"cell": "150万元", "label": "（元）", "executed": "（千元）"}, "150", "15", None),
        ({"label": "（元）", "executed": "（千元）", "line": "单位：亿元"}, "0.015", "15", "元"),
        ({"executed": "（千元）", "side": "项目资金（百元）", "line": "单位：亿元"}, "15", "15", None),
        ({"side": "项目资金（百元）", "line": "单位：亿元"}, "1.5", "1.5", "百元"),
        ({"line": "单位：十万元"}, "1500", "1500", "十万元"),
        ({"initial": "（元）", "annual": "（元）"}, "0.015", "0.015", "元"),
        ({"label": "（元）"}, "0.015", "0.015", "元"),
    ],
    ids=["cell", "row label", "column head", "block head", "line above", "the other heads", "the other labels"],
)
@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_the_nearest_unit_rules(
    kind: str, texts: dict[str, str], total: str, part: str, unit_raw: str | None, tmp_path: Path
) -> None:
    first, second = read(form(**texts), kind, tmp_path).evaluations[0].funding
    assert (first.executed_wanyuan, second.executed_wanyuan) == (D(total), D(part))
    assert first.unit_raw == unit_raw


def test_what_the_document_said_before_rules_a_table_without_a_unit(tmp_path: Path) -> None:
    first, second = (form(line="单位：元"), form().replace("渠道清淤", "泵站维修"))
    records = read(first + "\n" + second.strip(), "docx", tmp_path)
    assert [row.funding[0].executed_wanyuan for row in records.evaluations] == [D("0.015")] * 2


@pytest.mark.parametrize("unit", ["万美元", "港元", "元/人"])
def test_money_that_cannot_be_converted_is_left_out_and_said_so(unit: str, tmp_path: Path) -> None:
    records = read(form(executed=f"（{unit}）", line="单位：万元"), "docx", tmp_path)
    total = records.evaluations[0].funding[0]
    assert (total.annual_budget_wanyuan, total.executed_wanyuan, total.executed_raw) == (200, None, "150")
    assert [(p.code, p.word) for p in records.problems] == [("unit_unknown", unit)] * 2
    assert records.document.status == "partial"


def test_each_cell_tells_its_unit_and_the_worth_of_its_last_digit(tmp_path: Path) -> None:
    records = read(form(executed="（元）", cell="1500.50", line="单位：万元"), "docx", tmp_path)
    cells = {cell.column: cell for cell in records.evaluations[0].funding[0].cells}
    executed, budget = cells["executed_wanyuan"], cells["annual_budget_wanyuan"]
    assert (executed.raw, executed.unit_raw, executed.step) == ("1500.50", "元", D("0.000001"))
    assert (executed.confidence or 0) > 0.99
    assert (budget.raw, budget.unit_raw, budget.step) == ("200", "万元", 1)
    assert records.evaluations[0].funding[0].unit_raw is None


def test_a_table_without_any_unit_is_read_in_wanyuan_and_said_so(tmp_path: Path) -> None:
    records = read(form(), "docx", tmp_path)
    assert [p.code for p in records.problems] == ["unit_not_stated"]
    assert (records.evaluations[0].funding[0].confidence or 1) < 0.8


LOOSE = """
2022年度项目支出绩效自评表
项目名称 | 渠道清淤 | < | <
实施单位 | 河湾县水利站 | < | <
一级指标 | 三级指标 | 指标值 | 实际完成值
产出指标 | 清淤长度 | ≥20公里 | 21公里

受益情况统计表
名称 | 数量 | 补助标准（元/人） | 外资（万美元）
受益农户 | 1,523,000人 | 100000 | 250000
清淤渠道 | 4.29万处 | 1200 | 3
"""


def test_figures_of_a_table_without_a_unit_of_its_own_are_read_whatever_their_size(tmp_path: Path) -> None:
    amounts = read(LOOSE, "docx", tmp_path).evaluations[0].amounts
    assert [(a.label, a.value, a.unit) for a in amounts] == [
        ("受益农户", 1_523_000, "person"),
        ("受益农户", 100_000, "元/人"),
        ("受益农户", 250_000, "万美元"),
        ("清淤渠道", 42_900, "item"),
        ("清淤渠道", 1200, "元/人"),
        ("清淤渠道", 3, "万美元"),
    ]


def test_a_unit_in_the_head_of_other_money_is_that_of_its_column_only(tmp_path: Path) -> None:
    text = form(executed="", line="单位：万元").replace("全年预算数", "结余（元）")
    total = read(text, "docx", tmp_path).evaluations[0].funding[0]
    assert (total.initial_budget_wanyuan, total.executed_wanyuan, total.unit_raw) == (100, 150, "万元")


PAIRS = """
2022年度项目支出绩效自评表
项目名称 | 渠道清淤 | < | <
实施单位 | 河湾县水利站 | < | <
预算数（元）： | 1000000 | 执行数（万元）： | 98
一级指标 | 三级指标 | 指标值 | 实际完成值
产出指标 | 清淤长度 | ≥20公里 | 21公里
"""


@pytest.mark.parametrize("kind", ["tabs", "docx"])
def test_the_label_of_a_pair_states_the_unit_of_its_figure_only(kind: str, tmp_path: Path) -> None:
    total = read(PAIRS, kind, tmp_path).evaluations[0].funding[0]
    assert (total.annual_budget_wanyuan, total.executed_wanyuan) == (100, 98)
    assert [cell.unit_raw for cell in total.cells] == ["元", "万元"]


def test_a_form_whose_money_cannot_be_converted_is_no_empty_form(tmp_path: Path) -> None:
    text = form(line="单位：万美元").split("一级指标")[0]
    records = read(text, "docx", tmp_path)
    assert records.document.status == "partial"
    assert [row.executed_raw for row in records.evaluations[0].funding] == ["150", "150"]

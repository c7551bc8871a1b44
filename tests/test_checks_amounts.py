"""Checks of other tables: parts, summary rows, income − spending = balance."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from test_checks_forms import amount, findings, funding, records

from pipeline.findings import run_checks
from pipeline.reading.one_file import read_file
from schemas.records import Amount, DocumentRecords, DocumentRow

ALL, OFFICE = "全局汇总", "1、机关本级"


def table(*cells: tuple[str, str, str], context: str = "收支情况") -> list[Amount]:
    return [amount(i, label, measure, raw, context=context) for i, (label, measure, raw) in enumerate(cells)]


def rules_of(amounts: list[Amount]) -> list[tuple[str, str]]:
    return [(one.rule, one.severity) for one in findings(records(amounts=amounts))]


def test_a_consistent_table() -> None:
    cells = table(
        (ALL, "收入合计", "225.54"),
        (ALL, "支出合计", "223.04"),
        (ALL, "支出合计/基本支出", "208.04"),
        (ALL, "支出合计/基本支出/人员支出", "136.27"),
        (ALL, "支出合计/基本支出/公用支出", "71.77"),
        (ALL, "支出合计/项目支出", "15"),
        (ALL, "结余", "2.5"),
        (OFFICE, "收入合计", "225.54"),
        (OFFICE, "支出合计", "223.04"),
        (OFFICE, "结余", "2.5"),
    )
    made = run_checks(records(amounts=cells))
    assert [one for one in made if one.outcome == "inconsistent"] == []
    assert {one.rule for one in made if one.outcome == "consistent"} >= {
        "amount_sum",
        "summary_row",
        "income_spending_balance",
    }


def test_a_summary_row_that_differs_from_its_only_member() -> None:
    cells = table((ALL, "三公经费合计", "0.06"), (OFFICE, "三公经费合计", "0"), context="三公经费")
    found = findings(records(amounts=cells))
    assert [(one.rule, one.severity) for one in found] == [("summary_row", "error")]
    assert "0.06" in found[0].message


def test_parts_above_their_total() -> None:
    cells = table((OFFICE, "支出合计", "100.00"), (OFFICE, "基本支出", "80.00"), (OFFICE, "项目支出", "35.00"))
    assert ("amount_sum", "error") in rules_of(cells)


def test_parts_below_their_total() -> None:
    whole = table((OFFICE, "支出合计", "100.00"), (OFFICE, "基本支出", "60.00"), (OFFICE, "项目支出", "35.00"))
    assert rules_of(whole) == [("amount_sum", "warning")]
    partial = table((OFFICE, "收入合计", "100.00"), (OFFICE, "收入合计/财政拨款", "60.00"))
    assert rules_of(partial) == [("amount_sum", "info")]


def test_parts_in_rows_with_a_part_that_has_parts() -> None:
    year = "2022年决算数"
    cells = table(
        ("三公经费", year, "3.20"),
        ("1、公务用车购置和维护经费", year, "2.00"),
        ("其中：公车购置", year, "0.50"),
        ("公车运行维护", year, "1.50"),
        ("2、出国经费", year, "0.00"),
        ("3、公务接待", year, "1.20"),
    )
    made = [one for one in run_checks(records(amounts=cells)) if one.rule == "amount_sum"]
    assert [one.outcome for one in made] == ["consistent", "consistent"]


def test_balance() -> None:
    cells = table((OFFICE, "收入合计", "100.00"), (OFFICE, "支出合计", "90.00"), (OFFICE, "结余", "20.00"))
    assert rules_of(cells) == [("income_spending_balance", "warning")]
    with_carryover = [*cells, amount(3, OFFICE, "上年结转", "5.00", context="上年")]
    assert rules_of(with_carryover) == [("income_spending_balance", "error")]
    that_explains = [*cells, amount(3, OFFICE, "上年结转", "10.00", context="上年")]
    assert rules_of(that_explains) == []


def test_funds_by_nature_against_the_total_line() -> None:
    total = funding(0, "年度资金总额", annual="132.90", executed="130.00")
    sides = [
        amount(0, "按收入性质分/一般公共预算", "全年预算数", "132.90"),
        amount(1, "按支出性质分/基本支出", "全年执行数", "100.00"),
        amount(2, "按支出性质分/项目支出", "全年执行数", "40.00"),
    ]
    found = findings(records([total], amounts=sides))
    assert [(one.rule, one.severity) for one in found] == [("funding_composition", "error")]


def test_an_item_and_its_own_items_are_not_added() -> None:
    cells = table(
        ("收入总计", "金额", "500.00"),
        ("一、财政拨款收入", "金额", "500.00"),
        ("1.一般公共预算拨款", "金额", "450.00"),
        ("2.政府性基金预算拨款", "金额", "50.00"),
        ("二、其他收入", "金额", "0.00"),
        context="收支总表",
    )
    assert rules_of(cells) == []
    wrong = [*cells[:-1], amount(4, "二、其他收入", "金额", "30.00", context="收支总表")]
    assert rules_of(wrong) == [("amount_sum", "error")]


def test_without_numbers_a_figure_that_the_next_ones_add_up_to_is_their_head() -> None:
    cells = table(
        ("收入合计", "金额", "520.00"),
        ("财政拨款收入", "金额", "500.00"),
        ("一般公共预算拨款", "金额", "450.00"),
        ("政府性基金拨款", "金额", "50.00"),
        ("其他收入", "金额", "20.00"),
    )
    assert rules_of(cells) == []


def test_rows_of_different_tables_and_rows_listed_twice_are_not_added() -> None:
    first = [replace(cell, locator=f"p1 table 1 row {i}") for i, cell in enumerate(halves(0))]
    second = [replace(cell, locator=f"p2 table 2 row {i}") for i, cell in enumerate(halves(3))]
    assert rules_of([*first, *second]) == []
    together = run_checks(records(amounts=[*halves(0), *halves(3)]))
    sums = [one for one in together if one.rule == "amount_sum"]
    assert {one.outcome for one in sums} == {"not_checkable"}
    assert "归属不明" in sums[0].message


def halves(at: int) -> list[Amount]:
    """A sheet with spending by purpose, as it is printed in the budget and again in the accounts."""
    rows = (("支出合计", "100.00"), ("一、基本支出", "70.00"), ("二、项目支出", "30.00"))
    return [amount(at + i, label, "金额", raw, context="支出") for i, (label, raw) in enumerate(rows)]


def test_labels_of_two_halves_in_one_row_are_no_figure_and_its_part() -> None:
    cells = table(
        ("二、事业收入", "预算数", "40.00"),
        ("二、事业收入/五、社会保障支出", "预算数", "90.00"),
    )
    assert rules_of(cells) == []


def test_figures_that_belong_to_no_evaluation_are_not_checked() -> None:
    cells = tuple(table((OFFICE, "收入合计", "100.00"), (OFFICE, "支出合计", "90.00"), (OFFICE, "结余", "9.00")))
    assert run_checks(DocumentRecords(DocumentRow("1" * 64, "", ""), amounts=cells)) == ()


def test_a_subtotal_under_a_head_is_the_figure_of_the_head() -> None:
    measures = ("基本支出/小计", "基本支出/人员支出", "基本支出/公用支出")
    held = table(*zip(("局本级",) * 3, measures, ("380.50", "300.25", "80.25"), strict=True))
    slipped = table(*zip(("局本级",) * 3, measures, ("380.50", "300.25", "108.25"), strict=True))
    assert rules_of(held) == []
    assert rules_of(slipped) == [("amount_sum", "error")]


def test_rows_of_other_names_among_the_parts_are_parts_where_they_make_the_total() -> None:
    rows = [("收入合计", "842.60"), ("财政拨款收入", "786.20"), ("捐赠收入", "38.40"), ("其他收入", "18.00")]
    assert rules_of([amount(at, name, "决算数", raw, context="收支") for at, (name, raw) in enumerate(rows)]) == []


ROWS = """
2022年度部门整体支出绩效自评报告
一、基本情况
白石县司法局2022年整体支出绩效自评得分94分，等级为优。
经费情况表（单位：万元）
项目\t2021年决算数\t2022年预算数\t2022年决算数
项目支出\t412.50\t436.00\t428.60
1、业务工作专项\t212.50\t226.00\t{}
2、运行维护专项\t200.00\t210.00\t207.20
公用经费\t96.30\t98.25\t94.15
其中：办公经费\t36.20\t38.00\t35.60
水电差旅费\t42.50\t42.25\t{}
会议培训费\t17.60\t18.00\t17.30
"""


@pytest.mark.parametrize(("project", "travel", "found"), [
    ("221.40", "41.25", []),
    ("241.40", "41.25", ["448.60万元"]),
    ("221.40", "61.25", ["114.15万元"]),
])  # fmt: skip
def test_a_row_is_what_its_other_columns_show_it_is_made_of(
    tmp_path: Path, project: str, travel: str, found: list[str]
) -> None:
    path = tmp_path / "report.txt"
    path.write_text(ROWS.format(project, travel), encoding="utf-8")
    checks = read_file(str(path)).checks
    odd = [check for check in checks if check.rule == "amount_rows" and check.outcome == "inconsistent"]
    assert [check.expected for check in odd] == found

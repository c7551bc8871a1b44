"""What heads mean: words listed whole, words of which a part is listed, and words nobody listed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from form_build import read

from schemas.lexicon import lexicon, normalise

D = Decimal
FORM = """
2022年度项目支出绩效自评表
项目名称 | 渠道清淤 | < | < | <
实施单位 | 河湾县水利站 | < | < | <
项目资金（万元） | {first} | {second} | {third} | 执行率
年度资金总额 | 100 | 120 | 60 | {rate}
其中：财政拨款 | 100 | 120 | 60 | {rate}
一级指标 | 三级指标 | 指标值 | 实际完成值 | 偏差原因
产出指标 | 清淤长度 | ≥20公里 | 21公里 |
"""
MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "executed_wanyuan")


def funding(
    tmp_path: Path, first: str, second: str, third: str, rate: str = "50%"
) -> tuple[list[Decimal | None], str, list[str]]:
    records = read(FORM.format(first=first, second=second, third=third, rate=rate), "docx", tmp_path)
    total = records.evaluations[0].funding[0]
    words = [problem.word for problem in records.problems if problem.code == "unknown_header" and problem.word]
    return [getattr(total, name) for name in MONEY], records.document.status, words


@pytest.mark.parametrize("word", ["年中追加后预算", "预算（追加后）", "追加后的预算"])
def test_a_head_that_may_be_the_budget_is_never_taken_for_other_money(word: str, tmp_path: Path) -> None:
    assert funding(tmp_path, "年初预算数", word, "全年执行数") == ([100, None, 60], "partial", [word])


@pytest.mark.parametrize("word", ["支出（不含结转）", "扣除结余后支出", "结转后实支出"])
def test_nor_is_one_that_may_be_the_spending(word: str, tmp_path: Path) -> None:
    values, status, _ = funding(tmp_path, "年初预算数", "全年预算数", word)
    assert status == "partial" or values[2] == 60


@pytest.mark.parametrize("word", ["年中追加", "追加预算", "结余资金", "未支付", "预拨资金", "统筹整合资金数"])
def test_other_money_that_is_listed_is_no_problem(word: str, tmp_path: Path) -> None:
    assert funding(tmp_path, "全年预算数", word, "全年执行数", "60%") == ([None, 100, 60], "ok", [])


@pytest.mark.parametrize(
    ("words", "values"),
    [
        (("下达", "结余", "拨付"), [None, 100, 60]),
        (("年初预算", "下达数", "已拨付"), [100, 120, 60]),
        (("全年预算数", "下达数", "执行数"), [None, 100, 60]),
        (("全年预算数", "拨付数", "执行数"), [None, 100, 60]),
    ],
)
def test_what_was_released_and_paid_out_stand_for_budget_and_spending_where_the_table_has_none(
    words: tuple[str, str, str], values: list[int | None], tmp_path: Path
) -> None:
    assert funding(tmp_path, *words)[0] == values


def test_a_guess_costs_confidence(tmp_path: Path) -> None:
    listed, guessed = (
        read(FORM.format(first="年初预算数", second=word, third="全年执行数", rate="50%"), "docx", tmp_path)
        for word in ("全年预算数", "县级全年预算")
    )
    before, after = listed.evaluations[0].funding[0], guessed.evaluations[0].funding[0]
    assert after.annual_budget_wanyuan == before.annual_budget_wanyuan == 120
    assert (after.confidence or 0) < (before.confidence or 0)


@pytest.mark.parametrize(
    "word", ["全年执行数B", "全年执行数（B）", "B全年执行数", "执行率B/A", "执行率（B/A×100%）", "执行率=B/A"]
)
def test_the_letter_of_a_column_is_no_part_of_its_word(word: str) -> None:
    assert lexicon().column(word) in ("executed", "execution_rate")
    assert not lexicon().guesses_column(word)


def test_a_lone_initial_budget_is_the_initial_budget(tmp_path: Path) -> None:
    form = """
    2022年度项目支出绩效目标申报表
    项目名称 | 渠道清淤 | <
    项目资金（万元） | < | 年初预算数
    年度资金总额 | < | 186.40
    其中：当年财政拨款 | < | 150.00
    一级指标 | 三级指标 | 年度指标值
    产出指标 | 清淤长度 | ≥20公里
    """
    rows = read("\n".join(line.strip() for line in form.split("\n")), "docx", tmp_path).evaluations[0].funding
    assert [(row.initial_budget_wanyuan, row.annual_budget_wanyuan) for row in rows] == [
        (D("186.4"), None),
        (150, None),
    ]


@pytest.mark.parametrize(
    ("word", "concept"),
    [("预算执行进度(%)", "execution_rate"), ("总体完成率(%)", "completion_rate"), ("指标(目标)值", "target"),
     ("年终完成值", "actual"), ("复核分", "other_score"), ("预算到位(D/C)", "other_rate"),
     ("预算执行(E/C)", "execution_rate"),
     ("项目总得分", "score"), ("单项指标得分", "score"), ("资金使用率", "execution_rate"), ("清算资金", "other_money"),
     ("支付率", "execution_rate"), ("使用率", "execution_rate"), ("未支", "other_money"), ("全年实际值(B)", "actual")],
)  # fmt: skip
def test_words_of_forms_seen_since(word: str, concept: str) -> None:
    assert lexicon().column(word) == concept


@pytest.mark.parametrize(
    ("word", "concept"),
    [
        ("年初批复预算金额", "initial_budget"),
        ("年中调整后预算数", "annual_budget"),
        ("全年累计支付金额", "executed"),
        ("年末实际完成值", "actual"),
        ("差异说明", "deviation"),
        ("应得分", "points"),
        ("单位自评分数", "score"),
        ("计分规则及说明", "criteria"),
    ],
)
def test_a_head_that_puts_known_parts_together_is_known_whole(word: str, concept: str) -> None:
    assert (lexicon().column(word), lexicon().guesses_column(word)) == (concept, False)


def test_what_is_made_of_parts_is_written_as_words_are_compared() -> None:
    words = [word for concept in (*lexicon().columns, *lexicon().keys, lexicon().totals) for word in concept.words]
    assert [word for word in words if normalise(word) != word] == []

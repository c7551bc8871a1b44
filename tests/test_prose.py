"""Figures in sentences: names, kinds, years, and the compositions a check can verify from the rows alone."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.document import Paragraph, Place
from parsers.interpret.identity import owned
from parsers.interpret.prose import (
    AmountDraft,
    amount_records,
    read_amounts,
    read_figures,
    read_sections,
    section_records,
)
from parsers.interpret.prose_words import measure_of
from schemas.stored import to_arrow

D = Decimal
REPORTS = Path(__file__).parents[1].parent / "shared" / "reports"


def paragraphs(*texts: str) -> list[Paragraph]:
    return [Paragraph(text, Place(f"line {number}")) for number, text in enumerate(texts, 1)]


def amounts(*texts: str, year: int | None = 2022) -> list[AmountDraft]:
    return read_amounts(paragraphs(*texts), year)


def composed(drafts: list[AmountDraft]) -> list[tuple[str, str, list[str]]]:
    """Every composition: its role, the total as printed, the parts as printed."""
    return [
        (total.role or "", total.quantity.raw, [d.quantity.raw for d in drafts if (d.part_of, d.role) != (None, "share")
         and d.part_of == total.total_of and d.role != "share"])
        for total in drafts
        if total.total_of is not None
    ]  # fmt: skip


def kinds(drafts: list[AmountDraft]) -> list[tuple[str, str | None, int | None]]:
    return [(draft.label, draft.measure, draft.fiscal_year) for draft in drafts]


def test_a_digest_in_one_sentence() -> None:
    drafts = amounts("项目全年预算数为578.71万元，执行数为533.87万元，完成预算的92.25%。")
    assert kinds(drafts) == [
        ("项目全年预算数", "annual_budget", 2022),
        ("执行数", "executed", 2022),
        ("完成预算", "execution_rate", 2022),
    ]
    assert {draft.context for draft in drafts} == {"项目全年预算数为578.71万元，执行数为533.87万元，完成预算的92.25%。"}
    assert composed(drafts) == []


def test_the_stages_of_a_budget() -> None:
    drafts = amounts(
        "年初预算为100万元，追加20万元，调减5万元，调整后预算115万元，到位115万元，支出110万元，结余5万元，上年结转3万元。"
    )
    assert [draft.measure for draft in drafts] == [
        "initial_budget", "increased", "reduced", "annual_budget", "arrived", "executed", "balance", "carryover"
    ]  # fmt: skip


def test_years() -> None:
    drafts = amounts("2021年支出5万元，2022年支出6万元。上年支出7万元，支出8万元。", year=2023)
    assert [draft.fiscal_year for draft in drafts] == [2021, 2022, 2022, 2023]
    assert amounts("支出8万元。", year=None)[0].fiscal_year is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("基本支出100万元，其中：人员经费75万元，占基本支出的75%；公用经费25万元，占基本支出的25%。",
         [("total", "100万元", ["75万元", "25万元"])]),
        ("现有6人，其中：在编5人；退休1人。内设1个科室。", [("total", "6人", ["5人", "1人"])]),
        ("下达资金63万元。按照要求：其中测评费15万元。村网络服务费6万。平台服务费7万元。维护费15万元；平台（含34个系统）"
         "升级费20万元，无结余。", [("total", "63万元", ["15万元", "6万", "7万元", "15万元", "20万元"])]),
        ("县级配套资金30万元，去年节约40万元，共计63万元，投入测评费15万元。",
         [("sum", "63万元", ["30万元", "40万元"])]),
        ("总支出100万元，其中：基本支出60万元（其中：人员40万元，公用20万元），项目支出40万元。",
         [("total", "100万元", ["60万元", "40万元"]), ("total", "60万元", ["40万元", "20万元"])]),
        ("总支出100万元，其中：基本支出60万元（人员40万元、公用20万元），项目支出40万元。",
         [("total", "100万元", ["60万元", "40万元"]), ("total", "60万元", ["40万元", "20万元"])]),
        ("总支出100万元，其中：基本支出60万元，其中人员40万元、公用20万元；项目支出40万元。",
         [("total", "100万元", ["60万元", "40万元"]), ("total", "60万元", ["40万元", "20万元"])]),
        ("总支出100万元，其中基本支出60万元，其中人员40万元，公用20万元，项目支出40万元。",
         [("total", "100万元", ["60万元", "40万元"]), ("total", "60万元", ["40万元", "20万元"])]),
        ("总支出100万元，其中基本支出60万元，其中人员41万元，公用23万元，项目支出40万元。",
         [("total", "100万元", ["60万元"])]),
        ("预算总额1000万元，其中财政拨款900万元，自筹100万元，实际支出950万元，执行率95%。",
         [("total", "1000万元", ["900万元", "100万元"])]),
        ("收入总计20万元，其中拨款15万元，其他5万元；支出总计18万元，其中基本支出10万元、项目支出8万元。",
         [("total", "20万元", ["15万元", "5万元"]), ("total", "18万元", ["10万元", "8万元"])]),
        ("项目预算50万元，甲设备10万元，乙设备40万元，共计50万元。", [("sum", "50万元", ["10万元", "40万元"])]),
        ("甲乡10万元，乙乡20万元，丙乡30万元，合计61万元。", [("sum", "61万元", ["10万元", "20万元", "30万元"])]),
        ("年初预算100万元，调减20万元，合计80万元。", [("sum", "80万元", ["100万元", "20万元"])]),
        ("一月支出5万元，二月支出6万元，全年累计支出100万元。", []),
        ("培训3期，每期50人，合计150人次。", []),
        ("评分均达到90分以上。其中，甲医院99.24分。乙医院96.53分。", []),
        ("支出100万元。其中有的项目进展缓慢，应当加快。乙项目支出20万元。", []),
    ],
)  # fmt: skip
def test_compositions(text: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert composed(amounts(text)) == expected


def test_a_list_below_its_total() -> None:
    drafts = amounts("支出合计100万元，其中：", "1.人员经费60万元；", "2.公用经费40万元。", "二、其他情况100万元")
    assert composed(drafts) == [("total", "100万元", ["60万元", "40万元"])]


def test_a_part_knows_its_path_and_a_share_its_part() -> None:
    drafts = amounts("2022年我单位基本支出是132.90万元，其中：人员经费：75.65万元，占基本支出的56.92%。")
    assert [(d.label, d.measure, d.role) for d in drafts] == [
        ("基本支出", "executed", "total"),
        ("基本支出/人员经费", None, "part"),
        ("基本支出/人员经费", "share", "share"),
    ]
    total, part, share = drafts
    assert total.total_of == part.part_of == share.part_of and total.total_of


def test_a_share_names_its_base() -> None:
    named = amounts("三公经费10万元，公务接待费5万元，占三公经费的50%。")
    unknown = amounts("公务接待费5万元，占三公经费的50%。")
    assert [d.role for d in named] == ["total", "part", "share"]
    assert [d.role for d in unknown] == [None, None]


def test_names_given_together() -> None:
    drafts = amounts("人员经费、公用经费和项目支出分别为10万元、20万元、30万元。")
    assert [draft.label for draft in drafts] == ["人员经费", "公用经费", "项目支出"]


@pytest.mark.parametrize(
    "sentence, figures",
    [
        ("贫血率由4.2%下降到3.6%", [("贫血率", "rate", "4.2"), ("贫血率", "rate", "3.6")]),
        ("家长满意度提高至95.3%", [("家长满意度", "satisfaction", "95.3")]),
        (
            "全年预算由1200万元调整为1450万元",
            [("全年预算", "annual_budget", "1200"), ("全年预算", "annual_budget", "1450")],
        ),
        ("预算执行率较上年提高5.2个百分点", [("预算执行率较上年提高", "change", "5.2")]),
        ("完成率90%到95%", []),
    ],
)
def test_what_something_changed_to_is_no_change(sentence: str, figures: list[tuple[str, str, str]]) -> None:
    drafts = amounts(sentence)
    assert [(d.label, d.measure, d.quantity.value) for d in drafts] == [(n, m, D(v)) for n, m, v in figures]
    assert {d.fiscal_year for d in drafts} <= {2022}


def test_a_comparison_is_not_the_whole_of_the_parts_after_it() -> None:
    drafts = amounts("收入总计1856.32万元，比上年增加125.4万元，其中财政拨款1700万元，事业收入156.32万元。")
    assert composed(drafts) == [("total", "1856.32万元", ["1700万元", "156.32万元"])]
    assert [d.fiscal_year for d in drafts] == [2022] * 4


def test_points_and_the_score_behind_them_are_of_one_thing() -> None:
    drafts = amounts("预算配置15分得14分，产出和效率50分得46分。")
    assert [(d.label, d.measure) for d in drafts] == [
        ("预算配置", "points"),
        ("预算配置", "score"),
        ("产出和效率", "points"),
        ("产出和效率", "score"),
    ]


def test_amounts_with_a_currency_sign_and_wide_thousands() -> None:
    drafts = amounts("预算为叁佰贰拾万元整（￥3,200,000.00），改造单位1，268家。")
    assert [d.quantity.value for d in drafts] == [320, 320, 1268]


def test_a_grade_behind_the_score_and_a_quoted_word_in_the_name() -> None:
    found = read_figures(paragraphs("2022年度“明厨亮灶”建设项目绩效自评报告", "该项目得分96.5分，为优。"))
    assert found.grade is not None and found.grade[0] == "优"
    assert found.project_name is not None and found.project_name[0] == "“明厨亮灶”建设项目"


def test_quotation_marks_are_no_part_of_a_name() -> None:
    assert [d.label for d in amounts("“三公”经费预算12.8万元。")] == ["三公经费预算"]


def test_a_signature_with_a_date_in_chinese_numerals() -> None:
    found = read_figures(
        paragraphs(
            "关于2021年度养老保险补助资金绩效自评情况的报告", "报告如下。", "南湾县民政局", "二〇二二年四月二十日"
        )
    )
    assert found.unit is not None and found.unit[0] == "南湾县民政局"
    assert found.report_date is not None and str(found.report_date[0]) == "2022-04-20"
    assert found.project_name is not None and found.project_name[0] == "养老保险补助资金"


def test_what_is_no_figure() -> None:
    assert (
        amounts("根据“46312”框架和2017版规范（某财〔2021〕34号），2021年12月25日第3次会议通过，65岁以上老人受益。")
        == []
    )


def test_rows_are_free_of_private_data() -> None:
    (draft,) = amounts("组长：王小明，电话13900000000，支出5万元。")
    assert "王小明" not in draft.context and "13900000000" not in draft.context


def test_drafts_become_rows() -> None:
    drafts = amount_records(amounts("支出1.5亿元，执行率92.25%。"))
    rows = owned(drafts, count(7), "doc", "doc-000")
    assert [(r.ordinal, r.value, r.unit, r.value_raw, r.origin) for r in rows] == [
        (7, D(15000), "wanyuan", "1.5亿元", "prose"),
        (8, D("92.25"), "pct", "92.25%", "prose"),
    ]
    assert to_arrow("amounts", rows).num_rows == 2
    sections = section_records(read_sections(paragraphs("一、项目概况", "建设道路。")))
    assert to_arrow("sections", sections).num_rows == 1


texts = st.lists(
    st.sampled_from(
        ["其中", "：", "，", "；", "。", "（", "）", "共计", "占", "的", "支出", "预算", "10万元", "20万元", "30万元",
         "50%", "5人", "2022年", "一、", "1.", "\n", "自评得分为", "95分", "等级为", "优", "甲"]
    ),
    max_size=25,
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.one_of(texts, st.text(max_size=40)), max_size=4))
def test_no_text_raises_and_compositions_are_whole(lines: list[str]) -> None:
    drafts = amounts(*lines)
    totals = [draft.total_of for draft in drafts if draft.total_of]
    assert len(totals) == len(set(totals))
    assert {draft.part_of for draft in drafts if draft.part_of} == set(totals)
    assert all(draft.role in ("total", "sum") for draft in drafts if draft.total_of)
    read_figures(paragraphs(*lines))
    read_sections(paragraphs(*lines))


@pytest.mark.parametrize(
    "unit", ["支出10万元，", "其中10万元", "（", "占5万元50%", "共计1万元", "一、", "等级为优", "甲"]
)
def test_a_long_paragraph_is_read_in_bounded_time(unit: str) -> None:
    text = unit * (12_000 // len(unit))
    started = time.process_time()
    amounts(text)
    read_figures(paragraphs(text))
    assert time.process_time() - started < 10


def real(prefix: str) -> list[Paragraph]:
    found = sorted(REPORTS.glob(f"{prefix}_*.txt")) if REPORTS.is_dir() else []
    if not found:
        pytest.skip("没有真实报告可读")
    return paragraphs(*found[0].read_text("utf-8-sig").splitlines())


def test_real_report_in_prose() -> None:
    drafts = read_amounts(real("000"), 2021)
    assert composed(drafts) == [
        ("total", "63.185万元", ["15.00万元", "6万", "7.185万元", "15.00万元", "20.00万元"]),
        ("sum", "63.185万元", ["30万元", "40万元"]),
    ]
    stated = read_figures(real("000"))
    assert stated.total_score is not None and stated.total_score[:2] == (D("94.8"), "94.8分")
    assert stated.grade is not None and stated.grade[0] == "优"
    assert stated.fiscal_year is not None and stated.fiscal_year[0] == 2021


def test_real_reports_have_their_counts_and_shares() -> None:
    values = {(draft.quantity.value, draft.quantity.unit) for draft in read_amounts(real("001"), 2022)}
    assert {(D(5), "wanyuan"), (D(5236), "person"), (D(42949), "case")} <= values
    roles = [(d.quantity.raw, d.role) for d in read_amounts(real("002"), 2022) if d.label.startswith("基本支出")]
    assert roles == [
        ("132.90万元", "total"), ("75.65万元", "part"), ("56.92%", "share"), ("57.25万元", "part"), ("43.08%", "share")
    ]  # fmt: skip


@pytest.mark.parametrize("words", ["未支付资金", "剩余未支", "尚未支付", "未支出", "未拨付", "未完成支付"])
def test_what_is_not_paid_is_not_executed(words: str) -> None:
    assert measure_of(words, "wanyuan").code == "balance"

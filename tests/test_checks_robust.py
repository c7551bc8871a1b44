"""No records whatever make the checks raise: they run in the ingest of files nobody has seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks_forms import ID, records

from pipeline.findings import run_checks
from schemas.records import Amount, FundingRow, Indicator

ODD = ("0", "0.00", "1", "10", "100", "-5", "0.004", "0.000001", "1E+3", "9999999999999", "33.33")
values = st.one_of(
    st.none(), st.sampled_from([Decimal(text) for text in ODD]), st.decimals(-(10**13), 10**13, places=6)
)
raws = st.one_of(st.none(), st.sampled_from(("0", "0.00", "—", "10", "1,000.00", "约5万元", "100%", "1", "乱码", "")))
labels = st.sampled_from(
    ("年度资金总额", "其中：财政拨款", "中央", "省级", "其他资金", "上年结转", "汇总", "支出合计/基本支出", "")
)
sources = st.sampled_from(
    ("total", "fiscal", "central", "provincial", "carryover", "other", "unit_funds", "self_raised")
)
names = st.one_of(st.none(), labels)

funding_rows = st.builds(
    FundingRow,
    evaluation_id=st.just("e0"),
    ordinal=st.just(0),
    label=labels,
    source=sources,
    role=st.sampled_from(("total", "component")),
    **{f"{c}_wanyuan": values for c in ("initial_budget", "annual_budget", "executed", "arrived")},
    **{f"{c}_raw": raws for c in ("initial_budget", "annual_budget", "executed", "arrived", "execution_rate", "score")},
    **dict.fromkeys(("points", "execution_rate_pct", "score"), values),
    unit_raw=st.sampled_from((None, "元", "万元", "亿元")),
    confidence=st.sampled_from((None, 0.3, 1.0)),
)
indicators = st.builds(
    Indicator,
    evaluation_id=st.just("e0"),
    ordinal=st.just(0),
    level1=names,
    level1_points=values,
    level3=names,
    target_op=st.sampled_from((None, ">=", "<=", ">", "<", "=", "range")),
    target_value=values,
    target_high=values,
    target_unit=st.sampled_from((None, "%", "万元", "元", "人", "(人)", "元/亩")),
    actual_value=values,
    actual_unit=st.sampled_from((None, "%", "万元", "元", "人次", "元/亩")),
    points=values,
    points_raw=raws,
    score=values,
    score_raw=raws,
)
figures = st.builds(
    Amount,
    document_id=st.just(ID),
    label=labels,
    measure=st.one_of(
        names, st.sampled_from(("executed", "execution_rate", "annual_budget", "结余", "收入合计", "score"))
    ),
    value=values,
    unit=st.sampled_from((None, "wanyuan", "pct", "person", "point")),
    value_raw=raws,
    unit_raw=st.sampled_from((None, "元", "万元", "人")),
    origin=st.sampled_from(("table", "prose")),
    role=st.sampled_from((None, "total", "sum", "part", "share")),
    part_of=st.sampled_from((None, "a", "b")),
    total_of=st.sampled_from((None, "a", "b")),
)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(funding_rows, max_size=6),
    st.lists(indicators, max_size=5),
    st.lists(figures, max_size=8),
    st.tuples(values, values),
    st.sampled_from((None, "优", "不合格", "???")),
)
def test_no_records_make_the_checks_raise(
    rows: list[FundingRow],
    scored: list[Indicator],
    amounts: list[Amount],
    totals: tuple[Decimal | None, Decimal | None],
    grade: str | None,
) -> None:
    document = records(
        [replace(row, ordinal=i) for i, row in enumerate(rows)],
        [replace(row, ordinal=i) for i, row in enumerate(scored)],
        [replace(row, ordinal=i) for i, row in enumerate(amounts)],
        grade=grade,
        fiscal_year=2022,
        report_date=date(2022, 6, 1),
    )
    one = document.evaluations[0]
    evaluation = replace(one.evaluation, total_points=totals[0], total_score=totals[1])
    made = run_checks(replace(document, evaluations=(replace(one, evaluation=evaluation),)))
    assert len({check.check_id for check in made}) == len(made)
    for check in made:
        difference = check.difference_value
        assert difference is None or difference == difference.quantize(Decimal("0.000001")) < 10**18

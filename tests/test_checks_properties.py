"""Properties: clean forms of every shape raise no error, and one error above the rounding is always found."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from test_checks_forms import errors, findings, funding, indicator, money, number, records

from pipeline.checks.config import default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.relations import intervals_of
from pipeline.checks.run import made_on
from pipeline.findings import run_checks
from pipeline.localise.constraints import holds
from schemas.records import DocumentRecords, FundingRow

SETTINGS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)

LISTS: tuple[tuple[tuple[str, ...], bool], ...] = (
    (("其中：当年财政拨款", "上年结转资金", "其他资金"), True),
    (("其中：财政拨款", "其他资金"), True),
    (("其中：中央补助", "地方资金", "其他资金"), True),
    (("其中：中央资金", "省级资金", "市县资金", "其他资金"), True),
    (("财政资金", "财政专户管理资金", "单位资金", "其他资金"), True),
    (("其中：财政拨款",), False),
    (("其中：当年财政拨款", "上年结转资金"), False),
    ((), False),
)
COLUMNS = ("initial", "annual", "executed")


def shown(value: Decimal, decimals: int, commas: bool = False) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{rounded:,f}" if commas else f"{rounded:f}"


@st.composite
def amounts(draw: st.DrawFn, count: int) -> list[list[int]]:
    """元 amounts of each part: initial, annual, executed; zero columns and overspending happen."""
    big = st.integers(0, 9_999_999_999)
    rows = []
    for _ in range(count):
        initial = draw(st.one_of(st.just(0), big))
        annual = draw(st.one_of(st.just(initial), st.just(0), big))
        executed = draw(st.one_of(st.just(annual), st.integers(0, annual or 1), big))
        rows.append([initial, annual, executed])
    return rows


@st.composite
def clean_forms(draw: st.DrawFn) -> DocumentRecords:
    """A form whose printed numbers all come from the same exact 元 values and scores, printed in some style."""
    labels, complete = draw(st.sampled_from(LISTS))
    unit = draw(st.sampled_from(("元", "万元")))
    factor = Decimal(1) if unit == "元" else Decimal("0.0001")
    decimals = draw(st.integers(0, 6 if unit == "万元" else 2))
    mixed = draw(st.booleans())
    parts = draw(amounts(max(1, len(labels))))
    rest = draw(st.integers(0, 10**9)) if labels and not complete else 0
    exact = [sum(part[i] for part in parts) + rest for i in range(3)]
    total = exact if labels else parts[0]

    def cell(value: int) -> str:
        places = draw(st.integers(0, 6)) if mixed else decimals
        return shown(value * factor, places, draw(st.booleans()))

    rate, score = "—", "—"
    points = draw(st.sampled_from(("10", "20", "10.00")))
    base = total[draw(st.sampled_from((0, 1)))]
    share = Decimal(0)
    if base > 0:
        share = Decimal(total[2]) / base * 100
        rate = shown(share, draw(st.integers(0, 2))) + draw(st.sampled_from(("", "%")))
        assume(share < 100_000)
        exact_score = min(Decimal(points), Decimal(points) * share / 100)
        score = shown(exact_score, draw(st.sampled_from((0, 1, 2, 2))))
    placeholder = draw(st.sampled_from(("—", "", "0.00")))
    rows = [funding(0, "年度资金总额", *(cell(v) for v in total), points, rate, score, unit)]
    for i, label in enumerate(labels):
        rows.append(funding(i + 1, label, *(cell(v) for v in parts[i]), "—", placeholder, "—", unit))
    return _with_scores(draw, rows, points, score)


def _with_scores(draw: st.DrawFn, rows: list[FundingRow], points: str, score: str) -> DocumentRecords:
    """Indicators whose points make 100 with the execution, and the totals as printed."""
    left, weights = 100 - Decimal(points), []
    while left > 0:
        weight = min(left, Decimal(draw(st.integers(2, 50))) / 2)
        weights.append(weight)
        left -= weight
    indicators = []
    got = Decimal(0) if score == "—" else Decimal(score)
    for i, weight in enumerate(weights):
        mark = weight if draw(st.integers(0, 3)) else (weight * Decimal(draw(st.integers(0, 20))) / 20)
        mark = mark.quantize(Decimal("0.01"))
        got += mark
        places = draw(st.sampled_from((2, 2, max(0, -int(mark.normalize().as_tuple().exponent)))))
        indicators.append(indicator(i, f"第{i}项", points=f"{weight:f}", score=shown(mark, places)))
    printed = shown(got, draw(st.sampled_from((0, 1, 2))))
    return records(rows, indicators, total_points="100", total_score=printed)


@SETTINGS
@given(clean_forms())
def test_clean_forms_raise_no_error(document: DocumentRecords) -> None:
    assert [one.message for one in errors(document)] == []


@SETTINGS
@given(clean_forms())
def test_every_relation_of_a_clean_form_holds(document: DocumentRecords) -> None:
    for form in forms_of(document, default_rules()):
        values = intervals_of(form.cells)
        found = [relation for made in made_on(form, default_rules()) for relation in made.finding.relations]
        judged = [relation for relation in found if relation.kind in ("sum", "quotient", "at_least")]
        assert all(holds(relation, values) or _without_rate(form, relation) for relation in judged)


def _without_rate(form: Any, relation: Any) -> bool:
    """A placeholder, or a rate of a budget of nothing."""
    if relation.kind != "quotient":
        return False
    bases = [form.cells[option[1].cell].value for option in relation.options]
    return form.cells[relation.total].value == 0 or not any(bases)


@SETTINGS
@given(clean_forms())
def test_the_same_records_give_the_same_checks(document: DocumentRecords) -> None:
    made = run_checks(document)
    assert made == run_checks(document)
    assert len({one.check_id for one in made}) == len(made)


def change(document: DocumentRecords, ordinal: int, **values: Any) -> DocumentRecords:
    one = document.evaluations[0]
    rows = tuple(replace(row, **values) if row.ordinal == ordinal else row for row in one.funding)
    return replace(document, evaluations=(replace(one, funding=rows),))


@SETTINGS
@given(clean_forms(), st.data())
def test_one_wrong_amount_is_always_found(document: DocumentRecords, data: st.DataObject) -> None:
    rows = document.evaluations[0].funding
    closing = len(rows) > 2 and rows[-1].source in default_rules().closing_sources
    assume(closing)
    row = data.draw(st.sampled_from(rows))
    column = data.draw(st.sampled_from(("initial_budget", "annual_budget", "executed")))
    raws = [getattr(one, f"{column}_raw") for one in rows]
    coarsest = max(Decimal(1).scaleb(-len(raw.partition(".")[2])) for raw in raws)
    smallest = coarsest * (len(rows) + 1)
    delta = smallest * data.draw(st.integers(1, 10_000)) * data.draw(st.sampled_from((1, -1)))
    old = Decimal(getattr(row, f"{column}_raw").replace(",", ""))
    raw = f"{old + delta:f}"
    unit = row.unit_raw or ""
    wrong = change(document, row.ordinal, **{f"{column}_wanyuan": money(raw, unit), f"{column}_raw": raw})
    found = [one for one in findings(wrong) if one.rule.startswith("funding")]
    assert any(any(s.ordinal == row.ordinal and column in s.column for s in one.subjects) for one in found)


@SETTINGS
@given(st.integers(1_000_000, 10**9), st.integers(0, 130), st.integers(1, 60), st.sampled_from((1, -1)))
def test_a_wrong_rate_is_always_found(annual: int, share: int, points: int, sign: int) -> None:
    executed = annual * share // 100
    true = Decimal(executed) / annual * 100
    raw = f"{shown(abs(true + sign * points), 2)}%"
    assume(abs(Decimal(raw[:-1]) - true) > Decimal("0.5"))
    budget = shown(Decimal(annual) / 10000, 2)
    row = funding(0, "资金总额", budget, budget, shown(Decimal(executed) / 10000, 2), rate=raw)
    assert any(raw in one.message for one in findings(records([row]), "execution_rate"))


@SETTINGS
@given(clean_forms(), st.integers(3, 40), st.sampled_from((1, -1)))
def test_a_wrong_score_total_is_always_found(document: DocumentRecords, halves: int, sign: int) -> None:
    one = document.evaluations[0]
    assert one.evaluation.total_score is not None
    raw = f"{one.evaluation.total_score + sign * Decimal(halves) / 2 + sign}"
    evaluation = replace(one.evaluation, total_score=number(raw), total_score_raw=raw)
    wrong = replace(document, evaluations=(replace(one, evaluation=evaluation),))
    assert [raw in found.message for found in findings(wrong, "score_total")] == [True]

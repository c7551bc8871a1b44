"""Forms of the corpus as records, as a perfect reader would give them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from benchmarks.corpus.model import Facts, Fund
from benchmarks.corpus.model import Indicator as Row
from schemas.lexicon import lexicon, squeeze
from schemas.quantities import is_blank, parse_actual, parse_money, parse_number, parse_percent, parse_target
from schemas.records import DocumentRecords, DocumentRow, Evaluation, EvaluationRecords, FundingRow, Indicator

ID = "0" * 64
COLUMNS = {"initial": "initial_budget", "annual": "annual_budget", "executed": "executed", "arrived": "arrived"}


def records(facts: Facts) -> DocumentRecords:
    """A form as records."""
    evaluation = Evaluation(
        "e0",
        ID,
        0,
        kind="unit" if facts.options.kind == "unit" else "project",
        fiscal_year=facts.options.year,
        unit=facts.unit,
        project_name=facts.project_name,
        total_points=_number(facts.total_points),
        total_points_raw=facts.total_points,
        total_score=_number(facts.total_score),
        total_score_raw=facts.total_score,
        grade=facts.grade,
    )
    funding = tuple(_funding(k, fund, facts) for k, fund in enumerate(facts.funding))
    indicators = tuple(_indicator(k, row) for k, row in enumerate(facts.indicators))
    return DocumentRecords(DocumentRow(ID, "", ""), (EvaluationRecords(evaluation, funding, indicators),))


def _number(raw: str | None) -> Decimal | None:
    found = parse_number(raw) if raw else None
    return found.value if found else None


def _funding(ordinal: int, fund: Fund, facts: Facts) -> FundingRow:
    unit = facts.options.unit
    given: dict[str, Any] = {"unit_raw": unit, "confidence": 1.0}
    for key, column in COLUMNS.items():
        raw = fund.printed.get(key)
        money = parse_money(raw, unit) if raw else None
        given |= {f"{column}_wanyuan": money.value if money else None, f"{column}_raw": raw}
    rate = fund.printed.get("rate")
    percent = parse_percent(rate) if rate else None
    as_ratio = percent is not None and facts.options.rate.startswith("ratio") and not percent.unit_raw
    share = percent.value * (100 if as_ratio else 1) if percent else None
    given |= {"execution_rate_pct": share, "execution_rate_raw": rate}
    for key in ("points", "score"):
        given |= {key: _number(fund.printed.get(key)), f"{key}_raw": fund.printed.get(key)}
    total = fund.role == "total"
    given["source"] = "total" if total else lexicon().source(fund.label)
    return FundingRow("e0", ordinal, squeeze(fund.label), role="total" if total else "component", **given)


def _indicator(ordinal: int, row: Row) -> Indicator:
    aim = parse_target(row.target)
    read = parse_actual(row.actual)
    return Indicator(
        evaluation_id="e0",
        ordinal=ordinal,
        level1=row.l1,
        level2=row.l2,
        level3=row.l3,
        category=lexicon().category(row.l2, row.l1),
        target_raw=row.target,
        target_op=aim.op,
        target_value=aim.value,
        target_high=aim.high,
        target_unit=aim.unit,
        actual_raw=row.actual,
        actual_value=read.value,
        actual_unit=read.unit,
        points=_number(row.points),
        points_raw=row.points,
        score=_number(row.score),
        score_raw=row.score,
        deviation=None if is_blank(row.deviation) else row.deviation,
        confidence=1.0,
    )

"""Builders of evaluations for the tests of the checks, and the form they all start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from pipeline.checks.config import Rules
from pipeline.findings import run_checks
from schemas.lexicon import lexicon, squeeze
from schemas.quantities import is_blank, parse_money, parse_number, parse_percent
from schemas.records import (
    Amount,
    Check,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    ProblemRow,
)
from schemas.targets import parse_actual, parse_target

ID = "0" * 64


def money(raw: str | None, unit: str) -> Decimal | None:
    found = parse_money(raw, unit) if raw is not None else None
    return found.value if found else None


def number(raw: str | None) -> Decimal | None:
    found = parse_number(raw) if raw is not None else None
    return found.value if found else None


def percent(raw: str | None) -> Decimal | None:
    found = parse_percent(raw) if raw is not None else None
    return found.value if found else None


def funding(
    ordinal: int,
    label: str,
    initial: str | None = None,
    annual: str | None = None,
    executed: str | None = None,
    points: str | None = None,
    rate: str | None = None,
    score: str | None = None,
    unit: str = "万元",
    arrived: str | None = None,
) -> FundingRow:
    """A line of the funding table from its printed cells."""
    source = lexicon().source(label)
    return FundingRow(
        evaluation_id="e0",
        ordinal=ordinal,
        label=squeeze(label),
        source=source,
        role="total" if source == "total" else "component",
        initial_budget_wanyuan=money(initial, unit),
        initial_budget_raw=initial,
        annual_budget_wanyuan=money(annual, unit),
        annual_budget_raw=annual,
        executed_wanyuan=money(executed, unit),
        executed_raw=executed,
        arrived_wanyuan=money(arrived, unit),
        arrived_raw=arrived,
        points=number(points),
        points_raw=points,
        execution_rate_pct=percent(rate),
        execution_rate_raw=rate,
        score=number(score),
        score_raw=score,
        unit_raw=unit,
        confidence=1.0,
    )


def indicator(
    ordinal: int,
    name: str,
    target: str = "",
    actual: str = "",
    points: str | None = None,
    score: str | None = None,
    deviation: str | None = None,
    level1: str = "产出指标",
    level1_points: str | None = None,
    level2: str = "数量指标",
) -> Indicator:
    """A level-3 indicator from its printed cells."""
    aim = parse_target(target)
    read = parse_actual(actual)
    return Indicator(
        evaluation_id="e0",
        ordinal=ordinal,
        level1=level1,
        level1_points=number(level1_points),
        level2=level2,
        level3=name,
        category=lexicon().category(level2, level1),
        target_raw=target,
        target_op=aim.op,
        target_value=aim.value,
        target_high=aim.high,
        target_unit=aim.unit,
        actual_raw=actual,
        actual_value=read.value,
        actual_unit=read.unit,
        points=number(points),
        points_raw=points,
        score=number(score),
        score_raw=score,
        deviation=None if is_blank(deviation) else deviation,
        confidence=1.0,
    )


def amount(
    ordinal: int, label: str, measure: str | None, raw: str, unit: str = "万元", context: str = "收支情况", **more: Any
) -> Amount:
    """A money figure of another table."""
    return Amount(
        document_id=ID,
        evaluation_id="e0",
        ordinal=ordinal,
        label=label,
        measure=measure,
        value=money(raw, unit),
        unit="wanyuan",
        value_raw=raw,
        unit_raw=unit,
        context=context,
        **more,
    )


def records(
    rows: Sequence[FundingRow] = (),
    indicators: Sequence[Indicator] = (),
    amounts: Sequence[Amount] = (),
    total_points: str | None = None,
    total_score: str | None = None,
    problems: Sequence[ProblemRow] = (),
    **head: Any,
) -> DocumentRecords:
    """A document with one evaluation."""
    evaluation = Evaluation(
        evaluation_id="e0",
        document_id=ID,
        ordinal=0,
        total_points=number(total_points),
        total_points_raw=total_points,
        total_score=number(total_score),
        total_score_raw=total_score,
        **head,
    )
    one = EvaluationRecords(evaluation, tuple(rows), tuple(indicators), tuple(amounts))
    return DocumentRecords(DocumentRow(ID, "file:///a.txt", "a.txt"), (one,), problems=tuple(problems))


NATIONAL = (
    funding(0, "年度资金总额", "500.00", "480.00", "415.20", "10", "86.50%", "8.65"),
    funding(1, "其中：当年财政拨款", "300.00", "280.00", "261.20", "—", "—", "—"),
    funding(2, "上年结转资金", "150.00", "150.00", "104.00", "—", "—", "—"),
    funding(3, "其他资金", "50.00", "50.00", "50.00", "—", "—", "—"),
)
INDICATORS = (
    indicator(0, "培训场次", "≥12场", "13场", "30", "30"),
    indicator(1, "验收合格率", "≥95%", "96%", "20", "20", level2="质量指标"),
    indicator(2, "受益人数", "≥900人", "880人", "30", "28.5", "报名少于预计，下年提前动员", "效益指标"),
    indicator(3, "群众满意度", "≥90%", "93%", "10", "10", level1="满意度指标", level2="服务对象满意度指标"),
)


def national(
    rows: Mapping[int, Mapping[str, str]] | None = None,
    cells: Mapping[int, Mapping[str, str]] | None = None,
    **head: Any,
) -> DocumentRecords:
    """The national form, consistent throughout, with some funding rows or indicators printed differently."""
    changed = {i: _printed(NATIONAL[i], change) for i, change in (rows or {}).items()}
    scored = {i: _printed(INDICATORS[i], change) for i, change in (cells or {}).items()}
    given = {"total_points": "100", "total_score": "97.15", "grade": "优", "fiscal_year": 2022} | head
    return records(
        [changed.get(i, row) for i, row in enumerate(NATIONAL)],
        [scored.get(i, row) for i, row in enumerate(INDICATORS)],
        **given,
    )


def _printed(row: Any, change: Mapping[str, str]) -> Any:
    for column, raw in change.items():
        field, value = column, number(raw)
        if column in ("initial_budget", "annual_budget", "executed", "arrived"):
            field, value = f"{column}_wanyuan", money(raw, row.unit_raw)
        elif column == "execution_rate":
            field, value = "execution_rate_pct", percent(raw)
        row = replace(row, **{field: value, f"{column}_raw": raw})
    return row


def findings(document: DocumentRecords, rule: str | None = None, rules: Rules | None = None) -> list[Check]:
    """The contradictions, of one rule or of all."""
    made = run_checks(document, rules) if rules else run_checks(document)
    return [one for one in made if one.outcome == "inconsistent" and rule in (None, one.rule)]


def errors(document: DocumentRecords) -> list[Check]:
    return [one for one in findings(document) if one.severity == "error"]


def test_the_form_all_tests_start_from_is_consistent() -> None:
    assert findings(national(report_date=date(2023, 2, 1))) == []

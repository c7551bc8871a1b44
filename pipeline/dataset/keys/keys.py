"""Keys and derived values of one document's rows (归并键、导出值), in columns of their own beside what is printed.

A key is the same for names that differ in blanks, marks, years or the regions printed before them. Offices that were
renamed keep different keys: names are never merged, `similar_offices` states how alike they are.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from pipeline.dataset.keys.names import office, project_key, without_phase
from schemas.base_units import BaseUnit, base_unit
from schemas.decimals import HUNDRED
from schemas.records import DocumentRecords, Evaluation, EvaluationRecords, FundingRow, Indicator
from schemas.regions import PrintedRegion, region_of

LARGEST_RATE = Decimal(10) ** 7
LARGEST_VALUE = Decimal(10) ** 17
"""Larger values do not fit their columns; what is printed stands in the raw text."""

_LIST_MARK = re.compile(r"^\W*\d{0,2}\W*")


def with_keys(records: DocumentRecords) -> DocumentRecords:
    """`records` with the keys and derived values of every evaluation."""
    return replace(records, evaluations=tuple(_keyed(part) for part in records.evaluations))


def _keyed(part: EvaluationRecords) -> EvaluationRecords:
    return replace(
        part,
        evaluation=_with_evaluation_keys(part),
        funding=tuple(_with_rate(row) for row in part.funding),
        indicators=tuple(_with_base(row) for row in part.indicators),
    )


def _with_evaluation_keys(part: EvaluationRecords) -> Evaluation:
    evaluation = part.evaluation
    place = region_of(evaluation.region, evaluation.unit, evaluation.department, evaluation.title)
    unit_key = _office_key(evaluation.unit, evaluation.region)
    region = place.region if place else None
    return replace(
        evaluation,
        unit_key=unit_key,
        department_key=_office_key(evaluation.department, evaluation.region),
        project_key=_project_key(evaluation.project_name, unit_key),
        region_code=region.code if region else None,
        region_name=region.name if region else None,
        province=region.province if region else None,
        city=region.city if region else None,
        region_candidates=_candidates(place),
        content_key=_content_key(part),
    )


def _candidates(place: PrintedRegion | None) -> tuple[str, ...]:
    """The codes a place name may stand for, where it may stand for several."""
    return tuple(each.code for each in place.candidates) if place is not None and place.region is None else ()


def _office_key(name: str | None, region: str | None) -> str | None:
    return "".join(office(name, region).identity) or None if name else None


def _project_key(name: str | None, unit_key: str | None) -> str | None:
    """The project's name without year and phase, with its unit: the same project in other years has the same key."""
    if not name:
        return None
    return f"{unit_key or ''}/{without_phase(project_key(name))}"


def _content_key(part: EvaluationRecords) -> str | None:
    """The same for forms that print the same figures under the same names; None where none is printed."""
    evaluation = part.evaluation
    lines = [f"{evaluation.total_points_raw}|{evaluation.total_score_raw}"]
    lines += [f"{row.label}|{_joined(row.raw_figures)}" for row in part.funding]
    lines += [f"{row.level3}|{_joined(_raw_of_indicator(row))}" for row in part.indicators]
    if not part.funding and not part.indicators:
        return None
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:24]


def _joined(texts: Iterable[str | None]) -> str:
    return "|".join(unicodedata.normalize("NFKC", text or "").replace(",", "") for text in texts)


def _raw_of_indicator(row: Indicator) -> tuple[str | None, ...]:
    return row.target_raw, row.actual_raw, row.points_raw, row.score_raw


def _with_rate(row: FundingRow) -> FundingRow:
    """The rate worked out of the printed amounts: executed in a hundred of the budget of the year, else the initial."""
    budget = row.initial_budget_wanyuan if row.annual_budget_wanyuan is None else row.annual_budget_wanyuan
    if not budget or row.executed_wanyuan is None:
        return row
    rate = row.executed_wanyuan / budget * HUNDRED
    return replace(row, execution_rate_pct_derived=rate) if abs(rate) < LARGEST_RATE else row


def _with_base(row: Indicator) -> Indicator:
    target, actual = base_unit(row.target_unit), base_unit(row.actual_unit)
    return replace(
        row,
        indicator_key=_indicator_key(row, target or actual),
        target_value_base_derived=_in_base(row.target_value, target),
        target_high_base_derived=_in_base(row.target_high, target),
        target_base_unit_derived=target.name if target else None,
        actual_value_base_derived=_in_base(row.actual_value, actual),
        actual_base_unit_derived=actual.name if actual else None,
    )


def _in_base(value: Decimal | None, unit: BaseUnit | None) -> Decimal | None:
    if value is None or unit is None:
        return None
    converted = value * unit.factor
    return converted if abs(converted) < LARGEST_VALUE else None


def _indicator_key(row: Indicator, unit: BaseUnit | None) -> str | None:
    """An indicator's name without numbering and marks, its base unit and the direction of its target."""
    if not row.level3:
        return None
    name = re.sub(r"\W+", "", _LIST_MARK.sub("", unicodedata.normalize("NFKC", row.level3)))
    return f"{name or row.level3}|{unit.name if unit else ''}|{row.target_op or ''}"

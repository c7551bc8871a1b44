"""Make every check across forms, and give it the shape of the checks of single forms (执行跨表核对)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_UP, Decimal

import pyarrow as pa

from pipeline.audit.cross import carryover, copied, duplicates, elsewhere, unit_projects
from pipeline.audit.cross.frame import Across, open_frame
from pipeline.audit.loading import AuditData, FormKey, Related
from pipeline.checks.config import Rules
from pipeline.checks.printed import plain
from schemas.records import Check, Severity
from schemas.stored import to_arrow

_FINEST = Decimal("0.000001")
_LARGEST = Decimal(10) ** 18


@dataclass(frozen=True, slots=True)
class CrossRule:
    """What a rule across forms is called and where it comes from (跨表规则); its severity is configured."""

    code: str
    title: str
    source: str


RULES = (
    CrossRule(duplicates.RULE, "同一项目报了两次", "同一单位同一年度同一项目在不同文件中的同一栏应相同"),
    CrossRule(carryover.RULE, "上年结转与上年结余", "本年上年结转资金＝上年全年预算数－上年全年执行数"),
    CrossRule(
        unit_projects.RULE,
        "单位资金与所列项目之和",
        "单位的项目支出等于同一文件所列各项目之和；未列全时不小于它",
    ),
    CrossRule(elsewhere.RULE, "表与另一文件的正文", "自评表与自评报告应口径一致"),
    CrossRule(copied.INDICATORS, "指标与完成值照抄", "不同年度、不同单位的指标名称、指标值、实际完成值不应全同"),
    CrossRule(copied.TEXT, "长文字照抄", "不同年度、不同单位的完成情况、偏差原因不应一字不差"),
)
"""In the order of the report."""


def look_across(desk: AuditData) -> AuditData:
    """The desk with the checks across forms among its checks, and the values these speak of."""
    checks: dict[str, Check] = {}
    related: dict[str, tuple[Related, ...]] = {}
    for one in _across(desk):
        check = _check(desk.rules, one)
        if check.check_id not in checks:
            checks[check.check_id] = check
            related[check.check_id] = one.places
    table = to_arrow("checks", checks.values()).cast(desk.checks.schema)
    return replace(desk, checks=pa.concat_tables([desk.checks, table]), related=related)


def _across(desk: AuditData) -> Iterator[Across]:
    """What every rule found. The printed cells are read once, for the forms that any rule compares."""
    frame = open_frame(desk)
    twice, carried = duplicates.groups(frame), carryover.years(frame)
    listed, told = unit_projects.listed(frame), elsewhere.told(frame)
    keys: set[FormKey] = {one.key for group in twice for one in group}
    keys |= {filed.key for pair in carried for filed in (pair.now, *(other for other, _ in pair.before))}
    keys |= {key for one in listed for key in one.keys}
    keys |= {filed.key for one in told for filed in (one.prose, one.form)}
    forms = desk.forms(keys)
    for group in twice:
        yield from duplicates.findings(frame, group, forms)
    for pair in carried:
        yield from carryover.findings(frame, pair, forms)
    for unit in listed:
        yield from unit_projects.findings(frame, unit, forms)
    for one in told:
        yield from elsewhere.findings(frame, one, forms)
    yield from copied.findings(frame, desk)


def _check(rules: Rules, one: Across) -> Check:
    finding, (document_id, evaluation_id) = one.finding, one.lead
    severity: Severity = "info"
    if finding.outcome == "inconsistent":
        severity = finding.severity or rules.cross.severity[one.rule]
    difference = finding.difference
    if difference is not None:
        difference = _rounded(difference) if abs(difference) < _LARGEST else None
    return Check(
        check_id=_check_id(one),
        document_id=document_id,
        evaluation_id=evaluation_id,
        rule=one.rule,
        outcome=finding.outcome,
        severity=severity,
        reported=finding.reported,
        expected=finding.expected,
        difference=None if difference is None else f"{plain(difference)}{finding.unit}",
        difference_value=difference,
        tolerance=None if finding.tolerance is None else f"±{plain(_rounded(finding.tolerance))}{finding.unit}",
        message=finding.message,
        subjects=tuple(place.subject for place in one.places),
        relation="sum" if one.roles else None,
        roles=one.roles,
    )


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(_FINEST, rounding=ROUND_UP).normalize() + 0


def _check_id(one: Across) -> str:
    """The same for the same forms of the same bytes, wherever their files stand and whatever else there is."""
    keys = sorted({f"{document}/{evaluation or ''}" for document, evaluation in (place.key for place in one.places)})
    first = [one.places[0].subject.table, one.places[0].subject.column] if one.places else []
    lead = "/".join(part or "" for part in one.lead)
    return hashlib.sha256("\x1f".join([one.rule, lead if not keys else "", *keys, *first]).encode()).hexdigest()[:24]

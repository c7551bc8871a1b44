"""Make every check across forms, and give it the shape of the checks of single forms (执行跨表核对)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain

from pipeline.checks.config import Rules
from pipeline.checks.row import check_row
from pipeline.findings.cross import carryover, copied, duplicates, elsewhere, unit_projects
from pipeline.findings.cross.copied import Lines, Texts
from pipeline.findings.cross.frame import Across, AllEvaluations, Filed, open_frame
from pipeline.findings.cross.stored_forms import FormKey, StoredForms
from schemas.records import Check, CheckPlace, Severity


@dataclass(frozen=True, slots=True)
class Touched:
    """The evaluations that a change may touch (受影响的自评): their money, and what they were copied from."""

    money: AbstractSet[str]
    copies: AbstractSet[str]

    def of(self, rule: str) -> AbstractSet[str]:
        """Those whose checks by a rule may differ."""
        return self.copies if rule in (copied.INDICATORS, copied.TEXT) else self.money


FindTouched = Callable[[AllEvaluations, Lines, Texts], Touched]


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


def cross_checks(stored: StoredForms, find: FindTouched | None = None) -> list[Check]:
    """Every check across the forms of the dataset; with `find`, those that are first of all
    about one of the forms it names."""
    checks: dict[str, Check] = {}
    for one in _across(stored, find):
        check = _check(stored.rules, one)
        checks.setdefault(check.check_id, check)
    return list(checks.values())


def _across(stored: StoredForms, find: FindTouched | None) -> Iterator[Across]:
    """What every rule found. The printed cells are read once, for the forms that any rule compares."""
    frame = open_frame(stored)
    lines, texts = copied.read_lines(frame, stored)
    touched = None if find is None else find(frame, lines, texts)

    def concerns(filed: Iterable[Filed]) -> bool:
        return touched is None or any(one.evaluation.evaluation_id in touched.money for one in filed)

    twice = [group for group in duplicates.groups(frame) if concerns(group)]
    carried = [pair for pair in carryover.years(frame) if concerns([pair.now])]
    listed = [unit for unit in unit_projects.listed(frame) if concerns([unit.unit])]
    told = [one for one in elsewhere.told(frame) if concerns([one.form])]
    keys: set[FormKey] = {one.key for group in twice for one in group}
    keys |= {filed.key for pair in carried for filed in (pair.now, *(other for other, _ in pair.before))}
    keys |= {key for one in listed for key in one.keys}
    keys |= {filed.key for one in told for filed in (one.prose, one.form)}
    forms = stored.forms(keys)
    found = chain(
        chain.from_iterable(duplicates.findings(frame, group, forms) for group in twice),
        chain.from_iterable(carryover.findings(frame, pair, forms) for pair in carried),
        chain.from_iterable(unit_projects.findings(frame, unit, forms) for unit in listed),
        chain.from_iterable(elsewhere.findings(frame, one, forms) for one in told),
        copied.findings(frame, lines, texts, None if touched is None else touched.copies),
    )
    return (one for one in found if touched is None or one.lead[1] in touched.of(one.rule))


def _check(rules: Rules, one: Across) -> Check:
    finding, (document_id, evaluation_id) = one.finding, one.lead
    severity: Severity = "info"
    if finding.outcome == "inconsistent":
        severity = finding.severity or rules.cross.severity[one.rule]
    return replace(
        check_row(finding, _check_id(one), document_id, evaluation_id, one.rule, severity),
        subjects=tuple(place.subject for place in one.places),
        places=tuple(CheckPlace(*place.key, place.whose) for place in one.places),
        relation="sum" if one.roles else None,
        roles=one.roles,
    )


def _check_id(one: Across) -> str:
    """The same for the same forms of the same bytes, wherever their files stand and whatever else there is."""
    keys = sorted({f"{document}/{evaluation or ''}" for document, evaluation in (place.key for place in one.places)})
    first = [one.places[0].subject.table, one.places[0].subject.column] if one.places else []
    lead = "/".join(part or "" for part in one.lead)
    return hashlib.sha256("\x1f".join([one.rule, lead if not keys else "", *keys, *first]).encode()).hexdigest()[:24]

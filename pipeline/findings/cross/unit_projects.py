"""A unit's money against the sum of its projects in the same file (单位资金与所列项目之和)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form
from pipeline.checks.printed import Printed, amount_cell, plain
from pipeline.checks.sums import interval_sum, rounding
from pipeline.findings.cross.frame import WHOLE_UNIT, Across, AllEvaluations, Filed, Related
from pipeline.findings.cross.stored_forms import FormKey
from schemas.lexicon import lexicon, normalise
from schemas.numerals import chinese_number
from schemas.records import Amount, RelationRole, Severity

RULE = "unit_projects_sum"
COLUMNS = {"initial_budget": "年初预算数", "annual_budget": "全年预算数", "executed": "全年执行数"}
_NUMBER = "([0-9]{1,3}|[一二三四五六七八九十百]{1,4})"


@dataclass(frozen=True, slots=True)
class UnitWithProjects:
    """A whole-unit form and the project forms of the unit in the same file (单位与所列项目)."""

    unit: Filed
    projects: tuple[Filed, ...]

    @property
    def keys(self) -> list[FormKey]:
        document = self.unit.document.document_id
        return [self.unit.key, *(one.key for one in self.projects), (document, None)]


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the projects are compared with: all project spending, or all money of the unit."""

    cell: Printed
    key: FormKey
    projects_only: bool


def listed(frame: AllEvaluations) -> list[UnitWithProjects]:
    """Whole-unit forms that share a file with at least two forms of projects of that unit and year."""
    documents: dict[str, list[Filed]] = defaultdict(list)
    for one in frame.filed.values():
        documents[one.document.document_id].append(one)
    found = []
    for members in documents.values():
        units = [one for one in members if one.project == WHOLE_UNIT]
        for unit in units:
            projects = [one for one in members if one.project and _belongs(frame, one, unit, only=len(units) == 1)]
            if len(projects) > 1:
                found.append(UnitWithProjects(unit, tuple(projects)))
    return found


def _belongs(frame: AllEvaluations, project: Filed, unit: Filed, only: bool) -> bool:
    if project.year is not None and unit.year is not None and project.year != unit.year:
        return False
    offices = [office for office in (project.office, project.department) if office is not None]
    if not offices or unit.office is None:
        return only
    return any(frame.alike_offices(office, unit.office) for office in offices)


def findings(frame: AllEvaluations, one: UnitWithProjects, forms: Mapping[FormKey, Form]) -> Iterator[Across]:
    """One finding for each column that the unit and every project print."""
    complete = _said_complete(one, forms, frame.rules)
    unique = _once(one.projects, forms)
    made = False
    for column, title in COLUMNS.items():
        parts = [(filed, cell) for filed in unique if (cell := _total(forms[filed.key], column)) is not None]
        basis = _basis(one, forms, column, frame.rules)
        if len(parts) == len(unique) and basis:
            made = True
            yield _judged(frame.rules, one, title, parts, basis, complete)
    if not made:
        message = f"“{one.unit.owner}”单位整体自评与同一文件的{len(unique)}个项目没有读到同一口径的金额，无法核对。"
        yield Across(RULE, one.unit.key, Finding("not_checkable", message), ())


def _total(form: Form, column: str) -> Printed | None:
    """The one total line's amount of a column."""
    totals = [row.ordinal for row in form.funding if row.role == "total"]
    return form.cell("funding", totals[0], f"{column}_wanyuan") if len(totals) == 1 else None


def _once(projects: Iterable[Filed], forms: Mapping[FormKey, Form]) -> list[Filed]:
    """Each project once, though its form stands twice in the file with the same amounts."""
    found: dict[tuple[object, ...], Filed] = {}
    for one in projects:
        amounts = [cell.value if (cell := _total(forms[one.key], column)) else None for column in COLUMNS]
        found.setdefault((one.project, *amounts), one)
    return list(found.values())


def _basis(one: UnitWithProjects, forms: Mapping[FormKey, Form], column: str, rules: Rules) -> list[_Basis]:
    """The unit's project spending where it is printed, else all its money."""
    form, loose = forms[one.unit.key], forms[one.unit.document.document_id, None]
    words = rules.cross.project_spending
    found = [
        _Basis(cell, one.unit.key, projects_only=True)
        for row in form.funding
        if normalise(row.label) in words and (cell := form.cell("funding", row.ordinal, f"{column}_wanyuan"))
    ]
    for key, amounts in ((one.unit.key, form.amounts), ((one.unit.document.document_id, None), loose.amounts)):
        found += [
            _Basis(cell, key, projects_only=True)
            for amount in amounts
            if normalise(amount.label.split("/")[-1]) in words and _is_of(amount, column, one.unit.year)
            if (cell := amount_cell(amount)) is not None and cell.kind == "money"
        ]
    total = _total(form, column)
    if not found and total is not None:
        found.append(_Basis(total, one.unit.key, projects_only=False))
    return found


def _is_of(amount: Amount, column: str, year: int | None) -> bool:
    """Whether the amount is the unit's figure of that column and year, or tells no year."""
    return _column(amount) == column and amount.fiscal_year in (None, year)


def _column(amount: Amount) -> str | None:
    if amount.measure is None or amount.origin == "prose":
        return amount.measure
    return lexicon().column(amount.measure.split("/")[-1])


def _judged(
    rules: Rules,
    one: UnitWithProjects,
    title: str,
    parts: Sequence[tuple[Filed, Printed]],
    bases: Sequence[_Basis],
    complete: bool,
) -> Across:
    cells = [cell for _, cell in parts]
    wanted = interval_sum(cells)
    added = sum((cell.value for cell in cells), Decimal(0))
    basis = next((each for each in bases if each.cell.interval.meets(wanted)), bases[0])
    cell = basis.cell
    what = "全部项目支出" if basis.projects_only else "资金总额"
    message = (
        f"“{one.unit.owner}”{what}的{title}为{cell.shown}，同一文件所列{len(parts)}个项目合计{plain(added)}万元，"
        f"差异{plain(abs(cell.value - added))}万元"
    )
    places = (
        Related(basis.key, cell.ref, "单位"),
        *(Related(filed.key, part.ref, filed.name) for filed, part in parts),
    )
    severity: Severity | None = None
    if cell.interval.meets(wanted) or (not basis.projects_only and cell.value > added):
        note = "相符" if cell.interval.meets(wanted) else "总额含基本支出，不矛盾"
        return Across(RULE, one.unit.key, Finding("consistent", f"{message}，{note}。", reported=cell.shown), places)
    if cell.value > added and not complete:
        return Across(RULE, one.unit.key, Finding("not_checkable", f"{message}，所列项目未必齐全，无法核对。"), places)
    note = "文中说明项目已列全" if complete else "所列项目之和反而更大"
    configured = rules.cross.severity[RULE]
    if configured == "error" and (not complete or any(filed.doubtful for filed in (one.unit, *one.projects))):
        severity = "warning"
    return Across(
        RULE,
        one.unit.key,
        Finding(
            "inconsistent",
            f"{message}，{note}。",
            reported=cell.shown,
            expected=f"{plain(added)}万元",
            difference=cell.value - added,
            tolerance=rounding(cell.interval, wanted),
            unit="万元",
            severity=severity,
        ),
        places,
        _roles(len(parts)),
    )


def _roles(parts: int) -> tuple[RelationRole, ...]:
    plus: RelationRole = "plus"
    return ("result", *([plus] * parts))


def _said_complete(one: UnitWithProjects, forms: Mapping[FormKey, Form], rules: Rules) -> bool:
    """Whether the file says how many projects there are, and that is how many were read."""
    count = len({project.project for project in one.projects})
    texts = [normalise(section.text) for key in one.keys for section in forms[key].sections]
    for phrase in rules.cross.complete_list:
        pattern = re.compile(re.escape(normalise(phrase)).replace(re.escape("{n}"), _NUMBER))
        if any(_number(match[1]) == count for text in texts for match in pattern.finditer(text)):
            return True
    return False


def _number(text: str) -> int | None:
    if text.isdecimal():
        return int(text)
    value = chinese_number(text)
    return int(value) if value is not None else None

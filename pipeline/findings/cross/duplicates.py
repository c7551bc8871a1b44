"""The same project submitted twice (同一项目报了两次)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.checks.model import Finding, Form
from pipeline.checks.printed import MONEY_COLUMNS, Printed, plain, row_name
from pipeline.checks.sums import rounding
from pipeline.findings.cross.frame import Across, AllEvaluations, Filed, Related, about_office, telling_digits
from pipeline.findings.cross.stored_forms import FormKey
from schemas.lexicon import normalise
from schemas.quantities import interval_of
from schemas.records import Indicator, Severity, Subject

RULE = "duplicate_project"
MOST_SHOWN = 6
"""Differences that are cited; the sentence says how many more there are."""
SAME_SHOWN = 2
"""Equal values that are cited where nothing differs."""
MOST_COMPARED = 12
"""In a larger group everything is compared with the first."""

_OWN = (
    *(f"{column}_wanyuan" for column in MONEY_COLUMNS),
    *("execution_rate_pct", "score", "total_score", "actual_value"),
)
"""Columns of what a project alone has: its money, what it did and got."""
_WEIGHTY = ("annual_budget_wanyuan", "executed_wanyuan", "initial_budget_wanyuan", "total_score", "execution_rate_pct")


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two forms of one project and year in different documents (一对)."""

    first: Filed
    second: Filed
    alike: float


@dataclass(frozen=True, slots=True)
class _Compared:
    same: tuple[tuple[Printed, Printed], ...]
    different: tuple[tuple[Printed, Printed], ...]


def groups(frame: AllEvaluations) -> list[list[Filed]]:
    """Forms of one project, year and office, or of offices with similar names; each group once."""
    found = []
    taken: set[FormKey] = set()
    for one in frame.filed.values():
        if one.key in taken:
            continue
        near = [other for other, _ in frame.neighbours(one) if other.key not in taken and _may_be_same(one, other)]
        taken |= {one.key, *(other.key for other in near)}
        if any(other.document.document_id != one.document.document_id for other in near):
            found.append([one, *near])
    return found


def _may_be_same(one: Filed, other: Filed) -> bool:
    """Whether no code tells two projects of one name apart."""
    return len({one.evaluation.budget_code, other.evaluation.budget_code} - {None}) < 2


def findings(frame: AllEvaluations, group: Sequence[Filed], forms: Mapping[FormKey, Form]) -> Iterator[Across]:
    """Every form of the group against the one that differs least from the others."""
    cells = {one.key: _comparable(forms[one.key]) for one in group}
    lead = group[0]
    if len(group) <= MOST_COMPARED:
        lead = min(
            group, key=lambda one: sum(len(_compare(cells[one.key], cells[other.key]).different) for other in group)
        )
    for other in group:
        if other.document.document_id != lead.document.document_id:
            yield _judged(
                frame, DuplicatePair(lead, other, frame.alike(lead, other)), _compare(cells[lead.key], cells[other.key])
            )


def _comparable(form: Form) -> dict[Hashable, Printed]:
    """The cells of a form by what they mean; what is there twice is left out."""
    rows: dict[tuple[str, int], Hashable] = {
        ("funding", row.ordinal): (row.role, row.source, normalise(row_name(row.label))) for row in form.funding
    }
    rows |= {
        ("indicators", row.ordinal): (normalise(row.level2 or ""), normalise(row.level3 or ""))
        for row in form.indicators
    }
    found: dict[Hashable, list[Printed]] = defaultdict(list)
    for subject, cell in form.cells.items():
        found[subject.table, rows.get((subject.table, subject.ordinal)), subject.column].append(cell)
    for row in form.indicators:
        for cell in _values(row):
            found["indicators", rows["indicators", row.ordinal], cell.ref.column, cell.unit_raw].append(cell)
    return {key: cells[0] for key, cells in found.items() if len(cells) == 1}


def _values(row: Indicator) -> Iterator[Printed]:
    for column, value, raw, unit in (
        ("target_value", row.target_value, row.target_raw, row.target_unit),
        ("actual_value", row.actual_value, row.actual_raw, row.actual_unit),
    ):
        if value is not None:
            interval = interval_of(value, None, "number")
            subject = Subject("indicators", row.ordinal, column)
            yield Printed(subject, row.level3 or "", value, raw, interval, "count", normalise(unit or ""))


def _compare(one: Mapping[Hashable, Printed], other: Mapping[Hashable, Printed]) -> _Compared:
    shared = [(cell, other[key]) for key, cell in one.items() if key in other]
    shared.sort(key=lambda pair: (_weight(pair[0].ref), pair[0].ref.table, pair[0].ref.ordinal, pair[0].ref.column))
    same = tuple((a, b) for a, b in shared if a.interval.meets(b.interval))
    return _Compared(same, tuple((a, b) for a, b in shared if not a.interval.meets(b.interval)))


def _same_form(frame: AllEvaluations, compared: _Compared) -> bool:
    """Whether so many values are equal, and such telling ones, that it must be one form.

    Points, targets and whole percentages are alike in the forms of many offices; so may two offices have one name.
    """
    total = len(compared.same) + len(compared.different)
    telling = sum(telling_digits(a.value, a.unit) for a, _ in compared.same if a.ref.column in _OWN)
    enough = telling >= frame.rules.cross.copied_digits
    return enough and len(compared.same) >= frame.rules.cross.same_share * total


def _weight(subject: Subject) -> int:
    return _WEIGHTY.index(subject.column) if subject.column in _WEIGHTY else len(_WEIGHTY)


def _judged(frame: AllEvaluations, pair: DuplicatePair, compared: _Compared) -> Across:
    one, other = pair.first, pair.second
    same = len(compared.same)
    total = same + len(compared.different)
    what = (
        f"“{one.name}”（{one.owner}，{one.year}年）在“{one.document.file_name}”与“{other.document.file_name}”中各有一份"
    )
    doubt = about_office(one, other, pair.alike)
    places = _places(one, other, compared)
    if not total:
        return Across(RULE, other.key, Finding("not_checkable", f"{what}，没有可以对照的数字{doubt}。"), places)
    if not compared.different:
        message = f"{what}，可以对照的{total}个数字全部相同，汇总时只应计一次{doubt}。"
        return Across(RULE, other.key, Finding("inconsistent", message, severity="info"), places)
    first, second = compared.different[0]
    more = f"，另有{len(compared.different) - 1}处不同" if len(compared.different) > 1 else ""
    severity: Severity | None = None
    if not _same_form(frame, compared):
        severity = "warning"
        doubt += f"；{total}个可以对照的数字里只有{same}个相同，可能是不同批次或同名的另一项目"
    elif pair.alike < 1:
        severity = "warning"
    elif one.doubtful or other.doubtful:
        severity = "warning"
        doubt += "；其中有文件未能读全或由识别得来，请先核对原文"
    message = (
        f"{what}，数字却不同：{first.name}一份为{first.shown}，另一份为{second.shown}，"
        f"差异{plain(abs(second.value - first.value))}{first.unit}{more}{doubt}。"
    )
    return Across(
        RULE,
        other.key,
        Finding(
            "inconsistent",
            message,
            reported=second.shown,
            difference=second.value - first.value,
            tolerance=rounding(first.interval, second.interval),
            unit=first.unit,
            severity=_lighter(severity, frame.rules.cross.severity[RULE]),
        ),
        places,
    )


def _lighter(severity: Severity | None, configured: Severity) -> Severity | None:
    """What is only odd never weighs more than the rule is configured to."""
    return None if configured in ("warning", "info") else severity


def _whose(one: Filed, other: Filed) -> tuple[str, str]:
    """What tells the two apart: their files, or within one file their place in it."""
    names = one.document.file_name, other.document.file_name
    if one.document.document_id != other.document.document_id and names[0] != names[1]:
        return names
    first, second = (f"{each.document.file_name}第{each.evaluation.ordinal + 1}份" for each in (one, other))
    return first, second


def _places(one: Filed, other: Filed, compared: _Compared) -> tuple[Related, ...]:
    pairs = [(a.ref, b.ref) for a, b in compared.different[:MOST_SHOWN] or compared.same[:SAME_SHOWN]]
    if not pairs:
        titles = [Subject("evaluations", each.evaluation.ordinal, "title") for each in (one, other)]
        pairs = [(titles[0], titles[1])]
    return tuple(
        Related(filed.key, subject, whose)
        for pair in pairs
        for filed, subject, whose in zip((one, other), pair, _whose(one, other), strict=True)
    )

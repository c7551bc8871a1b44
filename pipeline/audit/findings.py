"""The findings of the whole dataset, each with everything a person needs to decide it (发现).

A finding is a check whose numbers do not agree, together with the records it speaks of, their places, and what somebody
decided about it. Findings from other sources (rules that look across forms) are built with `make_finding`, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from pathlib import Path
from re import escape
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.audit.decisions import Decision
from pipeline.audit.filters import EVERYTHING, SEVERITIES, Filters, matching
from pipeline.audit.loading import AuditData, Row, open_desk
from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.printed import POINTS_OF_PERCENT, UNITS, amount_cell, plain, row_name
from pipeline.checks.run import all_rules
from pipeline.findings.cross import RULES
from pipeline.findings.cross.stored_forms import FormKey
from schemas.decimals import HUNDRED, ONE, ZERO
from schemas.records import (
    Amount,
    CellPlace,
    Check,
    DocumentRow,
    Evaluation,
    FundingRow,
    Indicator,
    Subject,
)
from schemas.stored import from_arrow

LONGEST_TEXT = 80
"""Characters of a long text (目标完成情况) that are cited; the whole stands in the source."""
_LARGE, _NOTABLE, _WORDS_ONLY = Decimal("0.1"), Decimal("0.01"), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Cited:
    """One value a finding speaks of (所引数值), in the order of the check's subjects.

    `row` is the record it stands in (None where the dataset holds no such row), `name` the row's name, `column` the
    Chinese title of the column, `shown` the value as printed with its unit ("" where nothing is printed), `value` the
    number in `unit` (万元, %, 分, or as printed). `place` is the cell's own where the reader knows it, else the row's.
    """

    subject: Subject
    document: DocumentRow
    row: Row | None
    name: str
    column: str
    shown: str
    value: Decimal | None
    unit: str
    place: CellPlace

    @property
    def full_name(self) -> str:
        """Row and column: “年度资金总额”的全年执行数."""
        return f"“{self.name}”的{self.column}" if self.name else self.column


class Weight(NamedTuple):
    """The order of findings (轻重): compares smaller for what matters more."""

    decided: bool
    severity: int
    question: bool
    size: int
    """0: a tenth of the value or more, 1: a hundredth, 2: less."""
    minus_stake: Decimal
    """Minus the money at stake: the relative difference times the form's money, in 万元."""
    minus_relative: Decimal
    unexplained: bool
    """No likely cause is known."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One contradiction or oddity, and everything a person needs to decide it (一项发现).

    `title` is the rule's in Chinese. `cells` are the values it speaks of, one per subject; `rows` the records these
    stand in, each once, in order. `question` means the reading is not sure enough to blame the report: 核对原文.
    `numbers` is the digest of what it says, which a decision must have been made on to hold.
    """

    check: Check
    title: str
    document: DocumentRow
    evaluation: Evaluation | None
    cells: tuple[Cited, ...]
    rows: tuple[Row, ...]
    question: bool
    numbers: str
    decision: Decision | None
    weight: Weight

    @property
    def root_id(self) -> str:
        """The finding that stands for all those one cause explains; its own where it stands alone."""
        return self.check.root_id or self.check.check_id

    @property
    def place(self) -> CellPlace | None:
        """Where to look first."""
        return self.cells[0].place if self.cells else None


def load_findings(output: Path, filters: Filters = EVERYTHING) -> list[AuditFinding]:
    """The findings of the dataset at `output`, what matters most first. Raises StoreError."""
    return findings_of(open_desk(output), filters)


def findings_of(desk: AuditData, filters: Filters) -> list[AuditFinding]:
    """The findings of one state of the dataset, what matters most first."""
    table = desk.checks
    kept = pc.and_(pc.equal(table["outcome"], "inconsistent"), _among(table["severity"], filters.severities))
    if filters.rules:
        kept = pc.and_(kept, _among(table["rule"], filters.rules))
    if filters.ids:
        kept = pc.and_(kept, pc.match_substring_regex(table["check_id"], f"^(?:{'|'.join(map(escape, filters.ids))})"))
    inside = matching(desk, filters)
    found: list[Check] = from_arrow("checks", table.filter(kept))
    checks = [check for check in found if not inside.isdisjoint(_keys(check))]
    forms = desk.forms({key for check in checks for key in _keys(check)})
    titles = rule_titles()
    return ordered(
        make_finding(
            desk,
            check,
            titles.get(check.rule, check.rule),
            forms[check.document_id, check.evaluation_id],
            _cited(check, forms),
        )
        for check in checks
    )


def _keys(check: Check) -> set[FormKey]:
    """The forms a check speaks of."""
    return {(check.document_id, check.evaluation_id), *((one.document_id, one.evaluation_id) for one in check.places)}


def _cited(check: Check, forms: Mapping[FormKey, Form]) -> list[Cited]:
    """The values a check speaks of; those of several forms say whose they are."""
    if not check.places:
        return cited(forms[check.document_id, check.evaluation_id], check.subjects)
    found = []
    for place, subject in zip(check.places, check.subjects, strict=True):
        (cell,) = cited(forms[place.document_id, place.evaluation_id], (subject,))
        shown = cell.shown if len(cell.shown) <= LONGEST_TEXT else f"{cell.shown[:LONGEST_TEXT]}……"
        found.append(replace(cell, name=f"{place.whose}：{cell.name}" if cell.name else place.whose, shown=shown))
    return found


@dataclass(frozen=True, slots=True)
class Card:
    """A finding with those that the same cause explains (一张卡片): the one that stands for all, then the others."""

    lead: AuditFinding
    others: tuple[AuditFinding, ...]


def same_root(one: Check, other: Check) -> bool:
    """Whether one cause explains both findings."""
    return (one.root_id or one.check_id) == (other.root_id or other.check_id)


def cards(findings: Iterable[AuditFinding]) -> list[Card]:
    """The findings by root, in their order; where the root was filtered out the first of its group leads."""
    groups: dict[str, list[AuditFinding]] = {}
    for one in findings:
        groups.setdefault(one.root_id, []).append(one)
    made = []
    for root_id, group in groups.items():
        lead = next((one for one in group if one.check.check_id == root_id), group[0])
        made.append(Card(lead, tuple(one for one in group if one is not lead)))
    return made


def ordered(findings: Iterable[AuditFinding]) -> list[AuditFinding]:
    """What matters most first, each root with what stands under it; what is alike stands together by form."""
    made = cards(sorted(findings, key=_place))
    lead: dict[object, Weight] = {}
    for card in made:
        group = _group(card.lead)
        lead[group] = min(card.lead.weight, lead.get(group, card.lead.weight))
    made.sort(key=lambda card: (lead[_group(card.lead)], *_place(card.lead)))
    return [one for card in made for one in (card.lead, *card.others)]


def _place(one: AuditFinding) -> tuple[str, int, Weight, str, str]:
    form = one.evaluation.ordinal if one.evaluation else -1
    return one.document.source_uri, form, one.weight, one.check.rule, one.check.check_id


def _group(one: AuditFinding) -> tuple[object, ...]:
    return *one.weight[:3], one.check.document_id, one.check.evaluation_id


def rule_titles() -> dict[str, str]:
    """The Chinese title of every rule by its code: those that look at one form, then those that look across."""
    return {rule.code: rule.title for rule in all_rules()} | {rule.code: rule.title for rule in RULES}


def _among(column: pa.ChunkedArray, values: Sequence[str]) -> pa.ChunkedArray:
    return pc.is_in(column, pa.array(values, pa.string()))


def make_finding(desk: AuditData, check: Check, title: str, form: Form, cells: Sequence[Cited]) -> AuditFinding:
    """A finding from a check, its rule's title, the form it is first of all about, and the values it cites."""
    rules = desk.rules
    question = form.half_read or any(_poorly_read(cell.row, rules) for cell in cells)
    numbers = digest(check, cells)
    decision = desk.decisions.get(check.check_id)
    if decision is not None and decision.numbers != numbers:
        decision = None
    relative = _relative(check, cells, form.evaluation, rules)
    weight = Weight(
        decided=decision is not None,
        severity=SEVERITIES.index(check.severity),
        question=question,
        size=0 if relative >= _LARGE else 1 if relative >= _NOTABLE else 2,
        minus_stake=-relative * form_money(form.funding),
        minus_relative=-relative,
        unexplained=check.likely_cause is None,
    )
    rows = tuple({id(cell.row): cell.row for cell in cells if cell.row is not None}.values())
    return AuditFinding(
        check, title, form.document, form.evaluation, tuple(cells), rows, question, numbers, decision, weight
    )


def digest(check: Check, cells: Iterable[Cited]) -> str:
    """What a finding says in numbers, as a short hash: the same for the same printed values however they are read."""
    parts = [check.rule]
    for cell in cells:
        value = cell.shown if cell.value is None else plain(cell.value)
        parts += [cell.document.document_id, cell.subject.table, str(cell.subject.ordinal), cell.subject.column, value]
    if check.difference_value is not None:
        parts.append(plain(check.difference_value))
    if not cells:
        parts.append(check.message)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def _poorly_read(row: Row | None, rules: Rules) -> bool:
    return row is not None and row.confidence is not None and row.confidence < rules.doubt_confidence


def _relative(check: Check, cells: Sequence[Cited], evaluation: Evaluation | None, rules: Rules) -> Decimal:
    """The difference as a share (0 to 1) of what it is a difference of; a little where no difference can be named.

    Percentage points count against 100, points (分) against the form's total.
    """
    difference = check.difference_value
    if difference is None or not cells:
        return _WORDS_ONLY  # a wrong grade word moves no money and no points
    told = check.difference or ""
    if told.endswith(POINTS_OF_PERCENT):
        return min(abs(difference) / HUNDRED, ONE)
    if told.endswith(UNITS["points"]):
        return min(abs(difference) / ((evaluation and evaluation.total_points) or rules.usual_total), ONE)
    printed = cells[0].value
    if printed is None:
        return ONE
    whole = max(abs(printed), abs(printed - difference))
    return min(abs(difference) / whole, ONE) if whole else ONE


def form_money(funding: Iterable[FundingRow]) -> Decimal:
    """What a form is about in 万元: the smallest amount but 0 of its total lines, as one of them may be a slip."""
    amounts = [
        value
        for row in funding
        if row.role == "total"
        for value in (row.initial_budget_wanyuan, row.annual_budget_wanyuan, row.executed_wanyuan)
        if value
    ]
    return min((abs(value) for value in amounts), default=ZERO)


def cited(form: Form, subjects: Iterable[Subject]) -> list[Cited]:
    """The values of one form that `subjects` point to, in order."""
    found: dict[tuple[str, int], Row] = (
        {("evaluations", form.evaluation.ordinal): form.evaluation} if form.evaluation else {}
    )
    found |= {("funding", row.ordinal): row for row in form.funding}
    found |= {("indicators", row.ordinal): row for row in form.indicators}
    found |= {("amounts", row.ordinal): row for row in form.amounts}
    return [cite(form, subject, found.get((subject.table, subject.ordinal))) for subject in subjects]


def cite(form: Form, subject: Subject, row: Row | None) -> Cited:
    """One value of a form with its place."""
    column = _TITLES.get((subject.table, subject.column), subject.column)
    if row is None:
        return Cited(subject, form.document, None, "", column, "", None, "", CellPlace(subject.column))
    cell = amount_cell(row) if isinstance(row, Amount) else form.cells.get(subject)
    place = place_of(row, subject.column)
    if cell is not None:
        return Cited(subject, form.document, row, *_name(row, column), cell.shown, cell.value, cell.unit, place)
    value = getattr(row, subject.column, None)
    shown = _printed(row, subject.column, value)
    number = value if isinstance(value, Decimal) else None
    unit = getattr(row, subject.column.replace("_value", "_unit"), None) if number is not None else None
    return Cited(
        subject, form.document, row, *_name(row, column), shown, number, unit if isinstance(unit, str) else "", place
    )


def place_of(row: Row, column: str) -> CellPlace:
    """The place of a column's own cell where the reader knows it, else the row's."""
    cells = () if isinstance(row, Amount) else row.cells
    own = next((cell for cell in cells if cell.column == column), None)
    return own or CellPlace(column, row.page, row.bbox, row.locator)


def _name(row: Row, column: str) -> tuple[str, str]:
    """The row's name and the column's title, as a sentence uses them."""
    if isinstance(row, FundingRow):
        return row_name(row.label), column
    if isinstance(row, Indicator):
        return row.level3 or row.level2 or row.level1 or "", column
    if isinstance(row, Amount):
        spoken = "占比" if row.role == "share" else "数额"
        return row.label, (row.measure if row.measure and row.origin == "table" else "") or spoken
    return "", column


def _printed(row: Row, column: str, value: object) -> str:
    """A value that is no number of the form, as printed where that is kept."""
    raw = getattr(row, f"{column.removesuffix('_value').removesuffix('_wanyuan').removesuffix('_pct')}_raw", None)
    if isinstance(raw, str) and raw:
        return raw
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


_TITLES = {
    (table, field.name): str(field.metadata["zh"])
    for table, record in (
        ("evaluations", Evaluation),
        ("funding", FundingRow),
        ("indicators", Indicator),
        ("amounts", Amount),
    )
    for field in fields(record)
}

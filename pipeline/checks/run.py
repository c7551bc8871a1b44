"""Run every registered check over a form (执行核对)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from pathlib import Path

from pipeline.checks import (  # registers their checks
    amount_heads,
    amounts,
    column_totals,
    cost_scale,
    counted_rates,
    dates,
    document,
    filled,
    funding,
    goals,
    grades,
    indicators,
    leftovers,
    over_budget,
    prose_and_form,
    prose_balance,
    prose_bounds,
    prose_changes,
    prose_deductions,
    prose_digest,
    prose_lists,
    prose_products,
    prose_rates,
    prose_shares,
    prose_sums,
    reasons,
    said_twice,
    score_totals,
    scores,
    subtotals,
    targets,
)
from pipeline.checks.config import Rules, load_rules
from pipeline.checks.model import Finding, Form, Made, Rule, registered
from pipeline.checks.printed import FINEST, plain
from pipeline.checks.relation import roles
from pipeline.checks.row import check_row
from schemas.errors import ConfigError
from schemas.records import (
    Amount,
    Check,
    Evaluation,
    FundingRow,
    Indicator,
    Severity,
    Subject,
)

SUBJECT_FILES = (
    funding,
    over_budget,
    leftovers,
    cost_scale,
    scores,
    score_totals,
    subtotals,
    grades,
    indicators,
    targets,
    reasons,
    filled,
    goals,
    said_twice,
    amounts,
    amount_heads,
    column_totals,
    prose_and_form,
    prose_balance,
    prose_sums,
    prose_deductions,
    prose_bounds,
    prose_lists,
    prose_shares,
    prose_rates,
    prose_products,
    prose_changes,
    prose_digest,
    counted_rates,
    dates,
    document,
)
"""The modules whose checks are run, in the order of the report."""


def made_on(form: Form, rules: Rules) -> tuple[Made, ...]:
    """Every check made on one form, passed or not, in a fixed order (核对一份自评).

    Pure: the same records give the same rows with the same ids. A contradiction that involves a poorly read row, or a
    table the reader reported trouble with, is a warning that asks to look at the source, not an error; so is one in a
    form that only declares targets.
    """
    made: dict[str, Made] = {}
    for rule in all_rules():
        for finding in rule.run(form, rules):
            check_id = _check_id(form, rule, finding)
            while check_id in made:  # the same cells twice under one rule: told apart by order
                check_id = _digest(check_id)
            made[check_id] = Made(_row(form, rule, finding, rules, check_id), rule, finding)
    return tuple(made.values())


def rules_from(path: Path) -> Rules:
    """The rules of a file of the user's own. Raises ConfigError naming what is wrong in it, unknown codes too."""
    rules = load_rules(path)
    codes = {rule.code for rule in all_rules()}
    for code in rules.severity:
        if code not in codes:
            raise ConfigError(
                f"核对规则 {path} 的 severity.{code} 不是规则代码，应为 docs/checks.md 所列之一，请改正后重试。"
            )
    return rules


def all_rules() -> tuple[Rule, ...]:
    """Every registered check, in the order of the report (全部规则)."""
    order = {module.__name__: i for i, module in enumerate(SUBJECT_FILES)}
    return tuple(sorted(registered(), key=lambda rule: order[rule.run.__module__]))


def _is_declaration(form: Form) -> bool:
    """Whether a form only declares targets (绩效目标申报表): its slips are to be seen to, but report no result."""
    return form.evaluation is not None and form.evaluation.kind == "target"


def _row(form: Form, rule: Rule, finding: Finding, rules: Rules, check_id: str) -> Check:
    severity: Severity = "info"
    message = finding.message
    if finding.outcome == "inconsistent":
        severity = finding.severity or rules.severity.get(rule.code, rule.severity)
        if severity == "error" and _is_declaration(form):
            severity = "warning"
        if severity == "error":
            severity, remark = _certainty(form, finding, rules)
            message = message.removesuffix("。") + remark + "。"
    evaluation_id = form.evaluation.evaluation_id if form.evaluation else None
    relation = finding.relations[0] if len(finding.relations) == 1 else None
    row = check_row(finding, check_id, form.document.document_id, evaluation_id, rule.code, severity)
    return replace(
        row,
        message=message,
        relation=relation.kind if relation else None,
        roles=roles(relation, finding.subjects) if relation else (),
    )


def _certainty(form: Form, finding: Finding, rules: Rules) -> tuple[Severity, str]:
    """How sure the reading of a contradiction's figures is: an error only where nothing speaks against it."""
    cells = [_reading(form, subject) for subject in finding.subjects]
    if any(cell.confirmed is False for cell in cells):
        return "warning", "；两次读取的数字不一致，请先核对原文"
    sure = all(cell.confidence is None or cell.confidence >= rules.doubt_confidence for cell in cells)
    clear = form.document.text_source not in _PICTURES or (
        bool(cells) and all(cell.is_clear(form, rules) for cell in cells)
    )
    if form.half_read or not sure or not clear:
        return "warning", "；此处读取把握不足，请核对原文"
    return "error", "；两次读取一致" if cells and all(cell.confirmed for cell in cells) else ""


_PICTURES = ("ocr", "mixed")
"""Sources of text of which some pages are pictures."""


@dataclass(frozen=True, slots=True)
class _Certainty:
    """How sure the reading of one cell and its row is (读取把握), whether another engine read the same, its page."""

    confidence: float | None
    confirmed: bool | None
    own: float | None = None
    page: int | None = None

    def is_clear(self, form: Form, rules: Rules) -> bool:
        """Whether it was not recognised in a picture, or the form's arithmetic bears the recognised figure out."""
        pages = form.document.recognised_pages or ()
        is_drawn = form.document.text_source == "mixed" and self.page is not None and self.page not in pages
        return is_drawn or (self.own is not None and self.own >= rules.doubt_recognised)


def _reading(form: Form, subject: Subject) -> _Certainty:
    row = _record(form, subject)
    if row is None:
        return _Certainty(None, None)
    if isinstance(row, Amount):
        return _Certainty(row.confidence, row.confirmed, row.confidence, row.page)
    cell = next((cell for cell in row.cells if cell.column == subject.column), None)
    own = None if isinstance(row, Evaluation) else row.confidence
    known = [one for one in (own, cell.confidence if cell else None) if one is not None]
    if cell is None:
        return _Certainty(min(known, default=None), None, page=row.page)
    return _Certainty(min(known, default=None), cell.confirmed, cell.confidence, cell.page)


def _check_id(form: Form, rule: Rule, finding: Finding) -> str:
    """The same for the same finding on the same bytes: document, rule, cells and what is printed in them."""
    parts = [form.document.document_id, form.evaluation.evaluation_id if form.evaluation else "", rule.code]
    for subject in finding.subjects:
        parts += [subject.table, str(subject.ordinal), subject.column, _printed(form, subject)]
    if not finding.subjects:
        parts.append(finding.message)
    return _digest("\x1f".join(parts))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _printed(form: Form, subject: Subject) -> str:
    cell = form.cells.get(subject)
    if cell is not None:
        return cell.raw or plain(cell.value)
    value = getattr(_record(form, subject), subject.column, "")
    # as the dataset keeps it: the same id whether a row was just read or comes out of the dataset
    return plain(value.quantize(FINEST)) if isinstance(value, Decimal) else str(value)


def _record(form: Form, subject: Subject) -> Evaluation | FundingRow | Indicator | Amount | None:
    """The row a subject stands in."""
    if subject.table == "evaluations":
        return form.evaluation
    tables: Mapping[str, Sequence[FundingRow | Indicator | Amount]] = {
        "funding": form.funding,
        "indicators": form.indicators,
        "amounts": form.amounts,
    }
    rows = tables.get(subject.table, ())
    # a row mostly stands at the place its ordinal names: looking there first keeps long forms quick
    near = rows[subject.ordinal : subject.ordinal + 1]
    return next((row for row in chain(near, rows) if row.ordinal == subject.ordinal), None)

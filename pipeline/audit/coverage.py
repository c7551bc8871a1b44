"""Which checks could be made, which not and why (核对范围): silence about a form is not a clean bill."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.audit.filters import Filters, matching
from pipeline.audit.findings import rule_titles
from pipeline.audit.loading import AuditData
from schemas.records import DocumentRow, Evaluation
from schemas.vocabulary import pattern

_PARTICULAR = pattern("particular")
"""What differs from form to form in a reason: names in quotes, and numbers."""


@dataclass(frozen=True, slots=True)
class UncheckedReason:
    """Why a rule could not be applied (无法核对的原因), how often, and one place where."""

    text: str
    count: int
    document: DocumentRow
    evaluation: Evaluation | None


@dataclass(frozen=True, slots=True)
class RuleCoverage:
    """What became of one rule (一条规则的核对情况): checks by outcome, forms it could be applied to, and reasons."""

    rule: str
    title: str
    consistent: int
    inconsistent: int
    not_checkable: int
    forms: int
    reasons: tuple[UncheckedReason, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an audit could look at (核对范围): so many evaluations; documents of which something is unread."""

    forms: int
    rules: tuple[RuleCoverage, ...]
    unread: tuple[DocumentRow, ...]

    @property
    def not_checkable(self) -> int:
        return sum(rule.not_checkable for rule in self.rules)


def coverage(desk: AuditData, filters: Filters) -> Coverage:
    """What the rules could be applied to among the forms that `filters` let pass; severity plays no part."""
    inside = matching(desk, filters)
    columns = ("document_id", "evaluation_id", "rule", "outcome", "message")
    rows = zip(*(desk.checks[name].to_pylist() for name in columns), strict=True)
    outcomes: Counter[tuple[str, str]] = Counter()
    applied: dict[str, set[tuple[str, str | None]]] = {}
    reasons: dict[str, Counter[str]] = {}
    examples: dict[tuple[str, str], tuple[str, str | None]] = {}
    for document_id, evaluation_id, rule, outcome, message in rows:
        key = (document_id, evaluation_id)
        if key not in inside or (filters.rules and rule not in filters.rules):
            continue
        outcomes[rule, outcome] += 1
        if outcome == "not_checkable":
            reason = _PARTICULAR.sub("…", message)
            reasons.setdefault(rule, Counter())[reason] += 1
            examples.setdefault((rule, reason), key)
        else:
            applied.setdefault(rule, set()).add(key)
    known = {code: title for code, title in rule_titles().items() if not filters.rules or code in filters.rules}
    titles = known | {rule: rule for rule, _ in outcomes if rule not in known}
    return Coverage(
        forms=sum(evaluation_id is not None for _, evaluation_id in inside),
        rules=tuple(
            RuleCoverage(
                rule,
                titles[rule],
                outcomes[rule, "consistent"],
                outcomes[rule, "inconsistent"],
                outcomes[rule, "not_checkable"],
                len(applied.get(rule, ())),
                tuple(
                    UncheckedReason(text, count, *_place(desk, examples[rule, text]))
                    for text, count in reasons.get(rule, Counter()).most_common()
                ),
            )
            for rule in titles
        ),
        unread=_unread(desk, {document_id for document_id, _ in inside}),
    )


def _place(desk: AuditData, key: tuple[str, str | None]) -> tuple[DocumentRow, Evaluation | None]:
    document_id, evaluation_id = key
    return desk.documents[document_id], desk.evaluations.get(evaluation_id or "")


def _unread(desk: AuditData, documents: set[str]) -> tuple[DocumentRow, ...]:
    """Documents that were read in part, or hold no evaluation; those that failed are in scope whatever the filters."""
    rows = [
        row for row in desk.documents.values() if row.document_id in documents and row.status in ("partial", "empty")
    ]
    return tuple(sorted([*rows, *desk.failed], key=lambda row: (row.status, row.source_uri)))

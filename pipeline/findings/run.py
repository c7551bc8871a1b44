"""The checks of a document with their likely causes (核对一份文件)."""

from __future__ import annotations

from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.model import Form
from pipeline.checks.run import made_on
from pipeline.dataset.keys.keys import with_keys
from pipeline.findings.marks import marked
from pipeline.findings.roots import with_roots
from pipeline.findings.second_look import Look, looked_at_twice
from pipeline.localise import explanations
from schemas.records import Check, DocumentRecords


def run_checks(records: DocumentRecords, rules: Rules | None = None) -> tuple[Check, ...]:
    """Every check made on a document, passed or not, in a fixed order; contradictions with their causes and roots."""
    used = rules or default_rules()
    return tuple(check for form in forms_of(records, used) for check in _explained(form, used))


def _explained(form: Form, rules: Rules) -> tuple[Check, ...]:
    made = made_on(form, rules)
    return with_roots([one.check for one in made], explanations(form, made, rules))


def find(records: DocumentRecords, rules: Rules | None, look: Look) -> tuple[DocumentRecords, tuple[Check, ...]]:
    """The checks of a document after a second look at what contradicts itself, and the records that say of the look."""
    checks = run_checks(records, rules)
    seen_twice = looked_at_twice(records, checks, look)
    return (records, checks) if seen_twice is records else (seen_twice, run_checks(seen_twice, rules))


def with_findings(records: DocumentRecords, checks: tuple[Check, ...]) -> DocumentRecords:
    """`records` with everything that is worked out of them: marks, suggested values, keys, derived values."""
    return with_keys(marked(records, checks))

"""The checks of a document with their likely causes (核对一份文件)."""

from __future__ import annotations

from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.run import made_on
from pipeline.findings.marks import marked
from pipeline.findings.second_look import Look, looked_at_twice
from pipeline.keys.keys import with_keys
from pipeline.localise import with_likely_causes
from schemas.records import Check, DocumentRecords


def run_checks(records: DocumentRecords, rules: Rules | None = None) -> tuple[Check, ...]:
    """Every check made on a document, passed or not, in a fixed order; each contradiction with its likely cause."""
    used = rules or default_rules()
    return tuple(
        check for form in forms_of(records, used) for check in with_likely_causes(form, made_on(form, used), used)
    )


def find(records: DocumentRecords, rules: Rules | None, look: Look) -> tuple[DocumentRecords, tuple[Check, ...]]:
    """The checks of a document after a second look at what contradicts itself, and the records that say of the look."""
    checks = run_checks(records, rules)
    seen_twice = looked_at_twice(records, checks, look)
    return (records, checks) if seen_twice is records else (seen_twice, run_checks(seen_twice, rules))


def with_findings(records: DocumentRecords, checks: tuple[Check, ...]) -> DocumentRecords:
    """`records` with everything that is worked out of them: marks, suggested values, keys, derived values."""
    return with_keys(marked(records, checks))

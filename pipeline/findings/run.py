"""The checks of a document with their likely causes (核对一份文件)."""

from __future__ import annotations

from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.run import made_on
from pipeline.localise import with_likely_causes
from schemas.records import Check, DocumentRecords


def run_checks(records: DocumentRecords, rules: Rules | None = None) -> tuple[Check, ...]:
    """Every check made on a document, passed or not, in a fixed order; each contradiction with its likely cause."""
    used = rules or default_rules()
    return tuple(
        check for form in forms_of(records, used) for check in with_likely_causes(form, made_on(form, used), used)
    )

"""A finding as a row of the dataset, whether of one form or across forms (发现写成核对记录)."""

from __future__ import annotations

from decimal import Decimal

from pipeline.checks.model import Finding
from pipeline.checks.printed import LARGEST, plain, rounded
from schemas.records import Check, Severity


def check_row(
    finding: Finding, check_id: str, document_id: str, evaluation_id: str | None, rule: str, severity: Severity
) -> Check:
    """The row; a difference too large for its column is told in words only."""
    difference = None if finding.difference is None else rounded(finding.difference)
    return Check(
        check_id=check_id,
        document_id=document_id,
        evaluation_id=evaluation_id,
        rule=rule,
        outcome=finding.outcome,
        severity=severity,
        reported=finding.reported,
        expected=finding.expected,
        difference=None if difference is None else f"{plain(difference)}{finding.unit}",
        difference_value=difference if _fits_its_column(difference) else None,
        tolerance=None if finding.tolerance is None else f"±{plain(rounded(finding.tolerance))}{finding.unit}",
        message=finding.message,
        subjects=finding.subjects,
    )


def _fits_its_column(difference: Decimal | None) -> bool:
    return difference is not None and abs(difference) < LARGEST

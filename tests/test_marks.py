"""Rows say themselves what the checks found about them."""

from __future__ import annotations

from decimal import Decimal

from pipeline.findings import marked
from schemas.records import (
    Amount,
    Check,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Severity,
    Subject,
    Suggestion,
)


def records() -> DocumentRecords:
    funding = tuple(FundingRow("e", number, f"第{number}行", executed_wanyuan=Decimal(number)) for number in range(3))
    part = EvaluationRecords(Evaluation("e", "d", 0), funding)
    return DocumentRecords(DocumentRow("d", "file", "file"), (part,), (Amount("d", ordinal=0, value=Decimal(1)),))


def contradiction(
    check_id: str, *ordinals: int, severity: Severity = "error", suggestions: tuple[Suggestion, ...] = ()
) -> Check:
    subjects = tuple(Subject("funding", ordinal, "executed_wanyuan") for ordinal in ordinals)
    return Check(
        check_id, "d", "e", "funding_sum", "inconsistent", severity, subjects=subjects, suggestions=suggestions
    )


def test_a_cause_accuses_only_the_row_that_it_points_at() -> None:
    wrong = Suggestion("funding", 1, "executed_wanyuan", Decimal("12.5"))
    rows = marked(records(), [contradiction("a", 0, 1, 2, suggestions=(wrong,))]).evaluations[0].funding
    assert [row.suspect for row in rows] == [False, True, False]
    assert [row.finding_count for row in rows] == [1, 1, 1]
    assert [row.executed_wanyuan_suggested for row in rows] == [None, Decimal("12.5"), None]
    assert [row.executed_wanyuan for row in rows] == [0, 1, 2]


def test_without_a_cause_every_number_compared_is_in_doubt() -> None:
    rows = marked(records(), [contradiction("a", 0, 1)]).evaluations[0].funding
    assert [row.suspect for row in rows] == [True, True, False]
    assert [row.max_severity for row in rows] == ["error", "error", None]


def test_a_judgement_makes_no_number_suspect() -> None:
    found = [contradiction("a", 0, severity="warning"), contradiction("b", 0, severity="info")]
    row = marked(records(), found).evaluations[0].funding[0]
    assert (row.suspect, row.finding_count, row.max_severity) == (False, 2, "warning")


def test_figures_that_belong_to_no_evaluation_are_marked_too() -> None:
    check = Check("a", "d", None, "sum", "inconsistent", "error", subjects=(Subject("amounts", 0, "value"),))
    assert marked(records(), [check]).amounts[0].suspect


def test_what_passed_leaves_no_mark() -> None:
    check = Check("a", "d", "e", "sum", "consistent", subjects=(Subject("funding", 0, "executed_wanyuan"),))
    assert marked(records(), [check]) == records()

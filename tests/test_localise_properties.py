"""What holds of every explanation: made true, the contradictions it repairs are gone, and nothing else breaks."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks_forms import NATIONAL, national

from pipeline.checks.config import default_rules
from pipeline.checks.form import forms_of
from pipeline.findings import run_checks
from pipeline.localise import Cause, Change, localise
from pipeline.localise.cells import Cells
from pipeline.localise.slips import slips
from schemas.intervals import Interval
from schemas.quantities import parse_money
from schemas.records import DocumentRecords, Subject

COLUMNS = ("initial_budget", "annual_budget", "executed")
EVERYTHING = Interval(Decimal("-Infinity"), Decimal("Infinity"))


def moved_point(raw: str, by: int) -> str:
    return f"{Decimal(raw).scaleb(by):f}"


def transposed(raw: str, at: int) -> str:
    digits = [i for i, c in enumerate(raw) if c.isdigit()]
    i, j = digits[at % (len(digits) - 1)], digits[at % (len(digits) - 1) + 1]
    return raw[:i] + raw[j] + raw[i + 1 : j] + raw[i] + raw[j + 1 :]


def one_digit(raw: str, at: int, digit: int) -> str:
    digits = [i for i, c in enumerate(raw) if c.isdigit()]
    i = digits[at % len(digits)]
    return raw[:i] + str(digit) + raw[i + 1 :]


def wrong(raw: str) -> st.SearchStrategy[str]:
    place = st.integers(0, 9)
    return st.one_of(
        st.sampled_from((-2, -1, 1, 2, 4)).map(lambda by: moved_point(raw, by)),
        place.map(lambda at: transposed(raw, at)),
        st.tuples(place, place).map(lambda pair: one_digit(raw, *pair)),
        st.just("-" + raw),
        st.decimals(Decimal("0.01"), Decimal(9999), places=2).map(str),
    )


@st.composite
def spoilt(draw: st.DrawFn, mistakes: int) -> tuple[DocumentRecords, set[Subject]]:
    """The clean form with some amounts printed wrongly, and which."""
    rows: dict[int, dict[str, str]] = {}
    cells = set()
    for _ in range(mistakes):
        ordinal, column = draw(st.integers(0, 3)), draw(st.sampled_from(COLUMNS))
        right = getattr(NATIONAL[ordinal], f"{column}_raw")
        rows.setdefault(ordinal, {})[column] = draw(wrong(right))
        cells.add(Subject("funding", ordinal, f"{column}_wanyuan"))
    return national(rows), cells


def repaired(document: DocumentRecords, change: Change) -> DocumentRecords:
    """The document with the proposed value in its cell."""
    middle = (change.proposed.low + change.proposed.high) / 2
    e = document.evaluations[0]
    value: dict[str, Any] = {change.cell.column: middle}
    raw = change.cell.column.removesuffix("_wanyuan").removesuffix("_pct") + "_raw"
    if change.cell.table == "evaluations":
        e = replace(e, evaluation=replace(e.evaluation, **value, **{raw: f"{middle:f}"}))
    elif change.cell.table == "funding":
        rows = tuple(
            replace(row, **value, **{raw: f"{middle:f}"}) if row.ordinal == change.cell.ordinal else row
            for row in e.funding
        )
        e = replace(e, funding=rows)
    return replace(document, evaluations=(e,))


def found(document: DocumentRecords) -> tuple[Cause, ...]:
    return localise(document.evaluations[0])


@settings(max_examples=20, deadline=None)
@given(st.one_of(spoilt(1), spoilt(2)))
def test_the_proposed_values_repair_what_they_are_said_to(spoilt_form: tuple[DocumentRecords, set[Subject]]) -> None:
    document, _ = spoilt_form
    checks = {check.check_id: check for check in run_checks(document)}
    for cause in found(document):
        if cause.kind == "missing_row" or any(change.cell.column == "grade" for change in cause.changes):
            continue
        after = document
        for change in cause.changes:
            after = repaired(after, change)
        left = {(check.rule, check.subjects[0]) for check in run_checks(after) if check.outcome == "inconsistent"}
        sums = [checks[i] for i in cause.repairs if checks[i].rule in ("funding_sum", "points_total", "score_total")]
        assert not {(check.rule, check.subjects[0]) for check in sums} & left


@settings(max_examples=20, deadline=None)
@given(spoilt(1))
def test_an_error_never_blames_other_cells_alone(spoilt_form: tuple[DocumentRecords, set[Subject]]) -> None:
    """Where every column has its sums, rates and scores, executed amounts are found whatever was printed."""
    document, cells = spoilt_form
    (cell,) = cells
    blamed = {change.cell for cause in found(document) for change in cause.changes}
    if blamed and cell.ordinal == 0 and cell.column == "executed_wanyuan":
        assert cell in blamed


@settings(max_examples=20, deadline=None)
@given(st.one_of(spoilt(1), spoilt(2)))
def test_check_and_cause_ids_agree(spoilt_form: tuple[DocumentRecords, set[Subject]]) -> None:
    document, _ = spoilt_form
    checks = {check.check_id: check for check in run_checks(document)}
    for cause in found(document):
        assert cause.repairs and not set(cause.repairs) & set(cause.remaining)
        assert all(checks[i].outcome == "inconsistent" for i in (*cause.repairs, *cause.remaining))
        assert all(checks[i].likely_cause and cause.sentence in checks[i].likely_cause for i in cause.repairs)
        assert "。" not in cause.sentence and cause.sentence.startswith("若")


@settings(max_examples=20, deadline=None)
@given(st.decimals(Decimal("0.01"), Decimal("99999999"), places=2))
def test_slips_are_other_values_and_natural_ones_can_be_undone(value: Decimal) -> None:
    raw = f"{value:f}"
    cell = cell_of(raw)
    for slip in slips(cell, EVERYTHING, 2):
        assert slip.value != cell.value and slip.cost > 0
        if slip.kind in ("transposed", "sign", "unit_slip") and slip.value > 0:
            back = cell_of(f"{slip.value:f}")
            assert any(undone.value == cell.value for undone in slips(back, EVERYTHING, 2))


def cell_of(raw: str) -> Any:
    assert parse_money(raw) is not None
    form = next(forms_of(national({1: {"executed": raw}}), default_rules()))
    return Cells(form, form.cells)[Subject("funding", 1, "executed_wanyuan")]

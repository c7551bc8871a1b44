"""Relations as constraints: with another value put in a cell, the very same relation tells whether that repairs it."""

from __future__ import annotations

from decimal import Decimal

from test_checks_forms import national

from pipeline.checks.config import default_rules
from pipeline.checks.relations import Relation, holds, intervals_of, relations
from pipeline.checks.run import forms_of
from schemas.intervals import Interval
from schemas.records import DocumentRecords, Subject


def constraints(document: DocumentRecords) -> tuple[list[Relation], dict[Subject, Interval]]:
    form = next(forms_of(document, default_rules()))
    return list(relations(form, default_rules())), intervals_of(form.cells)


def test_all_relations_of_the_clean_form() -> None:
    found, values = constraints(national())
    assert {relation.rule for relation in found} == {
        *("funding_sum", "execution_rate", "execution_score"),
        *("points_total", "score_total", "score_over_points"),
    }
    assert all(holds(relation, values) for relation in found)


def test_the_right_value_in_the_wrong_cell_repairs_every_relation() -> None:
    found, values = constraints(national({1: {"executed": "2612000.00"}}))
    broken = [relation for relation in found if holds(relation, values) is False]
    assert [relation.rule for relation in broken] == ["funding_sum"]
    wrong = Subject("funding", 1, "executed_wanyuan")
    assert wrong in broken[0].cells
    repaired = values | {wrong: Interval.around(Decimal("261.20"), Decimal("0.01"))}
    assert all(holds(relation, repaired) for relation in found)


def test_a_rate_may_follow_from_any_base() -> None:
    found, _ = constraints(national())
    rate = next(relation for relation in found if relation.rule == "execution_rate")
    assert [option[1].cell.column for option in rate.options] == ["annual_budget_wanyuan", "initial_budget_wanyuan"]


def test_a_budget_of_nothing_allows_no_rate() -> None:
    found, values = constraints(national({0: {"annual_budget": "0.00", "initial_budget": "0.00"}}))
    rate = next(relation for relation in found if relation.rule == "execution_rate")
    assert holds(rate, values) is False
    nothing = {ref: Interval(Decimal(0), Decimal(0)) for ref in rate.cells if "budget" in ref.column}
    assert holds(rate, values | nothing) is None

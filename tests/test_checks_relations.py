"""Relations of findings: with another value in a cell, the very same relation tells whether it repairs it."""

from __future__ import annotations

from decimal import Decimal

from test_checks_forms import national

from pipeline.checks.config import default_rules
from pipeline.checks.form import forms_of
from pipeline.checks.relation import Relation, roles
from pipeline.checks.relations import intervals_of
from pipeline.checks.run import made_on
from pipeline.localise.constraints import holds
from schemas.intervals import Interval
from schemas.records import DocumentRecords, Subject

Found = list[tuple[str, Relation]]


def relations(document: DocumentRecords) -> tuple[Found, dict[Subject, Interval]]:
    form = next(forms_of(document, default_rules()))
    made = made_on(form, default_rules())
    inside = [
        (one.rule.code, relation)
        for one in made
        for relation in one.finding.relations
        if all(cell in form.cells for cell in relation.cells)
    ]
    return inside, intervals_of(form.cells)


def test_all_relations_of_the_clean_form() -> None:
    found, values = relations(national())
    assert {rule for rule, _ in found} == {
        *("funding_sum", "execution_rate", "execution_score", "executed_over_budget"),
        *("points_total", "score_total", "score_over_points"),
    }
    assert all(holds(relation, values) for _, relation in found)


def test_the_right_value_in_the_wrong_cell_repairs_every_relation() -> None:
    found, values = relations(national({1: {"executed": "2612000.00"}}))
    broken = [(rule, relation) for rule, relation in found if relation.kind == "sum" and not holds(relation, values)]
    assert [rule for rule, _ in broken] == ["funding_sum"]
    wrong = Subject("funding", 1, "executed_wanyuan")
    assert wrong in broken[0][1].cells
    repaired = values | {wrong: Interval.around(Decimal("261.20"), Decimal("0.01"))}
    assert all(holds(relation, repaired) for _, relation in found if relation.kind == "sum")


def test_a_rate_may_follow_from_any_base() -> None:
    found, _ = relations(national())
    rate = next(relation for rule, relation in found if rule == "execution_rate")
    assert [option[1].cell.column for option in rate.options] == ["annual_budget_wanyuan", "initial_budget_wanyuan"]


def test_a_budget_of_nothing_allows_no_rate() -> None:
    found, values = relations(national({0: {"annual_budget": "0.00", "initial_budget": "0.00"}}))
    rate = next(relation for rule, relation in found if rule == "execution_rate")
    assert holds(rate, values) is False
    nothing = {ref: Interval(Decimal(0), Decimal(0)) for ref in rate.cells if "budget" in ref.column}
    assert holds(rate, values | nothing) is False


def test_every_subject_of_a_contradiction_has_its_role() -> None:
    document = national({0: {"execution_rate": "43.00%"}, 1: {"executed": "2612000.00"}})
    form = next(forms_of(document, default_rules()))
    made = {one.rule.code: one for one in made_on(form, default_rules()) if one.check.outcome == "inconsistent"}
    assert made["funding_sum"].check.relation == "sum"
    assert made["funding_sum"].check.roles == ("result", "plus", "plus", "plus")
    rate = made["execution_rate"].check
    assert (rate.relation, rate.roles) == ("quotient", ("result", "dividend", "divisor", "other"))
    assert roles(made["execution_rate"].finding.relations[0], rate.subjects) == rate.roles

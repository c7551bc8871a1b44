"""A form's checks as one system of constraints (约束组)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.relations import Relation, Term, gap, intervals_of, relations
from pipeline.checks.scores import grade_index
from pipeline.localise.cells import Cells, decimals_of, grade_cell, printed_cells, wide
from pipeline.localise.constraints import Constraint, holds, regions
from schemas.intervals import Interval
from schemas.records import Check, Subject

_MINUS, _HALF = Decimal(-1), Decimal("0.5")
COMPUTED = ("sum", "ratio", "product", "grade")
"""Kinds of constraints whose total is worked out from the rest."""
JUDGED = ("execution_rate", "execution_score", "level_points")
"""Rules whose warnings explain themselves (truncated, in bands, spending over budget): nothing has to be found."""
SIDE = ("form_prose", "executed_over_budget", "amount_scale")
"""Rules whose contradictions may have good reasons: they support an explanation, but do not ask for one."""


@dataclass(frozen=True, slots=True)
class System:
    """Cells, constraints between them, and which constraints fail (约束组).

    `must`: contradictions to be explained; `side`: failing constraints that need not be; all others hold now and must
    go on holding.
    """

    form: Form
    rules: Rules
    cells: Cells
    values: Mapping[Subject, Interval]
    numbers: Mapping[Subject, Decimal]
    constraints: tuple[Constraint, ...]
    by_cell: Mapping[Subject, tuple[int, ...]]
    must: frozenset[int]
    side: frozenset[int]
    decimals: int = 0
    """How many decimals the amounts of the funding table usually have."""
    settled: frozenset[Subject] = frozenset()
    """Cells that have been changed already, while a second mistake is looked for."""

    def view(self, index: int, changed: Mapping[Subject, Interval]) -> dict[Subject, Interval]:
        """The cells of one constraint as they are, or as they would be."""
        constraint = self.constraints[index]
        found = {ref: changed.get(ref) or self.values[ref] for ref in constraint.cells}
        if constraint.kind == "product":
            score = found[constraint.total]
            middle = (score.low + score.high) / 2
            if constraint.total not in changed and constraint.total not in self.settled:
                found[constraint.total] = wide(self.cells[constraint.total]).printed.interval
            elif middle == middle.to_integral_value():  # rounding to whole points is common practice
                found[constraint.total] = Interval(middle - _HALF, middle + _HALF)
        return found

    def holds(self, index: int, changed: Mapping[Subject, Interval]) -> bool:
        """Whether a constraint would hold with some cells changed."""
        return holds(self.constraints[index], self.view(index, changed))

    def regions(self, index: int, cell: Subject, changed: Mapping[Subject, Interval]) -> list[Interval]:
        """What a cell may be for one constraint."""
        return regions(self.constraints[index], cell, self.view(index, changed))

    def after(
        self,
        changed: Mapping[Subject, Interval],
        numbers: Mapping[Subject, Decimal],
        mended: frozenset[int],
        broken: frozenset[int],
    ) -> System:
        """The system with some cells changed, and what then fails."""
        return replace(
            self,
            values={**self.values, **changed},
            numbers={**self.numbers, **numbers},
            must=(self.must - mended) | broken,
            side=self.side - mended,
            settled=self.settled | frozenset(changed),
        )


def system_of(form: Form, checks: Sequence[Check], rules: Rules) -> System | None:
    """The constraints behind a form's checks; None where nothing fails that could have a cause."""
    failing = [check for check in checks if check.outcome == "inconsistent" and check.severity != "info"]
    if not any(check.rule in _ROLES for check in failing):
        return None
    drafts = [*_from_relations(form, checks, rules), *_from_checks(form, checks, rules)]
    printed = printed_cells(form, (ref for draft in drafts for ref in draft.cells))
    for draft in drafts:
        if draft.kind == "grade" and form.evaluation is not None and form.evaluation.grade:
            index = grade_index(form.evaluation.grade, rules)
            if index is not None:
                printed[draft.total] = grade_cell(draft.total, index, form.evaluation.grade)
    constraints = tuple(draft for draft in drafts if all(ref in printed for ref in draft.cells))
    by_cell: dict[Subject, list[int]] = {}
    for index, constraint in enumerate(constraints):
        for ref in constraint.cells:
            by_cell.setdefault(ref, []).append(index)
    made = System(
        form,
        rules,
        Cells(form, printed),
        {ref: cell.interval for ref, cell in printed.items()},
        {ref: cell.value for ref, cell in printed.items()},
        constraints,
        {ref: tuple(k) for ref, k in by_cell.items()},
        frozenset(),
        frozenset(),
    )
    broken = {index for index in range(len(constraints)) if not made.holds(index, {})}
    must = {index for index in broken if _asks(made, constraints[index], checks)}
    return replace(made, must=frozenset(must), side=frozenset(broken - must), decimals=decimals_of(form))


_ROLES = {
    "funding_sum", "funding_nested_sum", "execution_rate", "execution_score", "points_total", "score_total",
    "level_points", "score_over_points", "grade", "amount_sum", "summary_row", "funding_composition",
    "income_spending_balance", "prose_composition", "prose_share", "prose_rate", *SIDE,
}  # fmt: skip


def _asks(system: System, constraint: Constraint, checks: Sequence[Check]) -> bool:
    """Whether a failing constraint asks for a mistake to be found."""
    if not constraint.failing or constraint.rule in SIDE:
        return False
    doubtful = any(system.cells[ref].confidence < system.rules.doubt_confidence for ref in constraint.cells)
    if constraint.rule not in JUDGED or system.form.half_read or doubtful:
        return True
    mine = [check for check in checks if check.check_id in constraint.failing]
    return any(check.severity == "error" for check in mine)


def _from_relations(form: Form, checks: Sequence[Check], rules: Rules) -> Iterator[Constraint]:
    """The relations of the form.

    A list of parts that need not be whole counts as whole here: where it is short without contradiction it asks for
    nothing, but a change that makes it whole is the likelier for it.
    """
    by_rule: dict[str, list[Check]] = {}
    for check in checks:
        by_rule.setdefault(check.rule, []).append(check)
    for relation in relations(form, rules):
        failing = tuple(
            check.check_id
            for check in by_rule.get(relation.rule, ())
            if check.outcome == "inconsistent" and check.severity != "info" and _about(check, relation)
        )
        options = _nearest(form, relation) if failing and relation.kind == "sum" else relation.options
        yield Constraint(relation.rule, relation.kind, relation.total, options, True, failing)


def _nearest(form: Form, relation: Relation) -> tuple[tuple[Term, ...], ...]:
    """Of several lists a total may be the sum of, the one it is nearest to: the check speaks of that one."""
    values = intervals_of(form.cells)
    gaps = [
        (found, i) for i, option in enumerate(relation.options) if (found := gap(relation, option, values)) is not None
    ]
    return (relation.options[min(gaps)[1]],) if gaps else relation.options


def _about(check: Check, relation: Relation) -> bool:
    subjects = set(check.subjects)
    return relation.total in subjects and subjects <= set(relation.cells)


_SUMS = ("amount_sum", "summary_row", "funding_composition", "prose_composition")
_RATIOS = ("prose_share", "prose_rate")


def _from_checks(form: Form, checks: Sequence[Check], rules: Rules) -> Iterator[Constraint]:
    """Constraints of other tables, of sentences and of the grade: the checks themselves say which cells belong."""
    reduced = {Subject("amounts", amount.ordinal, "value") for amount in form.amounts if amount.measure == "reduced"}
    for check in checks:
        subjects = check.subjects
        if check.outcome == "not_checkable" or not subjects:
            continue
        bad = check.outcome == "inconsistent"
        failing = (check.check_id,) if bad and check.severity != "info" else ()
        total, rest = subjects[0], subjects[1:]
        terms = tuple(Term(ref, _MINUS if ref in reduced else Decimal(1)) for ref in rest)
        if check.rule in _SUMS and rest:
            yield Constraint(check.rule, "sum", total, (terms,), not bad or bool(failing), failing)
        elif check.rule in _RATIOS and len(rest) > 1:
            shares = tuple((terms[0], base) for base in terms[1:])
            yield Constraint(check.rule, "ratio", total, shares, True, failing)
        elif check.rule == "income_spending_balance" and len(subjects) > 2:
            plain_balance = (Term(total), Term(rest[0], _MINUS))
            balances = (plain_balance, *((*plain_balance, term) for term in terms[2:]))
            yield Constraint(check.rule, "sum", rest[1], balances, True, failing)
        elif check.rule == "form_prose" and len(said := [ref for ref in subjects if ref.table == "amounts"]) == 1:
            same = tuple((term,) for term in (Term(total), *terms) if term.cell != said[0])
            yield Constraint(check.rule, "sum", said[0], same, True, failing)
        elif check.rule == "executed_over_budget" and rest:
            yield Constraint(check.rule, "order", total, (terms,), True, failing)
        elif check.rule == "amount_scale" and len(rest) == 1:
            yield Constraint(check.rule, "scale", total, (terms,), True, failing)
        elif check.rule == "grade" and form.evaluation is not None:
            yield _grade(form, check, rules, failing)


def _grade(form: Form, check: Check, rules: Rules, failing: tuple[str, ...]) -> Constraint:
    assert form.evaluation is not None
    ordinal = form.evaluation.ordinal
    points = Subject("evaluations", ordinal, "total_points")
    option = (Term(check.subjects[0]), *((Term(points),) if points in form.cells else ()))
    bounds = rules.grade_starts(form.evaluation.region)
    return Constraint("grade", "grade", Subject("evaluations", ordinal, "grade"), (option,), True, failing, bounds)

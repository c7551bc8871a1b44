"""A form's checks as one system of constraints (约束组)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.grades import grade_index
from pipeline.checks.model import Form, Made
from pipeline.checks.relation import Relation
from pipeline.localise.cells import Cells, decimals_of, grade_cell, printed_cells, wide
from pipeline.localise.constraints import Constraint, holds, regions
from schemas.intervals import Interval
from schemas.records import Subject

_HALF = Decimal("0.5")
COMPUTED = ("sum", "quotient", "product", "grade")
"""Kinds of constraints whose total is worked out from the rest."""


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

    def relation(self, index: int) -> Relation:
        """The relation of one constraint."""
        return self.constraints[index].relation

    def view(self, index: int, changed: Mapping[Subject, Interval]) -> dict[Subject, Interval]:
        """The cells of one constraint as they are, or as they would be."""
        relation = self.relation(index)
        found = {ref: changed.get(ref) or self.values[ref] for ref in relation.cells}
        if relation.kind == "product":
            score = found[relation.total]
            middle = (score.low + score.high) / 2
            if relation.total not in changed and relation.total not in self.settled:
                found[relation.total] = wide(self.cells[relation.total]).printed.interval
            elif middle == middle.to_integral_value():  # rounding to whole points is common practice
                found[relation.total] = Interval(middle - _HALF, middle + _HALF)
        return found

    def holds(self, index: int, changed: Mapping[Subject, Interval]) -> bool:
        """Whether a constraint would hold with some cells changed."""
        return holds(self.relation(index), self.view(index, changed))

    def regions(self, index: int, cell: Subject, changed: Mapping[Subject, Interval]) -> list[Interval]:
        """What a cell may be for one constraint."""
        return regions(self.relation(index), cell, self.view(index, changed))

    def effect(self, changed: Mapping[Subject, Interval]) -> tuple[frozenset[int], frozenset[int]]:
        """Which failing constraints would hold with some cells changed, and which holding ones would fail."""
        mended, broken = set(), set()
        failing = self.must | self.side
        for k in {k for ref in changed for k in self.by_cell.get(ref, ())}:
            if self.holds(k, changed):
                if k in failing:
                    mended.add(k)
            elif k not in failing and self.constraints[k].rule.cause != "never":
                broken.add(k)
        return frozenset(mended), frozenset(broken)

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


def system_of(form: Form, made: Sequence[Made], rules: Rules) -> System | None:
    """The constraints behind a form's checks; None where nothing fails that could have a cause."""
    if not any(_weighty(one) and one.finding.relations for one in made):
        return None
    drafts = list(_constraints(made))
    printed = printed_cells(form, (ref for draft in drafts for ref in draft.relation.cells))
    for draft in drafts:
        if draft.relation.kind == "grade" and form.evaluation is not None and form.evaluation.grade:
            index = grade_index(form.evaluation.grade, rules)
            if index is not None:
                printed[draft.relation.total] = grade_cell(draft.relation.total, index, form.evaluation.grade)
    constraints = tuple(draft for draft in drafts if all(ref in printed for ref in draft.relation.cells))
    by_cell: dict[Subject, list[int]] = {}
    for index, constraint in enumerate(constraints):
        for ref in constraint.relation.cells:
            by_cell.setdefault(ref, []).append(index)
    found = System(
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
    broken = {index for index in range(len(constraints)) if not found.holds(index, {})}
    must = {index for index in broken if constraints[index].asks}
    return replace(found, must=frozenset(must), side=frozenset(broken - must), decimals=decimals_of(form))


def _weighty(made: Made) -> bool:
    """Whether the numbers do not agree, and not just for a list that may be partial."""
    return made.check.outcome == "inconsistent" and made.check.severity != "info"


def _constraints(made: Sequence[Made]) -> Iterator[Constraint]:
    """The relations of everything that was looked at.

    A list of parts that need not be whole counts as whole here: where it is short without contradiction it asks for
    nothing, but a change that makes it whole is the likelier for it.
    """
    for one in made:
        failing = one.check.check_id if _weighty(one) else ""
        for relation in one.finding.relations:
            yield Constraint(replace(relation, complete=True), one.rule, failing, bool(failing) and _asks(one))


def _asks(made: Made) -> bool:
    """Whether a contradiction calls for the wrong cell to be found."""
    if made.rule.cause == "unless_explained":
        return made.finding.severity is None
    return made.rule.cause == "always"

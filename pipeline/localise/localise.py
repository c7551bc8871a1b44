"""From failing checks to the cells most likely wrong (错误定位)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import form_of
from pipeline.checks.model import Form, Made
from pipeline.checks.run import made_on
from pipeline.localise.model import Cause, Change
from pipeline.localise.option import Option
from pipeline.localise.search import explain
from pipeline.localise.sentence import ALSO, change, sentence
from pipeline.localise.system import System, system_of
from schemas.records import Check, DocumentRecords, DocumentRow, EvaluationRecords, ProblemRow, Suggestion

LONGEST_FORM = 400
"""Rows from which no single cell is named: among hundreds of parts any could make the sum fit, and looking at them all
costs time that grows with their square."""


def localise(
    e: EvaluationRecords, problems: Sequence[ProblemRow] = (), rules: Rules | None = None
) -> tuple[Cause, ...]:
    """The most likely causes of an evaluation's contradictions, best first; equally good ones stand together.

    `problems` are what the reader reported of its document. Empty where nothing is convincing. Pure and deterministic;
    the records are not changed.
    """
    used = rules or default_rules()
    document = DocumentRow(e.evaluation.document_id, "", "")
    form = form_of(DocumentRecords(document, (e,), problems=tuple(problems)), e, used)
    return causes_of(form, made_on(form, used), used)


def causes_of(form: Form, made: Sequence[Made], rules: Rules) -> tuple[Cause, ...]:
    """The same for a form whose checks are made; nothing for one longer than `LONGEST_FORM`."""
    if len(form.indicators) + len(form.funding) + len(form.amounts) > LONGEST_FORM:
        return ()
    system = system_of(form, made, rules)
    if system is None:
        return ()
    found = [_cause(system, option) for options in explain(system) for option in options]
    return tuple(found)


def with_likely_causes(form: Form, made: Sequence[Made], rules: Rules) -> tuple[Check, ...]:
    """The checks of one form, each contradiction with its likely cause where there is one.

    Equally good explanations stand in one sentence and side by side among the suggestions.
    """
    causes: dict[str, list[Cause]] = {}
    for cause in causes_of(form, made, rules):
        for check_id in cause.repairs:
            causes.setdefault(check_id, []).append(cause)
    return tuple(_explained(one.check, causes.get(one.check.check_id, ())) for one in made)


def _explained(check: Check, causes: Sequence[Cause]) -> Check:
    if not causes:
        return check
    suggestions = dict.fromkeys(_suggestion(each) for cause in causes for each in cause.changes)
    return replace(check, likely_cause=ALSO.join(cause.sentence for cause in causes), suggestions=tuple(suggestions))


def _suggestion(one: Change) -> Suggestion:
    value = one.proposed.low if one.proposed.low == one.proposed.high else None
    return Suggestion(one.cell.table, one.cell.ordinal, one.cell.column, value)


def _cause(system: System, option: Option) -> Cause:
    failing = system.must | system.side
    cells = {repair.ref for repair in option.repairs}
    cells |= {ref for k in option.mended for ref in system.relation(k).cells}
    near = {k for ref in cells for k in system.by_cell.get(ref, ())}
    repairs = _ids(system, option.mended)
    remaining = tuple(i for i in _ids(system, frozenset(near & failing) - option.mended) if i not in repairs)
    return Cause(
        option.repairs[0].kind,
        tuple(change(system, repair) for repair in option.repairs),
        repairs,
        remaining,
        round(option.cost, 3),
        sentence(system, option, len(remaining)),
    )


def _ids(system: System, constraints: frozenset[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for k in sorted(constraints) if (i := system.constraints[k].failing)))

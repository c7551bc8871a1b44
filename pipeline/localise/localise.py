"""From failing checks to the cells most likely wrong (错误定位)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from pipeline.checks.config import Rules, default_rules
from pipeline.checks.form import form_of
from pipeline.checks.model import Form, Made
from pipeline.checks.run import made_on
from pipeline.localise.model import Cause
from pipeline.localise.option import Option
from pipeline.localise.search import explain
from pipeline.localise.sentence import change, restates, sentence
from pipeline.localise.system import System, system_of
from schemas.records import DocumentRecords, DocumentRow, EvaluationRecords, ProblemRow, Subject

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
    """The same for a form whose checks are made."""
    return tuple(cause for alternatives in explanations(form, made, rules) for cause in alternatives)


def explanations(form: Form, made: Sequence[Made], rules: Rules) -> tuple[tuple[Cause, ...], ...]:
    """For each group of contradictions its equally good causes; nothing for a form longer than `LONGEST_FORM`."""
    if len(form.indicators) + len(form.funding) + len(form.amounts) > LONGEST_FORM:
        return ()
    system = system_of(form, made, rules)
    if system is None:
        return ()
    return tuple(tuple(_cause(system, option) for option in _simplest(options)) for options in explain(system))


def _simplest(options: Sequence[Option]) -> Sequence[Option]:
    """Of equally likely options those that change no more numbers than the first, and each set of changes once."""
    told: dict[frozenset[tuple[Subject, Decimal | None]], Option] = {}
    for option in options:
        if len(option.repairs) <= len(options[0].repairs):
            told.setdefault(frozenset((repair.ref, repair.value) for repair in option.repairs), option)
    return list(told.values())


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
        restates(system, option),
    )


def _ids(system: System, constraints: frozenset[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(i for k in sorted(constraints) if (i := system.constraints[k].failing)))

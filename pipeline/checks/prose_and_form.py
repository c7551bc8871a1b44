"""The same figure in the form and in the prose (表与正文的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, plain
from pipeline.checks.prose_figures import ProseFigure, Said, figures, sentences
from pipeline.checks.relation import Relation, Term
from pipeline.checks.sums import rounding
from schemas.lexicon import normalise
from schemas.records import Amount

_FORM_COLUMNS = {
    "initial_budget": ("initial_budget",),
    "annual_budget": ("annual_budget", "initial_budget"),
    "executed": ("executed",),
    "arrived": ("arrived",),
}


@check(
    "form_prose",
    "同一数字在表中与正文中",
    "自评表与自评报告应口径一致",
    "warning",
    cause="never",
    support=2.0,
    agrees="表与正文",
)
def form_prose(form: Form, rules: Rules) -> Iterator[Finding]:
    """Figures of the prose that speak of the whole project, against the total line and the total score.

    Prose speaks of many amounts; that none of them is the form's is worth a look, not more. And it may be about another
    office, as where a form stands in a budget: it has to name the project or the unit, or tell a score.
    """
    about = figures_of_whole(form, rules)
    scored = any(one.amount.measure == "score" for one in about)
    whole = scored or _prose_names_it(form)
    yield from against_prose(form, about if whole else [one for one in about if _names_itself(one, form, rules)])


def figures_of_whole(form: Form, rules: Rules) -> list[ProseFigure]:
    """The figures of the prose that speak of all of what the form is about."""
    listed = {one.cell.ref for group in sentences(form) for one in _listed_scores(group, rules)}
    spoken = [one for one in figures(form) if speaks_of_whole(form, one.amount, rules)]
    return [one for one in spoken if one.cell.ref not in listed]


def _listed_scores(group: Said, rules: Rules) -> list[ProseFigure]:
    """Scores right behind the points of what they are a score of: 产出指标50分，自评49分."""
    pairs = [(full, score) for full, score in pairwise(group) if score.amount.measure == "score"]
    return [score for full, score in pairs if full.amount.measure == "points" and full.cell.value < rules.usual_total]


def against_prose(form: Form, spoken: Said) -> Iterator[Finding]:
    """The total line and the total score of a form against figures that are said of it."""
    totals = [row for row in form.funding if row.role == "total"]
    made = False
    for measure, columns in _FORM_COLUMNS.items():
        said = [one.cell for one in spoken if one.amount.measure == measure and one.cell.kind == "money"]
        cells = [cell for row in totals for column in columns if (cell := form.money(row, column)) is not None]
        if said and len(totals) == 1 and cells:
            made = True
            yield _same_figure(cells, said)
    total = form.cell("evaluations", form.evaluation.ordinal, "total_score") if form.evaluation else None
    points = [one.cell for one in spoken if one.amount.measure == "score" and one.cell.kind == "points"]
    scores = [one for one in points if total and 2 * one.value > total.value]  # less is the score of a part
    if total and scores:
        made = True
        yield _same_figure([total], scores)
    if not made and form.amounts:
        yield not_checkable("正文没有读到与表中总额、总分同一口径的数字，表与正文无法核对。")


def speaks_of_whole(form: Form, amount: Amount, rules: Rules) -> bool:
    """Whether a figure's name is only general words (全年预算数) or the project's own name."""
    if amount.role in ("part", "share") or form.evaluation is None:
        return False
    if amount.fiscal_year not in (None, form.evaluation.fiscal_year):
        return False
    rest = normalise(amount.label)
    if form.evaluation.kind in ("project", "transfer") and rest in rules.unit_words:
        return False
    for word in rules.whole_words:
        rest = rest.replace(word, "")
    name = normalise(form.evaluation.project_name or "")
    names_project = bool(name) and (rest in name or name in rest)
    return not rest or (len(rest) > 3 and names_project)


def _prose_names_it(form: Form) -> bool:
    """Whether the prose names what the form is about."""
    names = {normalise(name) for name in _names(form) if name}
    texts = (normalise(f"{section.heading}{section.text}") for section in form.sections)
    return any(name in text for text in texts for name in names)


def _names(form: Form) -> tuple[str | None, ...]:
    evaluation = form.evaluation
    if evaluation is None:
        return ()
    whole_unit = evaluation.kind == "unit"
    return (evaluation.unit, evaluation.department) if whole_unit else (evaluation.project_name,)


def _names_itself(one: ProseFigure, form: Form, rules: Rules) -> bool:
    """Whether the sentence of a figure says that it is about this form (本项目), or stands in its cell of goals."""
    sentence = normalise(one.amount.context or "")
    goal = normalise(form.evaluation.goal_actual or "") if form.evaluation else ""
    if sentence and sentence in goal:
        return True
    return any(normalise(word) in sentence for word in (*_names(form), *rules.this_project) if word)


def _same_figure(cells: list[Printed], said: list[Printed]) -> Finding:
    subjects = (*(cell.ref for cell in cells), *(one.ref for one in said))
    same = tuple((Term(cell.ref),) for cell in cells)
    relations = (Relation("sum", said[0].ref, same),) if len(said) == 1 else ()
    for cell in cells:
        for one in said:
            if cell.interval.meets(one.interval):
                message = f"{cell.name}{cell.shown}与正文{one.name}{one.shown}相符。"
                return consistent(message, subjects, cell.shown, relations)
    cell, one = cells[0], said[0]
    return Finding(
        "inconsistent",
        f"{cell.name}填列{cell.shown}，正文{one.name}为{one.shown}，"
        f"差异{plain(abs(cell.value - one.value))}{cell.unit}。",
        subjects,
        reported=one.shown,
        expected=cell.shown,
        difference=one.value - cell.value,
        tolerance=rounding(cell.interval, one.interval),
        unit=cell.unit,
        relations=relations,
    )

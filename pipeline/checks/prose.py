"""Checks of figures in sentences: compositions, shares, rates, the same figure in form and prose (正文的核对)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, amount_cell, exact_zeros, plain
from pipeline.checks.relation import Relation, Term
from pipeline.checks.sums import rounding, share_of, sum_finding
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.lexicon import normalise
from schemas.records import Amount, Subject

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """A figure of a sentence with its cell (句中的数)."""

    amount: Amount
    cell: Printed


Said = Sequence[ProseFigure]


def figures(form: Form) -> tuple[ProseFigure, ...]:
    """Every figure in sentences that is a number with a width; in one sentence a bare 0 among decimals is nothing."""
    prose = (amount for amount in form.amounts if amount.origin == "prose")
    read = tuple(ProseFigure(amount, cell) for amount in prose if (cell := amount_cell(amount)) is not None)
    money = [[one.cell for one in group if one.cell.kind == "money"] for group in _by_sentence(read)]
    settled = {cell.ref: cell for cells in money for cell in exact_zeros(cells)}
    return tuple(replace(one, cell=settled.get(one.cell.ref, one.cell)) for one in read)


@check(
    "prose_composition",
    "正文中的分项与总额",
    "正文“其中：……”各项不超过总额，“共计”“合计”等于各项之和",
    "error",
)
def prose_composition(form: Form, rules: Rules) -> Iterator[Finding]:
    """Counts of people or things may overlap (党员3人，女性5人), so that only a stated sum of them can be odd."""
    found = figures(form)
    made = False
    for total, parts in totals_and_parts(found):
        made = True
        stated_sum = total.amount.role == "sum"
        complete = stated_sum or _spent_and_left(parts)
        minus = {one.cell.ref for one in parts if one.amount.measure == "reduced"}
        whole, *cells = _measured([total.cell, *(one.cell for one in parts)])
        finding = sum_finding(whole, cells, None if complete else "info", "", minus, "写为")
        if complete and not stated_sum and finding.outcome == "inconsistent":  # what was taken back may be left out
            finding = replace(finding, severity="warning")
        yield _weighed(finding, total, found, rules)
    if not made and found:
        yield not_checkable("正文没有读到总额与其分项，正文合计无法核对。")


def totals_and_parts(found: Said) -> Iterator[tuple[ProseFigure, list[ProseFigure]]]:
    """Every total of a list in sentences with what is listed."""
    for total in found:
        key = total.amount.total_of
        parts = [one for one in found if key and one.amount.part_of == key and one.amount.role != "share"]
        parts = _of_the_list(total, [one for one in parts if one.cell.kind == total.cell.kind])
        if parts:
            yield total, parts


def _measured(cells: list[Printed]) -> list[Printed]:
    """The counts of one list: where some have decimals the whole ones were measured and rounded, too."""
    if all(cell.kind != "count" or cell.value == cell.value.to_integral_value() for cell in cells):
        return cells
    return [
        replace(cell, interval=Interval.around(cell.value, Decimal(1))) if cell.interval.low == cell.value else cell
        for cell in cells
    ]


def _of_the_list(total: ProseFigure, parts: list[ProseFigure]) -> list[ProseFigure]:
    """The parts up to one that is no part: larger than the total by itself, and of another kind than it and the rest.

    负债总额1.1亿元，其中银行借款1.0亿元，营业收入1.8亿元.
    """
    kinds = {one.amount.measure for one in (total, *parts[:1])}
    for at, one in enumerate(parts[1:], 1):
        if one.cell.value > total.cell.value and one.amount.measure not in kinds:
            return parts[:at]
    return parts


def _spent_and_left(parts: Said) -> bool:
    """Whether the parts are what was spent and what is left, which leave nothing out (已支付、未支付)."""
    return {one.amount.measure for one in parts} == {"executed", "balance"}


def _weighed(finding: Finding, total: ProseFigure, found: Sequence[ProseFigure], rules: Rules) -> Finding:
    """A contradiction of a list as heavy as it is certain which figures belong together."""
    if finding.outcome == "consistent":
        return finding
    if finding.severity == "info":
        message = f"{total.cell.name}为{total.cell.shown}，所列各项未必列全，无法核对。"
        return not_checkable(message, finding.subjects)
    if total.cell.kind == "count" and total.amount.unit not in rules.extents:
        return replace(finding, severity="warning" if total.amount.role == "sum" else "info")
    if finding.severity is None and _elsewhere(total, found):
        return replace(finding, severity="warning")
    if finding.severity is None and total.amount.role != "sum" and _other_totals(total, found):
        message = finding.message.removesuffix("。") + "；同一句另有可为总额的数，请核对所指。"
        return replace(finding, severity="warning", message=message)
    return finding


def _elsewhere(total: ProseFigure, found: Sequence[ProseFigure]) -> bool:
    """Whether the parts of a total stand in another paragraph (本年支出中，…), where they may be of another one."""
    parts = [one for one in found if one.amount.part_of == total.amount.total_of]
    return any(one.amount.locator != total.amount.locator for one in parts)


def _other_totals(total: ProseFigure, found: Sequence[ProseFigure]) -> bool:
    """Whether the list may be of another figure before it in the sentence: one of the same kind, as far as told."""
    if total.amount.part_of is not None:  # named as a part of something, and its own parts after it
        return False
    parts = {one.amount.measure for one in found if one.amount.part_of == total.amount.total_of}
    told = parts == {total.amount.measure} and None not in parts
    alike = parts if told else {one.amount.measure for one in found}
    return any(
        one.amount.measure in alike and one.amount.part_of is None and one.cell.value != total.cell.value
        for one in found
        if _before(one, total)
    )


def _before(one: ProseFigure, total: ProseFigure) -> bool:
    """Whether a figure of the same unit stands before another one in its sentence."""
    same_place = (one.amount.context, one.amount.locator) == (total.amount.context, total.amount.locator)
    return same_place and one.amount.unit == total.amount.unit and one.amount.ordinal < total.amount.ordinal


BASES = ("annual_budget", "initial_budget", "allocated", "arrived", "income", "increased")


_PLANNED = frozenset(("initial_budget", "annual_budget", "allocated"))


def sentences(form: Form) -> list[list[ProseFigure]]:
    """The figures of each sentence, in order."""
    return _by_sentence(figures(form))


def _by_sentence(read: Said) -> list[list[ProseFigure]]:
    found: dict[tuple[str | None, str | None], list[ProseFigure]] = {}
    for one in read:
        found.setdefault((one.amount.context, one.amount.locator), []).append(one)
    return list(found.values())


def spent(group: Said) -> list[ProseFigure]:
    """What a sentence says was spent; where it does not, what it says was paid (拨付700万元)."""
    executed = [one for one in group if one.amount.measure == "executed" and one.cell.kind == "money"]
    return executed or [one for one in group if _is_paid(one)]


def _is_paid(one: ProseFigure) -> bool:
    return one.amount.measure == "allocated" and any(word in one.amount.label for word in judgement().paid)


@check(
    "prose_balance",
    "正文中的收支与结余",
    "同一句中：预算（安排、到位、收入）＝支出＋结余；年初预算＋追加－调减＝全年预算；支出不超过到位",
    "warning",
    agrees="收支结余",
)
def prose_balance(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where a sentence has one amount of each kind; several bases: one that fits is meant.

    What was available may stand in a sentence before.
    """
    made = False
    told = sentences(form)
    for at, group in enumerate(told):
        for finding in (*_left_over(group, told[:at]), *_adjusted(group), *_paid_beyond(group)):
            made = True
            yield finding
    if not made and figures(form):
        yield not_checkable("正文没有同一句的预算、支出与结余，或年初预算与调整，无法核对。")


def _left_over(group: Said, before: Sequence[Said]) -> Iterator[Finding]:
    """What was available = spent + left; with one amount brought in from before, that + income − spent = left."""
    whole = whole_money(group)
    rest = [one.cell for one in whole if _is_rest(one)]
    parts = [one.cell for one in spent(whole)]
    if len(rest) != 1 or len(parts) != 1:
        return
    taken = {parts[0].ref}
    bases = [one.cell for one in whole if one.amount.measure in BASES and one.cell.ref not in taken]
    carried = [one for one in whole if one.amount.measure == "carryover" or _of_other_years(one)]
    brought = [one for one in carried if not _is_rest(one)]
    if brought:
        yield from _with_what_was_brought(brought, bases, parts[0], rest[0])
    elif candidates := bases or _bases_told_before(group, parts[0], before):
        yield _nearest(
            candidates, lambda base: sum_finding(base, [parts[0], rest[0]], None, "支出与结余：", (), "写为")
        )


def _is_rest(one: ProseFigure) -> bool:
    """Whether an amount is what is left of the year's: its balance, or what it hands on (年末结转)."""
    handed_on = one.amount.measure == "carryover" and any(word in one.amount.label for word in judgement().handed_on)
    return handed_on or (one.amount.measure == "balance" and not _of_other_years(one))


def whole_money(group: Said) -> list[ProseFigure]:
    """The amounts of money of a sentence that are no parts of another."""
    return [one for one in group if one.amount.role in (None, "total") and one.cell.kind == "money"]


def _of_other_years(one: ProseFigure) -> bool:
    return any(word in one.amount.label for word in judgement().not_rest)


def _with_what_was_brought(brought: Said, bases: Sequence[Printed], paid: Printed, rest: Printed) -> Iterator[Finding]:
    """年初结转32万元，收入468万元，支出471万元，年末结转29万元: only where each stands there once."""
    told = len(brought) == len(bases) == 1
    if told and any(word in brought[0].amount.label for word in judgement().brought_in):
        yield sum_finding(rest, [brought[0].cell, bases[0], paid], None, "", {paid.ref}, "写为")


def _bases_told_before(group: Said, paid: Printed, before: Sequence[Said]) -> list[Printed]:
    """What the sentences before say was available: all that fits a rate of this one, else the only one there is.

    An initial budget is that no more once the sentence tells the budget it became.
    """
    told = _available_before(before, {paid.ref})
    adjusted = {one.amount.context for one in told if one.amount.measure == "annual_budget"}
    bases = [one.cell for one in told if one.amount.measure != "initial_budget" or one.amount.context not in adjusted]
    rates = [one.cell for one in group if one.amount.measure == "execution_rate" and one.cell.kind == "percent"]
    if len(rates) == 1:
        shares = [(base, paid.interval.ratio(base.interval)) for base in bases]
        bases = [base for base, share in shares if share and rates[0].interval.meets(share.scale(_HUNDRED))] or bases
    return bases if len({base.value for base in bases}) == 1 else []


SENTENCES_BEFORE = 6
"""How many sentences with figures a base may stand back."""


def bases_before(before: Sequence[Said], taken: Container[Subject], but: str = "") -> list[Printed]:
    """The amounts that earlier sentences say were available, the nearest first; not those of the measure `but`."""
    return [one.cell for one in _available_before(before, taken) if one.amount.measure != but]


def _available_before(before: Sequence[Said], taken: Container[Subject]) -> list[ProseFigure]:
    return without_additions(
        [
            one
            for group in reversed(before[-SENTENCES_BEFORE:])
            for one in whole_money(group)
            if one.amount.measure in BASES and one.cell.ref not in taken
        ]
    )


def without_additions(bases: Sequence[ProseFigure]) -> list[ProseFigure]:
    """What was available; what was added to a budget is that only where nothing else is told."""
    return [one for one in bases if one.amount.measure != "increased"] or list(bases)


def _paid_beyond(group: Said) -> Iterator[Finding]:
    """实际到位170万元，实际支出179.6万元: more than arrived, where nothing else of money is told with a source."""
    whole = whole_money(group)
    arrived = [one.cell for one in whole if one.amount.measure == "arrived"]
    paid = [one.cell for one in whole if one.amount.measure == "executed"]
    planned = {one.amount.measure for one in whole} - {"arrived", "executed"}
    if len(arrived) != 1 or len(paid) != 1 or not planned <= _PLANNED or any(_of_other_years(one) for one in whole):
        return
    if paid[0].interval.low > arrived[0].interval.high:
        gap = paid[0].value - arrived[0].value
        head = f"{paid[0].name}{paid[0].shown}超过{arrived[0].name}{arrived[0].shown}"
        yield Finding(
            "inconsistent",
            f"{head}，差异{plain(gap)}{paid[0].unit}{share_of(gap, arrived[0])}。",
            (paid[0].ref, arrived[0].ref),
            reported=paid[0].shown,
            expected=f"不超过{arrived[0].shown}",
            difference=gap,
            unit=paid[0].unit,
        )


def _adjusted(group: Said) -> Iterator[Finding]:
    by_measure = {
        code: [one.cell for one in whole_money(group) if one.amount.measure == code]
        for code in ("initial_budget", "annual_budget", "increased", "reduced")
    }
    first, last = by_measure["initial_budget"], by_measure["annual_budget"]
    changes = [*by_measure["increased"], *by_measure["reduced"]]
    if len(first) == len(last) == 1 and changes:
        minus = {cell.ref for cell in by_measure["reduced"]}
        yield sum_finding(last[0], [*first, *changes], None, "", minus, "写为")


def _nearest(bases: Sequence[Printed], judge: Callable[[Printed], Finding]) -> Finding:
    found = [judge(base) for base in bases]
    return next((one for one in found if one.outcome == "consistent"), found[0])


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
    return [one for one in figures(form) if speaks_of_whole(form, one.amount, rules)]


def against_prose(form: Form, spoken: Said) -> Iterator[Finding]:
    """The total line and the total score of a form against figures that are said of it."""
    totals = [row for row in form.funding if row.role == "total"]
    made = False
    for measure, columns in _FORM_COLUMNS.items():
        said = [one.cell for one in spoken if one.amount.measure == measure and one.cell.kind == "money"]
        cells = [
            cell
            for row in totals
            for column in columns
            if (cell := form.cell("funding", row.ordinal, f"{column}_wanyuan")) is not None
        ]
        if said and len(totals) == 1 and cells:
            made = True
            yield _same_figure(cells, said)
    scores = [one.cell for one in spoken if one.amount.measure == "score" and one.cell.kind == "points"]
    total = form.cell("evaluations", form.evaluation.ordinal, "total_score") if form.evaluation else None
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
    """Whether the sentence of a figure says that it is about this form (本项目)."""
    sentence = normalise(one.amount.context or "")
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

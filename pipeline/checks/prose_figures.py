"""What sentences say of money and counts, sentence by sentence (句中的数)."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.checks.model import Form
from pipeline.checks.printed import Printed, amount_cell, exact_zeros
from schemas.judgement import judgement
from schemas.records import Amount, Subject
from schemas.vocabulary import pattern

_BEHIND, _BEFORE = pattern("relation_behind"), pattern("relation_before")
_CLAUSE_ENDS = frozenset("；;")


@dataclass(frozen=True, slots=True)
class ProseFigure:
    """A figure of a sentence with its cell (句中的数)."""

    amount: Amount
    cell: Printed


Said = Sequence[ProseFigure]
"""The figures of one sentence, or of several."""
BASES = ("annual_budget", "initial_budget", "allocated", "arrived", "income", "increased")
"""Measures of what was available, the budget of the year first."""


def figures(form: Form) -> tuple[ProseFigure, ...]:
    """Every figure in sentences that is a number with a width; in one sentence a bare 0 among decimals is nothing."""
    return _figures(form.amounts)


@lru_cache(maxsize=8)  # some thirty rules of a form ask for them
def _figures(amounts: tuple[Amount, ...]) -> tuple[ProseFigure, ...]:
    prose = (amount for amount in amounts if amount.origin == "prose")
    read = tuple(ProseFigure(amount, cell) for amount in prose if (cell := amount_cell(amount)) is not None)
    money = [[one.cell for one in group if one.cell.kind == "money"] for group in _by_sentence(read)]
    settled = {cell.ref: cell for cells in money for cell in exact_zeros(cells)}
    return tuple(replace(one, cell=settled.get(one.cell.ref, one.cell)) for one in read)


def sentences(form: Form) -> list[list[ProseFigure]]:
    """The figures of each sentence, in order."""
    return _by_sentence(figures(form))


def _by_sentence(read: Said) -> list[list[ProseFigure]]:
    found: dict[tuple[str | None, str | None], list[ProseFigure]] = {}
    for one in read:
        found.setdefault((one.amount.context, one.amount.locator), []).append(one)
    return list(found.values())


def places(group: Said) -> list[tuple[int, int]]:
    """Where each figure of a sentence stands in it, one behind the other; where it is not found, (-1, -1)."""
    context, behind = group[0].amount.context or "", 0
    found = []
    for one in group:
        raw = one.amount.value_raw or ""
        at = context.find(raw, behind) if raw else -1
        found.append((at, at + len(raw)) if at >= 0 else (-1, -1))
        behind = max(behind, found[-1][1])
    return found


def words_before(group: Said) -> list[str]:
    """The words in front of each figure of a sentence, from the figure before it on."""
    context, behind = group[0].amount.context or "", 0
    found = []
    for start, end in places(group):
        found.append(context[behind:start] if start >= 0 else "")
        behind = max(behind, end)
    return found


def clauses(group: Said) -> list[list[ProseFigure]]:
    """The figures of a sentence, parted at its semicolons."""
    parted: list[list[ProseFigure]] = [[]]
    for one, before in zip(group, words_before(group), strict=True):
        if _CLAUSE_ENDS & set(before):
            parted.append([])
        parted[-1].append(one)
    return [clause for clause in parted if clause]


def is_bound(amount: Amount) -> bool:
    """Whether a figure is told as a bound, not as what was reached: 满意度达到90%以上."""
    before, behind = _around(amount)
    return bool(_BEHIND.match(behind) or _BEFORE.search(before))


def _around(amount: Amount) -> tuple[str, str]:
    """The words of its sentence before and behind a figure; none where it does not stand in it."""
    if not amount.value_raw or amount.value_raw not in (amount.context or ""):
        return "", ""
    before, _, behind = (amount.context or "").partition(amount.value_raw)
    return before, behind


def text_before(amount: Amount) -> str:
    """The words of its sentence before a figure."""
    return _around(amount)[0]


def text_behind(amount: Amount) -> str:
    """The words of its sentence behind a figure."""
    return _around(amount)[1]


def own_label(one: ProseFigure) -> str:
    """The name of a figure without that of the total it is a part of."""
    return one.amount.label.strip("/").rpartition("/")[2]


def spent(group: Said) -> list[ProseFigure]:
    """What a sentence says was spent; where it does not, what it says was paid (拨付700万元)."""
    executed = [one for one in group if one.amount.measure == "executed" and one.cell.kind == "money"]
    return executed or [one for one in group if _is_paid(one)]


def _is_paid(one: ProseFigure) -> bool:
    return one.amount.measure == "allocated" and any(word in one.amount.label for word in judgement().paid)


def whole_money(group: Said) -> list[ProseFigure]:
    """The amounts of money of a sentence that are no parts of another."""
    money = [one for one in group if one.cell.kind == "money" and one.amount.part_of is None]
    return [one for one in money if one.amount.role in (None, "total", "sum")]


def of_other_years(one: ProseFigure) -> bool:
    """Whether what is left is said to be of another year."""
    return any(word in one.amount.label for word in judgement().not_rest)


def called_total(group: Said, some: list[ProseFigure]) -> list[ProseFigure]:
    """Of several amounts the one that is called their total: 甲到位80万元，乙到位20万元，共到位100万元."""
    if len(some) < 2:
        return some
    words = words_before(group)
    called = [one for one in some if judgement().called_total.search(words[group.index(one)])]
    return called if len(called) == 1 else some


SENTENCES_BEFORE = 6
"""How many sentences with figures a base may stand back."""


def bases_before(before: Sequence[Said], taken: Container[Subject], but: str = "") -> list[Printed]:
    """The amounts that earlier sentences say were available, the nearest first; not those of the measure `but`."""
    return [one.cell for one in available_before(before, taken) if one.amount.measure != but]


def available_before(before: Sequence[Said], taken: Container[Subject]) -> list[ProseFigure]:
    """What earlier sentences say was available, the nearest first, but for the figures `taken`."""
    told = [
        one
        for group in reversed(before[-SENTENCES_BEFORE:])
        for one in whole_money(group)
        if one.amount.measure in BASES and one.cell.ref not in taken
    ]
    everything = [one for one in told if is_all_there_is(one)]
    return everything or without_additions(told)


def is_all_there_is(one: ProseFigure) -> bool:
    """Whether an amount is what can be spent, that of earlier years with it (可用资金)."""
    return any(word in one.amount.label for word in judgement().all_there_is)


def as_adjusted(told: Sequence[ProseFigure]) -> list[ProseFigure]:
    """What was available without the initial budgets whose own sentence tells the budget they became."""
    adjusted = {one.amount.context for one in told if one.amount.measure == "annual_budget"}
    return [one for one in told if one.amount.measure != "initial_budget" or one.amount.context not in adjusted]


def same_paragraph(one: Said, other: Said) -> bool:
    """Whether two sentences stand in one paragraph."""
    return one[0].amount.locator == other[0].amount.locator


def sentence_before(before: Sequence[Said], group: Said) -> Said:
    """The figures of the sentence with figures right before one, where it stands in the same paragraph."""
    return before[-1] if before and same_paragraph(before[-1], group) else ()


def are_alike(one: ProseFigure, other: ProseFigure) -> bool:
    """Whether two figures are of one kind, in one unit."""
    return (one.cell.kind, one.amount.unit) == (other.cell.kind, other.amount.unit)


def told_in_paragraph(before: Sequence[Said], group: Said) -> list[ProseFigure]:
    """The figures of the sentences before one in its paragraph, in order."""
    return [one for earlier in before if same_paragraph(earlier, group) for one in earlier]


def without_additions(bases: Sequence[ProseFigure]) -> list[ProseFigure]:
    """What was available; what was added to a budget is that only where nothing else is told, and what a year has more
    than the last never is (比上年增加35万元)."""
    told = [one for one in bases if not judgement().is_against_last_year(own_label(one))]
    return [one for one in told if one.amount.measure != "increased"] or told

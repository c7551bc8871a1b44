"""Checks of so much for each, how many, and how much together (正文中的单价、数量与总额)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import prod

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import LARGE_UNITS, significant_digits
from pipeline.checks.prose_figures import (
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    clauses,
    is_bound,
    own_label,
    sentence_before,
    sentences,
    text_before,
)
from pipeline.checks.prose_formulas import formulas
from pipeline.checks.prose_means import means_of_a_year
from pipeline.checks.prose_moves import is_difference
from pipeline.checks.prose_rates import named
from pipeline.checks.sums import share_of
from pipeline.checks.written import written
from schemas.decimals import CENT, ONE
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.records import Subject
from schemas.units import money_factor, units

_PER = "/"
_SET_DIGITS = 2
"""Digits, without zeros, of a rate that somebody set: 150元, 5万元."""
_COARSEST = Decimal(10)
"""What the mean of a count is rounded to at the most."""
_TELLING = 2
"""Letters from which the name of a total tells it."""
_FARTHEST = Decimal(3)
"""So many times apart, total and product are hardly said of one thing."""


@dataclass(frozen=True, slots=True)
class _Each:
    """So much for each (每个的数额): the figure, its interval in the unit of its total, for each of what, of what."""

    figure: ProseFigure
    value: Decimal
    interval: Interval
    each: tuple[str, ...]
    whole: str = ""

    @property
    def is_mean(self) -> bool:
        return _is_mean(self.figure)

    @property
    def kind(self) -> str:
        return "money" if self.figure.amount.measure == "unit_rate" else self.figure.cell.kind


@dataclass(frozen=True, slots=True)
class _Product:
    """A total, so much for each, and how many there are (总额、单价、数量)."""

    total: ProseFigure
    each: _Each
    counts: tuple[ProseFigure, ...]
    months: int = 1

    @property
    def wanted(self) -> Interval:
        return prod((one.cell.interval for one in self.counts), start=self.each.interval).scale(Decimal(self.months))

    @property
    def value(self) -> Decimal:
        """The product of the numbers as they are told, in the unit of the total."""
        counts = prod((one.cell.value for one in self.counts), start=self.each.value)
        return (counts * self.months).normalize()

    @property
    def agrees(self) -> bool:
        return self.wanted.meets(self.total.cell.interval)

    @property
    def is_near(self) -> bool:
        """Whether total and product are so near that they are said of one thing."""
        smaller, larger = sorted((self.value, self.total.cell.value))
        return 0 < larger <= _FARTHEST * smaller


@check(
    "prose_product",
    "正文中的单价、数量与总额",
    "同一句中：每个（每人、每亩……）的数额×个数＝总额；人均、户均＝总额÷人数、户数；算式两边相等",
    "warning",
    cause="never",
)
def prose_product(form: Form, rules: Rules) -> Iterator[Finding]:
    """批复16个村，每村补助12.5万元，共计200万元: only where a clause, or a sentence, has one count of each.

    A total that is not called so may be that of more than these; then only one that agrees is told.
    """
    products = [one for one in _products(form) if one.agrees or one.is_near]
    written_out = [one for group in sentences(form) for one in (*formulas(group), *means_of_a_year(group))]
    odd = (*(_apart(one) for one in products if not one.agrees), *(one for one in written_out if one is not None))
    looked_at = len(products) + len(written_out)
    yield from judged(odd, looked_at, "数额、数量与总额相符", "没有同时说到单价（每个的数额）、数量与总额的句子")


def _products(form: Form) -> Iterator[_Product]:
    told = sentences(form)
    for place, group in enumerate(told):
        for clause in clauses(group):
            for each in filter(None, map(_as_each, clause)):
                found = _product(each, clause, group, told[:place])
                if found is not None:
                    yield found


def _as_each(one: ProseFigure) -> _Each | None:
    """A figure that is so much for each; None for others, and for bounds: not more than so much for each."""
    if _is_inexact(one):
        return None
    name, cell = own_label(one), one.cell
    if one.amount.measure == "unit_rate":
        return _as_price(one)
    if cell.kind not in ("money", "count") or cell.value <= 0:
        return None
    if name in judgement().unit_prices:
        return _Each(one, cell.value, cell.interval, ("",))
    if mean := _mean_word(name):
        return _Each(one, cell.value, _of_mean(one), (judgement().means_of[mean],), name.partition(mean)[2])
    each = tuple(rest for rest in judgement().each.split(name)[1:] if rest)
    return _Each(one, cell.value, _of_each(one), each) if each else None


def _as_price(one: ProseFigure) -> _Each | None:
    """95元/平方米."""
    money, _, each = (one.amount.unit or "").partition(_PER)
    factor = money_factor(money)
    if not factor or not each or one.cell.value <= 0:
        return None
    return _Each(one, one.cell.value * factor, one.cell.interval.scale(factor), (each,))


def _is_mean(one: ProseFigure) -> bool:
    name = own_label(one)
    return bool(_mean_word(name)) or any(word in name for word in judgement().means)


def _mean_word(name: str) -> str:
    """The word that makes a name that of a mean, wherever it stands: 安置人员人均年增收."""
    return next((word for word in judgement().means_of if word in name), "")


def _of_each(one: ProseFigure) -> Interval:
    """What so much for each stands for: a round number is a rate that was set, exactly; any other may be rounded."""
    cell = one.cell
    if _is_mean(one):
        return _of_mean(one)
    is_set = significant_digits(cell.value) <= _SET_DIGITS and "." not in (cell.raw or "")
    return Interval(cell.value, cell.value) if is_set else cell.interval


def _of_mean(one: ProseFigure) -> Interval:
    """What a mean stands for: a whole one, too, is rounded."""
    cell = one.cell
    if cell.kind == "money":
        return cell.interval
    return Interval.around(cell.value, _COARSEST if cell.value % _COARSEST == 0 else ONE)


def _is_inexact(one: ProseFigure) -> bool:
    return is_bound(one.amount) or any(mark in (one.amount.value_raw or "") for mark in judgement().about)


def _product(each: _Each, clause: Said, group: Said, before: Sequence[Said]) -> _Product | None:
    """The total of an amount for each with the counts; None where they are not told, or several might be meant."""
    counted = _counts(each, clause) or _counts(each, group) or _counts(each, sentence_before(before, group))
    if counted is None:
        return None
    counts, months = counted
    taken = [each.figure, *counts]
    others = [one for one in clause if one not in taken and _may_be_total(one, each)]
    if each.is_mean and (part := _part_right_before(each, clause, taken)) is not None:
        others = [part]
    totals = others
    if each.whole and not others:
        totals = [*_of_what_is_counted(each, counts, group, before), *_totals_named(each, group, before)]
        totals += _told(each, group, before)
    ways = [_Product(one, each, counts, months) for one in totals]
    fitting = [one for one in ways if one.agrees]
    told = [one for one in ways if _is_meant(one) or one.total is _right_before(each, others)]
    told += [one for one in ways if each.whole and one.total.amount.measure == "executed"] if not told else []
    only = ways[:1] if each.whole and len(others) == 1 and _is_of_counted(others[0], counts) else []
    nearest = min(told, key=lambda one: abs(one.value - one.total.cell.value) / one.total.cell.value, default=None)
    return next(iter(fitting), None) or nearest or next(iter(only), None)


def _is_of_counted(one: ProseFigure, counts: Sequence[ProseFigure]) -> bool:
    """Whether the only figure that a mean may be of stands right beside what is counted: 5.12万人次，支付1.84亿元."""
    return any(abs(one.cell.ref.ordinal - count.cell.ref.ordinal) == 1 for count in counts)


def _part_right_before(each: _Each, clause: Said, taken: Said) -> ProseFigure | None:
    """The part of a list that a mean in the brackets behind it is of: 公务接待费3.4万元（510人次，人均66.67元）."""
    ordinal = each.figure.cell.ref.ordinal
    before = [
        one for one in clause if one.cell.ref.ordinal < ordinal and one.cell.kind == each.kind and one not in taken
    ]
    return before[-1] if before and before[-1].amount.role == "part" and _as_each(before[-1]) is None else None


def _right_before(each: _Each, others: Said) -> ProseFigure | None:
    """Of a mean the nearest figure before it: 参演人员1560人次，平均每场130人次."""
    is_mean = each.is_mean and not each.whole
    ordinal = each.figure.cell.ref.ordinal
    if each.kind == "count" and not each.whole:
        at_once = [one for one in others if one.cell.ref.ordinal == ordinal - 1]
        if at_once:
            return at_once[0]
    before = [one for one in others if one.cell.ref.ordinal < each.figure.cell.ref.ordinal]
    return before[-1] if is_mean and before else None


def _is_meant(one: _Product) -> bool:
    """Whether a total is surely that of these: called a total, or told behind them as no payment.

    What is planned or handed down has to follow at once: 每公里补助8万元，计划投入368万元.
    Of a mean it is what has its name.
    """
    total, each = one.total, one.each
    if each.whole:
        is_counted = judgement().bare_name(own_label(total)) in _names_of_counted(one.counts)
        return is_counted or _is_sum(total) or _is_called(total, (each.whole, judgement().bare_name(each.whole)))
    known = {each.figure.cell.ref.ordinal, *(count.cell.ref.ordinal for count in one.counts)}
    behind = total.cell.ref.ordinal > each.figure.cell.ref.ordinal
    at_once = total.cell.ref.ordinal == max(known) + 1
    is_plain = total.amount.measure in (None, "count") or (at_once and own_label(total) in judgement().all_spending)
    told = behind and is_plain
    return told or (behind and at_once and total.amount.measure == "allocated") or _is_sum(total)


def _counts(each: _Each, said: Said) -> tuple[tuple[ProseFigure, ...], int] | None:
    """How many there are of everything that it is for each of, and of how many months; None where that is open."""
    counts: list[ProseFigure] = []
    months = 1
    for thing in each.each:
        period = judgement().period_of(thing)
        if period == "month":
            told = judgement().months.findall(each.figure.amount.context or "")
            if len(told) != 1:
                return None
            months = int(told[0])
            continue
        if period == "year":
            if judgement().several_years.search(each.figure.amount.context or ""):
                return None
            continue
        found = _counted(thing, [one for one in said if one is not each.figure and one.cell.kind == "count"])
        if len({one.cell.value for one in found}) != 1:
            return None
        counts.append(found[0])
    return (tuple(counts), months) if counts else None


def _counted(thing: str, counts: Sequence[ProseFigure]) -> list[ProseFigure]:
    """The counts of a thing: by the end of their names (批复村16个), else by their unit (480份)."""
    whole = [one for one in counts if one.amount.part_of is None and not _is_mean(one)]
    exact = [one for one in whole if _is_number_of_things(one)]
    if not thing:  # 单价: of the one thing that is counted
        return exact
    return _of_thing(thing, exact) or _of_thing(thing, [one for one in whole if _is_only_planned(one)])


def _of_thing(thing: str, counts: Sequence[ProseFigure]) -> list[ProseFigure]:
    bare = thing.removeprefix(judgement().counter)
    named_so = [one for one in counts if _ends_as_begun(own_label(one), bare)]
    return named_so or [one for one in counts if _is_unit_of(one, thing)]


def _is_number_of_things(one: ProseFigure) -> bool:
    """Whether a count is how many there are, not so many for each, a plan, or by how many more or fewer."""
    compared = judgement().compared_with(text_before(one.amount)) or is_difference(one)
    planned = any(word in own_label(one) for word in judgement().plans)
    return one.cell.value > 0 and not (compared or planned or judgement().each.search(own_label(one)))


def _is_only_planned(one: ProseFigure) -> bool:
    """Whether a count is one that was to be done: of what it costs, where nothing else is counted."""
    return one.cell.value > 0 and any(word in own_label(one) for word in judgement().plans)


def _ends_as_begun(name: str, thing: str) -> bool:
    """Whether a name ends with what `thing` begins with: 批复村 for 村补助."""
    return any(thing.startswith(name[at:]) for at in range(max(0, len(name) - len(thing)), len(name)))


def _is_unit_of(one: ProseFigure, thing: str) -> bool:
    unit = one.cell.unit_raw.lstrip(LARGE_UNITS)
    code = units().count.get(units().count.at(thing, 0) or "")
    alike = code == one.amount.unit and code not in judgement().loose_units
    touches = thing.startswith(unit) or unit.startswith(thing) or unit.endswith(thing)
    return bool(unit) and (touches or alike)


def _may_be_total(one: ProseFigure, each: _Each) -> bool:
    """Whether a figure is of the kind that a total of `each` is of, and no price, mean, part or change itself."""
    if one.cell.kind != each.kind or one.amount.measure in ("increased", "reduced", "saved", "balance", "unit_rate"):
        return False
    if one.cell.kind == "count" and not _are_of_one_group(one.amount.unit, each.figure.amount.unit):
        return False
    return one.amount.role not in ("part", "share") and _as_each(one) is None and not _is_inexact(one)


def _are_of_one_group(one: str | None, other: str | None) -> bool:
    return one == other or any({one, other} <= set(group) for group in judgement().unit_groups)


def _is_sum(one: ProseFigure) -> bool:
    """Whether a figure is called a total right before it (共计…)."""
    return judgement().called_total.search(text_before(one.amount)) is not None


def _told(each: _Each, group: Said, before: Sequence[Said]) -> list[ProseFigure]:
    """The figures of this sentence and those before that a mean may be of, nearest first."""
    said = [one for earlier in (group, *reversed(before[-SENTENCES_BEFORE:])) for one in earlier]
    kind = [one for one in said if one is not each.figure and one.cell.kind == each.kind]
    return [one for one in kind if _as_each(one) is None]


def _totals_named(each: _Each, group: Said, before: Sequence[Said]) -> list[ProseFigure]:
    """Those of a mean's own name: 人均接待费用 of 公务接待费."""
    names = (each.whole, judgement().bare_name(each.whole))
    if min(map(len, names)) < _TELLING:
        return []
    return [one for one in _told(each, group, before) if _is_called(one, names)]


def _names_of_counted(counts: Sequence[ProseFigure]) -> set[str]:
    """What is counted, without the word for counting: 资助参保 of 资助参保人数."""
    names = {judgement().bare_name(judgement().without_counting(own_label(one))) for one in counts}
    return {name for name in names if len(name) > _TELLING}


def _of_what_is_counted(
    each: _Each, counts: Sequence[ProseFigure], group: Said, before: Sequence[Said]
) -> list[ProseFigure]:
    """Those that have the name of what is counted: 资助参保支出 for 资助参保人数12160人，人均资助400元."""
    names = _names_of_counted(counts)
    return [one for one in _told(each, group, before) if judgement().bare_name(own_label(one)) in names]


def _is_called(one: ProseFigure, names: tuple[str, ...]) -> bool:
    return own_label(one).endswith(names) or judgement().bare_name(own_label(one)).endswith(names)


def _apart(one: _Product) -> Finding:
    total, each = one.total.cell, one.each.figure.cell
    refs = (total.ref, each.ref, *(count.cell.ref for count in one.counts))
    if one.each.whole:
        return _mean_apart(one, refs)
    factors = "×".join(f"{named(count).name}{count.cell.shown}" for count in (*one.counts, one.each.figure))
    months = f"×{one.months}个月" if one.months > 1 else ""
    computed, gap = written(one.value, total), total.value - one.value
    return Finding(
        "inconsistent",
        f"{_named_total(one.total)}经复算为{computed}（{factors}{months}），写为{total.shown}，"
        f"差异{written(abs(gap), total)}{share_of(gap, total)}。",
        refs,
        reported=total.shown,
        expected=computed,
        difference=gap,
        unit=total.unit,
    )


def _mean_apart(one: _Product, refs: tuple[Subject, ...]) -> Finding:
    total, each = one.total.cell, one.each.figure.cell
    count = prod((counted.cell.value for counted in one.counts), start=ONE)
    step = each.interval.high - each.interval.low
    value = (total.value / count).quantize(step / 10 if step else CENT).normalize()
    ways = "÷".join(f"{named(counted).name}{counted.cell.shown}" for counted in (one.total, *one.counts))
    return Finding(
        "inconsistent",
        f"{named(one.each.figure).name}经复算为{written(value, each)}（{ways}），写为{each.shown}，"
        f"差异{written(abs(each.value - value), each)}。",
        refs,
        reported=each.shown,
        expected=written(value, each),
        difference=each.value - value,
        unit=each.unit,
    )


def _named_total(one: ProseFigure) -> str:
    name = own_label(one)
    return "所写合计" if not name or name in judgement().total_words else named(one).name

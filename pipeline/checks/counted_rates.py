"""Checks of rates beside the counts or the money they come from: 整改率, 满意度, 控制率, 采购执行率 (件数与比率)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed, amount_cell
from pipeline.checks.prose_figures import ProseFigure, Said, own_label, sentences, told_in_paragraph
from pipeline.checks.prose_rates import less_sure, named, rate_finding
from pipeline.checks.sums import interval_sum
from schemas.decimals import ZERO
from schemas.intervals import Interval
from schemas.judgement import CountedRate, judgement
from schemas.units import units

_KINDS = 3
"""Kinds of answers, the unsatisfied among them, from which a survey is told to its end."""
_NEAREST = 2
"""Amounts before one that was saved that it may be saved of: the budget, and what was paid."""
_TELLING = 2
"""Letters from which a name tells what it counts."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """A figure by the name that tells what it counts (有名称的数)."""

    name: str
    cell: Printed

    def is_called(self, words: Sequence[str]) -> bool:
        """Whether one of the words is in the name, or ends with all of it: 水质合格 with 合格."""
        return any(word in self.name or (len(self.name) >= _TELLING and word.endswith(self.name)) for word in words)


@check(
    "counted_rate",
    "件数与比率",
    "整改率＝整改数÷查处数，满意度＝满意份数÷收回份数，控制率＝在职人数÷编制数",
    "warning",
    cause="never",
    agrees="比率",
)
def counted_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    """In a sentence the one count of the rate's name over any count of its unit before; in a row of a table by name.

    A rate that opens its sentence is that of the counts behind it.

    Where rates of that name have a part and a base of their own names, these may stand in the sentence before.
    """
    told = sentences(form)
    for place, group in enumerate(told):
        spoken = _counted(group)
        earlier = told_in_paragraph(told[max(0, place - 1) : place], group)
        before = _counted(earlier)
        for at, rate in enumerate(spoken):
            found = list(_against_due(rate, spoken)) or list(_against(rate, spoken[:at] or spoken[1:]))
            found = found or list(_against(rate, [*before, *spoken[:at]], only_named=True))
            found = found or list(_against_sentence_before(rate, spoken[:at], _counted(_wholes(earlier))))
            yield from found or [*_satisfied(rate, spoken[:at]), *_of_difference(rate, spoken[:at])]
    for row in _rows(form):
        for rate in row:
            yield from _against(rate, row, only_named=True)


def _wanted(rate: _Counted) -> CountedRate | None:
    """What a percentage is of what, by its name."""
    return judgement().counted_rate(rate.name) if rate.cell.kind == "percent" else None


def _against_due(rate: _Counted, others: Sequence[_Counted]) -> Iterator[Finding]:
    """参保38.62万人，应参保39.60万人，参保率97.53%: of all that was due, wherever it stands in the sentence."""
    wanted = _wanted(rate)
    if wanted is None or wanted.base:
        return
    counts = [one for one in others if one.cell.kind == "count" and one.is_called(wanted.part)]
    due = [one for one in counts if _is_due(one, wanted)]
    done = [one for one in counts if not any(mark in one.name for mark in judgement().due)]
    if len(due) == len(done) == 1 and _unit_of(due[0]) == _unit_of(done[0]) and due[0].cell.value:
        yield less_sure(rate_finding(rate.cell, done[0].cell, [due[0].cell]))


def _is_due(one: _Counted, wanted: CountedRate) -> bool:
    return any(f"{mark}{word}" in one.name for mark in judgement().due for word in wanted.part)


def _wholes(said: Said) -> list[ProseFigure]:
    return [one for one in said if one.amount.part_of is None]


def _against_sentence_before(rate: _Counted, own: Sequence[_Counted], before: Sequence[_Counted]) -> Iterator[Finding]:
    """培训320人…。培训后就业208人，就业率65%: of the only count of that unit in the sentence before."""
    wanted = _wanted(rate)
    if wanted is None or wanted.base or len(own) != 1 or not own[0].is_called(wanted.part):
        return
    bases = [one for one in before if one.cell.kind == "count" and _unit_of(one) == _unit_of(own[0])]
    if len(bases) == 1 and bases[0].cell.value >= own[0].cell.value:
        yield less_sure(rate_finding(rate.cell, own[0].cell, [bases[0].cell]))


def _satisfied(rate: _Counted, before: Sequence[_Counted]) -> Iterator[Finding]:
    """非常满意421人，比较满意233人，不满意36人，满意度94.78%: of those asked the first kinds, as many as are meant."""
    wanted = _wanted(rate)
    kinds = [one for one in before if one.cell.kind == "count" and wanted and one.name.endswith(wanted.part)]
    if wanted is None or wanted.part[0] not in judgement().counted_stems or not kinds:
        return
    answers, asked = _answers(before, kinds)
    if asked is None or len(answers) < _KINDS:
        return
    if not asked.cell.interval.meets(interval_sum(one.cell for one in answers)):
        return  # said of the list
    glad = [one.cell for one in kinds if not one.name.startswith(judgement().unsatisfied)]
    found = [rate_finding(rate.cell, _added(glad[:count]), [asked.cell]) for count in range(len(glad), 0, -1)]
    if found:
        agrees = (one for one in found if one.outcome == "consistent")
        yield replace(less_sure(next(agrees, found[0])), relations=())  # of a sum, which is no cell


def _answers(before: Sequence[_Counted], kinds: Sequence[_Counted]) -> tuple[list[_Counted], _Counted | None]:
    """All kinds of answers, 一般 among them, and the nearest count before them, of those who were asked."""
    first = before.index(kinds[0])
    alike = [one for one in before if _unit_of(one) == _unit_of(kinds[0])]
    asked = [one for one in alike if before.index(one) < first]
    return [one for one in alike if before.index(one) >= first], asked[-1] if asked else None


def _of_difference(rate: _Counted, before: Sequence[_Counted]) -> Iterator[Finding]:
    """成交价312万元，起拍价260万元，溢价率20%: of what the only two amounts before it differ by.

    Right behind what was saved (节约5.4万元，节约率22.5%) it is the share of that.
    """
    money = [one.cell for one in before if one.cell.kind == "money"]
    is_gain = rate.name.endswith(judgement().gained)
    if rate.cell.kind != "percent" or not (is_gain or rate.name.endswith(judgement().spared)):
        return
    if before and any(word in before[-1].name for word in judgement().saved) and before[-1].cell.kind == "money":
        bases = [cell for cell in reversed(money[:-1]) if cell.value > money[-1].value][:_NEAREST]
        yield from (less_sure(rate_finding(rate.cell, money[-1], bases)),) if bases else ()
        return
    if len(money) != 2:
        return
    smaller, larger = sorted(money, key=lambda cell: cell.value)
    gap = larger.interval + Interval(-smaller.interval.high, -smaller.interval.low)
    apart = replace(larger, value=larger.value - smaller.value, interval=gap, raw=None, title="两数之差")
    yield replace(less_sure(rate_finding(rate.cell, apart, [smaller if is_gain else larger])), relations=())


def _added(cells: Sequence[Printed]) -> Printed:
    """Several counts as one: “非常满意”421人＋“比较满意”233人."""
    if len(cells) == 1:
        return cells[0]
    *first, last = cells
    title = f"（{'＋'.join(f'{one.name}{one.shown}' for one in first)}＋{last.name}"
    value = sum((one.value for one in cells), ZERO)
    return replace(last, value=value, interval=interval_sum(cells), raw=f"{last.shown}）", title=title)


def _counted(said: Said) -> list[_Counted]:
    return [_Counted(own_label(one), named(one)) for one in said]


def _rows(form: Form) -> Iterator[list[_Counted]]:
    """The figures of each row of a table that has a percentage."""
    rows: dict[str | None, list[_Counted]] = {}
    for amount in form.amounts:
        cell = amount_cell(amount) if amount.origin == "table" else None
        if cell is not None:
            rows.setdefault(amount.locator, []).append(_Counted(amount.measure or amount.label, cell))
    yield from rows.values()


def _against(rate: _Counted, others: Sequence[_Counted], *, only_named: bool = False) -> Iterator[Finding]:
    wanted = _wanted(rate)
    if wanted is None or (only_named and not wanted.base):
        return
    kinds = ("count", "money") if wanted.base else ("count",)
    called = [one for one in others if one.cell.kind in kinds and one.is_called(wanted.part)]
    called = [one for one in called if one.name.endswith(wanted.part)] or called
    parts = [one for one in called if not one.is_called(wanted.base) and not one.name.startswith(judgement().due)]
    if len(parts) == 1 and (bases := _bases(parts[0], others, wanted)):
        yield less_sure(rate_finding(rate.cell, parts[0].cell, bases))


def _unit_of(one: _Counted) -> str:
    """What a count counts, 名 and 人 being one: its unit as printed where that counts anything (家 and 处)."""
    code = units().count.get(one.cell.unit_raw)
    return one.cell.unit_raw if code is None or code in judgement().loose_units else code


def _bases(part: _Counted, others: Sequence[_Counted], wanted: CountedRate) -> list[Printed]:
    """What the part may be a share of, the nearest first: counts of its unit, or money."""
    others = [one for one in others if one is not part and one.cell.kind == part.cell.kind]
    alike = [one for one in others if part.cell.kind == "money" or _unit_of(one) == _unit_of(part)]
    alike = [one for one in alike if not judgement().each.search(one.name)]  # so many for each are no whole
    if wanted.base:
        called = [one for one in alike if one.is_called(wanted.base)]
        nameless = [one for one in alike if not one.name]  # 培训4期、208人次
        alike = called or (nameless if len(nameless) == 1 else [])
    else:
        alike = [one for one in alike if one.cell.ref.ordinal < part.cell.ref.ordinal]
    return [one.cell for one in reversed(alike) if one.cell.value]

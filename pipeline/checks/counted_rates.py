"""Checks of rates beside the counts or the money they come from: 整改率, 满意度, 控制率, 采购执行率 (件数与比率)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed, amount_cell
from pipeline.checks.prose_figures import Said, own_label, sentences, told_in_paragraph
from pipeline.checks.prose_rates import less_sure, named, rate_finding
from schemas.judgement import CountedRate, judgement
from schemas.units import units

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
        before = _counted(told_in_paragraph(told[max(0, place - 1) : place], group))
        for at, rate in enumerate(spoken):
            found = list(_against(rate, spoken[:at] or spoken[1:]))
            yield from found or _against(rate, [*before, *spoken[:at]], only_named=True)
    for row in _rows(form):
        for rate in row:
            yield from _against(rate, row, only_named=True)


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
    wanted = judgement().counted_rate(rate.name) if rate.cell.kind == "percent" else None
    if wanted is None or (only_named and not wanted.base):
        return
    kinds = ("count", "money") if wanted.base else ("count",)
    called = [one for one in others if one.cell.kind in kinds and one.is_called(wanted.part)]
    called = [one for one in called if one.name.endswith(wanted.part)] or called
    parts = [one for one in called if not one.is_called(wanted.base)]
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
        alike = [one for one in alike if one.is_called(wanted.base)]
    else:
        alike = [one for one in alike if one.cell.ref.ordinal < part.cell.ref.ordinal]
    return [one.cell for one in reversed(alike) if one.cell.value]

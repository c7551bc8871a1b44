"""Checks of totals and parts in sentences (正文中的分项与总额)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, not_checkable
from pipeline.checks.printed import Printed
from pipeline.checks.prose_figures import ProseFigure, Said, figures, own_label, sentences
from pipeline.checks.sums import sum_finding, swapped
from schemas.decimals import ONE, ZERO
from schemas.intervals import Interval
from schemas.judgement import judgement

_LISTED = 3
"""Parts from which a sum that a swap of digits would make right is no chance."""


@check(
    "prose_composition",
    "正文中的分项与总额",
    "正文“其中：……”各项不超过总额，“共计”“合计”等于各项之和",
    "error",
)
def prose_composition(form: Form, rules: Rules) -> Iterator[Finding]:
    """Counts of people or things may overlap (党员3人，女性5人), so that only a stated sum of them can be odd."""
    found = figures(form)
    lists = list(totals_and_parts(found))
    beside = {one.cell.ref: group for group in sentences(form) for one in group}
    for total, parts in lists:
        stated_sum = total.amount.role == "sum"
        complete = stated_sum or _leaves_nothing_out(total, parts, rules)
        minus = {one.cell.ref for one in parts if one.amount.measure == "reduced"}
        whole, *cells = _measured([total.cell, *(one.cell for one in parts)])
        finding = sum_finding(whole, cells, None if complete else "info", "", minus, "写为")
        if finding.outcome == "inconsistent" and _may_leave_out(finding, total, parts, rules):
            finding = replace(finding, severity="warning")
        group = beside[total.cell.ref]
        if finding.outcome == "inconsistent" and (other := _rather_of(total, parts, group)) is not None:
            total, finding = other, sum_finding(other.cell, cells, "warning", "", minus, "写为")
            parts = next((listed for one, listed in lists if one.cell.ref == other.cell.ref), [])
        yield _weighed(finding, total, parts, (found, group), rules)
    if not lists and found:
        yield not_checkable("正文没有读到总额与其分项，正文合计无法核对。")


def totals_and_parts(found: Said) -> Iterator[tuple[ProseFigure, list[ProseFigure]]]:
    """Every total of a list in sentences with what is listed."""
    listed: dict[str, list[ProseFigure]] = defaultdict(list)
    for one in found:
        if one.amount.part_of and one.amount.role != "share":
            listed[one.amount.part_of].append(one)
    for total in found:
        parts = listed.get(total.amount.total_of or "", [])
        parts = _of_the_list(total, [one for one in parts if one.cell.kind == total.cell.kind])
        if parts:
            yield total, parts


def _rather_of(total: ProseFigure, parts: Said, group: Said) -> ProseFigure | None:
    """The figure before a total, in its sentence, that the list would make but for two digits changed places."""
    if total.amount.role == "sum" or (len(parts) > 1 and swapped(total.cell, [one.cell for one in parts])):
        return None
    others = [one for one in _before(total, group) if one.amount.part_of is None]
    return next((one for one in others if swapped(one.cell, [part.cell for part in parts], _LISTED)), None)


def _measured(cells: list[Printed]) -> list[Printed]:
    """The counts of one list: where some have decimals the whole ones were measured and rounded, too."""
    if all(cell.kind != "count" or cell.value == cell.value.to_integral_value() for cell in cells):
        return cells
    return [
        replace(cell, interval=Interval.around(cell.value, ONE)) if cell.interval.low == cell.value else cell
        for cell in cells
    ]


def _of_the_list(total: ProseFigure, parts: list[ProseFigure]) -> list[ProseFigure]:
    """The parts up to one that is no part: larger than the total by itself, and of another kind than it and the rest.

    负债总额1.1亿元，其中银行借款1.0亿元，营业收入1.8亿元.
    """
    kinds = {one.amount.measure for one in (total, *parts[:1])}
    for at, one in enumerate(parts[1:], 1):
        if own_label(one).startswith(judgement().due):  # 应资助12160人: the total once more
            return parts[:at]
        no_part = one.cell.kind == "count" or one.amount.measure not in kinds
        if one.cell.value > total.cell.value and no_part:
            return parts[:at]
    return parts


def _leaves_nothing_out(total: ProseFigure, parts: Said, rules: Rules) -> bool:
    whole = _spent_and_left(parts) or _ends_with_the_rest(parts) or _has_the_contrary(parts)
    return whole or _closes_family(total, parts, rules) or _is_whole_year(parts) or _are_both(parts)


def _are_both(parts: Said) -> bool:
    """Whether the two parts are all that there can be: 城区3个、乡镇9个."""
    names = [own_label(one) for one in parts]
    return len(names) == 2 and any(
        all(any(kind in name for kind in kinds) for name in names) and all(any(k in n for n in names) for k in kinds)
        for kinds in judgement().complementary
    )


def _is_whole_year(parts: Said) -> bool:
    """Whether the parts are the four quarters of a year, or its two halves."""
    names = [own_label(one) for one in parts]
    years = judgement().whole_years
    return any(len(year) == len(names) and all(map(str.startswith, names, year)) for year in years)


def _may_leave_out(finding: Finding, total: ProseFigure, parts: Said, rules: Rules) -> bool:
    """Whether a list that is told to its end may still lack something: what was taken back, a part nobody listed."""
    if total.amount.role == "sum" or _has_the_contrary(parts):
        return False
    lacks = finding.difference is not None and finding.difference > 0
    both = _is_whole_year(parts) or _are_both(parts)
    taken_back = _spent_and_left(parts) or _ends_with_the_rest(parts) or both
    return taken_back or (lacks and _closes_family(total, parts, rules))


def _has_the_contrary(parts: Said) -> bool:
    """Whether the last part is what another one is not (满意…、基本满意…、不满意…): then nothing is left out."""
    *others, last = map(own_label, parts)
    return any(last == f"{word}{other}" for word in judgement().contrary for other in others)


def _exclude_each_other(parts: Said) -> bool:
    """Whether the names of the parts are such that nothing can be two of them: 男 and 女, 公办 and 民办."""
    names = [own_label(one) for one in parts]
    return any(
        len(names) <= len(kinds) and all(any(kind in name for kind in kinds) for name in names)
        for kinds in judgement().exclusive
    )


def _may_overlap(parts: Said) -> bool:
    """Whether one thing may be counted in two of the parts: 党员3人，女性5人."""
    return any(word in own_label(one) for one in parts for word in judgement().overlapping)


def _closes_family(total: ProseFigure, parts: Said, rules: Rules) -> bool:
    """Whether a family of sums that `rules.toml` knows is told down to its last part: 人员经费…、公用经费…."""
    families = [family for family in rules.amounts.sums if _is_one_of(total, family.total)]
    return len(parts) > 1 and any(
        any(_is_one_of(part, family.closing) for part in parts)
        and all(_is_one_of(part, chain.from_iterable(family.parts)) for part in parts)
        for family in families
    )


def _is_one_of(one: ProseFigure, names: Iterable[str]) -> bool:
    """Whether a figure has one of the names, words for money at their ends aside."""
    own, known = own_label(one), set(names)
    bare = judgement().bare_name
    return bool({own, bare(own)} & (known | set(map(bare, known))))


def _spent_and_left(parts: Said) -> bool:
    """Whether the parts are what was spent and what is left, which leave nothing out (已支付、未支付)."""
    return {one.amount.measure for one in parts} == {"executed", "balance"}


def _ends_with_the_rest(parts: Said) -> bool:
    """Whether the last of several parts is all other (财政拨款…、事业收入…、其他收入…), so that none is left out."""
    closing = own_label(parts[-1]).startswith(judgement().closing)
    return len(parts) > 1 and closing and parts[-1].cell.kind == "money"


def _weighed(finding: Finding, total: ProseFigure, parts: Said, said: tuple[Said, Said], rules: Rules) -> Finding:
    """A contradiction of a list as heavy as it is certain which figures belong together.

    `said` are all figures of sentences, and those of the sentence of the total.
    """
    found, group = said
    if finding.outcome == "consistent":
        return finding
    if finding.severity == "info" and (slip := _swapped(total, parts)):
        message = f"{finding.message.removesuffix('。')}；若{slip}相邻两位颠倒，则各项之和恰为总额，请核对。"
        return replace(finding, severity="warning", message=message)
    if finding.severity == "info":
        message = f"{total.cell.name}为{total.cell.shown}，所列各项未必列全，无法核对。"
        return not_checkable(message, finding.subjects)
    if total.cell.kind == "count" and total.amount.unit not in rules.extents:
        certain = total.amount.role == "sum" or _has_the_contrary(parts) or _exclude_each_other(parts)
        certain = certain or _are_both(parts) or not _may_overlap(parts)
        return replace(finding, severity="warning" if certain or _swapped(total, parts) else "info")
    if finding.severity is None and _elsewhere(total, found):
        return replace(finding, severity="warning")
    if finding.severity is None and total.amount.role != "sum" and _other_totals(total, found, group):
        message = finding.message.removesuffix("。") + "；同一句另有可为总额的数，请核对所指。"
        return replace(finding, severity="warning", message=message)
    return finding


def _swapped(total: ProseFigure, parts: Said) -> str:
    """The figure of a list with two digits swapped that make up for all that is lacking or too much; "" for none.

    In lists of three at least, or of two that are too much: that a swap fits by chance is then rarer than a slip.
    """
    too_much = sum((one.cell.value for one in parts), ZERO) > total.cell.value
    if len(parts) < (_LISTED - 1 if too_much else _LISTED):
        return ""
    digits = 2 if len(parts) >= _LISTED else _LISTED
    found = swapped(total.cell, [one.cell for one in parts], digits)
    return f"{found.name}{found.shown}" if found is not None else ""


def _elsewhere(total: ProseFigure, found: Sequence[ProseFigure]) -> bool:
    """Whether the parts of a total stand in another paragraph (本年支出中，…), where they may be of another one."""
    parts = [one for one in found if one.amount.part_of == total.amount.total_of]
    return any(one.amount.locator != total.amount.locator for one in parts)


def _other_totals(total: ProseFigure, found: Said, group: Said) -> bool:
    """Whether the list may be of another figure before it in the sentence: one of the same kind, as far as told."""
    if total.amount.part_of is not None:  # named as a part of something, and its own parts after it
        return False
    parts = {one.amount.measure for one in found if one.amount.part_of == total.amount.total_of}
    told = parts == {total.amount.measure} and None not in parts
    alike = parts if told else {one.amount.measure for one in found}
    return any(
        one.amount.measure in alike and one.amount.part_of is None and one.cell.value != total.cell.value
        for one in _before(total, group)
    )


def _before(total: ProseFigure, group: Said) -> list[ProseFigure]:
    """The figures of the same unit that stand before one in its sentence."""
    alike = (one for one in group if one.amount.unit == total.amount.unit)
    return [one for one in alike if one.amount.ordinal < total.amount.ordinal]

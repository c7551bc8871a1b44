"""Checks of shares in sentences against the figures they are of (正文中的占比)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed
from pipeline.checks.prose_figures import (
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    are_alike,
    figures,
    own_label,
    sentences,
    text_before,
    whole_money,
    words_before,
)
from pipeline.checks.prose_rates import less_sure, named, rate_finding
from pipeline.checks.sums import interval_sum
from schemas.decimals import HUNDRED
from schemas.judgement import judgement

FEWEST_LISTED = 2
_OPEN_BRACKETS = frozenset("（(")


@check(
    "prose_share",
    "正文中的占比",
    "正文“占……的%”等于该项÷总额",
    "error",
    agrees="占比",
)
def prose_share(form: Form, rules: Rules) -> Iterator[Finding]:
    found = figures(form)
    for share in found:
        if share.amount.role != "share":
            continue
        total = next((one for one in found if one.amount.total_of == share.amount.part_of), None)
        parts = [
            one
            for one in found
            if one.amount.part_of == share.amount.part_of
            and one.amount.role != "share"
            and one.amount.label == share.amount.label
            and one.amount.ordinal < share.amount.ordinal
        ]
        if total is None or not parts or parts[-1].cell.kind != total.cell.kind or not total.cell.value:
            continue
        yield rate_finding(_share(share, parts[-1], total), named(parts[-1]), [named(total)])
    for part, base, share in _spoken_shares(form):
        finding = rate_finding(_share(share, part, base), named(part), [named(base)])
        yield finding if base.amount.label.startswith(judgement().share_of) else less_sure(finding)
    yield from _shares_by_name(form)
    yield from _listed_shares(form)


def _listed_shares(form: Form) -> Iterator[Finding]:
    """养护支出934万元，占60%；小修支出413万元，占26%；…: of what the list adds up to, where that is told before.

    Or of what all shares but one are of: then that one is odd, or its amount.
    """
    told = sentences(form)
    for at, group in enumerate(told):
        words = words_before(group)
        pairs = [
            (one, share)
            for (one, share), told_as in zip(pairwise(group), words[1:], strict=True)
            if _says_bare_share(one, share, told_as)
        ]
        own = group[: len(group) - 2 * len(pairs)]
        if len(pairs) < FEWEST_LISTED or len(own) > 1:
            continue
        earlier = [one for some in told[max(0, at - SENTENCES_BEFORE) : at] for one in some]
        wholes = [one for one in _wholes_like(pairs[0][0], [*earlier, *own]) if _is_whole_of(one, pairs)]
        for one, share in pairs if wholes else ():
            yield less_sure(rate_finding(_share(share, one, wholes[-1]), named(one), [named(wholes[-1])]))


def _wholes_like(part: ProseFigure, said: Said) -> list[ProseFigure]:
    """The figures that are no parts of others, of the kind of one that has a share."""
    if part.cell.kind == "money":
        return whole_money(said)
    return [one for one in said if are_alike(one, part) and one.amount.part_of is None]


def _is_whole_of(whole: ProseFigure, pairs: Sequence[tuple[ProseFigure, ProseFigure]]) -> bool:
    added = interval_sum([one.cell for one, _ in pairs])
    shares = [(one.cell.interval.ratio(whole.cell.interval), share.cell.interval) for one, share in pairs]
    fitting = [share for share, told in shares if share is not None and told.meets(share.scale(HUNDRED))]
    return whole.cell.interval.meets(added) or len(fitting) >= max(FEWEST_LISTED, len(pairs) - 1)


def _says_bare_share(one: ProseFigure, share: ProseFigure, words: str) -> bool:
    shared = one.cell.kind in ("money", "count") and share.cell.kind == "percent"
    return shared and (own_label(share) in judgement().share_of or words in _OPEN_BRACKETS)


def _shares_by_name(form: Form) -> Iterator[Finding]:
    """土建工程支出占总支出的57.18%: both are named, and stand somewhere before; what does not fit is only odd."""
    found = figures(form)
    for at, share in enumerate(found):
        name, whole = _of_what(share)
        if not whole:
            continue
        parts = [one for one in found[:at] if _is_called(one, name)] if name else _amount_before(found, at)
        pairs = {(part, base) for part in parts for base in _wholes(found[:at], part, whole)}
        findings = [rate_finding(_share(share, part, base), named(part), [named(base)]) for part, base in pairs]
        agrees = [finding for finding in findings if finding.outcome == "consistent"]
        if agrees or len({(part.cell.value, base.cell.value) for part, base in pairs}) == 1:
            yield less_sure((agrees or findings)[0])


def _amount_before(found: Said, at: int) -> Said:
    """The amount that a percentage without a name of its own follows in its sentence: 支出90万元，占下达资金的90%.

    How it changed may be told between: 支出52亿元，增长12%，占总支出的20%.
    """
    own = [one for one in found[:at] if one.amount.context == found[at].amount.context]
    while own and own[-1].amount.measure == "change":
        own.pop()
    return own[-1:] if own and own[-1].cell.kind != "percent" else ()


def _of_what(share: ProseFigure) -> tuple[str, str]:
    """The names of part and whole in the label of a percentage (人员经费占基本支出); a bare 占 tells only the whole."""
    if share.cell.kind != "percent" or share.amount.part_of is not None:
        return "", ""
    for word in judgement().share_of:
        name, found, whole = own_label(share).partition(word)
        if found and whole:
            return name, whole
    return "", ""


def _is_called(one: ProseFigure, name: str) -> bool:
    return one.cell.kind in ("money", "count") and judgement().bare_name(own_label(one)) == judgement().bare_name(name)


def _wholes(found: Said, part: ProseFigure, whole: str) -> list[ProseFigure]:
    """What a part may be a share of: what has that name; where it only says 总支出, the total of its list."""
    general = whole.startswith(judgement().whole_marks)
    others = [one for one in found if are_alike(one, part) and one is not part]
    named = [one for one in others if _ends_with(one, whole) or (general and _is_total_of(one, part))]
    told = named or [one for one in whole_money(others) if _tells_of(one, whole) or _are_of_everything(one, whole)]
    called = [one for one in told if judgement().called_total.search(text_before(one.amount))]
    return called if len(called) == 1 else told


def _are_of_everything(one: ProseFigure, whole: str) -> bool:
    """Whether both names are those of all that was spent, or all that came in: 总支出, 全年支出."""
    names = (own_label(one), whole)
    return all(map(judgement().is_all_spending, names)) or all(map(judgement().is_all_income, names))


def _ends_with(one: ProseFigure, whole: str) -> bool:
    """Whether a figure's name is the whole's, or ends with it: 当年下达 of 下达资金."""
    return judgement().bare_name(own_label(one)).endswith(judgement().bare_name(whole))


def _tells_of(one: ProseFigure, whole: str) -> bool:
    """Whether what was handed down or arrived is told with the whole's word: 省财政下达补助 of 下达资金."""
    return one.amount.measure in ("allocated", "arrived") and judgement().bare_name(whole) in own_label(one)


def _is_total_of(one: ProseFigure, part: ProseFigure) -> bool:
    return part.amount.part_of is not None and one.amount.total_of == part.amount.part_of


def _spoken_shares(form: Form) -> Iterator[tuple[ProseFigure, ProseFigure, ProseFigure]]:
    """Part, whole and percentage of what says so in a row: 支出640万元，占全年预算800万元的90%."""
    for group in sentences(form):
        for part, base, share in zip(group, group[1:], group[2:], strict=False):
            percentage = share.cell.kind == "percent" and not share.amount.label
            if percentage and own_label(base).startswith(judgement().base_of) and are_alike(part, base):
                yield part, base, share


def _share(share: ProseFigure, part: ProseFigure, whole: ProseFigure) -> Printed:
    """The percentage under a name that says of what it is the share."""
    label = whole.amount.label
    if label.startswith(judgement().base_of) and not label.startswith(judgement().share_of):  # 完成预算98万元的94%
        return replace(share.cell, title=f"{named(part).name}{label}的比率")
    return replace(share.cell, title=f"{named(part).name}占{named(whole).name}的比例")

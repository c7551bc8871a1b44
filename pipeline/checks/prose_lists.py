"""Checks of amounts that sentences list without saying 其中: 分解下达各县：甲县…、乙县…; 最多, 最少 (正文中的清单)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged, remark
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import row_name
from pipeline.checks.prose_figures import (
    SENTENCES_BEFORE,
    ProseFigure,
    Said,
    are_alike,
    is_bound,
    own_label,
    same_paragraph,
    sentences,
    text_behind,
    words_before,
)
from pipeline.checks.prose_moves import is_difference
from pipeline.checks.sums import interval_sum, sum_finding, swapped
from schemas.decimals import ZERO
from schemas.judgement import judgement
from schemas.numerals import fold, read_numeral

_FEWEST, _FEWEST_OF_PERIODS = 3, 2
_CLOSED_WITHIN, _SLIP_WITHIN = Decimal("0.25"), Decimal("0.15")
"""How far a list that tells all, or one that a slip of the pen explains, may be from its total, as a share of it."""
_LONGEST_NAME = 30
_COLONS = re.compile("[：:]")
_ENDS = "，,；;。：: "


@dataclass(frozen=True, slots=True)
class Listing:
    """Amounts told one after another, with the words in front of the first (清单)."""

    parts: tuple[ProseFigure, ...]
    opened: str
    group: Said
    before: tuple[Said, ...]
    """The sentences before it in its paragraph."""
    earlier: tuple[Said, ...]
    """Those before it anywhere."""

    @property
    def added(self) -> Decimal:
        return sum((one.cell.value for one in self.parts), ZERO)

    @property
    def is_colon(self) -> bool:
        """Whether a colon opens the list."""
        return any(mark in self.opened for mark in "：:")

    @property
    def is_selection(self) -> bool:
        """Whether the words say that only the main ones are listed (主要是)."""
        return any(word in self.opened for word in judgement().selections)

    @property
    def count_told(self) -> int | None:
        """How many there are, as the words in front of the list say: 分为三个子项目."""
        found = judgement().listed_count.findall(_COLONS.split(self.opened)[0] if self.is_colon else "")
        numeral = read_numeral(fold(found[-1])) if found else None
        return int(numeral.value) if numeral is not None and numeral.value is not None else None

    @property
    def is_of_periods(self) -> bool:
        """Whether the parts are those of quarters, months, halves of the year."""
        told = words_before(self.group)
        places = [self.group.index(one) for one in self.parts]
        return all(judgement().period_name.search(told[at]) for at in places)

    @property
    def tells_all(self) -> bool:
        """Whether the words say that nothing is left out: 按用途分, 构成如下, 各县, three of 三个子项目."""
        if self.is_selection:
            return False
        named = self.is_colon and judgement().lists_all.search(self.opened) is not None
        return named or self.count_told == len(self.parts) or self.is_of_periods


def listings(form: Form) -> list[Listing]:
    """Every list of a form's sentences that is no composition already."""
    told = sentences(form)
    return [found for at, group in enumerate(told) for found in _of_sentence(group, told[:at])]


def _of_sentence(group: Said, before: Sequence[Said]) -> Iterator[Listing]:
    words = words_before(group)
    near = tuple(one for one in before[-SENTENCES_BEFORE:] if same_paragraph(one, group))
    run: list[int] = []
    for at, one in enumerate((*group, None)):
        if one is not None and _is_beside(one, run, group):
            continue
        if one is not None and _goes_on(group, run, at, words):
            run.append(at)
            continue
        if len(run) >= _FEWEST_OF_PERIODS:
            yield Listing(tuple(group[i] for i in run), words[run[0]], group, near, tuple(before[-SENTENCES_BEFORE:]))
        run = [at] if one is not None and _may_be_listed(one, words[at]) else []


def _goes_on(group: Said, run: Sequence[int], at: int, words: Sequence[str]) -> bool:
    if not run or not _may_be_listed(group[at], words[at]) or not are_alike(group[run[-1]], group[at]):
        return False
    is_next = all(_is_beside(group[i], run, group) for i in range(run[-1] + 1, at))
    opens = any(mark in words[at] for mark in "：:") or _is_called_sum(words[at])
    told = {group[i].amount.measure for i in (*run, at)} - {None}
    return is_next and not opens and len(told) <= 1 and len(words[at].strip(_ENDS)) <= _LONGEST_NAME


def _is_beside(one: ProseFigure, run: Sequence[int], group: Said) -> bool:
    """Whether a figure only tells more of the one listed before it: its share, so much for each (420人，每人900元)."""
    other = bool(run) and not are_alike(one, group[run[-1]])
    return one.cell.kind == "percent" or (other and judgement().each.search(own_label(one)) is not None)


def _may_be_listed(one: ProseFigure, words: str) -> bool:
    """Whether a figure may be one of a list: named, no part of another, no price, plan, bound or change."""
    name = own_label(one)
    if one.amount.role not in (None, "total") or one.amount.part_of or not name or one.cell.kind not in _LISTED:
        return False
    if one.amount.measure in _NEVER_LISTED or is_difference(one) or is_bound(one.amount):
        return False
    told = judgement()
    apart = told.compared_with(words) or told.each.search(name) or name.startswith(tuple(told.means_of))
    return not (apart or _is_called_sum(words) or any(word in name for word in told.means))


_LISTED = ("money", "count")
_NEVER_LISTED = ("unit_rate", "balance", "saved", "increased", "reduced", "carryover", "contract")


def _is_called_sum(words: str) -> bool:
    return judgement().called_total.search(words) is not None


@check(
    "prose_list",
    "正文中没有写“其中”的清单",
    "逐项列出的数（各县、各季度、各用途）之和等于所说的总数；写明的个数与所列的项数一致；最多、最少的与所列的数一致",
    "warning",
    agrees="合计",
)
def prose_list(form: Form, rules: Rules) -> Iterator[Finding]:
    """甲县1240万元、乙县986万元、丙县754万元, after 下达我市2980万元: only where the words say that all are listed.

    Otherwise where a slip of the pen explains all that is lacking.
    """
    found = listings(form)
    said = [finding for one in found for finding in (_against_totals(one), _counted(one), *_extremes(one, form))]
    odd = [*(finding for finding in said if finding is not None), *_enumerated(form), *_extremes_of_table(form)]
    agreeing = [one for one in found if _agrees(one, [*_total_behind(one), *_totals_before(one)])]
    yield from judged(odd, len(agreeing), "清单之和与总数相符", "正文没有逐项列出的清单")


def _against_totals(listing: Listing) -> Finding | None:
    """The list against the total it seems to be of; None where it agrees with one, or where that is open."""
    behind = _total_behind(listing)
    before = _totals_before(listing)
    totals = [*behind, *before]
    if _agrees(listing, totals):
        return None
    for total in behind or before:
        gap = abs(total.cell.value - listing.added)
        if not gap or not total.cell.value:
            continue
        near = gap <= _CLOSED_WITHIN * total.cell.value
        if near and _must_agree(listing, total, before, behind):
            return _contradicts(listing, total)
        if gap <= _SLIP_WITHIN * total.cell.value and _is_slip(listing, total):
            return _contradicts(listing, total)
    return None


def _must_agree(listing: Listing, total: ProseFigure, before: Said, behind: Said) -> bool:
    """Whether the words leave no other total for a list that tells all; a selection can only be too much."""
    if listing.is_selection:
        at_once = listing.is_colon and total in listing.group and total in before[:1]
        return at_once and listing.added > total.cell.value
    if len(listing.parts) < _FEWEST and not (behind and listing.is_of_periods):
        return False
    return listing.tells_all and (total in behind or total is before[0])


def _contradicts(listing: Listing, total: ProseFigure) -> Finding:
    cells = [replace(one.cell, row=own_label(one)) for one in listing.parts]
    finding = sum_finding(total.cell, cells, None, "所列各项：", (), "写为")
    message = f"{finding.message.removesuffix('。')}，请核对所列各项是否即其全部。"
    return replace(finding, message=message, severity="warning")


def _total_behind(listing: Listing) -> list[ProseFigure]:
    """上半年…，下半年…，全年共发放…: the figure at once behind, where it is called the whole."""
    words = words_before(listing.group)
    last = listing.group.index(listing.parts[-1])
    percents = [at for at, one in enumerate(listing.group) if one.cell.kind == "percent"]
    following = [at for at in range(last + 1, len(listing.group)) if at not in percents][:1]
    return [
        listing.group[at]
        for at in following
        if are_alike(listing.group[at], listing.parts[0]) and _is_called_sum(words[at])
    ]


def _totals_before(listing: Listing) -> list[ProseFigure]:
    """What the list may be of, nearest first: of the sentence itself, and those before it in its paragraph."""
    first = listing.group.index(listing.parts[0])
    said = [one for group in (*listing.before, listing.group[:first]) for one in group]
    wholes = [one for one in reversed(said) if _may_be_whole(one, listing)]
    return _named_in(listing) or wholes or (_of_everything(listing) if listing.is_colon else [])


def _of_everything(listing: Listing) -> list[ProseFigure]:
    """按经济分类：…, in a paragraph of its own: all that came in, or was spent, in the sentences before."""
    said = [one for group in reversed(listing.earlier) for one in group if _may_be_whole(one, listing)]
    names = (judgement().is_all_spending, judgement().is_all_income)
    return [one for one in said if any(is_all(own_label(one)) for is_all in names)]


def _named_in(listing: Listing) -> list[ProseFigure]:
    """The amount that the words in front of the list name: 其中垃圾清运服务费按季度拨付：…."""
    said = [one for group in reversed(listing.earlier) for one in group if _may_be_whole(one, listing)]
    opened = listing.opened.rpartition("：")[0]
    return [one for one in said if len(own_label(one)) > _FEWEST and own_label(one) in opened][:1]


def _may_be_whole(one: ProseFigure, listing: Listing) -> bool:
    largest = max(part.cell.value for part in listing.parts)
    alike = are_alike(one, listing.parts[0]) and one.cell.value > largest
    if one.cell.kind == "count" and any(word in own_label(one) for word in judgement().plans):
        return False
    return alike and one.amount.part_of is None and not is_difference(one) and one.amount.measure not in ("balance",)


def _agrees(listing: Listing, totals: Said) -> bool:
    """Whether the list, or some of it one after another, makes one of the totals."""
    places = range(len(listing.parts) + 1)
    runs = [listing.parts[i:j] for i, j in combinations(places, 2) if j - i > 1]
    sums = [interval_sum(one.cell for one in run) for run in runs]
    return any(total.cell.interval.meets(added) for total in totals for added in sums)


def _is_slip(listing: Listing, total: ProseFigure) -> bool:
    """Whether two digits that changed places make up for all that is lacking."""
    return len(listing.parts) >= _FEWEST and swapped(total.cell, [one.cell for one in listing.parts]) is not None


def _enumerated(form: Form) -> Iterator[Finding]:
    """分布在丰乐、柳堡、石桥、马集5个乡镇: more or fewer names than are counted; with 等 only more."""
    for group in sentences(form):
        for one, words in zip(group, words_before(group), strict=True):
            match = judgement().enumerated.search(words)
            if match is None or one.cell.kind != "count" or not any(_counts(one, kind) for kind in judgement().places):
                continue
            marks, joints = match["names"].count("、") + 1, len(judgement().and_names.findall(match["names"]))
            ways = (marks, marks + joints)
            fits = one.cell.value in ways or (match["rest"] and one.cell.value > min(ways))
            if not fits:
                names = f"“{match['names']}”{match['rest'] or ''}"
                message = f"正文列出{names}共{ways[-1]}个，写明{one.cell.shown}，个数请核实。"
                yield remark(message, (one.cell.ref,), one.cell.shown, f"{ways[-1]}个")


# -- how many are listed, and which is the most ---------------------------------------------------------------------


def _counted(listing: Listing) -> Finding | None:
    """全县7个乡镇…。各乡镇安置人数为：, and six of them that make up the whole: it is the number that is odd."""
    if len(listing.parts) < _FEWEST or not _agrees_whole(listing):
        return None
    told = _count_of_kind(listing)
    number = int(told.cell.value) if told is not None else listing.count_told
    if number is None or number == len(listing.parts):
        return None
    names = "、".join(own_label(one) for one in listing.parts)
    shown = f"{told.cell.name}{told.cell.shown}" if told is not None else f"{number}项"
    subjects = ((told.cell.ref,) if told is not None else ()) + tuple(one.cell.ref for one in listing.parts)
    message = f"正文写明{shown}，逐项列出的为{len(listing.parts)}项（{names}），其和已等于总数，个数请核实。"
    return remark(message, subjects, str(number), str(len(listing.parts)))


def _agrees_whole(listing: Listing) -> bool:
    added = interval_sum(one.cell for one in listing.parts)
    totals = [*_total_behind(listing), *_totals_before(listing)]
    return any(total.cell.interval.meets(added) for total in totals)


def _count_of_kind(listing: Listing) -> ProseFigure | None:
    """The one count, in the sentences before, of what the list has each of: 6个乡镇 for 各乡镇."""
    kind = judgement().each_of.search(listing.opened)
    if kind is None or not listing.is_colon:
        return None
    said = [one for group in listing.before for one in group if one.cell.kind == "count"]
    found = [one for one in said if _counts(one, kind["kind"])]
    return found[0] if len({one.cell.value for one in found}) == 1 else None


def _counts(one: ProseFigure, kind: str) -> bool:
    return text_behind(one.amount).startswith(kind)


def _extremes(listing: Listing, form: Form) -> Iterator[Finding]:
    """城关镇安置人数最多, right behind the list of 安置人数: the name of one that is not the largest of it."""
    if len(listing.parts) < _FEWEST:
        return
    names = {own_label(one): one for one in listing.parts if len(own_label(one)) > 1}
    for match in judgement().extreme.finditer(_text_behind(listing, form)):
        name = next((name for name in names if match["name"].startswith(name)), "")
        if not name or match["name"].removeprefix(name) not in listing.opened:
            continue
        said, is_most = names[name].cell, match["most"] is not None
        right = (max if is_most else min)(listing.parts, key=lambda one: one.cell.value)
        if right.cell.value != said.value:
            yield remark(
                f"正文写“{match[0]}”，所列各项中最{'大' if is_most else '小'}的是"
                f"“{own_label(right)}”{right.cell.shown}，“{name}”为{said.shown}。",
                (said.ref, right.cell.ref),
                name,
                own_label(right),
            )


def _extremes_of_table(form: Form) -> Iterator[Finding]:
    """石桥区执行率最高, of the rates in the rows of the funding table."""
    rows = {row_name(row.label): row for row in form.funding if row.role == "component"}
    rates = {name: form.cell("funding", row.ordinal, "execution_rate_pct") for name, row in rows.items()}
    told = {name: rate for name, rate in rates.items() if rate is not None}
    if len(told) < _FEWEST or len(told) < len(rows):
        return
    for match in (match for section in form.sections for match in judgement().extreme.finditer(section.text)):
        name = next((name for name in told if name in match["name"]), "")
        if not name or not judgement().is_execution_rate(match["name"].partition(name)[2]):
            continue
        is_most = match["most"] is not None
        right = (max if is_most else min)(told.values(), key=lambda cell: cell.value)
        if right.value != told[name].value:
            yield remark(
                f"正文写“{match[0]}”，表中执行率最{'高' if is_most else '低'}的是“{right.row}”{right.shown}，"
                f"“{name}”为{told[name].shown}。",
                (told[name].ref, right.ref),
                name,
                right.row,
            )


def _text_behind(listing: Listing, form: Form) -> str:
    """The rest of the line that the list stands in."""
    context = listing.parts[0].amount.context or ""
    behind = next((section.text.partition(context)[2] for section in form.sections if context in section.text), "")
    return behind.partition("\n")[0]


# -- rates told in the order of a list ----------------------------------------------------------------------------


def rates_in_order(form: Form) -> Iterator[tuple[ProseFigure, ProseFigure, ProseFigure]]:
    """Rate, part and base of 执行率分别为98.86%、96%和95.56%, with the lists of what was spent of what."""
    told = sentences(form)
    lists = listings(form)
    for at, group in enumerate(told):
        rates = _in_order(group)
        if not rates:
            continue
        before = [one for one in lists if len(one.parts) == len(rates) and one.group in told[max(0, at - 6) : at]]
        paid = [one for one in before if one.parts[0].amount.measure == "executed"]
        if not paid:
            continue
        bases = [one for one in before if one is not paid[-1] and _same_names(one, paid[-1])]
        if bases:
            yield from zip(rates, paid[-1].parts, bases[-1].parts, strict=True)


def _in_order(group: Said) -> list[ProseFigure]:
    """The percentages behind 分别为, one after another."""
    words = words_before(group)
    first = next((at for at, told in enumerate(words) if judgement().in_order.search(told)), None)
    if first is None:
        return []
    end = first + 1
    while end < len(group) and judgement().joins.fullmatch(words[end]):
        end += 1
    rates = group[first:end]
    return list(rates) if len(rates) > 1 and all(one.cell.kind == "percent" for one in rates) else []


def _same_names(one: Listing, other: Listing) -> bool:
    bare = judgement().bare_name
    names = [(bare(own_label(a)), bare(own_label(b))) for a, b in zip(one.parts, other.parts, strict=True)]
    return all(first and first == second for first, second in names)

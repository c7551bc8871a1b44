"""Checks of what sentences say of a bound and a date: 低于控制标准11元, 9月底前…，实际于10月… (正文中的界限与期限)."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from re import Match

import regex

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged, remark
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.prose_figures import ProseFigure, Said, are_alike, is_bound, sentences, words_before
from pipeline.checks.prose_moves import is_difference
from pipeline.checks.prose_rates import named
from schemas.judgement import judgement

_NEAR = Decimal("0.75")
"""A bound nearer to a figure than this is no difference from it: 低于控制标准11元 of 10.51元."""
_SENTENCE = regex.compile(r"[^。；;\n]+")


@check(
    "prose_bound",
    "正文中的界限与期限",
    "同一句中：写明低于、高于目标（标准）的，控制在……以内的，数值与所写一致；实际完成的日期不晚于期限",
    "warning",
    cause="never",
)
def prose_bound(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where the words name what a figure is held against; a difference (低于标准0.5元) is far from the figure."""
    pairs = [pair for group in sentences(form) for pair in _bounded(group)]
    odd = [_beyond(*pair) for pair in pairs if _is_beyond(*pair)]
    late = [finding for section in form.sections for finding in _late(section.text)]
    yield from judged([*odd, *late], len(pairs), "数值与所写的界限相符", "没有写明界限的句子")


def _bounded(group: Said) -> Iterator[tuple[ProseFigure, ProseFigure, int, str]]:
    """A figure, the bound it is told with, whether it is to be below (-1) or above (1), and the words for that."""
    words = words_before(group)
    for at, bound in enumerate(group):
        match = judgement().told_bound.search(words[at])
        one = _nearest_value(group[:at])
        if match is None or one is None or not are_alike(one, bound) or _is_of_points(bound) or is_bound(one.amount):
            continue
        context = one.amount.context or ""
        _, _, behind = context.partition(f"{words[at]}{bound.amount.value_raw}")
        named_so = any(word in match["what"] for word in judgement().bounds)
        held = behind.startswith(judgement().behind_bound)
        if (named_so or held) and not is_difference(one):
            yield one, bound, -1 if match["below"] else 1, f"{match['way']}{match['what']}"


def _nearest_value(before: Said) -> ProseFigure | None:
    """The last figure that is not by how much something changed: 降至2.1%，下降1.7个百分点，低于3%."""
    return next((one for one in reversed(before) if not _is_of_points(one) and not is_difference(one)), None)


def _is_of_points(one: ProseFigure) -> bool:
    return any(word in (one.amount.value_raw or "") for word in judgement().percentage_points)


def _is_beyond(one: ProseFigure, bound: ProseFigure, way: int, words: str) -> bool:
    value, edge = one.cell.value, bound.cell.value
    near = min(value, edge) >= _NEAR * max(value, edge)
    return near and (one.cell.interval.low > edge if way < 0 else one.cell.interval.high < edge)


def _beyond(one: ProseFigure, bound: ProseFigure, way: int, words: str) -> Finding:
    return remark(
        f"正文中{named(one).name}为{one.cell.shown}，写“{words}{bound.amount.value_raw}”，"
        f"实际{'高' if way < 0 else '低'}于{bound.amount.value_raw}，与所写不符。",
        (one.cell.ref, bound.cell.ref),
        one.cell.shown,
    )


def _late(text: str) -> Iterator[Finding]:
    """第二批资金要求9月底前支付完毕，实际于10月22日支付完毕, without a word that it is late."""
    for sentence in _SENTENCE.findall(text):
        match = judgement().deadline_and_done.search(sentence)
        if match is None or any(word in sentence for word in judgement().told_late):
            continue
        due, done = _last_day(match, "1"), _first_day(match, "2")
        if due is not None and done is not None and done > due:
            yield remark(f"正文写“{match[0].strip()}”，实际晚于期限，没有写明逾期及原因。", (), None)


def _year(match: Match[str], which: str) -> int:
    told = match[f"year{which}"] or match["year1"] or match["year2"]
    return int(told) if told else date.min.year


def _last_day(match: Match[str], which: str) -> date | None:
    year, month = _year(match, which), int(match[f"month{which}"])
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(match[f"day{which}"] or last), last))


def _first_day(match: Match[str], which: str) -> date | None:
    last = _last_day(match, which)
    return last and last.replace(day=min(int(match[f"day{which}"] or 1), last.day) or 1)

"""Indicator targets and actual values (指标值与实际完成值): relation, number and unit as printed.

What is printed is not converted: 110万页 is 110 in 万页. A relation that is printed (≥, 不低于, 以上 …) rules; a plain
number (98%, 3家公立医院) is a target of "=". A date is not a number: 12月底前 has no relation and no value, because
arithmetic cannot compare it; only where a relation sign stands before it (=2022年12月底前) is the number after the
sign the value, with the rest as its unit. A text with more than one number that is no range is qualitative, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from schemas.numerals import fold, read_numeral, separates_numbers
from schemas.records import TargetOp
from schemas.units import units
from schemas.values import LONGEST_CELL, is_blank


@dataclass(frozen=True, slots=True)
class Target:
    """A target (指标值): `op` is None when it is qualitative; `high` only for a range; `unit` as printed."""

    op: TargetOp | None
    value: Decimal | None
    high: Decimal | None
    unit: str | None
    step: Decimal | None = None
    """What the last printed digit of the value is worth, in the printed unit."""


LARGEST_VALUE = Decimal(10) ** 18
"""Where the dataset's column of target values ends."""
QUALITATIVE = Target(None, None, None, None)


@dataclass(frozen=True, slots=True)
class _Number:
    """One number with its unit as printed; `known` when the unit is in the table, `end` is after the unit.

    `step` is what its last digit is worth.
    """

    value: Decimal
    step: Decimal
    unit: str
    known: bool
    end: int


_SPACE = re.compile(r"\s+")
_ARABIC_START = re.compile(r"[0-9]")
_LEAD = re.compile(r"[\u4e00-\u9fff:“”\"]{0,12}")
_NEGATIONS = frozenset("未没不无非每各均第差")
_RANK = "前"
"""前3名 is a rank, better the smaller: no quantity to be reached."""
_REST = re.compile(r"[\u4e00-\u9fff、“”()%]{0,12}")
_NOTE = re.compile(r"\([^≥≤<>=]*\)|[,;。][^≥≤<>=\d]*")
_SEPARATOR = re.compile(r"--?|~|至|到")
_DATE = re.compile(r"年(?:度|\d|[初中底末内前后])|月|日|号|点|时(?!间)|季度|[-./]\d")
_YEARS = range(1900, 2101)
_LOOSE_AFTER_RELATION = re.compile(r"(?![至到])[\u4e00-\u9fffA-Za-z²³℃/·、]{1,12}")
_LOOSE_PLAIN = re.compile(r"(?![至到])[\u4e00-\u9fff]{1,3}")
_RATE_TAIL = re.compile(r"(?:(?:[/每·*]|\.(?=[\u4e00-\u9fff]))(?:[\u4e00-\u9fffA-Za-z²³]{1,8})){1,3}")
_MASK = re.compile(r"[*xX□■●]")
"""A mark right behind digits covers more of them (20xx户, 95*%), or multiplies (7*24小时): no single number."""
_SIGNS = frozenset("≥≤<>=≮≯")
_INCLUSIVE = ("", "(含)", "(不含)", "左右")
_RANGE_REST = ("", "之间", "以内", "内", "左右", "范围内", "区间")


@lru_cache(maxsize=8192)
def parse_target(raw: str) -> Target:
    """The relation, value and unit of a target; a qualitative one, and any that is not certain, has none of them."""
    printed = _printed(raw)
    if printed is None:
        return QUALITATIVE
    text = fold(printed)
    start, relation, sign = _number_start(text)
    first = None if start is None else _number_at(text, printed, start, relation)
    if start is None or first is None:
        return QUALITATIVE
    separator = _SEPARATOR.match(text, first.end)
    if separator:
        return _range(text, printed, first, separator.end(), negative=sign)
    return _single(text, printed, start, first, relation, negative=sign)


def parse_actual(raw: str) -> Target:
    """The value and printed unit of an actual (实际完成值); qualitative when it is words or not one single number."""
    target = parse_target(raw)
    return QUALITATIVE if target.op == "range" else target


def _printed(raw: str) -> str | None:
    """`raw` without white space; None when it holds no value or a blank in it may separate two numbers."""
    if is_blank(raw) or len(raw) > LONGEST_CELL or separates_numbers(fold(raw)):
        return None
    return _SPACE.sub("", raw).rstrip("。；;、，,") or None


def _number_start(text: str) -> tuple[int | None, TargetOp | None, bool]:
    """Where the first number starts, the relation printed before it, and whether it has a minus sign."""
    position, relation = _relations(text, 0)
    negative = text.startswith("-", position)
    if read_numeral(text, position + negative) or units().percent_prefix.at(text, position):
        return position + negative, relation, negative
    arabic = _ARABIC_START.search(text)
    if arabic is None:
        return None, None, False
    lead, relation = text[: arabic.start()], None
    word = units().relation_before.ending(lead)
    if word is not None:
        lead, relation = lead[: -len(word)], units().relation_before[word]
    if not _LEAD.fullmatch(lead) or _NEGATIONS & set(lead) or lead.endswith(_RANK):
        return None, None, False
    return arabic.start(), relation, False


def _relations(text: str, position: int) -> tuple[int, TargetOp | None]:
    """Skips 约 and the relation words at `position`; of several (达到≥) the last one rules."""
    relation: TargetOp | None = None
    while True:
        word = units().relation_before.at(text, position)
        if word is not None:
            relation = units().relation_before[word]
        else:
            word = units().approximate_before.at(text, position)
        if word is None:
            return position, relation
        position += len(word)


def _number_at(text: str, printed: str, start: int, relation: TargetOp | None) -> _Number | None:
    prefix = units().percent_prefix.at(text, start)
    number = read_numeral(text, start + len(prefix or ""))
    if number is None or number.value >= LARGEST_VALUE or _MASK.match(text, number.end):
        return None
    if prefix is not None:
        return _Number(number.value, number.step, units().percent_prefix[prefix], True, number.end)
    value = number.value if number.coefficient is None else number.coefficient
    scale = "" if number.coefficient is None else number.scale
    step = number.step if number.coefficient is None else number.coefficient_step
    unit_start = number.end
    end, known = _unit_end(text, unit_start, relation)
    if text.startswith("(", unit_start) and end > unit_start:
        return _Number(value, step, scale + printed[unit_start + 1 : end - 1], known, end)
    return _Number(value, step, scale + printed[unit_start:end], known or bool(scale), end)


def _unit_end(text: str, start: int, relation: TargetOp | None) -> tuple[int, bool]:
    """Where the unit that starts at `start` ends, and whether the table knows it."""
    if text.startswith("(", start):
        close = _closing_bracket(text, start)
        return (start, False) if close is None or not text[start + 1 : close - 1] else (close, True)
    table = units()
    word = max((words.at(text, start) or "" for words in (table.count, table.percent, table.money_base)), key=len)
    if word:
        rate = _RATE_TAIL.match(text, start + len(word))
        tail = rate[0] if rate else ""
        return start + len(word) + len(_without_relation(tail)), True
    loose = (_LOOSE_PLAIN if relation is None else _LOOSE_AFTER_RELATION).match(text, start)
    return (start, False) if loose is None else (start + len(_without_relation(loose[0])), False)


def _closing_bracket(text: str, start: int) -> int | None:
    depth = 0
    for index in range(start, min(len(text), start + 20)):
        depth += (text[index] == "(") - (text[index] == ")")
        if depth == 0:
            return index + 1
    return None


def _without_relation(unit: str) -> str:
    """A unit of unknown words ends where a relation (以上) begins."""
    cuts = [index for word in units().relation_after if (index := unit.find(word)) >= 0]
    return unit[: min(cuts, default=len(unit))]


def _single(
    text: str, printed: str, start: int, number: _Number, relation: TargetOp | None, *, negative: bool
) -> Target:
    value = -number.value if negative else number.value
    rest = text[number.end :]
    after = units().relation_after.at(rest, 0)
    if relation is None and _is_word(text, start, number, rest[len(after or "") :]):
        return QUALITATIVE
    if after is not None and rest[len(after) :] in _INCLUSIVE:
        return Target(units().relation_after[after], value, None, number.unit or None, number.step)
    is_date = _is_date(text, start, number)
    signed = start > 0 and text[start - 1] in _SIGNS
    if signed and is_date:
        unit = printed[start + len(_digits(text, start)) :]
        return Target(relation, value, None, unit, number.step) if len(unit) <= 12 else QUALITATIVE
    if is_date or not (_REST.fullmatch(rest) or (relation is not None and _NOTE.fullmatch(rest))):
        return QUALITATIVE
    if relation is None and (after is not None or not _plain(start, number)):
        return QUALITATIVE
    return Target(relation or "=", value, None, number.unit or None, number.step)


_DIGITS = re.compile(r"[\d,.]*", re.ASCII)


def _digits(text: str, start: int) -> str:
    match = _DIGITS.match(text, start)
    return match[0] if match else ""


def _is_word(text: str, start: int, number: _Number, rest: str) -> bool:
    """Whether a numeral in Chinese only begins a word (一般, 一次性合格, 三级): a number has its unit, and no more."""
    if text[start].isascii() or not number.value or units().percent_prefix.at(text, start):
        return False
    return bool(rest) or (bool(number.unit) and not number.known)


def _plain(start: int, number: _Number) -> bool:
    """Without a relation, words before the number ask for a unit that is known (已完成100%, but not 二期3标)."""
    return number.known or (start == 0 and (not number.unit or number.value not in _YEARS))


def _is_date(text: str, start: int, number: _Number) -> bool:
    after_digits = start + len(_digits(text, start))
    if number.value in _YEARS and text.startswith("年", after_digits):
        return True
    return bool(_DATE.match(text, after_digits))


def _range(text: str, printed: str, first: _Number, start: int, *, negative: bool) -> Target:
    """8-10月, 90%-95%, 5至8次: both ends in one unit, nothing else beside them."""
    second = _number_at(text, printed, start, None)
    if second is None or text[second.end :] not in _RANGE_REST:
        return QUALITATIVE
    low = -first.value if negative else first.value
    if (first.unit and first.unit != second.unit) or low > second.value:
        return QUALITATIVE
    if int(second.value) in _YEARS and int(first.value) in _YEARS and second.unit in ("", "年", "年度"):
        return QUALITATIVE
    return Target("range", low, second.value, second.unit or None, max(first.step, second.step))

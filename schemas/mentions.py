"""Quantities inside sentences (句中的数量): amounts, percentages, rates, and counts with a unit.

A bare number in a sentence is no figure: it may be a year, a document number, a standard, a list number. Ranges
(100-200万元), ordinals (第3次), calendar dates and masked digits are passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from schemas.numerals import CHINESE_CHARS, Numeral, fold, read_numeral
from schemas.units import YUAN_SIGNS, money_factor, units
from schemas.values import (
    EXACT,
    LARGEST_MONEY,
    LARGEST_PERCENT,
    LONGEST_CELL,
    YUAN,
    Quantity,
    money_quantity,
    money_tail,
)
from schemas.vocabulary import pattern


@dataclass(frozen=True, slots=True)
class Mention:
    """A quantity and where in the sentence it stands: `text[start:end]`, with its sign, 约 and unit."""

    quantity: Quantity
    start: int
    end: int


_START = re.compile(rf"(?:百分之|千分之|万分之)?(?:[0-9]|[{CHINESE_CHARS}])")
_DIGIT_RUN = re.compile(r"[0-9]++(?:[.,][0-9]++)*+")
_CHINESE_RUN = re.compile(rf"[{CHINESE_CHARS}]++")
_DOCUMENT_NUMBER = re.compile(r"[〔\[【(]\s?(?:19|20)\d\d\s?[〕\]】)]\s?(?:第?\s?\d{1,6}\s?号|\d*)")
_WIDE_GROUP = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_BLANK_GROUPS = re.compile(r"(?<![\d.,])[1-9]\d{0,2}(?: \d{3})+\.\d{2}(?![\d.])")
_YEAR_AND_MONTH = re.compile(r"(?:19|20)\d\d\.(?:0[1-9]|1[0-2])")
_LIST_NUMBER = re.compile(r"\s*\d{1,2}\.\d")
_RANGE_AFTER = re.compile(r"\s?(?:--?|~|至|到)\s?\d")
_RANGE_BEFORE = re.compile(r"\d[^\s\d,，;。升降增减提高低加扩缩延调涨]{0,4}\s?(?:--?|~|至|到)\s?$")
"""A range before a number (8-10, 90%到95%); 4.2%下降到3.6% is two values."""
_CALENDAR = re.compile(r"\d|[度月初中底末内来前后间]|以来")
_MINUS = "-－−"
_BEFORE_MINUS = "为是余率额长比:(（,， "
_NO_WORD = re.compile(r"$|[^\w]")
_CLAUSE_END = re.compile(r"[。；;，,！？!?]")
_BARE_DIGITS = 2
_LIST_REACH = 60
"""Characters before an amount in which the list that it stands in shows."""
_UNIT_SIGNS = ("·", ".", "/", "*")
_JOINT = pattern("joins_numbers")
_MONEY_BEHIND = pattern("money_behind")
_FEW = "几数上"
_YEARS = range(1900, 2101)


def find_quantities(text: str, default_unit: str | None = None) -> Iterator[Mention]:
    """Every quantity of `text`, in order.

    With `default_unit` (万元 …) a bare number is an amount in that unit, too, as in 一般公共预算：132.90; without it, a
    bare number is passed over, and 6万 is an amount only after a word for money.
    """
    folded = _folded_prose(text)
    skips = [match.span() for match in _DOCUMENT_NUMBER.finditer(folded)]
    position, skip = 0, 0
    while (match := _START.search(folded, position)) is not None:
        start = match.start()
        while skip < len(skips) and skips[skip][1] <= start:
            skip += 1
        if skip < len(skips) and skips[skip][0] <= start:
            position = skips[skip][1]
            continue
        found = _Sentence(text, folded, default_unit).at(start)
        if found is not None:
            yield found
        position = _run_end(folded, start) if found is None else found.end


def parse_count(raw: str) -> Quantity | None:
    """A cell that holds a number with a unit of count and nothing else (计数): 152,300人, 4.29万例, 12台（套）."""
    printed = "".join(raw.split()) if len(raw) <= LONGEST_CELL else ""
    quantity, end = _Sentence(printed, fold(printed), None).count_at(0)
    return replace(quantity, raw=raw.strip()) if quantity is not None and end == len(printed) else None


def _folded_prose(text: str) -> str:
    """Folded, but a full-width comma that does not group thousands stays what it is: the end of a clause.

    Blanks that group thousands (1 864.00) are commas.
    """
    folded = _BLANK_GROUPS.sub(lambda match: match[0].replace(" ", ","), fold(text))
    grouping = {match.start() for match in _WIDE_GROUP.finditer(text.translate(_WIDE_DIGITS))}
    if "，" not in text:
        return folded
    return "".join("，" if c == "，" and i not in grouping else folded[i] for i, c in enumerate(text))


_WIDE_DIGITS = {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF1A)}


def _run_end(folded: str, start: int) -> int:
    match = _DIGIT_RUN.match(folded, start) or _CHINESE_RUN.match(folded, start)
    return match.end() if match else start + 1


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as printed and folded, read at one place after another."""

    text: str
    folded: str
    default_unit: str | None

    def at(self, start: int) -> Mention | None:
        """The quantity whose number starts at `start`, None when what stands there is none for certain."""
        prefix = units().percent_prefix.at(self.folded, start) or ""
        number = read_numeral(self.folded, start + len(prefix))
        if number is None or self._is_not_a_number(start, number):
            return None
        quantity, end = (
            self._prefixed_percent(prefix, number)
            if prefix
            else self._money(start, number)
            or self._percent(number)
            or self._count(start, number)
            or self._listed(start, number)
            or (None, 0)
        )
        if quantity is None or _RANGE_AFTER.match(self.folded, end):
            return None
        return self._dressed(quantity, start, end)

    def count_at(self, start: int) -> tuple[Quantity | None, int]:
        """The number with its unit of count that stands at `start`, and where it ends."""
        number = read_numeral(self.folded, start)
        return (number and self._count(start, number)) or (None, start)

    def _is_not_a_number(self, start: int, number: Numeral) -> bool:
        """Whether it is part of something else: a code, a range, an ordinal, a list number, a masked number."""
        folded = self.folded
        before, second = folded[start - 1 : start] if start else "", folded[start - 2 : start - 1] if start > 1 else ""
        if before and (before in "第*#.№" or (before.isascii() and before.isalnum())):
            return True
        if before and before in ":/," and second.isdecimal():
            return True
        if folded[start] in "十百千拾佰仟" and before and before in _FEW:
            return True
        if before and before in "-~至到 " and _RANGE_BEFORE.search(folded[max(0, start - 12) : start]):
            return True
        if _YEAR_AND_MONTH.fullmatch(folded[start : number.end]):
            return True
        if not number.scale and start < 10 and _LIST_NUMBER.match(folded) and not folded[:start].strip():
            return True
        printed = self.text[start : number.end]
        # 预算100，200人参加 may well be two numbers; 1，268家 is one, as no clause ends in a bare 1.
        return printed.count("，") == 1 and printed.index("，") > _BARE_DIGITS and "." not in fold(printed)

    def _prefixed_percent(self, prefix: str, number: Numeral) -> tuple[Quantity | None, int]:
        factor = units().percent[units().percent_prefix[prefix]]
        return (None, 0) if number.scale else (_scaled(number, factor, "pct", prefix), number.end)

    def _money(self, start: int, number: Numeral) -> tuple[Quantity | None, int] | None:
        position = self._skip_blank(number.end)
        tail = money_tail(self.folded, position)
        if tail is not None:
            rate = self._rate_end(tail.end)
            if rate is not None:
                return self._rate(number, rate)
            unit_raw = number.scale + self.folded[position : position + 1]
            return money_quantity(number, tail, "", unit_raw), tail.end
        if number.scale and self._is_of_money(number.end):
            return _scaled(number, YUAN, "wanyuan", number.scale), number.end
        if not _NO_WORD.match(self.folded, number.end) or self.folded.startswith("%", number.end):
            return None
        if start and self.text[start - 1] in YUAN_SIGNS and self.default_unit is None:
            return _scaled(number, YUAN, "wanyuan", "元"), number.end
        if number.scale and (self.default_unit is not None or self._speaks_of_money(start)):
            return _scaled(number, YUAN, "wanyuan", number.scale), number.end
        if self.default_unit is None or number.scale or not self.folded[start].isdecimal():
            return None
        factor = money_factor(self.default_unit)
        return None if factor is None else (_scaled(number, factor, "wanyuan", ""), number.end)

    def _is_of_money(self, end: int) -> bool:
        """Whether the noun right behind a number is money (141.8万补助资金) and nothing that is counted."""
        return units().count.at(self.folded, end) is None and _MONEY_BEHIND.match(self.folded, end) is not None

    def _speaks_of_money(self, start: int) -> bool:
        """Whether the clause before has a word for money (运行服务费6万), or stands in a list of amounts."""
        clause = _CLAUSE_END.split(self.folded[max(0, start - 24) : start])[-1]
        return any(word in clause for word in units().money_words) or self._is_listed(start, clause)

    def _is_listed(self, start: int, clause: str) -> bool:
        """Whether amounts of money stand before and nothing speaks of a count: 福利院58万元；救助站86万."""
        listed = self.folded[max(0, start - _LIST_REACH) : start]
        numbers = (read_numeral(listed, digits.start()) for digits in _DIGIT_RUN.finditer(listed))
        amounts = [number for number in numbers if number is not None and money_tail(listed, number.end) is not None]
        return len(amounts) > 1 and not any(word in clause for word in units().not_money_words)

    def _percent(self, number: Numeral) -> tuple[Quantity | None, int] | None:
        position = self._skip_blank(number.end)
        word = units().percent.at(self.folded, position)
        if word is None or number.scale:
            return None
        return _scaled(number, units().percent[word], "pct", word), position + len(word)

    def _count(self, start: int, number: Numeral) -> tuple[Quantity | None, int] | None:
        folded = self.folded
        position = self._skip_blank(number.end)
        word = units().count.at(folded, position)
        if word is None or (number.end - start == 1 and not folded[start].isdecimal()):
            return None
        end = position + len(word)
        if word == "年" and (number.value in _YEARS or _CALENDAR.match(folded, end)):
            return None
        if word == "分" and (folded[start - 1 : start] in ("时", "点") or folded.startswith("之", end)):
            return None
        rate = self._rate_end(end)
        if rate is not None:
            return self._rate(number, rate)
        return _scaled(number, Decimal(1), units().count[word], number.scale + self.text[position:end]), end

    def _listed(self, start: int, number: Numeral) -> tuple[Quantity | None, int] | None:
        """A number that shares the unit of the next one in its list: 1,320.50、1,468.90万元."""
        joint = _JOINT.match(self.folded, number.end)
        if joint is None or number.scale or number.value in _YEARS or number.end - start < _BARE_DIGITS:
            return None
        following = self.at(joint.end())
        if following is None or not following.quantity.unit_raw:
            return None
        word = following.quantity.unit_raw
        factor = money_factor(word) if following.quantity.unit == "wanyuan" else units().percent.get(word)
        if factor is None:
            return None
        return _scaled(number, factor, following.quantity.unit, word), number.end

    def _rate(self, number: Numeral, end: int) -> tuple[Quantity | None, int]:
        """A rate (元/亩, 次/年): in the unit as printed."""
        if number.coefficient is None:
            return None, 0
        printed = number.scale + "".join(self.text[number.end : end].split())
        return Quantity(number.coefficient, printed, printed, number.coefficient_step, "", number.approximate), end

    def _rate_end(self, position: int) -> int | None:
        """The end of the second half of a rate (/亩, /10万公顷, /人·月, 每人); None when no rate goes on here."""
        at = self._skip_blank(position)
        if self.folded[at : at + 1] not in ("/", "每"):
            return None
        number = read_numeral(self.folded, at + 1)
        second = at + 1 if number is None else number.end
        word = units().count.at(self.folded, second)
        if word is None:
            return at + 2 if self.folded[at] == "/" and self.folded[at + 1 : at + 2].isalpha() else None
        end = second + len(word)
        while (further := self._further_unit(end)) is not None:
            end = further
        return end

    def _further_unit(self, end: int) -> int | None:
        """The end of one more unit of a rate, behind ·, ., / or * or at once (元/人月)."""
        start = end + (self.folded[end : end + 1] in _UNIT_SIGNS)
        word = units().count.at(self.folded, start) or units().rate_periods.at(self.folded, start)
        return None if word is None else start + len(word)

    def _skip_blank(self, position: int) -> int:
        """Behind the blank that may stand between number and unit."""
        return position + self.folded.startswith(" ", position)

    def _dressed(self, quantity: Quantity, start: int, end: int) -> Mention | None:
        """With its sign and the words for about; None when the sign may be a dash, or the value cannot be."""
        negative = False
        if self.text[start - 1 : start] and self.text[start - 1] in _MINUS and start:
            negative = start == 1 or self.text[start - 2] in _BEFORE_MINUS
            if not negative:
                return None
            start -= 1
        about = _about(self.folded[max(0, start - 4) : start])
        around = next((w for w in units().approximate_after if len(w) > 1 and self.folded.startswith(w, end)), "")
        start, end = start - len(about), end + len(around)
        limit = {"wanyuan": LARGEST_MONEY, "pct": LARGEST_PERCENT}.get(quantity.unit, LARGEST_MONEY)
        if abs(quantity.value) >= limit:
            return None
        dressed = replace(
            quantity,
            value=-quantity.value if negative else quantity.value,
            raw=self.text[start:end],
            approximate=quantity.approximate or bool(about or around),
        )
        return Mention(dressed, start, end)


def _about(before: str) -> str:
    """The word for about (约) that `before` ends with, unless it is the end of another word (节约)."""
    if units().approximate_not.ending(before):
        return ""
    return units().approximate_before.ending(before) or ""


def _scaled(number: Numeral, factor: Decimal, unit: str, unit_raw: str) -> Quantity:
    return Quantity(
        EXACT.multiply(number.value, factor),
        unit,
        unit_raw,
        EXACT.multiply(number.step, factor),
        "",
        number.approximate,
    )

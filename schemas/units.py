"""The table of units and relation words, read from `units.toml` (单位表)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, TypeVar

from schemas.errors import ConfigError
from schemas.numerals import fold
from schemas.records import TargetOp

T = TypeVar("T")


class Words(Mapping[str, T]):
    """Words with what they mean, found in text by the longest that fits (词表)."""

    def __init__(self, meanings: Mapping[str, T]) -> None:
        self._meanings = {fold(w): m for w, m in sorted(meanings.items(), key=lambda item: (-len(item[0]), item[0]))}
        alternatives = "|".join(map(re.escape, self._meanings)) or "(?!)"
        self._pattern = re.compile(alternatives)

    def __getitem__(self, word: str) -> T:
        return self._meanings[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def __len__(self) -> int:
        return len(self._meanings)

    def at(self, text: str, start: int = 0) -> str | None:
        """The longest word that stands at `start` of folded `text`."""
        match = self._pattern.match(text, start)
        return match[0] if match else None

    def ending(self, text: str) -> str | None:
        """The longest word that `text` ends with."""
        return next((word for word in self._meanings if text.endswith(word)), None)


@dataclass(frozen=True, slots=True)
class Units:
    """What `units.toml` says; every word is folded as `schemas.numerals.fold` does (单位与关系词)."""

    money: Words[Decimal]
    printed_unit: Mapping[str, tuple[str, ...]]
    money_base: Words[None]
    money_base_not_before: Words[None]
    money_prefix: Words[None]
    money_words: Words[None]
    not_money_words: Words[None]
    rate_periods: Words[None]
    approximate_before: Words[None]
    approximate_not: Words[None]
    approximate_after: Words[None]
    blank_words: frozenset[str]
    percent: Words[Decimal]
    percent_prefix: Words[str]
    count: Words[str]
    relation_before: Words[TargetOp]
    relation_after: Words[TargetOp]


_OPS: dict[str, TargetOp] = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "=": "="}


@cache
def units() -> Units:
    """The table, read once. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data = tomllib.loads(files("schemas").joinpath("units.toml").read_text("utf-8-sig"))
        plain = {key: Words(dict.fromkeys(data[key])) for key in _PLAIN}
        return Units(
            money=_factors(data["money"]),
            printed_unit={kind: tuple(words) for kind, words in data["printed_unit"].items()},
            percent=_factors(data["percent"]),
            percent_prefix=Words(data["percent_prefix"]),
            count=Words(data["count"]),
            relation_before=Words({word: _OPS[op] for word, op in data["relation_before"].items()}),
            relation_after=Words({word: _OPS[op] for word, op in data["relation_after"].items()}),
            blank_words=frozenset(map(fold, data["blank_words"])),
            **plain,
        )
    except (tomllib.TOMLDecodeError, KeyError, InvalidOperation, AttributeError, TypeError) as error:
        raise ConfigError(f"单位表 schemas/units.toml 无法读取（{error}），请改正后重试。") from error


_PLAIN = (
    "money_base",
    "money_base_not_before",
    "money_prefix",
    "money_words",
    "not_money_words",
    "rate_periods",
    "approximate_before",
    "approximate_not",
    "approximate_after",
)


def _factors(table: dict[str, Any]) -> Words[Decimal]:
    return Words({word: Decimal(value) for word, value in table.items()})


@dataclass(frozen=True, slots=True)
class MoneyUnit:
    """A unit of money as printed (金额单位); `factor` is the 万元 in one of it.

    None where it is no unit of the table: other money (万美元), a rate (元/人), a word nobody listed. Figures in such a
    unit are not money in 万元, whatever they look like.
    """

    raw: str
    factor: Decimal | None


@dataclass(frozen=True, slots=True)
class _PrintedUnits:
    """How units are printed, compiled from `units.toml` (表头单位的认法)."""

    lead: re.Pattern[str]
    known: re.Pattern[str]
    foreign: re.Pattern[str]
    around: re.Pattern[str]
    separators: re.Pattern[str]
    not_money: Words[None]


_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]*)[)\]】〕]")
_LONGEST_HEAD = 400
_LETTERS_AROUND = re.compile(r"^[A-Za-z=+*/÷-]{1,8}(?=[^A-Za-z0-9])|(?<=[^A-Za-z0-9/])[A-Za-z=+*÷-]{1,8}$")
"""The letter of a column beside its unit: （A，万元）, （万元 B）."""


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(fold(word)) for word in sorted(words, key=lambda word: (-len(word), word)))


@cache
def _printed_units() -> _PrintedUnits:
    table = units()
    printed = table.printed_unit
    known, ends, around = _any_of(table.money), _any_of(printed["money_ends"]), _any_of(printed["around"])
    beside = f"(?:{around})*"
    word_end = rf"(?=$|[^\w]|\d|{_any_of(printed['followed_by'])})"
    return _PrintedUnits(
        lead=re.compile(f"(?:{_any_of(printed['lead'])})(?:{_any_of(printed['between'])}) ?"),
        known=re.compile(f"{beside}(?P<unit>{known})(?P<rate>/[^\\W\\d_]+)?{beside}{word_end}"),
        foreign=re.compile(f"{beside}(?P<unit>[^\\W\\d_]{{0,6}}?(?:{ends})(?P<rate>/[^\\W\\d_]+)?){beside}{word_end}"),
        around=re.compile(f"^{beside}|{beside}$"),
        separators=re.compile(_any_of(printed["separators"])),
        not_money=Words(dict.fromkeys(printed["not_money"])),
    )


@lru_cache(maxsize=4096)
def stated_money_unit(text: str) -> MoneyUnit | None:
    """The unit of money that a head, a label or a line states: in brackets, after 单位, or alone in its cell.

    （单位：万元）, 年初预算数（元）, 金额单位：人民币万元, 万元. Of several the last one. The whole word decides:
    万美元 is no 元, 百元 is 百元.
    """
    plain, spaced = _squeezed(text), fold(" ".join(text[:_LONGEST_HEAD].split()))
    words = _printed_units()
    for inside in reversed(_BRACKETED.findall(plain)):
        for piece in words.separators.split(inside):
            if (unit := _whole_unit(piece)) is not None:
                return unit
    for form in dict.fromkeys((spaced, plain)):
        led = [unit for match in words.lead.finditer(form) if (unit := _unit_at(form, match.end())) is not None]
        if led:
            return led[-1]
    return _whole_unit(plain)


def is_money_unit(text: str) -> bool:
    """Whether `text` is a unit of money, perhaps with a sign behind it: 万元, 人民币百元, 元（保留两位）."""
    return _unit_at(_squeezed(text), 0) is not None


def _squeezed(text: str) -> str:
    return fold("".join(text[:_LONGEST_HEAD].split()))


def _whole_unit(word: str) -> MoneyUnit | None:
    word = _LETTERS_AROUND.sub("", word) if not word.isascii() else word
    words = _printed_units()
    match = words.known.fullmatch(word) or words.foreign.fullmatch(word)
    return None if match is None else _money_unit(match)


def _unit_at(text: str, start: int) -> MoneyUnit | None:
    words = _printed_units()
    match = words.known.match(text, start) or words.foreign.match(text, start)
    return None if match is None else _money_unit(match)


def _money_unit(match: re.Match[str]) -> MoneyUnit | None:
    word, rate = match["unit"], match["rate"] or ""
    if _printed_units().not_money.ending(word):
        return None
    if rate:
        return MoneyUnit(word if word.endswith(rate) else word + rate, None)
    return MoneyUnit(word, units().money.get(word))


def money_factor(unit: str) -> Decimal | None:
    """How many 万元 one of `unit` is (元 → 0.0001, 亿元 → 10000); None when it is no unit of money.

    A table's head is understood, too: （单位：万元）, 人民币元.
    """
    stated = stated_money_unit(unit)
    return None if stated is None else stated.factor


def is_yuan(unit_raw: str | None) -> bool:
    """Whether a printed unit is 元."""
    return unit_raw is not None and units().money.get(fold(unit_raw)) == units().money[_YUAN]


_YUAN = "元"
YUAN_SIGNS = ("¥", "￥")
"""Signs of 元 before an amount."""


def begins_with_yuan_sign(text: str) -> bool:
    """Whether an amount is printed with the sign of 元 before it."""
    return text.lstrip().startswith(YUAN_SIGNS)


def unit_at_end(text: str) -> str:
    """The unit of money, percent or points that a figure ends with (15.00万元 → 万元); "" where it has none."""
    folded = fold(text)
    found = (table.ending(folded) or "" for table in (units().money, units().percent, units().count))
    length = max(map(len, found))
    return text[len(text) - length :] if length else ""


def is_relation(text: str) -> bool:
    """Whether `text` is the relation of a target and nothing else: ≥, 不低于, ≧＝."""
    return _relation_end(fold(text)) == len(text) > 0


def begins_with_relation(text: str) -> bool:
    """Whether `text` begins with a relation; a single character (到, 为) may as well begin another word."""
    word = units().relation_before.at(fold(text[:_LONGEST_RELATION]))
    return word is not None and (len(word) > 1 or not word.isalpha())


_LONGEST_RELATION = 8


def _relation_end(folded: str) -> int:
    position = 0
    while (word := units().relation_before.at(folded, position)) is not None:
        position += len(word)
    return position


def is_unit(text: str) -> bool:
    """Whether `text` is a unit and nothing else: 人次, %, 万元, 元/亩."""
    plain = fold("".join(text.split()))
    table = units()
    measured = plain.split("/", 1)[0]
    return measured in table.count or measured in table.money or measured in table.percent

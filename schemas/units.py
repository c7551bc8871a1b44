"""The table of units and relation words, read from `units.toml` (单位表)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
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
    money_base: Words[None]
    money_base_not_before: Words[None]
    money_prefix: Words[None]
    money_words: Words[None]
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
        data = tomllib.loads(files("schemas").joinpath("units.toml").read_text("utf-8"))
        plain = {key: Words(dict.fromkeys(data[key])) for key in _PLAIN}
        return Units(
            money=_factors(data["money"]),
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
    "approximate_before",
    "approximate_not",
    "approximate_after",
)


def _factors(table: dict[str, Any]) -> Words[Decimal]:
    return Words({word: Decimal(value) for word, value in table.items()})


_DECORATION = re.compile(r"[\s:()\[\]【】〔〕]|单位|金额|人民币")


def money_factor(unit: str) -> Decimal | None:
    """How many 万元 one of `unit` is (元 → 0.0001, 亿元 → 10000); None when it is no unit of money.

    A table's head is understood, too: （单位：万元）, 人民币元.
    """
    return units().money.get(_DECORATION.sub("", fold(unit[:40])))


def is_unit(text: str) -> bool:
    """Whether `text` is a unit and nothing else: 人次, %, 万元, 元/亩."""
    plain = fold("".join(text.split()))
    table = units()
    measured = plain.split("/", 1)[0]
    return measured in table.count or measured in table.money or measured in table.percent

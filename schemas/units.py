"""The table of units and relation words, read from `units.toml` (单位表)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.errors import ConfigError
from schemas.numerals import fold
from schemas.records import TargetOp


@dataclass(frozen=True, slots=True)
class Units:
    """What `units.toml` says; every word is folded as `schemas.numerals.fold` does (单位与关系词)."""

    money: dict[str, Decimal]
    money_base: tuple[str, ...]
    money_base_not_before: tuple[str, ...]
    money_prefix: tuple[str, ...]
    money_words: tuple[str, ...]
    approximate_before: tuple[str, ...]
    approximate_not: tuple[str, ...]
    approximate_after: tuple[str, ...]
    blank_words: frozenset[str]
    percent: dict[str, Decimal]
    percent_prefix: dict[str, str]
    count: dict[str, str]
    relation_before: dict[str, TargetOp]
    relation_after: dict[str, TargetOp]


@cache
def units() -> Units:
    """The table, read once. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data = tomllib.loads(files("schemas").joinpath("units.toml").read_text("utf-8"))
        return Units(
            money=_factors(data["money"]),
            money_base=_words(data["money_base"]),
            money_base_not_before=_words(data["money_base_not_before"]),
            money_prefix=_words(data["money_prefix"]),
            money_words=_words(data["money_words"]),
            approximate_before=_words(data["approximate_before"]),
            approximate_not=_words(data["approximate_not"]),
            approximate_after=_words(data["approximate_after"]),
            blank_words=frozenset(_words(data["blank_words"])),
            percent=_factors(data["percent"]),
            percent_prefix=_longest_first(data["percent_prefix"]),
            count=_longest_first(data["count"]),
            relation_before=_relations(data["relation_before"]),
            relation_after=_relations(data["relation_after"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, InvalidOperation, AttributeError, TypeError) as error:
        raise ConfigError(f"单位表 schemas/units.toml 无法读取（{error}），请改正后重试。") from error


def _words(values: list[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(v) for v in values}, key=lambda word: (-len(word), word)))


def _longest_first(table: dict[str, str]) -> dict[str, str]:
    return {fold(word): table[word] for word in sorted(table, key=lambda word: (-len(word), word))}


_OPS: dict[str, TargetOp] = {">=": ">=", "<=": "<=", ">": ">", "<": "<", "=": "="}


def _relations(table: dict[str, str]) -> dict[str, TargetOp]:
    return {word: _OPS[op] for word, op in _longest_first(table).items()}


def _factors(table: dict[str, Any]) -> dict[str, Decimal]:
    return {word: Decimal(value) for word, value in _longest_first(table).items()}


def starts_with(text: str, start: int, words: tuple[str, ...] | dict[str, Any]) -> str | None:
    """The first of `words` (longest first) that stands at `start` of `text`."""
    return next((word for word in words if text.startswith(word, start)), None)


_DECORATION = re.compile(r"[\s:()\[\]【】〔〕]|单位|金额|人民币")


def money_factor(unit: str) -> Decimal | None:
    """How many 万元 one of `unit` is (元 → 0.0001, 亿元 → 10000); None when it is no unit of money.

    A table's head is understood, too: （单位：万元）, 人民币元.
    """
    return units().money.get(_DECORATION.sub("", fold(unit[:40])))

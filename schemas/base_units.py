"""Units of counts and measures that can be compared (基本计量单位): 万人次 is 10000 人次, exactly."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from schemas.units import money_factor

YUAN = "元"
YUAN_PER_WANYUAN = 10_000


@dataclass(frozen=True, slots=True)
class BaseUnit:
    """A base unit and how many of it one of the printed unit is."""

    name: str
    factor: Decimal


def base_unit(printed: str | None) -> BaseUnit | None:
    """The base unit of a printed unit; an unknown unit is its own base, a multiple of it (万尾) counts in it (尾)."""
    if not printed:
        return None
    money = money_factor(printed)
    if money is not None:
        return BaseUnit(YUAN, money * YUAN_PER_WANYUAN)
    known = _tables().units.get(printed)
    if known is not None:
        return known
    for prefix, times in _tables().prefixes.items():
        rest = printed.removeprefix(prefix)
        if rest and rest != printed:
            below = _tables().units.get(rest, BaseUnit(rest, Decimal(1)))
            return BaseUnit(below.name, below.factor * times)
    return BaseUnit(printed, Decimal(1))


@dataclass(frozen=True, slots=True)
class _Tables:
    units: Mapping[str, BaseUnit]
    prefixes: Mapping[str, Decimal]


@cache
def _tables() -> _Tables:
    data = tomllib.loads((files("schemas") / "base_units.toml").read_text(encoding="utf-8-sig"))
    prefixes = data.pop("prefixes")
    longest_first = sorted(prefixes, key=len, reverse=True)
    return _Tables(
        {
            unit: BaseUnit(base, Decimal(factor))
            for base, convertible in data.items()
            for unit, factor in convertible.items()
        },
        {prefix: Decimal(prefixes[prefix]) for prefix in longest_first},
    )

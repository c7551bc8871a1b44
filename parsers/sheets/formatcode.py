"""Number formats taken apart (数字格式代码): sections, their conditions, their tokens.

The grammar is that of ECMA-376 part 1, 18.8.31; the words (General, 上午/下午) are those of `schemas/sheets.toml`.
"""

from __future__ import annotations

import operator
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

from schemas.errors import ConfigError

Kind = Literal["literal", "digit", "point", "comma", "percent", "exponent", "slash", "text", "general", "date", "half"]

GENERAL = "General"


@dataclass(frozen=True, slots=True)
class SheetWords:
    """What `sheets.toml` says (电子表格用词)."""

    builtin: dict[int, str]
    general: tuple[str, ...]
    morning: tuple[str, ...]
    afternoon: tuple[str, ...]
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    digits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FormatToken:
    """A piece of a section: `text` is what it prints (literal) or how it is written (all others)."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class FormatSection:
    """One of the up to four parts between semicolons (格式的一节).

    `chinese` is the row of Chinese digits to print with ([DBNum1], [DBNum2]).
    """

    tokens: tuple[FormatToken, ...]
    condition: Callable[[Decimal], bool] | None = None
    chinese: int | None = None

    @property
    def is_date(self) -> bool:
        return any(token.kind == "date" for token in self.tokens)

    @property
    def shows_text(self) -> bool:
        return any(token.kind == "text" for token in self.tokens)


@cache
def sheet_words() -> SheetWords:
    """Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data = tomllib.loads(files("schemas").joinpath("sheets.toml").read_text("utf-8-sig"))
        words = {name: tuple(values) for name, values in data["words"].items()}
        return SheetWords({int(number): code for number, code in data["builtin"].items()}, **words)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"电子表格用词 schemas/sheets.toml 无法读取（{error}），请改正后重试。") from error


_OPERATORS: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)$")
_CURRENCY = re.compile(r"\$([^-\]]*)")
_CHINESE_DIGITS = re.compile(r"DBNum([12])$", re.IGNORECASE)
_ELAPSED = re.compile(r"(h+|m+|s+)$", re.IGNORECASE)


@cache
def _pattern() -> re.Pattern[str]:
    words = sheet_words()
    general = "|".join(map(re.escape, words.general))
    halves = "|".join(f"{re.escape(a)}/{re.escape(b)}" for a, b in zip(words.morning, words.afternoon, strict=True))
    return re.compile(
        rf'(?P<quoted>"[^"]*"?)|(?P<escaped>\\.)|(?P<blank>_.)|(?P<fill>\*.)|\[(?P<bracket>[^\]]*)\]'
        rf"|(?P<general>{general})|(?P<half>{halves})|(?P<exponent>[Ee][+-])"
        r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|a{3,4}|e+|b+)"
        r"|(?P<digit>[0#?])|(?P<point>\.)|(?P<comma>,)|(?P<percent>%)|(?P<slash>/)|(?P<text>@)|(?P<literal>.)",
        re.DOTALL,
    )


@cache
def parse(code: str) -> tuple[FormatSection, ...]:
    """The sections of a format code; one that is empty or cannot be made out is `General`."""
    return tuple(_section(part) for part in _split(code)) or (FormatSection((FormatToken("general", GENERAL),)),)


def _split(code: str) -> list[str]:
    parts = [""]
    for match in _pattern().finditer(code):
        if match[0] == ";":
            parts.append("")
        else:
            parts[-1] += match[0]
    return parts if code.strip() else []


def _section(part: str) -> FormatSection:
    tokens: list[FormatToken] = []
    condition: Callable[[Decimal], bool] | None = None
    chinese: int | None = None
    for match in _pattern().finditer(part):
        bracket = match["bracket"]
        if bracket is None:
            tokens += _token(match)
        elif found := _CONDITION.match(bracket.strip()):
            condition = _compare(found[1], found[2])
        elif found := _CURRENCY.match(bracket):
            tokens.append(FormatToken("literal", found[1]))
        elif found := _CHINESE_DIGITS.match(bracket):
            chinese = int(found[1]) - 1
        elif found := _ELAPSED.match(bracket):
            tokens.append(FormatToken("date", f"[{found[1].lower()}]"))
    return FormatSection(tuple(tokens), condition, chinese)


def _compare(sign: str, bound: str) -> Callable[[Decimal], bool]:
    limit, compare = Decimal(bound), _OPERATORS[sign]
    return lambda value: compare(value, limit)


def _token(match: re.Match[str]) -> list[FormatToken]:
    kind, text = match.lastgroup or "literal", match[0]
    if kind == "quoted":
        return [FormatToken("literal", text.strip('"'))]
    if kind == "escaped":
        return [FormatToken("literal", text[1:])]
    if kind == "blank":
        return [FormatToken("literal", " ")]
    if kind == "fill":
        return []
    if kind == "date":
        return [FormatToken("date", text.lower())]
    return [FormatToken(kind, text)]  # type: ignore[arg-type]

"""Figures that are no data: the table of reasons, read from `left_out.toml` (有意不读的数字)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from schemas.errors import ConfigError
from schemas.numerals import fold


@dataclass(frozen=True, slots=True)
class LeftOutReason:
    """One reason to leave figures out: code, Chinese name, and patterns over folded text that cover such figures."""

    code: str
    zh: str
    pattern: regex.Pattern[str] | None
    whole: bool
    lines_only: bool

    def spans(self, folded: str) -> list[tuple[int, int]]:
        """The stretches of folded text whose figures this reason covers."""
        if self.pattern is None:
            return []
        if self.whole:
            return [(0, len(folded))] if self.pattern.fullmatch(folded.strip()) else []
        return [match.span() for match in self.pattern.finditer(folded)]


@dataclass(frozen=True, slots=True)
class LeftOutReasons:
    """What `left_out.toml` says: the reasons in order, and the words of prompts."""

    reasons: tuple[LeftOutReason, ...]
    prompts: tuple[str, ...]

    def is_prompt(self, text: str) -> bool:
        """Whether a text asks to be replaced (单击此处输入文字)."""
        return any(word in text for word in self.prompts)

    def name_of(self, code: str) -> str:
        """The Chinese name of a reason."""
        return next((reason.zh for reason in self.reasons if reason.code == code), code)

    def reason_for(self, text: str, start: int, end: int, *, in_cell: bool = False) -> str | None:
        """The code of the first reason that covers the figure at [start, end) of `text`, None where none does."""
        folded = fold(text)
        for reason in self.reasons:
            if not (in_cell and reason.lines_only) and any(
                low <= start and end <= high for low, high in reason.spans(folded)
            ):
                return reason.code
        return None


@cache
def left_out() -> LeftOutReasons:
    """The table, read once. Raises ConfigError where the file cannot be read."""
    try:
        data = tomllib.loads(files("schemas").joinpath("left_out.toml").read_text("utf-8-sig"))
        return LeftOutReasons(tuple(map(_reason, data["reasons"])), tuple(data["prompts"]["words"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, regex.error) as error:
        raise ConfigError(f"schemas/left_out.toml 无法读取：{error}；请检查最近的修改。") from error


def _reason(entry: Mapping[str, Any]) -> LeftOutReason:
    alternatives = "|".join(f"(?:{one})" for one in entry.get("patterns", ()))
    pattern = regex.compile(alternatives, regex.MULTILINE) if alternatives else None
    return LeftOutReason(entry["code"], entry["zh"], pattern, entry.get("whole", False), entry.get("lines_only", False))

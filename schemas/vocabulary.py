"""Patterns and word lists that decide what a printed text is, read from `vocabulary.toml` (字样表), compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from schemas.errors import ConfigError
from schemas.units import units

_REFERENCE = re.compile("«([^»]+)»")


@cache
def pattern(name: str, **lists: tuple[str, ...]) -> regex.Pattern[str]:
    """The pattern of that name; `lists` are words from elsewhere that it refers to.

    Raises ConfigError when the file has been edited into something unreadable.
    """
    try:
        return regex.compile(_filled(_vocabulary()["patterns"][name], lists))
    except (KeyError, TypeError, regex.error) as error:
        raise ConfigError(f"字样表 schemas/vocabulary.toml 的 {name} 无法使用（{error}），请改正后重试。") from error


@cache
def words(name: str) -> tuple[str, ...]:
    """The words of that list, the longest first. Raises ConfigError like `pattern`."""
    try:
        listed = _vocabulary()["words"][name]
        return tuple(sorted(listed, key=lambda word: (-len(word), word)))
    except (KeyError, TypeError) as error:
        raise ConfigError(f"字样表 schemas/vocabulary.toml 的 {name} 无法使用（{error}），请改正后重试。") from error


def names_any(kind: str, text: str) -> bool:
    """Whether some word of the list `kind` stands in `text`."""
    return any(word in text for word in words(kind))


@cache
def _vocabulary() -> Mapping[str, Any]:
    try:
        return tomllib.loads(files("schemas").joinpath("vocabulary.toml").read_text("utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"字样表 schemas/vocabulary.toml 无法读取（{error}），请改正后重试。") from error


def _filled(written: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    """A pattern with its references «name» replaced by the parts and lists they name."""
    return _REFERENCE.sub(lambda match: f"(?:{_part(match[1], lists)})", written)


def _part(name: str, lists: Mapping[str, tuple[str, ...]]) -> str:
    if name in lists:
        return _any_of(lists[name])
    if name == "relation":
        return _any_of(tuple(units().relation_before))
    if name in _vocabulary()["words"]:
        return _any_of(words(name))
    return _filled(_vocabulary()["parts"][name], lists)


def _any_of(listed: tuple[str, ...]) -> str:
    return "|".join(map(regex.escape, listed))

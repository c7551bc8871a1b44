"""Code lists of the dataset (代码表): every code with its Chinese and English meaning, kept as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILES = ("codes.toml", "codes_of_findings.toml")


@dataclass(frozen=True, slots=True)
class Code:
    """One code with what it means."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """The codes of one kind; `columns` (`table.column`) are those that hold nothing else."""

    name: str
    zh: str
    en: str
    columns: tuple[str, ...]
    codes: tuple[Code, ...]


@cache
def code_lists() -> Mapping[str, CodeList]:
    """All lists by name."""
    found = {}
    for name in FILES:
        data = tomllib.loads((files("schemas") / name).read_text(encoding="utf-8-sig"))
        for key, entry in data.items():
            codes = tuple(Code(code, each["zh"], each["en"]) for code, each in entry["codes"].items())
            found[key] = CodeList(key, entry["zh"], entry["en"], tuple(entry["columns"]), codes)
    return found


@cache
def codes_of(column: str) -> tuple[Code, ...]:
    """The codes that a column (`funding.source`) may hold; none for one that holds no codes."""
    return next((each.codes for each in code_lists().values() if column in each.columns), ())

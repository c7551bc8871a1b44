"""The views that are right to sum (视图), kept as data in `views.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class View:
    """A named query over the tables of the dataset, in SQL that DuckDB and SQLite both take."""

    name: str
    zh: str
    en: str
    sql: str


@cache
def views() -> tuple[View, ...]:
    """All views, each after those it reads."""
    data = tomllib.loads(Path(__file__).with_name("views.toml").read_text(encoding="utf-8-sig"))
    return tuple(View(name, entry["zh"], entry["en"], entry["sql"].strip()) for name, entry in data.items())

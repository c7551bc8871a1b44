"""The charts of the profile (图): each a question to the dataset, drawn as SVG whose marks lead to their rows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb
import vl_convert

Shape = Literal["bar", "rank"]
"""bar: groups in their order along the foot; rank: names one below the other, the largest first."""

ROWS_SHOWN = 20
"""Rows listed under a group; the sentence under them says how many there are."""

_BEFORE_ANCHOR = re.compile(r'href="[^"#]+#')
"""The drawing library makes relative links absolute; within one page they lead to an anchor."""

_WIDTH, _HEIGHT, _LINE = 560, 200, 20
_COLOUR = "#2f6690"
_FONT = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, SimSun, sans-serif"


@dataclass(frozen=True, slots=True)
class Question:
    """A chart as `questions.toml` has it: `sql` gives key and value of each group, `rows` what is behind one key."""

    id: str
    title: str
    section: str
    chart: Shape
    axis: str
    measure: str
    sql: str
    rows: str


@dataclass(frozen=True, slots=True)
class Group:
    """One mark: its key, its value, its first rows and how many there are (一组)."""

    anchor: str
    key: Any
    value: Any
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    count: int


@dataclass(frozen=True, slots=True)
class Chart:
    """A question answered (一张图): `svg` is empty where there is nothing to show."""

    question: Question
    groups: tuple[Group, ...]
    svg: str


@cache
def questions() -> tuple[Question, ...]:
    """All questions in the order of the page."""
    data = tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8-sig"))
    return tuple(Question(**entry) for entry in data["charts"])


def answer(connection: duckdb.DuckDBPyConnection, question: Question) -> Chart:
    """The chart of a question, every group with the rows behind it."""
    found = connection.execute(question.sql).fetchall()
    groups = tuple(_group(connection, question, number, key, value) for number, (key, value) in enumerate(found))
    return Chart(question, groups, _draw(question, groups) if groups else "")


def _group(connection: duckdb.DuckDBPyConnection, question: Question, number: int, key: Any, value: Any) -> Group:
    asked = connection.execute(question.rows, [key])
    columns = tuple(column[0] for column in asked.description or ())
    rows = asked.fetchmany(ROWS_SHOWN)
    count = len(rows) + len(asked.fetchall())
    return Group(f"{question.id}-{number}", key, value, columns, tuple(rows), count)


def _draw(question: Question, groups: Sequence[Group]) -> str:
    values = [{"key": _label(one.key), "value": float(one.value or 0), "href": f"#{one.anchor}"} for one in groups]
    value = {"field": "value", "type": "quantitative", "title": question.measure}
    key = {"field": "key", "type": "ordinal", "title": question.axis, "sort": None}
    upright = question.chart == "bar"
    encoding = {
        "x": key | {"axis": {"labelAngle": 0, "labelOverlap": True}} if upright else value,
        "y": value if upright else key | {"axis": {"labelLimit": 320}},
        "href": {"field": "href"},
        "tooltip": [{"field": "key", "title": question.axis}, {"field": "value", "title": question.measure}],
    }
    svg: str = vl_convert.vegalite_to_svg(
        {
            "data": {"values": values},
            "mark": {"type": "bar", "color": _COLOUR},
            "encoding": encoding,
            "width": _WIDTH,
            "height": _HEIGHT if upright else _LINE * len(values),
            "config": {"font": _FONT, "view": {"stroke": None}, "background": "transparent"},
        }
    )
    return _BEFORE_ANCHOR.sub('href="#', svg)


def _label(key: object) -> str:
    return f"{key:g}" if isinstance(key, float) else str(key)


def sections(charts: Sequence[Chart]) -> Mapping[str, list[Chart]]:
    """The charts by the section they stand in, in order."""
    found: dict[str, list[Chart]] = {}
    for chart in charts:
        found.setdefault(chart.question.section, []).append(chart)
    return found

"""Damage to the figures of a form: points, commas and ends lost, one of them or all of a column (数字的损坏)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random

from benchmarks.ways.of_grids import Form, GridWay, figures_of

_POINT = re.compile(r"(?<=\d)\.(?=\d)")


def _in_figures(change: Callable[[str, Random], str], whole_column: bool) -> GridWay:
    def damaged(form: Form, rng: Random) -> None:
        sheet = form.any_sheet(rng)
        fit = [(r, c) for r, c in figures_of(sheet) if change(sheet[r][c].text, Random(0)) != sheet[r][c].text]
        if not fit:
            return
        at = rng.choice(fit)
        for r, c in fit if whole_column else [at]:
            if c == at[1]:
                sheet[r][c].text = change(sheet[r][c].text, rng)

    return damaged


def _without_point(text: str, rng: Random) -> str:
    return _POINT.sub("", text, count=1)


def _blank_point(text: str, rng: Random) -> str:
    return _POINT.sub(" ", text, count=1)


def _twice_point(text: str, rng: Random) -> str:
    return _POINT.sub("..", text, count=1)


def _blank_comma(text: str, rng: Random) -> str:
    return text.replace(",", " ")


def _point_for_comma(text: str, rng: Random) -> str:
    return text.replace(",", ".")


def _without_end(text: str, rng: Random) -> str:
    return text[: max(1, len(text) - rng.randrange(1, 3))]


def _without_begin(text: str, rng: Random) -> str:
    return text[1:] or text


def _without_percent(text: str, rng: Random) -> str:
    return text.rstrip("%％")


def _broken(text: str, rng: Random) -> str:
    return f"{text[: len(text) // 2]}\n{text[len(text) // 2 :]}" if len(text) > 3 else text


def _ways() -> Iterator[tuple[str, GridWay]]:
    for name, figure in (
        ("point_lost", _without_point),
        ("point_blank", _blank_point),
        ("point_twice", _twice_point),
        ("comma_blank", _blank_comma),
        ("comma_point", _point_for_comma),
        ("end_lost", _without_end),
        ("begin_lost", _without_begin),
        ("percent_lost", _without_percent),
        ("figure_broken", _broken),
    ):
        yield name, _in_figures(figure, whole_column=False)
        yield f"{name}_all", _in_figures(figure, whole_column=True)


FIGURE_WAYS: tuple[tuple[str, GridWay], ...] = tuple(_ways())

"""A computed number as it would stand in a printed cell: in its unit, with its decimals and commas (复算数的写法)."""

from __future__ import annotations

import unicodedata
from decimal import Decimal

from pipeline.checks.printed import Printed, plain
from schemas.decimals import CENT, ONE
from schemas.units import money_factor

_USUAL_DECIMALS = 2
"""Of an amount: 元 and 分, or what people print of 万元; a cell with more is filled up to none of its own."""


def written(value: Decimal, like: Printed, decimals: int | None = None) -> str:
    """`value`, in the canonical unit of `like`, as it would stand in that cell: 1,285,000.00元（128.5万元）.

    `decimals` to fill up to where the cell itself does not say it (a bare 0).
    """
    factor, unit = _unit(like)
    raw = unicodedata.normalize("NFKC", like.raw or "")
    printed = _decimals(raw) if decimals is None else decimals
    places = printed if printed <= _USUAL_DECIMALS else 0
    number = _filled(value / factor, places, grouped="," in raw)
    needs_canonical = like.kind == "money" and factor != ONE
    return f"{number}{unit}（{plain(value)}{like.unit}）" if needs_canonical else f"{number}{unit}"


def points_text(value: Decimal) -> str:
    """Points or a score as computed: 98.62分."""
    return f"{plain(value.quantize(CENT))}分"


def _unit(like: Printed) -> tuple[Decimal, str]:
    """The unit the cell is printed in, and how many of its canonical unit that is."""
    if like.kind == "money":
        return money_factor(like.unit_raw) or ONE, like.unit_raw or like.unit
    if like.kind == "count":
        return like.magnitude, like.unit_raw
    return ONE, like.unit


def _decimals(raw: str) -> int:
    fraction = raw.partition(".")[2]
    return next((at for at, letter in enumerate(fraction) if not letter.isdigit()), len(fraction))


def _filled(value: Decimal, places: int, *, grouped: bool) -> str:
    """A number with at least so many decimals."""
    text = plain(value)
    needed = max(places, len(text.partition(".")[2]))
    return f"{value:{',' if grouped else ''}.{needed}f}"

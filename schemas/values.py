"""Quantities as printed in reports, to exact decimals in one unit per kind (数量).

Money becomes 万元, percent becomes percentage points, counts keep their unit. Nothing here raises on any text: what
is not one single, certain value is None, so that a fused cell or a masked digit never turns into a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from functools import lru_cache
from typing import Literal

from schemas.decimals import HUNDRED, ONE
from schemas.intervals import Interval
from schemas.numerals import Numeral, digit_worth, fold, read_numeral, separates_numbers
from schemas.units import money_factor, units

APPROXIMATE_SHARE = Decimal("0.1")
"""A value printed with 约, 余 or 多 stands for anything within this share of it."""
LARGEST_PERCENT = Decimal(100_000)
"""A larger percentage is two cells printed as one (1484631.00%), not a rate."""
LARGEST_MONEY = Decimal(10) ** 13
"""In 万元; nothing a government spends is larger, and the dataset's columns end there."""
LARGEST_POINTS = Decimal(10) ** 5
"""No points or score are as many; a larger number is cells printed as one."""
LARGEST_NUMBER = Decimal(10) ** 17
"""The dataset's columns of values end there."""
LONGEST_CELL = 200
"""A value's cell is short; longer text is prose."""

_REMEMBERED = 8192
"""Texts of cells whose reading is kept: the same cell is asked about while rows are sorted, aligned and read."""
EXACT = Context(prec=80)


@dataclass(frozen=True, slots=True)
class Quantity:
    """One printed value (数量).

    `value` is in 万元 for money (`unit` "wanyuan"), in percentage points for percent ("pct"), else in the printed
    unit, whose code `unit` is ("number" when there is none, the printed unit itself when it has no code). `step` is
    the worth of the last printed digit in the same unit.
    """

    value: Decimal
    unit: str
    unit_raw: str
    step: Decimal
    raw: str
    approximate: bool = False

    @property
    def width(self) -> Decimal:
        """How wide the interval of values is that print like this one: `step`, more for an approximate value."""
        return max(self.step, 2 * abs(self.value) * APPROXIMATE_SHARE) if self.approximate else self.step

    @property
    def interval(self) -> Interval:
        """Every value that prints like this one; an approximate value is taken as within a tenth of itself."""
        return Interval.around(self.value, self.width)


_BLANK = re.compile(r"[\s\-_/\\|*.…·。、~]*")
_MASKED = re.compile(r"[\s*xX□]+")


@lru_cache(maxsize=_REMEMBERED)
def is_blank(raw: str | None) -> bool:
    """Whether a cell holds no value: empty, dashes, strokes, dots, asterisks, or a word for none (无)."""
    if raw is None:
        return True
    if len(raw) > LONGEST_CELL:
        return not raw.strip()
    text = fold(raw).strip()
    return bool(_BLANK.fullmatch(text) or _MASKED.fullmatch(text)) or text.lower() in units().blank_words


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell's text ready for reading: folded, blanks removed, sign and 约 taken off."""

    text: str
    negative: bool
    approximate: bool


_EXPLAINED = re.compile(r"(?P<amount>[\d.,]+[亿万](?:元)?)\([^()]*\D[^()]*\)")
"""An amount in a unit of its own with what it is made of in brackets: 854万(建设400万元,示范454万元)."""
_BRACKETED = re.compile(r"\(([^()]+)\)")
_SPACE = re.compile(r"\s+")


def _cell(raw: str) -> _Cell | None:
    """None for a blank, for a text too long to be a value, and where a blank may separate two numbers."""
    if is_blank(raw) or len(raw) > LONGEST_CELL:
        return None
    text = fold(raw).strip().rstrip("。;、,")
    if separates_numbers(text):
        return None
    text = _SPACE.sub("", text)
    before = units().approximate_before.at(text, 0)
    after = next((w for w in units().approximate_after if len(text) > len(w) and text.endswith(w)), None)
    text = text[len(before or "") : len(text) - len(after or "")]
    negative = text.startswith("-")
    return _Cell(text[1:] if negative else text.removeprefix("+"), negative, bool(before or after))


def _quantity(raw: str, cell: _Cell, number: Numeral, factor: Decimal, unit: str, unit_raw: str) -> Quantity:
    value = EXACT.multiply(number.value, factor)
    return Quantity(
        value=-value if cell.negative else value,
        unit=unit,
        unit_raw=unit_raw,
        step=EXACT.multiply(number.step, factor),
        raw=raw.strip(),
        approximate=cell.approximate or number.approximate,
    )


@dataclass(frozen=True, slots=True)
class MoneyTail:
    """What follows the number of an amount: 元, 角 and 分, 整 (金额的尾部)."""

    extra: Decimal
    step: Decimal | None
    end: int


_JIAO_FEN = re.compile(r"零?([0-9零一二三四五六七八九壹贰叁肆伍陆柒捌玖])(角|分)")
_DIGIT_ROWS = ("0123456789", "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖")
_PLAIN_DIGIT = {c: i for row in _DIGIT_ROWS for i, c in enumerate(row)}
_JIAO_FEN_WORTH = {"角": Decimal("0.1"), "分": Decimal("0.01")}


def money_tail(text: str, start: int) -> MoneyTail | None:
    """The 元 at `start` of folded `text` with what belongs to it; None when no unit of money stands there."""
    table = units()
    base = table.money_base.at(text, start)
    if base is None:
        return None
    position = start + len(base)
    if table.money_base_not_before.at(text, position):
        return None
    extra, step = Decimal(0), None
    for _ in range(2):
        match = _JIAO_FEN.match(text, position)
        if match is None or (match[2] == "分" and step is None and match[0][0] != "零"):
            break
        step = _JIAO_FEN_WORTH[match[2]]
        extra += _PLAIN_DIGIT[match[1]] * step
        position = match.end()
    if text[position : position + 1] in ("整", "正"):
        return MoneyTail(extra, _JIAO_FEN_WORTH["分"], position + 1)
    return MoneyTail(extra, step, position)


YUAN = Decimal("0.0001")


def money_quantity(number: Numeral, tail: MoneyTail, raw: str, unit_raw: str) -> Quantity:
    """The amount that `number` and `tail` make, in 万元."""
    return Quantity(
        value=EXACT.multiply(number.value + tail.extra, YUAN),
        unit="wanyuan",
        unit_raw=unit_raw,
        step=EXACT.multiply(number.step if tail.step is None else tail.step, YUAN),
        raw=raw,
        approximate=number.approximate,
    )


@lru_cache(maxsize=_REMEMBERED)
def parse_money(raw: str, default_unit: str = "万元") -> Quantity | None:
    """A cell of money, in 万元 (金额).

    `default_unit` is the unit of the table's head (元, 千元, 万元, 百万元, 亿元); the cell's own unit wins. None when
    the cell is blank or is not one single amount: a rate (元/亩), a percentage, fused cells (415万元附), masked digits.
    """
    cell = _cell(raw)
    if cell is None:
        return None
    bracketed = _BRACKETED.fullmatch(cell.text)
    if bracketed and not cell.negative:  # accountants' parentheses
        cell = _Cell(bracketed[1], True, cell.approximate)
    prefix = units().money_prefix.at(cell.text, 0) or ""
    text = cell.text[len(prefix) :]
    number = read_numeral(text)
    if number is None:
        return None
    tail = money_tail(text, number.end)
    if tail is not None and tail.end == len(text):
        amount = money_quantity(number, tail, raw.strip(), number.scale + text[number.end : number.end + 1])
        found: Quantity | None = Quantity(
            -amount.value if cell.negative else amount.value,
            "wanyuan",
            amount.unit_raw,
            amount.step,
            raw.strip(),
            cell.approximate or amount.approximate,
        )
    elif number.end == len(text):
        found = _bare_money(raw, cell, number, default_unit)
    elif note := _EXPLAINED.fullmatch(cell.text):
        explained = parse_money(note["amount"], default_unit)
        found = replace(explained, raw=raw.strip()) if explained else None
    else:
        found = None
    return found if found is not None and abs(found.value) < LARGEST_MONEY else None


def _bare_money(raw: str, cell: _Cell, number: Numeral, default_unit: str) -> Quantity | None:
    """A number without 元: in the head's unit, or, when it has a scale (5万), in 元 times that."""
    if number.scale or number.coefficient is None:
        return _quantity(raw, cell, number, YUAN, "wanyuan", number.scale)
    factor = money_factor(default_unit)
    return None if factor is None else _quantity(raw, cell, number, factor, "wanyuan", "")


@lru_cache(maxsize=_REMEMBERED)
def parse_percent(raw: str, bare: Literal["points", "auto"] = "points") -> Quantity | None:
    """A cell of percent, in percentage points (百分比): 92.25%, 5‰ → 0.5, 百分之九十五.

    A bare number is percentage points; with `bare="auto"`, a bare number up to 1 is a ratio (0.92 → 92). None when it
    is not one single percentage, or larger than any rate can be.
    """
    cell = _cell(raw)
    if cell is None:
        return None
    prefix = units().percent_prefix.at(cell.text, 0)
    text = cell.text[len(prefix or "") :]
    number = read_numeral(text, approximate_marks="")
    if number is None or number.scale:
        return None
    rest = text[number.end :]
    bracketed = _BRACKETED.fullmatch(rest)
    unit = bracketed[1] if bracketed else rest
    factor: Decimal | None
    if prefix is not None:
        factor, unit = (units().percent[units().percent_prefix[prefix]], prefix) if not rest else (None, "")
    elif unit:
        factor = units().percent.get(unit)
    else:
        factor = HUNDRED if bare == "auto" and number.value <= ONE else ONE
    if factor is None:
        return None
    found = _quantity(raw, cell, number, factor, "pct", unit)
    return found if abs(found.value) <= LARGEST_PERCENT else None


_POINT = re.compile(r"分?|\(分\)")


def parse_points(raw: str) -> Quantity | None:
    """A cell of points or of a score, with or without 分 (分值、得分); None when it is not one single number.

    Nor when it is larger than any points: then two cells are printed as one.
    """
    found = parse_number(raw)
    return found if found is not None and abs(found.value) < LARGEST_POINTS else None


@lru_cache(maxsize=_REMEMBERED)
def parse_number(raw: str) -> Quantity | None:
    """A cell that holds one number and nothing else, but for 分 (数、分): points, a count, a figure without unit."""
    cell = _cell(raw)
    if cell is None:
        return None
    number = read_numeral(cell.text, approximate_marks="")
    if number is None or number.scale:
        return None
    rest = cell.text[number.end :]
    if not _POINT.fullmatch(rest):
        return None
    found = _quantity(raw, cell, number, ONE, "point" if rest else "number", rest.strip("()"))
    return found if abs(found.value) < LARGEST_NUMBER else None


_KINDS: dict[str, Callable[[str, str], Quantity | None]] = {
    "money": parse_money,
    "percent": lambda raw, _unit: parse_percent(raw),
    "number": lambda raw, _unit: parse_number(raw),
}


def interval_of(
    value: Decimal, raw: str | None, kind: Literal["money", "percent", "number"], default_unit: str = "万元"
) -> Interval:
    """The values that the printed `value` stands for.

    The width comes from the digits of `raw`. Where `raw` is in another unit than thought (a power of ten away from
    `value`), its step is converted likewise; where there is no usable `raw`, the digits of `value` itself decide.
    """
    printed = _KINDS[kind](raw, default_unit) if raw else None
    if printed is None:
        return Interval.around(value, _shortest_step(value))
    if printed.approximate:
        return Interval.around(value, max(printed.step, 2 * abs(value) * APPROXIMATE_SHARE))
    return Interval.around(value, _rescaled_step(value, printed))


def _shortest_step(value: Decimal) -> Decimal:
    """The worth of the last digit that is not a trailing zero of the decimals."""
    digits = f"{value:f}"
    return digit_worth(digits.rstrip("0") if "." in digits else digits)


def _rescaled_step(value: Decimal, printed: Quantity) -> Decimal:
    if not value or not printed.value or abs(value - printed.value) < printed.step:
        return printed.step
    ratio = EXACT.divide(value, printed.value)
    power = ratio.adjusted() if abs(ratio).normalize().as_tuple().digits == (1,) else None
    return _shortest_step(value) if power is None else printed.step.scaleb(power)

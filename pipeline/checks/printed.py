"""The printed numbers of a form as cells with intervals (表内所印的数).

Checks compute with these, never with records directly: each cell knows what it is called, what was printed, and which
values the printed digits stand for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from decimal import ROUND_UP, Decimal
from itertools import pairwise
from typing import Literal

from schemas.decimals import ONE, ZERO
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.quantities import interval_of
from schemas.records import Amount, CellPlace, Evaluation, FundingRow, Indicator, Subject
from schemas.units import unit_at_end
from schemas.vocabulary import words

Kind = Literal["money", "percent", "points", "count"]

MONEY_COLUMNS = ("initial_budget", "annual_budget", "executed", "arrived")
"""Columns of money in the funding table, without their `_wanyuan`."""
UNITS: dict[str, str] = {"money": "万元", "percent": "%", "points": "分"}
POINTS_OF_PERCENT = "个百分点"
"""The unit of a difference between two shares."""
FINEST = Decimal("0.000001")
"""The finest step of the dataset's columns."""
LARGEST = Decimal(10) ** 18
"""What no longer fits them: a difference that large is told in words only."""
_ROUGH = "约余多近"
"""Marks of a count that is not exact: 10余次."""
LARGE_UNITS = "万亿"
"""A count in these is rounded: 4.29万例."""
_TELLING_DIGITS = 3
"""Digits by which a figure is known again elsewhere; 0.3 and 3000 may meet by chance."""
_MAGNITUDES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_ENDS_IN_ZERO = re.compile(r"\.\d*0(?!\d)")
_TITLES = {f.name: str(f.metadata["zh"]) for row in (FundingRow, Indicator, Evaluation) for f in fields(row)}


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros (数的写法)."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def significant_digits(value: Decimal) -> int:
    """How many digits a figure has without its outer zeros (有效数字)."""
    return len(plain(value).replace(".", "").strip("0"))


def swaps(value: Decimal, raw: str | None = None) -> Iterator[Decimal]:
    """The numbers that two neighbouring digits of one make when they change places, within its decimals.

    `raw` is how it is printed: 78.0 may be 70.8.
    """
    text = plain(value)
    if raw and _ENDS_IN_ZERO.search(raw):
        text += "0" if "." in text else ".0"
    places = [at for at, letter in enumerate(text) if letter.isdigit()]
    for one, other in pairwise(places):
        letters = list(text)
        letters[one], letters[other] = letters[other], letters[one]
        if text[one] != text[other]:
            yield Decimal("".join(letters))


def is_telling(value: Decimal) -> bool:
    """Whether a figure has digits enough to be known again elsewhere."""
    return significant_digits(value) >= _TELLING_DIGITS


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed number (所印的数): its cell, row name, canonical value and the interval it stands for."""

    ref: Subject
    row: str
    value: Decimal
    raw: str | None
    interval: Interval
    kind: Kind
    unit_raw: str = ""
    title: str = ""
    """What the cell is called in a sentence, where row and column do not say it."""

    @property
    def unit(self) -> str:
        """The unit of `value` as people write it: of 2.6万平方米 it is 平方米."""
        return UNITS.get(self.kind, self.unit_raw.lstrip(LARGE_UNITS) if self.magnitude > 1 else self.unit_raw)

    @property
    def unit_apart(self) -> str:
        """The unit of a difference from it: of 95% it is 个百分点."""
        return POINTS_OF_PERCENT if self.kind == "percent" else self.unit

    @property
    def magnitude(self) -> Decimal:
        """How many of its unit a count is printed in: 10000 for 万平方米."""
        return _MAGNITUDES.get(self.unit_raw[:1], ONE) if self.kind == "count" else ONE

    @property
    def column_title(self) -> str:
        return _TITLES.get(self.ref.column, self.ref.column)

    @property
    def name(self) -> str:
        """What the cell is called in a sentence: “年度资金总额”的全年预算数."""
        return self.title or (f"“{self.row}”的{self.column_title}" if self.row else self.column_title)

    @property
    def shown(self) -> str:
        """The number as printed, with its canonical value where that reads differently."""
        canonical = f"{plain(self.value)}{self.unit}"
        raw = (self.raw or "").strip()
        if not raw or self.kind == "count":
            return raw or canonical
        bare_ratio = self.kind == "percent" and not unit_at_end(raw) and not _same_number(raw, self.value)
        if bare_ratio:  # 0.958, which is 95.8%
            return f"{raw}（{canonical}）"
        told = self.unit_raw if self.kind == "money" else ""
        printed = raw if unit_at_end(raw) else raw + (told or UNITS[self.kind])
        if printed.replace(",", "").replace("，", "") == canonical or _same_number(raw, self.value):
            return printed
        return f"{printed}（{canonical}）"


def _same_number(raw: str, value: Decimal) -> bool:
    """Whether `raw` shows `value` as it is, but for trailing zeros: 15.00万元, 6万, 100.00%."""
    text = raw.replace(",", "").replace("，", "")
    text = text.removesuffix(unit_at_end(text))
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text == plain(value)


def row_name(label: str | None) -> str:
    """A row's label for a sentence, without “其中：” and end colons."""
    text = (label or "").strip()
    for mark in words("part_mark"):
        text = text.removeprefix(mark).strip("：:")
    return text or (label or "").strip("：: ") or "未写名称"


def money_cells(rows: Iterable[FundingRow]) -> Iterator[Printed]:
    """The money cells of a funding table."""
    for row in rows:
        for column in MONEY_COLUMNS:
            value, raw = getattr(row, f"{column}_wanyuan"), getattr(row, f"{column}_raw")
            if value is None:
                continue
            ref = Subject("funding", row.ordinal, f"{column}_wanyuan")
            place = _place(row, ref.column)
            unit = (place.unit_raw if place else row.unit_raw) or ""
            interval = _stands_for(row, ref.column, value, raw, "money", unit or "万元")
            yield Printed(ref, row_name(row.label), value, raw, interval, "money", unit)


def _place(row: FundingRow | Indicator | Evaluation, column: str) -> CellPlace | None:
    """The stored cell of a column, where its figure was read as it is printed."""
    return next((cell for cell in row.cells if cell.column == column and cell.step is not None), None)


def _stands_for(
    row: FundingRow | Indicator | Evaluation,
    column: str,
    value: Decimal,
    raw: str | None,
    kind: Literal["money", "percent", "number"],
    unit: str = "",
) -> Interval:
    """The values that print like this one, by the stored worth of its last digit, else by its text."""
    place = _place(row, column)
    if place is not None and place.step is not None and place.raw == raw:
        return Interval.around(value, place.step)
    return interval_of(value, raw, kind, unit)


def exact_zeros(cells: list[Printed]) -> list[Printed]:
    """The cells of one table, each zero that is printed coarser than its neighbours taken as exactly nothing.

    A bare 0 among numbers with decimals is what people type for none, not something rounded to a whole 万元.
    """
    finest = min((_width(cell) for cell in cells if cell.value), default=None)
    if finest is None:
        return cells
    return [
        replace(cell, interval=Interval(ZERO, ZERO)) if not cell.value and _width(cell) > finest else cell
        for cell in cells
    ]


def _width(cell: Printed) -> Decimal:
    return cell.interval.high - cell.interval.low


def rate_cells(rows: Iterable[FundingRow]) -> Iterator[Printed]:
    """The execution rates of a funding table."""
    for row in rows:
        rate, raw = row.execution_rate_pct, row.execution_rate_raw
        if rate is not None:
            ref = Subject("funding", row.ordinal, "execution_rate_pct")
            interval = _stands_for(row, ref.column, rate, raw, "percent")
            yield Printed(ref, row_name(row.label), rate, raw, interval, "percent")


def point_cells(
    rows: Iterable[FundingRow] | Iterable[Indicator], table: str, exact_multiple: Decimal
) -> Iterator[Printed]:
    """Points and scores of a funding or indicator table.

    Multiples of `exact_multiple` are decisions and exact; anything else (3.33) was computed and rounded, and so is the
    score for execution in any case.
    """
    for row in rows:
        name = row_name(row.label) if isinstance(row, FundingRow) else indicator_name(row)
        for column in ("points", "score"):
            value, raw = getattr(row, column), getattr(row, f"{column}_raw")
            if value is None:
                continue
            computed = column == "score" and table == "funding"
            exact = not computed and value % exact_multiple == 0
            interval = Interval(value, value) if exact else _stands_for(row, column, value, raw, "number")
            yield Printed(Subject(table, row.ordinal, column), name, value, raw, interval, "points")


def indicator_name(row: Indicator) -> str:
    """What the indicator is called: the finest level that is printed."""
    return row.level3 or row.level2 or row.level1 or f"第{row.ordinal + 1}行"


def level_cells(rows: Iterable[Indicator]) -> Iterator[Printed]:
    """The points stated in level-1 names; a merged name is one statement, kept at the first row it spans."""
    seen = set()
    for row in rows:
        value = row.level1_points
        if value is not None and (row.level1, value) not in seen:
            seen.add((row.level1, value))
            ref = Subject("indicators", row.ordinal, "level1_points")
            yield Printed(ref, row.level1 or "", value, None, Interval(value, value), "points")


def total_cells(evaluation: Evaluation) -> Iterator[Printed]:
    """The stated totals. Total points are a decision and exact; the total score stands for what rounds to it."""
    points, score = evaluation.total_points, evaluation.total_score
    if points is not None:
        ref = Subject("evaluations", evaluation.ordinal, "total_points")
        yield Printed(ref, "", points, evaluation.total_points_raw, Interval(points, points), "points")
    if score is not None:
        ref = Subject("evaluations", evaluation.ordinal, "total_score")
        interval = _stands_for(evaluation, ref.column, score, evaluation.total_score_raw, "number")
        yield Printed(ref, "", score, evaluation.total_score_raw, interval, "points")


_KIND_OF_UNIT: dict[str, Kind] = {"wanyuan": "money", "pct": "percent", "point": "points"}


_NOTATION: dict[Kind, Literal["money", "percent", "number"]] = {
    "money": "money",
    "percent": "percent",
    "points": "number",
    "count": "number",
}


def _amount_interval(amount: Amount, value: Decimal, kind: Kind) -> Interval:
    if amount.step is not None:
        return Interval.around(value, amount.step)
    return interval_of(value, amount.value_raw, _NOTATION[kind], amount.unit_raw or "万元")


def _is_measured(value: Decimal, raw: str) -> bool:
    """Whether a count was measured or rounded: it has decimals, or is told in ten thousands."""
    return value != value.to_integral_value() or any(mark in raw for mark in LARGE_UNITS)


def _is_rough(raw: str) -> bool:
    return any(mark in raw for mark in _ROUGH)


def amount_cell(amount: Amount) -> Printed | None:
    """One of the other figures as a cell; None where it has no value, or is a rough count.

    A whole count is exact, whatever its digits; one with decimals (30.5亩) was measured, one in ten thousands (1.2万亩)
    is rounded: all that rounds to it.
    """
    value, raw = amount.value, amount.value_raw
    if value is None:
        return None
    kind = _KIND_OF_UNIT.get(amount.unit or "", "count")
    measured = _is_measured(value, raw or "")
    if kind == "count" and (_is_rough(raw or "") or (measured and amount.step is None)):
        return None
    exact = kind == "count" and not measured
    interval = Interval(value, value) if exact else _amount_interval(amount, value, kind)
    name = _spoken_name(amount, kind) if amount.origin == "prose" else _along_path(amount.label) or _UNNAMED
    title = f"{name}的{_along_path(amount.measure)}" if amount.measure and amount.origin == "table" else name
    ref = Subject("amounts", amount.ordinal, "value")
    row = amount.label.strip("/：:").rpartition("/")[2]
    return Printed(ref, row, value, raw, interval, kind, amount.unit_raw or "", title)


_UNNAMED = "未写名称的数"


def _spoken_name(amount: Amount, kind: Kind) -> str:
    """What a figure of a sentence is called: “完成预算”的比率, “基本支出”占“支出”的比例."""
    whole, _, printed = amount.label.strip("/").rpartition("/")
    own = printed
    for word in judgement().share_of:
        own = own.removeprefix(word)
    if amount.role == "share" and whole and own:
        return f"“{own}”占{_along_path(whole)}的比例"
    name = _along_path(f"{whole}/{own}")
    if kind != "percent":
        return name or _UNNAMED
    if not name:
        return "该比例"
    if own != printed:
        return f"占{name}的比例"
    return name if own.endswith(judgement().rate_endings) else f"{name}的比率"


def _along_path(path: str) -> str:
    """The names along a path for a sentence: 三公经费/公务接待费 → “三公经费”中的“公务接待费”."""
    return "中的".join(f"“{name}”" for part in path.split("/") if (name := part.strip("：: ")))


def rounded(value: Decimal) -> Decimal:
    """`value` at the dataset's step, away from zero, so that a tolerance never prints as nothing."""
    return value if abs(value) >= LARGEST else value.quantize(FINEST, rounding=ROUND_UP).normalize() + 0

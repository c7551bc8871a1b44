"""The cells a mistake may sit in, with their printed digits (可能有误的数)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.checks.amounts import money_amounts
from pipeline.checks.model import Form
from pipeline.checks.printed import Printed
from pipeline.checks.prose_figures import figures
from schemas.intervals import Interval
from schemas.quantities import Quantity, parse_money, parse_percent, parse_points
from schemas.records import Subject

SURE = 1.0
"""Confidence of a row whose reader says nothing about it."""


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """A printed number: `step` is the worth of its last digit, `digits` the number counted in steps (所印的数)."""

    printed: Printed
    step: Decimal
    digits: int
    decimals: int
    confidence: float

    @property
    def ref(self) -> Subject:
        return self.printed.ref

    @property
    def value(self) -> Decimal:
        return self.printed.value

    @property
    def kind(self) -> str:
        return self.printed.kind


def printed_cells(form: Form, refs: Iterable[Subject]) -> dict[Subject, Printed]:
    """The printed numbers of a form, those of other tables and of sentences only where they are among `refs`."""
    printed: dict[Subject, Printed] = dict(form.cells)
    if any(ref.table == "amounts" for ref in refs):
        printed |= {cell.ref: cell for _, cell in money_amounts(form)}
        printed |= {figure.cell.ref: figure.cell for figure in figures(form)}
    return printed


class Cells(dict[Subject, PrintedNumber]):
    """The cells of a form; their digits are read when they are first asked for, since few are."""

    def __init__(self, form: Form, printed: Mapping[Subject, Printed]) -> None:
        self._printed = printed
        self._confidences = _confidences(form)

    def __missing__(self, ref: Subject) -> PrintedNumber:
        printed = self._printed[ref]
        step, decimals = _step(printed)
        digits = printed.value / step
        whole = digits == digits.to_integral_value()
        sure = self._confidences.get((ref.table, ref.ordinal), SURE)
        self[ref] = PrintedNumber(printed, step, int(digits) if whole else 0, decimals, sure)
        return self[ref]


def decimals_of(form: Form) -> int:
    """How many decimals most amounts of the funding table are printed with; those without any do not count."""
    counts: dict[int, int] = {}
    for cell in form.cells.values():
        if cell.kind == "money" and cell.value:
            _, _, fraction = unicodedata.normalize("NFKC", cell.raw or "").partition(".")
            places = sum(c.isdigit() for c in fraction)
            if places:
                counts[places] = counts.get(places, 0) + 1
    return max(counts, key=lambda places: (counts[places], places), default=0)


def grade_cell(ref: Subject, index: int, text: str) -> Printed:
    """A printed grade by its place in the list of grades."""
    value = Decimal(index)
    return Printed(ref, "", value, text, Interval(value, value), "count", "", "评价等次")


def _confidences(form: Form) -> Mapping[tuple[str, int], float]:
    rows = [("funding", row) for row in form.funding]
    rows += [("indicators", row) for row in form.indicators]  # type: ignore[misc]
    found = {(table, row.ordinal): row.confidence for table, row in rows}
    found |= {("amounts", row.ordinal): row.confidence for row in form.amounts}
    return {key: value for key, value in found.items() if value is not None}


def _step(cell: Printed) -> tuple[Decimal, int]:
    """The worth of the last printed digit, and how many decimals were printed."""
    quantity = _parsed(cell)
    if quantity is None or quantity.step <= 0:
        exponent = cell.value.normalize().as_tuple().exponent
        decimals = max(-exponent, 0) if isinstance(exponent, int) else 0
        return Decimal(1).scaleb(-decimals), decimals
    fraction = unicodedata.normalize("NFKC", quantity.raw).partition(".")[2]
    return quantity.step, sum(c.isdigit() for c in fraction)


def _parsed(cell: Printed) -> Quantity | None:
    raw = cell.raw or ""
    if cell.kind == "money":
        found = parse_money(raw, cell.unit_raw or "万元")
    elif cell.kind == "percent":
        found = parse_percent(raw)
    elif cell.kind == "points":
        found = parse_points(raw)
    else:
        found = None
    return found if found is not None and found.value == cell.value else None


def wide(cell: PrintedNumber) -> PrintedNumber:
    """The cell standing for all that rounds to its printed digits: an execution score before it is narrowed."""
    return replace(cell, printed=replace(cell.printed, interval=Interval.around(cell.value, cell.step)))

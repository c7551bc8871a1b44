"""An explanation while it is looked for (备选解释)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.localise.model import Kind
from schemas.intervals import Interval
from schemas.records import Subject


@dataclass(frozen=True, slots=True)
class Repair:
    """One cell changed (一格的更正): to `value`, or, where None, to something in `interval`."""

    ref: Subject
    kind: Kind
    value: Decimal | None
    interval: Interval
    zh: str


@dataclass(frozen=True, slots=True)
class Option:
    """An explanation: the repairs, what they mend and what they break, and its cost (一种解释).

    `apart` are its mistakes one by one, where they have nothing to do with each other.
    """

    repairs: tuple[Repair, ...]
    mended: frozenset[int]
    broken: frozenset[int]
    cost: float
    apart: tuple[Option, ...] = ()

    @property
    def changed(self) -> dict[Subject, Interval]:
        """The cells as they would be."""
        return {repair.ref: repair.interval for repair in self.repairs if repair.kind != "missing_row"}

    @property
    def numbers(self) -> dict[Subject, Decimal]:
        """The cells as they would be, each as one number."""
        return {
            repair.ref: (repair.interval.low + repair.interval.high) / 2 if repair.value is None else repair.value
            for repair in self.repairs
            if repair.kind != "missing_row"
        }

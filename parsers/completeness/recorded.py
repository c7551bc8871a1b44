"""What the records hold, by place: the other side of the account (记录中已有的数字)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from parsers.completeness.figures import figures_in
from schemas.lexicon import squeeze
from schemas.records import (
    Amount,
    DocumentRecords,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    Section,
)

_MONEY = (
    ("initial_budget_wanyuan", "initial_budget_raw"),
    ("annual_budget_wanyuan", "annual_budget_raw"),
    ("executed_wanyuan", "executed_raw"),
    ("arrived_wanyuan", "arrived_raw"),
    ("points", "points_raw"),
    ("execution_rate_pct", "execution_rate_raw"),
    ("score", "score_raw"),
)
_SCORED = (("points", "points_raw"), ("score", "score_raw"))
_TOTALS = (("total_points", "total_points_raw"), ("total_score", "total_score_raw"))
_LONG_TEXTS = ("title", "project_name", "department", "unit", "budget_code", "grade", "goal_expected", "goal_actual")


@dataclass(slots=True)
class Recorded:
    """Figures and texts of the records.

    `figures` holds, per locator, every figure that a value was read from, as often as it was; `names` the texts beside
    them, which may be repeated from row to row; `prose` all long texts, without white space.
    """

    figures: dict[str, Counter[Decimal]] = field(default_factory=lambda: defaultdict(Counter))
    names: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    forms: set[str] = field(default_factory=set)
    prose: str = ""

    def take(self, locators: Sequence[str], worth: Decimal) -> bool:
        """Use up one figure of that worth at one of the places; False where there is none left."""
        for locator in locators:
            left = self.figures.get(locator)
            if left and left[worth] > 0:
                left[worth] -= 1
                return True
        return False

    def tells(self, locators: Sequence[str], text: str) -> bool:
        """Whether a name beside the values of a place, or a long text anywhere, holds the whole of `text`."""
        return any(text in name for locator in locators for name in self.names.get(locator, ())) or text in self.prose

    def is_long_text(self, text: str) -> bool:
        """Whether `text` is a long text, all of it (a goal of a few words: 完成147户)."""
        return f"\n{text}\n" in f"\n{self.prose}\n"


def recorded(records: DocumentRecords) -> Recorded:
    """Everything the records of a document hold."""
    found = Recorded()
    prose: list[str] = []
    for part in records.evaluations:
        _add_evaluation(part, found)
        prose.extend(_long_texts(part.evaluation))
    for amount in _amounts(records):
        _add_amount(amount, found)
    prose.extend(text for section in _sections(records) for text in (section.heading or "", section.text))
    found.prose = "\n".join(squeeze(text) for text in prose)
    return found


def _amounts(records: DocumentRecords) -> Iterator[Amount]:
    for part in records.evaluations:
        yield from part.amounts
    yield from records.amounts


def _sections(records: DocumentRecords) -> Iterator[Section]:
    for part in records.evaluations:
        yield from part.sections
    yield from records.sections


def _long_texts(evaluation: Evaluation) -> Iterator[str]:
    for name in _LONG_TEXTS:
        if text := getattr(evaluation, name):
            yield text


def _add_evaluation(part: EvaluationRecords, found: Recorded) -> None:
    evaluation = part.evaluation
    places = {place.column: place.locator for place in evaluation.cells if place.locator}
    found.forms.update(places.values())
    for value, raw in _TOTALS:
        if value in places:
            _add_value(evaluation, value, raw, places[value], found)
    for row in part.funding:
        _add_row(row, _MONEY, {}, (row.label,), found)
    for indicator in part.indicators:
        names = (indicator.level1, indicator.level2, indicator.level3)
        texts = {
            "target_value": indicator.target_raw,
            "actual_value": indicator.actual_raw,
            "deviation": indicator.deviation,
        }
        _add_row(indicator, _SCORED, texts, names, found)
        if indicator.locator and indicator.level1_points is not None:
            found.figures[indicator.locator][indicator.level1_points] += 1


def _add_row(
    row: FundingRow | Indicator,
    values: Sequence[tuple[str, str]],
    texts: Mapping[str, str | None],
    names: Iterable[str | None],
    found: Recorded,
) -> None:
    if not row.locator:
        return
    found.forms.add(row.locator)
    places = {place.column: place.locator for place in row.cells if place.locator}
    for value, raw in values:
        _add_value(row, value, raw, places.get(value, row.locator), found)
    for column, text in texts.items():
        _add_figures(text, places.get(column, row.locator), found)
    found.names[row.locator].extend(squeeze(name) for name in (*names, *texts.values()) if name)


def _add_value(row: FundingRow | Indicator | Evaluation, value: str, raw: str, locator: str, found: Recorded) -> None:
    """A printed text counts where a value was understood from it."""
    if getattr(row, value) is not None:
        _add_figures(getattr(row, raw), locator, found)


def _add_figures(text: str | None, locator: str, found: Recorded) -> None:
    found.figures[locator].update(figure.worth for figure in figures_in(text or ""))


def _add_amount(amount: Amount, found: Recorded) -> None:
    if amount.locator:
        _add_figures(amount.value_raw, amount.locator, found)
        names = (amount.label, amount.measure, amount.context)
        found.names[amount.locator].extend(squeeze(name) for name in names if name)

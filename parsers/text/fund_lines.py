"""What the figures of a line of funds say of each other, and the columns that tells them (资金行各数的关系)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from parsers.interpret.totals import worth
from parsers.text.parting import NEAR
from parsers.text.placing import Header, PlacedRow, fits, skip_cost
from schemas.decimals import HUNDRED
from schemas.quantities import is_blank, parse_money, parse_percent

_ASIDE = frozenset({"label", "side", "blank"})
_MOST_POINTS = 60
"""Points that a single row may have."""
_RATIO_ROUNDING = Decimal("0.005")
_WHOLE_ROUNDING = Decimal("0.5")
"""Percent by which a rate of whole amounts may be off that was rounded before decimals were printed (46 of 148:
31.00%)."""
_AGREES, _AGREES_ROUNDED = 3.0, 1.0
_BARE_RATE = 6.0
"""What a rate without its sign costs, where the total's has one: other digits of a glued line are taken for it."""
_PERCENT_SIGNS = ("%", "％")


def lacking_row(texts: Sequence[str], header: Header, above: Sequence[str]) -> PlacedRow | None:
    """A label with fewer figures than the header has heads, where what they say of each other tells their columns.

    `above` is the total's line. None where every column is filled, or nothing beside the kinds speaks for one way.
    """
    concepts = [concept for concept in header.concepts if concept not in _ASIDE]
    figures = list(texts[1:])
    if not figures or len(figures) >= len(concepts) or not all(figures):
        return None
    totals = texts_of(above, header)
    ways = sorted(_ways(figures, concepts, totals), key=lambda way: -way[0])
    best, cells = ways[0]
    if len(ways) > 1 and best - ways[1][0] < NEAR:
        return None
    told = dict(zip(concepts, cells, strict=True))
    if not _rate_bears_out(told):
        return None
    slots = header.spread([texts[0] if one == "label" else told.get(one, "") for one in header.concepts])
    return PlacedRow(slots, 0, len(figures), True)


def _ways(
    figures: Sequence[str], concepts: Sequence[str], above: dict[str, str]
) -> Iterator[tuple[float, tuple[str, ...]]]:
    """Every way to put the figures, in order, under as many of the heads, with its worth."""
    for places in combinations(range(len(concepts)), len(figures)):
        cells = [""] * len(concepts)
        for place, figure in zip(places, figures, strict=True):
            cells[place] = figure
        pairs = zip(cells, concepts, strict=True)
        worth_ = sum(fits(cell, concept) if cell else -skip_cost(concept) for cell, concept in pairs)
        yield worth_ + line_agrees(concepts, cells, above), tuple(cells)


def _rate_bears_out(texts: dict[str, str]) -> bool:
    """Whether the printed rate is that of the amounts."""
    budget, executed = _money(texts.get("annual_budget", "")), _money(texts.get("executed", ""))
    rate = texts.get("execution_rate", "")
    return budget is not None and executed is not None and _rate_agrees(rate, budget, executed) > 0


def scores_agree(texts: dict[str, str]) -> float:
    points, score = worth(texts.get("points")), worth(texts.get("score"))
    if points is None or score is None:
        return 0.0
    if points.value == 0 or points.value > _MOST_POINTS:
        return -1.5 if score.value <= points.value else -4.5
    if score.value == 0:
        return 0.0
    return 1.5 if points.value == score.value else 0.4 if score.value < points.value else -3.0


def borne_out(texts: dict[str, str], above: dict[str, str]) -> bool:
    """Whether something beside the kinds speaks for a reading: amounts alike, those of the total, or the rate."""
    budget, executed = _money(texts.get("annual_budget", "")), _money(texts.get("executed", ""))
    alike = budget is not None and budget == executed
    whole = any(texts.get(name) and texts[name] == above.get(name) for name in ("annual_budget", "executed"))
    rated = _rate_bears_out(texts) and _is_rate_like(texts, above)
    single = sum(bool(text) for text in texts.values()) < 2
    return alike or whole or rated or single


def texts_of(slots: Sequence[str], header: Header) -> dict[str, str]:
    if not slots:
        return {}
    return {concept: slots[column.start] for concept, column in zip(header.concepts, header.columns, strict=True)}


def line_agrees(concepts: Sequence[str], cells: Sequence[str], above: dict[str, str]) -> float:
    texts = dict(zip(concepts, cells, strict=True))
    budget, executed = (_money(texts.get(name, "")) for name in ("annual_budget", "executed"))
    total = scores_agree(texts) + _earned(texts) - (0.0 if _is_rate_like(texts, above) else _BARE_RATE)
    if budget is not None and executed is not None:
        total += 1.0 if budget == executed else 0.2 if executed < budget else -1.0
        total += _rate_agrees(texts.get("execution_rate", ""), budget, executed)
    for name, text in texts.items():
        whole, part = _money(above.get(name, "")), _money(text)
        if name in ("annual_budget", "executed", "initial_budget") and whole is not None and part is not None:
            total += 1.5 if part == whole else 0.0 if part < whole else -3.0
    return total


def _is_rate_like(texts: dict[str, str], above: dict[str, str]) -> bool:
    """Whether a line's rate is printed as that of the total's line: with its sign where that has one."""
    rate, whole = texts.get("execution_rate", ""), above.get("execution_rate", "")
    return not rate or is_blank(rate) or not whole.endswith(_PERCENT_SIGNS) or rate.endswith(_PERCENT_SIGNS)


def _earned(texts: dict[str, str]) -> float:
    """Whether the score of the execution is its points by the rate: 10 | 96% | 9.6; nothing where some are missing."""
    points, rate, score = (worth(texts.get(name)) for name in ("points", "execution_rate", "score"))
    if points is None or rate is None or score is None:
        return 0.0
    expected = points.value * min(rate.value, HUNDRED) / HUNDRED
    return 2.0 if abs(expected - score.value) <= score.width else 0.0


def _money(text: str) -> Decimal | None:
    quantity = parse_money(text) if text else None
    return quantity.value if quantity else None


def _rate_agrees(rate: str, budget: Decimal, executed: Decimal) -> float:
    quantity = parse_percent(rate) if rate else None
    if quantity is None or not budget:
        return 0.0
    if not executed:
        none = _AGREES if quantity.unit_raw else 0.0  # a bare 0 behind a 0 may be the end of the amount
        return -3.0 if quantity.value else none
    if not quantity.value:
        return 0.0  # something was spent
    share = executed / budget
    in_percent = abs(share * 100 - quantity.value) <= quantity.width
    as_ratio = abs(share - quantity.value) <= min(quantity.width, _RATIO_ROUNDING)
    if in_percent or as_ratio:
        return _AGREES
    whole = not any(number % 1 for number in (budget, executed, quantity.value))
    return _AGREES_ROUNDED if whole and abs(share * 100 - quantity.value) <= _WHOLE_ROUNDING else -3.0

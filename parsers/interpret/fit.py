"""How well a cell's text fits a column by its kind of value: money, percent, points, relation, names (值与列相配)."""

from __future__ import annotations

from functools import lru_cache

import regex

from parsers.interpret.concepts import LEVEL_COLUMNS, LEVEL_POINTS, MONEY_COLUMNS, PART
from schemas.lexicon import Lexicon
from schemas.quantities import is_blank, parse_money, parse_number, parse_percent, parse_points
from schemas.units import begins_with_relation, is_relation, is_unit
from schemas.vocabulary import pattern, words

NUMBER_COLUMNS = frozenset({"points", "score", "other_score", "execution_rate", *MONEY_COLUMNS})
"""Columns whose figures tell one indicator from the next."""
_MONEY = frozenset({*MONEY_COLUMNS, PART, "other_money"})
_RATES = frozenset({"execution_rate", "other_rate"})
FIGURES = NUMBER_COLUMNS | _MONEY | _RATES | set(LEVEL_POINTS)
"""Columns whose cells are read as numbers."""
_MASKED = regex.compile(r"[\d,.，%％]*[*＊×xX□■●]+[\d,.，%％*＊×xX□■●]*")
"""A figure with digits blacked out stands where a figure stands."""
_HAS_DIGIT = regex.compile(r"\d")
_USUAL_UNIT, _LONGEST_UNIT = 3, 8
"""Characters of a unit, as a rule and at most."""
CONTRADICTS = -2
"""Fit from which down a text is of another kind than its column."""


def fit(text: str, concept: str, lexicon: Lexicon) -> float:
    """How well a cell's text fits a column of that concept: about −4 (contradicts) to 3 (surely)."""
    return _fit(text, concept, lexicon) if len(text) <= 200 else (0.5 if concept == "deviation" else -0.5)


@lru_cache(maxsize=32768)
def _fit(text: str, concept: str, lexicon: Lexicon) -> float:
    if not text:
        return _FIT_EMPTY.get(concept, 0.1)
    if concept in FIGURES:
        return _fit_number(text, concept)
    number = parse_number(text) is not None
    if concept in LEVEL_COLUMNS:
        return _fit_level(text, concept, number or _is_value_alone(text), lexicon)
    if concept == "relation":
        return 3.0 if is_relation(text) or text in words("no_relation") else -3.0
    if concept == "target_unit":
        return 1.2 if is_unit(text) else _fit_unlisted_unit(text, number)
    if concept in {"target", "adjusted_target", "actual"}:
        return _fit_value(text, concept, number, lexicon)
    if concept == "deviation":
        return -3.0 if number else 1.0 if is_blank(text) else -0.5 if tells_value(text) else 0.5
    if concept == "side" and lexicon.is_level(text):
        return -2.5
    if concept in {"side", "label"}:
        known = lexicon.key(text) or lexicon.knows_source(text)
        return -3.0 if number else 0.8 if known else _UNLISTED[concept]
    if concept == "completion_rate":
        return 1.0 if number or parse_percent(text) is not None else -1.0
    return 0.0


_UNLISTED = {"side": -0.8, "label": 0.2}
"""What stands beside all rows of a block is one of few words; the label of a sum may be any."""


def _is_value_alone(text: str) -> bool:
    """Whether a text is a rate or a date and nothing else."""
    return parse_percent(text) is not None or pattern("time_alone").fullmatch(text) is not None


_FIT_EMPTY = {
    "side": 0.6,
    "level1": 0.5,
    "level2": 0.5,
    "level3": -0.5,
    "target": -0.5,
    "actual": -0.3,
    "deviation": 0.4,
    "label": 0.2,
}


def _fit_number(text: str, concept: str) -> float:
    if is_blank(text):
        # A stroke stands for the points and score of a part far more often than for its money.
        return -0.6 if concept in _MONEY else 0.4
    if _MASKED.fullmatch(text):
        return 0.4
    if concept in _MONEY:
        return 2.0 if parse_money(text) is not None and "%" not in text else -4.0
    if concept in _RATES:
        return 2.5 if "%" in text else 1.2 if parse_percent(text) is not None else -4.0
    quantity = parse_points(text)
    if quantity is None:
        # Points may be printed as percent: 50% of the whole.
        return -1.0 if concept in ("points", "score") and parse_percent(text) is not None else -4.0
    return 2.0 if abs(quantity.value) <= 200 else -1.0


def _fit_level(text: str, concept: str, number: bool, lexicon: Lexicon) -> float:
    if number:
        return -3.0
    if concept != "level3" and pattern("numbered_indicator").match(text):
        return -3.0
    first, second = lexicon.is_level1(text), lexicon.is_level2(text)
    if concept != "level3" and not first and lexicon.category(text) == "execution":
        return 0.6 if concept == "level1" else 0.5  # 预算执行率 labels a row of its own, at either level
    if concept == "level1":
        return 2.0 if first and second else 3.0 if first else -1.5 if second else -0.5
    if concept == "level2":
        return 3.0 if second else -0.5 if first else -0.3
    if first or second:
        return -1.0
    return -2.0 if begins_with_relation(text) or is_blank(text) else 1.0


def _fit_unlisted_unit(text: str, number: bool) -> float:
    """A unit that nobody listed is a short word, and no word that tells a result (已完成)."""
    if number or len(text) > _LONGEST_UNIT or text in words("usual_value"):
        return -2.0
    return -0.4 if len(text) <= _USUAL_UNIT else -1.2


def _fit_value(text: str, concept: str, number: bool, lexicon: Lexicon) -> float:
    if lexicon.is_level(text):
        return -2.0
    if begins_with_relation(text):
        return 1.6 if concept == "target" else 0.4
    if _HAS_DIGIT.search(text):
        return 0.6 if number else 1.0
    return 0.9 if tells_value(text) else 0.3


def tells_value(text: str) -> bool:
    """Whether words say what was wanted or reached (有所提升), as no reason does."""
    return pattern("told_value").fullmatch(text) is not None


def wrong_kind(text: str, concept: str, lexicon: Lexicon) -> bool:
    """Whether a text cannot be what its column's head says."""
    return fit(text, concept, lexicon) <= CONTRADICTS

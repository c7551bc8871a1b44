"""Words for judging indicators, reasons and what was left unfilled, read from `schemas/judgement.toml` (评判用词)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from schemas.errors import ConfigError
from schemas.lexicon import normalise

_TELLING = 4
"""Letters from which the name of a rate tells it at the end of a longer one, too: 政府采购执行率."""


@dataclass(frozen=True, slots=True)
class CountedRate:
    """What a rate of counts is the quotient of, by words in the names (由件数算出的比率)."""

    part: tuple[str, ...]
    base: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judgement:
    """What `judgement.toml` says (评判用词)."""

    lower: tuple[str, ...]
    higher: tuple[str, ...]
    lower_categories: tuple[str, ...]
    higher_categories: tuple[str, ...]
    higher_units: frozenset[str]
    open_units: frozenset[str]
    shares: tuple[str, ...]
    shares_unless: tuple[str, ...]
    unfinished: tuple[str, ...]
    unfinished_unless: tuple[str, ...]
    empty_reason: re.Pattern[str]
    shortfalls: tuple[str, ...]
    deducted: re.Pattern[str]
    placeholder_marks: tuple[str, ...]
    placeholder_text_marks: tuple[str, ...]
    placeholder_cells: frozenset[str]
    placeholder_number: re.Pattern[str]
    date: re.Pattern[str]
    deadline: tuple[str, ...]
    carried_over: tuple[str, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    paid: tuple[str, ...]
    closing: tuple[str, ...]
    contrary: tuple[str, ...]
    not_rest: tuple[str, ...]
    owed: tuple[str, ...]
    brought_in: tuple[str, ...]
    handed_on: tuple[str, ...]
    bare_carryover: tuple[str, ...]
    all_there_is: tuple[str, ...]
    assets: tuple[str, ...]
    debts: tuple[str, ...]
    net_assets: tuple[str, ...]
    all_income: frozenset[str]
    all_spending: frozenset[str]
    other_rates: Mapping[str, tuple[str, ...]]
    rate_endings: tuple[str, ...]
    base_of: tuple[str, ...]
    share_of: tuple[str, ...]
    whole_marks: tuple[str, ...]
    name_tails: tuple[str, ...]
    counted_tails: tuple[str, ...]
    counted_stems: tuple[str, ...]
    due: tuple[str, ...]
    gained: tuple[str, ...]
    saved: tuple[str, ...]
    spared: tuple[str, ...]
    unsatisfied: tuple[str, ...]
    counted_rates: Mapping[str, CountedRate]
    last_year: tuple[str, ...]
    rises: tuple[str, ...]
    falls: tuple[str, ...]
    earlier_year: re.Pattern[str]
    more: tuple[str, ...]
    less: tuple[str, ...]
    compared: re.Pattern[str]
    moved_from: re.Pattern[str]
    bracketed_before: re.Pattern[str]
    moved_up: re.Pattern[str]
    moved_down: re.Pattern[str]
    percentage_points: tuple[str, ...]
    plans: tuple[str, ...]
    not_plans: tuple[str, ...]
    plan_rates: tuple[str, ...]
    beyond_plan: tuple[str, ...]
    total_scores: tuple[str, ...]
    projects: tuple[str, ...]
    below: re.Pattern[str]
    means: tuple[str, ...]
    untelling: tuple[str, ...]
    execution_rates: frozenset[str]
    each: re.Pattern[str]
    counter: str
    unit_prices: frozenset[str]
    periods: Mapping[str, str]
    months: re.Pattern[str]
    several_years: re.Pattern[str]
    called_total: re.Pattern[str]
    formula: re.Pattern[str]
    times: re.Pattern[str]
    factor: re.Pattern[str]
    means_of: Mapping[str, str]
    year_means: Mapping[str, tuple[int, ...]]
    year_words: tuple[str, ...]
    unit_groups: tuple[frozenset[str], ...]
    loose_units: frozenset[str]
    about: tuple[str, ...]
    total_words: frozenset[str]
    counting_tails: tuple[str, ...]
    selections: tuple[str, ...]
    exclusive: tuple[tuple[str, ...], ...]
    overlapping: tuple[str, ...]
    complementary: tuple[tuple[str, ...], ...]
    whole_years: tuple[tuple[str, ...], ...]
    lists_all: re.Pattern[str]
    listed_count: re.Pattern[str]
    period_name: re.Pattern[str]
    each_of: re.Pattern[str]
    places: tuple[str, ...]
    enumerated: re.Pattern[str]
    and_names: re.Pattern[str]
    extreme: re.Pattern[str]
    in_order: re.Pattern[str]
    joins: re.Pattern[str]
    deducts: tuple[str, ...]
    ways_of_scoring: tuple[str, ...]
    bounds: tuple[str, ...]
    behind_bound: tuple[str, ...]
    told_late: tuple[str, ...]
    among: re.Pattern[str]
    told_bound: re.Pattern[str]
    deadline_and_done: re.Pattern[str]

    def lower_is_better(self, name: str, category: str, unit: str = "") -> bool | None:
        """Whether less of what a name says is better: its longest known word decides, else its category, then its unit.

        `unit` is a code of units.toml.
        """
        plain = normalise(name)
        found = [(len(word), True) for word in self.lower if word in plain]
        found += [(len(word), False) for word in self.higher if word in plain]
        if found:
            return max(found)[1]
        if category.startswith(self.lower_categories):
            return True
        return False if category.startswith(self.higher_categories) or unit in self.higher_units else None

    def is_share(self, name: str) -> bool:
        """Whether a name is that of a share which cannot be more than the whole."""
        return any(word in name for word in self.shares) and not any(word in name for word in self.shares_unless)

    def counted_rate(self, name: str) -> CountedRate | None:
        """What a rate of that name is the quotient of: 整改率 of what was 整改; None for a name that does not tell."""
        plain = normalise(name)
        longer = (rate for rate in self.counted_rates if len(rate) >= _TELLING and plain.endswith(rate))
        named = plain if plain in self.counted_rates else next(longer, None)
        if named is not None:
            return self.counted_rates[named]
        stem = next((plain.removesuffix(tail) for tail in self.counted_tails if plain.endswith(tail)), "")
        stem = next((known for known in self.counted_stems if stem.endswith(known)), stem)
        return CountedRate((stem,)) if len(stem) > 1 else None

    def is_all_income(self, name: str) -> bool:
        """Whether a name is that of everything that came in."""
        return normalise(name) in self.all_income

    def is_all_spending(self, name: str) -> bool:
        """Whether a name is that of everything that was spent."""
        return normalise(name) in self.all_spending

    def bare_name(self, name: str) -> str:
        """The name of an amount without the word for money at its end: 土建工程支出 → 土建工程."""
        plain = normalise(name)
        tail = next((tail for tail in self.name_tails if plain.endswith(tail) and plain != tail), "")
        return plain.removesuffix(tail)

    def without_counting(self, name: str) -> str:
        """A name without the word for counting at its end: 资助参保人数 → 资助参保."""
        tail = next((tail for tail in self.counting_tails if name.endswith(tail) and name != tail), "")
        return name.removesuffix(tail)

    def telling_letters(self, name: str) -> str:
        """The letters of a name, in whatever order, without the words that tell nothing."""
        rest = normalise(name)
        for word in self.untelling:
            rest = rest.replace(word, "")
        return "".join(sorted(rest))

    def is_execution_rate(self, name: str) -> bool:
        """Whether a name is that of the rate at which all the money was spent."""
        return normalise(name) in self.execution_rates

    def is_against_last_year(self, name: str) -> bool:
        """Whether a change is told against the year before: 比上年减少, 较2020年度决算数减少."""
        return name.startswith(self.last_year) or self.earlier_year.match(name) is not None

    def moved_to(self, words: str) -> int:
        """Which way the words between two figures say that one became the other: 1 up, -1 down, 0 for other words."""
        return int(bool(self.moved_up.search(words))) - int(bool(self.moved_down.search(words)))

    def what_moved(self, name: str) -> str:
        """The name of what moved, without the words for moving: 投诉量下降至 → 投诉量; "" for those words alone."""
        cuts = [at for word in (*self.rises, *self.falls) if (at := name.find(word)) >= 0]
        return self.moved_from.split(name[: min(cuts, default=len(name))])[0]

    def compared_with(self, words: str) -> str:
        """What the words in front of a figure say that something is compared with: 上年 of 比上年的; "" for nothing."""
        match = self.compared.search(words)
        what = match["what"] if match else ""
        return "" if what.endswith((*self.more, *self.less)) else what

    def period_of(self, thing: str) -> str:
        """The period that something is for each of (每月); "" where it is for each of something else."""
        return next((period for word, period in self.periods.items() if thing.startswith(word)), "")

    def says_unfinished(self, text: str) -> bool:
        """Whether a text says that something was not done."""
        rest = normalise(text)
        for phrase in self.unfinished_unless:
            rest = rest.replace(phrase, "")
        return any(word in rest for word in self.unfinished)

    def is_empty_reason(self, text: str) -> bool:
        """Whether a reason is made of stock phrases alone: 因客观原因所致."""
        return self.empty_reason.fullmatch(normalise(text)) is not None

    def is_placeholder(self, text: str) -> bool:
        """Whether a cell was left as the form's sample has it."""
        whole = text.strip() in self.placeholder_cells
        return whole or any(mark in text for mark in self.placeholder_marks) or self.masks_number(text)

    def masked_in(self, text: str) -> str:
        """What was left masked in a name or a longer text, "" for nothing; there an ellipsis may be meant."""
        masked = self.placeholder_number.search(text)
        return masked[0] if masked else next((mark for mark in self.placeholder_text_marks if mark in text), "")

    def masks_number(self, text: str) -> bool:
        """Whether a mark stands where a number belongs: ≥*个."""
        return self.placeholder_number.search(text) is not None


@cache
def judgement() -> Judgement:
    """The words, read once. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data: Mapping[str, Any] = tomllib.loads(files("schemas").joinpath("judgement.toml").read_text("utf-8-sig"))
        parts = (_of_forms, _of_sentences, _of_counts, _of_products, _of_lists, _of_bounds)
        return Judgement(**{name: told for part in parts for name, told in part(data).items()})
    except (tomllib.TOMLDecodeError, re.error, KeyError, TypeError, AttributeError) as error:
        raise ConfigError(f"评判用词表 schemas/judgement.toml 无法读取（{error}），请改正后重试。") from error


def _empty_reason(reasons: Mapping[str, list[str]]) -> re.Pattern[str]:
    """What is made of stock phrases and fillers, one phrase at least."""
    phrases = "|".join(map(re.escape, _longest_first(map(normalise, reasons["empty"]))))
    fillers = "|".join(map(re.escape, _longest_first(reasons["fillers"])))
    return re.compile(f"(?:{fillers})*(?:{phrases})(?:{phrases}|{fillers})*")


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def _of_forms(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that judge rows and cells of forms."""
    return {
        "lower": tuple(data["direction"]["lower"]),
        "higher": tuple(data["direction"]["higher"]),
        "lower_categories": tuple(data["direction"]["lower_categories"]),
        "higher_categories": tuple(data["direction"]["higher_categories"]),
        "higher_units": frozenset(data["direction"]["higher_units"]),
        "open_units": frozenset(data["direction"]["open_units"]),
        "shares": tuple(data["shares"]["words"]),
        "shares_unless": tuple(data["shares"]["unless"]),
        "unfinished": tuple(data["unfinished"]["words"]),
        "unfinished_unless": _longest_first(data["unfinished"]["unless"]),
        "empty_reason": _empty_reason(data["reasons"]),
        "shortfalls": tuple(data["reasons"]["shortfall"]),
        "deducted": re.compile(data["reasons"]["deducted"]),
        "placeholder_marks": tuple(data["placeholders"]["marks"]),
        "placeholder_text_marks": tuple(data["placeholders"]["text_marks"]),
        "placeholder_cells": frozenset(data["placeholders"]["whole"]),
        "placeholder_number": re.compile(data["placeholders"]["in_place_of_number"]),
        "date": re.compile(data["dates"]["pattern"]),
        "carried_over": tuple(data["dates"]["carried_over"]),
        "deadline": _longest_first(data["dates"]["deadline"]),
        "dimensions": {name: tuple(words) for name, words in data["dimensions"].items()},
    }


def _of_sentences(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that tell what figures in sentences are."""
    return {
        "paid": tuple(data["paid"]["words"]),
        "closing": tuple(data["paid"]["closing"]),
        "contrary": tuple(data["paid"]["contrary"]),
        "not_rest": tuple(data["paid"]["not_rest"]),
        "owed": tuple(data["paid"]["owed"]),
        "brought_in": tuple(data["paid"]["brought_in"]),
        "handed_on": tuple(data["paid"]["handed_on"]),
        "all_income": frozenset(data["paid"]["all_income"]),
        "all_spending": frozenset(data["paid"]["all_spending"]),
        "other_rates": {code: tuple(words) for code, words in data["prose_rates"]["others"].items()},
        "rate_endings": tuple(data["prose_rates"]["names_end"]),
        "base_of": tuple(data["prose_rates"]["shares"]["base_of"]),
        "share_of": tuple(data["prose_rates"]["shares"]["share_of"]),
        "whole_marks": tuple(data["prose_rates"]["shares"]["whole_marks"]),
        "name_tails": _longest_first(data["prose_rates"]["shares"]["name_tails"]),
        "bare_carryover": tuple(data["paid"]["bare_carryover"]),
        "all_there_is": tuple(data["paid"]["all_there_is"]),
        "assets": tuple(data["paid"]["assets"]),
        "debts": tuple(data["paid"]["debts"]),
        "net_assets": tuple(data["paid"]["net_assets"]),
        "last_year": tuple(data["changes"]["last_year"]),
        "rises": tuple(data["changes"]["rises"]),
        "falls": tuple(data["changes"]["falls"]),
        "earlier_year": re.compile(data["changes"]["earlier_year"]),
        "more": (*data["changes"]["rises"], *data["changes"]["more"]),
        "less": (*data["changes"]["falls"], *data["changes"]["less"]),
        "compared": re.compile(data["changes"]["compared"]),
        "moved_from": re.compile(data["changes"]["moved_from"]),
        "bracketed_before": re.compile(data["changes"]["bracketed_before"]),
        "moved_up": re.compile(data["changes"]["moved_to"]["rises"]),
        "moved_down": re.compile(data["changes"]["moved_to"]["falls"]),
        "percentage_points": tuple(data["changes"]["percentage_points"]),
        "plans": tuple(data["plans"]["words"]),
        "not_plans": tuple(data["plans"]["not_plans"]),
        "plan_rates": tuple(data["plans"]["rates"]),
        "beyond_plan": tuple(data["plans"]["beyond"]),
        "total_scores": tuple(data["total_scores"]["words"]),
        "projects": tuple(data["digests"]["projects"]),
        "below": re.compile(data["digests"]["below"]),
        "means": tuple(data["digests"]["means"]),
        "untelling": _longest_first(data["said_twice"]["without"]),
        "execution_rates": frozenset(data["said_twice"]["execution_rates"]),
    }


def _of_counts(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that tell what a rate of counts is of."""
    counts = data["counted_rates"]
    return {
        "counted_tails": tuple(counts["tails"]),
        "counted_stems": tuple(counts["stems"]),
        **{name: tuple(counts[name]) for name in ("due", "gained", "saved", "spared", "unsatisfied")},
        "counted_rates": {
            rate: CountedRate(tuple(one["part"]), tuple(one["base"]))
            for one in counts["named"]
            for rate in one["rates"]
        },
    }


def _of_products(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that tell what an amount for each is for, and how things are counted."""
    products, counting = data["products"], data["counting"]
    return {
        "each": re.compile(products["each"]),
        "counter": products["counter"],
        "unit_prices": frozenset(products["unit_prices"]),
        "periods": products["periods"],
        **{name: re.compile(text) for name, text in products["texts"].items()},
        "means_of": products["means"],
        "year_means": {word: tuple(told) for word, told in products["year_means"].items()},
        "year_words": tuple(products["year_words"]),
        "unit_groups": tuple(map(frozenset, counting["groups"])),
        "loose_units": frozenset(counting["loose"]),
        "about": tuple(counting["about"]),
        "total_words": frozenset(counting["totals"]),
        "counting_tails": _longest_first(counting["tails"]),
    }


def _of_lists(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words that tell what a list in a sentence is of."""
    lists = data["lists"]
    return {
        "selections": tuple(lists["selections"]),
        "places": tuple(lists["places"]),
        "exclusive": tuple(map(tuple, lists["exclusive"])),
        "overlapping": tuple(lists["overlapping"]),
        "complementary": tuple(map(tuple, lists["complementary"])),
        "whole_years": tuple(map(tuple, lists["whole_years"])),
        **{name: re.compile(text) for name, text in lists["texts"].items()},
    }


def _of_bounds(data: Mapping[str, Any]) -> dict[str, Any]:
    """The words for points taken off, bounds and deadlines in sentences."""
    bounds = data["bounds"]
    return {
        **{name: tuple(words) for name, words in bounds.items() if name != "texts"},
        **{name: re.compile(text) for name, text in bounds["texts"].items()},
    }

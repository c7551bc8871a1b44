"""The words of sentences, read from `schemas/prose.toml` (正文用词)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from schemas.errors import ConfigError
from schemas.records import SectionKind
from schemas.vocabulary import names_any, pattern

_UNIT_CLASSES = {"wanyuan": "money", "pct": "percent", "point": "point"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind of figure: its code, the words that tell it, whether it ends a list of parts (计量项)."""

    code: str
    applies: frozenset[str]
    words: tuple[str, ...]
    separates: bool


@dataclass(frozen=True, slots=True)
class TitleWords:
    """Words of titles, offices and publishers (标题与单位用词)."""

    tails: tuple[str, ...]
    endings: tuple[str, ...]
    leading: tuple[str, ...]
    name_endings: tuple[str, ...]
    whole: tuple[str, ...]
    general: regex.Pattern[str]
    transfer_starts: tuple[str, ...]
    transfer_ends: tuple[str, ...]
    office_endings: tuple[str, ...]
    strong_endings: tuple[str, ...]
    publisher_labels: tuple[str, ...]
    never_publisher: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GateWords:
    """Words that tell whose evaluation a text is, or that it is none (自评与否的用词)."""

    self_words: tuple[str, ...]
    self_scores: tuple[str, ...]
    own_words: tuple[str, ...]
    work_only: tuple[str, ...]
    work_headings: tuple[str, ...]
    conclusion_headings: tuple[str, ...]
    own_checks: tuple[str, ...]
    whole_reports: tuple[str, ...]
    evaluator_traces: tuple[str, ...]
    not_we: tuple[str, ...]
    transfer_headings: tuple[str, ...]
    transfer_results: tuple[str, ...]
    evaluator_labels: tuple[str, ...]
    evaluators: tuple[str, ...]
    ticked: tuple[str, ...]
    foreign_phrases: tuple[str, ...]
    entrusting: tuple[str, ...]
    rule_endings: tuple[str, ...]
    rule_phrases: tuple[str, ...]
    seller_phrases: tuple[str, ...]
    seller_strong: tuple[str, ...]
    outlines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LocalityWords:
    """Words that look like places and are none, and what may stand before a place (地名的反例)."""

    not_places: tuple[str, ...]
    after_city: tuple[str, ...]
    leading: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToldWords:
    """Words around the values of an indicator in a sentence (句中指标的用词)."""

    target_words: tuple[str, ...]
    actual_words: tuple[str, ...]
    plan_words: tuple[str, ...]
    done_words: tuple[str, ...]
    points_words: tuple[str, ...]
    score_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProseWords:
    """What `prose.toml` says (正文用词)."""

    measures: tuple[Measure, ...]
    default_measures: dict[str, str]
    not_measures: tuple[str, ...]
    ignored_units: frozenset[str]
    openers: tuple[str, ...]
    sums: tuple[str, ...]
    generic_bases: frozenset[str]
    leading: tuple[str, ...]
    speakers: tuple[str, ...]
    trailing: tuple[str, ...]
    kept_endings: tuple[str, ...]
    no_names: tuple[str, ...]
    unit_told: regex.Pattern[str]
    changed: regex.Pattern[str]
    comparisons: tuple[str, ...]
    not_comparisons: tuple[str, ...]
    still: frozenset[str]
    change_verbs: tuple[str, ...]
    inside: regex.Pattern[str]
    inside_amount: regex.Pattern[str]
    inside_words: tuple[str, ...]
    sections: tuple[tuple[SectionKind, tuple[str, ...]], ...]
    score_words: tuple[str, ...]
    score_verbs: tuple[str, ...]
    weak_score_words: tuple[str, ...]
    score_subjects: tuple[str, ...]
    score_subject_endings: tuple[str, ...]
    rated: tuple[str, ...]
    part_words: tuple[str, ...]
    full_words: tuple[str, ...]
    whole_words: tuple[str, ...]
    lowest_bare_score: int
    grade_words: tuple[str, ...]
    keyword_count: int
    known_keywords: tuple[str, ...]
    ignored_keywords: frozenset[str]
    titles: TitleWords
    gate: GateWords
    localities: LocalityWords
    told: ToldWords


@cache
def prose_words() -> ProseWords:
    """The words, read once. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data = tomllib.loads(files("schemas").joinpath("prose.toml").read_text("utf-8-sig"))
        return ProseWords(
            measures=tuple(_measure(code, entry) for code, entry in data["measures"].items()),
            default_measures=data["default_measures"],
            not_measures=_longest_first(data["not_measures"]["words"]),
            ignored_units=frozenset(data["ignored"]["units"]),
            openers=_longest_first(data["composition"]["openers"]),
            sums=_longest_first(data["composition"]["sums"]),
            generic_bases=frozenset(data["composition"]["generic_bases"]),
            leading=_longest_first(data["label"]["leading"]),
            speakers=_longest_first(data["label"]["speakers"]),
            trailing=_longest_first(data["label"]["trailing"]),
            kept_endings=_longest_first(data["label"]["kept_endings"]),
            no_names=_longest_first(data["label"]["no_names"]),
            unit_told=_unit_told(data["label"]["unit_words"]),
            changed=_changed(data["label"]["changes"], data["label"]["changed_to"]),
            comparisons=_longest_first(data["label"]["comparisons"]),
            not_comparisons=tuple(data["label"]["not_comparisons"]),
            still=frozenset(data["label"]["still"]),
            change_verbs=_longest_first(data["label"]["changes"]),
            inside=_inside(data["composition"]["inside"]),
            inside_amount=pattern("inside_amount", inside=_longest_first(data["composition"]["inside"])),
            inside_words=_longest_first(data["composition"]["inside"]),
            sections=tuple((entry["kind"], _longest_first(entry["words"])) for entry in data["sections"]),
            score_words=_longest_first(data["conclusion"]["score_words"]),
            score_verbs=_longest_first(data["conclusion"]["score_verbs"]),
            weak_score_words=_longest_first(data["conclusion"]["weak_score_words"]),
            score_subjects=_longest_first((*data["conclusion"]["score_subjects"], *data["gate"]["own_words"])),
            rated=tuple(data["conclusion"]["rated"]),
            score_subject_endings=_longest_first(data["conclusion"]["score_subject_endings"]),
            part_words=_longest_first(data["conclusion"]["part_words"]),
            full_words=_longest_first(data["conclusion"]["full_words"]),
            whole_words=_longest_first(data["conclusion"]["whole_words"]),
            lowest_bare_score=int(data["conclusion"]["lowest_bare_score"]),
            grade_words=_longest_first(data["conclusion"]["grade_words"]),
            keyword_count=int(data["keywords"]["count"]),
            known_keywords=tuple(data["keywords"]["known"]),
            ignored_keywords=frozenset(data["keywords"]["ignored"]),
            titles=_title_words(data["report_titles"], data["offices"]),
            gate=GateWords(**{name: _longest_first(words) for name, words in data["gate"].items()}),
            told=ToldWords(**{name: _longest_first(words) for name, words in data["told_indicators"].items()}),
            localities=LocalityWords(**{name: _longest_first(words) for name, words in data["localities"].items()}),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ConfigError(f"正文用词表 schemas/prose.toml 无法读取（{error}），请改正后重试。") from error


def _title_words(titles: dict[str, list[str]], offices: dict[str, list[str]]) -> TitleWords:
    listed = {name: _longest_first(words) for name, words in titles.items()}
    return TitleWords(
        **{**listed, "general": regex.compile(f"(?:{'|'.join(map(regex.escape, listed['general']))})*")},  # type: ignore[arg-type]
        office_endings=_longest_first(offices["endings"]),
        strong_endings=_longest_first(offices["strong"]),
        publisher_labels=_longest_first(offices["publisher_labels"]),
        never_publisher=_longest_first(offices["never_publisher"]),
        footer=_longest_first(offices["footer"]),
    )


def _measure(code: str, entry: dict[str, Any]) -> Measure:
    return Measure(
        entry.get("same_as", code),
        frozenset(entry["applies"]),
        _longest_first(entry["words"]),
        bool(entry.get("separates", False)),
    )


def _changed(verbs: Iterable[str], marks: Iterable[str]) -> regex.Pattern[str]:
    """The verb right before a figure that says what something changed to: 提高到, 下降至, 调整为."""
    return pattern("changed_to", change_verb=_longest_first(verbs), changed_to=_longest_first(marks))


def _inside(words: Iterable[str]) -> regex.Pattern[str]:
    """`基本支出中，`: the name before the word, in its own clause."""
    return pattern("inside_name", inside=_longest_first(words))


def _unit_told(words: Iterable[str]) -> regex.Pattern[str]:
    """`（单位：万元）`: a unit of money told once for a sentence."""
    return pattern("unit_told", unit_label=_longest_first(words))


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


def unit_class(unit: str) -> str:
    """money, percent, point, per (元/亩) or count: which measures a figure in `unit` can have."""
    return "per" if names_any("per_unit", unit) else _UNIT_CLASSES.get(unit, "count")


def _inside_a_measure(name: str, phrase: str) -> bool:
    """Whether a name that is no measure is part of a phrase that is one: 部门预算 in 年初部门预算."""
    return any(name in word and word in phrase for measure in prose_words().measures for word in measure.words)


def measure_of(phrase: str, unit: str) -> Measure:
    """The kind of a figure in `unit` that `phrase` leads to: the word nearest to the figure, the longest of several."""
    kind = unit_class(unit)
    for name in prose_words().not_measures:
        if not _inside_a_measure(name, phrase):
            phrase = phrase.replace(name, "－" * len(name))
    best: tuple[int, int] | None = None
    found: Measure | None = None
    for measure in prose_words().measures:
        if kind not in measure.applies:
            continue
        for word in measure.words:
            at = phrase.rfind(word)
            if at >= 0 and (best is None or (at + len(word), len(word)) > best):
                best, found = (at + len(word), len(word)), measure
    return found or Measure(prose_words().default_measures.get(kind, ""), frozenset([kind]), (), False)

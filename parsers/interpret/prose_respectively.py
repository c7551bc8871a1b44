"""`分别为`: names or years first, their figures after them in the same order (分别为)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import regex

from parsers.interpret.prose_sentences import Sentence, SentenceFigure, name_of, sentence_figures, unit_told
from parsers.interpret.prose_words import measure_of
from schemas.vocabulary import pattern, words

_LEAD = pattern("respectively")
_HEADING = pattern("text_heading")
_JOINS = pattern("joins_names")
_BETWEEN_NAMES = pattern("between_names")
_YEARS = pattern("listed_years")
_YEAR_RANGE = pattern("range_of_years")
_DIGITS = regex.compile(r"(?:19|20)\d\d")
_MOST_YEARS = 10
_OF = words("of_mark")[0]


@dataclass(frozen=True, slots=True)
class _Listed:
    """One of what the figures are of: a name, a year, or both."""

    name: str
    year: int | None = None


def respectively(figures: Sequence[SentenceFigure]) -> list[SentenceFigure]:
    """The figures of one sentence, those behind 分别为 each with its own name and year.

    `2022、2023年预算分别为…，支出分别为…`: a clause that names only a kind of money goes on with that list.
    """
    result = list(figures)
    listed: list[_Listed] = []
    for index, figure in enumerate(figures):
        match = _LEAD.search(figure.lead)
        if match is None:
            continue
        items, common = _items(match["names"])
        common = common or match["verb"] or ""
        if len(items) < 2:
            items, common = listed or _named_before(figures, index), name_of(match["names"]) or common
        stretch = figures[index : index + len(items)]
        joined = all(_JOINS.fullmatch(other.lead) for other in stretch[1:])
        if len(items) < 2 or len(stretch) != len(items) or not joined:
            continue
        listed = items
        for offset, (item, other) in enumerate(zip(items, stretch, strict=True)):
            result[index + offset] = _renamed(other, item, common)
    return result


def _named_before(figures: Sequence[SentenceFigure], index: int) -> list[_Listed]:
    """The names of as many figures right before as follow: 投入10分、产出50分，得分分别为9.8分、49.5分."""
    after = list(takewhile(lambda other: _JOINS.fullmatch(other.lead), figures[index + 1 :]))
    before = figures[max(index - 1 - len(after), 0) : index]
    alike = len({figure.unit for figure in (*before, figures[index], *after)}) == 1
    named = len(before) == len(after) + 1 and all(figure.label for figure in before)
    return [_Listed(figure.label) for figure in before] if alike and named else []


def _renamed(figure: SentenceFigure, item: _Listed, common: str) -> SentenceFigure:
    label = item.name if not common or item.name.endswith(common) else f"{item.name}{common}"
    return replace(figure, label=label, measure=measure_of(label, figure.unit), year=item.year or figure.year)


def _items(names: str) -> tuple[list[_Listed], str]:
    """What is listed, and the words all of it shares (…的预算)."""
    if years := _YEAR_RANGE.search(names):
        first, last = (int(_DIGITS.search(years[key])[0]) for key in ("first", "last"))  # type: ignore[index]
        if 0 < last - first < _MOST_YEARS:
            return [_Listed("", year) for year in range(first, last + 1)], name_of(years["common"])
    if years := _YEARS.search(names):
        return [_Listed("", int(year)) for year in _DIGITS.findall(years["years"])], name_of(years["common"])
    pieces = [piece for piece in _BETWEEN_NAMES.split(names) if piece.strip()]
    *before, last_piece = pieces or [""]
    name, of, common = last_piece.partition(_OF)
    shared = name_of(common) if of and before else ""
    return [_Listed(name_of(piece)) for piece in [*before, name if shared else last_piece]], shared


def figures_of(sentences: Sequence[Sentence], default_year: int | None) -> list[SentenceFigure]:
    """The figures of all sentences in order; `default_year` is the report's fiscal year."""
    figures: list[SentenceFigure] = []
    unit: str | None = None
    for index, sentence in enumerate(sentences):
        if sentence.first and _HEADING.match(sentence.text):
            # 一、资金情况（单位：万元） tells the unit of the sentences below it.
            unit = unit_told(sentence.text)
        figures += respectively(sentence_figures(sentence, index, default_year, unit))
    return figures

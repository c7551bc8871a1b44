"""Whose evaluation a text is: a unit's own, somebody else's, or none at all (是不是自评)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.prose_words import prose_words
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import fold
from schemas.quantities import find_quantities
from schemas.traditional import simplified
from schemas.vocabulary import pattern

_OPENING = 8
"""Paragraphs at the beginning that introduce a text."""
_OPENING_CHARS = 700
_TITLE_CHARS = 60
_QUOTED = regex.compile(r"《[^《》]{0,80}》|〔[^〔〕]{0,20}〕")
_SCORE = regex.compile(r"\d")


@dataclass(frozen=True, slots=True)
class NamedSelf:
    """The line in which a text names itself a self-evaluation."""

    text: str
    place: Place


def names_itself(lines: Sequence[Paragraph], lexicon: Lexicon) -> NamedSelf | None:
    """The title-like line, or sentence of the opening, that says this is a self-evaluation; None where none does.

    What is quoted in 《》 names another paper. A score of the text's own (自评得分) says so wherever it stands.
    """
    for line in lines:
        text = squeeze(line.text)
        if len(text) <= _TITLE_CHARS and lexicon.title_has("self", _unquoted(text)):
            return NamedSelf(text, line.place)
    for line in (*_opening(lines), *lines):
        match = _self_words().search(simplified(_unquoted(squeeze(line.text))))
        if match is not None and (line in lines[:_OPENING] or _SCORE.match(match.string, match.end())):
            return NamedSelf(squeeze(line.text)[:_TITLE_CHARS], line.place)
    return None


def is_somebody_elses(lines: Sequence[Paragraph]) -> bool:
    """Whether boxes, labels or sentences at the beginning say that another body evaluated: 第三方机构 √."""
    words = prose_words().gate
    for line in _opening(lines):
        plain = simplified(fold(squeeze(line.text)))
        if _other_evaluator().search(plain) or any(phrase in plain for phrase in words.foreign_phrases):
            return True
        if any(word in words.ticked for word in _ticked(plain)):
            return True
    return False


def is_for_sale(lines: Sequence[Paragraph]) -> bool:
    """Whether this is the page of a seller of sample documents (精选6篇, …docx_第1页)."""
    text = "".join(squeeze(line.text) for line in _opening(lines))
    return (
        sum(phrase in text for phrase in prose_words().gate.seller_phrases) > 1 or _page_mark().search(text) is not None
    )


def is_outline(lines: Sequence[Paragraph]) -> bool:
    """Whether this only says what a report should say (提纲): named so, without a figure of its own."""
    named = any(word in squeeze(line.text) for line in _opening(lines) for word in prose_words().gate.outlines)
    return named and not any(any(find_quantities(line.text)) for line in lines)


def _opening(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    length = 0
    for line in lines[: 2 * _OPENING]:
        yield line
        length += len(line.text)
        if length > _OPENING_CHARS:
            return


def _unquoted(text: str) -> str:
    return _QUOTED.sub("", text)


def _ticked(plain: str) -> Iterator[str]:
    """The words of ticked boxes, the boxes standing before or behind their words."""
    if pattern("any_box").search(plain) is None:
        return
    ticked = tuple(prose_words().gate.ticked)
    first = pattern("box_before_word", ticked=ticked).search(plain) is not None
    behind = pattern("box_behind_word", ticked=ticked).search(plain) is not None
    wanted = pattern("ticked_before" if first and not behind else "ticked_behind", ticked=ticked)
    yield from (match["word"] for match in wanted.finditer(plain))


@cache
def _self_words() -> regex.Pattern[str]:
    return regex.compile("|".join(map(regex.escape, prose_words().gate.self_words)))


@cache
def _other_evaluator() -> regex.Pattern[str]:
    words = prose_words().gate
    labels = "|".join(map(regex.escape, words.evaluator_labels))
    bodies = "|".join(map(regex.escape, words.evaluators))
    return regex.compile(rf"(?:{labels})(?:[(（][^()（）]{{0,8}}[)）])?[:：][^:：]{{0,25}}(?:{bodies})")


@cache
def _page_mark() -> regex.Pattern[str]:
    return pattern("file_page")

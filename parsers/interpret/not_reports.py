"""Texts that speak of self-evaluations and are none: rules, samples for sale, outlines, others' work (不是自评的文)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal

import regex

from parsers.document import Paragraph
from parsers.interpret.prose_words import prose_words
from parsers.interpret.titles import title_parts
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import fold
from schemas.quantities import find_quantities
from schemas.traditional import simplified
from schemas.vocabulary import names_any, pattern

OPENING = 8
"""Paragraphs at the beginning that introduce a text."""
_OPENING_CHARS = 700
_TITLE_CHARS = 60
_MASKED = 2
"""Years blotted out from which it is no slip."""
_ARTICLES = 3
"""Numbered articles from which a text is a rule (第一条 …)."""


Other = Literal["foreign_report", "sample_page", "outline", "rule_text"]
"""What a text that speaks of evaluations is where it is none of its own: codes of problems."""


def is_none_of_its_own(lines: Sequence[Paragraph], lexicon: Lexicon) -> bool:
    """Whether a text is another body's evaluation, a sample, an outline, or a rule or notice about evaluations."""
    return what_else(lines, lexicon) is not None


def what_else(lines: Sequence[Paragraph], lexicon: Lexicon) -> Other | None:
    """What a text is that is no report on an own evaluation; None where it may be one."""
    if is_somebody_elses(lines):
        return "foreign_report"
    if is_sample(lines):
        return "sample_page"
    if is_outline(lines):
        return "outline"
    return "rule_text" if is_rule(lines, lexicon) else None


def is_somebody_elses(lines: Sequence[Paragraph]) -> bool:
    """Whether boxes, labels or sentences at the beginning say that another body evaluated."""
    phrases = prose_words().gate.foreign_phrases
    plain = [simplified(fold(squeeze(line.text))) for line in opening(lines)]
    said = any(phrase in line for line in plain for phrase in phrases)
    return said or names_other_evaluator(lines) or any(map(_entrusted().search, plain))


def names_other_evaluator(lines: Sequence[Paragraph]) -> bool:
    """Whether a box or a label at the beginning names another body as the one that evaluates: 第三方机构 √."""
    ticked = prose_words().gate.ticked
    plain = [simplified(fold(squeeze(line.text))) for line in opening(lines)]
    return any(_other_evaluator().search(line) or any(word in ticked for word in _ticked(line)) for line in plain)


def is_sample(lines: Sequence[Paragraph]) -> bool:
    """Whether this is the page of a seller or collector of sample documents (精选6篇, …docx_第1页, 20xx年)."""
    if _masks_its_year(lines):
        return True
    words = prose_words().gate
    text = simplified(fold("".join(squeeze(line.text) for line in opening(lines))))
    if any(phrase in text for phrase in words.seller_strong) or _page_mark().search(text) is not None:
        return True
    return pattern("sample_page").search(text) is not None or sum(p in text for p in words.seller_phrases) > 1


def _masks_its_year(lines: Sequence[Paragraph]) -> bool:
    """Whether a text blots out the years it speaks of (20xx年, 20_年), as no unit does in a report of its own."""
    text = fold("".join(squeeze(unquoted(line.text)) for line in lines))
    masked, printed = (sum(1 for _ in pattern(name).finditer(text)) for name in ("masked_year", "year_spoken_of"))
    return masked >= _MASKED and masked > printed


def is_outline(lines: Sequence[Paragraph]) -> bool:
    """Whether this only says what a report should say (提纲): named so, without a figure of its own."""
    named = any(word in squeeze(line.text) for line in opening(lines) for word in prose_words().gate.outlines)
    return named and not any(any(find_quantities(line.text)) for line in lines)


def is_rule(lines: Sequence[Paragraph], lexicon: Lexicon) -> bool:
    """Whether this is a rule, a notice or a plan about evaluations, and no report with a title of its own follows."""
    plain = [simplified(squeeze(line.text)) for line in lines]
    if sum(pattern("article").match(text) is not None for text in plain) >= _ARTICLES:
        return True
    beginning = [simplified(squeeze(line.text)) for line in opening(lines)]
    return any(map(_speaks_of_rule, beginning)) and not any(_names_report(text, lexicon) for text in plain)


def _speaks_of_rule(text: str) -> bool:
    words = prose_words().gate
    if any(phrase in text for phrase in words.rule_phrases) or pattern("addressees").match(text):
        return True
    if pattern("news").search(text):
        return True
    if names_any("site_navigation", text):
        return False  # 当前位置：首页 > 通知公告
    return len(text) <= _TITLE_CHARS and unquoted(text).endswith(words.rule_endings)


def _names_report(text: str, lexicon: Lexicon) -> bool:
    """Whether a line is the title of a report on a named project, unit or year."""
    parts = title_parts(text) if len(text) <= _TITLE_CHARS and lexicon.title_has("self", text) else None
    return parts is not None and bool(parts.office or parts.project)


def sets_targets(lines: Sequence[Paragraph]) -> bool:
    """Whether the opening says that this publishes targets to be reached (绩效目标设定的公示), no results."""
    return any(pattern("sets_targets").search(simplified(squeeze(line.text))) for line in opening(lines))


def opening(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs at the beginning that introduce a text."""
    length = 0
    for line in lines[: 2 * OPENING]:
        yield line
        length += len(line.text)
        if length > _OPENING_CHARS:
            return


def unquoted(text: str) -> str:
    """A text without what is quoted in 《》 or a document's number: that names other papers."""
    return _QUOTED.sub("", text)


_QUOTED = regex.compile(r"《[^《》]{0,80}》|〈[^〈〉]{0,80}〉|<[^<>]{0,80}>|〔[^〔〕]{0,20}〕")


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
def _other_evaluator() -> regex.Pattern[str]:
    words = prose_words().gate
    labels = "|".join(map(regex.escape, words.evaluator_labels))
    bodies = "|".join(map(regex.escape, words.evaluators))
    return regex.compile(rf"(?:{labels})(?:[(（][^()（）]{{0,8}}[)）])?[:：][^:：]{{0,25}}(?:{bodies})")


@cache
def _entrusted() -> regex.Pattern[str]:
    return pattern("entrusted", entrusting=prose_words().gate.entrusting)


@cache
def _page_mark() -> regex.Pattern[str]:
    return pattern("file_page")

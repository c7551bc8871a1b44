"""The sections of a report's prose (章节): numbered headings, their kinds and their text.

Headings are numbered 第一部分, 一、, （一）, and sometimes 1、 for what should be 一、 because automatic numbering was
lost; so a number that continues an outer sequence belongs to it. Deeper numbers stay in the text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.prose_keywords import keywords
from parsers.interpret.prose_words import prose_words
from schemas.numerals import chinese_number, fold
from schemas.privacy import redact
from schemas.records import SectionKind
from schemas.traditional import simplified
from schemas.vocabulary import pattern

_MARKER = pattern("section_mark")
_LIST_NUMBER = pattern("list_number")
_RANKS = {"part": 0, "han": 1, "bracket": 2, "digit": 3, "round": 4}
_OUTER = {3: 1, 4: 2}
_DEEPEST_SECTION = 2
_LONGEST_HEADING = 30
_SENTENCE_END = regex.compile(r"[。；;：:]")
_DUMP_MARK = regex.compile(r"\[(?:bookmark|image)[^\]\n]{0,80}\]")
_ANNEX = pattern("annex")
_PREAMBLE = regex.compile(r".{10}[。；]")


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """A section without its document: text and heading are free of private data (章节)."""

    heading: str | None
    kind: SectionKind
    text: str
    keywords: tuple[str, ...]
    place: Place


@dataclass(slots=True)
class _Open:
    """A section while its lines are being collected."""

    headings: list[str]
    place: Place | None
    lines: list[str] = field(default_factory=list)


def read_sections(paragraphs: Sequence[Paragraph]) -> list[SectionDraft]:
    """The sections in order; `heading` is the path of headings (三、绩效分析/（一）投入).

    Lines before the first heading, or behind the title of an annex, make a section without one when they are more
    than a cover page.
    """
    outline = _Outline()
    sections: list[_Open] = [_Open([], None)]
    for paragraph in paragraphs:
        text = _DUMP_MARK.sub("", paragraph.text).strip()
        if not text:
            continue
        if _ANNEX.match(text):
            outline = _Outline()
            sections.append(_Open([], None))
            continue
        heading, rest = outline.heading(text, paragraph.level)
        if heading is not None:
            sections.append(_Open(outline.path, paragraph.place))
            text = rest
        current = sections[-1]
        if text and (current.headings or _PREAMBLE.search(text)):
            current.lines.append(text)
            current.place = current.place or paragraph.place
    return [_draft(section) for section in sections if section.lines]


def heading_rank(text: str) -> int | None:
    """How deep a number before a line is, 0 for 第一部分 and 1 for 一、 or a lost number; None where there is none."""
    match = _MARKER.match(text)
    if match is None:
        return _RANKS["han"] if _LIST_NUMBER.match(text) else None
    return _RANKS[match.lastgroup or "digit"]


def _draft(section: _Open) -> SectionDraft:
    text = redact("\n".join(section.lines))
    headings = [redact(heading) for heading in section.headings]
    place = section.place
    assert place is not None
    return SectionDraft("/".join(headings) or None, kind_of(section.headings), text, keywords(simplified(text)), place)


def kind_of(headings: Sequence[str]) -> SectionKind:
    """The kind that the innermost heading with a known word tells; the last such word of it decides."""
    for heading in reversed(headings):
        best: tuple[int, int] | None = None
        kind: SectionKind | None = None
        for candidate, words in prose_words().sections:
            for word in words:
                at = simplified(heading).rfind(word)
                if at >= 0 and (best is None or (at + len(word), len(word)) > best):
                    best, kind = (at + len(word), len(word)), candidate
        if kind is not None:
            return kind
    return "other" if headings else "overview"


class _Outline:
    """Where in the numbering the text is: the last number and heading of each rank."""

    def __init__(self) -> None:
        self._numbers: dict[int, int] = {}
        self._headings: dict[int, str] = {}

    @property
    def path(self) -> list[str]:
        return [self._headings[rank] for rank in sorted(self._headings)]

    def heading(self, text: str, level: int | None) -> tuple[str | None, str]:
        """The heading that `text` is or begins with, and the rest; (None, text) when it is no section's heading."""
        match = _MARKER.match(text)
        if match is None:
            return (self._enter(0, None, text), "") if level == 1 and len(text) <= _LONGEST_HEADING else (None, text)
        group = match.lastgroup or "digit"
        number = _value(match[group])
        words, rest = _split(text, match.end())
        rank = self._rank(_RANKS[group], number, bool(words) and not rest)
        if words is None or rank > _DEEPEST_SECTION:
            self._numbers[rank] = number
            return None, text
        return self._enter(rank, number, (text[: match.end()] + words).strip()), rest

    def _rank(self, written: int, number: int, stands_alone: bool) -> int:
        """The rank a number belongs to: as written, unless it goes on where an outer sequence stopped."""
        outer = _OUTER.get(written)
        if outer is None or not stands_alone or self._numbers.get(written) == number - 1:
            return written
        if self._numbers.get(outer) == number - 1 or (number == 1 and not self._numbers):
            return outer
        return written

    def _enter(self, rank: int, number: int | None, heading: str) -> str:
        for deeper in [r for r in (*self._numbers, *self._headings) if r > rank]:
            self._numbers.pop(deeper, None)
            self._headings.pop(deeper, None)
        if number is not None:
            self._numbers[rank] = number
        self._headings[rank] = heading
        return heading


def _value(printed: str) -> int:
    value = chinese_number(printed) if not printed.isdecimal() else None
    return int(fold(printed)) if printed.isdecimal() else int(value or 0)


def _split(text: str, start: int) -> tuple[str | None, str]:
    """The heading's words behind its number, and what follows them in the same paragraph (run-in heading)."""
    end = _SENTENCE_END.search(text, start)
    stop = end.start() if end else len(text)
    words = text[start:stop].strip()
    if not words or len(words) > _LONGEST_HEADING or "，" in words:
        return None, ""
    return words, text[end.end() :].strip() if end else ""

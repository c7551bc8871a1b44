"""The score of the whole as sentences state it, told from the scores of its parts (总得分与分项得分)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.prose_words import prose_words
from schemas.numerals import fold, read_numeral
from schemas.vocabulary import pattern
from schemas.vocabulary import words as listed

_HIGHEST_SCORE = Decimal(150)
_FULL_POINTS = Decimal(100)
_POINTS = pattern("score_printed")
_CLAUSE = regex.compile(r"[^，；;,]{0,80}$")
_BEFORE_CLAUSE = regex.compile(r"(?P<clause>[^，；;,]{0,80})[，；;,]$")
_BRACKETED = regex.compile(r"[(（][^()（）]*[)）]")
_ALONE = pattern("points_alone")
_LONGEST_HEADING = 20
_FEWEST_PARTS = 2
_OPENING_BRACKETS = "(（[【“"
_RELATION_AFTER = pattern("relation_behind")
_VERB = pattern("score_verb_end")
_HEADING_MARK = pattern("heading_mark")
_SPACES = pattern("years_anywhere")
_NAMES_SCORE = listed("bare_score")

Stated = tuple[Decimal, str, Place]


class _Rank(IntEnum):
    """How surely a statement is one of the whole: it says so, names the project, names nothing, may be full points."""

    WHOLE = 0
    NAMED = 1
    BARE = 2
    WEAK = 3


@dataclass(frozen=True, slots=True)
class _Statement:
    rank: _Rank
    subject: str
    stated: Stated


def total_score(paragraphs: Sequence[Paragraph], office: str = "") -> Stated | None:
    """The score of the whole with its text and place: the surest statement, of equally sure ones the first.

    `office` is the unit that the title names: its score is that of the whole. Where several projects have each its own
    score and nothing speaks of them together, there is none.
    """
    statements = [one for paragraph in _with_headed_scores(paragraphs) for one in _statements(paragraph, office)]
    if not statements:
        return None
    best = min(statements, key=lambda one: one.rank)
    rivals = {one.subject for one in statements if one.rank == best.rank}
    if best.rank is _Rank.NAMED and len(rivals) > 1:
        others = [one for one in statements if one.rank is _Rank.BARE]
        return others[0].stated if others else None
    return best.stated


def score_in_cell(label: str, text: str, place: Place, grades: tuple[str, ...]) -> str | None:
    """The score that the cell beside a label of the total tells in words, as printed: 优（99.5分）, 99.5 优.

    `grades` are the words for grades, the longest first. Where the words do not say which number of points it is, it is
    the only one that is not the full marks.
    """
    stated = total_score([Paragraph(f"{label}：{text}", place)])
    if stated is not None:
        return stated[1]
    folded = fold(text)
    if graded := pattern("score_with_grade", grade=grades).fullmatch(folded):
        return text[graded.start("value") : graded.end("value")]
    printed = [
        text[one.start() : one.end()] for one in _POINTS.finditer(folded) if _value(one["value"]) != _FULL_POINTS
    ]
    return printed[0] if len(printed) == 1 else None


def _with_headed_scores(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The paragraphs; one that is a number of points alone, with the heading above it: （一）自评得分 | 100分。"""
    heading = ""
    for paragraph in paragraphs:
        text = "".join(paragraph.text.split())
        headed = _ALONE.fullmatch(fold(text)) is not None and _score_word(heading) is not None
        yield replace(paragraph, text=heading + text) if headed else paragraph
        heading = text.rstrip("：:") if len(text) <= _LONGEST_HEADING else ""


def _statements(paragraph: Paragraph, office: str) -> Iterator[_Statement]:
    for sentence in regex.split(r"[。！？\n]", paragraph.text):
        folded = fold(sentence)
        for match in _POINTS.finditer(folded):
            value = _value(match["value"])
            if value > _HIGHEST_SCORE or _RELATION_AFTER.match(folded, match.end()):
                continue
            found = _rank(folded[: match.start()], value, office, bare=not match["unit"])
            if found is not None:
                printed = sentence[match.start() : match.end()].strip()
                yield _Statement(*found, (value, printed, paragraph.place))


def _rank(before: str, value: Decimal, office: str, *, bare: bool) -> tuple[_Rank, str] | None:
    """How the words before a number of points name the score of the whole; None for that of a part or another body."""
    clause = _CLAUSE.search(before)
    phrase = _SPACES.sub("", clause[0] if clause else "")
    ended = _VERB.sub("", phrase)
    if phrase.endswith(prose_words().score_verbs):
        ended = phrase
    named = _score_word(ended)
    if named is None and _sums_up(phrase, before, value):
        return _Rank.WEAK, ""
    if named is None or (bare and ended == phrase and not named[0].endswith(_NAMES_SCORE)):
        return None
    word, weak = named
    subject = ended[: len(ended) - len(word)]
    subject = _HEADING_MARK.split(subject)[-1].lstrip(_OPENING_BRACKETS).removeprefix(office)
    previous = _BEFORE_CLAUSE.search(before[: clause.start()]) if clause else None
    if not subject and previous and _speaks_of_rating(previous["clause"]):
        subject = _SPACES.sub("", previous["clause"])
    rank = _rank_of_subject(subject, word, weak=weak)
    if rank is None or (rank is _Rank.WEAK and value == _FULL_POINTS):
        return None
    full = _full_points(_BRACKETED.sub("", previous["clause"]) if previous else "")
    if full is not None and full != _FULL_POINTS:
        return None
    low = value < prose_words().lowest_bare_score
    if low and rank > _Rank.WHOLE and full is None:
        return None
    return rank, subject


def _sums_up(phrase: str, before: str, value: Decimal) -> bool:
    """Whether a phrase is the word for the sum of the scores before it: 产出得48分，效益得28分，合计95.5分.

    A sum of 100 may be that of the full points.
    """
    enough = prose_words().lowest_bare_score <= value < _FULL_POINTS
    return enough and phrase in prose_words().sums and len(_POINTS.findall(before)) >= _FEWEST_PARTS


def _score_word(ended: str) -> tuple[str, bool] | None:
    """The word for a score that a phrase ends with, and whether it may mean full points as well."""
    words = prose_words()
    sure = (*words.score_verbs, *words.score_words)
    for endings, weak in ((sure, False), (words.weak_score_words, True)):
        ending = next((word for word in endings if ended.endswith(word)), None)
        if ending is not None:
            return ending, weak
    return None


def _rank_of_subject(subject: str, word: str, *, weak: bool) -> _Rank | None:
    words = prose_words()
    whole = any(mark in subject + word for mark in words.whole_words)
    if word in _NAMES_SCORE and not (subject or whole):
        return None
    if _is_generic(subject):
        return _Rank.WEAK if weak else _Rank.WHOLE if whole else _Rank.BARE
    name = _without_generic_start(subject)
    part = any(one in name for one in words.part_words)
    if part or not name.endswith(words.score_subject_endings):
        return None
    return _Rank.WEAK if weak else _Rank.NAMED


def _speaks_of_rating(clause: str) -> bool:
    """Whether a clause says that the project was rated, and nothing more: 经综合自评，得分97.3分."""
    said = _SPACES.sub("", clause)
    return said.endswith(prose_words().rated) and _is_generic(said)


def _is_generic(subject: str) -> bool:
    """Whether nothing is left of a subject but words for the project, the unit, the evaluation."""
    return not _without_generic_start(subject)


def _without_generic_start(subject: str) -> str:
    subjects = prose_words().score_subjects
    while subject:
        known = next((word for word in subjects if subject.startswith(word)), None)
        if known is None:
            return subject
        subject = subject[len(known) :]
    return subject


def _value(printed: str) -> Decimal:
    """A number of points in figures or Chinese numerals (九十五); beyond any score where it is none."""
    number = read_numeral(printed)
    return number.value if number is not None else _HIGHEST_SCORE + 1


def _full_points(clause: str) -> Decimal | None:
    """The full points that the clause before a score states (满分20分，自评得分18分); None where it states none."""
    for match in _POINTS.finditer(clause):
        phrase = _VERB.sub("", _SPACES.sub("", clause[: match.start()]))
        if phrase.endswith(prose_words().full_words):
            return _value(match["value"])
    return None

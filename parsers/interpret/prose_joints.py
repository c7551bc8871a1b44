"""Words and marks between the figures of a sentence: what joins them, what ends a list (数与数之间的字)."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from parsers.interpret.prose_sentences import SentenceFigure
from parsers.interpret.prose_words import prose_words
from schemas.numerals import fold, read_numeral
from schemas.vocabulary import pattern, words

SEMICOLON = regex.compile(r"[；;]")
_COLON = regex.compile(r"\s*[：:]")
CLAUSE_END = regex.compile(r"[，；;。,]")
LIST_NUMBER = pattern("list_mark")
_SUM_REACH = 8
"""Characters between a word for a sum and its figure; `_SUM_OPENS` where the clause begins with the word."""
_SUM_OPENS = 20


def follows(text: str, following: str) -> bool:
    """Whether two paragraphs are neighbours in one numbered list (1. … 2. …)."""
    first, second = LIST_NUMBER.match(text), LIST_NUMBER.match(following)
    if first is None or second is None or first["number"].isdecimal() != second["number"].isdecimal():
        return False
    one, two = read_numeral(fold(first["number"])), read_numeral(fold(second["number"]))
    return first["close"] == second["close"] and one is not None and two is not None and two.value == one.value + 1


def opener(lead: str) -> bool:
    """Whether a word that opens a list of parts (其中) stands between the last figure and this one's name."""
    clause = SEMICOLON.split(lead)[-1]
    for opener in prose_words().openers:
        at = clause.rfind(opener)
        if at >= 0:
            return not CLAUSE_END.search(clause[at + len(opener) :].lstrip("：:，, "))
    return False


def opens_behind_amount(around: Sequence[SentenceFigure], figure: SentenceFigure) -> bool:
    """`支出1462.8万元：工资支出1128.4万元，…`: a colon at once behind an amount, another in its unit to come."""
    alike = [one for one in around if (one.sentence, one.unit) == (figure.sentence, figure.unit)]
    return len(alike) == 3 and _COLON.match(figure.lead) is not None


def opens_clause_inside(lead: str) -> bool:
    """Whether `基本支出中，` stands before a figure."""
    match = prose_words().inside.search(lead)
    return match is not None and bool(match["comma"])


def opens_inside_amount(lead: str) -> bool:
    """Whether `中，` stands at once behind a figure: 购机补贴320万元中，拖拉机补贴180万元."""
    return prose_words().inside_amount.match(lead) is not None


def is_comparison(figure: SentenceFigure) -> bool:
    """`比上年增加60万元`, `与上年相比减少5万元`: what something differs by, never a part or a total of a list."""
    words = prose_words()
    if figure.label.startswith(words.not_comparisons):
        return False
    if figure.label.startswith(words.comparisons):
        return True
    clause = CLAUSE_END.split(figure.lead)[-1]
    return figure.label.endswith(words.change_verbs) and any(word in clause for word in words.comparisons)


def is_plan(figure: SentenceFigure) -> bool:
    """`目标值60公里`: what was to be done, never a part of what was."""
    told = prose_words().told
    return figure.label in (*told.target_words, *told.plan_words)


def sum_word(lead: str) -> str | None:
    clause = CLAUSE_END.split(lead)[-1].strip()
    for word in prose_words().sums:
        at = clause.rfind(word)
        reach = _SUM_OPENS if at == 0 else _SUM_REACH
        if at >= 0 and len(clause) - at - len(word) <= reach:
            return word
    return None


def plain(name: str) -> str:
    return "".join(name.split()).strip("".join(words("name_trim")))


def related(base: str, label: str) -> bool:
    """Whether two names name one thing: one contains the other, or the same words stand in another order."""
    contained = base in label or label in base
    return min(len(base), len(label)) > 1 and (contained or sorted(base) == sorted(label))

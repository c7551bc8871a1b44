"""What can be told of one line of a cell by its words: a value, a header, a part of something (单元格文字判断)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from schemas.lexicon import lexicon, normalise
from schemas.vocabulary import pattern, words

_DASH = pattern("none_mark")
_RELATION = pattern("value_lead")
_NUMBER = pattern("value_with_unit")
_VALUE_START = pattern("value_start")
_DIGITS = pattern("value_digit")
_DATE = pattern("date")
_OPEN, _CLOSE = "（([【《“", "）)]】》”"
LONGEST_REST = 2
"""Characters of a word that may as well be the rest of a longer one (指标)."""
_LONG_UNIT = 5
_LONG_VALUE = 20
"""Characters of a value at most."""


@lru_cache(maxsize=65536)
def is_value(text: str) -> bool:
    """Whether `text` alone is one whole value: a number with its relation and unit, or the sign for none."""
    if _DASH.fullmatch(text):
        return True
    match = _NUMBER.fullmatch(text)
    if match is None:
        return False
    return text[-1] not in ".,，" and len(match["unit"]) <= _LONG_UNIT and open_brackets(text) == 0


@lru_cache(maxsize=65536)
def is_date(text: str) -> bool:
    """Whether `text` is a date and nothing else."""
    return _DATE.fullmatch(text) is not None


@lru_cache(maxsize=65536)
def looks_like_value(text: str) -> bool:
    """Whether `text` could stand in a column of values: mostly figures, or the sign for none, or a relation."""
    if _DASH.fullmatch(text) or _RELATION.fullmatch(text):
        return True
    if len(text) > _LONG_VALUE or not _VALUE_START.match(text):
        return False
    return bool(_RELATION.match(text)) or len(_DIGITS.findall(text)) >= 0.25 * len(text)


@lru_cache(maxsize=65536)
def is_word(text: str) -> bool:
    """Whether `text` is, word for word, a header, a label or the name of a level in the lexicon: a whole cell."""
    return normalise(text) in _words()


@lru_cache(maxsize=65536)
def is_cell(text: str) -> bool:
    """Whether `text` is a whole cell by the lexicon: such a word, or the name of a total of money."""
    return is_word(text) or lexicon().is_funding_total(text)


def is_split_word(upper: str, lower: str) -> bool:
    """Whether two lines together are such a word."""
    return bool(normalise(upper) and normalise(lower)) and is_word(upper + lower)


def are_several_labels(lines: Sequence[str]) -> bool:
    """Whether lines below each other are several such words, and together none: 成本 | 指标 | 经济效 | 益指标.

    A word with a short one below it may be a longer word that the lexicon does not have (履职产出 | 指标).
    """
    if len(lines) < 2 or is_word("".join(lines)):
        return False
    parts = _fewest_words(tuple(lines))
    return len(parts) > 2 or (len(parts) == 2 and len(parts[1]) > LONGEST_REST)


@lru_cache(maxsize=4096)
def _fewest_words(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The fewest words that the lines make one after another; nothing where they make none."""
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(1, len(lines) + 1):
        found = [
            (*best[begin], word) for begin in range(end) if begin in best and is_word(word := "".join(lines[begin:end]))
        ]
        if found:
            best[end] = min(found, key=len)
    return best.get(len(lines), ())


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    words = lexicon()
    concepts = (*words.columns, *words.keys)
    return frozenset({word for concept in concepts for word in concept.words} | words.level1 | words.level2)


def is_numbered_level(text: str) -> bool:
    """Whether `text` is the label of a level with its number, over the rows below it (一、产出指标)."""
    label = lexicon().section_label(text)
    return label is not None and label != normalise(text)


def is_header(text: str) -> bool:
    """Whether `text` can head a column by the lexicon."""
    return lexicon().column(text) is not None


_LABEL = re.compile(r"(.{2,12}?)[:：]")
_SOURCE_END = pattern("source_end")
_NAMED_BY_FORM = frozenset({"project_name", "department", "unit"})
_SIGNS = frozenset({"person", "report_date", "total", "grade"})


def labels_form(text: str) -> bool:
    """Whether `text` is a label of what the form is about (项目名称, 主管部门), which begins a row beside its value."""
    return lexicon().whole_key(text) in _NAMED_BY_FORM


def are_two_sources(upper: str, lower: str) -> bool:
    """Whether each of two lines is the whole name of a source of funds (上年结转资金 | 其他资金)."""
    return all(_SOURCE_END.search(line) and lexicon().knows_source(line) for line in (upper, lower))


def is_signature(text: str) -> bool:
    """Whether a line begins with who filled the form in, when, or its result (填表人：, 总得分：), as lines below a
    table do."""
    label = _LABEL.match(text)
    return label is not None and lexicon().key(label[1]) in _SIGNS


def is_pair(text: str) -> bool:
    """Whether `text` is a label of the lexicon with its value behind a colon."""
    label = _LABEL.match(text)
    return label is not None and label.end() < len(text) and lexicon().key(label[1]) is not None


def is_count(texts: Sequence[str]) -> bool:
    """Whether the texts count rows (序号): numbers each one more than the last, under a header perhaps."""
    numbers = [int(text) for text in texts if text.isascii() and text.isdigit()]
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) >= 3 and len(texts) - len(numbers) <= 2 and set(steps) == {1}


def is_grade(text: str) -> bool:
    """Whether `text` is a grade (优, 良好) by the lexicon."""
    return text in lexicon().grades


@lru_cache(maxsize=4096)
def is_foreign(level2: str, level1: str) -> bool:
    """Whether a level-2 name never stands under this level-1 name, by the lexicon."""
    return lexicon().is_foreign(level2, level1)


_CLOSING = frozenset({"total", "grade", "note", "person"})


@lru_cache(maxsize=4096)
def is_closing(text: str) -> bool:
    """Whether `text` names a row below the last item of a table: the total, the grade, a remark."""
    return lexicon().key(text) in _CLOSING


def names_last_row(text: str) -> bool:
    """Whether `text` in the column of names is that of such a row; 得分 is, which elsewhere heads a column."""
    return is_closing(text) or text in words("bare_total")


def open_brackets(text: str) -> int:
    """Brackets opened and not closed (positive), or closed and not opened (negative)."""
    return sum(text.count(c) for c in _OPEN) - sum(text.count(c) for c in _CLOSE)


_UNIT = re.compile(r"[（(《“【\[]*(?:[\x21-\x27\x2a-\x7e]+|.)[）)》”】\]，。、；：！？,.;:!?%％]*")


def first_unit_width(text: str, size: float) -> float:
    """Width in points of what must go to the next line together: a Chinese character or a run of Latin ones, with the
    brackets and stops that no line break may part from it."""
    match = _UNIT.match(text)
    unit = match[0] if match else text[0]
    return size * sum(1.0 if char > "\u2e7f" else 0.5 for char in unit)

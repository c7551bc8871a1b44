"""Keywords of a section (关键词): words that are frequent here and rare elsewhere.

jieba's own loading takes seconds and writes into the shared temporary folder. Here its tokenizer is given the common
part of its dictionary directly, on first use, and nothing is written.
"""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import Any

import regex

from parsers.interpret.prose_words import prose_words

_ENTRY = regex.compile(r"^(\S+) (\d{2,}) ", regex.MULTILINE)
_WORD = regex.compile(r"\p{Han}{2,}")
_SHORTEST_TEXT = 40
_TEXT_PER_KEYWORD = 15
_KNOWN_FREQUENCY = 1000


def keywords(text: str) -> tuple[str, ...]:
    """The words that tell most about `text`, best first; none for a text too short to have any."""
    if len(text) < _SHORTEST_TEXT:
        return ()
    words = prose_words()
    tokenizer = _tokenizer()
    counts = Counter(
        word
        for word in tokenizer.cut(text)
        if _WORD.fullmatch(word) and word not in words.ignored_keywords and tokenizer.FREQ.get(word)
    )
    weight = {word: count * math.log(tokenizer.total / tokenizer.FREQ[word]) for word, count in counts.items()}
    ranked = sorted(weight, key=lambda word: (-weight[word], word))
    return tuple(ranked[: min(words.keyword_count, len(text) // _TEXT_PER_KEYWORD)])


def words_of(text: str) -> list[str]:
    """Every word of `text` with two or more Chinese characters, in order."""
    return [word for word in _tokenizer().cut(text) if _WORD.fullmatch(word)]


@cache
def _tokenizer() -> Any:
    import jieba  # a fifth of a second, and only where there is prose

    frequencies: dict[str, int] = {}
    dictionary = files("jieba").joinpath("dict.txt").read_text("utf-8")
    for word, frequency in _ENTRY.findall(dictionary):
        frequencies[word] = int(frequency)
    frequencies.update(dict.fromkeys(prose_words().known_keywords, _KNOWN_FREQUENCY))
    total = sum(frequencies.values())
    for word in list(frequencies):
        for end in range(1, len(word)):
            frequencies.setdefault(word[:end], 0)
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = frequencies, total, True
    return tokenizer

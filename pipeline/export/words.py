"""The words of sections and goals, so that a text can be found by them (全文索引)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from parsers.interpret.prose_keywords import words_of

Row = tuple[str, str, str | None, int, int]
"""Word, document, evaluation, ordinal of the section (-1 the goals of the evaluation), how often."""

GOALS = -1


def index(texts: Iterable[tuple[str, str | None, int, str]]) -> Iterator[Row]:
    """The words of texts given as document, evaluation, ordinal, text."""
    for document_id, evaluation_id, ordinal, text in texts:
        for word, count in sorted(Counter(words_of(text)).items()):
            yield word, document_id, evaluation_id, ordinal, count

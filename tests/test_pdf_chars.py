"""Characters by arrays: the same characters, and the same lines whether read by character or by drawn word."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.pdf.chars import Chars
from parsers.pdf.lines import drawn_words, group_lines, lines_of_page, lines_of_words
from parsers.pdf.shapes import Char

SIZE = 10.0
PIECES = st.lists(
    st.tuples(
        st.text("项目完成率12.5%ab ", min_size=1, max_size=6),
        st.integers(0, 12),
        st.integers(0, 3),
        st.booleans(),
    ),
    max_size=6,
)


def drawn(pieces: list[tuple[str, int, int, bool]]) -> list[Char]:
    """Characters of words at some places of a few lines, which may lie upon each other or be drawn twice as wide."""
    chars: list[Char] = []
    for run, (text, column, line, upright) in enumerate(pieces):
        x = 15.0 * column
        for one in text:
            width = SIZE if one > "\u2e7f" else SIZE / 2
            chars.append(Char(one, x, 12.0 * line, x + width, 12.0 * line + SIZE, SIZE, upright or run % 3 > 0, run))
            x += width
    return chars


@settings(max_examples=150, deadline=None)
@given(PIECES)
def test_words_make_the_same_lines_as_their_characters(pieces: list[tuple[str, int, int, bool]]) -> None:
    chars = drawn(pieces)
    words, _ = drawn_words(Chars.of(chars), np.zeros(len(chars), dtype=np.int64))
    boxes = [(line.text, line.x0, line.top, line.x1, line.bottom) for line in group_lines(chars)]
    read = lines_of_words(words, lambda: chars) if words else []
    assert [(line.text, line.x0, line.top, line.x1, line.bottom) for line in read] == boxes
    assert lines_of_page(Chars.of(chars)) == group_lines(chars)


@given(PIECES)
def test_characters_by_arrays_are_the_same_characters(pieces: list[tuple[str, int, int, bool]]) -> None:
    chars = drawn(pieces)
    arrays = Chars.of(chars)
    assert list(arrays) == chars and len(arrays) == len(chars)
    inked = [char for char in chars if not char.text.isspace()]
    assert list(arrays.take(arrays.ink)) == inked


def test_a_word_ends_at_a_gap_a_blank_and_the_side_of_a_cell() -> None:
    chars = drawn([("完成率", 0, 0, True), ("95 %", 3, 0, True)])
    words, starts = drawn_words(Chars.of(chars), np.array([0, 0, 1, 1, 1, 1, 1]))
    assert [word.text for word in words] == ["完成", "率", "95", " ", "%"]
    assert starts.tolist() == [0, 2, 3, 5, 6]

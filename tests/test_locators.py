"""Places are compared by what they say, whatever carrier they are in."""

from __future__ import annotations

import pytest

from schemas.locators import in_words, lies_among, read_locator


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("p3 table 2 row 5", "第3页 表2 第5行"),
        ("p1-2 table 1 row 19", "第1—2页 表1 第19行"),
        ("line 14-21", "第14—21行"),
        ("paragraph 7", "第7段"),
        ('表"项目1" B7', '表"项目1" B7'),
        ("somewhere", "somewhere"),
        (None, ""),
    ],
)
def test_places_in_words(locator: str | None, words: str) -> None:
    assert in_words(locator) == words


@pytest.mark.parametrize(
    ("problem", "rows", "among"),
    [
        ("line 20", ["line 12-13", "line 30"], True),
        ("line 31", ["line 12-13", "line 30"], False),
        ("table 1 row 4", ["table 2 row 1", "table 2 row 9"], False),
        ("table 2 row 4", ["table 2 row 1", "table 2 row 9"], True),
        ("table 2", ["table 2 row 3", "table 2 row 9"], True),
        ("table 3", ["table 2 row 3", "table 2 row 9"], False),
        ('表"甲" 第3行', ['表"甲" 第1行', '表"甲" 第9行'], True),
        ('表"乙" C3', ['表"甲" 第1行', '表"甲" 第9行'], False),
        ("paragraph 5", ["table 2 row 1"], True),
        (None, ["table 2 row 1"], True),
        ("table 2 row 1", [None], True),
    ],
)
def test_a_problem_concerns_the_form_around_it(problem: str | None, rows: list[str | None], among: bool) -> None:
    assert lies_among(problem, rows) is among


def test_the_line_a_row_begins_with_is_known() -> None:
    assert read_locator("line 118-120 row 3").lines == (118, 120)
    assert read_locator("p3 table 2 row 5").table == 2

"""White space between two numbers is a border, on one line or on two; a number that wraps within its cell is one."""

from __future__ import annotations

import pytest

from schemas.numerals import without_blanks


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("150\n46.30", "150 46.30"),
        ("9\n8", "9 8"),
        ("150 46.30", "150 46.30"),
        ("1 864.00", "1864.00"),
        ("1,485.\n63", "1,485.63"),
        ("≥95\n%", "≥95%"),
        ("12\n座", "12座"),
        ("2023\n年", "2023年"),
        ("清淤\n渠道", "清淤渠道"),
    ],
)
def test_white_space_parts_numbers_and_nothing_else(printed: str, text: str) -> None:
    assert without_blanks(printed) == text

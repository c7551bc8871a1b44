"""Dates and times as a spreadsheet shows them (日期与时间的显示)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from parsers.sheets.formatcode import FormatSection, FormatToken, sheet_words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_LONG_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SECONDS = {"h": 3600, "m": 60, "s": 1}


def show_date(section: FormatSection, moment: datetime, serial: Decimal) -> str:
    """`moment` under a date format; `serial` is the same in days, for elapsed time (`[h]:mm`)."""
    tokens = section.tokens
    has_half = any(token.kind == "half" for token in tokens)
    printed = []
    for index, token in enumerate(tokens):
        if token.kind == "half":
            printed.append(_half(token.text, moment))
        elif token.kind == "date":
            printed.append(_part(_spelt(tokens, index), moment, serial, has_half))
        else:
            printed.append(token.text)
    return "".join(printed)


def _spelt(tokens: Sequence[FormatToken], index: int) -> str:
    """The date letters at `index`, with minutes as `n`: an m after hours or before seconds is no month."""
    text = tokens[index].text
    if not text.startswith("m") or len(text) > 2:
        return text
    dates = [i for i, token in enumerate(tokens) if token.kind == "date"]
    at = dates.index(index)
    before = tokens[dates[at - 1]].text if at else ""
    after = tokens[dates[at + 1]].text if at + 1 < len(dates) else ""
    return "n" * len(text) if before.startswith(("h", "[h")) or after.startswith("s") else text


def _half(text: str, moment: datetime) -> str:
    morning, _, afternoon = text.partition("/")
    return morning if moment.hour < 12 else afternoon


def _part(letters: str, moment: datetime, serial: Decimal, twelve: bool) -> str:
    kind, width = letters[0], len(letters)
    if kind == "[":
        unit = letters[1]
        return str(int(serial * 86400 // _SECONDS[unit])).zfill(width - 2)
    if kind in "ye":
        return f"{moment.year % 100:02d}" if kind == "y" and width <= 2 else str(moment.year)
    if kind == "b":
        return str(moment.year + 543)
    if kind == "m":
        return _month(moment.month, width)
    if kind == "d":
        return _day(moment, width)
    if kind == "a":
        words = sheet_words()
        return (words.weekdays if width > 3 else words.short_weekdays)[moment.weekday()]
    if kind == "h":
        hour = (moment.hour - 1) % 12 + 1 if twelve else moment.hour
        return str(hour).zfill(min(width, 2))
    if kind == "n":
        return str(moment.minute).zfill(width)
    return _second(letters, moment)


def _month(month: int, width: int) -> str:
    if width <= 2:
        return str(month).zfill(width)
    return {3: _MONTHS[month - 1], 5: _MONTHS[month - 1][0]}.get(width, _LONG_MONTHS[month - 1])


def _day(moment: datetime, width: int) -> str:
    if width <= 2:
        return str(moment.day).zfill(width)
    return (_DAYS if width == 3 else _LONG_DAYS)[moment.weekday()]


def _second(letters: str, moment: datetime) -> str:
    whole, _, decimals = letters.partition(".")
    if not decimals:
        return str(moment.second).zfill(len(whole))
    exact = Decimal(moment.second) + Decimal(moment.microsecond) / 1_000_000
    shown = exact.quantize(Decimal(1).scaleb(-len(decimals)), rounding=ROUND_HALF_UP)
    return str(shown).zfill(len(whole) + 1 + len(decimals))

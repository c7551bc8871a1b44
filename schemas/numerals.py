"""Printed numbers, Arabic and Chinese, to exact decimals (数字的读法).

Everything works on folded text: `fold` maps each character to one character, so that a position in the folded text is
the same position in the printed one. No pattern here can backtrack further than a few characters, whatever the input.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from schemas.decimals import ONE, ZERO
from schemas.traditional import traditional

MAX_DIGITS = 24
"""A longer run of digits is no figure of a report, and would not fit the dataset's decimal columns."""


def _folding() -> dict[int, str]:
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for folded, printed in {
        " ": "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t\n\r\v\f\u200b\ufeff",
        "-": "−﹣‐‑‒–—―─",
        "~": "〜∼﹏˜",
        "%": "﹪٪",
        "≥": "≧⩾",
        "≤": "≦⩽",
        "=": "═﹦＝",
        "<": "﹤",
        ">": "﹥",
        "+": "﹢",
        "(": "︵",
        ")": "︶",
        "/": "⁄∕",
        "*": "×✕✖∗",
        "陆": "陸",
        "贰": "貳",
    }.items():
        table.update(dict.fromkeys(map(ord, printed), folded))
    return {**traditional(), **table}


_FOLDING = _folding()
_FOLDABLE = re.compile(f"[{re.escape(''.join(map(chr, _FOLDING)))}]")


def fold(text: str) -> str:
    """Full-width forms, dashes, blanks, signs and traditional characters in their plain form, one for one."""
    return text.translate(_FOLDING) if _FOLDABLE.search(text) else text


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number read from text, up to its unit (数).

    `value` and `step` (the worth of its last printed digit) include the trailing scale word (万, 百万, 亿 …);
    `coefficient` is the number before that word, None where several scales are mixed (60万8千).
    """

    value: Decimal
    step: Decimal
    coefficient: Decimal | None
    scale: str
    approximate: bool
    end: int

    @property
    def coefficient_step(self) -> Decimal:
        """The worth of the last digit of `coefficient`, without the scale word."""
        return self.step if not self.scale or not self.coefficient else self.step / _SCALES[self.scale]


ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})++(?![\d,])|\d++)(?:\.\d++)?+(?!\.?\d|,\d{3}(?!\d))", re.ASCII)
_CHINESE_DIGIT = {
    c: i
    for i, cs in enumerate(["零〇○", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for c in cs
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
CHINESE_CHARS = "".join([*_CHINESE_DIGIT, *_SMALL, *_LARGE]) + "点"
_CHINESE = re.compile(f"[{CHINESE_CHARS}]++")
_SCALE = re.compile(r" ?([十百千]?[万亿]{1,2}|[百千](?!分))")
_SCALES = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}


_WELL_FORMED = re.compile(r"(?:\d{1,3}(?:,\d{3})++|\d++)(?:\.\d++)?", re.ASCII)
_DIGIT_RUN = re.compile(r"[\d.,]+(?:\s+[\d.,]+)+", re.ASCII)


_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:\.\d{2})?", re.ASCII)
"""Thousands set apart by blanks (1 864.00); 12 100 may as well be two numbers."""
_SPACES = re.compile(r"[\s\u200b\ufeff]+")
_MARK = "\0"
_MARKED_RUN = re.compile(rf"[\d.,，．]+(?:{_MARK}[\d.,，．]+)+")
_BREAK = "\1"
_BREAK_IN_FIGURES = re.compile(r"(?<=\d)[^\S\n]*\n\s*(?=\d)")
_BROKEN_RUN = re.compile(rf"[\d.,，．]+(?:{_BREAK}[\d.,，．]+)+")
_BLANK_IN_LINE = re.compile(r"(?<=[\d.,，．])[ \t\u3000\xa0\u2002-\u200a\u202f]+(?=[\d.,，．])")


def separates_numbers(text: str) -> bool:
    """Whether a blank in folded `text` may stand between two numbers (148 46), and not inside one (1,46 3.50)."""
    return any(map(_is_several, _DIGIT_RUN.findall(text)))


def one_figure(text: str) -> str | None:
    """The text of a cell for one number; None where it is blank or holds two: which is meant nobody knows."""
    return None if not text or separates_numbers(fold(text)) else text


def _is_several(run: str) -> bool:
    if _THOUSANDS.fullmatch(run) and (run.count(" ") > 1 or "." in run):
        return False
    return all(_WELL_FORMED.fullmatch(piece) for piece in run.split())


def without_blanks(text: str) -> str:
    """`text` without white space, but for one blank between two numbers (150 46.30), on one line or on two.

    A number that wraps within its cell was joined by the reader, who sees how wide the cell is.
    """
    if not _SPACES.search(text):
        return text
    marked = _SPACES.sub("", _BLANK_IN_LINE.sub(_MARK, _BREAK_IN_FIGURES.sub(_BREAK, text)))
    marked = _BROKEN_RUN.sub(_broken, marked) if _BREAK in marked else marked
    return _MARKED_RUN.sub(_parted, marked) if _MARK in marked else marked


def _broken(run: re.Match[str]) -> str:
    pieces = run[0].split(_BREAK)
    return (" " if all(_WELL_FORMED.fullmatch(fold(piece)) for piece in pieces) else "").join(pieces)


def _parted(run: re.Match[str]) -> str:
    spaced = run[0].replace(_MARK, " ")
    return spaced if _is_several(fold(spaced)) else run[0].replace(_MARK, "")


def read_numeral(text: str, start: int = 0, approximate_marks: str = "余多几") -> Numeral | None:
    """The number that starts at `start` of folded `text`; None where none starts or it cannot be read for certain."""
    if start >= len(text):
        return None
    if text[start] in "0123456789":
        return _read_arabic(text, start, approximate_marks)
    return _read_chinese(text, start, approximate_marks)


def _read_arabic(text: str, start: int, marks: str) -> Numeral | None:
    """One number with an optional scale, or several with falling scales (60万8千, 1亿2000万)."""
    total, step, position, previous = ZERO, ONE, start, 10**13
    terms: list[tuple[Decimal, str]] = []
    approximate = False
    while True:
        match = ARABIC.match(text, position)
        number = exact(match[0]) if match else None
        if match is None or number is None:
            return None
        position = match.end()
        if text[position : position + 1] in marks and position < len(text):
            approximate, position = True, position + 1
        scale_match = _SCALE.match(text, position)
        scale = scale_match[1] if scale_match else ""
        if scale not in _SCALES and scale:
            return None
        worth = _SCALES.get(scale, 1)
        if terms and (worth >= previous or number * worth >= previous):
            return None
        terms.append((number, scale))
        total += number * worth
        step = digit_worth(match[0]) * worth
        position = scale_match.end() if scale_match else position
        if text[position : position + 1] in marks and position < len(text):
            approximate, position = True, position + 1
        if not scale or not _term_follows(text, position):
            break
        previous = worth
    if len(terms) > 1 and not terms[-1][1] and text[position : position + 1] not in ("元", "圆"):
        return None  # 6万5 means 65000 in speech and 60005 on paper
    single = len(terms) == 1
    return Numeral(total, step, terms[0][0] if single else None, terms[0][1] if single else "", approximate, position)


def _term_follows(text: str, position: int) -> bool:
    return text[position : position + 1].isdecimal()


def _read_chinese(text: str, start: int, marks: str) -> Numeral | None:
    match = _CHINESE.match(text, start)
    if match is None or match.end() - start > 2 * MAX_DIGITS:
        return None
    printed, position = match[0], match.end()
    if text[position : position + 1].isdecimal():
        return None
    value = chinese_number(printed)
    if value is None:
        return None
    approximate = False
    if text[position : position + 1] in marks and position < len(text):
        approximate, position = True, position + 1
        tail = _SCALE.match(text, position)
        if tail is not None:
            if printed[-1] in _LARGE or tail[1] not in _SCALES:
                return None
            worth = Decimal(_SCALES[tail[1]])
            return Numeral(value * worth, worth * 10, value, tail[1], True, tail.end())
    scale = printed[-1] if printed[-1] in _LARGE else ""
    coefficient = chinese_number(printed[:-1]) if scale else value
    if coefficient is None or coefficient * _LARGE.get(scale, 1) != value:
        coefficient, scale = None, ""
    whole, _, decimals = printed.rstrip("万亿").partition("点")
    step = Decimal(1).scaleb(-len(decimals)) * _LARGE.get(printed[-1], 1)
    return Numeral(value, step, coefficient, scale, approximate, position) if whole else None


def exact(printed: str) -> Decimal | None:
    """An Arabic number with or without thousands commas; None when it is too long to be a figure."""
    digits = printed.replace(",", "")
    return Decimal(digits) if len(digits) <= MAX_DIGITS else None


def digit_worth(printed: str) -> Decimal:
    """What the last printed digit is worth: 0.01 for 1,463.50 and 1 for 12."""
    return Decimal(1).scaleb(-len(printed.partition(".")[2]))


_PLAIN_DIGITS = str.maketrans({**{c: str(i) for c, i in _CHINESE_DIGIT.items()}, "O": "0", "o": "0"})


def plain_digits(printed: str) -> str:
    """Chinese digits one by one as Arabic ones, the letter O read as a zero: 二〇二二 → 2022."""
    return printed.translate(_PLAIN_DIGITS)


def chinese_number(printed: str) -> Decimal | None:
    """A Chinese numeral (一千二百三十四万五千六百, 壹佰, 二〇二二, 三点五); None when it is not well formed.

    Spoken short forms (一百五 for 150) are not well formed here, because on paper they may be a slip.
    """
    whole, dot, decimals = printed.partition("点")
    if dot:
        return _chinese_decimal(whole, decimals)
    for scale, worth in (("亿", 10**8), ("万", 10**4)):
        before, mark, after = whole.rpartition(scale)
        if mark:
            high = chinese_number(before)
            low = _below(after, worth) if after else ZERO
            return None if high is None or low is None or not _may_scale(before) else high * worth + low
    return _below_ten_thousand(whole)


def _may_scale(before: str) -> bool:
    """万 and 亿 follow a number written with its own small scales, not a bare run of digits."""
    return len(before) == 1 or any(c in _SMALL or c in _LARGE for c in before)


def _chinese_decimal(whole: str, decimals: str) -> Decimal | None:
    scale = decimals[-1:] if decimals[-1:] in _LARGE else ""
    digits = decimals[: len(decimals) - len(scale)]
    high = _below_ten_thousand(whole)
    if high is None or not digits or any(c not in _CHINESE_DIGIT for c in digits):
        return None
    fraction = Decimal("".join(str(_CHINESE_DIGIT[c]) for c in digits)).scaleb(-len(digits))
    return (high + fraction) * _LARGE.get(scale, 1)


def _below(printed: str, limit: int) -> Decimal | None:
    """What follows 万 or 亿: smaller than it, and with 零 or a scale of its own in front."""
    value = chinese_number(printed.lstrip("零〇○"))
    if value is None or value >= limit:
        return None
    return value if printed[0] in "零〇○" or any(c in _SMALL or c in _LARGE for c in printed) else None


def _below_ten_thousand(printed: str) -> Decimal | None:
    if not printed:
        return None
    if all(c in _CHINESE_DIGIT for c in printed):
        if 1 < len(printed) < 4 and not set(printed) & set("零〇○"):
            return None  # 三五 means three to five
        return Decimal("".join(str(_CHINESE_DIGIT[c]) for c in printed))
    total, digit, previous = 0, None, 10**4
    zero = False
    for index, c in enumerate(printed):
        if c in _SMALL:
            worth = _SMALL[c]
            bare_ten = worth == 10 and (index == 0 or zero)
            if worth >= previous or (digit is None and not bare_ten):
                return None
            total, digit, previous, zero = total + (1 if digit is None else digit) * worth, None, worth, False
        elif digit is not None or c not in _CHINESE_DIGIT:
            return None
        elif _CHINESE_DIGIT[c] == 0:
            zero = True
        else:
            digit = _CHINESE_DIGIT[c]
    if zero and digit is None:
        return None
    if digit is not None and not (zero or previous == 10):
        return None
    return Decimal(total + (digit or 0))

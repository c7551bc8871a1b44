"""Number formats of lists: 1 → 一, （一）, I, a, 甲, ① … (列表编号格式)."""

from __future__ import annotations

from collections.abc import Callable

_DIGITS = "〇一二三四五六七八九"
_LEGAL_SIMPLIFIED = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟", "万")
_LEGAL_TRADITIONAL = ("零壹貳參肆伍陸柒捌玖", "拾佰仟", "萬")
_LEGAL_JAPANESE = ("〇壱弐参四五六七八九", "拾百阡", "萬")
_COUNTING = ("零一二三四五六七八九", "十百千", "万")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_IDEOGRAPHS_IN_CIRCLES = "㊀㊁㊂㊃㊄㊅㊆㊇㊈㊉"
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_LARGEST_ROMAN = 3999
_LONGEST_LETTERS = 30


def format_number(number: int, style: str) -> str:
    """`number` as Word prints it in the number format `style` (w:numFmt); unknown formats print decimals."""
    formatter = _FORMATS.get(style)
    return str(number) if formatter is None or number < 0 else formatter(number)


def zero_padded(number: int, pattern: str) -> str:
    """`number` in a custom format such as "001, 002, 003, ..."."""
    first = pattern.split(",")[0].strip()
    return str(number).zfill(len(first)) if first.isdigit() else str(number)


def circled(number: int) -> str:
    """①, ②, … ㊿; other numbers stay bare."""
    for first, last, start in ((1, 20, 0x2460), (21, 35, 0x3251), (36, 50, 0x32B1)):
        if first <= number <= last:
            return chr(start + number - first)
    return str(number)


def _digit_by_digit(number: int, zero: str = "〇") -> str:
    return "".join(_DIGITS[int(d)] for d in str(number)).replace("〇", zero)


def _counted(number: int, words: tuple[str, str, str], bare_ten: bool, zeros: bool = True) -> str:
    """A number below 10⁸ with place words; `bare_ten`: 10 is 十 and not 一十; `zeros`: 101 is 一百零一."""
    digits, places, ten_thousand = words
    if number == 0:
        return digits[0]
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        gap = digits[0] if zeros and 0 < low < 1000 else ""
        rest = _counted(low, words, False, zeros) if low else ""
        return _counted(high, words, bare_ten, zeros) + ten_thousand + gap + rest
    text, pending_zero = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit == 0:
            pending_zero = bool(text)
            continue
        text += digits[0] if pending_zero and zeros else ""
        text += digits[digit] + (places[place - 1] if place else "")
        pending_zero = False
    return text[1:] if bare_ten and text.startswith(digits[1] + places[0]) else text


def _japanese(number: int) -> str:
    # 百 and 千 stand without 一, and there is no 零 between places.
    digits, places, _ = _COUNTING
    text = _counted(number, _COUNTING, True, zeros=False)
    for place in places:
        text = text.replace(digits[1] + place, place)
    return text


def _roman(number: int) -> str:
    if not 0 < number <= _LARGEST_ROMAN:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        count, number = divmod(number, value)
        text += letters * count
    return text


def _letter(number: int) -> str:
    """A … Z, then AA, BB, … as Word does."""
    repeat, index = divmod(number - 1, 26)
    return chr(65 + index) * (repeat + 1) if number > 0 and repeat < _LONGEST_LETTERS else str(number)


def _cycle(characters: str) -> Callable[[int], str]:
    return lambda number: characters[number - 1] if 0 < number <= len(characters) else str(number)


def _from(first: int, count: int) -> Callable[[int], str]:
    return lambda number: chr(first + number - 1) if 0 < number <= count else str(number)


def _chinese_counting(number: int) -> str:
    return _counted(number, _COUNTING, True) if number < 100 else _digit_by_digit(number, "○")


def _sexagenary(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if 0 < number <= 60 else str(number)


def _english_ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _full_width(number: int) -> str:
    return "".join(chr(ord(d) + 0xFEE0) for d in str(number))


_FORMATS: dict[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _full_width,
    "decimalFullWidth2": _full_width,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "decimalEnclosedFullstop": _from(0x2488, 20),
    "decimalEnclosedParen": _from(0x2474, 20),
    "numberInDash": lambda number: f"- {number} -",
    "ordinal": _english_ordinal,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _letter,
    "lowerLetter": lambda number: _letter(number).lower(),
    "chineseCounting": _chinese_counting,
    "taiwaneseCounting": _chinese_counting,
    "chineseCountingThousand": lambda number: _counted(number, _COUNTING, True),
    "taiwaneseCountingThousand": lambda number: _counted(number, _COUNTING, True),
    "chineseLegalSimplified": lambda number: _counted(number, _LEGAL_SIMPLIFIED, False),
    "ideographLegalTraditional": lambda number: _counted(number, _LEGAL_TRADITIONAL, False),
    "japaneseLegal": lambda number: _counted(number, _LEGAL_JAPANESE, False, zeros=False),
    "japaneseCounting": _japanese,
    "koreanCounting": _japanese,
    "ideographDigital": _digit_by_digit,
    "japaneseDigitalTenThousand": _digit_by_digit,
    "taiwaneseDigital": lambda number: _digit_by_digit(number, "○"),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographZodiacTraditional": _sexagenary,
    "ideographEnclosedCircle": _cycle(_IDEOGRAPHS_IN_CIRCLES),
}

"""What a spreadsheet shows for a value under its number format (单元格显示值).

What is shown is what was printed: 0.985 under `0.0%` is 98.5%. Numbers are rounded half away from zero on their 15
significant digits, as Excel and WPS do.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from parsers.sheets.dates import show_date
from parsers.sheets.formatcode import GENERAL, FormatSection, FormatToken, parse, sheet_words

_GENERAL_DIGITS = 11
"""Most characters `General` shows, the decimal point among them."""
_PRECISION = 15

EPOCH_1900 = datetime(1899, 12, 30)
EPOCH_1904 = datetime(1904, 1, 1)
_LAST_DATE = 2958466  # 10000-01-01


def shown_text(text: str, code: str) -> str:
    """What is shown for a text value."""
    if code in ("", GENERAL, "@"):
        return text
    section = next((section for section in parse(code) if section.shows_text), None)
    if section is None:
        return text
    return "".join(text if token.kind == "text" else token.text for token in section.tokens)


def shown_number(value: float, code: str, epoch: datetime = EPOCH_1900) -> str:
    """What is shown for a number; one that its date format cannot show is shown as `General`."""
    exact = _exact(value)
    section, magnitude, sign = _choose(parse(code), exact)
    if not section.tokens:
        return ""
    if section.is_date:
        moment = _moment(value, epoch)
        return general(exact) if moment is None else _in_chinese(show_date(section, moment, exact), section)
    return _in_chinese(sign + _show(section.tokens, magnitude), section)


def general(value: Decimal) -> str:
    """A number as `General` shows it: at most eleven characters, exponents for what does not fit."""
    if value == 0:
        return "0"
    size = value.adjusted()
    if size >= _GENERAL_DIGITS or size < -9:
        mantissa, _, exponent = f"{value:.5E}".partition("E")
        mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
        return f"{mantissa}E{exponent[0]}{exponent[1:].zfill(2)}"
    places = max(0, _GENERAL_DIGITS - 2 - max(size, 0))
    text = f"{_rounded(value, places):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exact(value: float) -> Decimal:
    """The number as a person sees it: 15 significant digits, not the binary fraction."""
    return Decimal(f"{value:.{_PRECISION}g}")


def _rounded(value: Decimal, places: int) -> Decimal:
    try:
        return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:  # more digits than the context holds: there is nothing to round then
        return value


def _choose(sections: Sequence[FormatSection], value: Decimal) -> tuple[FormatSection, Decimal, str]:
    """The section for a value, the number to show in it, and the minus sign it does not write itself."""
    numeric = [section for section in sections if not section.shows_text] or list(sections[:1])
    if any(section.condition for section in numeric):
        chosen = next((s for s in numeric if s.condition is None or s.condition(value)), numeric[-1])
        return chosen, abs(value), "-" if value < 0 else ""
    if value < 0 and len(numeric) > 1:
        return numeric[1], abs(value), ""
    if value == 0 and len(numeric) > 2:
        return numeric[2], value, ""
    first = numeric[0]
    return first, abs(value), "-" if value < 0 else ""


def _moment(value: float, epoch: datetime) -> datetime | None:
    if not 0 <= value < _LAST_DATE:
        return None
    if epoch == EPOCH_1900 and value < 60:
        value += 1  # Excel counts a 29 February 1900 that never was
    # To the millisecond: 0.1 day is not exact in binary.
    return epoch + timedelta(milliseconds=round(value * 86_400_000))


def _show(tokens: Sequence[FormatToken], value: Decimal) -> str:
    kinds = [token.kind for token in tokens]
    if "general" in kinds:
        return "".join(general(value) if token.kind == "general" else token.text for token in tokens)
    if "text" in kinds and "digit" not in kinds:
        return "".join(general(value) if token.kind == "text" else token.text for token in tokens)
    if "digit" not in kinds:
        return "".join(token.text for token in tokens)
    if "slash" in kinds:
        return _fraction(tokens, value)
    if "exponent" in kinds:
        return _scientific(tokens, value)
    return _plain(tokens, value)


def _plain(tokens: Sequence[FormatToken], value: Decimal) -> str:
    last = max(i for i, token in enumerate(tokens) if token.kind == "digit")
    point = next((i for i, token in enumerate(tokens) if token.kind == "point"), None)
    whole_end = point if point is not None else last + 1
    whole = [i for i, token in enumerate(tokens[:whole_end]) if token.kind == "digit"]
    decimals = [i for i, token in enumerate(tokens) if token.kind == "digit" and point is not None and i > point]
    thousands = any(tokens[i].kind == "comma" for i in range(whole[0] if whole else 0, whole[-1] if whole else 0))
    thousandfold = sum(token.kind == "comma" for token in tokens[last + 1 :])
    if point is not None and whole:
        thousandfold += sum(token.kind == "comma" for token in tokens[whole[-1] + 1 : point])
    value = value.scaleb(2 * sum(token.kind == "percent" for token in tokens) - 3 * thousandfold)
    digits, _, fraction = f"{_rounded(value, len(decimals)):f}".partition(".")
    filled = _fill_whole(tokens, whole, digits, thousands) | _fill_decimals(tokens, decimals, fraction)
    if not whole and point is not None and digits.strip("0"):
        filled[point] = digits + "."
    return "".join(
        filled.get(i, "" if token.kind in ("digit", "comma") else token.text) for i, token in enumerate(tokens)
    )


def _fill_whole(tokens: Sequence[FormatToken], places: Sequence[int], digits: str, thousands: bool) -> dict[int, str]:
    """The digits before the decimal point, put into their places from the right."""
    digits = digits.lstrip("0")
    filled: dict[int, str] = {}
    for count, place in enumerate(reversed(places)):
        at = len(digits) - 1 - count
        is_first = place == places[0]
        if at >= 0:
            chunk = digits[: at + 1] if is_first else digits[at]
        else:
            chunk = {"0": "0", "?": " "}.get(tokens[place].text, "")
        filled[place] = _grouped(chunk, count) if thousands else chunk
    return filled


def _grouped(chunk: str, behind: int) -> str:
    """Digits with `behind` more to their right, with thousands commas."""
    text = ""
    for offset, digit in enumerate(reversed(chunk)):
        position = behind + offset
        text = digit + ("," if position and position % 3 == 0 and digit != " " else "") + text
    return text


def _fill_decimals(tokens: Sequence[FormatToken], places: Sequence[int], fraction: str) -> dict[int, str]:
    filled: dict[int, str] = {}
    needed = len(fraction.rstrip("0"))
    for count, place in enumerate(places):
        kind = tokens[place].text
        if count < needed or kind == "0":
            filled[place] = fraction[count] if count < len(fraction) else "0"
        else:
            filled[place] = " " if kind == "?" else ""
    return filled


def _scientific(tokens: Sequence[FormatToken], value: Decimal) -> str:
    at = next(i for i, token in enumerate(tokens) if token.kind == "exponent")
    mantissa, power = tokens[:at], tokens[at + 1 :]
    whole = sum(token.kind == "digit" for token in mantissa[: _index(mantissa, "point")])
    size = value.adjusted() if value else 0
    exponent = (size // whole) * whole if whole else size
    width = sum(token.kind == "digit" for token in power)
    sign = "-" if exponent < 0 else ("+" if tokens[at].text.endswith("+") else "")
    return f"{_plain(mantissa, value.scaleb(-exponent))}E{sign}{str(abs(exponent)).zfill(width)}"


def _index(tokens: Sequence[FormatToken], kind: str) -> int:
    return next((i for i, token in enumerate(tokens) if token.kind == kind), len(tokens))


def _fraction(tokens: Sequence[FormatToken], value: Decimal) -> str:
    below = tokens[_index(tokens, "slash") + 1 :]
    width = max(1, sum(token.kind == "digit" for token in below))
    whole = int(value)
    part = Fraction(value - whole).limit_denominator(10**width - 1)
    if part == 0:
        return str(whole)
    return f"{whole} {part.numerator}/{part.denominator}" if whole else f"{part.numerator}/{part.denominator}"


def _in_chinese(text: str, section: FormatSection) -> str:
    if section.chinese is None:
        return text
    return text.translate(str.maketrans("0123456789", sheet_words().digits[section.chinese]))

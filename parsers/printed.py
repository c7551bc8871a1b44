"""Text as it is printed, whatever format it comes from (印出的文字)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from schemas.vocabulary import pattern, words

_INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
"""Controls, soft hyphens, zero-width blanks, direction marks: nothing is printed for them inside a line."""

_SUPERSCRIPT = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_SUBSCRIPT = str.maketrans("0123456789+-−", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_NOT_RAISED = re.compile(r"[^0-9+\-−]")


def clean_lines(text: str) -> str:
    """Lines without outer white space, without invisible characters; empty lines fall away."""
    if "\n" not in text:
        return _INVISIBLE.sub("", text).strip()
    lines = (line.strip() for line in _INVISIBLE.sub("", text).split("\n"))
    return "\n".join(line for line in lines if line)


_LATIN = re.compile(r"[A-Za-z]")


def joined_text(first: str, second: str) -> str:
    """Two lines of one paragraph: only Latin words need a blank between them."""
    return first + (" " if _LATIN.match(first[-1:]) and _LATIN.match(second) else "") + second


_SHORTEST_PROSE = 15
_HAN = re.compile(r"[\u4e00-\u9fff]")
_OPEN_NUMBER = re.compile(r"\d[,，.．]$|(?<![\d.,，])\d{1,3}[,，]\d{1,2}$|\d\.\d*$")
_OPEN_BEHIND_WORD = (
    (re.compile(r"[\u4e00-\u9fff]\d{1,3}(?:[,，]\d{3})*[,，]$"), pattern("rest_of_thousands")),
    (re.compile(r"[\u4e00-\u9fff]\d{1,3}(?:[,，]?\d{3})*[.．]$"), pattern("rest_of_decimals")),
)
"""A number that breaks off behind its word, and its rest with its unit: one number, however short the line."""
_GROUP = re.compile(r"\s*\d")
_REST_OF_NUMBER = re.compile(r"[,，]\d{3}(?!\d)|[.．]\d")
_AMOUNT = pattern("amount_at_start")
_UNIT = pattern("unit_at_start")
_SCALE = pattern("scale_at_end")


def cut_in_number(above: str, below: str) -> bool:
    """Whether a line of a sentence breaks off inside a number: `12,` before `345.60万元` is one figure, never two.

    So it does at a comma or point, in a group of three digits, before its unit or within it, and where digits stand
    before digits with their unit.
    """
    if any(begin.search(above) and rest.match(below.lstrip()) for begin, rest in _OPEN_BEHIND_WORD):
        return True
    if len(above) < _SHORTEST_PROSE or not _HAN.search(above):
        return False
    if _OPEN_NUMBER.search(above) and _GROUP.match(below):
        return True
    if above[-1].isdecimal():
        return any(rest.match(below) for rest in (_REST_OF_NUMBER, _AMOUNT, _UNIT))
    return _SCALE.search(above) is not None and _UNIT.match(below) is not None


def columns_of(line: str) -> int:
    """How many columns a line takes in a fixed width; a Han character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def superscript(text: str) -> str:
    """`text` set raised: digits and signs as raised ones (m²), anything else as it is."""
    return text if _NOT_RAISED.search(text) else text.translate(_SUPERSCRIPT)


def subscript(text: str) -> str:
    """`text` set lowered: digits and signs as lowered ones, anything else as it is."""
    return text if _NOT_RAISED.search(text) else text.translate(_SUBSCRIPT)


_NOTE_MARK = re.compile(r"\s*[\[(（〔【]?\s*(?:\d{1,2}|[①-⑳*※])(?:\s*[,，、]\s*\d{1,2})*\s*[\])）〕】]?\s*")
_LETTER_MARK = re.compile(r"[a-h]")
_NO_POWER = frozenset("01")


def raised(before: str, text: str) -> tuple[str, str]:
    """What is kept of `text` set raised behind `before`, and what is the mark of a note (上标).

    A power of a measure or of ten stays, in raised characters (m², 10⁴), so that no digits run together; behind a
    figure or a word a raised number is a note's, and no part of it.
    """
    behind = before.rstrip()
    last = behind[-1:]
    if last.isdecimal() and _LETTER_MARK.fullmatch(text):
        return "", text
    if not _NOTE_MARK.fullmatch(text) or not behind:
        return superscript(text), ""
    of_ten = behind.endswith("10") and not behind[:-2].endswith(tuple("0123456789.")) and text not in _NO_POWER
    if text.isdecimal() and (of_ten or last in words("measure_of_power") or is_letter(last)):
        return superscript(text), ""
    return "", text


@dataclass(slots=True)
class SeenText:
    """The text of runs as a reader takes it (文字的外观).

    `left_out` is what is struck out, and the marks of notes, with the code of the reason.
    """

    parts: list[str] = field(default_factory=list)
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts)

    def add(self, text: str, *, is_struck: bool = False, is_raised: bool = False, is_lowered: bool = False) -> None:
        if is_struck:
            self.left_out.append(("struck", text))
        elif is_raised:
            kept, mark = raised(self.text, text)
            self.parts.append(kept)
            if mark:
                self.left_out.append(("note_mark", mark))
        else:
            self.parts.append(subscript(text) if is_lowered else text)


def is_letter(char: str) -> bool:
    """Whether a character is a Latin or Greek letter: the sign of a measure or of a quantity."""
    return char.isalpha() and not "\u2e80" <= char <= "\uffef"

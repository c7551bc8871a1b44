"""What a character code stands for on paper (字符规范化).

PDF text layers name some glyphs by codes that look the same but are other characters, or none at all. Only such
codes are replaced; full-width forms, superscripts and everything else stay as printed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RADICALS = dict(
    zip(
        "⺁⺇⺊⺍⺎⺒⺖⺘⺙⺝⺟⺠⺡⺣⺤⺨⺩⺫⺭⺮⺲⺶⺷⺹⺻⺼⺾⺿⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻏⻐⻑⻒⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "厂几卜小兀巳忄扌攵月母民氵灬爫犭王罒礻竹罒羊羊耂聿月艹艹虎衤覀西见角讠贝车辶辶阝钅長镸长门阜阝雨青韦页风飞食饣马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)
"""CJK radicals supplement: NFKC knows only two of them, yet fonts that share the glyph report them for the word."""

_SYMBOL_FONT = {
    0xA3: "≤", 0xB3: "≥", 0xB1: "±", 0xB4: "×", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈", 0xA5: "∞", 0xB0: "°", 0xB7: "•",
    0xA2: "′", 0xB2: "″", 0xD7: "⋅", 0xAE: "→", 0xAC: "←", 0xAD: "↑", 0xAF: "↓", 0x6D: "μ", 0x53: "Σ", 0x44: "Δ",
    0xE5: "∑", 0xD6: "√",
}  # fmt: skip
_WINGDINGS = {
    0xA8: "□", 0x6F: "□", 0x71: "□", 0x72: "□", 0xFE: "☑", 0xFC: "√", 0xFB: "×", 0xFD: "☒", 0x6C: "●", 0x6E: "■",
    0x75: "◆", 0xA1: "○", 0x77: "◆", 0xD8: "➢", 0xE0: "→", 0xDF: "←",
}  # fmt: skip
_WINGDINGS2 = {0x50: "√", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x4F: "×", 0xA3: "□", 0x2A: "□", 0x97: "●"}
_FONTS = (
    ("wingdings2", _WINGDINGS2),
    ("wingdings 2", _WINGDINGS2),
    ("wingdings", _WINGDINGS),
    ("symbol", _SYMBOL_FONT),
)

_SINGLE = {
    "\u00a0": " ", "\u2000": " ", "\u2001": " ", "\u2002": " ", "\u2003": " ", "\u2009": " ", "\u202f": " ",
    "\u0002": "-", "\ufffe": "-", "\u00ad": "-",  # PDFium's and Unicode's hyphens of a line end: drawn, so printed
    "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "", "\x00": "",
}  # fmt: skip


_REPLACED = re.compile("[\0-\x1f\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f" + "".join(_SINGLE) + "]")
"""The codes that `printed` looks at."""


def are_plain(codes: str) -> bool:
    """Whether all codes stand for themselves on paper."""
    return _REPLACED.search(codes) is None


@lru_cache(maxsize=30_000)
def printed(code: int) -> str:
    """The character a code stands for on paper, "" for codes that leave no ink."""
    char = chr(code)
    if "\u2e80" <= char <= "\u2fd5":
        return _RADICALS.get(char) or unicodedata.normalize("NFKC", char)
    if "\uf900" <= char <= "\ufaff" or 0x2F800 <= code <= 0x2FA1F:
        return unicodedata.normalize("NFKC", char)
    if char in _SINGLE:
        return _SINGLE[char]
    return char if code >= 0x20 else ""


_PRIVATE = re.compile("[\ue000-\uf8ff\ufffd\U000f0000-\U0010ffff]")


def private_codes(text: str) -> int:
    """How many codes have no public meaning (private use, replacement): only the font knows what they draw."""
    return len(_PRIVATE.findall(text))


def symbol_table(font_name: str) -> dict[int, str] | None:
    """For a symbol font: public characters by their code in it; None for any other font."""
    name = font_name.lower()
    return next((table for part, table in _FONTS if part in name), None)


def from_symbol_font(code: int, table: dict[int, str]) -> str | None:
    """The public character drawn for `code`, plain or in the U+F000 block, None if not known."""
    return table.get(code & 0xFF if 0xF000 <= code <= 0xF0FF else code)
